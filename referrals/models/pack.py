"""A buddy's record on its way to the next prison, and what that prison decided about it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import Prison, PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ADD, CHANGE, PRISONS, Access
from buddyscheme.scope.transaction import DatabaseRole
from schemes.models import Buddy
from training.models import PriorLearning

# Both prisons see the record; one list is compared with another, so the policy holds no OR.
BOTH_PRISONS = f"ARRAY[prison_id, to_prison_id]::text[] && {PRISONS}"
WEB = DatabaseRole.WEB


class BuddyPack(PrisonOwned):
    """What `prison` sent to `to_prison`: the text as it was sent, with its checksum. It never changes."""

    to_prison = models.ForeignKey(Prison, on_delete=models.PROTECT, related_name="+")
    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    prison_number = models.CharField(max_length=7)
    body = models.JSONField()
    checksum = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(
        web=CHANGE,
        rows=BOTH_PRISONS,
        # Added to the policy by AND: one prison sends, the other one acknowledges.
        extra=(
            "DROP POLICY IF EXISTS web_sends ON referrals_buddypack",
            "DROP POLICY IF EXISTS web_receives ON referrals_buddypack",
            f"CREATE POLICY web_sends ON referrals_buddypack AS RESTRICTIVE FOR INSERT TO {WEB}"
            f" WITH CHECK (prison_id = ANY ({PRISONS}))",
            f"CREATE POLICY web_receives ON referrals_buddypack AS RESTRICTIVE FOR UPDATE TO {WEB}"
            f" USING (to_prison_id = ANY ({PRISONS}))",
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buddy", "to_prison"], name="pack_once_a_prison"),
            models.CheckConstraint(condition=~Q(to_prison=F("prison")), name="pack_to_another_prison"),
            both_or_neither("acknowledged_at", "acknowledged_by", "pack_acknowledged_pair"),
        ]
        indexes = [models.Index(fields=["to_prison", "sent_at"], name="pack_by_receiver")]
        triggers = [
            pgtrigger.ReadOnly(
                name="as_sent",
                fields=["prison", "to_prison", "buddy", "prison_number", "body", "checksum", "sent_at", "sent_by"],
            )
        ]


class PackDecision(PrisonOwned):
    """One module of a record from another prison: accepted here, or to be taken again. `prison` is who decided."""

    class Decision(models.TextChoices):
        ACCEPTED = "ACCEPTED", "Accepted"
        RETAKE = "RETAKE", "To be taken again"

    pack = models.ForeignKey(BuddyPack, on_delete=models.PROTECT, related_name="decisions")
    module_code = models.CharField(max_length=8)
    decision = models.CharField(max_length=8, choices=Decision)
    prior = models.OneToOneField(PriorLearning, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "module_code"], name="pack_module_decided_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
