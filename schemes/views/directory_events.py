"""A file of events: reading it, what came of each line, and events that somebody has to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.csv_rows import decoded
from buddyscheme.lib.dates import london_time
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table, Tag
from schemes.actions.directory_events import HANDLERS, look_at_event, read_events
from schemes.forms.directory_events import MOST_ON_PAGE, EventFileForm
from schemes.models import DirectoryEvent, EventFile
from schemes.queries import directory_events as queries

OUTCOMES = DirectoryEvent.Outcome
COLOURS: dict[str, str] = {
    OUTCOMES.DONE: "green",
    OUTCOMES.KNOWN: "grey",
    OUTCOMES.OLDER: "grey",
    OUTCOMES.LOOK: "yellow",
    OUTCOMES.NOBODY: "blue",
    OUTCOMES.UNUSED: "grey",
    OUTCOMES.UNREADABLE: "red",
}
# What a type of event is called on screen.
NAMES = {
    "received": "Received",
    "released": "Released",
    "updated": "Details changed",
    "alerts-updated": "Alerts changed",
    "cell.move": "Cell move",
    "merged": "Two numbers merged",
    "non-association-detail.changed": "Keep-apart record changed",
    "activities-changed": "Activities changed",
    "appointments-changed": "Appointments changed",
    "person.alert.created": "Alert made",
    "person.alert.updated": "Alert changed",
    "person.alert.inactive": "Alert ended",
    "person.alert.deleted": "Alert deleted",
    "non-associations.created": "Keep-apart record made",
    "non-associations.amended": "Keep-apart record changed",
    "non-associations.closed": "Keep-apart record closed",
    "non-associations.deleted": "Keep-apart record deleted",
}


def name_of(event_type: str) -> str:
    """The event's type in words."""
    if event_type in HANDLERS:
        return NAMES[event_type.split(".prisoner.")[-1]]
    return "Another event" if event_type else "Not an event"


def tag_of(outcome: str) -> Tag:
    """What came of it."""
    return Tag(text=str(OUTCOMES(outcome).label), colour=COLOURS[outcome])


