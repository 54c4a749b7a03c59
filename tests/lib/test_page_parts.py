"""Every component and every whole page renders with what its first line says it takes, and escapes it."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import QueryDict
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from buddyscheme.lib import fields
from buddyscheme.lib.forms import FilterForm, GovukForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from buddyscheme.lib.templatetags.govuk import unbroken

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ATTACK = "<script>alert(1)</script>"
AT = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)


class Ask(GovukForm):
    words = fields.WordsField(label="Words", max_length=20)


class Narrow(FilterForm):
    wing = fields.ChoiceField(label="Wing", select=True, choices=[("A", ATTACK)])


def a_table(rows=2):
    return Table(
        caption=f"People {ATTACK}",
        first="Name",
        columns=["Place", Column(text="Days", numeric=True)],
        rows=[
            Row(
                text=f"Field, Sam {ATTACK}",
                href="/one/",
                hidden="referral",
                note="Z1234ZA",
                cells=["A wing", Cell(text=number, href="/two/", hidden="days", note="since Monday")],
                tag=Tag(text="Open", colour="green"),
            )
            for number in range(rows)
        ],
    )


def every_context():
    """What the components take, each by its file's name."""
    request = RequestFactory().get("/list/?wing=A")
    shared = {
        "request": request,
        "demo": True,
        "navigation": [{"text": ATTACK, "href": "/", "current": True}],
        "prison": SimpleNamespace(code="ZAA", name=f"Fernhollow {ATTACK}"),
        "prison_choices": [1, 2],
        "switch_url": "/switch/",
        "sign_out_url": "/out/",
        "user": SimpleNamespace(is_authenticated=True),
        "title": f"Title {ATTACK}",
        "caption": ATTACK,
        "lead": ATTACK,
        "crumbs": [{"text": ATTACK, "href": "/up/"}],
    }
    rows = [
        {"key": f"Name {ATTACK}", "value": ATTACK, "href": "/change/", "hidden": "name"},
        {"key": "Wing", "value": None},
        {"key": "Status", "value": "Open", "tag": "green"},
    ]
    parts = {
        "alert.html": {"kind": "success", "text": ATTACK, "heading": ATTACK},
        "breadcrumbs.html": {},
        "confirm.html": {"form": GovukForm(), "rows": rows, "warning": ATTACK},
        "demo_banner.html": {},
        "empty.html": {"text": ATTACK, "searched": ATTACK, "href": "/add/", "action": "Add"},
        "figure.html": {
            "figure": {
                "title": ATTACK, "code": "OP-04", "value": "92%", "n": "of 40", "change": "up", "period": "May",
                "completeness": "All days", "definition": ATTACK, "href": "/rows/",
            }
        },
        "filter.html": {"filter_form": Narrow(request.GET)},
        "footer.html": {},
        "form_page.html": {"form": Ask({"words": ATTACK}), "rows": rows},
        "header.html": {},
        "identity_bar.html": {"name": ATTACK, "prison_number": "Z1234ZA", "place": ATTACK, "risks": [ATTACK]},
        "list_page.html": {
            "table": a_table(), "page": page_of([1, 2], request), "filter_form": Narrow(request.GET), "noun": "people",
            "action_href": "/add/", "action_text": "Add",
        },
        "list_table.html": {"table": a_table()},
        "messages.html": {"messages": [Message(constants.SUCCESS, ATTACK), Message(constants.ERROR, ATTACK)]},
        "pagination.html": {"page": page_of(list(range(60)), request), "noun": "people"},
        "print_button.html": {},
        "sign_out.html": {},
        "summary_list.html": {"rows": rows},
        "tag.html": {"text": ATTACK, "status": "OPEN", "colours": {"OPEN": "green"}},
        "tiles.html": {"tiles": [{"count": 3, "text": ATTACK, "href": "/list/", "note": ATTACK, "urgent": True}]},
        "timeline.html": {"events": [{"title": ATTACK, "at": AT, "by": ATTACK, "text": ATTACK}]},
    }  # fmt: skip
    return {name: {**shared, **context} for name, context in parts.items()}


class Balance(HTMLParser):
    """Finds tags that are closed in the wrong order or not at all."""

    VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "circle", "rect"})

    def __init__(self):
        super().__init__()
        self.open, self.wrong = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def check(html):
    assert ATTACK not in html
    assert " style=" not in html
    assert " onclick=" not in html
    balance = Balance()
    balance.feed(html)
    assert (balance.wrong, balance.open) == ([], [])
    return html


def test_every_component_is_in_the_list():
    # Components of other apps may join; each comes with a test of its own.
    ours = {path.name for path in (TEMPLATES / "components").glob("*.html")}

    assert set(every_context()) <= ours


@pytest.mark.parametrize("name", sorted(every_context()))
def test_component_renders_and_escapes(name):
    check(render_to_string(f"components/{name}", every_context()[name]))


@pytest.mark.parametrize("path", sorted((TEMPLATES / "components").glob("*.html")), ids=lambda path: path.name)
def test_component_says_what_it_takes(path):
    head = "\n".join(path.read_text(encoding="utf-8").splitlines()[:3])

    assert "{#" in head
    assert "ontext" in head


def test_list_table_has_link_first_and_status_last():
    html = render_to_string("components/list_table.html", {"table": a_table(rows=1)})
    row = html.split("<tbody")[1]

    assert row.index('scope="row"') < row.index("/one/") < row.index("A wing") < row.index("govuk-tag--green")
    assert '<span class="govuk-visually-hidden"> referral</span>' in row
    assert html.count("<th scope=") == 5
    assert html.count('data-label="Place"') == 1
    assert html.count("govuk-table__cell--numeric") == 1


