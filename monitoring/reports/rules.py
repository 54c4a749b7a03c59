"""The rules by which a report draws conclusions from figures. Each is stated in the report's own methods section.

No rule names a cause, praises or blames. What is hidden or missing leads to no conclusion but that it is hidden or
missing, and silence is never taken for safety.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from monitoring.charts.change import estimate_of
from monitoring.charts.funnel import Judged
from monitoring.charts.months import tick_of
from monitoring.charts.point import count_words
from monitoring.charts.signals import LEAST
from monitoring.measures.definition import Kind, Measure, Needs
from monitoring.models.figure import FigureState
from monitoring.reports.structure import Rule, Said
from monitoring.statistics import difference
from monitoring.words import figure_words, percent

TOO_FEW, NO_RETURN, NOTHING_DUE, SILENCE, SURE, BESIDE, MONTHS, BEFORE, RECORDS, PICTURES, STANDS_OUT = range(1, 12)
RECORDED_FROM = Decimal("0.9")
# Items whose figures count what somebody has to dare or to remember to tell.
TOLD = frozenset({"OP-22", "OP-23", "OP-24", "OU-12"})

RULES = (
    Rule(
        TOO_FEW,
        "Too few to show",
        "A count under 10 is hidden, and so is a larger one from which a small one could be worked out. The report "
        "says that it is hidden and concludes nothing from it. None at all is hidden like any other small number, "
        "unless there could be none.",
    ),
    Rule(
        NO_RETURN,
        "No return",
        "Where the scheme was open and nothing was recorded, the report says so. It is a gap and not nought.",
    ),
    Rule(
        NOTHING_DUE,
        "Nothing was due",
        "Where nothing was due or planned in the period there is neither nought nor all of it, and nothing is "
        "concluded.",
    ),
    Rule(
        SILENCE,
        "Silence is not safety",
        "Concerns, boundary reports and falls have no good direction. None, few or hidden may mean that little "
        "happened or that little was told; many may mean more harm or more openness. The report says both.",
    ),
    Rule(
        SURE,
        "How sure a figure is",
        "Shares have the 95% interval of Wilson, rates that of their counts (Byar), both from 10 on and worked out "
        "from the rounded numbers that are published.",
    ),
    Rule(
        BESIDE,
        "Beside all prisons",
        "Shares and rates are held against the figure of all prisons together, with limits that narrow as numbers "
        "grow (a funnel plot; 95% and 99.8%, technical guide of Public Health England). Outside the 99.8% limits is a "
        "question to ask. From 10 prisons on the wider limits that allow for prisons to differ anyway are named too. "
        "Counts are put beside the nation’s and not judged. No prison is ranked.",
    ),
    Rule(
        MONTHS,
        "Month by month",
        "A control chart of individual months (XmR) with the four rules of NHS England’s Making Data Count: a month "
        "outside the limits; seven on one side of the average; seven rising or falling; two of three close to a "
        "limit. It needs 12 months with a number.",
    ),
    Rule(
        BEFORE,
        "Beside the period before",
        "Shares and rates are compared with the release of the period before by the 95% interval of the difference "
        "(Newcombe). A difference is named only where its interval leaves out nought. Nothing is said about why. "
        "Counts are put beside each other and not judged.",
    ),
    Rule(
        RECORDS,
        "How complete the records are",
        "A figure about visits says so when under 90% of the planned visits have a record, or when that share cannot "
        "be shown. The bound is ours.",
    ),
    Rule(
        PICTURES,
        "Pictures",
        "A picture is drawn of every figure about which rule 6 or 7 found something. Where they found nothing under a "
        "heading, the first figure there that can be drawn has one.",
    ),
    Rule(
        STANDS_OUT,
        "What stands out",
        "Listed at the top: figures outside the 99.8% limits of rule 6, figures for which rule 7 fired in a month of "
        "the period, and differences by rule 8.",
    ),
)

JUDGED = (Kind.SHARE, Kind.RATE)
INSIDE = "No further from all prisons together than chance would explain."
WHERE = {"high": "Higher", "low": "Lower"}


def is_told(measure: Measure) -> bool:
    """Whether the figure counts what somebody has to tell, so that few may mean silence."""
    return measure.item in TOLD


def interval_words(measure: Measure, figure: Any) -> str:
    """The 95% interval of a share or a rate, `70% to 78%`; empty for a count and where it rests on too few."""
    if measure.kind not in JUDGED:
        return ""
    estimate = estimate_of(measure, figure)
    tick = tick_of(measure)
    return "" if estimate is None else f"{tick(estimate.low)} to {tick(estimate.high)}"


def beside_words(measure: Measure, judged: Judged, centre: float) -> Said | None:
    """That the prison lies outside the limits around all together. `centre` is on the scale of the figures."""
    whole = tick_of(measure)(centre)
    if judged.outside:
        allowing = ""
        if judged.allowed == "inside":
            allowing = " Prisons differ by more than chance anyway; allowing for that it is inside the limits."
        elif judged.allowed:
            allowing = " Prisons differ by more than chance anyway; allowing for that it is still outside."
        return Said(
            BESIDE,
            f"{WHERE[judged.where]} than chance would explain beside all prisons together ({whole}): outside the 99.8% "
            f"limits.{allowing} {_way(measure)} This is a question to ask, not a verdict.",
        )
    if judged.where == "between":
        way = "higher" if judged.value > centre else "lower"
        return Said(
            BESIDE,
            f"A little {way} than all prisons together ({whole}): between the 95% and the 99.8% limits, where chance "
            "alone puts about one figure in twenty.",
        )
    return None


def _way(measure: Measure) -> str:
    return f"{measure.direction.value.capitalize()}."


def changed_words(measure: Measure, earlier: tuple[str, Any], figure: Any) -> tuple[Said | None, str]:
    """That a share or a rate differs from the period before by more than chance, and which way.

    `earlier` is that period in words with its figure. Nothing is said where it has none or both rest on too few.
    """
    words, was = earlier
    estimates = [estimate_of(measure, each) for each in (was, figure)]
    if None in estimates:
        return None, ""
    before, after = (each for each in estimates if each is not None)
    change = difference(before, after)
    if change.low <= 0 <= change.high:
        return None, ""
    way = "higher" if change.value > 0 else "lower"
    interval = f"95% interval of the difference {_signed(measure, change.low)} to {_signed(measure, change.high)}"
    then = figure_words(measure, was.state, was.value)
    said = f"{way.capitalize()} than {then} in {words} by more than chance would explain ({interval}). {_way(measure)}"
    return Said(BEFORE, said), way


def can_be_compared(measure: Measure, was: Any, figure: Any) -> bool:
    """Whether rule 8 judges it: a share or a rate of people or events, with enough in this period and the one before.

    Who pays for a scheme is a share as well, and no matter of chance.
    """
    if measure.kind not in JUDGED or was is None or was.value is None:
        return False
    return None not in [estimate_of(measure, each) for each in (was, figure)]


def _signed(measure: Measure, change: float) -> str:
    """`−3` (percentage points) or `+0.4`."""
    number = f"{change * 100:+.0f}" if measure.kind is Kind.SHARE else f"{change:+.1f}"
    return number.replace("-", "−")


# Where the rules found nothing ---------------------------------------------------------------------------------


def quiet_words(
    *,
    beside: Sequence[Measure],
    months: Sequence[Measure],
    early: Sequence[Measure],
    before: Sequence[Measure],
    period: str,
) -> list[Said]:
    """One sentence for each rule that found nothing, with the figures of a section that it looked at."""
    said = [
        (BESIDE, "No further from all prisons together than chance would explain", beside),
        (MONTHS, "Month by month nothing more than chance would explain", months),
        (MONTHS, f"Too early for limits month by month, with fewer than {LEAST} months with a number", early),
        (BEFORE, f"No more different from {period} than chance would explain", before),
    ]
    return [Said(rule, f"{start}: {_titles(measures)}.") for rule, start, measures in said if measures]


def _titles(measures: Sequence[Measure]) -> str:
    return "; ".join(measure.title for measure in measures)


# What a number does not say --------------------------------------------------------------------------------------


def care_words(measures: Sequence[tuple[Measure, Any]]) -> list[Said]:
    """Of a section's figures with a number: that records are missing, and that few or many told says two things."""
    said = [_recorded(figure) for measure, figure in measures if measure.needs is Needs.VISITS]
    said += [_told(figure) for measure, figure in measures if is_told(measure)]
    return list(dict.fromkeys(each for each in said if each is not None))


