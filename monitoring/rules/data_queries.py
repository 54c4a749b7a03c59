"""When a query about a figure may be raised by hand, answered and closed."""

from __future__ import annotations

import re
from datetime import date

from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from monitoring.models import DataQuery

How = DataQuery.How
PRISON_NUMBER = re.compile(r"\b[A-Z]\d{4}[A-Z]{2}\b", re.IGNORECASE | re.ASCII)


def check_impersonal(words: str) -> None:
    """No prison number: these words stand beside figures."""
    if PRISON_NUMBER.search(words):
        raise NotAllowed("Take the prison number out. Write about the figures, and name nobody.", field="words")


def check_can_answer(query: DataQuery) -> None:
    """While it is open."""
    if query.closed_at is not None:
        raise NotAllowed("This query is closed already, so it needs no answer.")


def check_answer(words: str) -> None:
    """Something is said, about nobody in particular."""
    if not words.strip():
        raise NotAllowed("Enter your answer.", field="words")
    check_impersonal(words)


def check_can_close(query: DataQuery) -> None:
    """Once."""
    if query.closed_at is not None:
        raise NotAllowed("This query is closed already.")


def check_closing(*, how: str, answered: bool, fires: bool) -> None:
    """Explained needs an answer; mended needs figures that no longer say so."""
    if how not in (How.MENDED, How.EXPLAINED):
        raise NotAllowed("Select how it was settled.", field="how")
    if how == How.EXPLAINED and not answered:
        raise NotAllowed("Answer the query first: an explanation is what you write there.", field="how")
    if how == How.MENDED and fires:
        raise NotAllowed(
            "The figures still say so. Mend the records and try again in a few minutes, or answer and select "
            "“Explained”.",
            field="how",
        )


def check_ask(*, words: str, period: Month | Quarter, today: date) -> None:
    """A question about a period that has begun, about nobody in particular."""
    if period.first > today:
        raise NotAllowed(f"{period} has not begun. Choose one that has.", field="period")
    if not words.strip():
        raise NotAllowed("Enter what you ask.", field="words")
    check_impersonal(words)


can_answer = twin(check_can_answer)
can_close = twin(check_can_close)
