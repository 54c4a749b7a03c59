"""What lapses within 28 days and what is overdue, by person and module, on screen, on paper and on the home page."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from tests import cast
from tests.builders import buddies as build
from training.queries.due import due_soon, overdue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def trained(here, lead, wing, now, at_prison):
    """Three modules each: fine, lapsing, lapsed."""
    with at_prison(here):
        for name, days in (("Fine", 10), ("Soon", 350), ("Late", 400)):
            build.active_buddy(here, lead, now - timedelta(days=days), wing=wing, last_name=name)


def names(rows):
    return [(row.buddy.person.last_name, row.module_id) for row in rows]


def test_each_list_holds_its_own(here, trained, now, at_prison):
    with at_prison(here):
        assert names(due_soon(here, now.date())) == [("Soon", f"T0{n}") for n in (1, 2, 3)]
        assert names(overdue(here, now.date())) == [("Late", f"T0{n}") for n in (1, 2, 3)]


def test_the_last_day_is_soon_and_the_day_after_overdue(here, lead, wing, now, at_prison):
    with at_prison(here):
        build.active_buddy(here, lead, now, wing=wing)
        ends = now.date().replace(year=now.year + 1)
        for day, soon, late in ((ends - timedelta(days=29), 0, 0), (ends - timedelta(days=28), 3, 0), (ends, 3, 0)):
            assert (due_soon(here, day).count(), overdue(here, day).count()) == (soon, late)
        assert (due_soon(here, ends + timedelta(days=1)).count(), overdue(here, ends + timedelta(days=1)).count()) == (
            0,
            3,
        )


def test_taken_again_it_is_gone(here, lead, trained, now, at_prison):
    with at_prison(here):
        late = overdue(here, now.date()).first().buddy
        build.pass_module(late, build.modules()[0], lead, now)
        assert names(overdue(here, now.date())) == [("Late", "T02"), ("Late", "T03")]


@pytest.mark.parametrize("who", ["lead", "trainer"])
def test_the_tile_the_list_and_the_paper_agree(request, signed_in, here, trained, who):
    client = signed_in(request.getfixturevalue(who))
    home = client.get(f"/prisons/{here.code}/").context
    tiles = {tile["text"]: tile for tile in home["tiles"]}
    for text, last in (("Modules that lapse in 28 days", "Soon"), ("Modules overdue", "Late")):
        assert tiles[text]["count"] == 3
        page = client.get(tiles[text]["href"])
        assert page.context["page"].paginator.count == 3 and last in page.content.decode()
        paper = client.get(page.context["action_href"]).content.decode()
        assert paper.count(f"{last},") == 3 or paper.count(last) >= 3
    assert AuditEvent.objects.filter(code="printed").count() == 2


def test_one_wing_on_the_screen_and_on_the_same_paper(signed_in, here, lead, trainer, trained, now, at_prison):
    with at_prison(here):
        other = cast.make_wing(here, "B")
        build.active_buddy(here, lead, now - timedelta(days=400), wing=other, last_name="Beyond")
    client = signed_in(trainer)
    url = reverse("training:due", args=[here.code])
    page = client.get(url, {"show": "overdue", "wing": "B"})
    assert {row.buddy.person.last_name for row in page.context["page"]} == {"Beyond"}
    paper = client.get(page.context["action_href"])
    words = paper.content.decode()
    assert paper.context["title"] == "Overdue, B wing" and "Beyond," in words and "Late," not in words
    # Back to the same list of the same wing; clearing the filter keeps to what is overdue.
    assert paper.context["back_href"].endswith("?show=overdue&wing=B")
    assert page.context["filter_form"].cleared == "?show=overdue"
    assert client.get(url, {"show": "overdue", "wing": "nowhere"}).context["page"].paginator.count == 6


def test_paper_says_the_state_once(signed_in, here, trainer, trained):
    url = reverse("training:due_print", args=[here.code])
    table = signed_in(trainer).get(url, {"show": "overdue"}).context["table"]
    assert [column.text for column in table.headings] == ["Module", "Lapsed on", "Wing"] and not table.has_tags


def test_empty_and_without_permission(signed_in, here, trainer, officer):
    url = reverse("training:due", args=[here.code])
    assert "No module lapses within 28 days." in signed_in(trainer).get(url).content.decode()
    assert signed_in(officer).get(url).status_code == 403
