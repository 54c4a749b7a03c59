"""Steps 3, 4, 5 and 7 of the main line: somebody is referred, says what they want, and gets a plan and a buddy."""

from __future__ import annotations

from datetime import timedelta

from script.support.line_scheme import at, by, link_below, on, send_twice, today
from script.support.walk import Walker

NUMBER, NAME = "Z9101ZC", "Walkthrough"
# Held at the busiest prison: nobody here may learn that.
ELSEWHERE = "Z0001ZA"


def refer(walker: Walker) -> None:
    """Step 3. An officer refers somebody who is not on the list yet; nobody elsewhere is given away."""
    officer = by(walker, "OFFICER")
    officer.get(at(walker, "referrals/new/"))
    officer.fill({"prison_number": "12345"}).must_say("one letter, four digits and two letters")
    officer.fill({"prison_number": ELSEWHERE})
    elsewhere = officer.here.page.words.replace(ELSEWHERE, NUMBER)
    officer.get(at(walker, "referrals/new/"))
    officer.fill({"prison_number": NUMBER})
    walker.expect(
        officer.here.page.words == elsewhere, "A number that another prison holds looks different from an unknown one."
    )
    walker.tell("a malformed number is explained; one that another prison holds looks like any unknown one")
    officer.follow("Add this person")
    form = officer.here.form("first_name")
    wing = next(value for value in form.choices("wing") if value)
    added = {"first_name": "Albert", "last_name": NAME, "wing": wing, "landing": 1, "cell": "1-07"}
    officer.send(form, added)
    officer.fill({"prison_number": NUMBER})
    answers = {
        "need_areas": ["MOBILITY", "MEALS"],
        "reason": "Cannot carry a tray.",
        "urgency": "SOON",
        "source": "STAFF",
        "other_help": "NO",
    }
    walker.expect(len(answers) + 1 <= 6, "A referral asks for more than six inputs.")
    officer.fill(answers).must_say("Check the answers", "Cannot carry a tray.")
    send_twice(officer, officer.here.form(button="Send the referral"), {}, button="Send the referral")
    officer.here.must_say("Referral sent", "Reference")
    lead = by(walker, "LEAD").get(at(walker, "referrals/?status=RECEIVED"))
    lead.must_say("Showing 1 to 1 of 1")
    walker.tell("added, referred with six inputs, sent twice and recorded once")


def screen(walker: Walker) -> None:
    """Step 4. The lead screens the referral: buddy support, and an assessment by the council."""
    lead = by(walker, "LEAD")
    lead.get(at(walker, "referrals/?status=RECEIVED"))
    lead.get(link_below(lead.here, "referrals/"))
    lead.get(f"{lead.here.path}screening/")
    lead.fill({"outcome": "NONE", "reason": ""}).must_say("There is a problem")
    lead.fill({"outcome": "BUDDY_AND_COUNCIL"}).must_say("Progressed", "Buddy support and council assessment")
    council = by(walker, "COUNCIL")
    council.get(at(walker, "assessments/")).must_say("Showing 1 to 1 of 1")
    walker.tell("not progressed needs a reason; the request is on the council’s list today")


def plan(walker: Walker) -> None:
    """Step 5. The person says what they want; the lead writes the plan. Personal care is refused and becomes a need."""
    officer, lead = by(walker, "OFFICER"), by(walker, "LEAD")
    officer.get(at(walker, "wishes/"))
    officer.follow(NAME)
    form = officer.here.form("own_words")
    said = "I would like to get to the yard again."
    officer.send(form, {"own_words": said, "answer": "AGREES", "share": form.choice("share", "yes")})
    lead.get(at(walker, "plans/?show=write"))
    lead.get(link_below(lead.here, "plans/")).must_say(said)
    address = walker.notes["plan"] = lead.here.path
    lead.get(f"{address}writing/")
    form = lead.here.form("goals")
    written = {
        "goals": "Eat with the others and get out every day.\nThe buddy helps him wash in the shower.",
        "safety_words": ["UNSTEADY"],
        **on("review_on", today() + timedelta(days=90)),
        "evacuation_plan": form.choice("evacuation_plan", "no"),
        "falls_risk": form.choice("falls_risk", "yes"),
    }
    lead.send(form, written).must_say("wait for a second person")
    second = by(walker, "SAFEGUARDING")
    second.get(at(walker, "held-words/?decision=WAITING"))
    second.get(link_below(second.here, "held-words/"))
    second.fill({"decision": "refuse", "reason": "Washing is for carers."})
    walker.tell("words about washing were held, and refused by the safeguarding lead")
    tasks(walker, address)
    lead.get(f"{address}start/")
    lead.press("Make the plan active").must_say("The plan is active")


def tasks(walker: Walker, address: str) -> None:
    """Three tasks from the catalogue; a prohibited one is refused and recorded as an unmet need."""
    lead = by(walker, "LEAD")
    lead.get(f"{address}tasks/")
    lead.fill({"task": "PRO-07", "weekdays": ["all"], "session": "AM", "minutes": 15}).must_say("is personal care")
    lead.press("Record as an unmet need")
    lead.get(at(walker, "unmet-needs/?state=open")).must_say("Showing 1 to 1 of 1", NAME)
    walker.tell("showering was refused with the reason, and is an unmet need with its days counted")
    for task, session, minutes in (("DOM-03", "AM", 15), ("MOB-03", "PM", 30), ("DOM-05", "EV", 10)):
        lead.get(f"{address}tasks/")
        lead.fill({"task": task, "weekdays": ["all"], "session": session, "minutes": minutes})


def match(walker: Walker) -> None:
    """Step 7. The lead sees suggestions with their reasons, decides, and records what both people said."""
    lead = by(walker, "LEAD")
    address = walker.notes["plan"]
    lead.get(f"{address}match/").must_say("Suggested, best first", "points")
    choices = [link.address for link in lead.here.page.links if link.address.startswith(f"{address}match/")]
    walker.expect(len(choices) >= 2, "Two buddies are in the role, but the page does not list both.")
    lead.get(f"{address}match/{walker.notes['buddy']}/")
    send_twice(lead, lead.here.form(button="Propose this buddy"), {}, button="Propose this buddy")
    proposed = lead.here.path
    lead.get(f"{proposed}answers/")
    form = lead.here.form("person_agrees")
    agreed = {name: form.choice(name, "yes") for name in ("person_agrees", "buddy_agrees")}
    lead.send(form, agreed).must_say("Active")
    walker.tell(f"{len(choices)} suggestions with reasons; proposed twice, matched once; both agreed")
