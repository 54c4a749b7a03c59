"""Releases that somebody has asked to publish: a worker makes them, and this is how far it is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value

from buddyscheme.accounts.models import User
from buddyscheme.lib.dates import Quarter, Year, parse_period
from buddyscheme.lib.references import make_token
from buddyscheme.scope.access import CHANGE, READ, Access

AT_WORK = ["ASKED", "READING", "HIDING", "CHECKING"]
NOT_PUBLISHED = ["REFUSED", "FAILED"]


class ReleaseRequest(models.Model):
    """One quarter, year or correction that is to be published, from being asked for to its end.

    `done` of `of` are prisons while they are read, and groups of figures while small numbers are hidden. `heard_at` is
    the last sign of life of the worker that has it in hand. `words` is the sentence with which it was refused. One is
    made at a time: each is made safe beside those that are out, so two at once would know nothing of each other.
    """

    class Kind(models.TextChoices):
        QUARTER = "QUARTER", "Quarter"
        YEAR = "YEAR", "Year"
        CORRECTION = "CORRECTION", "Correction"

    class State(models.TextChoices):
        ASKED = "ASKED", "Waiting"
        READING = "READING", "Reading records"
        HIDING = "HIDING", "Hiding small numbers"
        CHECKING = "CHECKING", "Being checked"
        DONE = "DONE", "Published"
        REFUSED = "REFUSED", "Not published"
        FAILED = "FAILED", "Could not be published"

    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    period = models.CharField(max_length=8)
    note = models.CharField(max_length=500, blank=True)
    replaces = models.ForeignKey("monitoring.Release", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    heard_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    release = models.OneToOneField("monitoring.Release", null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)

    access = Access(web=READ, national=CHANGE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Value(1), condition=Q(finished_at__isnull=True), name="release_request_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AT_WORK, finished_at__isnull=True)
                | ~Q(state__in=AT_WORK) & Q(finished_at__isnull=False),
                name="release_request_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state="DONE", release__isnull=False) | ~Q(state="DONE") & Q(release__isnull=True),
                name="release_request_done_has_release",
            ),
            models.CheckConstraint(
                condition=Q(state="REFUSED") & ~Q(words="") | ~Q(state="REFUSED") & Q(words=""),
                name="release_request_no_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind="CORRECTION", replaces__isnull=False, note="") & ~Q(reason="")
                | ~Q(kind="CORRECTION") & Q(replaces__isnull=True, reason=""),
                name="release_request_correction_says_why",
            ),
            models.CheckConstraint(condition=Q(done__lte=F("of")), name="release_request_done_of_all"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["period", "asked_at"], name="release_request_by_period")]

    @property
    def time(self) -> Quarter | Year:
        """The quarter or year that it is about."""
        period = parse_period(self.period)
        assert isinstance(period, Quarter | Year)
        return period

    @property
    def what(self) -> str:
        """`July to September 2026`, or `The correction of July to September 2026`."""
        return f"The correction of {self.time}" if self.kind == self.Kind.CORRECTION else str(self.time)
