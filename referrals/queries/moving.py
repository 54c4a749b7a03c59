"""Care records between prisons and handovers: what goes into them, and the lists of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import LONDON, london_today
from referrals.care_record import CareFacts
from referrals.models import (
    AssessmentRequest,
    CarePack,
    CarePackBody,
    CarePackStart,
    Handover,
    Plan,
    UnmetNeed,
)
from referrals.queries.capacity import standing
from referrals.queries.plan_parts import equipment_of, evacuation_of, goals_of
from referrals.queries.plans import consents_of, running_tasks
from referrals.queries.unmet_needs import OPEN, with_last_put
from referrals.rules.moving import BEFORE_RELEASE
from referrals.rules.packs import newest_overdue
from schemes.models import Custody, Person
from schemes.queries.people import last_custody_of, person_here, still_read
from schemes.queries.schemes import scheme_of

# How long somebody who has left without a record or a handover stays on the list of those who need one.
STILL_LISTED = timedelta(days=182)


def care_of(prison: Prison, person: Person) -> CareFacts:
    """What is known here about the person's care now, or was when they left."""
    custody = last_custody_of(prison, person)
    plan = _plan_of(prison, person, custody)
    needs = with_last_put(UnmetNeed.objects.for_prison(prison).filter(_unmet_in(custody), person=person))
    requests = AssessmentRequest.objects.for_prison(prison).filter(person=person)
    if custody is not None:
        requests = requests.filter(asked_at__gte=custody.started_at)
    scheme = scheme_of(prison)
    return CareFacts(
        person=person,
        prison=prison,
        plan=plan,
        goals=list(goals_of(plan)) if plan is not None else [],
        review=plan.reviews.order_by("-reviewed_at", "-id").first() if plan is not None else None,
        tasks=list(running_tasks(plan)) if plan is not None else [],
        equipment=list(equipment_of(plan)) if plan is not None else [],
        evacuation=evacuation_of(plan) if plan is not None else None,
        consents=consents_of(plan) if plan is not None else [],
        decided_for=standing(plan) if plan is not None else None,
        needs=list(needs.select_related("task").order_by("known_on", "id")),
        requests=list(requests.order_by("asked_on", "id")),
        lead=scheme.lead if scheme is not None else None,
        ground_floor=custody.landing == 0 if custody is not None and custody.landing is not None else None,
    )


def anything_of(prison: Prison, person: Person, custody: Custody) -> bool:
    """Whether there is something to hand on, without reading it."""
    needs = UnmetNeed.objects.for_prison(prison).filter(_unmet_in(custody), person=person)
    requests = AssessmentRequest.objects.for_prison(prison).filter(person=person, asked_at__gte=custody.started_at)
    return _plan_of(prison, person, custody) is not None or needs.exists() or requests.exists()


def _unmet_in(custody: Custody | None) -> Q:
    """Unmet now, or when the person left."""
    if custody is None or custody.ended_at is None:
        return OPEN
    return OPEN | Q(met_on__isnull=True, left_on=london_today(custody.ended_at))


def _plan_of(prison: Prison, person: Person, custody: Custody | None) -> Plan | None:
    """The live plan, or the one that ended because the person left."""
    rows: QuerySet[Plan] = Plan.objects.for_prison(prison).filter(person=person)
    running = Q(status__in=Plan.LIVE)
    if custody is not None and custody.ended_at is not None:
        running |= Q(status=Plan.Status.ENDED, ended_at__gte=custody.ended_at)
    return rows.filter(running).order_by("-asked_at", "-id").first()


def sent_of(prison: Prison, person: Person) -> QuerySet[Any]:
    """Records of the person that this prison sent, the newest first."""
    rows: QuerySet[Any] = CarePack.objects.for_prison(prison).filter(person=person)
    return rows.select_related("to_prison", "sent_by", "accepted_by").order_by("-sent_at", "-id")


def body_of(pack: CarePack) -> dict[str, Any] | None:
    """The whole record, where the database lets this prison read it."""
    row = CarePackBody.objects.filter(pack=pack).first()
    return row.body if row is not None else None


def received_by(prison: Prison) -> QuerySet[Any]:
    """Records that other prisons sent here and did not replace: those that wait first, the oldest of them first."""
    rows: QuerySet[Any] = CarePack.objects.filter(to_prison=prison, replaced=False)
    rows = rows.select_related("prison", "accepted_by")
    return rows.order_by(F("accepted_at").desc(nulls_first=True), F("moved_on").asc(nulls_last=True), "sent_at", "id")


def to_accept(prison: Prison) -> QuerySet[Any]:
    """Received records that nobody here has accepted, those whose clock runs longest first."""
    rows = received_by(prison).filter(accepted_at__isnull=True)
    return rows.order_by(F("moved_on").asc(nulls_last=True), "sent_at", "id")