def test_row_with_too_few_cells_is_refused():
    table = Table(caption="x", first="Name", columns=["Place", "Day"], rows=[Row(text="Sam", cells=["A wing"])])

    with pytest.raises(ValueError, match="shorter"):
        _ = table.lines


def test_table_without_statuses_has_no_status_column():
    table = Table(caption="x", first="Name", rows=[Row(text="Sam")])

    html = render_to_string("components/list_table.html", {"table": table})

    assert "Status" not in html


def test_list_page_with_nothing_to_show():
    request = RequestFactory().get("/list/")
    context = {"title": "People", "table": a_table(rows=0), "page": page_of([], request), "request": request}

    assert "Nobody is waiting." in render_to_string(
        "components/list_page.html", {**context, "empty": "Nobody is waiting."}
    )


def test_list_page_with_nothing_that_matches_offers_to_clear_the_filters():
    request = RequestFactory().get("/list/?wing=A")
    context = {"title": "People", "table": a_table(rows=0), "page": page_of([], request), "request": request}

    html = render_to_string("components/list_page.html", {**context, "filter_form": Narrow(request.GET)})

    assert "Nothing matches the filters you chose" in html
    assert html.count("Clear filters") == 2


def test_filter_keeps_working_without_any_answer():
    html = render_to_string(
        "components/filter.html", {"filter_form": Narrow(QueryDict("")), "request": RequestFactory().get("/")}
    )

    assert "Chosen filters" not in html
    assert 'method="get"' in html


def test_title_says_error_and_summary_stands_before_the_heading():
    html = render_to_string("components/form_page.html", {"title": "Refer someone", "form": Ask({})})

    assert "<title>Error: Refer someone – Buddy Scheme</title>" in html
    assert html.index("There is a problem") < html.index("<h1")
    assert html.count("There is a problem") == 1


def test_title_without_error():
    html = render_to_string("components/form_page.html", {"title": "Refer someone", "form": Ask()})

    assert "<title>Refer someone – Buddy Scheme</title>" in html
    assert html.count("<h1") == 1


def test_page_without_a_signed_in_person():
    html = check(render_to_string("base.html", {}))

    assert "Sign out" not in html
    assert "demonstration" not in html
    assert "Skip to main content" in html


@pytest.mark.parametrize("name", ["base.html", "print.html", "404.html", "500.html", "errors/csrf.html"])
def test_demo_banner_is_on_every_page(name):
    assert render_to_string(name, {"demo": True}).count("This is a demonstration with made-up people.") == 1


def test_one_prison_needs_no_switch():
    context = {"user": SimpleNamespace(is_authenticated=True), "prison_choices": [1], "switch_url": "/switch/"}

    assert "/switch/" not in render_to_string("components/header.html", context)


def test_sign_out_is_a_form():
    html = render_to_string("components/sign_out.html", {"sign_out_url": "/out/", "csrf_token": "abc"})

    assert 'method="post" action="/out/"' in html
    assert 'value="abc"' in html


def test_every_script_carries_the_nonce():
    html = render_to_string("base.html", {"request": SimpleNamespace(csp_nonce="n0nce")})

    assert html.count("<script") == html.count('nonce="n0nce"') == 3


def test_paper_says_who_when_and_how_to_handle_it():
    html = check(render_to_string("print.html", {"printed_by": ATTACK, "printed_at": AT, "large_print": True}))

    assert "23 November 2026 at" in html
    assert "holds personal information" in html
    assert "app-large-print" in html
    assert "govuk-service-navigation" not in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "errors/csrf.html"])
def test_error_page_renders_without_anything(name):
    html = check(render_to_string(name, {}))

    assert html.count("<h1") == 1
    assert "Reference:" not in html


def test_error_page_shows_its_reference_only():
    assert "Reference: <strong>abc123</strong>" in render_to_string("500.html", {"request_id": "abc123"})


@pytest.mark.parametrize("name", ["accessibility", "privacy", "cookies"])
def test_page_about_the_service_renders(name):
    assert check(render_to_string(f"info/{name}.html", {})).count("<h1") == 1


def test_no_template_holds_inline_style_or_handler():
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert " style=" not in text, path
        assert "<style" not in text or path.name.endswith(".svg"), path
        assert "javascript:" not in text, path


@pytest.mark.parametrize("name", ["display_form", "field", "uni_form", "whole_uni_form", "whole_uni_formset"])
def test_the_pack_has_what_crispy_asks_for(name):
    try:
        get_template(f"govuk/{name}.html")
    except TemplateDoesNotExist:
        pytest.fail(name)


def test_the_pack_is_the_one_in_use():
    assert settings.CRISPY_TEMPLATE_PACK == "govuk"


def test_a_reference_stays_whole_in_a_heading_and_the_rest_is_escaped():
    assert unbroken(f"Buddy B-6RRKHT {ATTACK}") == (
        'Buddy <span class="app-nowrap">B-6RRKHT</span> &lt;script&gt;alert(1)&lt;/script&gt;'
    )
    assert unbroken("Cell A-12") == "Cell A-12"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("23 November 2026", "23\u00a0Nov\u00a02026"),
        ("1 May 2026, 09:05", "1\u00a0May\u00a02026, 09:05"),
        ("By 23 November 2026", "By 23 November 2026"),
        ("2026", "2026"),
        (5, 5),
    ],
)
def test_a_day_alone_in_a_cell_is_short_and_on_one_line(text, shown) -> None:
    table = Table(caption="Days", first="Who", columns=["When"], rows=[Row(text="Ash", cells=[Cell(text=text)])])
    [(_, [(_, cell)])] = table.lines
    assert cell.text == shown
