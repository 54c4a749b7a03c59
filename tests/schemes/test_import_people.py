"""Bringing people from a spreadsheet: matched, read, checked, mended, and saved all at once or not at all."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from schemes.actions import imports as actions
from schemes.imports.registry import kind_of, kinds_for
from schemes.models import Custody, ImportColumns, ImportContent, ImportFile, ImportRow, Person
from schemes.queries.imports import check_all
from schemes.rules.imports import KEPT_AFTER, KEPT_UNTOUCHED
from schemes.tasks import go_on_with_imports
from tests.builders.schemes import arrived, person_in
from tests.cast import acts

pytestmark = pytest.mark.django_db

HEAD = ("Prison number", "First name", "Last name", "Wing", "Landing", "Cell")


def number(n: int) -> str:
    return f"Z{n:04d}ZB"


def lines(count: int, **changes):
    """Good rows, but where `changes` (row in the file → cells) say otherwise."""
    found = [[number(n), "Ash", f"Tester{n}", "A", "1", f"1-{n % 90 + 10}"] for n in range(2, count + 2)]
    for place, cells in changes.get("bad", {}).items():
        found[place - 2] = cells
    return found


def as_csv(rows, head=HEAD, delimiter=",", encoding="utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    return out.getvalue().encode(encoding)


def as_xlsx(rows, head=HEAD) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, day = book.add_worksheet("People"), book.add_format({"num_format": "dd/mm/yyyy"})
    for place, cells in enumerate([head, *rows]):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(place, column, cell, day)
            elif isinstance(cell, str) and cell.startswith("="):
                sheet.write_formula(place, column, cell)
            else:
                sheet.write(place, column, cell)
    book.close()
    return out.getvalue()


def url(here: Prison, name: str = "import_new", *args) -> str:
    return reverse(f"schemes:{name}", args=[here.code, *args])


def send(client, here, content, name="people.csv", kind="PEOPLE"):
    return client.post(url(here), {"kind": kind, "file": SimpleUploadedFile(name, content)}, follow=True)


def brought(client, here, content, name="people.csv", kind="PEOPLE"):
    """The file's page once a worker has read and checked it, its columns as they were guessed."""
    page = send(client, here, content, name, kind)
    form = page.context["form"]
    assert not form.errors, form.errors
    guessed = {field: str(place) for field, place in ImportFile.objects.latest("id").columns.items()}
    client.post(page.request["PATH_INFO"], guessed, follow=True)
    go_on_with_imports()
    return client.get(url(here, "import_file", ImportFile.objects.latest("id").token))


def press(client, page, **answers):
    """The button, and the worker's turn."""
    client.post(page.request["PATH_INFO"], answers)
    go_on_with_imports()
    return client.get(page.request["PATH_INFO"])


def words(page) -> str:
    return " ".join(page.content.decode().split())


BAD = {
    12: [number(12), "Ash", "Tester12", "Q", "1", "1-10"],
    40: [number(40), "Ash", "Tester40", "A", "7", "1-10"],
    77: [number(77), "Ash", "Tester77", "A", "", "9-01"],
    120: ["A12", "Ash", "Tester120", "A", "1", "1-10"],
    121: [number(3), "Ash", "Tester3", "A", "1", "1-13"],
    300: [number(300), "", "Tester300", "A", "1", "1-10"],
    501: [number(501), "Ash", "Tester501", "A", "2", "1-10"],
}


