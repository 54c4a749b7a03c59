"""Absences and appointments: the list of today and the next days, recording, back, taken back; weekly work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import WEEKDAYS, london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from schemes.actions import absences as actions
from schemes.forms import absences as forms
from schemes.models import Absence, Person, Session, WeeklyActivity
from schemes.queries import absences as queries
from schemes.queries.people import people_of, person_here
from schemes.rules.absences import can_change
from schemes.views.keep_apart import NOT_HERE

DAYS_AHEAD = 14
HELD = Tag(text="Visits held", colour="orange")


@require_safe
@requires(P.ABSENCES_EDIT)
def absences(request: StaffRequest) -> HttpResponse:
    """Who is elsewhere today and in the next two weeks, soonest first."""
    today = london_today(timezone.now())
    filter_form = forms.AbsenceFilter(request.GET)
    rows = queries.coming(request.prison, today, days=DAYS_AHEAD)
    if kind := filter_form.answers.get("kind"):
        rows = rows.filter(kind=kind)
    page = page_of(rows, request)
    table = Table(
        caption="Today and the next two weeks, soonest first",
        first="Person",
        columns=["Where", "When", "Change"],
        rows=[
            Row(
                text=absence.person.list_name,
                href=reverse("schemes:person", args=[request.prison.code, absence.person.token]),
                note=absence.person.prison_number,
                cells=[absence.get_kind_display(), when(absence), _change_cell(request, absence)],
                tag=HELD if absence.holds else None,
            )
            for absence in page
        ],
        status="Support",
    )
    return render(request, "components/list_page.html", {
        "title": "Absences and appointments",
        "lead": "Court, hospital and temporary release hold the support: visits are planned again when the person is "
        "back.",
        "page": page,
        "table": table,
        "noun": "absences",
        "filter_form": filter_form,
        "empty": "Nobody is on record as elsewhere today or in the next two weeks.",
        "action_href": reverse("schemes:record_absence", args=[request.prison.code]),
        "action_text": "Record an absence",
    })  # fmt: skip


def _change_cell(request: StaffRequest, absence: Absence) -> Cell:
    href = reverse("schemes:absence", args=[request.prison.code, absence.token])
    words = f"“{absence.get_kind_display()}” of {absence.person.list_name}"
    return Cell(text="Back, or taken back", href=href, hidden=words)


def when(absence: Absence) -> str:
    """From when to when, as people say it."""
    first = _moment(absence.starts_on, absence.starts_session)
    if absence.ends_on is None:
        return f"From {first}, until back"
    if absence.ends_on == absence.starts_on and absence.ends_session == absence.starts_session:
        return first
    if absence.ends_on == absence.starts_on:
        last = Session(absence.ends_session).label.lower() if absence.ends_session else "end of the day"
        return f"{first} to {last}"
    return f"{first} to {_moment(absence.ends_on, absence.ends_session)}"


def _moment(day: Any, session: str) -> str:
    return f"{day_in_words(day)}, {Session(session).label.lower()}" if session else day_in_words(day)


def weekly_words(activity: WeeklyActivity) -> str:
    """The days and the session: "Monday, Tuesday, in the morning"."""
    days = ", ".join(WEEKDAYS[day] for day in activity.weekdays)
    return f"{days}, in the {activity.get_session_display().lower()}"


@require_http_methods(["GET", "POST"])
@requires(P.ABSENCES_EDIT)
def record(request: StaffRequest) -> HttpResponse:
    """An absence of somebody by prison number."""
    form = forms.NewAbsenceForm(request.POST or None, initial=_initial())
    back = reverse("schemes:absences", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        person = person_here(request.prison, form.cleaned_data["prison_number"])
        if person is None:
            form.refuse(NOT_HERE, field="prison_number")
        elif _recorded(request, form, person):
            return redirect(back)
    form.cancel_url = back
    context = {
        "title": "Record an absence",
        "form": form,
        "crumbs": [{"text": "Absences and appointments", "href": back}],
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.ABSENCES_EDIT)
def record_for(request: StaffRequest, token: str) -> HttpResponse:
    """An absence of one person, from their page."""
    person = get_object_or_404(people_of(request.prison), token=token)
    form = forms.AbsenceForm(request.POST or None, initial=_initial())
    if request.method == "POST" and form.is_valid() and _recorded(request, form, person):
        return redirect(_person_url(request, person))
    return _about(request, person, form, "Record an absence")


def _initial() -> dict[str, Any]:
    return {"starts_on": london_today(timezone.now()), "session": forms.WHOLE_DAY}


def _recorded(request: StaffRequest, form: forms.AbsenceForm, person: Person) -> bool:
    try:
        absence = actions.record_absence(
            by=request.actor, now=timezone.now(), prison=request.prison, person=person, **form.period
        )
    except NotAllowed as error:
        form.refuse(error)
        return False
    held = " Visits are held until the person is back." if absence.holds else ""
    messages.success(request, f"The absence is recorded.{held}")
    return True


@require_http_methods(["GET", "POST"])
@requires(P.ABSENCES_EDIT)
def absence(request: StaffRequest, token: str) -> HttpResponse:
    """Somebody is back, or will be."""
    found = _load(request, token)
    now = timezone.now()
    form = forms.BackForm(request.POST or None, initial={"back_on": london_today(now), "session": Session.MORNING})

    def save() -> None:
        answers = form.cleaned_data
        actions.come_back(
            by=request.actor, now=now, absence=found, back_on=answers["back_on"], back_session=answers["session"]
        )

    if _saved(request, form, save, "It is recorded when the person is back."):
        return redirect("schemes:absences", request.prison.code)
    context = {
        "cancel_href": reverse("schemes:cancel_absence", args=[request.prison.code, token])
        if can_change(found)
        else "",
        "rows": _rows(found),
    }
    return _about(request, found.person, form, "When is the person back?", context, "schemes/absence_back.html")


@require_http_methods(["GET", "POST"])
@requires(P.ABSENCES_EDIT)
def cancel(request: StaffRequest, token: str) -> HttpResponse:
    """It does not take place, or never did."""
    found = _load(request, token)
    form = ConfirmForm(request.POST or None, label="Take it back", warning=True)

    def save() -> None:
        actions.cancel_absence(by=request.actor, now=timezone.now(), absence=found)

    if _saved(request, form, save, "The absence is taken back. Visits are planned as before."):
        return redirect("schemes:absences", request.prison.code)
    context = {"rows": _rows(found), "warning": "The person counts as here all the time, and visits are planned again."}
    return _about(request, found.person, form, "Take an absence back", context)


@require_http_methods(["GET", "POST"])
@requires(P.ABSENCES_EDIT)
def weekly(request: StaffRequest, token: str) -> HttpResponse:
    """Work or education of every week."""
    person = get_object_or_404(people_of(request.prison), token=token)
    now = timezone.now()
    form = forms.WeeklyForm(request.POST or None, initial={"starts_on": london_today(now)})

    def save() -> None:
        answers = form.cleaned_data
        actions.record_weekly(
            by=request.actor,
            now=now,
            prison=request.prison,
            person=person,
            kind=answers["kind"],
            weekdays=form.days,
            session=answers["session"],
            starts_on=answers["starts_on"],
        )

    if _saved(request, form, save, "The weekly work is recorded."):
        return redirect(_person_url(request, person))
    return _about(request, person, form, "Record weekly work or education")


@require_http_methods(["GET", "POST"])
@requires(P.ABSENCES_EDIT)
def end_weekly(request: StaffRequest, token: str) -> HttpResponse:
    """The person no longer goes."""
    found = get_object_or_404(queries.weekly_of(request.prison), token=token)
    form = ConfirmForm(request.POST or None, label="The person no longer goes", warning=True)

    def save() -> None:
        actions.end_weekly(by=request.actor, now=timezone.now(), activity=found)

    if _saved(request, form, save, "It is recorded that the person no longer goes."):
        return redirect(_person_url(request, found.person))
    context = {
        "rows": [
            {"key": "What", "value": found.get_kind_display()},
            {"key": "When", "value": weekly_words(found)},
        ]
    }
    return _about(request, found.person, form, "End weekly work or education", context)


def panel(request: StaffRequest, person: Person) -> dict[str, Any] | None:
    """For the person's page: what is coming, weekly work, and the ways to record more."""
    if not may(request, P.ABSENCES_EDIT):
        return None
    today, code = london_today(timezone.now()), request.prison.code
    coming = [
        {
            "text": row.get_kind_display(),
            "when": when(row),
            "href": reverse("schemes:absence", args=[code, row.token]),
            "action": "Back, or taken back",
        }
        for row in queries.coming_of(request.prison, person, today)
    ]
    every_week = [
        {
            "text": row.get_kind_display(),
            "when": weekly_words(row),
            "href": reverse("schemes:end_weekly", args=[code, row.token]),
            "action": "End",
        }
        for row in queries.weekly_of_person(request.prison, person, today)
    ]
    return {
        "rows": [*coming, *every_week],
        "add_href": reverse("schemes:record_absence_for", args=[code, person.token]),
        "weekly_href": reverse("schemes:record_weekly", args=[code, person.token]),
    }


def _load(request: StaffRequest, token: str) -> Absence:
    return get_object_or_404(queries.absences_of(request.prison), token=token)


def _rows(absence: Absence) -> list[dict[str, str]]:
    return [
        {"key": "Where", "value": absence.get_kind_display()},
        {"key": "When", "value": when(absence)},
    ]


def _saved(request: StaffRequest, form: Any, save: Callable[[], None], words: str) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save()
    except NotAllowed as error:
        form.refuse(error)
        return False
    messages.success(request, words)
    return True


def _person_url(request: StaffRequest, person: Person) -> str:
    return reverse("schemes:person", args=[request.prison.code, person.token])


def _about(
    request: StaffRequest,
    person: Person,
    form: Any,
    title: str,
    more: dict[str, Any] | None = None,
    template: str = "components/confirm.html",
) -> HttpResponse:
    form.cancel_url = _person_url(request, person)
    context = {
        "title": title,
        "form": form,
        "caption": f"{person.full_name}, {person.prison_number}",
        "crumbs": [
            {
                "text": "Absences and appointments",
                "href": reverse("schemes:absences", args=[request.prison.code]),
            },
            {"text": "Person", "href": form.cancel_url},
        ],
    }
    return render(request, template, context | (more or {}))
