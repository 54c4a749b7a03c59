"""What a screening prompt needs before a prison may keep it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from buddyscheme.accounts.departments import department_name
from buddyscheme.lib.errors import NotAllowed, Stale

ALERT_CODE = re.compile(r"[A-Z][A-Z0-9]{0,11}")
MOST_CODES = 20


def codes_in(typed: str) -> list[str]:
    """Alert codes as somebody typed them, with spaces or commas between, each once."""
    return list(dict.fromkeys(typed.upper().replace(",", " ").split()))


def check_prompt(words: str, *, alert_codes: Sequence[str], departments: Iterable[str], offered: Iterable[str]) -> None:
    """Words, alert codes that can be, and at least one department that signs here."""
    if not words.strip():
        raise NotAllowed("Enter what the department should look at.", field="words")
    wrong = [code for code in alert_codes if not ALERT_CODE.fullmatch(code)]
    if wrong:
        raise NotAllowed(
            f"“{wrong[0]}” is not an alert code. Enter codes such as XVL, with a space between.",
            field="alert_codes",
        )
    if len(alert_codes) > MOST_CODES:
        raise NotAllowed(f"Enter at most {MOST_CODES} alert codes.", field="alert_codes")
    chosen = set(departments)
    if not chosen:
        raise NotAllowed("Select at least one department that sees it.", field="departments")
    strangers = sorted(chosen - set(offered))
    if strangers:
        raise NotAllowed(
            f"{department_name(strangers[0])} does not sign clearance here. Take the tick away.", field="departments"
        )


def check_version(held: int, version: int) -> None:
    """Nobody saved in between."""
    if held != version:
        raise Stale("this prompt")


def check_new(words: str, *, held: Iterable[str]) -> None:
    """The same words are asked once."""
    if words.strip().lower() in {known.strip().lower() for known in held}:
        raise NotAllowed("There is a prompt with these words already. Change that one instead.", field="words")
