"""Periods at a prison, with the cell, and claims about people whom another prison holds."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from buddyscheme.accounts.models import Prison, PrisonOwned, User, Wing
from buddyscheme.scope.access import CHANGE, Access
from buddyscheme.scope.history import tracked
from schemes.models.person import Person


class Period(Func):
    """`tstzrange(started_at, ended_at, '[)')`: touching periods do not overlap."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


@tracked()
class Custody(PrisonOwned):
    """A person's time at one prison, half-open. The cell is the current one; earlier cells are in the history."""

    class EndReason(models.TextChoices):
        TRANSFER = "TRANSFER", "Moved to another prison"
        RELEASE = "RELEASE", "Released"
        DEATH = "DEATH", "Died"
        OTHER = "OTHER", "Other"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=10, choices=EndReason, blank=True)
    # Where a transfer went to, when that is known.
    moved_to = models.ForeignKey(Prison, null=True, on_delete=models.PROTECT, related_name="+")
    wing = models.ForeignKey(Wing, null=True, on_delete=models.PROTECT, related_name="+")
    landing = models.PositiveSmallIntegerField(null=True)
    cell = models.CharField(max_length=12, blank=True)
    release_on = models.DateField(null=True)

    access = Access(
        web=CHANGE,
        national=CHANGE,
        terminal=("id", "person_id", "prison_id", "ended_at", "wing_id", "landing", "cell"),
    )

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="custody_no_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (Period("started_at", "ended_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")), name="custody_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="custody_end_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(moved_to__isnull=True) | (Q(end_reason="TRANSFER") & ~Q(moved_to=F("prison"))),
                name="custody_moved_elsewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "prison"], name="custody_by_person"),
            models.Index(fields=["prison", "wing"], name="custody_here_now", condition=Q(ended_at__isnull=True)),
        ]

    @property
    def place(self) -> str:
        """Wing and cell as people say them: "B wing, 2-14"."""
        return ", ".join(part for part in (self.wing.name if self.wing else "", self.cell) if part)


class CustodyClaim(PrisonOwned):
    """A prison says that somebody is now there whom this prison (`prison`) holds on its list; this one answers."""

    class Answer(models.TextChoices):
        MOVED = "MOVED", "Yes, moved"
        STILL_HERE = "STILL_HERE", "No, still here"

    claimed_by_prison = models.ForeignKey(Prison, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    provisional_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(web=CHANGE, national=CHANGE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="custody_claim_answered_pair",
            ),
            models.UniqueConstraint(
                fields=["provisional_person"], condition=Q(answered_at__isnull=True), name="custody_claim_open_once"
            ),
        ]
