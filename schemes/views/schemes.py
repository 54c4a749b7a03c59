"""The scheme's page, its steps, and opening it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import WEEKDAYS, london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.forms import GovukForm
from buddyscheme.lib.tables import Row, Table
from schemes.actions import schemes as actions
from schemes.forms import schemes as forms
from schemes.models import HolidayRegime, Scheme, Session, TaskKind
from schemes.printed_words import ENGLISH, WELSH, say
from schemes.queries import schemes as queries
from schemes.queries.staff import administrators_of, people_who_may_stand_in
from schemes.queries.wings import wings_of
from schemes.rules import schemes as rules
from schemes.views.departments import check_steps
from schemes.views.limits import limits_step
from schemes.views.supervision import supervision_step

STATUS_COLOURS = {"SETTING_UP": "yellow", "OPEN": "green", "CLOSED": "grey"}


@require_safe
@requires(P.SCHEME_VIEW)
def scheme(request: StaffRequest) -> HttpResponse:
    """Where the scheme stands: a task list while it is set up, what is settled afterwards."""
    found = queries.scheme_of(request.prison)
    if found is None:
        return render(request, "schemes/scheme_none.html", {"may_edit": _may_edit(request)})
    settled = _settled(request, found)
    may_edit = _may_edit(request) and found.status != Scheme.Status.CLOSED
    context = {
        "scheme": found,
        "status_colour": STATUS_COLOURS[found.status],
        "may_edit": may_edit,
        "tasks": [_as_task(step) for step in settled],
        "rows": [_as_row(step, may_edit) for step in settled],
        "missing": [step["missing"] for step in settled if step["missing"]],
        "week": _week(request, may_edit),
    }
    return render(request, "schemes/scheme.html", context)


@require_POST
@requires(P.SCHEME_EDIT)
def start(request: StaffRequest) -> HttpResponse:
    """Begin to set the scheme up, with the one who asks as its lead."""
    form = forms.StartForm(request.POST)
    if form.is_valid():
        try:
            actions.start_scheme(by=request.actor, now=timezone.now(), prison=request.prison, lead=request.user)
        except NotAllowed as error:
            messages.warning(request, str(error))
    return _to_scheme(request)


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def wings(request: StaffRequest) -> HttpResponse:
    """Which wings the scheme serves. Wings themselves are kept by administrators."""
    found = _scheme(request)
    choices = wings_of(request.prison)
    if not choices:
        asked = administrators_of(request.prison, london_today(timezone.now()))
        return render(request, "schemes/no_wings.html", {"administrators": asked, "crumbs": _crumbs(request)})
    served = [wing.token for wing in queries.served_wings(found)]
    form = forms.WingsForm(request.POST or None, wings=choices, initial={"wings": served, "version": found.version})
    if request.method == "POST" and form.is_valid():
        chosen = [wing for wing in choices if wing.token in form.cleaned_data["wings"]]
        if _saved(request, form, found, actions.set_wings, wings=chosen):
            return _to_scheme(request)
    return _step(request, form, "Which wings does the scheme serve?")


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def cover(request: StaffRequest) -> HttpResponse:
    """Deputy and leave cover."""
    found = _scheme(request)
    deputies = list(people_who_may_stand_in(request.prison, london_today(timezone.now())))
    now_deputy = found.deputy.token if found.deputy else ("none" if found.version > 1 and found.leave_cover else None)
    form = forms.CoverForm(
        request.POST or None,
        deputies=deputies,
        initial={"deputy": now_deputy, "leave_cover": found.leave_cover, "version": found.version},
    )
    if request.method == "POST" and form.is_valid():
        deputy = next((user for user in deputies if user.token == form.cleaned_data["deputy"]), None)
        if _saved(
            request, form, found, actions.set_people, deputy=deputy, leave_cover=form.cleaned_data["leave_cover"]
        ):
            return _to_scheme(request)
    return _step(request, form, "Deputy and leave cover")


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def tasks(request: StaffRequest) -> HttpResponse:
    """Which permitted tasks of the catalogue buddies may do here."""
    found = _scheme(request)
    catalogue = list(queries.catalogue())
    permitted = [task for task in catalogue if task.kind == TaskKind.Kind.PERMITTED]
    today = london_today(timezone.now())
    allowed = [task.code for task in queries.allowed_tasks(found, today) if task.kind == TaskKind.Kind.PERMITTED]
    form = forms.TasksForm(request.POST or None, tasks=permitted, initial={"tasks": allowed, "version": found.version})
    valid = request.method == "POST" and form.is_valid()
    if valid and _saved(request, form, found, actions.set_tasks, allowed=set(form.cleaned_data["tasks"])):
        return _to_scheme(request)
    context = {
        "title": "Tasks that buddies may do",
        "form": form,
        "crumbs": _crumbs(request),
        "restricted": [task for task in catalogue if task.kind == TaskKind.Kind.RESTRICTED],
        "prohibited": [task for task in catalogue if task.kind == TaskKind.Kind.PROHIBITED],
    }
    form.cancel_url = _scheme_url(request)
    return render(request, "schemes/scheme_tasks.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def regime(request: StaffRequest) -> HttpResponse:
    """The week's unlock times in two patterns: weekdays and the weekend."""
    found = _scheme(request)
    week = queries.regime_week(request.prison)
    initial = {"version": found.version}
    initial |= forms.initial_times("week", week.get(0, {}) if week else forms.USUAL_WEEK)  # type: ignore[arg-type]
    initial |= forms.initial_times("weekend", week.get(5, {}) if week else forms.USUAL_WEEKEND)  # type: ignore[arg-type]
    form = forms.RegimeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved_times(request, form, found, form.times):
        return _to_scheme(request)
    lead = "These are usual times. Change them to those of this prison." if not week else ""
    return _times_page(request, form, "Regime times", lead=lead, overwrites=_differs(week))


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def regime_day(request: StaffRequest, weekday: int) -> HttpResponse:
    """The unlock times of one day of the week."""
    if not 0 <= weekday <= 6:
        raise Http404("no such day")
    found = _scheme(request)
    week = queries.regime_week(request.prison)
    name = WEEKDAYS[weekday]
    form = forms.TimesForm(
        request.POST or None,
        patterns=[("day", name, (weekday,))],
        initial={"version": found.version} | forms.initial_times("day", week.get(weekday, {})),  # type: ignore[operator]
    )
    if request.method == "POST" and form.is_valid():
        others = [(day, s, *pair) for day, times in week.items() if day != weekday for s, pair in times.items()]
        if _saved_times(request, form, found, [*others, *form.times]):
            return _to_scheme(request)
    return _times_page(request, form, f"Regime times on {name}s")


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def falls(request: StaffRequest) -> HttpResponse:
    """Who answers a fall by day and by night, and within how many minutes."""
    found = _scheme(request)
    form = forms.FallsForm(
        request.POST or None,
        initial={
            "day_who": found.fall_day_who,
            "day_minutes": found.fall_day_minutes,
            "night_who": found.fall_night_who,
            "night_minutes": found.fall_night_minutes,
            "version": found.version,
        },
    )
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("day_who", "day_minutes", "night_who", "night_minutes")}
        if _saved(request, form, found, actions.set_falls, **answers):
            return _to_scheme(request)
    return _step(
        request,
        form,
        "Who answers a fall",
        lead="A buddy never lifts a person who has fallen. The buddy calls staff and stays. Settle who comes.",
    )


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def appeals(request: StaffRequest) -> HttpResponse:
    """How a refused applicant appeals, as the letter says it."""
    found = _scheme(request)
    form = forms.AppealRouteForm(
        request.POST or None,
        initial={
            "route": found.appeal_route or say("appeal_usual", ENGLISH),
            "route_cy": found.appeal_route_cy or say("appeal_usual", WELSH),
            "version": found.version,
        },
    )
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("route", "route_cy")}
        if _saved(request, form, found, actions.set_appeal_route, **answers):
            return _to_scheme(request)
    lead = "The letter to somebody whose application is declined says this. Left empty, it says the usual words."
    return _step(request, form, "Appeals against a refusal", lead=lead)


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def open_scheme(request: StaffRequest) -> HttpResponse:
    """Read it through once more, then open."""
    found = _scheme(request)
    if request.method == "GET" and found.status != Scheme.Status.SETTING_UP:
        return _to_scheme(request)
    form = forms.OpenForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid() and _saved(request, form, found, actions.open_scheme):
        messages.success(request, "The scheme is open. People can be referred from now on.")
        return redirect("home:prison", request.prison.code)
    form.cancel_url = _scheme_url(request)
    context = {
        "title": "Open the scheme",
        "form": form,
        "crumbs": _crumbs(request),
        "lead": "From then on people can be referred, and buddies can be taken on.",
        "rows": [_as_row(step, True) for step in _settled(request, found)],
    }
    return render(request, "components/form_page.html", context)


