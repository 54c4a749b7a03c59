"""What a prison assesses itself against: items in plain words, where they come from, and what the records suggest.

The wording is ours throughout; nothing here is a quotation. The bounds from which the records suggest an answer are
ours as well, and stand beside each item. There is no score, and no order of prisons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from monitoring.measures.definition import Basis, Heading
from monitoring.models.self_assessment import Answer
from monitoring.words import percent


@dataclass(frozen=True)
class Reading:
    """One measure as the records hold it. `value` is None where there is no number; `period` is in words.

    `missing` says that the prison has not returned what the measure needs: not nought, and not "nothing was due".
    """

    value: Decimal | None
    period: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    missing: bool = False


Facts = Mapping[str, Reading]
Suggest = Callable[[Facts], Answer | None]
Words = Callable[[Facts], str]


@dataclass(frozen=True)
class Item:
    """One item. `suggested` is pure; `says` puts the figures that it rests on in words, empty where there are none.

    `speaks_to` names the expectation or standard; `basis` says how sure it is that it asks this. `bounds` is the rule
    of `suggested` for a reader.
    """

    code: str
    asks: str
    heading: Heading
    speaks_to: str
    basis: Basis
    measures: tuple[str, ...] = ()
    suggested: Suggest = lambda facts: None
    says: Words = lambda facts: ""
    bounds: str = "Nothing in the records answers this. It is for you to judge."


# --- rules -----------------------------------------------------------------------------------------------

MET_FROM, PARTLY_FROM = Decimal("0.9"), Decimal("0.5")
SHARE_BOUNDS = "The records suggest met from 90%, partly from 50%, else not met. These bounds are ours."
LONG_WAIT, LONGEST_WAIT = 28, 56


def by_share(value: Decimal) -> Answer:
    """Met from nine in ten, partly from half."""
    return Answer.MET if value >= MET_FROM else Answer.PARTLY if value >= PARTLY_FROM else Answer.NOT_MET


def _answer(code: str, judge: Callable[[Decimal], Answer | None]) -> Suggest:
    def suggested(facts: Facts) -> Answer | None:
        reading = facts.get(code)
        if reading is None:
            return None
        if reading.value is None:
            return Answer.NOT_KNOWN if reading.missing else None
        return judge(reading.value)

    return suggested


def _said(code: str, words: Callable[[Reading], str]) -> Words:
    def says(facts: Facts) -> str:
        reading = facts.get(code)
        if reading is None:
            return ""
        if reading.value is None:
            return f"Nothing was returned ({reading.period})." if reading.missing else ""
        return f"{words(reading)} ({reading.period})."

    return says


def _number(value: Decimal | None) -> str:
    return f"{int(value or 0):,}" if (value or Decimal(0)) == int(value or 0) else f"{value:,.1f}"


def _of(words: str) -> Callable[[Reading], str]:
    return lambda reading: f"{_number(reading.numerator)} of {_number(reading.denominator)} {words}"


def _share(code: str, words: str) -> dict[str, Any]:
    return {
        "measures": (code,),
        "suggested": _answer(code, by_share),
        "says": _said(code, _of(words)),
        "bounds": SHARE_BOUNDS,
    }


def _by_wait(days: Decimal) -> Answer:
    return Answer.MET if days <= LONG_WAIT else Answer.PARTLY if days <= LONGEST_WAIT else Answer.NOT_MET


_WORKED, _PLANNED = "OP-20a", "OP-20b"


def _protected(facts: Facts) -> Answer | None:
    worked, planned = facts.get(_WORKED), facts.get(_PLANNED)
    if worked is None or planned is None:
        return None
    if worked.value is None or planned.value is None:
        return Answer.NOT_KNOWN if worked.missing else None
    if planned.value == 0:
        return Answer.NOT_MET
    return by_share(worked.value / planned.value)


def _protected_words(facts: Facts) -> str:
    worked, planned = facts.get(_WORKED), facts.get(_PLANNED)
    if worked is None or planned is None:
        return ""
    if worked.value is None or planned.value is None:
        return f"No hours were entered ({worked.period})." if worked.missing else ""
    return f"{worked.value:.1f} hours a week worked of {planned.value:.1f} planned ({worked.period})."


_AGREEMENT = {1: Answer.MET, 2: Answer.PARTLY, 3: Answer.NOT_MET}
_AGREEMENT_WORDS = {1: "is in force", 2: "is being written", 3: "does not exist"}


# --- the items -------------------------------------------------------------------------------------------

CARE = "Inspection expectations of 2017, 53: people’s care needs are assessed and met, also after release"
EQUAL = "Inspection expectations of 2017, 54: care suits different needs, with equal access, dignity and privacy"
PEERS = "Inspection expectations of 2017, 22: peer support is organised and structured"
AT_RISK = "Inspection expectations on adults at risk: harm is acted on at once"
THEMATIC = "The joint inspectorates’ review of social care in prisons, 2018"
OWN = "The scheme’s own standard"

ITEMS: tuple[Item, ...] = (
    Item(
        "SA-01", "Is everybody who is referred looked at, so that no need is missed?", Heading.NEED, THEMATIC,
        Basis.DOMAIN, **_share("OP-30h", "referrals were screened by 14 days after the period"),
    ),
    Item(
        "SA-02", "Do people get their first help within 14 days of the referral?", Heading.NEED, CARE, Basis.DOMAIN,
        measures=("OP-10a",), suggested=_answer("OP-10a", by_share),
        says=_said("OP-10a", lambda reading: f"{percent(reading.value)} were supported within 14 days"),
        bounds=SHARE_BOUNDS,
    ),
    Item(
        "SA-03", "Does the council decide about assessments without delay?", Heading.NEED, CARE, Basis.DOMAIN,
        measures=("OP-11d",), suggested=_answer("OP-11d", _by_wait),
        says=_said("OP-11d", lambda reading: f"The typical wait for the council is {_number(reading.value)} days"),
        bounds="The records suggest met up to 28 days, partly up to 56, else not met. These bounds are ours.",
    ),
    Item(
        "SA-04", "Does the help that was planned take place?", Heading.QUALITY, CARE, Basis.DOMAIN,
        **_share("OP-07", "planned visits took place"),
    ),
    Item(
        "SA-05", "Are plans reviewed when they are due?", Heading.QUALITY, OWN, Basis.OURS,
        **_share("OP-29", "reviews were held on time"),
    ),
    Item(
        "SA-06", "Does everybody who needs personal care get it from people who may give it?", Heading.QUALITY,
        THEMATIC, Basis.DOMAIN, measures=("BS-01",),
        suggested=_answer("BS-01", lambda days: Answer.MET if days == 0 else Answer.NOT_MET),
        says=_said("BS-01", lambda reading: f"{_number(reading.value)} days of unmet personal care were recorded"),
        bounds="The records suggest met where no day of unmet personal care is recorded, else not met. Nought may also "
        "mean that nobody wrote it down.",
    ),
    Item(
        "SA-07", "Is every buddy formally employed: a post, pay and a signed agreement?", Heading.PEERS, OWN,
        Basis.OURS, measures=("BS-02b",),
        says=_said(
            "BS-02b", lambda reading: f"{_number(reading.value)} buddies were taken over with something to make good"
        ),
        bounds="The records show only whose agreement or training is to be made good: they suggest nothing.",
    ),
    Item(
        "SA-08", "Do all active buddies have their training in date?", Heading.PEERS, OWN, Basis.OURS,
        **_share("OP-17", "active buddies have all mandatory training in date"),
    ),
    Item(
        "SA-09", "Is supervision held when it is due?", Heading.PEERS, CARE, Basis.DOMAIN,
        **_share("OP-18", "supervisions that were due were held"),
    ),
    Item(
        "SA-10", "Is there somebody whom buddies can talk to, and is help offered to them after hard days?",
        Heading.PEERS, PEERS, Basis.OURS,
    ),
    Item(
        "SA-11", "Do buddies know what they must not do, and are they backed when asked to overstep?",
        Heading.BOUNDARIES, OWN, Basis.OURS, measures=("OP-22",),
        says=_said("OP-22", lambda reading: f"{reading.value:.1f} boundary reports for every 1,000 support hours"),
        bounds="Few reports may be good, or may mean silence: the records suggest nothing.",
    ),
    Item(
        "SA-12", "Are concerns acted on within their time?", Heading.BOUNDARIES, AT_RISK, Basis.DOMAIN,
        **_share("BS-03", "concerns were acted on in time"),
    ),
    Item(
        "SA-13", "Do people of every background get help, and become buddies, as readily as others?",
        Heading.EQUALITY, EQUAL, Basis.DOMAIN, measures=("OP-30a",),
        says=_said("OP-30a", _of("details of people that a comparison needs are known")),
        bounds="Compare the groups on the figures’ page. Small numbers cannot decide it: the records suggest nothing.",
    ),
    Item(
        "SA-14", "When somebody moves, does the care record go with them by that day?", Heading.CONTINUITY, CARE,
        Basis.DOMAIN, **_share("OP-27", "care records were sent by the day of the move"),
    ),
    Item(
        "SA-15", "Is everybody who is released with help handed over?", Heading.CONTINUITY, CARE, Basis.DOMAIN,
        **_share("OP-28", "releases had a handover"),
    ),
    Item(
        "SA-16", "Is the agreement between the prison and the council in force?", Heading.LEADERSHIP, THEMATIC,
        Basis.DOMAIN, measures=("OP-31",),
        suggested=_answer("OP-31", lambda value: _AGREEMENT.get(int(value))),
        says=_said(
            "OP-31", lambda reading: f"The agreement {_AGREEMENT_WORDS.get(int(reading.value or 0), 'is not known')}"
        ),
        bounds="The records suggest met where the agreement is in force, partly where it is being written, else not "
        "met.",
    ),
    Item(
        "SA-17", "Do lead and supervisors get the protected time that is planned?", Heading.LEADERSHIP, OWN, Basis.OURS,
        measures=(_WORKED, _PLANNED), suggested=_protected, says=_protected_words,
        bounds="The records suggest met where 90% of the planned hours are worked, partly from 50%, else not met. "
        "These bounds are ours.",
    ),
    Item(
        "SA-18", "Do staff of the wings know the scheme and what they may ask of a buddy?", Heading.LEADERSHIP, OWN,
        Basis.OURS, **_share("OP-19", "staff of the wings had been briefed"),
    ),
    Item(
        "SA-19", "Are the records complete enough to know how the scheme is doing?", Heading.LEADERSHIP, OWN,
        Basis.OURS, **_share("OP-30g", "planned visits have a record"),
    ),
)  # fmt: skip
BY_CODE: dict[str, Item] = {item.code: item for item in ITEMS}
INFORMING: frozenset[str] = frozenset(code for item in ITEMS for code in item.measures)


def contradicts(answer: str, suggested: str | None) -> bool:
    """Whether the records say otherwise. That they know nothing contradicts nobody."""
    return bool(suggested) and suggested != Answer.NOT_KNOWN and answer != suggested
