"""Keeping two people apart."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from buddyscheme.audit.models import AuditEvent
from schemes.actions.keep_apart import keep_apart
from schemes.models import KeepApart
from schemes.queries.keep_apart import pairs_of
from schemes.queries.people import keep_apart_others
from tests.builders.schemes import person_in
from tests.cast import acts

LIST = "/prisons/ZTA/keep-apart/"
ANSWERS = {"person_number": "Z0001ZA", "other_number": "Z0002ZA", "restriction": "WING", "reason": "THREAT"}


@pytest.fixture
def two(here, lead, now, at_prison):
    with at_prison(here):
        return person_in(here, lead, now, "Z0001ZA"), person_in(here, lead, now, "Z0002ZA")


def test_security_records_and_both_directions_count(here, security, signed_in, at_prison, two) -> None:
    browser = signed_in(security)
    assert browser.post(f"{LIST}add/", ANSWERS).status_code == 302
    one, other = two
    assert keep_apart_others([one.pk, other.pk]) == {one.pk: {other.pk}, other.pk: {one.pk}}
    assert KeepApart.objects.count() == 2
    with at_prison(here):
        assert len(pairs_of(here)) == 1
    page = browser.get(LIST).content.decode()
    assert "Z0001ZA" in page and "Z0002ZA" in page and "Threat" in page


def test_ending_ends_both_rows(here, security, signed_in, two) -> None:
    browser = signed_in(security)
    browser.post(f"{LIST}add/", ANSWERS)
    token = KeepApart.objects.order_by("id").first().token
    assert "can be matched" in browser.get(f"{LIST}{token}/end/").content.decode()
    assert browser.post(f"{LIST}{token}/end/", {"sent": "1"}).status_code == 302
    assert KeepApart.objects.filter(ended_at__isnull=False, ended_by=security).count() == 2
    assert keep_apart_others([two[0].pk]) == {two[0].pk: set()}
    assert browser.post(f"{LIST}{token}/end/", {"sent": "1"}).status_code == 404
    assert "No two people here" in browser.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("who", "see", "edit"),
    [
        ("lead", 200, 200),
        ("security", 200, 200),
        ("safeguarding", 200, 403),
        ("officer", 403, 403),
        ("healthcare", 403, 403),
        ("admin", 403, 403),
    ],
)
def test_needs_the_permission(who, see, edit, request, signed_in, two) -> None:
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(LIST).status_code == see
    assert browser.get(f"{LIST}add/").status_code == edit


def test_another_prisons_record_is_not_there(outsider, security, signed_in, two) -> None:
    signed_in(security).post(f"{LIST}add/", ANSWERS)
    token = KeepApart.objects.order_by("id").first().token
    browser = signed_in(outsider)
    assert browser.get(LIST).status_code == 404
    assert browser.post(f"/prisons/ZTB/keep-apart/{token}/end/", {"sent": "1"}).status_code == 404
    assert KeepApart.objects.filter(ended_at__isnull=True).count() == 2


def test_a_pair_is_recorded_once(security, signed_in, two) -> None:
    signed_in(security).post(f"{LIST}add/", ANSWERS)
    swapped = ANSWERS | {"person_number": "Z0002ZA", "other_number": "Z0001ZA"}
    assert "kept apart already" in signed_in(security).post(f"{LIST}add/", swapped).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"other_number": "Z0001ZA"}, "Enter two different people"),
        ({"other_number": "Z12"}, "one letter, four digits and two letters"),
        ({"other_number": "Z4444ZA"}, "Nobody with this prison number is on this prison’s list"),
        ({"reason": ""}, "Select the reason"),
        ({"restriction": ""}, "Select how far apart"),
    ],
)
def test_bad_answers_are_said(wrong, words, security, signed_in, two) -> None:
    page = signed_in(security).post(f"{LIST}add/", ANSWERS | wrong)
    assert page.status_code == 200 and words in page.content.decode()
    assert not KeepApart.objects.exists()


def test_a_person_of_another_prison_is_not_revealed(
    elsewhere, outsider, security, now, at_prison, signed_in, two
) -> None:
    with at_prison(elsewhere):
        person_in(elsewhere, outsider, now, "Z4444ZA", first_name="Hidden")
    page = signed_in(security).post(f"{LIST}add/", ANSWERS | {"other_number": "Z4444ZA"}).content.decode()
    assert "Nobody with this prison number is on this prison’s list" in page and "Hidden" not in page


def test_leaves_events_without_the_reason(security, signed_in, two) -> None:
    signed_in(security).post(f"{LIST}add/", ANSWERS)
    signed_in(security).get(LIST)
    event = AuditEvent.objects.get(code="keep_apart.added")
    assert event.person_id == two[0].pk and event.details == {"other_person": two[1].pk}
    assert AuditEvent.objects.filter(code="viewed", subject_type="accounts.prison").count() == 1


def test_the_list_does_not_query_per_row(here, lead, security, now, at_prison, signed_in) -> None:
    browser = signed_in(security)

    def record(start: int, end: int) -> None:
        with at_prison(here):
            people = [person_in(here, lead, now, f"Z{n:04}ZB") for n in range(start, end)]
            for one, other in zip(people[::2], people[1::2], strict=True):
                keep_apart(
                    by=acts(security, here),
                    now=now,
                    prison=here,
                    person=one,
                    other=other,
                    reason="OTHER",
                    restriction="CELL",
                )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get(LIST)
        return len(captured)

    record(0, 4)
    few = queries()
    record(4, 24)
    assert queries() == few


def test_the_database_refuses_half_an_end_and_one_person_twice(two, security, signed_in) -> None:
    signed_in(security).post(f"{LIST}add/", ANSWERS)
    for change, name in (
        ("ended_at = now()", "keep_apart_ended_pair"),
        ("other_id = person_id", "keep_apart_two_people"),
    ):
        with (
            pytest.raises(IntegrityError, match=name),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE schemes_keepapart SET {change}")