def sent_by_prison(prison: Prison) -> QuerySet[Any]:
    """Records that this prison sent and did not replace, the newest first."""
    rows: QuerySet[Any] = CarePack.objects.for_prison(prison).filter(replaced=False)
    return still_read(rows).select_related("to_prison", "sent_by").order_by("-sent_at", "-id")


def overdue(packs: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Of these records those whose two working days have passed unaccepted, the longest first."""
    return packs.filter(accepted_at__isnull=True, moved_on__lte=newest_overdue(today)).order_by("moved_on", "id")


def visible_to(prison: Prison) -> QuerySet[Any]:
    """Records that this prison sent or received."""
    rows: QuerySet[Any] = CarePack.objects.filter(Q(prison=prison) | Q(to_prison=prison))
    return rows.select_related("prison", "to_prison", "accepted_by", "sent_by")


def start_of(pack: CarePack) -> CarePackStart | None:
    """The referral that the receiving prison made from the record."""
    return CarePackStart.objects.filter(pack=pack).select_related("referral", "started_by").first()


def record_for(plan: Plan) -> CarePack | None:
    """The accepted record of another prison that this plan's referral was made from."""
    start = CarePackStart.objects.for_prison(plan.prison_id).filter(referral=plan.referral_id).first()
    if start is None:
        return None
    pack: CarePack | None = visible_to(plan.prison).filter(pk=start.pack_id).first()
    return pack


def person_of(pack: CarePack) -> Person | None:
    """The record's person at the receiving prison, once they are on its list."""
    return person_here(pack.to_prison, pack.prison_number)


def to_send(prison: Prison, today: date) -> QuerySet[Custody]:
    """Stays that ended with a move within half a year, of people who had help or open needs, and no record was sent."""
    rows = _left(prison, today, Custody.EndReason.TRANSFER)
    sent = CarePack.objects.for_prison(prison).filter(person=OuterRef("person"), sent_at__gte=OuterRef("started_at"))
    return rows.filter(~Exists(sent))


def handovers_of(prison: Prison) -> QuerySet[Any]:
    """Handovers that were made and not replaced, the newest first."""
    rows: QuerySet[Any] = Handover.objects.for_prison(prison).filter(replaced=False)
    return still_read(rows).select_related("person", "made_by").order_by("-made_at", "-id")


def unanswered(prison: Prison) -> QuerySet[Any]:
    """Handovers that nobody outside has confirmed yet, the oldest first."""
    return handovers_of(prison).filter(received_at__isnull=True).order_by("made_at", "id")


def to_hand_over(prison: Prison, today: date) -> QuerySet[Custody]:
    """People here who are released within twelve weeks, who have help or open needs, and no handover yet."""
    rows: QuerySet[Custody] = Custody.objects.for_prison(prison).filter(
        ended_at__isnull=True, release_on__lte=today + BEFORE_RELEASE
    )
    rows = rows.filter(_has_care() | Exists(_open_needs())).filter(~Exists(_handover()))
    return rows.select_related("person", "wing").order_by("release_on", "id")


def released_without(prison: Prison, today: date) -> QuerySet[Custody]:
    """Stays that ended with a release within half a year, of people with help or open needs, and no handover."""
    return _left(prison, today, Custody.EndReason.RELEASE).filter(~Exists(_handover()))


def _left(prison: Prison, today: date, reason: str) -> QuerySet[Custody]:
    rows: QuerySet[Custody] = Custody.objects.for_prison(prison).filter(
        end_reason=reason, ended_at__date__gte=today - STILL_LISTED
    )
    rows = rows.alias(left_on=TruncDate("ended_at", tzinfo=LONDON))
    rows = rows.filter(_had_plan() | Exists(_needs_left()))
    return rows.select_related("person", "wing", "moved_to").order_by("ended_at", "id")


def _here(model: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.filter(person=OuterRef("person"), prison=OuterRef("prison"))
    return found


def _has_care() -> Exists:
    return Exists(_here(Plan).filter(status__in=Plan.LIVE))


def _had_plan() -> Exists:
    """A plan that lasted until the person left."""
    until = Q(status__in=Plan.LIVE) | Q(status=Plan.Status.ENDED, ended_at__gte=OuterRef("ended_at"))
    return Exists(_here(Plan).filter(until, activated_at__isnull=False))


def _open_needs() -> QuerySet[Any]:
    return _here(UnmetNeed).filter(OPEN)


def _needs_left() -> QuerySet[Any]:
    """Unmet when the person left."""
    return _here(UnmetNeed).filter(OPEN | Q(met_on__isnull=True, left_on=OuterRef("left_on")))


def _handover() -> QuerySet[Any]:
    return _here(Handover).filter(made_at__gte=OuterRef("started_at"))
