"""What goes along when somebody who is helped moves to another prison, or is released."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import Prison, PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ADD, CHANGE, PRISONS, Access
from buddyscheme.scope.history import tracked
from buddyscheme.scope.transaction import DatabaseRole
from referrals.models.pack import BOTH_PRISONS
from referrals.models.plan import Plan
from referrals.models.referral import Referral
from schemes.models import Person

# The receiving prison is written into `open_to` when it accepts, and only then the list holds it.
OPENED = f"ARRAY[prison_id, open_to_id]::text[] && {PRISONS}"


class CarePack(PrisonOwned):
    """The care record of one person, as `prison` sent it to `to_prison`. Its body lies in a table of its own.

    `summary` is what the receiving prison sees before it accepts. The clock of two working days runs from `moved_on`.
    A record that changed before the move is sent again under the next number, and replaces the one before.
    """

    to_prison = models.ForeignKey(Prison, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    prison_number = models.CharField(max_length=7)
    number = models.PositiveSmallIntegerField()
    help_on_first_day = models.BooleanField()
    summary = models.JSONField()
    checksum = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    moved_on = models.DateField(null=True)
    replaced = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Who at a prison without the service told the sender that the paper has come.
    confirmed_words = models.CharField(max_length=120, blank=True)

    access = Access(
        web=CHANGE,
        rows=BOTH_PRISONS,
        extra=(
            "DROP POLICY IF EXISTS web_sends ON referrals_carepack",
            f"CREATE POLICY web_sends ON referrals_carepack AS RESTRICTIVE FOR INSERT TO {DatabaseRole.WEB}"
            f" WITH CHECK (prison_id = ANY ({PRISONS}))",
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "person", "to_prison", "number"], name="care_pack_number_once"),
            models.CheckConstraint(condition=~Q(to_prison=F("prison")), name="care_pack_to_another_prison"),
            both_or_neither("accepted_at", "accepted_by", "care_pack_accepted_pair"),
            models.CheckConstraint(
                condition=Q(confirmed_words="") | Q(accepted_at__isnull=False), name="care_pack_confirmed_dated"
            ),
        ]
        indexes = [
            models.Index(fields=["to_prison", "sent_at"], name="care_pack_by_receiver"),
            models.Index(fields=["person"], name="care_pack_by_person"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="as_sent",
                fields=[
                    "prison",
                    "to_prison",
                    "person",
                    "plan",
                    "prison_number",
                    "number",
                    "help_on_first_day",
                    "summary",
                    "checksum",
                    "sent_at",
                    "sent_by",
                ],
            )
        ]


class CarePackBody(PrisonOwned):
    """The whole record. The database shows it to the sender, and to the receiving prison once it has accepted."""

    pack = models.OneToOneField(CarePack, on_delete=models.PROTECT, related_name="content")
    open_to = models.ForeignKey(Prison, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.JSONField()

    access = Access(web=ADD, national="SELECT, UPDATE", rows=OPENED)

    class Meta:
        triggers = [pgtrigger.ReadOnly(name="as_sent", fields=["prison", "pack", "body"])]


class CarePackStart(PrisonOwned):
    """At the receiving prison: the referral that was made from a record. `prison` is the receiving one."""

    pack = models.OneToOneField(CarePack, on_delete=models.PROTECT, related_name="+")
    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True


@tracked()
class Handover(PrisonOwned):
    """What goes to the home council and to probation when somebody is released, and who has it.

    `shares_all`: the person agreed to it. Without that only what travels whatever they say is in the body.
    """

    class Agrees(models.TextChoices):
        YES = "YES", "Yes"
        NO = "NO", "No"
        CANNOT = "CANNOT", "They cannot decide this for themselves"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12)
    council = models.CharField(max_length=120)
    probation = models.CharField(max_length=120)
    agrees = models.CharField(max_length=6, choices=Agrees)
    release_on = models.DateField(null=True)
    body = models.JSONField()
    checksum = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField(null=True)
    received_words = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    replaced = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "reference"], name="handover_reference_once"),
            both_or_neither("received_at", "received_by", "handover_received_pair"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_on__isnull=True, received_words="")
                | (Q(received_at__isnull=False, received_on__isnull=False) & ~Q(received_words="")),
                name="handover_received_dated",
            ),
        ]
        indexes = [models.Index(fields=["prison", "person"], name="handover_by_person")]
        triggers = [
            pgtrigger.ReadOnly(
                name="as_made",
                fields=[
                    "prison",
                    "person",
                    "plan",
                    "reference",
                    "council",
                    "probation",
                    "agrees",
                    "release_on",
                    "body",
                    "checksum",
                    "made_at",
                    "made_by",
                ],
            )
        ]