def _recorded(figure: Any) -> Said | None:
    if figure.completeness is None:
        return Said(RECORDS, "How many of the planned visits have a record cannot be shown.")
    if figure.completeness >= RECORDED_FROM:
        return None
    share = percent(figure.completeness)
    return Said(RECORDS, f"{share} of planned visits have a record. What happened at the others is not known.")


def _told(figure: Any) -> Said:
    if not figure.value:
        return Said(SILENCE, "None may mean that nothing happened or that nothing was told: it is not shown as safety.")
    return Said(
        SILENCE,
        "Of concerns, boundary reports and falls more may mean more harm or more openness, and fewer less harm or less "
        "told.",
    )


# What has no number ------------------------------------------------------------------------------------------

MISSING = {
    FigureState.TOO_FEW: (TOO_FEW, "Too few to show", "About these nothing can be said, neither good nor bad."),
    FigureState.NOT_RETURNED: (NO_RETURN, "No return", "The scheme recorded nothing here: a gap, not nought."),
    FigureState.NOT_YET_DUE: (NOTHING_DUE, "Nothing was due", "There is neither nought nor all of it."),
    FigureState.NOT_REACHED: (NOTHING_DUE, "Not reached yet", "More than half still wait."),
    "": (NOTHING_DUE, "Not in this release", "The release was published without these."),
}


def missing_words(state: str, measures: Sequence[Measure]) -> tuple[Said, ...]:
    """All figures of a section with one state, and what silence is not, where they count what has to be told."""
    rule, name, words = MISSING[state]
    said = Said(rule, f"{name}: {_titles(measures)}. {words}")
    told = [measure for measure in measures if is_told(measure)]
    if not told:
        return (said,)
    return said, Said(
        SILENCE,
        "Some of these count what somebody has to tell. Few or none may mean that little happened or that little was "
        "told: it is not shown as safety.",
    )


def shown_words(shown: int, of: int) -> Said:
    """How many figures of a section, or of the report, have a number."""
    if not shown:
        words = f"None of the {of} figures here can be shown." if of > 1 else "The one figure here cannot be shown."
        return Said(TOO_FEW, words)
    verb = "has" if shown == 1 else "have"
    return Said(TOO_FEW, f"{count_words(shown).capitalize()} of {of} figures {verb} a number to show.")


def out_words(start: str, named: Sequence[tuple[str, str]]) -> Said | None:
    """One line of what stands out: figures by title, each with its way."""
    if not named:
        return None
    titles = "; ".join(f"{title} ({way})" if way else title for title, way in named)
    return Said(STANDS_OUT, f"{start}: {titles}.")
