"""Publishing with a real worker and beat: seen from outside while it goes on, once, also when the worker is killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time as clock
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
import redis
from django.db import connection, transaction
from django.utils import timezone

from buddyscheme.accounts.models import User
from buddyscheme.lib.dates import london_moment, london_today, quarter_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from monitoring import release_making, working_out
from monitoring.actions.release_requests import ask_release
from monitoring.actions.releases import STORING
from monitoring.models import Release, ReleaseFigure, ReleaseRequest
from monitoring.rules.release_requests import QUIET_FOR
from tests import cast
from tests.builders.schemes import open_scheme
from tests.faults.worker import running, wait_for, worker_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_database]


@pytest.fixture
def publisher(transactional_db: Any) -> User:
    """Two prisons whose schemes are open, committed, and who publishes about them."""
    last = quarter_of(london_today(timezone.now())).previous()
    for code, name in (("ZTA", "Testwick"), ("ZTB", "Otherfield")):
        here = cast.make_prison(code, name)
        lead = cast.make_staff(f"Lead of {name}", "LEAD", here)
        with scoped(DatabaseRole.WEB, prisons=[code]):
            open_scheme(here, lead, cast.make_wing(here), london_moment(last.first, clock(9, 0)))
    queue = redis.Redis.from_url(worker_environment()["REDIS_URL"])
    queue.flushdb()
    queue.close()
    return cast.make_staff("Nat National", "NATIONAL_LEAD", None)


def ask(publisher: User) -> ReleaseRequest:
    now = timezone.now()
    return ask_release(by=cast.acts(publisher), now=now, period=quarter_of(london_today(now)).previous())


@contextmanager
def nobody_stores() -> Iterator[None]:
    """In this block a worker comes as far as the storing, and waits."""
    with transaction.atomic():
        one_at_a_time(STORING)
        yield


def state_of(request: ReleaseRequest) -> str:
    return ReleaseRequest.objects.values_list("state", flat=True).get(pk=request.pk)


def test_it_is_published_and_its_progress_is_seen_from_outside(publisher: User, tmp_path: Path) -> None:
    request, seen = ask(publisher), []
    with running("worker", "--pool=solo", "--beat", f"--schedule={tmp_path}/beat"):
        end = time.monotonic() + 60
        while (not seen or seen[-1] != "DONE") and time.monotonic() < end:
            if not seen or seen[-1] != state_of(request):
                seen.append(state_of(request))
            time.sleep(0.01)
    assert seen[0] == "ASKED"
    assert seen[-1] == "DONE"
    assert {"READING", "HIDING", "CHECKING"} & set(seen)
    assert set(ReleaseFigure.objects.exclude(about=None).values_list("about_id", flat=True)) == {"ZTA", "ZTB"}


def test_a_killed_worker_publishes_nothing_and_the_next_one_publishes_once(publisher: User, tmp_path: Path) -> None:
    request = ask(publisher)
    with nobody_stores(), running("worker", "--pool=solo", "--beat", f"--schedule={tmp_path}/beat") as process:
        assert wait_for(lambda: state_of(request) == "CHECKING", seconds=60)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
    assert not Release.objects.exists()
    long_ago = timezone.now() - QUIET_FOR - timedelta(minutes=1)
    ReleaseRequest.objects.filter(pk=request.pk).update(heard_at=long_ago)
    with running("worker", "--pool=solo", "--beat", f"--schedule={tmp_path}/beat"):
        assert wait_for(lambda: state_of(request) == "DONE", seconds=60)
    assert Release.objects.count() == 1


def test_nothing_stands_open_in_the_database_while_a_release_is_checked(
    publisher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check takes minutes for many prisons, and the database ends a transaction that does nothing for one."""
    check, open_then = working_out.made_safe, []

    def looked(*which: Any, **more: Any) -> Any:
        open_then.append(connection.in_atomic_block)
        return check(*which, **more)

    monkeypatch.setattr(working_out, "made_safe", looked)
    request = ask(publisher)
    release_making.make(request.pk, timezone.now())
    assert state_of(request) == "DONE"
    assert open_then == [False]


def test_two_who_ask_at_once_have_one_made(publisher: User) -> None:
    together, refused = Barrier(2), []

    def press() -> None:
        try:
            together.wait(timeout=10)
            ask(publisher)
        except NotAllowed as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert ReleaseRequest.objects.count() == 1
    (sentence,) = refused
    assert "is being published. Wait until it is done" in sentence
