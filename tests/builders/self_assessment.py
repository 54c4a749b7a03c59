"""Self-assessments, through the actions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import Quarter
from monitoring.actions.self_assessment import (
    add_action,
    add_evidence,
    answer_item,
    finish_self_assessment,
    start_self_assessment,
)
from monitoring.models import SelfAction, SelfAnswer, SelfAssessment, SelfEvidence
from monitoring.queries.self_assessment import answers_of
from monitoring.standards import ITEMS
from tests.cast import acts

THIS = Quarter(2026, 4)
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"


def started(here: Prison, lead: User, now: datetime, quarter: Quarter = THIS) -> SelfAssessment:
    """A quarter's, with nothing answered."""
    return start_self_assessment(by=acts(lead, here), now=now, prison=here, quarter=quarter)


def answered(
    assessment: SelfAssessment,
    lead: User,
    now: datetime,
    item: str = "SA-08",
    answer: str = "PARTLY",
    words: str = "Two courses were cancelled.",
) -> SelfAnswer:
    """One more answer to an item."""
    last = answers_of(assessment).get(item)
    return answer_item(
        by=acts(lead, assessment.prison), now=now, assessment=assessment, item=item, answer=answer, words=words,
        version=last.version if last else 0,
    )  # fmt: skip


def all_answered(assessment: SelfAssessment, lead: User, now: datetime, answer: str = "PARTLY") -> None:
    """Every item the same, with a reason."""
    for item in ITEMS:
        answered(assessment, lead, now, item.code, answer)


def finished(here: Prison, lead: User, now: datetime, quarter: Quarter = THIS) -> SelfAssessment:
    """A quarter's from the start to the end."""
    assessment = started(here, lead, now, quarter)
    all_answered(assessment, lead, now)
    return finish_self_assessment(by=acts(lead, here), now=now, assessment=assessment, version=assessment.version)


def file_of(
    answer: SelfAnswer, lead: User, now: datetime, shows: str = "List of courses", name: str = "courses.pdf"
) -> SelfEvidence:
    """A small PDF."""
    return add_evidence(
        by=acts(lead, answer.prison), now=now, answer=answer, kind="FILE", shows=shows, file_name=name, content=PDF
    )


def planned(
    assessment: SelfAssessment,
    lead: User,
    now: datetime,
    item: str = "SA-08",
    what: str = "Hold a course in January",
    due_on: date | None = None,
) -> SelfAction:
    """An action of the deputy lead, due in eight weeks."""
    return add_action(
        by=acts(lead, assessment.prison), now=now, assessment=assessment, item=item, what=what,
        responsible="Deputy lead", due_on=due_on or now.date() + timedelta(weeks=8),
    )  # fmt: skip
