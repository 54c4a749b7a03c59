"""Supervision: the list of who is due, one buddy's record, and recording one-to-ones and group meetings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from schemes import guard
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of
from schemes.queries.wings import wings_of
from training.actions.supervision import hold_group_meeting, hold_one_to_one, miss_one_to_one
from training.forms.supervision import GroupForm, MissedForm, OneToOneForm, SupervisionFilter
from training.models import Supervision, SupervisionAction, Theme
from training.queries import supervision as queries
from training.rules.supervision import IN_ROLE, SOON
from training.views.board import crumbs
from training.views.wings import one_wing
from training.views.words import day

OUTCOME = Supervision.Outcome


def _url(request: StaffRequest, name: str, *args: str) -> str:
    return reverse(f"training:{name}", args=[request.prison.code, *args])


def _crumbs(request: StaffRequest, found: Buddy | None = None) -> list[dict[str, str]]:
    links = [("Supervision", _url(request, "supervision"))]
    if found is not None:
        links.append((f"Supervision of buddy {found.reference}", _url(request, "supervision_of", found.token)))
    return crumbs(request, *links)


def _identity(request: StaffRequest, found: Any) -> dict[str, str]:
    return {
        "name": found.person.full_name,
        "prison_number": found.person.prison_number,
        "place": found.wing_name or "Not here now",
    }


def _find(request: StaffRequest, token: str) -> Any:
    return get_object_or_404(buddies_of(request.prison), token=token)


def themes_words(themes: list[str]) -> str:
    """What was talked about, in one line."""
    return ". ".join(Theme(code).label for code in themes)


# The list ------------------------------------------------------------------------------------------------


@require_safe
@requires(Permission.SUPERVISION_HOLD)
def supervision(request: StaffRequest) -> HttpResponse:
    """Everybody in the role, the next supervision first."""
    today = london_today(timezone.now())
    filter_form = SupervisionFilter(request.GET, wings=wings_of(request.prison))
    answers = filter_form.answers
    rows = queries.supervision_list(request.prison, today, answers.get("show", ""))
    if "wing" in answers:
        rows = rows.filter(wing_code=answers["wing"])
    page = page_of(rows, request)
    context = {
        "title": "Supervision",
        "page": page,
        "noun": "buddies",
        "filter_form": filter_form,
        "table": Table(
            caption="Buddies, first due first",
            first="Name",
            columns=["Wing", "Last held", "Due on", "Missed"],
            status="State",
            rows=[_row(request, buddy, today) for buddy in page],
        ),
        "empty": "Nobody is in the role yet.",
        "action_href": _url(request, "record_group"),
        "action_text": "Record a group meeting",
        "crumbs": crumbs(request),
    }
    return render(request, "components/list_page.html", context)


def _row(request: StaffRequest, buddy: Any, today: date) -> Row:
    missed = buddy.missed_on is not None and buddy.missed_on > buddy.since
    return Row(
        text=buddy.person.list_name,
        href=_url(request, "supervision_of", buddy.token),
        hidden=", supervision",
        note=buddy.person.prison_number,
        cells=[
            buddy.wing_name or "Not here now",
            day_in_words(buddy.last_held) if buddy.last_held else "Not yet",
            day_in_words(buddy.due_on),
            Cell(text=day_in_words(buddy.missed_on), note=Supervision.Reason(buddy.missed_why).label)
            if missed
            else "–",
        ],
        tag=state_tag(buddy, today),
    )


def state_tag(buddy: Any, today: date) -> Tag:
    """Where somebody's supervision stands: late comes before missed, missed before due."""
    if buddy.due_on < today:
        return Tag(text="Late", colour="red")
    if buddy.missed_on is not None and buddy.missed_on > buddy.since:
        return Tag(text="Missed", colour="orange")
    if buddy.due_on <= today + SOON:
        return Tag(text="Due", colour="yellow")
    return Tag(text="Not yet due", colour="green")


# One buddy -----------------------------------------------------------------------------------------------