# What the pages are made of ---------------------------------------------------------------------------------------


def _scheme(request: StaffRequest) -> Scheme:
    found = queries.scheme_of(request.prison)
    if found is None:
        raise Http404("no scheme yet")
    return found


def _may_edit(request: StaffRequest) -> bool:
    return may(request, P.SCHEME_EDIT)


def _scheme_url(request: StaffRequest) -> str:
    return reverse("schemes:scheme", args=[request.prison.code])


def _to_scheme(request: StaffRequest) -> HttpResponse:
    return redirect(_scheme_url(request))


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "The scheme", "href": _scheme_url(request)}]


def _saved(request: StaffRequest, form: GovukForm, found: Scheme, action: Any, **answers: Any) -> bool:
    """Call one action of the scheme with the form's version; put a refusal on the form."""
    try:
        action(by=request.actor, now=timezone.now(), scheme=found, version=form.cleaned_data["version"], **answers)
    except Stale as error:
        form.stale(error, version=_scheme(request).version)
        return False
    except NotAllowed as error:
        form.refuse(error)
        return False
    return True


def _saved_times(request: StaffRequest, form: forms.TimesForm, found: Scheme, times: list[Any]) -> bool:
    try:
        actions.set_regime(
            by=request.actor,
            now=timezone.now(),
            prison=request.prison,
            times=times,
            version=form.cleaned_data["version"],
        )
    except Stale as error:
        form.stale(error, version=_scheme(request).version)
        return False
    except NotAllowed as error:
        form.refuse(error)
        return False
    return True


