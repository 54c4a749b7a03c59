"""A save takes as long whatever was saved: whoever watches the screen cannot tell a message to staff by the wait.

A message makes more rows than a visit alone, and danger more than either. So the answer to a save is given at the next
whole step after the tap, outside of its transaction. On a slow machine that is the second step, for all of them alike.
"""

from __future__ import annotations

from math import ceil
from time import monotonic, sleep

from django.conf import settings
from django.http import HttpRequest

# One address for a visit and for a message to staff.
SAVES = "terminal:visit"


def is_save(request: HttpRequest) -> bool:
    """Whether this request sent a visit or a message."""
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.view_name == SAVES


def wait(began: float) -> None:
    """Hold the answer until a whole number of steps (of `settings.TERMINAL_SAVE_STEP` seconds) after `began`."""
    step: float = settings.TERMINAL_SAVE_STEP
    taken = monotonic() - began
    if step:
        sleep(max(1, ceil(taken / step)) * step - taken)
