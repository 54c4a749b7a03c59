"""What the recipient's journey has to say on a buddy's page, and what holds a person's record in use."""

from __future__ import annotations

from buddyscheme.accounts.models import Prison
from referrals.models import AssessmentRequest, Plan, Referral
from referrals.queries.unmet_needs import open_needs
from referrals.rules.assessments import step_waited_for
from schemes.models import Person
from schemes.remarks import remarks_by
from schemes.ties import ties_by


@remarks_by
def gets_help_too(prison: Prison, person: Person) -> str:
    """Somebody who is helped here may help others: staff are told, and think about it with the person."""
    if not Plan.objects.for_prison(prison).filter(person=person, status__in=Plan.LIVE).exists():
        return ""
    return (
        f"{person.full_name} also has a plan for help from this scheme. That is allowed. "
        "Talk with them about whether they can do both, and who helps them."
    )


@ties_by
def runs_here(prison: Prison, person: Person) -> list[str]:
    """What waits or runs: plans, referrals to be screened, unmet personal care, and what others were asked."""
    plans = Plan.objects.for_prison(prison).filter(person=person, status__in=Plan.LIVE).order_by("id")
    waiting = Referral.objects.for_prison(prison).filter(person=person, status=Referral.Status.RECEIVED).order_by("id")
    asked = AssessmentRequest.objects.for_prison(prison).filter(person=person, closed_on__isnull=True).order_by("id")
    return [
        *(f"plan {plan.reference}" for plan in plans),
        *(f"referral {row.reference}" for row in waiting),
        *(f"unmet need {need.reference}" for need in open_needs(prison).filter(person=person)),
        *(f"request {row.reference}" for row in asked if step_waited_for(row) is not None),
    ]
