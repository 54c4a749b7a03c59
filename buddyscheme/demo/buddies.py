"""Buddies from application to leaving: checks with refusals, interviews, classes, lapses, take-overs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from buddyscheme.accounts.actor import Actor
from buddyscheme.demo import care, scheme
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today
from schemes.actions import buddies as actions
from schemes.actions.clearance import ask_again, sign_clearance
from schemes.actions.interviews import give_scores
from schemes.actions.people import end_custody
from schemes.actions.take_overs import ask_take_over, decide_take_over
from schemes.models import Buddy, Clearance, CompactText, Custody, Person
from schemes.queries.interviews import criteria_to_score
from schemes.queries.people import custody_of
from schemes.rules.refusals import Telling
from training.actions.appointments import appoint
from training.actions.results import record_results
from training.models import Module

SIGNERS = {
    "SECURITY": "SECURITY",
    "HEALTHCARE": "HEALTHCARE",
    "SAFER_CUSTODY": "SAFEGUARDING",
    "OFFENDER_MANAGEMENT": "SIGNATORY",
}
STATEMENTS = (
    "I looked after my grandfather before I came here and I know how to be patient.",
    "I already fetch meals for the man next door. I would like to do it properly.",
    "I want to do something useful with my time and learn how to care for people.",
    "I was helped when I was ill in here. I want to give something back.",
    "I have done first aid and I am good at listening.",
)
REFUSALS = (
    "Recent finding of guilt for taking goods from others",
    "Under investigation",
    "Not long enough on the wing",
)
YEAR = timedelta(days=365)


@dataclass
class Class:
    """People who are trained together."""

    teller: Teller
    members: list[Buddy] = field(default_factory=list)

    def join(self, buddy: Buddy) -> None:
        """From now on the buddy takes part."""
        self.members.append(buddy)

    def teach(self, module: Module) -> object:
        """One class, as something that happens."""

        def happen(now: datetime) -> None:
            present = [fresh(buddy) for buddy in self.members]
            outcomes = [
                (buddy, "PASSED" if self.teller.chance(0.94) else "NOT_YET")
                for buddy in present
                if buddy.status in ("IN_TRAINING", "ACTIVE", "SUSPENDED")
            ]
            record(self.teller, now, module, outcomes)

        return happen


def record(teller: Teller, now: datetime, module: Module, outcomes: Sequence[tuple[Buddy, str]]) -> None:
    """Results of one class on its day; whoever did not pass takes it again within two weeks."""
    if not outcomes:
        return
    record_results(
        by=teller.by("TRAINER"),
        now=now,
        prison=teller.prison,
        module=module,
        assessed_on=london_today(now),
        outcomes=list(outcomes),
    )
    again = [buddy for buddy, outcome in outcomes if outcome == "NOT_YET"]
    if again:
        when = teller.later(now, 5, 9)
        teller.put(when, lambda at: record(teller, at, module, [(fresh(b), "PASSED") for b in again if _stays(b)]))


def _stays(buddy: Buddy) -> bool:
    return fresh(buddy).status in ("IN_TRAINING", "ACTIVE", "SUSPENDED")


def fresh(buddy: Buddy) -> Buddy:
    """The buddy as the database has it now."""
    found: Buddy = Buddy.objects.select_related("person", "scheme", "prison").get(pk=buddy.pk)
    return found


def recruit(teller: Teller, day: date, how_many: int) -> None:
    """A round of applications: checks, interviews, one class, appointments. Some fall out on the way."""
    taught = Class(teller)
    for i in range(how_many):
        teller.put(teller.at(day + timedelta(days=i % 3)), _applying(teller, taught, i))
    first = day + timedelta(days=26)
    for i, module in enumerate(Module.objects.order_by("position", "code")):
        teller.put(teller.at(first + timedelta(days=i // 4), 9 + i % 4), taught.teach(module))  # type: ignore[arg-type]
    teller.put(teller.at(first + timedelta(days=18), 15), lambda now: appoint_those_ready(teller, now, taught))
    teller.put(teller.at(first + timedelta(days=32), 15), lambda now: appoint_those_ready(teller, now, taught))


def apply(teller: Teller, now: datetime, taught: Class, nth: int) -> None:
    """Somebody applies; the departments are asked the next working days."""
    person = scheme.arrive(
        teller, now - timedelta(days=teller.rng.randint(60, 400)), older=False, wing=nth % len(teller.wings)
    )
    buddy = actions.apply_for_role(
        by=teller.by("LEAD"),
        now=now,
        prison=teller.prison,
        person=person,
        applied_on=london_today(now),
        statement=teller.rng.choice(STATEMENTS),
        needed_help=teller.chance(0.25),
    )
    teller.put(teller.later(now, 1, 2), lambda at: check(teller, at, buddy, taught))


def check(teller: Teller, now: datetime, buddy: Buddy, taught: Class) -> None:
    """Departments answer one by one; a refusal ends the application."""
    actions.ask_for_checks(by=teller.by("LEAD"), now=now, buddy=buddy)
    refused_by = teller.rng.choice(tuple(SIGNERS)) if teller.chance(0.12) else ""
    last = now
    for department in fresh(buddy).scheme.departments:
        when = teller.later(now, 2, 9)
        last = max(last, when)
        teller.put(when, signing(teller, buddy, department, refuse=department == refused_by))
    teller.put(teller.later(last, 1, 4), lambda at: interview(teller, at, buddy, taught, refused=bool(refused_by)))


def sign(teller: Teller, now: datetime, buddy: Buddy, department: str, *, refuse: bool = False) -> None:
    """One department's answer in its own name; clearances run for nine to fifteen months."""
    clearance = Clearance.objects.filter(buddy=buddy, department=department, decision="WAITING").first()
    if clearance is None or fresh(buddy).status not in Buddy.OPEN:
        return
    today = london_today(now)
    sign_clearance(
        by=signer(teller, department),
        now=now,
        clearance=clearance,
        decision="REFUSED" if refuse else "CLEARED",
        decided_on=today,
        expires_on=None if refuse else today + timedelta(days=teller.rng.randint(280, 450)),
    )


