"""A spreadsheet that a prison brings: the file, its rows while they are checked and mended, and its columns."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import Prison, PrisonOwned, PrisonQuerySet, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ALL, Access

# The national role finds what is to be gone on with, and sweeps what has been kept long enough, at every prison.
SWEPT = Access(web=ALL, national="SELECT, UPDATE, DELETE")


class ImportFile(PrisonOwned):
    """One import, from the choice of the file to the saving of its rows. The rows go some days later; this stays."""

    class State(models.TextChoices):
        UPLOADED = "UPLOADED", "Columns to match"
        STAGING = "STAGING", "Being read"
        CHECKING = "CHECKING", "Being checked"
        CHECKED = "CHECKED", "Ready to look at"
        SAVING = "SAVING", "Being saved"
        SAVED = "SAVED", "Saved"
        DROPPED = "DROPPED", "Thrown away"

    # A worker has something to do.
    AT_WORK: ClassVar[tuple[str, ...]] = ("STAGING", "CHECKING", "SAVING")

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State, default=State.UPLOADED)
    headings = models.JSONField(default=list)
    # Field of the kind → place of its column in the file, from 0.
    columns = models.JSONField(default=dict)
    rows_in_file = models.PositiveIntegerField(default=0)
    # So many rows of the file have been staged or passed over as empty: where a worker goes on.
    rows_read = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    already = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    saved = models.PositiveIntegerField(default=0)
    # What happened to the last try to save, as a sentence for the screen.
    note = models.CharField(max_length=300, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    save_asked_at = models.DateTimeField(null=True)
    save_asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()
    emptied_at = models.DateTimeField(null=True)

    access = SWEPT

    class Meta:
        constraints = [
            both_or_neither("save_asked_at", "save_asked_by", "import_file_save_pair"),
            models.CheckConstraint(
                condition=~Q(state="SAVED") | Q(saved_at__isnull=False, save_asked_at__isnull=False),
                name="import_file_saved_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="DROPPED") | Q(dropped_at__isnull=False), name="import_file_dropped_has_day"
            ),
        ]
        indexes = [models.Index(fields=["prison", "uploaded_at"], name="import_file_by_day")]


class ImportContent(PrisonOwned):
    """The file as it came, until its rows are staged."""

    file = models.OneToOneField(ImportFile, on_delete=models.CASCADE, related_name="content")
    content = models.BinaryField()

    access = SWEPT


class ImportRow(models.Model):
    """One row of the file: what it says under each field, what was understood, and what is wrong with it."""

    class State(models.TextChoices):
        GOOD = "GOOD", "Good"
        BAD = "BAD", "To mend"
        ALREADY = "ALREADY", "Already here"

    # No index but the one that is used: a hundred thousand rows come at once, and always by their file.
    prison = models.ForeignKey(Prison, on_delete=models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    said = models.JSONField(default=dict)
    understood = models.JSONField(default=dict)
    # Lists of {"field", "says"}: what is wrong with the words themselves, and with what they mean here.
    shape = models.JSONField(default=list)
    found = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.GOOD)
    left_out_at = models.DateTimeField(null=True)
    left_out_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = PrisonQuerySet.as_manager()
    access = SWEPT

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="import_row_once"),
            both_or_neither("left_out_at", "left_out_by", "import_row_left_out_pair"),
            both_or_neither("changed_at", "changed_by", "import_row_changed_pair"),
        ]

    @property
    def problems(self) -> list[dict[str, str]]:
        """Everything that is wrong with the row, the words themselves first."""
        return [*self.shape, *self.found]


class ImportColumns(PrisonOwned):
    """Which heading a prison's file had for each field, remembered for the next file of the same kind."""

    kind = models.CharField(max_length=20)
    # Field → heading.
    headings = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prison", "kind"], name="import_columns_once")]
