"""How many people a prison holds: typed or read from a file, as a whole, with its source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Month
from monitoring.models import Figure, Population
from monitoring.queries.population import counts_of, newest_of
from monitoring.rollups import roll_up
from tests.builders.visits import helped

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
LIST = "/prisons/ZTA/figures/population/"
ENTER, FILE = f"{LIST}enter/", f"{LIST}file/"
TYPED = {
    "month": "2026-10", "source": "Population report", "counted_on-day": "31", "counted_on-month": "10",
    "counted_on-year": "2026", "total": "400", "sex_male": "400",
}  # fmt: skip
GOOD = (
    "By,Group,People\ntotal,,400\nsex,Male,398\nsex,Not known,2\nage,50 to 59,400\n"
    "religion,Christian,250\nreligion,Not known,150\n"
)


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def chosen(text: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("people.csv", text.encode())}


def test_the_lead_types_a_count_and_sees_it(here: Prison, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    assert client.post(ENTER, TYPED).status_code == 302
    row = Population.objects.get()
    assert (row.month, row.total, row.counted_on) == (date(2026, 10, 1), 400, date(2026, 10, 31))
    assert counts_of(row) == {("sex", "male"): 400, ("sex", "female"): 0, ("sex", "unknown"): 0}
    assert "October 2026" in client.get(LIST).content.decode()


def test_the_next_month_is_filled_in_from_the_last(here: Prison, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(ENTER, TYPED)
    page = client.get(ENTER).content.decode()
    assert 'value="400"' in page
    assert 'value="Population report"' in page


def test_a_file_fills_the_form_in_and_saves_nothing_by_itself(here: Prison, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    page = client.post(FILE, chosen(GOOD)).content.decode()
    assert 'value="398"' in page
    assert "Religion: christian" in page
    assert f'action="{ENTER}"' in page
    assert not Population.objects.exists()
    client.post(ENTER, {**TYPED, "religion_christian": "250", "religion_not-known": "150"})
    assert counts_of(newest_of(here))["religion", "christian"] == 250


def test_religion_stays_when_the_month_is_typed_again(here: Prison, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(ENTER, {**TYPED, "religion_christian": "250", "religion_not-known": "150"})
    client.post(ENTER, {**TYPED, "source": "Corrected report"})
    assert Population.objects.count() == 2
    assert counts_of(newest_of(here))["religion", "christian"] == 250


def test_every_bad_row_of_a_file_is_named_with_what_to_do(here: Prison, lead: User, signed_in: SignedIn) -> None:
    bad = "By,Group,People\ntotal,,400\nsex,Men,398\nage,50 to 59,some\nheight,Tall,3\nsex,Male,1\nsex,Male,2\n"
    page = signed_in(lead).post(FILE, chosen(bad)).content.decode()
    assert "There is no such group. Choose from: Female; Male; Not known." in page
    assert "whole number from 0 to 9,999" in page
    assert "The first column must be total, age, sex, ethnicity" in page
    assert "This group is in the file already" in page
    assert "Nothing has been saved" in page


def test_a_file_without_its_headings_is_refused(here: Prison, lead: User, signed_in: SignedIn) -> None:
    page = signed_in(lead).post(FILE, chosen("a,b\n1,2\n")).content.decode()
    assert "Missing: By, Group, People" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"total": "0"}, "from 1 to 9,999"),
        ({"total": ""}, "Enter the people in the prison"),
        ({"total": "-4"}, "Enter a whole number from 0 to 9999"),
        ({"source": ""}, "Say where the count comes from"),
        ({"sex_male": "390"}, "The groups by sex come to 390, and the prison holds 400"),
        ({"counted_on-year": "2027"}, "cannot be after today"),
        ({"counted_on-month": "8"}, "must be in October 2026 or within two months after it"),
        ({"month": "2020-01"}, "Select one of the answers"),
    ],
)
def test_bad_input_gets_one_sentence_and_what_was_typed_stays(
    changes: dict[str, str], sentence: str, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    page = signed_in(lead).post(ENTER, {**TYPED, **changes}).content.decode()
    assert sentence in page
    assert 'value="Population report"' in page or "source" in changes
    assert not Population.objects.exists()


def test_with_a_count_buddies_are_compared_with_the_prison(
    here: Prison, lead: User, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        helped(here, lead, datetime.fromisoformat("2026-10-05T09:00:00+00:00"))
        roll_up(here.code, Month(2026, 10))
        assert Figure.objects.get(period="2026-10", measure="OP-25a", breakdown="").state == "NOT_RETURNED"
    signed_in(lead).post(ENTER, TYPED)
    with at_prison(here):
        roll_up(here.code, Month(2026, 10))
        figure = Figure.objects.get(period="2026-10", measure="OP-25a", breakdown="")
        assert (figure.numerator, figure.denominator, float(figure.value or 0)) == (1, 400, 0.25)


def test_the_delegate_reads_and_does_not_enter(here: Prison, delegate: User, signed_in: SignedIn) -> None:
    client = signed_in(delegate)
    assert client.get(LIST).status_code == 200
    assert client.post(ENTER, TYPED).status_code == 403
    assert client.post(FILE, chosen(GOOD)).status_code == 403


def test_another_prisons_are_not_there(here: Prison, outsider: User, signed_in: SignedIn) -> None:
    assert signed_in(outsider).get(LIST).status_code == 404


def test_entering_leaves_its_audit_event(here: Prison, lead: User, signed_in: SignedIn) -> None:
    signed_in(lead).post(ENTER, TYPED)
    assert AuditEvent.objects.get(code="population.entered").details == {"month": "2026-10", "total": 400}
