"""Figures as files: a release's for its readers, and a prison's own for its leads. Every one is accounted for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today, parse_period
from buddyscheme.lib.forms import ConfirmForm
from monitoring.actions.downloads import ask_for_file
from monitoring.exports import own_figures, releases
from monitoring.exports.archive import with_readme
from monitoring.exports.bundles import own_bundle, release_bundle
from monitoring.exports.readme import readme, release_notes
from monitoring.models import Release, ReleaseFile
from monitoring.queries import downloads as queries
from monitoring.queries.figures import opened_on
from monitoring.views.periods import months_since
from monitoring.views.report_parts import LOOK_AGAIN

AT_ONCE = 4_000
"""Figures up to which the file is made while the reader waits: about a second."""
MONTHS = 24
State = ReleaseFile.State


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_RELEASES_DOWNLOAD)
def release(request: StaffRequest, token: str) -> HttpResponse:
    """A release as a ZIP, made from the same protected figures as the pages. A large one is made by a worker once."""
    found = get_object_or_404(Release.objects.select_related("replaces"), token=token)
    now = timezone.now()
    if queries.released(found).count() <= AT_ONCE:
        bundle = release_bundle(found, now=now)
        return _release_file(request, found, bundle.content, bundle.rows)
    file = queries.file_of(found)
    if request.method == "POST" or file is None:
        file = ask_for_file(by=request.actor, now=now, release=found)
    if request.method == "POST":
        return redirect(request.path)
    if file.state == State.READY:
        assert file.content is not None
        return _release_file(request, found, bytes(file.content), file.rows or 0)
    return _not_yet(request, found, file)


def _release_file(request: StaffRequest, found: Release, content: bytes, rows: int) -> HttpResponse:
    record(Event.EXPORTED, by=request.actor, subject=found, rows=rows, format="zip")
    title = f"Buddy schemes, {parse_period(found.period)}"
    text = readme(title, release_notes(found), now=timezone.now())
    return _zip(content, text, f"buddy-schemes-{found.period}-{releases.MARKING}.zip")


def _not_yet(request: StaffRequest, found: Release, file: ReleaseFile) -> HttpResponse:
    period = str(parse_period(found.period))
    context = {
        "title": f"Files of {period}",
        "file": file,
        "form": ConfirmForm(label="Make them again"),
        "release_url": reverse("national:release", args=[found.token]),
        "crumbs": [
            {"text": "Releases", "href": reverse("national:releases")},
            {"text": period, "href": reverse("national:release", args=[found.token])},
        ],
    }
    response = render(request, "monitoring/release_file.html", context)
    if file.state == State.ASKED:
        response.headers["Refresh"] = LOOK_AGAIN
    return response


@require_safe
@requires(P.FIGURES_DOWNLOAD)
def figures(request: StaffRequest) -> HttpResponse:
    """The prison's own figures as a ZIP, exact: of up to two years of months, their quarters and years."""
    now = timezone.now()
    months = months_since(opened_on(request.prison), london_today(now))[:MONTHS][::-1]
    bundle = own_bundle(request.prison, months, now=now)
    if not bundle.rows:
        messages.warning(request, "There is no figure yet. Figures begin in the month in which the scheme opens.")
        return redirect("monitoring:figures", request.prison.code)
    record(
        Event.EXPORTED,
        by=request.actor,
        prison=request.prison.code,
        what="figures",
        months=[months[0].code, months[-1].code],
        rows=bundle.rows,
        format="zip",
    )
    name = f"{request.prison.code}-figures-{months[0].code}-to-{months[-1].code}-{own_figures.MARKING}.zip"
    return _zip(bundle.content, readme(f"Figures of {request.prison.name}", bundle.notes, now=now), name)


def _zip(content: bytes, text: str, name: str) -> HttpResponse:
    response = HttpResponse(with_readme(content, text, now=timezone.now()), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
