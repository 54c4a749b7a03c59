"""Prisons beside each other, by name: no ranks, because among small numbers a rank is chance.

Shares and rates stand in a funnel; counts in a table with small bars, because a count has no size to hold it against.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from buddyscheme.accounts.models import Prison
from monitoring.charts.funnel import ALLOWED_FROM, Field, FunnelChart, Judged, Unit, funnel_chart, judge
from monitoring.charts.months import tick_of
from monitoring.charts.point import across, count_words, listed
from monitoring.charts.shown import Numbers, NumbersRow, Shown
from monitoring.disclosure import State
from monitoring.measures.definition import Kind, Measure, Needs, Told
from monitoring.words import basis_words, figure_words, percent

Entry = tuple[Prison, Any, str]
"""A prison, its figure in the release or None, and the address of its page there."""

NOT_IN_RELEASE = "Not in this release"
MOST_NAMED = 10
SAME = Decimal("0.001")
OTHERS = "Prisons stand in the order of their names. Differences between small prisons are often chance."
COUNTS = "Prisons stand in the order of their names. A large prison counts more; no number here says how good one is."
QUESTIONS = "These are questions, not verdicts."
INSIDE = "Nothing more than chance"
PLACES = {
    "high": "Higher than chance would explain: outside the 99.8% limits",
    "low": "Lower than chance would explain: outside the 99.8% limits",
    "between": "Between the 95% and the 99.8% limits",
    "inside": INSIDE,
    "": "",
}
IN_A_ROW = PLACES | {"high": "Higher: outside the 99.8% limits", "low": "Lower: outside the 99.8% limits"}
"""The same beside the chart, where a hundred rows say it."""
METHODS = {
    Kind.SHARE: "Method: funnel plot of proportions. Limits of 95% and 99.8% by the normal approximation around the "
    "share of all together (technical guide of Public Health England).",
    Kind.RATE: "Method: funnel plot of rates. Exact Poisson limits of 95% and 99.8% around the rate of all together "
    "(technical guide of Public Health England).",
}


def prisons_shown(
    measure: Measure,
    entries: Sequence[Entry],
    *,
    nation: Any = None,
    like: str = "",
    released: str = "",
) -> Shown:
    """A measure prison by prison, each with its link, in the order of their names.

    `nation` is the released figure of all together, the centre of the funnel; `like` is the kind of prison that is
    marked; `released` says in a sentence when and how the figures were published.
    """
    entries = sorted(entries, key=lambda entry: (entry[0].name, entry[0].code))
    if not _has_funnel(measure, entries):
        return _bars(measure, entries, released)
    field = _judged(measure, entries, nation, like)
    conclusion = _conclusion(measure, entries, field, like)
    return Shown(
        title=f"{measure.title}, by prison",
        conclusion=conclusion,
        picture=None if field is None else _picture(measure, field, " ".join(conclusion), like),
        numbers=_table(measure, entries, {} if field is None else {each.unit.href: each for each in field.judged}),
        methods="" if field is None else _methods(measure, entries, field, released),
        heading="Prison by prison",
        open=True,
    )


def outside_chance(measure: Measure, entries: Sequence[Entry], nation: Any) -> int | None:
    """How many prisons lie outside the 99.8% limits; None where there is no funnel."""
    field = _judged(measure, entries, nation) if _has_funnel(measure, entries) else None
    return None if field is None else sum(each.outside for each in field.judged)


def place_of(measure: Measure, entries: Sequence[Entry], nation: Any, code: str) -> str:
    """Where one prison lies in the funnel, in words; empty where there is no funnel or it has no figure."""
    field = _judged(measure, entries, nation) if _has_funnel(measure, entries) else None
    href = next((href for prison, _, href in entries if prison.code == code), "")
    return _against(next((each for each in field.judged if each.unit.href == href), None)) if field else ""


def _has_funnel(measure: Measure, entries: Sequence[Entry]) -> bool:
    return (
        measure.kind in METHODS
        and measure.told is not Told.AS_IT_IS
        and all(_is_quotient(measure, figure) for _, figure, _ in entries)
    )


def _judged(measure: Measure, entries: Sequence[Entry], nation: Any, like: str = "") -> Field | None:
    return judge(
        [_unit(measure, entry, like) for entry in entries],
        per=measure.per if measure.kind is Kind.RATE else None,
        centre=_centre(measure, nation),
    )


def _is_quotient(measure: Measure, figure: Any) -> bool:
    """Whether the value is its parts' quotient: a share with competing events is not, and has other limits."""
    if figure is None or figure.value is None or not figure.denominator:
        return True
    quotient = figure.numerator * measure.per / figure.denominator
    return bool(abs(quotient - figure.value) <= SAME * max(1, quotient))


