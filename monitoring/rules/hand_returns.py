"""When a quarter may be returned by hand, and what it can say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from buddyscheme.lib.dates import Quarter
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from monitoring.models.hand_return import COUNTS, MOST, HandReturn
from monitoring.rules.data_queries import PRISON_NUMBER

OLDEST = timedelta(days=3 * 366)
Sort, Help = HandReturn.Sort, HandReturn.Help


def check_can_return_by_hand(quarter: Quarter, *, today: date, in_scope: bool, runs_here: bool) -> None:
    """A quarter that is over, of the last three years, of a prison whose figures do not come from its records."""
    if not in_scope:
        raise NotAllowed("This establishment is not one of those that are counted. Choose another one.")
    if runs_here:
        raise NotAllowed(f"A scheme runs here in {quarter}, so its figures come from its records. Nothing is typed.")
    if quarter.last >= today:
        raise NotAllowed(f"{quarter} is not over. It can be returned from {quarter.next().first:%-d %B %Y}.")
    if quarter.last < today - OLDEST:
        raise NotAllowed(f"{quarter} is more than three years ago. Choose a later quarter.")


can_return_by_hand = twin(check_can_return_by_hand)


def check_hand_return(
    quarter: Quarter,
    *,
    sort: str,
    help_known: str,
    counts: Mapping[str, int | None],
    source: str,
    source_on: date,
    reason: str,
    first: bool,
    today: date,
) -> None:
    """At least one item, with where it comes from; no more trained or paid than there are; a correction says why."""
    given = {name: count for name, count in counts.items() if count is not None}
    if not (sort or help_known or given):
        raise NotAllowed("Enter at least one item. What stays empty counts as not returned.", field="sort")
    for name in COUNTS:
        if not 0 <= given.get(name, 0) <= MOST:
            raise NotAllowed(f"Enter a whole number from 0 to {MOST:,}.", field=name)
    _check_parts(given)
    _check_sort(sort, help_known, given)
    if source not in HandReturn.Source.values:
        raise NotAllowed("Select where this comes from.", field="source")
    if not quarter.first <= source_on <= today:
        raise NotAllowed(f"Enter a day from {quarter.first:%-d %B %Y} to today.", field="source_on")
    if not first and not reason.strip():
        raise NotAllowed("Say why the return is corrected.", field="reason")
    if PRISON_NUMBER.search(reason):
        raise NotAllowed("Take the prison number out. Write about the figures, and name nobody.", field="reason")


def _check_parts(given: Mapping[str, int]) -> None:
    for name, words in (("trained", "trained"), ("paid", "paid")):
        if name in given and "buddies" in given and given[name] > given["buddies"]:
            raise NotAllowed(f"No more buddies can be {words} than there are: {given['buddies']}.", field=name)


def _check_sort(sort: str, help_known: str, given: Mapping[str, int]) -> None:
    if sort == Sort.INFORMAL and help_known == Help.NO:
        raise NotAllowed("Informal help is help that is known. Change the one or the other.", field="help_known")
    if sort == Sort.NONE and help_known == Help.YES:
        raise NotAllowed("Help that is known is informal help. Change the one or the other.", field="sort")
    for name, words in (("buddies", "is a buddy"), ("helped", "is helped")):
        if sort == Sort.NONE and given.get(name):
            raise NotAllowed(f"Where nobody helps, nobody {words}. Change the one or the other.", field=name)
