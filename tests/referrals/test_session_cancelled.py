"""A session that did not happen: recorded in a few answers, its visits not unlocked, and those it touches told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.models import Message
from referrals.actions.lock_downs import follow_lock_down
from referrals.handlers import locked_down
from referrals.models import SessionNotice, Visit
from referrals.tasks import open_the_day
from schemes.actions.people import end_custody, move_cell
from schemes.actions.regime import record_lock_down
from schemes.models import Custody, LockDown
from schemes.queries.people import custody_of
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.cast import acts, make_wing

BOTH = (("DOM-03", tuple(range(7)), "AM", 15), ("SOC-01", tuple(range(7)), "PM", 30))


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def plan(here, wing, lead, now, at_prison):
    with at_prison(here):
        return helped(here, lead, now, wing=wing, tasks=BOTH)[0]


@pytest.fixture
def locked(here, lead, now, at_prison, plan):
    """The afternoon of today, everywhere."""

    def make(**changed):
        values = {"day": london_today(now), "session": "PM", "cause": "STAFF_TRAINING"} | changed
        with at_prison(here):
            return record_lock_down(by=acts(lead, here), now=now, prison=here, **values)

    return make


def follow(here, lead, now, at_prison, lock_down):
    with at_prison(here):
        return follow_lock_down(by=acts(lead, here), now=now, lock_down=lock_down)


def test_one_answer_from_the_unlock_list_and_the_visits_follow(plan, here, wing, officer, signed_in, at_prison, now):
    client = signed_in(officer)
    assert "record/?" in client.get(f"{reverse('referrals:unlock_list', args=[here.code])}?wing=A").content.decode()
    address = f"{reverse('schemes:record_lock_down', args=[here.code])}?wing=A&session=PM"
    page = client.get(address).content.decode()
    assert f'value="{wing.token}" checked' in " ".join(page.split()) and "This is what people read" in page
    answers = {"day": london_today(now).isoformat(), "wing": wing.token, "session": "PM", "cause": "STAFF_TRAINING"}
    client.post(address, answers)
    row = LockDown.objects.get()
    assert (row.wing, row.session, row.cause, row.reason) == (wing, "PM", "STAFF_TRAINING", "Staff training")
    message = Message.objects.get(topic="regime.locked_down")
    locked_down(here.code, message.payload)
    locked_down(here.code, message.payload)
    visit = Visit.objects.get()
    told = (visit.outcome, visit.reason, visit.said_by, visit.source, visit.session, visit.entered_by)
    assert told == ("NOT_DONE", "NOT_UNLOCKED", "STAFF", "STAFF", "PM", officer)
    people = {plan.person_id, planned_on(plan, london_today(now)).buddy.person_id}
    assert {(n.person_id, n.session, n.cause) for n in SessionNotice.objects.all()} == {
        (person, "PM", "STAFF_TRAINING") for person in people
    }
    assert AuditEvent.objects.filter(code="visits.lock_down_told").count() == 1


def test_what_is_on_record_already_stays(plan, here, lead, now, at_prison, locked):
    with at_prison(here):
        done = visit_of(planned_on(plan, london_today(now), "PM"), lead, now)
    assert follow(here, lead, now, at_prison, locked()) == 0
    assert list(Visit.objects.all()) == [done] and not SessionNotice.objects.exists()


@pytest.mark.parametrize(("on_another", "visits"), [(False, 2), (True, 0)])
def test_the_whole_day_and_another_wing(plan, here, lead, now, at_prison, locked, on_another, visits):
    other = make_wing(here, "B")
    lock_down = locked(session="", wing=other if on_another else None)
    assert follow(here, lead, now, at_prison, lock_down) == visits


def test_a_buddy_who_is_locked_up_goes_to_nobody(here, wing, lead, now, at_prison, plan, locked):
    """The lock-down is of the buddy's wing; the person lives on another one."""
    other = make_wing(here, "B")
    with at_prison(here):
        Custody.objects.filter(person=plan.person).update(wing=other)
    assert follow(here, lead, now, at_prison, locked(wing=wing)) == 1


@pytest.mark.parametrize("to", ["another wing", "no wing", "released"])
def test_yesterday_counts_where_people_lived_then(here, wing, lead, now, at_prison, locked, to):
    """The person lived on the locked wing and has moved, or left, since; those who came since were not locked up."""
    before, yesterday, by = now.replace(day=2), now - timedelta(days=1), acts(lead, here)

    def move(person, wing, at):
        move_cell(by=by, now=at, custody=custody_of(here, person), wing=wing, landing=None, cell="")

    with at_prison(here):
        plan = helped(here, lead, before, wing=wing, tasks=BOTH)[0]
        other, buddy, _ = helped(here, lead, before, wing=make_wing(here, "B"), tasks=BOTH)
        move(other.person, None, before)
        day_opened(here, london_today(yesterday), yesterday)
        for person in (other.person, buddy.person):
            move(person, wing, now)
        if to == "released":
            end_custody(by=by, now=now, custody=custody_of(here, plan.person), reason="RELEASE")
        else:
            move(plan.person, make_wing(here, "C") if to == "another wing" else None, now)
    assert follow(here, lead, now, at_prison, locked(day=london_today(yesterday), wing=wing)) == 1
    assert Visit.objects.get().person == plan.person


def test_a_lock_down_that_is_known_before_is_followed_on_its_day(plan, here, lead, now, at_prison, locked):
    here.switched_on = True
    here.save(update_fields=["switched_on"])
    lock_down = locked(day=london_today(now) + timedelta(days=1))
    assert follow(here, lead, now, at_prison, lock_down) == 0
    with time_machine.travel(now + timedelta(days=1), tick=False):
        open_the_day()
    assert [v.day for v in Visit.objects.filter(reason="NOT_UNLOCKED")] == [lock_down.day]


@pytest.mark.parametrize(
    ("posted", "words"), [({"cause": ""}, "Select why"), ({"cause": "OTHER"}, "Enter why people were not unlocked")]
)
def test_a_reason_is_needed(plan, here, wing, officer, signed_in, now, posted, words):
    answers = {"day": london_today(now).isoformat(), "wing": wing.token, "session": "PM"} | posted
    page = signed_in(officer).post(reverse("schemes:record_lock_down", args=[here.code]), answers).content.decode()
    assert words in page and not LockDown.objects.exists()


def test_who_said_that_a_visit_did_not_happen(plan, here, officer, signed_in, now):
    planned = planned_on(plan, london_today(now))
    address = reverse("referrals:visit_add", args=[here.code, planned.token])
    signed_in(officer).post(address, {"outcome": "NOT_DONE", "reason": "DECLINED", "said_by": "PERSON"})
    visit = Visit.objects.get()
    assert (visit.reason, visit.said_by) == ("DECLINED", "PERSON")
    page = signed_in(officer).get(reverse("referrals:visit", args=[here.code, visit.token])).content.decode()
    assert "The person who is helped" in page
