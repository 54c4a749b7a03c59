"""The way of somebody who needs help, from asking at the terminal to going home, walked in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from referrals.models import CarePack, Handover, Plan, PlannedVisit, Referral, UnmetNeed, Visit
from tests.browser import recipient_journey as way
from tests.browser.conftest import Reader
from tests.browser.hands import choose, choose_day, follow, pick, send, write
from tests.browser.working_life import (
    Place,
    a_buddy,
    a_place,
    is_on_todays_list,
    the_buddy_is_proposed_and_both_agree,
    the_day_is_opened,
)
from tests.builders import moving
from tests.builders.referrals import draft_plan, need_put, unmet_need
from tests.builders.visits import active_match

pytestmark = pytest.mark.browser

EVERY_DAY = tuple(range(7))
MEALS = ("DOM-03", EVERY_DAY, "PM", 15)


@pytest.fixture
def place(transactional_db: None, visitor: Callable[..., Reader]) -> Iterator[Place]:
    """A prison of its own for each test."""
    found = a_place(visitor)
    yield found
    found.closes()


def test_person_who_asks_at_the_terminal_is_visited(place: Place) -> None:
    # Given a day that has begun, and a buddy with time
    person, buddy = place.person("Wilf", "Ward"), a_buddy(place, "Bert", "Baker")
    the_day_is_opened(place)
    lets_in = place.switches_on_the_machine()

    # When the person asks by taps, then staff decide, ask, plan and match, and the person can see how it stands
    way.asks_for_help_by_taps(place, lets_in(person), "Meals and water", when="It can wait")
    way.the_request_stands(place, lets_in(person), "It is waiting. Staff have it.")
    way.the_lead_screens(place, person, "Buddy support")
    way.the_request_stands(place, lets_in(person), "Help is being arranged.")
    way.the_person_says_yes(place, person, "I want to eat hot food again.")
    plan = way.the_plan_is_written(place, person, ("DOM-03", "Afternoon"))
    place.looks_at(way.at_home(place, "LEAD", "Plans without a buddy"), "Ward, Wilf")
    the_buddy_is_proposed_and_both_agree(place, plan, buddy)
    assert Referral.objects.get(person=person).source == "SELF"

    # Then the wing unlocks both this afternoon, the buddy logs the visit, and the person reads that help has begun
    is_on_todays_list(place, "Bert Baker", "Ward, Wilf", "Collect meals")
    way.a_visit_is_logged_by_taps(place, lets_in(buddy.person), "Afternoon", "Wilf")
    is_on_todays_list(place, "Done")
    assert Visit.objects.get(person=person).outcome == "DONE"
    way.the_request_stands(place, lets_in(person), "A buddy helps you now.")


def test_refused_task_becomes_a_need_that_is_met_twelve_days_later(place: Place) -> None:
    # Given a plan that is being written, early in the month
    with place.later(days=-20):
        person = place.person("Norman", "Nash")
        with place.reach():
            plan = draft_plan(place.prison, place.staff["LEAD"], place.now, person=person, tasks=[MEALS])

        # When the lead asks for a task of personal care, then it is refused and becomes a need in one step
        lead = place.at("LEAD", f"plans/{plan.token}/tasks/")
        way.a_task_is_added(lead, "PRO-07", "Morning")
        place.looks_at(lead, "There is a problem", "Not a buddy’s task")
        send(lead, "Record as an unmet need")
        need = UnmetNeed.objects.get(person=person)
        place.looks_at(lead, "Unmet personal care", "not met, day 1")
        follow(lead, need.task.name)
        place.looks_at(lead, "Put to nobody yet", "Day 1", "Put it to the council or to healthcare today.")
        place.looks_at(place.at("LEAD", f"plans/{plan.token}/"), need.task.name)

    # And it is put to the council by letter, and the council answers
    with place.later(days=-18):
        lead = way.at_home(place, "LEAD", "Unmet needs for personal care")
        place.looks_at(lead, "Nash, Norman")
        follow(lead, "Nash, Norman")
        lead.sees("Day 3")
        follow(lead, "Print a letter")
        choose(lead, "To whom does the letter go?", "Council")
        place.looks_at(lead)
        send(lead, "Print the letter")
        place.looks_at(lead, "Norman Nash", need.reference)
    with place.later(days=-11):
        lead = place.at("LEAD", f"unmet-needs/{need.token}/")
        follow(lead, "Record an answer")
        write(lead, "What did they say?", "A carer can come from Sunday.")
        place.looks_at(lead)
        send(lead, "Save")
        place.looks_at(lead, "The answer is saved.", "A carer can come from Sunday.")

    # Then, when it is met, the need and the figures count twelve days
    with place.later(days=-8):
        place.looks_at(place.at("LEAD", "unmet-needs/?state=open"), "A carer can come from Sunday.")
        lead = place.at("LEAD", f"unmet-needs/{need.token}/")
        lead.sees("Day 13")
        follow(lead, "Record that it is met")
        choose_day(lead, "Date from which the need is met", place.today)
        write(lead, "How is it met?", "A carer of the council comes each morning.")
        place.looks_at(lead)
        send(lead, "Record that the need is met")
        place.looks_at(lead, "Recorded that the need is met.", "12 days")
        row = place.at("LEAD", "unmet-needs/?state=met").page.locator("tbody tr", has_text="Nash, Norman")
        assert row.locator("[data-label=Days]").inner_text() == "12"
        way.what_follows_happens()
        figures = place.at("LEAD", "figures/")
        place.looks_at(figures, "November 2026")
        measure = figures.page.get_by_role("row").filter(has_text="Days of unmet personal care")
        assert measure.get_by_role("cell").first.inner_text() == "12"


def test_withdrawn_consent_ends_visits_the_same_minute(place: Place) -> None:
    # Given somebody who is visited today
    plan, buddy = place.recipient("Oscar", "Odell", MEALS), a_buddy(place, "Cyril", "Cole")
    with place.reach():
        active_match(plan, buddy, place.staff["LEAD"], place.now)
    the_day_is_opened(place)
    is_on_todays_list(place, "Odell, Oscar", "Cyril Cole")
    lets_in = place.switches_on_the_machine()

    # When the officer who was told records that the person withdraws
    officer = way.at_home(place, "OFFICER", "Stop a task or record that help came")
    place.looks_at(officer)
    follow(officer, "Odell, Oscar")
    place.looks_at(officer)
    follow(officer, "The person wants all help to stop")
    place.looks_at(officer, "need not say why", "cancelled at once")
    send(officer, "Withdraw consent")
    place.looks_at(officer, "Recorded.", "the plan is paused")

    # Then nobody is unlocked for it and the buddy's screen is empty, at once
    is_on_todays_list(place).does_not_see("Odell, Oscar")
    way.has_no_visits(place, lets_in(buddy.person), "Oscar")
    lead = place.at("LEAD", f"plans/{plan.token}/")
    place.looks_at(lead, "Paused", "The person withdrew, so the plan is paused")

    # When the person, asked in private, agrees again, then help goes on the same day
    follow(lead, "Agrees now")
    place.looks_at(lead, "asked in private")
    send(lead, "Record that the person agrees")
    place.looks_at(lead, "Recorded that the person agrees.", "Active")
    is_on_todays_list(place, "Odell, Oscar", "Cyril Cole")
    way.has_visits(place, lets_in(buddy.person), "Oscar")


def test_care_record_is_accepted_at_the_next_prison_and_help_goes_on_there(
    place: Place, visitor: Callable[..., Reader]
) -> None:
    # Given somebody who is helped and will move
    there = a_place(visitor)
    plan = place.recipient("Percy", "Platt", MEALS)
    with place.reach():
        unmet_need(place.prison, place.staff["LEAD"], place.now, plan.person)
    there.people.add("Platt")

    # When the record is sent and the person leaves
    way.the_care_record_is_sent(place, plan.person, there)
    way.the_person_leaves(place, plan.person, "Moved to another prison", there)

    # Then the next lead sees a summary and not a word of the person's, until the record is accepted
    lead = way.at_home(there, "LEAD", "Care records to accept")
    there.looks_at(lead, place.prison.name, "To accept")
    follow(lead, "Platt, Percy")
    there.looks_at(lead, "Summary", "Yes, needed", "1 need")
    lead.does_not_see(plan.own_words)
    send(lead, "Accept the care record")
    there.looks_at(lead, f"Accepted. {place.prison.name} sees it.", plan.own_words, "Collect meals")
    place.looks_at(place.at("LEAD", "care-records/?show=sent"), "Platt, Percy", "Accepted")

    # And the person is added, help is started from the record, and its tasks are taken over
    lead.sees("Add the person first")
    way.the_person_is_added_there(there, plan.person)
    lead = there.at("LEAD", f"care-records/{CarePack.objects.get(prison=place.prison).token}/")
    send(lead, "Start from this record")
    there.looks_at(lead, "A referral is made from the record.")
    follow(lead, "Screen this referral")
    choose(lead, "What happens next?", "Buddy support and council assessment")
    send(lead, "Save the outcome")
    follow(lead, "Record what the person wants")
    write(lead, "What does the person want, in their own words?", "Hot food, as before.")
    choose(lead, "Does the person agree to help from a buddy?", "Yes")
    choose(lead, "May the plan be shared with the council and healthcare?", "Yes")
    send(lead, "Save")
    write(lead, "What should the help achieve?", "Eat with the others every day.")
    choose_day(lead, "Date of the first review", there.today + timedelta(days=90))
    choose(lead, "Does the person need help to leave in an emergency?", "No")
    choose(lead, "Is the person at risk of falling?", "No")
    send(lead, "Save and go on to the tasks")
    follow(lead, "Take over the tasks")
    there.looks_at(lead, f"Take over tasks from {place.prison.name}", "Collect meals")
    send(lead, "Put these tasks into the plan")
    there.looks_at(lead, "In the plan now: Collect meals.")
    assert Plan.objects.get(prison=there.prison).status == "DRAFT"
    assert UnmetNeed.objects.filter(prison=there.prison, met_on=None).count() == 1
    there.closes()


def test_care_record_that_nobody_accepts_is_late_for_both_leads(place: Place, visitor: Callable[..., Reader]) -> None:
    # Given a record that was sent, and a person who has moved
    there = a_place(visitor)
    plan = place.recipient("Quentin", "Quirk", MEALS)
    with place.reach():
        moving.sent(plan, place.staff["LEAD"], there.prison, place.now)
        moving.leave(plan.person, place.prison, place.staff["LEAD"], place.now, to=there.prison)
    there.people.add("Quirk")

    # When its two working days have passed, then both leads have it on their home page and in their lists
    with place.later(days=3), there.later(days=3):
        for where, tile in (
            (place, "Care records that the next prison has not accepted"),
            (there, "Care records to accept"),
        ):
            lead = where.at("LEAD")
            lead.page.set_viewport_size({"width": 1280, "height": 900})
            lead.sees(tile)
            follow(lead, tile)
            where.looks_at(lead, "Quirk, Quentin", "Late", "3 days")


def test_release_is_handed_over_and_one_without_is_listed(place: Place) -> None:
    # Given two people who are helped, one of them with unmet personal care
    agreed, other = place.recipient("Rupert", "Reed", MEALS), place.recipient("Simon", "Sharp", MEALS)
    with place.reach():
        need = unmet_need(place.prison, place.staff["LEAD"], place.now, agreed.person)
        need_put(need, place.staff["LEAD"], place.now)
    way.release_is_on(place, agreed.person, place.today + timedelta(days=30))

    # When the release is near, then it is listed, and a handover is made without the person's agreement
    lead = way.at_home(place, "LEAD", "Releases to hand over")
    place.looks_at(lead, "Reed, Rupert")
    follow(lead, "Reed, Rupert")
    write(lead, "Which council answers where they will live?", "Hometown Council")
    write(lead, "Which probation office has them?", "Hometown probation")
    choose(lead, "Do they agree that the whole plan goes to both?", "No")
    place.looks_at(lead)
    send(lead, "Make the handover")
    place.looks_at(lead, "The handover is ready.", "Hometown Council", "Unsteady")
    lead.does_not_see(agreed.own_words)

    # And its letter holds only what protects, and it is confirmed
    follow(lead, "Letter to Hometown Council")
    place.looks_at(lead, "has not agreed", need.task.name, "put to the council", "Unsteady")
    lead.does_not_see(agreed.own_words)
    lead.does_not_see("Collect meals")
    handover = Handover.objects.get()
    lead = place.at("LEAD", "handovers/?show=unanswered")
    follow(lead, "Reed, Rupert")
    write(lead, "Who confirmed it?", "Sam Hill, Hometown Council")
    send(lead, "Record that they have it")
    place.looks_at(lead, "Confirmed", "Sam Hill, Hometown Council")
    handover.refresh_from_db()
    assert not handover.body["shares_all"]

    # When somebody is released without one, then it stands on the home page and on its list
    way.the_person_leaves(place, other.person, "Released")
    lead = way.at_home(place, "LEAD", "Released with open needs and no handover")
    place.looks_at(lead, "Sharp, Simon", "Released on")


def test_urgent_referral_becomes_a_visit_the_same_day(place: Place) -> None:
    # Given a buddy of the wing and a day that has begun
    person = place.person("Tobias", "Thorne")
    a_buddy(place, "Denis", "Dale")
    the_day_is_opened(place)

    # When an urgent referral is made and help is started on one page
    lead = way.at_home(place, "LEAD", "Refer someone")
    write(lead, "What is the prison number", person.prison_number)
    send(lead, "Continue")
    choose(lead, "What does the person need help with?", "Meals and water")
    write(lead, "Why, in a few words?", "Cannot carry a tray.")
    choose(lead, "How soon is help needed?", "Today")
    choose(lead, "Who asked for help?", "Prison staff")
    choose(lead, "Does another prisoner already help the person?", "No")
    place.looks_at(lead)
    send(lead, "Continue")
    send(lead, "Send the referral")
    place.looks_at(lead, "Referral sent", "You said that help is needed today")
    follow(lead, "Help from today")
    write(lead, "What does the person want, in their own words?", "I want my dinner hot.")
    choose(lead, "What should the buddy do?", "Collect meals")
    choose(lead, "In which part of the day?", "Afternoon")
    pick(lead, "Which buddy?", "Denis Dale")
    choose(lead, "Does the person agree to this help from this buddy?", "Yes")
    choose(lead, "Does the buddy agree?", "Yes")
    place.looks_at(lead)
    send(lead, "Start help today")
    place.looks_at(lead, "Help has started.", "This is interim help.")

    # Then the wing unlocks both this afternoon
    is_on_todays_list(place, "Thorne, Tobias", "Denis Dale", "Collect meals")
    assert PlannedVisit.objects.get(person=person).day == place.today
