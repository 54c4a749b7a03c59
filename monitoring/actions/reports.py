"""Reports on one prison from one release: asked for by a reader, written and set by a worker, kept for some days."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, record_many
from buddyscheme.outbox.publish import publish
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.exports.report_pdf import report_pdf
from monitoring.exports.reports import stored_form
from monitoring.models import Release, ReleaseReport, ReleaseReportFile
from monitoring.queries.reports import given_of, is_in
from monitoring.reports.build import build
from monitoring.rules.reports import KEPT, check_can_ask

ASKED, WRITTEN = "report.asked", "report.written"
"""Topics of the outbox: each step of the making is a message, so that it goes on where a worker left it."""
State = ReleaseReport.State


@transaction.atomic
def ask_for_report(
    *, by: Actor, now: datetime, release: Release, about: Prison, at: Prison | None = None
) -> ReleaseReport:
    """Ask for the report on a prison from a release. `at` is the prison whose page it is asked for on, if any.

    A worker makes it within seconds. It is shown to who asked and to nobody else.
    """
    with scoped(DatabaseRole.WEB, prisons=[at.code] if at else [], user_id=by.id):
        theirs = ReleaseReport.objects.filter(asked_by_id=by.id, release=release, about=about)
        check_can_ask(is_in=is_in(release, about), at_work=theirs.filter(state__in=ReleaseReport.AT_WORK).exists())
        report = ReleaseReport.objects.create(
            release=release, about=about, asked_at=now, asked_by=by.user, expires_at=now + KEPT
        )
        code = at.code if at else ""
        record(Event.REPORT_ASKED, by=by, prison=code, subject=report, release=release.pk, about=about.code)
        publish(ASKED, key=f"{ASKED}:{report.pk}", report_id=report.pk)
    return report


@transaction.atomic
def write_report(*, by: Actor, now: datetime, report_id: int) -> ReleaseReport | None:
    """Draw the conclusions and the pictures. None where nothing is to be written. Run in the national role."""
    report = _locked(report_id, State.ASKED)
    if report is None:
        return None
    report.content = stored_form(build(given_of(report.release, report.about, now=now)))
    report.state = State.WRITTEN
    report.save(update_fields=["content", "state"])
    record(Event.REPORT_WRITTEN, by=by, subject=report, about=report.about_id)
    publish(WRITTEN, key=f"{WRITTEN}:{report.pk}", report_id=report.pk)
    return report


@transaction.atomic
def set_report(*, by: Actor, now: datetime, report_id: int) -> ReleaseReport | None:
    """Set what was written as PDF and keep the file. None where nothing is to be set. Run in the national role."""
    report = _locked(report_id, State.WRITTEN)
    if report is None:
        return None
    pdf = report_pdf(report.content, made_at=now)
    ReleaseReportFile.objects.bulk_create([ReleaseReportFile(report=report, content=pdf)])
    report.state, report.made_at, report.size = State.READY, now, len(pdf)
    report.save(update_fields=["state", "made_at", "size"])
    record(Event.REPORT_MADE, by=by, subject=report, about=report.about_id, size=len(pdf))
    return report


@transaction.atomic
def give_up_report(*, by: Actor, now: datetime, report_id: int, fault: str) -> ReleaseReport | None:
    """Say that it could not be made, so that its reader does not wait for nothing. `fault` names the kind of error."""
    report = _locked(report_id, *ReleaseReport.AT_WORK)
    if report is None:
        return None
    report.state = State.FAILED
    report.save(update_fields=["state"])
    record(Event.REPORT_FAILED, by=by, subject=report, about=report.about_id, fault=fault)
    return report


@transaction.atomic
def sweep_reports(*, by: Actor, now: datetime) -> int:
    """Delete reports whose days are over, with their files. Returns how many. Run in the national role."""
    old = ReleaseReport.objects.filter(expires_at__lte=now)
    count = old.count()
    if count:
        ReleaseReportFile.objects.filter(report__in=old).delete()
        old.delete()
        record_many(Event.REPORTS_SWEPT, by=by, prison="", rows=count)
    return count


def _locked(report_id: int, *states: str) -> ReleaseReport | None:
    """The report if it stands at this step and no other worker has it."""
    rows = ReleaseReport.objects.select_for_update(skip_locked=True, of=("self",))
    return rows.select_related("release", "about").filter(pk=report_id, state__in=states).first()
