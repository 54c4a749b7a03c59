"""The review of a plan: at most four answers, and the next date."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from referrals.actions.plan_reviews import review_plan
from referrals.forms.plans import ReviewForm
from referrals.models import Plan, PlanReview
from referrals.queries.plan_parts import goals_of
from referrals.rules.plans import LONGEST_REVIEW
from referrals.views.words import day, form_about

USUAL = timedelta(days=90)
DONE = {
    PlanReview.Right.RIGHT: "The review is saved.",
    PlanReview.Right.CHANGE: "The review is saved. Now change the tasks, so that the help is right again.",
    PlanReview.Right.END: "The review is saved. End the plan when the person agrees that the help stops.",
}


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def plan_review(request: StaffRequest, token: str) -> HttpResponse:
    """Look at the plan again with the person."""
    rows = Plan.objects.for_prison(request.prison).select_related("person", "prison")
    found: Plan = get_object_or_404(rows, token=token)
    today = london_today(timezone.now())
    goals = [goal for goal in goals_of(found) if goal.words]
    form = ReviewForm(
        request.POST or None, goals=goals, today=today,
        initial={"next_on": _next_usual(found, today), "version": found.version},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("right", "other_help", "next_on", "version")}
        try:
            review = review_plan(by=request.actor, now=timezone.now(), plan=found, states=form.states, **answers)
        except Stale as error:
            form.stale(error, version=Plan.objects.for_prison(request.prison).get(pk=found.pk).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, DONE[PlanReview.Right(review.right)])
            after = "plan_tasks" if review.right == PlanReview.Right.CHANGE else "plan"
            return redirect(f"referrals:{after}", request.prison.code, found.token)
    back = reverse("referrals:plan", args=[request.prison.code, found.token])
    return form_about(
        request, found.person, form, "Review this plan", back, quote=found.own_words,
        rows=[{"key": "Review due on", "value": day(found.review_on)}],
        lead="Ask the person in private what became of each goal.",
        crumbs=[{"text": f"Plan {found.reference}", "href": back}],
    )  # fmt: skip


def _next_usual(found: Plan, today: date) -> date:
    """As far away as the last one was, so that the date mostly need not be typed."""
    last = found.reviews.order_by("-reviewed_at", "-id").first()
    since = last.reviewed_at if last is not None else found.activated_at
    apart = found.review_on - london_today(since) if found.review_on and since else USUAL
    return today + (apart if timedelta() < apart <= LONGEST_REVIEW else USUAL)
