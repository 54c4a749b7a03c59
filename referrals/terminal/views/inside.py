"""The screens of somebody who is in: three doors, own visits, telling staff, own job."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals import drafts
from referrals.actions.concerns import raise_concern
from referrals.actions.danger import say_danger
from referrals.actions.lock_downs import see_notices
from referrals.actions.visits import log_visit
from referrals.models import Concern, PlannedVisit, TerminalEntry, Visit
from referrals.terminal import reads, sealed
from referrals.terminal.forms import (
    AS_PLANNED,
    KINDS,
    NOT_DONE,
    NOTHING,
    SOME,
    TELL,
    TOLD,
    Answers,
)
from referrals.terminal.halves import is_of
from referrals.terminal.look import look_of
from referrals.terminal.measure import measured
from referrals.terminal.pages import go, message, page
from referrals.terminal.presence import Inside, TerminalRequest, entered, keep_half
from referrals.terminal.questions import given
from referrals.terminal.reads import VisitOnScreen
from referrals.terminal.words import MONTHS, WEEKDAYS, WORDS, day_in, say, task_in
from referrals.visit_answers import EXTRA, EXTRA_PICTURES, REASON_PICTURES, REASONS
from schemes.queries.people import people_of

LAST_NOTICE = re.compile("[0-9]{1,18}")
STEP_MINUTES = 5
MOST_MINUTES = 480
KIND_PICTURES = {
    "1": "worry", "2": "asked", "8": "saw", "3": "did", "4": "debt", "5": "fall", "6": "hurt", "9": "about_staff",
    "7": "talk",
}  # fmt: skip
TOLD_PICTURES = {"1": ("officer", "told_yes"), "2": ("not_told", "told_not_yet")}
SAFETY_PICTURES = {
    "CANNOT_STAND": "cannot_stand", "UNSTEADY": "unsteady", "HARD_OF_HEARING": "ear", "POOR_SIGHT": "eye",
    "NEEDS_TIME": "clock", "WHEELCHAIR": "wheelchair",
}  # fmt: skip


@login_not_required
@require_safe
@entered
def home(request: TerminalRequest) -> HttpResponse:
    """Three doors for a buddy, four for somebody who is helped, three for anybody else; the rest stands small."""
    inside = request.inside
    mine, today = (inside.prison, inside.person_id), london_today(inside.now)
    with reads.reading(*mine):
        notices = reads.notices(*mine)
        buddy = reads.is_buddy(*mine)
        doors, others = _doors(
            inside.entry.token,
            buddy=buddy,
            # Also for somebody who is suspended and has not been told: the door stays, and says to speak to staff.
            visits=buddy or reads.must_speak(*mine, today),
            helped=bool(reads.own_help(*mine)),
        )
        context = {"name": reads.own_name(*mine), "draft": reads.draft(*mine, today) is not None}
    return page(request, "home.html", {
        **context,
        "doors": doors,
        "others": others,
        "notices": [_notice(one, today, look_of(request).language) for one in notices],
        "last_notice": max((one.id for one in notices), default=0),
    })  # fmt: skip


def _doors(
    tell_token: str, *, buddy: bool, visits: bool, helped: bool
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The large doors and the small ones. A buddy's own help and the jobs of somebody who is helped stand small."""
    own_visits = _door("visits", "visits", "visits")
    ask = _door("together", "help", "own_requests")
    own_help = [ask, _door("going", "going", "going"), _door("change", "stop_or_change", "own_change")]
    tell = _door("tell", "tell", "visit", tell_token)
    job, jobs = _door("job", "job", "job"), _door("jobs", "jobs", "jobs")
    small = own_help if helped else [ask]
    if buddy:
        return [own_visits, tell, job], small
    if visits:
        return [own_visits, tell], [*small, jobs]
    if helped:
        return [*own_help, tell], [jobs]
    return [ask, tell, jobs], []


def _door(picture: str, words: str, page_name: str, *given: str) -> dict[str, str]:
    return {"picture": picture, "words": words, "href": reverse(f"terminal:{page_name}", args=given)}


def _notice(one: reads.Notice, today: date, language: str) -> dict[str, str]:
    now = "now_" if one.day >= today else ""
    day = f"{WEEKDAYS[language][one.day.weekday()]} {one.day.day} {MONTHS[language][one.day.month - 1]}"
    return {"key": f"notice_{now}{one.session}", "day": day, "why": say(f"cause_{one.cause}", language)}


@login_not_required
@require_POST
@entered
def notices_read(request: TerminalRequest) -> HttpResponse:
    """The person has read which sessions did not happen: those on the page that they saw."""
    inside = request.inside
    until = request.POST.get("until", "")
    if LAST_NOTICE.fullmatch(until):
        see_notices(by=inside.actor, now=inside.now, prison=inside.prison, person_id=inside.person_id, until=int(until))
    return go("home")


