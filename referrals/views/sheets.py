"""Log sheets: the list, making and printing them, entering one, and one with its totals."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today, week_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.rules import why_not
from buddyscheme.lib.tables import Column, Row, Table, Tag
from referrals.actions import sheets as actions
from referrals.forms.sheets import (
    EVERYBODY,
    KeySheetForm,
    PrintWeekForm,
    SheetNumberForm,
    SparesForm,
    WhoseForm,
    week_words,
    weeks_back,
)
from referrals.models import PaperSheet, PlannedVisit
from referrals.queries import sheets as queries
from referrals.queries.sheets import Line
from referrals.queries.unlock import wings_of
from referrals.rules.sheets import EXTRA, HOW, WHY, Totals, check_can_key, weeks_to_print
from referrals.sheet_words import ENGLISH, WORDS, day_of_row
from referrals.views.visit_words import day_or_404, outcome_tag, what_happened, when
from referrals.views.words import day, moment
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of

UNKNOWN = "No sheet with this number was printed at this prison. Check the number on the paper."


@require_safe
@requires(P.VISITS_ENTER)
def sheets(request: StaffRequest) -> HttpResponse:
    """Every log sheet that was printed, newest first, and how far it is."""
    today = london_today(timezone.now())
    rows = queries.sheets_of(request.prison)
    token = request.GET.get("buddy", "")
    if token:
        rows = rows.filter(buddy__token=token)
    page = page_of(rows, request)
    table = Table(
        caption="Log sheets, newest first",
        first="Number",
        columns=["Buddy", "Week from", Column(text="Rows", numeric=True)],
        rows=[
            Row(
                text=sheet.reference,
                href=_url(request, "sheet", sheet.token),
                hidden=sheet.get_kind_display(),
                cells=[
                    sheet.buddy.person.list_name if sheet.buddy else "Spare",
                    day(sheet.week_starts_on) if sheet.week_starts_on else "Not said yet",
                    str(sheet.row_count),  # type: ignore[attr-defined]
                ],
                tag=_tag(sheet, today),
            )
            for sheet in page
        ],
    )
    make = f"?{urlencode({'buddy': token})}" if token else ""
    return render(request, "referrals/sheet_list.html", {
        "title": "Log sheets",
        "page": page,
        "table": table,
        "noun": "sheets",
        "waiting": queries.sheets_waiting(request.prison, today).count(),
        "empty": "No log sheet has been printed yet.",
        "make_href": f"{_url(request, 'sheets_make')}{make}",
        "crumbs": [_weeks_crumb(request)],
    })  # fmt: skip


def _tag(sheet: PaperSheet, today: date) -> Tag:
    if sheet.keyed_at is not None:
        return Tag(text="Entered", colour="green")
    if sheet.week_starts_on is None:
        return Tag(text="Not used yet", colour="grey")
    over = week_of(today).monday > sheet.week_starts_on
    return Tag(text="To enter", colour="yellow") if over else Tag(text="In use", colour="blue")


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_ENTER)
def sheets_make(request: StaffRequest) -> HttpResponse:
    """Which week, and whose sheets; then they are there to print."""
    now = timezone.now()
    wings = wings_of(request.prison)
    buddies = list(buddies_of(request.prison).filter(status=Buddy.Status.ACTIVE))
    token = request.GET.get("buddy", "")
    weeks = weeks_to_print(london_today(now))
    form = PrintWeekForm(
        request.POST if request.method == "POST" else None,
        weeks=weeks,
        wings=wings,
        buddies=buddies,
        initial={"whose": f"buddy:{token}" if token else EVERYBODY},
    )
    if request.method == "POST" and form.is_valid():
        monday, whose = date.fromisoformat(form.cleaned_data["week"]), form.cleaned_data["whose"]
        kind, _, code = whose.partition(":")
        wing = next((one for one in wings if kind == "wing" and one.code == code), None)
        buddy = next((one for one in buddies if kind == "buddy" and one.token == code), None)
        try:
            actions.print_week(
                by=request.actor, now=now, prison=request.prison, week_starts_on=monday, wing=wing, buddy=buddy
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            query = f"?{urlencode({kind: code})}" if code else ""
            return redirect(f"{_url(request, 'sheets_print', monday.isoformat())}{query}")
    return render(request, "components/form_page.html", {
        "title": "Make log sheets",
        "lead": "Each buddy gets a sheet with the visits of the week, in the order of the terminal’s screens. "
        "A sheet that was made before keeps its number; visits planned since come at its end.",
        "form": form,
        "crumbs": [_weeks_crumb(request), _crumb(request)],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_ENTER)
def sheets_spare(request: StaffRequest) -> HttpResponse:
    """Blank sheets with numbers, before the power is ever off."""
    form = SparesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.print_spares(
                by=request.actor, now=timezone.now(), prison=request.prison, how_many=form.cleaned_data["how_many"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect(_url(request, "sheets_spare_print", made[0].number, made[-1].number))
    return render(request, "components/form_page.html", {
        "title": "Spare log sheets",
        "lead": "For when the power is off. Whose sheet it is, and the week, are written by hand.",
        "form": form,
        "crumbs": [_weeks_crumb(request), _crumb(request)],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_ENTER)
def sheet_key(request: StaffRequest) -> HttpResponse:
    """Which sheet lies on the desk."""
    form = SheetNumberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        letter, number = form.cleaned_data["reference"]
        found = queries.sheet_by_reference(request.prison, number)
        if found is None or (letter and not found.reference.startswith(letter)):
            form.refuse(UNKNOWN, "reference")
        elif refusal := _refusal(found):
            form.refuse(refusal, "reference")
        else:
            step = "sheet_whose" if found.kind == PaperSheet.Kind.SPARE else "sheet_enter"
            return redirect(_url(request, step, found.token))
    return render(request, "components/form_page.html", {
        "title": "Enter a log sheet", "form": form, "crumbs": [_weeks_crumb(request), _crumb(request)],
    })  # fmt: skip


def _refusal(sheet: PaperSheet) -> str:
    return why_not(check_can_key, sheet, keyed_by=sheet.keyed_by.name if sheet.keyed_by else "")


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_ENTER)
def sheet_whose(request: StaffRequest, token: str) -> HttpResponse:
    """Whose spare sheet it is, and of which week."""
    found = _sheet(request, token)
    if found.kind != PaperSheet.Kind.SPARE:
        return redirect(_url(request, "sheet_enter", found.token))
    today = london_today(timezone.now())
    form = WhoseForm(
        request.POST if request.method == "POST" else None,
        buddies=_buddies(request),
        weeks=weeks_back(week_of(today).monday),
    )
    if request.method == "POST" and form.is_valid():
        query = urlencode({name: form.cleaned_data[name] for name in ("buddy", "week")})
        return redirect(f"{_url(request, 'sheet_enter', found.token)}?{query}")
    return render(request, "components/form_page.html", {
        "title": f"Spare sheet {found.reference}", "form": form, "crumbs": _key_crumbs(request),
    })  # fmt: skip


def _buddies(request: StaffRequest) -> list[Buddy]:
    """Whoever can have made visits: in the role now, or until lately."""
    return list(buddies_of(request.prison).filter(started_on__isnull=False))


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_ENTER)
def sheet_enter(request: StaffRequest, token: str) -> HttpResponse:
    """The whole sheet on one page, in the order of its paper, for the keyboard alone; one save."""
    now = timezone.now()
    today = london_today(now)
    found = _sheet(request, token)
    refusal = _refusal(found)
    if refusal:
        messages.warning(request, refusal)
        return redirect(_url(request, "sheet", found.token))
    spare = found.kind == PaperSheet.Kind.SPARE
    buddy, monday = _whose(request) if spare else (found.buddy, found.week_starts_on)
    if buddy is None or monday is None:
        return redirect(_url(request, "sheet_whose", found.token))
    lines = queries.lines_of(found, today)
    visits = queries.open_visits(request.prison, buddy.pk, monday, today) if spare else []
    form = KeySheetForm(
        request.POST if request.method == "POST" else None,
        lines=lines,
        kinds=queries.kinds_of(_codes(lines, visits)),
        visits=visits,
        choices=[(visit.token, _choice(visit)) for visit in visits],
    )
    if request.method == "POST" and form.is_valid():
        try:
            keyed = actions.key_sheet(
                by=request.actor, now=now, sheet=found, rows=form.entries, totals=form.totals,
                paper_wrong=form.cleaned_data["paper_wrong"],
                buddy=buddy, week_starts_on=monday,
            )  # fmt: skip
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, _saved_words(keyed))
            return redirect(_url(request, "sheet", found.token))
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=buddy.person_id)
    return render(request, "referrals/sheet_enter.html", {
        "title": f"Sheet {found.reference}",
        "form": form,
        "buddy": buddy.person.full_name,
        "week_text": week_words(monday),
        "rows": _key_rows(request, form),
        "nothing": spare and not visits,
        "whose_href": _url(request, "sheet_whose", found.token),
        "running": monday >= week_of(today).monday,
        "how_key": [(code, WORDS[outcome][0]) for code, outcome in HOW.items()],
        "extra_key": [(code, WORDS[f"extra_{code}"][0]) for code in EXTRA],
        "why_key": [(code, WORDS[reason][0]) for code, reason in WHY.items()],
        "crumbs": _key_crumbs(request),
    })  # fmt: skip


def _whose(request: StaffRequest) -> tuple[Buddy | None, date | None]:
    """Of a spare sheet: from the address, where the page before has put it."""
    buddy = buddies_of(request.prison).filter(token=request.GET.get("buddy", "")).first()
    week = request.GET.get("week", "")
    monday = day_or_404(week) if week else None
    if monday is not None and monday.weekday() != 0:
        raise Http404("weeks start on Mondays")
    return buddy, monday


def _saved_words(keyed: actions.Keyed) -> str:
    visits = "1 visit is" if keyed.visits == 1 else f"{keyed.visits} visits are"
    held = ""
    if keyed.held:
        held = " What was written about extra help waits for a second person, because it may name personal care."
    return f"Sheet {keyed.sheet.reference} is entered: {visits} saved.{held}"


def _codes(lines: list[Line], visits: list[PlannedVisit]) -> list[str]:
    codes = [code for line in lines for code in line.slip.tasks]
    codes += [code for line in lines if line.planned is not None for code in line.planned.tasks]
    return [*codes, *(code for visit in visits for code in visit.tasks)]


def _choice(visit: PlannedVisit) -> str:
    """A visit as a line to pick from: the day first, so that typing its letters finds it."""
    return f"{day_of_row(visit.day, ENGLISH)}, {visit.get_session_display().lower()}: {visit.person.full_name}"


def _key_rows(request: StaffRequest, form: KeySheetForm) -> list[dict[str, Any]]:
    persons = [line.planned.person_id for line in form.lines if line.planned is not None]
    cells = queries.cells_of(request.prison, persons)
    rows: list[dict[str, Any]] = []
    for row in form.rows:
        line = row.line
        planned, slip = line.planned, line.slip
        person = planned.person if planned is not None else slip.plan.person if slip.plan is not None else None
        day, session = (slip.day, slip.get_session_display()) if slip.day else (None, "")
        rows.append({
            "row": row,
            "place": slip.place,
            "when": f"{day_of_row(day, ENGLISH)}, {session.lower()}" if day else "",
            "name": person.full_name if person else "",
            "cell": cells.get(person.pk, "") if person else "",
            "minutes": slip.minutes or "",
            "said": _said(line),
            # The cursor is there at once, unless there is a mistake to read about first.
            "first": not form.is_bound and row.boxes and not any(one["row"].boxes for one in rows),
        })  # fmt: skip
    return rows


def _said(line: Line) -> str:
    """Why a row has no boxes."""
    if line.visit is not None:
        return f"On record already: {what_happened(line.visit).lower()}"
    return line.problem


@require_safe
@requires(P.VISITS_ENTER)
def sheet(request: StaffRequest, token: str) -> HttpResponse:
    """One sheet: its totals on paper and in the record, and every row."""
    today = london_today(timezone.now())
    found = _sheet(request, token)
    lines = queries.lines_of(found, today)
    record = queries.totals_in_record(lines)
    on_paper = _on_paper(found)
    if found.buddy is not None:
        viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.buddy.person_id)
    query = urlencode({"buddy": found.buddy.token}) if found.buddy is not None else ""
    if found.kind == PaperSheet.Kind.SPARE:
        print_href = _url(request, "sheets_spare_print", found.number, found.number)
    else:
        print_href = f"{_url(request, 'sheets_print', f'{found.week_starts_on}')}?{query}"
    return render(request, "referrals/sheet_page.html", {
        "title": f"{found.get_kind_display()} {found.reference}",
        "sheet": found,
        "facts": _facts(found),
        "totals": _totals_table(on_paper, record) if on_paper is not None else None,
        "agree": on_paper == record,
        "table": _lines_table(request, found, lines),
        "print_href": print_href,
        "key_href": _url(request, "sheet_whose" if found.kind == PaperSheet.Kind.SPARE else "sheet_enter", found.token),
        "may_key": found.keyed_at is None,
        "crumbs": [_weeks_crumb(request), _crumb(request)],
    })  # fmt: skip


def _on_paper(found: PaperSheet) -> Totals | None:
    if found.keyed_at is None:
        return None
    return Totals(found.done_on_paper or 0, found.not_done_on_paper or 0, found.minutes_on_paper or 0)


def _facts(found: PaperSheet) -> list[dict[str, str]]:
    rows = [
        {"key": "Buddy", "value": found.buddy.person.full_name if found.buddy else "Written by hand"},
        {"key": "Week", "value": week_words(found.week_starts_on) if found.week_starts_on else "Written by hand"},
        {"key": "Made by", "value": f"{found.printed_by.name}, {moment(found.printed_at)}"},
    ]
    if found.keyed_at is not None and found.keyed_by is not None:
        rows.append({"key": "Entered by", "value": f"{found.keyed_by.name}, {moment(found.keyed_at)}"})
    return rows


def _totals_table(paper: Totals, record: Totals) -> Table:
    names = (("Visits done", "done"), ("Visits not done", "not_done"), ("Minutes in all", "minutes"))
    return Table(
        caption="Totals",
        first="At the foot of the sheet",
        columns=[Column(text="On the paper", numeric=True), Column(text="In the record", numeric=True)],
        rows=[
            Row(
                text=words,
                cells=[str(getattr(paper, name)), str(getattr(record, name))],
                tag=Tag(text="Agree", colour="green")
                if getattr(paper, name) == getattr(record, name)
                else Tag(text="Differ", colour="yellow"),
            )
            for words, name in names
        ],
        status="Compared",
    )


def _lines_table(request: StaffRequest, found: PaperSheet, lines: list[Line]) -> Table:
    shown = [line for line in lines if line.slip.day or line.visit is not None]
    return Table(
        caption="Rows, in the order of the paper",
        first="Row",
        columns=["Person", "When", "What was entered"],
        rows=[
            Row(
                text=f"Row {line.slip.place}",
                href=_line_href(request, found, line),
                hidden="open the visit" if line.visit is not None else "record the visit",
                cells=[_person(line), _when(line), _entered(line)],
                tag=outcome_tag(line.visit.outcome if line.visit is not None else ""),
            )
            for line in shown
        ],
    )


def _line_href(request: StaffRequest, found: PaperSheet, line: Line) -> str:
    """The visit; of a row that was left empty when the sheet was entered, where it can still be recorded."""
    if line.visit is not None:
        return _url(request, "visit", line.visit.token)
    if found.keyed_at is None or line.planned is None or not line.is_open:
        return ""
    return _url(request, "visit_add", line.planned.token)


def _person(line: Line) -> str:
    if line.planned is not None:
        return line.planned.person.list_name
    return line.slip.plan.person.list_name if line.slip.plan is not None else ""


def _when(line: Line) -> str:
    if line.planned is not None:
        return when(line.planned.day, line.planned.get_session_display())
    return when(line.slip.day, line.slip.get_session_display()) if line.slip.day else ""


def _entered(line: Line) -> str:
    if line.visit is None:
        return line.problem or "Nothing"
    late = " (late)" if line.visit.late else ""
    return f"{line.visit.minutes} minutes, {line.visit.get_source_display().lower()}{late}"


def _sheet(request: StaffRequest, token: str) -> PaperSheet:
    rows = PaperSheet.objects.for_prison(request.prison).filter(kind__in=PaperSheet.LOGS)
    found: PaperSheet = get_object_or_404(
        rows.select_related("buddy__person", "printed_by", "keyed_by", "prison"), token=token
    )
    return found


def _url(request: StaffRequest, name: str, *args: Any) -> str:
    return reverse(f"referrals:{name}", args=[request.prison.code, *args])


def _weeks_crumb(request: StaffRequest) -> dict[str, str]:
    return {"text": "Weeks", "href": _url(request, "week")}


def _crumb(request: StaffRequest) -> dict[str, str]:
    return {"text": "Log sheets", "href": _url(request, "sheets")}


def _key_crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [_weeks_crumb(request), _crumb(request), {"text": "Enter a log sheet", "href": _url(request, "sheet_key")}]
