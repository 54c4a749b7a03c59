"""Plans: lists, the plan's page, its own form, making it active, ending it, on paper, and the shared view."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.rules import why_not
from buddyscheme.lib.tables import Row, Table
from referrals.actions import plans as actions
from referrals.actions.interim import make_full
from referrals.forms.plans import PlanFilter, PlanForm, ReasonForm
from referrals.models import CapacityRecord, Consent, HeldText, Plan, PlanGoal, PlanTask
from referrals.models.plan import SafetyWord
from referrals.queries import interim
from referrals.queries import plans as queries
from referrals.queries.assessments import concerns_body
from referrals.queries.boundary import waiting_in
from referrals.queries.capacity import is_shared, is_supported, standing
from referrals.queries.places import place_of
from referrals.queries.plan_parts import equipment_of, equipment_overdue, evacuation_of, goals_of
from referrals.queries.schedule import exceptions_ahead
from referrals.queries.unmet_needs import OPEN, days_waiting, needs_of_person
from referrals.rules import plans as rules
from referrals.rules.equipment import is_overdue, name_of
from referrals.rules.interim import can_make_full
from referrals.rules.plan_lines import equipment_details, equipment_line, evacuation_line, goal_line, when_of
from referrals.views.assessments import bodies_of
from referrals.views.capacity import basis_of
from referrals.views.capacity import on_plan as capacity_on_plan
from referrals.views.matches import on_plan
from referrals.views.schedule_words import exception_words
from referrals.views.words import (
    day,
    form_about,
    identity,
    in_days,
    moment,
    plan_tag,
)
from schemes.queries.people import custody_of, people_ever_of, still_read
from schemes.queries.schemes import scheme_of

Place = HeldText.Place
FALLS = {True: "Yes", False: "No", None: "Not asked yet"}
WHO_DOES: dict[str, str] = {
    PlanTask.DoneBy.BUDDY: "Buddy does",
    PlanTask.DoneBy.CARER: "Carer does",
    PlanTask.DoneBy.SELF: "The person does",
    PlanTask.DoneBy.STAFF: "Staff do",
}
CONSENT_WORDS = {
    Consent.Scope.SUPPORT: "Help from a buddy",
    Consent.Scope.SHARING: "Sharing the plan with the council and healthcare",
}


@require_safe
@requires(P.PLAN_VIEW)
def plans(request: StaffRequest) -> HttpResponse:
    """Plans by name; the filter also holds the work queues that the home page counts."""
    filter_form = PlanFilter(request.GET)
    answers = filter_form.answers
    found = _queue(request, answers.get("show", ""))
    if "status" in answers:
        found = found.filter(status=answers["status"])
    return _list(request, found, title="Plans", filter_form=filter_form, empty="There is no plan yet.")


@require_safe
@requires(P.PLAN_VIEW)
def person_plans(request: StaffRequest, token: str) -> HttpResponse:
    """One person's plans at this prison."""
    person = get_object_or_404(people_ever_of(request.prison), token=token)
    viewed(by=request.actor, prison=request.prison.code, subject=person, person_id=person.pk)
    found = queries.plans_of(request.prison).filter(person=person)
    return _list(
        request, found, title="Plans of one person", lead=person.full_name, empty="This person has no plan here."
    )


def _queue(request: StaffRequest, show: str) -> QuerySet[Plan]:
    if show == "write":
        return queries.to_write(request.prison)
    if show == "buddy":
        return queries.without_buddy(request.prison)
    if show == "interim":
        return interim.ends_soon(request.prison, london_today(timezone.now()))
    if show == "equipment":
        return equipment_overdue(request.prison, london_today(timezone.now()))
    if show == "review":
        return queries.review_due(request.prison, london_today(timezone.now()))
    return queries.plans_of(request.prison)


def _list(request: StaffRequest, found: QuerySet[Plan], **context: Any) -> HttpResponse:
    today = london_today(timezone.now())
    page = page_of(still_read(found), request)
    table = Table(
        caption="Plans, by name",
        first="Name",
        columns=["Place", "Asked on", "Next review", "Review"],
        rows=[_row(request, plan, today) for plan in page],
    )
    return render(request, "components/list_page.html", {"page": page, "table": table, "noun": "plans", **context})


