"""People who cannot decide this for themselves: the decision in their best interests, its review, and its end."""

from __future__ import annotations

from datetime import date
from typing import Any

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
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from referrals.actions.capacity import end_capacity, record_capacity
from referrals.actions.plans import record_wishes
from referrals.forms.capacity import TO_REVIEW, USUAL_DECISION, CapacityFilter, CapacityForm
from referrals.models import CapacityRecord, Plan, Referral
from referrals.queries import capacity as queries
from referrals.queries.places import place_of
from referrals.rules.capacity import DUE_WITHIN
from referrals.rules.referrals import WITH_BUDDY
from referrals.views.words import day, form_about
from schemes import guard

BEFORE = (
    "Somebody is taken to be able to decide until an assessment says otherwise, and gets help to decide first.",
    "An unwise choice is no sign that the person cannot decide.",
    "Nothing here is the person’s consent. If they show that they do not want it, it stops.",
)


@require_safe
@requires(P.CAPACITY_RECORD)
def best_interests(request: StaffRequest) -> HttpResponse:
    """Decisions that stand, the next to review first."""
    today = london_today(timezone.now())
    filter_form = CapacityFilter(request.GET)
    if filter_form.answers.get("show") == TO_REVIEW:
        rows = queries.to_review(request.prison, today)
    else:
        rows = queries.standing_in(request.prison)
    page = page_of(rows, request)
    table = Table(
        caption="Decisions in people’s best interests, the next to review first",
        first="Name",
        columns=["Place", "Decision", "Assessed on", "Review on"],
        rows=[
            Row(
                text=row.plan.person.list_name,
                href=reverse("referrals:plan", args=[request.prison.code, row.plan.token]),
                hidden=f"plan {row.plan.reference}",
                note=row.plan.person.prison_number,
                cells=[place_of(row), row.decision, day(row.assessed_on), day(row.review_on)],
                tag=review_tag(row, today),
            )
            for row in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Decisions in people’s best interests", "page": page, "table": table, "noun": "decisions",
        "filter_form": filter_form, "lead": "For people who cannot decide this for themselves: Mental Capacity Act "
        "2005. Each is looked at again within three months.",
        "empty": "No decision in a person’s best interests stands.",
    })  # fmt: skip


def review_tag(row: CapacityRecord, today: date) -> Tag:
    """Overdue, due, or that it stands."""
    if row.review_on < today:
        return Tag(text="Review overdue", colour="red")
    due = row.review_on <= today + DUE_WITHIN
    return Tag(text="Review due", colour="yellow") if due else Tag(text="Stands", colour="green")