def _step(request: StaffRequest, form: GovukForm, title: str, lead: str = "") -> HttpResponse:
    form.cancel_url = _scheme_url(request)
    context = {"title": title, "form": form, "crumbs": _crumbs(request), "lead": lead}
    return render(request, "components/form_page.html", context)


def _times_page(
    request: StaffRequest, form: forms.TimesForm, title: str, lead: str = "", overwrites: str = ""
) -> HttpResponse:
    form.cancel_url = _scheme_url(request)
    context = {"title": title, "form": form, "crumbs": _crumbs(request), "lead": lead, "overwrites": overwrites}
    return render(request, "schemes/regime.html", context)


def _differs(week: dict[int, queries.Times]) -> str:
    """The days whose own times the two patterns would replace, in words; empty when there are none."""
    own = [day for day in range(7) if week.get(day, {}) != week.get(0 if day < 5 else 5, {})]
    return ", ".join(WEEKDAYS[day] for day in own)


def _settled(request: StaffRequest, found: Scheme) -> list[dict[str, Any]]:
    """Each step: its name, address, what is settled in words, and what is missing, if the scheme needs it."""
    served = queries.served_wings(found)
    week = queries.regime_week(request.prison)
    allowed = len(queries.allowed_tasks(found, london_today(timezone.now())))
    falls_missing = rules.missing_for_opening(found, wings=1, sessions=1)
    people = [f"Deputy: {found.deputy.name}" if found.deputy else "No deputy yet"]
    people += [f"When both are away: {found.leave_cover}"] if found.leave_cover else []
    steps = [
        {
            "name": "Wings served",
            "url": "schemes:scheme_wings",
            "words": ", ".join(wing.name for wing in served),
            "missing": "" if served else "which wings the scheme serves",
        },
        {
            "name": "Deputy and leave cover",
            "url": "schemes:scheme_cover",
            "words": "\n".join(people) if found.deputy or found.leave_cover else "",
            "missing": "",
        },
        {
            "name": "Tasks that buddies may do",
            "url": "schemes:scheme_tasks",
            "words": f"{allowed} tasks allowed" if allowed != 1 else "1 task allowed",
            "missing": "",
        },
        {
            "name": "Regime times",
            "url": "schemes:scheme_regime",
            "words": f"{sum(len(times) for times in week.values())} sessions a week" if week else "",
            "missing": "" if week else "the regime times",
        },
        {
            "name": "Regime on bank holidays",
            "url": "schemes:scheme_holidays",
            "words": _holidays_in_words(queries.holiday_regime(request.prison)),
            "missing": "",
        },
        {
            "name": "Who answers a fall",
            "url": "schemes:scheme_falls",
            "words": ""
            if falls_missing
            else f"By day: {found.fall_day_who}, within {found.fall_day_minutes} minutes\n"
            f"By night: {found.fall_night_who}, within {found.fall_night_minutes} minutes",
            "missing": falls_missing[0] if falls_missing else "",
        },
        {
            "name": "Appeals against a refusal",
            "url": "schemes:scheme_appeals",
            "words": "In the prison’s own words" if found.appeal_route or found.appeal_route_cy else "The usual words",
            "missing": "",
        },
        {
            "name": "How much one buddy may do",
            "url": "schemes:scheme_caps",
            "words": f"{found.capacity} people, {found.weekly_minutes // 60} hours a week, "
            f"{found.days_in_row} days in a row",
            "missing": "",
        },
    ]
    steps += check_steps(found)
    steps.append(supervision_step(found))
    steps.append(limits_step(found))
    return [step | {"href": reverse(step["url"], args=[request.prison.code])} for step in steps]


