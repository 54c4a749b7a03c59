"""What was put to the council and to healthcare. Each sees what was put to it, and answers; the lead sees both."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from referrals.actions.assessments import answer_assessment, chase_assessment, receive_plan
from referrals.forms.assessments import CHASE, AnswerForm, AssessmentFilter, PlanReceivedForm
from referrals.letter_words import languages_of
from referrals.models import AssessmentChase, AssessmentRequest, Referral
from referrals.queries import assessments as queries
from referrals.queries.places import place_of
from referrals.queries.plans import live_plan_of
from referrals.queries.referrals import areas_of
from referrals.rules.council import council_of, route_of
from referrals.views.letters import chase_words
from referrals.views.words import day, form_about, identity, in_days, moment
from schemes.models import Person

Body, Step = AssessmentRequest.Body, AssessmentChase.Step
MAY_ANSWER = {Body.COUNCIL: P.ASSESSMENT_ANSWER_COUNCIL, Body.HEALTHCARE: P.ASSESSMENT_ANSWER_HEALTH}
RECEIVES = (P.ASSESSMENT_ANSWER_COUNCIL, P.ASSESSMENT_CHASE)
LISTS = {
    "": queries.assessments_of,
    "open": queries.unanswered,
    "decided": queries.decided,
    "closed": queries.closed_undecided,
}
WAITS_FOR: dict[str, str] = {
    Step.ACKNOWLEDGE: "Waits for an answer that it has come",
    Step.VISIT: "Received, waits for the person to be seen",
    Step.DECIDE: "Person seen, waits for the decision",
    Step.PLAN: "Eligible, waits for the council’s plan",
}
COLOURS = {"": "blue", "ELIGIBLE": "green", "WILL_HELP": "green", "NOT_ELIGIBLE": "grey", "NO_ACTION": "grey"}


def bodies_of(request: StaffRequest) -> list[str]:
    """The bodies the reader answers for; for those who answer for none, such as the lead, both."""
    own = [body.value for body, permission in MAY_ANSWER.items() if may(request, permission)]
    return own or [body.value for body in Body]


@require_safe
@requires(P.ASSESSMENT_VIEW)
def assessments(request: StaffRequest) -> HttpResponse:
    """Requests, those without a decision first, the longest waiting on top."""
    bodies = bodies_of(request)
    filter_form = AssessmentFilter(request.GET)
    if len(bodies) == 1:
        del filter_form.fields["body"]
    answers = filter_form.answers
    today = london_today(timezone.now())
    if answers.get("state") == CHASE:
        found = queries.to_chase(request.prison, bodies, today)
    else:
        found = queries.with_clock(LISTS[answers.get("state", "")](request.prison, bodies), today)
    if "body" in answers:
        found = found.filter(body=answers["body"])
    page = page_of(found, request)
    table = Table(
        caption="Requests, the longest waiting first",
        first="Name",
        columns=["Place", "Put to", "Where it stands", Column(text="Days", numeric=True)],
        rows=[_row(request, assessment, today) for assessment in page],
    )
    return render(request, "components/list_page.html", {
        "title": "Requests for assessment", "page": page, "table": table, "noun": "requests",
        "filter_form": filter_form, "empty": "Nothing has been put to you." if len(bodies) == 1 else
        "Nothing has been put to the council or to healthcare.",
    })  # fmt: skip


def _row(request: StaffRequest, assessment: AssessmentRequest, today: date) -> Row:
    return Row(
        text=assessment.person.list_name,
        href=reverse("referrals:assessment", args=[request.prison.code, assessment.token]),
        hidden=f"request {assessment.reference}",
        note=f"{assessment.person.prison_number}, {assessment.reference}",
        cells=[
            place_of(assessment),
            Cell(text=assessment.get_body_display(), note=day(assessment.asked_on)),
            Cell(text=_stands(assessment), note=_chased(assessment)),
            str(queries.days_waiting(assessment, today)),
        ],
        tag=_tag(assessment),
    )


def _stands(assessment: AssessmentRequest) -> str:
    """What has come, or what is waited for."""
    step: str = assessment.step  # type: ignore[attr-defined]
    if step:
        return WAITS_FOR[step]
    return assessment.get_decision_display() or assessment.close_reason


def _chased(assessment: AssessmentRequest) -> str:
    on: date | None = assessment.chased_on  # type: ignore[attr-defined]
    return f"Letter on {day(on)}" if on is not None else ""


def _tag(assessment: AssessmentRequest) -> Tag:
    """Within or over the scheme's limit while something is waited for; else the decision, or that it is closed."""
    if assessment.step:  # type: ignore[attr-defined]
        waited, limit = assessment.waited, assessment.limit  # type: ignore[attr-defined]
        if limit is not None and waited > limit:
            return Tag(text="Late", colour="red")
        return Tag(text="In time", colour="blue")
    if assessment.decision:
        return Tag(text=assessment.get_decision_display(), colour=COLOURS[assessment.decision])
    return Tag(text="Closed", colour="grey")


