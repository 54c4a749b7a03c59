"""Data quality in words: what changed, what is asked, and how complete records are."""

from __future__ import annotations

from buddyscheme.lib.dates import london_today, parse_period
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Tag
from monitoring.contradictions import BY_RULE
from monitoring.measures.catalogue import BY_CODE
from monitoring.measures.definition import Measure
from monitoring.models import DataQuery, FigureCorrection
from monitoring.quality import Timeliness
from monitoring.words import figure_words, percent

How = DataQuery.How


def rule_title(query: DataQuery) -> str:
    """What it is about, in a few words."""
    rule = BY_RULE.get(query.rule)
    return rule.title if rule is not None else "Asked by the national team"


def measure_title(code: str) -> str:
    """The figure's name; all of them where the query is about none in particular."""
    return BY_CODE[code].title if code in BY_CODE else "All figures"


def period_words(query: DataQuery) -> str:
    """The period as a reader knows it."""
    return str(parse_period(query.period))


def query_tag(query: DataQuery, *, answered: bool) -> Tag:
    """Where a query stands."""
    if query.closed_at is not None:
        return Tag(text=How(query.how).label, colour="grey" if query.how == How.NO_LONGER else "green")
    return Tag(text="Answered", colour="blue") if answered else Tag(text="To answer", colour="red")


def correction_words(measure: Measure, correction: FigureCorrection, *, since: str = "the month was closed") -> str:
    """`Changed since the month was closed: from 87% to 89% on 3 November 2026`."""
    before = figure_words(measure, correction.was_state, correction.was_value)
    after = figure_words(measure, correction.state, correction.value)
    if before == after:
        return f"Changed since {since}, by too little to see: {after}, on {_day(correction)}"
    return f"Changed since {since}: from {before} to {after} on {_day(correction)}"


def _day(correction: FigureCorrection) -> str:
    return day_in_words(london_today(correction.corrected_at))


def timely_words(found: Timeliness) -> str:
    """How soon visits were entered."""
    if found.on_the_day is None:
        return "No visit was entered"
    words = f"{percent(found.on_the_day)} entered on the day of the visit"
    if found.median_days_late is None:
        return words
    days = f"{found.median_days_late:g}"
    return f"{words}\nHalf of the others came within {days} {'day' if days == '1' else 'days'}"