def _holidays_in_words(row: HolidayRegime | None) -> str:
    if row is not None and row.like_weekday is None:
        return "At times of their own"
    return f"As on a {WEEKDAYS[queries.SUNDAY if row is None or row.like_weekday is None else row.like_weekday]}"


def _as_task(step: dict[str, Any]) -> dict[str, Any]:
    """One item of the task list."""
    if step["words"]:
        status: dict[str, Any] = {"text": "Completed"}
    elif step["missing"]:
        status = {"tag": {"text": "Not yet started", "classes": "govuk-tag--blue"}}
    else:
        status = {"tag": {"text": "Optional", "classes": "govuk-tag--grey"}}
    item = {"title": {"text": step["name"]}, "href": step["href"], "status": status}
    return item | ({"hint": {"text": step["words"].replace("\n", ". ")}} if step["words"] else {})


def _as_row(step: dict[str, Any], may_edit: bool) -> dict[str, Any]:
    """One row of a summary list."""
    row = {"key": step["name"], "value": step["words"]}
    return row | ({"href": step["href"]} if may_edit else {})


def _week(request: StaffRequest, may_edit: bool) -> Table | None:
    """The week's regime: a day, and a text for each session."""
    week = queries.regime_week(request.prison)
    if not week:
        return None
    address = [reverse("schemes:scheme_regime_day", args=[request.prison.code, weekday]) for weekday in range(7)]
    return Table(
        caption="When people are unlocked",
        first="Day",
        columns=Session.labels,
        rows=[
            Row(
                text=name,
                href=address[weekday] if may_edit else "",
                hidden="Change the times" if may_edit else "",
                cells=[_in_words(week.get(weekday, {}).get(session)) for session in Session.values],
            )
            for weekday, name in enumerate(WEEKDAYS)
        ]
        + [_holiday_row(request, week, may_edit)],
    )


def _holiday_row(request: StaffRequest, week: dict[int, queries.Times], may_edit: bool) -> Row:
    times = queries.holiday_times(queries.holiday_regime(request.prison), week)
    return Row(
        text="Bank holidays",
        href=reverse("schemes:scheme_holidays", args=[request.prison.code]) if may_edit else "",
        hidden="Change the times" if may_edit else "",
        cells=[_in_words(times.get(session)) for session in Session.values],
    )


def _in_words(pair: Any) -> str:
    return f"{pair[0]:%H:%M} to {pair[1]:%H:%M}" if pair else "No unlock"
