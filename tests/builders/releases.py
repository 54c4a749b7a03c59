"""Releases with numbers to show, put in as they would be stored: made-up, protected figures of every kind and state."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import Month
from monitoring.measures.catalogue import RELEASED
from monitoring.measures.definition import EQUALITY, Kind, Measure, Needs
from monitoring.models import Release, ReleaseFigure
from monitoring.publishing import protect_all
from tests import cast
from tests.builders.exact_releases import MONTHS as QUARTERS_MONTHS
from tests.builders.exact_releases import QUARTER, exact_release

MONTHS = 24


def release_with_numbers(by: User, here: Prison, *, others: int = 20, seed: int = 3) -> Release:
    """The third quarter of 2026 about `here` and so many other prisons, with two years of months of `here`.

    Past the disclosure control: every number in it is made up as one that may be shown.
    """
    rng = random.Random(seed)
    prisons = [here, *(cast.make_prison(f"Y{number:02d}", f"Prison {number}") for number in range(others))]
    release = Release.objects.create(
        kind="QUARTER", period="2026-Q3", first_day=date(2026, 7, 1), last_day=date(2026, 9, 30), digest="d" * 64,
        note="Made up.", published_at=datetime(2026, 10, 12, 8, 30, tzinfo=UTC), published_by=by,
    )  # fmt: skip
    rows = [_row(release, about, "2026-Q3", measure, rng, 60) for measure in RELEASED for about in prisons]
    rows += [_row(release, None, "2026-Q3", measure, rng, 400, shown=True) for measure in RELEASED]
    month = Month(2026, 9)
    for _ in range(MONTHS):
        rows += [_row(release, here, month.code, measure, rng, 20) for measure in RELEASED]
        month = month.previous()
    ReleaseFigure.objects.bulk_create(rows)
    return release


def release_with_groups(by: User, prisons: list[Prison], *, seed: int = 1, kind: str = "QUARTER") -> Release:
    """What is broken down, of these prisons together and by group, made up and then protected as publishing does.

    A year's release holds the same figures under its own period.
    """
    period, first, last = (
        (QUARTER, date(2026, 7, 1), date(2026, 9, 30))
        if kind == "QUARTER"
        else ("2025", date(2025, 4, 1), date(2026, 3, 31))
    )
    release = Release.objects.create(
        kind=kind, period=period, first_day=first, last_day=last, digest="d" * 64, published_by=by,
        published_at=datetime(2026, 10, 12, 8, 30, tzinfo=UTC),
    )  # fmt: skip
    exact = exact_release(
        seed, [each.code for each in prisons], [each for each in RELEASED if each.by & EQUALITY], groups=True
    )
    for released in protect_all(exact, period=QUARTER, months=QUARTERS_MONTHS):
        place, figure = released.place, released.figure
        if kind == "YEAR" and place.period != QUARTER:
            continue
        ReleaseFigure.objects.create(
            release=release, about_id=place.about or None, measure=released.measure.code, breakdown=place.breakdown,
            period=period if place.period == QUARTER else place.period, state=figure.state.value, value=figure.value,
            numerator=figure.numerator, denominator=figure.denominator, definition_version=1, **released.quality,
        )  # fmt: skip
    return release


def _row(
    release: Release, about: Prison | None, period: str, measure: Measure, rng: random.Random, size: int, *,
    shown: bool = False,
) -> ReleaseFigure:  # fmt: skip
    state = "VALUE" if shown else rng.choices(["VALUE", "TOO_FEW", "NOT_RETURNED", "NOT_YET_DUE"], [75, 15, 5, 5])[0]
    visits = measure.needs is Needs.VISITS
    said: dict[str, Any] = {
        "completeness": Decimal("0.85") if visits else None,
        "looked_at_share": Decimal("0.2") if visits else None,
        "late_share": Decimal("0.1") if visits else None,
        "sources": {"TERMINAL": "0.8", "STAFF": "0.2"} if visits else {},
    }
    if state == "VALUE" and measure.kind is Kind.COUNT:
        said["value"] = Decimal(5 * rng.randint(max(2, size * 2 // 5), size))
    elif state == "VALUE":
        whole = 5 * rng.randint(size, 2 * size)
        part = max(10, min(whole - 10, 5 * round(whole * rng.uniform(0.65, 0.8) / 5)))
        said |= {"numerator": Decimal(part), "denominator": Decimal(whole)}
        said["value"] = (Decimal(part) * measure.per / Decimal(whole)).quantize(Decimal("0.00000001"))
    return ReleaseFigure(
        release=release, about=about, period=period, measure=measure.code, state=state, definition_version=1, **said
    )
