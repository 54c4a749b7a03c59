"""People in prison: one record for each prison number, whoever they are to a scheme."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from buddyscheme.lib.references import make_token
from buddyscheme.scope.access import CHANGE, PRISONS, Access
from buddyscheme.scope.history import tracked

# A stay that its prison may still read: running, or ended within the set time. `c` is the table of stays.
STILL_READ = f"coalesce(c.ended_at, 'infinity') > now() - interval '{settings.FORMER_READ_DAYS} days'"


@tracked()
class Person(models.Model):
    """A person by prison number. Which prisons may see the row is decided by custody, not by a column here.

    A prison number that another prison holds is added as a provisional row of its own, with what was typed,
    until that prison answers the claim: nobody learns from the screen that the number was known.
    """

    class Sex(models.TextChoices):
        FEMALE = "FEMALE", "Female"
        MALE = "MALE", "Male"
        UNKNOWN = "UNKNOWN", "Not known"

    class Disability(models.TextChoices):
        YES = "YES", "Yes"
        NO = "NO", "No"
        UNKNOWN = "UNKNOWN", "Not known"

    class Ethnicity(models.TextChoices):
        ASIAN = "ASIAN", "Asian or Asian British"
        BLACK = "BLACK", "Black or Black British"
        MIXED = "MIXED", "Mixed"
        WHITE = "WHITE", "White"
        OTHER = "OTHER", "Other ethnic group"
        UNKNOWN = "UNKNOWN", "Not known"

    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    prison_number = models.CharField(max_length=7)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    preferred_name = models.CharField(max_length=60, blank=True)
    born_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=8, choices=Sex, default=Sex.UNKNOWN)
    ethnicity = models.CharField(max_length=8, choices=Ethnicity, default=Ethnicity.UNKNOWN)
    disability = models.CharField(max_length=8, choices=Disability, default=Disability.UNKNOWN)
    languages = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    provisional = models.BooleanField(default=False)
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1)

    access = Access(
        web=CHANGE,
        national=CHANGE,
        rows=(
            "EXISTS (SELECT 1 FROM schemes_custody c WHERE c.person_id = schemes_person.id"
            f" AND c.prison_id = ANY ({PRISONS}) AND {STILL_READ})"
        ),
        terminal=("id", "first_name", "preferred_name"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prison_number"], condition=Q(provisional=False), name="person_number_once"
            ),
            models.CheckConstraint(
                condition=Q(prison_number__regex=r"^[A-Z]\d{4}[A-Z]{2}$"), name="person_number_shape"
            ),
        ]
        indexes = [models.Index(fields=["last_name", "first_name"], name="person_by_name")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name, for pages about one person."""
        return f"{self.first_name} {self.last_name}"

    @property
    def list_name(self) -> str:
        """Last name, first name: for lists."""
        return f"{self.last_name}, {self.first_name}"

    @property
    def called(self) -> str:
        """The name that others use."""
        return self.preferred_name or self.first_name
