"""One whole day of a buddy scheme, walked in a real browser by the people who would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from zipfile import ZipFile

import pytest
import time_machine
from django.core.management import call_command

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.models import Message
from buddyscheme.outbox.relay import handle
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.tasks import publish_what_waits
from referrals.actions.days import open_day
from referrals.models import Concern, HeldText, Match, Plan, PlanTask, Referral, UnmetNeed, Visit, WeekConfirmation
from schemes.models import Buddy, Clearance, Scheme
from tests import cast
from tests.browser.conftest import NOW, Reader
from tests.browser.hands import choose, choose_day, follow, send, tap, write
from tests.builders.buddies import modules, pass_module
from tests.builders.schemes import person_in

pytestmark = pytest.mark.browser

TODAY = london_today(NOW)
NUMBER, UNKNOWN_HERE = "Z7301ZB", "Z7302ZB"
BENNET, COOPER = "Z7311ZA", "Z7312ZA"
STAFF = {
    "LEAD": "Lena Lead", "DEPUTY_LEAD": "Dev Deputy", "OFFICER": "Olu Officer", "TRAINER": "Tess Trainer",
    "GOVERNOR_DELEGATE": "Gil Governor", "SECURITY": "Sid Security", "HEALTHCARE": "Hana Health",
    "SAFEGUARDING": "Sol Safeguarding", "SIGNATORY": "Sig Signatory", "ADMIN": "Ada Admin",
}  # fmt: skip


@dataclass
class Day:
    """The prison, its people, and a browser for each of them."""

    prison: Prison
    staff: dict[str, User]
    visitor: Callable[..., Reader]
    windows: dict[str, Reader] = field(default_factory=dict)

    def by(self, role: str) -> Reader:
        """The browser in which this role is signed in."""
        if role not in self.windows:
            self.windows[role] = self.visitor(self.staff[role])
        return self.windows[role]

    def at(self, role: str, address: str = "") -> Reader:
        """The role's browser, on a page of the prison."""
        window = self.by(role)
        window.open(f"/prisons/{self.prison.code}/{address}")
        return window


@pytest.fixture
def day(transactional_db: None, visitor: Callable[..., Reader]) -> Iterator[Day]:
    """A prison with a wing, staff and two people, and nothing set up."""
    call_command("load_register", verbosity=0)
    prison = cast.make_prison()
    wing = cast.make_wing(prison)
    staff = {
        role: cast.make_staff(name, role, prison, department="OFFENDER_MANAGEMENT" if role == "SIGNATORY" else "")
        for role, name in STAFF.items()
    }
    staff |= {
        role: cast.make_staff(name, role, None)
        for role, name in (("NATIONAL_LEAD", "Nat National"), ("INSPECTOR", "Ina Inspector"))
    }
    elsewhere = cast.make_prison("ZTB", "Otherfield")
    other_lead = cast.make_staff("Otto Outside", "LEAD", elsewhere)
    with scoped(DatabaseRole.WEB, prisons=[prison.code]):
        for number, last, cell in ((BENNET, "Bennet", "A1-03"), (COOPER, "Cooper", "A1-04")):
            person_in(
                prison, staff["LEAD"], NOW, number, first_name="Carl", last_name=last, wing=wing, landing=1, cell=cell
            )
    with scoped(DatabaseRole.WEB, prisons=["ZTB"]):
        person_in(elsewhere, other_lead, NOW, UNKNOWN_HERE, last_name="Secretive")
    walked = Day(prison, staff, visitor)
    yield walked
    for role, window in walked.windows.items():
        assert window.complaints == [], role


# The steps ---------------------------------------------------------------------------------------------------


def the_lead_opens_the_scheme(day: Day) -> None:
    lead = day.at("LEAD")
    lead.sees("not open yet")
    day.at("LEAD", "scheme/")
    send(lead, "Start setting up")
    day.at("LEAD", "scheme/wings/")
    choose(lead, "Which wings does the scheme serve?", "A wing")
    send(lead, "Save")
    day.at("LEAD", "scheme/cover/")
    choose(lead, "Deputy lead", "Dev Deputy")
    write(lead, "Who covers when both are away?", "The residential governor")
    send(lead, "Save")
    for address in ("scheme/tasks/", "scheme/regime/"):
        day.at("LEAD", address)
        send(lead, "Save")
    lead.sees("Still to settle")
    assert lead.page.get_by_role("button", name="Check and open the scheme").count() == 0
    day.at("LEAD", "scheme/falls/")
    write(lead, "Who answers a fall by day?", "The wing officer, then healthcare")
    write(lead, "Within how many minutes, by day?", "10")
    write(lead, "Who answers a fall by night?", "The night orderly officer")
    write(lead, "Within how many minutes, by night?", "15")
    send(lead, "Save")
    follow(lead, "Check and open the scheme")
    send(lead, "Open the scheme")
    assert Scheme.objects.get(prison=day.prison).status == "OPEN"
    day.at("LEAD").sees("Waiting for you")