@require_safe
@requires(Permission.SUPERVISION_HOLD)
def supervision_of(request: StaffRequest, token: str) -> HttpResponse:
    """When the next is due, what is to be done, and everything that was recorded."""
    today = london_today(timezone.now())
    found = _find(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    due = queries.supervised(request.prison).filter(pk=found.pk).first()
    context = {
        "title": f"Supervision of buddy {found.reference}",
        "crumbs": _crumbs(request),
        **_identity(request, found),
        "person_href": reverse("schemes:buddy", args=[request.prison.code, token])
        if may(request, Permission.BUDDIES_VIEW)
        else "",
        "in_role": found.status in IN_ROLE,
        "due": due,
        "due_words": day_in_words(due.due_on) if due is not None else "",
        "tag": state_tag(due, today) if due is not None else None,
        "record_url": _url(request, "record_supervision", token),
        "missed_url": _url(request, "supervision_missed", token),
        "training_url": _url(request, "buddy", token),
        "actions": _actions(found, today),
        "table": _record(found),
    }
    return render(request, "training/supervision_page.html", context)


def _actions(found: Buddy, today: date) -> Table:
    return Table(
        caption="What was agreed",
        first="Action",
        columns=["Agreed on", "Due on", "Done on"],
        rows=[
            Row(
                text=action.words,
                cells=[
                    day_in_words(action.supervision.held_on),
                    day_in_words(action.due_on),
                    day(london_today(action.closed_at) if action.closed_at else None),
                ],
                tag=_action_tag(action, today),
            )
            for action in queries.actions_of(found)
        ],
    )


def _action_tag(action: SupervisionAction, today: date) -> Tag:
    if action.closed_at is not None:
        return Tag(text="Done", colour="green")
    return Tag(text="Overdue", colour="red") if action.due_on < today else Tag(text="To do", colour="blue")


def _record(found: Buddy) -> Table:
    return Table(
        caption="Supervision held and missed, newest first",
        first="Date",
        columns=["What", "Talked about", "Asked how they are", "By"],
        status="Result",
        rows=[
            Row(
                text=day_in_words(held.held_on),
                cells=[
                    held.get_kind_display(),
                    themes_words(held.themes) or held.get_reason_display(),
                    {True: "Yes", False: "No", None: "–"}[held.wellbeing_asked],
                    held.recorded_by.name,
                ],
                tag=Tag(text="Held", colour="green")
                if held.outcome == OUTCOME.HELD
                else Tag(text="Missed", colour="orange"),
            )
            for held in queries.record_of(found)
        ],
    )


# Recording -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(Permission.SUPERVISION_HOLD)
def record_supervision(request: StaffRequest, token: str) -> HttpResponse:
    """A one-to-one: what is still open from the last is shown, and is done or carried over."""
    now = timezone.now()
    found = _find(request, token)
    still_open = list(queries.open_actions(found))
    form = OneToOneForm(request.POST or None, open_actions=still_open, initial={"held_on": london_today(now)})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            hold_one_to_one(
                by=request.actor,
                now=now,
                buddy=found,
                held_on=answers["held_on"],
                themes=answers["themes"],
                wellbeing_asked=answers["wellbeing_asked"],
                actions=answers["actions"],
                done=[action for action in still_open if action.token in answers.get("done", [])],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Supervision of {found.person.full_name} is recorded.")
            if any(guard.notices(words) for words in answers["actions"]):
                messages.warning(request, guard.WAITS)
            return redirect(_url(request, "supervision_of", token))
    return _form_page(request, found, form, "Record a one-to-one")


@require_http_methods(["GET", "POST"])
@requires(Permission.SUPERVISION_HOLD)
def supervision_missed(request: StaffRequest, token: str) -> HttpResponse:
    """A one-to-one that did not take place."""
    now = timezone.now()
    found = _find(request, token)
    form = MissedForm(request.POST or None, initial={"held_on": london_today(now)})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            miss_one_to_one(
                by=request.actor, now=now, buddy=found, missed_on=answers["held_on"], reason=answers["reason"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Recorded as missed. It stays due until one is held.")
            return redirect(_url(request, "supervision_of", token))
    return _form_page(request, found, form, "Record a missed one-to-one")


@require_http_methods(["GET", "POST"])
@requires(Permission.SUPERVISION_HOLD)
def record_group(request: StaffRequest) -> HttpResponse:
    """One meeting for everybody who came."""
    now = timezone.now()
    offered = queries.may_meet(request.prison)
    wing = one_wing(request, offered)
    offered = [buddy for buddy in offered if wing.holds(buddy)]
    form = GroupForm(request.POST or None, buddies=offered, initial={"held_on": london_today(now)})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        came = [buddy for buddy in offered if buddy.token in answers["people"]]
        try:
            hold_group_meeting(
                by=request.actor,
                now=now,
                prison=request.prison,
                held_on=answers["held_on"],
                themes=answers["themes"],
                buddies=came,
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            people = "1 person" if len(came) == 1 else f"{len(came)} people"
            messages.success(request, f"Group meeting recorded for {people}.")
            return redirect(_url(request, "supervision"))
    form.cancel_url = _url(request, "supervision")
    context = {
        "title": "Record a group meeting",
        "form": form,
        "crumbs": _crumbs(request),
        "lead": "" if offered else "Nobody is in the role yet, so nobody can be ticked.",
        "one_wing": wing,
    }
    return render(request, "training/group_form.html", context)


def _form_page(request: StaffRequest, found: Any, form: Any, title: str) -> HttpResponse:
    form.cancel_url = _url(request, "supervision_of", found.token)
    context = {"title": title, "form": form, "crumbs": _crumbs(request, found), **_identity(request, found)}
    return render(request, "training/supervision_form.html", context)
