"""Self-assessments at one prison: the last quarter's, finished, and this quarter's, begun, with actions on the plan."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import quarter_of
from monitoring.actions.self_assessment import (
    add_action,
    add_evidence,
    answer_item,
    close_action,
    finish_self_assessment,
    start_self_assessment,
)
from monitoring.models import SelfAssessment
from monitoring.models.self_assessment import Answer
from monitoring.queries.figures import opened_on
from monitoring.queries.self_assessment import Suggestion, suggestions
from monitoring.standards import ITEMS, Item

# A page without words is enough to show how a file is kept.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
# Where the lead knows better than the records, and where they do but have not said why yet.
OTHERWISE = {
    "SA-08": (Answer.NOT_MET, "Those whose training is in date passed the old course."),
    "SA-09": (Answer.MET, "Every talk took place. Some were written down late."),
}
WITHOUT_REASON = {"SA-04": (Answer.NOT_KNOWN, "")}
JUDGED = {
    "SA-07": (Answer.MET, "Everybody has a post, is paid and has signed."),
    "SA-10": (Answer.PARTLY, "Supervisors ask how it goes. There is no set time for it yet."),
    "SA-11": (Answer.MET, "The role card is read out in every supervision."),
    "SA-13": (Answer.PARTLY, "Few people are asked in their own language."),
}


def assess(teller: Teller, until: datetime) -> None:
    """Where the scheme was open in the last quarter that one is finished; this one's first half is answered."""
    this = quarter_of(teller.today)
    opened = opened_on(teller.prison)
    if opened is None:
        return
    last = this.previous()
    if opened <= last.last:
        _finish_last(teller, until - timedelta(days=20))
    now = until - timedelta(days=2, hours=9)
    if this.first > now.date() or opened > now.date():
        return
    begun = start_self_assessment(by=teller.by("LEAD"), now=now, prison=teller.prison, quarter=this)
    _answer(teller, begun, now, ITEMS[: len(ITEMS) // 2], suggestions(teller.prison, this))


def _finish_last(teller: Teller, now: datetime) -> None:
    lead, quarter = teller.by("LEAD"), quarter_of(teller.today).previous()
    started = start_self_assessment(by=lead, now=now, prison=teller.prison, quarter=quarter)
    _answer(teller, started, now, ITEMS, suggestions(teller.prison, quarter))
    for item, what, responsible, due_on in (
        ("SA-08", "Agree a second trainer for the courses", "Training manager", teller.today - timedelta(days=3)),
        ("SA-10", "Set a fixed half hour each month", "Deputy lead", teller.today + timedelta(days=30)),
        ("SA-13", "Order the leaflet in three more languages", "Equality lead", teller.today + timedelta(days=5)),
    ):
        _plan(teller, started, now, item, what, responsible, due_on)
    finish_self_assessment(by=lead, now=now + timedelta(hours=1), assessment=started, version=started.version)


def _plan(
    teller: Teller, started: SelfAssessment, now: datetime, item: str, what: str, responsible: str, due_on: date
) -> None:
    action = add_action(
        by=teller.by("LEAD"), now=now, assessment=started, item=item, what=what, responsible=responsible, due_on=due_on
    )
    if item == "SA-13":
        close_action(
            by=teller.by("DEPUTY_LEAD"), now=now + timedelta(days=9), action=action, state="DONE",
            came_of="They lie in the visits hall and on the wings.",
        )  # fmt: skip


def _answer(
    teller: Teller, started: SelfAssessment, now: datetime, items: tuple[Item, ...], said: dict[str, Suggestion]
) -> None:
    """As the records suggest, but where the lead knows better. The last quarter's is whole: it has every item."""
    knows_better = JUDGED | OTHERWISE | ({} if items == ITEMS else WITHOUT_REASON)
    for nth, item in enumerate(items):
        answer, words = knows_better.get(item.code) or (said[item.code].answer or Answer.NOT_KNOWN, "")
        given = answer_item(
            by=teller.by("LEAD"), now=now + timedelta(minutes=nth), assessment=started, item=item.code, answer=answer,
            words=words, version=0,
        )  # fmt: skip
        if item.code == "SA-08":
            add_evidence(
                by=teller.by("LEAD"), now=now + timedelta(minutes=nth), answer=given, kind="FILE",
                shows="Courses of the quarter", file_name="courses.pdf", content=PDF,
            )  # fmt: skip
            add_evidence(
                by=teller.by("LEAD"), now=now + timedelta(minutes=nth), answer=given, kind="PAGE",
                shows="Modules of every buddy today", place=f"/prisons/{teller.prison.code}/training/",
            )  # fmt: skip
        if item.code == "SA-09":
            add_evidence(
                by=teller.by("LEAD"), now=now + timedelta(minutes=nth), answer=given, kind="KEPT",
                shows="How supervision is held", place="Local policy, safer custody office, second shelf",
            )  # fmt: skip
