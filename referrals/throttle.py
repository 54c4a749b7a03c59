"""Counting tries to get in, in the database, so that parallel guesses cannot slip past.

`take_turn` runs in a transaction of its own before the code is looked at: the count stands whatever comes after.
If it cannot be written, nobody gets in. Unknown numbers are counted like known ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Sum

from buddyscheme.lib.references import make_token
from referrals import codes
from referrals.models import SignInCount, SignInFailure, SignInStanding, TerminalCode, TerminalWindow
from referrals.rules import windows as rules

STANDING = """
INSERT INTO referrals_signinstanding AS s (prison_id, token, number_hash, failures_in_a_row, needs_face_check)
VALUES (%(prison)s, %(token)s, %(number)s, 1, false)
ON CONFLICT (prison_id, number_hash) DO UPDATE SET failures_in_a_row = s.failures_in_a_row + 1,
    needs_face_check = s.needs_face_check OR s.failures_in_a_row >= %(in_a_row)s
RETURNING needs_face_check
"""

# One statement: the row's lock puts parallel tries in line, and each sees what the one before it counted.
COUNT = """
INSERT INTO referrals_signincount AS c
    (prison_id, token, window_id, number_hash, tries, failures, let_through, wait_until)
VALUES (%(prison)s, %(token)s, %(window)s, %(number)s, 1, %(first)s, %(allowed)s,
    %(now)s + make_interval(secs => (%(waits)s::int[])[%(first)s + 1]))
ON CONFLICT (window_id, number_hash) DO UPDATE SET
    tries = c.tries + 1,
    let_through = %(allowed)s AND c.failures < %(most)s AND coalesce(c.wait_until <= %(now)s, true),
    failures = c.failures + (CASE WHEN %(allowed)s AND c.failures < %(most)s
        AND coalesce(c.wait_until <= %(now)s, true) THEN 1 ELSE 0 END),
    wait_until = CASE WHEN %(allowed)s AND c.failures < %(most)s AND coalesce(c.wait_until <= %(now)s, true)
        THEN %(now)s + make_interval(secs => (%(waits)s::int[])[least(c.failures + 2, cardinality(%(waits)s::int[]))])
        ELSE c.wait_until END
RETURNING let_through, failures, wait_until
"""


@dataclass(frozen=True)
class Turn:
    """Whether the code may be looked at; if not, either a time to wait or the way to the officer."""

    allowed: bool
    wait_seconds: int = 0
    ask_officer: bool = False


def take_turn(window: TerminalWindow, prison_number: str, now: datetime) -> Turn:
    """Count one try for this number in this window, as if it were wrong, and say whether it may go on."""
    number = codes.number_hash(window.prison_id, prison_number)
    with connection.cursor() as cursor:
        standing = SignInStanding.objects.for_prison(window.prison_id).filter(number_hash=number)
        held = standing.values_list("needs_face_check", flat=True).first() or False
        cursor.execute(
            COUNT,
            {
                "prison": window.prison_id,
                "token": make_token(),
                "window": window.pk,
                "number": number,
                "first": 0 if held else 1,
                "allowed": not held,
                "most": rules.FAILURES_OF_ONE,
                "now": now,
                "waits": list(rules.WAITS),
            },
        )
        allowed, failures, wait_until = cursor.fetchone()
        if allowed:
            cursor.execute(
                STANDING,
                {
                    "prison": window.prison_id,
                    "token": make_token(),
                    "number": number,
                    "in_a_row": rules.FAILURES_IN_A_ROW - 1,
                },
            )
    if allowed:
        return Turn(allowed=True)
    if held or failures >= rules.FAILURES_OF_ONE:
        return Turn(allowed=False, ask_officer=True)
    left = (wait_until - now).total_seconds() if wait_until else 0
    return Turn(allowed=False, wait_seconds=max(1, -int(-left // 1)))


def forget(window: TerminalWindow, prison_number: str) -> None:
    """A right code, or a face that an officer looked at: this number starts from nought."""
    number = codes.number_hash(window.prison_id, prison_number)
    counts = SignInCount.objects.for_prison(window.prison_id).filter(window=window, number_hash=number)
    counts.update(failures=0, wait_until=None)
    standing = SignInStanding.objects.for_prison(window.prison_id).filter(number_hash=number)
    standing.update(failures_in_a_row=0, needs_face_check=False)


def has_too_many(window: TerminalWindow) -> bool:
    """Too many failures over several numbers: somebody is trying other people's."""
    failed = SignInCount.objects.for_prison(window.prison_id).filter(window=window, failures__gt=0)
    totals = failed.aggregate(numbers=Count("id"), failures=Sum("failures"))
    return totals["numbers"] >= rules.NUMBERS_OF_MANY and (totals["failures"] or 0) >= rules.FAILURES_OF_MANY


def keep_failure(window: TerminalWindow, prison_number: str, now: datetime) -> bool:
    """Keep one wrong try; whether it makes a number too many for this terminal, so that somebody is to be told."""
    number = codes.number_hash(window.prison_id, prison_number)
    here = SignInFailure.objects.for_prison(window.prison_id)
    at_terminal = here.filter(window__terminal=window.terminal_id, failed_at__gt=now - rules.TERMINAL_TIME)
    before = set(at_terminal.values_list("number_hash", flat=True).distinct()[: rules.NUMBERS_OF_A_TERMINAL])
    SignInFailure.objects.create(prison_id=window.prison_id, window=window, number_hash=number, failed_at=now)
    return len(before) < rules.NUMBERS_OF_A_TERMINAL <= len(before | {number})


def has_worn_out(window: TerminalWindow, issued: TerminalCode | None, prison_number: str, now: datetime) -> bool:
    """So many wrong tries since the code was made that it must not be guessed at any longer.

    Counted for a number without a code too, so that it takes no less time.
    """
    since = max(issued.issued_at, now - rules.CODE_DAYS) if issued is not None else now - rules.CODE_DAYS
    number = codes.number_hash(window.prison_id, prison_number)
    wrong = SignInFailure.objects.for_prison(window.prison_id).filter(number_hash=number, failed_at__gt=since)
    return wrong.count() >= rules.FAILURES_OF_A_CODE


def flagged(prison_code: str) -> set[str]:
    """Number hashes whose face is to be looked at before a code counts again."""
    rows = SignInStanding.objects.for_prison(prison_code).filter(needs_face_check=True)
    return set(rows.values_list("number_hash", flat=True))
