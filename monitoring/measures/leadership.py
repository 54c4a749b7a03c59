"""What the prison puts in: staff who know the scheme, protected time, and records that are complete."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from monitoring.measures.definition import Adds, Basis, Direction, Every, Heading, Kind, Measure, Needs, Parts, Told
from monitoring.measures.facts import Facts
from monitoring.measures.recipients import helped_at_all
from referrals.models import Referral
from schemes.models import Person, ProtectedTime, SchemeWing
from training.models import StaffBriefing

# --- staff who know the scheme -------------------------------------------------------------------


def _briefed(facts: Facts) -> Parts | None:
    """The newest briefing of each wing that the scheme serves."""
    served = SchemeWing.objects.for_prison(facts.prison).filter(served=True).values("wing")
    newest = {
        row.wing_id: row
        for row in StaffBriefing.objects.for_prison(facts.prison)
        .filter(wing__in=served, held_on__gte=facts.span.first, held_on__lte=facts.span.last)
        .order_by("held_on", "id")
    }
    if not newest:
        return None
    staff = sum(row.staff for row in newest.values())
    return Parts(Decimal(sum(row.briefed for row in newest.values())), Decimal(staff), staff)


STAFF_BRIEFED = Measure(
    code="OP-19",
    title="Staff briefed about the scheme",
    answers="Do the staff of the wings know what the scheme is?",
    numerator="Of these, staff who had been briefed by then in the quarter, as the same briefings say",
    denominator="Staff of the wings that the scheme serves now, as the newest briefing on each in the period says; a "
    "wing without one is left out, and without any briefing there is no figure",
    unit="share of staff",
    kind=Kind.SHARE,
    provider="prison",
    level="prison",
    frequency="quarterly",
    every=Every.QUARTER,
    basis=Basis.DOMAIN,
    direction=Direction.HIGHER,
    minimum_n=10,
    expectation="Staff understand the scheme and support it",
    heading=Heading.LEADERSHIP,
    compute=_briefed,
)


# --- protected time ------------------------------------------------------------------------------


def _protected(field: str) -> Callable[[Facts], Parts | None]:
    def compute(facts: Facts) -> Parts | None:
        weeks = ProtectedTime.objects.for_prison(facts.prison).filter(
            worked__isnull=False, week__gte=facts.span.first, week__lte=facts.span.last
        )
        found: dict[str, Any] = weeks.aggregate(hours=Sum(field), weeks=Count("week", distinct=True))
        if not found["weeks"]:
            return None
        return Parts(found["hours"], Decimal(found["weeks"]), found["weeks"])

    return compute


def _time_measure(letter: str, title: str, words: str, field: str) -> Measure:
    return Measure(
        code=f"OP-20{letter}",
        title=title,
        answers="Do lead and supervisors have the time that the scheme needs?",
        numerator=f"{words} by lead and supervisors, in weeks that begin in the period, of people whose worked hours "
        "are entered for the week",
        denominator="Weeks that begin in the period for which somebody’s worked hours are entered; without any there "
        "is no figure",
        unit="hours a week",
        kind=Kind.RATIO,
        level="prison",
        provider="prison",
        frequency="quarterly",
        basis=Basis.DOMAIN,
        expectation="Dedicated roles have protected time",
        heading=Heading.LEADERSHIP,
        compute=_protected(field),
        tells=Told.AS_IT_IS,
    )


PROTECTED_TIME = (
    _time_measure("a", "Protected time worked", "Protected hours worked", "worked"),
    _time_measure("b", "Protected time planned", "Protected hours planned", "planned"),
)


# --- records that are complete -------------------------------------------------------------------

# What a breakdown needs to know of a person. "Not known" stands for not asked as well: it is no answer.
DETAILS: dict[str, Q] = {
    "date of birth": Q(born_on__isnull=False),
    "sex": ~Q(sex=Person.Sex.UNKNOWN),
    "ethnic group": ~Q(ethnicity=Person.Ethnicity.UNKNOWN),
    "disability": ~Q(disability=Person.Disability.UNKNOWN),
    "first language": Q(languages__len__gt=0) & ~Q(languages__0=""),
}


def _details(facts: Facts) -> dict[str, int]:
    return facts.once(_count_details)


def _count_details(facts: Facts) -> dict[str, int]:
    people = {line.person for line in helped_at_all(facts) if line.person is not None} | {
        facts.buddies[pk].person for pk in facts.active
    }
    answered: dict[str, int] = Person.objects.filter(pk__in=people).aggregate(
        people=Count("pk"), **{name.replace(" ", "_"): Count("pk", filter=known) for name, known in DETAILS.items()}
    )
    return answered


def _known(*names: str) -> Callable[[Facts], Parts]:
    def compute(facts: Facts) -> Parts:
        found = _details(facts)
        due = found["people"] * len(names)
        return Parts(Decimal(sum(found[name.replace(" ", "_")] for name in names)), Decimal(due), due)

    return compute


def _recorded(facts: Facts) -> Parts:
    planned = facts.planned.count()
    recorded = facts.visits.filter(planned__held_at_start=True).count()
    return Parts(Decimal(recorded), Decimal(planned), planned)


def _screened(facts: Facts) -> Parts:
    received = Referral.objects.for_prison(facts.prison).filter(
        referred_at__gte=facts.begins, referred_at__lte=facts.span.as_of
    )
    screened = received.filter(screened_at__lte=facts.span.seen_until).count()
    due = received.count()
    return Parts(Decimal(screened), Decimal(due), due)


PEOPLE_DUE = "people who had a match on at least one day of the period or were active buddies at its end"


def _complete(
    letter: str,
    title: str,
    numerator: str,
    denominator: str,
    unit: str,
    compute: Callable[[Facts], Parts],
    **more: Any,
) -> Measure:
    return Measure(
        code=f"OP-30{letter}",
        title=title,
        answers="Can the figures be relied on?",
        numerator=numerator,
        denominator=denominator,
        unit=unit,
        kind=Kind.SHARE,
        level="scheme, prison",
        basis=Basis.DOMAIN,
        direction=Direction.HIGHER,
        minimum_n=10,
        expectation="Leaders know how the scheme is doing, from data that are complete",
        heading=Heading.LEADERSHIP,
        compute=compute,
        **more,
    )


COMPLETE = (
    _complete(
        "a",
        "Details of people complete",
        "Of these, details that are known now; “not known” is no answer, and of languages the first counts",
        f"Five details (date of birth, sex, ethnic group, disability, first language) of each of the {PEOPLE_DUE}",
        "share of details",
        _known(*DETAILS),
    ),
    *(
        _complete(
            letter,
            f"Details of people complete: {name}",
            f"Of these, people whose {name} is known now; “not known” is no answer",
            PEOPLE_DUE.capitalize(),
            "share of people",
            _known(name),
        )
        for letter, name in zip("bcdef", DETAILS, strict=True)
    ),
    _complete(
        "g",
        "Planned visits with a record",
        "Of these, visits of which something was recorded, done or not",
        "Visits that the plans held when each day began",
        "share of planned visits",
        _recorded,
        needs=Needs.VISITS,
        adds=Adds.UP,
    ),
    _complete(
        "h",
        "Referrals screened",
        "Of these, referrals that were screened within the period or the 14 days after it",
        "Referrals received in the period",
        "share of referrals",
        _screened,
        followed=True,
    ),
)
