"""The week ahead, to whom nobody comes, who comes instead, and what differs from a plan's week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.bank_holidays import bank_holiday_on
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions import schedule as actions
from referrals.forms.schedule import (
    LEFT_OUT,
    CoverForm,
    ExceptForm,
    WeekFilter,
    first_day,
    slot_code,
    slot_words,
)
from referrals.models import CoverSlot, Plan, PlanTask, SlotException
from referrals.queries import schedule as queries
from referrals.queries.plans import running_tasks
from referrals.queries.schedule import Slotted
from referrals.queries.unlock import wings_of
from referrals.rules.schedule import COVER_AHEAD, DAYS_AHEAD, TAKEN, check_day_to_cover
from referrals.views.words import days_in_words, form_about
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of
from schemes.queries.schemes import lock_downs_on


@dataclass(frozen=True)
class Day:
    """One column of the week."""

    day: date
    holiday: str
    lock_downs: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One person's week, a list of visits for each day."""

    slotted: Slotted
    days: tuple[tuple[Day, tuple[Slotted, ...]], ...]


@require_safe
@requires(P.UNLOCK_LIST_VIEW)
def schedule(request: StaffRequest) -> HttpResponse:
    """Seven days of one wing, one buddy, or one person: who visits whom, when."""
    return render(request, "referrals/schedule_page.html", _week(request, timezone.now()))


@require_safe
@requires(P.UNLOCK_LIST_VIEW)
def schedule_print(request: StaffRequest) -> HttpResponse:
    """The same for the wall of the wing office."""
    now = timezone.now()
    context = _week(request, now)
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, page="schedule", rows=len(context["lines"]))
    back = f"{reverse('referrals:schedule', args=[request.prison.code])}{context['query']}"
    return render(request, "referrals/schedule_paper.html", {
        **context, "printed_by": request.user.name, "printed_at": now, "back_href": back,
    })  # fmt: skip


def _week(request: StaffRequest, now: datetime) -> dict[str, Any]:
    today = london_today(now)
    wings = wings_of(request.prison)
    buddies = list(buddies_of(request.prison).filter(status=Buddy.Status.ACTIVE))
    form = WeekFilter(request.GET, wings=[(wing.code, wing.name) for wing in wings], buddies=buddies)
    answers = form.answers
    person = request.GET.get("person", "")
    # The whole prison is too much for one page: a wing to begin with.
    wing = answers.get("wing") or ("" if answers.get("buddy") or person or not wings else wings[0].code)
    days = queries.days_from(first_day(answers, today, today + DAYS_AHEAD))
    found = [
        one
        for one in queries.week_ahead(request.prison, now, days=days)
        if (not wing or one.wing == wing)
        and (not answers.get("buddy") or (one.buddy is not None and one.buddy.token == answers["buddy"]))
        and (not person or one.person.token == person)
    ]
    kept = {"wing": wing, "buddy": answers.get("buddy", ""), "person": person, "since": answers.get("since", "")}
    return {
        "days": (columns := _days(request, days)),
        "lines": _lines(found, columns),
        "visits": sum(1 for one in found if not one.held),
        "nobody": sum(1 for one in found if one.buddy is None and not one.held),
        "clashes": sum(1 for one in found if one.clashes),
        "filter_form": form,
        "whose": _whose(wings, wing, buddies, answers.get("buddy", ""), found if person else ()),
        "query": f"?{urlencode({name: value for name, value in kept.items() if value})}",
        "may_cover": may(request, P.MATCH_DECIDE),
        "cover_until": today + COVER_AHEAD,
    }


def _whose(wings: Iterable[Any], wing: str, buddies: Iterable[Buddy], token: str, of_one: Iterable[Slotted]) -> str:
    names = [one.name for one in wings if one.code == wing]
    names += [one.person.full_name for one in buddies if one.token == token]
    return ", ".join([*names, *{one.person.full_name for one in of_one}])


def _days(request: StaffRequest, days: list[date]) -> list[Day]:
    rows = defaultdict(list)
    for row in lock_downs_on(request.prison, days[0], until=days[-1]):
        rows[row.day].append(f"{row.wing.name if row.wing else 'Everywhere'}: {row.get_session_display() or 'all day'}")
    return [Day(day, bank_holiday_on(day), tuple(rows[day])) for day in days]


def _lines(found: Iterable[Slotted], days: list[Day]) -> list[Line]:
    by_person: dict[int, list[Slotted]] = defaultdict(list)
    for one in found:
        by_person[one.person.pk].append(one)
    lines = [
        Line(rows[0], tuple((day, tuple(one for one in rows if one.day == day.day)) for day in days))
        for rows in by_person.values()
    ]
    return sorted(lines, key=lambda line: (line.slotted.wing, line.slotted.place, line.slotted.person.list_name))