def the_lead_takes_over_a_buddy(day: Day) -> None:
    lead = day.at("LEAD", "buddies/take-over/")
    write(lead, "Prison number", BENNET)
    choose_day(lead, "Since when has the person done the job?", TODAY - timedelta(days=400))
    choose(lead, "What is still missing?", "The signed compact", "Training modules")
    choose_day(lead, "By when will it be made good?", TODAY + timedelta(days=90))
    write(lead, "Why should the person go on without a break?", "Three people depend on him.")
    send(lead, "Ask for approval")

    delegate = day.at("GOVERNOR_DELEGATE", "take-overs/")
    follow(delegate, "Bennet, Carl")
    choose(delegate, "Do you approve?", "Approve")
    send(delegate, "Save the decision")

    departments_clear(day)
    the_lead_starts(day, BENNET)
    lead.sees("Taken over")


def departments_clear(day: Day) -> None:
    for role in ("SECURITY", "HEALTHCARE", "SAFEGUARDING", "SIGNATORY"):
        signer = day.at(role, "clearances/")
        follow(signer, ", Carl")
        choose(signer, "Is this person cleared to be a buddy?", "Cleared")
        choose_day(signer, "Runs out on", TODAY + timedelta(days=365))
        send(signer, "Sign")
    assert not Clearance.objects.filter(decision="WAITING").exists()


def the_lead_starts(day: Day, number: str) -> None:
    buddy = Buddy.objects.get(person__prison_number=number)
    lead = day.at("LEAD", f"training/{buddy.token}/appointment/")
    send(lead, "Start as a buddy")
    buddy.refresh_from_db()
    assert buddy.status == "ACTIVE"
    day.at("LEAD", f"buddies/{buddy.token}/")


def the_officer_refers(day: Day) -> None:
    officer = day.at("OFFICER", "referrals/new/")
    write(officer, "What is the prison number", "12345")
    send(officer, "Continue")
    officer.sees("There is a problem")
    assert officer.page.title().startswith("Error: ")
    write(officer, "What is the prison number", UNKNOWN_HERE)
    send(officer, "Continue")
    officer.sees("Nobody with this prison number is on this prison’s list")
    officer.does_not_see("Secretive")
    officer.does_not_see("Otherfield")

    day.at("OFFICER", "referrals/new/")
    write(officer, "What is the prison number", NUMBER)
    send(officer, "Continue")
    follow(officer, "Add this person")
    write(officer, "First name", "Albert")
    write(officer, "Last name", "Walker")
    officer.page.get_by_label("Wing").select_option(label="A wing")
    write(officer, "Landing", "1")
    write(officer, "Cell", "A1-07")
    send(officer, "Add this person")
    if officer.page.get_by_label("What is the prison number").count():
        write(officer, "What is the prison number", NUMBER)
        send(officer, "Continue")
    choose(officer, "What does the person need help with?", "Meals and water")
    write(officer, "Why, in a few words?", "Cannot carry a tray.")
    choose(officer, "How soon is help needed?", "This week")
    choose(officer, "Who asked for help?", "Prison staff")
    choose(officer, "Does another prisoner already help the person?", "No")
    send(officer, "Continue")
    officer.sees("Cannot carry a tray.")
    send(officer, "Send the referral")
    officer.sees("Referral sent")
    officer.sees(Referral.objects.get().reference)


def the_lead_screens(day: Day) -> None:
    lead = day.at("LEAD", "referrals/?status=RECEIVED")
    follow(lead, "Walker, Albert")
    follow(lead, "Screen this referral")
    choose(lead, "What happens next?", "Buddy support")
    send(lead, "Save the outcome")
    assert Referral.objects.get().outcome == "BUDDY"


def the_person_says_what_they_want(day: Day) -> None:
    officer = day.at("OFFICER", "wishes/")
    follow(officer, "Walker, Albert")
    write(officer, "What does the person want, in their own words?", "I want to eat hot food again.")
    choose(officer, "Does the person agree to help from a buddy?", "Yes")
    choose(officer, "May the plan be shared", "Yes")
    send(officer, "Save")


