"""People, with where they are. Somebody who is here already is moved or corrected where the row says something else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.errors import NotAllowed
from schemes.actions.people import DETAILS, add_person, change_person, move_cell, set_release_date
from schemes.imports import reading
from schemes.imports.registry import Field, Kind, RowRefused, Saving, register
from schemes.imports.sql import PEOPLE_HERE
from schemes.models import Custody, Person, Source
from schemes.queries.people import custodies_of
from schemes.rules.people import check_born, check_cell

FIELDS = (
    Field(
        name="prison_number", label="Prison number", meaning="One letter, four digits and two letters.",
        example="Z1234ZA", read=reading.prison_number, needed=True,
        also=("NOMS", "NOMS number", "NOMIS number", "Number", "Prisoner number", "Offender number"),
    ),
    Field(
        name="first_name", label="First name", meaning="As on the prison’s own list.", example="Jo",
        read=reading.words(60), needed=True, also=("Forename", "Given name", "First"),
    ),
    Field(
        name="last_name", label="Last name", meaning="As on the prison’s own list.", example="Sample",
        read=reading.words(60), needed=True, also=("Surname", "Family name", "Last"),
    ),
    Field(
        name="preferred_name", label="Preferred name", meaning="What the person likes to be called, if it differs.",
        example="Joe", read=reading.words(60), also=("Known as", "Likes to be called"),
    ),
    Field(
        name="born_on", label="Date of birth", meaning="A date like 27/3/1951.", example="27/3/1951",
        read=reading.day(), sql="date", also=("DOB", "Born", "Born on", "Birth date"),
    ),
    Field(
        name="wing", label="Wing", meaning="The code or the name of a wing of this prison.", example="A",
        read=reading.words(40), needed=True, missing="The wing is empty. Write its code or its name.",
        also=("House block", "Houseblock", "Unit", "Location wing"),
    ),
    Field(
        name="landing", label="Landing", meaning="A number; 0 is the ground floor.", example="1",
        read=reading.whole(0, 20), sql="int", also=("Floor", "Level", "Spur"),
    ),
    Field(
        name="cell", label="Cell", meaning="As on the door.", example="1-14", read=reading.words(12),
        also=("Cell number", "Location", "Room"),
    ),
    Field(
        name="release_on", label="Release date", meaning="The date of release, if it is known.", example="1/12/2027",
        read=reading.day(ahead=timedelta(days=365 * 60)), sql="date",
        also=("Release", "Release on", "CRD", "Conditional release date"),
    ),
    Field(
        name="sex", label="Sex", meaning="Female, Male or Not known.", example="Male",
        read=reading.one_of(Person.Sex.choices, {"F": "FEMALE", "M": "MALE", "Unknown": "UNKNOWN"}), also=("Gender",),
    ),
    Field(
        name="ethnicity", label="Ethnic group",
        meaning="As the person says: " + ", ".join(Person.Ethnicity.labels) + ".", example="White",
        read=reading.one_of(Person.Ethnicity.choices, {"Unknown": "UNKNOWN"}), also=("Ethnicity",),
    ),
    Field(
        name="disability", label="Disability", meaning="As the person says: Yes, No or Not known.", example="Not known",
        read=reading.one_of(Person.Disability.choices, {"Y": "YES", "N": "NO", "Unknown": "UNKNOWN"}),
        also=("Disabled",),
    ),
    Field(
        name="languages", label="Languages", meaning="With commas between them.", example="Welsh, English",
        read=reading.listed_words(30), sql="jsonb", also=("Language", "Languages spoken", "First language"),
    ),
)  # fmt: skip

# A wing is meant by its code or by its name.
WING = "w.prison_id = %(prison)s AND NOT w.closed AND lower(r.wing) IN (lower(w.code), lower(w.name))"
# The wing's code may stand in front of the cell's own number.
WITHOUT_WING = (
    "substr(upper(r.cell), CASE WHEN starts_with(upper(r.cell), upper(w.code)) THEN length(w.code) + 1 ELSE 1 END)"
)
CHECKS = (
    f"""SELECT r.id, 'wing', 'There is no wing “' || left(r.wing, 40) || '” here. Write one of: ' ||
               coalesce((SELECT string_agg(w.code, ', ' ORDER BY w.code) FROM accounts_wing w
                         WHERE w.prison_id = %(prison)s AND NOT w.closed), 'none yet') || '.'
        FROM r LEFT JOIN accounts_wing w ON {WING} WHERE r.wing IS NOT NULL AND w.id IS NULL""",
    f"""SELECT r.id, 'landing', w.name || ' has landings up to ' || w.landings || '. Check the landing.'
        FROM r JOIN accounts_wing w ON {WING} WHERE r.landing > w.landings""",
    f"""SELECT r.id, 'cell', w.name || ' has landings up to ' || w.landings || ', so there is no cell ' || r.cell ||
               '. Check the cell and the wing.'
        FROM r JOIN accounts_wing w ON {WING}
        WHERE substring({WITHOUT_WING} FROM '^[A-Z]?([0-9]{{1,2}})[-/ ‑][0-9]')::int > w.landings""",
    f"""SELECT r.id, 'release_on', 'Enter a release date from today on, or leave it empty.'
        FROM r LEFT JOIN ({PEOPLE_HERE}) h ON h.prison_number = r.prison_number
        LEFT JOIN schemes_custody c ON c.person_id = h.id AND c.prison_id = %(prison)s AND c.ended_at IS NULL
        WHERE r.release_on < %(today)s AND c.release_on IS DISTINCT FROM r.release_on""",
)
# Here already, and everything that the row says is on the record.
ALREADY = f"""
    SELECT r.id FROM r
    JOIN ({PEOPLE_HERE}) h ON h.prison_number = r.prison_number
    JOIN schemes_person p ON p.id = h.id
    JOIN schemes_custody c ON c.person_id = p.id AND c.prison_id = %(prison)s AND c.ended_at IS NULL
    JOIN accounts_wing w ON {WING}
    WHERE c.wing_id = w.id
      AND p.first_name = r.first_name AND p.last_name = r.last_name
      AND coalesce(r.preferred_name, p.preferred_name) = p.preferred_name
      AND coalesce(r.born_on, p.born_on) IS NOT DISTINCT FROM p.born_on
      AND coalesce(r.landing, c.landing) IS NOT DISTINCT FROM c.landing
      AND coalesce(upper(r.cell), c.cell) = c.cell
      AND coalesce(r.release_on, c.release_on) IS NOT DISTINCT FROM c.release_on
      AND coalesce(r.sex, p.sex) = p.sex AND coalesce(r.ethnicity, p.ethnicity) = p.ethnicity
      AND coalesce(r.disability, p.disability) = p.disability
      AND (r.languages IS NULL OR r.languages = to_jsonb(p.languages))"""


def _rule(row: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    problems = []
    try:
        check_born(date.fromisoformat(row["born_on"]) if "born_on" in row else None, today)
    except NotAllowed as error:
        problems.append(("born_on", str(error)))
    try:
        check_cell(row.get("cell", ""), row.get("landing"), row["wing"])
    except NotAllowed as error:
        problems.append(("cell", str(error)))
    return problems


def _save(saving: Saving) -> int:
    rows = saving.rows()
    wings = {
        name.casefold(): wing
        for wing in Wing.objects.filter(prison=saving.prison, closed=False)
        for name in (wing.name, wing.code)
    }
    numbers = [row["prison_number"] for _, row in rows]
    custodies = custodies_of(saving.prison).filter(person__prison_number__in=numbers)
    here = {custody.person.prison_number: custody for custody in custodies}
    for number, row in rows:
        try:
            _save_one(saving, row, wings[row["wing"].casefold()], here.get(row["prison_number"]))
        except NotAllowed as error:
            raise RowRefused(number, error) from None
    return len(rows)


def _save_one(saving: Saving, row: dict[str, Any], wing: Wing, custody: Custody | None) -> None:
    given: dict[str, Any] = {name: row[name] for name in DETAILS if name in row}
    more: dict[str, Any] = {}
    if "born_on" in given:
        given["born_on"] = date.fromisoformat(given["born_on"])
    release_on = date.fromisoformat(row["release_on"]) if "release_on" in row else None
    if release_on is not None:
        more["release_on"] = release_on
    landing, cell = row.get("landing"), row.get("cell", "")
    by, now, prison = saving.by, saving.now, saving.prison
    if custody is None:
        add_person(
            by=by, now=now, prison=prison, prison_number=row["prison_number"], wing=wing, landing=landing, cell=cell,
            **given, **more,
        )  # fmt: skip
        return
    person = custody.person
    if any(getattr(person, name) != value for name, value in given.items()):
        change_person(by=by, now=now, prison=prison, person=person, version=person.version, **given)
    moved_wing = custody.wing_id != wing.pk
    # A landing or a cell that the row leaves empty stays, unless it belonged to another wing.
    landing = landing if landing is not None or moved_wing else custody.landing
    cell = cell.upper() if cell or moved_wing else custody.cell
    if moved_wing or (landing, cell) != (custody.landing, custody.cell):
        move_cell(by=by, now=now, custody=custody, wing=wing, landing=landing, cell=cell, source=Source.IMPORT)
    if release_on is not None and release_on != custody.release_on:
        set_release_date(by=by, now=now, custody=custody, release_on=release_on)


PEOPLE = register(
    Kind(
        code="PEOPLE",
        name="People and cells",
        row="one person",
        lead="Who is here, and where. People who are here already are moved or corrected where a row says otherwise.",
        fields=FIELDS,
        key=("prison_number",),
        checks=CHECKS,
        already=ALREADY,
        save=_save,
        order=10,
        rule=_rule,
        then=("schemes:people", "People"),
    )
)
