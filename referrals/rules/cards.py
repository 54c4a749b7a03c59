"""When a printed card may be made and used."""

from __future__ import annotations

from datetime import datetime

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import CardScan, TerminalCard
from referrals.rules.windows import UNTOUCHED


def is_waiting(scan: CardScan, now: datetime) -> bool:
    """No officer has answered, and it was held to the scanner a moment ago."""
    return scan.answered_at is None and now < scan.scanned_at + UNTOUCHED


def check_can_withdraw(card: TerminalCard) -> None:
    """Once."""
    if card.withdrawn_at is not None:
        raise NotAllowed("This card was already withdrawn.")


def check_can_answer(scan: CardScan, newest: CardScan | None, now: datetime) -> None:
    """The officer answers for the card that was held to the scanner last, within minutes."""
    if newest is None or newest.pk != scan.pk or not is_waiting(scan, now):
        raise NotAllowed("Nobody is waiting with this card now. Ask them to hold it to the scanner again.")


def check_can_confirm(scan: CardScan) -> None:
    """There has to be somebody whose face can be looked at."""
    if scan.card is None:
        raise NotAllowed("This card is not in use here. Let the person in from the list, then print a new card.")


can_withdraw = twin(check_can_withdraw)
can_answer = twin(check_can_answer)
can_confirm = twin(check_can_confirm)
