"""Reports that a buddy was asked to overstep, did, or was seen doing so."""

from __future__ import annotations

from decimal import Decimal

from monitoring.measures.concerns import happened
from monitoring.measures.definition import Adds, Basis, Heading, Kind, Measure, Needs, Parts
from monitoring.measures.facts import Facts
from referrals.models import Concern

# Reports, not oversteps: one that was done and also seen by somebody is reported twice.
BOUNDARY_KINDS = (Concern.Kind.ASKED_TO_OVERSTEP, Concern.Kind.DID_OVERSTEP, Concern.Kind.SAW_OVERSTEP)


def _reports(facts: Facts) -> Parts:
    reports = sum(concern.kind in BOUNDARY_KINDS for concern in facts.once(happened))
    return Parts(Decimal(reports), Decimal(facts.minutes) / 60, reports)


BOUNDARY_REPORTS = Measure(
    code="OP-22",
    title="Boundary reports for every 1,000 support hours",
    answers="How often are buddies asked to go beyond their role, or do so?",
    numerator="Reports of being asked to overstep, of overstepping and of seeing it, that happened in the period",
    denominator="Support hours recorded in the period",
    unit="reports for every 1,000 support hours",
    kind=Kind.RATE,
    level="scheme, prison",
    provider="everyone",
    basis=Basis.DOMAIN,
    # Few reports may mean that nobody dares to report: no way is good.
    minimum_n=10,
    expectation="Peers know the limits of their role and do not give personal care",
    heading=Heading.BOUNDARIES,
    needs=Needs.VISITS,
    adds=Adds.UP,
    compute=_reports,
    per=1000,
)
