"""Departments that a scheme adds: asked about everybody, signing in their own name, counting from a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.accounts.models import LocalDepartment, Membership
from buddyscheme.audit.models import AuditEvent
from referrals.rules.days import Answer, BuddyFact, Needed, Span
from schemes.models import Clearance, Scheme
from schemes.queries.buddies import standing_of
from schemes.queries.renewals import renewals
from tests import cast
from tests.builders import buddies as build
from tests.builders import referrals

pytestmark = pytest.mark.django_db
SIGNED = {"decision": "CLEARED", "expires_on": "2027-11-01", "note": ""}


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scheme(here, lead, now, at_prison):
    with at_prison(here):
        build.scheme_ready(here, lead, now)
    return Scheme.objects.get()


def url(name, *args):
    return reverse(f"schemes:{name}", args=["ZTA", *args])


def add(client, name="Chaplaincy", needed_from="2026-12-21", version=None):
    version = Scheme.objects.get().version if version is None else version
    return client.post(url("scheme_department_add"), {"name": name, "needed_from": needed_from, "version": version})


def sign(client, clearance):
    return client.post(url("clearance", clearance.token), SIGNED)


def test_the_lead_adds_a_department_by_its_name(signed_in, lead, scheme):
    client = signed_in(lead)
    assert add(client).status_code == 302
    scheme.refresh_from_db()
    assert scheme.departments[-1] == "Chaplaincy"
    assert LocalDepartment.objects.get().name == "Chaplaincy"
    page = client.get(url("scheme_departments")).content.decode()
    assert "Chaplaincy" in page and "21 December 2026" in page and "Nobody has an account" in page
    assert "Chaplaincy" in client.get(url("scheme")).content.decode()
    assert AuditEvent.objects.get(code="scheme.department_added").details["department"] == "Chaplaincy"


def test_probation_is_the_one_that_is_known(signed_in, lead, scheme):
    add(signed_in(lead), name="probation")
    scheme.refresh_from_db()
    assert scheme.departments[-1] == "PROBATION"
    assert not LocalDepartment.objects.exists()


@pytest.mark.parametrize(
    ("name", "day", "says"),
    [
        ("security", "2026-12-21", "Security signs clearance here already"),
        ("CHAPLAINCY", "2026-12-21", "signs clearance here already"),
        ("", "2026-12-21", "Enter the name of the department"),
        ("A/B", "2026-12-21", "Write the name with letters, numbers and spaces"),
        ("A department of a very long name", "2026-12-21", "there is room for 20"),
        ("Education", "2026-11-22", "must be today or later"),
        ("Education", "2028-12-21", "must be on or before"),
    ],
)
def test_rejects_bad_input_and_keeps_what_was_typed(signed_in, lead, scheme, name, day, says):
    client = signed_in(lead)
    add(client)
    answer = add(client, name=name, needed_from=day)
    assert answer.status_code == 200 and says in answer.content.decode()
    assert f'value="{name}"' in answer.content.decode() or not name
    assert LocalDepartment.objects.count() == 1


def test_somebody_else_saved_first(signed_in, lead, scheme):
    version = scheme.version
    add(signed_in(lead))
    answer = add(signed_in(lead), name="Education", version=version)
    assert "Somebody else changed the scheme’s settings" in answer.content.decode()


def test_only_the_lead_may(signed_in, officer, delegate, outsider, scheme):
    for user, status in ((officer, 403), (delegate, 403), (outsider, 404)):
        assert add(signed_in(user)).status_code == status
        assert signed_in(user).get(url("scheme_departments")).status_code == status


def test_an_applicant_is_not_skipped_and_a_buddy_has_time(signed_in, here, lead, wing, scheme, now, at_prison):
    with at_prison(here):
        applicant = build.in_checks(here, lead, now, wing=wing)
        active = build.active_buddy(here, lead, now, wing=wing)
    assert add(signed_in(lead)).status_code == 302
    asked = Clearance.objects.filter(department="Chaplaincy", decision="WAITING")
    assert {row.buddy_id for row in asked} == {applicant.pk, active.pk}
    with at_prison(here):
        for clearance in Clearance.objects.filter(buddy=applicant).exclude(department="Chaplaincy"):
            build.signed(clearance, lead, now)
        assert build.fresh(applicant).status == "CHECKS", "the new department is waited for"
        build.signed(asked.get(buddy=applicant), lead, now)
        assert build.fresh(applicant).status == "INTERVIEW"
        last_day = now.date() + timedelta(days=27)
        assert standing_of(active, last_day).cleared
        assert not standing_of(active, last_day + timedelta(days=1)).cleared
        line = next(line for line in renewals(here, now.date()) if line.buddy.pk == active.pk)
        assert (line.department, line.due, line.asked) == ("Chaplaincy", "MISSING", True)


def test_visits_wait_for_the_day_on_which_it_counts(now):
    day = now.date()
    buddy = BuddyFact(
        id=1,
        steps=((now - timedelta(days=1), "ACTIVE"),),
        departments=(Needed(department="SECURITY"), Needed(department="Chaplaincy", since=day)),
        answers=(
            Answer(
                department="SECURITY",
                signed_at=now - timedelta(days=2),
                cleared=True,
                expires_on=day + timedelta(days=9),
            ),
        ),
        here=(Span(start=now - timedelta(days=9)),),
    )
    assert buddy.may_visit(day - timedelta(days=1), now)
    assert not buddy.may_visit(day, now)


def test_the_administrator_gives_the_department_a_signatory_who_signs_in_its_name(
    signed_in, here, lead, admin, wing, scheme, now, at_prison
):
    add(signed_in(lead))
    role = {
        "email": "chaplain@example.test",
        "name": "Cara Chaplain",
        "role": "SIGNATORY",
        "department": "",
        "starts_on": "2026-11-23",
        "ends_on": "",
    }
    give = reverse("accounts:give_role", args=[here.code])
    assert "Select the department that this person signs for" in signed_in(admin).post(give, role).content.decode()
    assert "Chaplaincy" in signed_in(admin).get(give).content.decode()
    assert signed_in(admin).post(give, role | {"department": "Chaplaincy"}).status_code == 302
    chaplain = Membership.objects.get(role="SIGNATORY").user
    with at_prison(here):
        buddy = build.in_checks(here, lead, now, wing=wing)
    own = Clearance.objects.get(buddy=buddy, department="Chaplaincy")
    security = Clearance.objects.get(buddy=buddy, department="SECURITY")
    assert sign(signed_in(chaplain), own).status_code == 302
    own.refresh_from_db()
    assert (own.decision, own.signed_by_id) == ("CLEARED", chaplain.pk)
    assert sign(signed_in(chaplain), security).status_code == 404
    page = signed_in(lead).get(url("buddy", buddy.token)).content.decode()
    assert "Cara Chaplain" in page
    assert "Cara Chaplain signs for Chaplaincy here" in (
        signed_in(lead)
        .post(
            url("paper", buddy.token, "Chaplaincy"),
            {"decision": "12", "decided_on": "2026-11-20", "written_by": "A Chaplain"},
        )
        .content.decode()
    )


def test_the_four_cannot_be_taken_out_others_can(signed_in, here, lead, wing, scheme, now, at_prison):
    client = signed_in(lead)
    add(client)
    with at_prison(here):
        buddy = build.in_checks(here, lead, now, wing=wing)
        for clearance in Clearance.objects.filter(buddy=buddy).exclude(department="Chaplaincy"):
            build.signed(clearance, lead, now)
    version = {"version": Scheme.objects.get().version}
    answer = client.post(url("scheme_department_end", "SECURITY"), version)
    assert "signs clearance at every prison" in answer.content.decode()
    assert client.post(url("scheme_department_end", "Chaplaincy"), version).status_code == 302
    scheme.refresh_from_db()
    assert "Chaplaincy" not in scheme.departments
    assert LocalDepartment.objects.get().ended_by_id == lead.pk
    assert build.fresh(buddy).status == "INTERVIEW", "whoever waited for it alone goes on"
    assert client.get(url("scheme_department_end", "Chaplaincy")).status_code == 404


def test_what_is_usual_is_offered_to_the_signer_and_to_paper(
    signed_in, here, lead, security, wing, scheme, now, at_prison
):
    client = signed_in(lead)
    months = {"months": "6", "version": scheme.version}
    assert client.post(url("scheme_clearance"), months | {"months": "61"}).status_code == 200
    assert client.post(url("scheme_clearance"), months).status_code == 302
    with at_prison(here):
        buddy = build.in_checks(here, lead, now, wing=wing)
    page = signed_in(security).get(url("clearance", Clearance.objects.get(department="SECURITY").token))
    assert page.context["form"]["expires_on"].initial == now.date().replace(year=2027, month=5)
    paper = {"decision": "6", "decided_on": "2026-08-31", "written_by": "Hana Head, head of healthcare"}
    assert client.post(url("paper", buddy.token, "HEALTHCARE"), paper).status_code == 302
    entered = Clearance.objects.get(buddy=buddy, department="HEALTHCARE")
    assert (entered.paper_kind, entered.paper_by) == ("PAPER", "Hana Head, head of healthcare")
    assert entered.expires_on.isoformat() == "2027-02-28", "the last day of a shorter month"
    assert "Paper by Hana Head, head of healthcare, dated 31 August 2026" in (
        client.get(url("buddy", buddy.token)).content.decode()
    )


def test_an_e_mail_is_known_by_its_address(signed_in, here, lead, wing, scheme, now, at_prison):
    with at_prison(here):
        buddy = build.in_checks(here, lead, now, wing=wing)
    page = url("paper", buddy.token, "HEALTHCARE")
    mail = {"decision": "REFUSED", "decided_on": "2026-11-20", "written_by": "hana@health.example.test"}
    answer = signed_in(lead).post(page, mail | {"written_by": ""})
    assert "Enter who wrote the e-mail or paper" in answer.content.decode()
    assert signed_in(lead).post(page, mail).status_code == 302
    entered = Clearance.objects.get(buddy=buddy, department="HEALTHCARE")
    assert (entered.decision, entered.paper_kind, entered.expires_on) == ("REFUSED", "EMAIL", None)


def test_nobody_clears_a_person_whom_they_referred(signed_in, here, lead, healthcare, wing, now, at_prison):
    with at_prison(here):
        buddy = build.in_checks(here, lead, now, wing=wing)
        referrals.referral_of(buddy.person, healthcare, now)
    own = Clearance.objects.get(buddy=buddy, department="HEALTHCARE")
    answer = sign(signed_in(healthcare), own)
    assert answer.status_code == 200 and "You referred this person for help" in answer.content.decode()
    own.refresh_from_db()
    assert own.decision == "WAITING"
    colleague = cast.make_staff("Hal Health", "HEALTHCARE", here)
    assert sign(signed_in(colleague), own).status_code == 302


def test_the_list_of_renewals_by_department(signed_in, here, lead, wing, now, at_prison, delegate, officer):
    with at_prison(here):
        buddy = build.active_buddy(here, lead, now, wing=wing)
        Clearance.objects.filter(buddy=buddy, department="SECURITY").update(expires_on=now.date() + timedelta(days=28))
        Clearance.objects.filter(buddy=buddy, department="HEALTHCARE").update(
            decided_on=now.date() - timedelta(days=90), expires_on=now.date() - timedelta(days=1)
        )
        Clearance.objects.filter(buddy=buddy, department="SAFER_CUSTODY").update(
            expires_on=now.date() + timedelta(days=29)
        )
    client = signed_in(lead)
    page = " ".join(client.get(url("renewals")).content.decode().split())
    assert "Showing 1 to 2 of 2" in page and "Overdue" in page and "Due in 28 days" in page
    one = client.get(url("renewals"), {"department": "SECURITY"}).content.decode()
    assert "21\u00a0Dec\u00a02026" in one and "22\u00a0Nov\u00a02026" not in one
    late = " ".join(client.get(url("renewals"), {"state": "OVERDUE"}).content.decode().split())
    assert "Showing 1 to 1 of 1" in late and "22 Nov 2026" in late
    assert signed_in(delegate).get(url("renewals")).status_code == 200
    assert signed_in(officer).get(url("renewals")).status_code == 403
