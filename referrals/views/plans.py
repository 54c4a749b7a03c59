"""Plans: lists, the plan's page, its own form, making it active, ending it, on paper, and the shared view."""

from __future__ import annotations

from datetime import date
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
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.rules import why_not
from buddyscheme.lib.tables import Row, Table
from referrals.actions import plans as actions
from referrals.forms.plans import ConfirmForm, PlanFilter, PlanForm, ReasonForm
from referrals.models import Consent, HeldText, Match, Plan, PlanTask
from referrals.models.plan import SafetyWord
from referrals.queries import plans as queries
from referrals.queries.assessments import concerns_body
from referrals.queries.boundary import waiting_in
from referrals.queries.capacity import is_shared, is_supported, standing
from referrals.queries.places import place_of
from referrals.queries.unmet_needs import OPEN, days_waiting, needs_of_person
from referrals.rules import plans as rules
from referrals.views.assessments import bodies_of
from referrals.views.capacity import basis_of
from referrals.views.capacity import on_plan as capacity_on_plan
from referrals.views.matches import on_plan
from referrals.views.words import day, days_in_words, form_about, identity, in_days, moment, plan_tag
from schemes.queries.people import custody_of, people_ever_of
from schemes.queries.schemes import scheme_of

Place = HeldText.Place
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
    if show == "review":
        return queries.review_due(request.prison, london_today(timezone.now()))
    return queries.plans_of(request.prison)


def _list(request: StaffRequest, found: QuerySet[Plan], **context: Any) -> HttpResponse:
    today = london_today(timezone.now())
    page = page_of(found, request)
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
            day(plan.review_on),
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
    support = is_supported(found)
    write = may(request, P.PLAN_WRITE) and rules.can_write(found)
    context = {
        "plan": found,
        "who": identity(request, found.person),
        "tag": plan_tag(found),
        "review": queries.review_tag(found, today),
        "rows": _rows(found, held),
        "tasks": task_lines(found, tasks, held),
        "consents": _consents(request, found),
        "needs": _needs(request, found, today),
        "may_write": write,
        "may_stop": may(request, P.PLAN_TASK_STOP) and rules.can_write(found),
        "being_written": found.status in (Plan.Status.WISHES, Plan.Status.DRAFT),
        "missing": _missing(request, found, len(tasks), support, today) if write else "",
        "may_need": may(request, P.UNMET_NEED_EDIT),
        "now": now,
        "crumbs": _crumbs(request),
    }
    context |= {"basis": basis_of(found)} | capacity_on_plan(request, found)
    return render(request, "referrals/plan_page.html", context | on_plan(request, found, now))


def _missing(request: StaffRequest, found: Plan, tasks: int, support: bool, today: date) -> str:
    """Why the plan cannot be made active yet; nothing when it can."""
    if found.status not in (Plan.Status.WISHES, Plan.Status.DRAFT):
        return ""
    scheme = scheme_of(request.prison)
    return why_not(
        rules.check_can_activate,
        found,
        version=found.version,
        tasks=tasks,
        agrees=support,
        scheme_open=scheme is not None and scheme.status == "OPEN",
        here=custody_of(request.prison, found.person) is not None,
        today=today,
    )


def _rows(found: Plan, held: dict[tuple[str, int | None], HeldText]) -> list[dict[str, str]]:
    waits = "Words wait for a second person: {}"
    goals, notes = found.goals, found.staff_notes
    if (Place.PLAN_GOALS, None) in held:
        goals = "\n".join(part for part in (goals, waits.format("they may describe personal care")) if part)
    if (Place.PLAN_NOTES, None) in held:
        notes = "\n".join(part for part in (notes, waits.format("they may describe personal care")) if part)
    return [
        {"key": "What the help should achieve", "value": goals},
        {"key": "The buddy must know", "value": "\n".join(SafetyWord(word).label for word in found.safety_words)},
        {"key": "Personal evacuation plan", "value": "Yes" if found.evacuation_plan else "No"},
        {"key": "Next review", "value": day(found.review_on)},
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


def task_lines(
    found: Plan, tasks: list[PlanTask], held: dict[tuple[str, int | None], HeldText]
) -> list[dict[str, Any]]:
    """The table of tasks: who does what, when. Shown in the same words on every page of a plan."""
    who = helper_of(found)
    return [
        {
            "token": task.token,
            "name": task.task.name,
            "who": who if task.done_by == PlanTask.DoneBy.BUDDY else task.get_done_by_display(),
            "when": f"{days_in_words(task.weekdays)}, {task.get_session_display().lower()}",
            "minutes": task.minutes,
            "note": task.note,
            "held": (Place.TASK_NOTE, task.pk) in held,
            "condition": task.task.condition,
        }
        for task in tasks
    ]


def helper_of(found: Plan) -> str:
    """The first name of the first buddy, if one helps now."""
    match = (
        Match.objects.for_prison(found.prison_id)
        .filter(plan=found, part=Match.Part.LEAD, status=Match.Status.ACTIVE)
        .select_related("buddy__person")
        .first()
    )
    return f"{match.buddy.person.called} (buddy)" if match is not None else "A buddy, nobody yet"


def _consents(request: StaffRequest, found: Plan) -> list[dict[str, Any]]:
    lines = []
    withdraw = may(request, P.PLAN_WRITE) or may(request, P.PLAN_TASK_STOP)
    decided_for = standing(found) is not None
    if found.answer == Plan.Answer.CANNOT_DECIDE:
        lines += _not_asked(request, found, decided_for=decided_for)
    for consent in queries.consents_of(found):
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


def _not_asked(request: StaffRequest, found: Plan, *, decided_for: bool) -> list[dict[str, Any]]:
    """Of somebody for whom it was decided: nothing was given; the way to ask once they can decide again."""
    state = "Not asked: decided in the person’s best interests" if decided_for else "Not asked yet"
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
        if not found.consents.filter(scope=scope).exists()
    ]


