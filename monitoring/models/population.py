"""How many people a prison holds, by month and by group, as the prison or somebody else counted them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, Access


class Population(PrisonOwned):
    """One count of a prison's people for a month, with its source. The newest of a month counts, as a whole."""

    month = models.DateField()
    total = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    counted_on = models.DateField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="population_of_a_month"),
            models.CheckConstraint(condition=Q(total__gte=1, total__lte=9999), name="population_total"),
            models.CheckConstraint(condition=~Q(source=""), name="population_says_source"),
        ]
        indexes = [models.Index(fields=["prison", "month", "-id"], name="population_newest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class PopulationCount(PrisonOwned):
    """How many of them are in one group. Religion and sexual orientation come from a file alone."""

    class By(models.TextChoices):
        AGE = "age", "Age"
        SEX = "sex", "Sex"
        ETHNICITY = "ethnicity", "Ethnic group"
        RELIGION = "religion", "Religion"
        ORIENTATION = "orientation", "Sexual orientation"

    population = models.ForeignKey(Population, on_delete=models.PROTECT, related_name="counts")
    by = models.CharField(max_length=12, choices=By)
    # The code of a group of this breakdown, or `unknown`.
    group = models.CharField(max_length=40)
    count = models.PositiveIntegerField()

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["population", "by", "group"], name="population_group_once"),
            models.CheckConstraint(condition=~Q(group="") & Q(count__lte=9999), name="population_count_of_a_group"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