def _centre(measure: Measure, nation: Any) -> float | None:
    if nation is None or nation.value is None:
        return None
    return float(nation.value) / (measure.per if measure.kind is Kind.RATE else 1)


def _unit(measure: Measure, entry: Entry, like: str) -> Unit:
    prison, figure, href = entry
    marked = bool(like) and prison.kind == like
    if figure is None or figure.value is None or figure.denominator is None:
        return Unit(prison.name, _state(figure), _words(measure, figure), href=href, like=marked)
    words = f"{_words(measure, figure)}, {basis_words(measure, figure.numerator, figure.denominator)}"
    parts = float(figure.numerator), float(figure.denominator)
    return Unit(prison.name, State(figure.state), words, *parts, href=href, like=marked)


def _state(figure: Any) -> State:
    return State.NOT_YET_DUE if figure is None else State(figure.state)


def _words(measure: Measure, figure: Any) -> str:
    return NOT_IN_RELEASE if figure is None else figure_words(measure, figure.state, figure.value)


def _picture(measure: Measure, field: Field, conclusion: str, like: str) -> FunnelChart:
    return funnel_chart(
        field,
        id=f"prisons-{measure.code.lower()}",
        title=f"{measure.title}, by prison",
        conclusion=conclusion,
        size_words=measure.denominator,
        tick=tick_of(measure),
        like=kind_words(like),
    )


def kind_words(kind: str) -> str:
    """`Training prisons`."""
    if not kind:
        return ""
    label = Prison.Kind(kind).label
    return "Other kinds of prison" if kind == Prison.Kind.OTHER else f"{label}s"


# The words -------------------------------------------------------------------------------------------------


def _conclusion(measure: Measure, entries: Sequence[Entry], field: Field | None, like: str) -> tuple[str, ...]:
    lacking = _lacking(measure, entries)
    if field is None:
        return ("There is nothing to compare: no prison has a figure.", *lacking)
    outside = [each for each in field.judged if each.outside]
    whole = tick_of(measure)(field.values_at)
    n = len(field.judged)
    prisons = "prison" if n == 1 else "prisons"
    if not outside:
        first = f"{n} {prisons} with a figure: none is further from {whole}, the figure of all together, than chance "
        return (f"{first}would explain.", *lacking)
    verb = "is" if len(outside) == 1 else "are"
    first = (
        f"Of {n} {prisons} with a figure, {count_words(len(outside))} {verb} further from {whole}, the figure of all "
    )
    first += f"together, than chance would explain: {_which(outside)}. {QUESTIONS}"
    return (f"{first} {measure.direction.value.capitalize()}.", *_allowing(field, outside), *lacking)


def _which(outside: Sequence[Judged]) -> str:
    """Those outside, by name where they are few; else how many on each side."""
    if len(outside) <= MOST_NAMED:
        return listed([_named(each) for each in outside])
    higher = sum(each.where == "high" for each in outside)
    return f"{higher} higher and {len(outside) - higher} lower, as the table says of each"


def _named(judged: Judged) -> str:
    return f"{judged.unit.name} ({'higher' if judged.where == 'high' else 'lower'})"


def _allowing(field: Field, outside: Sequence[Judged]) -> list[str]:
    """The same again with wider limits, beside what chance alone says."""
    if field.between is None:
        return []
    still = [each.unit.name for each in outside if each.allowed in ("high", "low")]
    if len(still) > MOST_NAMED:
        still = [f"{len(still)} prisons"]
    start = "Prisons differ by more than chance anyway. Allowing for that,"
    if not still:
        return [f"{start} none of them is outside the limits."]
    return [f"{start} still outside: {listed(still)}."]


