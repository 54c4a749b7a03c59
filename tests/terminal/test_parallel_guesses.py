"""Fifty guesses at once count fifty, and no more than three of them are looked at."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals import throttle
from referrals.models import SignInCount
from tests.builders import terminal as builders


@pytest.mark.django_db(transaction=True)
def test_misuse_16_fifty_guesses_at_once_count_fifty(here, wing, officer, admin, now, at_prison) -> None:
    with at_prison(here):
        terminal, _ = builders.terminal_on(wing, admin, now)
        window = builders.window_at(terminal, officer, now)
    turns = []

    def guess() -> None:
        try:
            with scoped(DatabaseRole.WEB, prisons=[here.code]):
                turns.append(throttle.take_turn(window, "Z0001ZA", now))
        finally:
            connection.close()

    for batch in range(5):
        threads = [threading.Thread(target=guess) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(turns) == 10 * (batch + 1)
    count = SignInCount.objects.get()
    assert count.tries == 50
    # At one moment only the first is looked at: the others meet its wait.
    assert sum(turn.allowed for turn in turns) == count.failures == 1
