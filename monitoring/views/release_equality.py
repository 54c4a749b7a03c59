"""Equality in a release: for each breakdown who is helped, who helps, and the help, of all prisons together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import parse_period
from buddyscheme.lib.tables import Cell, Column, Row, Table
from monitoring.charts.beside_prisoners import Beside, beside_of, conclusion_of, share_words
from monitoring.measures.catalogue import BY_CODE, RELEASED
from monitoring.measures.definition import By, Kind, Measure
from monitoring.measures.groups import BY_WORDS, GROUP_WORDS, UNKNOWN
from monitoring.models import ReleaseFigure
from monitoring.queries.releases import figures_in, groups_in
from monitoring.queries.wording import worded
from monitoring.views.release_parts import crumbs_of, measure_url, release_or_404, words_of
from monitoring.views.release_prisoners import imported_of
from monitoring.words import STATE_WORDS, basis_words

HELPED, BUDDIES = BY_CODE["OP-25b"], BY_CODE["OP-25a"]
WHO = ("the people helped", "the buddies")
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Who is helped, and who helps", ("OP-04b", "OP-04a", "OP-02")),
    ("The help", ("OP-09a", "OP-10a", "OP-06a", "OP-07", "BS-01")),
    ("Becoming a buddy", ("OP-14a", "OP-14c", "OP-14d", "OP-14e")),
)
NOT_COUNTED = "Not every prison has counted its prisoners by these groups, so there is nothing to compare with."
NEVER_COUNTED = "How many of all prisoners are in these groups is not imported, so there is nothing to compare with."
BESIDE, MORE, ALL, UNKNOWN_WORDS = "Beside all prisoners", "Other figures", "All together", "Not known"


@dataclass(frozen=True)
class Grouped:
    """A measure with its groups of one breakdown and the figure of everybody."""

    measure: Measure
    groups: Mapping[str, ReleaseFigure]
    whole: ReleaseFigure | None


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def equality(request: StaffRequest, token: str) -> HttpResponse:
    """Every measure that is broken down, under each breakdown, as it is stored in the release."""
    release = release_or_404(token)
    there, whole = groups_in(release), figures_in(release, about=None)
    measures = [measure for measure in worded(RELEASED) if measure.code in there]
    sections = []
    for by in [By.AGE, By.SEX, By.ETHNICITY, By.DISABILITY, By.LANGUAGE]:
        found = {
            measure.code: Grouped(measure, there[measure.code][by.value], whole.get(measure.code))
            for measure in measures
            if by.value in there[measure.code]
        }
        if found:
            sections.append(_section(by, found))
    viewed(by=request.actor, prison="", subject=release, page="equality")
    return render(
        request,
        "monitoring/release_equality.html",
        {
            "title": "Equality",
            "caption": f"All prisons, {parse_period(release.period)}",
            "release": release,
            "sections": sections,
            "imported": imported_of(release),
            "measures": [{"title": each.title, "href": measure_url(release, each.code)} for each in measures],
            "crumbs": crumbs_of(release),
        },
    )


# One breakdown ---------------------------------------------------------------------------------------------------


def _section(by: By, found: Mapping[str, Grouped]) -> dict[str, Any]:
    named = {code for _, codes in PARTS for code in codes} | {HELPED.code, BUDDIES.code}
    parts = [*PARTS, (MORE, tuple(code for code in found if code not in named))]
    tables = [
        (title, _table(by, title, [found[code] for code in codes if code in found]))
        for title, codes in parts
        if any(code in found for code in codes)
    ]
    beside = {measure.code: found[measure.code] for measure in (HELPED, BUDDIES) if measure.code in found}
    return {
        "anchor": by.value,
        "heading": BY_WORDS[by],
        "tables": [{"title": title, "table": table} for title, table in tables],
        "beside": _beside(by, beside) if len(beside) == 2 else None,
        "beside_title": BESIDE,
        "lacking": NOT_COUNTED if by in HELPED.by else NEVER_COUNTED,
    }


def _groups(by: By) -> list[tuple[str, str]]:
    return [*GROUP_WORDS[by].items(), (UNKNOWN, UNKNOWN_WORDS)]


def _table(by: By, title: str, grouped: Sequence[Grouped]) -> Table:
    rows = [
        Row(text=words, cells=[_cell(each, each.groups.get(code)) for each in grouped]) for code, words in _groups(by)
    ]
    whole = [Cell(text=words_of(each.measure, each.whole), note=_basis(each, each.whole)) for each in grouped]
    return Table(
        caption=f"{BY_WORDS[by]}: {title[0].lower()}{title[1:]}",
        caption_hidden=True,
        first=BY_WORDS[by],
        columns=[Column(text=each.measure.title, numeric=True) for each in grouped],
        rows=[*rows, Row(text=ALL, cells=whole)],
    )


def _cell(each: Grouped, figure: ReleaseFigure | None) -> Cell:
    """The figure, with what it rests on; of a count its share of all."""
    note = _basis(each, figure)
    if each.measure.kind is Kind.COUNT and figure is not None and each.whole is not None:
        share = share_words(_number(figure), _number(each.whole))
        note = f"{share} of all" if share else ""
    return Cell(text=words_of(each.measure, figure), note=note)


def _basis(each: Grouped, figure: ReleaseFigure | None) -> str:
    return "" if figure is None else basis_words(each.measure, figure.numerator, figure.denominator)


def _number(figure: ReleaseFigure) -> float | None:
    return None if figure.value is None else float(figure.value)


# Beside all prisoners --------------------------------------------------------------------------------------------


def _beside(by: By, found: Mapping[str, Grouped]) -> dict[str, Any]:
    """Shares of the people helped, of buddies and of all prisoners, and what may be concluded from them."""
    helped, buddies = found[HELPED.code], found[BUDDIES.code]
    wholes = [beside_of(ALL, each.whole) for each in (helped, buddies)]
    groups = {
        code: [beside_of(words, each.groups.get(code)) for each in (helped, buddies)] for code, words in _groups(by)
    }
    rows = [
        Row(
            text=words,
            cells=[
                Cell(text=words_of(each.measure, each.groups.get(code)), note=_of_all(one, whole, what))
                for each, one, whole, what in zip((helped, buddies), groups[code], wholes, WHO, strict=True)
            ]
            + [_prisoners(groups[code], wholes)],
        )
        for code, words in _groups(by)
    ]
    said = []
    for place, (what, each) in enumerate(zip(WHO, (helped, buddies), strict=True)):
        known = [pair[place] for code, pair in groups.items() if code != UNKNOWN]
        said.append(" ".join(conclusion_of(what, known, each.groups.get(UNKNOWN), wholes[place])))
    return {
        "said": said,
        "table": Table(
            caption=f"{BY_WORDS[by]}: beside all prisoners",
            caption_hidden=True,
            first=BY_WORDS[by],
            columns=[
                *(Column(text=each.measure.title, numeric=True) for each in (helped, buddies)),
                Column(text="Share of all prisoners", numeric=True),
            ],
            rows=rows,
        ),
    }


def _of_all(one: Beside, whole: Beside, what: str) -> str:
    share = share_words(one.people, whole.people)
    return f"{share} of {what}" if share else ""


def _prisoners(pair: Sequence[Beside], wholes: Sequence[Beside]) -> Cell:
    """The prisoners of a group stand behind both measures; what either shows of them is shown."""
    for one, whole in zip(pair, wholes, strict=True):
        share = share_words(one.prisoners, whole.prisoners)
        if share:
            return Cell(text=share, note=f"{one.prisoners:,.0f} of {whole.prisoners:,.0f}")
    return Cell(text=STATE_WORDS["TOO_FEW"])
