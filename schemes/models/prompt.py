"""Screening prompts: what a department may want to look at before it signs. Never a verdict."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.departments import LONGEST_NAME
from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import READ, Access
from buddyscheme.scope.history import tracked


def alert_codes() -> ArrayField[list[str], list[str]]:
    """Codes of alerts in the prison's own records."""
    return ArrayField(models.CharField(max_length=12), default=list, blank=True)


def departments() -> ArrayField[list[str], list[str]]:
    """Which departments see a prompt."""
    return ArrayField(models.CharField(max_length=LONGEST_NAME), default=list, blank=True)


class ScreeningPrompt(models.Model):
    """One prompt of the national list, as it is loaded. A prison changes it in a row of its own."""

    code = models.CharField(max_length=20, primary_key=True)
    words = models.CharField(max_length=200)
    alert_codes = alert_codes()
    meaning = models.CharField(max_length=250, blank=True)
    departments = departments()
    source = models.CharField(max_length=60)
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    access = Access(web=READ, national=READ)


@tracked()
class PrisonPrompt(PrisonOwned):
    """A prison's own prompt, or its own words for a national one, which it may also switch off."""

    national = models.ForeignKey(ScreeningPrompt, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=200)
    alert_codes = alert_codes()
    meaning = models.CharField(max_length=250, blank=True)
    departments = departments()
    active = models.BooleanField(default=True)
    # Back to the national words: the row stays, and no longer counts.
    dropped = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prison", "national"], condition=Q(national__isnull=False), name="prompt_changed_once"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="prompt_has_words"),
            models.CheckConstraint(
                condition=Q(dropped=False) | Q(national__isnull=False), name="prompt_own_never_dropped"
            ),
        ]