def the_lead_writes_the_plan_and_words_about_washing_are_held(day: Day) -> None:
    plan = Plan.objects.get()
    lead = day.at("LEAD", f"plans/{plan.token}/writing/")
    write(
        lead, "What should the help achieve?", "Eat with the others every day.\nThe buddy helps him wash in the shower."
    )
    choose(lead, "What must the buddy know to be safe?", "Unsteady on their feet")
    choose_day(lead, "Date of the first review", TODAY + timedelta(days=90))
    choose(lead, "Does the person need help to leave in an emergency?", "No")
    choose(lead, "Is the person at risk of falling?", "No")
    send(lead, "Save and go on to the tasks")
    lead.sees("wait for a second person")

    second = day.at("SAFEGUARDING", "held-words/?decision=WAITING")
    follow(second, "The buddy helps him wash")
    choose(second, "Do these words describe work that a buddy may do?", "No, refuse the words")
    write(second, "Why?", "Washing is for carers.")
    send(second, "Save the decision")
    assert HeldText.objects.get().decision == "REFUSED"


def the_plan_gets_its_tasks_and_personal_care_is_refused(day: Day) -> None:
    plan = Plan.objects.get()
    add_task(day, plan, "PRO-07", "Morning")
    lead = day.by("LEAD")
    lead.sees("Not a buddy’s task")
    send(lead, "Record as an unmet need")
    assert UnmetNeed.objects.get().task.code == "PRO-07"
    for code, part in (("DOM-03", "Morning"), ("MOB-03", "Afternoon"), ("DOM-05", "Evening")):
        add_task(day, plan, code, part)
    day.at("LEAD", f"plans/{plan.token}/")
    follow(lead, "Make this plan active")
    send(lead, "Make the plan active")
    plan.refresh_from_db()
    assert plan.status == "ACTIVE"


def add_task(day: Day, plan: Plan, code: str, part: str) -> None:
    lead = day.at("LEAD", f"plans/{plan.token}/tasks/")
    lead.page.get_by_label("Task", exact=True).select_option(code)
    choose(lead, "On which days?", "Every day")
    choose(lead, "In which part of the day?", part)
    send(lead, "Add this task")


def the_lead_takes_on_a_new_buddy(day: Day) -> None:
    lead = day.at("LEAD", "buddies/application/")
    write(lead, "Prison number", COOPER)
    choose_day(lead, "Date of the application", TODAY)
    write(lead, "Why does the person want to be a buddy?", "I looked after my father.")
    choose(lead, "Did the person need help to apply?", "No")
    send(lead, "Record the application")
    buddy = Buddy.objects.get(person__prison_number=COOPER)

    day.at("LEAD", f"buddies/{buddy.token}/checks/")
    lead.page.locator("#submit").click()
    lead.page.wait_for_url(lambda url: not url.endswith("/checks/"))
    departments_clear(day)
    day.at("LEAD", f"buddies/{buddy.token}/interview/")
    choose_day(lead, "Date of the interview", TODAY)
    write(lead, "Who held it", "The lead and an officer")
    choose(lead, "Agreed result", "Suitable")
    send(lead, "Record the interview")
    day.at("LEAD", f"buddies/{buddy.token}/offer/")
    lead.page.locator("#submit").click()
    lead.page.wait_for_url(lambda url: not url.endswith("/offer/"))
    day.at("LEAD", f"buddies/{buddy.token}/compact/")
    choose_day(lead, "Date of signing", TODAY)
    choose(lead, "Was the compact read aloud?", "Yes")
    lead.page.get_by_label("I saw the person sign").check()
    send(lead, "Record the signature")

    plan = Plan.objects.get()
    day.at("LEAD", f"plans/{plan.token}/match/{buddy.token}/").sees("not passed")
    assert lead.page.get_by_role("button", name="Propose this buddy").count() == 0

    the_trainer_records_modules(day)
    the_lead_starts(day, COOPER)


def the_trainer_records_modules(day: Day) -> None:
    first, *others = modules()
    trainer = day.at("TRAINER", f"training/modules/{first.code}/class/")
    choose_day(trainer, "Date of the class", TODAY)
    for who in ("Bennet, Carl", "Cooper, Carl"):
        choose(trainer, who, "Passed")
    send(trainer, "Save the class")
    with scoped(DatabaseRole.WEB, prisons=[day.prison.code]):
        for buddy in Buddy.objects.select_related("prison", "person"):
            for module in others:
                pass_module(buddy, module, day.staff["TRAINER"], NOW + timedelta(minutes=5))


