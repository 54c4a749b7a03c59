"""When a quarter may be published, and when a release may be corrected."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.dates import Quarter
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin


def check_can_publish(quarter: Quarter, *, today: date, published: bool) -> None:
    """A quarter is published once, after its last day. A correction is a release of its own."""
    if quarter.last >= today:
        raise NotAllowed(f"{quarter} is still running. It can be published from {quarter.next().first:%-d %B %Y}.")
    if published:
        raise NotAllowed(f"{quarter} is published already. Open it from the list of releases.")


def check_can_correct(*, newest: bool, changed: bool) -> None:
    """The newest release of a period, once a figure in it has changed: what has not changed needs no second release."""
    if not newest:
        raise NotAllowed("This release has been replaced. Correct the one that replaced it.")
    if not changed:
        raise NotAllowed(
            "No figure in this release has changed since it was published, so there is nothing to correct."
        )


def check_reason(reason: str) -> None:
    """Readers of both releases are told why there are two."""
    if not reason.strip():
        raise NotAllowed("Enter why the figures are published again.", field="reason")


can_publish = twin(check_can_publish)
can_correct = twin(check_can_correct)
