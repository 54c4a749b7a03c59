"""Steps 8 to 11 of the main line: the unlock list, the terminal, paper, what the person says, and the week."""

from __future__ import annotations

import re
import time

from script.support.line_help import NAME
from script.support.line_scheme import at, by, link_below, on, prison, today
from script.support.walk import Answer, Browser, Walker

MACHINE = "Walked terminal"


def unlock(walker: Walker) -> None:
    """Step 8. The officer sees and prints the unlock list, and opens a window at an enrolled terminal."""
    officer = by(walker, "OFFICER")
    officer.get(at(walker, "today/")).must_say(NAME, "Collect meals", "Morning", "Afternoon", "Evening")
    officer.get(at(walker, "today/paper/")).must_say("Unlock list", "Initials", NAME)
    # The busiest prison has visits with nobody to come: their meals are lines for staff.
    busy = walker.as_role("OFFICER", prison="ZAA").get("/prisons/ZAA/today/")
    busy.must_say("with nobody to come")
    terminal = enrol(walker)
    sign_in(terminal, walker.account("OFFICER", prison=prison(walker)))
    terminal.get(at(walker, "windows/"))
    here = terminal.here.form("minutes", saying="signed out of this machine")
    terminal.send(here, {"minutes": 30}).must_say("Go in")
    terminal.get(at(walker)).form("login", "password")
    walker.tell("a window of 30 minutes is open; the officer was signed out of that machine in the same moment")


def enrol(walker: Walker) -> Browser:
    """An administrator makes a browser the terminal of a wing, and leaves it."""
    terminal = walker.nobody("terminal")
    sign_in(terminal, walker.account("ADMIN", prison=prison(walker)))
    terminal.get(at(walker, "terminals/enrol/"))
    form = terminal.here.form("name", "wing")
    wing = next(value for value in form.choices("wing") if value)
    terminal.send(form, {"name": MACHINE, "wing": wing}).must_say("This machine is now the terminal")
    terminal.press("Sign out")
    terminal.get("/terminal/").must_say("This screen is closed now")
    return terminal


def sign_in(browser: Browser, account: dict[str, str]) -> None:
    """Sign in on a machine that is not one's own."""
    browser.get("/account/login/")
    browser.fill({"login": account["email"], "password": account["password"]})


def terminal_visits(walker: Walker) -> None:
    """Step 9. The buddy goes in by code and let in, logs visits, tells staff; nothing stays behind."""
    terminal = walker.browsers["terminal"]
    code = issue_code(walker, terminal)
    number = str(walker.notes["recruited"])
    terminal.get("/terminal/")
    wrong = f"{(int(code) + 7) % 1_000_000:06d}"
    terminal.fill({"number": number, "code": wrong}).must_say("That did not work")
    # After a wrong try the next one has to wait a second.
    time.sleep(1.5)
    terminal.fill({"number": number, "code": code}).must_say("My visits")
    terminal.get("/terminal/visits/").must_say("Morning").must_not_say(NAME)
    log_as_planned(walker, terminal)
    leave(walker, terminal)
    choose(walker, number, "LET_IN")
    terminal.get("/terminal/")
    terminal.press("Continue").must_say("My visits")
    log_not_done(walker, terminal)
    leave(walker, terminal)
    key_slip(walker)


def issue_code(walker: Walker, terminal: Browser) -> str:
    """The officer confirms the face; the terminal shows six digits once."""
    choose(walker, str(walker.notes["recruited"]), "NEW_CODE")
    terminal.get("/terminal/")
    terminal.press("Show my new code")
    shown = re.search(r"(?:\d\s*){6}", terminal.here.page.words)
    if shown is None:
        raise AssertionError(f"The terminal shows no six digits: {terminal.here.page.words[:300]}")
    terminal.get("/terminal/").must_not_say("Show my new code")
    walker.tell("a code was shown once at the terminal; no member of staff saw it")
    return "".join(shown[0].split())


def choose(walker: Walker, number: str, what: str) -> None:
    """The officer looks at somebody's face and says what for."""
    officer = by(walker, "OFFICER")
    officer.get(at(walker, "windows/"))
    window = [link.address for link in officer.here.page.links if link.text == "Let somebody in"][-1]
    officer.get(f"{window}?wing=all").must_say(MACHINE)
    form = officer.here.form("person", "what")
    officer.send(form, {"person": form.choice("person", number), "what": what})


def log_as_planned(walker: Walker, terminal: Browser) -> None:
    """Four taps: the visit; all as planned; nothing to tell staff; finish. The last one saves, and only once."""
    taps = ["Morning", "All as planned", "Nothing to tell staff"]
    for tap in taps:
        terminal.follow(tap)
    ready = terminal.here
    form = ready.form(button="Finish")
    terminal.send(form, button="Finish").must_say("Thank you")
    terminal.at = ready
    terminal.send(form, button="Finish")
    found = by(walker, "LEAD").get(at(walker, "visits/"))
    found.must_say("Showing 1 to 1 of 1", "Buddy at a terminal", "Done as planned")
    walker.tell(f"a visit logged in {len(taps) + 1} taps; the last one pressed twice makes one record")


