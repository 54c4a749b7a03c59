"""The national picture of a release: prisons that run a scheme here, that said so by hand, and that are not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Quarter
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.releases import publish_release
from monitoring.by_hand import BY_KEY, HandSum, measure_of, sums_of
from monitoring.disclosure import State
from monitoring.measures.catalogue import BY_CODE
from monitoring.models import Release
from tests.builders.hand_returns import typed
from tests.builders.schemes import open_scheme
from tests.cast import acts, make_prison

SignedIn = Callable[[User], Client]
OPENED = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
LAST = Quarter(2026, 3)


# --- what may leave ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """What a return says."""

    sort: str = "FORMAL"
    buddies: int | None = None
    trained: int | None = None
    paid: int | None = None
    helped: int | None = None
    referred: int | None = None
    waiting: int | None = None
    unmet: int | None = None


def shown(rows: list[Row], before: list[HandSum] | None = None) -> dict[str, HandSum]:
    earlier = [{each.item.key: each.figure for each in before}] if before else []
    return {each.item.key: each for each in sums_of(rows, earlier)}


def value(sums: dict[str, HandSum], key: str) -> int | str:
    figure = sums[key].figure
    return figure.state.value if figure.value is None else int(figure.value)


def test_every_measure_that_a_number_stands_for_exists() -> None:
    assert {item.measure for item in BY_KEY.values() if item.measure} <= set(BY_CODE)
    assert measure_of("helped", "FORMAL") == "OP-04a"
    assert measure_of("helped", "NONE") == measure_of("helped", "") == "OP-32"
    assert measure_of("buddies", "INFORMAL") == measure_of("unmet", "FORMAL") == ""


def test_numbers_are_added_up_rounded_and_small_ones_are_hidden() -> None:
    sums = shown([Row(helped=8, waiting=3), Row(helped=9, waiting=0), Row(sort="INFORMAL", helped=23)])
    assert value(sums, "helped") == 15
    assert value(sums, "helped_outside") == 25
    assert value(sums, "waiting") == "TOO_FEW"
    assert sums["waiting"].prisons == 2
    assert value(sums, "unmet") == "NOT_RETURNED"
    assert sums["unmet"].prisons == 0


def test_nought_is_hidden_with_the_small_ones() -> None:
    assert value(shown([Row(waiting=0)]), "waiting") == "TOO_FEW"


def test_trained_buddies_are_hidden_where_the_few_untrained_could_be_worked_out() -> None:
    assert value(shown([Row(buddies=60, trained=40)]), "trained") == 40
    sums = shown([Row(buddies=60, trained=58)])
    assert (value(sums, "buddies"), value(sums, "trained")) == (60, "TOO_FEW")


def test_the_few_buddies_of_whom_nobody_says_that_they_are_trained_cannot_be_worked_out() -> None:
    sums = shown([Row(buddies=40, trained=40), Row(buddies=4)])
    assert sums["trained"].prisons == 1
    assert (value(sums, "buddies"), value(sums, "trained")) == (45, "TOO_FEW")
    sums = shown([Row(buddies=40, trained=25), Row(buddies=15)])
    assert (value(sums, "buddies"), value(sums, "trained")) == (55, 25)


def test_a_trained_number_without_the_buddies_is_in_no_sum() -> None:
    assert shown([Row(trained=30)])["trained"].prisons == 0


def test_what_is_shown_of_buddies_never_pins_the_untrained_or_unpaid_to_a_narrow_range() -> None:
    for trained, paid, others in product(range(0, 41, 4), range(0, 41, 5), (None, 3, 12)):
        rows = [Row(buddies=40, trained=trained, paid=paid), *([Row(buddies=others)] if others else [])]
        sums = shown(rows)
        for key in ("trained", "paid"):
            figure = sums[key].figure
            if figure.state is State.VALUE:
                part = trained if key == "trained" else paid
                # Both what is shown and what is left of it are ten or more.
                assert part >= 10
                assert 40 - part >= 10


def test_a_correction_that_would_tell_of_a_small_number_is_not_shown() -> None:
    first = sums_of([Row(helped=30)])
    assert value(shown([Row(helped=34)], first), "helped") == "TOO_FEW"
    assert value(shown([Row(helped=31)], first), "helped") == 30
    assert value(shown([Row(helped=46)], first), "helped") == 45


# --- the page ------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def picture(
    here: Prison, lead: User, wing: Wing, national_lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> list[Prison]:
    """One prison runs a scheme here, three were returned by hand, and one is not known."""
    with at_prison(here):
        open_scheme(here, lead, wing, OPENED)
    others = [make_prison(f"ZP{n}", f"Prison {n}", switched_on=False) for n in range(4)]
    early = now - timedelta(days=20)
    typed(others[0], national_lead, early, sort="FORMAL", buddies=24, helped=41, waiting=2)
    typed(others[1], national_lead, early, sort="NONE", helped=0)
    typed(others[2], national_lead, early, helped=17)
    return others


def publish(national_lead: User, now: datetime) -> Release:
    with scoped(DatabaseRole.WEB):
        return publish_release(by=acts(national_lead), now=now, quarter=LAST)


def numbers(client: Client, release: Release) -> dict[str, str]:
    rows = client.get(f"/national/releases/{release.token}/coverage/").context["picture"]
    return {row["key"]: row["value"] for row in rows}


@pytest.mark.django_db
def test_the_page_says_how_many_prisons_run_a_scheme_here_or_elsewhere_and_of_how_many_nothing_is_known(
    picture: list[Prison], national_lead: User, inspector: User, now: datetime, signed_in: SignedIn
) -> None:
    release = publish(national_lead, now)
    client = signed_in(inspector)
    assert numbers(client, release) == {
        "A scheme runs here": "1", "Formal scheme, by hand": "1", "Informal help, by hand": "0", "None, by hand": "1",
        "Scheme not returned, by hand": "1", "Nothing is known": "1", "All prisons": "5",
    }  # fmt: skip
    page = client.get(f"/national/releases/{release.token}/coverage/").content.decode()
    assert "Prison 3" in page
    assert (
        f"/national/releases/{release.token}/coverage/"
        in client.get(f"/national/releases/{release.token}/").content.decode()
    )


@pytest.mark.django_db
def test_typed_numbers_leave_only_as_protected_sums_that_join_no_figure_of_the_release(
    picture: list[Prison], national_lead: User, inspector: User, now: datetime, signed_in: SignedIn
) -> None:
    release = publish(national_lead, now)
    response = signed_in(inspector).get(f"/national/releases/{release.token}/coverage/")
    cells = {row.text: (row.cells[0].text, row.cells[0].note) for row in response.context["sums"].rows}
    assert cells["Buddies in formal schemes"] == ("25", "by hand")
    assert cells["People helped in formal schemes"] == ("40", "by hand")
    assert cells["People helped without a formal scheme"] == ("15", "by hand")
    assert cells["People waiting for a buddy"] == ("Too few to show", "")
    assert cells["People referred"] == ("No return", "")
    page = response.content.decode()
    assert ">41<" not in page
    assert ">24<" not in page
    figures = release.figures.filter(measure="OP-02", about=None, period=LAST.code)
    assert list(figures.values_list("value", flat=True)) in ([None], [0])


@pytest.mark.django_db
def test_a_release_shows_what_was_known_when_it_was_published(
    picture: list[Prison], national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    release = publish(national_lead, now)
    typed(picture[3], national_lead, now + timedelta(hours=1), sort="FORMAL", buddies=50)
    typed(picture[1], national_lead, now + timedelta(hours=1), sort="INFORMAL")
    found = numbers(signed_in(national_lead), release)
    assert (found["Nothing is known"], found["None, by hand"]) == ("1", "1")


@pytest.mark.django_db
def test_a_release_that_corrects_another_shows_no_number_from_which_a_small_change_is_read(
    picture: list[Prison], national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    first = publish(national_lead, now)
    typed(picture[0], national_lead, now + timedelta(hours=1), sort="FORMAL", buddies=29, helped=90)
    with scoped(DatabaseRole.NATIONAL):
        second = Release.objects.create(
            kind=first.kind, period=first.period, first_day=first.first_day, last_day=first.last_day, replaces=first,
            reason="Late",
            digest="d", published_at=now + timedelta(hours=2), published_by=national_lead,
        )  # fmt: skip
    client = signed_in(national_lead)

    def cells(release: Release) -> dict[str, str]:
        table = client.get(f"/national/releases/{release.token}/coverage/").context["sums"]
        return {row.text: str(row.cells[0].text) for row in table.rows}

    assert cells(first)["Buddies in formal schemes"] == "25"
    assert cells(second)["Buddies in formal schemes"] == "Too few to show"
    assert cells(second)["People helped in formal schemes"] == "90"


@pytest.mark.django_db
def test_a_release_of_a_year_says_what_its_last_quarter_said_and_shows_no_sum(
    picture: list[Prison], national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    with scoped(DatabaseRole.NATIONAL):
        year = Release.objects.create(
            kind="YEAR", period="2025", first_day=Quarter(2025, 1).first, last_day=Quarter(2025, 4).last, digest="d",
            published_at=now, published_by=national_lead,
        )  # fmt: skip
    page = signed_in(national_lead).get(f"/national/releases/{year.token}/coverage/")
    assert page.context["sums"] is None
    assert page.context["quarter"] == Quarter(2025, 4)


@pytest.mark.django_db
def test_the_page_is_for_readers_of_releases_and_every_reading_is_recorded(
    picture: list[Prison], national_lead: User, lead: User, inspector: User, now: datetime, signed_in: SignedIn
) -> None:
    release = publish(national_lead, now)
    address = f"/national/releases/{release.token}/coverage/"
    assert signed_in(lead).get(address).status_code == 403
    assert signed_in(inspector).get("/national/releases/nothing/coverage/").status_code == 404
    signed_in(inspector).get(address)
    assert AuditEvent.objects.get(code="viewed", details__page="coverage").actor_id == inspector.pk
