"""Every column of an extract, with its words. The files, their headers and the data dictionary are made from these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from buddyscheme.accounts.models import Prison
from monitoring.costs import Part
from monitoring.measures.definition import By
from monitoring.measures.groups import GROUP_WORDS, UNKNOWN
from monitoring.outcomes import BY_CODE as INSTRUMENTS
from monitoring.outcomes import Question
from referrals.models import Referral

NOT_GIVEN = "NOT_GIVEN"
"""What stands in the whole of a column that might be known and was left out so that nobody can be told apart."""
SEVERAL = "SEVERAL"
ROUNDED_TO = 5


class Use(StrEnum):
    """What a column is to the check of the extract."""

    JOINS = "joins the files of this extract, and no other extract"
    KNOWN = "might be known of a person from elsewhere"
    SENSITIVE = "must not be learnt of a person"
    NEITHER = "neither known from elsewhere nor secret"


@dataclass(frozen=True)
class Column:
    """One column: `values` are its codes with their words, where it has codes."""

    name: str
    says: str
    use: Use = Use.NEITHER
    values: Mapping[str, str] = field(default_factory=dict, hash=False)


def _group(by: By) -> dict[str, str]:
    return {**GROUP_WORDS[by], UNKNOWN: "Not known", NOT_GIVEN: "Left out of this extract"}


WAITS = {"0": "The same week", "1": "1 week", "2": "2 weeks", "3": "3 weeks", "4+": "4 weeks or more"}
WEEKS = {
    "1-4": "1 to 4 weeks", "5-8": "5 to 8 weeks", "9-12": "9 to 12 weeks", "13-26": "13 to 26 weeks",
    "27+": "27 weeks or more",
}  # fmt: skip
ENDS = {
    "STILL": "Still helped on the last day of the period",
    "MOVED": "Moved to another prison",
    "RELEASED": "Released",
    "OTHER": "Ended in another way",
}
BUDDIES = {"1": "One buddy", "2": "Two buddies", "3+": "Three buddies or more"}
LATER_WEEKS = {"1-4": "Within 4 weeks", "5-12": "5 to 12 weeks", "13+": "13 weeks or more"}
YES_NO = {"yes": "Yes", "no": "No"}
WIDE_AGES = {"0-39": "Under 40", "40-59": "40 to 59", "60-200": "60 and over"}

CASE = Column("case", "Names one spell of help. Made for this extract with a key that no longer exists.", Use.JOINS)
PLACE = Column(
    "place",
    "The prison by its code, or the kind of prison.",
    Use.KNOWN,
    {**{kind.value: str(kind.label) for kind in Prison.Kind}, NOT_GIVEN: "Left out of this extract"},
)

OPERATIONAL: tuple[Column, ...] = (
    CASE,
    PLACE,
    Column("started", "The quarter or the year in which help began.", Use.KNOWN, {NOT_GIVEN: "Left out"}),
    Column("age", "Age in years when help began.", Use.KNOWN, {**_group(By.AGE), **WIDE_AGES}),
    Column("sex", "Sex, as recorded.", Use.KNOWN, _group(By.SEX)),
    Column("ethnicity", "Ethnic group, as recorded.", Use.KNOWN, _group(By.ETHNICITY)),
    Column("disability", "Whether the person is disabled, as recorded.", Use.KNOWN, _group(By.DISABILITY)),
    Column(
        "need",
        "What help was asked for.",
        Use.SENSITIVE,
        {**{area.value: str(area.label) for area in Referral.NeedArea}, SEVERAL: "More than one of these"},
    ),
    Column("ended", "How the spell of help ended, as far as the period shows.", values=ENDS),
    Column("wait", "From the referral to the first day with a buddy.", values=WAITS),
    Column("weeks", "From the first day with a buddy to the end, or to the last day of the period.", values=WEEKS),
    Column("buddies", "How many buddies helped in turn or together.", values=BUDDIES),
    Column("planned_visits", "Visits that the plan held when each day began, to the nearest 5."),
    Column("visits_done", "Of these, visits done or partly done, to the nearest 5."),
    Column("visits_locked_up", "Of these, visits that failed because somebody was not unlocked, to the nearest 5."),
    Column("minutes_a_week", "Minutes of help for each week of the spell, to the nearest 10."),
)


def _asked(question: Question, when: str, suffix: str) -> Column:
    best = "higher is better" if question.higher_is_better else "lower is better"
    values = {str(answer.value): answer.en for answer in question.answers}
    name = f"{question.code.lower()}_{suffix}"
    return Column(name, f"“{question.en}” {when}; {best}; empty where not asked.", Use.SENSITIVE, values)


_START, _LATER = "at the start", "when it was last asked after the start"
QUESTIONS: tuple[Question, ...] = tuple(
    question for code in ("HELPED", "HELP") for question in INSTRUMENTS[code].questions
)
"""The questions to people who are helped whose answers an extract holds one by one."""
SCORE = "loneliness"
"""The score over the three indirect questions about loneliness, which are never taken apart."""

OUTCOMES: tuple[Column, ...] = (
    CASE,
    *(
        _asked(question, when, suffix)
        for question in QUESTIONS
        for when, suffix in ((_START, "start"), (_LATER, "later"))
    ),
    Column(
        f"{SCORE}_start", f"Score of three questions about loneliness {_START}: 3 to 9, lower is better.", Use.SENSITIVE
    ),
    Column(f"{SCORE}_later", f"The same score {_LATER}.", Use.SENSITIVE),
    Column("later_after", "From the start to the last time of asking.", values=LATER_WEEKS),
    Column("for_the_person", "Whether somebody else answered for the person at any time.", values=YES_NO),
)
COSTS: tuple[Column, ...] = (
    PLACE,
    Column("quarter", "The quarter that the costs are of."),
    Column("prisons", "How many prisons are in the place, of those with somebody helped in the quarter."),
    Column("returned", "How many of these returned their costs."),
    Column("missing", "Parts that at least one prison does not know: they are in no sum.", values={
        part.value: part.words for part in Part
    }),
    Column("cost_from", "What is known of the costs, in pounds to the nearest 100."),
    Column("cost_to", "With the most that these prisons said of missing parts in other quarters; empty where unknown."),
    Column("hours", "Hours of help in the quarter, to the nearest 5; empty where under 10."),
    Column("cost_per_hour_from", "Pounds for an hour of help, from the rounded numbers."),
    Column("cost_per_hour_to", "The same with the upper cost; empty where unknown."),
)  # fmt: skip
FILES: dict[str, tuple[Column, ...]] = {
    "operational.csv": OPERATIONAL,
    "outcomes.csv": OUTCOMES,
    "costs.csv": COSTS,
}
KNOWN = tuple(column.name for column in OPERATIONAL if column.use is Use.KNOWN)
SENSITIVE = tuple(
    column.name for columns in (OPERATIONAL, OUTCOMES) for column in columns if column.use is Use.SENSITIVE
)
