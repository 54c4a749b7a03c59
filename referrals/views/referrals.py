"""Referrals: the list, one referral, and its screening."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from referrals.actions.referrals import screen_referral
from referrals.forms.referrals import ReferralFilter, ScreenForm
from referrals.models import Plan, Referral
from referrals.queries import assessments as assessment_queries
from referrals.queries import plans as plan_queries
from referrals.queries import referrals as queries
from referrals.queries.places import place_of
from referrals.rules.council import council_of, route_of
from referrals.rules.plans import can_record_wishes
from referrals.rules.referrals import leaves_personal_care
from referrals.views.words import REFERRAL_COLOURS, day, form_about, identity, in_days, moment
from schemes.queries.people import custody_of, people_ever_of

NEVER_FOR_DISCIPLINE = "never used for discipline"
PERSONAL_CARE_LEFT = (
    "The referral asks for personal care, which no buddy may give, and this outcome tells neither the council nor "
    "healthcare. Record the need, or choose another outcome. To go on all the same, save again."
)


@require_safe
@requires(P.REFERRAL_VIEW)
def referrals(request: StaffRequest) -> HttpResponse:
    """Referrals: those that wait first, urgent ones on top."""
    filter_form = ReferralFilter(request.GET)
    found = queries.referrals_of(request.prison).filter(**filter_form.answers)
    return _list(request, found, title="Referrals", filter_form=filter_form, empty="Nobody has been referred yet.")


@require_safe
@requires(P.REFERRAL_VIEW)
def person_referrals(request: StaffRequest, token: str) -> HttpResponse:
    """One person's referrals at this prison."""
    person = get_object_or_404(people_ever_of(request.prison), token=token)
    viewed(by=request.actor, prison=request.prison.code, subject=person, person_id=person.pk)
    found = queries.referrals_of(request.prison).filter(person=person)
    return _list(
        request,
        found,
        title=f"Referrals of {person.full_name}",
        heading="Referrals of one person",
        empty="This person has not been referred.",
        query=f"?person={person.token}",
    )


def _list(
    request: StaffRequest, found: QuerySet[Referral], *, title: str, empty: str, heading: str = "", query: str = "",
    **context: Any,
) -> HttpResponse:  # fmt: skip
    today = london_today(timezone.now())
    page = page_of(found, request)
    table = Table(
        caption="Referrals, waiting and urgent ones first",
        first="Name",
        columns=["Place", "How soon", "Made on", Column(text="Days waiting", numeric=True)],
        rows=[_row(request, referral, today) for referral in page],
    )
    if may(request, P.REFERRAL_MAKE):
        context["action_href"] = reverse("referrals:refer", args=[request.prison.code]) + query
        context["action_text"] = "Refer someone"
    return render(request, "components/list_page.html", {
        "title": heading or title, "lead": title if heading else "", "page": page, "table": table, "noun": "referrals",
        "empty": empty, **context,
    })  # fmt: skip


def _row(request: StaffRequest, referral: Referral, today: date) -> Row:
    made = london_today(referral.referred_at)
    waits = referral.status == Referral.Status.RECEIVED
    return Row(
        text=referral.person.list_name,
        href=reverse("referrals:referral", args=[request.prison.code, referral.token]),
        hidden=f"referral {referral.reference}",
        note=f"{referral.person.prison_number}, {referral.reference}",
        cells=[
            place_of(referral),
            referral.get_urgency_display(),
            day(made),
            Cell(text=str((today - made).days) if waits else ""),
        ],
        tag=Tag(text=referral.get_status_display(), colour=REFERRAL_COLOURS[referral.status]),
    )


