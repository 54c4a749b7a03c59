"""Log sheets: the list, making them, and one with its totals."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
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
from buddyscheme.lib.tables import Column, Row, Table, Tag
from referrals.actions import sheets as actions
from referrals.forms.sheets import EVERYBODY, WAITING, PrintWeekForm, SheetFilter, SparesForm, week_words
from referrals.models import PaperSheet
from referrals.queries import sheets as queries
from referrals.queries.sheets import Line
from referrals.queries.unlock import wings_of
from referrals.rules.sheets import Totals, weeks_to_print
from referrals.views.visit_words import outcome_tag, when
from referrals.views.words import day, moment
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of


@require_safe
@requires(P.VISITS_ENTER)
def sheets(request: StaffRequest) -> HttpResponse:
    """Every log sheet that was printed, newest first, and how far it is; or those that wait to be entered."""
    today = london_today(timezone.now())
    waiting = queries.sheets_waiting(request.prison, today)
    filter_form = SheetFilter(request.GET)
    rows = waiting if filter_form.answers.get("show") == WAITING else queries.sheets_of(request.prison)
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
                href=sheets_url(request, "sheet", sheet.token),
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
        "waiting": waiting.count(),
        "filter_form": filter_form,
        "empty": "No log sheet has been printed yet.",
        "make_href": f"{sheets_url(request, 'sheets_make')}{make}",
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
            return redirect(f"{sheets_url(request, 'sheets_print', monday.isoformat())}{query}")
    return render(request, "components/form_page.html", {
        "title": "Make log sheets",
        "lead": "Each buddy gets a sheet with the visits of the week, in the order of the terminal’s screens. "
        "A sheet that was made before keeps its number; visits planned since come at its end.",
        "form": form,
        "crumbs": sheets_crumbs(request),
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
            return redirect(sheets_url(request, "sheets_spare_print", made[0].number, made[-1].number))
    return render(request, "components/form_page.html", {
        "title": "Spare log sheets",
        "lead": "For when the power is off. Whose sheet it is, and the week, are written by hand.",
        "form": form,
        "crumbs": sheets_crumbs(request),
    })  # fmt: skip


@require_safe
@requires(P.VISITS_ENTER)
def sheet(request: StaffRequest, token: str) -> HttpResponse:
    """One sheet: its totals on paper and in the record, and every row."""
    today = london_today(timezone.now())
    found = find_sheet(request, token)
    lines = queries.lines_of(found, today)
    record = queries.totals_in_record(lines)
    on_paper = _on_paper(found)
    if found.buddy is not None:
        viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.buddy.person_id)
    query = urlencode({"buddy": found.buddy.token}) if found.buddy is not None else ""
    if found.kind == PaperSheet.Kind.SPARE:
        print_href = sheets_url(request, "sheets_spare_print", found.number, found.number)
    else:
        print_href = f"{sheets_url(request, 'sheets_print', f'{found.week_starts_on}')}?{query}"
    key = "sheet_whose" if found.kind == PaperSheet.Kind.SPARE else "sheet_enter"
    return render(request, "referrals/sheet_page.html", {
        "title": f"{found.get_kind_display()} {found.reference}",
        "sheet": found,
        "facts": _facts(found),
        "totals": _totals_table(on_paper, record) if on_paper is not None else None,
        "agree": on_paper == record,
        "table": _lines_table(request, found, lines),
        "print_href": print_href,
        "key_href": sheets_url(request, key, found.token),
        "may_key": found.keyed_at is None,
        "crumbs": sheets_crumbs(request),
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
        return sheets_url(request, "visit", line.visit.token)
    if found.keyed_at is None or line.planned is None or not line.is_open:
        return ""
    return sheets_url(request, "visit_add", line.planned.token)


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


def find_sheet(request: StaffRequest, token: str) -> PaperSheet:
    """A log sheet of this prison, or 404."""
    rows = PaperSheet.objects.for_prison(request.prison).filter(kind__in=PaperSheet.LOGS)
    found: PaperSheet = get_object_or_404(
        rows.select_related("buddy__person", "printed_by", "keyed_by", "prison"), token=token
    )
    return found


def sheets_url(request: StaffRequest, name: str, *args: Any) -> str:
    """An address of this prison's sheets and visits."""
    return reverse(f"referrals:{name}", args=[request.prison.code, *args])


def sheets_crumbs(request: StaffRequest) -> list[dict[str, str]]:
    """The list of sheets, and the weeks above it."""
    return [_weeks_crumb(request), {"text": "Log sheets", "href": sheets_url(request, "sheets")}]


def _weeks_crumb(request: StaffRequest) -> dict[str, str]:
    return {"text": "Weeks", "href": sheets_url(request, "week")}
