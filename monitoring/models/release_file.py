"""The files of a large release, made once by a worker and then given to every reader."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from buddyscheme.scope.access import Access
from monitoring.models.release import Release


class ReleaseFile(models.Model):
    """The ZIP of a release with the words of the measures as they were: an amendment makes another.

    `words_version` is the newest amendment's id, nought where there is none. `content` lacks the README, which says
    when a reader took the file.
    """

    class State(models.TextChoices):
        ASKED = "ASKED", "Being made"
        READY = "READY", "Ready"
        FAILED = "FAILED", "Could not be made"

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    words_version = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)
    content = models.BinaryField(null=True)

    # A release is no prison's: every reader of releases gets the same file.
    access = Access(web="SELECT, INSERT, UPDATE", national="SELECT, UPDATE, DELETE")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "words_version"], name="release_file_once"),
            models.CheckConstraint(
                condition=Q(state="READY", made_at__isnull=False, rows__isnull=False, content__isnull=False)
                | (~Q(state="READY") & Q(made_at__isnull=True, rows__isnull=True, content__isnull=True)),
                name="release_file_ready_has_content",
            ),
        ]
