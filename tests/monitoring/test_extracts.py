"""Evaluation extracts: asked for by one, approved by another, built when safe, downloaded while they last."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from buddyscheme.accounts.models import Membership, Prison, User
from buddyscheme.audit.models import AuditEvent
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.extracts.columns import FILES
from monitoring.models import Extract, ExtractFile, Outcome
from monitoring.tasks import build_extract, build_extracts, sweep_extracts
from referrals.models import Consent, Plan
from schemes.models import Person
from tests import cast
from tests.builders import extracts as builders
from tests.builders.schemes import open_scheme

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
LIST = "/national/extracts/"
ASK = f"{LIST}ask/"
AUGUST = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
TYPED = {
    "recipient": "University of Testwick, Ola Evaluator",
    "purpose": "Whether help begins sooner.",
    "ethics_reference": "REC 26/0417",
    "agreement": "DSA-2026-12",
    "first": "2026-Q3",
    "last": "2026-Q3",
}


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def officer_of_data(db: None) -> User:
    """Decides about extracts."""
    return cast.make_staff("Dara Data", "NATIONAL_DPO", None)


@pytest.fixture
def plans(here: Prison, lead: User) -> list[Plan]:
    """Forty people who were helped from August on."""
    return builders.many_helped(here, lead, AUGUST, 40)


@pytest.fixture
def extract(here: Prison, national_lead: User, now: datetime) -> Extract:
    return builders.asked(national_lead, now)


@pytest.fixture
def built(plans: list[Plan], extract: Extract, officer_of_data: User, now: datetime) -> Extract:
    builders.approved(extract, officer_of_data, now)
    build_extract(extract_id=extract.pk)
    return Extract.objects.get(pk=extract.pk)


def page(extract: Extract, what: str = "") -> str:
    return f"{LIST}{extract.token}/{what}"


def files_of(content: bytes) -> dict[str, str]:
    """The files of a ZIP as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def rows_in(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def kept(extract: Extract) -> dict[str, str]:
    return files_of(bytes(ExtractFile.objects.get(extract=extract).content))


# The whole way -----------------------------------------------------------------------------------------


def test_one_asks_another_approves_and_the_first_downloads(
    plans: list[Plan], national_lead: User, officer_of_data: User, signed_in: SignedIn
) -> None:
    asking, deciding = signed_in(national_lead), signed_in(officer_of_data)
    answer = asking.post(ASK, TYPED)
    extract = Extract.objects.get()
    assert answer["Location"] == page(extract)
    assert "Waiting for a decision" in asking.get(page(extract)).content.decode()
    assert "REC 26/0417" in deciding.get(page(extract, "decide/")).content.decode()
    assert deciding.post(page(extract, "decide/"), {"decision": "APPROVE"}).status_code == 302
    waiting = asking.get(page(extract))
    assert "It waits for a worker" in waiting.content.decode()
    assert waiting["Refresh"] == "3"
    build_extracts()
    done = asking.get(page(extract)).content.decode()
    for words in ("Ready to download", "23 December 2026", "at least (k)"):
        assert words in done
    file = asking.get(page(extract, "extract.zip"))
    assert file["Content-Disposition"].endswith('-OFFICIAL-SENSITIVE.zip"')
    found = files_of(file.content)
    assert set(found) == {"README.txt", "operational.csv", "outcomes.csv", "costs.csv", "data-dictionary.csv"}
    assert len(rows_in(found["operational.csv"])) == 40
    assert len(rows_in(found["outcomes.csv"])) == 40


def test_the_file_says_what_it_is_who_approved_it_and_what_it_reached(built: Extract) -> None:
    text = kept(built)["README.txt"]
    for words in (
        built.reference, "REC 26/0417", "DSA-2026-12", "University of Testwick", "Nat National", "Dara Data",
        "23 November 2026", "July to September 2026", f"k reached: {built.k}", f"l reached: {built.l}",
        "fewer than 10: under 18 when help began", "Article 6(1)(e)", "never stored and is gone",
    ):  # fmt: skip
        assert words in text, words
    assert built.k is not None and built.k >= 10
    assert built.l is not None and built.l >= 2


def test_every_column_and_code_is_in_the_dictionary(built: Extract) -> None:
    files = kept(built)
    lines = rows_in(files["data-dictionary.csv"])
    for name, columns in FILES.items():
        header = next(csv.reader(io.StringIO(files[name])))
        assert header == [column.name for column in columns]
        for column in columns:
            said = [line for line in lines if (line["file"], line["column"]) == (name, column.name)]
            assert said[0]["what it means"]
            if not column.values or column.name in ("place", "missing"):
                continue
            codes = {line["code"] for line in said if line["code"]}
            used = {row[column.name] for row in rows_in(files[name])} - {""}
            assert column.name == "started" or used <= codes, column.name


def test_what_a_row_says_is_what_happened(built: Extract) -> None:
    files = kept(built)
    operational = {row["case"]: row for row in rows_in(files["operational.csv"])}
    for row in operational.values():
        assert (row["place"], row["started"], row["weeks"], row["wait"]) == ("ZTA", "2026-Q3", "9-12", "0")
        assert row["ended"] == "STILL"
        # Ten visits of ten minutes each, over eight and a half weeks; the plan goes on after that.
        assert (row["visits_done"], row["minutes_a_week"]) == ("10", "10")
    for row in rows_in(files["outcomes.csv"]):
        assert row["case"] in operational
        said = tuple(int(row[name]) for name in ("needs_start", "days_start", "lonely_start"))
        assert said in {(2, 3, 1), (4, 2, 3), (5, 4, 4)}
        assert (row["later_after"], row["for_the_person"], row["loneliness_start"]) == ("1-4", "no", "")


def test_a_correction_counts_and_what_was_said_after_the_period_does_not(
    plans: list[Plan], extract: Extract, officer_of_data: User, lead: User, now: datetime
) -> None:
    first = Outcome.objects.filter(plan=plans[0], point="START").get()
    said = {"NEEDS": 1, "DAYS": 1, "LONELY": 1}
    Outcome.objects.create(
        prison=first.prison, instrument="HELPED", person=first.person, plan=first.plan, point="START", answers=said,
        asked_on=first.asked_on, version=2, recorded_at=now, recorded_by=lead,
    )  # fmt: skip
    Outcome.objects.create(
        prison=first.prison, instrument="HELPED", person=first.person, plan=first.plan, point="LATER", answers=said,
        asked_on=date(2026, 10, 20), recorded_at=now, recorded_by=lead,
    )  # fmt: skip
    builders.approved(extract, officer_of_data, now)
    build_extract(extract_id=extract.pk)
    rows = rows_in(kept(extract)["outcomes.csv"])
    assert sum(row["needs_start"] == "1" for row in rows) == 1
    assert not [row for row in rows if row["needs_later"] == "1"]


# What it never holds -----------------------------------------------------------------------------------


def test_no_name_no_number_no_words_and_no_day_comes_out(built: Extract, plans: list[Plan], lead: User) -> None:
    files = kept(built)
    text = "".join(files[name] for name in files if name != "README.txt")
    for plan in plans:
        person = Person.objects.get(pk=plan.person_id)
        hidden = (
            person.prison_number, person.first_name, person.last_name, person.token, plan.token, plan.reference,
            plan.own_words, plan.referral.reference, "Secret", "Hidden", "1955", "1985", lead.name,
        )  # fmt: skip
        for words in hidden:
            assert words not in text, words
    assert not re.search(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}", text)
    assert not re.search(r"\b[A-Z]\d{4}[A-Z]{2}\b", text)


def test_two_extracts_of_the_same_people_cannot_be_joined_by_their_names(
    built: Extract, national_lead: User, officer_of_data: User, now: datetime
) -> None:
    second = builders.asked(national_lead, now)
    builders.approved(second, officer_of_data, now)
    build_extract(extract_id=second.pk)
    one, two = (rows_in(kept(each)["operational.csv"]) for each in (built, second))
    assert len(one) == len(two) == 40
    assert not {row["case"] for row in one} & {row["case"] for row in two}
    # Nor by their place in the file: both are in the order of their names, which are random.
    plain = [[{k: v for k, v in row.items() if k != "case"} for row in rows] for rows in (one, two)]
    assert sorted(map(str, plain[0])) == sorted(map(str, plain[1]))
    assert plain[0] != plain[1]


def test_nothing_says_that_two_cases_are_one_persons(
    plans: list[Plan], extract: Extract, officer_of_data: User, now: datetime
) -> None:
    first, second = plans[0], plans[1]
    Plan.objects.filter(pk=first.pk).update(status="ENDED", ended_at=now, ended_by=first.asked_by, end_reason="Left")
    Plan.objects.filter(pk=second.pk).update(person=first.person)
    builders.approved(extract, officer_of_data, now)
    build_extract(extract_id=extract.pk)
    rows = rows_in(kept(extract)["operational.csv"])
    assert len({row["case"] for row in rows}) == 40
    assert "person" not in rows[0]
    values = [value for row in rows for name, value in row.items() if name not in ("case", "place")]
    assert not [value for value in values if len(value) == 16]


def test_the_key_is_in_no_table(built: Extract) -> None:
    names = {field.name for model in (Extract, ExtractFile) for field in model._meta.get_fields()}
    assert not [name for name in names if "key" in name or "secret" in name]


def test_people_who_said_no_or_cannot_decide_are_left_out(
    plans: list[Plan], extract: Extract, officer_of_data: User, now: datetime
) -> None:
    no, later_no, cannot, child, unsettled = plans[1:6]
    Consent.objects.filter(plan=no, scope="SHARING").update(given=False)
    Consent.objects.filter(plan=later_no, scope="SHARING").update(
        withdrawn_at=now, withdrawn_by=Consent.objects.filter(plan=later_no)[0].taken_by
    )
    Plan.objects.filter(pk=cannot.pk).update(answer="CANNOT")
    Person.objects.filter(pk=child.person_id).update(born_on=date(2010, 1, 1))
    Person.objects.filter(pk=unsettled.person_id).update(provisional=True)
    builders.approved(extract, officer_of_data, now)
    build_extract(extract_id=extract.pk)
    found = Extract.objects.get(pk=extract.pk)
    assert found.rows == 35
    # Nobody learns that it was one child: counts under ten are not given.
    assert set(found.left_out.values()) == {None}


def test_whoever_was_helped_before_the_period_or_after_it_is_not_in_it(
    plans: list[Plan], national_lead: User, officer_of_data: User, now: datetime
) -> None:
    earlier = builders.asked(national_lead, now, first_day=date(2026, 4, 1), last_day=date(2026, 6, 30))
    builders.approved(earlier, officer_of_data, now)
    build_extract(extract_id=earlier.pk)
    assert Extract.objects.get(pk=earlier.pk).state == "UNSAFE"


# Small prisons -----------------------------------------------------------------------------------------


def test_a_prison_with_few_people_gets_no_extract_and_the_page_says_why(
    here: Prison, lead: User, national_lead: User, officer_of_data: User, signed_in: SignedIn, now: datetime
) -> None:
    builders.many_helped(here, lead, AUGUST, 9)
    extract = builders.asked(national_lead, now)
    builders.approved(extract, officer_of_data, now)
    build_extract(extract_id=extract.pk)
    shown = signed_in(national_lead).get(page(extract)).content.decode()
    assert "Not safe to hand out" in shown
    assert "Fewer than 10 people were helped in this period at these prisons" in shown
    assert not ExtractFile.objects.exists()
    assert signed_in(national_lead).get(page(extract, "extract.zip")).status_code == 403


def test_a_small_prison_is_named_by_its_kind_beside_another(
    here: Prison, lead: User, elsewhere: Prison, outsider: User, national_lead: User, officer_of_data: User,
    now: datetime,
) -> None:  # fmt: skip
    builders.many_helped(here, lead, AUGUST, 32)
    builders.many_helped(elsewhere, outsider, AUGUST, 8)
    extract = builders.asked(national_lead, now)
    builders.approved(extract, officer_of_data, now)
    build_extract(extract_id=extract.pk)
    found = Extract.objects.get(pk=extract.pk)
    assert found.steps[0] == "prisons are given by their kind"
    files = kept(found)
    assert {row["place"] for row in rows_in(files["operational.csv"])} == {"TRAINER"}
    assert "ZTB" not in files["operational.csv"] + files["costs.csv"]


# Who may -----------------------------------------------------------------------------------------------


def test_who_asks_does_not_decide_though_they_hold_both_roles(
    extract: Extract, national_lead: User, signed_in: SignedIn
) -> None:
    Membership.objects.create(user=national_lead, role="NATIONAL_DPO", starts_on=cast.SINCE)
    client = signed_in(national_lead)
    assert "You asked for this extract, so somebody else decides" in client.get(page(extract)).content.decode()
    answer = client.post(page(extract, "decide/"), {"decision": "APPROVE"})
    assert "You asked for this extract, so somebody else decides about it." in answer.content.decode()
    assert Extract.objects.get().state == "ASKED"
    with pytest.raises(IntegrityError, match="extract_second_person"), transaction.atomic():
        Extract.objects.update(state="APPROVED", decided_by=national_lead, decided_at=extract.asked_at)


def test_each_step_needs_its_own_permission(
    built: Extract, national_lead: User, officer_of_data: User, inspector: User, dpo: User, lead: User,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    for user in (inspector, dpo, lead):
        client = signed_in(user)
        for path in (LIST, ASK, page(built), page(built, "decide/"), page(built, "extract.zip")):
            assert client.get(path).status_code == 403, path
    assert signed_in(officer_of_data).get(ASK).status_code == 403
    assert signed_in(officer_of_data).get(page(built, "extract.zip")).status_code == 403
    assert signed_in(national_lead).get(page(built, "decide/")).status_code == 403


def test_only_who_asked_downloads(built: Extract, signed_in: SignedIn) -> None:
    other = signed_in(cast.make_staff("Nia National", "NATIONAL_LEAD", None))
    assert "Download (ZIP)" not in other.get(page(built)).content.decode()
    answer = other.get(page(built, "extract.zip"))
    assert answer.status_code == 403
    assert "Only who asked for this extract downloads it." in answer.content.decode()


def test_an_extract_that_is_not_there(here: Prison, national_lead: User, signed_in: SignedIn) -> None:
    assert signed_in(national_lead).get(f"{LIST}nothing/").status_code == 404


# States ------------------------------------------------------------------------------------------------


def test_a_refusal_says_why_and_nothing_is_read(
    extract: Extract, national_lead: User, officer_of_data: User, signed_in: SignedIn
) -> None:
    client = signed_in(officer_of_data)
    assert "Enter why it is refused" in client.post(page(extract, "decide/"), {"decision": "REFUSE"}).content.decode()
    client.post(page(extract, "decide/"), {"decision": "REFUSE", "reason": "The agreement has ended."})
    build_extracts()
    shown = signed_in(national_lead).get(page(extract)).content.decode()
    assert "Refused" in shown
    assert "The agreement has ended." in shown
    again = client.post(page(extract, "decide/"), {"decision": "APPROVE"}).content.decode()
    assert "This extract is decided already." in again
    assert signed_in(national_lead).get(page(extract, "extract.zip")).status_code == 403


def test_nothing_is_built_before_somebody_approves(plans: list[Plan], extract: Extract) -> None:
    build_extracts()
    build_extract(extract_id=extract.pk)
    assert Extract.objects.get().state == "ASKED"
    assert not ExtractFile.objects.exists()


def test_building_twice_makes_one_file_and_a_dead_worker_is_not_waited_for(
    plans: list[Plan], extract: Extract, officer_of_data: User, now: datetime
) -> None:
    builders.approved(extract, officer_of_data, now)
    # Another worker has it in hand since a moment ago.
    Extract.objects.update(taken_at=now - timedelta(minutes=1))
    build_extract(extract_id=extract.pk)
    assert Extract.objects.get().state == "APPROVED"
    Extract.objects.update(taken_at=now - timedelta(minutes=20))
    build_extract(extract_id=extract.pk)
    digest = Extract.objects.get().digest
    build_extract(extract_id=extract.pk)
    assert Extract.objects.get().digest == digest
    assert ExtractFile.objects.count() == 1


def test_how_far_it_is_can_be_seen(
    extract: Extract, officer_of_data: User, national_lead: User, signed_in: SignedIn, now: datetime
) -> None:
    builders.approved(extract, officer_of_data, now)
    Extract.objects.update(taken_at=now, prisons_read=12, prisons_all=122)
    shown = signed_in(national_lead).get(page(extract)).content.decode()
    assert "12 of 122 prisons are read." in shown
    assert '<progress class="app-progress" max="122" value="12"' in shown


def test_it_lasts_thirty_days_and_then_its_file_is_gone(
    built: Extract, national_lead: User, signed_in: SignedIn, now: datetime
) -> None:
    with time_machine.travel(now + timedelta(days=30), tick=False):
        sweep_extracts()
        assert signed_in(national_lead).get(page(built, "extract.zip")).status_code == 200
    with time_machine.travel(now + timedelta(days=31), tick=False):
        client = signed_in(national_lead)
        # Before the task has come by as well.
        assert client.get(page(built, "extract.zip")).status_code == 403
        sweep_extracts()
        sweep_extracts()
        shown = client.get(page(built)).content.decode()
    assert "Expired and deleted" in shown
    assert not ExtractFile.objects.exists()
    assert Extract.objects.get().k == built.k
    assert AuditEvent.objects.filter(code="extract.expired").count() == 1


# What is asked and shown -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"recipient": ""}, "Enter who receives the extract"),
        ({"purpose": " "}, "Enter what the evaluation is to find out"),
        ({"ethics_reference": ""}, "Enter the reference of the ethics or research committee"),
        ({"agreement": ""}, "Enter the reference of the data sharing agreement"),
        ({"first": ""}, "Select the first quarter"),
        ({"first": "2026-Q3", "last": "2026-Q2"}, "The last quarter must not be before the first"),
        ({"first": "2023-Q1", "last": "2026-Q3"}, "Choose 12 quarters at most"),
        ({"last": "2026-Q4"}, "Select one of the answers on the page"),
        ({"prisons": "XXX"}, "Select only from the answers on the page"),
    ],
)
def test_answers_that_cannot_be(
    changes: dict[str, str], sentence: str, here: Prison, national_lead: User, signed_in: SignedIn
) -> None:
    answer = signed_in(national_lead).post(ASK, {**TYPED, **changes})
    assert sentence in answer.content.decode()
    assert not Extract.objects.exists()


