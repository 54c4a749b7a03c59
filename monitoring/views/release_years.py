"""Publishing a financial year."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import Year, london_today, parse_period, year_of
from buddyscheme.lib.errors import NotAllowed
from monitoring.actions.releases import publish_year
from monitoring.forms.release_years import PublishYearForm
from monitoring.queries.releases import published_codes
from monitoring.views.periods import back_from

OFFERED_YEARS = 3


@require_http_methods(["GET", "POST"])
@requires(Permission.NATIONAL_RELEASES_PUBLISH)
def publish(request: StaffRequest) -> HttpResponse:
    """Choose a year that has ended and publish it."""
    now = timezone.now()
    form = PublishYearForm(request.POST or None, offered=years_to_publish(london_today(now)))
    if request.method == "POST" and form.is_valid():
        year = parse_period(form.cleaned_data["year"])
        assert isinstance(year, Year)
        try:
            release = publish_year(by=request.actor, now=now, year=year, note=form.cleaned_data["note"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{year} is published.")
            return redirect("national:release", release.token)
    form.cancel_url = reverse("national:releases")
    return render(
        request,
        "components/form_page.html",
        {
            "title": "Publish a year",
            "form": form,
            "lead": "A year is worked out anew from the prisons’ records. It is not the sum of its quarters, some of "
            "whose figures are hidden. It is protected together with them, and then never changes.",
            "crumbs": [{"text": "Releases", "href": reverse("national:releases")}],
        },
    )


def years_to_publish(today: date) -> list[Year]:
    """Years that have ended and have no release, the newest first."""
    there = published_codes()
    return [year for year in back_from(year_of(today).previous(), OFFERED_YEARS) if year.code not in there]
