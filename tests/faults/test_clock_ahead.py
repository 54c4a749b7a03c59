"""Misuse case 36: one machine's clock is ten minutes ahead. The database's ids and its own clock keep the order.

`entered_at` and the like say what the machine that took the entry believed; `AuditEvent.at` is the database's.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from buddyscheme.audit import chain
from buddyscheme.audit.models import AuditEvent, Seal
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.plans import add_task
from referrals.models import Concern, Visit
from tests.builders.referrals import EVERY_DAY, task_of
from tests.builders.visits import planned_on
from tests.cast import acts

AHEAD = timedelta(minutes=10)


def turn(scene, clock, planned, moment) -> None:
    """A whole turn at a machine whose clock shows this: a visit with a worry, saved, and left."""
    scene.now = moment
    clock.move_to(moment)
    client = scene.inside()
    told = {"a": "1", "b": "2", "t": "1", "words": f"In the {planned.session}.", "key": planned.session}
    assert client.post(f"/terminal/visit/{planned.token}/", told)["Location"] == "/terminal/thanks/"
    client.post("/terminal/leave/")


@pytest.mark.django_db(transaction=True)
def test_misuse_36_the_order_of_records_is_the_database_s_and_nothing_is_refused(scene, clock, lead, signed_in) -> None:
    start = scene.now
    with scene.at_prison(scene.prison):
        add_task(
            by=acts(lead, scene.prison), now=start, plan=scene.plan, task=task_of("DOM-05"), done_by="BUDDY",
            session="PM", weekdays=EVERY_DAY, minutes=10,
        )  # fmt: skip
        second = planned_on(scene.plan, start.date(), "PM")
    turn(scene, clock, scene.planned, start + AHEAD)
    turn(scene, clock, second, start)

    visits, concerns = list(Visit.objects.order_by("id")), list(Concern.objects.order_by("id"))
    assert [visit.planned for visit in visits] == [scene.planned, second]
    assert [visit.entered_at - start for visit in visits] == [AHEAD, timedelta(0)]
    assert {(visit.happened_on, visit.late) for visit in visits} == {(start.date(), False)}
    assert [concern.words for concern in concerns] == ["In the AM.", "In the PM."]
    events = list(AuditEvent.objects.order_by("id"))
    logged = [int(event.subject_id) for event in events if event.code == "visit.logged"]
    assert logged == [visit.pk for visit in visits]
    assert [event.at for event in events] == sorted(event.at for event in events)
    first, last = (event.at for event in events if event.code == "visit.logged")
    assert first < last
    sealed_in_order(clock, last)
    page = signed_in(lead).get(reverse("referrals:concerns", args=[scene.prison.code])).content.decode()
    assert all(concern.reference in page for concern in concerns)


def sealed_in_order(clock, newest) -> None:
    """Each seal follows the event before it, in the order in which they were written, and the chain is whole."""
    clock.move_to(newest + timedelta(minutes=1))
    with scoped(DatabaseRole.NATIONAL):
        chain.seal_pending()
        assert chain.verify("ZTA").broken_at is None
    sealed = Seal.objects.filter(prison_code="ZTA").order_by("sequence").values_list("event_id", flat=True)
    events = AuditEvent.objects.filter(prison_code="ZTA").order_by("id").values_list("id", flat=True)
    assert list(sealed) == list(events)


@pytest.mark.django_db
def test_misuse_36_a_turn_that_meets_a_clock_ahead_ends_and_loses_no_word(scene, clock) -> None:
    """To that machine the person seems to have been idle; what they sent is theirs again at the next turn."""
    client = scene.inside()
    clock.shift(AHEAD)
    told = {"a": "1", "b": "2", "t": "1", "words": "He has stopped eating.", "key": "k"}
    visit = f"/terminal/visit/{scene.planned.token}/"
    assert client.post(visit, told)["Location"] == "/terminal/?e=6"
    assert not Visit.objects.exists() and not Concern.objects.exists()
    clock.move_to(scene.now)
    client = scene.inside()
    kept = client.get("/terminal/draft/", follow=True)
    assert "He has stopped eating." in kept.content.decode()
    assert client.post(visit, told)["Location"] == "/terminal/thanks/"
    assert Visit.objects.count() == Concern.objects.count() == 1
