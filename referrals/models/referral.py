"""A referral: somebody may need help."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import CHANGE, PERSON, Access
from buddyscheme.scope.history import tracked
from referrals.models.window import TerminalWindow
from schemes.models import Person


@tracked()
class Referral(PrisonOwned):
    """One referral of one person, from being made to being screened."""

    class Source(models.TextChoices):
        SELF = "SELF", "The person"
        PEER = "PEER", "Another prisoner"
        STAFF = "STAFF", "Prison staff"
        HEALTHCARE = "HEALTHCARE", "Healthcare"
        COUNCIL = "COUNCIL", "Council"
        FAMILY = "FAMILY", "Family or friends"
        # By a care record that came along; nobody selects it.
        PRISON = "PRISON", "Another prison"

    class Urgency(models.TextChoices):
        URGENT = "URGENT", "Today"
        SOON = "SOON", "This week"
        ROUTINE = "ROUTINE", "Can wait longer"

    class OtherHelp(models.TextChoices):
        """Whether another prisoner already helps. Never evidence for discipline."""

        YES = "YES", "Yes"
        NO = "NO", "No"
        UNKNOWN = "UNKNOWN", "Not known"

    class NeedArea(models.TextChoices):
        MOBILITY = "MOBILITY", "Getting about"
        CELL = "CELL", "Keeping the cell clean"
        MEALS = "MEALS", "Meals and water"
        COMMUNICATION = "COMMUNICATION", "Reading, writing or being understood"
        COMPANY = "COMPANY", "Company, or joining in"
        MEMORY = "MEMORY", "Memory"
        PERSONAL = "PERSONAL", "Washing, dressing, toilet or other personal care"
        GENERAL = "GENERAL", "Something else"

    class Status(models.TextChoices):
        RECEIVED = "RECEIVED", "Waiting to be screened"
        PROGRESSED = "PROGRESSED", "Progressed"
        NOT_PROGRESSED = "NOT_PROGRESSED", "Not progressed"

    class Outcome(models.TextChoices):
        BUDDY = "BUDDY", "Buddy support"
        COUNCIL = "COUNCIL", "Council assessment"
        HEALTHCARE = "HEALTHCARE", "Healthcare"
        BUDDY_AND_COUNCIL = "BUDDY_AND_COUNCIL", "Buddy support and council assessment"
        BUDDY_AND_HEALTHCARE = "BUDDY_AND_HEALTHCARE", "Buddy support and healthcare"
        NONE = "NONE", "Not progressed"
        # Nobody decided: the person left before it was screened.
        LEFT = "LEFT", "Left before screening"

    class PersonalCare(models.TextChoices):
        """Of a referral that names personal care: whether the person gets it, as screening found."""

        UNMET = "UNMET", "Not given: recorded as unmet, and its days are counted"
        GIVEN = "GIVEN", "Somebody who may give it gives it already"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12)
    source = models.CharField(max_length=10, choices=Source)
    urgency = models.CharField(max_length=8, choices=Urgency)
    need_areas = ArrayField(models.CharField(max_length=14, choices=NeedArea))
    # Nothing is typed at a terminal.
    reason = models.TextField(blank=True)
    # Who asked, by name or role, where it was not staff. Never shown to prisoners.
    said_by = models.CharField(max_length=120, blank=True, default="", db_default="")
    # At a terminal: the person wants to say the rest to staff.
    wants_to_say = models.BooleanField(default=False, db_default=False)
    other_help = models.CharField(max_length=8, choices=OtherHelp)
    status = models.CharField(max_length=14, choices=Status, default=Status.RECEIVED)
    referred_at = models.DateTimeField()
    # Empty where the person asked at a terminal; then the window says which.
    referred_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(TerminalWindow, null=True, on_delete=models.PROTECT, related_name="+")
    # Of urgent ones: the moment by which somebody must have screened it.
    due_at = models.DateTimeField(null=True)
    # The earlier referral that says the same.
    repeats = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repeated_by")
    outcome = models.CharField(max_length=22, choices=Outcome, blank=True)
    outcome_reason = models.TextField(blank=True)
    # Empty: none was named, or nobody has asked.
    personal_care = models.CharField(max_length=5, choices=PersonalCare, blank=True, default="", db_default="")
    screened_at = models.DateTimeField(null=True)
    screened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    # Of themselves only what they asked for themselves: what others say about them is told by staff.
    access = Access(
        web=CHANGE,
        terminal=("id", "prison_id", "person_id", "source", "status", "outcome", "referred_at"),
        terminal_rows=f"person_id = {PERSON} AND source = 'SELF'",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "reference"], name="referral_reference_once"),
            models.CheckConstraint(
                condition=Q(window__isnull=True, referred_by__isnull=False)
                | Q(window__isnull=False, referred_by__isnull=True, source="SELF"),
                name="referral_made_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(urgency="URGENT", due_at__isnull=False) | (~Q(urgency="URGENT") & Q(due_at__isnull=True)),
                name="referral_urgent_has_due_time",
            ),
            both_or_neither("screened_at", "screened_by", "referral_screened_pair"),
            models.CheckConstraint(
                condition=Q(status="RECEIVED", screened_at__isnull=True, outcome="")
                | (~Q(status="RECEIVED") & Q(screened_at__isnull=False) & ~Q(outcome="")),
                name="referral_screened_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(status="NOT_PROGRESSED") | (Q(outcome__in=["NONE", "LEFT"]) & ~Q(outcome_reason="")),
                name="referral_refusal_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["prison", "status", "referred_at"], name="referral_by_status"),
            models.Index(fields=["person"], name="referral_by_person"),
        ]


@tracked()
class ReferralTelling(PrisonOwned):
    """Somebody who must be told what came of a referral, until it is recorded that they were."""

    class Audience(models.TextChoices):
        PERSON = "PERSON", "The person"
        PEER = "PEER", "The prisoner who asked"
        HEALTHCARE = "HEALTHCARE", "Healthcare"
        COUNCIL = "COUNCIL", "The council"
        FAMILY = "FAMILY", "Family or friends"

    class How(models.TextChoices):
        IN_PERSON = "IN_PERSON", "In person"
        LETTER = "LETTER", "By letter"
        PHONE = "PHONE", "By telephone"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="tellings")
    audience = models.CharField(max_length=10, choices=Audience)
    # Of family: the person agrees that they are told more than that it was looked at.
    person_agrees = models.BooleanField(default=False)
    how = models.CharField(max_length=9, choices=How, blank=True)
    told_on = models.DateField(null=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(
        web=CHANGE,
        terminal=("id", "prison_id", "referral_id", "audience", "told_at"),
        terminal_rows="audience = 'PERSON' AND referral_id IN (SELECT r.id FROM referrals_referral r)",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "audience"], name="telling_once"),
            both_or_neither("told_at", "told_by", "telling_told_pair"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_on__isnull=True, how="")
                | (Q(told_at__isnull=False, told_on__isnull=False) & ~Q(how="")),
                name="telling_told_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["prison", "id"], name="telling_waiting", condition=Q(told_at__isnull=True)),
        ]