def signer(teller: Teller, department: str) -> Actor:
    """Who signs for a department: the role that does so everywhere, or the prison's own signatory for it."""
    if department in SIGNERS:
        return teller.by(SIGNERS[department])
    return Actor.staff(teller.staff[department], roles=("SIGNATORY",))


def score(teller: Teller, now: datetime, buddy: Buddy, role: str) -> None:
    """One member of staff gives scores, not knowing the other's."""
    given = [teller.rng.choice((2, 3, 3, 4)) for _ in criteria_to_score(buddy)]
    give_scores(
        by=teller.by(role), now=now, buddy=buddy, held_on=london_today(now), scores=given,
        reasons="Gave examples from the wing." if role == "OFFICER" else "",
    )  # fmt: skip


def score_apart(teller: Teller, now: datetime, buddy: Buddy) -> None:
    """Both scores, where the scheme asks for them."""
    if fresh(buddy).scheme.two_scores:
        for role in ("OFFICER", "LEAD"):
            score(teller, now, fresh(buddy), role)


def interview(teller: Teller, now: datetime, buddy: Buddy, taught: Class, *, refused: bool) -> None:
    """The interview, and the answer that the applicant gets."""
    by, rng = teller.by("LEAD"), teller.rng
    if refused:
        actions.decline(by=by, now=now, buddy=buddy, reason=rng.choice(REFUSALS), telling=_told(now))
        return
    if fresh(buddy).status == Buddy.Status.CHECKS:
        # A department that was added meanwhile has not answered yet.
        teller.put(teller.later(now, 2, 4), lambda at: interview(teller, at, buddy, taught, refused=refused))
        return
    suitable = teller.chance(0.9)
    score_apart(teller, now, buddy)
    actions.record_interview(
        by=by,
        now=now,
        buddy=buddy,
        held_on=london_today(now),
        panel="Social care lead and a wing officer",
        result="SUITABLE" if suitable else "NOT_SUITABLE",
    )
    if not suitable:
        why = "Not ready for the role yet; may apply again in six months"
        actions.decline(by=by, now=now, buddy=buddy, reason=why, telling=_told(now))
        return
    actions.offer_role(by=by, now=now, buddy=buddy)
    taught.join(buddy)
    teller.put(teller.later(now, 1, 5), lambda at: sign_compact(teller, at, buddy))


