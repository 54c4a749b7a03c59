"""Figures as files: the same as the pages say, nothing that a spreadsheet runs, and every download accounted for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZipFile

import pytest
import time_machine
from django.test import Client
from python_calamine import CalamineWorkbook

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.csv_safe import DANGEROUS_START
from buddyscheme.outbox.models import Message
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.measures.catalogue import MEASURES
from monitoring.measures.definition import Measure
from monitoring.models import Figure, MeasureWords, Release, ReleaseFigure, ReleaseFile, TypedFigure
from monitoring.models.wording import AMENDED
from tests.builders import published
from tests.builders.schemes import open_scheme

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
NAMES = ["figures.csv", "figures.xlsx", "data-dictionary.csv", "README.txt"]
PLANTED = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1"]


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scheme(here: Prison, lead: User, wing: Wing) -> None:
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        open_scheme(here, lead, wing, datetime(2026, 5, 4, 9, 0, tzinfo=UTC))


@pytest.fixture
def publish(scheme: None, national_lead: User, signed_in: SignedIn) -> Callable[..., Release]:
    def make(note: str = "") -> Release:
        said = {"quarter": "2026-Q3", "note": note}
        return published.publish(signed_in(national_lead), published.QUARTER, said)

    return make


@pytest.fixture
def figure(here: Prison, scheme: None, now: datetime) -> Figure:
    """Three of four visits, exact."""
    return Figure.objects.create(
        prison=here, period="2026-10", first_day=date(2026, 10, 1), measure="OP-07", state="VALUE",
        value=Decimal("0.75"), numerator=3, denominator=4, n=4, completeness=Decimal("0.8"), definition_version=1,
        computed_at=now,
    )  # fmt: skip


@pytest.fixture
def typed(here: Prison, lead: User, scheme: None, now: datetime) -> Callable[[str], TypedFigure]:
    def given(source: str) -> TypedFigure:
        return TypedFigure.objects.create(
            prison=here, period="2026-Q4", first_day=date(2026, 10, 1), measure="OP-26a", value=2, source=source,
            version=1, entered_at=now, entered_by=lead,
        )  # fmt: skip

    return given


def amended(measure: Measure, by: User, now: datetime, **words: str) -> None:
    said = {name: getattr(measure, name) for name in AMENDED}
    MeasureWords.objects.create(
        **{**said, "basis": measure.basis.value, **words}, measure=measure.code, reason="Plainer", amended_at=now,
        amended_by=by,
    )  # fmt: skip


def opened(answer: object) -> ZipFile:
    assert answer["Content-Type"] == "application/zip"  # type: ignore[index]
    bundle = ZipFile(io.BytesIO(answer.content))  # type: ignore[attr-defined]
    assert bundle.testzip() is None
    assert bundle.namelist() == NAMES
    return bundle


def lines(bundle: ZipFile, name: str = "figures.csv") -> list[dict[str, str]]:
    text = bundle.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheets(bundle: ZipFile) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(bundle.read("figures.xlsx")))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def zip_of(release: Release) -> str:
    return f"/national/releases/{release.token}/figures.zip"


# A release -------------------------------------------------------------------------------------------------------


def test_the_file_of_a_release_holds_every_figure_twice_and_what_it_means(
    publish: Callable[..., Release], inspector: User, signed_in: SignedIn
) -> None:
    release = publish("First quarter.")
    answer = signed_in(inspector).get(zip_of(release))
    assert answer["Content-Disposition"] == 'attachment; filename="buddy-schemes-2026-Q3-OFFICIAL.zip"'
    bundle = opened(answer)
    rows = lines(bundle)
    assert len(rows) == ReleaseFigure.objects.count() > 100
    assert {row["marking"] for row in rows} == {"OFFICIAL"}
    book = sheets(bundle)
    assert list(book) == ["Figures", "Data dictionary", "Notes"]
    assert len(book["Figures"]) == len(rows) + 1
    for row, cells in zip(rows, book["Figures"][1:], strict=True):
        for said, cell in zip(row.values(), cells, strict=True):
            assert said == cell or float(said) == cell


def test_the_data_dictionary_has_the_words_of_every_measure(
    publish: Callable[..., Release], national_lead: User, inspector: User, signed_in: SignedIn, now: datetime
) -> None:
    release = publish()
    amended(MEASURES[0], national_lead, now, title="Kind of help")
    bundle = opened(signed_in(inspector).get(zip_of(release)))
    rows = lines(bundle, "data-dictionary.csv")
    assert [row["measure"] for row in rows] == [each.code for each in MEASURES]
    assert rows[0]["title"] == "Kind of help"
    assert rows[0]["meaning_of_values"].startswith("1 = ")
    assert all(row["answers"] and row["numerator"] and row["unit"] and row["basis"] for row in rows)


def test_the_readme_says_which_release_when_taken_what_states_mean_and_how_numbers_are_rounded(
    publish: Callable[..., Release], inspector: User, signed_in: SignedIn, now: datetime
) -> None:
    release = publish("First quarter.")
    text = opened(signed_in(inspector).get(zip_of(release))).read("README.txt").decode("utf-8-sig")
    for words in (
        "July to September 2026", "Published on 23 November 2026 at 10:00",
        "Taken from the service on 23 November 2026 at 10:00", "First quarter.", "State “Too few to show”",
        "State “No return”", "It is not nought", "State “None”", "State “Not yet due”", "rounded to the nearest 5",
        "OFFICIAL", "Pounds are rounded to £1,000", "The column “group” names the group of people",
        "never add them to it", "was given by hand", "the share of them with the first answer",
    ):  # fmt: skip
        assert words in text, words


def test_groups_are_named_and_what_was_given_by_hand_says_who_holds_it(
    publish: Callable[..., Release], inspector: User, signed_in: SignedIn
) -> None:
    release = publish()
    for group, state in (("age:50-59", "VALUE"), ("age:unknown", "TOO_FEW")):
        ReleaseFigure.objects.create(
            release=release, period=release.period, measure="OP-02", breakdown=group, state=state,
            value=25 if state == "VALUE" else None, definition_version=1,
        )  # fmt: skip
    bundle = opened(signed_in(inspector).get(zip_of(release)))
    rows = lines(bundle)
    assert [(row["prison"], row["group"], row["state"], row["value"]) for row in rows if row["group"]] == [
        ("All prisons together", "Age: 50 to 59", "A number", "25.00000000"),
        ("All prisons together", "Age: Not known", "Too few to show", ""),
    ]
    held = {row["source"] for row in rows if row["measure"] == "OP-26a"}
    assert held == {"given by hand; held by the prison’s complaints office"}
    dictionary = {row["measure"]: row for row in lines(bundle, "data-dictionary.csv")}
    assert dictionary["OP-25a"]["broken_down_in_releases_by"] == "age, ethnicity, sex"
    assert "wing" not in dictionary["OP-02"]["broken_down_in_releases_by"]
    assert "£1,000" in dictionary["CO-01"]["protection_in_releases"]
    assert dictionary["OU-09a"]["protection_in_releases"] == "releases do not hold it"


def test_what_is_missing_is_a_word_and_an_empty_cell_and_never_nought(
    publish: Callable[..., Release], inspector: User, signed_in: SignedIn
) -> None:
    bundle = opened(signed_in(inspector).get(zip_of(publish())))
    missing = [row for row in lines(bundle) if row["state"] in ("No return", "Not yet due", "Too few to show")]
    assert len(missing) > 100
    assert {row[name] for row in missing for name in ("value", "numerator", "denominator")} == {""}
    header, *rows = sheets(bundle)["Figures"]
    state, value = header.index("state"), header.index("value")
    assert {row[value] for row in rows if row[state] == "No return"} == {""}


def test_no_name_of_staff_stands_in_it(
    publish: Callable[..., Release], national_lead: User, inspector: User, signed_in: SignedIn
) -> None:
    bundle = opened(signed_in(inspector).get(zip_of(publish())))
    everything = "".join(bundle.read(name).decode("utf-8-sig") for name in NAMES if not name.endswith("xlsx"))
    everything += str(sheets(bundle))
    assert national_lead.name not in everything and inspector.name not in everything


def test_a_download_is_accounted_for(publish: Callable[..., Release], inspector: User, signed_in: SignedIn) -> None:
    rows = lines(opened(signed_in(inspector).get(zip_of(publish()))))
    event = AuditEvent.objects.get(code="exported")
    assert (event.actor_id, event.subject_type) == (inspector.pk, "monitoring.release")
    assert event.details == {"rows": len(rows), "format": "zip"}


def test_a_release_needs_the_permission(publish: Callable[..., Release], lead: User, signed_in: SignedIn) -> None:
    release = publish()
    assert signed_in(lead).get(zip_of(release)).status_code == 403
    assert not AuditEvent.objects.filter(code="exported").exists()


def test_there_is_no_file_of_no_release(inspector: User, signed_in: SignedIn) -> None:
    assert signed_in(inspector).get("/national/releases/nonsense/figures.zip").status_code == 404


# A large release -------------------------------------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring.views.downloads.AT_ONCE", 10)


def made() -> None:
    Message.objects.exclude(topic="release.file_asked").delete()
    with scoped(DatabaseRole.NATIONAL):
        drain()


def test_a_large_release_is_made_by_a_worker_once_for_everybody(
    publish: Callable[..., Release],
    large: None,
    inspector: User,
    national_lead: User,
    signed_in: SignedIn,
    now: datetime,
) -> None:
    release, client = publish(), signed_in(inspector)
    for _ in range(2):
        waiting = client.get(zip_of(release))
        assert "the download begins by itself" in waiting.content.decode()
        assert waiting["Refresh"] == "2"
    assert Message.objects.filter(topic="release.file_asked").count() == 1
    made()
    first = opened(client.get(zip_of(release)))
    assert len(lines(first)) == ReleaseFigure.objects.count()
    with time_machine.travel(now.replace(hour=15), tick=False):
        later = opened(signed_in(national_lead).get(zip_of(release)))
    # The figures are the same file; only the README says when it was taken.
    assert later.read("figures.xlsx") == first.read("figures.xlsx")
    assert "23 November 2026 at 15:00" in later.read("README.txt").decode("utf-8-sig")
    assert AuditEvent.objects.filter(code="exported").count() == 2
    assert AuditEvent.objects.filter(code="release.file_made").count() == 1


def test_amended_words_make_another_file_and_the_old_one_goes(
    publish: Callable[..., Release],
    large: None,
    inspector: User,
    national_lead: User,
    signed_in: SignedIn,
    now: datetime,
) -> None:
    release, client = publish(), signed_in(inspector)
    client.get(zip_of(release))
    made()
    amended(MEASURES[0], national_lead, now, title="Kind of help")
    assert "Refresh" in client.get(zip_of(release))
    made()
    assert lines(opened(client.get(zip_of(release))), "data-dictionary.csv")[0]["title"] == "Kind of help"
    assert ReleaseFile.objects.count() == 1


def test_what_cannot_be_made_is_said_and_made_again_by_a_button(
    publish: Callable[..., Release], large: None, inspector: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, client = publish(), signed_in(inspector)
    client.get(zip_of(release))
    with monkeypatch.context() as broken:
        broken.setattr("monitoring.actions.downloads.release_bundle", lambda *_args, **_more: 1 / 0)
        made()
    answer = client.get(zip_of(release))
    assert "The files could not be made" in answer.content.decode()
    assert "Refresh" not in answer
    assert AuditEvent.objects.get(code="release.file_failed").details == {"fault": "ZeroDivisionError"}
    assert client.post(zip_of(release)).status_code == 302
    made()
    opened(client.get(zip_of(release)))


# A prison's own --------------------------------------------------------------------------------------------------


def own(prison: Prison) -> str:
    return f"/prisons/{prison.code}/figures/figures.zip"


def test_a_lead_has_the_prisons_exact_figures(
    figure: Figure, typed: Callable[[str], TypedFigure], here: Prison, lead: User, signed_in: SignedIn
) -> None:
    typed("Complaints office, October count")
    assert own(here) in signed_in(lead).get(f"/prisons/{here.code}/figures/reports/").content.decode()
    answer = signed_in(lead).get(own(here))
    name = 'attachment; filename="ZTA-figures-2026-05-to-2026-11-OFFICIAL-SENSITIVE.zip"'
    assert answer["Content-Disposition"] == name
    bundle = opened(answer)
    exact, given = lines(bundle)
    assert {exact["marking"], given["marking"]} == {"OFFICIAL-SENSITIVE"}
    assert (exact["measure"], exact["value"], exact["numerator"], exact["denominator"]) == (
        "OP-07",
        "0.75000000",
        "3.0000",
        "4.0000",
    )
    assert (given["measure"], given["value"], given["source"]) == (
        "OP-26a",
        "2.0000",
        "Complaints office, October count",
    )
    text = bundle.read("README.txt").decode("utf-8-sig")
    assert "OFFICIAL-SENSITIVE" in text and "exact and not rounded" in text and "Do not publish them" in text


def test_groups_of_people_are_not_in_it(figure: Figure, here: Prison, lead: User, signed_in: SignedIn) -> None:
    Figure.objects.create(
        prison=here, period="2026-10", first_day=date(2026, 10, 1), measure="OP-07", breakdown="ethnicity:other",
        state="VALUE", value=1, numerator=1, denominator=1, n=1, definition_version=1, computed_at=figure.computed_at,
    )  # fmt: skip
    assert len(lines(opened(signed_in(lead).get(own(here))))) == 1


def test_only_this_prisons_figures_are_in_it(
    figure: Figure, here: Prison, elsewhere: Prison, lead: User, signed_in: SignedIn
) -> None:
    Figure.objects.create(
        prison=elsewhere, period="2026-10", first_day=date(2026, 10, 1), measure="OP-07", state="VALUE", value=1,
        numerator=1, denominator=1, n=1, definition_version=1, computed_at=figure.computed_at,
    )  # fmt: skip
    assert {row["prison_code"] for row in lines(opened(signed_in(lead).get(own(here))))} == {here.code}


def test_exact_figures_need_the_permission(
    figure: Figure, here: Prison, delegate: User, officer: User, inspector: User, outsider: User, signed_in: SignedIn
) -> None:
    for user, status in ((delegate, 403), (officer, 403), (inspector, 404), (outsider, 404)):
        assert signed_in(user).get(own(here)).status_code == status
    assert own(here) not in signed_in(delegate).get(f"/prisons/{here.code}/figures/reports/").content.decode()
    assert not AuditEvent.objects.filter(code="exported").exists()


def test_before_there_is_a_figure_the_page_says_so(here: Prison, lead: User, signed_in: SignedIn) -> None:
    page = signed_in(lead).get(own(here), follow=True).content.decode()
    assert "There is no figure yet" in page
    assert not AuditEvent.objects.filter(code="exported").exists()


def test_exact_figures_are_accounted_for(figure: Figure, here: Prison, lead: User, signed_in: SignedIn) -> None:
    signed_in(lead).get(own(here))
    event = AuditEvent.objects.get(code="exported")
    assert (event.actor_id, event.prison_code) == (lead.pk, here.code)
    assert event.details == {"what": "figures", "months": ["2026-05", "2026-11"], "rows": 1, "format": "zip"}


# Nothing that a spreadsheet runs ---------------------------------------------------------------------------------


def harmless(bundle: ZipFile) -> None:
    """No cell of any file begins like a formula, and the workbook has none."""
    for name in ("figures.csv", "data-dictionary.csv"):
        text = bundle.read(name).decode("utf-8-sig")
        for row in csv.reader(io.StringIO(text, newline=""), quoting=csv.QUOTE_NONNUMERIC):
            # Numbers come without quotes and are numbers here.
            assert not [cell for cell in row if isinstance(cell, str) and cell[:1] in DANGEROUS_START and cell]
    for rows in sheets(bundle).values():
        assert not [
            cell for row in rows for cell in row if isinstance(cell, str) and cell and cell[0] in DANGEROUS_START
        ]
    with ZipFile(io.BytesIO(bundle.read("figures.xlsx"))) as book:
        for name in book.namelist():
            if "worksheets" in name:
                assert b"<f>" not in book.read(name) and b"hyperlink" not in book.read(name).lower()


@pytest.mark.parametrize("planted", PLANTED)
def test_nothing_planted_in_a_release_runs(
    planted: str, publish: Callable[..., Release], here: Prison, national_lead: User, inspector: User,
    signed_in: SignedIn, now: datetime,
) -> None:  # fmt: skip
    Prison.objects.filter(pk=here.pk).update(name=planted)
    release = publish(planted.strip() or "x")
    measure = next(each for each in MEASURES if each.code == "OP-02")
    amended(measure, national_lead, now, title=planted, answers=planted, numerator=planted)
    bundle = opened(signed_in(inspector).get(zip_of(release)))
    harmless(bundle)
    rows = lines(bundle)
    assert f"'{planted}" in {row["prison"] for row in rows}, "the name is kept, behind its apostrophe"
    assert f"'{planted}" in {row["title"] for row in rows}


@pytest.mark.parametrize("planted", PLANTED)
def test_nothing_planted_in_a_prisons_figures_runs(
    planted: str, figure: Figure, typed: Callable[[str], TypedFigure], here: Prison, lead: User, signed_in: SignedIn
) -> None:
    Prison.objects.filter(pk=here.pk).update(name=planted)
    typed(planted)
    bundle = opened(signed_in(lead).get(own(here)))
    harmless(bundle)
    assert f"'{planted}" in {row["source"] for row in lines(bundle)}
