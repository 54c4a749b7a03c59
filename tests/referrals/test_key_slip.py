"""Printing numbered slips and keying one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.models import PaperSlip, Visit
from tests.builders.visits import helped, planned_on, slips, visit_of


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def planned(here, wing, lead, now, at_prison):
    with at_prison(here):
        plan, _, _ = helped(here, lead, now, wing=wing)
        return planned_on(plan, london_today(now))


@pytest.fixture
def slip(here, officer, now, at_prison):
    with at_prison(here):
        return slips(here, officer, now)[0]


def test_slips_are_numbered_on(signed_in, officer, here):
    client, url = signed_in(officer), reverse("referrals:slips", args=[here.code])
    client.post(url, {"how_many": "2"})
    response = client.post(url, {"how_many": "2"}, follow=True)
    assert list(PaperSlip.objects.order_by("number").values_list("number", flat=True)) == [1001, 1002, 1003, 1004]
    page = response.content.decode()
    assert "No. 1003" in page and "No. 1004" in page and "No. 1002" not in page
    assert AuditEvent.objects.filter(code="slips.printed").count() == 2


@pytest.mark.parametrize("how_many", ["0", "61", "many"])
def test_a_number_that_cannot_be(signed_in, officer, here, how_many):
    response = signed_in(officer).post(reverse("referrals:slips", args=[here.code]), {"how_many": how_many})
    assert "Enter a whole number from 1 to 60" in response.content.decode() and not PaperSlip.objects.exists()


@pytest.mark.parametrize("said_by", ["", "PERSON"])
def test_the_whole_way(signed_in, officer, here, planned, slip, now, said_by):
    client, today = signed_in(officer), london_today(now).isoformat()
    key = reverse("referrals:slip_key", args=[here.code])
    response = client.post(key, {"number": str(slip.number), "happened_on": today}, follow=True)
    page = response.content.decode()
    visit_url = reverse("referrals:slip_visit", args=[here.code, slip.token, planned.token])
    assert visit_url in page
    posted = {"outcome": "NOT_DONE", "reason": "NOT_UNLOCKED", "said_by": said_by}
    response = client.post(visit_url, posted, follow=True)
    assert f"Slip {slip.number} is entered" in response.content.decode()
    visit = Visit.objects.get(planned=planned)
    assert (visit.source, visit.slip_id, visit.reason) == ("PAPER", slip.pk, "NOT_UNLOCKED")
    assert visit.said_by == (said_by or "BUDDY")


def test_an_unknown_number(signed_in, officer, here, now):
    posted = {"number": "999", "happened_on": london_today(now).isoformat()}
    response = signed_in(officer).post(reverse("referrals:slip_key", args=[here.code]), posted)
    assert "No slip with this number was printed" in response.content.decode()


def test_a_number_of_another_prison(signed_in, outsider, elsewhere, here, slip, now):
    posted = {"number": str(slip.number), "happened_on": london_today(now).isoformat()}
    response = signed_in(outsider).post(reverse("referrals:slip_key", args=[elsewhere.code]), posted)
    assert "No slip with this number was printed" in response.content.decode()
    address = reverse("referrals:slip_choose", args=[here.code, slip.token, "2026-11-23"])
    assert signed_in(outsider).get(address).status_code == 404


def test_the_permission(signed_in, trainer, here):
    assert signed_in(trainer).get(reverse("referrals:slip_key", args=[here.code])).status_code == 403


def test_a_slip_is_keyed_once(signed_in, officer, here, wing, lead, planned, slip, now, at_prison):
    with at_prison(here):
        visit_of(planned, officer, now, source="PAPER", slip=slip)
        other, _, _ = helped(here, lead, now, wing=wing)
        with pytest.raises(NotAllowed, match=f"Slip {slip.number} was entered already"):
            visit_of(planned_on(other, london_today(now)), officer, now, source="PAPER", slip=slip)
    posted = {"number": str(slip.number), "happened_on": london_today(now).isoformat()}
    response = signed_in(officer).post(reverse("referrals:slip_key", args=[here.code]), posted)
    assert "was entered already" in response.content.decode()


@pytest.mark.parametrize(("days", "sentence"), [(1, "must be on or before"), (-15, "must be on or after")])
def test_misuse_10_a_day_that_cannot_be(signed_in, officer, here, slip, now, days, sentence):
    day = (london_today(now) + timedelta(days=days)).isoformat()
    response = signed_in(officer).post(
        reverse("referrals:slip_key", args=[here.code]), {"number": str(slip.number), "happened_on": day}
    )
    assert sentence in response.content.decode()
