"""What a prison puts in beside its records: costs, how people are, how many it holds, and what others hold."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from buddyscheme.demo.places import PLACES
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import Quarter, london_moment, london_today, month_of, quarter_of, year_of
from monitoring.actions.costs import return_costs
from monitoring.actions.outcomes import change_outcome_settings, record_outcome, record_staff_answer
from monitoring.actions.population import enter_population
from monitoring.actions.typed import give_figure
from monitoring.measures.catalogue import BY_CODE
from monitoring.outcomes import BY_CODE as QUESTIONS
from monitoring.outcomes import About, Point
from monitoring.population_file import Counts
from monitoring.queries.costs import suggested
from monitoring.queries.outcomes import asked_here, buddies_of, plans_of, run_of

# Of so many people in the prison, how many are in each group, in per cent.
AGES = {"21-29": 22, "30-39": 30, "40-49": 20, "50-59": 14, "60-69": 8, "70-200": 4, "0-20": 2}
ETHNICITY = {"white": 71, "black": 12, "asian": 8, "mixed": 5, "other": 2, "unknown": 2}


def put_in(teller: Teller, now: datetime) -> None:
    """Told after the months before; every prison that returns figures returns these, in its way."""
    if not teller.place.returns:
        return
    _population(teller, now)
    _costs(teller, now)
    _outcomes(teller, now)
    if teller.place.code == PLACES[0].code:
        _what_others_hold(teller, now)


def _population(teller: Teller, now: datetime) -> None:
    total = 40 * teller.place.starters + teller.rng.randint(120, 320)
    month = month_of(teller.opens_on)
    while month.last < teller.today:
        entered = min(london_moment(month.end + timedelta(days=2), time(10, 0)), now)
        total += teller.rng.randint(-6, 6)
        enter_population(
            by=teller.by("LEAD"), now=entered, prison=teller.prison, month=month, total=total,
            counts=groups_of(total, women=teller.place.women), source="Population report of the prison",
            counted_on=month.last,
        )  # fmt: skip
        month = month.next()


def groups_of(total: int, *, women: bool) -> Counts:
    counts: Counts = {("sex", "female" if women else "male"): total}
    for by, shares in (("age", AGES), ("ethnicity", ETHNICITY)):
        left = total
        for group, share in list(shares.items())[1:]:
            counts[by, group] = total * share // 100
            left -= counts[by, group]
        counts[by, next(iter(shares))] = left
    return counts


def _costs(teller: Teller, now: datetime) -> None:
    """Every quarter that is over; at the second prison the contract is not known."""
    quarter: Quarter = quarter_of(teller.opens_on)
    known = teller.place.code != PLACES[1].code
    while quarter.last < teller.today:
        said = suggested(teller.prison, quarter) | {
            "lead_hours": Decimal(90 + teller.rng.randint(0, 30)),
            "lead_rate_pence": 2950,
            "staff_rate_pence": 2310,
            "training_pence": teller.rng.choice((0, 18_000, 32_500)),
            "contract_pence": 240_000 if known else None,
            "equipment_pence": teller.rng.randint(20, 160) * 100,
            "setup_pence": 350_000,
            "setup_years": 5,
            "council_percent": 35,
            "health_percent": 5,
            "grant_percent": 0,
        }
        returned = min(london_moment(quarter.end + timedelta(days=9), time(15, 0)), now)
        return_costs(
            by=teller.by("LEAD"), now=returned, prison=teller.prison, quarter=quarter, version=0,
            **said,  # type: ignore[typeddict-item]
        )  # fmt: skip
        quarter = quarter.next()


def _outcomes(teller: Teller, now: datetime) -> None:
    """Two of three people were asked at the start, and most of these again after four weeks."""
    busiest = teller.place.code == PLACES[0].code
    if busiest:
        change_outcome_settings(
            by=teller.by("LEAD"), now=now, prison=teller.prison, switched_on=["LONELY", "STAFF"], version=1
        )
    instruments = asked_here(teller.prison)
    for subject in [*plans_of(teller.prison).order_by("pk"), *buddies_of(teller.prison).order_by("pk")]:
        about = About.HELPED if hasattr(subject, "began") else About.BUDDY
        if not teller.chance(0.66):
            continue
        run = run_of(subject)
        for instrument in (each for each in instruments if each.about is about):
            before: dict[str, int] = {}
            for point, after in ((Point.START, teller.rng.randint(0, 6)), (Point.FOUR_WEEKS, 28)):
                day = run.began_on + timedelta(days=after)
                ended = run.ended_on is not None and day > run.ended_on
                if day >= teller.today or ended or (point is Point.FOUR_WEEKS and not teller.chance(0.8)):
                    break
                said = {
                    question.code: _answer(teller, [a.value for a in question.answers], before.get(question.code))
                    for question in instrument.questions
                }
                when = london_moment(day, time(14, teller.rng.randrange(60)))
                record_outcome(
                    by=teller.by("LEAD"), now=when, subject=subject, instrument=instrument, point=point, asked_on=day,
                    answers=said, proxy="STAFF" if teller.chance(0.08) else "",
                )  # fmt: skip
                before = said
    if busiest:
        for back in range(2, 14):
            when = london_moment(teller.today - timedelta(days=back), time(11, 0))
            record_staff_answer(
                by=teller.by("LEAD"), now=when, prison=teller.prison, instrument=QUESTIONS["STAFF"],
                asked_on=london_today(when), answers={"WORKS": teller.rng.choice((3, 4, 4, 5))},
            )  # fmt: skip


def _answer(teller: Teller, values: list[int], before: int | None) -> int:
    """An answer somewhere on the scale; the second one is near the first."""
    if before is None:
        return teller.rng.choice(values)
    near = [value for value in values if abs(value - before) <= 1]
    return teller.rng.choice(near)


def _what_others_hold(teller: Teller, now: datetime) -> None:
    year = year_of(teller.today)
    give_figure(
        by=teller.by("LEAD"), now=now, prison=teller.prison, measure=BY_CODE["OP-31"], period=year, value=Decimal(1),
        fact_on=teller.opens_on, source="Signed copy in the lead’s office",
    )  # fmt: skip
    last = quarter_of(teller.today).previous()
    for code, value in (("OP-26a", Decimal(2)), ("OP-26b", Decimal(5))):
        give_figure(
            by=teller.by("LEAD"), now=now, prison=teller.prison, measure=BY_CODE[code], period=last, value=value,
            source="Complaints office, quarterly list",
        )  # fmt: skip
