"""Moving on: what ends when somebody leaves, the care record to the next prison, the handover at a release."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.publish import month_changed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals import care_record
from referrals.actions.assessments import close_assessments
from referrals.actions.days import follow_custody
from referrals.actions.matches import end_match
from referrals.actions.news import keep_news
from referrals.actions.plans import add_task, end_plan
from referrals.actions.referrals import close_referral, make_referral
from referrals.actions.unmet_needs import leave_unmet_needs, open_unmet_need
from referrals.drawing import create_with_reference
from referrals.models import CarePack, CarePackBody, CarePackStart, Handover, Match, Plan, Referral, UnmetNeed
from referrals.pack_file import checksum
from referrals.queries import moving as queries
from referrals.queries.plans import live_plan_of
from referrals.queries.referrals import open_referral_of
from referrals.queries.unmet_needs import OPEN
from referrals.queries.welfare import buddies_who_help
from referrals.rules import moving as rules
from referrals.rules import news as news_rules
from schemes.models import Custody, Person, TaskKind
from schemes.queries.people import last_custody_of


@dataclass
class Taken:
    """What became of the tasks of a record: names that are in the plan now, and names with why not."""

    added: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def follow_leaving(*, by: Actor, now: datetime, custody: Custody) -> None:
    """Somebody has left: the care record goes along, and plan, matches and open referrals here end. Safe to repeat.

    The record is put together before anything ends, so that it says what ran.
    """
    if custody.ended_at is None:
        raise ValueError("this stay has not ended")
    if custody.moved_to is not None:
        _send_along(by, now, custody, custody.moved_to)
    _keep_news(by, now, custody)
    words = rules.LEFT_WORDS[custody.end_reason]
    own = Plan.objects.for_prison(custody.prison_id).filter(person=custody.person_id, asked_at__lte=custody.ended_at)
    for plan in own.filter(status__in=Plan.LIVE).order_by("id"):
        end_plan(by=by, now=now, plan=plan, reason=words)
    as_buddy = Match.objects.for_prison(custody.prison_id).filter(
        buddy__person=custody.person_id, proposed_at__lte=custody.ended_at, status__in=Match.LIVE
    )
    for match in as_buddy.select_related("plan").order_by("id"):
        end_match(by=by, now=now, match=match, reason=rules.BUDDY_LEFT)
    waiting = Referral.objects.for_prison(custody.prison_id).filter(
        person=custody.person_id, referred_at__lte=custody.ended_at, status=Referral.Status.RECEIVED
    )
    for referral in waiting.order_by("id"):
        close_referral(by=by, now=now, referral=referral, reason=words)
    close_assessments(by=by, now=now, custody=custody)
    leave_unmet_needs(by=by, now=now, custody=custody)
    follow_custody(by=by, now=now, custody=custody)
    month_changed(custody.prison_id, [london_today(custody.ended_at), london_today(now)])


def _keep_news(by: Actor, now: datetime, custody: Custody) -> None:
    """Whoever helped hears of it from a person, and not from a visit that is gone."""
    assert custody.ended_at is not None  # checked by the caller
    keep_news(
        by=by,
        now=now,
        prison=custody.prison,
        buddies=buddies_who_help(custody.prison, custody.person, custody.ended_at),
        person=custody.person,
        event=news_rules.OF_LEAVING.get(custody.end_reason, news_rules.Event.LEFT),
        event_key=f"custody:{custody.pk}",
    )


def _send_along(by: Actor, now: datetime, custody: Custody, to: Prison) -> None:
    """Send the record if there is one and the prison does not have it; start the clock of the one it has."""
    facts = queries.care_of(custody.prison, custody.person)
    newest = _newest(custody.prison, custody.person, to)
    of_this_stay = newest if _is_of(newest, custody) else None
    if facts.anything and not _has_same(of_this_stay, facts, to):
        _send(by, now, facts, to, newest, help_on_first_day=_first_day(of_this_stay, facts))
    moved_on = london_today(custody.ended_at) if custody.ended_at is not None else None
    CarePack.objects.for_prison(custody.prison_id).filter(
        person=custody.person_id, to_prison=to, replaced=False, moved_on__isnull=True
    ).update(moved_on=moved_on)


def _first_day(newest: CarePack | None, facts: care_record.CareFacts) -> bool:
    """As the lead said before; somebody whose help runs needs it on the first day too."""
    if newest is not None:
        return newest.help_on_first_day
    return facts.plan is not None and facts.plan.status == Plan.Status.ACTIVE


@transaction.atomic
def send_care_pack(
    *, by: Actor, now: datetime, prison: Prison, person: Person, to: Prison, help_on_first_day: bool
) -> CarePack:
    """Send the care record: when a move is booked, or after it. A changed record replaces the one before."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    facts = queries.care_of(prison, person)
    custody = last_custody_of(prison, person)
    newest = _newest(prison, person, to)
    same = _is_of(newest, custody) and _has_same(newest, facts, to)
    rules.check_can_send(to=to, prison=prison, custody=custody, anything=facts.anything, same_sent=same)
    pack = _send(by, now, facts, to, newest, help_on_first_day=help_on_first_day)
    if custody is not None and custody.ended_at is not None:
        # It comes after the move, so the clock runs from today.
        pack.moved_on = london_today(now)
        pack.save(update_fields=["moved_on"])
    _follow(prison, custody, now)
    return pack


