"""The burden meter: which tasks are measured, how many answers each may ask for, and measuring them.

A task begins with its first page and ends with the save. Between them the session holds a moment and a count; what
is kept in the end names a task, a role, a number of answers and seconds, and nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.roles import ROLES
from buddyscheme.lib.dates import london_today
from referrals.models import TaskUse

KEPT_IN = "tasks_begun"
# Whoever comes back to a page after so long did something else in between.
FORGOTTEN_AFTER = timedelta(minutes=30)
# What a form carries without anybody having answered it.
NOT_ANSWERS = frozenset({"csrfmiddlewaretoken", "form_key", "version", "warned"})
PARTS_OF_A_DAY = ("-day", "-month", "-year")


@dataclass(frozen=True)
class Task:
    """One task, the most answers it may take, and its addresses. A post to one of `saves` that redirects ends it.

    Where no number of answers is promised, `most` is None. One at the terminal has no addresses: its save writes it.
    """

    text: str
    most: int | None
    saves: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    """Pages on the way there, with answers of their own."""
    within: int | None = None
    """The seconds that are promised."""
    again: bool = False
    """Its first page is looked at for other reasons too: the last look counts."""


# In the order of the page. The ceilings are those that the scheme promises its staff; a test holds the forms to them.
TASKS: dict[str, Task] = {
    "REFER": Task(
        "Refer somebody", 6, ("referrals:refer_answers",), ("referrals:refer", "referrals:refer_questions"), within=120
    ),
    "SCREEN": Task("Screen a referral", 3, ("referrals:screen",), within=120),
    "INTERIM": Task("Start help from today", 8, ("referrals:help_today",)),
    "PLAN": Task(
        "Write a full plan with four tasks",
        20,
        ("referrals:plan_activate",),
        ("referrals:wishes", "referrals:plan_edit", "referrals:plan_tasks"),
    ),
    "MATCH": Task(
        "Match a buddy",
        3,
        ("referrals:match_agreement",),
        ("referrals:suitability", "referrals:second_suitability"),
        within=120,
    ),
    "CONCERN": Task("Raise a concern", 4, ("referrals:concern_add",)),
    "FALL": Task("Record a fall at once", 6, ("referrals:fall_add",)),
    "CLEARANCE": Task("Sign a clearance", 3, ("schemes:clearance", "schemes:paper")),
    "SUPERVISION": Task("Record supervision", 5, ("training:record_supervision", "training:supervision_missed")),
    "REVIEW": Task("Review a plan", 4, ("referrals:plan_review",)),
    "TRANSFER": Task("Send a care record", 2, ("referrals:care_send",)),
    "APPLICATION": Task("Take an application", 9, ("schemes:apply",)),
    "OUTCOME": Task("Ask how somebody is", 5, ("monitoring:ask_plan", "monitoring:ask_buddy", "monitoring:staff_says")),
    "COST": Task("Return a quarter’s costs", 12, ("monitoring:return_costs",)),
    "MONTH": Task("Close a month", 0, ("monitoring:close_month",), within=300),
    "WINDOW": Task("Open a terminal", None, ("referrals:window_open",), ("referrals:windows",), within=20, again=True),
    "WEEK": Task("Confirm a wing’s week", None, ("referrals:week_of_wing",), within=120),
    "SHEET": Task("Enter a log sheet", None, ("referrals:sheet_enter",), within=180),
    "CLASS": Task("Mark a class", None, ("training:mark_session", "training:record_class"), within=180),
    "ANSWER": Task("Answer a request for assessment", None, ("referrals:assessment_answer",), within=60),
    "VISIT": Task("Log a visit at the terminal", 4),
    "TELL": Task("Tell staff at the terminal", None),
    "OWN_HELP": Task("Ask for help, say how it goes, stop or change", 6),
}
# Who does them at a terminal, beside the roles of staff.
BUDDY, PRISONER = "BUDDY", "PRISONER"
AT_TERMINAL = {BUDDY: "Buddy", PRISONER: "Anybody at a terminal"}

TASK_OF = {url: code for code, task in TASKS.items() for url in (*task.before, *task.saves)}


def write_use(*, prison: Prison, task: str, role: str, inputs: int, began: datetime, now: datetime) -> None:
    """Keep that a task was done, unless something else was done meanwhile."""
    took = now - began
    if took <= FORGOTTEN_AFTER:
        TaskUse.objects.create(
            prison=prison,
            task=task,
            role=role,
            inputs=inputs,
            seconds=max(0, round(took.total_seconds())),
            used_on=london_today(now),
        )


def count_answers(posted: QueryDict) -> int:
    """How many questions somebody answered: the three boxes of a date, or several ticks, are one answer."""
    answered = set()
    for name, values in posted.lists():
        if name in NOT_ANSWERS or not any(value.strip() for value in values):
            continue
        part = next((part for part in PARTS_OF_A_DAY if name.endswith(part)), "")
        answered.add(name.removesuffix(part))
    return len(answered)


class BurdenMiddleware:
    """Notes when a measured task begins, and writes down what it took when it is saved. Views know nothing of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        begun: dict[str, Any] | None = getattr(request, KEPT_IN, None)
        prison = getattr(request, "prison", None)
        match = request.resolver_match
        if begun is None or prison is None or match is None:
            return response
        task = TASK_OF[match.view_name]
        key, now = f"{prison.code} {task}", timezone.now()
        if request.method == "GET" and response.status_code == 200:
            _begin(begun, key, now, again=TASKS[task].again)
        elif request.method == "POST" and response.status_code == 302 and key in begun:
            begun[key]["inputs"] += count_answers(request.POST)
            if match.view_name in TASKS[task].saves and _goes_on(request, response, task):
                _write(request, task, begun.pop(key), now)
        else:
            return response
        # Whoever opens the terminal that they sit at is signed out by it: that session stays empty.
        if request.user.is_authenticated:
            request.session[KEPT_IN] = begun
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """What was begun is read before the view, which may end the session."""
        match = request.resolver_match
        if match is not None and match.view_name in TASK_OF:
            setattr(request, KEPT_IN, request.session.get(KEPT_IN, {}))


def _goes_on(request: HttpRequest, response: HttpResponse, task: str) -> bool:
    """Whether the answer leads on: back to a page of the task, or to the same one, means that nothing was saved."""
    path = response.headers["Location"].split("?")[0]
    try:
        return path != request.path and resolve(path).view_name not in TASKS[task].before
    except Resolver404:
        return True


def _begin(begun: dict[str, Any], key: str, now: datetime, *, again: bool) -> None:
    """The first page counts, however often it is opened again; but not one of long ago."""
    if again or key not in begun or now - _moment(begun[key]) > FORGOTTEN_AFTER:
        begun[key] = {"at": now.isoformat(), "inputs": 0}


def _moment(one: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(one["at"])


def _write(request: Any, task: str, one: dict[str, Any], now: datetime) -> None:
    write_use(prison=request.prison, task=task, role=_role(request), inputs=one["inputs"], began=_moment(one), now=now)


def _role(request: Any) -> str:
    """Whoever has several roles acts in the first of them that lets them open the page."""
    held = request.actor.roles
    needed = getattr(request.resolver_match.func, "permissions", ())
    return next(
        (code for code, role in ROLES.items() if code in held and any(one in role.permissions for one in needed)), ""
    )
