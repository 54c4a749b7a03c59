"""Recording a visit, on the page and as an action; correcting it; many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_moment, london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.models import Message
from referrals.actions.visits import correct_visit, log_visits
from referrals.models import HeldText, Visit, VisitLook
from referrals.rules.visits import VisitEntry
from schemes.actions.buddies import suspend
from tests.builders.buddies import fresh
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.cast import acts

TWO = (("DOM-03", tuple(range(7)), "AM", 15), ("DOM-05", tuple(range(7)), "AM", 10))


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def pair(here, wing, lead, now, at_prison):
    with at_prison(here):
        return helped(here, lead, now, wing=wing, tasks=TWO)


@pytest.fixture
def planned(pair, now):
    return planned_on(pair[0], london_today(now))


def add(here, planned):
    return reverse("referrals:visit_add", args=[here.code, planned.token])


def test_staff_record_a_visit(signed_in, officer, here, planned):
    response = signed_in(officer).post(add(here, planned), {"outcome": "DONE", "minutes": "20"})
    assert response.status_code == 302
    visit = Visit.objects.get(planned=planned)
    assert (visit.outcome, visit.minutes, visit.tasks_done, visit.source) == (
        "DONE", 20, ["DOM-03", "DOM-05"], "STAFF",
    )  # fmt: skip
    assert visit.entered_by == officer and visit.buddy_id == planned.buddy_id and not visit.late
    assert Message.objects.filter(topic="month.changed").exists()


def test_the_permission(signed_in, trainer, here, planned):
    assert signed_in(trainer).get(add(here, planned)).status_code == 403


def test_another_prison(signed_in, outsider, here, elsewhere, planned):
    client = signed_in(outsider)
    assert client.get(add(here, planned)).status_code == 404
    assert client.get(add(elsewhere, planned)).status_code == 404


def test_twice_is_refused_in_words_and_keeps_what_was_typed(signed_in, officer, here, planned):
    client = signed_in(officer)
    client.post(add(here, planned), {"outcome": "DONE", "minutes": "20"})
    response = client.post(add(here, planned), {"outcome": "DONE", "minutes": "45"})
    assert "This visit is already logged." in response.content.decode() and 'value="45"' in response.content.decode()
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({}, "Select what happened"),
        ({"outcome": "DONE", "minutes": "481"}, "from 1 to 480"),
        ({"outcome": "DONE", "minutes": ""}, "Enter how many minutes"),
        ({"outcome": "DONE", "minutes": "-5"}, "from 1 to 480"),
        ({"outcome": "PARTLY", "minutes": "10"}, "Select which of the tasks were done"),
        ({"outcome": "NOT_DONE"}, "Select why the visit did not happen"),
        ({"outcome": "DONE", "minutes": "10", "reason": "DECLINED"}, "A reason goes only with"),
        ({"outcome": "PARTLY", "minutes": "10", "tasks_done": "PRO-03"}, "Select only from the answers"),
    ],
)
def test_bad_input(signed_in, officer, here, planned, posted, sentence):
    response = signed_in(officer).post(add(here, planned), posted)
    assert response.status_code == 200 and sentence in response.content.decode()
    assert not Visit.objects.exists()


def test_misuse_10_a_visit_of_tomorrow_is_refused(pair, here, officer, now, at_prison):
    tomorrow = london_today(now) + timedelta(days=1)
    with at_prison(here):
        day_opened(here, tomorrow, now)
        with pytest.raises(NotAllowed, match="still to come"):
            visit_of(planned_on(pair[0], tomorrow), officer, now)


def test_misuse_10_late_and_too_late(pair, planned, here, officer, now, at_prison):
    with at_prison(here):
        with pytest.raises(NotAllowed, match="up to 14 days later"):
            visit_of(planned, officer, now + timedelta(days=15))
        visit = visit_of(planned, officer, now + timedelta(days=14))
    assert visit.late and visit.happened_on == planned.day


def test_a_buddy_records_own_visits_of_today_only(pair, planned, here, officer, now, at_prison):
    with at_prison(here), pytest.raises(NotAllowed, match="not one of yours"):
        visit_of(planned, officer, now, source="TERMINAL")


def test_who_came_where_nobody_was_down_for_it(pair, here, lead, officer, now, at_prison, signed_in):
    plan, buddy, _ = pair
    tomorrow = london_today(now) + timedelta(days=1)
    with at_prison(here):
        suspend(by=acts(lead, here), now=now, buddy=fresh(buddy), reason="Under investigation")
        day_opened(here, tomorrow, now)
    planned = planned_on(plan, tomorrow)
    with time_machine.travel(now + timedelta(days=1), tick=False):
        client = signed_in(officer)
        response = client.post(add(here, planned), {"outcome": "DONE", "minutes": "20"})
        assert "Nobody was down for this visit." in response.content.decode()
        client.post(add(here, planned), {"outcome": "DONE", "minutes": "20", "buddy": buddy.token})
    assert Visit.objects.get(planned=planned).buddy_id == buddy.pk


def test_extra_help_that_oversteps_is_held(planned, here, officer, now, at_prison):
    with at_prison(here):
        visit = visit_of(planned, officer, now, extra_help="He helped him wash his back in the shower")
    held = HeldText.objects.get()
    assert visit.extra_help == "" and held.subject_id == visit.pk and held.place == "VISIT_EXTRA"


def test_a_correction_keeps_the_first(signed_in, officer, here, planned, now, at_prison):
    with at_prison(here):
        first = visit_of(planned, officer, now)
    url = reverse("referrals:visit_correct", args=[here.code, first.token])
    posted = {"outcome": "NOT_DONE", "reason": "NOT_UNLOCKED", "correction_reason": "The landing book says so"}
    assert signed_in(officer).post(url, posted).status_code == 302
    newer = Visit.objects.get(replaces=first)
    told = (newer.outcome, newer.minutes, newer.reason, newer.said_by)
    assert told == ("NOT_DONE", 0, "NOT_UNLOCKED", "STAFF"), "whoever corrects says so, where nobody else is named"
    first.refresh_from_db()
    assert first.outcome == "DONE"
    assert VisitLook.objects.get(visit=newer).result == "CORRECTED"
    page = signed_in(officer).get(reverse("referrals:visit", args=[here.code, first.token])).content.decode()
    assert "The landing book says so" in page and "This visit was corrected" in page
    again = signed_in(officer).post(url, {**posted, "reason": "DECLINED"}).content.decode()
    assert "Somebody has corrected this visit in the meantime" in again


def test_a_correction_that_changes_nothing_is_refused(officer, here, planned, now, at_prison):
    with at_prison(here):
        visit = visit_of(planned, officer, now)
        with pytest.raises(NotAllowed, match="Nothing differs"):
            correct_visit(
                by=acts(officer, here), now=now, visit=visit, outcome="DONE", minutes=25, tasks_done=[],
                correction_reason="To see",
            )  # fmt: skip


def test_of_a_visit_that_did_not_happen_no_minutes_are_shown(signed_in, officer, here, pair, planned, now, at_prison):
    """An imported one has nobody who said so."""
    entry = VisitEntry(planned_id=planned.pk, outcome="NOT_DONE", minutes=0, entered_at=now, reason="NOT_UNLOCKED")
    with at_prison(here):
        log_visits(by=acts(officer, here), now=now, prison=here, entries=[entry])
    address = reverse("referrals:visit", args=[here.code, Visit.objects.get().token])
    page = signed_in(officer).get(address).content.decode()
    assert "Why not" in page and "Minutes" not in page and "Tasks done" not in page and "Who said so" not in page


def test_audit(planned, here, officer, now, at_prison):
    with at_prison(here):
        visit = visit_of(planned, officer, now)
    event = AuditEvent.objects.get(code="visit.logged")
    assert event.subject_id == str(visit.pk) and event.person_id == visit.person_id


def test_many_at_once_and_again(pair, here, lead, now, at_prison):
    plan, _, _ = pair
    days = [london_today(now) + timedelta(days=n) for n in range(1, 4)]
    with at_prison(here):
        for day in days:
            day_opened(here, day, now)
        entries = [
            VisitEntry(
                planned_id=planned_on(plan, day).pk, outcome="DONE", minutes=25,
                entered_at=london_moment(day, now.time()),
            )
            for day in days
        ]  # fmt: skip
        by, later = acts(lead, here), now + timedelta(days=30)
        assert log_visits(by=by, now=later, prison=here, entries=entries) == 3
        assert log_visits(by=by, now=later, prison=here, entries=entries) == 0
    assert Visit.objects.filter(source="IMPORT", tasks_done=["DOM-03", "DOM-05"]).count() == 3


def test_the_first_bad_line_refuses_all(pair, planned, here, lead, now, at_prison):
    good = VisitEntry(planned_id=planned.pk, outcome="DONE", minutes=25, entered_at=now)
    bad = VisitEntry(planned_id=0, outcome="DONE", minutes=25, entered_at=now)
    with at_prison(here), pytest.raises(NotAllowed, match="Line 2: This visit was not planned"):
        log_visits(by=acts(lead, here), now=now, prison=here, entries=[good, bad])
    assert not Visit.objects.exists()


def test_the_list_does_not_query_per_row(pair, here, officer, now, at_prison, signed_in):
    plan, _, _ = pair
    client, url = signed_in(officer), reverse("referrals:visits", args=[here.code])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    with at_prison(here):
        visit_of(planned_on(plan, london_today(now)), officer, now)
    few = queries()
    for n in range(1, 6):
        with at_prison(here):
            day_opened(here, london_today(now) + timedelta(days=n), now)
            visit_of(planned_on(plan, london_today(now) + timedelta(days=n)), officer, now + timedelta(days=n))
    assert queries() == few
