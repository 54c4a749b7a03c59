"""The reader that looks at every page finds a fault that is there at one width only, and scans no width in vain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import conftest
from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="en"><head><title>Page</title>
<meta name="viewport" content="width=device-width"><style>body {{ color: #0b0c0c; background: #fff }} {style}</style>
</head><body><main><h1>Heading</h1><p class="words">Words that must be read.</p>
<p class="extra"><a href="/more" class="link">More about it</a></p></main></body></html>"""


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    page = browser.new_page()
    yield Reader(page, "about:blank")
    page.close()


@pytest.mark.parametrize(
    ("style", "width", "rule"),
    [
        ("@media (min-width: 1000px) { .words { color: #ccc } }", 1280, "color-contrast"),
        ("@media (min-width: 500px) and (max-width: 1000px) { .words { background: #333 } }", 768, "color-contrast"),
        ("@media (max-width: 500px) { .words { font-size: 2px; width: 900px } }", 320, "scrolls sideways"),
        ("h1 { display: none } @media (min-width: 1000px) { h1 { display: block } }", 320, "page-has-heading-one"),
    ],
)
def test_a_fault_at_one_width_is_found(reader: Reader, style: str, width: int, rule: str) -> None:
    reader.page.set_content(PAGE.format(style=style))
    faults = reader.faults()
    assert any(f"{width} px: {rule}" in fault for fault in faults), faults


def test_a_width_that_looks_like_another_is_not_scanned_again(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "COUNT", "() => { window.scans = (window.scans || 0) + 1; return []; }")
    reader.page.set_content(PAGE.format(style="@media (max-width: 500px) { .extra { display: none } }"))
    assert reader.faults() == []
    assert reader.page.evaluate("window.scans") == 2, "320, and once for 768 and 1280"