def _told(now: datetime) -> Telling:
    return Telling(how="BOTH", on=london_today(now), who="The social care lead")


def sign_compact(teller: Teller, now: datetime, buddy: Buddy) -> None:
    """The compact, read aloud to those who want it."""
    text = CompactText.objects.exclude(published_at__gt=now).order_by("-version").first()
    assert text is not None
    if _stays(buddy) and not buddy.compacts.filter(text=text).exists():
        read_aloud = teller.chance(0.3)
        actions.record_compact(
            by=teller.by("LEAD"), now=now, buddy=buddy, text=text, signed_on=london_today(now),
            read_aloud=read_aloud, format="EASY" if read_aloud and teller.chance(0.4) else "EN",
        )  # fmt: skip


def appoint_those_ready(teller: Teller, now: datetime, taught: Class) -> None:
    """Whoever has everything starts today."""
    from buddyscheme.demo import posts
    from training.queries.appointments import missing_of

    for member in taught.members:
        buddy = fresh(member)
        if buddy.status == Buddy.Status.IN_TRAINING and not missing_of(buddy, london_today(now)):
            appoint(
                by=teller.by("LEAD"),
                now=now,
                buddy=buddy,
                started_on=london_today(now),
                post=posts.post_for(teller, buddy.person),
            )
            _the_years_ahead(teller, now, buddy)


def _the_years_ahead(teller: Teller, now: datetime, buddy: Buddy) -> None:
    """When this buddy will leave, be suspended, and have clearance and modules renewed, if at all."""
    rng = teller.rng
    days = int(rng.expovariate(1 / 700))
    if days > 20:
        teller.put(teller.later(now, days, days + 3), lambda at: leave(teller, at, buddy))
    if teller.chance(0.12):
        teller.put(teller.later(now, 40, 250), lambda at: suspend_for_a_while(teller, at, buddy))
    teller.put(teller.later(now, 255, 270), lambda at: renew(teller, at, buddy))
    if teller.chance(0.8):
        teller.put(teller.later(now, 315, 340), lambda at: refresh(teller, at, buddy))


def leave(teller: Teller, now: datetime, buddy: Buddy) -> None:
    """Release, transfer or own choice; matches end, and the people are found somebody else."""
    buddy = fresh(buddy)
    if buddy.status not in ("ACTIVE", "SUSPENDED"):
        return
    why = teller.rng.choice(("RELEASE", "TRANSFER", "", ""))
    removed = not why and teller.chance(0.25)
    reason = {"RELEASE": "Released", "TRANSFER": "Moved to another prison"}.get(
        why, "Asked for and took things from people he helped" if removed else "Chose another job"
    )
    if teller.place.women:
        reason = reason.replace("he helped", "she helped")
    if removed:
        care.step_down(teller, now, buddy, "REMOVED", reason, category="SAFEGUARDING")
    else:
        care.step_down(teller, now, buddy, "LEFT", reason)
    if why:
        custody = custody_of(teller.prison, buddy.person)
        if custody is not None:
            end_custody(by=teller.by("OFFICER"), now=now, custody=custody, reason=Custody.EndReason(why))


def suspend_for_a_while(teller: Teller, now: datetime, buddy: Buddy) -> None:
    """Stopped while something is looked into, and back within weeks if clearance allows."""
    buddy = fresh(buddy)
    if buddy.status == "ACTIVE":
        care.step_down(
            teller, now, buddy, "SUSPENDED", "Something reported is being looked into", paid=teller.chance(0.5),
            review_on=london_today(now) + timedelta(days=14),
        )  # fmt: skip
        teller.put(teller.later(now, 7, 20), lambda at: reinstate(teller, at, buddy))


