"""Alerts: recorded, ended, and what a code means."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from schemes.actions.alerts import change_meaning
from schemes.catalogue import load_alerts
from schemes.models import Alert, AlertKind
from schemes.queries.alerts import MeaningHere, alerts_by_person, kinds_with_meaning
from tests.builders.buddies import as_owner
from tests.builders.directory import alert_kind, alert_on
from tests.builders.schemes import person_in
from tests.cast import acts

LIST = "/prisons/ZTA/alerts/"


def means(here, code) -> MeaningHere:
    """What the code means at the prison."""
    return next(meaning for kind, meaning in kinds_with_meaning(here) if kind.code == code)


@pytest.fixture
def person(here, lead, now, at_prison):
    alert_kind()
    with at_prison(here):
        return person_in(here, lead, now, "Z0001ZA", last_name="Marlow")


def answers(now, **changed):
    day = london_today(now)
    parts = {"active_from-day": str(day.day), "active_from-month": str(day.month), "active_from-year": str(day.year)}
    return {"prison_number": "Z0001ZA", "kind": "ROP", **parts, **changed}


def test_security_records_and_ends_an_alert(here, security, lead, now, signed_in, at_prison, clock, person) -> None:
    browser = signed_in(security)
    assert browser.post(f"{LIST}record/", answers(now)).status_code == 302
    assert "Risk to older people" in browser.get(LIST).content.decode()
    own = signed_in(lead).get(f"/prisons/ZTA/people/{person.token}/").content.decode()
    assert "Risk to older people (ROP), since 23 November 2026" in own
    with at_prison(here):
        fact = alerts_by_person(here, [person.pk], london_today(now))[person.pk][0]
    assert (fact.code, fact.meaning.as_buddy, fact.meaning.as_helped) == ("ROP", "STOP", "WARN")
    alert = Alert.objects.get()
    assert browser.post(f"{LIST}{alert.token}/end/", {"sent": "1"}).status_code == 302
    alert.refresh_from_db()
    assert alert.ended_by == security
    assert "Nobody here has an alert" in browser.get(LIST).content.decode()
    assert browser.post(f"{LIST}{alert.token}/end/", {"sent": "1"}).status_code == 404
    found = set(AuditEvent.objects.filter(person_id=person.pk).values_list("code", flat=True))
    assert {"alert.recorded", "alert.ended"} <= found


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": ""}, "Select the alert"),
        ({"active_from-year": "2027"}, "An alert starts today or on an earlier day"),
        ({"active_to-day": "1", "active_to-month": "1", "active_to-year": "2020"}, "The last day is before the first"),
        ({"prison_number": "Z4444ZA"}, "Nobody with this prison number is on this prison’s list"),
    ],
)
def test_bad_answers_are_said(changed, words, security, now, signed_in, clock, person) -> None:
    page = signed_in(security).post(f"{LIST}record/", answers(now, **changed)).content.decode()
    assert words in page and not Alert.objects.exists()


def test_once_at_a_time_until_its_last_day_has_passed(here, security, now, signed_in, at_prison, clock, person) -> None:
    browser = signed_in(security)
    browser.post(f"{LIST}record/", answers(now))
    assert "has this alert already" in browser.post(f"{LIST}record/", answers(now)).content.decode()
    day = london_today(now)
    Alert.objects.update(active_from=day - timedelta(days=9), active_to=day - timedelta(days=1))
    assert browser.post(f"{LIST}record/", answers(now)).status_code == 302
    assert Alert.objects.filter(ended_at__isnull=True).count() == 1


def test_an_alert_that_is_not_to_be_shared_says_so(here, lead, now, signed_in, at_prison, clock, person) -> None:
    with at_prison(here):
        alert_on(person, "DOCGM", lead, now)
    assert "Do not tell the person" in signed_in(lead).get(f"/prisons/ZTA/people/{person.token}/").content.decode()


def test_an_officer_sees_no_alert_on_the_persons_page(here, lead, officer, now, signed_in, at_prison, person) -> None:
    with at_prison(here):
        alert_on(person, "ROP", lead, now)
    assert "Risk to older people" not in signed_in(officer).get(f"/prisons/ZTA/people/{person.token}/").content.decode()


def test_a_prison_may_be_stricter_but_undoes_no_national_stop(here, admin, signed_in, at_prison, person) -> None:
    browser = signed_in(admin)
    url = f"{LIST}meanings/XIT/"
    stricter = {"as_buddy": "STOP", "as_helped": "NATIONAL", "reason": "Terminals are alone", "version": "0"}
    assert browser.post(url, stricter).status_code == 302
    with at_prison(here):
        assert means(here, "XIT").as_buddy == "STOP"
    assert "Terminals are alone" in browser.get(url).content.decode()
    assert "while you had it open" in browser.post(url, stricter).content.decode()
    looser = {"as_buddy": "WARN", "as_helped": "NATIONAL", "reason": "We know them", "version": "0"}
    assert "so it stops one here too" in browser.post(f"{LIST}meanings/ROP/", looser).content.decode()
    back = {"as_buddy": "NATIONAL", "as_helped": "NATIONAL", "reason": "Sorted", "version": "1"}
    assert browser.post(url, back).status_code == 302
    with at_prison(here):
        assert means(here, "XIT").as_buddy == "WARN"


def test_a_national_change_counts_everywhere_and_outlives_a_new_list(
    here, national_lead, now, signed_in, at_prison, person
) -> None:
    answer = {"as_buddy": "STOP", "as_helped": "STOP", "reason": "Advice of public protection", "version": "0"}
    browser = signed_in(national_lead)
    assert browser.post("/national/alerts/XB/", answer).status_code == 302
    with as_owner():
        load_alerts()
    with at_prison(here):
        assert means(here, "XB").as_helped == "STOP"
    page = browser.get("/national/alerts/XB/").content.decode()
    assert "Advice of public protection" in page and "Bully" in browser.get("/national/alerts/").content.decode()
    # What somebody typed stays with the change.
    assert set(AuditEvent.objects.get(code="alert.meaning_changed").details) == {"as_buddy", "as_helped"}


def test_a_later_national_stop_beats_a_looser_meaning_here(
    here, admin, national_lead, now, signed_in, at_prison, person
):
    signed_in(admin).post(
        f"{LIST}meanings/XB/", {"as_buddy": "NONE", "as_helped": "NONE", "reason": "Old list", "version": "0"}
    )
    change_meaning(
        by=acts(national_lead, None), now=now, kind=AlertKind.objects.get(code="XB"), as_buddy="STOP",
        as_helped="NONE", reason="Advice", version=0,
    )  # fmt: skip
    with at_prison(here):
        assert means(here, "XB").as_buddy == "STOP"
