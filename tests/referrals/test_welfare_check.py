"""After something hard happened to somebody they help, a buddy is asked within 72 hours how they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.outbox.models import Message
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.plans import end_plan
from referrals.models import WelfareCheck
from schemes.actions.people import end_custody
from schemes.queries.people import custody_of
from tests.builders import care, terminal
from tests.builders.buddies import active_buddy
from tests.builders.schemes import person_in
from tests.builders.visits import active_match, helped
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def pair(here, wing, lead, now, at_prison):
    with at_prison(here):
        return helped(here, lead, now, wing=wing)


def handle_messages():
    with scoped(DatabaseRole.NATIONAL):
        drain()


def handle_again(topic):
    Message.objects.filter(topic=topic).update(handled_at=None)
    handle_messages()


@pytest.mark.parametrize(
    ("reason", "event"), [("DEATH", "DEATH"), ("TRANSFER", "MOVE"), ("RELEASE", "MOVE"), ("OTHER", None)]
)
def test_somebody_leaves(pair, here, lead, now, at_prison, reason, event):
    plan, buddy, _ = pair
    with at_prison(here):
        end_custody(by=acts(lead, here), now=now, custody=custody_of(here, plan.person), reason=reason)
    handle_messages()
    found = list(WelfareCheck.objects.values_list("buddy", "event", "due_at"))
    assert found == ([(buddy.pk, event, now + timedelta(hours=72))] if event else [])


@pytest.mark.parametrize(
    ("kind", "event"),
    [("FALL", "FALL"), ("ASSAULT", "ASSAULT"), ("WORRY", "CONCERN"), ("SELF_HARM", "CONCERN"), ("TALK_TO_STAFF", None)],
)
def test_a_concern_is_raised(pair, here, officer, now, at_prison, kind, event):
    plan, buddy, _ = pair
    with at_prison(here):
        terminal.concern_by(officer, here, now, kind=kind, about_person=plan.person)
    handle_messages()
    found = list(WelfareCheck.objects.values_list("buddy", "event"))
    assert found == ([(buddy.pk, event)] if event else [])


def test_misuse_31_one_prompt_for_a_buddy_and_an_event_however_often_it_is_told(pair, here, officer, now, at_prison):
    plan, _, _ = pair
    with at_prison(here):
        terminal.concern_by(officer, here, now, kind="FALL", about_person=plan.person)
    handle_messages()
    handle_again("concern.raised")
    assert WelfareCheck.objects.count() == 1
    assert AuditEvent.objects.filter(code="welfare.prompted").count() == 1
    with at_prison(here):
        terminal.concern_by(officer, here, now, kind="FALL", about_person=plan.person)
    handle_messages()
    assert WelfareCheck.objects.count() == 2


def test_both_buddies_of_the_plan_and_one_whose_help_ended_this_week(pair, here, lead, wing, now, at_prison):
    plan, buddy, _ = pair
    with at_prison(here):
        second = active_buddy(here, lead, now, wing=wing)
        active_match(plan, second, lead, now, "SECOND")
        end_plan(by=acts(lead, here), now=now, plan=plan, reason="Died")
        later = now + timedelta(days=2)
        end_custody(by=acts(lead, here), now=later, custody=custody_of(here, plan.person), reason="DEATH")
    handle_messages()
    assert set(WelfareCheck.objects.values_list("buddy", flat=True)) == {buddy.pk, second.pk}


def test_a_concern_about_staff_or_about_nobody_who_is_helped_prompts_nothing(
    pair, here, officer, lead, safeguarding, now, at_prison
):
    with at_prison(here):
        terminal.concern_by(officer, here, now, kind="FALL", about_person=pair[0].person, about_staff=safeguarding)
        terminal.concern_by(officer, here, now, kind="FALL", about_person=person_in(here, lead, now))
        terminal.concern_by(officer, here, now, kind="FALL")
    handle_messages()
    assert not WelfareCheck.objects.exists()


def test_it_shows_within_one_sign_in_and_is_done_in_four_answers(
    pair, here, officer, trainer, now, at_prison, signed_in, at, clock
):
    plan, buddy, _ = pair
    with at_prison(here):
        terminal.concern_by(officer, here, now, kind="FALL", about_person=plan.person)
    handle_messages()
    browser = signed_in(trainer)
    assert _tile(browser, here)["count"] == 1
    check = WelfareCheck.objects.get()
    page = browser.get(at("welfare_check", check.token))
    assert page.context["form"].count_inputs() <= 5
    clock.move_to(now + timedelta(minutes=5))
    posted = {"spoken_on": "2026-11-23", "how": "UNSETTLED", "words": "Sleeps badly.", "agreed": "A day off"}
    assert browser.post(at("welfare_check", check.token), posted).status_code == 302
    check.refresh_from_db()
    assert (check.how, check.done_by, check.agreed) == ("UNSETTLED", trainer, "A day off")
    assert _tile(browser, here)["count"] == 0
    assert AuditEvent.objects.filter(code="welfare.done", actor_id=trainer.pk, person_id=buddy.person_id).exists()
    assert "A day off" in browser.get(at("welfare_check", check.token)).content.decode()


def test_late_after_72_hours(pair, here, lead, now, at_prison, signed_in, at, clock):
    with at_prison(here):
        care.welfare_prompted(here, pair[0].person, now)
    late = at("welfare_checks") + "?state=late"
    clock.move_to(now + timedelta(hours=72))
    assert not signed_in(lead).get(late).context["table"].rows
    clock.move_to(now + timedelta(hours=73))
    assert len(signed_in(lead).get(late).context["table"].rows) == 1
    assert _tile(signed_in(lead), here)["note"] == "1 past 72 hours"


def test_whoever_handles_no_concerns_learns_of_none(pair, here, lead, trainer, now, at_prison, signed_in, at):
    plan, _, _ = pair
    with at_prison(here):
        check = care.welfare_prompted(here, plan.person, now, event="CONCERN")
    for address in (at("welfare_checks"), at("welfare_check", check.token)):
        page = signed_in(trainer).get(address).content.decode()
        assert "Something hard for somebody they help" in page
        assert "A concern" not in page and plan.person.last_name not in page
    assert "A concern" in signed_in(lead).get(at("welfare_check", check.token)).content.decode()


def test_rejects_bad_input_and_a_second_record(pair, here, lead, now, at_prison, signed_in, at):
    with at_prison(here):
        check = care.welfare_prompted(here, pair[0].person, now)
    posted = {"spoken_on": "2026-11-22", "how": "", "words": "Tired.", "agreed": ""}
    page = signed_in(lead).post(at("welfare_check", check.token), posted).content.decode()
    assert "Select how the buddy is" in page and "Enter what was agreed" in page and "Tired." in page
    posted |= {"how": "WELL", "agreed": "Nothing is needed"}
    page = signed_in(lead).post(at("welfare_check", check.token), posted).content.decode()
    assert "must be from 23 November 2026 to today" in page
    signed_in(lead).post(at("welfare_check", check.token), posted | {"spoken_on": "2026-11-23"})
    again = signed_in(lead).post(at("welfare_check", check.token), posted | {"agreed": "Something else"})
    assert again.status_code == 200 and WelfareCheck.objects.get().agreed == "Nothing is needed"


def test_permission_and_other_prisons(pair, here, lead, officer, outsider, now, at_prison, signed_in, at):
    with at_prison(here):
        check = care.welfare_prompted(here, pair[0].person, now)
    assert signed_in(officer).get(at("welfare_checks")).status_code == 403
    address = at("welfare_check", check.token)
    assert signed_in(officer).post(address, {}).status_code == 403
    assert signed_in(outsider).get(address.replace("ZTA", "ZTB")).status_code == 404


def _tile(browser, here):
    page = browser.get(reverse("home:prison", args=[here.code]))
    tiles = [*page.context["tiles"], *page.context["empty_tiles"]]
    (tile,) = [tile for tile in tiles if tile["text"] == "Welfare checks of buddies to do"]
    return tile
