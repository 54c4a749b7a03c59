"""Who is to be asked how they are, what one person said, asking, and a licensed score."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from monitoring.actions.outcomes import record_outcome, record_score
from monitoring.forms.outcomes import THE_PERSON, WELSH, OutcomeForm, ScoreForm
from monitoring.models import Outcome
from monitoring.outcomes import BY_CODE, About, Instrument, Point, due, window
from monitoring.queries import outcomes as queries
from monitoring.rules.outcomes import can_ask
from schemes.models import Buddy


def outcomes_url(request: StaffRequest, name: str, *args: str) -> str:
    """An address of outcomes."""
    return reverse(f"monitoring:{name}", args=[request.prison.code, *args])


def outcomes_crumbs(request: StaffRequest) -> list[dict[str, str]]:
    """The list of who is to be asked."""
    return [{"text": "Outcomes", "href": outcomes_url(request, "outcomes")}]


@require_safe
@requires(P.OUTCOMES_RECORD)
def outcomes(request: StaffRequest) -> HttpResponse:
    """Everybody who is to be asked now, the longest due first."""
    today = london_today(timezone.now())
    page = page_of(queries.due_rows(request.prison, today), request)
    rows = [
        Row(
            text=each.person.list_name,
            href=_subject_url(request, each.subject),
            hidden="answers",
            cells=[
                "Buddy" if each.instrument.about is About.BUDDY else "Is helped",
                each.due.point.words,
                day_in_words(each.due.until),
            ],
            tag=Tag(text="Late", colour="red") if each.due.late(today) else Tag(text="Due", colour="blue"),
        )
        for each in page
    ]
    return render(
        request,
        "monitoring/outcomes.html",
        {
            "title": "Outcomes",
            "lead": "People are asked three short questions at the start, after four weeks and at the end. Ask in "
            "private. A buddy never asks these questions.",
            "page": page,
            "noun": "people to ask",
            "table": Table(
                caption="People to ask, the longest due first",
                first="Name",
                columns=["Who", "When", "Can be asked until"],
                rows=rows,
            ),
            "empty": "Nobody is to be asked at the moment.",
            "asks_staff": any(each.about is About.STAFF for each in queries.asked_here(request.prison)),
        },
    )


def _subject_url(request: StaffRequest, subject: Any) -> str:
    name = "outcomes_of_buddy" if isinstance(subject, Buddy) else "outcomes_of_plan"
    return outcomes_url(request, name, subject.token)


@require_safe
@requires(P.OUTCOMES_RECORD)
def of_plan(request: StaffRequest, token: str) -> HttpResponse:
    """What the person of a plan said, and what can be asked."""
    return _said(request, get_object_or_404(queries.any_plan(request.prison), token=token))


@require_safe
@requires(P.OUTCOMES_RECORD)
def of_buddy(request: StaffRequest, token: str) -> HttpResponse:
    """What a buddy said, and what can be asked."""
    return _said(request, get_object_or_404(queries.buddies_of(request.prison), token=token))


def _said(request: StaffRequest, subject: Any) -> HttpResponse:
    today = london_today(timezone.now())
    said = queries.said_of(subject)
    viewed(by=request.actor, prison=request.prison.code, subject=subject, person_id=subject.person_id)
    about = About.BUDDY if isinstance(subject, Buddy) else About.HELPED
    on = queries.setting_of(request.prison).switched_on
    asks = []
    begun = about is About.BUDDY or subject.began is not None
    for instrument in queries.asked_here(request.prison) if begun else ():
        if instrument.about is about:
            asks.append(_points(request, subject, instrument, [r for r in said if r.instrument == instrument.code], on))
    return render(
        request,
        "monitoring/outcomes_of.html",
        {
            "title": "How somebody is",
            "who": {"name": subject.person.full_name, "number": subject.person.prison_number},
            "is_buddy": about is About.BUDDY,
            "asks": asks,
            "begun": begun,
            "today": today,
            "scores": [_score_row(row) for row in reversed(said) if row.instrument == "SCORE"],
            "score_url": outcomes_url(request, "score_buddy" if about is About.BUDDY else "score_plan", subject.token),
            "crumbs": outcomes_crumbs(request),
        },
    )


def _points(
    request: StaffRequest, subject: Any, instrument: Instrument, said: list[Outcome], on: list[str]
) -> dict[str, Any]:
    """One instrument: what was said at each time, with links to ask or correct, and what is due now."""
    run = queries.run_of(subject)
    start = next((row.asked_on for row in said if row.point == Point.START), None)
    name = "ask_buddy" if isinstance(subject, Buddy) else "ask_plan"
    today = london_today(timezone.now())
    now_due = due(run, [Point(row.point) for row in said], today)
    rows = []
    for point in Point:
        there = [row for row in said if row.point == point]
        span = window(point, run)
        allowed = (
            span is not None
            and span[0] <= today
            and can_ask(
                instrument=instrument,
                switched_on=on,
                point=point,
                run=run,
                started_on=None if point is Point.START else start,
            )
        )
        if not there and not allowed:
            continue
        href = outcomes_url(request, name, subject.token, instrument.code, point.value)
        value = "\n".join(_answers_words(instrument, row) for row in there) or "Not asked"
        action = "Correct" if there and point is not Point.LATER else "Ask"
        rows.append({"key": point.words, "value": value, "href": href if allowed else "", "action": action})
    return {"title": instrument.title, "rows": rows, "due": now_due.point.words if now_due else ""}


def _answers_words(instrument: Instrument, row: Outcome) -> str:
    words = [f"{day_in_words(row.asked_on)}. {row.get_proxy_display()}" if row.proxy else day_in_words(row.asked_on)]
    for question in instrument.questions:
        answer = next((a.en for a in question.answers if a.value == row.answers.get(question.code)), "No answer")
        words.append(f"{question.en} {answer}")
    return "\n".join(words)


def _score_row(row: Outcome) -> dict[str, str]:
    value = f"{row.score.normalize():f}" if row.score is not None else ""
    return {
        "key": f"{row.get_licensed_display()}, {row.get_point_display().lower()}",
        "value": f"{value}, on {day_in_words(row.asked_on)}. Licence {row.licence}",
    }


@require_http_methods(["GET", "POST"])
@requires(P.OUTCOMES_RECORD)
def ask_plan(request: StaffRequest, token: str, instrument_code: str, point_code: str) -> HttpResponse:
    """Record what the person of a plan says."""
    subject = get_object_or_404(queries.plans_of(request.prison), token=token)
    return _ask(request, subject, instrument_code, point_code, About.HELPED)


@require_http_methods(["GET", "POST"])
@requires(P.OUTCOMES_RECORD)
def ask_buddy(request: StaffRequest, token: str, instrument_code: str, point_code: str) -> HttpResponse:
    """Record what a buddy says."""
    subject = get_object_or_404(queries.buddies_of(request.prison), token=token)
    return _ask(request, subject, instrument_code, point_code, About.BUDDY)


def _ask(request: StaffRequest, subject: Any, instrument_code: str, point_code: str, about: About) -> HttpResponse:
    instrument = BY_CODE.get(instrument_code)
    if instrument is None or instrument.about is not about or point_code not in [point.value for point in Point]:
        raise Http404("no such questions")
    point = Point(point_code)
    now = timezone.now()
    said = [row for row in queries.said_of(subject) if row.instrument == instrument.code and row.point == point]
    old = said[-1] if said and point is not Point.LATER else None
    language = WELSH if request.GET.get("lang") == WELSH else "en"
    form = OutcomeForm(
        request.POST or None, instrument=instrument, language=language, initial=_filled(old, london_today(now))
    )
    back = _subject_url(request, subject)
    if request.method == "POST" and form.is_valid():
        try:
            record_outcome(
                by=request.actor,
                now=now,
                subject=subject,
                instrument=instrument,
                point=point,
                asked_on=form.cleaned_data["asked_on"],
                answers=form.answers,
                proxy=form.proxy,
                version=form.cleaned_data["version"],
            )
        except Stale as error:
            form.stale(error, version=old.version if old else 0)
        except NotAllowed as error:
            _refuse(form, error)
        else:
            messages.success(request, "The answers are saved.")
            return redirect(back)
    form.cancel_url = back
    return render(
        request,
        "monitoring/outcome_ask.html",
        {
            "title": f"{point.words}: {instrument.title[0].lower()}{instrument.title[1:]}",
            "caption": subject.person.full_name,
            "lead": "Read each question out, in private. Leave out what the person would rather not say.",
            "form": form,
            "welsh": language == WELSH,
            "crumbs": [*outcomes_crumbs(request), {"text": "How somebody is", "href": back}],
        },
    )


def _refuse(form: OutcomeForm, error: NotAllowed) -> None:
    field = f"answer_{error.field}" if f"answer_{error.field}" in form.fields else error.field
    form.refuse(str(error), field=field)


def _filled(old: Outcome | None, today: Any) -> dict[str, Any]:
    if old is None:
        return {"version": 0, "asked_on": today, "proxy": THE_PERSON}
    answers = {f"answer_{code}": str(value) for code, value in old.answers.items()}
    return {**answers, "version": old.version, "asked_on": old.asked_on, "proxy": old.proxy or THE_PERSON}


@require_http_methods(["GET", "POST"])
@requires(P.OUTCOMES_RECORD)
def score_plan(request: StaffRequest, token: str) -> HttpResponse:
    """Keep the score of a licensed instrument for the person of a plan."""
    return _score(request, get_object_or_404(queries.plans_of(request.prison), token=token))


@require_http_methods(["GET", "POST"])
@requires(P.OUTCOMES_RECORD)
def score_buddy(request: StaffRequest, token: str) -> HttpResponse:
    """Keep the score of a licensed instrument for a buddy."""
    return _score(request, get_object_or_404(queries.buddies_of(request.prison), token=token))


def _score(request: StaffRequest, subject: Any) -> HttpResponse:
    now = timezone.now()
    form = ScoreForm(request.POST or None, initial={"asked_on": london_today(now)})
    back = _subject_url(request, subject)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            record_score(
                by=request.actor,
                now=now,
                subject=subject,
                point=Point(said["point"]),
                asked_on=said["asked_on"],
                licensed=said["licensed"],
                edition="",
                licence=said["licence"],
                score=form.number,
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The score is saved.")
            return redirect(back)
    form.cancel_url = back
    return render(
        request,
        "components/form_page.html",
        {
            "title": "Keep a licensed score",
            "caption": subject.person.full_name,
            "lead": "The questions of these instruments belong to others, so only the score is kept, with the licence.",
            "form": form,
            "crumbs": [*outcomes_crumbs(request), {"text": "How somebody is", "href": back}],
        },
    )
