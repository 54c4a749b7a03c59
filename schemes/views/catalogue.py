"""What buddies may do: the catalogue in its three classes, with examples, for every member of staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from schemes.models import TaskKind
from schemes.queries import schemes as queries

Kind = TaskKind.Kind
CLASSES = (
    (Kind.PERMITTED, "What buddies may do", "Every buddy here may do these, unless it says that they are off."),
    (
        Kind.RESTRICTED,
        "Only with approval",
        "These are off. The governor’s delegate can approve one for a time, for buddies with extra training.",
    ),
    (
        Kind.PROHIBITED,
        "What no buddy ever does",
        "Nobody can allow these. If a person needs one and does not get it, tell the lead of the scheme today.",
    ),
)


@require_safe
@requires(P.HOME_VIEW)
def catalogue(request: StaffRequest) -> HttpResponse:
    """Three classes; each task with its picture, condition, what belongs to it and what does not."""
    scheme = queries.scheme_of(request.prison)
    today = london_today(timezone.now())
    allowed = {task.code for task in queries.allowed_tasks(scheme, today)} if scheme is not None else set()
    tasks = list(queries.catalogue())
    classes = [
        {"heading": heading, "lead": lead, "tasks": [_line(task, allowed) for task in tasks if task.kind == kind]}
        for kind, heading, lead in CLASSES
    ]
    return render(request, "schemes/catalogue.html", {"classes": classes})


def _line(task: TaskKind, allowed: set[str]) -> dict[str, Any]:
    on = task.code in allowed
    # Beside what nobody does stands what a buddy may do instead.
    prohibited = task.kind == Kind.PROHIBITED
    of_it, beside_it = ("No buddy may:", "A buddy may:") if prohibited else ("For example:", "Not:")
    state = ""
    if task.kind == Kind.PERMITTED and not on:
        state = "Off at this prison"
    elif task.kind == Kind.RESTRICTED:
        state = "On at this prison" if on else "Off"
    return {
        "name": task.name,
        "picture": task.picture,
        "condition": task.condition,
        "refusal": task.refusal if prohibited else "",
        "examples": [
            {"mark": mark, "words": words.splitlines()}
            for mark, words in ((of_it, task.examples), (beside_it, task.not_examples))
            if words
        ],
        "state": state,
        "colour": "green" if on else "grey",
    }
