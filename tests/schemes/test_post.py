"""Posts: entering, advertising and closing them, how full they are, and that their places are safe."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.actions import buddies as buddy_actions
from schemes.actions.posts import close_post, put_in_post
from schemes.models import Buddy, Post
from schemes.queries.posts import not_filled, posts_of
from tests import cast
from tests.builders import buddies as build
from tests.builders import posts
from tests.builders.schemes import person_in
from tests.cast import acts
from training.actions.appointments import appoint

pytestmark = pytest.mark.django_db
FACTS = {
    "title": "Wing buddy", "title_cy": "", "places": "2", "weekly_hours": "20", "pay_band": "4",
    "pay_band_name": "Enhanced",
}  # fmt: skip
DATES = {"advertised_on": "2026-11-23", "closes_on": "2026-12-07"}


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def served(here, lead, wing, now, at_prison):
    """The scheme serves the wing."""
    with at_prison(here):
        posts.drafted(here, lead, now, wing, title="Another")
    return wing


@pytest.fixture
def post(here, lead, wing, now, at_prison):
    with at_prison(here):
        return posts.advertised(here, lead, now, wing)


def url(here, name="posts", *args):
    return reverse(f"schemes:{name}", args=[here.code, *args])


def ready(here, lead, now, **fields):
    """Somebody who has everything and can start."""
    buddy = build.in_training(here, lead, now, **fields)
    return build.trained(build.compact_signed(buddy, lead, now), lead, now)


def start(here, lead, now, buddy, **post):
    return appoint(by=acts(lead, here), now=now, buddy=buddy, started_on=now.date(), **post)


def test_a_post_is_entered_and_advertised(signed_in, here, lead, served):
    client = signed_in(lead)
    answer = client.post(url(here, "add_post"), {**FACTS, "wing": served.token})
    made = Post.objects.get(title="Wing buddy")
    assert answer["Location"].endswith(f"/posts/{made.token}/")
    assert (made.status, made.places, made.entered_by_id, made.full) == ("DRAFT", 2, lead.pk, False)
    assert client.post(url(here, "advertise_post", made.token), DATES).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.advertised_on, made.closes_on) == ("ADVERTISED", date(2026, 11, 23), date(2026, 12, 7))
    page = client.get(url(here)).content.decode()
    assert "Wing buddy" in page and "0 of 2" in page and "Open since today" in page
    codes = set(AuditEvent.objects.filter(prison_code=here.code).values_list("code", flat=True))
    assert {"post.added", "post.advertised"} <= codes


def test_changing_and_closing(signed_in, here, lead, post, wing):
    client = signed_in(lead)
    typed = {**FACTS, "wing": wing.token, "places": "3", "version": str(post.version)}
    assert client.post(url(here, "change_post", post.token), typed).status_code == 302
    again = client.post(url(here, "change_post", post.token), {**typed, "places": "4"}).content.decode()
    assert "Somebody else changed this post" in again
    assert client.post(url(here, "close_post", post.token), {}).status_code == 302
    post.refresh_from_db()
    assert (post.status, post.places, post.closed_by_id) == ("CLOSED", 3, lead.pk)
    assert "Wing buddy" not in client.get(url(here)).content.decode()
    assert "Wing buddy" in client.get(url(here) + "?status=CLOSED").content.decode()
    assert client.post(url(here, "advertise_post", post.token), DATES).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("places", "0", "Enter a whole number from 1 to 50"),
        ("places", "many", "Enter a whole number from 1 to 50"),
        ("pay_band", "11", "Enter a whole number from 1 to 10"),
        ("weekly_hours", "90", "Enter a whole number from 1 to 60"),
        ("title", "", "Enter the title"),
        ("wing", "", "Select the wing"),
    ],
)
def test_a_post_that_cannot_be_is_refused(signed_in, here, lead, served, field, typed, says):
    answer = signed_in(lead).post(url(here, "add_post"), {**FACTS, "wing": served.token, field: typed})
    page = answer.content.decode()
    assert answer.status_code == 200 and says in page and "Enhanced" in page
    assert not Post.objects.filter(title="Wing buddy").exists()


@pytest.mark.parametrize(
    ("dates", "says"),
    [
        ({"closes_on": "2026-11-22"}, "The closing date must be on or after the date of the advert, 23 November 2026"),
        ({"closes_on": "2026-02-30"}, "must be a real date"),
        ({"advertised_on": "1999-01-01"}, "Date of the advert must be on or after"),
        ({"advertised_on": "2027-11-23", "closes_on": "2027-12-01"}, "Date of the advert must be on or before"),
        ({"closes_on": "2029-01-01"}, "The closing date must be on or before"),
    ],
)
def test_dates_of_an_advert_that_cannot_be(signed_in, here, lead, post, dates, says):
    answer = signed_in(lead).post(url(here, "advertise_post", post.token), {**DATES, **dates})
    assert answer.status_code == 200 and says in answer.content.decode()


def test_needs_the_permission(signed_in, here, delegate, officer, outsider, post):
    for name in ("add_post", "change_post", "advertise_post", "close_post"):
        address = url(here, name, *([post.token] if name != "add_post" else []))
        assert signed_in(delegate).get(address).status_code == 403
        assert signed_in(outsider).get(address).status_code == 404
    assert signed_in(delegate).get(url(here, "post", post.token)).status_code == 200
    assert signed_in(officer).get(url(here, "post", post.token)).status_code == 403


def test_filled_vacant_and_time_to_fill_come_from_the_buddies(signed_in, here, lead, post, now, at_prison):
    later = now + timedelta(days=10)
    with at_prison(here):
        first, second = (start(here, lead, now, ready(here, lead, now), post=post) for _ in range(2))
        assert not_filled(here).count() == 0
        buddy_actions.leave_role(by=acts(lead, here), now=now, buddy=second, reason="Released")
        counted = posts_of(here).get(pk=post.pk)
        assert (counted.filled, counted.full) == (1, False)
        assert list(not_filled(here)) == [post]
        buddy_actions.suspend(by=acts(lead, here), now=now, buddy=first, reason="Wait")
        assert posts_of(here).get(pk=post.pk).filled == 1, "a suspended buddy keeps the place"
        with time_machine.travel(later, tick=False):
            start(here, lead, later, ready(here, lead, later), post=post)
    page = signed_in(lead).get(url(here, "post", post.token)).content.decode()
    assert "2 of 2" in page and "10 days" in page
    post.refresh_from_db()
    assert post.full


def test_a_full_post_takes_nobody(signed_in, here, lead, now, wing, at_prison):
    with at_prison(here):
        post = posts.advertised(here, lead, now, wing, places=1)
        waiting = ready(here, lead, now)
        start(here, lead, now, ready(here, lead, now), post=post)
        with pytest.raises(NotAllowed, match="Every place of “Wing buddy” is filled"):
            start(here, lead, now, waiting, post=post)
        active = start(here, lead, now, waiting, post=None)
        with pytest.raises(NotAllowed, match="is filled"):
            put_in_post(by=acts(lead, here), now=now, buddy=active, post=post)
    answer = signed_in(lead).post(
        url(here, "change_post", post.token), {**FACTS, "wing": wing.token, "places": "0", "version": post.version}
    )
    assert answer.status_code == 200


def test_places_never_fall_below_those_filled(signed_in, here, lead, now, wing, post, at_prison):
    with at_prison(here):
        for _ in range(2):
            start(here, lead, now, ready(here, lead, now), post=post)
    post.refresh_from_db()
    typed = {**FACTS, "wing": wing.token, "places": "1", "version": str(post.version)}
    answer = signed_in(lead).post(url(here, "change_post", post.token), typed)
    assert "2 places are filled. Enter 2 or more" in answer.content.decode()


def test_an_application_names_the_post_and_the_start_keeps_it(signed_in, here, lead, wing, post, now, at_prison):
    with at_prison(here):
        person_in(here, lead, now, "Z1001ZA", wing=wing)
    answers = {
        "prison_number": "Z1001ZA", "post": post.token, "applied_on": "2026-11-20", "statement": "I care.",
        "needed_help": "no",
    }  # fmt: skip
    assert signed_in(lead).post(url(here, "apply"), answers).status_code == 302
    buddy = Buddy.objects.get()
    assert buddy.post == post
    assert "Wing buddy" in signed_in(lead).get(url(here, "buddy", buddy.token)).content.decode()
    with at_prison(here):
        by = acts(lead, here)
        buddy_actions.ask_for_checks(by=by, now=now, buddy=buddy)
        build.interviewed(build.cleared(buddy, lead, now), lead, now)
        buddy = buddy_actions.offer_role(by=by, now=now, buddy=buddy)
        build.trained(build.compact_signed(buddy, lead, now), lead, now)
    page = signed_in(lead).get(reverse("training:appoint", args=[here.code, buddy.token])).content.decode()
    assert f'<option value="{post.token}" selected>' in page
    typed = {"started_on": "2026-11-23", "post": post.token}
    address = reverse("training:appoint", args=[here.code, buddy.token])
    assert signed_in(lead).post(address, typed).status_code == 302
    buddy.refresh_from_db()
    assert (buddy.status, buddy.post_id) == ("ACTIVE", post.pk)


def test_an_advert_that_has_closed_takes_no_application(here, lead, wing, now, at_prison):
    with at_prison(here):
        post = posts.advertised(here, lead, now, wing, days=3)
        later = now + timedelta(days=5)
        person = person_in(here, lead, now)
        with pytest.raises(NotAllowed, match="closed on 26 November 2026"):
            buddy_actions.apply_for_role(
                by=acts(lead, here), now=later, prison=here, person=person, applied_on=later.date(),
                statement="I care.", post=post,
            )  # fmt: skip


def test_a_buddy_in_the_role_moves_to_another_post(signed_in, here, lead, wing, post, now, at_prison):
    other = cast.make_wing(here, "B")
    with at_prison(here):
        second = posts.advertised(here, lead, now, other, title="B buddy", places=1)
        buddy = start(here, lead, now, ready(here, lead, now), post=post)
    typed = {"post": second.token}
    assert signed_in(lead).post(url(here, "buddy_post", buddy.token), typed).status_code == 302
    second.refresh_from_db()
    assert second.full
    with at_prison(here):
        assert {p.title: p.filled for p in posts_of(here)} == {"Wing buddy": 0, "B buddy": 1}
        close_post(by=acts(lead, here), now=now, post=post)
        with pytest.raises(NotAllowed, match="is closed"):
            put_in_post(by=acts(lead, here), now=now, buddy=buddy, post=post)


@pytest.mark.parametrize(("lang", "says"), [("en", "What a buddy never does"), ("cy", "Beth nad yw cyfaill byth")])
def test_the_advert_prints_in_both_languages(signed_in, here, lead, post, lang, says):
    page = signed_in(lead).get(url(here, "post_advert", post.token) + f"?lang={lang}").content.decode()
    assert says in page and post.reference in page and "4 (Enhanced)" in page
    assert ("Cyfaill adain" in page) == (lang == "cy")
    assert f'<html lang="{lang}"' in page
    assert AuditEvent.objects.filter(code="printed", actor_id=lead.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_fill_one_place_once(here, lead, wing, now):
    """The second waits for the post and then finds it full."""
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        post = posts.advertised(here, lead, now, wing, places=1)
        people = [ready(here, lead, now) for _ in range(2)]
    said: list[str] = []
    together = threading.Barrier(2)

    def go(buddy: Buddy) -> None:
        try:
            together.wait(timeout=20)
            with scoped(DatabaseRole.WEB, prisons=[here.code]), transaction.atomic():
                start(here, lead, now, buddy, post=post)
            said.append("started")
        except NotAllowed:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[buddy]) for buddy in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(said) == ["refused", "started"]
    assert Buddy.objects.filter(post=post, status="ACTIVE").count() == 1


def test_a_closed_record_keeps_its_post(here, lead, post, now, at_prison):
    with at_prison(here):
        buddy = posts.declined(here, lead, now).buddy
        with pytest.raises(NotAllowed, match="is closed, so its post stays"):
            put_in_post(by=acts(lead, here), now=now, buddy=buddy, post=post)
