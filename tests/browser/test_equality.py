"""An inspector reads a release by group in a browser: on a wide screen, on a telephone, and on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from buddyscheme.accounts.models import User
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import Population, PopulationCount, Release
from tests import cast
from tests.browser.conftest import Reader
from tests.browser.hands import follow
from tests.builders.releases import release_with_groups

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def inspector(transactional_db: None) -> User:
    """Two releases with groups of six prisons, three of which imported the religion of their people."""
    prisons = [cast.make_prison(), *(cast.make_prison(f"Y0{number}", f"Prison {number}") for number in range(5))]
    national = cast.make_staff("Nat National", "NATIONAL_LEAD", None)
    with scoped(DatabaseRole.NATIONAL):
        year = release_with_groups(national, prisons, kind="YEAR")
        release_with_groups(national, prisons)
    for prison in prisons[:3]:
        with scoped(DatabaseRole.WEB, prisons=[prison.code]):
            count = Population.objects.create(
                prison=prison, month=date(2026, 1, 1), total=301, source="A file", counted_on=date(2026, 1, 31),
                entered_at=year.published_at - timedelta(days=9), entered_by=national,
            )  # fmt: skip
            for group, people in {"christian": 150, "muslim": 90, "sikh": 1, "not-known": 60}.items():
                PopulationCount.objects.create(
                    prison=prison, population=count, by="religion", group=group, count=people
                )
    return cast.make_staff("Ina Inspector", "INSPECTOR", None)


def test_who_is_helped_and_who_helps_is_two_clicks_from_the_list(
    inspector: User, visitor: Callable[..., Reader]
) -> None:
    reader = visitor(inspector)
    reader.open("/national/releases/")
    follow(reader, "July to September 2026")
    follow(reader, "Equality: who is helped and who helps, by group")
    reader.sees("Too few to show")
    reader.sees("Beside all prisoners")
    assert reader.faults(widths=(320, 375, 1280)) == []
    # Each line of a group says on a narrow screen what it is of, and it is still a table for those who listen.
    row = reader.page.get_by_role("table", name="Age: who is helped, and who helps").get_by_role("row").nth(1)
    assert row.get_by_role("rowheader").inner_text() == "Under 21"
    assert row.get_by_role("cell").last.get_attribute("data-label") == "Active buddies"
    reader.page.emulate_media(media="print")
    reader.sees("Beside all prisoners")


def test_a_measure_has_its_groups_on_its_page(inspector: User, visitor: Callable[..., Reader]) -> None:
    reader = visitor(inspector)
    release = Release.objects.get(kind="QUARTER")
    reader.open(f"/national/releases/{release.token}/measures/OP-07/")
    reader.sees("Planned visits that took place, by ethnic group")
    assert reader.faults(widths=(320, 1280)) == []
    reader.press("Equality: every figure by group")
    reader.page.wait_for_url("**/equality/")


def test_a_year_has_religion_as_it_was_imported(inspector: User, visitor: Callable[..., Reader]) -> None:
    reader = visitor(inspector)
    year = Release.objects.get(kind="YEAR")
    reader.open(f"/national/releases/{year.token}/equality/")
    reader.sees("People in prison, as 3 of 6 prisons counted them.")
    assert reader.faults(widths=(320, 1280)) == []