def _lacking(measure: Measure, entries: Sequence[Entry]) -> list[str]:
    """Who has no figure, and why; names where they are few."""
    by_words: dict[str, list[str]] = {}
    for prison, figure, _ in entries:
        if figure is None or figure.value is None:
            by_words.setdefault(_words(measure, figure), []).append(prison.name)
    if not by_words:
        return []
    total = sum(map(len, by_words.values()))
    if total > MOST_NAMED:
        counts = "; ".join(f"{words.lower()}: {len(names)}" for words, names in sorted(by_words.items()))
        return [f"{total} prisons have no figure ({counts}). The table names them."]
    return [f"{words}: {listed(names)}." for words, names in sorted(by_words.items())]


def _methods(measure: Measure, entries: Sequence[Entry], field: Field, released: str) -> str:
    said = [METHODS[measure.kind], f"{len(field.judged)} of {len(entries)} prisons are drawn."]
    if field.between is not None:
        said.append(
            "Wider limits add the variance between prisons (Spiegelhalter, winsorised at 10%): "
            f"tau squared {field.between:.2g}."
        )
    elif len(field.judged) < ALLOWED_FROM:
        said.append(f"With fewer than {ALLOWED_FROM} prisons nobody can tell how much prisons differ anyway.")
    hidden = sum(figure is not None and figure.state == State.TOO_FEW for _, figure, _ in entries)
    if hidden:
        said.append(f"Hidden because they rest on too few: {hidden}.")
    said.append("Prisons differ in size, kind and the people they hold; the limits allow for size alone.")
    return " ".join([*said, released]).strip()


# The table -------------------------------------------------------------------------------------------------


def _table(measure: Measure, entries: Sequence[Entry], judged: dict[str, Judged]) -> Numbers:
    visits = measure.needs is Needs.VISITS
    rows = []
    for prison, figure, href in entries:
        found = judged.get(href)
        words = (Prison.Kind(prison.kind).label, _basis(measure, figure), _in_a_row(found))
        rows.append(NumbersRow(prison.name, _numeric(measure, figure, visits=visits), words, href))
    return Numbers(
        caption=f"{measure.title}, by prison",
        first="Prison",
        numeric=("Figure", "Recorded") if visits else ("Figure",),
        worded=("Kind", "Rests on", "Against chance"),
        rows=tuple(rows),
    )


def _numeric(measure: Measure, figure: Any, *, visits: bool) -> tuple[str, ...]:
    words = _words(measure, figure)
    if not visits:
        return (words,)
    return words, "" if figure is None or figure.completeness is None else percent(figure.completeness)


def _basis(measure: Measure, figure: Any) -> str:
    return "" if figure is None else basis_words(measure, figure.numerator, figure.denominator)


def _against(found: Judged | None) -> str:
    if found is None:
        return ""
    return PLACES[found.where] + (", but inside when prisons may differ anyway" if _is_allowed(found) else "")


def _is_allowed(found: Judged) -> bool:
    """Whether only the limits of chance leave it outside."""
    return found.outside and found.allowed == "inside"


def _in_a_row(found: Judged | None) -> str:
    if found is None:
        return ""
    return IN_A_ROW[found.where] + (", inside the wider ones" if _is_allowed(found) else "")


def _bars(measure: Measure, entries: Sequence[Entry], released: str) -> Shown:
    """A table with a bar in each row, but for facts and for what can be below nought: the numbers are the picture."""
    visits, drawn = measure.needs is Needs.VISITS, measure.kind not in (Kind.FACT, Kind.SCORE)
    highest = max((figure.value or 0 for _, figure, _ in entries if figure is not None), default=Decimal(0))
    rows = tuple(
        NumbersRow(
            prison.name,
            _numeric(measure, figure, visits=visits),
            (Prison.Kind(prison.kind).label,),
            href,
            across(float(figure.value / highest)) if drawn and figure is not None and figure.value else "",
        )
        for prison, figure, href in entries
    )
    return Shown(
        title=f"{measure.title}, by prison",
        conclusion=(COUNTS if measure.kind is Kind.COUNT else OTHERS, *_lacking(measure, entries)),
        picture=None,
        numbers=Numbers(
            caption=f"{measure.title}, by prison",
            first="Prison",
            numeric=("Figure", "Recorded") if visits else ("Figure",),
            worded=("Kind",),
            rows=rows,
            bars=measure.unit.capitalize() if drawn else "",
        ),
        methods=released,
        heading="Prison by prison",
        open=True,
    )
