"""A file of events: followed once, in any order, with an outcome in words for every line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buddyscheme.audit.models import AuditEvent
from schemes.actions.keep_apart import end_keep_apart, keep_apart
from schemes.models import Absence, Alert, CellMove, Custody, DirectoryEvent, KeepApart, Person
from schemes.queries.people import custody_of
from tests.builders.directory import alert_kind, alert_on, events_read, told
from tests.builders.schemes import person_in
from tests.cast import acts

READ = "/prisons/ZTA/events/read/"


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def person(here, wing, lead, now, at_prison):
    alert_kind()
    with at_prison(here):
        return person_in(here, lead, now, "Z0001ZA", last_name="Marlow", wing=wing, landing=1, cell="A-1-01")


@pytest.fixture
def read(here, admin, now, at_prison):
    def outcomes(*events):
        with at_prison(here):
            return [line["outcome"] for line in events_read(here, admin, now, *events).lines]

    return outcomes


def test_the_administrator_reads_a_file_and_sees_what_came_of_every_line(
    here, admin, lead, now, signed_in, clock, person
) -> None:
    lines = [
        json.dumps(told("released", person, at(8), reason="SENT_TO_COURT", prisonId="ZTA")),
        json.dumps(told("person.alert.created", person, at(8), alertUuid="a-1", alertCode="ROP")),
        json.dumps(told("received", "Z4444ZA", at(8), reason="NEW_ADMISSION", prisonId="ZTA")),
        "not json",
        json.dumps({"eventType": "x", "version": 1, "occurredAt": "yesterday"}),
        json.dumps(told("appointments-changed", person, at(8))),
        json.dumps(told("person.case-note.created", person, at(8))),
    ]
    sent = SimpleUploadedFile("monday.jsonl", "\n".join(lines).encode())
    browser = signed_in(admin)
    page = browser.post(READ, {"file": sent}, follow=True).content.decode()
    for words in (
        "Done: 2 of 7",
        "The support is held until the person is back",
        "“Risk to older people” is recorded",
        "Nobody on this prison’s list has this number",
        "This line is not JSON",
        "does not say when it happened",
        "Check the person’s appointments",
        "Events of this type are not used here",
    ):
        assert words in page
    absence, alert = Absence.objects.get(), Alert.objects.get()
    assert (absence.kind, absence.starts_session, absence.source) == ("COURT", "AM", "EVENT")
    assert (alert.reference, alert.source, alert.recorded_by) == ("a-1", "EVENT", admin)
    assert AuditEvent.objects.get(code="events.read").details["DONE"] == 2
    # The list of those to look at, and the mark by name.
    assert "Appointments changed" in browser.get("/prisons/ZTA/events/look/").content.decode()
    event = DirectoryEvent.objects.get(outcome="LOOK")
    url = f"/prisons/ZTA/events/look/{event.token}/"
    assert browser.post(url, {"sent": "1"}).status_code == 302
    assert "looked at this event already" in browser.post(url, {"sent": "1"}).content.decode()
    assert "No event waits" in browser.get("/prisons/ZTA/events/look/").content.decode()
    event.refresh_from_db()
    assert event.looked_by == admin
    assert "monday.jsonl" in browser.get("/prisons/ZTA/events/").content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"[", "This file is not JSON"),
        (b"[]", "The file holds no event"),
    ],
)
def test_a_file_that_holds_no_event_is_said(content, words, admin, signed_in, person) -> None:
    sent = SimpleUploadedFile("events.json", content)
    assert words in signed_in(admin).post(READ, {"file": sent}).content.decode()


def test_the_page_takes_no_more_events_than_can_be_awaited(admin, signed_in, person, read) -> None:
    one = json.dumps(told("person.case-note.created", person, at(8)))
    sent = SimpleUploadedFile("events.jsonl", "\n".join([one] * 501).encode())
    browser = signed_in(admin)
    assert "more than 500 events. Split it" in browser.post(READ, {"file": sent}).content.decode()
    read(told("appointments-changed", person, at(8)), json.loads(one))
    with CaptureQueriesContext(connection) as captured:
        page = browser.get("/prisons/ZTA/events/")
    row = page.context["table"].rows[0]
    assert row.cells[2:] == ["2", "1"]
    # The list counts the lines where they are kept.
    assert not any('"name", "schemes_eventfile"."lines"' in query["sql"] for query in captured)


def test_the_same_file_again_changes_nothing(person, read) -> None:
    events = [
        told("released", person, at(8), reason="SENT_TO_COURT", prisonId="ZTA"),
        told("person.alert.created", person, at(8), alertUuid="a-1", alertCode="XB"),
    ]
    assert read(*events) == ["DONE", "DONE"]
    assert read(*events) == ["KNOWN", "KNOWN"]
    assert Absence.objects.count() == Alert.objects.count() == 1


def stories(person: str) -> dict[str, tuple[list[dict[str, Any]], set[str]]]:
    """Three events each, with the alerts that run when all of them are read."""
    made = "person.alert.created"
    return {
        "ended": (
            [
                told(made, person, at(7), alertUuid="a-1", alertCode="XB"),
                told("person.alert.inactive", person, at(8), alertUuid="a-1", alertCode="XB"),
                told("cell.move", person, at(9), cellLocation="ZTA-A-2-05"),
            ],
            set(),
        ),
        "made again": (
            [
                told(made, person, at(7), alertUuid="a-1", alertCode="XB"),
                told("alerts-updated", person, at(8), alertsAdded=["HA"], alertsRemoved=["XB"]),
                told(made, person, at(9), alertUuid="a-2", alertCode="XB"),
            ],
            {"HA", "XB"},
        ),
        "other codes": (
            [
                told("alerts-updated", person, at(7), alertsAdded=["HA", "RDP"]),
                told("alerts-updated", person, at(8), alertsAdded=["XB"]),
                told("alerts-updated", person, at(9), alertsRemoved=["RDP"]),
            ],
            {"HA", "XB"},
        ),
    }


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("story", list(stories("Z0001ZA")))
def test_in_whatever_order_files_come_the_newest_fact_stands(story, order, person, read) -> None:
    events, running = stories("Z0001ZA")[story]
    for place in order:
        read(events[place])
    assert set(Alert.objects.filter(ended_at=None).values_list("kind", flat=True)) == running


def test_an_older_cell_does_not_come_back(person, read) -> None:
    read(told("cell.move", person, at(9), cellLocation="ZTA-A-2-05"))
    assert read(told("cell.move", person, at(6), cellLocation="ZTA-A-1-09")) == ["OLDER"]
    assert Custody.objects.get().cell == "A-2-05"


def test_what_waits_to_be_looked_at_makes_no_other_event_older(person, read) -> None:
    assert read(told("received", person, at(9), reason="TRANSFERRED", prisonId="ZTB")) == ["LOOK"]
    assert read(told("released", person, at(8), reason="TRANSFERRED", prisonId="ZTA")) == ["DONE"]


def test_what_was_ended_by_hand_is_not_made_again_by_an_older_event(here, lead, now, person, read, at_prison) -> None:
    with at_prison(here):
        other = person_in(here, lead, now, "Z0002ZA")
        pair = keep_apart(
            by=acts(lead, here), now=at(6), prison=here, person=person, other=other, reason="THREAT", restriction="WING"
        )  # fmt: skip
        end_keep_apart(by=acts(lead, here), now=at(9), prison=here, pair=pair.pair)
    both = {"nsPrisonerNumber1": "Z0001ZA", "nsPrisonerNumber2": "Z0002ZA"}
    assert read(told("non-associations.created", person, at(8), **both)) == ["OLDER"]


def test_out_to_court_and_back(here, person, read) -> None:
    assert read(told("released", person, at(8), reason="SENT_TO_COURT", prisonId="ZTA")) == ["DONE"]
    assert read(told("received", person, at(9, 30), reason="RETURN_FROM_COURT", prisonId="ZTA")) == ["DONE"]
    # Within one part of the day: nothing is held for it.
    assert Absence.objects.get().cancelled_at is not None
    assert read(told("released", person, at(7), reason="SENT_TO_COURT", prisonId="ZTA")) == ["OLDER"]
    assert read(told("received", person, at(9, 40), reason="RETURN_FROM_COURT", prisonId="ZTA")) == ["KNOWN"]


def test_transferred_and_received_again(here, person, read, at_prison) -> None:
    gone = told("released", person, at(7), reason="TRANSFERRED", prisonId="ZTA")
    assert read(gone) == ["DONE"]
    ended = Custody.objects.get()
    assert (ended.end_reason, ended.ended_at) == ("TRANSFER", at(7))
    assert read(told("received", person, at(6), reason="TRANSFERRED", prisonId="ZTA")) == ["OLDER"]
    assert read(told("received", person, at(8), reason="TRANSFERRED", prisonId="ZTA")) == ["DONE"]
    with at_prison(here):
        assert custody_of(here, person).started_at == at(8)
    assert read(told("released", person, at(7, 30), reason="RELEASED", prisonId="ZTA")) == ["OLDER"]


def test_what_says_too_little_is_looked_at(person, read) -> None:
    assert (
        read(
            told("cell.move", person, livingUnitId=123),
            told("cell.move", person, at(9, 1), cellLocation="Q-1-01"),
            told("person.alert.created", person, alertUuid="a-9", alertCode="ZZZ"),
            told("released", person, at(9, 2), reason="UNKNOWN", prisonId="ZTA"),
            told("received", person, at(9, 3), reason="TRANSFERRED", prisonId="ZTB"),
            told("non-associations.created", person, nsPrisonerNumber1="Z0001ZA", nsPrisonerNumber2="Z4444ZA"),
        )
        == ["LOOK"] * 6
    )
    assert not CellMove.objects.exists()


def test_alerts_updated_adds_and_ends(here, lead, now, person, read, at_prison) -> None:
    with at_prison(here):
        alert_on(person, "VIP", lead, now.replace(hour=6))
    assert read(told("alerts-updated", person, alertsAdded=["RDP", "HA"], alertsRemoved=["VIP"])) == ["DONE"]
    assert set(Alert.objects.filter(ended_at=None).values_list("kind", flat=True)) == {"RDP", "HA"}
    # What somebody typed after the event stays.
    with at_prison(here):
        alert_on(person, "XB", lead, now)
    assert read(told("person.alert.inactive", person, at(9, 30), alertUuid="b", alertCode="XB")) == ["OLDER"]


def test_keep_apart_made_and_closed(here, lead, now, person, read, at_prison) -> None:
    with at_prison(here):
        person_in(here, lead, now, "Z0002ZA")
    pair = {"nsPrisonerNumber1": "Z0001ZA", "nsPrisonerNumber2": "Z0002ZA"}
    made = told("non-associations.created", person, at(7), reason="THREAT", restrictionType="CELL", **pair)
    assert read(made) == ["DONE"]
    assert set(KeepApart.objects.values_list("reason", "restriction")) == {("THREAT", "CELL")}
    assert read(told("non-associations.closed", person, at(6), **pair)) == ["OLDER"]
    assert read(told("non-associations.closed", person, at(8), **pair)) == ["DONE"]
    assert not KeepApart.objects.filter(ended_at=None).exists()
    assert read(told("non-associations.created", person, at(7, 30), **pair)) == ["OLDER"]


def test_two_numbers_merged_by_an_event(here, lead, now, person, read, at_prison) -> None:
    with at_prison(here):
        kept = person_in(here, lead, now, "Z0002ZA")
    assert read(told("merged", "Z0002ZA", removedNomsNumber="Z0001ZA")) == ["DONE"]
    assert Person.objects.get(prison_number="Z0001ZA").same_as == kept
    assert read(told("merged", "Z0002ZA", at(9, 30), removedNomsNumber="Z0001ZA")) == ["KNOWN"]


def test_a_kept_number_that_is_new_here_is_to_be_added_first(person, read) -> None:
    assert read(told("merged", "Z0002ZA", removedNomsNumber="Z0001ZA")) == ["LOOK"]
    event = DirectoryEvent.objects.get()
    assert event.person == person and "Add Z0002ZA" in event.words
    assert read(told("merged", "Z0003ZA", removedNomsNumber="Z0004ZA")) == ["NOBODY"]


def test_one_event_that_cannot_be_followed_does_not_stop_the_file(here, lead, now, person, read, at_prison) -> None:
    with at_prison(here):
        person_in(here, lead, now, "Z0002ZA")
        alert_on(person, "VIP", lead, now.replace(hour=5))
    pair = {"nsPrisonerNumber1": "Z0001ZA", "nsPrisonerNumber2": "Z0002ZA"}
    assert read(
        told("cell.move", person, at(6), cellLocation="ZTA-A-²-05"),
        told("cell.move", person, at(6, 1), cellLocation="ZTA-A-1-ABCDEFGHIJKLM"),
        told("person.alert.created", person, at(6, 2), alertUuid="a\0", alertCode="XB"),
        {**told("updated", person, at(6, 3)), "eventType": "\ud800"},
        told("released", person, at(7), reason="TRANSFERRED", prisonId="ZTA"),
        told("person.alert.created", person, at(8), alertUuid="a-1", alertCode="XB"),
        told("person.alert.inactive", person, at(8, 1), alertCode="VIP"),
        told("alerts-updated", person, at(8, 2), alertsAdded=["HA"], alertsRemoved=["VIP"]),
        told("non-associations.created", person, at(8, 3), **pair),
        told("non-associations.created", "Z0002ZA", at(8, 4), **dict(zip(pair, reversed(pair.values()), strict=True))),
        told("person.alert.created", "Z0002ZA", at(8, 5), alertUuid="a-2", alertCode="XB"),
    ) == ["LOOK", "UNREADABLE", "UNREADABLE", "UNREADABLE", "DONE", *["KNOWN"] * 4, "LOOK", "DONE"]
    # What the next prison has on record of somebody who left stays as it is.
    assert set(Alert.objects.filter(ended_at=None).values_list("kind", flat=True)) == {"VIP", "XB"}
    assert not KeepApart.objects.exists()


def test_the_future_is_not_believed(person, read) -> None:
    assert read(told("released", person, at(23), reason="RELEASED", prisonId="ZTA")) == ["UNREADABLE"]


def test_from_a_terminal_in_the_name_of_an_account(here, admin, officer, clock, person, tmp_path, capsys) -> None:
    path = tmp_path / "events.json"
    path.write_text(json.dumps([told("released", person, at(8), reason="SENT_TO_COURT", prisonId="ZTA")]))
    with pytest.raises(CommandError, match="may not read events"):
        call_command("read_events", str(path), prison="ZTA", by=officer.email)
    call_command("read_events", str(path), prison="ZTA", by=admin.email)
    assert "Done: 1" in capsys.readouterr().out
    assert Absence.objects.get().recorded_by == admin
