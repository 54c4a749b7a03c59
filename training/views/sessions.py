"""Classes: the list, one class, planning, changing, booking and cancelling."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import User
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from training.actions.sessions import book_people, cancel_session, change_session, plan_session
from training.forms.sessions import COMING, MARK, PAST, WEEK, BookForm, CancelForm, ChangeForm, PlanForm, SessionFilter
from training.models import ClassSession, ModuleResult
from training.queries import sessions as queries
from training.queries.results import modules
from training.rules.sessions import begins_words, can_mark, places_words
from training.views.board import crumbs
from training.views.wings import one_wing
from training.views.words import SESSION_COLOURS

S = ClassSession.Status


def session_url(request: StaffRequest, name: str, session: ClassSession) -> str:
    """An address of one class."""
    return reverse(f"training:{name}", args=[request.prison.code, session.token])


def session_crumbs(request: StaffRequest, session: ClassSession | None = None) -> list[dict[str, str]]:
    """Training, classes, and below one class its page."""
    found = crumbs(request, ("Classes", reverse("training:sessions", args=[request.prison.code])))
    if session is not None:
        found.append({"text": session.module.title, "href": session_url(request, "session", session)})
    return found


def find(request: StaffRequest, token: str) -> ClassSession:
    """The class of this prison, or 404."""
    found: ClassSession = get_object_or_404(queries.sessions_of(request.prison), token=token)
    return found


@require_safe
@requires(Permission.TRAINING_VIEW)
def sessions(request: StaffRequest) -> HttpResponse:
    """Classes to come, or those of the week, to be marked, or over."""
    now = timezone.now()
    filter_form = SessionFilter(request.GET)
    show = filter_form.answers.get("show", "")
    page = page_of(_shown(request, show, now), request)
    context: dict[str, Any] = {
        "title": "Classes",
        "page": page,
        "noun": "classes",
        "filter_form": filter_form,
        "table": Table(
            caption="Classes, newest first" if show == PAST else "Classes in the order of their days",
            first="Module",
            columns=["Day", "Place", Column(text="Booked", numeric=True), "Trainer"],
            rows=[_row(request, session, now) for session in page],
        ),
        "empty": "No class is planned.",
        "crumbs": crumbs(request),
    }
    if may(request, Permission.TRAINING_RECORD):
        context["action_href"] = reverse("training:plan_session", args=[request.prison.code])
        context["action_text"] = "Plan a class"
    return render(request, "components/list_page.html", context)


def _shown(request: StaffRequest, show: str, now: datetime) -> QuerySet[Any]:
    if show == COMING:
        return queries.to_come(request.prison, now)
    if show == WEEK:
        return queries.this_week(request.prison, now)
    if show == MARK:
        return queries.to_mark(request.prison, now)
    if show == PAST:
        over = queries.sessions_of(request.prison).exclude(status=S.PLANNED)
        return over.order_by("-held_on", "-starts_at", "-id")
    # Without a filter: what is to be done, then what is to come.
    return queries.sessions_of(request.prison).filter(status=S.PLANNED)


def _row(request: StaffRequest, session: Any, now: datetime) -> Row:
    waiting = session.status == S.PLANNED and can_mark(session, now=now)
    return Row(
        text=session.module.title,
        href=session_url(request, "session", session),
        hidden=f", class on {day_in_words(session.held_on)}",
        cells=[
            begins_words(session.held_on, session.starts_at),
            session.place,
            Cell(text=f"{session.taken} of {session.places}"),
            session.trainer.name,
        ],
        tag=Tag(text="To mark", colour="yellow")
        if waiting
        else Tag(text=session.get_status_display(), colour=SESSION_COLOURS[session.status]),
    )


@require_safe
@requires(Permission.TRAINING_VIEW)
def session(request: StaffRequest, token: str) -> HttpResponse:
    """One class: when, where, who is booked, who was there and what they achieved."""
    now = timezone.now()
    found = find(request, token)
    people = queries.people_of(found)
    viewed(by=request.actor, prison=request.prison.code, subject=found)
    context = {
        "title": found.module.title,
        "caption": f"Class on {day_in_words(found.held_on)}",
        "crumbs": session_crumbs(request),
        "rows": _facts(found),
        "table": _people(request, found, people),
        "free": found.places - len(people),
        "free_words": places_words(found.places - len(people)),
        "actions": _actions(request, found, now),
    }
    return render(request, "training/session_page.html", context)


def _facts(found: ClassSession) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"key": "Class", "value": found.get_status_display(), "tag": SESSION_COLOURS[found.status]},
        {"key": "Day", "value": begins_words(found.held_on, found.starts_at)},
        {"key": "Place", "value": found.place},
        {"key": "Places", "value": str(found.places)},
        {"key": "Trainer", "value": found.trainer.name},
        {"key": "Parts", "value": "Knowledge and practical" if found.module.practical else "Knowledge"},
    ]
    if found.cancelled_at is not None:
        rows.append({"key": "Why cancelled", "value": found.cancel_reason})
    return rows


def _people(request: StaffRequest, found: ClassSession, people: list[Any]) -> Table:
    there, results = queries.attendance_of(found), queries.results_in(found)
    return Table(
        caption="People",
        first="Name",
        columns=["Wing", "There", "Knowledge", *(["Practical"] if found.module.practical else [])],
        status="Result",
        rows=[
            Row(
                text=buddy.person.list_name,
                href=reverse("training:buddy", args=[request.prison.code, buddy.token]),
                hidden=", training",
                note=buddy.person.prison_number,
                cells=[
                    buddy.wing_name or "Not here now",
                    {True: "Yes", False: "No", None: "–"}[there.get(buddy.pk)],
                    *_parts(found, results.get(buddy.pk)),
                ],
                tag=_result_tag(results.get(buddy.pk)),
            )
            for buddy in people
        ],
    )


def _parts(found: ClassSession, result: ModuleResult | None) -> list[str]:
    if result is None or result.outcome == ModuleResult.Outcome.VOID:
        return ["–"] * (2 if found.module.practical else 1)
    return [result.get_knowledge_display(), *([result.get_practical_display()] if found.module.practical else [])]


def _result_tag(result: ModuleResult | None) -> Tag | None:
    if result is None or result.outcome == ModuleResult.Outcome.VOID:
        return None
    passed = result.outcome == ModuleResult.Outcome.PASSED
    return Tag(text=result.get_outcome_display(), colour="green" if passed else "yellow")


def _actions(request: StaffRequest, found: ClassSession, now: datetime) -> list[dict[str, Any]]:
    """What may be done with the class now, the most likely first."""
    if not may(request, Permission.TRAINING_RECORD):
        return []
    marking = can_mark(found, now=now)
    offered = [("mark_session", "Mark the class" if found.status == S.PLANNED else "Correct the marks", marking)]
    offered.append(("session_file", "Mark it from a file", marking))
    planned = found.status == S.PLANNED
    offered.append(("book_session", "Choose who comes", planned))
    offered.append(("change_session", "Change day, place or places", planned))
    offered.append(("cancel_session", "Cancel the class", planned))
    return [{"text": text, "href": session_url(request, name, found)} for name, text, shown in offered if shown]


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAINING_RECORD)
def plan(request: StaffRequest) -> HttpResponse:
    """A new class."""
    now = timezone.now()
    catalogue = list(modules(request.prison))
    first = {"module": request.GET.get("module", ""), "trainer": str(request.user.pk), "places": 12}
    form = PlanForm(request.POST or None, modules=catalogue, trainers=_trainers(request, now), initial=first)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            planned = plan_session(
                by=request.actor,
                now=now,
                prison=request.prison,
                module=next(module for module in catalogue if module.code == answers["module"]),
                **_when(answers),
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Class planned. Choose who comes.")
            return redirect("training:book_session", request.prison.code, planned.token)
    form.cancel_url = reverse("training:sessions", args=[request.prison.code])
    context = {"title": "Plan a class", "form": form, "crumbs": session_crumbs(request)}
    return render(request, "components/form_page.html", context)


def _trainers(request: StaffRequest, now: datetime) -> QuerySet[User]:
    return queries.trainers_of(request.prison, london_today(now))


def _when(answers: dict[str, Any]) -> dict[str, Any]:
    named = ("held_on", "starts_at", "place", "places")
    return {**{name: answers[name] for name in named}, "trainer": User.objects.get(pk=answers["trainer"])}


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAINING_RECORD)
def change(request: StaffRequest, token: str) -> HttpResponse:
    """Another day, place or trainer, more or fewer places."""
    now = timezone.now()
    found = find(request, token)
    named = ("held_on", "starts_at", "place", "places", "version")
    first = {**{name: getattr(found, name) for name in named}, "trainer": str(found.trainer_id)}
    form = ChangeForm(request.POST or None, trainers=_trainers(request, now), initial=first)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            change_session(by=request.actor, now=now, session=found, version=answers["version"], **_when(answers))
        except Stale as error:
            form.stale(error, version=found.version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Class changed.")
            return redirect(session_url(request, "session", found))
    form.cancel_url = session_url(request, "session", found)
    context = {"title": "Change the class", "form": form, "crumbs": session_crumbs(request, found)}
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAINING_RECORD)
def book(request: StaffRequest, token: str) -> HttpResponse:
    """Who has a place, all on one page."""
    now = timezone.now()
    found = find(request, token)
    everybody = request.GET.get("everybody") == "yes"
    offered = queries.bookable(found, london_today(now), everybody=everybody or request.method == "POST")
    wing = one_wing(request, [each.buddy for each in offered])
    # Whoever has a place stays on the page: taking a tick away is what gives it up.
    offered = [each for each in offered if wing.holds(each.buddy) or each.booked]
    form = BookForm(request.POST or None, offered=offered, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        chosen = [form.by_token[token] for token in form.cleaned_data["people"]]
        try:
            book_people(by=request.actor, now=now, session=found, buddies=chosen, version=form.cleaned_data["version"])
        except Stale as error:
            form.stale(error, version=found.version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Booked: {len(chosen)} of {places_words(found.places)}.")
            return redirect(session_url(request, "session", found))
    form.cancel_url = session_url(request, "session", found)
    context = {
        "title": f"Who comes: {found.module.title}",
        "lead": f"{begins_words(found.held_on, found.starts_at)}. The class has {places_words(found.places)}.",
        "form": form,
        "everybody": everybody,
        "offered": offered,
        "one_wing": wing,
        "crumbs": session_crumbs(request, found),
    }
    return render(request, "training/session_book.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAINING_RECORD)
def cancel(request: StaffRequest, token: str) -> HttpResponse:
    """Cancel the class, with a reason."""
    found = find(request, token)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_session(by=request.actor, now=timezone.now(), session=found, reason=form.cleaned_data["reason"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Class cancelled.")
            return redirect(session_url(request, "session", found))
    form.cancel_url = session_url(request, "session", found)
    people = queries.places_taken(found).count()
    context = {
        "title": f"Cancel the class: {found.module.title}",
        "lead": f"{begins_words(found.held_on, found.starts_at)}. "
        + (
            f"Tell the {people} people who are booked."
            if people > 1
            else "Tell the person who is booked."
            if people
            else "Nobody is booked."
        ),
        "warning": "A cancelled class cannot be taken up again. Plan a new one instead.",
        "form": form,
        "crumbs": session_crumbs(request, found),
    }
    return render(request, "components/confirm.html", context)
