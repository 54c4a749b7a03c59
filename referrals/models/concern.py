"""Concerns: somebody is worried, from the terminal or from staff."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ADD, CHANGE, PRISONS, USER, Access
from buddyscheme.scope.history import tracked
from referrals.models.visit import Visit
from referrals.models.window import TerminalWindow
from schemes.models import Buddy, Person

AUDIT = '"audit_auditevent"'
# A second lock behind `queries.concerns`: whoever is named in a concern has no such row, and no trace of it in the
# audit. Who else is not on its access list is kept out by the query alone, since anybody may raise one.
UNNAMED = f"prison_id = ANY ({PRISONS}) AND about_staff_id IS DISTINCT FROM {USER} AND {USER} <> ALL (hidden_from)"
UNNAMED_AUDIT = (
    "CASE WHEN subject_type = 'referrals.concern'"
    " THEN EXISTS (SELECT 1 FROM referrals_concern c WHERE c.id = subject_id::bigint) ELSE true END"
)
# Rows of a concern are there for whoever has the concern.
OF_CONCERN = f"prison_id = ANY ({PRISONS}) AND EXISTS (SELECT 1 FROM referrals_concern c WHERE c.id = concern_id)"


@tracked()
class Concern(PrisonOwned):
    """One concern with its clock. Everyone who reads it is recorded; nobody named in it has it at all."""

    class Kind(models.TextChoices):
        WORRY = "WORRY", "A worry about somebody"
        ASKED_TO_OVERSTEP = "ASKED_TO_OVERSTEP", "Asked to do personal care or another prohibited task"
        DID_OVERSTEP = "DID_OVERSTEP", "Did personal care or another prohibited task"
        SAW_OVERSTEP = "SAW_OVERSTEP", "Saw somebody do personal care or another prohibited task"
        EXPLOIT_RECIPIENT = "EXPLOIT_RECIPIENT", "Exploitation of the person who is helped"
        EXPLOIT_BUDDY = "EXPLOIT_BUDDY", "Exploitation of a buddy"
        BULLYING = "BULLYING", "Bullying"
        GIFT_OR_DEBT = "GIFT_OR_DEBT", "A gift or a debt"
        STAFF_OBSTRUCTION = "STAFF_OBSTRUCTION", "Staff stand in the way of help"
        # Of older concerns, which did not say of whom. No longer offered.
        EXPLOITATION = "EXPLOITATION", "Debt, gifts or pressure"
        FALL = "FALL", "A fall"
        ASSAULT = "ASSAULT", "An assault"
        SELF_HARM = "SELF_HARM", "Risk of self-harm"
        TALK_TO_STAFF = "TALK_TO_STAFF", "Wants to talk to staff"
        OTHER = "OTHER", "Something else"

    class Clock(models.TextChoices):
        """How soon somebody must act."""

        SAME_DAY = "SAME_DAY", "The same day"
        THREE_DAYS = "THREE_DAYS", "Within 72 hours"
        SEVEN_DAYS = "SEVEN_DAYS", "Within 7 days"

    class Source(models.TextChoices):
        TERMINAL = "TERMINAL", "At a terminal"
        STAFF = "STAFF", "Staff"
        PARTNER = "PARTNER", "The council or healthcare"

    class Severity(models.TextChoices):
        LOW = "LOW", "Low"
        MEDIUM = "MEDIUM", "Medium"
        HIGH = "HIGH", "High"

    class Status(models.TextChoices):
        NEW = "NEW", "New"
        ACTED = "ACTED", "Acted on"
        CLOSED = "CLOSED", "Closed"

    reference = models.CharField(max_length=12)
    kind = models.CharField(max_length=18, choices=Kind)
    clock = models.CharField(max_length=10, choices=Clock)
    due_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=Source)
    status = models.CharField(max_length=6, choices=Status, default=Status.NEW)
    words = models.TextField(blank=True)
    writer = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    about_person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    about_buddy = models.ForeignKey(Buddy, null=True, on_delete=models.PROTECT, related_name="+")
    # Whoever is named here never sees the concern.
    about_staff = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Ids of further users: others who are named in it, and the officer who opened the window if it is about staff.
    hidden_from = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(TerminalWindow, null=True, on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField()
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    severity = models.CharField(max_length=6, choices=Severity, blank=True, default="", db_default="")
    graded_at = models.DateTimeField(null=True)
    graded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Of a note to the lead: the day on which somebody sat down with the writer.
    talked_on = models.DateField(null=True)
    acted_at = models.DateTimeField(null=True)
    acted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    writer_told_at = models.DateTimeField(null=True)
    writer_told_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    access = Access(
        web=CHANGE,
        rows=UNNAMED,
        extra=(
            f"DROP POLICY IF EXISTS concerns_unnamed ON {AUDIT}",
            f"CREATE POLICY concerns_unnamed ON {AUDIT} AS RESTRICTIVE FOR SELECT TO buddy_web USING ({UNNAMED_AUDIT})",
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "reference"], name="concern_reference_once"),
            models.CheckConstraint(
                condition=Q(source="TERMINAL", window__isnull=False, raised_by__isnull=True, writer__isnull=False)
                | Q(source__in=["STAFF", "PARTNER"], raised_by__isnull=False),
                name="concern_raised_by_somebody",
            ),
            both_or_neither("acted_at", "acted_by", "concern_acted_pair"),
            both_or_neither("writer_told_at", "writer_told_by", "concern_writer_told_pair"),
            both_or_neither("closed_at", "closed_by", "concern_closed_pair"),
            both_or_neither("graded_at", "graded_by", "concern_graded_pair"),
        ]
        indexes = [models.Index(fields=["prison", "status", "due_at"], name="concern_by_clock")]

    @property
    def named_ids(self) -> frozenset[int]:
        """Users who never see it: whom it is about, and those who are hidden from it."""
        about = [self.about_staff_id] if self.about_staff_id is not None else []
        return frozenset([*about, *self.hidden_from])


class ConcernAction(PrisonOwned):
    """What somebody did about a concern. Added to, never changed."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="actions")
    words = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD, rows=OF_CONCERN)
    append_only = True
