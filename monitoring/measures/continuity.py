"""Whether care goes along when somebody moves or is released, and whether plans are looked at again in time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from buddyscheme.lib.dates import london_today
from monitoring.measures.definition import Adds, Basis, By, Direction, Heading, Kind, Line, Measure, Parts
from monitoring.measures.facts import Facts
from monitoring.measures.journey import Left, by_person, leavings, plans, unmet_needs
from monitoring.measures.lines import total_of
from referrals.models import CarePack, Handover, PlanReview
from schemes.models import Custody

ALONG = "Care goes on when somebody moves to another prison or is released"


def _left(facts: Facts, reason: str) -> Iterator[tuple[Left, bool]]:
    """Those who left in the span for this reason, each with whether a plan of theirs was active until then."""
    theirs = by_person(facts.once(plans))
    for left in facts.once(leavings):
        if left.reason == reason and left.on <= facts.span.last:
            yield left, any(plan.ran_at(left.ended_at) for plan in theirs.get(left.person, []))


def _in_time(left: Collection[Left], rows: QuerySet[Any], made: str) -> int:
    """Of how many something was made during the stay, no later than the day on which they left."""
    made_at: dict[int, list[Any]] = {}
    for person, at in rows.filter(person__in=[each.person for each in left]).values_list("person_id", made):
        made_at.setdefault(person, []).append(at)
    return sum(
        any(at >= each.started_at and london_today(at) <= each.on for at in made_at.get(each.person, []))
        for each in left
    )


def _packs_in_time(facts: Facts) -> Parts:
    left = [each for each, planned in _left(facts, Custody.EndReason.TRANSFER) if planned]
    sent = _in_time(left, CarePack.objects.for_prison(facts.prison), "sent_at") if left else 0
    return Parts(Decimal(sent), Decimal(len(left)), len(left))


def _handed_over(facts: Facts) -> Parts:
    needs = by_person(facts.once(unmet_needs))
    left = [
        each
        for each, planned in _left(facts, Custody.EndReason.RELEASE)
        if planned or any(need.unmet_at_leaving(each.on) for need in needs.get(each.person, []))
    ]
    made = _in_time(left, Handover.objects.for_prison(facts.prison), "made_at") if left else 0
    return Parts(Decimal(made), Decimal(len(left)), len(left))


def _review_lines(facts: Facts) -> Iterator[Line]:
    """Reviews that were done, and those whose day has passed without one."""
    first, last = facts.span.first, facts.span.last
    rows = PlanReview.objects.for_prison(facts.prison).filter(due_on__gte=first, due_on__lte=last).order_by("id")
    for person, due_on, reviewed_at in rows.values_list("plan__person_id", "due_on", "reviewed_at"):
        yield Line(person, Decimal(london_today(reviewed_at) <= due_on), Decimal(1))
    today = london_today(facts.span.as_of)
    for plan in facts.once(plans):
        due = plan.review_on
        if plan.activated_at is None or plan.interim or due is None or not first <= due <= last:
            continue
        if due < today and not _ended_by(plan.stopped_on, due):
            yield Line(plan.person, Decimal(0), Decimal(1))


def _ended_by(day: date | None, due: date) -> bool:
    return day is not None and day <= due


def _reviews_in_time(facts: Facts) -> Parts:
    parts = total_of(facts.once(_reviews))
    return Parts(parts.numerator, parts.denominator or Decimal(0), int(parts.denominator or 0))


def _reviews(facts: Facts) -> list[Line]:
    return list(_review_lines(facts))


def _kept_reviews(facts: Facts) -> list[Line]:
    return facts.once(_reviews)


PACKS_IN_TIME = Measure(
    code="OP-27",
    title="Care records sent by the day of the move",
    answers="Does the next prison know what help somebody needs?",
    numerator="Of these, stays during which a care record of the person was sent, no later than the day they left",
    denominator="Stays that ended on a day of the period because the person moved to another prison, with a plan that "
    "had been made active and had not ended before they left",
    unit="share of moves",
    kind=Kind.SHARE,
    level="prison, national",
    basis=Basis.DOMAIN,
    direction=Direction.HIGHER,
    minimum_n=10,
    expectation=ALONG,
    heading=Heading.CONTINUITY,
    adds=Adds.UP,
    compute=_packs_in_time,
)
HANDED_OVER = Measure(
    code="OP-28",
    title="Releases with a handover",
    answers="Do council and probation know what help somebody needs when they are released?",
    numerator="Of these, stays during which a handover of the person was made, no later than the day they left",
    denominator="Stays that ended on a day of the period by release, with a plan that had been made active and had not "
    "ended before they left, or with an unmet need that was known by that day and not met by it",
    unit="share of releases",
    kind=Kind.SHARE,
    level="prison, national",
    basis=Basis.DOMAIN,
    direction=Direction.HIGHER,
    minimum_n=10,
    expectation=ALONG,
    heading=Heading.CONTINUITY,
    adds=Adds.UP,
    compute=_handed_over,
)
REVIEWS_IN_TIME = Measure(
    code="OP-29",
    title="Reviews held on time",
    answers="Is help looked at again with the person when it should be?",
    numerator="Of these, reviews held on or before the day they were due",
    denominator="Reviews held that were due on a day of the period, and active plans, interim help apart, whose review "
    "was due on a day of the period that is over and has not been held, and that had not ended by that day",
    unit="share of reviews due",
    kind=Kind.SHARE,
    level="person, scheme, prison",
    basis=Basis.OURS,
    direction=Direction.HIGHER,
    minimum_n=10,
    expectation="Every plan is looked at again with the person, on time",
    heading=Heading.QUALITY,
    adds=Adds.UP,
    compute=_reviews_in_time,
    lines=_kept_reviews,
    by=frozenset({By.WING}),
)
