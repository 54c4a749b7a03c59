"""A buddy for a plan."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import PERSON, Access
from buddyscheme.scope.history import tracked
from referrals.models.plan import Plan
from schemes.models import Buddy


@tracked()
class Match(PrisonOwned):
    """One buddy helping with one plan. Both were asked in private, and each answer is kept with who asked."""

    class Part(models.TextChoices):
        LEAD = "LEAD", "First buddy"
        SECOND = "SECOND", "Second buddy"

    class Status(models.TextChoices):
        PROPOSED = "PROPOSED", "Being asked"
        ACTIVE = "ACTIVE", "Active"
        PAUSED = "PAUSED", "Paused"
        REFUSED = "REFUSED", "Refused"
        ENDED = "ENDED", "Ended"

    LIVE: ClassVar[tuple[str, ...]] = ("PROPOSED", "ACTIVE", "PAUSED")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="matches")
    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=6, choices=Part, default=Part.LEAD)
    status = models.CharField(max_length=8, choices=Status)
    # The reasons and checks as they stood on the lead's screen.
    reasons = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    # Who was suggested first where the lead chose somebody else, and why.
    instead_of = models.ForeignKey(Buddy, null=True, on_delete=models.PROTECT, related_name="+")
    choice_reason = models.CharField(max_length=200, blank=True, db_default="")
    under_take_over = models.BooleanField(default=False)
    under_override = models.BooleanField(default=False, db_default=False)
    # The person cannot decide this: the match stands on the best-interests decision, and this is what they showed.
    under_best_interests = models.BooleanField(default=False, db_default=False)
    person_showed = models.CharField(max_length=300, blank=True, db_default="")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    person_agreed_at = models.DateTimeField(null=True)
    person_agreed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    buddy_agreed_at = models.DateTimeField(null=True)
    buddy_agreed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    # Whether somebody helps with the person's own plan: who else helps those they visit is nothing to a buddy.
    access = Access(
        terminal=("id", "prison_id", "plan_id", "status"),
        terminal_rows=f"plan_id IN (SELECT p.id FROM referrals_plan p WHERE p.person_id = {PERSON})",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "part"], condition=Q(status__in=["PROPOSED", "ACTIVE", "PAUSED"]), name="match_one_live"
            ),
            models.UniqueConstraint(
                fields=["plan", "buddy"],
                condition=Q(status__in=["PROPOSED", "ACTIVE", "PAUSED"]),
                name="match_pair_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="ACTIVE")
                | (
                    Q(buddy_agreed_at__isnull=False, started_on__isnull=False)
                    & (Q(person_agreed_at__isnull=False) | Q(under_best_interests=True))
                ),
                name="match_active_is_agreed",
            ),
            # Nothing is ticked for somebody who cannot decide: what they showed is written down instead.
            models.CheckConstraint(
                condition=Q(under_best_interests=False) | (Q(person_agreed_at__isnull=True) & ~Q(person_showed="")),
                name="match_best_interests_says_what_was_shown",
            ),
            models.CheckConstraint(
                condition=Q(instead_of__isnull=True, choice_reason="")
                | (Q(instead_of__isnull=False) & ~Q(choice_reason="")),
                name="match_choice_has_its_reason",
            ),
            # `*_by` of an agreement is the member of staff who asked.
            both_or_neither("person_agreed_at", "person_agreed_by", "match_person_pair"),
            both_or_neither("buddy_agreed_at", "buddy_agreed_by", "match_buddy_pair"),
            both_or_neither("ended_at", "ended_by", "match_ended_pair"),
        ]
        indexes = [models.Index(fields=["buddy", "status"], name="match_by_buddy")]
        triggers = [
            # The lower half of the gate: nobody is matched to a buddy who is not active, whatever the code above does.
            # FOR SHARE: a suspension that is being saved is waited for.
            pgtrigger.Trigger(
                name="buddy_is_active",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "buddy_id"),
                condition=pgtrigger.Condition("NEW.status IN ('PROPOSED', 'ACTIVE')"),
                func="""
                    PERFORM 1 FROM schemes_buddy b WHERE b.id = NEW.buddy_id AND b.status = 'ACTIVE' FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'a match needs an active buddy'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'match_buddy_is_active';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]
