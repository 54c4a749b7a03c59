"""Role cards: one page for each wing and reader, printed from the scheme's settings and the catalogue of tasks."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.models import Wing
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.tables import Cell, Row, Table
from schemes import role_card_words as words
from schemes.models import Scheme, TaskKind
from schemes.printed_words import ENGLISH, NEVER, WELSH, say
from schemes.queries.schemes import allowed_tasks, catalogue, scheme_of, served_wings
from schemes.role_card_words import EASY, FORMATS, Audience, in_format

# As many lines as a card in large type has room for.
MOST_EASY_TASKS = 6


def _scheme(request: StaffRequest) -> Scheme | None:
    return scheme_of(request.prison)


def _card_url(request: StaffRequest, wing: Wing, audience: str, format: str = ENGLISH) -> str:
    address = reverse("schemes:role_card", args=[request.prison.code, wing.token, audience])
    return address if format == ENGLISH else f"{address}?format={format}"


@require_safe
@requires(P.ROLE_CARD_PRINT)
def cards(request: StaffRequest) -> HttpResponse:
    """Every card: a line for each wing, a column for each reader."""
    found = _scheme(request)
    wings = served_wings(found) if found is not None else []
    context = {
        "title": "Role cards",
        "lead": "One page each, in English, Welsh and easy read. Hand them out when staff are briefed, when a buddy "
        "starts and when somebody gets a buddy.",
        "table": Table(
            caption="Cards by wing",
            first="Wing",
            columns=Audience.labels,
            rows=[
                Row(
                    text=wing.name,
                    cells=[
                        Cell(text="Open", href=_card_url(request, wing, code), hidden=f"card for {wing.name}: {label}")
                        for code, label in Audience.choices
                    ],
                )
                for wing in wings
            ],
        ),
        "empty": "The scheme serves no wing yet. The lead chooses the wings in the scheme’s settings.",
        "crumbs": [{"text": "The scheme", "href": reverse("schemes:scheme", args=[request.prison.code])}]
        if may(request, P.SCHEME_VIEW)
        else [],
    }
    return render(request, "components/list_page.html", context)


@require_safe
@requires(P.ROLE_CARD_PRINT)
def card(request: StaffRequest, token: str, audience: str) -> HttpResponse:
    """One card on one page."""
    found = _scheme(request)
    wing = next((wing for wing in served_wings(found) if wing.token == token), None) if found is not None else None
    if found is None or wing is None or audience not in Audience.values:
        raise Http404("no such card")
    format = words.format_of(request.GET.get("format", ""))
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, subject=wing, page=f"role card {audience}")
    context = {
        **_content(found, wing, audience, format),
        "page_language": WELSH if format == WELSH else ENGLISH,
        "easy": format == EASY,
        "unchecked": words.UNCHECKED if format == WELSH else "",
        "formats": [
            {"text": text, "href": _card_url(request, wing, audience, code), "current": code == format, "code": code}
            for code, text in FORMATS.items()
        ],
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "back_href": reverse("schemes:role_cards", args=[request.prison.code]),
        "handling": "This card holds nothing about any prisoner.",
    }
    return render(request, "schemes/role_card.html", context)


def _content(scheme: Scheme, wing: Wing, audience: str, format: str) -> dict[str, Any]:
    headings = words.HEADINGS[audience]
    return {
        "title": in_format(words.TITLE[audience], format, wing=wing.name),
        "lead": in_format(words.LEAD[audience], format),
        "may": {"heading": in_format(headings["may"], format), "lines": _may_lines(scheme, audience, format)},
        "never": {"heading": in_format(headings["never"], format), "lines": _never_lines(audience, format)},
        "sections": [
            {
                "heading": in_format(headings["moving"], format),
                "lines": [in_format(line, format) for line in words.MOVING[audience]],
            },
            {"heading": in_format(headings["fall"], format), "lines": _fall(scheme, audience, format)},
            {"heading": in_format(headings["call"], format), "lines": _call(scheme, audience, format)},
        ],
    }


def _named(task: TaskKind, format: str) -> str:
    return (task.name_cy if format == WELSH else "") or task.name


def _short(audience: str, format: str) -> bool:
    """Whoever is helped, and whoever reads easy read, gets the everyday tasks only."""
    return format == EASY or audience == Audience.RECIPIENT


def _may_lines(scheme: Scheme, audience: str, format: str) -> list[str]:
    tasks = allowed_tasks(scheme, london_today(timezone.now()))
    if _short(audience, format):
        tasks = [task for task in tasks if task.everyday][:MOST_EASY_TASKS]
    return [_named(task, format) for task in tasks]


def _never_lines(audience: str, format: str) -> list[str]:
    if _short(audience, format):
        return [say(key, WELSH if format == WELSH else ENGLISH) for key in NEVER]
    return [_named(task, format) for task in catalogue() if task.kind == TaskKind.Kind.PROHIBITED]


def _fall(scheme: Scheme, audience: str, format: str) -> list[str]:
    lines = [in_format(line, format) for line in words.FALL[audience]]
    for key, who, minutes in (
        ("by_day", scheme.fall_day_who, scheme.fall_day_minutes),
        ("by_night", scheme.fall_night_who, scheme.fall_night_minutes),
    ):
        if who and minutes:
            lines.append(in_format(words.SHARED[key], format, who=who, minutes=minutes))
    if not (scheme.fall_day_who and scheme.fall_night_who):
        lines.append(in_format(words.SHARED["not_settled"], format))
    return lines


def _call(scheme: Scheme, audience: str, format: str) -> list[str]:
    lines = [in_format(line, format) for line in words.CALL[audience]]
    lines.append(in_format(words.SHARED["lead"], format, name=scheme.lead.name))
    if scheme.deputy is not None:
        lines.append(in_format(words.SHARED["deputy"], format, name=scheme.deputy.name))
    if scheme.leave_cover:
        lines.append(in_format(words.SHARED["cover"], format, name=scheme.leave_cover))
    return lines
