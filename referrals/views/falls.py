"""Falls: the list, recording one in six answers, its page, and the times that become known later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_moment, london_time, london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table, Tag
from referrals.actions.falls import complete_fall, record_fall
from referrals.forms.falls import LIFTED, LOOK, MISSING, NOBODY, WAITED, FallFilter, FallForm, FallTimesForm
from referrals.models import Concern, Fall, Plan
from referrals.queries import falls as queries
from referrals.queries.concerns import concerns_for
from referrals.queries.plans import live_plan_of
from referrals.rules import falls as rules
from referrals.rules.plans import can_review
from referrals.views.concerns import concern_url
from referrals.views.words import form_about, identity, moment
from schemes.models import Person
from schemes.queries.people import people_of, person_here

CLOCKS = {"staff_clock": "staff_at", "healthcare_clock": "healthcare_at", "up_clock": "up_at"}
# Which question a refused time belongs to.
ASKED = {"found_at": "found_clock", "alarm_at": "alarm_clock", **{at: clock for clock, at in CLOCKS.items()}}
ALL: dict[str, Callable[[Prison, datetime], QuerySet[Any]]] = {
    MISSING: lambda prison, now: queries.times_missing(prison),
    WAITED: lambda prison, now: queries.waited_too_long(prison),
    LIFTED: lambda prison, now: queries.prisoner_lifted(prison),
    NOBODY: queries.nobody_came,
    LOOK: queries.to_look_into,
}
COUNTED = timedelta(days=365)


@require_safe
@requires(P.FALL_RECORD)
def falls(request: StaffRequest) -> HttpResponse:
    """Falls, the newest first; or those with something to look into."""
    filter_form = FallFilter(request.GET)
    now = timezone.now()
    find = ALL.get(filter_form.answers.get("show", ""))
    page = page_of(find(request.prison, now) if find else queries.falls_of(request.prison), request)
    context = {
        "title": "Falls",
        "lead": "Do not lift. Raise the alarm, stay, keep the person warm. Record the times here: nobody is blamed."
        + _waits_words(queries.waits_since(request.prison, now - COUNTED, now)),
        "page": page,
        "table": Table(
            caption="Falls, the newest first",
            first="Person",
            columns=["Found", "Hurt", "Who helped up", Column(text="Minutes until help came", numeric=True)],
            status="To look into",
            rows=[
                Row(
                    text=fall.person.list_name,
                    href=_url(request, fall),
                    hidden=f"fall {fall.reference}",
                    note=f"{fall.person.prison_number}, {fall.reference}",
                    cells=[
                        moment(fall.found_at),
                        fall.get_injury_display(),
                        fall.get_helped_up_display(),
                        _wait_words(fall),
                    ],
                    tag=fall_tag(fall, now),
                )
                for fall in page
            ],
        ),
        "noun": "falls",
        "empty": "No fall is recorded.",
        "filter_form": filter_form,
        "action_href": reverse("referrals:fall_add", args=[request.prison.code]),
        "action_text": "Record a fall",
        "crumbs": [],
    }
    return render(request, "components/list_page.html", context)


def _waits_words(waits: queries.Waits) -> str:
    if not waits.falls:
        return ""
    falls = "1 fall is" if waits.falls == 1 else f"{waits.falls} falls are"
    return (
        f" In the last 12 months {falls} recorded. Help came later than the scheme’s own answer after {waits.late}, "
        f"and nobody is recorded as come after {waits.nobody}."
    )


def fall_tag(fall: Fall, now: datetime) -> Tag | None:
    """What there is to look into, the gravest first."""
    if rules.nobody_recorded(fall, now):
        return Tag(text="Nobody recorded as come", colour="red")
    if rules.waited_too_long(fall):
        return Tag(text="Waited too long", colour="red")
    if fall.helped_up == Fall.HelpedUp.PRISONER:
        return Tag(text="A prisoner lifted", colour="orange")
    if rules.missing_of(fall):
        return Tag(text="Times missing", colour="yellow")
    return None


def _wait_words(fall: Fall) -> str:
    wait = rules.wait_of(fall)
    return str(wait) if wait is not None else "Not known"


@require_http_methods(["GET", "POST"])
@requires(P.FALL_RECORD)
def fall_add(request: StaffRequest) -> HttpResponse:
    """Six answers; five where the person is known. `?concern=` joins it to a concern that was raised already."""
    now = timezone.now()
    concern = _concern(request)
    known = concern.about_person if concern is not None else _known(request)
    form = FallForm(request.POST or None, known=known is not None, today=london_today(now))
    if request.method == "POST" and form.is_valid():
        try:
            fall = _record(request, form, known, concern, now)
        except NotAllowed as error:
            form.refuse(str(error), field=_asked(error))
        else:
            messages.success(request, f"Fall {fall.reference} is recorded. Add the other times when you know them.")
            return redirect(_url(request, fall))
    back = reverse("referrals:falls", args=[request.prison.code])
    crumbs = [{"text": "Falls", "href": back}]
    lead = "Only what you know now. When staff and healthcare came, and when the person was up, can be added later."
    if known is not None:
        return form_about(request, known, form, "Record a fall", back, crumbs=crumbs, lead=lead)
    form.cancel_url = back
    context = {"title": "Record a fall", "form": form, "lead": lead, "crumbs": crumbs}
    return render(request, "components/form_page.html", context)


def _known(request: StaffRequest) -> Person | None:
    token = request.GET.get("about", "")
    return get_object_or_404(people_of(request.prison), token=token) if token else None


def _concern(request: StaffRequest) -> Concern | None:
    token = request.GET.get("concern", "")
    if not token:
        return None
    if not may(request, P.CONCERN_HANDLE):
        raise Http404
    today = london_today(timezone.now())
    rows = concerns_for(request.prison, request.user, today).filter(kind=Concern.Kind.FALL, about_staff__isnull=True)
    return get_object_or_404(rows.exclude(about_person=None), token=token)


def _record(
    request: StaffRequest, form: FallForm, known: Person | None, concern: Concern | None, now: datetime
) -> Fall:
    answers = form.cleaned_data
    person = known or person_here(request.prison, answers["prison_number"])
    if person is None:
        raise NotAllowed("Nobody with this number is on this prison’s list. Check the number.", field="prison_number")
    found_at = _moment(answers["found_on"], answers["found_clock"], "found_at")
    return record_fall(
        by=request.actor,
        now=now,
        prison=request.prison,
        person=person,
        found_at=found_at,
        alarm_at=_after(found_at, answers["alarm_clock"], "alarm_at"),
        injury=answers["injury"],
        helped_up=answers["helped_up"],
        concern=concern,
    )


def _moment(day: Any, clock: time, field: str) -> datetime:
    try:
        return london_moment(day, clock)
    except ValueError as error:
        raise NotAllowed(str(error), field=field) from None


def _after(found_at: datetime, clock: time, field: str) -> datetime:
    """The first moment from the finding on at which the clock shows this time."""
    day = london_today(found_at)
    return _moment(day if clock >= london_time(found_at).time() else day + timedelta(days=1), clock, field)


@require_safe
@requires(P.FALL_RECORD)
def fall(request: StaffRequest, token: str) -> HttpResponse:
    """One fall with its five times, and whether the wait was within what the scheme has settled."""
    found = _load(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    now = timezone.now()
    tag = fall_tag(found, now)
    context = {
        "title": f"Fall {found.reference}",
        "who": identity(request, found.person),
        "tag": tag,
        "rows": _rows(found),
        "settled": _settled(found),
        "lifted": found.helped_up == Fall.HelpedUp.PRISONER,
        "nobody": rules.nobody_recorded(found, now),
        "links": _links(request, found, now),
        "times_url": reverse("referrals:fall_times", args=[request.prison.code, token]),
        "concern_url": concern_url(request, found.concern_id),
        "crumbs": [{"text": "Falls", "href": reverse("referrals:falls", args=[request.prison.code])}],
    }
    return render(request, "referrals/fall_page.html", context)


def _links(request: StaffRequest, found: Fall, now: datetime) -> list[dict[str, str]]:
    """Where a fall leads: a review of the help, a referral where there is none, and care that nobody gives."""
    code = request.prison.code
    if person_here(request.prison, found.person.prison_number) is None:
        return []
    links = []
    plan = live_plan_of(request.prison, found.person)
    if plan is not None and may(request, P.PLAN_WRITE) and _may_review(plan, london_today(now)):
        links.append(
            {
                "text": "Review the plan after this fall",
                "href": reverse("referrals:plan_review", args=[code, plan.token]),
            }
        )
    if plan is None and may(request, P.REFERRAL_MAKE):
        href = f"{reverse('referrals:refer', args=[code])}?person={found.person.token}"
        links.append({"text": "Refer this person for help", "href": href})
    if may(request, P.UNMET_NEED_EDIT):
        href = f"{reverse('referrals:unmet_need_add', args=[code])}?person={found.person.token}"
        links.append({"text": "Record an unmet need for personal care", "href": href})
    return links


def _may_review(plan: Plan, today: date) -> bool:
    return can_review(plan, version=plan.version, next_on=today + timedelta(days=1), today=today)


def _rows(found: Fall) -> list[dict[str, str]]:
    wait = rules.wait_of(found)
    return [
        {"key": "Found", "value": moment(found.found_at)},
        {"key": "Alarm raised", "value": moment(found.alarm_at)},
        {"key": "Staff came", "value": moment(found.staff_at)},
        {
            "key": "Healthcare came",
            "value": "Nobody called them" if found.no_healthcare else moment(found.healthcare_at),
        },
        {"key": "The person was up", "value": moment(found.up_at)},
        {"key": "Minutes until help came", "value": str(wait) if wait is not None else ""},
        {"key": "Hurt", "value": found.get_injury_display()},
        {"key": "Who helped up", "value": found.get_helped_up_display()},
        {"key": "Found by", "value": found.get_found_by_display()},
        {"key": "Where", "value": found.get_place_display()},
        {"key": "Equipment", "value": found.equipment},
        {"key": "Recorded", "value": f"{moment(found.recorded_at)}, by {found.recorded_by.name}"},
    ]


def _settled(found: Fall) -> str:
    if found.limit_minutes is None:
        return "The scheme had not settled who comes at that hour."
    when = "By night" if found.by_night else "By day"
    return f"{when} the scheme says: {found.who_comes}, within {found.limit_minutes} minutes."


@require_http_methods(["GET", "POST"])
@requires(P.FALL_RECORD)
def fall_times(request: StaffRequest, token: str) -> HttpResponse:
    """Add what is known by now."""
    found = _load(request, token)
    initial: dict[str, Any] = {
        clock: london_time(at).time().replace(second=0, microsecond=0) if (at := getattr(found, field)) else None
        for clock, field in CLOCKS.items()
    }
    kept = ("no_healthcare", "injury", "helped_up", "found_by", "place", "equipment", "version")
    form = FallTimesForm(request.POST or None, initial=initial | {name: getattr(found, name) for name in kept})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            times: dict[str, Any] = {
                field: _after(found.found_at, answers[clock], field) if answers[clock] is not None else None
                for clock, field in CLOCKS.items()
            }
            complete_fall(
                by=request.actor, now=timezone.now(), fall=found, **times, **{name: answers[name] for name in kept}
            )
        except Stale as error:
            form.stale(error, version=_load(request, token).version)
        except NotAllowed as error:
            form.refuse(str(error), field=_asked(error))
        else:
            messages.success(request, "The fall is saved.")
            return redirect(_url(request, found))
    rows = [
        {"key": "Found", "value": moment(found.found_at)},
        {"key": "Alarm raised", "value": moment(found.alarm_at)},
    ]
    crumbs = [{"text": f"Fall {found.reference}", "href": _url(request, found)}]
    return form_about(request, found.person, form, "Add the times", _url(request, found), rows=rows, crumbs=crumbs)


def _asked(error: NotAllowed) -> str | None:
    """The question that the refusal belongs to."""
    return ASKED.get(error.field or "", error.field)


def _load(request: StaffRequest, token: str) -> Fall:
    rows = Fall.objects.for_prison(request.prison).select_related("person", "recorded_by")
    found: Fall = get_object_or_404(rows, token=token)
    return found


def _url(request: StaffRequest, found: Fall) -> str:
    return reverse("referrals:fall", args=[request.prison.code, found.token])
