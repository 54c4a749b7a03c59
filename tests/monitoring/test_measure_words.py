"""The data dictionary: all items are there, their words come from one place, and a national lead can amend them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from monitoring.measures.catalogue import BY_CODE, MEASURES
from monitoring.measures.definition import Basis, Direction, Source
from monitoring.models import MeasureWords

SignedIn = Callable[[User], Client]
KEYS = {
    "code", "title", "answers", "numerator", "denominator", "unit", "kind", "level", "provider", "frequency", "basis",
    "direction", "minimum_n", "expectation", "computed",
}  # fmt: skip
WORDS = "/national/measures/OP-02/words/"


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def typed(**changes: str) -> dict[str, str]:
    measure = BY_CODE["OP-02"]
    names = ("title", "answers", "numerator", "denominator", "expectation")
    said = {name: str(getattr(measure, name)) for name in names}
    return {**said, "basis": measure.basis.value, "reason": "Shorter", "version": "0", **changes}


def test_the_command_lists_the_65_items_and_the_parts_of_those_with_several_values() -> None:
    out = StringIO()
    call_command("measures", format="json", stdout=out)
    entries = json.loads(out.getvalue())
    codes = [entry["code"] for entry in entries]
    assert len(set(codes)) == len(codes)
    items = {code for code in codes if not re.search(r"[a-z]$", code)}
    wanted = {("OP", 32), ("CO", 14), ("OU", 16), ("BS", 3)}
    assert items == {f"{kind}-{number:02d}" for kind, most in wanted for number in range(1, most + 1)}
    assert len(items) == 65
    for entry in entries:
        assert set(entry) == KEYS
        for key in KEYS - {"denominator", "computed", "minimum_n"}:
            assert entry[key], (entry["code"], key)


def test_no_words_are_given_as_those_of_the_guide() -> None:
    for measure in MEASURES:
        for words in (measure.title, measure.answers, measure.numerator, measure.denominator, measure.expectation):
            assert "evaluation guide" not in words.lower(), measure.code
        assert measure.basis in Basis


def test_concerns_boundary_reports_and_falls_have_no_good_direction() -> None:
    silent = ("OP-22", "OP-23", "OP-24a", "OU-12")
    counted = [measure for measure in MEASURES if measure.code.startswith(silent)]
    assert len(counted) > 8
    # How soon staff came to a fall has one: sooner is better.
    assert {measure.direction for measure in counted} == {Direction.NONE}


def test_what_is_not_worked_out_says_who_holds_it() -> None:
    for measure in MEASURES:
        if measure.source is Source.ELSEWHERE:
            assert measure.held_by, measure.code


@pytest.mark.django_db
def test_an_amended_title_stands_on_every_page(
    here: Prison, national_lead: User, inspector: User, signed_in: SignedIn
) -> None:
    assert signed_in(national_lead).post(WORDS, typed(title="Buddies at work")).status_code == 302
    client = signed_in(inspector)
    assert "Buddies at work" in client.get("/national/measures/").content.decode()
    page = client.get("/national/measures/OP-02/").content.decode()
    assert "Buddies at work" in page
    assert "Nat National" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Nothing has been changed"),
        ({"title": ""}, "Enter the title"),
        ({"title": "Buddies at work", "reason": ""}, "Say why the words change"),
        ({"title": "Buddies at work", "denominator": "Prisoners"}, "This measure is a plain number"),
        ({"answers": "What the evaluation guide says of buddies"}, "no words may be given as its own"),
    ],
)
def test_words_that_cannot_be(
    changes: dict[str, str], sentence: str, here: Prison, national_lead: User, signed_in: SignedIn
) -> None:
    page = signed_in(national_lead).post(WORDS, typed(**changes)).content.decode()
    assert sentence in page
    assert not MeasureWords.objects.exists()


@pytest.mark.django_db
def test_whoever_saved_first_is_not_overwritten_and_nothing_is_changed_for_good(
    here: Prison, national_lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(national_lead)
    client.post(WORDS, typed(title="Buddies at work"))
    assert "amended these words meanwhile" in client.post(WORDS, typed(title="Workers")).content.decode()
    assert AuditEvent.objects.get(code="measure.amended").details == {"measure": "OP-02"}
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        MeasureWords.objects.update(title="x")


@pytest.mark.django_db
def test_an_inspector_reads_and_does_not_amend(here: Prison, inspector: User, lead: User, signed_in: SignedIn) -> None:
    assert signed_in(inspector).post(WORDS, typed(title="Mine")).status_code == 403
    assert signed_in(lead).get("/national/measures/").status_code == 403
