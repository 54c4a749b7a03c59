"""An override: asked for by the lead, decided by somebody else, running until its day, and over by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.models import Match
from tests.builders import buddies, care, referrals, visits
from tests.builders.schemes import person_in
from tests.cast import acts
from training.actions.overrides import ask_override, decide_override
from training.models import Override

pytestmark = pytest.mark.django_db
WALK = (("MOB-03", (0, 2), "PM", 30),)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def module(here):
    referrals.catalogue()
    return care.extra_module("X01", "Walking aids", task="MOB-03")


@pytest.fixture
def plan(here, wing, lead, now, at_prison):
    with at_prison(here):
        person = person_in(here, lead, now, wing=wing, landing=1, cell="A1-01")
        return referrals.agreed_plan(here, lead, now, person=person, wing=wing, tasks=WALK)


@pytest.fixture
def buddy(here, wing, lead, now, at_prison, module, plan):
    """Active, but without the module that walking with somebody needs."""
    with at_prison(here):
        buddy = buddies.compact_signed(buddies.in_training(here, lead, now, wing=wing), lead, now)
        buddy = buddies.trained(buddy, lead, now, without=("X01",))
        from training.actions.appointments import appoint

        return appoint(by=acts(lead, here), now=now, buddy=buddy, started_on=london_today(now))


@pytest.fixture
def asked(here, lead, now, at_prison, buddy, module):
    with at_prison(here):
        return care.override_asked(buddy, lead, now, module)


def url(name, here, *args):
    return reverse(f"training:{name}", args=[here.code, *args])


ANSWERS = {"what": "X01", "ends_on": "2026-12-20", "reason": "The class is in December"}


def test_asked_by_the_lead_and_approved_by_the_delegate(signed_in, lead, delegate, here, buddy):
    lead_browser = signed_in(lead)
    page = lead_browser.get(url("ask_override", here, buddy.token)).content.decode()
    assert "Walking aids" in page and "Clearance and keep-apart are never overridden" in page
    assert lead_browser.post(url("ask_override", here, buddy.token), ANSWERS).status_code == 302
    override = Override.objects.get()
    browser = signed_in(delegate)
    assert "Walking aids" in browser.get(url("overrides", here) + "?state=waiting").content.decode()
    answer = browser.post(url("override", here, override.token), {"decision": "APPROVE", "reason": ""})
    assert answer.status_code == 302
    override.refresh_from_db()
    assert (override.decision, override.decided_by) == ("APPROVED", delegate)
    codes = set(AuditEvent.objects.filter(code__startswith="override.").values_list("code", "actor_id"))
    assert codes == {("override.asked", lead.pk), ("override.approved", delegate.pk)}


def test_the_match_it_allows_says_so(signed_in, lead, delegate, here, buddy, plan, module, now, at_prison):
    browser = signed_in(lead)
    suitability = reverse("referrals:suitability", args=[here.code, plan.token, buddy.token])
    assert "Walking aids is not passed." in browser.post(suitability, {}).content.decode()
    with at_prison(here):
        care.override_running(buddy, lead, delegate, now, module)
    assert browser.post(suitability, {}).status_code == 302
    match = Match.objects.get()
    assert match.under_override and not match.under_take_over
    page = browser.get(reverse("referrals:match", args=[here.code, match.token])).content.decode()
    assert "Made while an override stood in" in page
    assert (
        "Made under an override"
        in browser.get(reverse("referrals:plan", args=[here.code, plan.token])).content.decode()
    )


def test_it_ends_by_itself_on_the_day_after(
    signed_in, lead, delegate, here, buddy, plan, module, now, at_prison, clock
):
    with at_prison(here):
        care.override_running(buddy, lead, delegate, now, module, days=3)
    suitability = reverse("referrals:suitability", args=[here.code, plan.token, buddy.token])
    clock.move_to(now + timedelta(days=3))
    assert "Stop" not in _verdicts(signed_in(lead).get(suitability))
    clock.move_to(now + timedelta(days=4))
    page = signed_in(lead).post(suitability, {}).content.decode()
    assert "It was to be made good by 26 November 2026 (override)." in page
    assert not Match.objects.exists()
    assert "Ended" in signed_in(lead).get(url("overrides", here)).content.decode()
    assert not Override.objects.filter(decision="REFUSED").exists()  # nothing had to end it


def _verdicts(answer):
    return {line["tag"]["text"] for line in answer.context["lines"]}


def test_it_does_not_stand_in_for_starting(here, lead, delegate, now, wing, at_prison):
    with at_prison(here):
        trainee = buddies.in_training(here, lead, now, wing=wing)
        with pytest.raises(NotAllowed, match="needs the compact and the modules themselves"):
            care.override_asked(trainee, lead, now)


def test_whoever_asked_does_not_decide(signed_in, here, lead, asked, now, at_prison):
    assert signed_in(lead).post(url("override", here, asked.token), {"decision": "APPROVE"}).status_code == 200
    asked.refresh_from_db()
    assert asked.decision == "WAITING"
    with at_prison(here), pytest.raises(NotAllowed, match="somebody else has to decide"):
        decide_override(by=acts(lead, here), now=now, override=asked, approve=True)


def test_the_lead_of_the_scheme_does_not_decide_what_the_deputy_asked(
    here, lead, deputy, buddy, module, now, at_prison
):
    with at_prison(here):
        asked = care.override_asked(buddy, deputy, now, module)
        with pytest.raises(NotAllowed, match="The lead of the scheme cannot decide"):
            decide_override(by=acts(lead, here), now=now, override=asked, approve=True)


def test_a_refusal_says_why(signed_in, here, delegate, asked):
    browser = signed_in(delegate)
    page = browser.post(url("override", here, asked.token), {"decision": "REFUSE", "reason": ""}).content.decode()
    assert "Enter the reason for refusing." in page
    browser.post(url("override", here, asked.token), {"decision": "REFUSE", "reason": "There is a class on Friday"})
    asked.refresh_from_db()
    assert (asked.decision, asked.decision_reason) == ("REFUSED", "There is a class on Friday")
    assert "decided already" in _error(decide_override, here, delegate, asked)


def _error(action, here, user, override):
    with pytest.raises(NotAllowed) as refused:
        action(by=acts(user, here), now=override.asked_at, override=override, approve=True)
    return str(refused.value)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"what": ""}, "Select what may be missing"),
        ({"what": "T01"}, "Select one of the answers on the page"),
        ({"what": "CLEARANCE"}, "Select one of the answers on the page"),
        ({"ends_on": "2027-02-22"}, "must be on or before 21 February 2027"),
        ({"ends_on": "2026-11-23"}, "must be in the future"),
        ({"reason": ""}, "Enter why the buddy should go on without it"),
    ],
)
def test_rejects_bad_input_and_keeps_what_was_typed(signed_in, here, lead, buddy, changed, sentence):
    page = signed_in(lead).post(url("ask_override", here, buddy.token), ANSWERS | changed).content.decode()
    assert sentence in page and (changed.get("reason") == "" or "The class is in December" in page)
    assert not Override.objects.exists()


def test_once_at_a_time(signed_in, here, lead, buddy, asked):
    page = signed_in(lead).post(url("ask_override", here, buddy.token), ANSWERS).content.decode()
    assert "waiting or running already" in page


def test_what_is_in_date_needs_none(here, lead, buddy, now, at_prison):
    with at_prison(here), pytest.raises(NotAllowed, match="This is in date"):
        ask_override(
            by=acts(lead, here), now=now, buddy=buddy, module=None, ends_on=london_today(now) + timedelta(days=9),
            reason="The text changes",
        )  # fmt: skip


def test_needs_the_permission(signed_in, here, lead, delegate, trainer, officer, buddy, asked):
    assert signed_in(delegate).get(url("ask_override", here, buddy.token)).status_code == 403
    for user in (trainer, officer):
        assert signed_in(user).get(url("overrides", here)).status_code == 403
        assert signed_in(user).post(url("override", here, asked.token), {}).status_code == 403


def test_another_prisons_is_404(signed_in, outsider, elsewhere, buddy, asked):
    browser = signed_in(outsider)
    assert browser.get(url("override", elsewhere, asked.token)).status_code == 404
    assert browser.get(url("ask_override", elsewhere, buddy.token)).status_code == 404


def test_the_buddys_training_lists_it(signed_in, here, trainer, asked, buddy):
    page = signed_in(trainer).get(url("buddy", here, buddy.token)).content.decode()
    assert "Overrides, newest first" in page and "To be decided" in page


def test_clearance_and_keep_apart_have_no_field():
    names = {field.name for field in Override._meta.get_fields()}
    assert not {name for name in names if "clear" in name or "apart" in name or "task" in name}
    assert set(Override.Item.values) == {"MODULE", "COMPACT"}


def test_home_counts_what_waits_and_what_runs(signed_in, here, lead, delegate, asked, now, at_prison):
    assert _tile(signed_in(delegate), here, "Overrides to decide about") == 1
    with at_prison(here):
        decide_override(by=acts(delegate, here), now=now, override=asked, approve=True)
    assert _tile(signed_in(delegate), here, "Overrides to decide about") == 0
    assert _tile(signed_in(delegate), here, "Overrides running") == 1
    assert _tile(signed_in(lead), here, "Overrides that run") == 1


def _tile(browser, here, text):
    page = browser.get(reverse("home:prison", args=[here.code]))
    (count,) = [t["count"] for t in [*page.context["tiles"], *page.context["empty_tiles"]] if t["text"] == text]
    return count


def test_a_visit_of_such_a_match_is_planned(here, lead, delegate, buddy, plan, module, now, at_prison):
    with at_prison(here):
        care.override_running(buddy, lead, delegate, now, module)
        visits.active_match(plan, buddy, lead, now)
        assert visits.planned_on(plan, london_today(now), "PM").buddy_id == buddy.pk
