"""The list of buddies, a buddy's page, and where buddies stand: never a query a row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from schemes.actions.buddies import leave_role
from schemes.models import CompactText
from schemes.queries.buddies import applications_open, clearance_to_renew, standing, standing_of
from tests import cast
from tests.builders import buddies as build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


def url(here, query=""):
    return reverse("schemes:buddies", args=[here.code]) + query


def test_shows_open_records_and_filters(signed_in, here, lead, wing, now, at_prison):
    other = cast.make_wing(here, "B")
    with at_prison(here):
        build.applied(here, lead, now, wing=wing, last_name="Adams")
        gone = build.active_buddy(here, lead, now, wing=other, last_name="Bell")
        build.in_checks(here, lead, now, wing=other, last_name="Clark")
        leave_role(by=cast.acts(lead, here), now=now, buddy=gone, reason="Released")
        assert applications_open(here).count() == 2
    client = signed_in(lead)
    page = client.get(url(here)).content.decode()
    assert "Adams" in page and "Clark" in page and "Bell" not in page
    assert "Bell" in client.get(url(here, "?status=LEFT")).content.decode()
    on_b = client.get(url(here, "?wing=B")).content.decode()
    assert "Clark" in on_b and "Adams" not in on_b
    assert client.get(url(here, "?status=NONSENSE&page=x")).status_code == 200


def test_the_lists_of_work(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        build.in_checks(here, lead, now, wing=wing, last_name="Adams")
        build.active_buddy(here, lead, now, wing=wing, last_name="Bell")
        build.active_buddy(here, lead, now - timedelta(days=340), wing=wing, last_name="Clark")
        build.active_buddy(here, lead, now - timedelta(days=400), wing=wing, last_name="Dodd")
        assert clearance_to_renew(here, now.date()).count() == 2
    client = signed_in(lead)
    work = client.get(url(here, "?status=APPLICATIONS")).content.decode()
    assert "Adams" in work and "Bell" not in work
    renew = client.get(url(here, "?status=RENEW")).content.decode()
    assert "Clark" in renew and "Dodd" in renew and "Bell" not in renew


def test_applications_are_worked_on_in_the_order_in_which_they_came(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        for name, days in (("Adams", 2), ("Bell", 30), ("Clark", 9)):
            build.applied(here, lead, now - timedelta(days=days), wing=wing, last_name=name)
    client = signed_in(lead)
    work = client.get(url(here, "?status=APPLICATIONS")).context
    assert [buddy.person.last_name for buddy in work["page"]] == ["Bell", "Clark", "Adams"]
    assert next(cells[2][1].text for _, cells in work["table"].lines) == "24\u00a0Oct\u00a02026"
    by_name = client.get(url(here)).context
    assert [buddy.person.last_name for buddy in by_name["page"]] == ["Adams", "Bell", "Clark"]


def test_empty(signed_in, here, lead):
    assert "There are no buddies yet." in signed_in(lead).get(url(here)).content.decode()


def test_needs_the_permission(signed_in, here, officer, security):
    for user in (officer, security):
        assert signed_in(user).get(url(here)).status_code == 403


def test_another_prisons_is_404(signed_in, here, outsider, elsewhere, lead, wing, now, at_prison):
    with at_prison(here):
        buddy = build.applied(here, lead, now, wing=wing)
    assert signed_in(outsider).get(url(here)).status_code == 404
    for code in (here.code, elsewhere.code):
        assert signed_in(outsider).get(reverse("schemes:buddy", args=[code, buddy.token])).status_code == 404


def test_list_does_not_query_per_row(signed_in, here, lead, delegate, wing, now, at_prison):
    client = signed_in(lead)

    def count():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(url(here))
        return len(captured)

    with at_prison(here):
        build.active_buddy(here, lead, now, wing=wing)
        build.taken_over(here, lead, delegate, now, wing=wing)
    client.get(url(here))
    few = count()
    with at_prison(here):
        for _ in range(18):
            build.in_checks(here, lead, now, wing=wing)
        ids = list(applications_open(here).values_list("pk", flat=True))
    assert count() <= few
    with at_prison(here), CaptureQueriesContext(connection) as captured:
        standing(ids, now.date())
    assert len(captured) == 2


def test_standing(here, lead, wing, now, at_prison):
    today = now.date()
    with at_prison(here):
        applied = build.applied(here, lead, now, wing=wing)
        active = build.active_buddy(here, lead, now, wing=wing)
        assert standing_of(applied, today).clearance == standing_of(applied, today).compact == "MISSING"
        stands = standing_of(active, today)
        until = today + timedelta(days=365)
        assert (stands.clearance, stands.clearance_until, stands.compact) == ("IN_DATE", until, "IN_DATE")
        assert standing_of(active, until).clearance == "IN_DATE", "the last day counts"
        assert standing_of(active, until + timedelta(days=1)).clearance == "LAPSED"
        assert stands.take_over is None
    CompactText.objects.create(version=2, text="New words", in_force_from=today + timedelta(days=60))
    with at_prison(here):
        assert standing_of(active, today + timedelta(days=59)).compact == "IN_DATE"
        assert standing_of(active, today + timedelta(days=60)).compact == "LAPSED"


@pytest.mark.parametrize(
    ("at", "says", "button"),
    [
        ("applied", "Ask the departments for clearance.", "Ask for checks"),
        ("in_checks", "Waiting for clearance by", "Enter clearance by Security from paper"),
        ("in_training", "The compact has to be signed.", "Record the compact"),
        ("active_buddy", "Nothing is waiting.", ""),
    ],
)
def test_one_next_step(signed_in, here, lead, delegate, wing, now, at_prison, at, says, button):
    with at_prison(here):
        buddy = getattr(build, at)(here, lead, now, wing=wing)
    page_url = reverse("schemes:buddy", args=[here.code, buddy.token])
    page = signed_in(lead).get(page_url).content.decode()
    assert says in page and button in page
    looker = signed_in(delegate).get(page_url).content.decode()
    assert says in looker and "govuk-button" not in looker.split("What comes next")[1].split("History")[0]


def test_a_taken_over_buddy_is_shown_as_such(signed_in, here, lead, delegate, wing, now, at_prison):
    with at_prison(here):
        build.taken_over(here, lead, delegate, now, wing=wing)
    assert "to be made good by 21 February 2027" in signed_in(lead).get(url(here)).content.decode()
    assert date(2026, 11, 23) + timedelta(days=90) == date(2027, 2, 21)
