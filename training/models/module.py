"""Training modules and the tasks that need them."""

from __future__ import annotations

from django.db import models

from buddyscheme.scope.access import READ, Access
from schemes.models import TaskKind


class Module(models.Model):
    """One module of the national core, with where it comes from."""

    code = models.CharField(max_length=8, primary_key=True)
    title = models.CharField(max_length=120)
    mandatory = models.BooleanField(default=True)
    # None where no source gives hours.
    hours = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    refresh_months = models.PositiveSmallIntegerField(null=True)
    practical = models.BooleanField(default=False)
    source = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    access = Access(web=READ, national=READ, terminal=("code", "title", "position"))

    def __str__(self) -> str:
        return self.title


class TaskModule(models.Model):
    """A task that needs a module beyond the mandatory ones."""

    task = models.ForeignKey(TaskKind, on_delete=models.PROTECT, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")

    access = Access(web=READ, national=READ)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "module"], name="task_module_once")]
