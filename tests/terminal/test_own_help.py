"""The screens of somebody who is helped: how it is going, stop, change. Six taps at most, and no reason asked."""

from __future__ import annotations

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals.actions.plans import add_task
from referrals.models import OwnWish, PlannedVisit, PlanTask, PlanVersion
from tests.builders import terminal
from tests.builders.referrals import EVERY_DAY, task_of
from tests.cast import acts, make_staff
from tests.terminal.test_log_visit import hidden, links, tap

GOING, CHANGE = "/terminal/ask/going/", "/terminal/ask/change/"


@pytest.fixture
def twice(scene, lead):
    """The help comes in the afternoon too."""
    with scene.at_prison(scene.prison):
        add_task(
            by=acts(lead, scene.prison), now=scene.now, plan=scene.plan, task=task_of("DOM-05"), done_by="BUDDY",
            session="PM", weekdays=EVERY_DAY, minutes=10,
        )  # fmt: skip
    return scene


def send(client, address: str):
    return client.post(address.split("?")[0], hidden(client.get(address)))


def walked(client, address: str, *places: int) -> tuple[int, str]:
    """Taps from the home screen to the last one, with the tap that sends; and where that leads."""
    for place in places:
        address = tap(client, address, place)
    return len(places) + 2, send(client, address)["Location"]


def test_how_it_is_going(scene) -> None:
    client = scene.inside(scene.recipient)
    assert GOING in client.get("/terminal/home/").content.decode()
    assert walked(client, GOING, 1, 2) == (4, "/terminal/ask/said/")
    wish = OwnWish.objects.get()
    assert (wish.kind, wish.came, wish.feels) == ("GOING", "SOMETIMES", "BADLY")
    assert (wish.person, wish.plan, wish.window) == (scene.recipient, scene.plan, scene.window)


def test_a_stop_ends_later_slots_today_with_no_reason(twice) -> None:
    scene = twice
    client = scene.inside(scene.recipient)
    first = tap(client, CHANGE, 0)
    shown = client.get(first).content.decode()
    assert len(links(client.get(first))) == PlanTask.objects.filter(plan=scene.plan).count() > 1
    assert "What do you want to stop?" in shown
    token = PlanTask.objects.filter(plan=scene.plan, session="PM").get().token
    taps, where = walked(client, CHANGE, 0, 1)
    assert (taps, where) == (4, "/terminal/ask/said/") and taps <= 6
    task = PlanTask.objects.get(token=token)
    assert (task.stopped_at, task.stopped_by, task.stopped_window) == (scene.now, None, scene.window)
    assert task.stop_reason == ""
    today = {v.session: v.cancelled_at for v in PlannedVisit.objects.filter(plan=scene.plan, day=scene.now.date())}
    assert today["PM"] == scene.now and today["AM"] is None
    wish = OwnWish.objects.get()
    assert (wish.kind, wish.tasks) == ("STOP", [task.task_id])
    assert PlanVersion.objects.order_by("-number").first().by is None


def test_stopping_all_leaves_nothing_to_come_and_closes_the_doors(scene) -> None:
    client = scene.inside(scene.recipient)
    assert walked(client, CHANGE, 1) == (3, "/terminal/ask/said/")
    assert not PlannedVisit.objects.filter(plan=scene.plan, cancelled_at=None).exists()
    home = client.get("/terminal/home/").content.decode()
    assert "Stop or change" not in home and "How is it going?" not in home and "Ask for help" in home
    for address in (GOING, CHANGE):
        assert "You have no help from a buddy now." in client.get(address).content.decode()


def test_a_stop_is_never_refused_for_what_staff_have_not_looked_at(scene) -> None:
    with scene.at_prison(scene.prison):
        for _ in range(10):
            terminal.going_said(scene.recipient, scene.window, scene.now)
    client = scene.inside(scene.recipient)
    assert "could not be saved" in client.post(GOING, {"c": "1", "f": "1", "key": "a"}).content.decode()
    assert client.post(CHANGE, {"w": "2", "key": "b"})["Location"] == "/terminal/ask/said/"


