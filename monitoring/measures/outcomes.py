"""How people are: changes of answers, goals, and what others hold."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from monitoring.measures.definition import Adds, Basis, Direction, Every, Heading, Kind, Measure, Parts, Source, Told
from monitoring.measures.facts import Facts
from monitoring.models import Outcome
from monitoring.queries.outcomes import changes_of, newest
from referrals.models import PlanGoal


def _said(facts: Facts) -> list[Outcome]:
    """Everything that was asked up to the end of the span."""
    return [row for row in facts.readings.of(_ever_said) if row.asked_on <= facts.span.last]


def _ever_said(prison: str) -> list[Outcome]:
    return list(Outcome.objects.for_prison(prison))


def _change(question: str, instrument: str) -> Callable[[Facts], Parts | None]:
    """The mean change from the start to the newest answer, of those whose newest answer lies in the span."""

    def compute(facts: Facts) -> Parts | None:
        rows = [row for row in facts.once(_said) if row.instrument == instrument]
        changes = changes_of(rows, question, facts.span.first, facts.span.last)
        n = len(changes)
        return Parts(sum((Decimal(int(each)) for each in changes), Decimal(0)), Decimal(n), n) if n else None

    return compute


def _good(question: str, instrument: str, least: int) -> Callable[[Facts], Parts | None]:
    """The share of people whose newest answer of the span is one of the two best of five."""

    def compute(facts: Facts) -> Parts | None:
        rows = [
            row
            for row in facts.once(_said)
            if row.instrument == instrument and question in row.answers and row.asked_on >= facts.span.first
        ]
        # Answers of staff have no name and no versions.
        found = rows if instrument == "STAFF" else _last_of_each(newest(rows))
        good = sum(row.answers[question] >= least for row in found)
        return Parts(Decimal(good), Decimal(len(found)), len(found)) if found else None

    return compute


def _last_of_each(rows: list[Outcome]) -> list[Outcome]:
    return list({(row.plan_id, row.buddy_id): row for row in rows}.values())


def _score_change(*licensed: str) -> Callable[[Facts], Parts | None]:
    def compute(facts: Facts) -> Parts | None:
        rows = [row for row in facts.once(_said) if row.instrument == "SCORE" and row.licensed in licensed]
        by_subject: dict[tuple[Any, ...], list[Outcome]] = {}
        for row in newest(rows):
            by_subject.setdefault((row.plan_id, row.buddy_id, row.licensed), []).append(row)
        changes = []
        for theirs in by_subject.values():
            start = next((row for row in theirs if row.point == "START"), None)
            last = theirs[-1]
            if start is not None and last.point != "START" and last.asked_on >= facts.span.first:
                changes.append((last.score or Decimal(0)) - (start.score or Decimal(0)))
        return Parts(sum(changes, Decimal(0)), Decimal(len(changes)), len(changes)) if changes else None

    return compute


def _goals(facts: Facts) -> Parts | None:
    goals = PlanGoal.objects.for_prison(facts.prison).filter(
        removed_at__isnull=True, state_at__date__gte=facts.span.first, state_at__date__lte=facts.span.last
    )
    states = list(goals.exclude(state=PlanGoal.State.DROPPED).values_list("state", flat=True))
    reached = sum(state in (PlanGoal.State.REACHED, PlanGoal.State.PARTLY) for state in states)
    return Parts(Decimal(reached), Decimal(len(states)), len(states)) if states else None


def _measure(code: str, title: str, answers: str, numerator: str, **more: Any) -> Measure:
    words: dict[str, Any] = {
        "kind": Kind.SCORE,
        "unit": "points, after less before",
        "denominator": "People with an answer at the start and one after it",
        "heading": Heading.OUTCOMES,
        "expectation": "People keep their independence and take part; help is shown to help",
        "basis": Basis.DOMAIN,
        "level": "scheme, prison",
        "provider": "the person, asked by staff",
        "frequency": "at the start, after four weeks and at the end",
        "every": Every.QUARTER,
        "minimum_n": 10,
        "adds": Adds.NOT,
        # From the first of five answers to the last.
        "furthest": Decimal(4),
    }
    return Measure(code=code, title=title, answers=answers, numerator=numerator, **(words | more))


def _change_words(question: str) -> str:
    return (
        f"The newest answer to “{question}” less the one at the start, added up over people asked again in the period"
    )


def _elsewhere(code: str, title: str, answers: str, numerator: str, held_by: str, **more: Any) -> Measure:
    words: dict[str, Any] = {
        "kind": Kind.COUNT,
        "unit": "a number",
        "denominator": "",
        "source": Source.ELSEWHERE,
        "held_by": held_by,
        "provider": held_by,
        "frequency": "annual",
        "every": Every.YEAR,
        "minimum_n": 0,
    }
    return _measure(code, title, answers, numerator, **(words | more))


INDEPENDENCE = (
    _measure(
        "OU-01a",
        "Managing from day to day",
        "Do people who are helped manage better from day to day?",
        _change_words("How well do you manage from day to day?"),
        direction=Direction.HIGHER,
        compute=_change("DAYS", "HELPED"),
    ),
    _measure(
        "OU-01b",
        "Own goals reached",
        "Do people reach the goals that they set themselves?",
        "Goals of plans that a review called reached or partly reached",
        denominator="Goals that a review of the period said something of, without those that were dropped",
        kind=Kind.SHARE,
        unit="share of goals",
        direction=Direction.HIGHER,
        provider="lead, with the person",
        frequency="at reviews",
        compute=_goals,
    ),
)
QUALITY_OF_LIFE = _measure(
    "OU-02",
    "Quality of life: a licensed score",
    "Does the quality of life of people who are helped change?",
    "The newest ASCOT or EQ-5D-5L score less the one at the start, added up over people asked again in the period",
    basis=Basis.OURS,
    direction=Direction.HIGHER,
    compute=_score_change("ASCOT", "EQ5D"),
    furthest=Decimal(2),
)
WELLBEING = (
    _measure(
        "OU-03a",
        "How buddies have been feeling",
        "Does being a buddy go along with feeling better or worse?",
        _change_words("How have you been feeling lately?"),
        basis=Basis.OURS,
        direction=Direction.HIGHER,
        compute=_change("WELL", "BUDDY"),
    ),
    _measure(
        "OU-03b",
        "Wellbeing: a licensed score",
        "Does wellbeing change, by the short Warwick-Edinburgh scale?",
        "The newest score less the one at the start, added up over people asked again in the period",
        basis=Basis.OURS,
        direction=Direction.HIGHER,
        compute=_score_change("SWEMWBS"),
        furthest=Decimal(28),
    ),
)
LONELINESS = (
    _measure(
        "OU-04a",
        "Feeling lonely, by the direct question",
        "Do people who are helped feel lonely less often?",
        _change_words("How often do you feel lonely?"),
        basis=Basis.OURS,
        direction=Direction.HIGHER,
        compute=_change("LONELY", "HELPED"),
    ),
    _measure(
        "OU-04b",
        "Loneliness, by the three questions of the national standard",
        "Do people who are helped become less lonely by the national measure?",
        "The newest sum of the three answers (3 to 9, 9 is the most lonely) less the one at the start, added up over "
        "people asked again in the period",
        basis=Basis.OURS,
        direction=Direction.LOWER,
        compute=_change("", "LONELY"),
        furthest=Decimal(6),
    ),
)
REGIME = _elsewhere(
    "OU-05",
    "Taking part in the regime",
    "Do people who are helped take part in work, education and other activities?",
    "Sessions of activity attended by people who are helped, as the activities system has them",
    "the prison’s activities system",
    level="person, prison",
    unit="sessions",
    adds=Adds.UP,
    frequency="quarterly",
    every=Every.QUARTER,
)
HELP_NEEDED = _measure(
    "OU-06",
    "People who say that they get the help they need",
    "Do people get the help that they need?",
    "People whose answer to “I get the help I need.” is “Agree” or “Strongly agree”",
    denominator="People who answered it in the period, by their newest answer",
    kind=Kind.SHARE,
    unit="share of people",
    direction=Direction.HIGHER,
    compute=_good("NEEDS", "HELPED", 4),
)
CONFIDENCE = (
    _measure(
        "OU-07a",
        "Buddies’ confidence",
        "Do buddies become surer of themselves?",
        _change_words("How sure of yourself are you in this work?"),
        direction=Direction.HIGHER,
        compute=_change("SURE", "BUDDY"),
    ),
    _measure(
        "OU-07b",
        "Buddies’ self-esteem: a licensed score",
        "Does buddies’ self-esteem change, by the Rosenberg scale?",
        "The newest score less the one at the start, added up over buddies asked again in the period",
        direction=Direction.HIGHER,
        compute=_score_change("ROSENBERG"),
        furthest=Decimal(30),
    ),
)
EXPERIENCE = tuple(
    _measure(
        f"OU-10{letter}",
        title,
        "How do people find the scheme?",
        f"People whose answer to “{question}” is one of the two best",
        denominator="People who answered it in the period, by their newest answer",
        kind=Kind.SHARE,
        unit="share of people",
        direction=Direction.HIGHER,
        provider="the person, the buddy, staff",
        frequency="every 6 months",
        compute=_good(code, instrument, 4),
    )
    for letter, title, question, code, instrument in (
        ("a", "People helped who find the help good", "How good is the help from your buddy?", "GOOD", "HELP"),
        ("b", "Buddies who get the support they need", "I get the support I need in this work.", "BACKED", "BUDDY"),
        (
            "c",
            "Staff who say that the scheme works well",
            "The buddy scheme works well on this wing.",
            "WORKS",
            "STAFF",
        ),
    )
)
STAFF_TIME = _elsewhere(
    "OU-11",
    "Staff time released",
    "How much time of staff does the scheme save?",
    "Minutes a day that staff say they would have spent on what buddies do, from a sample",
    "the prison, from a sample of staff",
    basis=Basis.OURS,
    level="prison",
    unit="minutes a day",
    tells=Told.AS_IT_IS,
)
REOFFENDING = _elsewhere(
    "OU-14",
    "Proven reoffending",
    "Do people reoffend within a year of release?",
    "Proven reoffending within one year of release, by the Ministry of Justice’s matched comparison. Never worked out "
    "here",
    "the Ministry of Justice",
    level="national",
    unit="share of people released",
    kind=Kind.SHARE,
    denominator="People released, as the Ministry of Justice counts them",
    # A share without the counts that it was made from cannot be protected.
    tells=Told.NOT,
)
EMPLOYMENT = _elsewhere(
    "OU-15",
    "Buddies in work after release",
    "Do buddies find work after release?",
    "Former buddies in work six weeks and six months after release",
    "probation",
    basis=Basis.OURS,
    level="buddy, prison",
    unit="people",
)
HOSPITAL = _elsewhere(
    "OU-16",
    "Hospital stays and bed watches",
    "How often do people who are helped go to hospital?",
    "Hospital admissions and bed watches of people who are helped",
    "healthcare",
    basis=Basis.OURS,
    level="prison",
    unit="events",
)