def _needs(request: StaffRequest, found: Plan, today: date) -> list[dict[str, str]]:
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
    """Goals, safety words, review date, evacuation plan, staff notes."""
    found = _load(request, token)
    held = waiting_in(found)
    today = london_today(timezone.now())
    initial = {
        "goals": _typed(held, Place.PLAN_GOALS, found.goals),
        "safety_words": found.safety_words,
        "review_on": found.review_on,
        "evacuation_plan": None if found.status == Plan.Status.WISHES else found.evacuation_plan,
        "staff_notes": _typed(held, Place.PLAN_NOTES, found.staff_notes),
        "version": found.version,
    }
    form = PlanForm(request.POST or None, today=today, review_on=found.review_on, initial=initial)
    if found.activated_at is not None:
        form.submit_label = "Save"  # type: ignore[misc]
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in initial}
        try:
            actions.save_plan(by=request.actor, now=timezone.now(), plan=found, **answers)
        except Stale as error:
            form.stale(error, version=_load(request, token).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            return _saved(request, found)
    return form_about(
        request, found.person, form, f"Write plan {found.reference}", _href(request, found),
        quote=found.own_words, crumbs=_crumbs(request),
    )  # fmt: skip


def _typed(held: dict[tuple[str, int | None], HeldText], place: str, current: str) -> str:
    """What the writer typed last, also while it waits for a second person."""
    waiting = held.get((place, None))
    return waiting.words if waiting is not None else current


def _saved(request: StaffRequest, found: Plan) -> HttpResponse:
    held = waiting_in(found)
    if any(place in (Place.PLAN_GOALS, Place.PLAN_NOTES) for place, _ in held):
        messages.warning(
            request,
            "The plan is saved, but some words seem to describe personal care. They wait for the deputy or the "
            "safeguarding lead and are not in the plan until one of them has allowed them.",
        )
        return redirect("referrals:plan_held", request.prison.code, found.token)
    messages.success(request, "The plan is saved.")
    if _load(request, found.token).status == Plan.Status.DRAFT:
        return redirect("referrals:plan_tasks", request.prison.code, found.token)
    return redirect(_href(request, found))


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def plan_activate(request: StaffRequest, token: str) -> HttpResponse:
    """Make the plan active, after a last look."""
    found = _load(request, token)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    form.submit_label = "Make the plan active"  # type: ignore[misc]
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
@requires(P.PLAN_VIEW)
def plan_print(request: StaffRequest, token: str) -> HttpResponse:
    """The plan on one page. Notes for staff stay off the paper."""
    found = _load(request, token)
    now = timezone.now()
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    context = _on_one_page(request, found, london_today(now)) | {
        "printed_by": request.user.name,
        "printed_at": now,
        "back_href": _href(request, found),
        "consents": _consents(request, found),
    }
    return render(request, "referrals/plan_print.html", context)


@require_safe
@requires(P.ASSESSMENT_VIEW)
def plan_shared(request: StaffRequest, token: str) -> HttpResponse:
    """The plan as the council and healthcare see it, while the person's consent to sharing stands."""
    found = _load(request, token)
    shared = is_shared(found) and found.status in Plan.LIVE
    if not shared or not concerns_body(request.prison, found.person, bodies_of(request)):
        raise Http404
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    back = [{"text": "Requests for assessment", "href": reverse("referrals:assessments", args=[request.prison.code])}]
    context = _on_one_page(request, found, london_today(timezone.now())) | {"crumbs": back}
    return render(request, "referrals/plan_shared.html", context)


def _on_one_page(request: StaffRequest, found: Plan, today: date) -> dict[str, Any]:
    """What both the paper and the shared view show: nothing that is for the prison's staff alone."""
    needs = needs_of_person(request.prison, found.person).filter(OPEN)
    return {
        "plan": found,
        "basis": basis_of(found),
        "who": identity(request, found.person),
        "tag": plan_tag(found),
        "tasks": task_lines(found, list(queries.running_tasks(found)), {}),
        "rows": [
            {"key": "What the help should achieve", "value": found.goals},
            {"key": "The buddy must know", "value": "\n".join(SafetyWord(w).label for w in found.safety_words)},
            {"key": "Personal evacuation plan", "value": "Yes" if found.evacuation_plan else "No"},
            {"key": "Next review", "value": day(found.review_on)},
        ],
        "needs": [{"name": need.task.name, "days": in_days(days_waiting(need, today))} for need in needs],
    }


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
