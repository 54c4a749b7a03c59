"""Informal help turned, in one step, into something that is safe: a referral, an application, or a concern."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.lib.dates import london_today
from referrals.actions.concerns import raise_concern
from referrals.actions.informal_help import turn_help
from referrals.actions.referrals import make_referral
from referrals.models import Concern, InformalHelp, Referral
from referrals.rules.informal_help import check_can_turn
from schemes.actions.buddies import apply_for_role

Status = InformalHelp.Status


@transaction.atomic
def refer_from_help(
    *, by: Actor, now: datetime, entry: InformalHelp, reason: str, urgency: str, version: int
) -> InformalHelp:
    """Refer whoever is helped, so that the help becomes a plan."""
    check_can_turn(entry, Status.REFERRED, version=version)
    referral = make_referral(
        by=by,
        now=now,
        prison=entry.prison,
        person=entry.person,
        source=Referral.Source.STAFF,
        urgency=urgency,
        need_areas=entry.kinds or [Referral.NeedArea.GENERAL],
        reason=reason,
        other_help=Referral.OtherHelp.YES,
    )
    turned: InformalHelp = turn_help(by=by, now=now, entry=entry, version=version, referral=referral)
    return turned


@transaction.atomic
def apply_from_help(*, by: Actor, now: datetime, entry: InformalHelp, statement: str, version: int) -> InformalHelp:
    """Record that whoever helps applies to be a buddy, who is trained and paid; staff write it down for them."""
    check_can_turn(entry, Status.APPLIED, version=version)
    assert entry.helper is not None  # checked just now
    application = apply_for_role(
        by=by,
        now=now,
        prison=entry.prison,
        person=entry.helper,
        applied_on=london_today(now),
        statement=statement,
        needed_help=True,
    )
    turned: InformalHelp = turn_help(by=by, now=now, entry=entry, version=version, application=application)
    return turned


@transaction.atomic
def worry_from_help(
    *, by: Actor, now: datetime, entry: InformalHelp, kind: str, words: str, version: int
) -> InformalHelp:
    """Raise a concern about whoever is helped. The one who helps is no suspect: the concern does not name them."""
    check_can_turn(entry, Status.CONCERN, version=version)
    concern = raise_concern(
        by=by,
        now=now,
        prison=entry.prison,
        kind=kind,
        happened_on=london_today(now),
        source=Concern.Source.STAFF,
        words=words,
        about_person=entry.person,
    )
    turned: InformalHelp = turn_help(by=by, now=now, entry=entry, version=version, concern=concern)
    return turned