def log_not_done(walker: Walker, terminal: Browser) -> None:
    """Another visit did not happen because nobody was unlocked; a worry goes with it and looks like any visit."""
    terminal.get("/terminal/visits/")
    for tap in ("Afternoon", "Not done", "Not unlocked", "Yes, tell staff", "A worry about somebody"):
        terminal.follow(tap)
    thanks = terminal.send(
        terminal.here.form("words", button="Finish"), {"words": "He has not eaten since Friday."}, button="Finish"
    )
    thanks.must_say("Thank you").must_not_say("worry", "eaten")
    terminal.get("/terminal/visits/").must_not_say("worry", "eaten")
    walker.tell("not unlocked, and a worry: the same thanks, and no trace of it")


def leave(walker: Walker, terminal: Browser) -> None:
    """Leaving clears the screen: Back and every address of before show the way in and nothing else."""
    before = ["/terminal/visits/", "/terminal/home/", "/terminal/thanks/", terminal.here.path]
    terminal.get("/terminal/home/")
    left: Answer = terminal.press("Leave")
    walker.expect("no-store" in left.headers.get("Cache-Control", ""), "A terminal page may be kept by the browser.")
    for address in before:
        terminal.get(address, status=None).must_not_say(NAME, "Albert", "worry", "My visits today")
    walker.tell("after leaving, Back shows nothing")


def key_slip(walker: Walker) -> None:
    """The officer keys a numbered slip; the same slip a second time is refused."""
    officer = by(walker, "OFFICER")
    officer.get(at(walker, "visits/slips/"))
    officer.fill({"how_many": 3}).must_say("No. 1001")
    for attempt in (1, 2):
        officer.get(at(walker, "visits/slips/key/"))
        officer.fill({"number": 1001, **on("happened_on", today())})
        if attempt == 1:
            officer.get(link_below_slip(officer.here))
            officer.fill({"outcome": "DONE", "minutes": 10}).must_say("is entered")
    officer.here.must_say("There is a problem", "1001")
    walker.tell("paper slip 1001 keyed once; a second time it is refused")


def link_below_slip(page: Answer) -> str:
    """The first visit that the slip may be about."""
    for link in page.page.links:
        if "/visit/" in link.address:
            return link.address
    raise AssertionError(f"{page.path} offers no visit for the slip: {page.page.words[-300:]}")


def stop(walker: Walker) -> None:
    """Step 10. The person says that the help came and stops one task; today's visits change at once."""
    officer = by(walker, "OFFICER")
    officer.get(at(walker, "visits/week/"), status=None)
    lead = by(walker, "LEAD")
    lead.get(at(walker, "visits/"))
    lead.get(link_below(lead.here, "visits/"))
    lead.get(f"{lead.here.path}ask/")
    lead.fill({"answer": "CAME", "asked_in_return": "NO"})
    officer.get(at(walker, "help/"))
    officer.get(link_below(officer.here, "help/"))
    officer.get(next(link.address for link in officer.here.page.links if "Collect meals" in link.text))
    officer.press("Stop this task")
    tomorrow = by(walker, "LEAD").get(walker.notes["plan"])
    running = tomorrow.page.words.partition("Tasks of this plan")[2].partition("Consent")[0]
    walker.expect("Stop “Collect meals”" not in running, "The plan still holds the task that was stopped.")
    walker.tell("asked in private; one task stopped, and the plan’s visits follow")


def confirm(walker: Walker) -> None:
    """Step 11. The lead confirms a wing's week, reads the worry, acts, and tells the writer."""
    busy = walker.as_role("LEAD", prison="ZAA")
    busy.get("/prisons/ZAA/visits/week/")
    weeks = [a.address for a in busy.here.page.links if re.search(r"/visits/week/\w+/\d{4}-\d\d-\d\d/", a.address)]
    walker.expect(weeks, "No week waits to be confirmed at the busiest prison.")
    busy.get(weeks[0]).must_say("To look at first")
    form = busy.here.form("right", button="Confirm the week")
    visits = list(form.choices("right"))
    busy.send(form, {"right": visits[:3]}, button="Confirm the week")
    busy.get("/prisons/ZAA/visits/week/")
    walker.expect(weeks[0] not in [link.address for link in busy.here.page.links], "The week still waits.")
    walker.tell("a week confirmed: what does not fit came first, and the share looked at is stored")
    lead = by(walker, "LEAD")
    lead.get(at(walker, "concerns/?status=NEW"))
    lead.get(link_below(lead.here, "concerns/")).must_say("He has not eaten since Friday.")
    page = lead.here.path
    lead.fill({"words": "Spoke with him; healthcare sees him today."})
    lead.get(f"{page}told/")
    lead.send(lead.here.form("form_key"))
    lead.get(page).must_say("healthcare sees him today").must_not_say("Writer told in person Not yet")
    walker.tell("the worry was read, acted on, and the writer told in person")
