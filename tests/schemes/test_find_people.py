"""Finding people and reading, correcting, moving and ending their records."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buddyscheme.audit.models import AuditEvent
from buddyscheme.outbox.models import Message
from schemes.models import Custody, Person
from schemes.queries.people import cellmates, custody_of
from tests.builders.buddies import applied
from tests.builders.schemes import person_in
from tests.cast import make_wing

LIST = "/prisons/ZTA/people/"


@pytest.fixture
def person(here, lead, wing, now, at_prison) -> Person:
    with at_prison(here):
        return person_in(
            here, lead, now, "Z1234ZA", first_name="Bryn", last_name="Bello", wing=wing, landing=1, cell="1-02"
        )


@pytest.fixture
def stranger(elsewhere, outsider, now, at_prison) -> Person:
    with at_prison(elsewhere):
        return person_in(elsewhere, outsider, now, "Z9999ZA", first_name="Hidden", last_name="Bellamy")


def url(person: Person, page: str = "") -> str:
    return f"{LIST}{person.token}/{page}"


def test_the_list_shows_who_is_here(officer, signed_in, person, stranger) -> None:
    page = signed_in(officer).get(LIST).content.decode()
    assert "Bello, Bryn" in page and "Z1234ZA" in page and "Hidden" not in page


@pytest.mark.parametrize("words", ["bel", "BRYN bello", "bello, bryn".replace(",", "")])
def test_a_search_by_name_finds_people_of_this_prison_only(words, officer, signed_in, person, stranger) -> None:
    page = signed_in(officer).post(LIST, {"words": words}).content.decode()
    assert "Bello, Bryn" in page and "Bellamy" not in page


def test_a_search_by_number_opens_the_person(officer, signed_in, person) -> None:
    answer = signed_in(officer).post(LIST, {"words": " z1234za "})
    assert answer.status_code == 302 and answer["Location"] == url(person)
    assert "Z1234ZA" not in answer["Location"]


def test_an_unknown_number_offers_to_add(officer, signed_in, person) -> None:
    page = signed_in(officer).post(LIST, {"words": "Z4321ZA"}).content.decode()
    assert "Nobody on this prison’s list has it" in page and "Add a person with this number" in page


def test_a_malformed_number_says_how_it_should_look(officer, signed_in) -> None:
    page = signed_in(officer).post(LIST, {"words": "Z12ZA"}).content.decode()
    assert "one letter, four digits and two letters, like A1234BC" in page


def test_a_search_without_result_repeats_the_words(officer, signed_in) -> None:
    assert (
        "Nothing was found for “Nobodyhere”" in signed_in(officer).post(LIST, {"words": "Nobodyhere"}).content.decode()
    )


def test_the_list_is_narrowed_to_a_wing(here, lead, officer, now, at_prison, signed_in, person) -> None:
    with at_prison(here):
        person_in(here, lead, now, last_name="Overthere", wing=make_wing(here, "B"))
    page = signed_in(officer).get(LIST, {"wing": "B"}).content.decode()
    assert "Overthere" in page and "Bello" not in page


@pytest.mark.parametrize("who", ["trainer", "council", "healthcare", "delegate", "security", "dpo", "admin"])
def test_needs_the_permission(who, request, signed_in, person) -> None:
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(LIST).status_code == 403
    assert browser.get(url(person)).status_code == 403


def test_the_page_leads_to_referrals_plans_and_the_buddy_role(here, lead, now, at_prison, signed_in, person) -> None:
    with at_prison(here):
        buddy = applied(here, lead, now, person=person)
    browser = signed_in(lead)
    links = browser.get(url(person)).context["links"]
    assert [link["text"] for link in links] == [
        "Referrals", "Needs", "Unmet personal care", "Informal help", "Plans", "Moving on: care record and handover",
        "Refer this person", "Record a fall", "Buddy role (applied)",
    ]  # fmt: skip
    assert buddy.token in links[-1]["href"]
    for link in links:
        assert browser.get(link["href"]).status_code == 200


def test_an_officer_reads_but_does_not_change(officer, signed_in, person) -> None:
    page = signed_in(officer).get(url(person)).content.decode()
    assert "Bryn Bello" in page and "Change details" not in page
    for name in ("details/", "cell/", "left/"):
        assert signed_in(officer).post(url(person, name), {}).status_code == 403


def test_a_person_of_another_prison_is_not_there(lead, signed_in, stranger) -> None:
    for name in ("", "details/", "cell/", "left/"):
        assert signed_in(lead).get(url(stranger, name)).status_code == 404


def test_reading_a_person_is_recorded(officer, signed_in, person) -> None:
    signed_in(officer).get(url(person))
    assert AuditEvent.objects.get(code="viewed").person_id == person.pk


def test_no_name_or_number_in_title_or_address(officer, signed_in, person) -> None:
    page = signed_in(officer).get(url(person)).content.decode()
    title = page.split("<title>")[1].split("</title>")[0]
    assert "Bello" not in title and "Z1234ZA" not in title
    assert "Z1234ZA" not in url(person)


DETAILS = {
    "first_name": "Bryn",
    "last_name": "Bello",
    "preferred_name": "Bez",
    "born_on": "1950-02-01",
    "sex": "MALE",
    "ethnicity": "WHITE",
    "disability": "YES",
    "languages": "Welsh, English",
}


def test_the_lead_corrects_details(lead, signed_in, person) -> None:
    answer = signed_in(lead).post(url(person, "details/"), DETAILS | {"version": person.version})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert (person.called, person.born_on, person.languages) == ("Bez", date(1950, 2, 1), ["Welsh", "English"])
    event = AuditEvent.objects.get(code="person.changed")
    assert "born_on" in event.details["fields"] and "1950" not in str(event.details)


def test_the_second_of_two_is_told(lead, deputy, signed_in, person) -> None:
    signed_in(lead).post(url(person, "details/"), DETAILS | {"version": person.version})
    page = signed_in(deputy).post(url(person, "details/"), DETAILS | {"version": person.version, "last_name": "Other"})
    assert "Somebody else changed" in page.content.decode() and 'value="Other"' in page.content.decode()
    person.refresh_from_db()
    assert person.last_name == "Bello"


@pytest.mark.parametrize(
    ("wrong", "words"), [({"last_name": ""}, "Enter the last name"), ({"born_on": "2024-01-01"}, "under 15")]
)
def test_bad_details_are_said(wrong, words, lead, signed_in, person) -> None:
    page = signed_in(lead).post(url(person, "details/"), DETAILS | {"version": 1} | wrong)
    assert words in page.content.decode()


def test_a_cell_move_is_recorded(here, lead, signed_in, person) -> None:
    other = make_wing(here, "B")
    answer = signed_in(lead).post(url(person, "cell/"), {"wing": other.token, "landing": "0", "cell": "b-03"})
    assert answer.status_code == 302
    custody = Custody.objects.get()
    assert custody.place == "B wing, B-03" and custody.landing == 0
    event = AuditEvent.objects.get(code="person.moved_cell")
    assert event.details["wing_after"] == other.pk


def test_a_cell_needs_a_wing_and_its_landing(lead, wing, signed_in, person) -> None:
    browser = signed_in(lead)
    assert "Select the wing" in browser.post(url(person, "cell/"), {"sent": "1"}).content.decode()
    page = browser.post(url(person, "cell/"), {"wing": wing.token, "landing": "7"}).content.decode()
    assert "has landings up to 3" in page


def test_leaving_ends_the_time_here(here, lead, signed_in, person, at_prison) -> None:
    answer = signed_in(lead).post(url(person, "left/"), {"reason": "RELEASE"})
    assert answer.status_code == 302
    assert Custody.objects.get().end_reason == "RELEASE"
    assert "Bello" not in signed_in(lead).get(LIST).content.decode()
    assert "No longer here" in signed_in(lead).get(url(person)).content.decode()
    with at_prison(here):
        assert custody_of(here, person) is None
    assert Message.objects.filter(topic="custody.ended").count() == 1
    assert AuditEvent.objects.filter(code="custody.ended", person_id=person.pk).exists()


def test_leaving_is_recorded_once_and_with_a_reason(lead, signed_in, person) -> None:
    browser = signed_in(lead)
    assert "Select why the person left" in browser.post(url(person, "left/"), {"sent": "1"}).content.decode()
    browser.post(url(person, "left/"), {"reason": "RELEASE"})
    assert "recorded already" in browser.post(url(person, "left/"), {"reason": "DEATH"}).content.decode()
    assert (
        "no longer at this prison"
        in browser.post(url(person, "cell/"), {"wing": make_wing(person_prison(person), "C").token}).content.decode()
    )


def person_prison(person: Person):
    return Custody.objects.get(person=person).prison


def test_cellmates_share_wing_and_cell(here, lead, wing, now, at_prison, person) -> None:
    with at_prison(here):
        mate = person_in(here, lead, now, wing=wing, cell="1-02")
        person_in(here, lead, now, wing=wing, cell="1-03")
        nowhere = person_in(here, lead, now, wing=wing)
        person_in(here, lead, now, wing=wing)
        assert cellmates(here, person) == {mate.pk}
        assert cellmates(here, nowhere) == set()


def test_the_list_does_not_query_per_row(here, lead, officer, wing, now, at_prison, signed_in) -> None:
    browser = signed_in(officer)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            browser.get(LIST)
        return len(captured)

    with at_prison(here):
        for _ in range(2):
            person_in(here, lead, now, wing=wing)
    few = queries()
    with at_prison(here):
        for _ in range(18):
            person_in(here, lead, now, wing=wing)
    assert queries() == few
