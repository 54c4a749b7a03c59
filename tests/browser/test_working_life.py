"""The working life of buddies, from the advert to leaving, walked in a real browser by the people who would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from referrals.models import Cover, LapseDecision, Match, Plan, PlanTask
from schemes.models import Buddy, Interview, Person, Post, Refusal, StandDown
from tests.browser.conftest import Reader
from tests.browser.hands import choose, choose_day, follow, mark, pick, send, tap, write
from tests.browser.working_life import (
    Place,
    a_buddy,
    a_place,
    buddy_of,
    is_on_todays_list,
    the_buddy_is_proposed_and_both_agree,
    the_day_is_opened,
)
from tests.builders.buddies import in_training, modules, pass_module
from tests.builders.care import lapsed
from tests.builders.visits import active_match
from training.models import ClassSession, ModuleResult, Override

pytestmark = pytest.mark.browser

EVERY_DAY = tuple(range(7))
MEALS = ("DOM-03", EVERY_DAY, "AM", 15)
WHEELCHAIR = ("MOB-01", EVERY_DAY, "AM", 20)
PRACTICAL, WHEELCHAIR_MODULE, SAFEGUARDING = "MOD-09", "MOD-12", "MOD-08"


@pytest.fixture
def place(transactional_db: None, visitor: Callable[..., Reader]) -> Iterator[Place]:
    """A prison of its own for each test."""
    found = a_place(visitor)
    yield found
    found.closes()


# Recruitment -------------------------------------------------------------------------------------------------


def a_post_is_advertised(place: Place) -> Post:
    lead = place.at("LEAD", "posts/add/")
    pick(lead, "Wing", "A wing")
    write(lead, "Title", "Wing buddy")
    write(lead, "Title in Welsh", "Cyfaill adain")
    write(lead, "How many places?", "2")
    write(lead, "Paid hours a week", "20")
    write(lead, "Pay band", "4")
    place.looks_at(lead)
    send(lead, "Save the post")
    lead.sees("Advertise it next")
    follow(lead, "Advertise the post")
    choose_day(lead, "Closing date", place.today + timedelta(days=14))
    send(lead, "Advertise")
    place.looks_at(lead, "Print the notice for the wing", "0 of 2")
    return Post.objects.get(prison=place.prison)


def the_notice_is_printed_in_both_languages(place: Place, post: Post) -> None:
    lead = place.at("LEAD", f"posts/{post.token}/")
    follow(lead, "Advert to print, in English")
    place.looks_at(lead, "Wing buddy", "20 hours")
    place.at("LEAD", f"posts/{post.token}/")
    follow(lead, "Advert to print, in Welsh")
    assert lead.page.locator("[lang=cy]").count()
    place.looks_at(lead, "Cyfaill adain")


def the_person_applies_by_taps(machine: Reader) -> None:
    for words in ("Jobs", "Wing buddy", "Apply"):
        tap(machine, words)
    mark(machine, "I have looked after somebody before")
    for words in ("Next", "Yes, I want help"):
        tap(machine, words)
    mark(machine, "Large print")
    for words in ("Next", "Send"):
        tap(machine, words)
    machine.page.wait_for_url("**/terminal/thanks/")


def the_application_is_entered_by_staff(place: Place, person: Person, *, helped: str = "No") -> Buddy:
    lead = place.at("LEAD", "buddies/application/")
    write(lead, "Prison number", person.prison_number)
    write(lead, "Why does the person want to be a buddy?", "I looked after my father.")
    choose(lead, "Did the person need help to apply?", helped)
    if lead.page.get_by_label("Which post do they answer?").count():
        pick(lead, "Which post do they answer? (optional)", "Wing buddy")
    place.looks_at(lead)
    send(lead, "Record the application")
    place.looks_at(lead, "Application recorded", "Ask for checks")
    return buddy_of(person)


def every_department_signs(place: Place, buddy: Buddy) -> None:
    lead = place.at("LEAD", f"buddies/{buddy.token}/")
    follow(lead, "Ask for checks")
    place.looks_at(lead, "None can be skipped")
    send(lead, "Ask for checks")
    for role in ("SECURITY", "HEALTHCARE", "SAFEGUARDING"):
        signer = place.at(role)
        signer.open(f"/prisons/{place.prison.code}/clearances/")
        follow(signer, buddy.person.list_name)
        choose(signer, "Is this person cleared to be a buddy?", "Cleared")
        write(signer, "Note for your own department", f"Only for {role.lower()} to read")
        place.looks_at(signer)
        send(signer, "Sign")
    place.at("LEAD", f"buddies/{buddy.token}/")
    lead.does_not_see("to read")
    follow(lead, "Enter clearance by Offender management from paper")
    choose(lead, "What does it say?", "Cleared for 12 months")
    choose_day(lead, "Date on the e-mail or paper", place.today)
    write(lead, "Who wrote it?", "offender.management@example.test")
    place.looks_at(lead)
    send(lead, "Enter the decision")
    place.looks_at(lead, "from paper")
    assert buddy_of(buddy.person).status == Buddy.Status.INTERVIEW


def two_people_score_it_apart(place: Place, buddy: Buddy) -> None:
    lead = place.at("LEAD", "scheme/interview/")
    choose(lead, "Do two members of staff score it apart?", "Yes")
    place.looks_at(lead)
    send(lead, "Save")
    for role, other in (("OFFICER", "Lena Lead"), ("LEAD", "Olu Officer")):
        scorer = place.at(role, "interviews/")
        place.looks_at(scorer)
        follow(scorer, buddy.person.list_name)
        scorer.does_not_see(other)
        scorer.sees("Large print")
        for score in scorer.page.locator("input[type=radio][value='3']").all():
            score.check()
        place.looks_at(scorer)
        send(scorer, "Give my scores")
        scorer.sees("Your scores are in")
        if role == "OFFICER":
            waiting = place.at("LEAD", f"buddies/{buddy.token}/interview/")
            waiting.does_not_see("Olu Officer")
    place.at("LEAD", f"buddies/{buddy.token}/interview/").sees("Olu Officer")


def the_interview_ends_well(place: Place, buddy: Buddy) -> None:
    lead = place.at("LEAD", f"buddies/{buddy.token}/interview/")
    write(lead, "Who held it", "The lead and a wing officer")
    choose(lead, "Agreed result", "Suitable")
    write(lead, "What was done to make it easier?", "Questions in large print")
    place.looks_at(lead)
    send(lead, "Record the interview")
    place.looks_at(lead, "Interview recorded")
    assert Interview.objects.get(buddy=buddy).adjustments_made == "Questions in large print"


def the_role_is_offered_and_the_compact_signed(place: Place, buddy: Buddy) -> None:
    lead = place.at("LEAD", f"buddies/{buddy.token}/offer/")
    send(lead, "Offered and accepted")
    place.at("LEAD", f"buddies/{buddy.token}/compact/?format=EASY")
    place.looks_at(lead, "Record the compact", "Easy read: shown below")
    place.looks_at(place.at("LEAD", f"buddies/{buddy.token}/compact/paper/EASY/"), buddy.person.full_name)
    place.at("LEAD", f"buddies/{buddy.token}/compact/")
    choose(lead, "Was the compact read aloud?", "Yes")
    lead.page.get_by_label("I saw the person sign").check()
    send(lead, "Record the signature")
    place.looks_at(lead, "Signature recorded", "Lena Lead")
    assert buddy_of(buddy.person).status == Buddy.Status.IN_TRAINING


# Training ----------------------------------------------------------------------------------------------------


def a_class_is_planned_and_marked_on_one_page(place: Place, *people: Buddy) -> None:
    trainer = place.at("TRAINER", "training/classes/plan/")
    pick(trainer, "Module", "Health and safety")
    choose_day(trainer, "Day", place.today)
    write(trainer, "Begins at", "9:00")
    write(trainer, "Place", "Education block, room 3")
    trainer.page.get_by_label("Places", exact=True).fill("2")
    place.looks_at(trainer)
    send(trainer, "Plan the class")
    for buddy in people:
        trainer.page.get_by_label(buddy.person.list_name, exact=True).check()
    place.looks_at(trainer)
    send(trainer, "Save")
    trainer.sees(f"Booked: {len(people)} of 2 places")
    follow(trainer, "Mark the class")
    for buddy in people:
        choose(trainer, f"{buddy.person.list_name}, {buddy.person.prison_number}: knowledge", "Passed")
        choose(trainer, f"{buddy.person.list_name}: practical part", "Passed")
    place.looks_at(trainer)
    send(trainer, "Save the class")
    place.looks_at(trainer, "class marked")
    assert ClassSession.objects.get(prison=place.prison).status == ClassSession.Status.HELD
    marked = ModuleResult.objects.filter(prison=place.prison, module_id=PRACTICAL, outcome="PASSED", practical="PASSED")
    assert marked.count() == len(people)


def the_other_modules_are_passed(place: Place, buddy: Buddy, *, without: tuple[str, ...] = (PRACTICAL,)) -> None:
    with place.reach():
        for module in modules():
            if module.code not in without:
                pass_module(buddy, module, place.staff["TRAINER"], place.now)


def the_buddy_starts(place: Place, buddy: Buddy, *, post: str) -> None:
    lead = place.at("LEAD", f"training/{buddy.token}/")
    place.looks_at(lead)
    follow(lead, "Start as a buddy")
    pick(lead, "Which post?", post)
    place.looks_at(lead)
    send(lead, "Start as a buddy")
    place.looks_at(lead, "is a buddy now")
    assert buddy_of(buddy.person).status == Buddy.Status.ACTIVE


def the_start_is_refused(place: Place, buddy: Buddy, *words: str) -> None:
    lead = place.at("LEAD", f"training/{buddy.token}/appointment/")
    for each in words:
        lead.sees(each)


# Moving ------------------------------------------------------------------------------------------------------


def the_person_moves_to_another_prison(place: Place, person: Person) -> None:
    lead = place.at("LEAD", f"people/{person.token}/left/")
    choose(lead, "Why did the person leave?", "Moved to another prison")
    place.looks_at(lead)
    send(lead, "Record that the person has left")


def the_record_is_sent(place: Place, buddy: Buddy, there: Place) -> None:
    lead = place.at("LEAD", f"buddies/{buddy.token}/")
    follow(lead, "Send the record to the next prison")
    pick(lead, "Which prison has the person moved to?", there.prison.name)
    place.looks_at(lead, "Nothing is sent about anybody whom the buddy helped")
    send(lead, "Send the record")
    place.looks_at(lead, f"Sent to {there.prison.name}.", "To acknowledge")


def the_next_prison_acknowledges_it(there: Place, buddy: Buddy) -> None:
    lead = there.at("LEAD")
    follow(lead, "Buddy records from other prisons")
    there.looks_at(lead)
    follow(lead, buddy.person.list_name)
    there.looks_at(lead, "Time helping", "Add the person first.")
    send(lead, "Acknowledge the record")
    there.looks_at(lead, f"Acknowledged. {buddy.prison.name} sees it.")


def the_person_is_added_there(there: Place, person: Person) -> None:
    lead = there.at("LEAD", "people/add/")
    write(lead, "Prison number", person.prison_number)
    write(lead, "First name", person.first_name)
    write(lead, "Last name", person.last_name)
    pick(lead, "Wing", "A wing")
    send(lead, "Add this person")
    there.people.add(person.last_name)


def its_modules_are_accepted_but_one(there: Place, buddy: Buddy, retaken: str) -> None:
    lead = there.at("LEAD", "buddy-records/")
    follow(lead, buddy.person.list_name)
    follow(lead, "Accept modules, or have them taken again")
    there.looks_at(lead)
    for group in lead.page.get_by_role("group").all():
        answer = "To be taken again" if retaken in group.inner_text() else "Accept"
        group.get_by_label(answer, exact=True).check()
    send(lead, "Save the decisions")
    there.looks_at(lead, "Decided about 14 modules.", "To be taken again", "Accepted")


# The tests ---------------------------------------------------------------------------------------------------


def test_person_who_applies_at_the_terminal_becomes_a_buddy_and_helps(place: Place) -> None:
    # Given a post that is advertised, on paper and at the terminal
    person, plan = place.person("Adrian", "Ames"), place.recipient("Walter", "Wells", MEALS)
    post = a_post_is_advertised(place)
    the_notice_is_printed_in_both_languages(place, post)
    lets_in = place.switches_on_the_machine()

    # When somebody applies without typing, and everybody does their part
    the_person_applies_by_taps(lets_in(person))
    buddy = buddy_of(person)
    assert (buddy.channel, buddy.needed_help_to_apply, buddy.post) == ("TERMINAL", True, post)
    every_department_signs(place, buddy)
    two_people_score_it_apart(place, buddy)
    the_interview_ends_well(place, buddy)
    the_role_is_offered_and_the_compact_signed(place, buddy)
    the_start_is_refused(place, buddy, "Still needed before the start", "10 modules")
    the_other_modules_are_passed(place, buddy)
    a_class_is_planned_and_marked_on_one_page(place, buddy)
    the_buddy_starts(place, buddy, post="Wing buddy")
    the_buddy_is_proposed_and_both_agree(place, plan, buddy)

    # Then the post is filled, the wing unlocks the buddy, and the terminal shows the visit and the job
    place.looks_at(place.at("LEAD", f"posts/{post.token}/"), "1 of 2", "Ames, Adrian")
    the_day_is_opened(place)
    is_on_todays_list(place, "Adrian Ames", "Wells, Walter", "Collect meals")
    machine = lets_in(person)
    tap(machine, "My visits")
    machine.sees("Walter")
    machine.open("/terminal/jobs/")
    machine.sees("You are a buddy.")
    assert machine.faults(widths=(1024,), height=768) == []


def test_person_entered_by_staff_is_suspended_with_cover_comes_back_and_leaves(place: Place) -> None:
    # Given somebody whom staff entered, who waited in the pool and became a buddy of two people
    person, post = place.person("Brian", "Booth"), a_post_is_advertised(place)
    plans = [place.recipient("Victor", "Vale", MEALS), place.recipient("Stanley", "Stone", MEALS)]
    buddy = the_application_is_entered_by_staff(place, person)
    every_department_signs(place, buddy)
    the_interview_ends_well(place, buddy)
    the_person_waits_in_the_pool(place, buddy)
    the_role_is_offered_and_the_compact_signed(place, buddy)
    the_other_modules_are_passed(place, buddy, without=())
    the_buddy_starts(place, buddy, post="Wing buddy")
    for plan in plans:
        the_buddy_is_proposed_and_both_agree(place, plan, buddy)
    other = a_buddy(place, "Charlie", "Cross")
    with place.reach():
        active_match(plans[0], other, place.staff["LEAD"], place.now, "SECOND")
    the_day_is_opened(place)

    # When the buddy is suspended, then who covers is chosen in the same step and shown at once
    the_buddy_is_suspended(place, buddy)
    officer = is_on_todays_list(place, "Charlie Cross", "Stone, Stanley")
    officer.does_not_see("Brian Booth")

    # When the buddy comes back, then today's list has the buddy again
    the_buddy_is_reinstated(place, buddy)
    officer = is_on_todays_list(place, "Brian Booth")
    officer.does_not_see("Charlie Cross")

    # When the buddy leaves, then the place in the post is free and whoever is not covered stands on the list
    the_buddy_leaves(place, buddy)
    officer = is_on_todays_list(place, "Charlie Cross", "Nobody today", "Stone, Stanley")
    officer.does_not_see("Brian Booth")
    place.looks_at(place.at("LEAD", f"posts/{post.token}/"), "0 of 2")
    place.looks_at(place.at("LEAD", f"buddies/{buddy.token}/"), "Released next week", "Left")
    assert not Match.objects.filter(buddy=buddy, status__in=Match.LIVE).exists()


def the_person_waits_in_the_pool(place: Place, buddy: Buddy) -> None:
    lead = place.at("LEAD", f"buddies/{buddy.token}/approval/")
    send(lead, "Put in the approved pool")
    place.looks_at(place.at("LEAD", "buddies/pool/"), buddy.person.list_name, "Wing buddy")


def the_buddy_is_suspended(place: Place, buddy: Buddy) -> None:
    lead = place.at("LEAD", f"buddies/{buddy.token}/suspension/")
    write(lead, "Why is the buddy suspended?", "Something that was reported is being looked into.")
    choose(lead, "Is the buddy paid while suspended?", "Yes")
    choose_day(lead, "When is the suspension looked at again?", place.today + timedelta(days=7))
    write(lead, "How was the person told?", "In person by the wing manager")
    write(lead, "How can the person appeal?", "To the governor within seven days")
    choose(lead, "Who helps Victor Vale?", "Charlie Cross, the plan’s other buddy")
    send(lead, "Suspend and save who covers")
    place.looks_at(lead, "There is a problem", "Select who helps Stanley Stone")
    choose(lead, "Who helps Stanley Stone?", "Staff")
    send(lead, "Suspend and save who covers")
    place.looks_at(lead, "Saved. Visits have changed", "Charlie Cross", "Staff", "Paid while suspended")
    assert set(Cover.objects.filter(stand_down__buddy=buddy).values_list("choice", flat=True)) == {"OTHER", "STAFF"}


def the_buddy_is_reinstated(place: Place, buddy: Buddy) -> None:
    lead = place.at("LEAD", f"buddies/{buddy.token}/")
    follow(lead, "Reinstate")
    write(lead, "Why does the buddy come back?", "Nothing was found.")
    place.looks_at(lead)
    send(lead, "Reinstate")
    place.looks_at(lead, "Reinstated")
    assert StandDown.objects.get(buddy=buddy).ended_at is not None


def the_buddy_leaves(place: Place, buddy: Buddy) -> None:
    lead = place.at("LEAD", f"buddies/{buddy.token}/")
    lead.page.get_by_text("Other steps").click()
    follow(lead, "Record that the buddy leaves")
    write(lead, "Why does the buddy leave?", "Released next week.")
    choose(lead, "Who helps Victor Vale?", "Charlie Cross, the plan’s other buddy")
    choose(lead, "Who helps Stanley Stone?", "Nobody yet")
    place.looks_at(lead)
    send(lead, "Record and save who covers")
    place.looks_at(lead, "Left", "Released next week")
    assert buddy_of(buddy.person).status == Buddy.Status.LEFT


def test_refused_applicant_is_told_appeals_and_somebody_else_upholds_it(place: Place) -> None:
    # Given an application that the lead declined with a reason in plain words
    buddy = the_application_is_entered_by_staff(place, place.person("Derek", "Dawes"))
    lead = place.at("LEAD", f"buddies/{buddy.token}/refusal/")
    send(lead, "Decline")
    place.looks_at(lead, "There is a problem", "Enter the reason")
    write(lead, "Reason", "You have not been on this wing for three months yet.")
    send(lead, "Decline")
    place.looks_at(lead, "Declined", "To tell the person")

    # When the person is told with a letter, and appeals
    follow(lead, "Letter to print, in English")
    place.looks_at(lead, "You have not been on this wing for three months yet.", "Derek")
    the_person_is_told(place, buddy)
    lead = place.at("LEAD", f"buddies/{buddy.token}/refusal/appeal/")
    write(lead, "What does the person say?", "I have been here since July.")
    place.looks_at(lead)
    send(lead, "Record the appeal")
    place.looks_at(lead, "You declined this application, so somebody else decides about the appeal.")
    assert lead.page.get_by_role("link", name="Decide about the appeal").count() == 0

    # Then somebody else finds it and upholds it, and the application is open again where it stood
    delegate = place.at("GOVERNOR_DELEGATE")
    follow(delegate, "Appeals")
    place.looks_at(delegate)
    follow(delegate, "Dawes, Derek")
    follow(delegate, "Decide about the appeal")
    choose(delegate, "Decision", Refusal.Outcome.UPHELD.label)
    write(delegate, "Reason", "The record shows that you came in July.")
    place.looks_at(delegate)
    send(delegate, "Decide")
    place.looks_at(delegate, "Decision recorded", "Appeal upheld", "The record shows that you came in July.")
    place.looks_at(place.at("LEAD", f"buddies/{buddy.token}/"), "Ask for checks")
    assert buddy_of(buddy.person).status == Buddy.Status.APPLIED
    assert Refusal.objects.get(buddy=buddy).decided_by == place.staff["GOVERNOR_DELEGATE"]


def the_person_is_told(place: Place, buddy: Buddy) -> None:
    lead = place.at("LEAD", "refusals/?show=tell")
    place.looks_at(lead)
    follow(lead, buddy.person.list_name)
    follow(lead, "Record that the person was told")
    choose(lead, "How was the person told?", "Face to face")
    write(lead, "Who told the person?", "Olu Officer")
    place.looks_at(lead)
    send(lead, "Record that the person was told")
    lead.sees("Recorded that the person was told")


def test_override_lets_a_match_go_on_and_ends_by_itself(place: Place) -> None:
    # Given a buddy who has not passed the module that the task needs
    buddy = a_buddy(place, "Edgar", "Ellis", without=(WHEELCHAIR_MODULE,))
    plan, second = place.recipient("Ulric", "Usher", WHEELCHAIR), place.recipient("Thomas", "Tate", WHEELCHAIR)
    the_match_is_refused(place, plan, buddy)

    # When the lead asks for an override, and the governor's delegate approves it
    the_lead_asks_for_an_override(place, buddy, days=10)
    lead = place.at("LEAD", "overrides/")
    place.looks_at(lead, "To be decided")
    follow(lead, "Ellis, Edgar")
    assert lead.page.get_by_role("button", name="Save the decision").count() == 0
    the_delegate_approves_it(place, buddy)

    # Then a match is possible until the last day; after it a new one is refused, and the running one goes on
    match = the_buddy_is_proposed_and_both_agree(place, plan, buddy)
    with place.later(days=11):
        the_match_is_refused(place, second, buddy)
        place.looks_at(place.at("LEAD", "overrides/?state=ended"), "Ellis, Edgar", "Ended")
        place.looks_at(place.at("LEAD", "lapsed/"), "Usher, Ulric")
    match.refresh_from_db()
    assert match.status == Match.Status.ACTIVE
    assert not Match.objects.filter(plan=second).exists()


def the_match_is_refused(place: Place, plan: Plan, buddy: Buddy) -> None:
    lead = place.at("LEAD", f"plans/{plan.token}/match/{buddy.token}/")
    place.looks_at(lead, "Wheelchair and stair lift", "not passed")
    assert lead.page.get_by_role("button", name="Propose this buddy").count() == 0


def the_lead_asks_for_an_override(place: Place, buddy: Buddy, *, days: int) -> None:
    lead = place.at("LEAD", f"buddies/{buddy.token}/")
    lead.page.get_by_text("Other steps").click()
    follow(lead, "Ask for an override")
    choose(lead, "What may be missing for a time?", "Wheelchair and stair lift")
    choose_day(lead, "Last day of the override", place.today + timedelta(days=days))
    write(lead, "Why should the buddy go on without it?", "The class is next week.")
    place.looks_at(lead)
    send(lead, "Ask for approval")
    place.looks_at(lead, "Asked for. The governor’s delegate decides.")


def the_delegate_approves_it(place: Place, buddy: Buddy) -> None:
    delegate = place.at("GOVERNOR_DELEGATE")
    place.looks_at(delegate)
    follow(delegate, "Overrides to decide")
    follow(delegate, buddy.person.list_name)
    choose(delegate, "Do you approve?", "Approve")
    place.looks_at(delegate, "The class is next week.", "Lena Lead")
    send(delegate, "Save the decision")
    place.looks_at(delegate, "Override approved", "Running")
    assert Override.objects.get(buddy=buddy).decided_by == place.staff["GOVERNOR_DELEGATE"]


def test_lapsed_module_blocks_a_new_slot_and_the_lead_keeps_the_match(place: Place) -> None:
    # Given a buddy who helps, one of whose modules ran out yesterday
    buddy, plan = a_buddy(place, "Frank", "Frost"), place.recipient("Roland", "Rook", MEALS)
    match = the_buddy_is_proposed_and_both_agree(place, plan, buddy)
    with place.later(days=5):
        with place.reach():
            lapsed(buddy, place.staff["LEAD"], place.now, SAFEGUARDING)

        # When the lead adds a task, then it is refused in words, and what was typed stays
        a_new_task_is_refused(place, plan)

        # And help goes on: the lead decides until when
        the_lead_keeps_the_match(place, match)
    match.refresh_from_db()
    assert match.status == Match.Status.ACTIVE
    assert PlanTask.objects.filter(plan=plan).count() == 1


def a_new_task_is_refused(place: Place, plan: Plan) -> None:
    lead = place.at("LEAD", f"plans/{plan.token}/tasks/")
    lead.page.get_by_label("Task", exact=True).select_option("MOB-03")
    choose(lead, "On which days?", "Every day")
    choose(lead, "In which part of the day?", "Afternoon")
    write(lead, "Anything the buddy should know about this task", "Knock and wait.")
    send(lead, "Add this task")
    place.looks_at(
        lead,
        "Frank Frost helps with this plan and cannot be given this task.",
        "Safeguarding adults, with self-harm",
        "Have the module passed, or ask for an override.",
    )
    assert lead.page.get_by_label("Anything the buddy should know about this task").input_value() == "Knock and wait."


def the_lead_keeps_the_match(place: Place, match: Match) -> None:
    lead = place.at("LEAD", "lapsed/")
    place.looks_at(lead, "Rook, Roland")
    follow(lead, "Frost, Frank")
    lead.sees("Safeguarding adults, with self-harm")
    choose(lead, "What should happen?", LapseDecision.Choice.KEEP.label)
    choose_day(lead, "Last day for which the buddy goes on", place.today + timedelta(days=20))
    write(lead, "Reason", "The class is in two weeks.")
    place.looks_at(lead)
    send(lead, "Save the decision")
    place.looks_at(lead, "Help goes on")
    assert LapseDecision.objects.get(match=match).choice == LapseDecision.Choice.KEEP


def test_training_goes_along_to_the_next_prison(place: Place, visitor: Callable[..., Reader]) -> None:
    # Given a buddy who moves to another prison that uses the service
    buddy, there = a_buddy(place, "George", "Gale"), a_place(visitor)
    the_person_moves_to_another_prison(place, buddy.person)

    # When the record is sent, acknowledged there, and the person applies there again
    the_record_is_sent(place, buddy, there)
    there.people.add(buddy.person.last_name)
    the_next_prison_acknowledges_it(there, buddy)
    the_person_is_added_there(there, buddy.person)
    with there.reach():
        again = in_training(there.prison, there.staff["LEAD"], there.now, person=buddy.person)
    its_modules_are_accepted_but_one(there, buddy, "Safeguarding adults")

    # Then what was accepted counts there from its own day, and the sender sees that the record has come
    place.looks_at(place.at("LEAD", "buddy-records/?show=sent"), "Gale, George", "Acknowledged")
    there.looks_at(there.at("LEAD", f"training/{again.token}/"), place.prison.name)
    passed = ModuleResult.objects.filter(buddy=again, prior__isnull=False)
    assert SAFEGUARDING not in passed.values_list("module_id", flat=True)
    assert set(passed.filter(outcome="PASSED").values_list("assessed_on", flat=True)) == {place.today}
    there.closes()