def the_lead_matches(day: Day) -> None:
    plan = Plan.objects.get()
    lead = day.at("LEAD", f"plans/{plan.token}/match/")
    lead.sees("Suggested, best first")
    lead.sees("points")
    follow(lead, "Cooper, Carl")
    send(lead, "Propose this buddy")
    match = Match.objects.get()
    day.at("LEAD", f"matches/{match.token}/answers/")
    choose(lead, "Does the person want this buddy?", "Yes")
    choose(lead, "Does the buddy want to help this person?", "Yes")
    send(lead, "Save both answers")
    match.refresh_from_db()
    assert match.status == "ACTIVE"


def the_officer_sees_the_unlock_list_and_opens_a_terminal(day: Day) -> Reader:
    with scoped(DatabaseRole.WEB, prisons=[day.prison.code]):
        open_day(
            by=cast.acts(day.staff["OFFICER"], day.prison), now=NOW + timedelta(minutes=5), prison=day.prison, day=TODAY
        )
    officer = day.at("OFFICER", "today/")
    for words in ("Walker, Albert", "Carl Cooper", "Collect meals", "Morning", "Evening"):
        officer.sees(words)
    day.at("OFFICER", "today/paper/").sees("Initials")
    officer.page.emulate_media(media="print")
    assert not officer.page.get_by_role("button", name="Print").first.is_visible()
    officer.page.emulate_media(media="screen")

    machine = day.visitor(day.staff["ADMIN"])
    machine.open(f"/prisons/{day.prison.code}/terminals/enrol/")
    write(machine, "Name of this machine", "A wing terminal")
    machine.page.get_by_label("Wing", exact=True).select_option(label="A wing")
    send(machine, "Enrol this machine")
    machine.page.context.clear_cookies(name="sessionid")
    machine.open("/terminal/")
    machine.sees("Ask a member of staff.")

    day.at("OFFICER", "windows/")
    send(officer, "Open the terminal")
    return machine


def the_buddy_logs_visits(day: Day, machine: Reader) -> None:
    machine.page.set_viewport_size({"width": 1024, "height": 768})
    the_officer_checks_the_face(day, "New code")
    machine.open("/terminal/")
    machine.press("Show my new code")
    machine.page.locator(".digits").wait_for()
    digits = "".join(machine.page.locator(".digits span").all_inner_texts())
    machine.open("/terminal/")
    machine.does_not_see("Show my new code")
    machine.page.locator("#number").fill(COOPER)
    machine.page.locator("#code").fill(digits)
    machine.page.locator(".enter button[type=submit]").click()
    machine.page.wait_for_url("**/terminal/home/")

    tap(machine, "My visits")
    for words in ("Morning", "All as planned", "Nothing to tell staff", "Finish"):
        tap(machine, words)
    machine.open("/terminal/visits/")
    for words in ("Afternoon", "Not done", "Not unlocked", "Yes, tell staff", "A worry about somebody"):
        tap(machine, words)
    machine.page.locator("#words").fill("He has not eaten since Friday.")
    tap(machine, "Finish")
    machine.page.wait_for_url("**/terminal/thanks/")
    machine.page.locator(".bar-leave").click()
    machine.page.wait_for_url("**/terminal/")
    machine.page.go_back()
    machine.does_not_see("Albert")
    assert set(Visit.objects.values_list("outcome", "reason")) == {("DONE", ""), ("NOT_DONE", "NOT_UNLOCKED")}


def the_officer_checks_the_face(day: Day, what: str) -> None:
    officer = day.at("OFFICER", "windows/")
    follow(officer, "Let somebody in")
    token = Buddy.objects.get(person__prison_number=COOPER).person.token
    officer.page.get_by_label("Who is it?").select_option(token)
    choose(officer, "What for?", what)
    send(officer, "I have checked the face")


def the_officer_keys_a_paper_slip(day: Day) -> None:
    officer = day.at("OFFICER", "visits/slips/")
    write(officer, "How many slips?", "3")
    send(officer, "Make the slips")
    officer.sees("1001")
    day.at("OFFICER", "visits/slips/key/")
    write(officer, "Number of the slip", "1001")
    choose_day(officer, "Day of the visit", TODAY)
    send(officer, "Continue")
    follow(officer, "Walker, Albert")
    choose(officer, "What happened?", "Done as planned")
    write(officer, "How many minutes did it take?", "10")
    send(officer, "Save the visit")
    officer.sees("is entered")
    assert Visit.objects.count() == 3