@require_safe
@requires(P.EVENTS_READ)
def files(request: StaffRequest) -> HttpResponse:
    """Files that were read, newest first."""
    page = page_of(queries.files(request.prison), request)
    table = Table(
        caption="Files, newest first",
        first="File",
        columns=["Read", "By", Column(text="Lines", numeric=True), Column(text="To look at", numeric=True)],
        rows=[
            Row(
                text=file.name,
                href=reverse("schemes:event_file", args=[request.prison.code, file.token]),
                cells=[
                    f"{day_in_words(london_time(file.read_at).date())}, {london_time(file.read_at):%H:%M}",
                    file.read_by.name,
                    str(file.all_lines),
                    str(file.look_lines),
                ],
            )
            for file in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Files of events",
        "lead": "Arrivals, leavings, cell moves, alerts and keep-apart records as other systems tell them. A file "
        "may be read again: what is known already changes nothing.",
        "page": page,
        "table": table,
        "noun": "files",
        "empty": "No file of events was read yet.",
        "action_href": reverse("schemes:read_events", args=[request.prison.code]),
        "action_text": "Read a file of events",
        "crumbs": [_crumb(request, "schemes:events_to_look_at", "Events to look at")],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.EVENTS_READ)
def upload(request: StaffRequest) -> HttpResponse:
    """Choose a file; every event in it is followed at once."""
    sent = request.method == "POST"
    form = EventFileForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        chosen = form.cleaned_data["file"]
        try:
            file = read_events(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                name=chosen.name,
                text=decoded(chosen.read()),
                most=MOST_ON_PAGE,
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            done = sum(1 for line in file.lines if line["outcome"] == OUTCOMES.DONE)
            messages.success(request, f"The file is read. Done: {done} of {len(file.lines)}.")
            return redirect("schemes:event_file", request.prison.code, file.token)
    form.cancel_url = reverse("schemes:event_files", args=[request.prison.code])
    return render(request, "components/form_page.html", {
        "title": "Read a file of events",
        "lead": "Each event is followed once, as if somebody had typed it. An older event never undoes a newer fact. "
        "What cannot be followed is listed for somebody to look at.",
        "form": form,
        "crumbs": [_crumb(request, "schemes:event_files", "Files of events")],
    })  # fmt: skip


@require_safe
@requires(P.EVENTS_READ)
def file(request: StaffRequest, token: str) -> HttpResponse:
    """What came of every line of one file."""
    found = get_object_or_404(EventFile.objects.for_prison(request.prison), token=token)
    page = page_of(found.lines, request)
    viewed(by=request.actor, prison=request.prison.code, subject=found, rows=len(page))
    table = Table(
        caption="What came of every event, as they stand in the file",
        first="Event",
        columns=[Column(text="Line", numeric=True), "Prison number", "What came of it"],
        rows=[
            Row(
                text=name_of(line["type"]),
                cells=[str(line["line"]), line["number"] or "–", line["words"]],
                tag=tag_of(line["outcome"]),
            )
            for line in page
        ],
        status="Outcome",
    )
    return render(request, "components/list_page.html", {
        "title": found.name,
        "page": page,
        "table": table,
        "noun": "events",
        "crumbs": [_crumb(request, "schemes:event_files", "Files of events")],
    })  # fmt: skip


@require_safe
@requires(P.EVENTS_READ)
def to_look_at(request: StaffRequest) -> HttpResponse:
    """Events that could not be followed by themselves, oldest first."""
    page = page_of(queries.to_look_at(request.prison), request)
    viewed(by=request.actor, prison=request.prison.code, subject=request.prison, list="events", rows=len(page))
    table = Table(
        caption="Oldest first",
        first="Event",
        columns=["Prison number", "When", "What to do"],
        rows=[
            Row(
                text=name_of(event.event_type),
                href=reverse("schemes:event_looked_at", args=[request.prison.code, event.token]),
                hidden=f", {event.person.prison_number}" if event.person else "",
                cells=[
                    event.person.prison_number if event.person else "–",
                    day_in_words(london_time(event.occurred_at).date()),
                    event.words,
                ],
            )
            for event in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Events to look at",
        "page": page,
        "table": table,
        "noun": "events",
        "empty": "No event waits for somebody to look at it.",
        "crumbs": [_crumb(request, "schemes:event_files", "Files of events")],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.EVENTS_READ)
def looked_at(request: StaffRequest, token: str) -> HttpResponse:
    """Say that somebody has looked at one event."""
    rows = DirectoryEvent.objects.for_prison(request.prison).select_related("person", "looked_by")
    found: DirectoryEvent = get_object_or_404(rows, token=token, outcome=OUTCOMES.LOOK)
    back = reverse("schemes:events_to_look_at", args=[request.prison.code])
    form = ConfirmForm(request.POST or None, label="I have looked at it")
    if request.method == "POST" and form.is_valid():
        try:
            look_at_event(by=request.actor, now=timezone.now(), event=found)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "It is recorded that you have looked at it.")
            return redirect(back)
    form.cancel_url = back
    at = london_time(found.occurred_at)
    summary: list[dict[str, Any]] = [
        {"key": "Event", "value": name_of(found.event_type)},
        {"key": "When", "value": f"{day_in_words(at.date())}, {at:%H:%M}"},
        {"key": "What to do", "value": found.words},
    ]
    if found.person is not None:
        row: dict[str, Any] = {"key": "Person", "value": found.person.prison_number}
        if may(request, P.PEOPLE_VIEW):
            row["href"] = reverse("schemes:person", args=[request.prison.code, found.person.token])
            row["action"] = "Open the record"
        summary.insert(0, row)
    if found.looked_by is not None:
        summary.append({"key": "Looked at by", "value": found.looked_by.name})
    return render(request, "components/form_page.html", {
        "title": "Event to look at",
        "form": form,
        "rows": summary,
        "crumbs": [{"text": "Events to look at", "href": back}],
    })  # fmt: skip


def _crumb(request: StaffRequest, name: str, text: str) -> dict[str, str]:
    return {"text": text, "href": reverse(name, args=[request.prison.code])}
