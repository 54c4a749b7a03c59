"""Who must be told what came of a referral, and what may be told to whom."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import Referral, ReferralTelling

Audience, How, Source = ReferralTelling.Audience, ReferralTelling.How, Referral.Source

# Staff who asked see it on their own list of referrals; the person is told whoever asked.
TOLD_BESIDES: dict[str, str] = {
    Source.PEER: Audience.PEER,
    Source.HEALTHCARE: Audience.HEALTHCARE,
    Source.COUNCIL: Audience.COUNCIL,
    Source.FAMILY: Audience.FAMILY,
}
# A prisoner who asked for somebody else is thanked in person; nothing about others goes on paper to a prisoner.
HOW_TOLD: dict[str, tuple[str, ...]] = {
    Audience.PERSON: (How.IN_PERSON, How.LETTER),
    Audience.PEER: (How.IN_PERSON,),
    Audience.HEALTHCARE: (How.LETTER, How.IN_PERSON, How.PHONE),
    Audience.COUNCIL: (How.LETTER, How.PHONE),
    Audience.FAMILY: (How.LETTER, How.PHONE, How.IN_PERSON),
}


def audiences_of(source: str) -> tuple[str, ...]:
    """Who must be told of a referral from this source: the person always first."""
    return (Audience.PERSON, *((TOLD_BESIDES[source],) if source in TOLD_BESIDES else ()))


def check_can_tell(
    telling: ReferralTelling, *, how: str, told_on: date, screened_on: date, today: date, person_agrees: bool
) -> None:
    """Once, on a day from the decision to today, in a way that is right for them."""
    if telling.told_at is not None:
        raise NotAllowed("It is already recorded that they were told.")
    if how not in HOW_TOLD[telling.audience]:
        raise NotAllowed("Select how they were told.", field="how")
    if not screened_on <= told_on <= today:
        raise NotAllowed("The day must be from the day of the decision to today.", field="told_on")
    if person_agrees and telling.audience != Audience.FAMILY:
        raise NotAllowed("Only family and friends need the person’s agreement.", field="person_agrees")


can_tell = twin(check_can_tell)
