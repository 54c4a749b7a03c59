"""Danger: what to do first, whether an officer knows, and on every staff page until somebody has it by name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from referrals.models import Concern, DangerCall, Visit
from referrals.terminal.forms import KINDS
from tests.builders import terminal
from tests.cast import make_staff
from tests.terminal.test_log_visit import hidden, tap
from tests.terminal.test_tell_staff import own_address

# Its place among the choices.
FALL = list(KINDS).index("5")
BANNER = "nobody has acknowledged it"


@pytest.fixture
def told(scene):
    with scene.at_prison(scene.prison):
        return terminal.danger_told(scene.window, scene.person, scene.now)


def say(client, choice: str, told: str, key: str = "k"):
    return client.post(own_address(), {"t": choice, "o": told, "key": key})


def test_three_taps_tell_of_a_fall_and_that_nobody_knows(scene) -> None:
    client = scene.inside()
    address = tap(client, own_address(), FALL)
    page = client.get(address).content.decode()
    assert "Press the bell. Tell an officer. Do not lift." in page and "Have you told one?" in page
    assert "#bell" in page and "#no_lifting" in page and "<textarea" not in page
    not_yet = page.split("data-saves")[2].split("</form>")[0]
    assert "Not yet" in not_yet and 'name="o" value="2"' in not_yet
    assert say(client, "5", "2")["Location"] == "/terminal/thanks/"
    call = DangerCall.objects.get()
    assert (call.kind, call.told, call.place) == ("FALL", "NOT_YET", scene.terminal.name)
    assert (call.concern, call.window, call.acknowledged_at) == (Concern.objects.get(), scene.window, None)


def test_without_an_answer_nothing_is_saved_and_the_question_stays(scene) -> None:
    client = scene.inside()
    response = client.post(own_address(), {"t": "6", "key": "k"})
    assert response.status_code == 200 and "Have you told one?" in response.content.decode()
    assert not Concern.objects.exists() and not DangerCall.objects.exists()


def test_at_the_end_of_a_visit_the_visit_is_saved_too(scene) -> None:
    client = scene.inside()
    visit = f"/terminal/visit/{scene.planned.token}/"
    address = tap(client, tap(client, tap(client, visit, 0), 1), FALL)
    assert client.post(visit, hidden(client.get(address)))["Location"] == "/terminal/thanks/"
    assert Concern.objects.get().visit == Visit.objects.get()
    assert DangerCall.objects.get().told == "YES"


def test_misuse_11_a_double_tap_is_one_call(scene) -> None:
    client = scene.inside()
    for _ in range(3):
        say(client, "5", "2", key="same")
    assert DangerCall.objects.count() == Concern.objects.count() == 1


def test_not_yet_stays_on_every_staff_page_of_that_prison_without_names(scene, told, signed_in, lead, admin) -> None:
    pages = {
        lead: ("", "referrals/", "plans/", "windows/", "concerns/add/", "visits/"),
        scene.officer: ("", "today/", "windows/", "people/"),
        admin: ("", "staff/", "wings/"),
    }
    for user, addresses in pages.items():
        client = signed_in(user)
        for address in addresses:
            page = client.get(f"/prisons/{scene.prison.code}/{address}").content.decode()
            assert f"A fall: {BANNER}" in page, address
            assert "23 November, 10:00. No officer had been told." in page
            banner = page.split("app-danger")[1].split("moj-alert__content")[1].split("</div>")[0]
            for person in (scene.person, scene.recipient):
                assert person.first_name not in banner and person.last_name not in banner
    # Whoever meets nobody on a wing sees it, and is not asked to go.
    assert "Say that you have it" not in signed_in(admin).get(f"/prisons/{scene.prison.code}/").content.decode()


def test_a_page_that_is_refused_shows_it_too(scene, told, signed_in, admin) -> None:
    response = signed_in(admin).get(f"/prisons/{scene.prison.code}/concerns/")
    assert response.status_code == 403 and BANNER in response.content.decode()


def test_another_prison_sees_nothing(scene, told, elsewhere, signed_in) -> None:
    outsider = make_staff("Otto Outside", "LEAD", elsewhere)
    client = signed_in(outsider)
    assert BANNER not in client.get(f"/prisons/{elsewhere.code}/").content.decode()
    assert client.get(f"/prisons/{scene.prison.code}/danger/{told.token}/").status_code == 404
    assert client.get(f"/prisons/{elsewhere.code}/danger/{told.token}/").status_code == 404


def test_somebody_acknowledges_it_by_name_and_it_is_gone(scene, told, signed_in, lead, now) -> None:
    client, page = signed_in(scene.officer), f"/prisons/{scene.prison.code}/danger/{told.token}/"
    assert "I have it" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    told.refresh_from_db()
    assert (told.acknowledged_by, told.acknowledged_at) == (scene.officer, now)
    assert BANNER not in signed_in(lead).get(f"/prisons/{scene.prison.code}/").content.decode()
    listed = signed_in(lead).get(f"/prisons/{scene.prison.code}/danger/").content.decode()
    assert "Acknowledged" in listed and scene.officer.name in listed
    event = AuditEvent.objects.get(code="danger.acknowledged")
    assert (event.actor_kind, event.actor_id) == ("staff", scene.officer.pk)


def test_whoever_meets_prisoners_is_told_whom_to_go_to(scene, signed_in, security) -> None:
    client = scene.inside()
    visit = f"/terminal/visit/{scene.planned.token}/"
    client.post(visit, {"a": "1", "b": "2", "t": "6", "o": "2", "key": "k"})
    page = f"/prisons/{scene.prison.code}/danger/{DangerCall.objects.get().token}/"
    shown = signed_in(scene.officer).get(page).content.decode()
    for person in (scene.recipient, scene.person):
        assert person.full_name in shown and person.prison_number in shown
    seen = AuditEvent.objects.filter(code="viewed", actor_id=scene.officer.pk, person_id=scene.recipient.pk)
    assert seen.exists()
    hidden_from = signed_in(security).get(page).content.decode()
    assert "I have it" in hidden_from and scene.recipient.prison_number not in hidden_from


def test_the_second_one_is_told_that_somebody_has_it(scene, told, signed_in, lead) -> None:
    page = f"/prisons/{scene.prison.code}/danger/{told.token}/"
    signed_in(scene.officer).post(page)
    response = signed_in(lead).post(page)
    assert response.status_code == 200 and "Somebody has acknowledged this already." in response.content.decode()
    told.refresh_from_db()
    assert told.acknowledged_by == scene.officer


def test_needs_the_permission(scene, told, signed_in, council, admin) -> None:
    page = f"/prisons/{scene.prison.code}/danger/{told.token}/"
    for user in (council, admin):
        assert signed_in(user).post(page).status_code == 403
    assert signed_in(scene.officer).get(f"/prisons/{scene.prison.code}/danger/").status_code == 403


@pytest.mark.parametrize(("seconds", "waits"), [(299, 0), (300, 1), (86_400, 1)])
def test_after_five_minutes_the_duty_governor_has_it(scene, told, signed_in, duty, clock, now, seconds, waits) -> None:
    clock.move_to(now + timedelta(seconds=seconds))
    client = signed_in(duty)
    home = client.get(f"/prisons/{scene.prison.code}/").content.decode()
    assert ("Danger that nobody has acknowledged for 5 minutes" in home) and BANNER in home
    late = client.get(f"/prisons/{scene.prison.code}/danger/?show=late")
    assert late.context["page"].paginator.count == waits
    everything = client.get(f"/prisons/{scene.prison.code}/danger/").content.decode()
    assert ("Over 5 minutes</strong>" in everything) is bool(waits)


def test_nobody_in_the_role_leaves_those_who_handle_concerns(
    scene, told, signed_in, lead, safeguarding, delegate
) -> None:
    for user in (lead, safeguarding, delegate):
        assert signed_in(user).get(f"/prisons/{scene.prison.code}/danger/").context["page"].paginator.count == 1


@pytest.mark.parametrize(("kind", "stays"), [("FALL", False), ("SELF_HARM", True)])
def test_told_at_once_is_recorded_and_a_risk_of_self_harm_stays_all_the_same(
    scene, signed_in, lead, duty, kind, stays
) -> None:
    say(scene.inside(), "5" if kind == "FALL" else "6", "1")
    assert DangerCall.objects.get().told == "YES"
    home = signed_in(lead).get(f"/prisons/{scene.prison.code}/").content.decode()
    assert (BANNER in home) is stays
    listed = signed_in(duty).get(f"/prisons/{scene.prison.code}/danger/").content.decode()
    assert "An officer was told" in listed


def test_a_fall_that_an_officer_knew_of_needs_nobody(scene, signed_in) -> None:
    say(scene.inside(), "5", "1")
    page = f"/prisons/{scene.prison.code}/danger/{DangerCall.objects.get().token}/"
    response = signed_in(scene.officer).post(page)
    assert "nothing to acknowledge" in response.content.decode()
    assert DangerCall.objects.get().acknowledged_at is None


def test_it_costs_one_question_whatever_there_is_to_tell(scene, signed_in, lead, now) -> None:
    client, page = signed_in(lead), f"/prisons/{scene.prison.code}/concerns/sent/"

    def asked() -> list[str]:
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        return [query["sql"] for query in captured.captured_queries]

    none = asked()
    with scene.at_prison(scene.prison):
        for _ in range(5):
            terminal.danger_told(scene.window, scene.person, now)
    many = asked()
    assert len(none) == len(many)
    danger = [sql for sql in many if "referrals_dangercall" in sql]
    assert len(danger) == 1 and "JOIN" not in danger[0]


def test_three_stand_on_every_page_and_a_line_says_how_many_more_there_are(scene, signed_in, lead, now) -> None:
    lead, officer = signed_in(lead), signed_in(scene.officer)
    home = f"/prisons/{scene.prison.code}/"

    def told_again(minutes: int) -> None:
        with scene.at_prison(scene.prison):
            terminal.danger_told(scene.window, scene.person, now + timedelta(minutes=minutes))

    for minutes in range(3):
        told_again(minutes)
    three = lead.get(home).content.decode()
    assert three.count(f'aria-label="Danger: A fall: {BANNER}"') == 3 and "that nobody has acknowledged." not in three
    told_again(3)
    four, href = lead.get(home).content.decode(), f"{home}danger/?show=open"
    assert four.count(f'aria-label="Danger: A fall: {BANNER}"') == 3 and "10:02" in four and "10:03" not in four
    assert "And 1 more that nobody has acknowledged." in four and f'href="{href}">See all of them</a>' in four
    assert lead.get(href).context["page"].paginator.count == 4
    # Whoever has no such list is told all the same.
    page = officer.get(home).content.decode()
    assert "And 1 more that nobody has acknowledged." in page and href not in page
    officer.post(f"{home}danger/{DangerCall.objects.earliest('said_at').token}/")
    assert "10:03" in (page := lead.get(home).content.decode()) and "that nobody has acknowledged." not in page


def test_never_on_paper(scene, told, signed_in, lead) -> None:
    page = signed_in(lead).get(reverse("referrals:unlock_list_print", args=[scene.prison.code])).content.decode()
    assert 'app-danger hide-in-print"' in page


def test_leaves_the_audit_event(scene) -> None:
    say(scene.inside(), "5", "2")
    event = AuditEvent.objects.get(code="danger.said")
    assert (event.actor_kind, event.actor_id, event.window_id) == ("person", scene.person.pk, scene.window.pk)
    assert event.details == {"kind": "FALL", "told": "NOT_YET"}
