"""What people do on the way of somebody who needs help: asking, deciding, planning, moving on."""

from __future__ import annotations

from datetime import date, timedelta

from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.models import Plan
from schemes.models import Person
from tests.browser.conftest import Reader
from tests.browser.hands import choose, choose_day, follow, mark, pick, send, tap, write
from tests.browser.working_life import SCREEN, Place


def what_follows_happens() -> None:
    """What the relay does within seconds."""
    with scoped(DatabaseRole.NATIONAL):
        drain()


def at_home(place: Place, role: str, link: str) -> Reader:
    """The role's home page, and the page behind one of its links or tiles."""
    window = place.at(role)
    follow(window, link)
    return window


def looks_at_the_machine(place: Place, machine: Reader, *words: str) -> None:
    """The screen says this, and is examined as it stands on the wing."""
    for each in words:
        machine.sees(each)
    place.faults += machine.faults(widths=(SCREEN["width"],), height=SCREEN["height"])
    machine.page.set_viewport_size(SCREEN)


def the_request_stands(place: Place, machine: Reader, *words: str) -> None:
    """What somebody who has asked for help reads about it."""
    tap(machine, "Ask for help")
    looks_at_the_machine(place, machine, "What I asked for", *words)


# Asking and deciding -----------------------------------------------------------------------------------------


def asks_for_help_by_taps(place: Place, machine: Reader, *areas: str, when: str) -> None:
    """No word is typed."""
    looks_at_the_machine(place, machine)
    tap(machine, "Ask for help")
    for area in areas:
        mark(machine, area)
    looks_at_the_machine(place, machine, "What do you need help with?")
    tap(machine, "Next")
    looks_at_the_machine(place, machine, "When do you need help?")
    tap(machine, when)
    looks_at_the_machine(place, machine, "Is this right?", *areas)
    tap(machine, "Send")
    looks_at_the_machine(place, machine, "Staff have your request.")


def the_lead_screens(place: Place, person: Person, outcome: str) -> None:
    """From the home page to the outcome."""
    lead = at_home(place, "LEAD", "Referrals to screen")
    place.looks_at(lead, person.list_name)
    follow(lead, person.list_name)
    place.looks_at(lead, "What was said")
    follow(lead, "Screen this referral")
    place.looks_at(lead)
    choose(lead, "What happens next?", outcome)
    send(lead, "Save the outcome")
    place.looks_at(lead, outcome)


def the_person_says_yes(place: Place, person: Person, words: str) -> None:
    """Asked in private by an officer."""
    officer = at_home(place, "OFFICER", "People to ask what they want")
    place.looks_at(officer)
    follow(officer, person.list_name)
    place.looks_at(officer, "Ask in private, with nobody else in hearing.")
    write(officer, "What does the person want, in their own words?", words)
    choose(officer, "Does the person agree to help from a buddy?", "Yes")
    choose(officer, "May the plan be shared with the council and healthcare?", "Yes")
    send(officer, "Save")
    officer.sees("Saved. The lead can now write the plan.")


def the_plan_is_written(place: Place, person: Person, *tasks: tuple[str, str]) -> Plan:
    """From the home page to an active plan; each task every day in one part of the day."""
    lead = at_home(place, "LEAD", "Plans to write")
    follow(lead, person.list_name)
    place.looks_at(lead)
    follow(lead, "Write this part")
    write(lead, "What should the help achieve?", "Eat with the others every day.")
    choose(lead, "What must the buddy know to be safe?", "Unsteady on their feet")
    choose_day(lead, "Date of the first review", place.today + timedelta(days=90))
    choose(lead, "Does the person need help to leave in an emergency?", "No")
    choose(lead, "Is the person at risk of falling?", "No")
    place.looks_at(lead)
    send(lead, "Save and go on to the tasks")
    for code, part in tasks:
        a_task_is_added(lead, code, part)
    place.looks_at(lead, f"In the plan ({len(tasks)})")
    follow(lead, "Go on to the plan")
    follow(lead, "Make this plan active")
    place.looks_at(lead)
    send(lead, "Make the plan active")
    place.looks_at(lead, "There is no buddy for this plan, so nobody comes.")
    return Plan.objects.get(person=person, prison=place.prison, status=Plan.Status.ACTIVE)


def a_task_is_added(lead: Reader, code: str, part: str) -> None:
    """On the page of the plan's tasks."""
    lead.page.get_by_label("Task", exact=True).select_option(code)
    choose(lead, "On which days?", "Every day")
    choose(lead, "In which part of the day?", part)
    send(lead, "Add this task")


def a_visit_is_logged_by_taps(place: Place, machine: Reader, part: str, name: str) -> None:
    """Four taps."""
    tap(machine, "My visits")
    looks_at_the_machine(place, machine, part)
    tap(machine, part)
    looks_at_the_machine(place, machine, name)
    for words in ("All as planned", "Nothing to tell staff", "Finish"):
        tap(machine, words)
    machine.page.wait_for_url("**/terminal/thanks/")


def has_visits(place: Place, machine: Reader, name: str) -> None:
    """The buddy's screen shows one to this person."""
    tap(machine, "My visits")
    looks_at_the_machine(place, machine, name)


def has_no_visits(place: Place, machine: Reader, name: str) -> None:
    """The buddy's screen names nobody."""
    tap(machine, "My visits")
    machine.does_not_see(name)
    looks_at_the_machine(place, machine)


# Moving on ---------------------------------------------------------------------------------------------------


def the_care_record_is_sent(place: Place, person: Person, there: Place) -> None:
    """From the person's page."""
    lead = place.at("LEAD", f"people/{person.token}/")
    follow(lead, "Moving on: care record and handover")
    place.looks_at(lead, "To another prison")
    follow(lead, "Send the care record")
    pick(lead, "Which prison do they move to?", there.prison.name)
    choose(lead, "Do they need help on the first day?", "Yes")
    place.looks_at(lead, "No buddy is named")
    send(lead, "Send the care record")
    place.looks_at(lead, f"Sent to {there.prison.name}.", "Not moved yet")


def the_person_leaves(place: Place, person: Person, why: str, to: Place | None = None) -> None:
    """From the person's page, and what follows from it."""
    lead = place.at("LEAD", f"people/{person.token}/")
    follow(lead, "Record that the person has left")
    choose(lead, "Why did the person leave?", why)
    if to is not None:
        pick(lead, "Which prison have they moved to?", to.prison.name)
    place.looks_at(lead)
    send(lead, "Record that the person has left")
    what_follows_happens()


def the_person_is_added_there(there: Place, person: Person) -> None:
    """The words are the same whether the number is known elsewhere or not."""
    lead = there.at("LEAD", "people/add/")
    write(lead, "Prison number", person.prison_number)
    write(lead, "First name", person.first_name)
    write(lead, "Last name", person.last_name)
    pick(lead, "Wing", "A wing")
    send(lead, "Add this person")
    there.people.add(person.last_name)


def release_is_on(place: Place, person: Person, day: date) -> None:
    """From the person's page."""
    lead = place.at("LEAD", f"people/{person.token}/")
    follow(lead, "Record a release date")
    choose_day(lead, "When is the person to be released?", day)
    place.looks_at(lead)
    send(lead, "Save")