def reinstate(teller: Teller, now: datetime, buddy: Buddy) -> None:
    """Back in the role."""
    from schemes.queries.buddies import standing_of

    buddy = fresh(buddy)
    if buddy.status == "SUSPENDED" and standing_of(buddy, london_today(now)).cleared:
        care.come_back(teller, now, buddy)


def renew(teller: Teller, now: datetime, buddy: Buddy) -> None:
    """Clearances that end soon are asked for again, month after month; some answers come late."""
    from schemes.queries.clearance import departments_to_ask

    buddy = fresh(buddy)
    if buddy.status not in ("ACTIVE", "SUSPENDED"):
        return
    departments = departments_to_ask(buddy, london_today(now))
    if departments:
        ask_again(by=teller.by("LEAD"), now=now, buddy=buddy)
        for department in departments:
            late = teller.chance(0.1)
            when = teller.later(now, 30, 60) if late else teller.later(now, 2, 20)
            teller.put(when, signing(teller, buddy, department))
    teller.put(teller.later(now, 22, 26), lambda at: renew(teller, at, buddy))


def refresh(teller: Teller, now: datetime, buddy: Buddy) -> None:
    """Modules that run for a year are taken again before they lapse."""
    if fresh(buddy).status not in ("ACTIVE", "SUSPENDED"):
        return
    for module in Module.objects.filter(refresh_months=12).order_by("position"):
        record(teller, now, module, [(fresh(buddy), "PASSED")])


def take_over(teller: Teller, now: datetime, person: Person, *, approve: bool = True) -> Buddy:
    """Somebody who helped before the scheme began; modules are made good within ninety days."""
    today = london_today(now)
    asked = ask_take_over(
        by=teller.by("LEAD"),
        now=now,
        prison=teller.prison,
        person=person,
        in_role_since=today - timedelta(days=teller.rng.randint(100, 600)),
        lacks_compact=True,
        lacks_modules=True,
        good_by=today + timedelta(days=90),
        reason="Has helped on the wing for a long time, known to all officers",
    )
    buddy = asked.buddy
    if approve:
        for department in SIGNERS:
            teller.put(teller.later(now, 1, 6), signing(teller, buddy, department))
        when = teller.later(now, 2, 5)
        teller.put(
            when,
            lambda at: decide_take_over(by=teller.by("GOVERNOR_DELEGATE"), now=at, take_over=asked, approve=True),
        )
        _make_good(teller, now, buddy)
    return buddy


def follow_take_over(teller: Teller, now: datetime, buddy: Buddy) -> None:
    """What comes after the approval: every department signs, then the start, and what was missing is made good."""
    for department in SIGNERS:
        teller.put(teller.later(now, 1, 6), signing(teller, buddy, department))
    _make_good(teller, now, buddy)


def _make_good(teller: Teller, now: datetime, buddy: Buddy) -> None:
    taught = Class(teller, [buddy])
    teller.put(teller.later(now, 12, 14), lambda at: appoint_those_ready(teller, at, taught))
    teller.put(teller.later(now, 30, 50), lambda at: sign_compact(teller, at, buddy))
    for i, module in enumerate(Module.objects.order_by("position", "code")):
        teller.put(teller.later(now, 40 + 2 * i, 42 + 2 * i), taught.teach(module))  # type: ignore[arg-type]


def _applying(teller: Teller, taught: Class, number: int) -> Callable[[datetime], object]:
    return lambda now: apply(teller, now, taught, number)


def signing(teller: Teller, buddy: Buddy, department: str, *, refuse: bool = False) -> Callable[[datetime], object]:
    """One department's answer, as something that happens."""
    return lambda at: sign(teller, at, buddy, department, refuse=refuse)
