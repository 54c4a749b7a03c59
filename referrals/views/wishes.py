"""Asking people in private what they want: whom to ask, and what they said."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table
from referrals.actions.plans import record_wishes
from referrals.forms.plans import WishesForm
from referrals.models import Plan, Referral
from referrals.queries.places import place_of
from referrals.queries.referrals import to_ask
from referrals.rules.referrals import WITH_BUDDY
from referrals.views.words import form_about

ASK = (
    "Ask in private, with nobody else in hearing.",
    "Say that they may refuse, now or later, and need not say why.",
    "Say that a buddy never does personal care, and that staff see the plan.",
)


@require_safe
@requires(P.WISHES_RECORD)
def people_to_ask(request: StaffRequest) -> HttpResponse:
    """People whom nobody has asked yet."""
    today = london_today(timezone.now())
    page = page_of(to_ask(request.prison), request)
    table = Table(
        caption="People to ask, urgent ones first",
        first="Name",
        columns=["Place", "How soon", Column(text="Days since screening", numeric=True)],
        rows=[
            Row(
                text=referral.person.list_name,
                href=reverse("referrals:wishes", args=[request.prison.code, referral.token]),
                hidden="record what the person wants",
                note=referral.person.prison_number,
                cells=[
                    place_of(referral),
                    referral.get_urgency_display(),
                    str((today - london_today(referral.screened_at)).days),
                ],
            )
            for referral in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "People to ask what they want", "page": page, "table": table, "noun": "people",
        "lead": "Each was screened for buddy support. Nothing is planned before they have said what they want.",
        "empty": "Nobody is waiting to be asked.",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.WISHES_RECORD)
def wishes(request: StaffRequest, token: str) -> HttpResponse:
    """What the person said."""
    rows = Referral.objects.for_prison(request.prison).select_related("person").filter(outcome__in=WITH_BUDDY)
    referral = get_object_or_404(rows, token=token)
    form = WishesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = record_wishes(
                by=request.actor,
                now=timezone.now(),
                referral=referral,
                own_words=form.cleaned_data["own_words"],
                answer=form.cleaned_data["answer"],
                share=form.cleaned_data["share"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            return _after(request, plan)
    back = (
        reverse("referrals:referral", args=[request.prison.code, token])
        if may(request, P.REFERRAL_VIEW)
        else reverse("referrals:people_to_ask", args=[request.prison.code])
    )
    capacity_href = ""
    if may(request, P.CAPACITY_RECORD):
        capacity_href = reverse("referrals:wishes_capacity", args=[request.prison.code, token])
    return form_about(
        request, referral.person, form, "What the person wants", back, points=ASK, capacity_href=capacity_href,
        template="referrals/wishes_form.html",
    )  # fmt: skip


def _after(request: StaffRequest, plan: Plan) -> HttpResponse:
    if plan.status == Plan.Status.REFUSED:
        messages.success(request, "Saved. The person does not want a buddy, and nothing more happens.")
    else:
        messages.success(request, "Saved. The lead can now write the plan.")
    if plan.status != Plan.Status.REFUSED and may(request, P.PLAN_WRITE):
        return redirect("referrals:plan_edit", request.prison.code, plan.token)
    return redirect("referrals:people_to_ask", request.prison.code)
