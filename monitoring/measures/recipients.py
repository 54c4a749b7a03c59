"""How many people are helped, wait for a buddy, or are helped outside the scheme."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q

from buddyscheme.lib.dates import london_today
from monitoring.measures.definition import EVERYTHING, Adds, Basis, Direction, Heading, Kind, Line, Measure, Parts
from monitoring.measures.facts import Facts
from monitoring.measures.journey import Helped, by_person, helps, plans
from monitoring.measures.lines import people_of, total_of
from monitoring.measures.medians import plain_median
from referrals.models import Consent, InformalHelp

HELPED = "People who need social care get help that meets their needs"
WAITING = "People who need help are found and get it without waiting long"


def _running(facts: Facts) -> Iterable[Helped]:
    """Matches that had started and not ended at the end of the span."""
    for each in facts.once(helps):
        if each.first <= facts.span.last and (each.ended_at is None or each.ended_at > facts.span.as_of):
            yield each


def helped_at_the_end(facts: Facts) -> Iterable[Line]:
    """People with a running match at the end of the span."""
    return people_of(each.person for each in _running(facts))


def helped_at_all(facts: Facts) -> Iterable[Line]:
    """People with a match on at least one day of the span."""
    return people_of(
        each.person
        for each in facts.once(helps)
        if each.first <= facts.span.last and (each.last is None or each.last >= facts.span.first)
    )


def _count_at_the_end(facts: Facts) -> Parts:
    return total_of(helped_at_the_end(facts))


def _count_at_all(facts: Facts) -> Parts:
    return total_of(helped_at_all(facts))


def _stood_back(facts: Facts) -> set[int]:
    """People who had taken back their agreement to help, and not given it again, at the end of the span."""
    as_of = facts.span.as_of
    rows = Consent.objects.for_prison(facts.prison).filter(scope=Consent.Scope.SUPPORT, given=True, taken_at__lte=as_of)
    stands = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=as_of)
    agreed = set(rows.filter(stands).values_list("plan__person_id", flat=True))
    return set(rows.exclude(stands).values_list("plan__person_id", flat=True)) - agreed


def waiting_since(facts: Facts) -> dict[int, date]:
    """Who waits for a buddy at the end of the span, and since which day."""
    span = facts.span
    ran = by_person(facts.once(helps))
    helped = {each.person for each in _running(facts)}
    apart = helped | facts.once(_stood_back)
    since: dict[int, date] = {}
    for plan in facts.once(plans):
        over = plan.ended_at is not None and plan.ended_at <= span.as_of
        if plan.activated_at is None or plan.activated_at > span.as_of or over or plan.person in apart:
            continue
        ends = [each.last for each in ran.get(plan.person, []) if each.last is not None and each.last <= span.last]
        since[plan.person] = max([london_today(plan.activated_at), *ends])
    return since


def _waiting_at_the_end(facts: Facts) -> Parts:
    waiting = len(facts.once(waiting_since))
    return Parts(Decimal(waiting), None, waiting)


def _days_so_far(facts: Facts) -> Parts | None:
    return plain_median(((facts.span.last - since).days, True) for since in facts.once(waiting_since).values())


def _informal_help(facts: Facts) -> Parts:
    as_of = facts.span.as_of
    rows = InformalHelp.objects.for_prison(facts.prison).filter(
        Q(closed_at__isnull=True) | Q(closed_at__gt=as_of), noted_at__lte=as_of
    )
    return total_of(people_of(rows.values_list("person_id", flat=True)))


RECEIVING_AT_END = Measure(
    code="OP-04a",
    title="People receiving help at the end of the period",
    answers="How many people have a buddy now?",
    numerator="People with a match that had started and had not ended at the end of the period",
    unit="people",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    basis=Basis.OURS,
    expectation=HELPED,
    heading=Heading.NEED,
    adds=Adds.LAST,
    compute=_count_at_the_end,
    lines=helped_at_the_end,
    by=EVERYTHING,
)
RECEIVING_EVER = Measure(
    code="OP-04b",
    title="People who received help in the period",
    answers="How many people had a buddy at any time in the period?",
    numerator="People with a match that ran on at least one day of the period",
    unit="people",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    basis=Basis.OURS,
    expectation=HELPED,
    heading=Heading.NEED,
    compute=_count_at_all,
    lines=helped_at_all,
    by=EVERYTHING,
)
WAITING_AT_END = Measure(
    code="OP-13a",
    title="People waiting for a buddy at the end of the period",
    answers="How many people have a plan and nobody to help with it?",
    numerator="People with a plan that had been made active and had not ended at the end of the period, with no match "
    "of theirs that had started and not ended, and who had not taken back their agreement to help",
    unit="people",
    kind=Kind.COUNT,
    level="scheme, prison",
    basis=Basis.OURS,
    direction=Direction.LOWER,
    expectation=WAITING,
    heading=Heading.NEED,
    adds=Adds.LAST,
    compute=_waiting_at_the_end,
)
WAITING_DAYS = Measure(
    code="OP-13b",
    title="How long people had waited for a buddy by the end of the period",
    answers="How long have those who wait for a buddy waited so far?",
    numerator="Median of the days up to the last day of the period of the people who waited then, from the day their "
    "plan was made active or, if later, the day their last match ended",
    unit="days",
    kind=Kind.WAIT,
    level="scheme, prison",
    basis=Basis.OURS,
    direction=Direction.LOWER,
    expectation=WAITING,
    heading=Heading.NEED,
    compute=_days_so_far,
    typical=plain_median,
)
INFORMAL_HELP = Measure(
    code="OP-32",
    title="People known to be helped outside the scheme",
    answers="How many people get help from another prisoner without a scheme behind it?",
    numerator="People with an entry in the register of informal help that had been noted and had not been closed at "
    "the end of the period",
    unit="people",
    kind=Kind.COUNT,
    level="prison",
    provider="lead",
    frequency="quarterly",
    basis=Basis.DOMAIN,
    expectation="Leaders know who helps whom, and make informal help safe",
    heading=Heading.LEADERSHIP,
    adds=Adds.LAST,
    compute=_informal_help,
)
