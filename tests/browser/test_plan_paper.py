"""The plan on paper, as a browser lays it out: one side of A4 at four tasks, and large print that is large."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.equipment import add_equipment, write_evacuation
from referrals.actions.plans import add_task
from schemes.actions.people import change_person
from tests import cast
from tests.browser.conftest import NOW
from tests.builders import referrals as build
from tests.builders.visits import helped

pytestmark = pytest.mark.browser
FOUR = (
    ("DOM-03", build.EVERY_DAY, "AM", 10),
    ("DOM-05", build.EVERY_DAY, "PM", 10),
    ("MOB-03", (0, 2, 4), "PM", 30),
)
GOALS = ["Eat with the others every day.", "Get to the library once a week.", "Write to my daughter."]


@pytest.fixture(scope="module")
def plan(site: str):
    """A full plan of somebody with a long name: three goals, four tasks, equipment, a way out, unmet personal care."""
    here = cast.make_prison()
    wing = cast.make_wing(here)
    lead = cast.make_staff("Lena Lead", "LEAD", here)
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        words = ["UNSTEADY", "HARD_OF_HEARING", "NEEDS_TIME"]
        plan, _, _ = helped(here, lead, NOW, wing=wing, tasks=FOUR, goals=GOALS, safety_words=words)
        by = cast.acts(lead, here)
        change_person(
            by=by, now=NOW, prison=here, person=plan.person, version=plan.person.version,
            first_name="Christopher", last_name="Featherstone-Llewellyn",
        )  # fmt: skip
        add_task(
            by=by, now=NOW, plan=plan, task=build.task_of("DOM-01"), weekdays=[0], session="AM", minutes=20,
            done_by="SELF",
        )  # fmt: skip
        for kind in ("FRAME", "HEARING_AID", "TOILET_SEAT"):
            add_equipment(
                by=by, now=NOW, plan=plan, kind=kind, owner="PRISON", checked_on=NOW.date(),
                next_check_on=NOW.date() + timedelta(days=90),
            )  # fmt: skip
        write_evacuation(
            by=by, now=NOW, plan=plan, needs_help=True, staff=2, waits_at="The gate of the landing, by the office",
            how="Two staff bring the evacuation chair to the cell and take him down the north stairs.",
            equipment="Evacuation chair", review_on=NOW.date() + timedelta(days=90),
        )  # fmt: skip
        build.unmet_need(here, lead, NOW, plan.person)
    return lead, f"/prisons/{here.code}/plans/{plan.token}/paper/"


def pages_of(reader) -> int:
    """How many sheets the browser makes of the page that is open."""
    paper = reader.page.pdf(prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", paper))


@pytest.mark.parametrize("language", ["", "?language=cy"])
def test_four_tasks_fit_on_one_side_in_either_language(visitor, plan, language) -> None:
    lead, address = plan
    reader = visitor(lead)
    reader.open(address + language)
    assert pages_of(reader) == 1


def test_large_print_and_easy_read_are_at_least_eighteen_point(visitor, plan) -> None:
    lead, address = plan
    reader = visitor(lead)
    for form, places in (("large", "main p, main li, main td"), ("easy", "main li span:not(.app-easy__picture)")):
        reader.open(f"{address}?format={form}")
        reader.page.emulate_media(media="print")
        sizes = reader.page.eval_on_selector_all(
            places, "places => places.filter(p => p.innerText).map(p => parseFloat(getComputedStyle(p).fontSize))"
        )
        assert len(sizes) > 10 and min(sizes) >= 23.9, "18 point is 24 pixels"
        reader.page.emulate_media(media="screen")
        assert reader.faults() == []
