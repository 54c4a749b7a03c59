"""A risk of self-harm told by staff or a partner: at once on every staff page, until somebody takes it by name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.danger import acknowledge_danger
from referrals.models import Concern, DangerCall
from tests.builders.schemes import person_in
from tests.builders.terminal import concern_by
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
BANNER = "Somebody may hurt themselves: nobody has acknowledged it"
PARTNERS = [("council", "PARTNER"), ("healthcare", "PARTNER"), ("officer", "STAFF")]


@pytest.fixture
def person(here, wing, lead, now, at_prison):
    with at_prison(here):
        return person_in(here, lead, now, wing=wing, first_name="Canary")


@pytest.mark.parametrize(("role", "source"), PARTNERS)
def test_it_is_on_every_staff_page_at_once_without_a_name(
    role, source, request, here, officer, outsider, person, at, signed_in
) -> None:
    user = request.getfixturevalue(role)
    answer = {"kind": "SELF_HARM", "words": "canarywords", "happened_on": "2026-11-23"}
    assert signed_in(user).post(f"{at('concern_add')}?about={person.token}", answer).status_code == 302
    assert Concern.objects.get().source == source
    for page in (f"/prisons/{here.code}/", at("windows"), at("concern_sent")):
        text = signed_in(officer).get(page).content.decode()
        assert BANNER in text and "canarywords" not in text and "Canary" not in text
    assert BANNER not in signed_in(outsider).get("/prisons/ZTB/").content.decode()


def test_somebody_has_it_by_name_and_it_leaves_the_screens(
    here, wing, officer, lead, council, person, at, signed_in, now, at_prison
) -> None:
    with at_prison(here):
        concern = concern_by(officer, here, now, kind="SELF_HARM", about_person=person)
        call = DangerCall.objects.get(concern=concern)
    page, browser = at("danger_call", call.token), signed_in(officer)
    assert page in browser.get(f"/prisons/{here.code}/").content.decode()
    text = browser.get(page).content.decode()
    assert person.full_name in text and person.prison_number in text and "canteen" not in text
    assert wing.name in text and "Told by staff or a partner" in text
    assert AuditEvent.objects.filter(code="viewed", actor_id=officer.pk, person_id=person.pk).exists()
    assert signed_in(council).get(page).status_code == 403, "who meets prisoners here goes to them"
    assert browser.post(page).status_code == 302
    call.refresh_from_db()
    concern.refresh_from_db()
    assert (call.acknowledged_by, call.acknowledged_at, concern.status) == (officer, now, "NEW")
    assert BANNER not in signed_in(lead).get(f"/prisons/{here.code}/").content.decode()
    with at_prison(here), pytest.raises(NotAllowed, match="acknowledged this already"):
        acknowledge_danger(by=acts(lead, here), now=now, call=call)
    text = signed_in(lead).get(at("concern", concern.token)).content.decode()
    assert "Danger acknowledged" in text and officer.name in text


def test_after_five_minutes_it_is_with_the_duty_governor(
    here, officer, duty, person, at, signed_in, now, at_prison
) -> None:
    with at_prison(here):
        concern_by(officer, here, now - timedelta(minutes=5), kind="SELF_HARM", about_person=person)
    assert "Over 5 minutes" in signed_in(duty).get(at("danger")).content.decode()


def test_needs_the_permission_another_prison_s_is_404_and_nobody_named(
    here, officer, outsider, dpo, lead, safeguarding, at, signed_in, now, at_prison
) -> None:
    with at_prison(here):
        concern = concern_by(safeguarding, here, now, kind="SELF_HARM", about_staff=officer)
        page = at("danger_call", DangerCall.objects.get(concern=concern).token)
        concern_by(safeguarding, here, now)
        assert DangerCall.objects.count() == 1, "a worry is no danger"
    assert signed_in(dpo).get(page).status_code == 403
    assert signed_in(outsider).get(page).status_code == 404
    assert signed_in(officer).get(page).status_code == 404
    assert BANNER not in signed_in(officer).get(f"/prisons/{here.code}/").content.decode()
    everybody = signed_in(dpo).get(f"/prisons/{here.code}/").content.decode()
    assert BANNER in everybody and page not in everybody, "at once to all staff, but not for everybody to take"
    assert BANNER in signed_in(lead).get(f"/prisons/{here.code}/").content.decode()


def test_a_partner_sees_the_state_of_their_own_and_the_ways_outside(
    here, council, healthcare, lead, now, at_prison, at, signed_in
) -> None:
    with at_prison(here):
        concern = concern_by(council, here, now, source="PARTNER", words="canarywords")
        other = concern_by(healthcare, here, now, source="PARTNER")
    text = signed_in(council).get(at("concerns_raised")).content.decode()
    assert concern.reference in text and "Not yet" in text and other.reference not in text
    assert "canarywords" not in text
    assert "Independent Monitoring Board" in text and "Ombudsman" in text
    assert "Independent Monitoring Board" in signed_in(lead).get(at("concern", concern.token)).content.decode()
    assert "Independent Monitoring Board" in signed_in(council).get(at("concern_sent")).content.decode()
    assert signed_in(council).get(at("concern", concern.token)).status_code == 403
