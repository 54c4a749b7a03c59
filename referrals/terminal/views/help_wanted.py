"""The screens of asking for help: what one has asked for, and asking without typing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.lib.dates import london_today
from referrals.actions.referrals import ask_for_help
from referrals.terminal import reads, sealed
from referrals.terminal.forms import AREAS, CAN_WAIT, TODAY, HelpAnswers
from referrals.terminal.look import look_of
from referrals.terminal.pages import go, page
from referrals.terminal.presence import TerminalRequest, entered, keep_half
from referrals.terminal.questions import given, kept
from referrals.terminal.words import day_in

AREA_PICTURES = {
    "MOBILITY": "walk", "CELL": "cell", "MEALS": "meal", "COMMUNICATION": "letter", "COMPANY": "company",
    "MEMORY": "memory", "PERSONAL": "wash", "GENERAL": "other",
}  # fmt: skip
WHEN_PICTURES = {TODAY: ("bell", "when_TODAY"), CAN_WAIT: ("clock", "when_WAIT")}


@login_not_required
@require_safe
@entered
def own_requests(request: TerminalRequest) -> HttpResponse:
    """What one asked for, in plain words; whoever asked for nothing yet goes straight to asking."""
    inside, language = request.inside, look_of(request).language
    found = reads.own_requests(inside.prison, inside.person_id, london_today(inside.now))
    if not found:
        return go("ask")
    return page(request, "own_requests.html", {
        "requests": [{"key": f"help_{r.key}", "day": day_in(language, r.asked_on)} for r in found],
        "may_ask": reads.may_ask(found),
    })  # fmt: skip


@login_not_required
@require_http_methods(["GET", "POST"])
@entered
def ask(request: TerminalRequest) -> HttpResponse:
    """Help with what, and when: two questions, then send."""
    answers = HelpAnswers(given(request, "f"))
    if request.method == "POST" and answers.is_whole:
        return _send(request, answers)
    return _screen(request, answers)


def _send(request: TerminalRequest, answers: HelpAnswers) -> HttpResponse:
    window = request.inside.here.window
    assert window is not None  # nobody is in without one
    return kept(
        request,
        ask_for_help,
        "ask_thanks",
        about_help=answers,
        window=window,
        urgency=answers.urgency,
        need_areas=answers.areas,
        wants_to_say=answers.wants_to_say,
    )


def _screen(request: TerminalRequest, answers: HelpAnswers) -> HttpResponse:
    entry, step = request.inside.entry, answers.step
    carried = answers.carried()
    keep_half(request.inside, request.path, carried)
    context: dict[str, Any] = {
        "carried": carried,
        "sealed": sealed.seal(entry, carried),
        "address": request.path + sealed.address(entry, carried),
        "post_to": request.path,
        # One answer back: an address without any is the first question.
        "back": {"when": request.path, "check": sealed.address(entry, answers.carried("u"))}.get(step, ""),
    }
    if step == "what":
        return page(request, "job_choose.html", {
            **context,
            "trouble": "choose_one" if "x" in request.GET else "",
            "heading": "help_what",
            "hint": "pick_some",
            "name": "f",
            "asked": "x",
            "options": [(value, AREA_PICTURES[code], f"need_{code}") for value, code in AREAS.items()],
        })  # fmt: skip
    if step == "when":
        options = [
            {"href": sealed.address(entry, [*carried, ("u", value)]), "picture": picture, "key": key}
            for value, (picture, key) in WHEN_PICTURES.items()
        ]
        return page(request, "choose.html", {**context, "heading": "help_when", "options": options, "step": step})
    return page(request, "ask_check.html", {
        **context,
        "areas": [(AREA_PICTURES[code], f"need_{code}") for code in answers.areas],
        "when": WHEN_PICTURES[answers.said("u")],
        "rest": [*carried, ("y", "1")],
    })  # fmt: skip


@login_not_required
@require_safe
@entered
def thanks(request: TerminalRequest) -> HttpResponse:
    """What happens next, and what to do if it cannot wait."""
    return page(request, "ask_thanks.html")