@require_safe
@requires(P.REFERRAL_VIEW)
def referral(request: StaffRequest, token: str) -> HttpResponse:
    """One referral: what was said, what was decided, and what comes next."""
    found = _load(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    today = london_today(timezone.now())
    plans = list(plan_queries.plans_of(request.prison).filter(person=found.person).order_by("-asked_at", "-id"))
    live = next((plan for plan in plans if plan.status in Plan.LIVE), None)
    here = custody_of(request.prison, found.person) is not None
    context = {
        "referral": found,
        "who": identity(request, found.person),
        "status": Tag(text=found.get_status_display(), colour=REFERRAL_COLOURS[found.status]),
        "rows": _facts(found),
        "outcome_rows": _outcome(found),
        "asked": _asked(request, found, today),
        "route": route_of(request.prison),
        "plans": [_plan_link(request, plan) for plan in plans],
        "may_screen": found.status == Referral.Status.RECEIVED and may(request, P.REFERRAL_SCREEN),
        "may_ask": may(request, P.WISHES_RECORD)
        and can_record_wishes(found, here=here, live_plan=live is not None, own_words="-"),
        "need_href": _need_href(request, found)
        if here and Referral.NeedArea.PERSONAL in found.need_areas and may(request, P.UNMET_NEED_EDIT)
        else "",
        "crumbs": _crumbs(request),
    }
    return render(request, "referrals/referral_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.REFERRAL_SCREEN)
def screen(request: StaffRequest, token: str) -> HttpResponse:
    """Decide what happens next, and why."""
    found = _load(request, token)
    form = ScreenForm(request.POST or None, council=council_of(request.prison), initial={"version": found.version})
    warning = ""
    if request.method == "POST" and form.is_valid():
        outcome = form.cleaned_data["outcome"]
        if leaves_personal_care(found, outcome) and form.cleaned_data["warned"] != outcome:
            form.warn()
            warning = PERSONAL_CARE_LEFT
        elif _screened(request, form, found):
            return redirect("referrals:referral", request.prison.code, found.token)
    return form_about(
        request,
        found.person,
        form,
        "Screen the referral",
        reverse("referrals:referral", args=[request.prison.code, found.token]),
        template="referrals/referral_screen.html",
        rows=_facts(found),
        route=route_of(request.prison),
        warning=warning,
        crumbs=_crumbs(request),
        need_href=_need_href(request, found),
    )


def _need_href(request: StaffRequest, found: Referral) -> str:
    return f"{reverse('referrals:unmet_need_add', args=[request.prison.code])}?person={found.person.token}"


def _screened(request: StaffRequest, form: ScreenForm, found: Referral) -> bool:
    answers = form.cleaned_data
    try:
        screen_referral(
            by=request.actor,
            now=timezone.now(),
            referral=found,
            outcome=answers["outcome"],
            reason=answers["reason"],
            version=answers["version"],
        )
    except Stale as error:
        form.stale(error, version=_load(request, found.token).version)
    except NotAllowed as error:
        form.refuse(error)
    else:
        messages.success(request, f"The outcome of referral {found.reference} is saved.")
        return True
    return False


def _load(request: StaffRequest, token: str) -> Referral:
    rows = Referral.objects.for_prison(request.prison).select_related("person", "referred_by", "screened_by")
    found: Referral = get_object_or_404(rows, token=token)
    return found


def _facts(found: Referral) -> list[dict[str, str]]:
    other_help = f"{found.get_other_help_display()} ({NEVER_FOR_DISCIPLINE})"
    return [
        {"key": "Help with", "value": "\n".join(Referral.NeedArea(area).label for area in found.need_areas)},
        {"key": "Why", "value": found.reason},
        {"key": "How soon", "value": found.get_urgency_display()},
        {"key": "Who asked", "value": found.get_source_display()},
        {"key": "Another prisoner already helps", "value": other_help},
        {"key": "Referred by", "value": f"{found.referred_by.name}, {moment(found.referred_at)}"},
    ]  # fmt: skip


def _outcome(found: Referral) -> list[dict[str, str]]:
    if found.screened_by is None:
        return []
    return [
        {"key": "Outcome", "value": found.get_outcome_display()},
        {"key": "Why", "value": found.outcome_reason},
        {"key": "Screened by", "value": f"{found.screened_by.name}, {moment(found.screened_at)}"},
    ]


def _asked(request: StaffRequest, found: Referral, today: date) -> list[dict[str, str]]:
    rows = []
    for assessment in found.assessments.order_by("asked_on", "id"):
        waited = in_days(assessment_queries.days_waiting(assessment, today))
        body = council_of(request.prison) if assessment.body == "COUNCIL" else assessment.get_body_display()
        state = (
            f"{assessment.get_decision_display()} on {day(assessment.decided_on)}, after {waited}"
            if assessment.decided_on
            else f"Waiting for {waited}, since {day(assessment.asked_on)}"
        )
        row = {"key": body, "value": state}
        if may(request, P.ASSESSMENT_VIEW):
            href = reverse("referrals:assessment", args=[request.prison.code, assessment.token])
            row |= {"href": href, "action": "Open", "hidden": f"request {assessment.reference}"}
        rows.append(row)
    return rows


def _plan_link(request: StaffRequest, plan: Plan) -> dict[str, str]:
    href = reverse("referrals:plan", args=[request.prison.code, plan.token]) if may(request, P.PLAN_VIEW) else ""
    return {"text": f"Plan {plan.reference}", "href": href, "status": plan.get_status_display()}


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "Referrals", "href": reverse("referrals:referrals", args=[request.prison.code])}]
