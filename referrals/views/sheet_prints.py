"""Log sheets on paper: a buddy's week, or blank rows; in English or Welsh."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from referrals import sheet_words as words
from referrals.models import PaperSheet, PaperSlip
from referrals.queries import sheets as queries
from referrals.rules.sheets import COLUMNS, EXTRA, HOW, MOST_SPARES, WHY
from referrals.sheet_words import ENGLISH, WELSH, say
from referrals.views.visit_words import day_or_404
from schemes.models import TaskKind
from schemes.printed_words import language_of
from schemes.queries.people import custodies_of

# A blank row has room for as many numbers of tasks.
SPARE_TASKS = 4


@require_safe
@requires(P.VISITS_ENTER)
def sheets_print(request: StaffRequest, week_from: str) -> HttpResponse:
    """The log sheets of a week: all, those of a wing, or one buddy’s."""
    found = queries.log_sheets(request.prison, day_or_404(week_from))
    kept = {name: request.GET[name] for name in ("wing", "buddy") if request.GET.get(name)}
    if "buddy" in kept:
        found = found.filter(buddy__token=kept["buddy"])
    if "wing" in kept:
        here = custodies_of(request.prison).filter(wing__code=kept["wing"])
        found = found.filter(buddy__person__in=here.values("person"))
    return _print(request, list(found), kept, reverse("referrals:sheets", args=[request.prison.code]))


@require_safe
@requires(P.VISITS_ENTER)
def sheets_spare_print(request: StaffRequest, first: int, last: int) -> HttpResponse:
    """Spare sheets of these numbers."""
    found = list(queries.numbered(request.prison, PaperSheet.Kind.SPARE, first, last)[:MOST_SPARES])
    return _print(request, found, {}, reverse("referrals:sheets_spare", args=[request.prison.code]))


def _print(request: StaffRequest, sheets: list[PaperSheet], kept: dict[str, str], back_href: str) -> HttpResponse:
    if not sheets:
        raise Http404("no such sheets")
    language = language_of(request.GET.get("language", ""))
    rows = queries.rows_of(sheets)
    every = [row for of_sheet in rows.values() for row in of_sheet]
    kinds = queries.kinds_of(code for row in every for code in row.tasks)
    cells = queries.cells_of(request.prison, [row.plan.person_id for row in every if row.plan is not None])
    buddies = [sheet.buddy.person for sheet in sheets if sheet.buddy is not None]
    places = queries.places_of(request.prison, buddies)
    record(
        Event.PRINTED, by=request.actor, prison=request.prison.code, page="log sheets", rows=len(sheets),
        language=language,
    )  # fmt: skip
    return render(request, "referrals/sheet_paper.html", {
        "sheets": [
            {
                "sheet": sheet,
                "title": say("spare_title" if sheet.kind == PaperSheet.Kind.SPARE else "title", language),
                "buddy": sheet.buddy.person.full_name if sheet.buddy is not None and sheet.kind == "LOG" else "",
                "place": places.get(sheet.buddy.person_id, "") if sheet.buddy is not None else "",
                "week": words.week_of_sheet(sheet.week_starts_on, language)
                if sheet.week_starts_on is not None and sheet.kind == "LOG"
                else "",
                "rows": [_row(row, kinds, cells, language) for row in rows[sheet.pk]],
            }
            for sheet in sheets
        ],
        "t": {key: say(key, language) for key in words.WORDS},
        "columns": COLUMNS,
        "how_key": [(code, words.HOW_PICTURES[code], say(outcome, language)) for code, outcome in HOW.items()],
        "extra_key": [(code, words.EXTRA_PICTURES[code], say(f"extra_{code}", language)) for code in EXTRA],
        "why_key": [(code, words.WHY_PICTURES[reason], say(reason, language)) for code, reason in WHY.items()],
        "sessions": [say(code, language) for code in ("AM", "PM", "EV")],
        "page_language": language,
        "formats": _languages(request, kept, language),
        "unchecked": words.UNCHECKED if language == WELSH else "",
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "handling": say("handling", language),
        "back_href": back_href,
    })  # fmt: skip


def _row(row: PaperSlip, kinds: dict[str, TaskKind], cells: dict[int, str], language: str) -> dict[str, Any]:
    """A blank row of a spare sheet has room for what is printed on the others."""
    if row.plan is None or row.day is None:
        return {"place": row.place, "blank": True, "numbers": range(1, SPARE_TASKS + 1)}
    person = row.plan.person
    named = [kinds[code] for code in row.tasks if code in kinds]
    return {
        "place": row.place,
        "day": words.day_of_row(row.day, language),
        "session": row.session,
        "session_words": say(row.session, language),
        "name": person.first_name,
        "cell": say("cell", language, cell=cells[person.pk]) if cells.get(person.pk) else "",
        "tasks": [
            (nth, task.picture or "other", (task.name_cy if language == WELSH else "") or task.name)
            for nth, task in enumerate(named, start=1)
        ],
        "numbers": range(1, len(named) + 1),
        "minutes": row.minutes,
    }


def _languages(request: StaffRequest, kept: dict[str, str], current: str) -> Sequence[dict[str, Any]]:
    return [
        {
            "text": text,
            "href": f"{request.path}?{urlencode({**kept, 'language': code})}",
            "current": code == current,
            "lang": code if code == WELSH else "",
        }
        for code, text in ((ENGLISH, "English"), (WELSH, "Cymraeg"))
    ]
