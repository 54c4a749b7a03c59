"""Paper slips: making them, and keying what was written on them."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table
from referrals.actions.slips import print_slips
from referrals.actions.visits import log_visit
from referrals.forms.visits import PrintSlipsForm, SlipNumberForm
from referrals.models import PaperSlip, Visit
from referrals.queries import slips as queries
from referrals.queries.days import unlogged_on
from referrals.queries.places import place_of, with_place
from referrals.rules.slips import MOST, check_can_use
from referrals.views.visit_steps import planned_rows, planned_visit, visit_form, who_came
from referrals.views.visit_words import day_or_404, when
from referrals.views.words import day, form_about
from schemes.models import Session


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_ENTER)
def slips(request: StaffRequest) -> HttpResponse:
    """Make slips for the box on the wing, before the link is ever lost."""
    form = PrintSlipsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        how_many = form.cleaned_data["how_many"]
        try:
            made = print_slips(by=request.actor, now=timezone.now(), prison=request.prison, how_many=how_many)
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect("referrals:slips_print", request.prison.code, made[0].number, made[-1].number)
    return render(request, "components/form_page.html", {
        "title": "Paper slips",
        "lead": "Keep slips on each wing for the time when the link is down. Each has a number and is entered once.",
        "form": form,
        "crumbs": [_crumb(request)],
    })  # fmt: skip


@require_safe
@requires(P.VISITS_ENTER)
def slips_print(request: StaffRequest, first: int, last: int) -> HttpResponse:
    """Slips of these numbers, to print."""
    found = list(queries.slips_of(request.prison).filter(number__gte=first, number__lte=last).order_by("number")[:MOST])
    if not found:
        raise Http404("no such slips")
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, page="slips", first=first, last=last)
    return render(request, "referrals/slip_paper.html", {
        "slips": found,
        "sessions": Session.choices,
        "outcomes": Visit.Outcome.choices,
        "reasons": Visit.Reason.choices,
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "handling": "Once written on, a slip holds personal information. Hand it to staff on the same day.",
        "back_href": reverse("referrals:slips", args=[request.prison.code]),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_ENTER)
def slip_key(request: StaffRequest) -> HttpResponse:
    """Which slip, and of which day."""
    today = london_today(timezone.now())
    form = SlipNumberForm(request.POST if request.method == "POST" else None, today=today)
    if request.method == "POST" and form.is_valid():
        slip = queries.slip_by_number(request.prison, form.cleaned_data["number"])
        try:
            check_can_use(slip, used=bool(slip and slip.used))  # type: ignore[attr-defined]
        except NotAllowed as error:
            form.refuse(error)
        else:
            assert slip is not None  # the rule has said so
            happened_on = form.cleaned_data["happened_on"].isoformat()
            return redirect("referrals:slip_choose", request.prison.code, slip.token, happened_on)
    return render(request, "components/form_page.html", {
        "title": "Enter a paper slip", "form": form, "crumbs": [_crumb(request)],
    })  # fmt: skip


@require_safe
@requires(P.VISITS_ENTER)
def slip_choose(request: StaffRequest, token: str, day: str) -> HttpResponse:
    """Which of that day's visits the slip is about."""
    slip = _slip(request, token)
    chosen = day_or_404(day)
    page = page_of(with_place(unlogged_on(request.prison, chosen)), request)
    table = Table(
        caption="Visits of that day without a record",
        first="Person",
        columns=["Place", "Session", "Buddy"],
        rows=[
            Row(
                text=planned.person.list_name,
                href=reverse("referrals:slip_visit", args=[request.prison.code, slip.token, planned.token]),
                hidden=planned.get_session_display(),
                note=planned.person.prison_number,
                cells=[
                    place_of(planned),
                    planned.get_session_display(),
                    planned.buddy.person.list_name if planned.buddy else "Nobody",
                ],
            )
            for planned in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": f"Slip {slip.number}: which visit?",
        "lead": f"Choose the person, the session and the buddy named on the slip of {_in_words(chosen)}.",
        "page": page,
        "table": table,
        "noun": "visits",
        "empty": "Every planned visit of that day has a record. Check the day on the slip.",
        "crumbs": [_crumb(request), _key_crumb(request)],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_ENTER)
def slip_visit(request: StaffRequest, token: str, planned: str) -> HttpResponse:
    """Key what stands on the slip."""
    slip = _slip(request, token)
    found = planned_visit(request, planned)
    form = visit_form(request, found)
    back = reverse("referrals:slip_choose", args=[request.prison.code, slip.token, found.day.isoformat()])
    if request.method == "POST" and form.is_valid():
        try:
            log_visit(
                by=request.actor,
                now=timezone.now(),
                planned=found,
                source=Visit.Source.PAPER,
                happened_on=found.day,
                slip=slip,
                buddy=who_came(form, found),
                **form.report,
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            words = when(found.day, found.get_session_display())
            messages.success(request, f"Slip {slip.number} is entered: the visit of {words}.")
            return redirect("referrals:slip_key", request.prison.code)
    return form_about(
        request, found.person, form, f"Slip {slip.number}", back,
        rows=planned_rows(found), crumbs=[_crumb(request), _key_crumb(request)],
    )  # fmt: skip


def _slip(request: StaffRequest, token: str) -> PaperSlip:
    slip: PaperSlip = get_object_or_404(PaperSlip.objects.for_prison(request.prison), token=token)
    return slip


def _in_words(chosen: date) -> str:
    return day(chosen)


def _crumb(request: StaffRequest) -> dict[str, str]:
    return {"text": "Weeks", "href": reverse("referrals:week", args=[request.prison.code])}


def _key_crumb(request: StaffRequest) -> dict[str, str]:
    return {"text": "Enter a paper slip", "href": reverse("referrals:slip_key", args=[request.prison.code])}
