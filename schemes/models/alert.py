"""Alerts: the list of codes, what each means for a buddy scheme, and who has one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ADD, CHANGE, PRISONS, READ, Access
from buddyscheme.scope.history import tracked
from schemes.models.person import STILL_READ, Person


class Source(models.TextChoices):
    """Where a fact of the directory came from."""

    TYPED = "TYPED", "Typed here"
    IMPORT = "IMPORT", "From a list"
    EVENT = "EVENT", "From a file of events"


class Meaning(models.TextChoices):
    """What an alert does here, from the loosest to the strictest."""

    NONE = "NONE", "Nothing"
    TAG = "TAG", "Shown on the unlock list"
    WARN = "WARN", "A warning before matching"
    STOP = "STOP", "Stops a match"


class AlertKind(models.Model):
    """One code of the list, as it is loaded. `hidden`: of the kind that is not shared with the person."""

    code = models.CharField(max_length=12, primary_key=True)
    words = models.CharField(max_length=120)
    # When the person would be the buddy, and when the person is the one who is helped.
    as_buddy = models.CharField(max_length=4, choices=Meaning, default=Meaning.NONE)
    as_helped = models.CharField(max_length=4, choices=Meaning, default=Meaning.NONE)
    hidden = models.BooleanField(default=False)
    source = models.CharField(max_length=60)
    listed_on = models.DateField()
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    access = Access(web=READ, national=READ)


class MeaningChange(models.Model):
    """The national meaning of a code from some day on. Rows are added, never changed; the newest counts."""

    kind = models.ForeignKey(AlertKind, on_delete=models.PROTECT, related_name="+")
    as_buddy = models.CharField(max_length=4, choices=Meaning)
    as_helped = models.CharField(max_length=4, choices=Meaning)
    reason = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=READ, national=ADD)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="meaning_change_has_reason")]


class PrisonMeaning(PrisonOwned):
    """A prison's own meaning of a code; an empty one is as it is nationally. The newest row counts."""

    kind = models.ForeignKey(AlertKind, on_delete=models.PROTECT, related_name="+")
    as_buddy = models.CharField(max_length=4, choices=Meaning, blank=True)
    as_helped = models.CharField(max_length=4, choices=Meaning, blank=True)
    reason = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="prison_meaning_has_reason")]


@tracked()
class Alert(PrisonOwned):
    """An alert of a person, seen wherever the person is or was held. `prison` is where it was recorded.

    It counts from `active_from` to `active_to` (both inside, open where empty) until somebody ends it.
    Never shown at a terminal.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(AlertKind, on_delete=models.PROTECT, related_name="+")
    active_from = models.DateField()
    active_to = models.DateField(null=True)
    source = models.CharField(max_length=6, choices=Source, default=Source.TYPED)
    # The id that the record has where it came from.
    reference = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(
        web=CHANGE,
        national=CHANGE,
        rows=(
            "EXISTS (SELECT 1 FROM schemes_custody c WHERE c.person_id = schemes_alert.person_id"
            f" AND c.prison_id = ANY ({PRISONS}) AND {STILL_READ}"
            # What the next prison records is not for the one before.
            " AND coalesce(c.ended_at, 'infinity') > schemes_alert.recorded_at)"
        ),
    )

    class Meta:
        constraints = [
            both_or_neither("ended_at", "ended_by", "alert_ended_pair"),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_to__gte=F("active_from")), name="alert_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(ended_at__isnull=True), name="alert_open_once"
            ),
        ]
        indexes = [models.Index(fields=["person", "ended_at"], name="alert_by_person")]
