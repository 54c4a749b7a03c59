"""The board: who needs which training; and a buddy's training page."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from schemes.actions.buddies import leave_role
from schemes.actions.take_overs import decide_take_over
from tests import cast
from tests.builders import buddies as build
from training.queries.board import board, lines_in
from training.queries.results import in_training, mandatory_codes, module_states
from training.queries.take_overs import take_overs_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


def url(here, query=""):
    return reverse("training:board", args=[here.code]) + query


def test_shows_due_in_date_lapsing_and_lapsed(signed_in, here, lead, trainer, wing, now, at_prison):
    with at_prison(here):
        build.in_training(here, lead, now, wing=wing, last_name="Due")
        build.active_buddy(here, lead, now, wing=wing, last_name="Fine")
        build.active_buddy(here, lead, now - timedelta(days=350), wing=wing, last_name="Soon")
        build.active_buddy(here, lead, now - timedelta(days=400), wing=wing, last_name="Late")
        build.applied(here, lead, now, wing=wing, last_name="Applicant")
        found = {line.buddy.person.last_name: line.state for line in board(here, now.date())}
        assert found == {"Due": "DUE", "Fine": "IN_DATE", "Soon": "LAPSING", "Late": "LAPSED"}
        assert [line.buddy.person.last_name for line in lines_in(board(here, now.date()), "LAPSED")] == ["Late"]
        assert [buddy.person.last_name for buddy in in_training(here)] == ["Due"]
    client = signed_in(trainer)
    assert "Applicant" not in client.get(url(here)).content.decode()
    lapsed = client.get(url(here, "?state=LAPSED")).content.decode()
    assert "Late" in lapsed and "Soon" not in lapsed


def test_a_take_over_is_shown_with_how_many_modules_are_missing(
    signed_in, here, lead, trainer, delegate, wing, now, at_prison
):
    with at_prison(here):
        buddy = build.taken_over(here, lead, delegate, now, wing=wing)
    says = "Taken over: compact and 3 modules to be made good by 21 February 2027, approved by Gil Governor."
    client = signed_in(trainer)
    assert says in client.get(url(here)).content.decode()
    page = client.get(reverse("training:buddy", args=[here.code, buddy.token])).content.decode()
    assert says in page and "schemes" not in page
    assert AuditEvent.objects.filter(code="viewed", actor_id=trainer.pk, person_id=buddy.person_id).exists()


def test_taken_over_buddies_by_their_date(signed_in, here, lead, trainer, delegate, wing, now, at_prison):
    today = now.date()
    tomorrow = today + timedelta(days=1)

    def approved(name, good_by, **lacks):
        asked = build.take_over_asked(here, lead, now, wing=wing, last_name=name, good_by=good_by, **lacks)
        return decide_take_over(by=cast.acts(delegate, here), now=now, take_over=asked, approve=True).buddy

    with at_prison(here):
        for name, days in (("Soon", 28), ("Later", 29), ("Short", 1)):
            approved(name, today + timedelta(days=days))
        approved("Compact", tomorrow, lacks_modules=False)
        build.trained(approved("Passed", tomorrow, lacks_compact=False), lead, now)
        build.compact_signed(approved("Signed", tomorrow, lacks_modules=False), lead, now)
        build.active_buddy(here, lead, now, wing=wing, last_name="Applied")
        build.take_over_asked(here, lead, now, wing=wing, last_name="Waiting", good_by=tomorrow)

        def named(which, on):
            return [buddy.person.last_name for buddy in take_overs_in(here, on, which)]

        assert named("TAKE_OVER_SOON", today) == ["Compact", "Short", "Soon"]
        assert named("TAKE_OVER_PAST", tomorrow) == []
        assert named("TAKE_OVER_PAST", today + timedelta(days=2)) == ["Compact", "Short"]
        assert "Passed" in named("TAKE_OVER_PAST", today + timedelta(days=366)), "what was passed has lapsed"
    page = signed_in(lead).get(url(here, "?state=TAKE_OVER_SOON")).content.decode()
    assert "Compact" in page and "Later" not in page and "Applied" not in page
    with time_machine.travel(now + timedelta(days=2), tick=False):
        page = signed_in(lead).get(url(here, "?state=TAKE_OVER_PAST")).content.decode()
    assert "compact and 3 modules should have been made good by 24 November 2026" in page
    assert "Soon" not in page.split("<table")[1]


def test_a_buddy_who_has_left_has_nothing_to_make_good(here, lead, delegate, wing, now, at_prison):
    today = now.date()
    with at_prison(here):
        buddy = build.taken_over(here, lead, delegate, now, wing=wing, good_by=today + timedelta(days=1))
        assert take_overs_in(here, today, "TAKE_OVER_SOON").count() == 1
        leave_role(by=cast.acts(lead, here), now=now, buddy=buddy, reason="Chose another job")
        assert not take_overs_in(here, today, "TAKE_OVER_SOON").exists()


def test_empty(signed_in, here, trainer):
    assert "Nobody is in training or in the role." in signed_in(trainer).get(url(here)).content.decode()


def test_needs_the_permission(signed_in, here, officer, security):
    for user in (officer, security):
        assert signed_in(user).get(url(here)).status_code == 403


def test_another_prisons_is_404(signed_in, here, elsewhere, lead, wing, now, at_prison):
    stranger = cast.make_staff("Tom Other", "TRAINER", elsewhere)
    with at_prison(here):
        buddy = build.in_training(here, lead, now, wing=wing)
    assert signed_in(stranger).get(url(here)).status_code == 404
    for code in (here.code, elsewhere.code):
        page = reverse("training:buddy", args=[code, buddy.token])
        assert signed_in(stranger).get(page).status_code == 404


def test_list_does_not_query_per_row(signed_in, here, lead, delegate, trainer, wing, now, at_prison):
    client = signed_in(trainer)

    def counts():
        found = []
        for page in (url(here), reverse("training:modules", args=[here.code])):
            with CaptureQueriesContext(connection) as captured:
                client.get(page)
            found.append(len(captured))
        return found

    with at_prison(here):
        build.active_buddy(here, lead, now, wing=wing)
        build.taken_over(here, lead, delegate, now, wing=wing)
    counts()
    few = counts()
    with at_prison(here):
        ids = [build.in_training(here, lead, now, wing=wing).pk for _ in range(10)]
        with CaptureQueriesContext(connection) as captured:
            module_states(ids, now.date())
    assert len(captured) == 1
    assert counts() == few


def test_mandatory_codes(here, lead, wing, now, at_prison):
    with at_prison(here):
        build.modules()
        assert mandatory_codes() == {"T01", "T02", "T03"}