def _newest(prison: Prison, person: Person, to: Prison) -> CarePack | None:
    found: CarePack | None = queries.sent_of(prison, person).filter(to_prison=to, replaced=False).first()
    return found


def _is_of(newest: CarePack | None, custody: Custody | None) -> bool:
    """Whether it was sent in this stay: what went along with an earlier move says nothing about this one."""
    return newest is not None and custody is not None and newest.sent_at >= custody.started_at


def _has_same(newest: CarePack | None, facts: care_record.CareFacts, to: Prison) -> bool:
    if newest is None:
        return False
    sent = queries.body_of(newest)
    now = care_record.record_body(facts, to=to, number=0, help_on_first_day=False, today=date.min)
    return sent is not None and care_record.same_care(sent, now)


def _send(
    by: Actor,
    now: datetime,
    facts: care_record.CareFacts,
    to: Prison,
    newest: CarePack | None,
    *,
    help_on_first_day: bool,
) -> CarePack:
    today = london_today(now)
    number = 1 if newest is None else newest.number + 1
    body = care_record.record_body(facts, to=to, number=number, help_on_first_day=help_on_first_day, today=today)
    if newest is not None and newest.accepted_at is None:
        newest.replaced = True
        newest.save(update_fields=["replaced"])
    pack: CarePack = CarePack.objects.create(
        prison=facts.prison,
        to_prison=to,
        person=facts.person,
        plan=facts.plan,
        prison_number=facts.person.prison_number,
        number=number,
        help_on_first_day=help_on_first_day,
        summary=care_record.summary_of(body),
        checksum=checksum(body),
        sent_at=now,
        sent_by=by.user,
    )
    CarePackBody.objects.create(prison=facts.prison, pack=pack, body=body)
    record(
        Event.CARE_RECORD_SENT, by=by, prison=facts.prison.pk, subject=pack, person_id=facts.person.pk,
        to=to.pk, number=number,
    )  # fmt: skip
    return pack


@transaction.atomic
def accept_care_pack(*, by: Actor, now: datetime, pack: CarePack) -> CarePack:
    """Accept for the receiving prison. From now on it reads the whole record; the person need not be there yet."""
    pack = _locked(pack)
    rules.check_can_accept(pack)
    pack.accepted_at, pack.accepted_by = now, by.user
    pack.save(update_fields=["accepted_at", "accepted_by"])
    with scoped(DatabaseRole.NATIONAL):
        # Out of the receiving prison's sight until this very step.
        CarePackBody.objects.filter(pack=pack, open_to__isnull=True).update(open_to=pack.to_prison_id)
    record(Event.CARE_RECORD_ACCEPTED, by=by, prison=pack.to_prison_id, subject=pack, sender=pack.prison_id)
    return pack


@transaction.atomic
def confirm_care_pack(*, by: Actor, now: datetime, pack: CarePack, words: str) -> CarePack:
    """Record for the sender that a prison without the service has the paper, and who said so."""
    pack = _locked(pack)
    rules.check_can_confirm(pack, words)
    pack.accepted_at, pack.accepted_by, pack.confirmed_words = now, by.user, words.strip()
    pack.save(update_fields=["accepted_at", "accepted_by", "confirmed_words"])
    record(Event.CARE_RECORD_CONFIRMED, by=by, prison=pack.prison_id, subject=pack, person_id=pack.person_id)
    return pack


@transaction.atomic
def start_from_pack(*, by: Actor, now: datetime, pack: CarePack) -> Referral:
    """Start here what the record says: a referral to screen, and each unmet need, whose days count here from today."""
    pack = _locked(pack)
    prison = pack.to_prison
    person = queries.person_of(pack)
    rules.check_can_start(
        pack,
        here=person is not None,
        started=queries.start_of(pack) is not None,
        open_referral=person is not None and open_referral_of(prison, person) is not None,
        live_plan=person is not None and live_plan_of(prison, person) is not None,
    )
    assert person is not None
    body: dict[str, Any] = queries.body_of(pack) or {}
    referral = make_referral(
        by=by,
        now=now,
        prison=prison,
        person=person,
        source=Referral.Source.PRISON,
        urgency=Referral.Urgency.URGENT if pack.help_on_first_day else Referral.Urgency.SOON,
        need_areas=rules.need_areas(body),
        reason=f"Care record from {pack.prison.name}, accepted here.",
        other_help=Referral.OtherHelp.UNKNOWN,
    )
    CarePackStart.objects.create(prison=prison, pack=pack, referral=referral, started_at=now, started_by=by.user)
    _open_needs(by, now, prison, person, body)
    record(Event.CARE_RECORD_STARTED, by=by, prison=prison.pk, subject=pack, person_id=person.pk, referral=referral.pk)
    return referral


