"""Confirming a wing's week, and asking people about the help."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today, week_of
from referrals.models import HelpCheck, VisitLook, WeekConfirmation
from referrals.queries.visits import weeks_to_confirm
from referrals.queries.weeks import wing_week
from referrals.rules.weeks import VisitFacts, misfits, sort_week
from schemes.actions.buddies import suspend
from schemes.actions.regime import record_lock_down
from tests.builders.buddies import fresh
from tests.builders.visits import day_opened, helped, planned_on, slips, visit_of
from tests.cast import acts


def fact(**fields):
    return VisitFacts(**{"planned_id": 1, "outcome": "DONE", "minutes": 20, "planned_minutes": 20, **fields})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, []),
        ({"minutes": 40}, []),
        ({"minutes": 41}, ["Over twice the planned minutes"]),
        ({"minutes": 10}, []),
        ({"minutes": 9}, ["Under half the planned minutes"]),
        ({"outcome": "NOT_DONE", "minutes": 0, "locked_down": True}, ["Not done"]),
        ({"outcome": "PARTLY"}, ["Partly done"]),
        ({"early": True}, ["Recorded before its session began"]),
        ({"outcome": "NOT_DONE", "minutes": 0, "early": True}, ["Not done"]),
        ({"late": True, "extra_help": True}, ["Extra help was given", "Entered on a later day"]),
        ({"locked_down": True}, ["Done during a lock-down"]),
        ({"buddy_stopped": True}, ["Done while the buddy was suspended or had left"]),
    ],
)
def test_what_does_not_fit(fields, words):
    assert misfits(fact(**fields)) == words


def test_the_same_three_are_drawn_again():
    visits = [fact(planned_id=n) for n in range(40)]
    drawn = sort_week(visits, seed="wing:2026-W47").drawn
    assert len(drawn) == 3
    assert sort_week(reversed(visits), seed="wing:2026-W47").drawn == drawn
    assert sort_week(visits, seed="wing:2026-W48").drawn != drawn


@pytest.fixture
def week(now):
    """The week of `now`; tests look at it on the Tuesday after."""
    return week_of(london_today(now))


@pytest.fixture
def after(week, now):
    with time_machine.travel(now + timedelta(days=8), tick=False):
        yield now + timedelta(days=8)


@pytest.fixture
def visits(here, wing, lead, officer, now, week, at_prison):
    """Monday to Saturday: Tuesday not done, Wednesday far too long, the rest as planned. On Sunday the buddy rests."""
    with at_prison(here):
        plan, _, _ = helped(here, lead, now, wing=wing)
        told = {1: {"outcome": "NOT_DONE", "reason": "DECLINED"}, 2: {"minutes": 55}}
        found = []
        for n in range(6):
            day = week.first + timedelta(days=n)
            if n:
                day_opened(here, day, now)
            found.append(visit_of(planned_on(plan, day), officer, now + timedelta(days=n), **told.get(n, {})))
    return found


def url(here, wing, week):
    return reverse("referrals:week_of_wing", args=[here.code, wing.code, week.first.isoformat()])


def test_misfits_come_first_then_three_drawn(visits, signed_in, officer, here, wing, week, after):
    page = signed_in(officer).get(url(here, wing, week)).content.decode()
    assert page.index("Not done") < page.index("Over twice the planned minutes") < page.index("Drawn by lot")
    assert "<strong>1</strong> more that fit" in page
    assert page.count("Ask the person<") == 3


def test_what_was_recorded_before_people_were_unlocked_for_it_comes_first(
    signed_in, officer, lead, here, wing, week, after, now, at_prison
):
    """At 10:00 on Monday: the visit of the evening is said to have happened, that of the morning has."""
    with at_prison(here):
        plan, _, _ = helped(here, lead, now, wing=wing, tasks=[("DOM-03", (0,), "AM", 15), ("DOM-01", (0,), "EV", 15)])
        for session in ("AM", "EV"):
            visit_of(planned_on(plan, week.first, session), officer, now, minutes=15)
    odd = signed_in(officer).get(url(here, wing, week)).context["misfits"]
    assert [card["why"] for card in odd] == [["Recorded before its session began"]]


def test_the_page_says_who_recorded_and_how_many_came_late(
    visits, signed_in, officer, lead, here, wing, week, after, now, at_prison
):
    with at_prison(here):
        planned = planned_on(helped(here, lead, now, wing=wing)[0], week.first)
        visit_of(planned, officer, after, source="PAPER", slip=slips(here, officer, now)[0])
    page = signed_in(officer).get(url(here, wing, week)).content.decode()
    assert "First recorded by: staff 6, paper 1. On a later day: 1." in page


def test_who_was_asked_is_said_before_anybody_looked(visits, signed_in, officer, here, wing, week, after):
    client = signed_in(officer)
    drawn = client.get(url(here, wing, week)).context["drawn"][0]
    assert "The person was asked." not in client.get(url(here, wing, week)).content.decode()
    client.post(drawn["ask_href"], {"answer": "CAME", "asked_in_return": "NO"})
    page = client.get(url(here, wing, week)).content.decode()
    assert page.count("The person was asked.") == HelpCheck.objects.count() == 1


def test_confirming_stores_the_share_looked_at(visits, signed_in, officer, here, wing, week, after, at_prison):
    response = signed_in(officer).post(url(here, wing, week), {"right": [visits[1].token, visits[2].token]})
    assert response.status_code == 302
    confirmation = WeekConfirmation.objects.get()
    assert (confirmation.visits, confirmation.looked_at, len(confirmation.drawn)) == (6, 2, 3)
    assert set(VisitLook.objects.values_list("visit_id", "result")) == {
        (visits[1].pk, "RIGHT"), (visits[2].pk, "RIGHT"),
    }  # fmt: skip
    assert AuditEvent.objects.filter(code="week.confirmed").count() == 1
    with at_prison(here):
        assert not weeks_to_confirm(here, london_today(after)).count()


def test_the_tile_counts_what_the_list_shows(visits, signed_in, officer, here, wing, week, after, at_prison):
    with at_prison(here):
        assert list(weeks_to_confirm(here, london_today(after))) == [
            {"wing_id": wing.pk, "week": week.first, "visits": 6}
        ]
    page = signed_in(officer).get(reverse("referrals:week", args=[here.code])).content.decode()
    assert url(here, wing, week) in page


def test_permissions(visits, signed_in, trainer, outsider, here, wing, week, after):
    assert signed_in(trainer).get(url(here, wing, week)).status_code == 403
    assert signed_in(outsider).get(url(here, wing, week)).status_code == 404


def test_a_running_week_is_looked_at_and_not_confirmed(visits, signed_in, officer, here, wing, week, now):
    with time_machine.travel(now + timedelta(days=2), tick=False):
        page = signed_in(officer).get(url(here, wing, week)).content.decode()
        assert "This week is not over" in page and "Confirm the week" not in page.replace("confirm the week", "")
        answer = signed_in(officer).post(url(here, wing, week), {}).content.decode()
    assert "This week is not over yet." in answer and not WeekConfirmation.objects.exists()


def test_once_only(visits, signed_in, officer, here, wing, week, after):
    client = signed_in(officer)
    client.post(url(here, wing, week), {})
    assert "This week is confirmed already." in client.post(url(here, wing, week), {}).content.decode()


def test_nonsense_in_the_address(signed_in, officer, here, wing, after):
    client = signed_in(officer)
    for monday in ("2026-11-24", "soon"):
        address = reverse("referrals:week_of_wing", args=[here.code, wing.code, monday])
        assert client.get(address).status_code == 404


def test_lock_downs_and_suspensions_are_seen(visits, here, wing, lead, now, week, at_prison):
    with at_prison(here):
        by, buddy = acts(lead, here), fresh(visits[0].buddy)
        suspend(by=by, now=now + timedelta(days=3, hours=1), buddy=buddy, reason="Under investigation")
        record_lock_down(by=by, now=now, prison=here, day=week.first, session="AM", reason="Staff shortage")
        found = wing_week(here, wing, week.first).order.misfits
    assert found[visits[0].planned_id] == ["Done during a lock-down"]
    assert found[visits[5].planned_id] == ["Done while the buddy was suspended or had left"]


def test_asking_about_the_help(visits, signed_in, officer, here, after):
    ask = reverse("referrals:visit_ask", args=[here.code, visits[0].token])
    response = signed_in(officer).post(ask, {"answer": "PARTLY", "asked_in_return": "NO"})
    assert response.status_code == 302
    check = HelpCheck.objects.get()
    assert (check.answer, check.visit_id, check.asked_by) == ("PARTLY", visits[0].pk, officer)
    event = AuditEvent.objects.get(code="visit.asked_about")
    assert "PARTLY" not in str(event.details)


def test_something_asked_in_return_offers_a_concern(visits, signed_in, officer, here, after):
    ask = reverse("referrals:visit_ask", args=[here.code, visits[0].token])
    response = signed_in(officer).post(ask, {"answer": "CAME", "asked_in_return": "YES"}, follow=True)
    assert reverse("referrals:concern_add", args=[here.code]) in response.content.decode()


def test_both_questions_are_needed(visits, signed_in, officer, here, after):
    ask = reverse("referrals:visit_ask", args=[here.code, visits[0].token])
    assert "Select what the person said" in signed_in(officer).post(ask, {}).content.decode()
