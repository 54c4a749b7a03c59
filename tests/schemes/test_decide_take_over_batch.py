"""Take-overs that were asked for together: one approval by the governor's delegate, each of them may be refused."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.accounts.models import Membership
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from schemes.actions.take_overs import decide_batch
from schemes.models import Buddy, TakeOver
from tests import cast
from tests.builders import buddies as build
from tests.builders import training

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def batch(here, lead, now, at_prison):
    with at_prison(here):
        return training.taken_over_together(here, lead, now, 3)


def url(batch):
    return reverse("schemes:take_over_batch", args=[batch.prison_id, batch.token])


def test_one_approval_is_for_everybody(signed_in, delegate, batch):
    answer = signed_in(delegate).post(url(batch), {}, follow=True)
    assert "3 approved, 0 refused." in answer.content.decode()
    assert set(batch.take_overs.values_list("decision", "decided_by")) == {("APPROVED", delegate.pk)}
    assert set(Buddy.objects.values_list("status", flat=True)) == {"CHECKS"}, "clearance is not waived"


def test_one_of_them_may_be_refused(signed_in, delegate, batch):
    one = batch.take_overs.order_by("id").first()
    client = signed_in(delegate)
    refused = client.post(url(batch), {"refused": [one.token]})
    assert "Enter the reason for refusing." in refused.content.decode()
    assert not batch.take_overs.exclude(decision="WAITING").exists(), "nothing half done"
    client.post(url(batch), {"refused": [one.token], "reason": "Known to sell vapes"})
    one.refresh_from_db()
    assert (one.decision, one.decision_reason) == ("REFUSED", "Known to sell vapes")
    assert Buddy.objects.get(pk=one.buddy_id).status == "DECLINED"
    assert batch.take_overs.filter(decision="APPROVED").count() == 2


def test_never_by_who_asked_nor_by_the_lead(here, lead, deputy, batch, now, at_prison):
    with at_prison(here):
        with pytest.raises(NotAllowed, match="You asked for this take-over"):
            decide_batch(by=cast.acts(lead, here), now=now, batch=batch)
        asked = training.taken_over_together(here, deputy, now, 1)
        with pytest.raises(NotAllowed, match="lead of the scheme cannot decide"):
            decide_batch(by=cast.acts(lead, here), now=now, batch=asked)
    assert not TakeOver.objects.exclude(decision="WAITING").exists()


def test_whoever_asked_and_holds_both_roles_is_refused_on_the_page(signed_in, here, deputy, lead, now, at_prison):
    with at_prison(here):
        build.scheme_ready(here, lead, now)
        batch = training.taken_over_together(here, deputy, now, 1)
    Membership.objects.create(user=deputy, prison=here, role="GOVERNOR_DELEGATE", starts_on=cast.SINCE)
    page = signed_in(deputy).post(url(batch), {})
    assert "You asked for this take-over, so somebody else has to decide about it." in page.content.decode()
    assert TakeOver.objects.get().decision == "WAITING"


def test_a_list_is_decided_once(signed_in, here, delegate, batch, now, at_prison):
    signed_in(delegate).post(url(batch), {})
    with at_prison(here), pytest.raises(NotAllowed, match="decided already"):
        decide_batch(by=cast.acts(delegate, here), now=now, batch=batch)


def test_a_name_that_is_not_on_the_list_is_refused(here, delegate, batch, now, at_prison):
    with at_prison(here), pytest.raises(NotAllowed, match="Open the page again"):
        decide_batch(by=cast.acts(delegate, here), now=now, batch=batch, refuse={"another"}, reason="No")


def test_the_lead_sees_the_list_and_cannot_decide(signed_in, lead, officer, outsider, batch):
    page = signed_in(lead).get(url(batch))
    assert len(page.context["table"].rows) == 3 and page.context["form"] is None
    signed_in(lead).post(url(batch), {})
    assert not batch.take_overs.exclude(decision="WAITING").exists()
    assert signed_in(officer).get(url(batch)).status_code == 403
    assert signed_in(outsider).get(url(batch)).status_code == 404


def test_the_list_of_take_overs_leads_there(signed_in, here, delegate, batch):
    page = signed_in(delegate).get(reverse("schemes:take_overs", args=[here.code]) + "?decision=WAITING")
    assert {row.href for row in page.context["table"].rows} == {url(batch)}


def test_the_audit_tells_it(signed_in, delegate, batch):
    signed_in(delegate).post(url(batch), {})
    assert AuditEvent.objects.get(code="take_over.batch_decided").details == {"approved": 3, "refused": 0}
    assert AuditEvent.objects.filter(code="take_over.approved").count() == 3
