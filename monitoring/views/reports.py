"""Reports on a prison for readers of releases: asking for one, one's own, one of them, its file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import parse_period
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from monitoring.actions.reports import ask_for_report
from monitoring.models import Release, ReleaseReport
from monitoring.queries import reports as queries
from monitoring.views import report_parts as parts


def _url(report: ReleaseReport) -> str:
    return reverse("national:report", args=[report.token])


def _crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    found = [("Releases", reverse("national:releases")), *more]
    return [{"text": text, "href": href} for text, href in found]


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_RELEASES_DOWNLOAD)
def ask(request: StaffRequest, token: str, about_code: str) -> HttpResponse:
    """Have the report on one prison made from a release: one button."""
    release = get_object_or_404(Release, token=token)
    about = Prison.objects.filter(code=about_code).first()
    if about is None or not queries.is_in(release, about):
        raise Http404("not in this release")
    now = timezone.now()
    kept = queries.reports_of(request.user, now=now, about=about, release=release)
    form = ConfirmForm(parts.posted(request), label="Make the report")
    if request.method == "POST" and form.is_valid():
        running = next((report for report in kept if report.state in ReleaseReport.AT_WORK), None)
        if running is not None:
            return redirect(_url(running))
        try:
            report = ask_for_report(by=request.actor, now=now, release=release, about=about)
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect(_url(report))
    period, back = str(parse_period(release.period)), reverse("national:release_prison", args=[token, about.code])
    form.cancel_url = back
    return render(
        request,
        "components/form_page.html",
        {
            "title": f"Report on {about.name}",
            "caption": period,
            "lead": parts.LEAD,
            "rows": [_kept_row(report) for report in kept],
            "form": form,
            "crumbs": _crumbs((period, reverse("national:release", args=[token])), (about.name, back)),
        },
    )


def _kept_row(report: ReleaseReport) -> dict[str, Any]:
    asked = parts.moment_words(report.asked_at)
    return {
        "key": f"Asked for on {asked}",
        "value": report.get_state_display(),
        "href": _url(report),
        "action": "Open",
        "hidden": f"the report of {asked}",
    }


@require_safe
@requires(P.NATIONAL_RELEASES_DOWNLOAD)
def reports(request: StaffRequest) -> HttpResponse:
    """One's own reports, newest first."""
    page = page_of(queries.reports_of(request.user, now=timezone.now()), request)
    context = {
        "title": "Your reports",
        "lead": parts.LEAD,
        "page": page,
        "noun": "reports",
        "table": parts.reports_table(page, _url),
        "empty": "You have no report. Open a prison’s page of a release and have one made there.",
        "crumbs": _crumbs(),
    }
    return render(request, "components/list_page.html", context)


@require_safe
@requires(P.NATIONAL_RELEASES_DOWNLOAD)
def report(request: StaffRequest, token: str) -> HttpResponse:
    """One of one's own reports, or how far it is."""
    found = parts.found_or_404(queries.report_by(token, request.user, now=timezone.now()))
    release = found.release
    return parts.report_page(
        request,
        found,
        file_url=reverse("national:report_file", args=[token]),
        ask_url=reverse("national:ask_report", args=[release.token, found.about_id]),
        crumbs=_crumbs(
            (str(parse_period(release.period)), reverse("national:release", args=[release.token])),
            (found.about.name, reverse("national:release_prison", args=[release.token, found.about_id])),
            ("Your reports", reverse("national:reports")),
        ),
    )


@require_safe
@requires(P.NATIONAL_RELEASES_DOWNLOAD)
def file(request: StaffRequest, token: str) -> HttpResponse:
    """The report as PDF."""
    return parts.report_file(request, parts.found_or_404(queries.report_by(token, request.user, now=timezone.now())))
