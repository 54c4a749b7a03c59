"""Bringing recipients with their plans: as typed, and with no way round the boundary guard."""

from __future__ import annotations

import pytest
import time_machine

from referrals.models import Consent, HeldText, Plan, PlannedVisit, PlanTask, Referral
from schemes.models import ImportFile, TaskKind
from tests.builders.referrals import goals_in, scheme_open
from tests.builders.schemes import person_in
from tests.schemes.test_import_people import as_csv, brought, press, words

pytestmark = pytest.mark.django_db

HEAD = (
    "Prison number", "Needs", "Why", "Also asked", "Own words", "Agrees", "Share", "Goals", "Review date", "Notes",
    "Task 1", "Task 1: days", "Task 1: session", "Task 1: minutes", "Task 1: note",
    "Task 2", "Task 2: days", "Task 2: session",
)  # fmt: skip
GOOD = {
    "Needs": "Meals; Mobility", "Why": "Cannot carry a tray.", "Own words": "I want to eat hot food again.",
    "Agrees": "Yes", "Share": "No", "Goals": "Meals eaten hot.", "Review date": "27/3/2027", "Task 1": "dom-03",
    "Task 1: days": "every day", "Task 1: session": "Morning", "Task 1: note": "Knock and wait.",
    "Task 2": "MOB-03", "Task 2: days": "Mon, Thu", "Task 2: session": "Afternoon",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def people(here, lead, now, wing, at_prison):
    with at_prison(here):
        scheme_open(here, lead, now, wing)
        return [person_in(here, lead, now, wing=wing, landing=1, cell=f"1-{n + 10}") for n in range(12)]


def row(person, **changes):
    cells = GOOD | {"Prison number": person.prison_number} | {name.replace("_", " "): v for name, v in changes.items()}
    return [cells.get(name, "") for name in HEAD]


def test_a_recipient_comes_with_referral_wishes_and_an_active_plan_once(signed_in, here, lead, people):
    client = signed_in(lead)
    refuses = row(people[1], Agrees="No", Goals="", Review_date="")[:10] + [""] * 8
    content = as_csv([row(people[0]), refuses], head=HEAD)
    page = press(client, brought(client, here, content, kind="RECIPIENTS"))
    assert "2 rows are saved." in words(page)
    plan = Plan.objects.get(person=people[0])
    assert (plan.status, plan.own_words) == ("ACTIVE", "I want to eat hot food again.")
    assert goals_in(plan) == ["Meals eaten hot."]
    assert (plan.referral.outcome, plan.referral.need_areas) == ("BUDDY", ["MEALS", "MOBILITY"])
    tasks = PlanTask.objects.filter(plan=plan).order_by("task")
    assert [(t.task_id, t.weekdays, t.session, t.minutes, t.note) for t in tasks] == [
        ("DOM-03", [0, 1, 2, 3, 4, 5, 6], "AM", 15, "Knock and wait."),
        ("MOB-03", [0, 3], "PM", 30, ""),
    ]
    assert {(c.scope, c.given) for c in Consent.objects.filter(plan=plan)} == {("SUPPORT", True), ("SHARING", False)}
    assert PlannedVisit.objects.filter(plan=plan).exists()
    assert Plan.objects.get(person=people[1]).status == "REFUSED"

    page = brought(client, here, content, kind="RECIPIENTS")
    assert "2 rows are here already and change nothing." in words(page)
    assert Referral.objects.count() == 2


def test_there_is_no_way_round_the_boundary_guard(signed_in, here, lead, people):
    client = signed_in(lead)
    TaskKind.objects.filter(code="PRO-03").update(refusal="Washing is for carers.")
    rows = [
        row(people[0], Goals="Wash him in the shower every morning.", Notes="Help him on the toilet."),
        row(people[1], **{"Task_1:_note": "Wash her back and change the pad."}),
        row(people[2], Task_2="PRO-03"),
        row(people[3], Task_2="RES-02"),
        row(people[4], Needs="Personal care; Meals", Task_1="PRO-07"),
        row(people[5], Needs="Washing, dressing, toilet or other personal care"),
    ]
    page = brought(client, here, as_csv(rows, head=HEAD), kind="RECIPIENTS")
    said = words(page)
    assert (ImportFile.objects.get().good, ImportFile.objects.get().bad) == (2, 4)
    assert "Task 2: Washing is for carers." in said
    assert "Task 2: This stays off until approved." in said
    assert "Needs help with: “Personal care” is not on the list." in said
    assert "Personal care is never a buddy’s work. Write who is asked for it: Council or Healthcare." in said
    page = press(client, page, leave_out="on")
    assert "3 texts may speak of personal care." in words(page)
    held = HeldText.objects.order_by("id")
    assert [each.place for each in held] == ["PLAN_GOALS", "PLAN_NOTES", "TASK_NOTE"]
    assert {each.written_by for each in held} == {lead}
    plan = Plan.objects.get(person=people[0])
    assert (goals_in(plan), plan.staff_notes) == ([""], "")
    assert not PlanTask.objects.filter(note__contains="pad").exists()
    assert not PlanTask.objects.filter(task__kind__in=["PROHIBITED", "RESTRICTED"]).exists()


def test_each_row_that_breaks_a_rule_of_typed_plans_says_so(signed_in, here, lead, people, now, at_prison):
    rows = {
        "Write what the person said, in their own words. Ask the person first.": row(people[0], Own_words=""),
        "The person does not agree, so there is no plan.": row(people[1], Agrees="no"),
        "A plan needs at least one task.": row(people[2])[:10] + [""] * 8,
        "Write the date of the review, because there is a task.": row(people[3], Review_date=""),
        "Enter a date from 24 November 2026 on.": row(people[4], Review_date="1/11/2026"),
        "Write on which days.": row(people[5], **{"Task_1:_days": ""}),
        "“Caturday” is not known.": row(people[6], **{"Task_1:_days": "Caturday"}),
        "This task is in the row for this part of the day already.": row(
            people[7], Task_2="DOM-03", **{"Task_2:_session": "Morning"}
        ),
        "There is no task “DOM-99”.": row(people[8], Task_1="DOM-99"),
        "Nobody with this prison number is held here now.": ["Z9999ZZ", *row(people[9])[1:]],
        "Row 2 says the same already.": row(people[0]),
    }
    page = brought(signed_in(lead), here, as_csv(list(rows.values()), head=HEAD), kind="RECIPIENTS")
    bad = {each.number: " ".join(p["says"] for p in each.problems) for each in page.context["page"]}
    for place, sentence in enumerate(rows, start=2):
        assert sentence in bad.get(place, ""), (sentence, bad.get(place))
    assert not Referral.objects.exists()
