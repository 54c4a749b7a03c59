"""The burden meter's page: what each task really takes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.accounts.roles import ROLES
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from referrals.burden import AT_TERMINAL, TASKS, Task
from referrals.queries.burden import Use, uses


@require_safe
@requires(P.FIGURES_VIEW)
def burden(request: StaffRequest) -> HttpResponse:
    """Every measured task by role, from real use; one that nobody has done says so."""
    found = uses(request.prison, london_today(timezone.now()))
    rows = [row for code, task in TASKS.items() for row in _rows(task, found.get(code, []))]
    table = Table(
        caption="Tasks, from real use in the last 13 weeks",
        first="Task",
        columns=[
            "Role",
            Column(text="Times done", numeric=True),
            Column(text="Answers, median", numeric=True),
            Column(text="Most answers allowed", numeric=True),
            Column(text="Time, median", numeric=True),
            Column(text="Time promised", numeric=True),
        ],
        rows=rows,
    )
    return render(request, "referrals/short_table.html", {
        "title": "What tasks take", "table": table,
        "lead": "How many answers a task took, and how long it was from its first page to the save. Nothing says who "
        "did it. A task that was left and taken up after more than half an hour is not counted. At a terminal a task "
        "begins when the person goes in, or with the save before, and answers are taps.",
    })  # fmt: skip


def _rows(task: Task, done: list[Use]) -> list[Row]:
    most = "No limit" if task.most is None else str(task.most)
    promised = "None" if task.within is None else in_minutes(task.within)
    if not done:
        return [Row(text=task.text, cells=["No use yet", "0", "–", most, "–", promised])]
    return [
        Row(
            text=task.text,
            cells=[
                _who(use.role), str(use.times), f"{use.inputs:g}", most, Cell(text=in_minutes(use.seconds)), promised,
            ],
            tag=_tag(task, use),
        )
        for use in done
    ]  # fmt: skip


def _who(role: str) -> str:
    if role in AT_TERMINAL:
        return AT_TERMINAL[role]
    return ROLES[role].name if role in ROLES else "Role not known"


def _tag(task: Task, use: Use) -> Tag | None:
    if task.most is not None and use.inputs > task.most:
        return Tag(text="Over what is allowed", colour="red")
    slow = task.within is not None and use.seconds > task.within
    return Tag(text="Slower than promised", colour="yellow") if slow else None


def in_minutes(seconds: float) -> str:
    """Such as "1 min 20 s", on one line."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest}\u00a0s"
    return f"{minutes}\u00a0min {rest}\u00a0s" if rest else f"{minutes}\u00a0min"
