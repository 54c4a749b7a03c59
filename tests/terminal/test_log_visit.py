"""The buddy's own visits at the terminal: four taps, not done, part of it; once, and nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals.models import Concern, Visit

LINK = re.compile(r'<a class="tap (?:choice|row)" href="([^"]+)">.*?</a>', re.S)


def links(response) -> list[str]:
    return [href.replace("&amp;", "&") for href in LINK.findall(response.content.decode())]


def hidden(response) -> dict[str, str]:
    form = response.content.decode().split("data-saves")[1].split("</form>")[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def tap(client, address: str, place: int):
    """The page behind the given choice of this page."""
    href = links(client.get(address))[place]
    return href if href.startswith("/") else address.split("?")[0] + href


def test_an_ordinary_visit_takes_four_taps(scene) -> None:
    client = scene.inside()
    taps = 0
    address = "/terminal/visits/"
    for place in (0, 0, 0):
        address = tap(client, address, place)
        taps += 1
    finish = client.get(address)
    assert "15 minutes" in finish.content.decode() or "minutes" in finish.content.decode()
    response = client.post(address.split("?")[0], hidden(finish))
    taps += 1
    assert (response.status_code, response["Location"]) == (302, "/terminal/thanks/")
    assert taps == 4
    visit = Visit.objects.get()
    assert (visit.outcome, visit.source, visit.entered_by) == ("DONE", "TERMINAL", None)
    assert visit.minutes == scene.planned.minutes
    assert visit.window == scene.window
    assert sorted(visit.tasks_done) == sorted(scene.planned.tasks)
    assert "Saved" in client.get("/terminal/visits/").content.decode()


def test_not_done_takes_a_reason(scene) -> None:
    client = scene.inside()
    address = tap(client, f"/terminal/visit/{scene.planned.token}/", 2)
    assert len(links(client.get(address))) == 5
    address = tap(client, address, 0)
    finish = client.get(tap(client, address, 0))
    client.post(f"/terminal/visit/{scene.planned.token}/", hidden(finish))
    visit = Visit.objects.get()
    assert (visit.outcome, visit.reason, visit.minutes) == ("NOT_DONE", "NOT_UNLOCKED", 0)


def test_some_of_it_says_which_tasks(scene) -> None:
    client = scene.inside()
    task = scene.planned.tasks[0]
    data = {"a": "2", "d": [task], "b": "1", "m": "10", "key": "k"}
    client.post(f"/terminal/visit/{scene.planned.token}/", data)
    visit = Visit.objects.get()
    assert (visit.minutes, visit.tasks_done) == (10, [task])
    assert visit.outcome == ("DONE" if len(scene.planned.tasks) == 1 else "PARTLY")


def test_minutes_can_be_changed(scene) -> None:
    client = scene.inside()
    address = tap(client, tap(client, f"/terminal/visit/{scene.planned.token}/", 0), 0)
    page = client.get(address).content.decode()
    more = re.findall(r'class="tap tap-small" href="([^"]+)"', page)[1]
    page = client.get(f"/terminal/visit/{scene.planned.token}/{more}").content.decode()
    assert f"{scene.planned.minutes + 5} minutes" in page


def test_nobody_else_s_visit(scene, here, lead, wing, now) -> None:
    from tests.builders.visits import day_opened, helped, planned_on

    with scene.at_prison(here):
        plan, _, _ = helped(here, lead, now, wing=wing)
        day_opened(here, now.date(), now)
        other = planned_on(plan, now.date())
    client = scene.inside()
    theirs, nonsense = (client.get(f"/terminal/visit/{token}/") for token in (other.token, "AAAAAAAAAAAAAAAAAAAAAA"))
    assert theirs.status_code == nonsense.status_code == 404
    strip = re.compile(r'value="[^"]+"|AAAA\w+|' + re.escape(other.token))
    assert strip.sub("", theirs.content.decode()) == strip.sub("", nonsense.content.decode())
    assert client.post(f"/terminal/visit/{other.token}/", {"a": "1", "b": "1", "key": "k"}).status_code == 404
    assert not Visit.objects.exists()


def test_needs_somebody_in(scene) -> None:
    client = scene.browser()
    for address in ("home/", "visits/", f"visit/{scene.planned.token}/", "thanks/", "job/"):
        response = client.get(f"/terminal/{address}")
        assert (response.status_code, response["Location"]) == (302, "/terminal/")
    assert client.post(f"/terminal/visit/{scene.planned.token}/", {"a": "1", "b": "1"})["Location"] == "/terminal/"
    assert not Visit.objects.exists()


def test_a_suspended_buddy_is_out_of_visits_with_the_next_tap(scene, lead, now) -> None:
    from schemes.actions.buddies import suspend
    from tests.cast import acts

    client = scene.inside()
    assert scene.planned.token in client.get("/terminal/visits/").content.decode()
    with scene.at_prison(scene.prison):
        suspend(by=acts(lead, scene.prison), now=now, buddy=scene.buddy, reason="A concern")
    assert scene.planned.token not in client.get("/terminal/visits/").content.decode()
    assert client.post(f"/terminal/visit/{scene.planned.token}/", {"a": "1", "b": "1"}).status_code == 404
    home = client.get("/terminal/home/").content.decode()
    assert "My visits" not in home and "Tell staff" in home


@pytest.mark.parametrize(
    "data",
    [{"a": "9", "b": "1"}, {"a": "3", "b": "1"}, {"a": "2", "d": "PRO-01", "b": "1"}, {"a": "1", "b": "1", "m": "999"}],
)
def test_nonsense_saves_nothing(scene, data) -> None:
    client = scene.inside()
    assert client.post(f"/terminal/visit/{scene.planned.token}/", data).status_code == 200
    assert not Visit.objects.exists()


def test_misuse_11_a_double_tap_a_refresh_and_a_second_form_make_one_visit(scene) -> None:
    client = scene.inside()
    address = f"/terminal/visit/{scene.planned.token}/"
    data = {"a": "1", "b": "1", "key": "the-same"}
    assert {client.post(address, data)["Location"] for _ in range(3)} == {"/terminal/thanks/"}
    again = client.post(address, {**data, "key": "another"})
    assert again.status_code == 200 and "could not be saved" in again.content.decode()
    assert Visit.objects.count() == 1


def test_what_is_told_is_kept_when_the_visit_was_saved_by_somebody_else(scene, officer, now) -> None:
    from tests.builders.visits import visit_of

    client = scene.inside()
    with scene.at_prison(scene.prison):
        visit_of(scene.planned, officer, now)
    data = {"a": "1", "b": "2", "t": "1", "words": "He is sad", "key": "k"}
    assert client.post(f"/terminal/visit/{scene.planned.token}/", data)["Location"] == "/terminal/thanks/"
    assert Concern.objects.get().visit is None


def test_leaves_the_audit_event(scene) -> None:
    client = scene.inside()
    client.post(f"/terminal/visit/{scene.planned.token}/", {"a": "1", "b": "1", "key": "k"})
    event = AuditEvent.objects.get(code="visit.logged")
    assert (event.actor_kind, event.actor_id) == ("person", scene.person.pk)
    assert (event.terminal_id, event.window_id) == (scene.terminal.pk, scene.window.pk)


def test_misuse_10_a_visit_saved_late_in_the_evening_is_of_the_day(scene, clock, now) -> None:
    with scene.at_prison(scene.prison):
        from referrals.actions.windows import close_window
        from tests.builders.terminal import window_at
        from tests.cast import acts

        late = now.replace(hour=23, minute=50)
        clock.move_to(late)
        close_window(by=acts(scene.officer, scene.prison), now=late, window=scene.window)
        scene.window = window_at(scene.terminal, scene.officer, late)
        scene.now = late
    client = scene.inside()
    client.post(f"/terminal/visit/{scene.planned.token}/", {"a": "1", "b": "1", "key": "k"})
    assert not Visit.objects.get().late
    clock.shift(timedelta(minutes=11))


def test_the_list_does_not_query_per_row(scene, django_assert_max_num_queries) -> None:
    client = scene.inside()
    # Five of them only set and put back whose eyes read: the terminal's role, and ids of keep-apart records.
    with django_assert_max_num_queries(24):
        client.get("/terminal/visits/")


def test_one_line_for_a_person_whatever_comes_today(scene, lead, now) -> None:
    from referrals.actions.plans import add_task
    from tests.builders.referrals import EVERY_DAY, task_of
    from tests.cast import acts

    with scene.at_prison(scene.prison):
        add_task(
            by=acts(lead, scene.prison), now=now, plan=scene.plan, task=task_of("DOM-05"), done_by="BUDDY",
            session="PM", weekdays=EVERY_DAY, minutes=10,
        )  # fmt: skip
    client = scene.inside()
    page = client.get("/terminal/visits/")
    assert len(links(page)) == 1 and "Morning" in page.content.decode()
    for part, left in (("Morning", 1), ("Afternoon", 0)):
        page = client.get("/terminal/visits/")
        assert part in page.content.decode()
        client.post(links(page)[0], {"a": "1", "b": "1", "key": part})
        assert len(links(client.get("/terminal/visits/"))) == left
    assert Visit.objects.count() == 2


def test_extra_help_is_chosen_from_pictures_and_is_looked_at_by_staff(scene) -> None:
    client = scene.inside()
    visit = f"/terminal/visit/{scene.planned.token}/"
    some = tap(client, visit, 1)
    task = scene.planned.tasks[0]
    extra = client.get(f"{some}&x=1&d={task}")
    assert "Did you help with anything else?" in extra.content.decode() and 'name="e"' in extra.content.decode()
    sealed = re.search(r'name="s" value="([^"]+)"', extra.content.decode())
    assert sealed is not None
    anything = f"{visit}?s={sealed[1]}&n=1&e=4&e=7"
    finish = client.get(tap(client, anything, 0))
    assert 'name="e" value="4"' in finish.content.decode()
    client.post(visit, {**hidden(finish), "e": ["4", "7"]})
    assert Visit.objects.get().extra_help == "Went with them somewhere; Something else"


def test_all_as_planned_asks_for_no_extra_help(scene) -> None:
    client = scene.inside()
    page = client.get(tap(client, f"/terminal/visit/{scene.planned.token}/", 0)).content.decode()
    assert "Anything to tell staff?" in page
    client.post(f"/terminal/visit/{scene.planned.token}/", {"a": "1", "b": "1", "e": "1", "key": "k"})
    assert Visit.objects.get().extra_help == ""