def test_a_change_goes_to_the_list_of_the_lead(scene, signed_in, lead) -> None:
    client = scene.inside(scene.recipient)
    assert walked(client, CHANGE, 2, 2) == (4, "/terminal/ask/said/")
    browser, listed = signed_in(lead), f"/prisons/{scene.prison.code}/said/"
    page = browser.get(listed).content.decode()
    assert scene.recipient.list_name in page and "Another buddy" in page
    wish = OwnWish.objects.get()
    assert browser.post(f"{listed}{wish.token}/").status_code == 302
    wish.refresh_from_db()
    assert (wish.seen_by, wish.seen_at) == (lead, scene.now)
    assert browser.get(f"{listed}?show=waiting").context["page"].paginator.count == 0
    assert "looked at this already" in browser.post(f"{listed}{wish.token}/").content.decode()


def test_the_whole_help_of_a_recipient_is_asked_for_in_six_taps(scene) -> None:
    client = scene.inside(scene.recipient)
    # The door, one answer and next, when, send.
    assert client.get("/terminal/ask/")["Location"] == "/terminal/ask/new/"
    when = client.get("/terminal/ask/new/?f=3&x=1")
    address = "/terminal/ask/new/" + links(when)[0]
    assert client.post("/terminal/ask/new/", hidden(client.get(address))).status_code == 302


def test_it_is_nobody_s_who_helps_or_opens_the_window(scene, signed_in, officer, trainer, elsewhere) -> None:
    with scene.at_prison(scene.prison):
        wish = terminal.going_said(scene.recipient, scene.window, scene.now, "BADLY")
    page = f"/prisons/{scene.prison.code}/said/{wish.token}/"
    for user in (officer, trainer):
        assert signed_in(user).get(page).status_code == 403
    assert signed_in(make_staff("Otto Outside", "LEAD", elsewhere)).get(page).status_code == 404
    buddy = scene.inside()
    for address in ("home", "visits", "job"):
        assert "Goes badly" not in buddy.get(f"/terminal/{address}/").content.decode()
    assert "no help from a buddy" in buddy.get(GOING).content.decode()


@pytest.mark.parametrize("data", [{"w": "1"}, {"w": "1", "k": "AAAA"}, {"w": "3"}, {"w": "3", "x": "9"}, {}])
def test_nonsense_changes_nothing(scene, data) -> None:
    client = scene.inside(scene.recipient)
    assert client.post(CHANGE, {**data, "key": "k"}).status_code == 200
    assert not OwnWish.objects.exists() and not PlanTask.objects.exclude(stopped_at=None).exists()


def test_somebody_else_s_task_is_not_stopped(scene, here, lead, wing, now) -> None:
    from tests.builders.visits import helped

    with scene.at_prison(here):
        other, _, _ = helped(here, lead, now, wing=wing)
    theirs = PlanTask.objects.filter(plan=other).first()
    client = scene.inside(scene.recipient)
    assert client.post(CHANGE, {"w": "1", "k": theirs.token, "key": "k"}).status_code == 200
    assert not PlanTask.objects.exclude(stopped_at=None).exists()


def test_a_double_tap_says_it_once(scene) -> None:
    client = scene.inside(scene.recipient)
    for _ in range(3):
        client.post(GOING, {"c": "1", "f": "1", "key": "same"})
    assert OwnWish.objects.count() == 1


def test_leaves_the_audit_event(scene) -> None:
    scene.inside(scene.recipient).post(CHANGE, {"w": "2", "key": "k"})
    event = AuditEvent.objects.get(code="own_wish.said")
    assert (event.actor_kind, event.actor_id, event.details) == ("person", scene.recipient.pk, {"kind": "STOP"})
    assert AuditEvent.objects.filter(code="plan.task_stopped", actor_id=scene.recipient.pk).exists()
