"""Self-assessments, what the records say about their items, evidence, and the plan of action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Quarter, parse_period
from monitoring.models import Figure, SelfAction, SelfAnswer, SelfAssessment, SelfEvidence
from monitoring.models.figure import FigureState
from monitoring.queries.typed import newest_typed
from monitoring.standards import BY_CODE, INFORMING, ITEMS, Reading

AGREEMENT = "OP-31"


def readings(prison: Prison, quarter: Quarter) -> dict[str, Reading]:
    """What the records hold for a quarter by measure: the quarter's figure, else its newest month's with a number."""
    periods = [quarter.code, *(month.code for month in reversed(quarter.months))]
    found: dict[str, dict[str, Figure]] = {}
    for figure in Figure.objects.for_prison(prison).filter(period__in=periods, measure__in=INFORMING, breakdown=""):
        found.setdefault(figure.measure, {})[figure.period] = figure
    facts = {code: _reading([each[period] for period in periods if period in each]) for code, each in found.items()}
    typed = [row for row in newest_typed(prison, [AGREEMENT]).values() if row.first_day <= quarter.last]
    if typed:
        facts[AGREEMENT] = Reading(typed[0].value, f"as given for {typed[0].period}")
    return facts


def _reading(figures: list[Figure]) -> Reading:
    figure = next((each for each in figures if each.value is not None), figures[0])
    return Reading(
        figure.value,
        str(parse_period(figure.period)),
        figure.numerator,
        figure.denominator,
        missing=figure.state == FigureState.NOT_RETURNED,
    )


@dataclass(frozen=True)
class Suggestion:
    """What the records suggest for one item, empty where nothing, and what that rests on in words."""

    answer: str
    figures: str


def suggestions(prison: Prison, quarter: Quarter) -> dict[str, Suggestion]:
    """By item, for every item."""
    facts = readings(prison, quarter)
    return {item.code: Suggestion(item.suggested(facts) or "", item.says(facts)) for item in ITEMS}


def assessments_of(prison: Prison) -> QuerySet[SelfAssessment]:
    """Those that were started, the newest quarter first."""
    rows = SelfAssessment.objects.for_prison(prison).select_related("started_by", "finished_by")
    return rows.order_by("-first_day", "id")


def assessment_of(prison: Prison, quarter: Quarter) -> SelfAssessment | None:
    """The quarter's, if it was started."""
    return assessments_of(prison).filter(period=quarter.code).first()


def assessment_before(prison: Prison, quarter: Quarter) -> SelfAssessment | None:
    """The newest finished one of an earlier quarter, whose answers are a start for this one."""
    return assessments_of(prison).filter(first_day__lt=quarter.first, finished_at__isnull=False).first()


def answers_of(assessment: SelfAssessment) -> dict[str, SelfAnswer]:
    """The newest answer of each item, in one question."""
    rows = SelfAnswer.objects.for_prison(assessment.prison_id).filter(assessment=assessment)
    newest = rows.select_related("answered_by").order_by("item", "-version").distinct("item")
    return {row.item: row for row in newest}


def versions_of(assessment: SelfAssessment, item: str) -> list[SelfAnswer]:
    """Every answer that was given to one item, the newest first."""
    rows = SelfAnswer.objects.for_prison(assessment.prison_id).filter(assessment=assessment, item=item)
    return list(rows.select_related("answered_by").order_by("-version"))


def evidence_of(assessment: SelfAssessment) -> dict[str, list[SelfEvidence]]:
    """What is attached and was not taken out, by item, in the order in which it came."""
    rows = SelfEvidence.objects.for_prison(assessment.prison_id).filter(
        answer__assessment=assessment, taken_out_at__isnull=True
    )
    found: dict[str, list[SelfEvidence]] = {}
    for row in rows.select_related("answer", "added_by").order_by("added_at", "id"):
        found.setdefault(row.answer.item, []).append(row)
    return found


def any_evidence(prison: Prison) -> QuerySet[SelfEvidence]:
    """Attached and not taken out, with its answer and assessment."""
    rows = SelfEvidence.objects.for_prison(prison).filter(taken_out_at__isnull=True)
    return rows.select_related("answer__assessment")


def plan_of(assessment: SelfAssessment) -> dict[str, list[SelfAction]]:
    """The plan by item: actions of this quarter, and those of earlier ones that were open when it was started."""
    rows = SelfAction.objects.for_prison(assessment.prison_id).filter(
        Q(assessment=assessment)
        | Q(assessment__first_day__lt=assessment.first_day)
        & (Q(done_at__isnull=True) | Q(done_at__gte=assessment.started_at))
    )
    if assessment.finished_at is not None:
        rows = rows.filter(added_at__lte=assessment.finished_at)
    found: dict[str, list[SelfAction]] = {}
    for row in rows.select_related("assessment").order_by("due_on", "id"):
        found.setdefault(row.item, []).append(row)
    return found


def actions_of(prison: Prison) -> QuerySet[SelfAction]:
    """Every action, the earliest day first."""
    rows = SelfAction.objects.for_prison(prison).select_related("assessment", "done_by")
    return rows.order_by("due_on", "id")


def open_actions(prison: Prison) -> QuerySet[SelfAction]:
    """What is still to be done."""
    return actions_of(prison).filter(state=SelfAction.State.OPEN)


def overdue_actions(prison: Prison, today: date) -> QuerySet[SelfAction]:
    """Open, and their day has passed."""
    return open_actions(prison).filter(due_on__lt=today)


def closed_actions(prison: Prison) -> QuerySet[SelfAction]:
    """Done or dropped, the newest first."""
    return actions_of(prison).exclude(state=SelfAction.State.OPEN).order_by("-done_at", "id")


@dataclass(frozen=True)
class FinishedAnswer:
    """One answer of a finished self-assessment, without the words, the evidence and the names."""

    item: str
    answer: str
    suggested: str
    contradicts: bool


def finished_answers(prison: Prison | str, period: str) -> list[FinishedAnswer]:
    """What may go on to a release, in the order of the items; empty while the quarter's is not finished."""
    rows: Iterable[SelfAnswer] = (
        SelfAnswer.objects.for_prison(prison)
        .filter(assessment__period=period, assessment__finished_at__isnull=False)
        .order_by("item", "-version")
        .distinct("item")
    )
    return [FinishedAnswer(row.item, row.answer, row.suggested, row.contradicts) for row in rows if row.item in BY_CODE]
