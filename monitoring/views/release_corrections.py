"""Publishing a period again, and what the pages of both releases say of each other."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import london_today, parse_period
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import why_not
from buddyscheme.lib.tables import Row, Table
from monitoring.actions.release_requests import ask_correction
from monitoring.forms.release_corrections import CorrectForm
from monitoring.measures.catalogue import BY_CODE
from monitoring.models import Release
from monitoring.queries.release_changes import Change, changes_since
from monitoring.queries.releases import replacement_of
from monitoring.rules.releases import can_correct, check_can_correct
from monitoring.views.release_requests import typed_before

NAMED = 5
"""Figures of one prison that the list names; of the others it says how many there are."""


@require_http_methods(["GET", "POST"])
@requires(Permission.NATIONAL_RELEASES_PUBLISH)
def correct(request: StaffRequest, token: str) -> HttpResponse:
    """See which figures have changed since, and have the period published again with the reason."""
    release = get_object_or_404(Release, token=token)
    period, back = parse_period(release.period), reverse("national:release", args=[release.token])
    before = typed_before(request.GET.get("again"))
    form = CorrectForm(request.POST or None, initial={"reason": before.reason} if before else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_correction(
                by=request.actor, now=timezone.now(), release=release, reason=form.cleaned_data["reason"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect("national:release_request", asked.token)
    form.cancel_url = back
    changes = changes_since(release)
    newest = replacement_of(release) is None
    return render(
        request,
        "monitoring/release_correct.html",
        {
            "title": f"Correct {period}",
            "form": form,
            "refused": why_not(check_can_correct, newest=newest, changed=bool(changes)),
            "table": _changes_table(changes),
            "crumbs": [
                {"text": "Releases", "href": reverse("national:releases")},
                {"text": str(period), "href": back},
            ],
        },
    )


def _changes_table(changes: list[Change]) -> Table:
    """Prison by prison; no number of any figure stands here."""
    rows = []
    for prison, group in groupby(changes, key=lambda change: change.prison):
        theirs = list(group)
        rows.append(
            Row(
                text=prison.name,
                cells=[
                    _figure_names(theirs),
                    "\n".join(_period_names(theirs)),
                    day_in_words(london_today(max(change.at for change in theirs))),
                ],
            )
        )
    return Table(
        caption="What has changed since it was published",
        first="Prison",
        columns=["Figures", "Of", "Last change"],
        rows=rows,
    )


def _figure_names(changes: list[Change]) -> str:
    titles = [BY_CODE[change.measure].title for change in changes]
    left = len(titles) - NAMED
    return "; ".join(titles[:NAMED]) + (f"; and {left} more" if left > 0 else "")


def _period_names(changes: list[Change]) -> list[str]:
    codes = {code for change in changes for code in change.periods}
    return [str(period) for period in sorted(map(parse_period, codes), key=lambda each: (each.days, each.first))]


def correction_of(request: StaffRequest, release: Release) -> dict[str, Any]:
    """What a page of a release says about corrections: what it replaces, what replaced it, and where to correct it."""
    later, earlier = replacement_of(release), release.replaces
    offers = may(request, Permission.NATIONAL_RELEASES_PUBLISH) and can_correct(
        newest=later is None, changed=later is None and bool(changes_since(release))
    )
    return {
        "earlier": _link(earlier) if earlier is not None else None,
        "reason": release.reason,
        "prisons": list(
            Prison.objects.filter(code__in=release.corrected).order_by("name").values_list("name", flat=True)
        )
        if release.corrected
        else [],
        "later": _link(later) | {"reason": later.reason} if later is not None else None,
        "correct_url": reverse("national:correct_release", args=[release.token]) if offers else "",
    }


def _link(release: Release) -> dict[str, str]:
    return {
        "href": reverse("national:release", args=[release.token]),
        "day": day_in_words(london_today(release.published_at)),
    }
