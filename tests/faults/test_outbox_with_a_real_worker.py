"""The outbox with a real worker and beat: handled once, also when the worker is killed or the queue is emptied."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis

from buddyscheme.outbox.models import Message
from buddyscheme.outbox.publish import month_changed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import Figure
from tests import cast
from tests.builders.schemes import open_scheme
from tests.faults.worker import running, wait_for, worker_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_database]
OPENED = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)


@pytest.fixture
def prison(transactional_db: Any) -> str:
    """A prison whose scheme is open, committed, with nothing waiting."""
    here = cast.make_prison()
    wing = cast.make_wing(here)
    lead = cast.make_staff("Lena Lead", "LEAD", here)
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        open_scheme(here, lead, wing, OPENED)
    Message.objects.update(handled_at=OPENED)
    queue = redis.Redis.from_url(worker_environment()["REDIS_URL"])
    queue.flushdb()
    queue.close()
    return here.code


def change(prison: str) -> None:
    with scoped(DatabaseRole.WEB, prisons=[prison]):
        month_changed(prison, [datetime(2026, 10, 5, tzinfo=UTC).date()])


def all_handled() -> bool:
    return not Message.objects.filter(handled_at__isnull=True).exists()


def test_a_change_reaches_the_months_figures_by_way_of_worker_and_beat(prison: str, tmp_path: Path) -> None:
    change(prison)
    with running("worker", "--pool=solo", "--beat", f"--schedule={tmp_path}/beat"):
        assert wait_for(all_handled)
    figures = Figure.objects.filter(prison_id=prison, period="2026-10")
    assert figures.count() > 5


def test_misuse_30_a_killed_worker_loses_nothing_and_does_nothing_twice(prison: str, tmp_path: Path) -> None:
    change(prison)
    with running("worker", "--pool=solo", "--beat", f"--schedule={tmp_path}/beat") as process:
        os.killpg(process.pid, signal.SIGKILL)
    assert not all_handled()
    for _ in range(3):
        change(prison)
    with running("worker", "--pool=solo", "--beat", f"--schedule={tmp_path}/beat"):
        assert wait_for(all_handled)
    figures = Figure.objects.filter(prison_id=prison, period="2026-10", measure="OP-02", breakdown="")
    assert figures.count() == 1


def test_misuse_30_an_emptied_queue_is_filled_again_from_the_database(prison: str, tmp_path: Path) -> None:
    from buddyscheme.outbox import relay

    change(prison)
    # Sent into a queue that then loses everything.
    with scoped(DatabaseRole.NATIONAL):
        relay.send_waiting(lambda message_id: None)
    assert Message.objects.filter(sent_at__isnull=False, handled_at__isnull=True).exists()
    Message.objects.filter(handled_at__isnull=True).update(sent_at="2020-01-01T00:00:00Z")
    with running("worker", "--pool=solo", "--beat", f"--schedule={tmp_path}/beat"):
        assert wait_for(all_handled)
