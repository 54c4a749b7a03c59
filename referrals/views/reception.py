"""People who have just arrived: who was not asked yet, and asking."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table
from referrals.actions.reception import record_reception
from referrals.forms.reception import ReceptionForm
from referrals.models import Referral
from referrals.queries.reception import prompts, to_ask_at_reception
from referrals.views.words import day, form_about
from schemes.queries.people import custodies_of

LEAD = "They arrived in the last 14 days, and nobody has recorded yet that they were asked whether they need help."


@require_safe
@requires(P.RECEPTION_ASK)
def reception(request: StaffRequest) -> HttpResponse:
    """Who has arrived and was not asked yet."""
    today = london_today(timezone.now())
    page = page_of(to_ask_at_reception(request.prison, today), request)
    table = Table(
        caption="New arrivals to ask, the longest here first",
        first="Name",
        columns=["Place", "On the list since", Column(text="Days", numeric=True)],
        rows=[
            Row(
                text=custody.person.list_name,
                href=reverse("referrals:reception_ask", args=[request.prison.code, custody.token]),
                hidden="ask about help",
                note=custody.person.prison_number,
                cells=[
                    custody.place or "Place not recorded",
                    day(london_today(custody.started_at)),
                    str((today - london_today(custody.started_at)).days),
                ],
            )
            for custody in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "New arrivals to ask about help", "page": page, "table": table, "noun": "people", "lead": LEAD,
        "empty": "Everybody who arrived in the last 14 days has been asked.",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.RECEPTION_ASK)
def reception_ask(request: StaffRequest, token: str) -> HttpResponse:
    """Ask one person; what they need becomes a referral with the same press."""
    custody = get_object_or_404(custodies_of(request.prison), token=token)
    form = ReceptionForm(request.POST or None, prompts=prompts())
    if request.method == "POST" and form.is_valid():
        try:
            screening = record_reception(
                by=request.actor,
                now=timezone.now(),
                custody=custody,
                yes=form.said,
                declined=form.declined,
                urgency=form.cleaned_data["urgency"] or Referral.Urgency.SOON,
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            if screening.referral is not None:
                return redirect("referrals:refer_done", request.prison.code, screening.referral.token)
            messages.success(request, "Saved what the person said.")
            return redirect("referrals:reception", request.prison.code)
    back = reverse("referrals:reception", args=[request.prison.code])
    return form_about(
        request,
        custody.person,
        form,
        "Ask about help on arriving",
        back,
        lead="An answer that names a need becomes a referral. Whether somebody helps already is never used for "
        "discipline.",
        crumbs=[{"text": "New arrivals", "href": back}],
    )
