"""Religion and sexual orientation of all prisoners in a release, as prisons imported them: tables of a year."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.dates import parse_period
from buddyscheme.lib.tables import Column, Row, Table
from monitoring.charts.beside_prisoners import share_words
from monitoring.disclosure import Protected
from monitoring.models import Release
from monitoring.prisoners import FEWEST_PRISONS, GROUPS, Prisoners, prisoners_of
from monitoring.queries.population import imported_in
from monitoring.queries.releases import prisons_in, years_until
from monitoring.words import STATE_WORDS

FILE_WORDS = {"religion": "Religion", "orientation": "Sexual orientation"}


def imported_of(release: Release) -> dict[str, Any]:
    """What files counted, for a year; for a quarter where the year is."""
    if release.kind != Release.Kind.YEAR:
        year = next(iter(years_until(release)), None)
        return {"year": year, "period": "" if year is None else str(parse_period(year.period)), "parts": []}
    of = len(prisons_in(release))
    return {"is_year": True, "parts": [_part(each, of) for each in prisoners_of(imported_in(release))]}


def _part(each: Prisoners, of: int) -> dict[str, Any]:
    title = FILE_WORDS[each.by]
    if each.total is None:
        words = "Not imported by any prison" if not each.prisons else f"Imported by fewer than {FEWEST_PRISONS} prisons"
        return {"title": title, "said": f"{words}, so nothing is shown."}
    total = each.total
    rows = []
    for code, words in GROUPS[each.by].items():
        shown = each.groups[code]
        share = (
            "" if shown.value is None or total.value is None else share_words(float(shown.value), float(total.value))
        )
        rows.append(Row(text=words, cells=[_people(shown), share or "–"]))
    rows.append(Row(text="All together", cells=[_people(total), "–"]))
    return {
        "title": title,
        "said": f"People in prison, as {each.prisons} of {of} prisons counted them.",
        "table": Table(
            caption=f"{title} of people in prison",
            caption_hidden=True,
            first=title,
            columns=[Column(text="People in prison", numeric=True), Column(text="Share", numeric=True)],
            rows=rows,
        ),
    }


def _people(shown: Protected) -> str:
    return STATE_WORDS[shown.state.value] if shown.value is None else f"{shown.value:,.0f}"