@require_safe
@requires(P.UNLOCK_LIST_VIEW)
def nobody_comes(request: StaffRequest) -> HttpResponse:
    """Every visit of the coming seven days to which nobody comes, with why, and who was found instead."""
    now = timezone.now()
    by_day: dict[date, list[Slotted]] = defaultdict(list)
    found = queries.nobody_comes(request.prison, now)
    for one in found.visits:
        by_day[one.day].append(one)
    return render(request, "referrals/nobody_page.html", {
        "days": [(day, bank_holiday_on(day), rows) for day, rows in sorted(by_day.items())],
        "count": len(found.visits),
        "essential": sum(1 for one in found.visits if one.essential),
        "may_cover": may(request, P.MATCH_DECIDE),
        "covers": found.covers,
        "crumbs": _crumbs(request),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.MATCH_DECIDE)
def cover_give(request: StaffRequest, token: str, day: str, session: str) -> HttpResponse:
    """Somebody else comes: to this visit, and to others of the coming days in the same step."""
    now = timezone.now()
    today = london_today(now)
    plan = _plan(request, token)
    slot = (_day(day), session)
    back = reverse("referrals:nobody_comes", args=[request.prison.code])
    try:
        check_day_to_cover(slot[0], today=today)
    except NotAllowed as error:
        messages.warning(request, str(error))
        return redirect(back)
    # The next seven days, and the day itself where it is a later one.
    open_slots = queries.open_slots(plan, now, sorted({*queries.days_from(today), slot[0]}))
    if slot not in open_slots:
        messages.warning(request, TAKEN)
        return redirect(back)
    offers = queries.offers_for(plan, *slot, now)
    form = CoverForm(request.POST or None, slots=open_slots, offers=offers, initial={"slots": [slot_code(slot)]})
    if request.method == "POST" and form.is_valid():
        chosen = [each for each in open_slots if slot_code(each) in form.cleaned_data["slots"]]
        buddy = next(one.buddy for one in offers if one.buddy.token == form.cleaned_data["buddy"])
        try:
            actions.give_cover(
                by=request.actor, now=now, plan=plan, slots=chosen, buddy=buddy, agreed=form.cleaned_data["agreed"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{buddy.person.full_name} comes to {plan.person.full_name}.")
            return redirect(back)
    return form_about(
        request, plan.person, form, f"Who comes on {slot_words(slot)}?", back,
        template="referrals/cover_form.html", crumbs=[*_crumbs(request), {"text": "Nobody comes", "href": back}],
        offers=offers,
    )  # fmt: skip


@require_POST
@requires(P.MATCH_DECIDE)
def cover_end(request: StaffRequest, token: str) -> HttpResponse:
    """They do not come after all."""
    row = get_object_or_404(CoverSlot.objects.for_prison(request.prison).select_related("plan"), token=token)
    try:
        actions.end_cover(by=request.actor, now=timezone.now(), cover=row)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "This is taken back.")
    return redirect("referrals:nobody_comes", request.prison.code)


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_TASK_STOP)
def slot_except(request: StaffRequest, token: str) -> HttpResponse:
    """Leave tasks of a plan out, or move them, for a day or some days."""
    now = timezone.now()
    plan = _plan(request, token)
    tasks = [task for task in running_tasks(plan) if task.done_by == PlanTask.DoneBy.BUDDY]
    session, day = request.GET.get("session", ""), request.GET.get("day", "")
    form = ExceptForm(
        request.POST or None,
        tasks=[(task, f"{days_in_words(task.weekdays)}, {task.get_session_display().lower()}") for task in tasks],
        initial={
            "tasks": [task.token for task in tasks if not session or task.session == session],
            "first_on": _day(day) if day else london_today(now),
        },
    )
    back = _back(request, plan)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            actions.except_slots(
                by=request.actor,
                now=now,
                plan=plan,
                tasks=[task for task in tasks if task.token in answers["tasks"]],
                first_on=answers["first_on"],
                last_on=answers["last_on"],
                session="" if answers["session"] == LEFT_OUT else answers["session"],
                to_day=answers["to_day"],
                reason=answers["reason"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The change is saved. The visits follow.")
            return redirect(back)
    return form_about(request, plan.person, form, "Leave out or move a task for some days", back)


@require_POST
@requires(P.PLAN_TASK_STOP)
def slot_exception_end(request: StaffRequest, token: str) -> HttpResponse:
    """The plan's own week counts again."""
    rows = SlotException.objects.for_prison(request.prison).select_related("plan_task__plan")
    row = get_object_or_404(rows, token=token)
    try:
        actions.end_exception(by=request.actor, now=timezone.now(), exception=row)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "This is taken back. The visits follow.")
    return redirect(_back(request, row.plan_task.plan))


def _plan(request: StaffRequest, token: str) -> Plan:
    rows = Plan.objects.for_prison(request.prison).select_related("person", "prison")
    return get_object_or_404(rows, token=token)


def _back(request: StaffRequest, plan: Plan) -> str:
    """The plan for those who may read it, else today's list."""
    if may(request, P.PLAN_VIEW) and request.GET.get("from") != "today":
        return reverse("referrals:plan", args=[request.prison.code, plan.token])
    return reverse("referrals:unlock_list", args=[request.prison.code])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404("no such day") from None


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "Today", "href": reverse("referrals:unlock_list", args=[request.prison.code])}]
