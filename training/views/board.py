"""The training board, the modules, and recording a class on one page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import Wing
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from training.actions.results import record_marks
from training.forms.due import OVERDUE, SOON
from training.forms.results import BoardFilter, ClassForm
from training.queries import board as queries
from training.queries.results import knowledge_days
from training.queries.results import modules as catalogue
from training.queries.take_overs import TakeOverList, take_overs_in
from training.views.words import STATE_COLOURS, status_words, taken_over


def crumbs(request: StaffRequest, *more: tuple[str, str]) -> list[dict[str, str]]:
    """Training, and pages below it."""
    found = [{"text": "Training", "href": reverse("training:board", args=[request.prison.code])}]
    return found + [{"text": text, "href": href} for text, href in more]


@require_safe
@requires(Permission.TRAINING_VIEW)
def board(request: StaffRequest) -> HttpResponse:
    """Who needs which training."""
    today = london_today(timezone.now())
    wings = Wing.objects.filter(prison=request.prison, closed=False).order_by("code")
    filter_form = BoardFilter(request.GET, wings=[(wing.code, wing.name) for wing in wings])
    answers = filter_form.answers
    lines = _in_state(request, today, answers.get("state", ""))
    lines = [line for line in lines if answers.get("wing") in (None, _wing_code(line.buddy))]
    page = page_of(lines, request)
    context: dict[str, Any] = {
        "title": "Training",
        "page": page,
        "table": _table(request, list(page), today),
        "noun": "people",
        "empty": "Nobody is in training or in the role.",
        "filter_form": filter_form,
        "crumbs": [],
        "links": links(request),
    }
    if may(request, Permission.TRAINING_RECORD):
        context["action_href"] = reverse("training:modules", args=[request.prison.code])
        context["action_text"] = "Record a class"
    return render(request, "training/board_page.html", context)


def links(request: StaffRequest) -> list[dict[str, str]]:
    """Other pages of training, above the board."""
    offered = (
        ("Classes", "training:sessions", ""),
        ("Lapsing in 28 days", "training:due", f"?show={SOON}"),
        ("Overdue", "training:due", f"?show={OVERDUE}"),
        ("Modules", "training:catalogue", ""),
        ("Supervision", "training:supervision", ""),
        ("Staff briefings", "training:briefings", ""),
    )
    return [{"text": text, "href": reverse(url, args=[request.prison.code]) + query} for text, url, query in offered]


def _in_state(request: StaffRequest, today: date, state: str) -> list[queries.Line]:
    if state in list(TakeOverList):
        wanted = set(take_overs_in(request.prison, today, state).values_list("pk", flat=True))
        return [line for line in queries.board(request.prison, today) if line.buddy.pk in wanted]
    lines = queries.board(request.prison, today)
    return queries.lines_in(lines, state) if state else lines


def _wing_code(buddy: Any) -> str | None:
    code: str | None = buddy.wing_code
    return code


def _table(request: StaffRequest, lines: list[queries.Line], today: date) -> Table:
    return Table(
        caption="Mandatory modules by person",
        first="Name",
        columns=[
            "Role",
            Column(text="In date", numeric=True),
            Column(text="Due", numeric=True),
            Column(text="Lapsing in 28 days", numeric=True),
            Column(text="Lapsed", numeric=True),
        ],
        status="Modules",
        rows=[
            Row(
                text=line.buddy.person.list_name,
                href=reverse("training:buddy", args=[request.prison.code, line.buddy.token]),
                hidden=", training",
                note=line.buddy.person.prison_number,
                cells=[
                    Cell(text=status_words(line.buddy), note=taken_over(line, today)),
                    f"{line.passed} of {line.core}",
                    str(line.due),
                    str(line.lapsing),
                    str(line.lapsed),
                ],
                tag=Tag(text=queries.BOARD_WORDS[line.state], colour=STATE_COLOURS[line.state]),
            )
            for line in lines
        ],
    )


@require_safe
@requires(Permission.TRAINING_RECORD)
def modules(request: StaffRequest) -> HttpResponse:
    """Which module was the class in? With how many people need each."""
    page = page_of(queries.modules_due(request.prison, london_today(timezone.now())), request)
    table = Table(
        caption="Modules",
        first="Module",
        columns=[
            "Needed by",
            Column(text="People who need it", numeric=True),
            Column(text="Lapsing in 28 days", numeric=True),
        ],
        rows=[
            Row(
                text=line.module.title,
                href=reverse("training:record_class", args=[request.prison.code, line.module.code]),
                hidden=", record a class",
                cells=[
                    "Every buddy" if line.module.mandatory else "Some tasks",
                    str(line.due),
                    str(line.lapsing),
                ],
            )
            for line in page
        ],
    )
    context = {
        "title": "Record a class",
        "lead": "Choose the module of a class that was not planned here. A planned class is marked on its own page.",
        "page": page,
        "table": table,
        "noun": "modules",
        "empty": "No modules have been loaded. Ask the administrator to load the register.",
        "crumbs": crumbs(request),
    }
    return render(request, "components/list_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAINING_RECORD)
def record_class(request: StaffRequest, module_code: str) -> HttpResponse:
    """One module, one day, everybody on one page, one save."""
    now = timezone.now()
    today = london_today(now)
    module = get_object_or_404(catalogue(request.prison), code=module_code)
    everybody = request.GET.get("everybody") == "yes"
    listed = queries.class_list(request.prison, module, today, everybody=everybody or request.method == "POST")
    if request.method == "POST":
        # Whoever was on the page when it was opened, whatever happened to their modules since.
        listed = [(buddy, state) for buddy, state in listed if f"outcome-{buddy.token}" in request.POST]
    about: dict[str, Any] = {
        "listed": listed,
        "practical": module.practical,
        "held": knowledge_days(module, [buddy for buddy, _ in listed], today),
    }
    form = ClassForm(request.POST or None, initial={"assessed_on": today}, **about)
    if request.method == "GET" and request.GET.get("fill") == "passed":
        form = ClassForm(initial={"assessed_on": today, **form.everybody_passed()}, **about)
    if request.method == "POST" and form.is_valid():
        try:
            added = record_marks(
                by=request.actor,
                now=now,
                prison=request.prison,
                module=module,
                assessed_on=form.cleaned_data["assessed_on"],
                marks=[mark for mark in form.marks if mark.there],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            many = "1 result" if len(added) == 1 else f"{len(added)} results"
            messages.success(request, f"{module.title}: {many} recorded.")
            return redirect("training:board", request.prison.code)
    modules_url = reverse("training:modules", args=[request.prison.code])
    form.cancel_url = modules_url
    context = {
        "title": f"Class: {module.title}",
        "form": form,
        "listed": listed,
        "everybody": everybody,
        "fill_url": "?everybody=yes&fill=passed" if everybody else "?fill=passed",
        "crumbs": crumbs(request, ("Record a class", modules_url)),
    }
    return render(request, "training/class_page.html", context)
