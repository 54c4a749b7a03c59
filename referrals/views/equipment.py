"""Equipment of a person with its checks, how they leave in an emergency, and what only staff see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
from buddyscheme.lib.forms import ConfirmForm, GovukForm
from referrals.actions import equipment as actions
from referrals.actions.plans import save_risks
from referrals.forms.equipment import EquipmentCheckForm, EquipmentForm, EvacuationForm
from referrals.forms.plans import RisksForm
from referrals.models import Equipment, HeldText, Plan
from referrals.queries.boundary import waiting_in
from referrals.queries.plan_parts import evacuation_of
from referrals.rules.equipment import name_of
from referrals.views.words import day, form_about
from schemes import guard


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def equipment_add(request: StaffRequest, token: str) -> HttpResponse:
    """One thing that the person uses."""
    plan = _plan(request, token)
    form = EquipmentForm(request.POST or None, today=london_today(timezone.now()))

    def save() -> str:
        answers = {name: form.cleaned_data[name] for name in ("kind", "what", "owner", "checked_on", "next_check_on")}
        thing = actions.add_equipment(by=request.actor, now=timezone.now(), plan=plan, **answers)
        return f"{name_of(thing.kind, thing.what)} is in the plan."

    return _step(request, plan, form, save, "Add equipment")


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def equipment_check(request: StaffRequest, token: str) -> HttpResponse:
    """It was looked at, and is looked at again."""
    thing = _thing(request, token)
    form = EquipmentCheckForm(request.POST or None, today=london_today(timezone.now()))

    def save() -> str:
        answers = {name: form.cleaned_data[name] for name in ("checked_on", "next_check_on")}
        actions.record_equipment_check(by=request.actor, now=timezone.now(), equipment=thing, **answers)
        return "The check is saved."

    return _step(request, thing.plan, form, save, "Record a check", rows=_rows(thing))


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def equipment_remove(request: StaffRequest, token: str) -> HttpResponse:
    """The person no longer uses it."""
    thing = _thing(request, token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Take this out of the plan")

    def save() -> str:
        actions.remove_equipment(by=request.actor, now=timezone.now(), equipment=thing)
        return f"{name_of(thing.kind, thing.what)} is no longer in the plan."

    return _step(request, thing.plan, form, save, "Take this out of the plan", rows=_rows(thing))


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def evacuation(request: StaffRequest, token: str) -> HttpResponse:
    """How the person leaves in an emergency."""
    plan = _plan(request, token)
    found = evacuation_of(plan)
    names = ("needs_help", "how", "staff", "waits_at", "equipment", "review_on")
    initial = {name: getattr(found, name) for name in names} if found is not None else None
    form = EvacuationForm(request.POST or None, today=london_today(timezone.now()), initial=initial)

    def save() -> str:
        answers = {name: form.cleaned_data[name] for name in names}
        written = actions.write_evacuation(by=request.actor, now=timezone.now(), plan=plan, **answers)
        if written.how == guard.WAITS:
            messages.warning(request, guard.WAITS)
        return "How the person leaves in an emergency is saved. The unlock list says it from now on."

    return _step(
        request, plan, form, save, "Leaving in an emergency",
        lead="If no help is needed, the other questions need no answer. The council and healthcare see this, "
        "whatever the person has said about sharing the plan, because it keeps them and others safe.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def plan_risks(request: StaffRequest, token: str) -> HttpResponse:
    """What only staff see: the risk of falling, and notes."""
    plan = _plan(request, token)
    held = waiting_in(plan).get((HeldText.Place.PLAN_NOTES, None))
    initial = {
        "falls_risk": plan.falls_risk,
        "staff_notes": held.words if held is not None else plan.staff_notes,
        "version": plan.version,
    }
    form = RisksForm(request.POST or None, initial=initial)

    def save() -> str:
        answers = {name: form.cleaned_data[name] for name in initial}
        save_risks(by=request.actor, now=timezone.now(), plan=plan, **answers)
        return "What staff must know is saved."

    return _step(request, plan, form, save, "What staff must know")


def _plan(request: StaffRequest, token: str) -> Plan:
    rows = Plan.objects.for_prison(request.prison).select_related("person", "prison")
    found: Plan = get_object_or_404(rows, token=token)
    return found


def _thing(request: StaffRequest, token: str) -> Equipment:
    rows = Equipment.objects.for_prison(request.prison).select_related("plan__person", "plan__prison")
    found: Equipment = get_object_or_404(rows, token=token)
    return found


def _rows(thing: Equipment) -> list[dict[str, str]]:
    return [
        {"key": "Equipment", "value": name_of(thing.kind, thing.what)},
        {"key": "Belongs to", "value": thing.get_owner_display()},
        {"key": "Last check", "value": day(thing.checked_on)},
        {"key": "Next check due", "value": day(thing.next_check_on)},
    ]


def _step(
    request: StaffRequest, plan: Plan, form: GovukForm, save: Callable[[], str], title: str, **context: Any
) -> HttpResponse:
    """One question page about a plan: saved, or shown again with the reason."""
    if request.method == "POST" and form.is_valid():
        try:
            done = save()
        except Stale as error:
            form.stale(error, version=_plan(request, plan.token).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            if (HeldText.Place.PLAN_NOTES, None) in waiting_in(plan):
                return redirect("referrals:plan_held", request.prison.code, plan.token)
            return redirect("referrals:plan", request.prison.code, plan.token)
    back = reverse("referrals:plan", args=[request.prison.code, plan.token])
    crumbs = [{"text": f"Plan {plan.reference}", "href": back}]
    return form_about(request, plan.person, form, title, back, crumbs=crumbs, **context)
