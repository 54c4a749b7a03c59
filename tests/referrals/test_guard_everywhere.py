"""No way round: words that become an instruction for buddy work run the guard wherever they are typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.boundary import NOT_ALLOWED, decide_text
from referrals.actions.welfare import record_welfare
from referrals.models import CapacityRecord, Equipment, EvacuationPlan, HeldText, SlotException
from schemes.guard import WAITS
from tests.builders import care, posts
from tests.builders import referrals as build
from tests.builders.buddies import active_buddy
from tests.builders.schemes import person_in
from tests.cast import acts
from training.actions.overrides import ask_override
from training.actions.supervision import hold_one_to_one
from training.models import SupervisionAction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CARE = "Give Mr Harris a strip wash on Mondays"


@pytest.fixture
def buddy(here, lead, wing, now, at_prison):
    with at_prison(here):
        build.scheme_open(here, lead, now, wing)
        return active_buddy(here, lead, now - timedelta(days=40), wing=wing)


def agree(buddy, lead, here, now, *words):
    return hold_one_to_one(
        by=acts(lead, here), now=now, buddy=buddy, held_on=london_today(now), themes=["TASKS"], wellbeing_asked=True,
        actions=words,
    )  # fmt: skip


def test_what_is_agreed_in_supervision_is_held_and_the_rest_is_saved(here, lead, deputy, buddy, now, at_prison):
    with at_prison(here):
        agree(buddy, lead, here, now, "Read the role card again", CARE)
        assert list(SupervisionAction.objects.order_by("id").values_list("words", flat=True)) == [
            "Read the role card again",
            WAITS,
        ]
        held = HeldText.objects.get()
        assert (held.place, held.words, held.plan) == ("SUPERVISION", CARE, None)
        with pytest.raises(NotAllowed, match="somebody else has to decide"):
            decide_text(by=acts(lead, here), now=now, held=held, allow=True, reason="Fine")
        decide_text(by=acts(deputy, here), now=now, held=held, allow=False, reason="Carers do this.")
        assert SupervisionAction.objects.order_by("id").last().words == NOT_ALLOWED


def test_a_second_person_may_let_them_stand(signed_in, here, lead, deputy, buddy, now, at_prison, at):
    with at_prison(here):
        agree(buddy, lead, here, now, CARE)
        held = HeldText.objects.get()
    page = signed_in(deputy).get(at("held_text", held.token)).content.decode()
    assert "Agreed in supervision" in page
    signed_in(deputy).post(at("held_text", held.token), {"decision": "allow", "reason": "It says what not to do."})
    assert SupervisionAction.objects.get().words == CARE


def test_what_is_agreed_in_a_welfare_check(here, lead, deputy, buddy, wing, now, at_prison):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)
        build.matched(here, lead, plan, buddy, now)
        check = care.welfare_prompted(here, plan.person, now)
        values = {"spoken_on": london_today(now), "how": "WELL", "words": "Fine."}
        check = record_welfare(by=acts(lead, here), now=now, check=check, agreed=CARE, **values)
        held = HeldText.objects.get()
        assert (check.agreed, held.place) == (WAITS, "WELFARE")
        decide_text(by=acts(deputy, here), now=now, held=held, allow=True, reason="It is fine.")
        check.refresh_from_db()
        assert check.agreed == CARE


def test_reasons_and_titles_are_refused_with_what_to_do(here, lead, buddy, wing, now, at_prison):
    with at_prison(here):
        with pytest.raises(NotAllowed, match="personal care") as refused:
            ask_override(
                by=acts(lead, here), now=now, buddy=buddy, module=care.extra_module(), reason=CARE,
                ends_on=london_today(now) + timedelta(days=20),
            )  # fmt: skip
        assert refused.value.field == "reason"
        with pytest.raises(NotAllowed, match="personal care"):
            posts.drafted(here, lead, now, wing, title="Washing and dressing people")
        with pytest.raises(NotAllowed, match="personal care"):
            posts.drafted(here, lead, now, wing, title_cy="Golchi a gwisgo pobl")


@pytest.fixture
def plan(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.agreed_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)


EVACUATION = {
    "needs_help": "yes", "how": "One buddy walks ahead.", "staff": "2", "waits_at": "Landing 1", "equipment": "Chair",
    "review_on": "2027-01-10",
}  # fmt: skip
DECIDED = {
    "decision": "Whether to have help", "assessed_by_name": "Olu Adeyemi", "assessed_by_role": "Social worker",
    "assessed_on": "2026-11-20", "cannot": ["RETAIN"], "best_interests": "Help with meals.", "share": "no",
    "consulted": "Jean Carter, daughter", "advocate": "NAMED", "advocate_words": "Ruth Hale", "objects": "no",
    "review_on": "2027-01-20",
}  # fmt: skip


@pytest.mark.parametrize(
    ("page", "answers"),
    [
        ("equipment_add", {"kind": "OTHER", "what": CARE, "owner": "PRISON"}),
        ("evacuation", EVACUATION | {"waits_at": CARE}),
        ("evacuation", EVACUATION | {"equipment": CARE}),
        ("slot_except", {"first_on": "2026-11-24", "reason": CARE}),
        ("plan_capacity", DECIDED | {"decision": CARE}),
    ],
    ids=["equipment", "waits_at", "chair", "exception", "decision"],
)
def test_short_words_of_a_plan_are_refused_with_what_to_do(signed_in, lead, plan, at, page, answers):
    if page == "slot_except":
        answers = answers | {"tasks": [task.token for task in plan.tasks.all()], "session": "LEFT_OUT"}
    shown = signed_in(lead).post(at(page, plan.token), answers).content.decode()
    assert "seem to describe personal care" in shown and CARE in shown
    assert not (Equipment.objects.exists() or SlotException.objects.exists() or CapacityRecord.objects.exists())
    assert not EvacuationPlan.objects.filter(needs_help=True).exists()


def test_how_somebody_leaves_is_held_and_the_rest_stands_at_once(signed_in, lead, deputy, here, plan, at_prison, at):
    client = signed_in(lead)
    page = client.post(at("evacuation", plan.token), EVACUATION | {"how": CARE}, follow=True).content.decode()
    written = EvacuationPlan.objects.get(plan=plan, replaced_at=None)
    assert (written.how, written.staff, written.waits_at) == (WAITS, 2, "Landing 1") and WAITS in page
    client.post(at("evacuation", plan.token), EVACUATION | {"how": CARE + "."})
    first, held = HeldText.objects.order_by("id")
    assert (first.decision, held.decision) == ("REPLACED", "WAITING")
    signed_in(deputy).post(at("held_text", held.token), {"decision": "allow", "reason": "Carers do this."})
    assert EvacuationPlan.objects.get(plan=plan, replaced_at=None).how == CARE + "."


def test_what_is_decided_for_somebody_is_held(signed_in, lead, deputy, plan, at):
    client = signed_in(lead)
    page = client.post(
        at("plan_capacity", plan.token), DECIDED | {"best_interests": CARE}, follow=True
    ).content.decode()
    assert CapacityRecord.objects.get().best_interests == WAITS and WAITS in page and CARE not in page
    held = HeldText.objects.get()
    signed_in(deputy).post(at("held_text", held.token), {"decision": "refuse", "reason": "Carers do this."})
    assert CapacityRecord.objects.get().best_interests == NOT_ALLOWED
