"""What the plans held for a day, what came of it, and what staff did instead."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, CHANGE, PERSON, Access
from buddyscheme.scope.transaction import DatabaseRole
from referrals.models.match import Match
from referrals.models.plan import Plan
from referrals.models.slip import PaperSlip
from referrals.models.window import TerminalWindow
from schemes.models import Buddy, Person, Session

# At a terminal a person and a cell are seen only of oneself and of those whose visits one makes. The tables lie
# below this app, so it narrows them from here, by policies that are added to theirs with AND.
OWN_PEOPLE = f"SELECT {PERSON} UNION SELECT v.person_id FROM referrals_plannedvisit v WHERE v.cancelled_at IS NULL"
TERMINAL_PEOPLE = tuple(
    statement
    for table, column in (("schemes_person", "id"), ("schemes_custody", "person_id"))
    for statement in (
        f"DROP POLICY IF EXISTS terminal_own_people ON {table}",
        f"CREATE POLICY terminal_own_people ON {table} AS RESTRICTIVE FOR SELECT TO {DatabaseRole.TERMINAL}"
        f" USING ({column} IN ({OWN_PEOPLE}))",
    )
)


class PlannedVisit(PrisonOwned):
    """One person's help in one session of one day, as the plan held it. No buddy means nobody is there for it.

    `held_at_start` tells those that stood when the day began from those added during it: only the former are
    the denominator of OP-07.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, null=True, on_delete=models.PROTECT, related_name="+")
    buddy = models.ForeignKey(Buddy, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    session = models.CharField(max_length=2, choices=Session)
    tasks = ArrayField(models.CharField(max_length=8))
    minutes = models.PositiveSmallIntegerField()
    held_at_start = models.BooleanField(default=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=60, blank=True)

    access = Access(
        web=CHANGE,
        terminal=(
            "id",
            "token",
            "prison_id",
            "plan_id",
            "person_id",
            "buddy_id",
            "day",
            "session",
            "tasks",
            "minutes",
            "cancelled_at",
        ),
        # A buddy's own visits while the role is active; the terminal sees of `schemes_buddy` the person's own rows.
        terminal_rows="buddy_id IN (SELECT b.id FROM schemes_buddy b WHERE b.status = 'ACTIVE')",
        extra=TERMINAL_PEOPLE,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "day", "session"], name="planned_visit_once")]
        indexes = [
            models.Index(fields=["prison", "day"], name="planned_by_day"),
            models.Index(fields=["buddy", "day"], name="planned_by_buddy"),
        ]


class Visit(PrisonOwned):
    """What happened at a planned visit. A correction is a new row that replaces the old one; none is ever changed."""

    class Outcome(models.TextChoices):
        DONE = "DONE", "Done as planned"
        PARTLY = "PARTLY", "Partly done"
        NOT_DONE = "NOT_DONE", "Not done"

    class Reason(models.TextChoices):
        """Why a visit did not happen (OP-08)."""

        NOT_UNLOCKED = "NOT_UNLOCKED", "Not unlocked"
        BUDDY_ABSENT = "BUDDY_ABSENT", "Buddy was away"
        DECLINED = "DECLINED", "The person did not want it"
        STAFF_REFUSED = "STAFF_REFUSED", "Staff said no"
        OTHER = "OTHER", "Other reason"

    class SaidBy(models.TextChoices):
        """Who said that a visit did not happen."""

        BUDDY = "BUDDY", "The buddy"
        PERSON = "PERSON", "The person who is helped"
        STAFF = "STAFF", "Staff"

    class Source(models.TextChoices):
        TERMINAL = "TERMINAL", "Buddy at a terminal"
        STAFF = "STAFF", "Staff"
        PAPER = "PAPER", "Paper"
        IMPORT = "IMPORT", "Imported"

    planned = models.ForeignKey(PlannedVisit, on_delete=models.PROTECT, related_name="visits")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    buddy = models.ForeignKey(Buddy, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    session = models.CharField(max_length=2, choices=Session)
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=14, choices=Reason, blank=True)
    # Of a visit that did not happen; of an old or imported one it may not be known.
    said_by = models.CharField(max_length=6, choices=SaidBy, blank=True, default="", db_default="")
    tasks_done = ArrayField(models.CharField(max_length=8), default=list)
    minutes = models.PositiveSmallIntegerField()
    extra_help = models.CharField(max_length=280, blank=True)
    source = models.CharField(max_length=8, choices=Source)
    # Event time and entry time are both kept; `late` says that the entry came on another day.
    happened_on = models.DateField()
    entered_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(TerminalWindow, null=True, on_delete=models.PROTECT, related_name="+")
    slip = models.ForeignKey(PaperSlip, null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    correction_reason = models.CharField(max_length=200, blank=True)

    access = Access(
        web=ADD,
        terminal=("id", "prison_id", "planned_id", "replaces_id", "day", "outcome", "minutes"),
        terminal_rows="planned_id IN (SELECT v.id FROM referrals_plannedvisit v)",
    )
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["planned"], condition=Q(replaces__isnull=True), name="visit_logged_once"),
            models.UniqueConstraint(
                fields=["slip"], condition=Q(replaces__isnull=True, slip__isnull=False), name="visit_slip_once"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="NOT_DONE") | (~Q(reason="") & Q(minutes=0)), name="visit_not_done_has_reason"
            ),
            models.CheckConstraint(condition=Q(outcome="NOT_DONE") | Q(reason=""), name="visit_done_has_no_reason"),
            models.CheckConstraint(condition=Q(outcome="NOT_DONE") | Q(said_by=""), name="visit_done_has_no_teller"),
            models.CheckConstraint(condition=Q(minutes__lte=480), name="visit_minutes"),
            models.CheckConstraint(
                condition=(Q(source="TERMINAL") & Q(window__isnull=False, entered_by__isnull=True))
                | (~Q(source="TERMINAL") & Q(entered_by__isnull=False)),
                name="visit_entered_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(source="PAPER") & Q(slip__isnull=False)) | (~Q(source="PAPER") & Q(slip__isnull=True)),
                name="visit_paper_has_slip",
            ),
        ]
        indexes = [
            models.Index(fields=["prison", "day"], name="visit_by_day", include=["outcome", "reason", "minutes"]),
            models.Index(fields=["buddy", "day"], name="visit_by_buddy"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class StaffTick(PrisonOwned):
    """An uncovered meal or water task that staff did themselves, ticked on the unlock list."""

    planned = models.ForeignKey(PlannedVisit, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey("schemes.TaskKind", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["planned", "task"], name="staff_tick_once")]
