"""Self-assessments of a prison: the quarters, one quarter, starting it, answering an item, and finishing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import Quarter, london_today, parse_period
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.tables import Row, Table, Tag
from monitoring.actions.self_assessment import answer_item, finish_self_assessment, start_self_assessment
from monitoring.forms.self_assessment import AnswerForm, FinishForm
from monitoring.models import SelfAction, SelfAnswer, SelfAssessment, SelfEvidence
from monitoring.models.self_assessment import Answer
from monitoring.queries import self_assessment as queries
from monitoring.queries.figures import opened_on
from monitoring.queries.self_assessment import Suggestion
from monitoring.rules.self_assessment import can_change, can_start
from monitoring.standards import BY_CODE, ITEMS, Item, contradicts
from monitoring.views.periods import quarters_since

COLOURS = {Answer.MET: "green", Answer.PARTLY: "yellow", Answer.NOT_MET: "red", Answer.NOT_KNOWN: "grey"}
NOTHING = Suggestion("", "")


def address(request: StaffRequest, name: str, *args: str) -> str:
    """An address of self-assessments."""
    return reverse(f"monitoring:{name}", args=[request.prison.code, *args])


def item_address(request: StaffRequest, assessment: SelfAssessment, item: str) -> str:
    """Where an item stands on its quarter's page."""
    return f"{address(request, 'self_assessment', assessment.period)}#{item}"


def crumbs_of(request: StaffRequest, quarter: Quarter | None = None) -> list[dict[str, str]]:
    """The list, and the quarter where the page is below it."""
    crumbs = [{"text": "Self-assessment", "href": address(request, "self_assessments")}]
    if quarter is not None:
        crumbs.append({"text": str(quarter), "href": address(request, "self_assessment", quarter.code)})
    return crumbs


def quarter_or_404(code: str) -> Quarter:
    """The quarter of an address."""
    try:
        period = parse_period(code)
    except ValueError:
        period = None
    if not isinstance(period, Quarter):
        raise Http404("no such quarter")
    return period


def item_or_404(code: str) -> Item:
    """The item of an address."""
    if code not in BY_CODE:
        raise Http404("no such item")
    return BY_CODE[code]


def open_or_none(request: StaffRequest, quarter: Quarter) -> SelfAssessment | None:
    """The quarter's self-assessment while it can be changed."""
    assessment = queries.assessment_of(request.prison, quarter)
    return assessment if assessment is not None and can_change(assessment) else None


@require_safe
@requires(P.FIGURES_VIEW)
def self_assessments(request: StaffRequest) -> HttpResponse:
    """The quarters of the last three years, the newest first, and where each stands."""
    today = london_today(timezone.now())
    opened = opened_on(request.prison)
    started = {each.period: each for each in queries.assessments_of(request.prison)}
    rows = [_quarter_row(request, quarter, started.get(quarter.code)) for quarter in quarters_since(opened, today)]
    open_ones = queries.open_actions(request.prison).count()
    context = {
        "title": "Self-assessment",
        "lead": "Once a quarter you say how the scheme does against inspection expectations and its own standard. What "
        "the records suggest stands beside every item.",
        "table": Table(
            caption="Quarters, newest first", first="Quarter", columns=["Started", "Finished", "By"], rows=rows
        )
        if rows
        else None,
        "empty": "The scheme is not open yet. The first self-assessment is of the quarter in which it opens.",
        "actions_text": f"Plan of action: {open_ones} open",
        "actions_url": address(request, "self_actions"),
    }
    return render(request, "monitoring/self_assessments.html", context)


def _quarter_row(request: StaffRequest, quarter: Quarter, started: SelfAssessment | None) -> Row:
    finished = started is not None and started.finished_at is not None
    tag = Tag(text="Not started", colour="grey")
    if started is not None:
        tag = Tag(text="Finished", colour="green") if finished else Tag(text="Started", colour="blue")
    return Row(
        text=str(quarter),
        href=address(request, "self_assessment", quarter.code),
        hidden="self-assessment",
        cells=[
            day_in_words(london_today(started.started_at)) if started else "–",
            day_in_words(london_today(started.finished_at)) if started and started.finished_at else "–",
            (started.finished_by or started.started_by).name if started else "–",
        ],
        tag=tag,
    )


@dataclass(frozen=True)
class Held:
    """Everything that a quarter's page shows, by item."""

    assessment: SelfAssessment
    answers: dict[str, SelfAnswer]
    suggestions: dict[str, Suggestion]
    evidence: dict[str, list[SelfEvidence]]
    plan: dict[str, list[SelfAction]]


