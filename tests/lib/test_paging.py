"""Lists in pages of 25, filters kept."""

from django.template.loader import render_to_string
from django.test import RequestFactory

from buddyscheme.lib.paging import page_of


def page(query="", rows=60):
    return page_of(list(range(rows)), RequestFactory().get(f"/list/{query}"))


def test_twenty_five_a_page():
    assert list(page("?page=3").object_list) == list(range(50, 60))


def test_nonsense_shows_the_nearest_page():
    assert page("?page=x").number == 1
    assert page("?page=99").number == 3
    assert page("?page=-1").number == 3


def test_links_keep_the_filters():
    links = page("?wing=A&wing=B&page=2").links

    assert links.previous == "/list/?wing=A&wing=B&page=1"
    assert links.next == "/list/?wing=A&wing=B&page=3"
    assert [item["number"] for item in links.items] == [1, 2, 3]


def test_one_page_needs_no_links():
    assert page(rows=25).links.items == []


def test_many_pages_are_shortened():
    assert {"ellipsis": True} in page("?page=10", rows=500).links.items


def test_says_what_it_shows():
    html = render_to_string("components/pagination.html", {"page": page("?page=3"), "noun": "visits"})

    assert "Showing 51 to 60 of 60 visits" in html
    assert 'aria-current="page"' in html


def test_prints_nothing_for_nothing():
    assert render_to_string("components/pagination.html", {"page": page(rows=0)}).strip() == ""
