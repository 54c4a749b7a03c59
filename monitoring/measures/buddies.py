"""How many buddies there are."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import OuterRef, Subquery

from monitoring.measures.definition import Adds, Direction, Kind, Measure, Needs, Parts, Span
from schemes.models import Buddy, BuddyStep


def _active_at_the_end(span: Span) -> Parts:
    newest = BuddyStep.objects.filter(buddy=OuterRef("pk"), at__lte=span.as_of).order_by("-at", "-id")
    count = (
        Buddy.objects.for_prison(span.prison_code)
        .annotate(then=Subquery(newest.values("new_status")[:1]))
        .filter(then=Buddy.Status.ACTIVE)
        .count()
    )
    return Parts(Decimal(count), None, count)


ACTIVE_BUDDIES = Measure(
    code="OP-02",
    title="Active buddies",
    answers="How many buddies does the scheme have?",
    numerator="Buddies whose status is active at the end of the period",
    denominator="",
    unit="buddies",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    provider="system",
    frequency="monthly",
    basis="our reconstruction",
    direction=Direction.NONE,
    minimum_n=0,
    expectation="Peer support is organised, with people recruited to do it",
    heading="Peers recruited, trained, supervised and supported",
    needs=Needs.ANYTHING,
    adds=Adds.LAST,
    compute=_active_at_the_end,
)