def test_500_rows_of_which_7_are_wrong_are_mended_and_saved_at_once(signed_in, here, lead, wing):
    client = signed_in(lead)
    page = brought(client, here, as_xlsx(lines(500, bad=BAD)), "people.xlsx")
    file = ImportFile.objects.get()
    assert (file.good, file.bad, file.state) == (493, 7, "CHECKED")
    assert [row.number for row in page.context["page"]] == sorted(BAD)
    said = words(page)
    assert "493 rows are good." in said
    assert "7 rows have to be mended or left out." in said
    assert "There is no wing “Q” here. Write one of: A." in said
    assert "Cell: A wing has landings up to 3, so there is no cell 9-01." in said
    assert "Row 3 says the same already." in said
    assert "First name: This is empty. Fill it in." in said
    assert "Cell 1-10 is not on landing 2." in said
    assert not Person.objects.exists()

    # Nothing is saved while rows are to be mended, unless they are left out.
    refused = client.post(page.request["PATH_INFO"], {})
    assert "7 rows have to be mended first." in refused.content.decode()

    # One on the page, one left out, the others in the file of the rows to mend.
    row = client.get(url(here, "import_row", file.token, 12))
    cells = {f"cell-{name}": value for name, value in ImportRow.objects.get(number=12).said.items()}
    assert "There is no wing" in row.content.decode()
    client.post(row.request["PATH_INFO"], cells | {"cell-wing": "a WING"})
    client.post(url(here, "import_row", file.token, 121), {"cell-wing": "A", "left_out": "on"})
    download = client.get(url(here, "import_bad_rows", file.token))
    table = list(csv.reader(io.StringIO(download.content.decode("utf-8-sig"))))
    assert [line[0] for line in table[1:]] == ["40", "77", "120", "300", "501"]
    good = lines(500)
    for line in table[1:]:
        mended = dict(zip(HEAD, good[int(line[0]) - 2], strict=True))
        line[1:] = [mended.get(name, cell) for name, cell in zip(table[0][1:], line[1:], strict=True)]
    content = as_csv(table[1:], head=table[0])
    client.post(url(here, "import_mended", file.token), {"file": SimpleUploadedFile("mended.csv", content)})
    file.refresh_from_db()
    assert (file.good, file.bad, file.left_out) == (499, 0, 1)

    page = press(client, page)
    assert "499 rows are saved." in words(page)
    assert Custody.objects.filter(prison=here, wing=wing).count() == 499
    assert Person.objects.get(prison_number=number(12)).last_name == "Tester12"
    event = AuditEvent.objects.get(code="import.committed")
    assert (event.actor_id, event.actor_roles, event.details["saved"]) == (lead.pk, "LEAD", 499)

    # A second press does nothing twice; the same file again changes nothing.
    press(client, page)
    assert Custody.objects.count() == 499
    again = lines(500)
    again[10][5] = "1-10"
    del again[119]
    page = brought(client, here, as_csv(again))
    assert "499 rows are here already and change nothing." in words(page)
    assert "There is nothing new to save." in words(page)


def test_somebody_who_is_here_is_moved_and_corrected_where_the_row_says_otherwise(
    signed_in, here, lead, wing, now, at_prison
):
    with at_prison(here):
        person = person_in(here, lead, now, number=number(2), wing=wing, landing=1, cell="1-12", last_name="Tester2")
    head = (*HEAD, "DOB", "Release date", "Languages")
    row = [number(2), "Ash", "Tester2", "A", "2", "2-01", date(1951, 3, 27), date(2030, 1, 2), "Welsh, English"]
    client = signed_in(lead)
    page = press(client, brought(client, here, as_xlsx([row], head=head)))
    assert "1 row is saved." in words(page)
    person.refresh_from_db()
    custody = Custody.objects.get(person=person)
    assert (custody.landing, custody.cell, custody.release_on) == (2, "2-01", date(2030, 1, 2))
    assert (person.born_on, person.languages) == (date(1951, 3, 27), ["Welsh", "English"])
    brought(client, here, as_xlsx([row], head=head))
    assert ImportFile.objects.latest("id").already == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("people.csv", as_xlsx([["=1+1"]])[:200], "This is not an Excel workbook, or it is damaged."),
        ("people.xlsx", b"%PDF-1.7 \x00", "This is not a spreadsheet, whatever its name says."),
        ("people.xlsx", b"\xd0\xcf\x11\xe0 old", "This is an old Excel file, or one with a password."),
        ("people.xlsx", as_xlsx([[number(2), "=A1", "Tester"]]), "The sheet has formulas, the first in cell B2."),
        ("people.csv", as_csv([]), "The file has no row below the headings."),
        ("people.csv", as_csv(lines(5001)), "The file has 5,001 rows and there is room for 5,000."),
        ("people.doc", as_csv(lines(1)), "Choose a file that ends in .csv or .txt or .xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_in_one_sentence(signed_in, here, lead, wing, name, content, sentence):
    page = send(signed_in(lead), here, content, name)
    assert sentence in page.content.decode()
    assert not ImportFile.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        as_csv([[number(2), "Siân", "Tester2", "A", "1", "1-12"]], encoding="latin-1"),
        as_csv([[number(2), "Siân", "Tester2", "A", "1", "1-12"]], delimiter=";", encoding="utf-8-sig"),
        as_csv([[number(2), "Siân", "Tester2", "A", "1", "1-12"]], delimiter="\t", encoding="utf-16"),
    ],
    ids=["Latin-1", "semicolons and a mark", "Unicode text"],
)
def test_what_spreadsheets_save_as_text_is_read(signed_in, here, lead, wing, content):
    client = signed_in(lead)
    press(client, brought(client, here, content))
    assert Person.objects.get().first_name == "Siân"


