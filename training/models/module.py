"""Training modules, national and a prison's own, and the tasks that need them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from buddyscheme.accounts.models import Prison, PrisonOwned, User
from buddyscheme.scope.access import ADD, CHANGE, READ, Access
from buddyscheme.scope.transaction import DatabaseRole
from schemes.models import TaskKind

# National rows have an empty owner, so the list of prisons with an empty name in it shows them to everybody: no OR.
OWNERS = "(SELECT string_to_array(coalesce(current_setting('app.prisons', true), '') || ',', ','))::text[]"
OWN_OR_NATIONAL = f"owner = ANY ({OWNERS})"


def _own_only(table: str) -> tuple[str, ...]:
    """Policies that are added to the others by AND: a prison's pages write their own rows, never national ones."""
    web = DatabaseRole.WEB
    return (
        f"DROP POLICY IF EXISTS web_adds_own ON {table}",
        f"DROP POLICY IF EXISTS web_changes_own ON {table}",
        f"CREATE POLICY web_adds_own ON {table} AS RESTRICTIVE FOR INSERT TO {web} WITH CHECK (owner <> '')",
        f"CREATE POLICY web_changes_own ON {table} AS RESTRICTIVE FOR UPDATE TO {web} USING (owner <> '')",
    )


class CatalogueQuerySet(models.QuerySet[Any]):
    """`for_prison` is the only way into the catalogue from a view of a prison."""

    def for_prison(self, prison: Prison | str) -> Self:
        """The national rows and the prison's own, given as object or code."""
        return self.filter(owner__in=["", prison.pk if isinstance(prison, Prison) else prison])

    def national(self) -> Self:
        """The national rows alone."""
        return self.filter(owner="")


class Module(models.Model):
    """One module: of the national core, with where it comes from, or one that a prison adds for itself.

    `mandatory` is for every buddy: of all prisons where the module is national, else of its own prison.
    """

    code = models.CharField(max_length=8, primary_key=True)
    # None: national.
    prison = models.ForeignKey(Prison, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.GeneratedField(
        expression=Coalesce(F("prison"), Value("")), output_field=models.CharField(max_length=6), db_persist=True
    )
    title = models.CharField(max_length=120)
    title_cy = models.CharField(max_length=160, blank=True, db_default="")
    mandatory = models.BooleanField(default=True)
    # None where no source gives hours.
    hours = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    refresh_months = models.PositiveSmallIntegerField(null=True)
    practical = models.BooleanField(default=False)
    source = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    # No longer taught or asked for. Results stay.
    withdrawn = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1, db_default=1)

    objects = CatalogueQuerySet.as_manager()

    access = Access(
        web=CHANGE,
        national=CHANGE,
        rows=OWN_OR_NATIONAL,
        terminal=("code", "title", "position", "owner"),
        extra=_own_only("training_module"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(prison__isnull=True) | Q(code__startswith=F("prison")), name="module_code_of_prison"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def local(self) -> bool:
        """A prison's own."""
        return self.prison_id is not None


class ModuleVersion(models.Model):
    """The words and settings of a module as they once were. The first has no author where a file was loaded."""

    # As the module has it: the code of a prison, or empty.
    owner = models.CharField(max_length=6, blank=True)
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    title_cy = models.CharField(max_length=160, blank=True)
    mandatory = models.BooleanField()
    hours = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    refresh_months = models.PositiveSmallIntegerField(null=True)
    practical = models.BooleanField()
    source = models.CharField(max_length=120)
    withdrawn = models.BooleanField()
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = CatalogueQuerySet.as_manager()

    access = Access(web=ADD, national=ADD, rows=OWN_OR_NATIONAL, extra=_own_only("training_moduleversion"))
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="module_version_once"),
            models.CheckConstraint(
                condition=Q(changed_at__isnull=True, changed_by__isnull=True)
                | Q(changed_at__isnull=False, changed_by__isnull=False),
                name="module_version_changed_pair",
            ),
        ]


class TaskModule(models.Model):
    """A task that needs a module beyond the mandatory ones, at every prison."""

    task = models.ForeignKey(TaskKind, on_delete=models.PROTECT, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")

    access = Access(web=READ, national=READ)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "module"], name="task_module_once")]


class LocalTaskModule(PrisonOwned):
    """A task that needs a module at one prison, on top of what is national."""

    task = models.ForeignKey(TaskKind, on_delete=models.PROTECT, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prison", "task", "module"], condition=Q(ended_at__isnull=True), name="local_task_module_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="local_task_module_ended_pair",
            ),
        ]
