"""Today's unlock list on the screen and on paper, and the tasks that staff tick."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.cover import tick_staff_task
from referrals.actions.staff_tasks import hand_to_staff
from referrals.models import StaffTick
from referrals.queries.days import uncovered_essential
from schemes.actions.regime import record_lock_down
from tests.builders.directory import alert_on
from tests.builders.referrals import agreed_plan, task_of
from tests.builders.schemes import person_in
from tests.builders.visits import helped, planned_on, visit_of
from tests.cast import acts, make_wing

MEAL_AND_COMPANY = (("DOM-03", tuple(range(7)), "AM", 15), ("SOC-01", tuple(range(7)), "AM", 30))


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def plan(here, wing, lead, now, at_prison):
    """Helped by a buddy."""
    with at_prison(here):
        return helped(here, lead, now, wing=wing, tasks=MEAL_AND_COMPANY, evacuation_plan=True)[0]


@pytest.fixture
def alone(here, wing, lead, now, at_prison, plan):
    """A plan for which nobody comes."""
    with at_prison(here):
        person = person_in(here, lead, now, wing=wing, landing=2, cell="A2-09", last_name="Alone")
        return agreed_plan(here, lead, now, person=person, tasks=MEAL_AND_COMPANY)


def today_url(here, name="unlock_list"):
    return reverse(f"referrals:{name}", args=[here.code])


def tick_url(here, planned, code="DOM-03"):
    return reverse("referrals:staff_tick", args=[here.code, planned.token, code])


def test_counts_come_first_then_who_has_nobody(alone, signed_in, officer, here):
    page = signed_in(officer).get(today_url(here)).content.decode()
    assert "<strong>2</strong> visits" in page and "<strong>1</strong> with nobody to come" in page
    assert page.index("Nobody today") < page.index("Morning, 08:30 to 11:45") < page.index("A wing, landing 1")
    assert "Evacuation plan" in page and "Staff: Collect meals" in page


def test_buddies_and_people_stand_on_their_landing(plan, signed_in, officer, here):
    page = signed_in(officer).get(today_url(here)).content.decode()
    assert f"Goes to {plan.person.full_name}" in page and ", buddy" in page


def test_one_wing_and_session(alone, signed_in, officer, here):
    make_wing(here, "B")
    client = signed_in(officer)
    assert "No visit is planned today for what you chose." in client.get(f"{today_url(here)}?wing=B").content.decode()
    assert "Alone" not in client.get(f"{today_url(here)}?wing=A&session=EV").content.decode()
    assert "Alone" in client.get(f"{today_url(here)}?wing=A&session=AM").content.decode()


def test_nothing_today(signed_in, officer, here):
    assert "No visit is planned for today." in signed_in(officer).get(today_url(here)).content.decode()


def test_a_lock_down_takes_nothing_away(plan, signed_in, officer, lead, here, now, at_prison):
    with at_prison(here):
        day = london_today(now)
        record_lock_down(by=acts(lead, here), now=now, prison=here, day=day, session="AM", reason="Staff shortage")
    page = signed_in(officer).get(today_url(here)).content.decode()
    assert "Lock-down today, all wings, morning: Staff shortage." in page and "<strong>1</strong> visit" in page


def test_paper_has_columns_to_tick_and_is_on_record(alone, signed_in, officer, here):
    page = signed_in(officer).get(today_url(here, "unlock_list_print")).content.decode()
    assert page.count("app-tick") > 4 and "Initials" in page and "Printed by Olu Officer" in page
    rows = [row for row in page.split("<tr ") if "Alone" in row and "app-line" in row]
    meal = next(row for row in rows if "Staff: Collect meals" in row)
    assert [label for label in ("Done", "Initials") if f'app-tick" data-label="{label}"></td>' in meal] == [
        "Done", "Initials",
    ], "a meal has its own tick and initials"  # fmt: skip
    company = next(row for row in rows if "Staff:" not in row)
    assert "app-tick" not in company.split("Nobody comes")[0] and "Nobody comes" in company
    assert AuditEvent.objects.get(code="printed").details["page"] == "unlock_list"


@pytest.mark.parametrize("name", ["unlock_list", "unlock_list_print"])
def test_what_the_plan_leaves_to_staff_has_the_tags_of_whoever_unlocks(
    plan, alone, signed_in, officer, lead, here, now, at_prison, name
):
    with at_prison(here):
        hand_to_staff(by=acts(lead, here), now=now, plan=alone, tasks=list(alone.tasks.order_by("id")))
        for person in (plan.person, alone.person):
            alert_on(person, "XCU", lead, now)
        alert_on(alone.person, "HA", lead, now)
    page = signed_in(officer).get(today_url(here, name)).content.decode()
    staff, landings = page.split('id="staff"')[1].split("</table>", 1)
    assert staff.count("Controlled unlock") == 2 and "Alone" in staff and "ACCT" not in page
    assert landings.count("Controlled unlock") == 1


def test_a_meal_is_ticked_once(alone, signed_in, officer, here, now, at_prison):
    planned, client = planned_on(alone, london_today(now)), signed_in(officer)
    page = client.post(tick_url(here, planned), follow=True).content.decode()
    assert "Done by Olu Officer" in page
    tick = StaffTick.objects.get()
    assert (tick.task_id, tick.done_by) == ("DOM-03", officer)
    assert "has ticked this task already" in client.post(tick_url(here, planned), follow=True).content.decode()
    assert AuditEvent.objects.filter(code="cover.staff_task_done").count() == 1
    with at_prison(here):
        assert not uncovered_essential(here, london_today(now)).exists()


def test_the_tile_counts_uncovered_meals(alone, here, now, at_prison):
    with at_prison(here):
        assert [row.plan_id for row in uncovered_essential(here, london_today(now))] == [alone.pk]


def test_who_did_not_come_leaves_a_gap_and_who_was_declined_does_not(plan, here, officer, now, at_prison):
    planned = planned_on(plan, london_today(now))
    with at_prison(here):
        visit_of(planned, officer, now, outcome="NOT_DONE", reason="BUDDY_ABSENT")
        assert uncovered_essential(here, london_today(now)).count() == 1
        tick_staff_task(by=acts(officer, here), now=now, planned=planned, task=task_of("DOM-03"))
    assert StaffTick.objects.exists()


@pytest.mark.parametrize(
    ("code", "days", "sentence"),
    [("SOC-01", 0, "Only a meal or water task"), ("DOM-03", -1, "still to come"), ("DOM-03", 15, "up to 14 days")],
)
def test_what_cannot_be_ticked(alone, here, officer, now, at_prison, code, days, sentence):
    planned = planned_on(alone, london_today(now))
    moment = now + timedelta(days=days)
    with at_prison(here), pytest.raises(NotAllowed, match=sentence):
        tick_staff_task(by=acts(officer, here), now=moment, planned=planned, task=task_of(code))


def test_a_covered_meal_is_not_ticked(plan, here, officer, now, at_prison):
    planned = planned_on(plan, london_today(now))
    with at_prison(here), pytest.raises(NotAllowed, match="A buddy is down for this visit"):
        tick_staff_task(by=acts(officer, here), now=now, planned=planned, task=task_of("DOM-03"))


def test_permissions_and_other_prisons(alone, signed_in, trainer, outsider, here, elsewhere, now):
    planned = planned_on(alone, london_today(now))
    assert signed_in(trainer).get(today_url(here)).status_code == 403
    assert signed_in(trainer).post(tick_url(here, planned)).status_code == 403
    assert signed_in(outsider).get(today_url(here)).status_code == 404
    assert signed_in(outsider).post(tick_url(elsewhere, planned)).status_code == 404


def test_the_list_does_not_query_per_row(alone, signed_in, officer, here, wing, lead, now, at_prison):
    client = signed_in(officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(today_url(here))
        return len(captured)

    few = queries()
    with at_prison(here):
        for _ in range(3):
            agreed_plan(here, lead, now, person=person_in(here, lead, now, wing=wing), tasks=MEAL_AND_COMPANY)
    assert queries() == few
