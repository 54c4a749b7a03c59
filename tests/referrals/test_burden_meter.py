"""The burden meter: what a task took, from its first page to the save, without anybody's name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from referrals.burden import TASKS, count_answers
from referrals.devices import device_cookie
from referrals.models import TaskUse
from referrals.queries.burden import uses
from referrals.views.burden import in_minutes
from tests.builders.schemes import person_in
from tests.builders.terminal import terminal_on
from tests.cast import PASSWORD
from tests.referrals.test_make_referral import ANSWERS

pytestmark = pytest.mark.django_db
WORRY = {
    "kind": "WORRY", "words": "He has not eaten for two days.", "happened_on-day": "22", "happened_on-month": "11",
    "happened_on-year": "2026", "form_key": "one",
}  # fmt: skip


@pytest.fixture
def raise_one(here, lead, wing, now, at_prison, at, signed_in, clock):
    """Opens the form, waits, and sends it."""
    with at_prison(here):
        person = person_in(here, lead, now, wing=wing)

    def go(user, seconds, *, again=False, **answers):
        client = signed_in(user)
        url = at("concern_add")
        client.get(url)
        clock.shift(timedelta(seconds=seconds))
        posted = {**WORRY, "prison_number": person.prison_number, **answers}
        answer = client.post(url, posted)
        if again:
            client.post(url, posted)
        return answer

    return go


def test_the_three_boxes_of_a_date_and_several_ticks_are_one_answer():
    posted = QueryDict("kind=A&day-day=1&day-month=2&day-year=2026&tick=a&tick=b&left=&form_key=x&version=2&warned=1")
    assert count_answers(posted) == 3


def test_a_save_is_measured_once_and_names_nobody(raise_one, officer, here):
    assert raise_one(officer, 75, again=True).status_code == 302
    use = TaskUse.objects.get()
    assert (use.prison, use.task, use.role, use.inputs, use.seconds) == (here, "CONCERN", "OFFICER", 4, 75)
    assert use.used_on == date(2026, 11, 23)
    assert {field.name for field in TaskUse._meta.get_fields()} == {
        "id", "prison", "task", "role", "inputs", "seconds", "used_on",
    }  # fmt: skip


def test_a_refused_form_is_measured_when_it_is_saved(raise_one, officer, at, signed_in):
    answer = raise_one(officer, 30, words="")
    assert answer.status_code == 200 and not TaskUse.objects.exists()


def test_from_the_first_page_to_the_last_of_several(here, lead, officer, wing, now, at_prison, at, signed_in, clock):
    with at_prison(here):
        person = person_in(here, lead, now, wing=wing)
    client = signed_in(officer)
    client.get(at("refer"))
    clock.shift(timedelta(seconds=20))
    client.post(at("refer"), {"prison_number": person.prison_number})
    client.get(at("refer_questions"))
    clock.shift(timedelta(seconds=40))
    # The last page without the answers of the one before leads back to the first: nothing was saved.
    client.post(at("refer_answers"), {})
    assert not TaskUse.objects.exists()
    client.post(at("refer"), {"prison_number": person.prison_number})
    client.post(at("refer_questions"), ANSWERS)
    client.get(at("refer_answers"))
    clock.shift(timedelta(seconds=5))
    client.post(at("refer_answers"), {})
    use = TaskUse.objects.get()
    # The number, which was asked twice here, and every question of the second page.
    assert (use.task, use.inputs, use.seconds) == ("REFER", 2 + len(ANSWERS), 65)


def test_a_page_that_was_left_for_long_is_not_counted(raise_one, officer):
    raise_one(officer, 1801)
    assert not TaskUse.objects.exists()


def test_opening_a_terminal_is_measured_from_the_last_look_at_the_list(
    signed_in, officer, admin, here, wing, now, at_prison, at, clock
):
    with at_prison(here):
        terminal, _ = terminal_on(wing, admin, now)
    client = signed_in(officer)
    client.get(at("windows"))
    clock.shift(timedelta(minutes=4))
    client.get(at("windows"))
    clock.shift(timedelta(seconds=9))
    client.post(at("window_open", terminal.token), {"minutes": "30", "factor": PASSWORD, "form_key": "one"})
    opened = TaskUse.objects.get()
    assert (opened.task, opened.role, opened.seconds) == ("WINDOW", "OFFICER", 9)


def test_so_is_opening_the_one_that_the_officer_sits_at_which_signs_them_out(
    signed_in, officer, admin, here, wing, now, at_prison, at, clock
):
    with at_prison(here):
        terminal, key = terminal_on(wing, admin, now)
    client = signed_in(officer)
    client.cookies[device_cookie()] = key
    client.get(at("windows"))
    clock.shift(timedelta(seconds=9))
    answer = client.post(at("window_open", terminal.token), {"minutes": "30", "factor": PASSWORD, "form_key": "one"})
    assert answer["Location"].endswith("/terminal/")
    assert TaskUse.objects.get().task == "WINDOW"
    assert not client.cookies["sessionid"].value, "nothing of the officer's session is left on the machine"


def use(here, **fields):
    values = {"task": "SCREEN", "role": "LEAD", "inputs": 3, "seconds": 60, "used_on": date(2026, 11, 20)}
    return TaskUse.objects.create(prison=here, **{**values, **fields})


def test_medians_by_hand(here, elsewhere):
    for seconds, inputs in ((10, 1), (20, 2), (90, 3), (400, 3)):
        use(here, seconds=seconds, inputs=inputs)
    use(here, role="DEPUTY_LEAD", seconds=33)
    use(here, seconds=9999, used_on=date(2026, 8, 24))
    use(elsewhere, seconds=9999)
    found = uses(here, date(2026, 11, 23))["SCREEN"]
    assert [(one.role, one.times, one.inputs, one.seconds) for one in found] == [
        ("DEPUTY_LEAD", 1, 3, 33), ("LEAD", 4, 2.5, 55),
    ]  # fmt: skip
    said = [in_minutes(seconds) for seconds in (55, 60, 125.4)]
    assert said == ["55\u00a0s", "1\u00a0min", "2\u00a0min 5\u00a0s"]


def test_the_page_says_where_there_was_no_use(signed_in, lead, here, at, clock, at_prison):
    client = signed_in(lead)
    page = client.get(at("burden")).content.decode()
    assert page.count("No use yet") == len(TASKS)
    with at_prison(here):
        use(here, inputs=4, seconds=80)
    page = client.get(at("burden")).content.decode()
    assert page.count("No use yet") == len(TASKS) - 1
    assert "1\u00a0min 20\u00a0s" in page and "Over what is allowed" in page and "Social care lead" in page


def test_permissions(signed_in, officer, outsider, at):
    assert signed_in(officer).get(at("burden")).status_code == 403
    assert signed_in(outsider).get(at("burden")).status_code == 404
