"""From the figures of a release to the report on one prison: pure, figures in, report out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from buddyscheme.lib.dates import Month
from monitoring.measures.definition import Heading, Measure
from monitoring.reports import rules
from monitoring.reports.drawings import Among, Run, among, among_drawn, months_drawn, run_of
from monitoring.reports.methods import facts_of, notes_of
from monitoring.reports.structure import MARKING, Definition, Drawing, Found, Given, Line, Report, Said, Section
from monitoring.words import basis_words, by_hand_words, figure_words, percent


@dataclass(frozen=True)
class _Judged:
    """One figure with a number, and everything that the rules found about it. `changed` is the way, or empty."""

    measure: Measure
    figure: Any
    run: Run | None
    place: Among | None
    said: tuple[Said, ...]
    fired: bool
    compared: bool
    changed: str

    @property
    def beside(self) -> str:
        """Which way it lies outside the outer limits, or empty."""
        outside = self.place is not None and self.place.own.outside
        return rules.WHERE[self.place.own.where].lower() if self.place is not None and outside else ""


def build(given: Given) -> Report:
    """The report. The order of its sections is that of an inspection report; every heading has one."""
    judged = {measure.code: _judge(given, measure) for measure in given.measures if _has_number(given, measure)}
    sections = []
    for heading in Heading:
        measures = [measure for measure in given.measures if measure.heading == heading]
        if measures:
            sections.append(_section(given, heading, measures, judged))
    shown = [judged[measure.code] for measure in given.measures if measure.code in judged]
    return Report(
        title=f"Buddy scheme at {given.prison_name}",
        period=str(given.period),
        marking=MARKING,
        before=given.before_words if given.before else "",
        facts=facts_of(given, shown=len(shown)),
        said=_overall(given, shown),
        sections=tuple(sections),
        rules=rules.RULES,
        notes=notes_of(given, beside=sum(each.place is not None for each in shown)),
        definitions=tuple(_definition(each.measure) for each in shown),
    )


def _has_number(given: Given, measure: Measure) -> bool:
    figure = given.own.get(measure.code)
    return figure is not None and figure.value is not None


# One figure --------------------------------------------------------------------------------------------------


def _judge(given: Given, measure: Measure) -> _Judged:
    figure, was = given.own[measure.code], given.before.get(measure.code)
    run = run_of(measure, given.months, given.monthly)
    place = among(
        measure,
        given.prison_code,
        given.prison_name,
        given.others.get(measure.code, {}),
        given.nation.get(measure.code),
    )
    compared = rules.can_be_compared(measure, was, figure)
    change, way = rules.changed_words(measure, (given.before_words, was), figure) if compared else (None, "")
    beside = None if place is None else rules.beside_words(measure, place.own, place.centre)
    months = None if run is None or not run.found else Said(rules.MONTHS, run.conclusion)
    return _Judged(
        measure=measure,
        figure=figure,
        run=run,
        place=place,
        said=tuple(_there([beside, months, change])),
        fired=run is not None and run.fired_in(_months_of(given)),
        compared=compared,
        changed=way,
    )


def _months_of(given: Given) -> list[Month]:
    return [month for month in given.months if given.period.first <= month.first <= given.period.last]


# A section ---------------------------------------------------------------------------------------------------


def _section(given: Given, heading: Heading, measures: Sequence[Measure], judged: dict[str, _Judged]) -> Section:
    there = [judged[measure.code] for measure in measures if measure.code in judged]
    said = [rules.shown_words(len(there), len(measures))]
    for state in rules.MISSING:
        lacking = [measure for measure in measures if measure.code not in judged and _state(given, measure) == state]
        if lacking:
            said += rules.missing_words(state, lacking)
    said += rules.care_words([(each.measure, each.figure) for each in there])
    said += _quiet(given, there)
    lines = tuple(_line(given, measure) for measure in measures)
    return Section(
        heading=heading.value,
        speaks_to=tuple(dict.fromkeys(measure.expectation for measure in measures)),
        said=tuple(said),
        lines=lines,
        has_records=any(line.records for line in lines),
        found=_found(there),
    )


def _quiet(given: Given, there: Sequence[_Judged]) -> list[Said]:
    months = [each for each in there if each.run is not None and not each.run.found]
    return rules.quiet_words(
        beside=[each.measure for each in there if each.place is not None and each.place.own.where == "inside"],
        months=[each.measure for each in months if each.run is not None and each.run.has_limits],
        early=[each.measure for each in months if each.run is not None and not each.run.has_limits],
        before=[each.measure for each in there if each.compared and not each.changed],
        period=given.before_words,
    )


def _state(given: Given, measure: Measure) -> str:
    """Why there is no number; empty where the release does not hold the figure."""
    figure = given.own.get(measure.code)
    return "" if figure is None else str(figure.state)


def _found(there: Sequence[_Judged]) -> tuple[Found, ...]:
    """Figures about which rules found something, with their pictures; else the first that can be drawn."""
    found = [_one_found(each, _drawings(each)) for each in there if each.said]
    if any(each.drawings for each in found):
        return tuple(found)
    for each in there:
        drawings = _drawings(each, always=True)
        if drawings:
            rest = [other for other in found if other.code != each.measure.code]
            return (_one_found(each, drawings[:1]), *rest)
    return tuple(found)


def _one_found(each: _Judged, drawings: tuple[Drawing, ...]) -> Found:
    basis = basis_words(each.measure, each.figure.numerator, each.figure.denominator)
    figure = _words(each.measure, each.figure)
    return Found(each.measure.code, each.measure.title, f"{figure}, {basis}" if basis else figure, each.said, drawings)


def _drawings(each: _Judged, *, always: bool = False) -> tuple[Drawing, ...]:
    """By rule 10: what rule 6 or 7 found something about, or anything that can be drawn."""
    drawn: list[Drawing] = []
    run, place = each.run, each.place
    if run is not None and run.has_limits and (always or run.found):
        drawn.append(months_drawn(each.measure, run))
    if place is not None and (always or place.own.where != "inside"):
        sentence = next((said.sentence for said in each.said if said.rule == rules.BESIDE), rules.INSIDE)
        drawn.append(among_drawn(each.measure, place, sentence, each.figure))
    return tuple(drawn)


def _line(given: Given, measure: Measure) -> Line:
    figure, nation = given.own.get(measure.code), given.nation.get(measure.code)
    was = given.before.get(measure.code)
    has_number = figure is not None and figure.value is not None
    return Line(
        code=measure.code,
        title=measure.title,
        version=measure.version if figure is None else figure.definition_version,
        figure=_words(measure, figure),
        basis="" if figure is None else basis_words(measure, figure.numerator, figure.denominator),
        interval=rules.interval_words(measure, figure) if has_number else "",
        nation=_words(measure, nation),
        before="" if was is None else _words(measure, was),
        records=_records(measure, figure),
    )


def _records(measure: Measure, figure: Any) -> str:
    """`85% recorded; staff looked at 20%`, or that it was given by hand."""
    if figure is not None and figure.value is not None and not measure.computed:
        return by_hand_words(measure)
    if figure is None or figure.completeness is None:
        return ""
    looked_at = "" if figure.looked_at_share is None else f"; staff looked at {percent(figure.looked_at_share)}"
    return f"{percent(figure.completeness)} recorded{looked_at}"


def _words(measure: Measure, figure: Any) -> str:
    return "Not in this release" if figure is None else figure_words(measure, figure.state, figure.value)


# The whole ---------------------------------------------------------------------------------------------------


def _overall(given: Given, shown: Sequence[_Judged]) -> tuple[Said, ...]:
    """What stands out by the rules, or that nothing does, and what nothing can be said about."""
    if not shown:
        return (rules.shown_words(0, len(given.measures)),)
    outside = [(each.measure.title, each.beside) for each in shown if each.beside]
    fired = [(each.measure.title, "") for each in shown if each.fired]
    changed = [(each.measure.title, each.changed) for each in shown if each.changed]
    said = _there(
        [
            rules.out_words("Outside the 99.8% limits beside all prisons", outside),
            rules.out_words("A rule of the control chart fired in the period", fired),
            rules.out_words(f"More than chance would explain beside {given.before_words}", changed),
        ]
    )
    if said:
        said.append(Said(rules.STANDS_OUT, "These are questions to ask, not verdicts."))
    else:
        said.append(Said(rules.STANDS_OUT, "Nothing stands out by these rules among the figures that can be shown."))
    hidden = len(given.measures) - len(shown)
    if hidden:
        words = "1 figure has no number to show" if hidden == 1 else f"{hidden} figures have no number to show"
        said.append(Said(rules.TOO_FEW, f"{words}. About these nothing is concluded, neither good nor bad."))
    return tuple(said)


def _there(said: Iterable[Said | None]) -> list[Said]:
    return [each for each in said if each is not None]


def _definition(measure: Measure) -> Definition:
    return Definition(
        code=measure.code,
        title=measure.title,
        version=measure.version,
        counts=measure.numerator,
        out_of=measure.denominator,
        unit=measure.unit,
        direction=measure.direction.value,
        basis=measure.basis.value,
    )
