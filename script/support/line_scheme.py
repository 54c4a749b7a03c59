"""Steps 1, 2 and 6 of the main line: a scheme opens; buddies come in by take-over and by application."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from script.support.html import Form
from script.support.walk import Answer, Browser, Walker

TOKEN = 22
DEPARTMENTS = ("SECURITY", "HEALTHCARE", "SAFEGUARDING", "SIGNATORY")


def today() -> date:
    """The day that the site has."""
    return datetime.now(ZoneInfo("Europe/London")).date()


def on(name: str, day: date) -> dict[str, object]:
    """A date as the three fields of its question."""
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def prison(walker: Walker) -> str:
    """The prison at which nothing is set up yet: the last one of the list."""
    return max(str(account["prison"]) for account in walker.accounts if account["prison"])


def at(walker: Walker, address: str = "", *, code: str = "") -> str:
    """An address below the prison's own."""
    return f"/prisons/{code or prison(walker)}/{address}"


def by(walker: Walker, role: str) -> Browser:
    """The browser of a role at that prison."""
    return walker.as_role(role, prison=prison(walker))


def numbers_here(walker: Walker) -> list[str]:
    """Prison numbers of the people on the prison's list, as its page shows them."""
    words = by(walker, "LEAD").get(at(walker, "people/")).page.words
    return sorted({word for word in words.replace("(", " ").replace(")", " ").split() if _is_number(word)})


def _is_number(word: str) -> bool:
    return len(word) == 7 and word[0] == "Z" and word[5] == "Z" and word[1:5].isdigit()


def send_twice(browser: Browser, form: Form, values: dict[str, object], *, button: str | None = None) -> Answer:
    """Send one form two times, as an impatient person does; the second must end where the first did."""
    began = browser.here
    first = browser.send(form, values, button=button)
    browser.at = began
    second = browser.send(form, values, button=button)
    if second.path != first.path:
        raise AssertionError(f"The same form sent twice ended at {first.path} and then at {second.path}.")
    return second


def open_scheme(walker: Walker) -> None:
    """Step 1. The lead sets the scheme up and opens it; not before it is known who comes when somebody has fallen."""
    lead = by(walker, "LEAD")
    lead.get(at(walker)).must_say("The scheme is not open yet")
    lead.get(at(walker, "scheme/"))
    lead.press("Start setting up").must_say("Still to settle")
    lead.get(at(walker, "scheme/wings/"))
    lead.fill({"wings": list(lead.here.form("wings").choices("wings"))})
    lead.get(at(walker, "scheme/cover/"))
    deputy = next(iter(lead.here.form("deputy").choices("deputy")))
    lead.fill({"deputy": deputy, "leave_cover": "The residential governor"})
    lead.get(at(walker, "scheme/tasks/"))
    lead.press("Save")
    lead.get(at(walker, "scheme/regime/"))
    lead.press("Save").must_say("Still to settle", "who answers a fall")
    walker.expect(not _can_open(lead), "The scheme can be opened although nobody is named for falls.")
    walker.tell("without an answer to falls the scheme cannot open")
    lead.get(at(walker, "scheme/falls/"))
    falls = {"day_who": "The wing officer", "day_minutes": 10, "night_who": "The night officer", "night_minutes": 15}
    lead.fill(falls)
    lead.get(at(walker, "scheme/open/"))
    lead.press("Open the scheme")
    lead.get(at(walker)).must_not_say("The scheme is not open yet").must_say("Referrals to screen")
    walker.tell(f"{prison(walker)} is open; the home page has {len(lead.here.page.links)} links to work and lists")


def _can_open(lead: Browser) -> bool:
    return any("open" in link.address.rsplit("scheme/", 1)[-1] for link in lead.here.page.links)


def take_over(walker: Walker) -> None:
    """Step 2. Somebody who already does the job comes in by take-over: approved, and cleared by departments."""
    lead, number = by(walker, "LEAD"), numbers_here(walker)[0]
    lead.get(at(walker, "buddies/take-over/"))
    asked = {
        "prison_number": number,
        **on("in_role_since", today() - timedelta(days=300)),
        "lacks": ["COMPACT", "MODULES"],
        "reason": "Four people rely on the help that he gives every day.",
    }
    lead.fill(asked)
    walker.notes["taken_over"] = number
    lead.get(at(walker, "take-overs/")).must_say("Waiting for approval")
    delegate = by(walker, "GOVERNOR_DELEGATE")
    delegate.get(at(walker, "take-overs/"))
    page = link_below(delegate.here, "take-overs/")
    # The lead cannot decide about a take-over that the lead asked for.
    lead.get(page, status=403)
    delegate.get(page)
    decision = delegate.here.form("decision").choice("decision", "pprove")
    delegate.fill({"decision": decision})
    walker.tell("the lead cannot approve it, the governor’s delegate has")
    clear(walker)
    buddy = find_buddy(walker, number)
    lead.get(buddy).must_say("Taken over")
    appoint(walker, number).must_say("Taken over")
    walker.tell("every department cleared in its own name; in the role, with what is to be made good shown")


