"""What the tests of the directory share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine


@pytest.fixture
def clock(now: datetime) -> Iterator[time_machine.Coordinates]:
    """The moment at which tests act, also for the pages."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller
