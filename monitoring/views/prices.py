"""The price index, kept by the national lead: without it no amount is shown at the prices of another year."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Column, Row, Table
from monitoring.actions.costs import add_price_index
from monitoring.forms.costs import PriceIndexForm
from monitoring.queries.costs import index_by_year


@require_safe
@requires(P.NATIONAL_PRICES_EDIT)
def prices(request: StaffRequest) -> HttpResponse:
    """The index of every financial year that has one, the newest year first."""
    index = index_by_year()
    table = Table(
        caption="Financial years, newest first",
        first="Year",
        columns=[Column(text="Index", numeric=True), "Where it was published", "Published", "Entered by"],
        rows=[
            Row(
                text=f"{begins} to {begins + 1}",
                cells=[
                    f"{row.index.normalize():f}",
                    row.source,
                    day_in_words(row.published_on),
                    row.entered_by.name,
                ],
            )
            for begins, row in index.items()
        ],
    )
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Price index",
            "lead": "Amounts of different years are compared at the prices of the newest year entered here, by HM "
            "Treasury’s GDP deflator. A year without an index is shown at its own prices.",
            "table": table,
            "empty": "No index has been entered, so amounts are shown at the prices of their own year.",
            "action_href": reverse("national:add_price"),
            "action_text": "Enter the index of a year",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_PRICES_EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """Enter the index of one financial year."""
    form = PriceIndexForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = add_price_index(
                by=request.actor,
                now=timezone.now(),
                begins=said["begins"],
                index=_number(said["index"]),
                source=said["source"],
                published_on=said["published_on"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"The index of {row.begins} to {row.begins + 1} is entered.")
            return redirect("national:prices")
    form.cancel_url = reverse("national:prices")
    return render(
        request,
        "components/form_page.html",
        {
            "title": "Enter the index of a year",
            "lead": "A year that is there already is followed by what you enter now.",
            "form": form,
            "crumbs": [{"text": "Price index", "href": reverse("national:prices")}],
        },
    )


def _number(typed: str) -> Decimal:
    try:
        return Decimal(typed.replace(",", "").strip())
    except InvalidOperation:
        raise NotAllowed("Enter the index as it was published, like 102.789.", field="index") from None