@transaction.atomic
def take_tasks(*, by: Actor, now: datetime, plan: Plan, pack: CarePack) -> Taken:
    """Put the tasks of an accepted record into a plan that is being written: each as if somebody had typed it.

    Whatever this scheme, the closed catalogue or the gate refuses stays out, with its reason.
    """
    rules.check_can_take_tasks(plan, pack)
    body: dict[str, Any] = queries.body_of(pack) or {}
    lines = (body.get("plan") or {}).get("tasks", [])
    kinds = TaskKind.objects.in_bulk([line["code"] for line in lines])
    taken = Taken()
    for line in lines:
        kind = kinds.get(line["code"])
        try:
            if kind is None:
                raise NotAllowed("This task is not in the catalogue any more.")
            with transaction.atomic():
                add_task(
                    by=by,
                    now=now,
                    plan=plan,
                    task=kind,
                    weekdays=line["weekdays"],
                    session=line["session"],
                    minutes=line["minutes"],
                    done_by=line["done_by"],
                )
        except NotAllowed as error:
            taken.left_out.append((line["name"], str(error)))
        else:
            taken.added.append(line["name"])
    record(
        Event.CARE_RECORD_TASKS, by=by, prison=plan.prison_id, subject=pack, person_id=plan.person_id,
        plan=plan.pk, added=len(taken.added), left_out=len(taken.left_out),
    )  # fmt: skip
    return taken


def _open_needs(by: Actor, now: datetime, prison: Prison, person: Person, body: dict[str, Any]) -> None:
    """The needs that are not met and not on record here yet."""
    known = UnmetNeed.objects.for_prison(prison).filter(OPEN, person=person)
    already = set(known.values_list("task_id", flat=True))
    codes = {need["code"] for need in body.get("unmet_needs", ())} - already
    for task in TaskKind.objects.filter(pk__in=codes, opens=TaskKind.Opens.UNMET_NEED).order_by("position"):
        open_unmet_need(by=by, now=now, prison=prison, person=person, task=task, known_on=london_today(now))


@transaction.atomic
def make_handover(
    *, by: Actor, now: datetime, prison: Prison, person: Person, council: str, probation: str, agrees: str
) -> Handover:
    """Put together what goes to the home council and to probation. A new one replaces the one before."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    facts = queries.care_of(prison, person)
    custody = last_custody_of(prison, person)
    rules.check_can_make_handover(
        custody=custody, anything=facts.anything, council=council, probation=probation, agrees=agrees
    )
    assert custody is not None
    release_on = london_today(custody.ended_at) if custody.ended_at is not None else custody.release_on
    body = care_record.handover_body(
        facts,
        council=council.strip(),
        probation=probation.strip(),
        shares_all=rules.shares_all(agrees, decided=facts.decided_for is not None and facts.decided_for.share),
        release_on=release_on,
        today=london_today(now),
    )
    Handover.objects.for_prison(prison).filter(person=person, replaced=False).update(replaced=True)
    handover = create_with_reference(
        Handover,
        "H",
        prison=prison,
        person=person,
        plan=facts.plan,
        council=council.strip(),
        probation=probation.strip(),
        agrees=agrees,
        release_on=release_on,
        body=body,
        checksum=checksum(body),
        made_at=now,
        made_by=by.user,
    )
    record(
        Event.HANDOVER_MADE, by=by, prison=prison.pk, subject=handover, person_id=person.pk,
        shares_all=body["shares_all"],
    )  # fmt: skip
    _follow(prison, custody, now)
    return handover


def _follow(prison: Prison, custody: Custody | None, now: datetime) -> None:
    """What goes along counts in the month of the move or the release."""
    left_at = custody.ended_at if custody is not None else None
    month_changed(prison.code, [london_today(left_at or now)])


@transaction.atomic
def answer_handover(*, by: Actor, now: datetime, handover: Handover, received_on: date, words: str) -> Handover:
    """Record that the council or probation has it, and who said so."""
    handover = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    rules.check_can_answer_handover(handover, received_on=received_on, words=words, today=london_today(now))
    handover.received_on, handover.received_words = received_on, words.strip()
    handover.received_at, handover.received_by = now, by.user
    handover.save(update_fields=["received_on", "received_words", "received_at", "received_by"])
    record(Event.HANDOVER_ANSWERED, by=by, prison=handover.prison_id, subject=handover, person_id=handover.person_id)
    return handover


def _locked(pack: CarePack) -> CarePack:
    rows = CarePack.objects.select_for_update(of=("self",)).select_related("prison", "to_prison")
    return rows.get(pk=pack.pk)
