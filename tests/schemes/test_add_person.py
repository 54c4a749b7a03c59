"""Adding people, with numbers that nobody, this prison or another prison knows."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from schemes.actions import people as actions
from schemes.models import Custody, CustodyClaim, Person
from schemes.queries.people import custody_of, people_of, person_here
from tests.builders.schemes import person_in
from tests.cast import acts, make_wing

NUMBER = "Z1234ZA"
URL = "/prisons/ZTA/people/add/"


@pytest.fixture
def answers(wing: Wing) -> dict[str, str]:
    return {
        "prison_number": "z1234 za",
        "first_name": "Ade",
        "last_name": "Adams",
        "born_on": "1951-03-27",
        "wing": wing.token,
        "landing": "2",
        "cell": "2-14",
    }


def test_an_officer_adds_a_person(here, wing, officer, signed_in, at_prison, answers) -> None:
    answer = signed_in(officer).post(URL, answers, follow=True)
    person = Person.objects.get()
    custody = Custody.objects.get()
    assert (person.prison_number, person.full_name, person.provisional) == (NUMBER, "Ade Adams", False)
    assert (custody.wing, custody.landing, custody.cell, custody.ended_at) == (wing, 2, "2-14", None)
    assert "Ade Adams is on this prison’s list" in answer.content.decode()
    with at_prison(here):
        assert person_here(here, NUMBER) == person


@pytest.mark.parametrize("who", ["trainer", "security", "council", "admin"])
def test_needs_the_permission(who, request, signed_in) -> None:
    assert signed_in(request.getfixturevalue(who)).get(URL).status_code == 403


def test_another_prisons_page_is_not_there(outsider, signed_in, answers) -> None:
    assert signed_in(outsider).post(URL, answers).status_code == 404
    assert not Person.objects.exists()


def test_somebody_who_is_here_is_not_added_again(here, lead, officer, now, at_prison, signed_in, answers) -> None:
    with at_prison(here):
        person_in(here, lead, now, NUMBER)
    page = signed_in(officer).post(URL, answers)
    assert "on this prison’s list already" in page.content.decode()
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"prison_number": "12345"}, "one letter, four digits and two letters"),
        ({"prison_number": ""}, "one letter, four digits and two letters"),
        ({"first_name": " "}, "Enter the first name"),
        ({"born_on": "2020-01-01"}, "under 15 or over 120"),
        ({"wing": ""}, "Select the wing"),
        ({"landing": "9"}, "has landings up to 3"),
    ],
)
def test_bad_answers_are_said_and_nobody_is_added(wrong, words, officer, signed_in, answers) -> None:
    page = signed_in(officer).post(URL, answers | wrong)
    assert page.status_code == 200 and words in page.content.decode()
    assert not Person.objects.exists()


def _words(page: str) -> str:
    """A page without what changes from one answer to the next."""
    page = re.sub(r'(value|nonce|content|data-token)="[^"]*"', "", page)
    return re.sub(r"(/people/|\?[a-z]+=)[^/\"]+", r"\1…", page)


def test_a_cell_that_the_wing_does_not_have_is_said_also_when_somebody_moves(
    here, wing, lead, now, at_prison, signed_in
) -> None:
    with at_prison(here):
        person = person_in(here, lead, now, wing=wing, landing=1, cell="1-01")
    browser, url = signed_in(lead), f"/prisons/ZTA/people/{person.token}/cell/"
    for landing, cell, words in (("2", "1-07", "Cell 1-07 is not on landing 2"), ("", "9-07", "there is no cell 9-07")):
        answers = {"wing": wing.token, "landing": landing, "cell": cell}
        assert words in browser.post(url, answers).content.decode()
    with at_prison(here):
        assert custody_of(here, person).cell == "1-01"
        # Where the wing's code stands in front of the cell's number, it is not part of it.
        person_in(here, lead, now, wing=make_wing(here, code="W1"), landing=1, cell="W11-02")


def test_the_screen_is_the_same_whether_another_prison_holds_the_person_or_not(
    elsewhere, outsider, officer, now, at_prison, signed_in, answers
) -> None:
    unknown = signed_in(officer).post(URL, answers | {"prison_number": "Z7777ZA"}, follow=True)
    with at_prison(elsewhere):
        person_in(elsewhere, outsider, now, NUMBER, first_name="Real", last_name="Name")
    known = signed_in(officer).post(URL, answers, follow=True)
    assert "Real" not in known.content.decode()
    assert _words(known.content.decode()).replace(NUMBER, "") == _words(unknown.content.decode()).replace("Z7777ZA", "")
    searched = signed_in(officer).post("/prisons/ZTA/people/", {"words": "Z8888ZA"}).content.decode()
    with at_prison(elsewhere):
        person_in(elsewhere, outsider, now, "Z8889ZA")
    held = signed_in(officer).post("/prisons/ZTA/people/", {"words": "Z8889ZA"}).content.decode()
    assert _words(held).replace("Z8889ZA", "") == _words(searched).replace("Z8888ZA", "")


def test_a_person_of_another_prison_is_claimed(
    here, elsewhere, outsider, officer, now, at_prison, signed_in, answers
) -> None:
    with at_prison(elsewhere):
        theirs = person_in(elsewhere, outsider, now, NUMBER)
    signed_in(officer).post(URL, answers)
    ours = Person.objects.get(provisional=True)
    claim = CustodyClaim.objects.get()
    assert (claim.prison, claim.claimed_by_prison, claim.person, claim.provisional_person) == (
        elsewhere,
        here,
        theirs,
        ours,
    )
    with at_prison(here):
        assert list(people_of(here)) == [ours]
    with at_prison(elsewhere):
        assert list(people_of(elsewhere)) == [theirs]


def test_somebody_whom_nobody_holds_keeps_their_record(here, elsewhere, outsider, lead, now, at_prison) -> None:
    with at_prison(elsewhere):
        theirs = person_in(elsewhere, outsider, now, NUMBER, last_name="Adams", sex="MALE")
        custody = Custody.objects.get(person=theirs)
        actions.end_custody(by=acts(outsider, elsewhere), now=now, custody=custody, reason="TRANSFER")
    with at_prison(here):
        ours = _add(here, lead, now + timedelta(days=1), last_name="ADAMS")
    assert ours == theirs and ours.sex == "MALE" and ours.last_name == "ADAMS"
    assert not CustodyClaim.objects.exists()


def test_a_wrong_number_does_not_take_over_somebody_elses_record(
    here, elsewhere, outsider, lead, now, at_prison
) -> None:
    with at_prison(elsewhere):
        theirs = person_in(elsewhere, outsider, now, NUMBER, last_name="Brown")
        custody = Custody.objects.get(person=theirs)
        actions.end_custody(by=acts(outsider, elsewhere), now=now, custody=custody, reason="RELEASE")
    with at_prison(here):
        ours = _add(here, lead, now, last_name="Adams")
    assert ours != theirs and ours.provisional
    theirs.refresh_from_db()
    assert theirs.last_name == "Brown"
    assert CustodyClaim.objects.get().prison == elsewhere


def test_a_provisional_record_is_used_again_and_asked_about_once(
    here, elsewhere, outsider, lead, now, at_prison
) -> None:
    with at_prison(elsewhere):
        person_in(elsewhere, outsider, now, NUMBER)
    with at_prison(here):
        first = _add(here, lead, now)
        custody = Custody.objects.get(person=first)
        actions.end_custody(by=acts(lead, here), now=now + timedelta(hours=1), custody=custody, reason="OTHER")
        second = _add(here, lead, now + timedelta(hours=2))
    assert first == second
    assert CustodyClaim.objects.count() == 1


def test_a_wing_of_another_prison_is_refused(here, elsewhere, lead, now, at_prison) -> None:
    with at_prison(here), pytest.raises(NotAllowed, match="wing of this prison"):
        _add(here, lead, now, wing=make_wing(elsewhere))


def test_adding_leaves_the_same_event_at_the_adding_prison(here, elsewhere, outsider, lead, now, at_prison) -> None:
    with at_prison(elsewhere):
        theirs = person_in(elsewhere, outsider, now, NUMBER)
    with at_prison(here):
        ours = _add(here, lead, now)
    assert AuditEvent.objects.get(code="person.added", prison_code="ZTA").person_id == ours.pk
    claimed = AuditEvent.objects.get(code="custody.claimed")
    assert (claimed.prison_code, claimed.person_id, claimed.actor_id) == ("ZTB", theirs.pk, lead.pk)


def test_the_number_of_a_search_goes_along_without_an_address(officer, signed_in, wing) -> None:
    browser = signed_in(officer)
    page = browser.post("/prisons/ZTA/people/", {"words": "z5555za"}).content.decode()
    assert "Add a person with this number" in page
    add = browser.get(URL)
    assert 'value="Z5555ZA"' in add.content.decode()


def _add(prison: Prison, by: User, now: datetime, **fields: object) -> Person:
    values = {"prison_number": NUMBER, "first_name": "Ade", "last_name": "Adams", **fields}
    return actions.add_person(by=acts(by, prison), now=now, prison=prison, **values)  # type: ignore[arg-type]
