"""Stepping in over a concern: a match paused, its buddy suspended, and cover asked for, all at once or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.concerns import act_on_concern
from referrals.actions.matches import pause_match
from referrals.actions.standing_down import Chosen, stand_down
from referrals.models import Concern, Match
from referrals.queries.stepping_in import pairs
from referrals.rules.concerns import check_is_open
from schemes.models import Buddy, StandDown

REVIEW_AFTER = timedelta(days=7)
# What stands on the match's own page, which others read: nothing of the concern.
WHY_PAUSED = "Paused while the prison looks into something"
DONE = "Stepped in: the match was paused and the buddy suspended, with cover asked for."


@transaction.atomic
def step_in(
    *,
    by: Actor,
    now: datetime,
    concern: Concern,
    match: Match,
    covers: Mapping[int, Chosen],
    reason: str,
    told_how: str,
    appeal_route: str,
    version: int,
) -> StandDown:
    """Pause the match of this pair, suspend its buddy, and say by match id who covers everybody the buddy helps.

    The match stays paused also after the buddy is reinstated, until somebody decides about it. The buddy is paid
    meanwhile: nothing is proved. It counts as what was done about the concern.
    """
    check_is_open(concern)
    match = pairs(concern).get(pk=match.pk)
    if match.buddy.status != Buddy.Status.ACTIVE:
        raise NotAllowed("This buddy is not in the role now, so there is nothing to suspend.")
    if match.status == Match.Status.ACTIVE:
        pause_match(by=by, now=now, match=match, reason=WHY_PAUSED)
    found: StandDown = stand_down(
        by=by, now=now, buddy=match.buddy, kind=StandDown.Kind.SUSPENDED, covers=covers, reason=reason, paid=True,
        review_on=london_today(now) + REVIEW_AFTER, told_how=told_how, appeal_route=appeal_route,
    )  # fmt: skip
    act_on_concern(by=by, now=now, concern=concern, words=DONE, version=version)
    record(
        Event.CONCERN_STEPPED_IN, by=by, prison=concern.prison_id, subject=concern,
        person_id=concern.about_person_id, match=match.pk, buddy=match.buddy_id,
    )  # fmt: skip
    return found
