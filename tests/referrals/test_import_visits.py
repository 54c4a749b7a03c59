"""Bringing a past year of visits: the rules are those of typed visits, and the months follow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.models import Message
from referrals.models import PlannedVisit, Visit
from schemes.models import Buddy, ImportFile, ImportRow
from tests.builders.referrals import agreed_plan
from tests.builders.schemes import person_in
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.schemes.test_import_people import as_csv, brought, press, words

pytestmark = pytest.mark.django_db

HEAD = ("Date", "Session", "Recipient", "Buddy", "Outcome", "Reason", "Minutes", "Tasks")


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def pair(here, lead, now, wing, at_prison):
    """Somebody with a plan, and the buddy, who does the job since two years."""
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now - timedelta(days=10), wing=wing)
        Buddy.objects.filter(pk=buddy.pk).update(in_role_since=date(2024, 11, 1))
        return plan, buddy


def year(pair, days=40):
    plan, buddy = pair
    them, helper = plan.person.prison_number, buddy.person.prison_number
    found = []
    for n in range(days):
        day = f"{date(2025, 9, 1) + timedelta(days=n):%d/%m/%Y}"
        found.append([day, "Morning", them, helper, "Done", "", "20", "DOM-03, DOM-05"])
    found[1][4:] = ["Not done", "Not unlocked", "", ""]
    found[2][4:] = ["Partly", "", "5", "DOM-03"]
    return found


def test_a_year_of_visits_is_saved_once_and_its_months_follow(signed_in, here, lead, pair):
    plan, buddy = pair
    client = signed_in(lead)
    before = Message.objects.latest("id").pk
    page = brought(client, here, as_csv(year(pair), head=HEAD), kind="PAST_VISITS")
    assert "40 rows are good." in words(page), ImportRow.objects.filter(state="BAD").values_list("shape", "found")
    assert "40 rows are saved." in words(press(client, page))

    visits = Visit.objects.filter(source="IMPORT").order_by("day")
    assert visits.count() == 40
    first, second, third = visits[:3]
    assert (first.outcome, first.minutes, first.tasks_done, first.late) == ("DONE", 20, ["DOM-03", "DOM-05"], True)
    assert (second.outcome, second.reason, second.minutes, second.tasks_done) == ("NOT_DONE", "NOT_UNLOCKED", 0, [])
    assert (third.outcome, third.tasks_done) == ("PARTLY", ["DOM-03"])
    assert (first.entered_by, first.buddy, first.person) == (lead, buddy, plan.person)
    # Nobody planned them here: they are no proof that planned visits are kept.
    assert set(PlannedVisit.objects.filter(day__year=2025).values_list("held_at_start", flat=True)) == {False}
    assert len({visit.token for visit in visits} | set(PlannedVisit.objects.values_list("token", flat=True))) >= 80
    months = Message.objects.filter(topic="month.changed", pk__gt=before).values_list("payload__month", flat=True)
    assert set(months) >= {"2025-09", "2025-10"}
    assert AuditEvent.objects.get(code="visit.logged_many").details["visits"] == 40

    page = brought(client, here, as_csv(year(pair), head=HEAD), kind="PAST_VISITS")
    assert "40 rows are here already and change nothing." in words(page)
    press(client, page)
    assert Visit.objects.filter(source="IMPORT").count() == 40


def test_each_row_that_breaks_a_rule_of_typed_visits_says_so(signed_in, here, lead, now, pair, wing, at_prison):
    plan, _ = pair
    today = london_today(now)
    with at_prison(here):
        nobody = person_in(here, lead, now, wing=wing).prison_number
        day_opened(here, today - timedelta(days=3))
        day_opened(here, today - timedelta(days=4))
        visit_of(planned_on(plan, today - timedelta(days=4)), lead, now)
    good = year(pair, 3)[0]

    def but(**cells):
        return [cells.get(name.lower(), cell) for name, cell in zip(HEAD, good, strict=True)]

    rows = {
        "is too late here. Enter a date before today.": but(date="23/11/2026"),
        "Nobody with this prison number has a plan here.": but(recipient=nobody),
        "Nobody with this prison number is or was a buddy here.": but(buddy=nobody),
        "This person was not a buddy here on 1 October 2024, but from 1 November 2024.": but(date="1/10/2024"),
        "A person cannot be their own buddy.": but(buddy=good[2]),
        "Write why the visit did not happen.": but(outcome="Not done", minutes=""),
        "A reason goes only with a visit that was not done.": but(reason="Other"),
        "Write how many minutes the visit took, from 1 to 480.": but(minutes=""),
        "“500” does not fit.": but(minutes="500"),
        "Write the codes of the tasks that were done.": but(tasks=""),
        "There is no task “XXX-99”.": but(tasks="XXX-99", date="2/9/2025"),
        # No way round the boundary: the catalogue's own refusal.
        "Washing is for carers.": but(tasks="PRO-03", date="3/9/2025"),
        "This stays off until approved.": but(tasks="RES-02", date="4/9/2025"),
        "This visit was planned in this service. Record it on the page of visits.": but(
            date=f"{today - timedelta(days=3):%d/%m/%Y}"
        ),
    }
    logged = but(date=f"{today - timedelta(days=4):%d/%m/%Y}")
    page = brought(signed_in(lead), here, as_csv([*rows.values(), logged], head=HEAD), kind="PAST_VISITS")
    bad = {row.number: " ".join(each["says"] for each in row.problems) for row in page.context["page"]}
    for place, sentence in enumerate(rows, start=2):
        assert sentence in bad.get(place, ""), (sentence, bad.get(place))
    file = ImportFile.objects.get()
    assert (file.good, file.bad, file.already) == (0, len(rows), 1)


def test_what_is_recorded_between_look_and_save_is_not_doubled(signed_in, here, lead, now, pair, at_prison):
    client = signed_in(lead)
    pages = [brought(client, here, as_csv(year(pair), head=HEAD), kind="PAST_VISITS") for _ in range(2)]
    press(client, pages[0])
    press(client, pages[1])
    assert Visit.objects.filter(source="IMPORT").count() == 40
    assert sorted(ImportFile.objects.values_list("state", "saved")) == [("SAVED", 0), ("SAVED", 40)]


def test_a_plan_without_agreement_takes_no_visits(signed_in, here, lead, now, pair, at_prison):
    with at_prison(here):
        other = agreed_plan(here, lead, now)
        type(other).objects.filter(pk=other.pk).update(status="REFUSED", answer="REFUSES", review_on=None)
    row = year(pair, 3)[0]
    row[2] = other.person.prison_number
    brought(signed_in(lead), here, as_csv([row], head=HEAD), kind="PAST_VISITS")
    assert ImportFile.objects.get().bad == 1