def link_below(page: Answer, ending: str) -> str:
    """The first link on the page to something below the list that is open."""
    for link in page.page.links:
        tail = link.address.partition(f"/{ending}")[2]
        # What stands in an address of one record is a token of 22 characters.
        if len(tail.rstrip("/")) == TOKEN:
            return link.address
    raise AssertionError(f"{page.path} lists nothing: {page.page.words[-400:]}")


def clear(walker: Walker) -> None:
    """Each department signs what waits for it."""
    for role in DEPARTMENTS:
        signer = by(walker, role)
        signer.get(at(walker, "clearances/"))
        signer.get(link_below(signer.here, "clearances/"))
        form = signer.here.form("decision")
        values = {"decision": "CLEARED", **on("expires_on", today() + timedelta(days=365))}
        signer.send(form, values)


def find_buddy(walker: Walker, number: str) -> str:
    """The address of a buddy's page."""
    lead = by(walker, "LEAD")
    for show in ("", "?status=APPLICATIONS", "?status=IN_TRAINING"):
        lead.get(at(walker, f"buddies/{show}"))
        for link in list(lead.here.page.links):
            tail = link.address.partition("/buddies/")[2]
            if len(tail.rstrip("/")) == TOKEN:
                lead.get(link.address)
                if lead.here.says(number):
                    return link.address
    raise AssertionError(f"No buddy of the number {number} is on the list.")


def appoint(walker: Walker, number: str) -> Answer:
    """Start somebody who has everything, or whose take-over stands in for it."""
    lead = by(walker, "LEAD")
    token = find_buddy(walker, number).rstrip("/").rpartition("/")[2]
    lead.get(at(walker, f"training/{token}/appointment/"))
    lead.press("Start as a buddy")
    return lead.get(at(walker, f"buddies/{token}/")).must_say("Active")


def recruit(walker: Walker) -> None:
    """Step 6. A new buddy: application, checks, interview, compact; a match is refused until the modules are passed."""
    lead, number = by(walker, "LEAD"), numbers_here(walker)[2]
    walker.notes["recruited"] = number
    lead.get(at(walker, "buddies/application/"))
    form = lead.here.form("prison_number", "statement")
    applied = {
        "prison_number": number,
        **on("applied_on", today()),
        "statement": "I want to do something useful.",
        "needed_help": form.choice("needed_help", "no"),
    }
    send_twice(lead, form, applied)
    token = find_buddy(walker, number).rstrip("/").rpartition("/")[2]
    lead.get(at(walker, f"buddies/{token}/checks/"))
    lead.send(lead.here.form("form_key"))
    clear(walker)
    lead.get(at(walker, f"buddies/{token}/interview/"))
    form = lead.here.form("panel")
    held = {**on("held_on", today()), "panel": "The lead and an officer", "result": "SUITABLE"}
    lead.send(form, held)
    lead.get(at(walker, f"buddies/{token}/offer/"))
    lead.send(lead.here.form("form_key"))
    lead.get(at(walker, f"buddies/{token}/compact/"))
    form = lead.here.form("read_aloud")
    signed = {**on("signed_on", today()), "read_aloud": form.choice("read_aloud", "yes"), "witnessed": "on"}
    lead.send(form, signed)
    walker.tell("applied (sent twice, recorded once), cleared, interviewed, compact signed")
    plan = walker.notes["plan"]
    lead.get(f"{plan}match/{token}/")
    lead.here.must_say("not passed")
    walker.expect(
        not any(b.label == "Propose this buddy" for form in lead.here.page.forms for b in form.buttons),
        "A buddy without modules can be proposed.",
    )
    lead.get(at(walker, f"training/{token}/appointment/"), status=None).must_say("Still needed")
    walker.tell("without the modules a match is refused in words, and so is the start")
    teach(walker)
    appoint(walker, number)
    walker.notes["buddy"] = token


def teach(walker: Walker) -> None:
    """The trainer records every module of the catalogue as passed by everybody who needs it."""
    trainer = by(walker, "TRAINER")
    trainer.get(at(walker, "training/modules/"))
    classes = sorted({link.address for link in trainer.here.page.links if link.address.endswith("/class/")})
    walker.expect(classes, "The trainer has no module to hold a class in.")
    for address in classes:
        trainer.get(address)
        form = trainer.here.form("assessed_on-day")
        passed = {control.name: "PASSED" for control in form.controls if control.value == "PASSED"}
        trainer.send(form, {**on("assessed_on", today()), **passed})
    walker.tell(f"the trainer recorded {len(classes)} modules")
