"""Hiding more in a new release for the sake of those already out, until the audit passes.

A correction counts the same records again, rounded anew; a year adds up quarters that were published before. What is
out cannot be taken back, so only the new release gives way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from monitoring.disclosure.audit import audit
from monitoring.disclosure.audit_web import Finding, Key, Published, Source, limits


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
    published as one figure: when one is hidden, the figure is, and so is what is then published with none. Raises
    `GivenAwayAlready` when hiding cannot help.
    """
    joined = [tuple(one) for one in figures]
    of: dict[Key, list[int]] = {}
    for number, one in enumerate(joined):
        for key in one:
            of.setdefault(key, []).append(number)
    while True:
        chosen: set[Key] = set()
        for finding in audit([*earlier, new]):
            ours = [one for one in finding.given_by if one.release == new.name and _can_hide(one)]
            if not ours:
                raise GivenAwayAlready(finding)
            if chosen.isdisjoint(one.key for one in ours):
                chosen.add(min(ours, key=lambda one: (keep(one.key), limits(one.shown).low, str(one.key))).key)
        if not chosen:
            return new
        hidden = _hidden_with(chosen | {key for key, shown in new.counts.items() if shown is None}, joined, of)
        new = replace(new, counts={key: None if key in hidden else shown for key, shown in new.counts.items()})


def _hidden_with(keys: set[Key], figures: Sequence[Sequence[Key]], of: Mapping[Key, Sequence[int]]) -> set[Key]:
    """These keys, with those that are left in no figure that is shown."""
    hidden, gone, waiting = set(keys), set[int](), list(keys)
    while waiting:
        for number in of.get(waiting.pop(), ()):
            if number in gone:
                continue
            gone.add(number)
            for key in figures[number]:
                if key not in hidden and gone.issuperset(of[key]):
                    hidden.add(key)
                    waiting.append(key)
    return hidden


def _can_hide(one: Source) -> bool:
    """A structural nought is known, shown or not."""
    return limits(one.shown).low > 0
