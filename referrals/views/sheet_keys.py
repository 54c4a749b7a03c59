"""Entering a log sheet: by its number, whose it is where it is a spare one, then all of it on one page."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today, week_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import why_not
from referrals.actions import sheets as actions
from referrals.forms.sheets import KeySheetForm, SheetNumberForm, WhoseForm, week_words, weeks_back
from referrals.models import PaperSheet, PlannedVisit
from referrals.queries import sheets as queries
from referrals.queries.sheets import Line
from referrals.rules.sheets import EXTRA, HOW, WHY, check_can_key
from referrals.sheet_words import ENGLISH, WORDS, day_of_row
from referrals.views.sheets import find_sheet, sheets_crumbs, sheets_url
from referrals.views.visit_words import day_or_404, what_happened
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of

UNKNOWN = "No sheet with this number was printed at this prison. Check the number on the paper."


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
            return redirect(sheets_url(request, step, found.token))
    return render(request, "components/form_page.html", {
        "title": "Enter a log sheet", "form": form, "crumbs": sheets_crumbs(request),
    })  # fmt: skip


def _refusal(sheet: PaperSheet) -> str:
    return why_not(check_can_key, sheet, keyed_by=sheet.keyed_by.name if sheet.keyed_by else "")


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_ENTER)
def sheet_whose(request: StaffRequest, token: str) -> HttpResponse:
    """Whose spare sheet it is, and of which week."""
    found = find_sheet(request, token)
    if found.kind != PaperSheet.Kind.SPARE:
        return redirect(sheets_url(request, "sheet_enter", found.token))
    today = london_today(timezone.now())
    form = WhoseForm(
        request.POST if request.method == "POST" else None,
        buddies=_buddies(request),
        weeks=weeks_back(week_of(today).monday),
    )
    if request.method == "POST" and form.is_valid():
        query = urlencode({name: form.cleaned_data[name] for name in ("buddy", "week")})
        return redirect(f"{sheets_url(request, 'sheet_enter', found.token)}?{query}")
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
    found = find_sheet(request, token)
    refusal = _refusal(found)
    if refusal:
        messages.warning(request, refusal)
        return redirect(sheets_url(request, "sheet", found.token))
    spare = found.kind == PaperSheet.Kind.SPARE
    buddy, monday = _whose(request) if spare else (found.buddy, found.week_starts_on)
    if buddy is None or monday is None:
        return redirect(sheets_url(request, "sheet_whose", found.token))
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
            return redirect(sheets_url(request, "sheet", found.token))
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=buddy.person_id)
    return render(request, "referrals/sheet_enter.html", {
        "title": f"Sheet {found.reference}",
        "form": form,
        "buddy": buddy.person.full_name,
        "week_text": week_words(monday),
        "rows": _key_rows(request, form),
        "nothing": spare and not visits,
        "whose_href": sheets_url(request, "sheet_whose", found.token),
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


def _key_crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [*sheets_crumbs(request), {"text": "Enter a log sheet", "href": sheets_url(request, "sheet_key")}]
