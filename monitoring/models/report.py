"""Reports on one prison from one release, made for whoever asked and kept for some days."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.references import make_token
from buddyscheme.scope.access import READ, USER, Access


class ReleaseReport(models.Model):
    """One report, from being asked for to its last day. Its reader is who asked, and nobody else.

    `content` is the report in its stored form (`exports.reports.stored_form`), from which the page is drawn and the
    PDF was set; empty until it is written. `size` is that of the PDF in bytes.
    """

    class State(models.TextChoices):
        ASKED = "ASKED", "Waiting to be written"
        WRITTEN = "WRITTEN", "Being set as PDF"
        READY = "READY", "Ready"
        FAILED = "FAILED", "Could not be made"

    AT_WORK = ("ASKED", "WRITTEN")

    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    release = models.ForeignKey("monitoring.Release", on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(Prison, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    content = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True)
    size = models.PositiveIntegerField(null=True)
    expires_at = models.DateTimeField()

    # A worker makes it, across prisons; who asked reads it, whichever prison they ask at.
    access = Access(web="SELECT, INSERT", national="SELECT, UPDATE, DELETE", rows=f"asked_by_id = {USER}")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="READY", made_at__isnull=False, size__gt=0)
                | (~Q(state="READY") & Q(made_at__isnull=True, size__isnull=True)),
                name="release_report_ready_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["WRITTEN", "READY"]) | ~Q(content={}), name="release_report_written_has_content"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="release_report_is_kept_a_while"),
        ]
        indexes = [
            models.Index(fields=["asked_by", "asked_at"], name="release_report_by_reader"),
            models.Index(fields=["expires_at"], name="release_report_by_end"),
        ]


class ReleaseReportFile(models.Model):
    """The PDF of one report."""

    report = models.OneToOneField(ReleaseReport, on_delete=models.CASCADE, related_name="file")
    content = models.BinaryField()

    access = Access(
        web=READ,
        national="SELECT, INSERT, DELETE",
        rows="EXISTS (SELECT 1 FROM monitoring_releasereport AS report WHERE report.id = report_id"
        f" AND report.asked_by_id = {USER})",
    )
