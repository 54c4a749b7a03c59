"""The parts in a real browser: three widths, accessibility scans, the keyboard, and paper.

Pages are rendered here and handed to the browser without a server, so that only the parts are on trial.
"""

import mimetypes
import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template import Context, Template
from django.template.loader import render_to_string

from buddyscheme.lib.forms import GovukForm
from buddyscheme.lib.tables import Row, Table

from .test_govuk_pack import EveryKind
from .test_page_parts import every_context

pytestmark = pytest.mark.browser

STATIC = Path(__file__).resolve().parents[2] / "static"
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    # No rule of these looks into style sheets; only what is wrong is asked for in full.
    "resultTypes": ["violations"],
    "preload": False,
}
WIDTHS = [320, 768, 1280]


@pytest.fixture(scope="session")
def browser_type_launch_args():
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return {**({"executable_path": browser} if browser else {}), "args": ["--no-sandbox", "--disable-gpu"]}


class Bare(GovukForm):
    submit_label = "Stop the visits"
    warning = True


PARTS = ["identity_bar", "tiles", "summary_list", "figure", "timeline", "empty", "list_table"]
# A page of parts: every heading level is there, because the parts begin at the third.
PAGE_OF_PARTS = (
    '{% extends "print.html" %}{% block page_title %}Parts{% endblock %}'
    '{% block main %}<h1 class="govuk-heading-l">Parts</h1><h2 class="govuk-heading-m">All of them</h2>'
    + "".join(f'{{% include "components/{name}.html" %}}' for name in PARTS)
    + "{% endblock %}"
)


def wide_table():
    columns = [f"Column {number}" for number in range(30)]
    return Table(caption="Wide", first="Name", columns=columns, rows=[Row(text="Sam Field", cells=columns)])


def pages():
    contexts = every_context()
    frame = contexts["header.html"]
    parts = {key: value for name in PARTS for key, value in contexts[f"{name}.html"].items()}
    return {
        "questions": ("components/form_page.html", {**frame, "title": "Refer someone", "form": EveryKind()}),
        "errors": (
            "components/form_page.html",
            {**frame, "title": "Refer someone", "form": EveryKind({"number": "1"})},
        ),
        "confirm": ("components/confirm.html", {**contexts["confirm.html"], "form": Bare()}),
        "list": ("components/list_page.html", contexts["list_page.html"]),
        "paper": (
            PAGE_OF_PARTS,
            {
                **parts,
                "messages": contexts["messages.html"]["messages"],
                "printed_by": "Jo Marsh",
                "handling": "Keep safe.",
            },
        ),
        "wide": (PAGE_OF_PARTS, {**parts, "table": wide_table()}),
        "not found": ("404.html", frame),
        "fault": ("500.html", {"request_id": "abc123"}),
        "statement": ("info/accessibility.html", frame),
        "privacy": ("info/privacy.html", frame),
        "cookies": ("info/cookies.html", frame),
    }


@pytest.fixture(scope="module")
def complaints():
    return []


@pytest.fixture(scope="module")
def tab(browser, complaints):
    """One tab for all tests; each of them goes to its page anew."""
    page = browser.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)

    def answer(route):
        path = route.request.url.removeprefix("http://parts.test")
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            assert file.is_file(), path
            route.fulfill(path=file, content_type=mimetypes.guess_type(file.name)[0])
        else:
            template, context = pages()[path.strip("/").replace("%20", " ")]
            html = (
                Template(template).render(Context(context)) if "{%" in template else render_to_string(template, context)
            )
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    yield page
    page.close()


@pytest.fixture
def show(tab, complaints):
    """`show("list", width=320)`: the page in the browser, and every complaint of the browser about it."""
    tab.emulate_media(media="null")
    complaints.clear()

    def go(name, width=1280):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto(f"http://parts.test/{name}")
        assert complaints == []
        return tab

    return go


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", sorted(pages()))
def test_page_is_accessible_and_fits(show, name, width):
    page = show(name, width)

    found = Axe().run(page, options=RULES).response["violations"]

    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_styles_and_scripts_have_arrived(show):
    page = show("questions")

    assert page.locator("#submit").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(15, 122, 82)"
    assert page.locator("body").evaluate("e => e.classList.contains('govuk-frontend-supported')")
    assert page.get_by_text("You have 20 characters remaining").first.is_visible()


def test_summary_takes_the_focus_and_its_links_reach_their_fields(show):
    page = show("errors")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"

    for link in page.locator(".govuk-error-summary__list a").all():
        link.click()
        target = link.get_attribute("href").removeprefix("#")
        assert page.evaluate("document.activeElement.id") == target


def test_skip_link_is_the_first_stop(show):
    page = show("questions")

    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"


def test_print_button_shows_only_where_script_runs(show, browser):
    assert show("paper").locator("[data-print]").is_visible()
    without = browser.new_page(java_script_enabled=False)
    without.set_content(render_to_string("print.html", {}))
    assert not without.locator("[data-print]").is_visible()
    without.close()


def test_paper_leaves_the_screen_s_furniture_out(show):
    page = show("list")
    page.emulate_media(media="print")

    for part in (
        ".govuk-service-navigation",
        ".moj-filter",
        ".govuk-pagination",
        ".govuk-breadcrumbs",
        ".app-sign-out",
    ):
        assert not page.locator(part).first.is_visible(), part
    assert page.locator("thead").evaluate("e => getComputedStyle(e).display") == "table-header-group"
    assert page.locator("tbody tr").first.evaluate("e => getComputedStyle(e).breakInside") == "avoid"


def test_folded_text_is_open_on_paper_and_folded_again_after(show):
    page = show("list")

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details").evaluate("e => e.open")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.locator("details").evaluate("e => e.open")


def test_narrow_screens_show_a_row_as_lines_that_name_their_columns(show):
    page = show("list", 320)
    cell = page.locator("tbody td").first

    assert "Place" in cell.evaluate("e => getComputedStyle(e, '::before').content")
    assert cell.evaluate("e => getComputedStyle(e).display") == "block"
    assert page.get_by_role("table").get_by_role("rowheader").first.is_visible()
    assert page.locator(".govuk-tag").last.is_visible()


def test_wide_table_moves_inside_its_frame_by_keyboard(show):
    page = show("wide", 1100)  # narrower screens show such a table's rows as lines
    frame = page.locator(".app-table-scroll")

    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.app-table-scroll').scrollLeft > 0")
