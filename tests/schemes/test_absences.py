"""Absences, appointments and weekly work."""

from __future__ import annotations

from datetime import date

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.outbox.models import Message
from schemes.models import Absence, WeeklyActivity
from tests.builders.directory import away_on, weekly_of
from tests.builders.schemes import person_in

LIST = "/prisons/ZTA/absences/"
DAY = {"starts_on-day": "23", "starts_on-month": "11", "starts_on-year": "2026"}
LAST = ("ends_on-day", "ends_on-month", "ends_on-year")


@pytest.fixture
def person(here, lead, now, at_prison):
    with at_prison(here):
        return person_in(here, lead, now, "Z0001ZA", last_name="Marlow")


def answers(**changed):
    return {"prison_number": "z0001 za", "kind": "COURT", "session": "ALL", **DAY, **changed}


def last(day, month=11, year=2026):
    return dict(zip(LAST, (str(day), str(month), str(year)), strict=True))


def test_an_officer_records_court_in_five_answers_and_that_the_person_is_back(
    here, officer, signed_in, clock, person
) -> None:
    browser = signed_in(officer)
    saved = browser.post(f"{LIST}record/", answers(), follow=True).content.decode()
    assert "Visits are held until the person is back" in saved and "From 23 November 2026, until back" in saved
    absence = Absence.objects.get()
    assert (absence.ends_on, absence.starts_session) == (None, "")
    back = {"back_on-day": "24", "back_on-month": "11", "back_on-year": "2026", "session": "PM"}
    assert browser.post(f"{LIST}{absence.token}/", back).status_code == 302
    absence.refresh_from_db()
    assert (absence.ends_on, absence.ends_session, absence.changed_by) == (date(2026, 11, 24), "AM", officer)
    assert not absence.covers(date(2026, 11, 24), "PM") and absence.covers(date(2026, 11, 24), "AM")
    assert Message.objects.filter(topic="absence.changed").count() == 2
    found = set(AuditEvent.objects.filter(person_id=person.pk).values_list("code", flat=True))
    assert {"absence.recorded", "absence.changed"} <= found


def test_an_appointment_lasts_its_session(officer, signed_in, clock, person) -> None:
    url = f"/prisons/ZTA/people/{person.token}/absence/"
    browser = signed_in(officer)
    assert browser.post(url, answers(kind="HEALTHCARE", session="AM")).status_code == 302
    absence = Absence.objects.get()
    assert (absence.ends_on, absence.ends_session) == (absence.starts_on, "AM")
    assert "Healthcare appointment: 23 November 2026, morning" in browser.get(url[:-8]).content.decode()
    assert not Message.objects.filter(topic="absence.changed").exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": ""}, "Select where the person is"),
        ({"session": ""}, "Select when"),
        ({"starts_on-day": "31"}, "must be a real date"),
        ({"starts_on-year": "2029"}, "The first day is more than a year away"),
        (last(22), "The last day is before the first"),
        ({"prison_number": "Z4444ZA"}, "Nobody with this prison number is on this prison’s list"),
    ],
)
def test_bad_answers_are_said(changed, words, officer, signed_in, clock, person) -> None:
    page = signed_in(officer).post(f"{LIST}record/", answers(**changed)).content.decode()
    assert words in page and not Absence.objects.exists()


def test_the_same_is_not_recorded_twice(officer, signed_in, clock, person) -> None:
    browser = signed_in(officer)
    browser.post(f"{LIST}record/", answers())
    again = browser.post(f"{LIST}record/", answers(**last(25))).content.decode()
    assert "is on record for this person from 23 November 2026 already" in again
    assert Absence.objects.count() == 1


def test_nobody_is_back_before_they_went_and_what_is_taken_back_is_over(
    here, lead, officer, now, signed_in, at_prison, clock, person
) -> None:
    with at_prison(here):
        absence = away_on(person, "HOSPITAL", lead, now)
    browser, url = signed_in(officer), f"{LIST}{absence.token}/"
    early = {"back_on-day": "22", "back_on-month": "11", "back_on-year": "2026", "session": "AM"}
    assert "would be back before going" in browser.post(url, early).content.decode()
    assert browser.post(f"{url}cancel/", {"sent": "1"}).status_code == 302
    assert browser.post(f"{url}cancel/", {"sent": "1"}).status_code == 404
    assert "Nobody is on record as elsewhere" in browser.get(LIST).content.decode()
    absence.refresh_from_db()
    assert absence.cancelled_by == officer


def test_weekly_work_is_recorded_once_and_ended(here, lead, officer, now, signed_in, at_prison, clock, person) -> None:
    browser, url = signed_in(officer), f"/prisons/ZTA/people/{person.token}/weekly/"
    work = {"kind": "WORK", "weekdays": ["0", "2"], "session": "AM", **DAY}
    assert "Select at least one day" in browser.post(url, work | {"weekdays": []}).content.decode()
    assert browser.post(url, work).status_code == 302
    assert "in this session on one of these days already" in browser.post(url, work).content.decode()
    page = browser.get(url[:-7]).content.decode()
    assert "Work: Monday, Wednesday, in the morning" in page
    activity = WeeklyActivity.objects.get()
    assert browser.post(f"/prisons/ZTA/weekly/{activity.token}/end/", {"sent": "1"}).status_code == 302
    activity.refresh_from_db()
    assert activity.ended_by == officer


def test_other_roles_and_other_prisons_have_none_of_it(
    here, lead, healthcare, outsider, now, signed_in, at_prison, clock, person
) -> None:
    with at_prison(here):
        absence, activity = away_on(person, "COURT", lead, now), weekly_of(person, lead, now)
    assert signed_in(healthcare).get(LIST).status_code == 403
    browser = signed_in(outsider)
    for address in (f"absences/{absence.token}/", f"absences/{absence.token}/cancel/", f"weekly/{activity.token}/end/"):
        assert browser.post(f"/prisons/ZTB/{address}", {"sent": "1"}).status_code == 404
    assert not Absence.objects.filter(cancelled_at__isnull=False).exists()