@require_safe
@requires(P.FIGURES_VIEW)
def self_assessment(request: StaffRequest, quarter_code: str) -> HttpResponse:
    """One quarter: every item under its heading, with the answer, what the records suggest, evidence and actions."""
    quarter = quarter_or_404(quarter_code)
    today = london_today(timezone.now())
    assessment = queries.assessment_of(request.prison, quarter)
    writes = may(request, P.SELF_ASSESS)
    context: dict[str, Any] = {"title": f"Self-assessment of {quarter}", "crumbs": crumbs_of(request)}
    if assessment is None:
        allowed = can_start(quarter, today=today, opened_on=opened_on(request.prison), started=False)
        context["start_url"] = address(request, "start_self_assessment", quarter.code) if allowed and writes else ""
        return render(request, "monitoring/self_assessment.html", context)
    changes = writes and can_change(assessment)
    held = Held(
        assessment,
        queries.answers_of(assessment),
        # A finished one shows what the records suggested then.
        queries.suggestions(request.prison, quarter) if can_change(assessment) else {},
        queries.evidence_of(assessment),
        queries.plan_of(assessment),
    )
    sections: dict[str, list[dict[str, Any]]] = {}
    for item in ITEMS:
        sections.setdefault(item.heading, []).append(_item(request, item, held, today, changes=changes))
    context |= {
        "assessment": assessment,
        "sections": [{"heading": heading, "entries": items} for heading, items in sections.items()],
        "standing": _standing([each for items in sections.values() for each in items]),
        "finish_url": address(request, "finish_self_assessment", quarter.code) if changes else "",
    }
    return render(request, "monitoring/self_assessment.html", context)


def _standing(items: list[dict[str, Any]]) -> str:
    answered = sum(1 for each in items if each["answer"])
    against = [each for each in items if each["flag"]]
    words = [f"{answered} of {len(items)} items answered."]
    if against:
        bare = sum(1 for each in against if not each["why"])
        words.append(f"{len(against)} differ from what the records suggest; {bare} without a reason.")
    return " ".join(words)


def _item(request: StaffRequest, item: Item, held: Held, today: date, *, changes: bool) -> dict[str, Any]:
    given = held.answers.get(item.code)
    now = held.suggestions.get(item.code) or (Suggestion(given.suggested, given.figures) if given else NOTHING)
    args = (held.assessment.period, item.code)
    return {
        "code": item.code,
        "asks": item.asks,
        "speaks_to": item.speaks_to,
        "basis": item.basis,
        "answer": given.get_answer_display() if given else "",
        "colour": COLOURS.get(Answer(given.answer)) if given else "",
        "by": f"{given.answered_by.name}, {day_in_words(london_today(given.answered_at))}" if given else "",
        "suggests": suggests_words(now),
        "flag": _flag(given, now),
        "why": given.words if given else "",
        "evidence": [_evidence(request, each, changes=changes) for each in held.evidence.get(item.code, [])],
        "actions": [_action(request, each, today) for each in held.plan.get(item.code, [])],
        "answer_url": address(request, "answer_item", *args) if changes else "",
        "evidence_url": address(request, "add_evidence", *args) if changes and given else "",
        "action_url": address(request, "add_self_action", *args) if changes else "",
    }


def suggests_words(suggestion: Suggestion) -> str:
    """What the records suggest and what that rests on; or only what they hold."""
    if not suggestion.answer:
        return suggestion.figures or "Nothing: no figure is recorded"
    return f"{Answer(suggestion.answer).label}. {suggestion.figures}".strip()


def _flag(given: SelfAnswer | None, now: Suggestion) -> str:
    """The sentence over an answer that the records contradict, now or when it was given."""
    if given is None:
        return ""
    if contradicts(given.answer, now.answer):
        return f"The records suggest: {Answer(now.answer).label.lower()}. {now.figures}"
    if given.contradicts:
        return f"The records suggested when you answered: {Answer(given.suggested).label.lower()}. {given.figures}"
    return ""


def _evidence(request: StaffRequest, evidence: SelfEvidence, *, changes: bool) -> dict[str, str]:
    sees = may(request, P.SELF_EVIDENCE_VIEW)
    is_file, is_page = evidence.kind == evidence.Kind.FILE, evidence.kind == evidence.Kind.PAGE
    href = ""
    if is_page:
        href = evidence.place
    elif is_file and sees:
        href = address(request, "evidence_file", evidence.token)
    size = f"{evidence.get_media_display()}, {max(1, round((evidence.size or 0) / 1000)):,} kB"
    return {
        "text": evidence.shows,
        "href": href,
        "note": f"{evidence.file_name if sees else 'File'} ({size})" if is_file else "" if is_page else evidence.place,
        "take_out_url": address(request, "take_out_evidence", evidence.token) if changes else "",
    }


def _action(request: StaffRequest, action: SelfAction, today: date) -> dict[str, Any]:
    is_open = action.state == SelfAction.State.OPEN
    late = is_open and action.due_on < today
    return {
        "text": action.what,
        "note": f"{action.responsible}, by {day_in_words(action.due_on)}",
        "tag": "Overdue" if late else action.get_state_display(),
        "colour": "red" if late else "blue" if is_open else "green" if action.state == action.State.DONE else "grey",
        "came_of": action.came_of,
        "close_url": address(request, "close_self_action", action.token)
        if is_open and may(request, P.SELF_ASSESS)
        else "",
    }


