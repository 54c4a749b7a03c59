"""Reports of what is published about one's own prison: the same as inspectors get, for the prison's leads."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from monitoring.actions.reports import ask_for_report
from monitoring.forms.reports import AskReportForm
from monitoring.models import ReleaseReport
from monitoring.queries import reports as queries
from monitoring.views import report_parts as parts


def _url(request: StaffRequest, name: str, *args: str) -> str:
    return reverse(f"monitoring:{name}", args=[request.prison.code, *args])


def _crumbs(request: StaffRequest, *more: tuple[str, str]) -> list[dict[str, str]]:
    found = [("Figures", _url(request, "figures")), *more]
    return [{"text": text, "href": href} for text, href in found]


@require_safe
@requires(P.FIGURES_VIEW)
def reports(request: StaffRequest) -> HttpResponse:
    """One's own reports on this prison, newest first."""
    page = page_of(queries.reports_of(request.user, now=timezone.now(), about=request.prison), request)
    published = bool(queries.releases_about(request.prison))
    context = {
        "title": "Reports and files",
        "lead": f"{parts.LEAD} Inspectors can have the same report made.",
        "file_url": _url(request, "figures_file") if may(request, P.FIGURES_DOWNLOAD) else "",
        "page": page,
        "noun": "reports",
        "table": parts.reports_table(page, lambda report: _url(request, "report", report.token)),
        "empty": "You have no report." if published else "Nothing has been published about this prison yet.",
        "action_href": _url(request, "ask_report") if published else "",
        "action_text": "Make a report",
        "crumbs": _crumbs(request),
    }
    return render(request, "monitoring/own_reports.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.FIGURES_VIEW)
def ask(request: StaffRequest) -> HttpResponse:
    """Choose a release and have the report made from it."""
    now = timezone.now()
    form = AskReportForm(parts.posted(request), offered=queries.releases_about(request.prison))
    if request.method == "POST" and form.is_valid():
        release = form.releases[form.cleaned_data["release"]]
        kept = queries.reports_of(request.user, now=now, about=request.prison, release=release)
        running = next((report for report in kept if report.state in ReleaseReport.AT_WORK), None)
        if running is not None:
            return redirect(_url(request, "report", running.token))
        try:
            report = ask_for_report(by=request.actor, now=now, release=release, about=request.prison, at=request.prison)
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect(_url(request, "report", report.token))
    form.cancel_url = _url(request, "reports")
    context = {
        "title": "Make a report",
        "lead": parts.LEAD,
        "form": form,
        "crumbs": _crumbs(request, ("Reports and files", _url(request, "reports"))),
    }
    return render(request, "components/form_page.html", context)


@require_safe
@requires(P.FIGURES_VIEW)
def report(request: StaffRequest, token: str) -> HttpResponse:
    """One of one's own reports on this prison, or how far it is."""
    found = _own(request, token)
    return parts.report_page(
        request,
        found,
        file_url=_url(request, "report_file", token),
        ask_url=_url(request, "ask_report"),
        crumbs=_crumbs(request, ("Reports and files", _url(request, "reports"))),
        at=request.prison.code,
    )


@require_safe
@requires(P.FIGURES_VIEW)
def file(request: StaffRequest, token: str) -> HttpResponse:
    """The report as PDF."""
    return parts.report_file(request, _own(request, token), at=request.prison.code)


def _own(request: StaffRequest, token: str) -> ReleaseReport:
    return parts.found_or_404(queries.report_by(token, request.user, now=timezone.now(), about=request.prison))