def test_chosen_prisons_are_the_only_ones_read(
    plans: list[Plan], elsewhere: Prison, outsider: User, national_lead: User, officer_of_data: User,
    signed_in: SignedIn, now: datetime,
) -> None:  # fmt: skip
    with scoped(DatabaseRole.WEB, prisons=[elsewhere.code]):
        open_scheme(elsewhere, outsider, cast.make_wing(elsewhere), AUGUST)
    extract = builders.asked(national_lead, now, prisons=["ZTA"])
    builders.approved(extract, officer_of_data, now)
    build_extract(extract_id=extract.pk)
    found = Extract.objects.get(pk=extract.pk)
    assert (found.prisons_read, found.prisons_all) == (1, 1)
    assert "Testwick" in kept(found)["README.txt"]
    assert "Testwick" in signed_in(national_lead).get(page(extract)).content.decode()


def test_who_decides_sees_what_else_is_out_about_the_same_people(
    built: Extract, national_lead: User, officer_of_data: User, signed_in: SignedIn, now: datetime
) -> None:
    second = builders.asked(national_lead, now, prisons=["ZTA"], first_day=date(2026, 1, 1))
    other_days = builders.asked(national_lead, now, first_day=date(2025, 7, 1), last_day=date(2025, 9, 30))
    client = signed_in(officer_of_data)
    shown = client.get(page(second)).content.decode()
    assert built.reference in shown
    assert "January 2026 to September 2026" in shown
    assert built.reference not in client.get(page(other_days)).content.decode()


def test_every_step_and_every_download_stands_in_the_audit_and_in_the_list(
    built: Extract, national_lead: User, officer_of_data: User, signed_in: SignedIn
) -> None:
    client = signed_in(national_lead)
    for _ in range(2):
        client.get(page(built, "extract.zip"))
    events = AuditEvent.objects.filter(subject_type="monitoring.extract").order_by("id")
    assert [(event.code, event.actor_kind, event.actor_id) for event in events] == [
        ("extract.asked", "staff", national_lead.pk),
        ("extract.approved", "staff", officer_of_data.pk),
        ("extract.built", "system", None),
        ("exported", "staff", national_lead.pk),
        ("exported", "staff", national_lead.pk),
    ]
    assert events[4].details == {"rows": 40, "format": "zip", "digest": built.digest}
    [row] = signed_in(officer_of_data).get(LIST).context["table"].rows
    assert (row.text, row.cells[-1], row.tag.text) == (built.reference, "2", "Ready to download")
