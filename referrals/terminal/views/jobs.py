"""The screens about jobs: what is advertised, applying without typing, and one's own application."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.terminal import reads, sealed
from referrals.terminal.forms import EASIER, NO_HELP, WANTS_HELP, WHY, JobAnswers
from referrals.terminal.look import look_of
from referrals.terminal.pages import go, message, page
from referrals.terminal.presence import Inside, TerminalRequest, entered, keep_half
from referrals.terminal.questions import given, kept
from referrals.terminal.words import day_in, name_in
from schemes.actions.buddies import apply_for_role, withdraw
from schemes.models import Buddy, Post
from schemes.rules.buddies import BEFORE_START

WHY_PICTURES = {"HELP": "together", "LEARN": "book", "TIME": "clock", "HELPED": "company"}
EASIER_PICTURES = {
    "LARGE_PRINT": "size", "READ_ALOUD": "speaker", "MORE_TIME": "clock", "WELSH": "speak",
    "OTHER_LANGUAGE": "language", "SEATED": "chair",
}  # fmt: skip
# Of the questions that take several answers: the field, its choices, the start of their words, their pictures, and
# the sentence under the heading.
SEVERAL: dict[str, tuple[str, dict[str, str], dict[str, str], str]] = {
    "why": ("w", WHY, WHY_PICTURES, "pick_some"),
    "easier": ("e", EASIER, EASIER_PICTURES, "pick_or_next"),
}


@login_not_required
@require_safe
@entered
def jobs(request: TerminalRequest) -> HttpResponse:
    """One's own application in plain words, and the jobs that take applications today."""
    inside, language = request.inside, look_of(request).language
    today = london_today(inside.now)
    own = reads.own_application(inside.prison, inside.person_id, today)
    return page(request, "jobs.html", {
        "own": _own(own, language, told=not _is_news(inside, own, today)) if own is not None else None,
        "may_apply": own is None or own.closed,
        "vacancies": [_shown(v, language) for v in reads.vacancies(inside.prison, inside.person_id, today)],
    })  # fmt: skip


@login_not_required
@require_http_methods(["GET", "POST"])
@entered
def vacancy(request: TerminalRequest, token: str) -> HttpResponse:
    """One job, and the few questions of an application: all answered by a tap."""
    inside = request.inside
    today = london_today(inside.now)
    found = next((v for v in reads.vacancies(inside.prison, inside.person_id, today) if v.token == token), None)
    if found is None:
        return message(request, "lost", 404)
    own = reads.own_application(inside.prison, inside.person_id, today)
    if own is not None and not own.closed:
        return go("jobs")
    answers = JobAnswers(given(request, "w", "e", "n"))
    if request.method == "POST" and answers.is_whole:
        return _send(request, token, answers)
    return _screen(request, found, answers)


def _send(request: TerminalRequest, token: str, answers: JobAnswers) -> HttpResponse:
    inside = request.inside
    return kept(
        request,
        apply_for_role,
        "thanks",
        applied_on=london_today(inside.now),
        needed_help=answers.wants_help,
        post=Post.objects.for_prison(inside.prison).get(token=token),
        why=answers.why,
        easier=answers.easier,
    )


def _screen(request: TerminalRequest, found: reads.Vacancy, answers: JobAnswers) -> HttpResponse:
    entry, step = request.inside.entry, answers.step
    carried = answers.carried()
    keep_half(request.inside, request.path, carried)
    context: dict[str, Any] = {
        "vacancy": _shown(found, look_of(request).language),
        "carried": carried,
        "sealed": sealed.seal(entry, carried),
        "back": _back(request, answers),
        "to_jobs": True,
        "address": request.path + sealed.address(entry, carried),
        "post_to": request.path,
    }
    if step == "read":
        return page(request, "vacancy.html", {**context, "apply": sealed.address(entry, [("g", "1")])})
    if step == "check":
        return page(request, "job_check.html", {
            **context,
            "why": [(WHY_PICTURES[code], f"why_{code}") for code in answers.why],
            "help": "help_yes" if answers.wants_help else "help_no",
            "easier": [(EASIER_PICTURES[code], f"easier_{code}") for code in answers.easier],
        })  # fmt: skip
    if step == "help":
        options = [
            {"href": sealed.address(entry, [*carried, ("h", value)]), "picture": picture, "key": key}
            for value, picture, key in ((WANTS_HELP, "talk", "help_yes"), (NO_HELP, "tick", "help_no"))
        ]
        return page(request, "choose.html", {**context, "heading": "job_help", "options": options, "step": step})
    name, choices, pictures, hint = SEVERAL[step]
    return page(request, "job_choose.html", {
        **context,
        "trouble": "choose_one" if step == "why" and "x" in request.GET else "",
        "heading": f"job_{step}",
        "hint": hint,
        "name": name,
        "asked": "n" if step == "easier" else "x",
        "options": [(value, pictures[code], f"{step}_{code}") for value, code in choices.items()],
    })  # fmt: skip


def _back(request: TerminalRequest, answers: JobAnswers) -> str:
    """The address of the screen before, or nothing on the first one."""
    order = {"why": ("g",), "help": ("w",), "easier": ("h",), "check": ("e", "n")}
    leave_out = order.get(answers.step)
    if leave_out is None:
        return ""
    # An address without answers is the job's own page.
    return sealed.address(request.inside.entry, answers.carried(*leave_out))


@login_not_required
@require_http_methods(["GET", "POST"])
@entered
def take_back(request: TerminalRequest) -> HttpResponse:
    """Withdraw one's own application, after one question."""
    inside = request.inside
    mine = Buddy.objects.for_prison(inside.prison).filter(person_id=inside.person_id, status__in=BEFORE_START)
    buddy = mine.first()
    if buddy is None:
        return go("jobs")
    if request.method == "GET":
        return page(request, "take_back.html", {"to_jobs": True, "post_to": request.path})
    try:
        with transaction.atomic():
            withdraw(by=inside.actor, now=inside.now, buddy=buddy)
    except NotAllowed:
        return message(request, "problem")
    return go("jobs")


def _is_news(inside: Inside, own: reads.OwnApplication, today: date) -> bool:
    """A refusal and a suspension are heard from a person first."""
    if own.key == reads.TO_HEAR:
        return True
    return own.key == Buddy.Status.SUSPENDED and reads.must_speak(inside.prison, inside.person_id, today)


def _own(own: reads.OwnApplication, language: str, *, told: bool) -> dict[str, Any]:
    return {
        "title": name_in(language, own.title, own.title_cy),
        "key": f"app_{own.key}" if told else "speak",
        "day": day_in(language, own.applied_on),
        "may_take_back": own.may_take_back,
    }


def _shown(found: reads.Vacancy, language: str) -> dict[str, Any]:
    return {
        "token": found.token,
        "title": name_in(language, found.title, found.title_cy),
        "wing": found.wing,
        "own_wing": found.own_wing,
        "hours": found.hours,
        "band": f"{found.band} ({found.band_name})" if found.band_name else str(found.band),
        "day": day_in(language, found.closes_on),
    }
