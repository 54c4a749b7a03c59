"""When a quarter or a year may be published, and when a release may be corrected."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from buddyscheme.lib.dates import Quarter, Year
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin


def check_can_publish(period: Quarter | Year, *, today: date, published: bool) -> None:
    """A quarter or a year is published once, after its last day. A correction is a release of its own."""
    if period.last >= today:
        raise NotAllowed(f"{period} is still running. It can be published from {period.next().first:%-d %B %Y}.")
    if published:
        raise NotAllowed(f"{period} is published already. Open it from the list of releases.")


def check_can_correct(*, newest: bool, changed: bool) -> None:
    """The newest release of a period, once a figure in it has changed: what has not changed needs no second release."""
    if not newest:
        raise NotAllowed("This release has been replaced. Correct the one that replaced it.")
    if not changed:
        raise NotAllowed(
            "No figure in this release has changed since it was published, so there is nothing to correct."
        )


def check_none_between(out: Collection[int], checked: Collection[int]) -> None:
    """The releases that are out must be those that this one was checked beside, by their ids."""
    if set(out) != set(checked):
        raise NotAllowed(
            "Nothing was published, because another release of the same days was published in the meantime, and the "
            "two have not been checked together. Ask for it again."
        )


def check_reason(reason: str) -> None:
    """Readers of both releases are told why there are two."""
    if not reason.strip():
        raise NotAllowed("Enter why the figures are published again.", field="reason")


can_publish = twin(check_can_publish)
can_correct = twin(check_can_correct)