def test_a_release_date_that_has_passed_is_asked_about_unless_it_is_on_record(
    signed_in, here, lead, wing, now, at_prison, clock
):
    with at_prison(here):
        person_in(here, lead, now, number(2), first_name="Ash", last_name="Tester2", wing=wing, release_on=now.date())
    clock.move_to(now + timedelta(days=2))
    rows = [[number(2), "Ash", "Tester2", "A", "23/11/2026"], [number(3), "Ash", "Tester3", "A", "23/11/2026"]]
    page = brought(signed_in(lead), here, as_csv(rows, head=(*HEAD[:4], "Release date")))
    assert (ImportFile.objects.get().already, ImportFile.objects.get().bad) == (1, 1)
    assert "Enter a release date from today on, or leave it empty." in words(page)
    with at_prison(here), pytest.raises(NotAllowed, match="release date from today on"):
        arrived(here, lead, now, 0, release_on=now.date() - timedelta(days=1))


def test_dates_that_are_none_have_a_sentence_each(signed_in, here, lead, wing):
    rows = [[number(n), "Ash", "Tester", "A", typed] for n, typed in enumerate(("31/2/1950", "45123", "27/3/2024"), 2)]
    page = brought(signed_in(lead), here, as_csv(rows, head=("Prison number", "First name", "Surname", "Wing", "DOB")))
    said = words(page)
    assert "“31/2/1950” is not a date. Write it like 27/3/2025." in said
    assert "“45123” is how a spreadsheet counts days." in said
    assert "the person would be under 15 or over 120" in said


def test_columns_are_guessed_and_remembered_and_each_is_used_once(signed_in, here, lead, wing):
    client = signed_in(lead)
    head = ("Nr", "Forename", "Surname", "House block")
    rows = [[number(2), "Ash", "Tester2", "A"]]
    page = send(client, here, as_csv(rows, head=head))
    assert ImportFile.objects.get().columns == {"first_name": 1, "last_name": 2, "wing": 3}
    answer = client.post(page.request["PATH_INFO"], {"first_name": "1", "last_name": "2", "wing": "3"})
    assert "Select the column that holds “Prison number”" in answer.content.decode()
    double = {"prison_number": "1", "first_name": "1", "last_name": "2", "wing": "3"}
    assert "selected for something else already" in client.post(page.request["PATH_INFO"], double).content.decode()
    client.post(page.request["PATH_INFO"], double | {"prison_number": "0"})
    assert ImportColumns.objects.get().headings["prison_number"] == "Nr"
    send(client, here, as_csv(rows, head=head))
    assert ImportFile.objects.latest("id").columns["prison_number"] == 0


