"""What a person needs: said by whom, confirmed or not, added, ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from referrals.actions import needs as actions
from referrals.forms.needs import AddNeedForm, EndNeedForm
from referrals.models import Need
from referrals.queries.needs import needs_noted
from referrals.rules.needs import can_confirm
from referrals.views.words import day, form_about, identity, moment
from schemes.models import Person
from schemes.queries.people import people_ever_of, people_of


@require_safe
@requires(P.NEED_VIEW)
def person_needs(request: StaffRequest, token: str) -> HttpResponse:
    """One person's needs, running ones first: what was said beside what is confirmed."""
    person = get_object_or_404(people_ever_of(request.prison), token=token)
    viewed(by=request.actor, prison=request.prison.code, subject=person, person_id=person.pk)
    page = page_of(needs_noted(request.prison, person), request)
    table = Table(
        caption="Needs, running ones first",
        first="Help with",
        columns=["Who says so", "How known", "Since"],
        rows=[_row(request, need) for need in page],
    )
    context: dict[str, Any] = {
        "title": "Needs of one person", "lead": f"Needs of {person.full_name}", "page": page, "table": table,
        "noun": "needs", "empty": "No need of this person is recorded.", "crumbs": _crumbs(request, person),
    }  # fmt: skip
    if may(request, P.NEED_EDIT):
        context["action_href"] = reverse("referrals:need_add", args=[request.prison.code, person.token])
        context["action_text"] = "Add a need"
    return render(request, "components/list_page.html", context)


def _row(request: StaffRequest, need: Need) -> Row:
    return Row(
        text=need.get_category_display(),
        href=reverse("referrals:need", args=[request.prison.code, need.token]),
        hidden=f"need, from {need.get_source_display().lower()}",
        cells=[
            need.get_source_display(),
            "Said by the person" if need.source in Need.SELF_DECLARED else "Reported",
            day(need.noted_on),
        ],
        tag=_tag(need),
    )


def _tag(need: Need) -> Tag:
    if need.ended_at is not None:
        return Tag(text="Ended", colour="grey")
    if need.confirmed_at is not None:
        return Tag(text="Confirmed", colour="green")
    return Tag(text="Not confirmed", colour="yellow")


@require_safe
@requires(P.NEED_VIEW)
def need(request: StaffRequest, token: str) -> HttpResponse:
    """One need: from whom, since when, who confirmed it."""
    found = _load(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    noted = found.noted_by.name if found.noted_by is not None else "The person, at a terminal"
    rows = [
        {"key": "Help with", "value": found.get_category_display()},
        {"key": "Who says so", "value": found.get_source_display()},
        {"key": "In their words", "value": found.words},
        {"key": "Recorded by", "value": f"{noted}, {moment(found.noted_at)}"},
        {"key": "Confirmed", "value": _by(found.confirmed_by, found.confirmed_on) or "Not yet"},
    ]
    if found.referral is not None and may(request, P.REFERRAL_VIEW):
        rows.insert(
            3,
            {
                "key": "Said in",
                "value": f"Referral {found.referral.reference}",
                "href": reverse("referrals:referral", args=[request.prison.code, found.referral.token]),
                "action": "Open",
                "hidden": "the referral",
            },
        )
    if found.ended_by is not None:
        rows.append({"key": "Ended", "value": _by(found.ended_by, found.ended_on)})
    edit = may(request, P.NEED_EDIT) and found.ended_at is None
    return render(request, "referrals/need_page.html", {
        "need": found,
        "who": identity(request, found.person),
        "tag": _tag(found),
        "rows": rows,
        "may_confirm": edit and can_confirm(found),
        "may_end": edit,
        "crumbs": _crumbs(request, found.person, needs=True),
    })  # fmt: skip


def _by(user: Any, on: Any) -> str:
    return f"{user.name}, {day(on)}" if user is not None else ""


@require_http_methods(["GET", "POST"])
@requires(P.NEED_EDIT)
def need_add(request: StaffRequest, token: str) -> HttpResponse:
    """Add one need of a person who is here."""
    person = get_object_or_404(people_of(request.prison), token=token)
    form = AddNeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            actions.add_need(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                person=person,
                category=answers["category"],
                source=answers["source"],
                words=answers["words"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The need is added.")
            return redirect("referrals:person_needs", request.prison.code, token)
    back = reverse("referrals:person_needs", args=[request.prison.code, token])
    return form_about(request, person, form, "Add a need", back, crumbs=_crumbs(request, person, needs=True))


@require_POST
@requires(P.NEED_EDIT)
def need_confirm(request: StaffRequest, token: str) -> HttpResponse:
    """Staff have made sure."""
    found = _load(request, token)
    try:
        actions.confirm_need(by=request.actor, now=timezone.now(), need=found)
    except NotAllowed as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "The need is confirmed.")
    return redirect("referrals:need", request.prison.code, token)


@require_http_methods(["GET", "POST"])
@requires(P.NEED_EDIT)
def need_end(request: StaffRequest, token: str) -> HttpResponse:
    """The person needs it no longer."""
    found = _load(request, token)
    now = timezone.now()
    form = EndNeedForm(request.POST or None, earliest=found.noted_on, today=london_today(now))
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_need(by=request.actor, now=now, need=found, ended_on=form.cleaned_data["ended_on"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The need has ended.")
            return redirect("referrals:person_needs", request.prison.code, found.person.token)
    back = reverse("referrals:need", args=[request.prison.code, token])
    rows = [{"key": "Help with", "value": found.get_category_display()}]
    return form_about(request, found.person, form, "End this need", back, rows=rows)


def _load(request: StaffRequest, token: str) -> Need:
    rows = Need.objects.for_prison(request.prison)
    related = rows.select_related("person", "referral", "noted_by", "confirmed_by", "ended_by")
    found: Need = get_object_or_404(related, token=token)
    return found


def _crumbs(request: StaffRequest, person: Person, *, needs: bool = False) -> list[dict[str, str]]:
    code = request.prison.code
    crumbs = [{"text": "Referrals", "href": reverse("referrals:person_referrals", args=[code, person.token])}]
    if needs:
        crumbs.append({"text": "Needs", "href": reverse("referrals:person_needs", args=[code, person.token])})
    return crumbs
