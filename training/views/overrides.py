"""Overrides: asking for one, the list, and the decision of the governor's delegate."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from schemes.models import Buddy
from schemes.queries.buddies import IN_DATE, buddies_of, standing_of
from training.actions.overrides import ask_override, decide_override
from training.forms.overrides import ENDED, REFUSED, RUNNING, WAITING, AskForm, DecideForm, OverrideFilter
from training.models import Module, Override
from training.queries import overrides as queries
from training.queries.results import module_states, modules
from training.views.words import decision_rows

Decision = Override.Decision


@require_safe
@requires(P.OVERRIDE_ASK, P.OVERRIDE_APPROVE)
def overrides(request: StaffRequest) -> HttpResponse:
    """Overrides by where they stand: to be decided, running, ended by their date, refused."""
    today = london_today(timezone.now())
    filter_form = OverrideFilter(request.GET)
    page = page_of(_in_state(request, filter_form.answers.get("state", ""), today), request)
    table = Table(
        caption="Overrides, newest first",
        first="Name",
        columns=["What may be missing", "Last day", "Asked by", "Approved by"],
        rows=[
            Row(
                text=row.buddy.person.list_name,
                href=reverse("training:override", args=[request.prison.code, row.token]),
                hidden=f", override of {row.what}",
                note=row.buddy.person.prison_number,
                cells=[
                    Cell(text=row.what),
                    day_in_words(row.ends_on),
                    row.asked_by.name,
                    row.decided_by.name if row.decided_by and row.decision == Decision.APPROVED else "–",
                ],
                tag=override_tag(row, today),
            )
            for row in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Overrides",
        "lead": "An override lets one module, or the compact, be missing for a time. It ends by itself on its last "
        "day. Clearance and keep-apart are never overridden.",
        "page": page,
        "table": table,
        "noun": "overrides",
        "filter_form": filter_form,
        "empty": "Nobody has asked for an override. Ask for one on the page of a buddy.",
    })  # fmt: skip


def _in_state(request: StaffRequest, state: str, today: date) -> QuerySet[Override]:
    if state == WAITING:
        return queries.waiting(request.prison)
    if state == RUNNING:
        return queries.running(request.prison, today)
    if state == ENDED:
        return queries.ended(request.prison, today)
    rows = queries.overrides_of(request.prison)
    return rows.filter(decision=Decision.REFUSED) if state == REFUSED else rows


def override_tag(override: Override, today: date) -> Tag:
    """Where it stands on a day."""
    if override.decision == Decision.WAITING:
        return Tag(text="To be decided", colour="yellow")
    if override.decision == Decision.REFUSED:
        return Tag(text="Refused", colour="red")
    return Tag(text="Running", colour="green") if override.ends_on >= today else Tag(text="Ended", colour="grey")


@require_http_methods(["GET", "POST"])
@requires(P.OVERRIDE_ASK)
def ask(request: StaffRequest, token: str) -> HttpResponse:
    """Ask that one thing may be missing until a day."""
    now = timezone.now()
    today = london_today(now)
    buddy: Buddy = get_object_or_404(buddies_of(request.prison), token=token)
    lacking = missing_things(buddy, today)
    form = AskForm(request.POST or None, missing=[(code, words) for code, words, _ in lacking], today=today)
    back = reverse("schemes:buddy", args=[request.prison.code, token])
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        module = next(module for code, _, module in lacking if code == answers["what"])
        try:
            ask_override(
                by=request.actor,
                now=now,
                buddy=buddy,
                module=module,
                ends_on=answers["ends_on"],
                reason=answers["reason"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Asked for. The governor’s delegate decides.")
            return redirect(back)
    form.cancel_url = back
    return render(request, "training/override_ask.html", {
        "title": "Ask for an override",
        "form": form,
        "nothing": not lacking,
        "back": back,
        "name": buddy.person.full_name,
        "prison_number": buddy.person.prison_number,
        "place": buddy.wing_name or "Not here now",  # type: ignore[attr-defined]
        "crumbs": [{"text": f"Buddy {buddy.reference}", "href": back}],
    })  # fmt: skip


def missing_things(buddy: Buddy, today: date) -> list[tuple[str, str, Module | None]]:
    """What is not in date: code, words, and the module (none for the compact)."""
    states = module_states([buddy.pk], today)[buddy.pk]
    found: list[tuple[str, str, Module | None]] = []
    if standing_of(buddy, today).compact != IN_DATE:
        found.append((Override.Item.COMPACT, "The compact", None))
    found += [(module.code, module.title, module) for module in modules() if module.code not in states.in_date]
    return found


@require_http_methods(["GET", "POST"])
@requires(P.OVERRIDE_ASK, P.OVERRIDE_APPROVE)
def override(request: StaffRequest, token: str) -> HttpResponse:
    """One override, with the decision for whoever may take it."""
    now = timezone.now()
    found: Override = get_object_or_404(queries.overrides_of(request.prison), token=token)
    decides = may(request, P.OVERRIDE_APPROVE) and found.decision == Decision.WAITING
    form = DecideForm(request.POST or None)
    back = reverse("training:overrides", args=[request.prison.code])
    if request.method == "POST" and decides and form.is_valid():
        approve = form.cleaned_data["decision"] == "APPROVE"
        try:
            decide_override(
                by=request.actor, now=now, override=found, approve=approve, reason=form.cleaned_data["reason"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Override approved." if approve else "Override refused.")
            return redirect(back)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.buddy.person_id)
    form.cancel_url = back
    return render(request, "training/override_page.html", {
        "title": f"Override for buddy {found.buddy.reference}",
        "crumbs": [{"text": "Overrides", "href": back}],
        "form": form if decides else None,
        "name": found.buddy.person.full_name,
        "prison_number": found.buddy.person.prison_number,
        "href": reverse("schemes:buddy", args=[request.prison.code, found.buddy.token])
        if may(request, P.BUDDIES_VIEW)
        else "",
        "rows": _rows(found, london_today(now)),
    })  # fmt: skip


def _rows(found: Override, today: date) -> list[dict[str, Any]]:
    tag = override_tag(found, today)
    rows: list[dict[str, Any]] = [
        {"key": "State", "value": tag.text, "tag": tag.colour},
        {"key": "What may be missing", "value": found.what},
        {"key": "Last day", "value": day_in_words(found.ends_on)},
        {"key": "Reason", "value": found.reason},
        {"key": "Asked by", "value": f"{found.asked_by.name} on {day_in_words(found.asked_on)}"},
    ]
    return rows + decision_rows(found)
