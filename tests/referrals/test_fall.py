"""A fall: six answers at once, the five times later, against the scheme's own answer to who comes at that hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_moment
from referrals.actions.concerns import act_on_concern, close_concern
from referrals.models import Concern, Fall
from referrals.rules.falls import is_night
from schemes.actions.people import end_custody
from schemes.queries.people import custody_of
from tests.builders import terminal
from tests.builders.moving import fall_of
from tests.builders.referrals import agreed_plan, scheme_open
from tests.builders.schemes import person_in
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def person(here, wing, lead, now, at_prison):
    with at_prison(here):
        scheme_open(here, lead, now, wing)
        return person_in(here, lead, now - timedelta(days=30), wing=wing)


def answers(person, **more):
    return {
        "prison_number": person.prison_number,
        "found_on": "2026-11-23",
        "found_clock": "09:10",
        "alarm_clock": "0912",
        "injury": "MINOR",
        "helped_up": "STAFF",
        **more,
    }


def times(fall, **more):
    kept = {"injury": fall.injury, "helped_up": fall.helped_up, "found_by": "BUDDY", "place": "CELL", "equipment": ""}
    clocks = {"staff_clock": "", "healthcare_clock": "", "up_clock": ""}
    return {**kept, **clocks, "version": fall.version, **more}


def test_six_answers_record_it_and_raise_one_concern(signed_in, officer, here, person, at):
    page = signed_in(officer).post(at("fall_add"), answers(person), follow=True).content.decode()
    fall = Fall.objects.get()
    assert f"Fall {fall.reference} is recorded." in page and "By day the scheme says" in page
    assert (fall.alarm_at - fall.found_at, fall.by_night) == (timedelta(minutes=2), False)
    assert Concern.objects.get().kind == "FALL"
    assert AuditEvent.objects.get(code="fall.recorded").person_id == person.pk


def test_the_form_asks_six_things(signed_in, officer, person, at):
    form = signed_in(officer).get(at("fall_add")).context["form"]
    assert len([field for field in form if not field.is_hidden]) == 6


def test_the_times_come_later_and_a_long_wait_is_listed(signed_in, officer, here, person, lead, now, at_prison, at):
    with at_prison(here):
        fall = fall_of(person, here, officer, now, found_at=now - timedelta(minutes=50))
    client = signed_in(officer)
    listed = lambda show: client.get(at("falls"), {"show": show}).context["table"].rows  # noqa: E731
    assert len(listed("missing")) == 1 and not listed("waited")
    late = times(fall, staff_clock="09:45", healthcare_clock="09:50", up_clock="09:55")
    page = client.post(at("fall_times", fall.token), late, follow=True).content.decode()
    assert "Waited too long" in page and "Minutes until help came" in page
    assert not listed("missing") and len(listed("waited")) == 1


def test_nobody_recorded_as_come_and_long_waits_are_counted_until_the_concern_is_closed(
    signed_in, officer, lead, here, person, now, at_prison, at
):
    with at_prison(here):
        alone = fall_of(person, here, officer, now, found_at=now - timedelta(minutes=50))
        fall_of(person, here, officer, now, found_at=now - timedelta(minutes=2))
    client = signed_in(lead)
    listed = lambda show: client.get(at("falls"), {"show": show}).context["table"].rows  # noqa: E731
    assert [row.tag.text for row in listed("nobody")] == ["Nobody recorded as come"]
    counted = "after 0, and nobody is recorded as come after 1."
    assert counted in client.get(at("falls")).content.decode()
    assert "Neither staff nor healthcare are recorded as come." in client.get(at("fall", alone.token)).content.decode()
    assert [row.tag.text for row in listed("look")] == ["Nobody recorded as come"]
    client.post(at("fall_times", alone.token), times(alone, staff_clock="09:45"))
    assert not listed("nobody") and [row.tag.text for row in listed("look")] == ["Waited too long"]
    assert "after 1, and nobody is recorded as come after 0." in client.get(at("falls")).content.decode()
    with at_prison(here):
        by = acts(lead, here)
        act_on_concern(by=by, now=now, concern=alone.concern, words="Talked with the wing.", version=1)
        close_concern(by=by, now=now, concern=alone.concern)
    assert not listed("look") and len(listed("waited")) == 1, "looked into, and still counted"


def test_a_fall_leads_to_a_review_a_referral_and_an_unmet_need(signed_in, officer, lead, here, wing, person, now,
                                                               at_prison, at):  # fmt: skip
    with at_prison(here):
        fall = fall_of(person, here, officer, now)
        plan = agreed_plan(here, lead, now, wing=wing)
        planned = fall_of(plan.person, here, officer, now)
    links = lambda who, one: {  # noqa: E731
        link["text"]: link["href"] for link in signed_in(who).get(at("fall", one.token)).context["links"]
    }
    need = f"{at('unmet_need_add')}?person={plan.person.token}"
    assert links(lead, planned) == {
        "Review the plan after this fall": at("plan_review", plan.token),
        "Record an unmet need for personal care": need,
    }
    assert plan.person.full_name in signed_in(lead).get(need).content.decode()
    assert links(officer, fall) == {"Refer this person for help": f"{at('refer')}?person={person.token}"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"found_clock": "23:59"}, "This time cannot be in the future."),
        ({"found_on": "2026-11-24"}, "The date must be on or before 23 November 2026"),
        ({"prison_number": "Z9999ZZ"}, "Nobody with this number is on this prison’s list."),
        ({"helped_up": ""}, "Select who helped the person up"),
        ({"alarm_clock": "25:00"}, "Enter a time on the 24-hour clock"),
    ],
)
def test_bad_answers_get_one_sentence_and_keep_what_was_typed(signed_in, officer, person, at, changes, sentence):
    page = signed_in(officer).post(at("fall_add"), answers(person, **changes)).content.decode()
    assert sentence in page and "There is a problem" in page
    assert not Fall.objects.exists() and not Concern.objects.exists()


def test_a_time_after_midnight_is_the_next_day(signed_in, officer, person, at):
    night = answers(person, found_on="2026-11-22", found_clock="23:55", alarm_clock="00:05")
    signed_in(officer).post(at("fall_add"), night)
    fall = Fall.objects.get()
    assert fall.alarm_at == datetime(2026, 11, 23, 0, 5, tzinfo=UTC) and fall.by_night
    assert fall.limit_minutes is not None


@pytest.mark.parametrize(
    ("day", "clock", "night"),
    [
        (date(2026, 3, 29), time(6, 59), True),
        (date(2026, 3, 29), time(7, 0), False),
        (date(2026, 10, 25), time(6, 59), True),
        (date(2026, 10, 25), time(7, 0), False),
        (date(2026, 10, 25), time(19, 0), True),
    ],
)
def test_night_goes_by_the_clock_of_the_prison_on_the_days_of_the_clock_changes(day, clock, night):
    assert is_night(london_moment(day, clock), [(time(7), time(12)), (time(14), time(19))]) is night


def test_the_hour_that_march_leaves_out_is_refused(signed_in, officer, person, at, clock, now):
    clock.move_to(datetime(2026, 3, 29, 12, 0, tzinfo=UTC))
    page = signed_in(officer).post(at("fall_add"), answers(person, found_on="2026-03-29", found_clock="01:30"))
    assert "the clocks go forward" in page.content.decode() and not Fall.objects.exists()


def test_a_prisoner_who_lifted_is_listed_without_blame(signed_in, officer, person, at):
    client = signed_in(officer)
    page = client.post(at("fall_add"), answers(person, helped_up="PRISONER"), follow=True).content.decode()
    assert "Nobody is blamed." in page
    assert len(client.get(at("falls"), {"show": "lifted"}).context["table"].rows) == 1


def test_a_fall_told_at_the_terminal_gets_its_times_once(signed_in, lead, officer, here, person, now, at_prison, at):
    with at_prison(here):
        concern = terminal.concern_by(officer, here, now, kind="FALL", about_person=person)
    client = signed_in(lead)
    assert "Record the times of this fall" in client.get(at("concern", concern.token)).content.decode()
    path = f"{at('fall_add')}?concern={concern.token}"
    typed = answers(person)
    typed.pop("prison_number")
    client.post(path, typed)
    assert Fall.objects.get().concern == concern and Concern.objects.count() == 1
    page = client.post(path, typed).content.decode()
    assert "The times of this fall are recorded already." in page


def test_somebody_who_left_has_no_fall_here(signed_in, officer, lead, here, person, now, at_prison, at):
    with at_prison(here):
        end_custody(by=acts(lead, here), now=now, custody=custody_of(here, person), reason="RELEASE")
    assert "is on this prison’s list" in signed_in(officer).post(at("fall_add"), answers(person)).content.decode()


def test_two_who_save_at_once(signed_in, officer, here, person, now, at_prison, at):
    with at_prison(here):
        fall = fall_of(person, here, officer, now, found_at=now - timedelta(minutes=50))
    client, path = signed_in(officer), at("fall_times", fall.token)
    client.post(path, times(fall, staff_clock="09:15"))
    page = client.post(path, times(fall, staff_clock="09:20")).content.decode()
    assert "Somebody else changed this fall" in page and "09:20" in page


def test_a_trainer_and_another_prison_are_refused(signed_in, trainer, outsider, elsewhere, officer, here, person, now,
                                                  at_prison, at):  # fmt: skip
    with at_prison(here):
        fall = fall_of(person, here, officer, now, found_at=now - timedelta(minutes=50))
    assert signed_in(trainer).get(at("fall", fall.token)).status_code == 403
    assert signed_in(outsider).get(reverse("referrals:fall", args=[elsewhere.code, fall.token])).status_code == 404
