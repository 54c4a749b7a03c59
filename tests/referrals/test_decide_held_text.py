"""A second person decides about held words."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from buddyscheme.audit.models import AuditEvent
from referrals.actions import plans as actions
from referrals.actions.boundary import decide_text
from referrals.models import BoundaryPhrase, HeldText, PlanTask
from referrals.queries import boundary as queries
from referrals.rules.boundary import check_words
from tests.builders import referrals as build
from tests.builders.buddies import as_owner
from tests.builders.referrals import goals_in
from tests.builders.schemes import person_in
from tests.cast import acts
from tests.referrals.test_screen_referral import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WASH = "Help him wash in the shower every morning."
ALLOW = {"decision": "allow", "reason": "It is about fetching the towel."}


def held_by(user, here, wing, now, at_prison):
    with at_prison(here):
        person = person_in(here, user, now, wing=wing)
        build.draft_plan(here, user, now, person, wing=wing, goals=WASH)
    return HeldText.objects.select_related("plan").get()


@pytest.fixture
def held(here, lead, wing, now, at_prison):
    return held_by(lead, here, wing, now, at_prison)


def test_works(signed_in, deputy, held, at):
    client = signed_in(deputy)
    assert "Help him wash" in client.get(at("held_texts")).content.decode()
    page = client.get(at("held_text", held.token)).content.decode()
    assert "<mark>" in page and "seem to describe" in page
    assert client.post(at("held_text", held.token), ALLOW)["Location"] == at("held_texts")
    held.refresh_from_db()
    held.plan.refresh_from_db()
    assert (held.decision, held.decided_by, goals_in(held.plan)) == ("ALLOWED", deputy, [WASH])


def test_refused_words_go_nowhere(signed_in, safeguarding, held, at):
    signed_in(safeguarding).post(at("held_text", held.token), {"decision": "refuse", "reason": "This is washing."})
    held.refresh_from_db()
    held.plan.refresh_from_db()
    assert (held.decision, goals_in(held.plan)) == ("REFUSED", [""])


def test_a_note_goes_to_its_task(here, lead, deputy, wing, now, at_prison):
    with at_prison(here):
        plan = build.draft_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)
        task = actions.add_task(
            by=acts(lead, here), now=now, plan=plan, task=build.task_of("SOC-01"), weekdays=[0], session="PM",
            minutes=20, note=WASH,
        )  # fmt: skip
        decide_text(by=acts(deputy, here), now=now, held=HeldText.objects.get(), allow=True, reason="A towel.")
    assert PlanTask.objects.get(pk=task.pk).note == WASH


def test_allowed_words_are_not_held_again(signed_in, deputy, lead, here, held, now, at_prison):
    with at_prison(here):
        decide_text(by=acts(deputy, here), now=now, held=held, allow=True, reason="A towel.")
        plan = build.fresh_plan(held.plan)
        actions.save_plan(
            by=acts(lead, here), now=now, plan=plan, goals=[WASH], safety_words=[], review_on=plan.review_on,
            evacuation_plan=False, staff_notes="", version=plan.version,
        )  # fmt: skip
    assert HeldText.objects.count() == 1


def test_never_the_writer(signed_in, deputy, here, wing, now, at_prison, at):
    held = held_by(deputy, here, wing, now, at_prison)
    client = signed_in(deputy)
    page = client.get(at("held_text", held.token)).content.decode()
    assert "somebody else has to decide" in page and "Save the decision" not in page
    client.post(at("held_text", held.token), ALLOW)
    held.refresh_from_db()
    assert held.decision == "WAITING"
    with at_prison(here):
        assert not queries.waiting(here, deputy).exists() and queries.waiting(here).count() == 1


def test_never_the_writer_in_the_database(held, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        HeldText.objects.filter(pk=held.pk).update(decided_by=held.written_by_id, decided_at=now)


def test_needs_the_permission(signed_in, lead, officer, held, at):
    assert signed_in(officer).get(at("held_texts")).status_code == 403
    assert "Save the decision" not in signed_in(lead).get(at("held_text", held.token)).content.decode()
    signed_in(lead).post(at("held_text", held.token), ALLOW)
    held.refresh_from_db()
    assert held.decision == "WAITING"


def test_another_prisons_is_404(signed_in, deputy, elsewhere, lead, now, at_prison, at):
    held = held_by(lead, elsewhere, None, now, at_prison)
    assert signed_in(deputy).get(at("held_text", held.token)).status_code == 404


def test_decided_once(signed_in, deputy, held, at):
    client = signed_in(deputy)
    client.post(at("held_text", held.token), ALLOW)
    page = client.post(at("held_text", held.token), {"decision": "refuse", "reason": "No"}, follow=True)
    assert "nothing left to decide" in page.content.decode()
    held.refresh_from_db()
    assert held.decision == "ALLOWED"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"decision": ""}, "Select whether the words are allowed"),
        ({"reason": ""}, "Enter the reason for your decision"),
        ({"reason": "q" * 10_000}, "Shorten the text by 9700 characters"),
    ],
)
def test_rejects_bad_input(signed_in, deputy, held, at, changed, sentence):
    assert sentence in signed_in(deputy).post(at("held_text", held.token), ALLOW | changed).content.decode()


def test_the_phrases_of_the_database_are_used(here):
    assert check_words(WASH) and not check_words("Read the paper aloud.") and check_words("  ") == ()
    with as_owner():
        BoundaryPhrase.objects.create(position=1, language="en", code="PRO-03", phrase="=paper", unless="")
    assert [hit.code for hit in check_words("Read the paper aloud.")] == ["PRO-03"] and not check_words(WASH)


def test_leaves_the_audit_events(signed_in, deputy, held, at):
    signed_in(deputy).post(at("held_text", held.token), ALLOW)
    assert AuditEvent.objects.get(code="text.held").actor_id == held.written_by_id
    event = AuditEvent.objects.get(code="text.decided")
    assert (event.actor_id, event.details["decision"]) == (deputy.pk, "ALLOWED")


def test_list_does_not_query_per_row(signed_in, deputy, here, lead, held, wing, now, at_prison, at):
    client = signed_in(deputy)
    few = queries_of(client, at("held_texts"))
    with at_prison(here):
        for _ in range(4):
            build.draft_plan(here, lead, now, person_in(here, lead, now, wing=wing), goals=WASH)
    assert queries_of(client, at("held_texts")) == few
