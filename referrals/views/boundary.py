"""Words that the boundary guard has held: who decides, and about what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from referrals.actions.boundary import decide_text
from referrals.forms.boundary import DecideForm, HeldTextFilter
from referrals.models import HeldText
from referrals.queries import boundary as queries
from referrals.rules.boundary import check_words
from referrals.views.words import HELD_COLOURS, day, identity, moment
from schemes.models import TaskKind

Decision = HeldText.Decision


@require_safe
@requires(P.HELD_TEXT_VIEW)
def held_texts(request: StaffRequest) -> HttpResponse:
    """Held words, those that wait first."""
    filter_form = HeldTextFilter(request.GET)
    found = queries.held_texts_of(request.prison).filter(**filter_form.answers)
    if not filter_form.answers:
        found = found.filter(decision=Decision.WAITING)
    page = page_of(found, request)
    table = Table(
        caption="Held words, oldest first",
        first="Words",
        columns=["Written for", "By", "On"],
        rows=[
            Row(
                text=Truncator(held.words).chars(60),
                href=reverse("referrals:held_text", args=[request.prison.code, held.token]),
                hidden="held words",
                cells=[held.get_place_display(), held.written_by.name, day(held.written_at.date())],
                tag=Tag(text=held.get_decision_display(), colour=HELD_COLOURS[held.decision]),
            )
            for held in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Words held for a second person", "page": page, "table": table, "noun": "held words",
        "filter_form": filter_form, "empty": "No words are waiting for a decision.",
        "lead": "These words seem to describe personal care or another task that no buddy may do. "
        "They are used nowhere until the deputy or the safeguarding lead has decided.",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.HELD_TEXT_VIEW)
def held_text(request: StaffRequest, token: str) -> HttpResponse:
    """The words, what in them was noticed and why, and the decision by somebody other than the writer."""
    found = get_object_or_404(queries.held_texts_of(request.prison), token=token)
    own = found.written_by_id == request.user.pk
    decides = may(request, P.HELD_TEXT_DECIDE) and found.decision == Decision.WAITING and not own
    form = DecideForm(request.POST or None) if decides else None
    if request.method == "POST" and form is None:
        messages.warning(
            request, "Somebody else has to decide about these words." if own else "There is nothing left to decide."
        )
        return redirect("referrals:held_text", request.prison.code, token)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            decide_text(
                by=request.actor,
                now=timezone.now(),
                held=found,
                allow=form.cleaned_data["decision"] == "allow",
                reason=form.cleaned_data["reason"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The decision is saved.")
            return redirect("referrals:held_texts", request.prison.code)
    if request.method == "GET":
        person_id = found.plan.person_id if found.plan is not None else None
        viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=person_id)
    return render(request, "referrals/held_text_page.html", _context(request, found, form, own))


def _context(request: StaffRequest, found: HeldText, form: DecideForm | None, own: bool) -> dict[str, Any]:
    rows = [
        {"key": "Written for", "value": found.get_place_display()},
        {"key": "Written by", "value": f"{found.written_by.name}, {moment(found.written_at)}"},
    ]
    if found.decided_by is not None:
        rows.append({"key": "Decision", "value": found.get_decision_display(), "tag": HELD_COLOURS[found.decision]})
        rows.append({"key": "Why", "value": found.decision_reason})
        rows.append({"key": "Decided by", "value": f"{found.decided_by.name}, {moment(found.decided_at)}"})
    (line,) = held_lines([found])
    plan = found.plan
    return {
        "held": found,
        "line": line,
        "form": form,
        "own": own and found.decision == Decision.WAITING,
        "who": identity(request, plan.person) if plan is not None else None,
        "instead": _stands_now(found),
        "rows": rows,
        "crumbs": [{"text": "Held words", "href": reverse("referrals:held_texts", args=[request.prison.code])}],
    }


def _stands_now(found: HeldText) -> str:
    """What the words would take the place of."""
    if found.plan is None or found.decision != Decision.WAITING:
        return ""
    # A goal that waits has no other words; notes have those that stood before.
    return found.plan.staff_notes if found.place == HeldText.Place.PLAN_NOTES else ""


def held_lines(rows: Iterable[HeldText]) -> list[dict[str, Any]]:
    """For each held text its words in pieces, those that were noticed marked, and the reasons."""
    held = list(rows)
    kinds = {kind.code: kind for kind in TaskKind.objects.filter(code__in={code for row in held for code in row.tasks})}
    return [
        {
            "place": row.get_place_display(),
            "pieces": _pieces(row.words),
            "reasons": [kinds[code] for code in row.tasks if code in kinds],
        }
        for row in held
    ]


def _pieces(words: str) -> list[dict[str, Any]]:
    """The words cut where something was noticed: `marked` pieces are shown as such."""
    pieces: list[dict[str, Any]] = []
    at = 0
    for hit in sorted(check_words(words), key=lambda hit: hit.start):
        if hit.start < at:
            continue
        pieces += [
            {"text": words[at : hit.start], "marked": False},
            {"text": words[hit.start : hit.end], "marked": True},
        ]
        at = hit.end
    pieces.append({"text": words[at:], "marked": False})
    return [piece for piece in pieces if piece["text"]]
