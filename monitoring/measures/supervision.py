"""Whether somebody sits down with each buddy as often as the scheme says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Q

from buddyscheme.lib.dates import day_bounds
from monitoring.measures.definition import Basis, Direction, Heading, Kind, Measure, Parts
from monitoring.measures.facts import Facts
from schemes.models import Buddy, Scheme
from training.models import Supervision
from training.rules.supervision import next_due

ACTIVE = Buddy.Status.ACTIVE


def _due_days(anchors: list[date], months: int, last: date) -> Iterator[tuple[date, bool]]:
    """Each day on which one was due, and whether one had been held since the due day before it.

    `anchors` are the start and every day on which one was held. Due days follow an anchor every so many months until
    the first that the next anchor meets.
    """
    for anchor, held_on in zip(anchors, [*anchors[1:], None], strict=True):
        for times in range(1, 1200):
            due = next_due(anchor, months * times)
            met = held_on is not None and held_on <= due
            if due > last:
                break
            yield due, met
            if met:
                break


def _held_of_due(facts: Facts) -> Parts:
    scheme = Scheme.objects.for_prison(facts.prison).get()
    kinds = Q(kind=Supervision.Kind.ONE_TO_ONE) | Q(kind__in=[Supervision.Kind.GROUP] if scheme.group_counts else [])
    rows = Supervision.objects.for_prison(facts.prison).filter(
        kinds, outcome=Supervision.Outcome.HELD, held_on__lte=facts.span.last
    )
    held: dict[int, set[date]] = {}
    for buddy, held_on in rows.values_list("buddy_id", "held_on"):
        held.setdefault(buddy, set()).add(held_on)
    due = on_time = 0
    for buddy, started_on in _in_the_role(facts):
        anchors = sorted({started_on} | {day for day in held.get(buddy, ()) if day > started_on})
        for day, met in _due_days(anchors, scheme.supervision_months, facts.span.last):
            if day >= facts.span.first and _active_on(facts, buddy, day):
                due += 1
                on_time += met
    return Parts(Decimal(on_time), Decimal(due), due)


def _in_the_role(facts: Facts) -> list[tuple[int, date]]:
    rows = Buddy.objects.for_prison(facts.prison).filter(started_on__isnull=False, started_on__lt=facts.span.last)
    started = rows.order_by("pk").values_list("pk", "started_on")
    return [(pk, started_on) for pk, started_on in started if started_on is not None]


def _active_on(facts: Facts, buddy: int, day: date) -> bool:
    ends = min(day_bounds(day)[1], facts.span.as_of)
    status = ""
    for at, new in facts.hops.get(buddy, ()):
        if at <= ends:
            status = new
    return status == ACTIVE


HELD_OF_DUE = Measure(
    code="OP-18",
    title="Supervision held of that due",
    answers="Does somebody sit down with each buddy as often as the scheme says?",
    numerator="Of these, due days by which supervision had been held: after the day that they are counted from, and on "
    "the due day or earlier",
    denominator="Days in the period on which supervision of a buddy was due, for buddies who were active at the end of "
    "that day. It is due every so many months as the scheme says now, counted from the last one held, or from the "
    "start in the role; when it was not held by then, it is due again after twice, three times so many months, until "
    "the first due day by which one was held. A group meeting counts where the scheme says so now",
    unit="share of supervision due",
    kind=Kind.SHARE,
    level="person, scheme",
    provider="supervisor",
    basis=Basis.DOMAIN,
    direction=Direction.HIGHER,
    minimum_n=10,
    expectation="Peers are supervised and supported",
    heading=Heading.PEERS,
    compute=_held_of_due,
)