@require_http_methods(["GET", "POST"])
@requires(P.CAPACITY_RECORD)
def wishes_capacity(request: StaffRequest, token: str) -> HttpResponse:
    """Instead of a yes or no: the person cannot decide, and it was decided in their best interests."""
    rows = Referral.objects.for_prison(request.prison).select_related("person").filter(outcome__in=WITH_BUDDY)
    referral = get_object_or_404(rows, token=token)
    today = london_today(timezone.now())
    form = CapacityForm(
        request.POST or None, today=today, asks_words=True, initial={"decision": USUAL_DECISION, "assessed_on": today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            plan = record_wishes(
                by=request.actor,
                now=timezone.now(),
                referral=referral,
                own_words=form.cleaned_data["own_words"],
                answer=Plan.Answer.CANNOT_DECIDE,
                assessment=form.assessment,
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            if guard.notices(form.assessment.best_interests):
                messages.warning(request, guard.WAITS)
            if plan.status == Plan.Status.REFUSED:
                messages.success(request, "Saved. The person objects, so no plan is made.")
                return redirect("referrals:plan", request.prison.code, plan.token)
            messages.success(request, "Saved. Now write the plan.")
            return redirect("referrals:plan_edit", request.prison.code, plan.token)
    back = reverse("referrals:wishes", args=[request.prison.code, token])
    return form_about(request, referral.person, form, "A decision in the person’s best interests", back, points=BEFORE)


@require_http_methods(["GET", "POST"])
@requires(P.CAPACITY_RECORD)
def plan_capacity(request: StaffRequest, token: str) -> HttpResponse:
    """A first record for somebody whose plan runs, or the review of one that stands."""
    found = _plan(request, token)
    today = london_today(timezone.now())
    form = CapacityForm(
        request.POST or None, today=today, asks_words=False, initial={"decision": USUAL_DECISION, "assessed_on": today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            kept = record_capacity(by=request.actor, now=timezone.now(), plan=found, assessment=form.assessment)
        except NotAllowed as error:
            form.refuse(error)
        else:
            if kept.best_interests == guard.WAITS:
                messages.warning(request, guard.WAITS)
            stopped = "Saved. The person objects: the plan is paused, and its visits are cancelled."
            messages.success(request, stopped if kept.objects_to_it else "The decision is saved.")
            return redirect("referrals:plan", request.prison.code, token)
    back = reverse("referrals:plan", args=[request.prison.code, token])
    return form_about(request, found.person, form, "A decision in the person’s best interests", back, points=BEFORE)


@require_http_methods(["GET", "POST"])
@requires(P.CAPACITY_RECORD)
def capacity_regained(request: StaffRequest, token: str) -> HttpResponse:
    """The person can decide again: the plan waits until they were asked as anybody is."""
    found = _record(request, token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Record that the person can decide")
    back = reverse("referrals:plan", args=[request.prison.code, found.plan.token])
    if _ended(request, form, found, objected=False):
        messages.success(request, "Recorded. Ask the person in private, and record below what they say.")
        return redirect(back)
    return form_about(
        request, found.plan.person, form, "The person can decide again", back,
        lead="The plan is paused and its visits are cancelled until the person has said what they want. Matches that "
        "rest on the decision end: ask about the buddy too.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CAPACITY_RECORD, P.PLAN_TASK_STOP)
def capacity_objected(request: StaffRequest, token: str) -> HttpResponse:
    """The person shows that they do not want it: it stops at once."""
    found = _record(request, token)
    form = ConfirmForm(
        request.POST if request.method == "POST" else None, label="Record that the person objects", warning=True
    )
    name = "plan" if may(request, P.PLAN_VIEW) else "helped_person"
    back = reverse(f"referrals:{name}", args=[request.prison.code, found.plan.token])
    if _ended(request, form, found, objected=True):
        messages.success(request, "Recorded. Visits planned for today and later are cancelled.")
        return redirect(back)
    return form_about(
        request, found.plan.person, form, "The person shows that they do not want help", back,
        lead="Turning away, saying no or pushing back counts, whatever the reason.",
        warning="Visits planned for today and later are cancelled at once, and the plan is paused.",
    )  # fmt: skip


def _ended(request: StaffRequest, form: Any, found: CapacityRecord, *, objected: bool) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        end_capacity(by=request.actor, now=timezone.now(), capacity=found, objected=objected)
    except NotAllowed as error:
        form.refuse(error)
        return False
    return True


def _plan(request: StaffRequest, token: str) -> Plan:
    found: Plan = get_object_or_404(Plan.objects.for_prison(request.prison).select_related("person"), token=token)
    return found


def _record(request: StaffRequest, token: str) -> CapacityRecord:
    rows = CapacityRecord.objects.for_prison(request.prison).select_related("plan__person", "plan__prison")
    found: CapacityRecord = get_object_or_404(rows, token=token)
    return found


def on_plan(request: StaffRequest, found: Plan) -> dict[str, Any]:
    """What the plan's page shows of it: the decision that stands with its rows and the ways on, and earlier ones."""
    records = list(queries.records_of(found))
    newest = next((row for row in records if row.ended_at is None), None)
    code, edits = request.prison.code, may(request, P.CAPACITY_RECORD) and found.status in Plan.LIVE
    return {
        "capacity": newest,
        "capacity_rows": rows_of(newest) if newest is not None else [],
        "capacity_tag": review_tag(newest, london_today(timezone.now())) if newest is not None else None,
        "capacity_before": [
            f"{day(london_today(row.recorded_at))}: {row.get_end_display().lower()}"
            for row in records
            if row.ended_at is not None
        ],
        "capacity_asked_anew": any(row.end in CapacityRecord.ASKED_ANEW for row in records),
        "capacity_add": reverse("referrals:plan_capacity", args=[code, found.token]) if edits else "",
        "capacity_regained": reverse("referrals:capacity_regained", args=[code, newest.token])
        if edits and newest is not None
        else "",
        "capacity_objected": reverse("referrals:capacity_objected", args=[code, newest.token])
        if edits and newest is not None
        else "",
    }


def rows_of(row: CapacityRecord) -> list[dict[str, str]]:
    """One record, for staff."""
    advocate = row.get_advocate_display() + (f": {row.advocate_words}" if row.advocate_words else "")
    cannot = "\n".join(CapacityRecord.Cannot(code).label for code in row.cannot)
    return [
        {"key": "Decision", "value": row.decision},
        {"key": "What the person cannot do", "value": cannot},
        {"key": "Decided and why", "value": row.best_interests},
        {"key": "Assessed by", "value": f"{row.assessed_by_name}, {row.assessed_by_role}, {day(row.assessed_on)}"},
        {"key": "Consulted", "value": "\n".join(row.consulted)},
        {"key": "Advocate", "value": advocate},
        {"key": "Sharing the plan", "value": "Part of the decision" if row.share else "Not part of the decision"},
        {"key": "Review on", "value": day(row.review_on)},
    ]


def basis_of(row: CapacityRecord | None) -> str:
    """On what help stands where it is not the person's consent, as a sentence for the plan and the shared view."""
    return f"Decided in the person’s best interests on {day(london_today(row.recorded_at))}" if row is not None else ""
