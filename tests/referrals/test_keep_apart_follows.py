"""A keep-apart record made while a match runs takes the buddy off today's visits at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.actions.keep_apart import keep_apart
from tests.builders.visits import day_opened, helped, planned_on
from tests.cast import acts

pytestmark = pytest.mark.django_db


def test_todays_visits_lose_the_buddy(
    here: Prison, lead: User, security: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    today = london_today(now)
    with time_machine.travel(now, tick=False):
        with at_prison(here):
            plan, buddy, _ = helped(here, lead, now.replace(day=2))
            day_opened(here, today, now)
            assert planned_on(plan, today).buddy_id == buddy.pk
            keep_apart(
                by=acts(security, here), now=now, prison=here, person=plan.person, other=buddy.person,
                reason="BULLYING", restriction="WING",
            )  # fmt: skip
        with scoped(DatabaseRole.NATIONAL):
            drain()
    assert planned_on(plan, today).buddy_id is None
