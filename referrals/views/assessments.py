"""What was put to the council and to healthcare. Each sees what was put to it, and answers; the lead sees both."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table, Tag
from referrals.actions.assessments import answer_assessment
from referrals.forms.assessments import AnswerForm, AssessmentFilter
from referrals.models import AssessmentRequest, Referral
from referrals.queries import assessments as queries
from referrals.queries.places import place_of
from referrals.queries.plans import live_plan_of
from referrals.rules.council import council_of, route_of
from referrals.views.words import day, form_about, identity, in_days, moment
from schemes.models import Person

Body = AssessmentRequest.Body
MAY_ANSWER = {Body.COUNCIL: P.ASSESSMENT_ANSWER_COUNCIL, Body.HEALTHCARE: P.ASSESSMENT_ANSWER_HEALTH}
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
    found = queries.assessments_of(request.prison, bodies)
    if "body" in answers:
        found = found.filter(body=answers["body"])
    if "state" in answers:
        found = found.filter(decided_on__isnull=answers["state"] == "open")
    today = london_today(timezone.now())
    page = page_of(found, request)
    table = Table(
        caption="Requests, the longest waiting first",
        first="Name",
        columns=["Place", "Put to", "Asked on", Column(text="Days", numeric=True)],
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
            assessment.get_body_display(),
            day(assessment.asked_on),
            str(queries.days_waiting(assessment, today)),
        ],
        tag=_tag(assessment),
    )


def _tag(assessment: AssessmentRequest) -> Tag:
    words = assessment.get_decision_display()
    if not words:
        words = (
            "Seen, no decision" if assessment.visited_on else "Received" if assessment.acknowledged_on else "Waiting"
        )
    return Tag(text=words, colour=COLOURS[assessment.decision])


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
        {"key": "Days waiting" if found.decided_on is None else "Days until the decision", "value": waited},
        {"key": "Received", "value": day(found.acknowledged_on)},
        {"key": "Person seen", "value": day(found.visited_on)},
        {"key": "Decided", "value": day(found.decided_on)},
        {"key": "Decision", "value": found.get_decision_display()},
        {"key": "What the prison should know", "value": found.answer},
    ]
    if found.answered_by is not None:
        rows.append({"key": "Last answer by", "value": f"{found.answered_by.name}, {moment(found.answered_at)}"})
    areas = [Referral.NeedArea(area).label for area in found.referral.need_areas]
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


def _load(request: StaffRequest, token: str) -> AssessmentRequest:
    """A request to the reader's own body; another body's does not exist for them."""
    rows = queries.assessments_of(request.prison, bodies_of(request)).select_related(
        "person", "referral", "asked_by", "answered_by"
    )
    found: AssessmentRequest | None = rows.filter(token=token).first()
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
