"""A printed sheet of forty visits, typed in with the keyboard alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import week_of
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.models import PaperSheet, Visit
from tests import cast
from tests.browser.conftest import NOW, Reader
from tests.builders.buddies import active_buddy
from tests.builders.referrals import EVERY_DAY
from tests.builders.visits import day_opened, helped, log_sheet, spare_sheet

pytestmark = pytest.mark.browser

MONDAY = week_of(NOW.date()).monday
LATER = NOW + timedelta(days=7)
# What is written on the paper: forty visits, six of them not as planned. Six working days, each with two people three
# times and the first four with one more.
VISITS = 40
ODD = {
    3: ("2", "\t", "1"), 9: ("3", "\t\t\t", "1"), 17: ("1", "\t\t\t\t", "25"), 22: ("3", "\t\t\t", "3"),
    30: ("1", "\t\t", "Read a letter"), 38: ("2", "\t", "1"),
}  # fmt: skip
MINUTES = 38 * 20 + 5
MOST_KEYS = 180
"""One key a second leaves three minutes for forty visits."""


@dataclass
class Office:
    """A prison with a sheet to enter, and the officer at the desk."""

    prison: Prison
    officer: User
    sheet: PaperSheet
    spare: PaperSheet


@pytest.fixture(scope="module")
def office(transactional_db: None) -> Iterator[Office]:
    """Printed a week ago; today is the Monday after."""
    prison = cast.make_prison()
    wing = cast.make_wing(prison)
    lead, officer = cast.make_staff("Lena Lead", "LEAD", prison), cast.make_staff("Olu Officer", "OFFICER", prison)
    often = tuple((task, EVERY_DAY, session, 10) for task in ("DOM-03", "DOM-05") for session in ("AM", "PM", "EV"))
    with time_machine.travel(NOW, tick=True), scoped(DatabaseRole.WEB, prisons=[prison.code]):
        buddy = active_buddy(prison, lead, NOW, wing=wing)
        for tasks in (often, often, tuple((task, (0, 1, 2, 3), "AM", 10) for task in ("DOM-03", "DOM-05"))):
            helped(prison, lead, NOW, wing=wing, buddy=buddy, tasks=tasks)
        sheet = log_sheet(prison, lead, NOW, buddy)
        spare = spare_sheet(prison, lead, NOW)
        for days in range(1, 6):
            day_opened(prison, MONDAY + timedelta(days=days), NOW + timedelta(days=days))
    with time_machine.travel(LATER, tick=True):
        yield Office(prison, officer, sheet, spare)


class Keys:
    """A keyboard that counts."""

    def __init__(self, window: Reader) -> None:
        self.keyboard, self.count = window.page.keyboard, 0

    def press(self, key: str) -> None:
        self.keyboard.press(key)
        self.count += 1

    def type(self, words: str) -> None:
        for character in words:
            self.press("Tab" if character == "\t" else character)


def test_forty_visits_need_no_more_than_180_keys_and_no_mouse(
    office: Office, visitor: Callable[..., Reader], record_property: Any
) -> None:
    assert office.sheet.rows.count() == VISITS
    window = visitor(office.officer)
    window.open(f"/prisons/{office.prison.code}/visits/sheets/{office.sheet.token}/key/")
    keys, began = Keys(window), time.monotonic()
    for place in range(1, VISITS + 1):
        keys.type("".join(ODD.get(place, ("1",))))
        keys.press("Enter")
    for total in ("38", "2", str(MINUTES)):
        keys.type(total)
        keys.press("Enter")
    window.page.wait_for_url(f"**/visits/sheets/{office.sheet.token}/")
    took = time.monotonic() - began
    window.sees(f"{VISITS} visits are saved")
    assert window.page.get_by_text("Agree", exact=True).count() == 3
    assert keys.count <= MOST_KEYS
    told = {"visits": VISITS, "keys": keys.count, "seconds of the machine": round(took, 1)}
    record_property("sheet_by_keyboard", json.dumps(told))
    visits = Visit.objects.filter(slip__sheet=office.sheet)
    assert {visit.source for visit in visits} == {"PAPER"} and len(visits) == VISITS
    assert window.complaints == []


def test_the_pages_of_log_sheets_have_no_faults(office: Office, visitor: Callable[..., Reader]) -> None:
    window = visitor(office.officer)
    base = f"/prisons/{office.prison.code}"
    spare = f"{base}/visits/sheets/{office.spare.token}/key/?buddy={office.sheet.buddy.token}&week={MONDAY}"
    pages = (
        f"{base}/visits/sheets/", f"{base}/visits/sheets/{office.sheet.token}/", spare,
        f"{base}/visits/sheets/paper/{MONDAY}/", f"{base}/forms/concern/",
    )  # fmt: skip
    faults = []
    for page in pages:
        window.open(page)
        faults += window.faults(widths=(320, 1280))
    assert faults == []
