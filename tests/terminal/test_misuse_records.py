"""Records made at the terminal, by the numbers of the misuse list: back-dating, the same post again, a lost task.

Many at once are in `tests/faults/test_terminal_at_once.py`, a clock ahead is in `tests/faults/test_clock_ahead.py`.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox import relay
from buddyscheme.outbox.models import Message
from buddyscheme.scope.models import Submission
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals import handlers
from referrals.models import Concern, DangerCall, Visit, WelfareCheck
from referrals.terminal.views import inside
from tests.builders.terminal import window_at
from tests.builders.visits import day_opened, planned_on
from tests.referrals.test_welfare_check import handle_again, handle_messages
from tests.terminal.test_tell_staff import own_address

pytestmark = pytest.mark.django_db
NONSENSE = "/terminal/visit/AAAAAAAAAAAAAAAAAAAAAA/"
THANKS = "/terminal/thanks/"


def visit_address(planned) -> str:
    return f"/terminal/visit/{planned.token}/"


def done(key: str = "k", **more: str) -> dict[str, str]:
    """The answers of an ordinary visit."""
    return {"a": "1", "b": "1", "key": key, **more}


# 10: back-dating -----------------------------------------------------------------------------------------


@pytest.fixture
def tomorrow(scene):
    """The visit of the day after, which is on the lists already."""
    with scene.at_prison(scene.prison):
        day_opened(scene.prison, london_today(scene.now) + timedelta(days=1), scene.now)
        return planned_on(scene.plan, london_today(scene.now) + timedelta(days=1))


def on_the_next_day(scene, clock):
    """The same machine a day later, open, with the buddy in."""
    scene.now += timedelta(days=1)
    clock.move_to(scene.now)
    with scene.at_prison(scene.prison):
        scene.window = window_at(scene.terminal, scene.officer, scene.now)
    return scene.inside()


@pytest.mark.parametrize("which", ["yesterday", "to come"])
def test_misuse_10_a_visit_of_another_day_is_not_there(scene, clock, tomorrow, which) -> None:
    planned = scene.planned if which == "yesterday" else tomorrow
    client = on_the_next_day(scene, clock) if which == "yesterday" else scene.inside()
    days = {"happened_on": planned.day.isoformat(), "day": planned.day.isoformat(), "entered_at": "2026-11-23 10:00"}
    assert client.get(visit_address(planned)).status_code == client.get(NONSENSE).status_code == 404
    for address in (visit_address(planned), NONSENSE):
        answer = client.post(address, done(**days))
        assert answer.status_code == 404 and "terminal/message.html" in [used.name for used in answer.templates]
    assert planned.token not in client.get("/terminal/visits/").content.decode()
    assert not Visit.objects.exists() and not AuditEvent.objects.filter(code="visit.logged").exists()


def test_misuse_10_a_visit_of_today_keeps_its_day_and_the_moment_of_the_entry(scene, clock) -> None:
    client = scene.inside()
    clock.shift(timedelta(minutes=2))
    backdated = {"happened_on": "2026-11-20", "entered_at": "2026-11-20 09:00", "late": "1"}
    client.post(visit_address(scene.planned), done(**backdated))
    visit = Visit.objects.get()
    assert (visit.day, visit.happened_on) == (scene.planned.day, london_today(scene.now))
    assert (visit.entered_at, visit.late) == (scene.now + timedelta(minutes=2), False)


def test_misuse_10_what_the_terminal_takes_no_more_is_entered_by_staff_and_marked_late(scene, clock, signed_in) -> None:
    client = on_the_next_day(scene, clock)
    assert client.post(visit_address(scene.planned), done()).status_code == 404
    staff, code = signed_in(scene.officer), scene.prison.code
    add = reverse("referrals:visit_add", args=[code, scene.planned.token])
    assert staff.post(add, {"outcome": "DONE", "minutes": "15"}).status_code == 302
    visit = Visit.objects.get()
    assert (visit.happened_on, visit.entered_at, visit.late) == (scene.planned.day, scene.now, True)
    assert (visit.source, visit.window, visit.entered_by) == ("STAFF", None, scene.officer)
    assert "Staff (late)" in staff.get(reverse("referrals:visits", args=[code])).content.decode()
    one = staff.get(reverse("referrals:visit", args=[code, visit.token])).content.decode()
    assert "entered on a later day" in one


# 11: the same post again -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["raise_concern", "say_danger", "go"])
def test_misuse_11_after_an_error_of_ours_the_same_post_saves_all_of_it_once(scene, name, monkeypatch) -> None:
    """The visit is written before the message, and the message before the danger: none stays without the others."""

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken")

    client, post = scene.inside(), done(b="2", t="6", o="2")
    client.raise_request_exception = False
    real = getattr(inside, name)
    monkeypatch.setattr(inside, name, broken)
    assert client.post(visit_address(scene.planned), post).status_code == 500
    kept = (Visit, Concern, DangerCall, Submission)
    assert [model.objects.count() for model in kept] == [0, 0, 0, 0]
    monkeypatch.setattr(inside, name, real)
    for _ in range(3):
        assert client.post(visit_address(scene.planned), post)["Location"] == THANKS
    assert [model.objects.count() for model in kept] == [1, 1, 1, 1]
    assert AuditEvent.objects.filter(code__in=("visit.logged", "concern.raised", "danger.said")).count() == 3


# 30: a lost task -------------------------------------------------------------------------------------------


def told(scene) -> None:
    """A worry about the person of the visit, and that somebody may hurt themselves."""
    client = scene.inside()
    worry = done(b="2", t="1", words="He has stopped eating.")
    assert client.post(visit_address(scene.planned), worry)["Location"] == THANKS
    assert client.post(own_address(), {"t": "6", "o": "1", "key": "danger"})["Location"] == THANKS


def lose_at(step: str, scene, monkeypatch) -> None:
    """The relay or the worker is gone: nothing was sent, what was sent is lost, or the worker dies over its work."""
    if step == "sent":
        Message.objects.update(not_before=scene.now)
        with scoped(DatabaseRole.NATIONAL):
            assert relay.send_waiting(lambda message_id: None)
    elif step == "begun":

        def dies(**given: object) -> None:
            raise SystemExit

        with monkeypatch.context() as patched:
            patched.setattr(handlers, "prompt_welfare", dies)
            with pytest.raises(SystemExit):
                handle_messages()


def tile(client, scene) -> tuple[int, str]:
    page = client.get(reverse("home:prison", args=[scene.prison.code]))
    (found,) = [one for one in page.context["tiles"] if one["text"] == "Concerns that nobody has acted on"]
    return found["count"], found["note"]


@pytest.mark.parametrize("step", ["published", "sent", "begun"])
def test_misuse_30_a_lost_task_hides_no_concern_and_stops_no_clock(
    scene, clock, lead, safeguarding, signed_in, monkeypatch, step
) -> None:
    told(scene)
    lose_at(step, scene, monkeypatch)
    concerns = reverse("referrals:concerns", args=[scene.prison.code])
    worry, danger = Concern.objects.get(kind="WORRY"), Concern.objects.get(kind="SELF_HARM")
    for moment, overdue in ((scene.now, 0), (danger.due_at + timedelta(seconds=1), 1), (worry.due_at, 1)):
        clock.move_to(moment)
        for user in (lead, safeguarding):
            client = signed_in(user)
            page = client.get(concerns).content.decode()
            assert worry.reference in page and danger.reference in page
            assert page.count("Overdue</strong>") == overdue
            assert tile(client, scene) == (2, f"{overdue} past the time to act" if overdue else "")
    clock.move_to(worry.due_at + timedelta(seconds=1))
    assert tile(signed_in(lead), scene) == (2, "2 past the time to act")
    assert not Message.objects.filter(topic="concern.raised", handled_at__isnull=False).exists()
    assert not WelfareCheck.objects.exists()


@pytest.mark.parametrize("step", ["published", "sent", "begun"])
def test_misuse_30_a_worker_that_comes_too_late_gives_no_more_time(scene, clock, monkeypatch, step) -> None:
    told(scene)
    lose_at(step, scene, monkeypatch)
    clock.shift(timedelta(days=5))
    handle_messages()
    check = WelfareCheck.objects.get()
    assert (check.happened_at, check.due_at) == (scene.now, scene.now + timedelta(hours=72))


# 31: a task runs twice -------------------------------------------------------------------------------------


def rows() -> dict[str, int]:
    """How many there are of everything that the project keeps."""
    tables = connection.introspection.table_names()
    kept = (model for model in apps.get_models() if model._meta.db_table in tables)
    return {model._meta.label: model._base_manager.count() for model in kept}


def test_misuse_31_what_the_terminal_told_is_followed_once_however_often_a_task_runs(scene) -> None:
    """Danger sends no task of its own: it goes with the concern that tells of it."""
    told(scene)
    topics = set(Message.objects.values_list("topic", flat=True))
    assert {"concern.raised", "month.changed"} <= topics and not [t for t in topics if t.startswith("danger")]
    handle_messages()
    once = rows()
    kept = [list(model.objects.order_by("id").values()) for model in (Concern, DangerCall, WelfareCheck)]
    assert len(kept[2]) == 1
    for topic in sorted(topics):
        handle_again(topic)
        handle_again(topic)
    for concern in Concern.objects.all():
        handlers.concern_raised(scene.prison.code, {"concern": concern.pk})
    assert rows() == once
    assert [list(m.objects.order_by("id").values()) for m in (Concern, DangerCall, WelfareCheck)] == kept
