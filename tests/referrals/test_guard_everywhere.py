"""No way round: words that become an instruction for buddy work run the guard wherever they are typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.boundary import NOT_ALLOWED, decide_text
from referrals.actions.welfare import record_welfare
from referrals.models import HeldText
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
