"""Hiding more in a new release for the sake of those already out, until the audit passes.

A correction counts the same records again, rounded anew; a year adds up quarters that were published before. What is
out cannot be taken back, so only the new release gives way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from monitoring.disclosure.audit import audit
from monitoring.disclosure.audit_web import Finding, Key, Published, Source, lowest


class GivenAwayAlready(ValueError):
    """What is out already gives a hidden count away, whatever the new release hides."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def hide_more(
    earlier: Sequence[Published],
    new: Published,
    keep: Callable[[Key], int] = lambda _: 0,
    figures: Iterable[Sequence[Key]] = (),
) -> Published:
    """The new release with as much more hidden as the releases before it ask for.

    `keep` says of a key how late it goes (0 first); then the smaller count goes first. `figures` are keys that are
    published as one figure: when one is hidden, all are. Raises `GivenAwayAlready` when hiding cannot help.
    """
    joined = {key: tuple(one) for one in figures for key in one}
    while True:
        chosen: set[Key] = set()
        for finding in audit([*earlier, new]):
            ours = [one for one in finding.given_by if one.release == new.name and _can_hide(one)]
            if not ours:
                raise GivenAwayAlready(finding)
            if chosen.isdisjoint(one.key for one in ours):
                first = min(ours, key=lambda one: (keep(one.key), lowest(one.shown), str(one.key)))
                chosen.update(joined.get(first.key, (first.key,)))
        if not chosen:
            return new
        new = replace(new, counts={key: None if key in chosen else shown for key, shown in new.counts.items()})


def _can_hide(one: Source) -> bool:
    """A structural nought is known, shown or not."""
    return lowest(one.shown) > 0
