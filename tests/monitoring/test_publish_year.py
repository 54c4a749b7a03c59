"""Publishing a financial year: worked out from rows, safe beside its quarters, offered when it has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from monitoring.disclosure import TOO_FEW, Published, protect_count
from monitoring.measures.catalogue import BY_CODE
from monitoring.models import Release, ReleaseFigure
from monitoring.publishing import NATION, Place, Released
from monitoring.release_audit import as_published, made_safe
from referrals.models import Referral
from tests.builders.published import YEAR as PUBLISH
from tests.builders.published import publish
from tests.builders.referrals import referral_of
from tests.builders.schemes import open_scheme, person_in
from tests.meta.test_constraints import copy_of

SignedIn = Callable[[User], Client]
OPENED = datetime(2025, 5, 5, 9, 0, tzinfo=UTC)
JULY, OCTOBER = datetime(2025, 7, 10, 9, 0, tzinfo=UTC), datetime(2025, 10, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def scheme(here: Prison, lead: User, wing: Wing, now: datetime, at_prison: Callable[[Prison], Any]) -> None:
    """Six referrals in July and six in October: too few to show in either quarter, and twelve in the year."""
    with time_machine.travel(now, tick=False), at_prison(here):
        open_scheme(here, lead, wing, OPENED)
        one = referral_of(person_in(here, lead, OPENED), lead, JULY)
        done = {
            "status": "NOT_PROGRESSED", "outcome": "NONE", "outcome_reason": "No need was found",
            "screened_at": OCTOBER, "screened_by": lead,
        }  # fmt: skip
        Referral.objects.bulk_create(
            [
                copy_of(one, reference=f"R-Y{number}", referred_at=JULY if number < 6 else OCTOBER, **done)
                for number in range(1, 12)
            ]
        )


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def referrals_in(release: Release, about: str | None) -> tuple[str, Any]:
    figure = ReleaseFigure.objects.get(
        release=release, measure="OP-09a", period=release.period, about_id=about, breakdown=""
    )
    return figure.state, figure.value


@pytest.mark.django_db
def test_a_year_is_worked_out_from_rows_and_read_by_an_inspector(
    scheme: None, here: Prison, national_lead: User, inspector: User, signed_in: SignedIn
) -> None:
    lead = signed_in(national_lead)
    assert PUBLISH in lead.get("/national/releases/").content.decode()
    release = publish(lead, PUBLISH, {"year": "2025-26", "note": "The first year."})
    assert (release.kind, release.period) == ("YEAR", "2025-26")
    assert referrals_in(release, "ZTA") == referrals_in(release, None) == ("VALUE", 10)
    assert set(ReleaseFigure.objects.values_list("period", flat=True)) == {"2025-26"}
    reads = signed_in(inspector)
    for then in ("", f"prisons/{here.code}/", "measures/OP-09a/"):
        assert "April 2025 to March 2026" in reads.get(f"/national/releases/{release.token}/{then}").content.decode()
    (row,) = reads.get("/national/releases/").context["table"].rows
    assert (row.text, row.cells[0], row.cells[2]) == ("April 2025 to March 2026", "Year", "The first year.")


@pytest.mark.django_db
def test_publishing_a_year_needs_the_permission(inspector: User, lead: User, signed_in: SignedIn) -> None:
    for user in (inspector, lead):
        assert signed_in(user).post(PUBLISH, {"year": "2025-26"}).status_code == 403
    assert not Release.objects.exists()


@pytest.mark.django_db
def test_a_running_year_is_not_offered(scheme: None, national_lead: User, signed_in: SignedIn) -> None:
    answer = signed_in(national_lead).post(PUBLISH, {"year": "2026-27"})
    assert answer.status_code == 200
    assert "April 2026 to March 2027" not in answer.content.decode()
    assert not Release.objects.exists()


@pytest.mark.django_db
def test_a_year_is_published_once_and_audited(scheme: None, national_lead: User, signed_in: SignedIn) -> None:
    client = signed_in(national_lead)
    publish(client, PUBLISH, {"year": "2025-26"})
    assert client.post(PUBLISH, {"year": "2025-26"}).status_code == 200
    assert Release.objects.count() == 1
    event = AuditEvent.objects.get(code="release.published")
    assert event.details["period"] == "2025-26"


@pytest.mark.django_db
def test_with_no_prison_the_form_says_why_and_keeps_the_note(national_lead: User, signed_in: SignedIn) -> None:
    page = signed_in(national_lead).post(PUBLISH, {"year": "2025-26", "note": "Kept"}).content.decode()
    assert "No prison uses the service yet" in page
    assert "Kept" in page


# --- beside its quarters ------------------------------------------------------------------------------------

RECEIVED = BY_CODE["OP-09a"]
QUARTERS = ("2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1")


def quarter_out(code: str, count: int) -> Published:
    shown = protect_count(count)
    return as_published(
        f"the release of {code}", {RECEIVED: {Place("ZAA", code): shown, Place(NATION, code): shown}},
        period=code, months=[],
    )  # fmt: skip


def year_beside(counts: tuple[int, ...]) -> dict[str, Any]:
    total = protect_count(sum(counts))
    made = made_safe(
        [Released(Place(about, "2025-26"), RECEIVED, total) for about in ("ZAA", NATION)],
        [quarter_out(code, count) for code, count in zip(QUARTERS, counts, strict=True)],
        "the release of the year",
        period="2025-26",
        months=QUARTERS,
    )
    return {one.place.about: one.figure for one in made}


def test_a_year_that_gives_a_hidden_quarter_away_is_hidden() -> None:
    """45, 50 and 55 are out; 150 in the year would leave between 0 and 8 for the quarter that is hidden."""
    assert set(year_beside((45, 50, 55, 2)).values()) == {TOO_FEW}


def test_a_year_whose_quarters_are_all_shown_is_shown() -> None:
    assert year_beside((45, 50, 55, 60)) == {"ZAA": protect_count(210), NATION: protect_count(210)}


def test_a_year_with_two_hidden_quarters_is_shown_where_they_have_room() -> None:
    assert year_beside((9, 50, 55, 9))["ZAA"] == protect_count(123)


def test_a_quarter_that_was_never_published_is_a_count_of_its_own() -> None:
    """The year less three quarters leaves the fourth between 0 and 8: as bad as if it had been hidden."""
    total = protect_count(152)
    made = made_safe(
        [Released(Place(about, "2025-26"), RECEIVED, total) for about in ("ZAA", NATION)],
        [quarter_out(code, count) for code, count in zip(QUARTERS[:3], (45, 50, 55), strict=True)],
        "the release of the year", period="2025-26", months=QUARTERS,
    )  # fmt: skip
    assert {one.figure for one in made} == {TOO_FEW}