@login_not_required
@require_safe
@entered
def visits(request: TerminalRequest) -> HttpResponse:
    """Own visits today, one line for a person: first name, cell, part of the day. The rest stays covered."""
    inside = request.inside
    day = reads.day_of(inside.prison, inside.person_id, london_today(inside.now))
    return page(request, "visits.html", {"lines": day.lines, "speak": day.speak})


@login_not_required
@require_http_methods(["GET", "POST"])
@entered
def visit(request: TerminalRequest, token: str) -> HttpResponse:
    """One visit, or (under the entry's own token, so that the address tells nothing) a message to staff."""
    inside = request.inside
    found: VisitOnScreen | None = None
    if token != inside.entry.token:
        found = reads.visit_today(inside.prison, inside.person_id, london_today(inside.now), token)
        if found is None:
            return message(request, "lost", 404)
        if found.saved and request.method == "GET":
            return go("visits")
    answers = Answers(given(request, "d", "e", "n"), visit=found)
    if request.method == "POST" and answers.is_whole:
        return _save(request, token, found, answers)
    return _screen(request, token, found, answers)


def _save(request: TerminalRequest, token: str, found: VisitOnScreen | None, answers: Answers) -> HttpResponse:
    inside = request.inside
    saved: Visit | None = None
    planned: PlannedVisit | None = None
    if found is not None:
        planned = PlannedVisit.objects.for_prison(inside.prison).get(token=token)
        try:
            saved = _log(inside, planned, answers)
        except NotAllowed:
            # Somebody else saved it first, or it was called off. What is to be told is told all the same.
            if not answers.said("t"):
                return message(request, "problem")
    if answers.said("t"):
        _tell(inside, planned, saved, answers)
    measured(inside, "VISIT" if saved is not None else "TELL", answers)
    drafts.clear(inside.prison, inside.person_id)
    return go("thanks")


def _log(inside: Inside, planned: PlannedVisit, answers: Answers) -> Visit:
    visit: Visit = log_visit(
        by=inside.actor,
        now=inside.now,
        planned=planned,
        outcome=answers.outcome,
        minutes=answers.minutes,
        tasks_done=answers.tasks_done,
        reason=REASONS.get(answers.said("r"), "") if answers.said("a") == NOT_DONE else "",
        extra_help=answers.extra_help,
        source=Visit.Source.TERMINAL,
        happened_on=planned.day,
        window=inside.here.window,
    )
    return visit


def _tell(inside: Inside, planned: PlannedVisit | None, saved: Visit | None, answers: Answers) -> None:
    concern = raise_concern(
        by=inside.actor,
        now=inside.now,
        prison=inside.prison,
        kind=KINDS[answers.said("t")],
        words=answers.said("words"),
        happened_on=london_today(inside.now),
        about_person=planned.person if planned is not None else None,
        writer=people_of(inside.prison).get(pk=inside.person_id),
        visit=saved,
        window=inside.here.window,
        source=Concern.Source.TERMINAL,
    )
    if answers.is_danger:
        place = inside.here.terminal.name
        say_danger(by=inside.actor, now=inside.now, concern=concern, told=TOLD[answers.said("o")], place=place)


def _screen(request: TerminalRequest, token: str, found: VisitOnScreen | None, answers: Answers) -> HttpResponse:
    inside = request.inside
    entry, step, trouble = inside.entry, answers.step, answers.trouble
    typed = _typed(request, token, answers)
    keep_half(inside, request.path, answers.carried(), typed)
    if step == "which" and "x" in request.GET:
        trouble = "choose_one"
    context: dict[str, Any] = {
        "visit": found,
        "task_names": _tasks(request, found),
        "safety": [(SAFETY_PICTURES[w], w) for w in found.safety_words if w in SAFETY_PICTURES] if found else [],
        "carried": answers.carried(),
        "sealed": sealed.seal(entry, answers.carried()),
        "back": _back(entry, answers),
        "trouble": trouble,
        "address": request.path + sealed.address(entry, answers.carried()),
        "post_to": request.path,
    }
    if step in ("finish", "words"):
        return page(request, f"{step}.html", {
            **context,
            **_minutes(entry, answers),
            "typed": typed,
        })  # fmt: skip
    if step == "which":
        return page(request, "which.html", context)
    if step == "danger":
        told = [
            {"picture": drawn, "key": key, "carried": [*answers.carried(), ("o", value)]}
            for value, (drawn, key) in TOLD_PICTURES.items()
        ]
        return page(request, "danger.html", {**context, "told": told})
    if step == "extra":
        return page(request, "job_choose.html", {
            **context,
            "heading": "extra",
            "hint": "pick_or_next",
            "name": "e",
            "asked": "n",
            "options": [(value, EXTRA_PICTURES[code], f"extra_{code}") for value, (code, _) in EXTRA.items()],
        })  # fmt: skip
    heading, options = _options(entry, step, answers)
    return page(request, "choose.html", {**context, "heading": heading, "options": options, "step": step})


