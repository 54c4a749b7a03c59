"""A year of visits comes from a spreadsheet, and seven of its rows are put right, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from referrals.models import Visit
from schemes.models import Buddy
from schemes.tasks import go_on_with_imports
from tests.browser.conftest import Reader
from tests.browser.hands import choose, follow, pick, send, write
from tests.browser.working_life import Place, a_place
from tests.builders.buddies import active_buddy
from tests.schemes.test_import_people import as_csv, as_xlsx

pytestmark = pytest.mark.browser

HEAD = ("Day", "Session", "Recipient", "Buddy", "Outcome", "Reason", "How long", "Tasks")
MEALS = ("DOM-03", tuple(range(7)), "AM", 15)


@pytest.fixture
def place(transactional_db: None, visitor: Callable[..., Reader]) -> Iterator[Place]:
    found = a_place(visitor)
    yield found
    found.closes()


def the_year(place: Place) -> list[list[object]]:
    plan = place.recipient("Win", "Harrow", MEALS)
    with place.reach():
        buddy = active_buddy(place.prison, place.staff["LEAD"], place.now, wing=place.wing)
        Buddy.objects.filter(pk=buddy.pk).update(in_role_since=date(2025, 1, 1))
    them, helper = plan.person.prison_number, buddy.person.prison_number
    return [
        [date(2025, 11, 1) + timedelta(days=n), "Morning", them, helper, "Done", "", 15, "DOM-03"] for n in range(365)
    ]


def test_a_year_is_brought_with_seven_rows_put_right(place: Place, tmp_path: Path) -> None:
    rows = the_year(place)
    helper = rows[0][3]
    for n in range(6):
        rows[10 * n + 3][3] = "Z9999ZZ"
    rows[100][7] = "PRO-03"
    sheet = tmp_path / "visits.xlsx"
    sheet.write_bytes(as_xlsx(rows, head=HEAD))

    lead = place.at("LEAD", "imports/")
    place.looks_at(lead, "Nothing has been brought from a spreadsheet yet.")
    follow(lead, "Bring a spreadsheet")
    place.looks_at(lead)
    follow(lead, "Past visits")
    place.looks_at(lead, "How to bring past visits")
    follow(lead, "Choose it")
    choose(lead, "What is in the file?", "Past visits")
    lead.page.get_by_label("The file").set_input_files(sheet)
    send(lead, "Go on")
    place.looks_at(lead, "Which column holds what?")
    pick(lead, "Minutes (optional)", "G: How long")
    send(lead, "Read the rows")
    lead.sees("0 of 365 rows are read.")
    go_on_with_imports()
    lead.page.get_by_text("358 rows are good.").first.wait_for()
    place.looks_at(lead, "7 rows have to be mended or left out.", "Nobody with this prison number is or was a buddy")
    send(lead, "Save 358 rows")
    lead.sees("7 rows have to be mended first.")

    follow(lead, "Row 102")
    place.looks_at(lead, "Mend row 102")
    write(lead, "Tasks", "DOM-03")
    send(lead, "Save the row")
    lead.sees("Row 102 is kept: good.")
    with lead.page.expect_download() as download:
        lead.page.get_by_role("link", name="download the rows to mend").click()
    table = [line.split('","') for line in Path(download.value.path()).read_text("utf-8-sig").splitlines()]
    mended = tmp_path / "mended.csv"
    numbers = [line[0].split(",")[0] for line in table[1:]]
    assert numbers == ["5", "15", "25", "35", "45", "55"]
    whole = ("Row", "Date", "Session", "Prison number of the person helped", "Prison number of the buddy",
             "What happened", "Why not", "Minutes", "Tasks")  # fmt: skip
    right = [
        [n, f"{rows[int(n) - 2][0]:%d/%m/%Y}", *rows[int(n) - 2][1:3], helper, *rows[int(n) - 2][4:]] for n in numbers
    ]
    mended.write_bytes(as_csv(right, head=whole))
    follow(lead, "bring them back")
    place.looks_at(lead)
    lead.page.get_by_label("The mended file").set_input_files(mended)
    send(lead, "Check these rows")
    place.looks_at(lead, "6 rows are read again.", "365 rows are good.")

    send(lead, "Save 365 rows")
    go_on_with_imports()
    lead.page.get_by_text("365 rows are saved.").first.wait_for()
    place.looks_at(lead)
    with place.reach():
        assert Visit.objects.filter(prison=place.prison, source="IMPORT").count() == 365
    place.looks_at(place.at("LEAD", "imports/"), "365")
    place.looks_at(place.at("LEAD", "people/"), "Bring people from a spreadsheet")
