"""The equality page of a release: every group as it is stored, beside all prisoners, and what may be concluded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.charts.beside_prisoners import beside_of, conclusion_of
from monitoring.measures.catalogue import BY_CODE, RELEASED
from monitoring.measures.definition import EQUALITY, By
from monitoring.measures.groups import GROUP_WORDS
from monitoring.models import Population, PopulationCount, Release, ReleaseFigure
from monitoring.prisoners import OTHER, named, prisoners_of
from tests.builders.releases import release_with_groups
from tests.cast import make_prison

SignedIn = Callable[[User], Client]
db = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def prisons(here: Prison) -> list[Prison]:
    return [here, *(make_prison(f"Y0{number}", f"Prison {number}") for number in range(5))]


@pytest.fixture
def release(prisons: list[Prison], national_lead: User) -> Release:
    with scoped(DatabaseRole.NATIONAL):
        return release_with_groups(national_lead, prisons)


def at(release: Release, rest: str = "equality/") -> str:
    return f"/national/releases/{release.token}/{rest}"


def section(client: Client, release: Release, by: By) -> Any:
    sections = client.get(at(release)).context["sections"]
    return next(each for each in sections if each["anchor"] == by.value)


def table(client: Client, release: Release, by: By, title: str) -> Any:
    return next(each["table"] for each in section(client, release, by)["tables"] if each["title"] == title)


# The page --------------------------------------------------------------------------------------------------------


@db
def test_every_measure_stands_under_each_of_its_breakdowns_as_it_is_stored(
    release: Release, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    for by in EQUALITY:
        found = section(client, release, by)
        columns = [column.text for each in found["tables"] for column in each["table"].headings]
        columns += [column.text for column in found["beside"]["table"].headings] if found["beside"] else []
        broken_down = {measure.title for measure in RELEASED if by in measure.by}
        assert broken_down == set(columns) - {"Share of all prisoners"}
        for each in found["tables"]:
            rows = [row.text for row in each["table"].rows]
            assert rows == [*GROUP_WORDS[by].values(), "Not known", "All together"]


@db
def test_a_cell_says_the_stored_figure_its_share_of_all_and_what_is_hidden_in_words(
    release: Release, inspector: User, signed_in: SignedIn
) -> None:
    rows = ReleaseFigure.objects.filter(release=release, measure="OP-02", about=None, period=release.period)
    stored = {figure.breakdown: figure for figure in rows}
    assert {figure.state for figure in stored.values()} == {"VALUE", "TOO_FEW"}
    found = table(signed_in(inspector), release, By.AGE, "Who is helped, and who helps")
    place = [column.text for column in found.headings].index("Active buddies")
    for (code, words), row in zip(GROUP_WORDS[By.AGE].items(), found.rows, strict=False):
        figure, cell = stored[f"age:{code}"], row.cells[place]
        assert row.text == words
        if figure.value is None:
            assert (cell.text, cell.note) == ("Too few to show", "")
        else:
            share = round(100 * float(figure.value / stored[""].value))  # type: ignore[operator]
            assert (cell.text, cell.note) == (f"{figure.value:,.0f}", f"{share}% of all")


@db
def test_beside_all_prisoners_stand_the_shares_of_both_and_no_cause(
    release: Release, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    for by in (By.AGE, By.SEX, By.ETHNICITY):
        beside = section(client, release, by)["beside"]
        assert [column.text for column in beside["table"].headings][-1] == "Share of all prisoners"
        assert beside["table"].rows[-1].text == "Not known"
        assert all("Not known: " in said or "nothing is concluded" in said for said in beside["said"])
    assert section(client, release, By.DISABILITY)["beside"] is None
    page = client.get(at(release)).content.decode()
    assert page.count("is not imported, so there is nothing to compare with") == 2
    for word in ("because of", "caused", "discriminat", "due to", "leads to"):
        assert word not in page


@db
def test_without_a_count_of_the_prisons_people_there_is_nothing_to_compare_with(
    national_lead: User, inspector: User, signed_in: SignedIn
) -> None:
    with scoped(DatabaseRole.NATIONAL):
        release = Release.objects.create(
            kind="QUARTER", period="2026-Q3", first_day=date(2026, 7, 1), last_day=date(2026, 9, 30), digest="d",
            published_at=datetime(2026, 10, 12, tzinfo=UTC), published_by=national_lead,
        )  # fmt: skip
        for group in ("", "age:50-59"):
            ReleaseFigure.objects.create(
                release=release, period="2026-Q3", measure="OP-02", breakdown=group, state="VALUE", value=20,
                definition_version=1,
            )  # fmt: skip
    client = signed_in(inspector)
    assert section(client, release, By.AGE)["beside"] is None
    page = client.get(at(release)).content.decode()
    assert "Not every prison has counted its prisoners by these groups" in page
    # A group that is not stored is not none.
    rows = table(client, release, By.AGE, "Who is helped, and who helps").rows
    assert [row.cells[0].text for row in rows if row.text in ("40 to 49", "50 to 59")] == ["Not in this release", "20"]


@db
def test_the_page_is_reached_from_the_release_and_from_each_measure_that_has_groups(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn
) -> None:
    client, link = signed_in(inspector), f'href="{at(release)}"'
    assert link in client.get(at(release, "")).content.decode()
    measure = client.get(at(release, "measures/OP-07/"))
    assert link in measure.content.decode()
    assert [shown.title for shown in measure.context["groups"]] == [
        f"Planned visits that took place, by {words}"
        for words in ("age", "sex", "ethnic group", "disability", "first language")
    ]
    assert link not in client.get(at(release, "measures/OP-03/")).content.decode()
    own = client.get(at(release, f"prisons/{here.code}/OP-07/")).content.decode()
    assert "by group too" in own
    assert "50 to 59" not in own


@db
def test_a_release_without_groups_says_so(national_lead: User, inspector: User, signed_in: SignedIn) -> None:
    with scoped(DatabaseRole.NATIONAL):
        release = Release.objects.create(
            kind="QUARTER", period="2026-Q3", first_day=date(2026, 7, 1), last_day=date(2026, 9, 30), digest="d",
            published_at=datetime(2026, 10, 12, tzinfo=UTC), published_by=national_lead,
        )  # fmt: skip
    page = signed_in(inspector).get(at(release)).content.decode()
    assert "This release holds no figures of groups" in page
    assert "No year was published by the time of this release" in page


@db
def test_it_is_for_readers_of_releases_and_every_reading_is_recorded(
    release: Release, lead: User, inspector: User, signed_in: SignedIn
) -> None:
    assert signed_in(lead).get(at(release)).status_code == 403
    assert signed_in(inspector).get("/national/releases/nothing/equality/").status_code == 404
    signed_in(inspector).get(at(release))
    assert AuditEvent.objects.get(code="viewed", details__page="equality").actor_id == inspector.pk


@db
def test_it_asks_few_questions(
    release: Release, inspector: User, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(inspector)
    client.get(at(release))
    with django_assert_max_num_queries(20):
        client.get(at(release))


# Religion and sexual orientation ---------------------------------------------------------------------------------


def imported(prison: Prison, by: User, at: datetime, month: date = date(2026, 1, 1), **counts: int) -> None:
    population = Population.objects.create(
        prison=prison, month=month, total=sum(counts.values()), source="A file", counted_on=month, entered_at=at,
        entered_by=by,
    )  # fmt: skip
    for group, count in counts.items():
        PopulationCount.objects.create(
            prison=prison, population=population, by="religion", group=group.replace("_", "-"), count=count
        )


@pytest.fixture
def year(prisons: list[Prison], national_lead: User, lead: User) -> Release:
    with scoped(DatabaseRole.NATIONAL):
        return release_with_groups(national_lead, prisons, kind="YEAR")


@db
def test_a_year_shows_what_prisons_imported_and_a_quarter_where_it_is(
    year: Release, release: Release, prisons: list[Prison], lead: User, inspector: User, at_prison: Any,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    early = year.published_at - timedelta(days=30)
    for number, prison in enumerate(prisons[:3]):
        with at_prison(prison):
            imported(prison, lead, early, christian=100, muslim=60, jewish=number, jedi_knights=20, not_known=22)
    client = signed_in(inspector)
    religion, orientation = client.get(at(year)).context["imported"]["parts"]
    assert religion["said"] == "People in prison, as 3 of 6 prisons counted them."
    cells = {row.text: tuple(row.cells) for row in religion["table"].rows}
    assert cells["Christian"] == ("300", "49%")
    assert cells["Another religion"] == ("60", "10%")
    assert cells["Jewish"] == ("Too few to show", "–")
    assert "Not known" in cells
    assert orientation["said"] == "Not imported by any prison, so nothing is shown."
    assert "jedi" not in client.get(at(year)).content.decode().lower()
    quarter = client.get(at(release)).content.decode()
    assert f'href="{at(year)}#imported"' in quarter


@db
def test_what_was_imported_later_or_by_too_few_prisons_is_not_shown(
    year: Release, prisons: list[Prison], lead: User, inspector: User, at_prison: Any, signed_in: SignedIn
) -> None:
    early, client = year.published_at - timedelta(days=30), signed_in(inspector)
    for prison in prisons[:2]:
        with at_prison(prison):
            imported(prison, lead, early, christian=100)
    with at_prison(prisons[2]):
        imported(prisons[2], lead, year.published_at + timedelta(days=1), christian=100)
    with at_prison(prisons[3]):
        imported(prisons[3], lead, early, month=date(2024, 12, 1), christian=100)
    [religion, _] = client.get(at(year)).context["imported"]["parts"]
    assert religion == {"title": "Religion", "said": "Imported by fewer than 3 prisons, so nothing is shown."}


def test_no_word_of_a_file_leaves_and_small_counts_cannot_be_worked_out() -> None:
    assert (named("religion", "roman-catholic"), named("religion", "mr-smith")) == ("christian", OTHER)
    one = {("religion", "christian"): 50, ("religion", "muslim"): 31, ("religion", "sikh"): 1}
    [religion, _] = prisoners_of({"A": one, "B": one, "C": one})
    hidden = [group for group, shown in religion.groups.items() if shown.value is None]
    assert "sikh" in hidden and len(hidden) > 1
    assert religion.groups["christian"].value == Decimal(150)


# What may be concluded -------------------------------------------------------------------------------------------


def of(people: int | None, prisoners: int | None) -> Any:
    return SimpleNamespace(numerator=people, denominator=prisoners)


def said(groups: dict[str, Any], unknown: Any, whole: Any) -> str:
    return " ".join(
        conclusion_of(
            "the buddies", [beside_of(*each) for each in groups.items()], unknown, beside_of("All together", whole)
        )
    )


def test_a_difference_is_named_only_beyond_chance_and_rounding() -> None:
    whole = of(400, 8000)
    alike = said({"Under 21": of(45, 800), "21 to 29": of(355, 7200)}, of(None, None), whole)
    assert "No group shown differs" in alike
    assert "Not known: too few of the buddies to show." in alike
    apart = said({"Under 21": of(120, 800), "21 to 29": of(265, 7200)}, of(15, 10), whole)
    assert "More of the buddies than of all prisoners are in Under 21 (30% and 10%)" in apart
    assert "Fewer of the buddies than of all prisoners are in 21 to 29 (66% and 90%)" in apart
    assert "These are questions, not verdicts" in apart
    assert "Not known: 4% of the buddies." in apart


def test_what_is_hidden_leads_to_no_conclusion() -> None:
    found = said({"Female": of(None, None), "Male": of(390, 7600)}, of(None, None), of(400, 8000))
    assert "Of the buddies one group is hidden; nothing is concluded about it." in found
    assert "Female" not in found
    assert said({"Female": of(10, 20)}, of(None, None), of(None, None)).startswith(
        "No share of the buddies can be shown"
    )


def test_small_numbers_that_rounding_could_make_alike_are_not_called_different() -> None:
    assert "No group shown differs" in said({"Female": of(10, 400)}, of(None, None), of(100, 8000))


def test_measures_that_are_compared_are_broken_down_alike() -> None:
    assert BY_CODE["OP-25a"].by == BY_CODE["OP-25b"].by
