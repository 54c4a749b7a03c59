"""The last look before a release is stored: refused with the pair that gives a number away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from monitoring import working_out
from monitoring.disclosure import TOO_FEW, Protected, State, protect_count
from monitoring.measures.catalogue import BY_CODE
from monitoring.models import Release, ReleaseFigure
from monitoring.publishing import NATION, Place, Released
from monitoring.release_audit import as_published, made_safe
from tests.builders.published import QUARTER as PUBLISH
from tests.builders.published import refused
from tests.builders.schemes import open_scheme

SignedIn = Callable[[User], Client]
QUARTER, MONTHS = "2026-Q3", ("2026-07", "2026-08", "2026-09")
TAKEN_OVER = BY_CODE["OP-08a"]
NAME = "the release of July to September 2026"


def figures(by_about: dict[str, tuple[int, int, int]]) -> list[Released]:
    """A count's figures by 10-5 alone, with nothing more hidden."""
    full = by_about | {NATION: tuple(map(sum, zip(*by_about.values(), strict=True)))}
    return [
        Released(Place(about, period), TAKEN_OVER, protect_count(n))
        for about, months in full.items()
        for period, n in zip((QUARTER, *MONTHS), (sum(months), *months), strict=True)
    ]


def checked(made: list[Released], earlier: list[Any] | None = None, **more: str) -> list[Released]:
    return made_safe(made, earlier or [], more.pop("name", NAME), period=QUARTER, months=MONTHS, **more)


def published(made: list[Released], name: str) -> Any:
    by_place = {one.place: one.figure for one in made}
    return as_published(name, {TAKEN_OVER: by_place}, period=QUARTER, months=MONTHS)


def test_figures_that_give_nothing_away_pass_unchanged() -> None:
    made = figures({"ZAA": (50, 60, 70), "ZAB": (40, 50, 60)})
    assert checked(made) == made


def test_a_prison_that_the_nation_gives_away_is_refused_and_the_pair_named() -> None:
    with pytest.raises(NotAllowed) as refused:
        checked(figures({"ZAA": (50, 60, 70), "ZAB": (1, 30, 30)}))
    assert "OP-08a, ZAB, July 2026 can be worked out to be between 0 and 4" in str(refused.value)
    assert "from OP-08a, all prisons, July 2026 (50) and OP-08a, ZAA, July 2026 (50)" in str(refused.value)


def test_a_month_without_a_return_is_in_no_sum() -> None:
    made = figures({"ZAA": (50, 60, 70), "ZAB": (40, 50, 60)})
    silent = Protected(State.NOT_RETURNED)
    gone = [replace(one, figure=silent) if one.place == Place("ZAA", "2026-08") else one for one in made]
    gone = [replace(one, figure=protect_count(50)) if one.place == Place(NATION, "2026-08") else one for one in gone]
    assert checked(gone) == gone


def test_the_parts_of_a_share_are_counts() -> None:
    """What stands behind a hidden share is given away by the rounded parts of the nation and the other prison."""
    measure = BY_CODE["OP-07"]
    share = Protected(State.VALUE, Decimal("0.5"), Decimal(60), Decimal(120))
    nation = Protected(State.VALUE, Decimal("0.5"), Decimal(65), Decimal(130))
    made = [
        Released(Place(about, QUARTER), measure, figure)
        for about, figure in (("ZAA", share), ("ZAB", TOO_FEW), (NATION, nation))
    ]
    with pytest.raises(NotAllowed, match="OP-07, ZAB, July to September 2026, the part can be worked out"):
        checked(made)


def test_a_correction_hides_what_moved_by_a_few() -> None:
    first = figures({"ZAA": (50, 60, 70), "ZAB": (40, 50, 60)})
    second = figures({"ZAA": (54, 60, 70), "ZAB": (40, 50, 60)})
    made = checked(second, [published(first, NAME)], name="its correction", replaces=NAME)
    hidden = {one.place for one in made if one.figure == TOO_FEW}
    assert Place("ZAA", "2026-07") in hidden
    assert not any(place.about == "ZAB" for place in hidden)


def test_what_is_published_already_and_gives_a_number_away_stops_the_next() -> None:
    out = published(figures({"ZAA": (50, 60, 70), "ZAB": (1, 30, 30)}), "an old release")
    with pytest.raises(NotAllowed, match=r"because of what is published already\. OP-08a, ZAB"):
        checked(figures({"ZAA": (50, 60, 70), "ZAB": (1, 30, 30)}), [out])


# --- through the request ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_release_that_gives_a_number_away_is_not_stored_and_the_page_says_why(
    here: Prison,
    lead: User,
    wing: Wing,
    national_lead: User,
    signed_in: SignedIn,
    at_prison: Callable[[Prison], Any],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Protection is made to fail as it would if somebody forgot a sum; the audit knows nothing of how it is done."""
    with at_prison(here):
        open_scheme(here, lead, wing, datetime(2026, 5, 4, 9, 0, tzinfo=UTC))
    careless = figures({"ZAA": (50, 60, 70), "ZAB": (1, 30, 30)})
    monkeypatch.setattr(working_out, "protect_all", lambda *_, **__: careless)
    with time_machine.travel(now, tick=False):
        page = refused(signed_in(national_lead), PUBLISH, {"quarter": QUARTER, "note": "First quarter."})
    assert "Nothing was published" in page
    assert "OP-08a, ZAB, July 2026 can be worked out to be between 0 and 4" in page
    assert "First quarter." in page
    assert not Release.objects.exists()
    assert not ReleaseFigure.objects.exists()
    assert not AuditEvent.objects.filter(code="release.published").exists()
