"""The change list: what changed, what it touches, and who has looked at it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from referrals.models import ChangeMark
from schemes.actions.absences import come_back
from schemes.actions.keep_apart import keep_apart
from schemes.actions.people import end_custody, move_cell
from schemes.queries.people import custody_of
from tests.builders.directory import alert_on, away_on, weekly_of
from tests.builders.schemes import person_in
from tests.builders.visits import day_opened, helped
from tests.cast import acts

LIST = "/prisons/ZTA/today/changes/"


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scene(here, wing, lead, security, now, at_prison):
    """A pair, and somebody whom nobody helps; something changes about each."""
    earlier = now - timedelta(hours=2)
    with at_prison(here):
        plan, buddy, match = helped(here, lead, now.replace(day=2), wing=wing)
        day_opened(here, london_today(now), now)
        third = person_in(here, lead, now, last_name="Untouched")
        place = custody_of(here, plan.person)
        move_cell(by=acts(lead, here), now=earlier, custody=place, wing=wing, landing=2, cell="A2-09")
        alert_on(buddy.person, "XB", lead, now)
        absence = away_on(third, "VISIT", lead, now, session="PM", ends_on=london_today(now))
        weekly_of(third, lead, now)
        keep_apart(
            by=acts(security, here), now=now, prison=here, person=third, other=buddy.person, reason="THREAT",
            restriction="WING",
        )  # fmt: skip
        end_custody(by=acts(lead, here), now=now, custody=custody_of(here, third), reason="RELEASE")
    return plan, buddy, match, absence


def test_every_change_says_what_it_touches_with_links(scene, lead, signed_in) -> None:
    plan, _, match, _ = scene
    page = signed_in(lead).get(LIST).content.decode()
    for words in (
        "Moved from A wing, A1-01 to A wing, A2-09",
        "Alert: Bully",
        "Elsewhere: social visit",
        "has work every week",
        "Kept apart from",
        "Left: released",
        "Visits today",
        "Nothing",
    ):
        assert words in page, words
    assert f"/prisons/ZTA/plans/{plan.token}/" in page and f"/prisons/ZTA/matches/{match.token}/" in page


def test_an_officer_sees_neither_alerts_nor_keep_apart_records(scene, officer, signed_in) -> None:
    page = signed_in(officer).get(LIST).content.decode()
    assert "Moved from" in page and "Bully" not in page and "Kept apart" not in page
    assert "Look at it" not in page


def test_what_touches_a_match_is_counted_until_somebody_has_looked(scene, here, lead, signed_in, at_prison) -> None:
    browser = signed_in(lead)

    def tile() -> int:
        page = browser.get("/prisons/ZTA/")
        tiles = [*page.context["tiles"], *page.context["empty_tiles"]]
        return next(tile["count"] for tile in tiles if tile["text"] == "Changes that touch a plan or a match")

    listed = browser.get(f"{LIST}?show=LOOK")
    assert tile() == listed.context["page"].paginator.count == 3
    look = next(line["look_href"] for line in listed.context["lines"] if "Bully" in line["change"].words)
    with CaptureQueriesContext(connection) as captured:
        assert "Bully" in browser.get(look).content.decode()
    assert not any("schemes_weeklyactivity" in query["sql"] for query in captured), "looks at one change, not at all"
    assert browser.post(look, {"sent": "1"}).status_code == 302
    assert tile() == browser.get(f"{LIST}?show=LOOK").context["page"].paginator.count == 2
    assert "Lena Lead" in browser.get(LIST).content.decode()
    assert ChangeMark.objects.get().looked_by == lead
    assert AuditEvent.objects.filter(code="change.looked_at").count() == 1


def test_a_later_change_of_the_same_record_asks_again(scene, here, lead, now, signed_in, at_prison) -> None:
    plan, *_ = scene
    with at_prison(here):
        absence = away_on(plan.person, "COURT", lead, now)
        come_back(by=acts(lead, here), now=now, absence=absence, back_on=now.date() + timedelta(days=1))
    browser = signed_in(lead)
    url = f"{LIST}back/{absence.token}/"
    assert browser.post(url, {"sent": "1"}).status_code == 302
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        with at_prison(here):
            come_back(
                by=acts(lead, here), now=now + timedelta(minutes=5), absence=absence,
                back_on=now.date() + timedelta(days=2),
            )  # fmt: skip
        shown = [line["look_href"] for line in browser.get(f"{LIST}?show=LOOK").context["lines"]]
    assert url in shown


def test_since_a_chosen_day_and_on_paper(scene, lead, now, signed_in) -> None:
    browser = signed_in(lead)
    later = (now + timedelta(days=1)).date().isoformat()
    assert "Nothing has changed since then" in browser.get(f"{LIST}?since={later}").content.decode()
    paper = browser.get(f"{LIST}paper/").content.decode()
    assert "Printed by Lena Lead" in paper and "Alert: Bully" in paper
    assert AuditEvent.objects.filter(code="printed").count() == 1


def test_other_roles_and_prisons_do_not(scene, officer, trainer, outsider, signed_in) -> None:
    *_, absence = scene
    url = f"{LIST}absence/{absence.token}/"
    assert signed_in(trainer).get(LIST).status_code == 403
    assert signed_in(officer).post(url, {"sent": "1"}).status_code == 403
    assert signed_in(outsider).get(LIST).status_code == 404
    assert signed_in(outsider).post(url.replace("ZTA", "ZTB"), {"sent": "1"}).status_code == 404
