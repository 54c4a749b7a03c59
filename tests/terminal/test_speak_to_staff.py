"""Bad news is never first learnt at the terminal: the visit reads "Please speak to staff" until somebody told them."""

from __future__ import annotations

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals.models import BuddyNews
from schemes.actions.people import end_custody
from schemes.queries.people import custody_of
from tests.builders import care
from tests.cast import acts, make_staff
from tests.referrals.test_welfare_check import handle_messages

SPEAK = "Please speak to staff."
STOPPED = "Your job is stopped for now"


def left(scene, lead, reason: str) -> None:
    with scene.at_prison(scene.prison):
        custody = custody_of(scene.prison, scene.recipient)
        end_custody(by=acts(lead, scene.prison), now=scene.now, custody=custody, reason=reason)


def visits(client) -> str:
    return client.get("/terminal/visits/").content.decode()


@pytest.mark.parametrize(("reason", "event"), [("DEATH", "DEATH"), ("TRANSFER", "LEFT"), ("RELEASE", "LEFT")])
def test_somebody_they_help_is_gone(scene, lead, signed_in, reason, event) -> None:
    client = scene.inside()
    assert SPEAK not in visits(client)
    left(scene, lead, reason)
    # In the very moment, before anything else has followed.
    assert SPEAK in visits(client) and scene.recipient.first_name not in visits(client)
    handle_messages()
    assert SPEAK in visits(client) and "You have no visits today." not in visits(client)
    news = BuddyNews.objects.get()
    assert (news.buddy, news.person, news.event, news.told_at) == (scene.buddy, scene.recipient, event, None)
    page = f"/prisons/{scene.prison.code}/news/"
    officer = signed_in(scene.officer)
    assert scene.person.list_name in officer.get(page).content.decode()
    assert officer.post(f"{page}{news.token}/").status_code == 302
    assert SPEAK not in visits(client) and "You have no visits today." in visits(client)
    news.refresh_from_db()
    assert (news.told_by, news.told_at) == (scene.officer, scene.now)


def test_misuse_31_the_message_that_tells_of_it_twice_asks_once(scene, lead) -> None:
    from tests.referrals.test_welfare_check import handle_again

    left(scene, lead, "DEATH")
    handle_messages()
    handle_again("custody.ended")
    assert BuddyNews.objects.count() == 1


def test_a_suspended_buddy_hears_it_from_a_person(scene, lead, signed_in) -> None:
    client = scene.inside()
    with scene.at_prison(scene.prison):
        match = scene.plan.matches.get()
        care.suspended(scene.buddy, lead, scene.now, covers={match.pk: ("NOBODY", None)})
    home = client.get("/terminal/home/").content.decode()
    assert "My visits" in home and "My job" not in home
    assert SPEAK in visits(client) and scene.planned.token not in visits(client)
    jobs = client.get("/terminal/jobs/").content.decode()
    assert SPEAK in jobs and STOPPED not in jobs
    news = BuddyNews.objects.get()
    assert (news.event, news.person) == ("SUSPENDED", scene.person)
    signed_in(lead).post(f"/prisons/{scene.prison.code}/news/{news.token}/")
    assert "My visits" not in client.get("/terminal/home/").content.decode()
    assert SPEAK not in visits(client)
    assert STOPPED in client.get("/terminal/jobs/").content.decode()


def test_other_visits_go_on(scene, here, now) -> None:
    with scene.at_prison(here):
        care.news_for(scene.buddy, scene.recipient, now)
    page = visits(scene.inside())
    assert SPEAK in page and scene.planned.token in page


def test_it_is_the_buddy_s_alone(scene) -> None:
    with scene.at_prison(scene.prison):
        care.news_for(scene.buddy, scene.recipient, scene.now)
    assert SPEAK not in visits(scene.inside(scene.recipient))


def test_recorded_once(scene, signed_in) -> None:
    with scene.at_prison(scene.prison):
        news = care.news_for(scene.buddy, scene.recipient, scene.now)
    page, client = f"/prisons/{scene.prison.code}/news/{news.token}/", signed_in(scene.officer)
    assert "Tell them alone" in client.get(page).content.decode()
    client.post(page)
    assert "already recorded" in client.post(page).content.decode()
    assert AuditEvent.objects.filter(code="news.told").count() == 1


def test_needs_the_permission_and_the_prison(scene, signed_in, trainer, elsewhere) -> None:
    with scene.at_prison(scene.prison):
        news = care.news_for(scene.buddy, scene.recipient, scene.now)
    page = f"/prisons/{scene.prison.code}/news/{news.token}/"
    assert signed_in(trainer).post(page).status_code == 403
    assert signed_in(make_staff("Otto Outside", "LEAD", elsewhere)).post(page).status_code == 404
