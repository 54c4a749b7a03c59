"""Planning a class, booking people into its places, cancelling it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from tests import cast
from tests.builders import buddies as build
from tests.builders import training
from training.actions.sessions import book_people, cancel_session, change_session
from training.models import ClassPlace, ClassSession

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def session(here, trainer, learners, now, at_prison):
    """A class with two places, next week."""
    learners(1)
    with at_prison(here):
        return training.class_in("T01", here, trainer, now, days=7, places=2)


def plan_url(here):
    return reverse("training:plan_session", args=[here.code])


def url(session, name="session"):
    return reverse(f"training:{name}", args=[session.prison_id, session.token])


def answers(trainer, **changes):
    return {
        "module": "T01", "held_on": "2026-12-01", "starts_at": "9:30", "place": "Room 3", "places": "12",
        "trainer": str(trainer.pk), **changes,
    }  # fmt: skip


def test_works_and_asks_who_comes(signed_in, here, trainer, learners):
    learners(1)
    answer = signed_in(trainer).post(plan_url(here), answers(trainer))
    session = ClassSession.objects.get()
    assert answer["Location"] == url(session, "book_session")
    assert (session.module_id, session.places, session.status) == ("T01", 12, "PLANNED")
    assert AuditEvent.objects.filter(code="training.class_planned", actor_id=trainer.pk).exists()


def test_who_is_booked_stays_on_the_page_of_another_wing(
    signed_in, here, lead, trainer, session, now, at_prison, monkeypatch
):
    monkeypatch.setattr("training.views.wings.PER_PAGE", 1)
    with at_prison(here):
        wings = [cast.make_wing(here, code) for code in ("X", "Y", "W")]
        booked, there, away = (build.in_training(here, lead, now, wing=each) for each in wings)
        book_people(by=cast.acts(trainer, here), now=now, session=session, buddies=[booked], version=session.version)
        session.refresh_from_db()
    client, address = signed_in(trainer), url(session, "book_session") + "?wing=Y"
    page = client.get(address)
    assert {each.buddy.pk for each in page.context["offered"]} == {booked.pk, there.pk}
    sent = {"people": [booked.token, there.token], "version": session.version}
    assert client.post(address, sent).status_code == 302
    assert ClassPlace.objects.filter(session=session, freed_at=None).count() == 2
    assert away.token not in page.content.decode()


def test_needs_the_permission(signed_in, here, lead, officer, session):
    for user in (lead, officer):
        assert signed_in(user).get(plan_url(here)).status_code == 403
        assert signed_in(user).post(url(session, "book_session")).status_code == 403
    assert signed_in(lead).get(url(session)).status_code == 200


def test_another_prisons_is_404(signed_in, elsewhere, session):
    stranger = cast.make_staff("Tom Other", "TRAINER", elsewhere)
    for name in ("session", "book_session", "mark_session", "session_file", "cancel_session", "change_session"):
        own = reverse(f"training:{name}", args=[elsewhere.code, session.token])
        assert signed_in(stranger).get(own).status_code == 404


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"held_on": "2028-01-01"}, "Day must be on or before 24 November 2027"),
        ({"held_on": "2026-10-01"}, "Day must be on or after 26 October 2026"),
        ({"held_on": "2026-02-30"}, "must be a real date"),
        ({"starts_at": "25:00"}, "Enter a time on the 24-hour clock"),
        ({"held_on": "2027-03-28", "starts_at": "01:30"}, "the clocks go forward"),
        ({"places": "0"}, "Enter a whole number from 1 to 60"),
        ({"places": "61"}, "Enter a whole number from 1 to 60"),
        ({"place": ""}, "Enter the place"),
    ],
)
def test_rejects_bad_input_and_keeps_what_was_typed(signed_in, here, trainer, learners, change, says):
    learners(1)
    page = signed_in(trainer).post(plan_url(here), answers(trainer, **change)).content.decode()
    assert says in page and f'value="{change.get("held_on", "2026")[:4]}"' in page
    assert not ClassSession.objects.exists()


def test_a_class_larger_than_its_places_is_refused_in_words(signed_in, trainer, session, learners):
    people = learners(3)
    chosen = {"people": [buddy.token for buddy in people], "version": session.version}
    page = signed_in(trainer).post(url(session, "book_session"), chosen).content.decode()
    assert "This class has 2 places and you have chosen 3 people. Choose at most 2" in page
    assert page.count("checked") == 3 and not ClassPlace.objects.exists()


def test_ticks_are_places(signed_in, trainer, session, learners):
    first, second, third = learners(3)
    client = signed_in(trainer)
    client.post(url(session, "book_session"), {"people": [first.token, second.token], "version": session.version})
    assert "This class is full." in client.get(url(session)).content.decode()
    session.refresh_from_db()
    client.post(url(session, "book_session"), {"people": [second.token, third.token], "version": session.version})
    taken = ClassPlace.objects.filter(freed_at=None)
    assert {place.buddy_id for place in taken} == {second.pk, third.pk}
    freed = ClassPlace.objects.get(buddy=first)
    assert freed.freed_by_id == trainer.pk


def test_somebody_else_booked_meanwhile(signed_in, here, trainer, session, learners, now, at_prison):
    first, second = learners(2)
    with at_prison(here):
        book_people(by=cast.acts(trainer, here), now=now, session=session, buddies=[first], version=session.version)
    client = signed_in(trainer)
    stale = {"people": [second.token], "version": session.version}
    page = client.post(url(session, "book_session"), stale).content.decode()
    assert "Somebody else changed this class" in page
    assert ClassPlace.objects.get().buddy_id == first.pk


def test_only_people_in_training(here, lead, trainer, wing, session, now, at_prison):
    with at_prison(here):
        applicant = build.applied(here, lead, now, wing=wing)
        with pytest.raises(NotAllowed, match="is not in training"):
            book_people(
                by=cast.acts(trainer, here), now=now, session=session, buddies=[applicant], version=session.version
            )


def test_never_fewer_places_than_are_taken(here, trainer, session, learners, now, at_prison):
    by = cast.acts(trainer, here)
    with at_prison(here):
        session = book_people(by=by, now=now, session=session, buddies=learners(2), version=session.version)
        when = {"held_on": session.held_on, "starts_at": session.starts_at, "place": "Library", "trainer": trainer}
        with pytest.raises(NotAllowed, match=r"2 places are taken\. Enter at least 2"):
            change_session(by=by, now=now, session=session, places=1, version=session.version, **when)
        session = change_session(by=by, now=now, session=session, places=3, version=session.version, **when)
    assert (session.place, session.places) == ("Library", 3)


def test_cancelled_with_a_reason_and_then_closed(signed_in, here, trainer, session, learners, now, at_prison):
    client = signed_in(trainer)
    assert (
        "Enter why the class is cancelled"
        in client.post(url(session, "cancel_session"), {"reason": ""}).content.decode()
    )
    client.post(url(session, "cancel_session"), {"reason": "Lock-down"})
    session.refresh_from_db()
    assert (session.status, session.cancelled_by_id) == ("CANCELLED", trainer.pk)
    with at_prison(here):
        by = cast.acts(trainer, here)
        with pytest.raises(NotAllowed, match="it was cancelled"):
            book_people(by=by, now=now, session=session, buddies=learners(1), version=session.version)
        with pytest.raises(NotAllowed, match="it was cancelled"):
            cancel_session(by=by, now=now, session=session, reason="Again")
        with pytest.raises(NotAllowed, match="This class was cancelled"):
            training.marked(session, trainer, now + timedelta(days=8))


def test_lists_of_the_week_and_to_mark(signed_in, here, trainer, learners, now, at_prison):
    learners(1)
    with at_prison(here):
        training.class_in("T01", here, trainer, now, days=-1)
        training.class_in("T02", here, trainer, now, days=4)
        training.class_in("T03", here, trainer, now, days=20)
    client = signed_in(trainer)

    def shown(show):
        page = client.get(reverse("training:sessions", args=[here.code]), {"show": show}).context["table"]
        return [row.text for row in page.rows]

    assert shown("mark") == ["Your role"]
    assert shown("week") == ["Duty of care"]
    assert shown("coming") == ["Duty of care", "Safeguarding adults"]
    home = client.get(f"/prisons/{here.code}/").context
    counts = {tile["text"]: tile["count"] for tile in [*home["tiles"], *home["empty_tiles"]]}
    assert (counts["Classes to mark"], counts["Classes this week"]) == (1, 1)
