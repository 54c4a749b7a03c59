"""Hours for the scheme: a week on one page, planned taken over from the week before, planned against worked by week."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from schemes.actions.schemes import set_people
from schemes.models import ProtectedTime
from tests import cast
from tests.builders import schemes
from tests.builders.hours import week_entered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scheme(here, lead, deputy, trainer, wing, now, at_prison):
    """Open, with a deputy."""
    with at_prison(here):
        opened = schemes.open_scheme(here, lead, wing, now)
        by = cast.acts(lead, here)
        return set_people(by=by, now=now, scheme=opened, deputy=deputy, leave_cover="", version=opened.version)


def url(here, monday="2026-11-23"):
    return reverse("schemes:protected_week", args=[here.code, monday])


def answers(*people):
    return {
        f"{name}_{user.token}": value
        for user, planned, worked in people
        for name, value in (("planned", planned), ("worked", worked))
    }


def test_one_save_keeps_the_week_of_everybody_named(signed_in, here, scheme, lead, deputy, trainer):
    client = signed_in(lead)
    page = client.get(url(here)).content.decode()
    assert all(user.name in page for user in (lead, deputy, trainer))
    sent = answers((lead, "18.5", "12"), (deputy, "7", ""), (trainer, "0", "3.5"))
    assert client.post(url(here), sent).status_code == 302
    kept = {row.user_id: (row.planned, row.worked) for row in ProtectedTime.objects.all()}
    assert kept == {
        lead.pk: (Decimal("18.5"), Decimal(12)),
        deputy.pk: (Decimal(7), None),
        trainer.pk: (Decimal(0), Decimal("3.5")),
    }
    listed = client.get(reverse("schemes:protected_time", args=[here.code])).content.decode()
    assert "25.5" in listed and "15.5" in listed and "Not known of 1 person" in listed


def test_planned_starts_as_the_week_before(signed_in, here, scheme, lead, now, at_prison):
    with at_prison(here):
        week_entered(here, lead, now, back=1, planned="14", worked="9")
    form = signed_in(lead).get(url(here)).context["form"]
    assert form[f"planned_{lead.token}"].initial == "14" and form[f"worked_{lead.token}"].initial == ""


def test_hours_change_and_the_first_ones_are_kept(signed_in, here, scheme, lead):
    client = signed_in(lead)
    for worked in ("4", "6"):
        client.post(url(here), answers((lead, "10", worked)))
    row = ProtectedTime.objects.get()
    assert row.worked == 6
    from django.apps import apps

    history = apps.get_model("schemes", "ProtectedTimeEvent").objects.order_by("pgh_id")
    assert list(history.values_list("worked", flat=True)) == [4, 6]
    listed = client.get(reverse("schemes:protected_time", args=[here.code])).content.decode()
    assert "60%" in listed


@pytest.mark.parametrize(
    ("planned", "worked", "says"),
    [
        ("61", "", "must be from 0 to 60"),
        ("10", "81", "must be from 0 to 80"),
        ("ten", "", "Enter hours as a number"),
        ("-1", "", "Hours cannot be below nought"),
        ("", "4", "or 0 if there were none"),
    ],
)
def test_rejects_bad_input_and_keeps_what_was_typed(signed_in, here, scheme, lead, deputy, planned, worked, says):
    page = signed_in(lead).post(url(here), answers((lead, planned, worked), (deputy, "7.5", ""))).content.decode()
    assert says in page and 'value="7.5"' in page
    assert not ProtectedTime.objects.exists()


def test_a_week_to_come_has_no_hours_worked(signed_in, here, scheme, lead):
    client = signed_in(lead)
    page = client.post(url(here, "2026-11-30"), answers((lead, "10", "5"))).content.decode()
    assert "has not begun" in page and not ProtectedTime.objects.exists()
    assert client.post(url(here, "2026-11-30"), answers((lead, "10", ""))).status_code == 302


@pytest.mark.parametrize("monday", ["2026-11-24", "2027-01-04", "2025-01-06", "soon", "2026-13-01"])
def test_only_weeks_that_can_be_known_have_a_page(signed_in, here, scheme, lead, monday):
    assert signed_in(lead).get(url(here, monday)).status_code == 404


def test_needs_the_permission(signed_in, here, scheme, delegate, officer):
    listed = reverse("schemes:protected_time", args=[here.code])
    assert signed_in(delegate).get(listed).status_code == 200
    assert signed_in(delegate).get(url(here)).status_code == 403
    assert signed_in(officer).get(listed).status_code == 403


def test_leaves_the_audit_event(signed_in, here, scheme, lead):
    signed_in(lead).post(url(here), answers((lead, "10", "5")))
    event = AuditEvent.objects.get(code="scheme.protected_time_entered")
    assert (event.actor_id, event.details) == (lead.pk, {"week": "2026-11-23", "people": 1, "changed": 1})
