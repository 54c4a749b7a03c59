"""Publishing a financial year."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import Year, london_today, parse_period, year_of
from buddyscheme.lib.errors import NotAllowed
from monitoring.actions.release_requests import ask_release
from monitoring.forms.release_years import PublishYearForm
from monitoring.queries.releases import published_codes
from monitoring.views.periods import back_from
from monitoring.views.release_requests import typed_before

OFFERED_YEARS = 3


@require_http_methods(["GET", "POST"])
@requires(Permission.NATIONAL_RELEASES_PUBLISH)
def publish(request: StaffRequest) -> HttpResponse:
    """Choose a year that has ended, and have it published."""
    now = timezone.now()
    before = typed_before(request.GET.get("again"))
    typed = {"year": before.period, "note": before.note} if before else None
    form = PublishYearForm(request.POST or None, offered=years_to_publish(london_today(now)), initial=typed)
    if request.method == "POST" and form.is_valid():
        year = parse_period(form.cleaned_data["year"])
        assert isinstance(year, Year)
        try:
            asked = ask_release(by=request.actor, now=now, period=year, note=form.cleaned_data["note"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect("national:release_request", asked.token)
    form.cancel_url = reverse("national:releases")
    return render(
        request,
        "components/form_page.html",
        {
            "title": "Publish a year",
            "form": form,
            "lead": "A year is worked out anew from the prisons’ records. It is not the sum of its quarters, some of "
            "whose figures are hidden. It is protected together with them, and then never changes. It takes some "
            "minutes, and you need not wait.",
            "crumbs": [{"text": "Releases", "href": reverse("national:releases")}],
        },
    )


def years_to_publish(today: date) -> list[Year]:
    """Years that have ended and have no release, the newest first."""
    there = published_codes()
    return [year for year in back_from(year_of(today).previous(), OFFERED_YEARS) if year.code not in there]
