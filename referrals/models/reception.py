"""Asking everybody who arrives whether they need help: the prompts, and who was asked with what answer."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import READ, Access
from buddyscheme.scope.history import tracked
from referrals.models.referral import Referral
from schemes.models import Custody, Person


class ReceptionPrompt(models.Model):
    """One question of the national list, as it is loaded. A yes is a need, or says that somebody helps already."""

    code = models.CharField(max_length=20, primary_key=True)
    words = models.CharField(max_length=200)
    # Empty where a yes is no need by itself.
    category = models.CharField(max_length=14, choices=Referral.NeedArea, blank=True)
    other_help = models.BooleanField(default=False)
    source = models.CharField(max_length=60)
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    access = Access(web=READ, national=READ)


@tracked()
class ReceptionScreening(PrisonOwned):
    """One person asked once on arriving. `yes` holds the codes of the prompts that were answered with yes."""

    custody = models.OneToOneField(Custody, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    yes = ArrayField(models.CharField(max_length=20), default=list)
    declined = models.BooleanField(default=False)
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(declined=False) | models.Q(yes=[], referral__isnull=True),
                name="reception_declined_says_nothing",
            ),
        ]
