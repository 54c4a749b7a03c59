"""Notes to the lead: people who want to talk to staff. Seen by the lead and the deputy, and by nobody at a terminal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.actions.concerns import answer_note
from referrals.forms.concerns import NoteAnswerForm, NoteFilter
from referrals.models import Concern
from referrals.queries import concerns as queries
from referrals.rules.concerns import is_breached
from referrals.views.words import day, identity, moment


@require_safe
@requires(P.NOTE_ANSWER)
def notes(request: StaffRequest) -> HttpResponse:
    """Who wants to talk, and with whom somebody has talked."""
    now = timezone.now()
    filter_form = NoteFilter(request.GET)
    state = filter_form.answers.get("state")
    rows = queries.notes_to_the_lead(request.prison, request.user)
    if state == "open":
        rows = queries.notes_to_answer(request.prison, request.user)
    if state == "answered":
        rows = rows.filter(status=Concern.Status.CLOSED)
    page = page_of(rows, request)
    table = Table(
        caption="Notes, newest first",
        first="From",
        columns=["Written", "Talk by", "Talked on"],
        rows=[
            Row(
                text=note.writer.list_name if note.writer else f"Not kept ({note.reference})",
                href=reverse("referrals:note", args=[request.prison.code, note.token]),
                hidden=", note",
                note=note.writer.prison_number if note.writer else "",
                cells=[
                    Cell(text=moment(note.raised_at)),
                    Cell(text=moment(note.due_at)),
                    Cell(text=day(note.talked_on) or "–"),
                ],
                tag=note_tag(note, now),
            )
            for note in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Notes to the lead",
        "lead": "People who wrote at a terminal that they want to talk to staff. Talk with them in person.",
        "page": page,
        "table": table,
        "noun": "notes",
        "filter_form": filter_form,
        "empty": "Nobody has asked to talk to staff.",
    })  # fmt: skip


def note_tag(note: Concern, now: datetime) -> Tag:
    """Answered, waiting or overdue."""
    if note.status == Concern.Status.CLOSED:
        return Tag(text="Answered", colour="grey")
    return Tag(text="Overdue", colour="red") if is_breached(note, now) else Tag(text="To be answered", colour="blue")


@require_http_methods(["GET", "POST"])
@requires(P.NOTE_ANSWER)
def note(request: StaffRequest, token: str) -> HttpResponse:
    """One note, and what was said when somebody talked with its writer."""
    now = timezone.now()
    found = _load(request, token)
    open_ = found.status != Concern.Status.CLOSED
    form = NoteAnswerForm(request.POST or None, initial={"version": found.version, "talked_on": london_today(now)})
    back = reverse("referrals:notes", args=[request.prison.code])
    if request.method == "POST" and open_ and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("talked_on", "words", "version")}
        try:
            answer_note(by=request.actor, now=now, concern=found, **answers)
        except Stale as error:
            form.stale(error, version=_load(request, token).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The answer is saved.")
            return redirect(back)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.writer_id)
    form.cancel_url = back
    return render(request, "referrals/note_page.html", {
        "title": "Note to the lead",
        "who": identity(request, found.writer) if found.writer else None,
        "rows": _rows(found, now),
        "form": form if open_ else None,
        "events": [{"title": "Talked with the person", "at": a.at, "by": a.by.name, "text": a.words}
                   for a in queries.actions_of(found)],
        "crumbs": [{"text": "Notes to the lead", "href": back}],
    })  # fmt: skip


def _rows(found: Concern, now: datetime) -> list[dict[str, Any]]:
    tag = note_tag(found, now)
    rows: list[dict[str, Any]] = [
        {"key": "State", "value": tag.text, "tag": tag.colour},
        {"key": "In their words", "value": found.words or "No words were written"},
        {"key": "Written", "value": moment(found.raised_at)},
        {"key": "Talk by", "value": moment(found.due_at)},
    ]
    if found.talked_on is not None and found.writer_told_by is not None:
        rows.append({"key": "Talked on", "value": f"{day(found.talked_on)}, {found.writer_told_by.name}"})
    return rows


def _load(request: StaffRequest, token: str) -> Concern:
    found: Concern = get_object_or_404(
        queries.notes_to_the_lead(request.prison, request.user).select_related("writer", "writer_told_by"), token=token
    )
    return found
