"""Rows put in by the thousand obey what single ones obey."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from buddyscheme.lib.bulk import insert_missing
from buddyscheme.lib.dates import london_today
from referrals.models import PlannedVisit
from tests.builders.visits import helped


@pytest.fixture
def row(here, wing, lead, now, at_prison):
    with at_prison(here):
        plan, buddy, match = helped(here, lead, now, wing=wing)
    return {
        "prison_id": here.code, "plan_id": plan.pk, "person_id": plan.person_id, "match_id": match.pk,
        "buddy_id": buddy.pk, "day": london_today(now) + timedelta(days=9), "session": "EV",
        "tasks": ["DOM-03", "DOM-05"], "minutes": 20, "held_at_start": True, "cancel_reason": "",
    }  # fmt: skip


def test_goes_in_whole_and_once(row, here, at_prison):
    with at_prison(here):
        assert insert_missing(PlannedVisit, [row, row]) == 1
        assert insert_missing(PlannedVisit, [row]) == 0
        found = PlannedVisit.objects.get(session="EV")
    assert (found.tasks, found.day, found.minutes) == (row["tasks"], row["day"], 20)
    assert len(found.token) == 22 and found.created_at is not None


def test_nothing(db):
    assert insert_missing(PlannedVisit, []) == 0


def test_another_prison_is_refused_by_the_database(row, here, elsewhere, at_prison):
    with at_prison(here), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        insert_missing(PlannedVisit, [{**row, "prison_id": elsewhere.code}])


def test_constraints_hold(row, here, at_prison):
    with at_prison(here), pytest.raises(IntegrityError), transaction.atomic():
        insert_missing(PlannedVisit, [{**row, "minutes": None}])
