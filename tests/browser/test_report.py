"""An inspector has a report made, leaves, comes back, reads it on the page, and takes it along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from tests import cast
from tests.browser.conftest import Reader
from tests.builders.releases import release_with_numbers

pytestmark = pytest.mark.browser


def test_a_report_is_made_read_and_taken_along(visitor: Callable[..., Reader], tmp_path: Path) -> None:
    here = cast.make_prison()
    release = release_with_numbers(cast.make_staff("Nat National", "NATIONAL_LEAD", None), here)
    window = visitor(cast.make_staff("Ina Inspector", "INSPECTOR", None))

    window.open(f"/national/releases/{release.token}/prisons/{here.code}/")
    window.press("Have an inspection report made of these figures (page and PDF)")
    window.press("Make the report")
    window.page.get_by_role("progressbar", name="Steps done").wait_for()
    window.sees("The figures are being read and the conclusions drawn.")
    window.open("/national/releases/")
    with scoped(DatabaseRole.NATIONAL):
        drain()
    window.open("/national/reports/")
    window.press("Testwick, July to September 2026")
    window.page.get_by_role("heading", name="Buddy scheme at Testwick").wait_for()
    window.sees("What stands out")
    assert window.page.locator("svg.app-chart").count() > 5
    assert window.page.locator("main").get_by_text("Prison 1").count() == 0
    assert window.faults() == []

    with window.page.expect_download() as taken:
        window.page.get_by_role("link", name="Download this report").click()
    file = tmp_path / "report.pdf"
    taken.value.save_as(file)
    assert taken.value.suggested_filename == "buddy-scheme-ZTA-2026-Q3-OFFICIAL.pdf"
    assert file.read_bytes().startswith(b"%PDF-1.7")
