"""What differs from the plan's week: a slot left out or moved, somebody else who comes, and what people are told."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import PERSON, Access
from buddyscheme.scope.history import tracked
from referrals.models.plan import Plan, PlanTask
from schemes.models import Buddy, LockDown, Person, Session


@tracked()
class SlotException(PrisonOwned):
    """One task of a plan that is left out, or moved to another session or day, from one day to another.

    Without a session it is left out. A day goes only with a single one: the task is done on that day instead.
    """

    plan_task = models.ForeignKey(PlanTask, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    session = models.CharField(max_length=2, choices=Session, blank=True)
    to_day = models.DateField(null=True)
    reason = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="slot_exception_in_order"),
            models.CheckConstraint(
                condition=Q(to_day__isnull=True) | (~Q(session="") & Q(last_on=F("first_on"))),
                name="slot_exception_one_day_moved",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="slot_exception_reason"),
            both_or_neither("ended_at", "ended_by", "slot_exception_ended_pair"),
        ]
        indexes = [models.Index(fields=["plan_task", "last_on"], name="slot_exception_by_task")]


@tracked()
class CoverSlot(PrisonOwned):
    """One visit that another buddy makes because nobody of the plan can. Both were asked and agreed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    session = models.CharField(max_length=2, choices=Session)
    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    # `agreed_by` is the member of staff who asked the two.
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "day", "session"], condition=Q(ended_at__isnull=True), name="cover_slot_once"
            ),
            both_or_neither("ended_at", "ended_by", "cover_slot_ended_pair"),
        ]
        indexes = [models.Index(fields=["prison", "day"], name="cover_slot_by_day")]


class SessionNotice(PrisonOwned):
    """One person is told at the terminal that a session did not happen, until they have read it once."""

    lock_down = models.ForeignKey(LockDown, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    session = models.CharField(max_length=2, choices=Session)
    cause = models.CharField(max_length=14, choices=LockDown.Cause)
    told_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    access = Access(
        terminal=("id", "prison_id", "person_id", "day", "session", "cause", "seen_at"),
        terminal_rows=f"person_id = {PERSON}",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day", "session"], name="session_notice_once")]
        indexes = [
            models.Index(fields=["person"], condition=Q(seen_at__isnull=True), name="session_notice_unseen"),
        ]
