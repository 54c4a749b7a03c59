"""What releases give away together, seen from outside: nothing goes in but what they show and what a reader can add up.

Differencing needs two things that are published: a whole and its other parts, a quarter and two of its months, all
prisons and all but one, a release and its correction. All of them are put into one web, and for every count that is
not shown a linear programme finds the least and the most it can be.

What counts as given away:

- A *hidden* count ("too few to show") that can only be in a range under 10 wide.
- A count that is *not published* but can be worked out: one that a sum names and no release shows, what is left
  between two totals of which one holds the other, and how far a correction moved a figure. It is given away where it
  may be under 10 and its range is under 10 wide, for then it would have been hidden. Where it is surely 10 or more it
  would only have been rounded; it is given away where exact numbers tell more than that (131 less 94).

A correction counts the same records again, and is looked at as two readers would. One trusts that nothing changed but
what is seen to have changed: figures whose ranges overlap are the same count in both, so that what one release hides
for another count's sake may be told by the other only if that count stays wide. Where they cannot be the same, the
count and every total above it were corrected, and the difference is a count of records like any other: "between 1 and
9 were added" is a small number that may not be shown. The other reader takes the correction as it stands. A figure
that is not seen to move says no more than that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from monitoring.disclosure.audit_web import Finding, Key, Published, Web, told
from monitoring.disclosure.programme import Contradiction


def audit(releases: Iterable[Published | Mapping[str, Any]]) -> list[Finding]:
    """Everything that the releases give away together, narrowest first. Nothing found: they pass.

    A release may also be a mapping with the fields of `Published`. They come in the order of publication, so that a
    correction follows what it corrects. Raises `ValueError` when a name is used twice, when a release corrects one
    that is not there, and `Contradiction` when what is shown cannot be true.
    """
    there = [one if isinstance(one, Published) else Published(**one) for one in releases]
    _check(there)
    corrections = [one for one in there if one.replaces]
    anew = {one.name: set(one.counts) | {key for total, parts in one.sums for key in (total, *parts)} for one in there}
    found = Web(there, {one.name: anew[one.name] for one in corrections}).findings()
    if corrections:
        # Where not even a trusting reader can take the rest for unchanged, only the other reader is left.
        with suppress(Contradiction):
            found += Web(there, {one.name: _moved(one, there) for one in corrections}).findings()
    distinct = {(one.count, one.release, one.interval): one for one in reversed(found)}
    return sorted(distinct.values(), key=lambda one: (one.interval.width, one.count, one.release))


def _moved(one: Published, releases: Sequence[Published]) -> set[Key]:
    """The keys that a correction is said or seen to change, with every total above them."""
    before = next(each for each in releases if each.name == one.replaces)
    first, second = told(before), told(one)
    moved = {key for key, after in second.items() if key in first and first[key].both(after).empty} | {*one.corrected}
    while True:
        above = {total for total, parts in (*before.sums, *one.sums) if not moved.isdisjoint(parts)} - moved
        if not above:
            return moved
        moved |= above


def _check(releases: Sequence[Published]) -> None:
    seen: set[str] = set()
    for one in releases:
        if one.name in seen:
            raise ValueError(f"Two releases are called “{one.name}”.")
        if one.replaces and one.replaces not in seen:
            raise ValueError(f"“{one.name}” corrects “{one.replaces}”, which does not come before it.")
        seen.add(one.name)
