"""A refusal with its reason, telling the person, the letter, and an appeal that somebody else decides."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from schemes.actions import buddies as buddy_actions
from schemes.actions.refusals import decide_appeal
from schemes.models import Buddy, Refusal
from schemes.queries.refusals import appeals_for, to_tell
from tests.builders import buddies as build
from tests.builders import posts
from tests.cast import acts

pytestmark = pytest.mark.django_db
WHY = "You have not been here for three months."
TOLD = {"told_how": "FACE", "told_on": "2026-11-23", "told_who": "Officer Olu"}


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def candidate(here, lead, wing, now, at_prison):
    """Somebody whose checks are being made."""
    with at_prison(here):
        return build.in_checks(here, lead, now, wing=wing)


@pytest.fixture
def appealed(here, lead, wing, now, at_prison, candidate):
    with at_prison(here):
        return posts.appealed(here, lead, now, buddy=candidate)


def address(buddy, name):
    return reverse(f"schemes:{name}", args=[buddy.prison_id, buddy.token])


def test_declining_keeps_the_reason_and_asks_that_the_person_is_told(signed_in, here, lead, candidate, at_prison):
    client = signed_in(lead)
    assert client.post(address(candidate, "decline"), {"reason": WHY}).status_code == 302
    refusal = Refusal.objects.get()
    assert (refusal.reason, refusal.old_status, refusal.declined_by_id, refusal.told_on) == (
        WHY,
        "CHECKS",
        lead.pk,
        None,
    )
    with at_prison(here):
        assert list(to_tell(here)) == [refusal]
    assert "To tell the person" in client.get(address(candidate, "buddy")).content.decode()
    assert client.post(address(candidate, "refusal_told"), TOLD).status_code == 302
    refusal.refresh_from_db()
    assert (refusal.told_on, refusal.told_how, refusal.told_who) == (date(2026, 11, 23), "FACE", "Officer Olu")
    again = client.post(address(candidate, "refusal_told"), TOLD).content.decode()
    assert "recorded already that the person was told" in again
    codes = set(AuditEvent.objects.values_list("code", flat=True))
    assert {"buddy.declined", "refusal.recorded", "refusal.told"} <= codes


def test_told_in_the_same_step(signed_in, lead, candidate):
    assert signed_in(lead).post(address(candidate, "decline"), {"reason": WHY, **TOLD}).status_code == 302
    assert Refusal.objects.get().told_how == "FACE"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"reason": ""}, "Enter the reason"),
        ({**TOLD, "told_on": ""}, "Enter the date on which the person was told"),
        ({**TOLD, "told_who": ""}, "Enter who told the person"),
        ({**TOLD, "told_on": "2026-11-24"}, "must be today or in the past"),
        ({**TOLD, "told_on": "2026-11-22"}, "must be on or after 23 November 2026"),
    ],
)
def test_rejects_bad_input(signed_in, lead, candidate, typed, says):
    answer = signed_in(lead).post(address(candidate, "decline"), {"reason": WHY, **typed})
    page = answer.content.decode()
    assert answer.status_code == 200 and says in page and ("reason" in typed or WHY in page)
    candidate.refresh_from_db()
    assert candidate.status == "CHECKS" and not Refusal.objects.exists()


@pytest.mark.parametrize(("lang", "says"), [("en", "You can appeal."), ("cy", "Gallwch apelio.")])
def test_the_letter_says_why_and_how_to_appeal(signed_in, here, lead, now, candidate, at_prison, lang, says):
    with at_prison(here):
        posts.declined(here, lead, now, buddy=candidate)
    page = signed_in(lead).get(address(candidate, "refusal_letter") + f"?lang={lang}").content.decode()
    assert says in page and "You have not been here long enough." in page
    assert f'<html lang="{lang}"' in page


def test_the_letter_says_the_schemes_own_route(signed_in, here, lead, now, candidate, at_prison):
    with at_prison(here):
        posts.declined(here, lead, now, buddy=candidate)
    own = {"route": "Write to the deputy governor.", "route_cy": "", "version": str(candidate.scheme.version)}
    assert signed_in(lead).post(reverse("schemes:scheme_appeals", args=[here.code]), own).status_code == 302
    page = signed_in(lead).get(address(candidate, "refusal_letter")).content.decode()
    assert "Write to the deputy governor." in page and "You can appeal." not in page


def test_an_upheld_appeal_opens_the_application_where_it_stood(signed_in, lead, deputy, appealed):
    buddy = appealed.buddy
    typed = {"decision": "UPHELD", "reason": "He has been here since March."}
    refused = signed_in(lead).post(address(buddy, "decide_appeal"), typed).content.decode()
    assert "You declined this application, so somebody else decides" in refused
    assert signed_in(deputy).post(address(buddy, "decide_appeal"), typed).status_code == 302
    buddy.refresh_from_db()
    assert (buddy.status, buddy.ended_on, buddy.end_reason) == ("CHECKS", None, "")
    assert buddy.steps.order_by("-id").first().by_id == deputy.pk
    codes = set(AuditEvent.objects.values_list("code", flat=True))
    assert {"refusal.appealed", "refusal.appeal_upheld", "buddy.reopened"} <= codes
    # It can be declined once more, with a refusal of its own.
    assert signed_in(deputy).post(address(buddy, "decline"), {"reason": WHY}).status_code == 302
    assert Refusal.objects.filter(buddy=buddy).count() == 2


def test_a_dismissed_appeal_leaves_the_refusal(signed_in, delegate, appealed):
    typed = {"decision": "DISMISSED", "reason": "The rule is three months."}
    assert signed_in(delegate).post(address(appealed.buddy, "decide_appeal"), typed).status_code == 302
    appealed.refresh_from_db()
    assert (appealed.outcome, appealed.decided_by_id) == ("DISMISSED", delegate.pk)
    assert Buddy.objects.get().status == "DECLINED"
    again = signed_in(delegate).post(address(appealed.buddy, "decide_appeal"), typed).content.decode()
    assert "decided already" in again


def test_nothing_else_leads_out_of_a_refusal(here, lead, now, appealed, at_prison):
    by = acts(lead, here)
    with at_prison(here):
        for step in (buddy_actions.ask_for_checks, buddy_actions.offer_role, buddy_actions.approve_applicant):
            with pytest.raises(NotAllowed, match="because the record says “Declined”"):
                step(by=by, now=now, buddy=appealed.buddy)


def test_an_upheld_appeal_waits_for_no_second_record(here, lead, deputy, now, appealed, at_prison):
    with at_prison(here):
        build.applied(here, lead, now, person=appealed.buddy.person)
        with pytest.raises(NotAllowed, match="cannot be opened again beside it"):
            decide_appeal(by=acts(deputy, here), now=now, refusal=appealed, upheld=True, reason="Right")


def test_an_appeal_is_made_once_on_a_day_that_can_be(signed_in, here, lead, now, candidate, at_prison):
    with at_prison(here):
        posts.declined(here, lead, now, buddy=candidate)
    client = signed_in(lead)
    typed = {"appealed_on": "2026-11-23", "words": "I was here all the time."}
    for wrong in ({"appealed_on": "2026-11-24"}, {"appealed_on": "2026-11-01"}, {"words": ""}):
        assert client.post(address(candidate, "appeal"), {**typed, **wrong}).status_code == 200
    assert client.post(address(candidate, "appeal"), typed).status_code == 302
    assert "is recorded already" in client.post(address(candidate, "appeal"), typed).content.decode()


def test_who_may(signed_in, here, lead, deputy, delegate, trainer, outsider, appealed, at_prison):
    decide = address(appealed.buddy, "decide_appeal")
    assert signed_in(trainer).get(decide).status_code == 403
    assert signed_in(outsider).get(decide).status_code == 404
    assert signed_in(delegate).get(address(appealed.buddy, "appeal")).status_code == 403
    with at_prison(here):
        assert not appeals_for(here, lead).exists()
        assert appeals_for(here, deputy).count() == appeals_for(here, delegate).count() == 1
    listed = signed_in(delegate).get(reverse("schemes:refusals", args=[here.code]) + "?show=appeals").content.decode()
    assert appealed.buddy.person.prison_number in listed
    assert "Decide about the appeal" in signed_in(delegate).get(address(appealed.buddy, "buddy")).content.decode()


def test_a_record_without_a_refusal_has_no_letter(signed_in, lead, candidate):
    assert signed_in(lead).get(address(candidate, "refusal_letter")).status_code == 404