@require_safe
@requires(P.ASSESSMENT_VIEW)
def assessment(request: StaffRequest, token: str) -> HttpResponse:
    """One request with its dates, and the shared plan where the person agreed to sharing."""
    found = _load(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    today = london_today(timezone.now())
    waited = in_days(queries.days_waiting(found, today))
    rows = [
        {"key": "Put to", "value": _name(request, found)},
        {"key": "Asked", "value": f"{day(found.asked_on)}, by {found.asked_by.name}"},
        {"key": _days_words(found), "value": waited},
        {"key": "Received", "value": day(found.acknowledged_on)},
        {"key": "Person seen", "value": day(found.visited_on)},
        {"key": "Decided", "value": day(found.decided_on)},
        {"key": "Decision", "value": found.get_decision_display()},
        *_plan_rows(found),
        *_clock_rows(found),
        {"key": "What the prison should know", "value": found.answer},
    ]
    if found.answered_by is not None:
        rows.append({"key": "Last answer by", "value": f"{found.answered_by.name}, {moment(found.answered_at)}"})
    areas = [Referral.NeedArea(area).label for area in areas_of(found.referral)]
    context = {
        "assessment": found,
        "who": identity(request, found.person),
        "tag": _tag(found),
        "rows": rows,
        "asked_rows": [
            {"key": "Help with", "value": "\n".join(areas)},
            {"key": "Why", "value": found.referral.reason},
            {"key": "How soon", "value": found.referral.get_urgency_display()},
        ],
        "route": route_of(request.prison) if found.body == Body.COUNCIL else None,
        "may_answer": may(request, MAY_ANSWER[Body(found.body)]),
        "may_receive": any(may(request, one) for one in RECEIVES) and found.step == Step.PLAN,
        "may_chase": may(request, P.ASSESSMENT_CHASE) and bool(found.step),
        "chased_today": found.chased_on == today,
        "chases": _chases(request, found),
        "plan_href": _shared_plan(request, found.person),
        "crumbs": _crumbs(request),
    }
    return render(request, "referrals/assessment_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.ASSESSMENT_ANSWER_COUNCIL, P.ASSESSMENT_ANSWER_HEALTH)
def assessment_answer(request: StaffRequest, token: str) -> HttpResponse:
    """Dates, decision and words."""
    found = _load(request, token)
    today = london_today(timezone.now())
    fields = ("acknowledged_on", "visited_on", "decided_on", "decision", "answer", "version")
    form = AnswerForm(
        request.POST or None,
        body=found.body,
        asked_on=found.asked_on,
        today=today,
        initial={name: getattr(found, name) for name in fields},
    )
    if request.method == "POST" and form.is_valid():
        try:
            answer_assessment(
                by=request.actor,
                now=timezone.now(),
                assessment=found,
                **{name: form.cleaned_data[name] for name in fields},
            )
        except Stale as error:
            form.stale(error, version=_load(request, token).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"The answer to request {found.reference} is saved.")
            return redirect("referrals:assessment", request.prison.code, token)
    back = reverse("referrals:assessment", args=[request.prison.code, token])
    asked = f"Asked on {day(found.asked_on)}. Fill in what has happened so far; you can add the rest later."
    return form_about(
        request, found.person, form, f"Answer request {found.reference}", back, lead=asked, crumbs=_crumbs(request)
    )


@require_http_methods(["GET", "POST"])
@requires(*RECEIVES)
def assessment_plan(request: StaffRequest, token: str) -> HttpResponse:
    """The day on which the council's plan came: entered by the council, or by the lead who holds it."""
    found = _load(request, token)
    today = london_today(timezone.now())
    initial = {"plan_received_on": found.plan_received_on or today, "version": found.version}
    form = PlanReceivedForm(request.POST or None, decided_on=found.decided_on, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("plan_received_on", "version")}
        try:
            receive_plan(by=request.actor, now=timezone.now(), assessment=found, **answers)
        except Stale as error:
            form.stale(error, version=_load(request, token).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Recorded that the council’s plan came.")
            return redirect("referrals:assessment", request.prison.code, token)
    back = reverse("referrals:assessment", args=[request.prison.code, token])
    return form_about(request, found.person, form, "The council’s plan", back, crumbs=_crumbs(request))


@require_POST
@requires(P.ASSESSMENT_CHASE)
def assessment_chase(request: StaffRequest, token: str) -> HttpResponse:
    """Log a letter, then show it for printing."""
    found = _load(request, token)
    try:
        chase = chase_assessment(by=request.actor, now=timezone.now(), assessment=found)
    except NotAllowed as error:
        messages.warning(request, str(error))
        return redirect("referrals:assessment", request.prison.code, token)
    return redirect("referrals:chase_letter", request.prison.code, chase.token)


@require_safe
@requires(P.ASSESSMENT_CHASE)
def chase_letter(request: StaffRequest, token: str) -> HttpResponse:
    """The letter as it was logged, in every language of the prison."""
    rows = AssessmentChase.objects.for_prison(request.prison).select_related("assessment__person", "printed_by")
    chase = get_object_or_404(rows, token=token)
    found = chase.assessment
    record(
        Event.PRINTED, by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id,
        page="letter about a request",
    )  # fmt: skip
    before = list(queries.chases_before(chase))
    limit = queries.limit_of(found, chase.step)
    return render(request, "referrals/letter.html", {
        "title": f"Letter about request {found.reference}",
        "letters": [
            chase_words(request.prison, chase, before, limit, language) for language in languages_of(request.prison)
        ],
        "sender": chase.printed_by.name,
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "back_href": reverse("referrals:assessment", args=[request.prison.code, found.token]),
    })  # fmt: skip


def _days_words(found: AssessmentRequest) -> str:
    if found.decided_on is not None:
        return "Days until the decision"
    return "Days waiting" if found.closed_on is None else "Days until it was closed"


def _plan_rows(found: AssessmentRequest) -> list[dict[str, str]]:
    if found.decision != AssessmentRequest.Decision.ELIGIBLE:
        return []
    return [{"key": "Council’s plan received", "value": day(found.plan_received_on)}]


def _clock_rows(found: Any) -> list[dict[str, str]]:
    """How the step that is waited for stands against the scheme's limit, or why nothing is waited for."""
    if found.closed_on is not None:
        return [{"key": "Closed", "value": found.close_reason}]
    if not found.step:
        return []
    rows = [{"key": "Next", "value": WAITS_FOR[found.step]}]
    if found.limit is not None:
        late = found.waited > found.limit
        words = f"{in_days(found.waited)} of {found.limit}" + (", over its limit" if late else "")
        rows.append({"key": "Days for this step", "value": words} | ({"tag": "red"} if late else {}))
    return rows


def _chases(request: StaffRequest, found: AssessmentRequest) -> list[dict[str, str]]:
    """Letters so far, newest first."""
    opens = may(request, P.ASSESSMENT_CHASE)
    return [
        {
            "when": day(chase.printed_on),
            "who": chase.printed_by.name,
            "step": chase.get_step_display(),
            "days": in_days(chase.waited),
            "href": reverse("referrals:chase_letter", args=[request.prison.code, chase.token]) if opens else "",
        }
        for chase in queries.chases_of(found)
    ]


def _load(request: StaffRequest, token: str) -> Any:
    """A request to the reader's own body; another body's does not exist for them."""
    rows = queries.assessments_of(request.prison, bodies_of(request)).select_related(
        "person", "referral", "asked_by", "answered_by"
    )
    rows = queries.with_clock(rows, london_today(timezone.now()))
    found: Any = rows.filter(token=token).first()
    if found is None:
        raise Http404
    return found


def _name(request: StaffRequest, found: AssessmentRequest) -> str:
    return council_of(request.prison) if found.body == Body.COUNCIL else found.get_body_display()


def _shared_plan(request: StaffRequest, person: Person) -> str:
    plan = live_plan_of(request.prison, person)
    if plan is None:
        return ""
    if may(request, P.PLAN_VIEW):
        return reverse("referrals:plan", args=[request.prison.code, plan.token])
    # Evacuation, equipment, falls and unmet personal care are shared in any case; that page says what is not.
    return reverse("referrals:plan_shared", args=[request.prison.code, plan.token])


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "Requests for assessment", "href": reverse("referrals:assessments", args=[request.prison.code])}]
