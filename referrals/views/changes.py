"""The change list: what changed about people, which plans, matches and visits it touches, and who has looked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.dates import day_bounds, london_moment, london_today
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from referrals.actions.changes import mark_change
from referrals.forms.changes import LOOK, ChangeFilter
from referrals.queries import changes as queries
from referrals.queries.changes import Change, Seen, Touch
from referrals.views.words import day, moment

# The evening before, when the last shift of yesterday began.
EVENING = time(18, 0)
# What nobody has looked at is kept this long in the tile and its list.
DAYS_TO_LOOK = timedelta(days=7)
MOST_PRINTED = 500


def look_since(today: date) -> datetime:
    """From when on changes that nobody has looked at are counted."""
    return day_bounds(today - DAYS_TO_LOOK)[0]


@require_safe
@requires(P.CHANGES_VIEW)
def changes(request: StaffRequest) -> HttpResponse:
    """Changes since yesterday evening, or since a chosen day, newest first."""
    today = london_today(timezone.now())
    form = ChangeFilter(request.GET)
    rows, since = _asked(request, form, today)
    page = page_of(rows, request)
    found = queries.with_touches(request.prison, page.object_list, today)
    viewed(by=request.actor, prison=request.prison.code, subject=request.prison, list="changes", rows=len(found))
    return render(request, "referrals/change_list.html", {
        **_context(request, found, since, form),
        "page": page,
        "noun": "changes",
        "filter_form": form,
        "print_href": _address(request, "referrals:changes_print"),
    })  # fmt: skip


@require_safe
@requires(P.CHANGES_VIEW)
def changes_print(request: StaffRequest) -> HttpResponse:
    """The same on paper, whole."""
    now = timezone.now()
    form = ChangeFilter(request.GET)
    rows, since = _asked(request, form, london_today(now))
    found = queries.with_touches(request.prison, rows[:MOST_PRINTED], london_today(now))
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, page="changes")
    return render(request, "referrals/change_paper.html", {
        **_context(request, found, since, form),
        "paper": True,
        "printed_by": request.user.name,
        "printed_at": now,
        "back_href": _address(request, "referrals:changes"),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CHANGES_MARK)
def change(request: StaffRequest, what: str, token: str) -> HttpResponse:
    """One change and what it touches; the reader says that they have looked at it."""
    now = timezone.now()
    today = london_today(now)
    since = day_bounds(today - timedelta(days=31))[0]
    rows = queries.one_change(request.prison, what, token, since, _seen(request))
    found = queries.with_touches(request.prison, rows, today)
    if not found:
        raise Http404("no such change")
    shown = found[0]
    form = ConfirmForm(request.POST or None, label="I have looked at it")
    back = reverse("referrals:changes", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        mark_change(by=request.actor, now=now, prison=request.prison, fact=f"{what}:{token}", person_id=shown.person.pk)
        messages.success(request, "It is recorded that you have looked at it.")
        return redirect(f"{back}?show={LOOK}")
    form.cancel_url = back
    summary: list[dict[str, Any]] = [
        {"key": "Person", "value": f"{shown.person.full_name}, {shown.person.prison_number}"},
        {"key": "What changed", "value": shown.words},
        {"key": "When", "value": moment(shown.at)},
        *({"key": "Touches", "value": t.words, "href": _href(request, t), "action": "Open"} for t in shown.touches),
    ]
    if shown.looked_by:
        summary.append({"key": "Looked at by", "value": shown.looked_by})
    return render(request, "components/form_page.html", {
        "title": "A change to look at",
        "form": form,
        "rows": summary,
        "crumbs": [{"text": "What has changed", "href": back}],
    })  # fmt: skip


def _asked(request: StaffRequest, form: ChangeFilter, today: date) -> tuple[Any, datetime]:
    chosen, look = form.answers.get("since"), form.answers.get("show") == LOOK
    if chosen is not None:
        since = day_bounds(chosen)[0]
    else:
        since = look_since(today) if look else london_moment(today - timedelta(days=1), EVENING)
    return queries.changes_since(request.prison, since, _seen(request), to_look_at=look), since


def _seen(request: StaffRequest) -> Seen:
    return Seen(alerts=may(request, P.ALERTS_VIEW), keep_apart=may(request, P.KEEP_APART_VIEW))


def _context(request: StaffRequest, found: list[Change], since: datetime, form: ChangeFilter) -> dict[str, Any]:
    look = form.answers.get("show") == LOOK
    mark = may(request, P.CHANGES_MARK)
    lines = [
        {
            "change": one,
            "when": moment(one.at),
            "person_href": reverse("schemes:person", args=[request.prison.code, one.person.token]),
            "touches": [{"words": touch.words, "href": _href(request, touch)} for touch in one.touches],
            "look_href": reverse("referrals:change", args=[request.prison.code, one.what, one.token])
            if mark and one.touches and not one.looked_by
            else "",
        }
        for one in found
    ]
    return {
        "title": "What has changed",
        "since": f"{'To look at, s' if look else 'S'}ince {moment(since) if not look else day(london_today(since))}",
        "lines": lines,
        # The tile's test counts these rows, as it does on every list.
        "table": Table(
            caption="Newest first",
            first="Person",
            rows=[Row(text=one.person.list_name, tag=_tag(one)) for one in found],
        ),
        "empty": "Nothing has changed that anybody has to look at." if look else "Nothing has changed since then.",
    }


def _tag(one: Change) -> Tag | None:
    return Tag(text="Looked at", colour="grey") if one.looked_by else None


def _href(request: StaffRequest, touch: Touch) -> str:
    code = request.prison.code
    if touch.kind == "plan":
        return reverse("referrals:plan", args=[code, touch.token]) if may(request, P.PLAN_VIEW) else ""
    if touch.kind == "match":
        return reverse("referrals:match", args=[code, touch.token]) if may(request, P.MATCH_VIEW) else ""
    return reverse("referrals:unlock_list", args=[code]) if may(request, P.UNLOCK_LIST_VIEW) else ""


def _address(request: StaffRequest, name: str) -> str:
    query = request.GET.urlencode()
    return reverse(name, args=[request.prison.code]) + (f"?{query}" if query else "")
