"""Published releases: the list, and publishing one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import Quarter, london_today, parse_period, quarter_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from monitoring.actions.release_requests import ask_release
from monitoring.forms.releases import PublishForm
from monitoring.models import Release
from monitoring.queries.digests import unread
from monitoring.queries.releases import published, published_codes
from monitoring.views.periods import back_from
from monitoring.views.release_requests import requests_table, typed_before
from monitoring.views.release_years import years_to_publish

OFFERED_QUARTERS = 8
CHARTED = 24
KEPT = 12
"""National pages that a process keeps drawn: up to two megabytes each."""


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def releases(request: StaffRequest) -> HttpResponse:
    """Every release, newest first."""
    page = page_of(published(), request)
    publishes = may(request, Permission.NATIONAL_RELEASES_PUBLISH)
    rows = [
        Row(
            text=str(parse_period(release.period)),
            href=reverse("national:release", args=[release.token]),
            hidden="release",
            cells=[
                release.get_kind_display(),
                f"{release.published_at:%-d %B %Y}",
                release.reason or release.note or "–",
            ],
            tag=_tag(release),
        )
        for release in page
    ]
    return render(
        request,
        "monitoring/releases.html",
        {
            "title": "Releases",
            "requests": requests_table(timezone.now()) if publishes else None,
            "unread": unread(request.user, None).exists(),
            "publish_year_url": reverse("national:publish_year")
            if publishes and years_to_publish(london_today(timezone.now()))
            else "",
            "lead": "Figures of all prisons, by quarter and by year. Small numbers are hidden, the rest are rounded.",
            "page": page,
            "noun": "releases",
            "table": Table(
                caption="Releases, newest first",
                first="Period",
                columns=["Kind", "Published", "Note"],
                rows=rows,
            ),
            "empty": "Nothing has been published yet.",
            "action_href": reverse("national:publish") if publishes else "",
            "action_text": "Publish a quarter",
        },
    )


def _tag(release: Release) -> Tag | None:
    if hasattr(release, "replaced_by"):
        return Tag(text="Replaced", colour="grey")
    return Tag(text="Correction", colour="blue") if release.replaces_id else None


@require_http_methods(["GET", "POST"])
@requires(Permission.NATIONAL_RELEASES_PUBLISH)
def publish(request: StaffRequest) -> HttpResponse:
    """Choose a quarter that has ended, and have it published."""
    now = timezone.now()
    offered = _unpublished(back_from(quarter_of(london_today(now)).previous(), OFFERED_QUARTERS))
    before = typed_before(request.GET.get("again"))
    typed = {"quarter": before.period, "note": before.note} if before else None
    form = PublishForm(request.POST or None, offered=offered, initial=typed)
    if request.method == "POST" and form.is_valid():
        quarter = parse_period(form.cleaned_data["quarter"])
        assert isinstance(quarter, Quarter)
        try:
            asked = ask_release(by=request.actor, now=now, period=quarter, note=form.cleaned_data["note"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect("national:release_request", asked.token)
    form.cancel_url = reverse("national:releases")
    return render(
        request,
        "components/form_page.html",
        {
            "title": "Publish a quarter",
            "form": form,
            "lead": "A release is worked out once from the prisons’ records, protected, and then never changes. "
            "It takes some minutes, and you need not wait.",
            "crumbs": [{"text": "Releases", "href": reverse("national:releases")}],
        },
    )


def _unpublished(quarters: list[Quarter]) -> list[Quarter]:
    there = published_codes()
    return [quarter for quarter in quarters if quarter.code not in there]
