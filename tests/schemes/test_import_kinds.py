"""Keep-apart records and the regime from a spreadsheet, buddies from a workbook, and what happens when saving fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from schemes.actions import imports as actions
from schemes.actions.absences import come_back, end_weekly
from schemes.actions.alerts import end_alert
from schemes.imports.registry import kind_of
from schemes.models import (
    Absence,
    Alert,
    AlertKind,
    Custody,
    ImportFile,
    KeepApart,
    Person,
    RegimeTime,
    WeeklyActivity,
)
from schemes.tasks import go_on_with_imports
from tests.builders import buddies, directory
from tests.builders.schemes import arrived, open_scheme, person_in
from tests.cast import acts
from tests.schemes.test_import_people import as_csv, as_xlsx, brought, lines, press, url, words

pytestmark = pytest.mark.django_db
APART = ("Prison number", "Kept apart from", "How far apart", "Reason")
REGIME = ("Weekday", "Session", "Unlock", "Lock-up")


def test_keep_apart_records_come_once_for_both_directions(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        one, two, three = (person_in(here, lead, now, wing=wing).prison_number for _ in range(3))
    rows = [
        [one, two, "Cell", "Threat"],
        [two, one, "", "Threat"],
        [one, one, "", "Threat"],
        [one, "Z9999ZZ", "", "Threat"],
        [two, three, "", "Grudge"],
        [three, one, "", "Bullying"],
    ]
    client = signed_in(lead)
    page = brought(client, here, as_csv(rows, head=APART), kind="KEEP_APART")
    said = words(page)
    assert "Row 2 has these two people already." in said
    assert "Enter two different people." in said
    assert "Nobody with this prison number is held here now." in said
    assert "“Grudge” is not on the list. Write one of: Bullying, " in said
    page = press(client, page, leave_out="on")
    assert "2 rows are saved." in words(page)
    found = KeepApart.objects.filter(person__prison_number=one).order_by("id")
    assert [(row.other.prison_number, row.restriction) for row in found] == [(two, "CELL"), (three, "WING")]
    assert KeepApart.objects.count() == 4
    brought(client, here, as_csv([rows[1], rows[5]], head=APART), kind="KEEP_APART")
    assert ImportFile.objects.latest("id").already == 2


def test_alerts_come_by_code_or_words_and_once(signed_in, here, lead, wing, now, at_prison, clock):
    with at_prison(here):
        one, two = (person_in(here, lead, now, wing=wing) for _ in range(2))
        directory.alert_on(two, "ROP", lead, now)
    words_of = AlertKind.objects.get(code="ROP").words
    head = ("Prison number", "Alert", "Active from", "Last day")
    rows = [
        [one.prison_number, words_of.upper(), "1/3/2026", ""],
        [two.prison_number, "rop", "1/3/2026", ""],
        [two.prison_number, "QQQ", "1/3/2026", ""],
        [one.prison_number, "ROP", "1/4/2026", "1/3/2026"],
        [two.prison_number, "ROP", "24/11/2026", ""],
    ]
    client = signed_in(lead)
    page = brought(client, here, as_csv(rows, head=head), kind="ALERTS")
    said = words(page)
    assert "“QQQ” is not on the list of alerts." in said
    assert "The last day is before the first." in said
    assert "An alert starts today or on an earlier day." in said
    press(client, page, leave_out="on")
    found = Alert.objects.get(person=one)
    assert (found.kind_id, found.source, f"{found.active_from}") == ("ROP", "IMPORT", "2026-03-01")
    assert Alert.objects.count() == 2
    with at_prison(here):
        end_alert(by=acts(lead, here), now=now, prison=here, alert=found)
    # The same list again starts nothing that somebody ended since.
    brought(client, here, as_csv(rows[:2], head=head), kind="ALERTS")
    assert ImportFile.objects.latest("id").already == 2


def test_absences_come_once_and_hold_as_typed_ones(signed_in, here, lead, wing, now, at_prison, clock):
    with at_prison(here):
        one, two = (person_in(here, lead, now, wing=wing).prison_number for _ in range(2))
    head = ("Prison number", "Where", "First day", "Session", "Last day")
    rows = [
        [one, "Court", "23/11/2026", "", ""],
        [two, "Healthcare", "25/11/2026", "Morning", ""],
        [two, "Healthcare", "25/11/2026", "Afternoon", ""],
        [two, "Healthcare", "25/11/2026", "Morning", ""],
        [two, "Moon", "25/11/2026", "", ""],
        [two, "Hospital", "25/11/2026", "", "24/11/2026"],
        [two, "Hospital", "25/11/2029", "", ""],
    ]
    client = signed_in(lead)
    page = brought(client, here, as_csv(rows, head=head), kind="ABSENCES")
    said = words(page)
    assert "Row 3 says the same already." in said
    assert "“Moon” is not on the list." in said
    assert "The last day is before the first." in said
    assert "is too late here. Enter a date up to" in said
    press(client, page, leave_out="on")
    court = Absence.objects.get(kind="COURT")
    assert (court.ends_on, court.holds, court.source) == (None, True, "IMPORT")
    seen = Absence.objects.filter(kind="HEALTHCARE").order_by("id").values_list("starts_session", "ends_session")
    assert list(seen) == [("AM", "AM"), ("PM", "PM")]
    brought(client, here, as_csv(rows[:3], head=head), kind="ABSENCES")
    assert ImportFile.objects.latest("id").already == 3
    with at_prison(here):
        back = {"back_on": now.date() + timedelta(days=1), "back_session": "AM"}
        come_back(by=acts(lead, here), now=now + timedelta(days=1), absence=court, **back)
    # Nor does it send somebody away again who came back since.
    brought(client, here, as_csv(rows[:1], head=head), kind="ABSENCES")
    assert ImportFile.objects.latest("id").already == 1
    # What overlaps with one on record is refused by the action itself, and everything is given back.
    longer = [[two, "Healthcare", "25/11/2026", "", "26/11/2026"]]
    page = press(client, brought(client, here, as_csv(longer, head=head), kind="ABSENCES"))
    assert "Row 2 could not be saved, so nothing is saved." in words(page)
    assert "“Healthcare appointment” is on record for this person from 25 November 2026 already." in words(page)


def test_weekly_work_comes_once_and_what_meets_it_is_said(signed_in, here, lead, wing, now, at_prison, clock):
    with at_prison(here):
        one, two = (person_in(here, lead, now, wing=wing) for _ in range(2))
        directory.weekly_of(two, lead, now, weekdays=[1], session="PM")
    head = ("Prison number", "Activity", "Days", "Session", "First day", "Last day")
    rows = [
        [one.prison_number, "Course", "Mon, Wed", "Morning", "1/11/2026", ""],
        [two.prison_number, "Work", "Tue, Thu", "Afternoon", "1/11/2026", ""],
        [two.prison_number, "Work", "Funday", "Morning", "1/11/2026", ""],
        [two.prison_number, "Work", "Mon", "Evening", "2/11/2026", "1/11/2026"],
    ]
    client = signed_in(lead)
    page = brought(client, here, as_csv(rows, head=head), kind="WEEKLY")
    said = words(page)
    assert "The person works or learns in this session on one of these days already. End that one first." in said
    assert "“Funday” is not known." in said
    assert "The last day is before the first." in said
    press(client, page, leave_out="on")
    saved = WeeklyActivity.objects.get(person=one)
    assert (saved.kind, saved.weekdays, saved.session, saved.source) == ("EDUCATION", [0, 2], "AM", "IMPORT")
    with at_prison(here):
        end_weekly(by=acts(lead, here), now=now, activity=saved)
    brought(client, here, as_csv(rows[:1], head=head), kind="WEEKLY")
    assert ImportFile.objects.latest("id").already == 1, "what somebody ended since is not begun again"


def test_who_has_left_comes_once_with_what_follows(
    signed_in, here, elsewhere, lead, admin, wing, now, at_prison, clock
):
    with at_prison(here):
        one, two, three = (person_in(here, lead, now, wing=wing) for _ in range(3))
    head = ("Prison number", "Left on", "Why", "Moved to")
    rows = [
        [one.prison_number, "20/11/2026", "Moved to another prison", "otherfield"],
        [two.prison_number, "23/11/2026", "Released", ""],
        [three.prison_number, "24/11/2026", "Released", ""],
        [three.prison_number, "1/3/2025", "Released", ""],
        [three.prison_number, "20/11/2026", "Released", "ZTB"],
        [three.prison_number, "20/11/2026", "Moved to another prison", here.code],
        ["Z9999ZZ", "20/11/2026", "Died", ""],
    ]
    client = signed_in(lead)
    said = words(page := brought(client, here, as_csv(rows, head=head), kind="LEFT"))
    assert "24 November 2026 is too late here." in said
    assert "The person came to this prison’s list on 23 November 2025. Check the day." in said
    assert "Write a prison only for somebody who has moved to another prison." in said
    assert f"There is no other prison “{here.code}”." in said
    assert "Nobody with this prison number is held here now." in said
    press(client, page, leave_out="on")
    ends = Custody.objects.filter(ended_at__isnull=False).order_by("ended_at")
    assert [(end.person, end.end_reason, end.moved_to) for end in ends] == [
        (one, "TRANSFER", elsewhere), (two, "RELEASE", None),
    ]  # fmt: skip
    assert [f"{end.ended_at:%d %H:%M}" for end in ends] == ["20 23:59", f"{now:%d %H:%M}"]
    with at_prison(here):
        arrived(here, lead, now + timedelta(hours=1), 0, number=two.prison_number, last_name=two.last_name)
    brought(client, here, as_csv(rows[:2], head=head), kind="LEFT")
    assert ImportFile.objects.latest("id").already == 2, "who has come back since has not left again"
    early = [[two.prison_number, "23/11/2026", "Died", ""]]
    page = press(client, brought(client, here, as_csv(early, head=head), kind="LEFT"))
    assert "Row 2 could not be saved, so nothing is saved." in words(page)
    assert "The person came to this prison’s list after that. Check when they left." in words(page)
    assert signed_in(admin).get(url(here, "import_guide", "left")).status_code == 404


def test_the_regime_takes_the_sessions_that_the_file_names(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        open_scheme(here, lead, wing, now)
    rows = [
        ["Monday", "Morning", "08:00", "11:30"],
        ["Tue", "Afternoon", "9:00", "16:00"],
        ["Wed", "Morning", "11:00", "10:00"],
        ["Thursday", "Morning", "8:30", "14:00"],
        ["Someday", "Evening", "25:00", "26:00"],
        ["Fri", "Evening", "17:15", "18:15"],
    ]
    client = signed_in(lead)
    page = brought(client, here, as_csv(rows, head=REGIME), kind="REGIME")
    said = words(page)
    assert "This begins before the session before it has ended, at 11:45." in said
    assert "Lock-up must be later than unlock." in said
    assert "This ends after the next session has begun, at 13:45." in said
    assert "“Someday” is not known." in said
    assert "“25:00” is not a time." in said
    assert "1 row is here already and changes nothing." in said
    press(client, page, leave_out="on")
    monday = RegimeTime.objects.get(prison=here, weekday=0, session="AM")
    assert (f"{monday.unlock_at:%H:%M}", f"{monday.lock_at:%H:%M}") == ("08:00", "11:30")
    assert RegimeTime.objects.filter(prison=here).count() == 21


def test_the_list_of_buddies_is_named_and_reads_a_workbook(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        buddies.scheme_ready(here, lead, now)
        person = person_in(here, lead, now, wing=wing)
    client = signed_in(lead)
    list_url = reverse("training:take_over_file", args=[here.code])
    assert list_url in client.get(url(here)).content.decode()
    head = ("Prison number", "Name", "In role since", "Compact signed", "Modules passed", "Modules passed on")
    content = as_xlsx([[person.prison_number, "", "19/10/2025", "no", "none", ""]], head=head)
    answers = {
        "file": SimpleUploadedFile("buddies.xlsx", content), "good_by": "2027-02-20", "reason": "Have helped for years",
    }  # fmt: skip
    page = client.post(list_url, answers, follow=True)
    assert "1 line is good" in words(page)


def test_a_save_that_the_database_refuses_is_given_back(signed_in, here, lead, wing, monkeypatch):
    client = signed_in(lead)
    page = brought(client, here, as_csv(lines(3)))

    def refused(saving):
        person_in(saving.prison, lead, saving.now)
        raise IntegrityError("secret words")

    monkeypatch.setattr(actions, "kind_of", lambda code: replace(kind_of(code), save=refused))
    page = press(client, page)
    assert "Something here changed while the rows were being saved, so nothing was saved." in words(page)
    assert not Person.objects.exists()
    monkeypatch.undo()
    assert "3 rows are saved." in words(press(client, page))


def test_many_rows_are_checked_again_by_a_worker(signed_in, here, lead, wing, monkeypatch):
    client = signed_in(lead)
    bad = {2: ["Z0002ZB", "Ash", "Tester", "Q"]}
    brought(client, here, as_csv(lines(3, bad=bad)))
    monkeypatch.setattr("schemes.rules.imports.CHECKED_AT_ONCE", 2)
    file = ImportFile.objects.get()
    cells = {"cell-prison_number": "Z0002ZB", "cell-first_name": "Ash", "cell-last_name": "Tester", "cell-wing": "A"}
    page = client.post(url(here, "import_row", file.token, 2), cells, follow=True)
    assert "Row 2 is kept. All rows are checked again." in words(page)
    assert page.headers["Refresh"] == "2"
    go_on_with_imports()
    file.refresh_from_db()
    assert (file.state, file.good, file.bad) == ("CHECKED", 3, 0)
