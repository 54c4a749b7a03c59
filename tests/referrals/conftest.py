"""What the tests of the journey share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.accounts.models import Prison


@pytest.fixture
def clock(now: datetime) -> Iterator[time_machine.Coordinates]:
    """The moment at which tests act, also for the pages."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def at(here: Prison) -> Callable[..., str]:
    """`at("plan", plan.token)`: an address of `here`."""
    return lambda name, *args: reverse(f"referrals:{name}", args=[here.code, *args])
