"""People in training at `here`, and the trainer who acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from buddyscheme.accounts.models import Prison, User, Wing
from schemes.models import Buddy
from tests.builders import buddies as build
from tests.builders.buddies import as_owner
from training.models import Module


@pytest.fixture
def learners(here: Prison, lead: User, wing: Wing, now: datetime, at_prison) -> Callable[[int], list[Buddy]]:
    """`learners(3)`: so many people in training, by name."""

    def make(number: int) -> list[Buddy]:
        with at_prison(here):
            return [build.in_training(here, lead, now, wing=wing, last_name=f"Learner{n:02}") for n in range(number)]

    return make


@pytest.fixture
def practical(db: None) -> Module:
    """A national module with a practical part that lapses after a year; only some tasks need it."""
    build.modules()
    with as_owner():
        return Module.objects.create(
            code="T09", title="Wheelchair", title_cy="Cadair olwyn", mandatory=False, practical=True, refresh_months=12,
            source="Made up for tests", position=9,
        )  # fmt: skip
