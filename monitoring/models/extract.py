"""An evaluation extract: who asked for it, who decided, what it reached, and its file while it lasts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.lib.dates import quarter_of
from buddyscheme.lib.references import make_token
from buddyscheme.scope.access import CHANGE, READ, Access


class Extract(models.Model):
    """Pseudonymous rows for one evaluation, asked for by one person and approved by another.

    `prisons` are codes, none for all. `steps` are in words what was left out or made coarser, `left_out` counts
    people by reason, protected. The key of the pseudonyms is in no column: it ends with the building.
    """

    class State(models.TextChoices):
        ASKED = "ASKED", "Waiting for a decision"
        APPROVED = "APPROVED", "Approved, being built"
        REFUSED = "REFUSED", "Refused"
        BUILT = "BUILT", "Ready to download"
        UNSAFE = "UNSAFE", "Not safe to hand out"
        EXPIRED = "EXPIRED", "Expired and deleted"

    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    recipient = models.CharField(max_length=160)
    purpose = models.CharField(max_length=400)
    ethics_reference = models.CharField(max_length=80)
    agreement = models.CharField(max_length=80)
    first_day = models.DateField()
    last_day = models.DateField()
    prisons = ArrayField(models.CharField(max_length=6), default=list)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Why it was refused, or why it is not safe.
    reason = models.CharField(max_length=400, blank=True)
    # A worker builds it since this moment, and has read so many of its prisons.
    taken_at = models.DateTimeField(null=True)
    prisons_read = models.PositiveSmallIntegerField(default=0)
    prisons_all = models.PositiveSmallIntegerField(default=0)
    built_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    k = models.PositiveIntegerField(null=True)
    l = models.PositiveIntegerField(null=True)  # noqa: E741 the name it has everywhere
    steps = ArrayField(models.CharField(max_length=80), default=list)
    rows = models.PositiveIntegerField(null=True)
    left_out = models.JSONField(default=dict)
    size = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    access = Access(web=READ, national=CHANGE)

    class Meta:
        constraints = [
            both_or_neither("decided_at", "decided_by", "extract_decided_pair"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="extract_second_person"
            ),
            models.CheckConstraint(
                condition=Q(state="ASKED", decided_by__isnull=True)
                | ~Q(state="ASKED") & Q(decided_by__isnull=False),
                name="extract_decided_before_anything",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["REFUSED", "UNSAFE"]) & ~Q(reason="")
                | ~Q(state__in=["REFUSED", "UNSAFE"]) & Q(reason=""),
                name="extract_no_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["BUILT", "EXPIRED"], built_at__isnull=False, expires_on__isnull=False, k__gte=10,
                            l__gte=2)
                | ~Q(state__in=["BUILT", "EXPIRED"]) & Q(built_at__isnull=True, k__isnull=True),
                name="extract_built_is_safe",
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="extract_days"),
            models.CheckConstraint(
                condition=~Q(recipient="") & ~Q(purpose="") & ~Q(ethics_reference="") & ~Q(agreement=""),
                name="extract_says_for_what",
            ),
        ]  # fmt: skip

    @property
    def quarters(self) -> str:
        """`July to September 2026`, or `January 2026 to September 2026` where there are several."""
        first, last = quarter_of(self.first_day), quarter_of(self.last_day)
        return str(first) if first == last else f"{self.first_day:%B %Y} to {self.last_day:%B %Y}"


class ExtractFile(models.Model):
    """The file of an extract. Gone when it expires."""

    extract = models.OneToOneField(Extract, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField()

    access = Access(web="", national="SELECT, INSERT, DELETE")
