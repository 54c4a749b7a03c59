"""What buddies may do: for every member of staff, in three classes, with examples and pictures."""

from __future__ import annotations

import csv

import pytest
from django.conf import settings

from schemes.catalogue import DATA
from schemes.models import TaskKind
from schemes.views.catalogue import _line
from tests.builders import referrals as build

with (DATA / "tasks.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_every_task_and_everything_that_is_none_has_examples_in_both_languages_and_a_picture(row):
    assert all(row[name] for name in ("examples", "examples_cy", "not_examples", "not_examples_cy"))
    assert row["examples"].count("|") == row["examples_cy"].count("|")
    assert row["not_examples"].count("|") == row["not_examples_cy"].count("|")
    drawn = (settings.BASE_DIR / "static/terminal/pictures.svg").read_text(encoding="utf-8")
    assert f'<symbol id="{row["picture"]}"' in drawn


@pytest.mark.django_db
def test_the_page_is_for_every_member_of_staff(signed_in, officer, council, here, lead, now, at_prison):
    with at_prison(here):
        build.scheme_open(here, lead, now)
    for user in (officer, council):
        page = signed_in(user).get(f"/prisons/{here.code}/what-buddies-may-do/").content.decode()
        assert page.index("Collect meals") < page.index("Only with approval") < page.index("Help with shoes")
        assert page.index("What no buddy ever does") < page.index("Washing is for carers.")


def test_what_nobody_may_do_says_what_it_covers_and_what_a_buddy_may_do_instead():
    row = next(row for row in ROWS if row["code"] == "PRO-08")
    words = {name: row[name].replace("|", "\n") for name in ("examples", "not_examples")}
    line = _line(TaskKind(code="PRO-08", kind=row["kind"], name=row["name"], refusal=row["refusal"], **words), set())
    assert line["examples"] == [
        {"mark": "No buddy may:", "words": ["Lift a person off the floor", "Pull a person up from a bed or a chair"]},
        {"mark": "A buddy may:", "words": ["Ring the cell bell and call staff", "Stay, and bring a blanket"]},
    ]
