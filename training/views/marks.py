"""Marking a class: everybody on one page with one save, or from a file that is shown line by line first."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.csv_rows import decoded
from buddyscheme.lib.csv_safe import csv_text
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import why_not
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of
from training import attendance_file
from training.actions.sessions import mark_session
from training.forms.results import MarksForm, first_values
from training.forms.sessions import AttendanceConfirmForm, AttendanceFileForm
from training.models import ClassSession, ModuleResult
from training.queries import sessions as queries
from training.queries.results import knowledge_days, states_in
from training.rules.results import HELD, Mark
from training.rules.sessions import begins_words, check_can_mark
from training.views.sessions import find, session_crumbs, session_url


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAINING_RECORD)
def mark(request: StaffRequest, token: str) -> HttpResponse:
    """There or not, knowledge, practical part: the whole class, one save. Marked before, it shows what was recorded."""
    now = timezone.now()
    found = find(request, token)
    people = queries.people_of(found)
    if request.method == "POST":
        # Whoever was on the page when it was opened, whoever was booked since.
        people = [buddy for buddy in people if f"outcome-{buddy.token}" in request.POST]
    form = _form(request, found, people)
    if request.method == "GET" and request.GET.get("fill") == "passed":
        form = _form(request, found, people, fill=form.everybody_passed())
    if request.method == "POST" and form.is_valid():
        try:
            mark_session(by=request.actor, now=now, session=found, marks=form.marks)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{found.module.title}: class marked.")
            return redirect(session_url(request, "session", found))
    form.cancel_url = session_url(request, "session", found)
    context = {
        "title": f"Mark the class: {found.module.title}",
        "lead": f"{begins_words(found.held_on, found.starts_at)}, {found.place}.",
        "form": form,
        "listed": people,
        "why_not": why_not(check_can_mark, found, now=now),
        "again": found.status == ClassSession.Status.HELD,
        "book_url": session_url(request, "book_session", found),
        "crumbs": session_crumbs(request, found),
    }
    return render(request, "training/session_mark.html", context)


def _form(
    request: StaffRequest, found: ClassSession, people: list[Buddy], *, fill: dict[str, str] | None = None
) -> MarksForm:
    states = states_in(found, people)
    held = knowledge_days(found.module, people, found.held_on, without=found)
    return MarksForm(
        request.POST or None,
        listed=[(buddy, states[buddy.pk]) for buddy in people],
        practical=found.module.practical,
        held=held,
        initial=fill if fill is not None else first_values(_recorded(found, people, held)),
    )


def _recorded(found: ClassSession, people: list[Buddy], held: dict[int, date]) -> list[Mark]:
    """What stands in the record of this class; before it is marked, nobody was there."""
    there, results = queries.attendance_of(found), queries.results_in(found)
    marks = []
    for buddy in people:
        result = results.get(buddy.pk)
        if result is None or result.outcome == ModuleResult.Outcome.VOID or not there.get(buddy.pk):
            marks.append(Mark(buddy=buddy, there=False))
            continue
        earlier = result.knowledge_on is not None and buddy.pk in held
        marks.append(Mark(buddy=buddy, knowledge=HELD if earlier else result.knowledge, practical=result.practical))
    return marks


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAINING_RECORD)
def file(request: StaffRequest, token: str) -> HttpResponse:
    """Choose a file; see every line and what is wrong with it; save the good ones at once."""
    now = timezone.now()
    found = find(request, token)
    if request.method == "POST" and "text" in request.POST:
        return _confirmed(request, found, now)
    form = AttendanceFileForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        text = decoded(form.cleaned_data["file"].read())
        try:
            check_can_mark(found, now=now)
            lines = attendance_file.read(text, _file_facts(request, found))
        except NotAllowed as error:
            form.refuse(error)
        else:
            return _report(request, found, text, lines)
    form.cancel_url = session_url(request, "session", found)
    context = {
        "title": f"Mark from a file: {found.module.title}",
        "lead": f"{begins_words(found.held_on, found.starts_at)}. Nothing is saved before you have seen every line.",
        "form": form,
        "why_not": why_not(check_can_mark, found, now=now),
        "template_url": session_url(request, "session_template", found),
        "practical": found.module.practical,
        "crumbs": session_crumbs(request, found),
    }
    return render(request, "training/session_file.html", context)


def _file_facts(request: StaffRequest, found: ClassSession) -> attendance_file.Facts:
    # Of several records of one person the newest is the one that is open, if any is.
    buddies = {buddy.person.prison_number: buddy for buddy in buddies_of(request.prison).order_by("id")}
    booked = queries.places_taken(found).values_list("buddy_id", flat=True)
    return attendance_file.Facts(
        module=found.module,
        buddies=buddies,
        held=knowledge_days(found.module, list(buddies.values()), found.held_on, without=found),
        booked=set(booked),
        places=found.places,
    )


def _report(
    request: StaffRequest,
    found: ClassSession,
    text: str,
    lines: list[attendance_file.Line],
    form: AttendanceConfirmForm | None = None,
) -> HttpResponse:
    good = [line for line in lines if line.mark is not None]
    bad = len(lines) - len(good)
    if form is None:
        form = AttendanceConfirmForm(initial={"text": text, "seen": attendance_file.seen(lines)})
    form.cancel_url = session_url(request, "session_file", found)
    context = {
        "title": f"Check the file: {found.module.title}",
        "good": len(good),
        "bad": bad,
        "form": form,
        "table": _lines_table(lines),
        "again_url": session_url(request, "session_file", found),
        "crumbs": session_crumbs(request, found),
    }
    return render(request, "training/session_file_report.html", context)


def _lines_table(lines: list[attendance_file.Line]) -> Table:
    return Table(
        caption="Lines of the file",
        first="Line",
        columns=["Prison number", "What it says", "What to mend"],
        status="Check",
        rows=[
            Row(
                text=str(line.number),
                cells=[Cell(text=line.prison_number or "–", note=line.name), line.said, line.problem or "–"],
                tag=Tag(text="Not saved", colour="red") if line.problem else Tag(text="Good", colour="green"),
            )
            for line in lines
        ],
    )


def _confirmed(request: StaffRequest, found: ClassSession, now: datetime) -> HttpResponse:
    form = AttendanceConfirmForm(request.POST)
    if not form.is_valid():
        return redirect(session_url(request, "session_file", found))
    text = form.cleaned_data["text"]
    try:
        lines = attendance_file.read(text, _file_facts(request, found))
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect(session_url(request, "session_file", found))
    if attendance_file.seen(lines) != form.cleaned_data["seen"]:
        fresh = AttendanceConfirmForm({**request.POST.dict(), "seen": attendance_file.seen(lines)})
        fresh.refuse("Something changed since you looked at these lines. Nothing is saved. Look again, then save.")
        return _report(request, found, text, lines, fresh)
    marks = [line.mark for line in lines if line.mark is not None]
    try:
        mark_session(by=request.actor, now=now, session=found, marks=marks)
    except NotAllowed as error:
        form.refuse(error)
        return _report(request, found, text, lines, form)
    left = len(lines) - len(marks)
    words = "1 line saved" if len(marks) == 1 else f"{len(marks)} lines saved"
    messages.success(request, f"{words}{f', {left} not saved' if left else ''}.")
    return redirect(session_url(request, "session", found))


@require_safe
@requires(Permission.TRAINING_RECORD)
def template(request: StaffRequest, token: str) -> HttpResponse:
    """The file to fill in: everybody who is booked, with empty answers."""
    found = find(request, token)
    people = queries.people_of(found)
    columns = attendance_file.columns(found.module)
    rows = [[buddy.person.prison_number, buddy.person.list_name, *[""] * (len(columns) - 2)] for buddy in people]
    record(Event.EXPORTED, by=request.actor, prison=request.prison.code, subject=found, rows=len(rows), format="csv")
    response = HttpResponse(csv_text(columns, rows).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    name = f"class-{found.module.code}-{found.held_on.isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