def test_reading_goes_on_where_a_killed_worker_left_it(signed_in, here, lead, wing, now, at_prison, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 10)
    client = signed_in(lead)
    page = send(client, here, as_csv(lines(35)))
    file = ImportFile.objects.get()
    client.post(page.request["PATH_INFO"], {name: str(place) for name, place in file.columns.items()})
    numbered = [(place, cells) for place, cells in enumerate(lines(35), start=2)]
    with at_prison(here):
        assert actions.stage_rows(by=acts(lead, here), now=now, file=file, rows=numbered)

    waiting = client.get(url(here, "import_file", file.token))
    assert "Checked against" not in words(waiting)
    assert waiting.headers["Refresh"] == "2"
    assert "10 of 35 rows are read." in words(waiting)

    # Killed in the middle of the next part: what was read stays, and the part begins anew.
    monkeypatch.setattr(actions, "insert_missing", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        go_on_with_imports()
    monkeypatch.undo()
    assert ImportRow.objects.count() == 10
    go_on_with_imports()
    file.refresh_from_db()
    assert (file.state, file.good, ImportRow.objects.count()) == ("CHECKED", 35, 35)
    assert "Checked against what is on record here at " in words(client.get(url(here, "import_file", file.token)))
    assert not ImportContent.objects.exists()
    with at_prison(here):
        assert not actions.stage_rows(by=acts(lead, here), now=now, file=file, rows=numbered)
        assert not actions.save_rows(by=acts(lead, here), now=now, file=file)


def test_a_file_that_fails_keeps_no_other_prison_waiting(signed_in, here, lead, wing, monkeypatch):
    client = signed_in(lead)
    for name in ("first.csv", "second.csv"):
        page = send(client, here, as_csv(lines(1)), name)
        columns = ImportFile.objects.latest("id").columns
        client.post(page.request["PATH_INFO"], {field: str(place) for field, place in columns.items()})
    first, second = ImportFile.objects.order_by("id")
    read = actions.stage_rows

    def fails(*, file, **rest):
        if file.pk == first.pk:
            raise DataError("of the database")
        return read(file=file, **rest)

    monkeypatch.setattr(actions, "stage_rows", fails)
    go_on_with_imports()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("STAGING", "CHECKED")
    # Nobody can go on with it, so its rows go when their days are over.
    assert actions.empty_old(by=acts(lead, here), now=second.touched_at + timedelta(minutes=1) + KEPT_UNTOUCHED) == 2
    first.refresh_from_db()
    assert first.state == "DROPPED"


def test_a_mended_file_without_a_column_leaves_what_the_rows_said(signed_in, here, lead, wing, now, at_prison):
    client = signed_in(lead)
    brought(client, here, as_csv(lines(2, bad={3: [number(3), "Ash", "Tester3", "Q", "1", "1-10"]})))
    file = ImportFile.objects.get()
    mended = as_csv([["3", "A", ""]], head=("Row", "Wing", "Landing"))
    client.post(url(here, "import_mended", file.token), {"file": SimpleUploadedFile("mended.csv", mended)})
    row = ImportRow.objects.get(number=3)
    # What stands in the file counts, also where it was emptied; a column that is not there says nothing.
    assert (row.state, row.said["last_name"], row.said["cell"], row.said["wing"]) == ("GOOD", "Tester3", "1-10", "A")
    assert "landing" not in row.said


def test_what_changed_between_look_and_save_is_shown_and_nothing_is_saved(signed_in, here, lead, wing, now, at_prison):
    client = signed_in(lead)
    page = brought(client, here, as_csv(lines(5)))
    wing.closed = True
    wing.save()
    page = press(client, page)
    assert "5 rows are no longer good. Nothing is saved." in words(page)
    assert not Person.objects.exists()
    wing.closed = False
    wing.save()
    file = ImportFile.objects.get()
    with at_prison(here):
        actions.mend_rows(by=acts(lead, here), now=now, file=file, rows={2: ImportRow.objects.get(number=2).said})
    press(client, page)
    assert Person.objects.count() == 5


def test_the_check_asks_no_more_for_many_rows_than_for_two(signed_in, here, lead, wing, at_prison):
    client, asked = signed_in(lead), []
    for count in (2, 60):
        brought(client, here, as_csv(lines(count)))
        file = ImportFile.objects.latest("id")
        with at_prison(here), CaptureQueriesContext(connection) as captured:
            check_all(file, kind_of("PEOPLE"), date(2026, 11, 23))
        asked.append(len(captured))
    # One statement, between two that say how to plan it.
    assert asked[0] == asked[1] == 3


def test_only_lead_and_administrator_and_only_their_own_prison(signed_in, here, lead, admin, officer, outsider, wing):
    brought(signed_in(admin), here, as_csv(lines(1)))
    token = ImportFile.objects.get().token
    assert signed_in(lead).get(url(here, "import_file", token)).status_code == 200
    assert signed_in(officer).get(url(here, "import_file", token)).status_code == 403
    elsewhere = reverse("schemes:import_file", args=["ZTB", token])
    assert signed_in(outsider).get(elsewhere).status_code == 404
    # What an administrator may not type, an administrator may not bring.
    offered = {choice[0] for choice in signed_in(admin).get(url(here)).context["form"].fields["kind"].choices}
    assert offered == {"PEOPLE", "REGIME"}
    assert signed_in(admin).get(url(here, "import_guide", "keep-apart")).status_code == 404


def test_rows_are_deleted_when_their_days_are_over(signed_in, here, lead, wing, now):
    client = signed_in(lead)
    press(client, brought(client, here, as_csv(lines(2))))
    brought(client, here, as_csv(lines(2)))
    newest = ImportFile.objects.latest("id")
    by, later = acts(lead, here), newest.touched_at + timedelta(minutes=1)
    assert actions.empty_old(by=by, now=newest.touched_at) == 0
    assert actions.empty_old(by=by, now=later + KEPT_AFTER) == 1
    assert set(ImportRow.objects.values_list("file", flat=True)) == {newest.pk}
    assert actions.empty_old(by=by, now=later + KEPT_UNTOUCHED) == 1
    assert not ImportRow.objects.exists()
    newest.refresh_from_db()
    assert newest.state == "DROPPED"
    assert AuditEvent.objects.filter(code="import.emptied").count() == 2


def test_an_import_is_thrown_away_with_its_rows_unless_it_is_saved(signed_in, here, lead, wing, now, at_prison):
    client = signed_in(lead)
    page = brought(client, here, as_csv(lines(2)))
    file = ImportFile.objects.get()
    press(client, page)
    assert "cannot be thrown away" in client.post(url(here, "import_drop", file.token)).content.decode()
    with at_prison(here), pytest.raises(NotAllowed, match="are saved already"):
        actions.mend_rows(by=acts(lead, here), now=now, file=file, rows={2: {}})
    brought(client, here, as_csv(lines(2)))
    file = ImportFile.objects.latest("id")
    assert "The import is gone." in client.post(url(here, "import_drop", file.token), follow=True).content.decode()
    assert not ImportRow.objects.filter(file=file).exists()


def test_every_template_with_its_example_is_understood(signed_in, here, lead):
    client, today = signed_in(lead), london_today(timezone.now())
    for kind in kinds_for(frozenset(Permission)):
        code = kind.code.lower().replace("_", "-")
        assert client.get(url(here, "import_guide", code)).status_code == 200
        template = client.get(url(here, "import_template", code)).content.decode("utf-8-sig")
        head = next(csv.reader(io.StringIO(template)))
        brought(client, here, as_csv([[field.example_on(today) for field in kind.fields]], head=head), kind=kind.code)
        row = ImportRow.objects.latest("id")
        assert set(ImportFile.objects.latest("id").columns) == set(kind.labels)
        assert row.shape == [], (kind.code, row.shape)