def _typed(request: TerminalRequest, token: str, answers: Answers) -> str:
    """Words that were sent and need mending, or that were kept when the last turn ended."""
    if request.method == "POST":
        return str(answers.data.get("words", ""))[: drafts.MOST_WORDS]
    if answers.step != "words":
        return ""
    inside = request.inside
    kept = reads.draft(inside.prison, inside.person_id, london_today(inside.now))
    return kept.words if kept is not None and is_of(kept, inside.entry, "visit", token) else ""


def _options(entry: TerminalEntry, step: str, answers: Answers) -> tuple[str, list[dict[str, str]]]:
    if step == "how":
        choices = [("a", AS_PLANNED, "tick", "all"), ("a", SOME, "some", "some"), ("a", NOT_DONE, "cross", "none")]
        heading = "how"
    elif step == "why":
        choices = [("r", value, REASON_PICTURES[reason], reason) for value, reason in REASONS.items()]
        heading = "why"
    elif step == "anything":
        choices = [("b", NOTHING, "tick", "nothing"), ("b", TELL, "tell", "something")]
        heading = "anything"
    else:
        choices = [("t", value, KIND_PICTURES[value], f"tell_{value}") for value in KINDS]
        heading = "tell_what"
    carried = answers.carried()
    return heading, [
        {"href": sealed.address(entry, [*carried, (name, value)]), "picture": picture, "key": key}
        for name, value, picture, key in choices
    ]


def _back(entry: TerminalEntry, answers: Answers) -> str:
    """The address of the screen before, or nothing on the first one."""
    answered = [name for name in ("a", "d", "n", "r", "b", "t") if answers.said(name)]
    with_it = ("e",) if answered and answered[-1] == "n" else ()
    return sealed.address(entry, answers.carried(answered[-1], "m", *with_it)) if answered else ""


def _minutes(entry: TerminalEntry, answers: Answers) -> dict[str, Any]:
    minutes = answers.minutes
    others = answers.carried("m")
    fewer, longer = max(STEP_MINUTES, minutes - STEP_MINUTES), min(MOST_MINUTES, minutes + STEP_MINUTES)
    return {
        "minutes": minutes,
        "fewer": sealed.address(entry, [*others, ("m", str(fewer))]),
        "longer": sealed.address(entry, [*others, ("m", str(longer))]),
    }


def _tasks(request: TerminalRequest, found: VisitOnScreen | None) -> list[dict[str, str]]:
    if found is None:
        return []
    language = look_of(request).language
    return [
        {"code": t.code, "name": task_in(language, t.code, t.name, t.name_cy), "picture": t.picture or "other"}
        for t in found.tasks
    ]


@login_not_required
@require_safe
@entered
def thanks(request: TerminalRequest) -> HttpResponse:
    """The same screen after a visit and after a message."""
    return message(request, "thanks")


@login_not_required
@require_safe
@entered
def job(request: TerminalRequest) -> HttpResponse:
    """Own training, own hours this month, and when supervision is due."""
    inside = request.inside
    if not reads.is_buddy(inside.prison, inside.person_id):
        return go("home")
    today = london_today(inside.now)
    language = look_of(request).language
    mine = inside.prison, inside.person_id
    with reads.reading(*mine):
        due = reads.own_supervision(*mine)
        hours, minutes = divmod(reads.own_minutes(*mine, today), 60)
        lessons = reads.own_training(*mine, today)
    return page(request, "job.html", {
        "hours": hours,
        "minutes": minutes,
        "supervision": "" if due is None else "supervision_late" if due < today else "supervision_by",
        "supervision_on": day_in(language, due) if due is not None else "",
        "lessons": [_lesson(lesson, language) for lesson in lessons],
    })  # fmt: skip


def _lesson(lesson: reads.Lesson, language: str) -> dict[str, str]:
    key = "not_yet" if not lesson.passed else "due" if not lesson.in_date else "good_until" if lesson.until else "good"
    day = day_in(language, lesson.until) if lesson.until else ""
    return {
        "code": lesson.code if lesson.code in WORDS else "",
        "title": lesson.title,
        "key": key,
        "day": day,
        "picture": "tick" if lesson.in_date else "clock",
    }
