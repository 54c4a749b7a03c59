"""Making a referral, asking at a terminal, and screening."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.rules import check_transition
from buddyscheme.outbox.publish import month_changed
from referrals.actions.assessments import ask_for_assessment
from referrals.actions.informal_help import help_was_mentioned
from referrals.actions.needs import note_needs
from referrals.actions.unmet_needs import open_unmet_need
from referrals.drawing import create_with_reference
from referrals.models import InformalHelp, Referral, ReferralTelling, TerminalWindow
from referrals.queries.referrals import earlier_referral, own_waiting, repeats_waiting
from referrals.queries.unmet_needs import has_open_need
from referrals.rules import referrals as rules
from referrals.rules.tellings import audiences_of
from schemes.models import Person, Referrer, TaskKind
from schemes.queries.people import custody_of


@transaction.atomic
def make_referral(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    source: str,
    urgency: str,
    need_areas: Sequence[str],
    reason: str,
    other_help: str,
    new: bool = False,
    need_source: str = "",
) -> Referral:
    """Refer a person who is held here. `other_help` is never used for discipline.

    Where another referral of the person waits or a plan runs, this one is kept as a repeat of it, unless `new`: whoever
    sends it has seen the other one and says that this is something else. `need_source` where the needs come from
    elsewhere than the referral.
    """
    rules.check_can_refer(here=custody_of(prison, person) is not None, need_areas=need_areas, reason=reason)
    referral = _keep(
        by,
        now,
        prison,
        person,
        new=new,
        source=Referral.Source(source),
        urgency=Referral.Urgency(urgency),
        need_areas=[Referral.NeedArea(area) for area in need_areas],
        reason=reason.strip(),
        other_help=Referral.OtherHelp(other_help),
        referred_by=by.user,
    )
    if by.user is not None:
        # Known below as well: nobody clears a person whom they referred.
        Referrer.objects.bulk_create([Referrer(prison=prison, person=person, user=by.user)], ignore_conflicts=True)
    _follow(by, now, referral, need_source or source)
    if other_help == Referral.OtherHelp.YES:
        how = InformalHelp.HowKnown.RECEPTION if need_source == "RECEPTION" else InformalHelp.HowKnown.REFERRAL
        help_was_mentioned(by=by, now=now, prison=prison, person=person, how_known=how, said_in=referral)
    return referral


@transaction.atomic
def ask_for_help(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    window: TerminalWindow,
    urgency: str,
    need_areas: Sequence[str],
    wants_to_say: bool,
) -> Referral:
    """A person asks for themselves at a terminal, by touch alone. Who else helps is asked by staff, not here."""
    rules.check_can_ask(
        here=custody_of(prison, person) is not None,
        need_areas=need_areas,
        own=by.kind == "person" and by.id == person.pk,
        waiting=own_waiting(prison, person).count(),
    )
    referral = _keep(
        by,
        now,
        prison,
        person,
        source=Referral.Source.SELF,
        urgency=Referral.Urgency(urgency),
        need_areas=[Referral.NeedArea(area) for area in need_areas],
        other_help=Referral.OtherHelp.UNKNOWN,
        wants_to_say=wants_to_say,
        window=window,
    )
    _follow(by, now, referral, Referral.Source.SELF)
    return referral


def _keep(by: Actor, now: datetime, prison: Prison, person: Person, *, new: bool = False, **fields: object) -> Referral:
    # Two at once for one person: the second waits here and then finds the first.
    Person.objects.select_for_update().get(pk=person.pk)
    referral = create_with_reference(
        Referral,
        "R",
        prison=prison,
        person=person,
        referred_at=now,
        due_at=rules.due_at(str(fields["urgency"]), now),
        repeats=None if new else earlier_referral(prison, person),
        **fields,
    )
    record(
        Event.REFERRAL_MADE, by=by, prison=prison.code, subject=referral, person_id=person.pk, source=fields["source"]
    )
    return referral


def _follow(by: Actor, now: datetime, referral: Referral, source: str) -> None:
    note_needs(
        by=by,
        now=now,
        prison=referral.prison,
        person=referral.person,
        source=source,
        categories=referral.need_areas,
        referral=referral,
    )
    month_changed(referral.prison_id, [london_today(now)])


@transaction.atomic
def say_who_asked(*, by: Actor, now: datetime, referral: Referral, said_by: str, version: int) -> Referral:
    """Add who asked, by name or role, where it was not staff. Never shown to prisoners."""
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    rules.check_can_say_who(referral, said_by=said_by, version=version)
    referral.said_by = said_by.strip()
    referral.version += 1
    referral.save(update_fields=["said_by", "version"])
    record(Event.REFERRAL_WHO_ASKED, by=by, prison=referral.prison_id, subject=referral, person_id=referral.person_id)
    return referral


@transaction.atomic
def screen_referral(
    *,
    by: Actor,
    now: datetime,
    referral: Referral,
    outcome: str,
    reason: str,
    version: int,
    with_repeats: bool = False,
    care: Sequence[TaskKind] = (),
    care_given: bool = False,
    care_asked: bool = True,
) -> Referral:
    """Decide what happens next, and put it to the council or to healthcare where the outcome says so.

    `with_repeats`: what says the same and still waits gets the same outcome; nothing is put to anybody twice.
    Where personal care is named and no unmet need is on record, `care` says what of it the person does not get: each
    becomes an unmet need known since the day of the referral. Or it is given (`care_given`). `care_asked` is False
    only where a file says nothing of it.
    """
    referral = Referral.objects.select_for_update(of=("self",)).select_related("prison", "person").get(pk=referral.pk)
    here = custody_of(referral.prison, referral.person) is not None
    rules.check_can_screen(referral, version=version, outcome=outcome, reason=reason, here=here)
    repeats = list(repeats_waiting(referral).select_for_update(of=("self",))) if with_repeats else []
    named = [one for one in (referral, *repeats) if rules.names_care(one)]
    if named and care_asked:
        _answer_care(by, now, named, care, care_given)
    _decide(by, now, referral, outcome, reason)
    for body in rules.ASKED[outcome]:
        ask_for_assessment(by=by, now=now, referral=referral, body=body)
    for other in repeats:
        _decide(by, now, other, outcome, reason)
    return referral


def _answer_care(by: Actor, now: datetime, named: list[Referral], care: Sequence[TaskKind], given: bool) -> None:
    """Say of these referrals, which name personal care, whether it is given; open what is not."""
    prison, person = named[0].prison, named[0].person
    known = has_open_need(prison, person)
    if not known:
        rules.check_care(missing=bool(care), given=given)
        first = min(london_today(one.referred_at) for one in named)
        for task in care:
            open_unmet_need(by=by, now=now, prison=prison, person=person, task=task, known_on=first)
    answer = Referral.PersonalCare.UNMET if known or care else Referral.PersonalCare.GIVEN
    for one in named:
        one.personal_care = answer


def _decide(by: Actor, now: datetime, referral: Referral, outcome: str, reason: str) -> None:
    referral.status = rules.status_after(outcome)
    referral.outcome, referral.outcome_reason = outcome, reason.strip()
    referral.screened_at, referral.screened_by = now, by.user
    referral.version += 1
    referral.save(
        update_fields=[
            "status",
            "outcome",
            "outcome_reason",
            "personal_care",
            "screened_at",
            "screened_by",
            "version",
        ]
    )
    ReferralTelling.objects.bulk_create(
        [
            ReferralTelling(prison_id=referral.prison_id, referral=referral, audience=audience)
            for audience in audiences_of(referral.source)
        ]
    )
    record(
        Event.REFERRAL_SCREENED,
        by=by,
        prison=referral.prison_id,
        subject=referral,
        person_id=referral.person_id,
        outcome=outcome,
    )
    month_changed(referral.prison_id, [london_today(referral.referred_at), london_today(now)])


@transaction.atomic
def close_referral(*, by: Actor, now: datetime, referral: Referral, reason: str) -> Referral:
    """Close a referral that nobody has screened, because the person has left: kept apart from those decided."""
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    check_transition(
        rules.TRANSITIONS, referral.status, rules.Status.NOT_PROGRESSED, "This referral has been screened already."
    )
    referral.status, referral.outcome, referral.outcome_reason = (
        rules.Status.NOT_PROGRESSED,
        rules.Outcome.LEFT,
        reason,
    )
    referral.screened_at, referral.screened_by = now, by.user
    referral.version += 1
    referral.save(update_fields=["status", "outcome", "outcome_reason", "screened_at", "screened_by", "version"])
    record(Event.REFERRAL_CLOSED, by=by, prison=referral.prison_id, subject=referral, person_id=referral.person_id)
    month_changed(referral.prison_id, [london_today(referral.referred_at), london_today(now)])
    return referral
