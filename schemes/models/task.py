"""The closed catalogue of tasks: what buddies may do, may do with approval, and may never do."""

from __future__ import annotations

from django.db import models

from buddyscheme.scope.access import READ, Access


class TaskKind(models.Model):
    """One task of the national catalogue. A scheme may stop a permitted one; nobody can allow a prohibited one."""

    class Kind(models.TextChoices):
        PERMITTED = "PERMITTED", "Allowed"
        RESTRICTED = "RESTRICTED", "Off unless approved"
        PROHIBITED = "PROHIBITED", "Never a buddy's task"

    class Opens(models.TextChoices):
        """What a refused task becomes."""

        NOTHING = "", "Nothing"
        UNMET_NEED = "UNMET_NEED", "An unmet need"
        CONCERN = "CONCERN", "A concern"

    code = models.CharField(max_length=8, primary_key=True)
    group = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    name_cy = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    condition = models.CharField(max_length=200, blank=True)
    # What belongs to it, and what no longer does, a line for each. The Welsh awaits a translator's check.
    examples = models.TextField(blank=True, db_default="")
    examples_cy = models.TextField(blank=True, db_default="")
    not_examples = models.TextField(blank=True, db_default="")
    not_examples_cy = models.TextField(blank=True, db_default="")
    # Why a prohibited task is refused and whose work it is, as a sentence for the screen.
    refusal = models.CharField(max_length=250, blank=True)
    opens = models.CharField(max_length=10, choices=Opens, blank=True)
    everyday = models.BooleanField(default=False)
    # A meal or water that nobody brings is a harm: an uncovered one becomes a line for staff.
    essential = models.BooleanField(default=False)
    minutes = models.PositiveSmallIntegerField(default=15)
    picture = models.CharField(max_length=30, blank=True)
    basis = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    access = Access(
        web=READ, national=READ, terminal=("code", "group", "name", "name_cy", "kind", "picture", "position")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="PROHIBITED") | ~models.Q(refusal=""), name="task_prohibited_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.name
