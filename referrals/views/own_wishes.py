"""What people who are helped said at the terminal: for the lead, and for nobody who helps them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.actions.own_wishes import look_at_wish
from referrals.forms.own_wishes import WAITING, WishFilter
from referrals.models import OwnWish
from referrals.queries import own_wishes as queries
from referrals.queries.places import place_of
from referrals.queries.unlock import tasks_in_words
from referrals.rules import own_wishes as rules
from referrals.views.words import identity, moment

Kind = OwnWish.Kind
NEXT: dict[str, str] = {
    Kind.GOING: "Talk with the person where it does not go well. Their buddy is not told what they said.",
    Kind.STOP: "It has stopped already, also for later today. Ask the person in private whether they want other help.",
    Kind.CHANGE: "Talk with the person in private about what can be changed.",
}


@require_safe
@requires(P.OWN_WISH_VIEW)
def own_wishes(request: StaffRequest) -> HttpResponse:
    """What was said, those nobody has looked at first."""
    filter_form = WishFilter(request.GET)
    answers = filter_form.answers
    found = queries.to_look_at(request.prison) if answers.get("show") == WAITING else queries.wishes_of(request.prison)
    if "kind" in answers:
        found = found.filter(kind=answers["kind"])
    page = page_of(found, request)
    table = Table(
        caption="To look at first, the longest wait on top",
        first="Person",
        columns=["Place", "What", "When"],
        rows=[
            Row(
                text=wish.person.list_name,
                href=reverse("referrals:own_wish", args=[request.prison.code, wish.token]),
                hidden=f", {wish.get_kind_display().lower()}",
                note=wish.person.prison_number,
                cells=[place_of(wish), Cell(text=wish.get_kind_display(), note=short(wish)), moment(wish.said_at)],
                tag=_tag(wish),
            )
            for wish in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "What people say about their help", "page": page, "table": table, "noun": "people",
        "filter_form": filter_form,
        "lead": "Said at the terminal, in private. Nobody who helps them sees it.",
        "empty": "Nobody has said anything about their help.",
    })  # fmt: skip


def short(wish: OwnWish) -> str:
    """The answers in a few words; what was stopped is on the page."""
    said = [wish.get_came_display(), wish.get_feels_display(), wish.get_change_display()]
    return ", ".join(str(words) for words in said if words)


def _tag(wish: OwnWish) -> Tag:
    return Tag(text="Looked at", colour="green") if wish.seen_at else Tag(text="To look at", colour="yellow")


@require_http_methods(["GET", "POST"])
@requires(P.OWN_WISH_VIEW)
def own_wish(request: StaffRequest, token: str) -> HttpResponse:
    """One of them, and that somebody looked at it."""
    found: OwnWish = get_object_or_404(queries.wishes_of(request.prison), token=token)
    back = reverse("referrals:own_wishes", args=[request.prison.code])
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="I have looked at this")
    if request.method == "POST" and form.is_valid():
        try:
            look_at_wish(by=request.actor, now=timezone.now(), wish=found)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Recorded that you have looked at it.")
            return redirect(back)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    form.cancel_url = back
    return render(request, "referrals/own_wish_page.html", {
        "title": found.get_kind_display(),
        "who": identity(request, found.person),
        "rows": _rows(found),
        "next": NEXT[found.kind],
        "form": form if rules.can_look(found) or form.errors else None,
        "plan_url": reverse("referrals:plan", args=[request.prison.code, found.plan.token]),
        "crumbs": [{"text": "What people say about their help", "href": back}],
    })  # fmt: skip


def _rows(wish: OwnWish) -> list[dict[str, str]]:
    rows = {
        "Does the help come": wish.get_came_display(),
        "How they feel": wish.get_feels_display(),
        "Stopped": ", ".join(task.name for task in tasks_in_words(wish.tasks)),
        "Wants changed": wish.get_change_display(),
        "Said": moment(wish.said_at),
        "Looked at": f"{wish.seen_by.name}, {moment(wish.seen_at)}" if wish.seen_by is not None else "",
    }
    return [{"key": key, "value": str(value)} for key, value in rows.items() if value]
