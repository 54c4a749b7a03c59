"""Where a signed-in user starts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from buddyscheme.accounts.models import Membership, User
from monitoring.actions.inspections import end_inspection, open_inspection
from tests.builders.visits import helped
from tests.cast import PASSWORD, SINCE, acts, make_prison, make_staff


def test_somebody_of_one_prison_goes_there(lead, signed_in) -> None:
    answer = signed_in(lead).get(reverse("home"))
    assert answer.status_code == 302 and answer["Location"] == reverse("home:prison", args=["ZTA"]) == "/prisons/ZTA/"


def test_somebody_of_several_prisons_chooses(lead, elsewhere, signed_in) -> None:
    Membership.objects.create(user=lead, prison=elsewhere, role="OFFICER", starts_on=SINCE)
    page = signed_in(lead).get("/").content.decode()
    assert "/prisons/ZTA/" in page and "/prisons/ZTB/" in page and "Wing officer" in page


def test_national_roles_go_to_the_releases(inspector, signed_in) -> None:
    answer = signed_in(inspector).get("/")
    assert answer.status_code == 302 and answer["Location"].startswith("/national/")
    assert signed_in(inspector).get(answer["Location"]).status_code == 200


def test_a_national_role_beside_a_prison_is_offered_too(lead, signed_in) -> None:
    Membership.objects.create(user=lead, prison=None, role="NATIONAL_LEAD", starts_on=SINCE)
    page = signed_in(lead).get("/").content.decode()
    assert "/national/" in page and "/prisons/ZTA/" in page


def test_somebody_without_a_role_is_told_whom_to_ask(db, signed_in) -> None:
    user = User.objects.create_user("new@example.test", PASSWORD, name="Nell New", is_demo=True)
    page = signed_in(user).get("/").content.decode()
    assert "You have no role here yet" in page and "new@example.test" in page


def test_a_role_that_has_ended_opens_nothing(lead, signed_in) -> None:
    Membership.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "You have no role here yet" in signed_in(lead).get("/").content.decode()
    assert signed_in(lead).get("/prisons/ZTA/").status_code == 404


def test_nobody_signed_in_goes_to_sign_in(here, client) -> None:
    for address in ("/", "/prisons/ZTA/"):
        answer = client.get(address)
        assert answer.status_code == 302 and "/account/login/" in answer["Location"]


def test_another_prisons_home_is_not_there(outsider, inspector, lead, signed_in) -> None:
    assert signed_in(outsider).get("/prisons/ZTA/").status_code == 404
    assert signed_in(inspector).get("/prisons/ZTA/").status_code == 404
    assert signed_in(lead).get("/prisons/XXX/").status_code == 404


def test_a_prison_that_is_not_switched_on_says_so(db, signed_in) -> None:
    off = make_prison("ZTD", "Sleepyhollow", switched_on=False)
    make_staff("Ada Min", "ADMIN", off)
    page = signed_in(make_staff("Ola Off", "LEAD", off)).get("/prisons/ZTD/").content.decode()
    assert "not switched on at Sleepyhollow yet" in page and "Ada Min" in page
    assert "/prisons/ZTD/referrals/" not in page


def test_the_administrator_of_such_a_prison_is_shown_what_opens_already(db, signed_in) -> None:
    off = make_prison("ZTD", "Sleepyhollow", switched_on=False)
    page = signed_in(make_staff("Ada Min", "ADMIN", off)).get("/prisons/ZTD/").content.decode()
    assert "Staff and their roles" in page and "ask the national lead" in page
    assert "/prisons/ZTD/terminals/" not in page


def test_the_lead_is_asked_to_set_the_scheme_up(lead, signed_in) -> None:
    page = signed_in(lead).get("/prisons/ZTA/").content.decode()
    assert "The scheme is not open yet" in page and "/prisons/ZTA/scheme/" in page


@pytest.mark.parametrize("who", ["officer", "trainer", "council", "delegate"])
def test_others_are_not_asked_to(who, request, signed_in) -> None:
    page = signed_in(request.getfixturevalue(who)).get("/prisons/ZTA/").content.decode()
    assert "The scheme is not open yet" not in page


def test_the_navigation_marks_home_and_breadcrumbs_lead_to_the_prison(lead, signed_in) -> None:
    browser = signed_in(lead)
    home = browser.get("/prisons/ZTA/").context["navigation"]
    assert [link["text"] for link in home if link["current"]] == ["Home"]
    assert browser.get("/prisons/ZTA/people/").context["home_url"] == "/prisons/ZTA/"


def test_a_page_about_the_outcomes_of_a_plan_is_not_marked_as_plans(here, lead, now, signed_in, at_prison) -> None:
    with at_prison(here):
        plan, _, _ = helped(here, lead, now)
    browser = signed_in(lead)

    def marked(address: str) -> list[str]:
        return [link["text"] for link in browser.get(address).context["navigation"] if link["current"]]

    assert marked(reverse("referrals:plan", args=["ZTA", plan.token])) == ["Plans"]
    assert marked(reverse("monitoring:outcomes_of_plan", args=["ZTA", plan.token])) == []
    assert marked("/prisons/ZTA/figures/quarters/2026-Q3/") == ["Figures"]


@pytest.fixture
def inspection(here, inspector, national_lead, now):
    return open_inspection(
        by=acts(national_lead), now=now, prison=here, inspector=inspector, reference="HMIP 2026/117",
        first_on=now.date(), last_on=now.date() + timedelta(days=4),
    )  # fmt: skip


NOTICE = "An inspection on site is open"


def test_the_lead_is_told_who_has_the_figures_open_until_when_and_under_which_reference(
    inspection, lead, inspector, now, signed_in
) -> None:
    with time_machine.travel(now, tick=False):
        page = signed_in(lead).get("/prisons/ZTA/").content.decode()
    assert NOTICE in page and "/prisons/ZTA/inspections/" in page
    assert f"{inspector.name} may see exact figures" in page
    assert "from 23 November 2026 to 27 November 2026" in page and "HMIP 2026/117" in page


def test_the_notice_goes_with_the_last_day_and_when_the_inspection_is_ended(
    inspection, lead, national_lead, now, signed_in
) -> None:
    with time_machine.travel(now + timedelta(days=5), tick=False):
        assert NOTICE not in signed_in(lead).get("/prisons/ZTA/").content.decode()
    end_inspection(by=acts(national_lead), now=now, inspection=inspection)
    with time_machine.travel(now, tick=False):
        assert NOTICE not in signed_in(lead).get("/prisons/ZTA/").content.decode()


def test_the_notice_is_for_those_who_see_the_figures_and_for_no_other_prison(
    inspection, officer, outsider, now, signed_in
) -> None:
    with time_machine.travel(now, tick=False):
        assert NOTICE not in signed_in(officer).get("/prisons/ZTA/").content.decode()
        assert NOTICE not in signed_in(outsider).get("/prisons/ZTB/").content.decode()
