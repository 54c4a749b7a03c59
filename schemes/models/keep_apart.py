"""Keep-apart records (non-associations). Each is two rows, one a direction, so that both sides find it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import CHANGE, PRISONS, Access
from buddyscheme.scope.history import tracked
from schemes.models.person import STILL_READ, Person


@tracked()
class KeepApart(PrisonOwned):
    """`person` is kept from `other`. The twin row says the same the other way round, with the same `pair`.

    Seen wherever `person` is in custody. The reason is for holders of the permission, never for a terminal.
    """

    class Reason(models.TextChoices):
        BULLYING = "BULLYING", "Bullying"
        GANG_RELATED = "GANG_RELATED", "Gang related"
        ORGANISED_CRIME = "ORGANISED_CRIME", "Organised crime"
        LEGAL_REQUEST = "LEGAL_REQUEST", "Police or legal request"
        THREAT = "THREAT", "Threat"
        VIOLENCE = "VIOLENCE", "Violence"
        OTHER = "OTHER", "Other"

    class Restriction(models.TextChoices):
        CELL = "CELL", "Cell"
        LANDING = "LANDING", "Cell and landing"
        WING = "WING", "Cell, landing and wing"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    pair = models.CharField(max_length=32)
    reason = models.CharField(max_length=16, choices=Reason)
    restriction = models.CharField(max_length=8, choices=Restriction, default=Restriction.WING)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(
        web=CHANGE,
        national=CHANGE,
        rows=(
            "EXISTS (SELECT 1 FROM schemes_custody c WHERE c.person_id = schemes_keepapart.person_id"
            f" AND c.prison_id = ANY ({PRISONS}) AND {STILL_READ}"
            # What the next prison records is not for the one before.
            " AND coalesce(c.ended_at, 'infinity') > schemes_keepapart.recorded_at)"
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("other")), name="keep_apart_two_people"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="keep_apart_ended_pair",
            ),
            models.UniqueConstraint(
                fields=["person", "other"], condition=Q(ended_at__isnull=True), name="keep_apart_open_once"
            ),
        ]
