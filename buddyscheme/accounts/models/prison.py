"""Prisons of the register and of the demonstration, and their wings."""

from __future__ import annotations

from django.db import models

from buddyscheme.lib.references import make_token
from buddyscheme.scope.access import READ, Access


class Prison(models.Model):
    """An establishment, by NOMIS code. Closed, never deleted."""

    class Nation(models.TextChoices):
        ENGLAND = "ENGLAND", "England"
        WALES = "WALES", "Wales"

    class Kind(models.TextChoices):
        """How prisons are grouped for comparison."""

        LOCAL = "LOCAL", "Reception prison"
        TRAINER = "TRAINER", "Training prison"
        HIGH_SECURITY = "HIGH_SECURITY", "Long-term high security prison"
        OPEN = "OPEN", "Open prison"
        WOMEN = "WOMEN", "Women's prison"
        YOUNG = "YOUNG", "Young offender institution"
        OTHER = "OTHER", "Other"

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=80)
    official_name = models.CharField(max_length=120, blank=True)
    welsh_name = models.CharField(max_length=80, blank=True)
    nation = models.CharField(max_length=8, choices=Nation)
    kind = models.CharField(max_length=16, choices=Kind)
    holds_women = models.BooleanField(default=False)
    operator = models.CharField(max_length=60, blank=True)
    council = models.CharField(max_length=120, blank=True)
    council_confidence = models.CharField(max_length=10, blank=True)
    region = models.CharField(max_length=60, blank=True)
    in_scope = models.BooleanField(default=True)
    closed = models.BooleanField(default=False)
    fictional = models.BooleanField(default=False)
    # Switched on prison by prison: until then staff see a plain explanation.
    switched_on = models.BooleanField(default=False)

    access = Access(web="SELECT, INSERT, UPDATE", national=READ, terminal=("code", "name", "welsh_name", "nation"))

    def __str__(self) -> str:
        return self.name


class Wing(models.Model):
    """A wing or house block. Its landings are numbered from the ground up."""

    prison = models.ForeignKey(Prison, on_delete=models.PROTECT, related_name="wings")
    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=40)
    landings = models.PositiveSmallIntegerField(default=3)
    closed = models.BooleanField(default=False)

    # Wing names are no secret, and a terminal needs its own before anything else is known.
    access = Access(rows="", terminal=("id", "prison_id", "code", "name"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prison", "code"], name="wing_code_once")]

    def __str__(self) -> str:
        return self.name
