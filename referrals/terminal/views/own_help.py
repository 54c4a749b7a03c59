"""The screens of somebody who is helped: how it is going, stopping help, wanting a change."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions.own_wishes import say_going, stop_own_help, want_change
from referrals.terminal import reads, sealed
from referrals.terminal.forms import (
    CAME,
    CHANGE,
    CHANGES,
    FEELS,
    STOP_ALL,
    STOP_ONE,
    Carried,
    ChangeAnswers,
    GoingAnswers,
)
from referrals.terminal.look import look_of
from referrals.terminal.pages import message, page
from referrals.terminal.presence import TerminalRequest, entered, keep_half
from referrals.terminal.questions import given, kept
from referrals.terminal.reads import OwnTask
from referrals.terminal.words import task_in

CAME_PICTURES = {"ALWAYS": "tick", "SOMETIMES": "some", "NEVER": "cross"}
FEELS_PICTURES = {"WELL": "good", "MIXED": "unsure", "BADLY": "bad"}
WANT_PICTURES = {
    STOP_ONE: ("stop", "want_stop"), STOP_ALL: ("cross", "want_all"), CHANGE: ("change", "want_change"),
}  # fmt: skip
CHANGE_PICTURES = {"TIME": "clock", "TASKS": "visits", "BUDDY": "company", "OTHER": "other"}


@login_not_required
@require_http_methods(["GET", "POST"])
@entered
def going(request: TerminalRequest) -> HttpResponse:
    """Does the help come, and how is it: two questions, then send. For the lead alone."""
    tasks = reads.own_help(request.inside.prison, request.inside.person_id)
    answers = GoingAnswers(given(request))
    if not tasks:
        return message(request, "no_help")
    if request.method == "POST" and answers.is_whole:
        return _kept(request, answers, say_going, came=answers.came, feels=answers.feels)
    context = _context(request, answers)
    if answers.step == "came":
        return _choose(request, context, answers, "came", "c", [
            (value, CAME_PICTURES[code], f"came_{code}") for value, code in CAME.items()
        ])  # fmt: skip
    if answers.step == "feels":
        return _choose(request, context, answers, "feels", "f", [
            (value, FEELS_PICTURES[code], f"feels_{code}") for value, code in FEELS.items()
        ])  # fmt: skip
    came, feels = answers.came, answers.feels
    return page(request, "own_check.html", {
        **context,
        "heading": "job_check",
        "answers": [(CAME_PICTURES[came], f"came_{came}"), (FEELS_PICTURES[feels], f"feels_{feels}")],
        "note": "going_private",
        "send_picture": "tick",
        "send_key": "send",
    })  # fmt: skip


@login_not_required
@require_http_methods(["GET", "POST"])
@entered
def change(request: TerminalRequest) -> HttpResponse:
    """Stop one task, stop all, or say what should change. Nobody is asked why."""
    tasks = reads.own_help(request.inside.prison, request.inside.person_id)
    if not tasks:
        return message(request, "no_help")
    answers = ChangeAnswers(given(request), tasks=[own.token for own in tasks])
    if request.method == "POST" and answers.is_whole:
        if answers.step == "change_check":
            return _kept(request, answers, want_change, change=CHANGES[answers.said("x")])
        stopped = [answers.said("k")] if answers.said("w") == STOP_ONE else []
        return _kept(request, answers, stop_own_help, tasks=stopped)
    return _change_screen(request, tasks, answers)


def _change_screen(request: TerminalRequest, tasks: list[OwnTask], answers: ChangeAnswers) -> HttpResponse:
    context, step = _context(request, answers), answers.step
    shown = [_shown(own, look_of(request).language) for own in tasks]
    if step == "what":
        wanted = [(value, drawn, key) for value, (drawn, key) in WANT_PICTURES.items()]
        return _choose(request, context, answers, "want_what", "w", wanted)
    if step == "which":
        options = [
            {**own, "href": sealed.address(request.inside.entry, [*answers.carried(), ("k", own["token"])])}
            for own in shown
        ]
        return page(request, "choose.html", {**context, "heading": "stop_which", "options": options})
    if step == "change":
        wanted = [(value, CHANGE_PICTURES[code], f"change_{code}") for value, code in CHANGES.items()]
        return _choose(request, context, answers, "change_what", "x", wanted)
    if step == "change_check":
        code = CHANGES[answers.said("x")]
        return page(request, "own_check.html", {
            **context,
            "heading": "change_check",
            "answers": [(CHANGE_PICTURES[code], f"change_{code}")],
            "note": "change_next",
            "send_picture": "tick",
            "send_key": "send",
        })  # fmt: skip
    return page(request, "own_check.html", {
        **context,
        "heading": "stop_check",
        "names": [own for own in shown if answers.said("w") == STOP_ALL or own["token"] == answers.said("k")],
        "note": "stop_now",
        "send_picture": "stop",
        "send_key": "stop_yes",
    })  # fmt: skip


@login_not_required
@require_safe
@entered
def thanks(request: TerminalRequest) -> HttpResponse:
    """The same whatever was said."""
    return message(request, "own_thanks")


def _kept(request: TerminalRequest, answers: Carried, action: Any, **said: Any) -> HttpResponse:
    window = request.inside.here.window
    assert window is not None  # nobody is in without one
    return kept(request, action, "own_thanks", about_help=answers, window=window, **said)


def _context(request: TerminalRequest, answers: Carried) -> dict[str, Any]:
    entry, carried = request.inside.entry, answers.carried()
    keep_half(request.inside, request.path, carried)
    # One answer back; an address without any is the first question.
    back = ""
    if carried:
        before = answers.carried(carried[-1][0])
        back = sealed.address(entry, before) if before else request.path
    return {
        "carried": carried,
        "address": request.path + sealed.address(entry, carried),
        "post_to": request.path,
        "back": back,
    }


def _choose(
    request: TerminalRequest, context: dict[str, Any], answers: Carried, heading: str, name: str,
    choices: list[tuple[str, str, str]],
) -> HttpResponse:  # fmt: skip
    entry, carried = request.inside.entry, answers.carried()
    options = [
        {"href": sealed.address(entry, [*carried, (name, value)]), "picture": drawn, "key": key}
        for value, drawn, key in choices
    ]
    return page(request, "choose.html", {**context, "heading": heading, "options": options})


def _shown(own: OwnTask, language: str) -> dict[str, str]:
    name = task_in(language, own.task.code, own.task.name, own.task.name_cy)
    return {"token": own.token, "name": name, "picture": own.task.picture or "other", "session": own.session}
