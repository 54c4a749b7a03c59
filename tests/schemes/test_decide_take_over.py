"""Taking over a buddy who already does the job: asked by the lead, decided by the governor's delegate."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from schemes.actions.take_overs import decide_take_over
from schemes.forms.take_overs import TakeOverForm
from schemes.models import Buddy, Clearance, TakeOver
from schemes.queries.buddies import standing_of, take_overs_waiting
from schemes.rules.take_overs import taken_over_words
from tests import cast
from tests.builders import buddies as build
from tests.builders.schemes import person_in
from training.actions.appointments import appoint

pytestmark = pytest.mark.django_db
NUMBER = "Z1001ZA"
ANSWERS = {
    "prison_number": NUMBER,
    "in_role_since": "2025-03-01",
    "lacks": ["COMPACT", "MODULES"],
    "good_by": "2027-02-21",
    "reason": "Three people rely on him",
}


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def person(here, lead, wing, now, at_prison):
    with at_prison(here):
        build.scheme_ready(here, lead, now)
        return person_in(here, lead, now, NUMBER, wing=wing)


@pytest.fixture
def asked(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.take_over_asked(here, lead, now, wing=wing)


def ask_url(here):
    return reverse("schemes:ask_take_over", args=[here.code])


def url_of(take_over):
    return reverse("schemes:take_over", args=[take_over.prison_id, take_over.token])


def test_asking_works(signed_in, here, lead, person):
    assert signed_in(lead).post(ask_url(here), ANSWERS).status_code == 302
    take_over = TakeOver.objects.get()
    assert (take_over.lacks_compact, take_over.lacks_modules, take_over.good_by) == (True, True, date(2027, 2, 21))
    assert (take_over.buddy.status, take_over.buddy.source) == ("CHECKS", "TAKE_OVER")
    departments = Clearance.objects.filter(buddy=take_over.buddy, decision="WAITING")
    assert departments.count() == 4, "clearance is never waived"


def test_eight_inputs_at_most_and_none_about_clearance_or_keep_apart():
    form = TakeOverForm()
    assert form.count_inputs() <= 8
    assert not any("clear" in name or "apart" in name for name in form.fields)


def test_the_date_offered_is_ninety_days_away(signed_in, here, lead, person):
    page = signed_in(lead).get(ask_url(here)).content.decode()
    assert 'name="good_by-day" type="text" value="21"' in page


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("good_by", "2026-11-23", "must be in the future"),
        ("good_by", "2027-05-23", "must be on or before 22 May 2027"),
        ("in_role_since", "2026-11-24", "must be today or in the past"),
        ("in_role_since", "", "Enter the date since when"),
        ("reason", "", "Enter the reason"),
        ("prison_number", "Z7777ZZ", "Nobody with this prison number is held here now"),
    ],
)
def test_rejects_bad_input(signed_in, here, lead, person, field, typed, says):
    answer = signed_in(lead).post(ask_url(here), {**ANSWERS, field: typed})
    assert answer.status_code == 200 and says in answer.content.decode()
    assert not Buddy.objects.exists()


def test_a_person_who_already_is_a_buddy_here_is_refused(signed_in, here, lead, person):
    signed_in(lead).post(ask_url(here), ANSWERS)
    answer = signed_in(lead).post(ask_url(here), ANSWERS).content.decode()
    assert "already has an open application here" in answer and "Three people rely on him" in answer


def test_the_delegate_approves(signed_in, asked, delegate):
    answer = signed_in(delegate).post(url_of(asked), {"decision": "APPROVE", "reason": ""})
    assert answer.status_code == 302
    asked.refresh_from_db()
    assert (asked.decision, asked.decided_by_id) == ("APPROVED", delegate.pk)
    assert Buddy.objects.get().status == "CHECKS", "clearance is still waited for"


def test_needs_the_permission(signed_in, here, asked, lead, officer, person):
    for user in (lead, officer):
        assert signed_in(user).post(url_of(asked), {"decision": "APPROVE"}).status_code == 403
    assert signed_in(officer).get(ask_url(here)).status_code == 403
    assert signed_in(officer).get(reverse("schemes:take_overs", args=[here.code])).status_code == 403


def test_another_prisons_is_404(signed_in, asked, elsewhere):
    stranger = cast.make_staff("Gus Other", "GOVERNOR_DELEGATE", elsewhere)
    assert signed_in(stranger).post(url_of(asked), {"decision": "APPROVE"}).status_code == 404
    own = reverse("schemes:take_over", args=[elsewhere.code, asked.token])
    assert signed_in(stranger).post(own, {"decision": "APPROVE"}).status_code == 404


def test_who_asked_does_not_decide_whatever_roles_they_hold(signed_in, here, wing, now, at_prison, lead):
    both = cast.make_staff("Bo Both", "DEPUTY_LEAD", here)
    cast.Membership.objects.create(user=both, prison=here, role="GOVERNOR_DELEGATE", starts_on=cast.SINCE)
    with at_prison(here):
        build.scheme_ready(here, lead, now)
        take_over = build.take_over_asked(here, both, now, wing=wing)
    answer = signed_in(both).post(url_of(take_over), {"decision": "APPROVE"})
    assert "somebody else has to decide" in answer.content.decode()


def test_the_lead_of_the_scheme_does_not_decide(signed_in, here, deputy, lead, wing, now, at_prison):
    cast.Membership.objects.create(user=lead, prison=here, role="GOVERNOR_DELEGATE", starts_on=cast.SINCE)
    with at_prison(here):
        build.scheme_ready(here, lead, now)
        take_over = build.take_over_asked(here, deputy, now, wing=wing)
    answer = signed_in(lead).post(url_of(take_over), {"decision": "APPROVE"})
    assert "The lead of the scheme cannot decide" in answer.content.decode()


def test_a_refusal_needs_a_reason_and_closes_the_record(signed_in, asked, delegate):
    client = signed_in(delegate)
    assert "Enter the reason" in client.post(url_of(asked), {"decision": "REFUSE", "reason": ""}).content.decode()
    assert client.post(url_of(asked), {"decision": "REFUSE", "reason": "Not safe"}).status_code == 302
    assert Buddy.objects.get().status == "DECLINED"
    answer = client.post(url_of(asked), {"decision": "APPROVE"})
    assert TakeOver.objects.get().decision == "REFUSED" and answer.status_code == 200


def test_once_approved_and_cleared_the_lead_starts_the_buddy(signed_in, here, lead, delegate, asked, now, at_prison):
    with at_prison(here):
        buddy = build.cleared(asked.buddy, lead, now)
        assert buddy.status == "CHECKS", "not before the approval"
        decide_take_over(by=cast.acts(delegate, here), now=now, take_over=asked, approve=True)
        assert build.fresh(buddy).status == "IN_TRAINING"
    url = reverse("training:appoint", args=[here.code, buddy.token])
    assert signed_in(lead).post(url, {"started_on": "2026-11-23"}).status_code == 302
    page = signed_in(lead).get(reverse("schemes:buddy", args=[here.code, buddy.token])).content.decode()
    assert "Taken over: compact and modules to be made good by 21 February 2027, approved by Gil Governor." in page


def test_without_clearance_no_approval_helps(here, lead, delegate, asked, now, at_prison):
    with at_prison(here):
        decide_take_over(by=cast.acts(delegate, here), now=now, take_over=asked, approve=True)
        with pytest.raises(NotAllowed, match="clearance by Security, clearance by Healthcare"):
            appoint(by=cast.acts(lead, here), now=now, buddy=asked.buddy, started_on=now.date())


def test_the_waiver_ends_with_its_day(here, lead, delegate, wing, now, at_prison):
    with at_prison(here):
        buddy = build.taken_over(here, lead, delegate, now, wing=wing)
        last = now.date() + timedelta(days=90)
        assert standing_of(buddy, last).compact_holds and standing_of(buddy, last).modules_waived
        after = standing_of(buddy, last + timedelta(days=1))
    assert not after.compact_holds and not after.modules_waived and after.compact == "MISSING"


def test_the_words():
    facts = {"good_by": date(2027, 2, 21), "approved_by": "Gil Governor", "today": date(2026, 11, 23)}
    assert taken_over_words(compact=True, modules=True, how_many=3, **facts) == (
        "Taken over: compact and 3 modules to be made good by 21 February 2027, approved by Gil Governor."
    )
    assert "1 module to" in taken_over_words(compact=False, modules=True, how_many=1, **facts)
    assert "nothing is left" in taken_over_words(compact=False, modules=True, how_many=0, **facts)
    late = {**facts, "today": date(2027, 2, 22)}
    assert "should have been made good by" in taken_over_words(compact=True, modules=False, **late)


def test_leaves_the_audit_events(signed_in, asked, lead, delegate):
    signed_in(delegate).post(url_of(asked), {"decision": "APPROVE"})
    codes = dict(AuditEvent.objects.filter(code__startswith="take_over").values_list("code", "actor_id"))
    assert codes == {"take_over.asked": lead.pk, "take_over.approved": delegate.pk}


def test_the_list_and_what_waits(signed_in, here, asked, delegate, at_prison):
    url = reverse("schemes:take_overs", args=[here.code])
    assert "Waiting for approval" in signed_in(delegate).get(url).content.decode()
    with at_prison(here):
        assert list(take_overs_waiting(here)) == [asked]
    signed_in(delegate).post(url_of(asked), {"decision": "APPROVE"})
    assert "Nothing matches the filters" in signed_in(delegate).get(url + "?decision=WAITING").content.decode()
    assert asked.token in signed_in(delegate).get(url + "?decision=APPROVED").content.decode()


def test_the_database_refuses_ones_own_approval(asked):
    own = "decision = 'APPROVED', decided_at = now(), decided_by_id = asked_by_id"
    refused = pytest.raises(IntegrityError, match="take_over_second_person")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE schemes_takeover SET {own} WHERE id = %s", [asked.pk])