def the_person_stops_a_task(day: Day) -> None:
    officer = day.at("OFFICER", "help/")
    follow(officer, "Walker, Albert")
    follow(officer, "Stop “Collect meals”")
    send(officer, "Stop this task")
    assert PlanTask.objects.exclude(stopped_at=None).count() == 1


def the_lead_reads_the_worry(day: Day) -> None:
    concern = Concern.objects.get()
    lead = day.at("LEAD", f"concerns/{concern.token}/")
    lead.sees("He has not eaten since Friday.")
    write(lead, "What was done?", "Spoke with him; healthcare sees him today.")
    send(lead, "Save what was done")
    follow(lead, "The writer was told")
    lead.page.locator("#submit").click()
    lead.page.wait_for_url(lambda url: not url.endswith("/told/"))
    concern.refresh_from_db()
    assert concern.writer_told_at is not None


def a_week_later_the_lead_confirms_it(day: Day) -> None:
    with time_machine.travel(NOW + timedelta(days=7), tick=True):
        lead = day.visitor(day.staff["LEAD"])
        lead.open(f"/prisons/{day.prison.code}/visits/week/A/{TODAY:%Y-%m-%d}/")
        lead.sees("To look at first")
        lead.page.get_by_label("I looked at it and it is right").first.check()
        send(lead, "Confirm the week")
    confirmed = WeekConfirmation.objects.get()
    assert (confirmed.visits, confirmed.looked_at) == (3, 1)
    assert lead.complaints == []


def the_figures_follow(day: Day) -> None:
    with scoped(DatabaseRole.NATIONAL):
        for message in Message.objects.filter(handled_at=None).order_by("id"):
            handle(message.pk)
    lead = day.at("LEAD", "figures/")
    for measure in ("OP-02", "OP-04", "OP-07", "OP-08", "OP-22", "BS-01"):
        lead.sees(measure)
    assert lead.faults() == []
    lead.page.get_by_role("link", name="Active buddies", exact=True).first.click()
    lead.page.wait_for_load_state()
    assert lead.page.locator("svg").count() > 0
    lead.page.get_by_text("The numbers").first.click()
    assert lead.faults() == []


def the_release_is_published_and_read(day: Day) -> None:
    national = day.by("NATIONAL_LEAD")
    national.open("/national/releases/publish/")
    national.page.locator("select, input[type=radio]").first.evaluate(
        "e => { if (e.tagName === 'SELECT') e.selectedIndex = e.options.length - 1; else e.checked = true; }"
    )
    national.page.locator("#submit").click()
    national.page.wait_for_url("**/releases/asked/*/")
    national.sees("Publishing ")
    publish_what_waits()
    # The page looks again by itself.
    national.page.get_by_role("button", name="Open the release").wait_for()
    assert national.faults() == []

    inspector = day.by("INSPECTOR")
    inspector.open("/national/releases/")
    inspector.page.locator("main table a").first.click()
    inspector.page.wait_for_load_state()
    with inspector.page.expect_download() as download:
        inspector.page.get_by_role("link", name="Download these figures").first.click()
    with ZipFile(download.value.path()) as archive:
        text = archive.read("figures.csv").decode("utf-8-sig")
    for name in ("Walker", "Cooper", "Bennet", NUMBER):
        inspector.does_not_see(name)
        assert name not in text


def test_one_day_of_a_buddy_scheme(day: Day) -> None:
    the_lead_opens_the_scheme(day)
    the_lead_takes_over_a_buddy(day)
    the_officer_refers(day)
    the_lead_screens(day)
    the_person_says_what_they_want(day)
    the_lead_writes_the_plan_and_words_about_washing_are_held(day)
    the_plan_gets_its_tasks_and_personal_care_is_refused(day)
    the_lead_takes_on_a_new_buddy(day)
    the_lead_matches(day)
    machine = the_officer_sees_the_unlock_list_and_opens_a_terminal(day)
    the_buddy_logs_visits(day, machine)
    the_officer_keys_a_paper_slip(day)
    the_person_stops_a_task(day)
    the_lead_reads_the_worry(day)
    a_week_later_the_lead_confirms_it(day)
    the_figures_follow(day)
    the_release_is_published_and_read(day)
