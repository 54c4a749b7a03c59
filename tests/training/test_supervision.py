"""Supervision: due as the scheme says, held, missed with a reason, late; what was agreed is carried on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from schemes.actions.buddies import suspend
from schemes.actions.supervision import set_supervision
from tests import cast
from tests.builders import buddies as build
from tests.builders import training
from training.forms.supervision import GroupForm, MissedForm, OneToOneForm
from training.models import GroupMeeting, Supervision, SupervisionAction
from training.queries.supervision import Show, supervised, supervision_list, to_do

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def buddy(here, lead, wing, now, at_prison):
    """In the role for forty days."""
    with at_prison(here):
        return build.active_buddy(here, lead, now - timedelta(days=40), wing=wing)


def url(name, buddy):
    return reverse(f"training:{name}", args=[buddy.prison_id, buddy.token])


def answers(**changes):
    return {
        "held_on": "2026-11-20",
        "themes": ["TASKS", "WORKLOAD"],
        "wellbeing_asked": "yes",
        "actions": "",
        **changes,
    }


def names(rows):
    return [row.person.last_name for row in rows]


# Due -----------------------------------------------------------------------------------------------------


def test_the_first_is_due_a_month_after_the_start(here, lead, wing, now, at_prison):
    with at_prison(here):
        build.active_buddy(here, lead, now.replace(month=10, day=31), wing=wing)
        assert supervised(here).get().due_on == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("days", "parts"),
    [(0, set()), (23, set()), (24, {"todo", "due"}), (31, {"todo", "due"}), (32, {"todo", "late"})],
)
def test_it_is_due_in_the_last_week_and_late_after_its_day(here, lead, wing, now, at_prison, days, parts):
    """Started on 23 October: due on 23 November, or on 23 December for somebody who started a month later."""
    with at_prison(here):
        build.active_buddy(here, lead, now.replace(month=10), wing=wing)
        today = date(2026, 10, 23) + timedelta(days=days)
        found = {str(part) for part in Show if supervision_list(here, today, part).exists()}
    assert found == parts


def test_the_scheme_says_how_often(here, lead, buddy, now, at_prison):
    with at_prison(here):
        scheme = buddy.scheme
        scheme.refresh_from_db()
        set_supervision(
            by=cast.acts(lead, here), now=now, scheme=scheme, months=2, group_counts=False, version=scheme.version
        )
        assert supervised(here).get().due_on == date(2026, 12, 14)


def test_a_group_meeting_counts_only_where_the_scheme_says_so(here, lead, trainer, buddy, now, at_prison):
    with at_prison(here):
        training.group_meeting([buddy], trainer, now)
        assert supervised(here).get().last_held is None
        scheme = buddy.scheme
        scheme.refresh_from_db()
        set_supervision(
            by=cast.acts(lead, here), now=now, scheme=scheme, months=1, group_counts=True, version=scheme.version
        )
        assert supervised(here).get().due_on == date(2026, 12, 23)


def test_people_in_training_and_suspended_ones_are_not_due(here, lead, wing, buddy, learners, now, at_prison):
    learners(1)
    with at_prison(here):
        suspend(by=cast.acts(lead, here), now=now, buddy=buddy, reason="Under investigation")
        assert not supervised(here).exists()


# Held ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lead", "trainer"])
def test_a_one_to_one_is_recorded_and_the_next_is_due_a_month_on(request, signed_in, here, buddy, who, at_prison):
    user = request.getfixturevalue(who)
    client = signed_in(user)
    agreed = answers(actions="Ask for gloves\n\n  Swap the Friday visit  \n")
    assert client.post(url("record_supervision", buddy), agreed).status_code == 302
    held = Supervision.objects.get()
    assert (held.outcome, held.recorded_by_id, held.themes, held.wellbeing_asked) == (
        "HELD", user.pk, ["TASKS", "WORKLOAD"], True,
    )  # fmt: skip
    assert list(SupervisionAction.objects.order_by("id").values_list("words", "due_on")) == [
        ("Ask for gloves", date(2026, 12, 20)),
        ("Swap the Friday visit", date(2026, 12, 20)),
    ]
    with at_prison(here):
        assert supervised(here).get().due_on == date(2026, 12, 20)
        assert not to_do(here, date(2026, 11, 23)).exists()
    page = client.get(url("supervision_of", buddy)).content.decode()
    assert "20 December 2026" in page and "Ask for gloves" in page and "Workload and rest" in page and user.name in page


def test_what_is_open_is_shown_at_the_next_and_is_done_or_carried_over(signed_in, here, trainer, buddy, now, at_prison):
    client = signed_in(trainer)
    client.post(url("record_supervision", buddy), answers(held_on="2026-11-02", actions="Ask for gloves\nSwap Friday"))
    page = client.get(url("record_supervision", buddy)).content.decode()
    assert "Ask for gloves" in page and "Swap Friday" in page and "Due on 2 December 2026" in page
    done = SupervisionAction.objects.get(words="Ask for gloves")
    client.post(url("record_supervision", buddy), answers(done=[done.token]))
    done.refresh_from_db()
    later = Supervision.objects.get(held_on=date(2026, 11, 20))
    assert (done.closed_in, done.closed_by) == (later, trainer) and done.closed_at == now
    page = client.get(url("record_supervision", buddy)).content.decode()
    assert "Ask for gloves" not in page and "Swap Friday" in page
    assert "Done" in client.get(url("supervision_of", buddy)).content.decode()


def test_an_action_of_somebody_else_cannot_be_closed(signed_in, here, lead, trainer, buddy, wing, now, at_prison):
    with at_prison(here):
        other = build.active_buddy(here, lead, now - timedelta(days=40), wing=wing)
        training.one_to_one(other, trainer, now, actions=["Ask for gloves"])
        training.one_to_one(buddy, trainer, now - timedelta(days=9), actions=["Swap Friday"])
    theirs = SupervisionAction.objects.get(words="Ask for gloves")
    page = signed_in(trainer).post(url("record_supervision", buddy), answers(done=[theirs.token])).content.decode()
    assert "Select only from the answers on the page" in page
    theirs.refresh_from_db()
    assert theirs.closed_at is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"held_on": "2026-11-24"}, "Date must be today or in the past"),
        ({"held_on": "2026-01-01"}, "started in the role on 14 October 2026"),
        ({"held_on": ""}, "Enter the date"),
        ({"themes": []}, "Select what was talked about"),
        ({"wellbeing_asked": ""}, "Select yes or no for"),
        ({"actions": "a\nb\nc\nd\ne\nGet gloves"}, "Write at most 5 actions"),
        ({"actions": "Get gloves " * 30}, "Shorten each action to 300 characters"),
    ],
)
def test_bad_input_is_refused_and_what_was_typed_stays(signed_in, trainer, buddy, change, says):
    sent = answers(**{"actions": "Get gloves", **change})
    page = signed_in(trainer).post(url("record_supervision", buddy), sent).content.decode()
    assert says in page and "Get gloves" in page
    assert not Supervision.objects.exists() and not SupervisionAction.objects.exists()


def test_two_on_the_same_day_are_refused(signed_in, trainer, buddy):
    client = signed_in(trainer)
    client.post(url("record_supervision", buddy), answers())
    page = client.post(url("record_supervision", buddy), answers()).content.decode()
    assert "on 20 November 2026 is recorded already" in page
    page = client.post(url("supervision_missed", buddy), {"held_on": "2026-11-20", "reason": "UNWELL"}).content.decode()
    assert "on 20 November 2026 is recorded already" in page and Supervision.objects.count() == 1


def test_somebody_who_is_not_in_the_role_is_refused(signed_in, trainer, learners):
    learner = learners(1)[0]
    page = signed_in(trainer).post(url("record_supervision", learner), answers()).content.decode()
    assert "is not in the role" in page and not Supervision.objects.exists()


def test_it_asks_at_most_five_things(here, trainer, buddy, now, at_prison):
    with at_prison(here):
        held = training.one_to_one(buddy, trainer, now, actions=["Ask for gloves"])
    assert OneToOneForm(open_actions=[]).count_inputs() == 4
    assert OneToOneForm(open_actions=list(held.actions.all())).count_inputs() == 5
    assert MissedForm().count_inputs() == 2 and GroupForm(buddies=[]).count_inputs() == 3


# Missed --------------------------------------------------------------------------------------------------


def test_a_missed_one_says_why_and_stays_due(signed_in, here, trainer, buddy, now, at_prison):
    client = signed_in(trainer)
    page = client.post(url("supervision_missed", buddy), {"held_on": "2026-11-20"}).content.decode()
    assert "Select why it was missed" in page and not Supervision.objects.exists()
    client.post(url("supervision_missed", buddy), {"held_on": "2026-11-20", "reason": "REGIME"})
    missed = Supervision.objects.get()
    assert (missed.outcome, missed.reason, missed.wellbeing_asked) == ("MISSED", "REGIME", None)
    with at_prison(here):
        assert supervision_list(here, now.date(), Show.MISSED).get().due_on == date(2026, 11, 14)
        training.one_to_one(buddy, trainer, now)
        assert not supervision_list(here, now.date(), Show.MISSED).exists()


# A group -------------------------------------------------------------------------------------------------


def test_one_page_records_a_meeting_for_everybody(signed_in, here, lead, trainer, wing, now, at_prison):
    with at_prison(here):
        came = [build.active_buddy(here, lead, now - timedelta(days=9), wing=wing, last_name=f"B{n}") for n in range(3)]
    client, address = signed_in(trainer), reverse("training:record_group", args=[here.code])
    sent = {"held_on": "2026-11-20", "themes": ["STAFF"], "people": [came[0].token, came[2].token]}
    assert client.post(address, sent).status_code == 302
    meeting = GroupMeeting.objects.get()
    assert set(meeting.people.values_list("buddy__person__last_name", flat=True)) == {"B0", "B2"}
    again = client.post(address, sent).content.decode()
    assert "on 20 November 2026 is recorded already" in again and GroupMeeting.objects.count() == 1
    nobody = client.post(address, {**sent, "held_on": "2026-11-21", "people": []}).content.decode()
    assert "Tick everybody who came" in nobody
    assert "Group meeting" in client.get(url("supervision_of", came[0])).content.decode()


def test_a_meeting_with_somebody_who_started_later_saves_nobody(signed_in, here, lead, trainer, wing, now, at_prison):
    with at_prison(here):
        old = build.active_buddy(here, lead, now - timedelta(days=9), wing=wing)
        new = build.active_buddy(here, lead, now, wing=wing)
    sent = {"held_on": "2026-11-20", "themes": ["STAFF"], "people": [old.token, new.token]}
    page = signed_in(trainer).post(reverse("training:record_group", args=[here.code]), sent).content.decode()
    assert "started in the role on 23 November 2026" in page
    assert not GroupMeeting.objects.exists() and not Supervision.objects.exists()


def test_a_long_list_is_ticked_wing_by_wing(signed_in, here, lead, trainer, wing, buddy, now, at_prison, monkeypatch):
    with at_prison(here):
        other = build.active_buddy(here, lead, now - timedelta(days=40), wing=cast.make_wing(here, "B"))
    client, address = signed_in(trainer), reverse("training:record_group", args=[here.code])
    assert "List only" not in client.get(address).content.decode()
    monkeypatch.setattr("training.views.wings.PER_PAGE", 1)
    assert "List only" in client.get(address).content.decode()
    page = client.get(address, {"wing": "B"}).content.decode()
    assert other.token in page and buddy.token not in page and "Only B wing is listed." in page
    # Who was ticked on another page of the same form counts too.
    sent = {"held_on": "2026-11-20", "themes": ["STAFF"], "people": [buddy.token, other.token]}
    assert client.post(f"{address}?wing=B", sent).status_code == 302
    assert GroupMeeting.objects.get().people.count() == 2


# The list and the home page ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lead", "trainer"])
def test_the_tile_and_the_list_agree(request, signed_in, here, lead, wing, buddy, now, at_prison, who):
    with at_prison(here):
        build.active_buddy(here, lead, now, wing=wing, last_name="New")
    client = signed_in(request.getfixturevalue(who))
    tile = {tile["text"]: tile for tile in client.get(f"/prisons/{here.code}/").context["tiles"]}["Supervision due"]
    assert tile["count"] == 1
    page = client.get(tile["href"])
    assert names(page.context["page"]) == [buddy.person.last_name] and "Late" in page.content.decode()
    everybody = client.get(reverse("training:supervision", args=[here.code]))
    assert names(everybody.context["page"]) == [buddy.person.last_name, "New"]


def test_the_list_of_one_wing_keeps_to_its_part(signed_in, here, lead, wing, buddy, now, at_prison):
    with at_prison(here):
        other = cast.make_wing(here, "B")
        for name, days in (("Late", 40), ("New", 1)):
            build.active_buddy(here, lead, now - timedelta(days=days), wing=other, last_name=name)
    client, address = signed_in(lead), reverse("training:supervision", args=[here.code])
    assert names(client.get(address, {"wing": "B"}).context["page"]) == ["Late", "New"]
    assert names(client.get(address, {"wing": "B", "show": "late"}).context["page"]) == ["Late"]
    assert names(client.get(address, {"wing": wing.code}).context["page"]) == [buddy.person.last_name]


def test_the_scheme_keeps_how_often_on_its_page(signed_in, here, lead, buddy):
    client, address = signed_in(lead), reverse("schemes:scheme_supervision", args=[here.code])
    version = client.get(address).context["form"].initial["version"]
    refused = client.post(address, {"months": "7", "group_counts": "no", "version": version}).content.decode()
    assert "Enter a whole number from 1 to 6" in refused
    assert client.post(address, {"months": "3", "group_counts": "yes", "version": version}).status_code == 302
    assert (
        "A one-to-one every 3 months, or a group meeting"
        in client.get(f"/prisons/{here.code}/scheme/").content.decode()
    )


# Who may -------------------------------------------------------------------------------------------------


def test_needs_the_permission_and_another_prisons_is_404(signed_in, here, elsewhere, officer, buddy):
    for name in ("supervision_of", "record_supervision", "supervision_missed"):
        assert signed_in(officer).get(url(name, buddy)).status_code == 403
    stranger = cast.make_staff("Tom Other", "TRAINER", elsewhere)
    own = reverse("training:record_supervision", args=[elsewhere.code, buddy.token])
    assert signed_in(stranger).post(own, answers()).status_code == 404


def test_leaves_the_audit_events(signed_in, here, trainer, buddy, now, at_prison):
    client = signed_in(trainer)
    client.post(url("record_supervision", buddy), answers(actions="Ask for gloves"))
    client.post(url("supervision_missed", buddy), {"held_on": "2026-11-23", "reason": "UNWELL"})
    with at_prison(here):
        training.group_meeting([buddy], trainer, now)
    held = AuditEvent.objects.get(code="training.supervision_held")
    assert (held.actor_id, held.person_id, held.details) == (trainer.pk, buddy.person_id, {"agreed": 1, "closed": 0})
    assert AuditEvent.objects.get(code="training.supervision_missed").details == {"reason": "UNWELL"}
    assert AuditEvent.objects.get(code="training.group_meeting_held").details == {"people": [buddy.person_id]}
    client.get(url("supervision_of", buddy))
    assert AuditEvent.objects.filter(code="viewed", person_id=buddy.person_id).exists()
