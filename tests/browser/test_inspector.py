"""An inspector reads a release in a browser: three clicks from a figure to what stands behind it, and nobody's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import Quarter
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.releases import publish_release
from schemes.models import Person
from tests import cast
from tests.browser.conftest import NOW, Reader
from tests.browser.hands import choose, follow, pick, send
from tests.builders.buddies import active_buddy
from tests.builders.schemes import open_scheme

pytestmark = pytest.mark.browser

OPENED, WORKED = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 7, 6, 9, tzinfo=UTC)
MANY, FEW = 14, 3
PLANTED = "Zzyzxplanted"


@dataclass
class Nation:
    """Two prisons with buddies: enough to show at one, too few at the other."""

    large: Prison
    small: Prison
    inspector: User


@pytest.fixture(scope="module")
def nation(transactional_db: None) -> Nation:
    """Both schemes have been open since March, with active buddies since July; two quarters are published."""
    call_command("load_register", verbosity=0)
    prisons = [cast.make_prison(), cast.make_prison("ZTB", "Otherfield")]
    for prison, buddies in zip(prisons, (MANY, FEW), strict=True):
        wing = cast.make_wing(prison)
        lead = cast.make_staff(f"Lena Lead of {prison.name}", "LEAD", prison)
        with scoped(DatabaseRole.WEB, prisons=[prison.code]):
            open_scheme(prison, lead, wing, OPENED)
            for _ in range(buddies):
                active_buddy(prison, lead, WORKED, wing=wing, last_name=PLANTED)
    national = cast.make_staff("Nat National", "NATIONAL_LEAD", None)
    for quarter in (Quarter(2026, 2), Quarter(2026, 3)):
        publish_release(by=cast.acts(national), now=NOW, quarter=quarter, note="")
    return Nation(prisons[0], prisons[1], cast.make_staff("Ina Inspector", "INSPECTOR", None))


def test_three_clicks_from_a_figure_to_the_evidence_behind_it(nation: Nation, visitor: Callable[..., Reader]) -> None:
    # When an inspector opens the newest release from the home page
    inspector = visitor(nation.inspector)
    inspector.open("/")
    inspector.page.get_by_role("link", name="Releases").first.click()
    inspector.page.wait_for_url("**/national/releases/")
    follow(inspector, "July to September 2026")
    inspector.sees("Buddy schemes, July to September 2026")
    looks_at(inspector)
    # Then the figure of all prisons stands there, rounded
    row = inspector.page.get_by_role("row").filter(has_text="Active buddies")
    assert row.get_by_role("cell").first.inner_text() in ("15", "Too few to show")

    # And the first click leads to the definition and to every prison by name
    follow(inspector, "Active buddies")
    inspector.sees("Buddies whose status is active at the end of the period")
    inspector.sees("Prison by prison")
    looks_at(inspector)
    # And the second to one prison's figure with what stands behind it
    follow(inspector, nation.small.name)
    inspector.sees("Too few to show")
    inspector.sees("What stands behind this figure")
    looks_at(inspector)
    # And the third back to that prison's page, in the order of a report
    inspector.page.get_by_role("link", name=nation.small.name).first.click()
    inspector.page.wait_for_load_state()
    inspector.sees("Identifying need, access and timeliness")
    looks_at(inspector)


def test_quarters_are_compared_and_a_choice_keeps_its_address(nation: Nation, visitor: Callable[..., Reader]) -> None:
    inspector = visitor(nation.inspector)
    inspector.open("/national/releases/")
    follow(inspector, "July to September 2026")
    follow(inspector, "Active buddies")
    pick(inspector, "Compare with", "April to June 2026")
    send(inspector, "Show")
    inspector.sees("April to June 2026 and July to September 2026")
    looks_at(inspector)

    inspector.page.go_back()
    inspector.page.go_back()
    follow(inspector, "Choose measures and prisons")
    looks_at(inspector)
    choose(inspector, "Measures", "Active buddies", "Planned visits that took place")
    choose(inspector, "Prisons", nation.large.name)
    send(inspector, "Show")
    inspector.sees("keeps what you chose")
    looks_at(inspector)
    again = visitor(nation.inspector)
    again.open(inspector.page.url.removeprefix(inspector.site))
    assert again.page.locator("caption").all_inner_texts() == ["Active buddies", "Planned visits that took place"]


def looks_at(inspector: Reader) -> None:
    """Nothing is wrong with the page, and nobody is named on it."""
    assert inspector.faults() == []
    inspector.page.set_viewport_size({"width": 1280, "height": 900})
    inspector.does_not_see(PLANTED)
    for number in Person.objects.values_list("prison_number", flat=True):
        inspector.does_not_see(number)
