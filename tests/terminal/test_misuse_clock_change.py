"""Misuse case 35: at the terminal an hour that comes twice, or not at all, changes no order, no day and no length."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from buddyscheme.lib.dates import london_time
from referrals.actions.plans import add_task
from referrals.actions.windows import close_window
from referrals.models import TerminalEntry, Visit
from schemes.actions.caps import set_buddy_caps
from schemes.rules.caps import Caps
from tests.builders.referrals import EVERY_DAY, task_of
from tests.builders.terminal import window_at
from tests.builders.visits import planned_on
from tests.cast import acts
from tests.referrals.test_welfare_check import handle_messages

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 10, 25)
# The prison's clock shows 01:30 at both.
SUMMER, WINTER = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
# A minute and a half before the clock goes back to 01:00, and before it goes on to 02:00.
BACK, FORWARD = datetime(2026, 10, 25, 0, 58, 30, tzinfo=UTC), datetime(2027, 3, 28, 0, 58, 30, tzinfo=UTC)


@pytest.fixture
def now(request) -> datetime:
    return getattr(request, "param", SUMMER)


def window_anew(scene, clock, moment: datetime) -> None:
    clock.move_to(moment)
    scene.now = moment
    with scene.at_prison(scene.prison):
        close_window(by=acts(scene.officer, scene.prison), now=moment, window=scene.window)
        scene.window = window_at(scene.terminal, scene.officer, moment)


def test_misuse_35_two_visits_entered_at_half_past_one_keep_their_order_and_their_day(
    scene, clock, lead, signed_in
) -> None:
    by = acts(lead, scene.prison)
    with scene.at_prison(scene.prison):
        caps = Caps(capacity=4, weekly_minutes=1000, days_in_row=6)
        set_buddy_caps(by=by, now=scene.now, buddy=scene.buddy, caps=caps, rest_day=2)
        add_task(
            by=by, now=scene.now, plan=scene.plan, task=task_of("DOM-05"), done_by="BUDDY", session="PM",
            weekdays=EVERY_DAY, minutes=10,
        )  # fmt: skip
        handle_messages()
        second = planned_on(scene.plan, SUNDAY, "PM")
    for planned, moment in ((scene.planned, SUMMER), (second, WINTER)):
        window_anew(scene, clock, moment)
        done = {"a": "1", "b": "1", "key": planned.session}
        answer = scene.inside().post(f"/terminal/visit/{planned.token}/", done)
        assert answer["Location"] == "/terminal/thanks/"
        TerminalEntry.objects.update(ended_at=moment)
    visits = list(Visit.objects.order_by("entered_at"))
    assert [visit.planned for visit in visits] == [scene.planned, second]
    assert [visit.pk for visit in visits] == sorted(visit.pk for visit in visits)
    assert [visit.entered_at for visit in visits] == [SUMMER, WINTER]
    assert {london_time(visit.entered_at).strftime("%H:%M") for visit in visits} == {"01:30"}
    assert {(visit.day, visit.happened_on, visit.late) for visit in visits} == {(SUNDAY, SUNDAY, False)}
    page = signed_in(lead).get(reverse("referrals:visits", args=[scene.prison.code])).content.decode()
    assert "(late)" not in page and "25 October" in page and "24 October" not in page


@pytest.mark.parametrize("now", [BACK, FORWARD], ids=["back", "forward"], indirect=True)
@pytest.mark.parametrize(
    ("touches", "last", "end"),
    [
        # Three minutes without a touch that really passed; the clock of the prison shows an hour less or more.
        ([], 180, "IDLE"),
        ([179, 179], 180, "IDLE"),
        # Twenty in all, for whoever goes on tapping.
        ([120] * 9 + [119], 1, "TIME"),
    ],
)
def test_misuse_35_a_turn_gains_and_loses_no_hour(scene, clock, now, touches, last, end) -> None:
    client = scene.inside()
    for seconds in touches:
        clock.shift(timedelta(seconds=seconds))
        assert client.get("/terminal/home/").status_code == 200
    clock.shift(timedelta(seconds=last))
    assert client.get("/terminal/home/")["Location"] == "/terminal/"
    entry = TerminalEntry.objects.get()
    assert (entry.end_reason, entry.ended_at - now) == (end, timedelta(seconds=sum(touches) + last))


@pytest.mark.parametrize("now", [BACK, FORWARD], ids=["back", "forward"], indirect=True)
def test_misuse_35_a_window_lasts_as_long_as_the_officer_said(scene, clock, now) -> None:
    clock.shift(timedelta(minutes=29))
    scene.now += timedelta(minutes=29)
    client = scene.inside()
    assert client.get("/terminal/home/").status_code == 200
    clock.shift(timedelta(minutes=1))
    assert client.get("/terminal/home/")["Location"] == "/terminal/"
    assert TerminalEntry.objects.get().end_reason == "WINDOW"
