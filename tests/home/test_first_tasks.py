"""First tasks of a scheme: each ticks itself from what is recorded, and shows while the scheme is new."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.home.first_tasks import FIRST_TASKS
from tests import cast
from tests.builders import imports, posts, schemes, terminal, training, visits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


def tasks(client, here):
    answer = client.get(reverse("home:first_tasks", args=[here.code]))
    assert answer.status_code == 200
    return {item["title"]["text"]: item for item in answer.context["items"]}


def done(client, here):
    return {text for text, item in tasks(client, here).items() if item["done"]}


def test_a_prison_with_nothing_sees_all_of_them_at_home(signed_in, here, lead):
    client = signed_in(lead)
    first = client.get(f"/prisons/{here.code}/").context["first"]
    assert (first["done"], len(first["items"])) == (0, len(FIRST_TASKS))
    wings = tasks(client, here)["Choose the wings that the scheme serves"]
    assert "href" not in wings and wings["hint"]["text"] == "Set up the scheme first"


def test_each_is_ticked_by_what_is_recorded(signed_in, here, wing, lead, trainer, admin, now, at_prison):
    client = signed_in(lead)
    with at_prison(here):
        schemes.open_scheme(here, lead, wing, now)
    opened = {
        "Choose the wings that the scheme serves",
        "Settle who answers a fall, by day and by night",
        "Open the scheme",
    }
    assert done(client, here) == opened
    with at_prison(here):
        training.briefing(wing, lead, now)
    briefed = {
        "Hand out role cards at a first briefing of staff",
        "Brief the staff of every wing that the scheme serves",
    }
    assert done(client, here) == opened | briefed
    with at_prison(here):
        posts.advertised(here, lead, now, wing)
        terminal.terminal_on(wing, admin, now)
    assert done(client, here) == opened | briefed | {"Advertise the first post", "Enrol a terminal"}
    for role, department in (
        ("SECURITY", "SECURITY"), ("HEALTHCARE", "HEALTHCARE"), ("SAFEGUARDING", "SAFER_CUSTODY"),
        ("SIGNATORY", "OFFENDER_MANAGEMENT"),
    ):  # fmt: skip
        assert "Have somebody sign for each department" not in done(client, here)
        cast.make_staff(f"Signs {role}", role, here, department=department)
    assert "Have somebody sign for each department" in done(client, here)
    with at_prison(here):
        visits.helped(here, lead, now, wing=wing)
        from tests.builders import buddies

        buddies.modules()
        training.class_in("T01", here, trainer, now, days=1)
        imports.saved(here, lead, now)
    assert done(client, here) == {task.text for task in FIRST_TASKS}
    assert client.get(f"/prisons/{here.code}/").context["first"] is None


def test_one_wing_without_a_briefing_keeps_its_task_open(signed_in, here, wing, lead, now, at_prison):
    from schemes.actions.schemes import set_wings

    other = cast.make_wing(here, "B")
    with at_prison(here):
        scheme = schemes.open_scheme(here, lead, wing, now)
        set_wings(by=cast.acts(lead, here), now=now, scheme=scheme, wings=[wing, other], version=scheme.version)
        training.briefing(wing, lead, now)
    assert "Brief the staff of every wing that the scheme serves" not in done(signed_in(lead), here)


@pytest.mark.parametrize(("weeks", "shown"), [(11, True), (12, False)])
def test_home_shows_them_for_twelve_weeks_and_their_page_always(
    signed_in, here, wing, lead, now, at_prison, weeks, shown
):
    with at_prison(here):
        schemes.open_scheme(here, lead, wing, now - timedelta(weeks=weeks))
    client = signed_in(lead)
    assert (client.get(f"/prisons/{here.code}/").context["first"] is not None) == shown
    assert len(tasks(client, here)) == len(FIRST_TASKS)


def test_every_task_leads_to_a_page_that_its_reader_may_open(signed_in, here, wing, lead, delegate, now, at_prison):
    with at_prison(here):
        schemes.open_scheme(here, lead, wing, now)
    for user in (lead, delegate):
        client = signed_in(user)
        for text, item in tasks(client, here).items():
            if "href" in item:
                assert client.get(item["href"]).status_code == 200, text
    assert tasks(signed_in(lead), here)["Enrol a terminal"]["hint"]["text"] == "An administrator does this"


def test_needs_the_permission(signed_in, here, officer, outsider):
    page = reverse("home:first_tasks", args=[here.code])
    assert signed_in(officer).get(page).status_code == 403
    assert signed_in(outsider).get(page).status_code == 404
    assert "first" not in signed_in(officer).get(f"/prisons/{here.code}/").context
