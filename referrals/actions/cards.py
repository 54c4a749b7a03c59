"""Printed cards: making and withdrawing them, and getting in with one once the officer has seen the face."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit import record
from buddyscheme.audit.events import Event
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.references import make_token
from referrals import codes
from referrals.actions.entries import begin_with_card
from referrals.drawing import create_with_reference
from referrals.locking import lock_prison, lock_window
from referrals.models import CardScan, TerminalCard, TerminalEntry, TerminalWindow
from referrals.queries.cards import newest_scan
from referrals.rules import cards as rules
from referrals.rules import windows
from schemes.models import Person
from schemes.queries.people import custody_of


@transaction.atomic
def issue_card(*, by: Actor, now: datetime, prison: Prison, person: Person) -> TerminalCard:
    """Make a card for somebody held here. One that they had before ends here."""
    windows.check_is_here(custody_of(prison, person))
    lock_prison(prison)
    earlier = TerminalCard.objects.for_prison(prison).filter(person=person, withdrawn_at=None).first()
    if earlier is not None:
        withdraw_card(by=by, now=now, card=earlier)
    token = make_token()
    card: TerminalCard = create_with_reference(
        TerminalCard, "K", prison=prison, token=token, person=person, issued_at=now, issued_by=by.user,
        secret_hash=codes.key_hash(codes.card_secret(token)),
    )  # fmt: skip
    record.record(Event.CARD_ISSUED, by=by, prison=prison.code, subject=card, person_id=person.pk)
    return card


@transaction.atomic
def withdraw_card(*, by: Actor, now: datetime, card: TerminalCard) -> TerminalCard:
    """End a card at once: lost, worn, or no longer needed."""
    card = TerminalCard.objects.select_for_update().get(pk=card.pk)
    rules.check_can_withdraw(card)
    card.withdrawn_at = now
    card.withdrawn_by = by.user
    card.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record.record(Event.CARD_WITHDRAWN, by=by, prison=card.prison_id, subject=card, person_id=card.person_id)
    return card


@transaction.atomic
def scan_card(*, by: Actor, now: datetime, window: TerminalWindow, secret: str, key: str) -> CardScan:
    """A card is held to the scanner; nobody is in by it. `key` is what the terminal's browser holds.

    The same is done, and the same said, for a card that is unknown, withdrawn, or of somebody who is not here.
    """
    window = lock_window(window.pk)
    windows.check_can_use(window, now)
    cards = TerminalCard.objects.for_prison(window.prison).filter(secret_hash=codes.key_hash(secret), withdrawn_at=None)
    card = cards.select_related("person").first()
    if card is not None and custody_of(window.prison, card.person) is None:
        card = None
    scan: CardScan = CardScan.objects.create(
        prison=window.prison, window=window, card=card, key_hash=codes.key_hash(key), scanned_at=now
    )
    person_id = card.person_id if card is not None else None
    record.record(Event.CARD_SCANNED, by=by, prison=window.prison_id, subject=scan, person_id=person_id)
    return scan


@transaction.atomic
def confirm_card(*, by: Actor, now: datetime, scan: CardScan) -> TerminalEntry:
    """The officer has looked at the face: it is the person of the card, and they are in."""
    scan = _answered(scan, by, now)
    rules.check_can_confirm(scan)
    assert scan.card is not None  # the rule has said so
    if scan.card.withdrawn_at is not None:
        raise NotAllowed("This card was withdrawn a moment ago.")
    return begin_with_card(by=by, now=now, window=scan.window, person=scan.card.person, key_hash=scan.key_hash)


@transaction.atomic
def refuse_card(*, by: Actor, now: datetime, scan: CardScan) -> CardScan:
    """It is somebody else's face, or the card is not in use: nobody gets in by it."""
    scan = _answered(scan, by, now)
    person_id = scan.card.person_id if scan.card is not None else None
    record.record(Event.CARD_REFUSED, by=by, prison=scan.prison_id, subject=scan, person_id=person_id)
    return scan


def _answered(scan: CardScan, by: Actor, now: datetime) -> CardScan:
    window = lock_window(scan.window_id)
    windows.check_can_use(window, now)
    scan = CardScan.objects.select_for_update(of=("self",)).select_related("card__person", "window").get(pk=scan.pk)
    rules.check_can_answer(scan, newest_scan(window), now)
    scan.answered_at = now
    scan.answered_by = by.user
    scan.save(update_fields=["answered_at", "answered_by"])
    return scan
