"""Danger told at a terminal: the duty governor's page, and a member of staff who says that they have it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.actions.danger import acknowledge_danger
from referrals.danger_words import acknowledged_words, place_words, told_words
from referrals.forms.danger import LATE, OPEN, DangerFilter
from referrals.models import DangerCall
from referrals.queries import danger as queries
from referrals.rules import danger as rules
from referrals.views.words import moment
from schemes.models import Person
from schemes.queries.people import custody_of


@require_safe
@requires(P.DANGER_VIEW)
def danger(request: StaffRequest) -> HttpResponse:
    """What the wing has not acknowledged within five minutes, and everything that was told, the newest first."""
    now = timezone.now()
    filter_form = DangerFilter(request.GET)
    parts = {LATE: lambda: queries.with_duty(request.prison, now), OPEN: lambda: queries.open_calls(request.prison)}
    show = filter_form.answers.get("show", "")
    found = parts[show]().select_related("acknowledged_by") if show in parts else queries.calls_of(request.prison)
    page = page_of(found, request)
    table = Table(
        caption="Danger that was told" if show else "Danger that was told, the newest first",
        first="What",
        columns=["When", "Where", "Told", "Acknowledged by"],
        rows=[_row(request, call, now) for call in page],
    )
    return render(request, "components/list_page.html", {
        "title": "Danger that was told", "page": page, "table": table, "noun": "calls", "filter_form": filter_form,
        "lead": "Falls, and people who may hurt themselves. What nobody acknowledges stays on every page of the "
        "prison, and after 5 minutes it is the duty governor’s to see to.",
        "empty": "Nobody has told of any danger.",
    })  # fmt: skip


def _row(request: StaffRequest, call: DangerCall, now: datetime) -> Row:
    return Row(
        text=call.get_kind_display(),
        href=reverse("referrals:danger_call", args=[request.prison.code, call.token]),
        hidden=f"told on {moment(call.said_at)}",
        cells=[
            Cell(text=moment(call.said_at)),
            Cell(text=place_words(call)),
            Cell(text=call.get_told_display()),
            Cell(text=call.acknowledged_by.name if call.acknowledged_by is not None else "–"),
        ],
        tag=_tag(call, now),
    )


def _tag(call: DangerCall, now: datetime) -> Tag:
    if call.acknowledged_at is not None:
        return Tag(text="Acknowledged", colour="green")
    if rules.is_with_duty(call, now):
        return Tag(text="Over 5 minutes", colour="red")
    return (
        Tag(text="Not acknowledged", colour="orange")
        if rules.is_open(call)
        else Tag(text="Told at once", colour="grey")
    )


@require_http_methods(["GET", "POST"])
@requires(P.DANGER_ACKNOWLEDGE)
def danger_call(request: StaffRequest, token: str) -> HttpResponse:
    """One call, and who it is about for those who meet prisoners here; whoever says that they have it is named."""
    found: DangerCall = get_object_or_404(queries.calls_with_names(request.prison), token=token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="I have it")
    if request.method == "POST" and form.is_valid():
        try:
            acknowledge_danger(by=request.actor, now=timezone.now(), call=found)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "You have it. It is off every page, with your name beside it.")
            return redirect(request.path)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.concern.about_person_id)
    lists, reads = may(request, P.DANGER_VIEW), may(request, P.CONCERN_HANDLE)
    form.cancel_url = reverse("referrals:danger" if lists else "home:prison", args=[request.prison.code])
    return render(request, "referrals/danger_page.html", {
        "title": told_words(found),
        "rows": [
            {"key": "When", "value": moment(found.said_at)},
            {"key": "Where", "value": place_words(found)},
            {"key": "Told", "value": found.get_told_display()},
            *_names(request, found),
            {"key": "Acknowledged", "value": acknowledged_words(found), "tag": _tag(found, timezone.now()).colour},
        ],
        "form": form if rules.can_acknowledge(found) or form.errors else None,
        "concern_url": reverse("referrals:concerns", args=[request.prison.code]) if reads else "",
        "crumbs": [{"text": "Danger that was told", "href": form.cancel_url}] if lists else [],
    })  # fmt: skip


def _names(request: StaffRequest, call: DangerCall) -> list[dict[str, str]]:
    """Whom to go to, and whom to ask where that was not said."""
    if not any(may(request, permission) for permission in (P.PEOPLE_VIEW, P.DANGER_VIEW, P.FALL_RECORD)):
        return []
    concern = call.concern
    about, writer = (_who(request, person) for person in (concern.about_person, concern.writer))
    rows = [{"key": "Who it is about", "value": about or "Not said. Ask whoever told it."}]
    return [*rows, {"key": "Told by", "value": writer}] if writer else rows


def _who(request: StaffRequest, person: Person | None) -> str:
    if person is None:
        return ""
    custody = custody_of(request.prison, person)
    place = custody.place if custody is not None else ""
    return ", ".join(part for part in (person.full_name, person.prison_number, place) if part)
