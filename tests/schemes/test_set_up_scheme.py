"""Setting a scheme up, step by step, and opening it."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed, Stale
from schemes.actions import schemes as actions
from schemes.models import RegimeTime, Scheme, SchemeTask, SchemeWing, TaskKind
from schemes.queries import schemes as queries
from tests.builders.schemes import REGIME, open_scheme
from tests.cast import acts, make_wing

TODAY = date(2026, 11, 23)
FALLS = {"day_who": "Wing officer", "day_minutes": "10", "night_who": "Orderly officer", "night_minutes": "15"}
WEEK = {
    "week_AM_unlock": "08:30",
    "week_AM_lock": "11:45",
    "week_PM_unlock": "1345",
    "week_PM_lock": "16.45",
    "weekend_AM_unlock": "9:00",
    "weekend_AM_lock": "11:30",
}


@pytest.fixture
def catalogue(db: None) -> None:
    call_command("load_register")


@pytest.fixture
def scheme(here: Prison, lead: User, now: datetime, at_prison) -> Scheme:
    with at_prison(here):
        return actions.start_scheme(by=acts(lead, here), now=now, prison=here, lead=lead)


def url(step: str = "") -> str:
    return f"/prisons/ZTA/scheme/{step}"


def test_lead_sets_the_scheme_up_and_opens_it(here, wing, lead, deputy, signed_in, catalogue) -> None:
    browser = signed_in(lead)
    assert "ten minutes" in browser.get(url()).content.decode()
    assert browser.post(url("start/")).status_code == 302
    found = Scheme.objects.get()
    steps = [
        ("wings/", {"wings": [wing.token]}),
        ("cover/", {"deputy": deputy.token, "leave_cover": "Residential governor"}),
        ("tasks/", {"tasks": ["DOM-01", "DOM-03"]}),
        ("regime/", WEEK),
        ("falls/", FALLS),
        ("open/", {}),
    ]
    for step, answers in steps:
        found.refresh_from_db()
        answer = browser.post(url(step), answers | {"version": found.version})
        assert answer.status_code == 302, (step, answer.content.decode())
    found.refresh_from_db()
    assert (found.status, found.opened_by, found.deputy, found.lead) == ("OPEN", lead, deputy, lead)
    assert [w.pk for w in queries.served_wings(found)] == [wing.pk]
    assert [task.code for task in queries.allowed_tasks(found, TODAY)] == ["DOM-01", "DOM-03"]
    assert queries.regime_of(here, 4) == {"AM": (time(8, 30), time(11, 45)), "PM": (time(13, 45), time(16, 45))}
    assert queries.regime_of(here, 6) == {"AM": (time(9, 0), time(11, 30))}
    assert "Wing officer, within 10 minutes" in browser.get(url()).content.decode()


@pytest.mark.parametrize("who", ["officer", "delegate", "trainer"])
def test_only_those_who_may_edit(who, request, signed_in, scheme) -> None:
    browser = signed_in(request.getfixturevalue(who))
    for step in ("wings/", "cover/", "tasks/", "regime/", "regime/2/", "falls/", "open/"):
        assert browser.get(url(step)).status_code == 403
        assert browser.post(url(step), {}).status_code == 403
    assert browser.post(url("start/")).status_code == 403


def test_the_delegate_reads_the_scheme_without_links_to_change_it(delegate, signed_in, scheme) -> None:
    page = signed_in(delegate).get(url()).content.decode()
    assert "Wings served" in page and "scheme/wings/" not in page


def test_another_prisons_scheme_is_not_there(outsider, signed_in, scheme) -> None:
    assert signed_in(outsider).get(url()).status_code == 404
    assert signed_in(outsider).post(url("falls/"), FALLS).status_code == 404


def test_a_scheme_is_not_started_twice(here, lead, now, at_prison, scheme) -> None:
    with at_prison(here), pytest.raises(NotAllowed, match="has a scheme already"):
        actions.start_scheme(by=acts(lead, here), now=now, prison=here, lead=lead)


def test_opening_is_refused_in_words_while_something_is_missing(lead, signed_in, scheme) -> None:
    page = signed_in(lead).post(url("open/"), {"version": scheme.version}).content.decode()
    for words in ("which wings", "the regime times", "who answers a fall by day and by night"):
        assert words in page
    scheme.refresh_from_db()
    assert scheme.status == "SETTING_UP"


def test_opening_is_refused_without_falls_alone(here, wing, lead, now, at_prison, scheme) -> None:
    by = acts(lead, here)
    with at_prison(here):
        actions.set_wings(by=by, now=now, scheme=scheme, wings=[wing], version=1)
        actions.set_regime(by=by, now=now, prison=here, times=REGIME)
        with pytest.raises(NotAllowed, match="First settle who answers a fall"):
            actions.open_scheme(by=by, now=now, scheme=scheme, version=3)


def test_an_open_scheme_is_not_opened_again(here, wing, lead, now, at_prison) -> None:
    with at_prison(here):
        found = open_scheme(here, lead, wing, now)
        with pytest.raises(NotAllowed, match="opened before"):
            actions.open_scheme(by=acts(lead, here), now=now, scheme=found, version=found.version)


def test_the_second_of_two_is_told_and_loses_nothing(lead, deputy, signed_in, scheme) -> None:
    first, second = signed_in(lead), signed_in(deputy)
    version = scheme.version
    assert first.post(url("falls/"), FALLS | {"version": version}).status_code == 302
    mine = FALLS | {"night_who": "Night nurse", "version": version}
    page = second.post(url("falls/"), mine)
    assert "Somebody else changed" in page.content.decode() and "Night nurse" in page.content.decode()
    scheme.refresh_from_db()
    assert scheme.fall_night_who == "Orderly officer"
    again = mine | {"version": page.context["form"]["version"].value()}
    assert second.post(url("falls/"), again).status_code == 302
    scheme.refresh_from_db()
    assert scheme.fall_night_who == "Night nurse"


def test_an_action_refuses_an_old_version(here, lead, now, at_prison, scheme) -> None:
    with at_prison(here), pytest.raises(Stale):
        actions.set_tasks(by=acts(lead, here), now=now, scheme=scheme, allowed=set(), version=7)


@pytest.mark.parametrize(
    ("step", "answers", "words"),
    [
        ("wings/", {}, "Select at least one wing"),
        ("cover/", {}, "Select the deputy lead"),
        ("cover/", {"deputy": "somebody"}, "Select one of the answers"),
        ("tasks/", {}, "Select at least one task"),
        ("tasks/", {"tasks": ["PRO-01"]}, "Select only from the answers"),
        ("falls/", FALLS | {"night_minutes": "0"}, "Enter whole minutes from 1 to 240"),
        ("falls/", {}, "Enter who answers a fall by night"),
        ("regime/", {"week_AM_unlock": "08:30"}, "Monday to Friday, morning: enter the time of lock-up"),
        ("regime/", {"week_AM_unlock": "12:00", "week_AM_lock": "11:00"}, "lock-up must be later than unlock"),
        ("regime/", {"week_AM_unlock": "25:00", "week_AM_lock": "11:00"}, "24-hour clock"),
        ("regime/", {}, "Enter the times of at least one session"),
        (
            "regime/",
            {"week_AM_unlock": "08:00", "week_AM_lock": "12:00", "week_PM_unlock": "11:00", "week_PM_lock": "16:00"},
            "Afternoon begins before morning has ended",
        ),
    ],
)
def test_bad_answers_are_said_and_change_nothing(
    step, answers, words, wing, lead, signed_in, scheme, catalogue
) -> None:
    page = signed_in(lead).post(url(step), answers | {"version": scheme.version})
    assert page.status_code == 200 and words in page.content.decode()
    scheme.refresh_from_db()
    assert scheme.version == 1


@pytest.mark.parametrize("code", [f"PRO-{n:02}" for n in range(1, 17)] + ["RES-01", "RES-06"])
def test_no_scheme_can_allow_a_prohibited_or_unapproved_task(
    code, here, lead, now, at_prison, scheme, catalogue
) -> None:
    words = "never be a buddy" if code.startswith("PRO") else "governor’s delegate"
    with at_prison(here), pytest.raises(NotAllowed, match=words):
        actions.set_tasks(by=acts(lead, here), now=now, scheme=scheme, allowed={"DOM-01", code}, version=1)


def test_a_row_that_allows_a_prohibited_task_is_not_believed(here, at_prison, scheme, catalogue) -> None:
    SchemeTask.objects.create(prison=here, scheme=scheme, task_id="PRO-01", allowed=True)
    assert "PRO-01" not in [task.code for task in queries.allowed_tasks(scheme, TODAY)]
    assert len(queries.allowed_tasks(scheme, TODAY)) == TaskKind.objects.filter(kind="PERMITTED").count()


def test_a_stopped_task_can_be_allowed_again(here, lead, now, at_prison, scheme, catalogue) -> None:
    everything = set(TaskKind.objects.filter(kind="PERMITTED").values_list("code", flat=True))
    with at_prison(here):
        for version, allowed in enumerate([everything - {"MOB-01"}, everything], start=1):
            actions.set_tasks(by=acts(lead, here), now=now, scheme=scheme, allowed=allowed, version=version)
    assert {task.code for task in queries.allowed_tasks(scheme, TODAY)} == everything
    said = AuditEvent.objects.filter(code__in=["scheme.task_stopped", "scheme.task_allowed"]).order_by("id")
    assert [(event.code, event.details["task"]) for event in said] == [
        ("scheme.task_stopped", "MOB-01"),
        ("scheme.task_allowed", "MOB-01"),
    ]


def test_a_wing_can_be_left_out_again(here, wing, lead, now, at_prison, scheme) -> None:
    other = make_wing(here, "B")
    with at_prison(here):
        for version, wings in enumerate([[wing, other], [other]], start=1):
            actions.set_wings(by=acts(lead, here), now=now, scheme=scheme, wings=wings, version=version)
    assert [w.code for w in queries.served_wings(scheme)] == ["B"]
    assert SchemeWing.objects.count() == 2


def test_a_wing_of_another_prison_is_refused(here, elsewhere, lead, now, at_prison, scheme) -> None:
    with at_prison(here), pytest.raises(NotAllowed, match="wings of this prison"):
        actions.set_wings(by=acts(lead, here), now=now, scheme=scheme, wings=[make_wing(elsewhere)], version=1)


def test_without_wings_the_page_says_whom_to_ask(lead, admin, signed_in, scheme) -> None:
    assert "Ada Admin" in signed_in(lead).get(url("wings/")).content.decode()


def test_the_deputy_must_hold_the_role(here, lead, officer, now, at_prison, scheme) -> None:
    with at_prison(here), pytest.raises(NotAllowed, match="role of deputy lead"):
        actions.set_people(by=acts(lead, here), now=now, scheme=scheme, deputy=officer, leave_cover="", version=1)


def test_one_day_of_the_regime_is_changed_alone(here, lead, now, at_prison, signed_in, scheme) -> None:
    with at_prison(here):
        actions.set_regime(by=acts(lead, here), now=now, prison=here, times=REGIME)
    times = {"day_AM_unlock": "10:00", "day_AM_lock": "12:00", "version": 2}
    assert signed_in(lead).post(url("regime/2/"), times).status_code == 302
    assert queries.regime_of(here, 2) == {"AM": (time(10), time(12))}
    assert set(queries.regime_of(here, 3)) == {"AM", "PM", "EV"}
    assert RegimeTime.objects.count() == 19
    assert "Wednesday" in signed_in(lead).get(url("regime/")).content.decode()
    assert signed_in(lead).get(url("regime/7/")).status_code == 404


def test_each_step_leaves_an_event(here, wing, lead, now, at_prison) -> None:
    with at_prison(here):
        open_scheme(here, lead, wing, now)
    events = AuditEvent.objects.filter(prison_code="ZTA").order_by("id")
    assert [event.details.get("step", event.code) for event in events] == [
        "scheme.started",
        "wings",
        "falls",
        "regime",
        "scheme.opened",
    ]
    assert {event.actor_id for event in events} == {lead.pk}


def test_the_database_refuses_an_open_scheme_that_knows_nothing_of_falls(scheme) -> None:
    with pytest.raises(IntegrityError, match="scheme_open_knows_falls"), connection.cursor() as cursor:
        cursor.execute("UPDATE schemes_scheme SET status = 'OPEN', opened_at = now(), opened_by_id = lead_id")


def test_the_database_refuses_a_second_scheme(here, lead, scheme) -> None:
    with pytest.raises(IntegrityError, match="scheme_one_a_prison"):
        Scheme.objects.create(prison=here, lead=lead)
