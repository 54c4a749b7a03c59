"""Tasks that another prison's care record brought along, taken over into a plan in one step."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.rules import why_not
from referrals.actions.moving import take_tasks
from referrals.models import Plan
from referrals.queries import moving as queries
from referrals.rules.moving import check_can_take_tasks
from referrals.views.moving_words import care_context
from referrals.views.words import identity


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def plan_record(request: StaffRequest, token: str) -> HttpResponse:
    """What the plan at the other prison held; the tasks that this scheme allows go into this plan."""
    plans = Plan.objects.for_prison(request.prison).select_related("person", "prison", "referral")
    plan = get_object_or_404(plans, token=token)
    pack = queries.record_for(plan)
    body = queries.body_of(pack) if pack is not None else None
    if pack is None or body is None:
        raise Http404("this plan does not come from a care record")
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Put these tasks into the plan")
    if request.method == "POST" and form.is_valid():
        try:
            taken = take_tasks(by=request.actor, now=timezone.now(), plan=plan, pack=pack)
        except NotAllowed as error:
            form.refuse(error)
        else:
            if taken.added:
                messages.success(request, f"In the plan now: {', '.join(taken.added)}.")
            for name, why in taken.left_out:
                messages.warning(request, f"Left out: {name}. {why}")
            return redirect("referrals:plan_tasks", request.prison.code, token)
    viewed(by=request.actor, prison=request.prison.code, subject=plan, person_id=plan.person_id)
    back = reverse("referrals:plan", args=[request.prison.code, token])
    form.cancel_url = back
    care = care_context(body)
    context = {
        "title": f"Take over tasks from {pack.prison.name}",
        "plan": plan,
        "who": identity(request, plan.person),
        "form": form if care["task_table"] is not None else None,
        "why_not": why_not(check_can_take_tasks, plan, pack),
        "crumbs": [{"text": f"Plan {plan.reference}", "href": back}],
        **care,
    }
    return render(request, "referrals/plan_record.html", context)
