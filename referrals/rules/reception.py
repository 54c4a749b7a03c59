"""Asking people who have just arrived whether they need help."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from buddyscheme.lib.errors import NotAllowed
from referrals.models import ReceptionPrompt

# Who came in this long ago, and was not asked, is on the list.
ARRIVED_WITHIN = timedelta(days=14)


def check_can_record(*, here: bool, asked: bool, yes: Iterable[str], offered: Iterable[str], declined: bool) -> None:
    """Once for each arrival, with answers to prompts that are there."""
    if not here:
        raise NotAllowed("This person is no longer on this prison’s list, so nothing was saved.")
    if asked:
        raise NotAllowed("This person has been asked already since arriving.")
    if declined and list(yes):
        raise NotAllowed("Select either what applies or that the person did not want to answer.", field="yes")
    if set(yes) - set(offered):
        raise NotAllowed("The questions have changed. Open the page again.", field="yes")


def categories_of(prompts: Iterable[ReceptionPrompt], yes: Iterable[str]) -> list[str]:
    """The categories of need behind the answers, each once, in the order of the prompts."""
    said = set(yes)
    return list(dict.fromkeys(prompt.category for prompt in prompts if prompt.code in said and prompt.category))