def _row(request: StaffRequest, plan: Plan, today: date) -> Row:
    review = queries.review_tag(plan, today)
    return Row(
        text=plan.person.list_name,
        href=reverse("referrals:plan", args=[request.prison.code, plan.token]),
        hidden=f"plan {plan.reference}",
        note=f"{plan.person.prison_number}, {plan.reference}",
        cells=[
            place_of(plan),
            day(london_today(plan.asked_at)),
            "" if plan.is_interim else day(plan.review_on),
            review.text if review is not None else "",
        ],
        tag=plan_tag(plan),
    )


@require_safe
@requires(P.PLAN_VIEW)
def plan(request: StaffRequest, token: str) -> HttpResponse:
    """Own words first, then goals, tasks, consent, needs, and matches."""
    found = _load(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    now = timezone.now()
    today = london_today(now)
    tasks = list(queries.running_tasks(found))
    held = waiting_in(found)
    write = may(request, P.PLAN_WRITE) and rules.can_write(found)
    capacity = capacity_on_plan(request, found)
    decided: CapacityRecord | None = capacity["capacity"]
    context = {
        "plan": found,
        "who": identity(request, found.person),
        "tag": plan_tag(found),
        "basis": basis_of(decided),
        "review": queries.review_tag(found, today),
        "rows": _rows(found, held),
        "groups": _groups(task_lines(found, tasks, held)),
        "equipment": _equipment(request, found, today) if found.status in Plan.LIVE else [],
        "emergency": _emergency(found, today),
        "versions": found.versions.count(),
        "may_review": may(request, P.PLAN_WRITE) and _may_review(found, today),
        "may_make_full": may(request, P.PLAN_WRITE) and can_make_full(found, review_on=today),
        "consents": _consents(request, found, decided_for=decided is not None, again=capacity["capacity_asked_anew"]),
        "needs": need_lines(request, found, today),
        "may_write": write,
        "may_stop": may(request, P.PLAN_TASK_STOP) and rules.can_write(found),
        "may_except": may(request, P.PLAN_TASK_STOP) and found.status in (Plan.Status.ACTIVE, Plan.Status.PAUSED),
        "exceptions": [
            {
                "words": exception_words(row),
                "href": reverse("referrals:slot_exception_end", args=[request.prison.code, row.token]),
            }
            for row in exceptions_ahead(found, today)
        ],
        "being_written": found.status in (Plan.Status.WISHES, Plan.Status.DRAFT),
        "missing": _missing(request, found, len(tasks), today) if write else "",
        "may_need": may(request, P.UNMET_NEED_EDIT),
        "now": now,
        "crumbs": _crumbs(request),
    }
    return render(request, "referrals/plan_page.html", context | capacity | on_plan(request, found, now))


def _missing(request: StaffRequest, found: Plan, tasks: int, today: date) -> str:
    """Why the plan cannot be made active yet; nothing when it can."""
    if found.status not in (Plan.Status.WISHES, Plan.Status.DRAFT):
        return ""
    scheme = scheme_of(request.prison)
    return why_not(
        rules.check_can_activate,
        found,
        version=found.version,
        tasks=tasks,
        agrees=is_supported(found),
        scheme_open=scheme is not None and scheme.status == "OPEN",
        here=custody_of(request.prison, found.person) is not None,
        today=today,
    )


def _rows(found: Plan, held: dict[tuple[str, int | None], HeldText]) -> list[dict[str, str]]:
    waits = "Words wait for a second person: {}"
    notes = found.staff_notes
    if (Place.PLAN_NOTES, None) in held:
        notes = "\n".join(part for part in (notes, waits.format("they may describe personal care")) if part)
    return [
        {"key": "What the help should achieve", "value": "\n".join(_goals(found, held))},
        {"key": "The buddy must know", "value": "\n".join(SafetyWord(word).label for word in found.safety_words)},
        _dates(found),
        {"key": "At risk of falling (staff only)", "value": FALLS[found.falls_risk]},
        {"key": "Notes for staff", "value": notes},
        {"key": "Asked by", "value": f"{found.asked_by.name}, {moment(found.asked_at)}"},
        *(
            [{"key": "Active since", "value": f"{moment(found.activated_at)}, by {found.activated_by.name}"}]
            if found.activated_by is not None
            else []
        ),
        *(
            [{"key": "Ended", "value": f"{moment(found.ended_at)}, by {found.ended_by.name}: {found.end_reason}"}]
            if found.ended_by is not None
            else []
        ),
    ]


def _goals(found: Plan, held: dict[tuple[str, int | None], HeldText]) -> list[str]:
    """Each goal with what the last review said of it; those that wait are only said to wait."""
    return [
        goal_line(goal) if goal.words else "Words wait for a second person: they may describe personal care"
        for goal in goals_of(found)
        if goal.words or (Place.PLAN_GOALS, goal.pk) in held
    ]


def _dates(found: Plan) -> dict[str, str]:
    if found.is_interim:
        return {"key": "Interim help ends on", "value": day(found.interim_until)}
    return {"key": "Next review", "value": day(found.review_on)}


def _may_review(found: Plan, today: date) -> bool:
    return rules.can_review(found, version=found.version, next_on=today + timedelta(days=1), today=today)


def _groups(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tasks by who does them; groups without a task are left out."""
    groups: list[dict[str, Any]] = []
    for code, name in WHO_DOES.items():
        tasks = [line for line in lines if line["done_by"] == code]
        # Which buddy it is stands beside the heading; of the others the heading says it all.
        who = tasks[0]["who"] if tasks and code == PlanTask.DoneBy.BUDDY else ""
        groups.append({"name": name, "tasks": tasks, "note": who.removesuffix(" (buddy)").removeprefix("A buddy, ")})
    return [group for group in groups if group["tasks"]]


def _equipment(request: StaffRequest, found: Plan, today: date) -> list[dict[str, Any]]:
    write = may(request, P.PLAN_WRITE)
    return [
        {
            "name": name_of(thing.kind, thing.what),
            "details": equipment_details(thing),
            "tag": {"text": "Check overdue", "colour": "red"} if is_overdue(thing, today) else None,
            "check": reverse("referrals:equipment_check", args=[request.prison.code, thing.token]) if write else "",
            "remove": reverse("referrals:equipment_remove", args=[request.prison.code, thing.token]) if write else "",
        }
        for thing in equipment_of(found)
    ]


def _emergency(found: Plan, today: date) -> dict[str, Any]:
    """How the person leaves, with a tag where it is not written down or its review is overdue."""
    now = evacuation_of(found)
    tag = None
    if now is not None and now.needs_help:
        if not now.is_written:
            tag = {"text": "To be written", "colour": "yellow"}
        elif now.review_on is not None and now.review_on < today:
            tag = {"text": "Review overdue", "colour": "red"}
    by = f"Written by {now.written_by.name}, {moment(now.written_at)}" if now is not None else ""
    return {"words": evacuation_line(now), "tag": tag, "by": by}


def task_lines(
    found: Plan, tasks: list[PlanTask], held: dict[tuple[str, int | None], HeldText]
) -> list[dict[str, Any]]:
    """The table of tasks: who does what, when. Shown in the same words on every page of a plan."""
    who = helper_of(found)
    return [
        {
            "token": task.token,
            "done_by": task.done_by,
            "name": task.task.name,
            "who": who if task.done_by == PlanTask.DoneBy.BUDDY else task.get_done_by_display(),
            "when": when_of(task),
            "minutes": task.minutes,
            "note": task.note,
            "held": (Place.TASK_NOTE, task.pk) in held,
            "condition": task.task.condition,
        }
        for task in tasks
    ]


def helper_of(found: Plan) -> str:
    """The first name of the first buddy, if one helps now."""
    match = queries.first_match(found)
    return f"{match.buddy.person.called} (buddy)" if match is not None else "A buddy, nobody yet"


def _consents(request: StaffRequest, found: Plan, *, decided_for: bool, again: bool) -> list[dict[str, Any]]:
    consents = queries.consents_of(found)
    asked = {consent.scope for consent in consents}
    lines = _not_asked(request, found, asked, decided_for=decided_for, again=again)
    withdraw = may(request, P.PLAN_WRITE) or may(request, P.PLAN_TASK_STOP)
    for consent in consents:
        given = consent.given and consent.withdrawn_at is None
        buddy = consent.match.buddy.person.called if consent.match is not None else ""
        lines.append(
            {
                "what": f"{buddy} as the buddy" if buddy else CONSENT_WORDS[Consent.Scope(consent.scope)],
                "state": "Given" if given else "Withdrawn" if consent.withdrawn_at is not None else "Not given",
                "when": moment(consent.withdrawn_at or consent.taken_at),
                "withdraw": reverse("referrals:consent_withdraw", args=[request.prison.code, consent.token])
                if withdraw and rules.can_withdraw(found, consent)
                else "",
                "give": reverse(
                    "referrals:consent_give", args=[request.prison.code, found.token, consent.scope.lower()]
                )
                if may(request, P.WISHES_RECORD)
                and rules.can_give(found, consent.scope, stands=given, decided_for=decided_for)
                else "",
            }
        )
    return lines


def _not_asked(
    request: StaffRequest, found: Plan, asked: Collection[str], *, decided_for: bool, again: bool
) -> list[dict[str, Any]]:
    """What nobody has asked yet, as it was decided for the person or in interim help; the way to ask."""
    state = "To be asked again" if again else "Not asked yet"
    if decided_for:
        state = "Not asked: decided in the person’s best interests"
    asks = may(request, P.WISHES_RECORD) and not decided_for and rules.can_write(found)
    return [
        {
            "what": CONSENT_WORDS[scope],
            "state": state,
            "when": "",
            "withdraw": "",
            "give": reverse("referrals:consent_give", args=[request.prison.code, found.token, scope.lower()])
            if asks
            else "",
        }
        for scope in (Consent.Scope.SUPPORT, Consent.Scope.SHARING)
        if scope not in asked
    ]


def need_lines(request: StaffRequest, found: Plan, today: date) -> list[dict[str, str]]:
    """Unmet needs of the plan's person, each with its days."""
    return [
        {
            "name": need.task.name,
            "href": reverse("referrals:unmet_need", args=[request.prison.code, need.token]),
            "state": f"met on {day(need.met_on)}, after {in_days(days_waiting(need, today))}"
            if need.met_on
            else f"not met when the person left on {day(need.left_on)}, after {in_days(days_waiting(need, today))}"
            if need.left_on
            else f"not met, day {days_waiting(need, today)}",
        }
        for need in needs_of_person(request.prison, found.person)
    ]


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def plan_edit(request: StaffRequest, token: str) -> HttpResponse:
    """Goals, safety words, review date, help in an emergency, falls; for interim help also making it the full plan."""
    found = _load(request, token)
    held = waiting_in(found)
    today = london_today(timezone.now())
    now = evacuation_of(found)
    to_full = can_make_full(found, review_on=today)
    initial = {
        "goals": "\n".join(_typed(held, goal) for goal in goals_of(found)),
        "safety_words": found.safety_words,
        "review_on": None if to_full else found.review_on,
        "evacuation_plan": now.needs_help if now is not None else None,
        "falls_risk": found.falls_risk,
        "version": found.version,
    }
    form = PlanForm(
        request.POST or None, today=today, review_on=None if to_full else found.review_on,
        reviewed=found.activated_at is not None and not to_full, initial=initial,
    )  # fmt: skip
    if found.activated_at is not None:
        form.submit_label = "Make this the full plan" if to_full else "Save"
    if request.method == "POST" and form.is_valid():
        answers = {"review_on": found.review_on} | {n: form.cleaned_data[n] for n in initial if n in form.fields}
        save = make_full if to_full else actions.save_plan
        try:
            save(by=request.actor, now=timezone.now(), plan=found, **answers)
        except Stale as error:
            form.stale(error, version=_load(request, token).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            return _saved(request, found)
    return form_about(
        request, found.person, form,
        "Make this the full plan" if to_full else f"Write plan {found.reference}", _href(request, found),
        quote=found.own_words, crumbs=_crumbs(request),
        lead="Words, tasks and buddy go on as they are. Answer what a full plan needs besides." if to_full else "",
    )  # fmt: skip


def _typed(held: dict[tuple[str, int | None], HeldText], goal: PlanGoal) -> str:
    """What the writer typed last, also while it waits for a second person."""
    waiting = held.get((Place.PLAN_GOALS, goal.pk))
    return waiting.words if waiting is not None else goal.words


def _saved(request: StaffRequest, found: Plan) -> HttpResponse:
    held = waiting_in(found)
    if any(place in (Place.PLAN_GOALS, Place.PLAN_NOTES) for place, _ in held):
        messages.warning(
            request,
            "The plan is saved, but some words seem to describe personal care. They wait for the deputy or the "
            "safeguarding lead and are not in the plan until one of them has allowed them.",
        )
        return redirect("referrals:plan_held", request.prison.code, found.token)
    messages.success(request, "This is the full plan now." if found.is_interim else "The plan is saved.")
    if _load(request, found.token).status == Plan.Status.DRAFT:
        return redirect("referrals:plan_tasks", request.prison.code, found.token)
    return redirect(_href(request, found))


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def plan_activate(request: StaffRequest, token: str) -> HttpResponse:
    """Make the plan active, after a last look."""
    found = _load(request, token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Make the plan active")
    if request.method == "POST" and form.is_valid():
        try:
            actions.activate_plan(by=request.actor, now=timezone.now(), plan=found, version=found.version)
        except NotAllowed as error:
            form.refuse(str(error))
        else:
            messages.success(request, "The plan is active. Match a buddy now: until then staff do what cannot wait.")
            return redirect(_href(request, found))
    rows = [
        {"key": task["name"], "value": f"{task['when']}, {task['minutes']} minutes"}
        for task in task_lines(found, list(queries.running_tasks(found)), {})
    ]
    return form_about(
        request, found.person, form, "Make this plan active", _href(request, found), rows=rows,
        quote=found.own_words, crumbs=_crumbs(request),
        lead="From now on these tasks are planned every week, and the unlock list shows them.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def plan_end(request: StaffRequest, token: str) -> HttpResponse:
    """End the plan, with the reason."""
    found = _load(request, token)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_plan(by=request.actor, now=timezone.now(), plan=found, reason=form.cleaned_data["reason"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The plan is ended, and its visits are cancelled.")
            return redirect(_href(request, found))
    return form_about(
        request, found.person, form, "End this plan", _href(request, found), crumbs=_crumbs(request),
        warning="Visits planned for today and later are cancelled at once, and its matches end.",
    )  # fmt: skip


@require_safe
@requires(P.PLAN_WRITE)
def plan_held(request: StaffRequest, token: str) -> HttpResponse:
    """Which words of this plan wait, and why; what the writer can do meanwhile."""
    from referrals.views.boundary import held_lines

    found = _load(request, token)
    context = {
        "plan": found,
        "who": identity(request, found.person),
        "held": held_lines(waiting_in(found).values()),
        "crumbs": _crumbs(request),
    }
    return render(request, "referrals/plan_held.html", context)


@require_safe
@requires(P.ASSESSMENT_VIEW)
def plan_shared(request: StaffRequest, token: str) -> HttpResponse:
    """The plan as the council and healthcare see it: what keeps people safe always, the rest while consent stands."""
    found = _load(request, token)
    if found.status not in Plan.LIVE or not concerns_body(request.prison, found.person, bodies_of(request)):
        raise Http404
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    today = london_today(timezone.now())
    back = [{"text": "Requests for assessment", "href": reverse("referrals:assessments", args=[request.prison.code])}]
    needs = needs_of_person(request.prison, found.person).filter(OPEN)
    decided = standing(found)
    shared = is_shared(found, decided)
    context: dict[str, Any] = {
        "plan": found,
        "basis": basis_of(decided),
        "who": identity(request, found.person),
        "tag": plan_tag(found),
        "shared": shared,
        "always": [
            {"key": "Leaving in an emergency", "value": evacuation_line(evacuation_of(found))},
            {"key": "At risk of falling", "value": FALLS[found.falls_risk]},
            {"key": "Equipment", "value": "\n".join(map(equipment_line, equipment_of(found))) or "None"},
        ],
        "needs": [{"name": need.task.name, "days": in_days(days_waiting(need, today))} for need in needs],
        "crumbs": back,
    }
    if shared:
        context |= {
            "tasks": task_lines(found, list(queries.running_tasks(found)), {}),
            "review": queries.review_tag(found, today),
            "rows": [
                {"key": "What the help should achieve", "value": "\n".join(_goals(found, {}))},
                {"key": "The buddy must know", "value": "\n".join(SafetyWord(w).label for w in found.safety_words)},
                {"key": "Next review", "value": day(found.review_on)},
            ],
        }
    return render(request, "referrals/plan_shared.html", context)


def _load(request: StaffRequest, token: str) -> Plan:
    rows = Plan.objects.for_prison(request.prison).select_related(
        "person", "referral", "prison", "asked_by", "activated_by", "ended_by"
    )
    found: Plan = get_object_or_404(rows, token=token)
    return found


def _href(request: StaffRequest, found: Plan) -> str:
    return reverse("referrals:plan", args=[request.prison.code, found.token])


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "Plans", "href": reverse("referrals:plans", args=[request.prison.code])}]