@require_http_methods(["GET", "POST"])
@requires(P.SELF_ASSESS)
def start(request: StaffRequest, quarter_code: str) -> HttpResponse:
    """Start a quarter's self-assessment."""
    quarter = quarter_or_404(quarter_code)
    back = address(request, "self_assessment", quarter.code)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Start")
    if request.method == "POST" and form.is_valid():
        try:
            start_self_assessment(by=request.actor, now=timezone.now(), prison=request.prison, quarter=quarter)
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect(back)
    form.cancel_url = back
    return _ask(
        request,
        f"Start the self-assessment of {quarter}",
        form,
        quarter,
        lead=f"There are {len(ITEMS)} items. What the records suggest, and what you answered last time, is filled in. "
        "Nothing counts before you save it.",
    )


@require_http_methods(["GET", "POST"])
@requires(P.SELF_ASSESS)
def finish(request: StaffRequest, quarter_code: str) -> HttpResponse:
    """Finish it: nothing changes afterwards."""
    quarter = quarter_or_404(quarter_code)
    back = address(request, "self_assessment", quarter.code)
    assessment = open_or_none(request, quarter)
    if assessment is None:
        return redirect(back)
    form = FinishForm(request.POST if request.method == "POST" else None, initial={"version": assessment.version})
    if request.method == "POST" and form.is_valid():
        try:
            finish_self_assessment(
                by=request.actor, now=timezone.now(), assessment=assessment, version=form.cleaned_data["version"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"The self-assessment of {quarter} is finished.")
            return redirect(back)
    form.cancel_url = back
    return _ask(
        request,
        f"Finish the self-assessment of {quarter}",
        form,
        quarter,
        lead="Its answers and evidence stay as they are from then on. Open actions go on to the next quarter.",
    )


@require_http_methods(["GET", "POST"])
@requires(P.SELF_ASSESS)
def answer(request: StaffRequest, quarter_code: str, item_code: str) -> HttpResponse:
    """Answer one item beside what the records suggest; the last quarter's answer is a start."""
    quarter, item = quarter_or_404(quarter_code), item_or_404(item_code)
    assessment = open_or_none(request, quarter)
    if assessment is None:
        return redirect(address(request, "self_assessment", quarter.code))
    suggestion = queries.suggestions(request.prison, quarter)[item.code]
    versions = queries.versions_of(assessment, item.code)
    before = queries.assessment_before(request.prison, quarter)
    last_time = queries.answers_of(before).get(item.code) if before else None
    initial = _start_of(versions[0] if versions else None, last_time, suggestion)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        initial={**initial, "version": versions[0].version if versions else 0},
    )
    back = item_address(request, assessment, item.code)
    if request.method == "POST" and form.is_valid():
        try:
            given = answer_item(
                by=request.actor, now=timezone.now(), assessment=assessment, item=item.code, **form.cleaned_data
            )
        except Stale as error:
            form.stale(error, version=versions[0].version if versions else 0)
        except NotAllowed as error:
            form.refuse(error)
        else:
            _say_saved(request, given)
            return redirect(back)
    form.cancel_url = back
    rows = [
        {"key": "The records suggest", "value": suggests_words(suggestion)},
        {"key": "How this is worked out", "value": item.bounds},
        {"key": "Speaks to", "value": f"{item.speaks_to}\nBasis: {item.basis}"},
    ]
    if last_time is not None and before is not None:
        rows.insert(1, {"key": f"In {_quarter_of(before)}", "value": _last_words(last_time)})
    context = {
        "title": f"{item.code}: {item.asks}",
        "form": form,
        "rows": rows,
        "versions": [_version(row) for row in versions],
        "crumbs": crumbs_of(request, quarter),
    }
    return render(request, "monitoring/self_answer.html", context)


def _start_of(given: SelfAnswer | None, last_time: SelfAnswer | None, suggestion: Suggestion) -> dict[str, str]:
    """What the form begins with: the answer that stands; last time's unless the records differ; what they suggest."""
    if given is not None:
        return {"answer": given.answer, "words": given.words}
    if last_time is not None and not contradicts(last_time.answer, suggestion.answer):
        return {"answer": last_time.answer, "words": last_time.words}
    return {"answer": suggestion.answer, "words": ""}


def _quarter_of(assessment: SelfAssessment) -> str:
    return str(parse_period(assessment.period))


def _last_words(row: SelfAnswer) -> str:
    return f"{row.get_answer_display()}\n{row.words}".strip()


def _version(row: SelfAnswer) -> dict[str, Any]:
    suggested = f"The records suggested: {Answer(row.suggested).label.lower()}." if row.suggested else ""
    lines = (row.words, f"{suggested} {row.figures}".strip())
    return {
        "title": row.get_answer_display(),
        "at": row.answered_at,
        "by": row.answered_by.name,
        "text": "\n".join(line for line in lines if line),
    }


def _say_saved(request: StaffRequest, given: SelfAnswer) -> None:
    if given.contradicts and not given.words:
        messages.warning(request, f"{given.item} is saved. The records suggest another answer: say why before the end.")
    else:
        messages.success(request, f"{given.item} is saved.")


def _ask(request: StaffRequest, title: str, form: Any, quarter: Quarter, lead: str = "") -> HttpResponse:
    context = {"title": title, "form": form, "lead": lead, "crumbs": crumbs_of(request, quarter)}
    return render(request, "components/form_page.html", context)
