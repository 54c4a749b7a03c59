"""Pay: which rates, periods and amounts can be, and when a difference may be explained."""

from __future__ import annotations

from datetime import date, timedelta

from buddyscheme.lib.dates import week_of
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.money import MOST, pounds
from buddyscheme.lib.rules import twin
from monitoring.models import PayExplanation, PayLine, PayPeriod

BANDS = 10
WHICH_BAND = "Give the band as a number from 1 to 10."
# Rates that were in force before they were entered here, and rates that are agreed ahead.
LONGEST_AGO = timedelta(days=2 * 366)
LONGEST_AHEAD = timedelta(days=366)
# How far back a period may be started.
PERIODS_BACK = timedelta(days=366)
REVIEW = timedelta(days=365)


def check_rate(
    *, band: int, name: str, session_pence: int | None, week_pence: int | None, valid_from: date,
    last_from: date | None, today: date,
) -> None:  # fmt: skip
    """A band with a name, an amount, and a day after the day of the band's last rate."""
    if not 1 <= band <= BANDS:
        raise NotAllowed(WHICH_BAND, field="band")
    if not name.strip():
        raise NotAllowed("Enter what the prison calls this band.", field="name")
    if session_pence is None and week_pence is None:
        raise NotAllowed("Enter an amount for a session, an amount for a week, or both.", field="session_pence")
    for field, pence in (("session_pence", session_pence), ("week_pence", week_pence)):
        if pence is not None and not 0 <= pence <= MOST:
            raise NotAllowed(f"Enter an amount from {pounds(0)} to {pounds(MOST)}.", field=field)
    if last_from is not None and valid_from <= last_from:
        raise NotAllowed(
            f"The last rate of band {band} runs from {day_in_words(last_from)}. A new rate must begin after that day.",
            field="valid_from",
        )
    if valid_from < today - LONGEST_AGO:
        raise NotAllowed(f"A rate must begin on or after {day_in_words(today - LONGEST_AGO)}.", field="valid_from")
    if valid_from > today + LONGEST_AHEAD:
        raise NotAllowed(f"A rate must begin on or before {day_in_words(today + LONGEST_AHEAD)}.", field="valid_from")


def review_due(reviewed_on: date | None, first_rate: date | None) -> date | None:
    """The day by which the rates are to be reviewed: a year after the last review, or after the first rate."""
    since = reviewed_on or first_rate
    return since + REVIEW if since is not None else None


def check_settings(*, weeks: int, reviewed_on: date | None, today: date) -> None:
    """One week or four; a review that has taken place."""
    if weeks not in (1, 4):
        raise NotAllowed("Select a week or four weeks.", field="weeks")
    if reviewed_on is not None and reviewed_on > today:
        raise NotAllowed("Enter the day of a review that has taken place, today or before.", field="reviewed_on")


def last_day_of(first_day: date, weeks: int) -> date:
    """The Sunday on which the period ends."""
    return first_day + timedelta(days=7 * weeks - 1)


def check_period(first_day: date, weeks: int, *, today: date, overlapping: PayPeriod | None) -> None:
    """Whole weeks that are over and that no other period holds."""
    last_day = last_day_of(first_day, weeks)
    if first_day.weekday() != 0:
        before = week_of(first_day).monday
        raise NotAllowed(
            f"A pay period begins on a Monday. {day_in_words(before)} and "
            f"{day_in_words(before + timedelta(days=7))} are the nearest.",
            field="first_day",
        )
    if last_day >= today:
        raise NotAllowed(
            f"This period runs until {day_in_words(last_day)} and is not over. Enter it when it is over.",
            field="first_day",
        )
    if first_day < today - PERIODS_BACK:
        raise NotAllowed(f"A period must begin on or after {day_in_words(today - PERIODS_BACK)}.", field="first_day")
    if overlapping is not None:
        raise NotAllowed(
            f"There is a period from {day_in_words(overlapping.first_day)} to {day_in_words(overlapping.last_day)} "
            "already. Enter a Monday after it, or before it by a whole period.",
            field="first_day",
        )


def check_period_version(period: PayPeriod, version: int) -> None:
    """Nobody saved amounts in between."""
    if period.version != version:
        raise Stale("this pay period")


def check_amount(pence: int | None) -> None:
    """An amount that one person can have been paid, or nothing."""
    if pence is not None and not 0 <= pence <= MOST:
        raise NotAllowed(f"Enter an amount from {pounds(0)} to {pounds(MOST)}.")


def state_of(line: PayLine, *, recorded: bool) -> str:
    """How the two amounts stand. `recorded`: amounts were entered for this period."""
    s = PayLine.State
    if not recorded:
        return s.WAITING
    if line.expected_pence is None:
        return s.NO_RATE
    if line.recorded_pence is None:
        return s.NOTHING if line.expected_pence else s.AGREES
    if line.recorded_pence == line.expected_pence:
        return s.AGREES
    return s.UNDER if line.recorded_pence < line.expected_pence else s.OVER


def check_can_explain(line: PayLine) -> None:
    """There is a difference to explain."""
    if line.state == PayLine.State.WAITING:
        raise NotAllowed("Enter what the pay system recorded for this period first.")
    if line.state not in PayLine.DIFFERS:
        raise NotAllowed("The two amounts agree. There is nothing to explain.")


can_explain = twin(check_can_explain)


def check_explanation(line: PayLine, *, reason: str, words: str, version: int) -> None:
    """A reason from the list; “Other reason” in words; for the amounts that were looked at."""
    if line.version != version:
        raise Stale("these amounts")
    check_can_explain(line)
    if reason not in PayExplanation.Reason.values:
        raise NotAllowed("Select why the amounts differ.", field="reason")
    if reason == PayExplanation.Reason.OTHER and not words.strip():
        raise NotAllowed("Enter the reason in words.", field="words")
