"""What both places of reports share: the page of one, the file, and the rows of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from buddyscheme.accounts.requests import StaffRequest
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.dates import london_time, parse_period
from buddyscheme.lib.tables import Row, Table, Tag
from monitoring.models import ReleaseReport
from monitoring.queries.reports import file_of
from monitoring.rules.reports import KEPT

LOOK_AGAIN = "2"
"""Seconds after which the page of a report on its way loads itself again, without script."""
LEAD = (
    "A report on one prison in the order of an inspection report, with conclusions drawn by stated rules, as a page "
    f"and as a PDF. It is made from published figures alone, for you, and kept for {KEPT.days} days."
)
MAKING = {
    ReleaseReport.State.ASKED: ("The figures are being read and the conclusions drawn.", 1),
    ReleaseReport.State.WRITTEN: ("The conclusions and pictures are done. The PDF is being set.", 2),
}
STEPS = 3
COLOURS = {"ASKED": "blue", "WRITTEN": "blue", "READY": "green", "FAILED": "red"}


def title_of(report: ReleaseReport) -> str:
    """`Testwick, July to September 2026`."""
    return f"{report.about.name}, {parse_period(report.release.period)}"


def reports_table(reports: Iterable[ReleaseReport], url: Callable[[ReleaseReport], str]) -> Table:
    """One's own reports, the newest first."""
    return Table(
        caption="Your reports, newest first",
        first="Report",
        columns=["Asked for", "Kept until"],
        rows=[
            Row(
                text=title_of(report),
                href=url(report),
                cells=[moment_words(report.asked_at), moment_words(report.expires_at)],
                tag=Tag(text=report.get_state_display(), colour=COLOURS[report.state]),
            )
            for report in reports
        ],
    )


def report_page(
    request: StaffRequest,
    report: ReleaseReport,
    *,
    file_url: str,
    ask_url: str,
    crumbs: list[dict[str, str]],
    at: str = "",
) -> HttpResponse:
    """The report, or how far it is. `at` is the prison on whose pages it is read, if any."""
    context: dict[str, Any] = {
        "title": title_of(report),
        "report": report,
        "ask_url": ask_url,
        "kept_until": moment_words(report.expires_at),
        "crumbs": crumbs,
    }
    if report.state != ReleaseReport.State.READY:
        words, done = MAKING.get(ReleaseReport.State(report.state), ("", 0))
        context |= {"progress": words, "done": done, "steps": STEPS}
        return _looking_again(render(request, "monitoring/report_progress.html", context), report)
    viewed(by=request.actor, prison=at, subject=report, about=report.about_id)
    facts = [{"key": fact["name"], "value": fact["value"]} for fact in report.content["facts"]]
    return render(
        request, "monitoring/report.html", context | {"content": report.content, "facts": facts, "file_url": file_url}
    )


def _looking_again(response: HttpResponse, report: ReleaseReport) -> HttpResponse:
    if report.state in ReleaseReport.AT_WORK:
        response.headers["Refresh"] = LOOK_AGAIN
    return response


def report_file(request: StaffRequest, report: ReleaseReport, *, at: str = "") -> HttpResponse:
    """The PDF as an attachment. Accounted for in the audit."""
    pdf = file_of(report, request.user)
    if pdf is None:
        raise Http404("no file yet")
    rows = sum(len(section["lines"]) for section in report.content["sections"])
    record(
        Event.EXPORTED,
        by=request.actor,
        prison=at,
        subject=report,
        what="report",
        about=report.about_id,
        rows=rows,
        format="pdf",
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"buddy-scheme-{report.about_id}-{report.release.period}-{report.content['marking']}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def moment_words(moment: datetime) -> str:
    """`23 November 2026, 10:00`."""
    return f"{london_time(moment):%-d %B %Y, %H:%M}"


def found_or_404(report: ReleaseReport | None) -> ReleaseReport:
    """Somebody else's report is not there."""
    if report is None:
        raise Http404("no such report")
    return report


def posted(request: HttpRequest) -> Any:
    """What was posted, were it nothing but a press of the button."""
    return request.POST if request.method == "POST" else None
