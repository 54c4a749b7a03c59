"""The data dictionary: every measure with its definition, and amending its words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.tables import Row, Table, Tag
from monitoring.actions.wording import amend_words
from monitoring.forms.wording import WordingForm
from monitoring.measures.catalogue import BY_CODE, ITEMS
from monitoring.measures.definition import Measure
from monitoring.queries.wording import amendments_of, newest_words, worded, worded_one
from monitoring.views.cards import definition_rows


@require_safe
@requires(P.NATIONAL_RELEASES_VIEW)
def measures(request: StaffRequest) -> HttpResponse:
    """Every data item with the measures that give its values, by code."""
    amended = newest_words()
    titles = {item.code: item.title for item in ITEMS}
    table = Table(
        caption="Measures by code",
        first="Code",
        columns=["Measure", "Item", "Unit", "How often", "Basis"],
        rows=[
            Row(
                text=measure.code,
                href=reverse("national:measure", args=[measure.code]),
                hidden=measure.title,
                cells=[measure.title, titles[measure.item], measure.unit, measure.frequency, measure.basis.value],
                tag=_tag(measure, amended=measure.code in amended),
            )
            for measure in worded(measure for item in ITEMS for measure in item.measures)
        ],
    )
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Measures",
            "lead": "Each measure’s words, wherever they are shown, are those on its page here. The basis says how "
            "sure it is that the evaluation guide, which is not published, has the item.",
            "table": table,
        },
    )


def _tag(measure: Measure, *, amended: bool) -> Tag:
    if amended:
        return Tag(text="Words amended", colour="blue")
    return Tag(text="Worked out", colour="green") if measure.computed else Tag(text="Typed", colour="grey")


@require_safe
@requires(P.NATIONAL_RELEASES_VIEW)
def measure(request: StaffRequest, measure_code: str) -> HttpResponse:
    """One measure: what it answers, what is counted, who provides it, and how its words have changed."""
    found = _measure_or_404(measure_code)
    said = worded_one(found)
    return render(
        request,
        "monitoring/measure.html",
        {
            "title": said.title,
            "code": said.code,
            "rows": definition_rows(said),
            "amend_url": reverse("national:amend_measure", args=[said.code])
            if may(request, P.NATIONAL_MEASURES_EDIT)
            else "",
            "events": [
                {"title": "Words amended", "at": row.amended_at, "by": row.amended_by.name, "text": row.reason}
                for row in amendments_of(said.code)
            ],
            "crumbs": [{"text": "Measures", "href": reverse("national:measures")}],
        },
    )


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_MEASURES_EDIT)
def amend(request: StaffRequest, measure_code: str) -> HttpResponse:
    """Change a measure's words, with a reason. What is counted is code and stays."""
    found = _measure_or_404(measure_code)
    amended = len(amendments_of(found.code))
    form = WordingForm(request.POST or None, measure=worded_one(found), amended=amended)
    back = reverse("national:measure", args=[found.code])
    if request.method == "POST" and form.is_valid():
        try:
            amend_words(
                by=request.actor,
                now=timezone.now(),
                measure=found,
                words=form.words,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
            )
        except Stale as error:
            form.stale(error, version=amended)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"The words of {found.code} are changed.")
            return redirect(back)
    form.cancel_url = back
    context: dict[str, Any] = {
        "title": "Amend the words of a measure",
        "caption": found.code,
        "lead": "What is counted stays as it is: only the words change, on every page and in every file made from now "
        "on.",
        "form": form,
        "crumbs": [
            {"text": "Measures", "href": reverse("national:measures")},
            {"text": worded_one(found).title, "href": back},
        ],
    }
    return render(request, "components/form_page.html", context)


def _measure_or_404(code: str) -> Measure:
    if code not in BY_CODE:
        raise Http404("no such measure")
    return BY_CODE[code]
