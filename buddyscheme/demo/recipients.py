"""People who need help: referral, screening, wishes, plan, match, council, unmet needs, and the end of help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from buddyscheme.demo import care, doors, moving, scheme
from buddyscheme.demo.names import draw
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.assessments import answer_assessment
from referrals.actions.matches import propose_match, record_agreement
from referrals.actions.plans import activate_plan, add_task, end_plan, record_wishes, save_plan, stop_task
from referrals.actions.referrals import make_referral, screen_referral
from referrals.actions.unmet_needs import meet_unmet_need, open_unmet_need, put_unmet_need
from referrals.models import AssessmentRequest, Match, Plan, PlanTask, Referral, UnmetNeed
from referrals.queries.matches import live_parts
from referrals.queries.suggestions import facts_for
from referrals.rules.matches import can_propose
from schemes.models import Buddy, Person, TaskKind
from schemes.queries.people import custody_of
from schemes.queries.schemes import allowed_tasks, scheme_of

WHO_REFERS = {"STAFF": 0.42, "HEALTHCARE": 0.22, "SELF": 0.16, "PEER": 0.1, "COUNCIL": 0.06, "FAMILY": 0.04}
HOW_SOON = {"ROUTINE": 0.55, "SOON": 0.37, "URGENT": 0.08}
OUTCOMES = {
    "BUDDY": 0.62, "BUDDY_AND_COUNCIL": 0.14, "BUDDY_AND_HEALTHCARE": 0.06, "COUNCIL": 0.06, "HEALTHCARE": 0.04,
    "NONE": 0.08,
}  # fmt: skip
# Need: weight, words of whoever refers, words of the person, tasks, and how a buddy should go about it.
NEEDS: dict[str, tuple[float, str, str, tuple[str, ...], tuple[str, ...]]] = {
    "MOBILITY": (0.8, "Finds the stairs hard and misses exercise", "I would like to get out in the yard again.",
                 ("MOB-01", "MOB-03", "MOB-05"), ("UNSTEADY",)),
    "MEALS": (0.9, "Cannot carry a tray and sometimes goes without", "By the time I get to the servery it is cold.",
              ("DOM-03", "DOM-05"), ("UNSTEADY",)),
    "CELL": (0.7, "Cannot keep the cell clean any more", "I like it tidy but I cannot bend.",
             ("DOM-01", "DOM-02"), ()),
    "COMMUNICATION": (0.35, "Cannot read letters and forms", "I want to know what my letters say.",
                      ("COM-01", "COM-02"), ("POOR_SIGHT",)),
    "COMPANY": (0.4, "Stays in the cell and speaks to nobody", "It is a long day when nobody comes.",
                ("SOC-01", "SOC-02"), ()),
    "MEMORY": (0.2, "Forgets the time of day and gets lost on the wing", "Somebody to tell me what day it is.",
               ("SOC-03", "MOB-04"), ("NEEDS_TIME",)),
}  # fmt: skip
# Kept only of somebody for whom it was decided.
SHOWED = "Smiled and nodded."
PERSONAL_TASKS = ("PRO-07", "PRO-04", "PRO-05", "PRO-03")
# What somebody with a plan waits for to this day.
WAITED_FOR = "PRO-07"
SESSIONS = {"DOM-03": "AM", "DOM-05": "EV", "DOM-01": "PM", "DOM-02": "AM", "MOB-01": "PM", "MOB-03": "PM"}
DAILY = {"DOM-03", "DOM-05"}
ENDINGS = {
    "RELEASE": ("Released", 0.4), "TRANSFER": ("Moved to another prison", 0.3), "": ("No longer needs help", 0.24),
    "DEATH": ("Died", 0.06),
}  # fmt: skip


@dataclass(frozen=True)
class Course:
    """How far a referral gets, for those that are to stand still somewhere today."""

    screened: bool = True
    asked: bool = True
    written: bool = True
    matched: bool = True
    ends: bool = True


WHOLE = Course()


def refer(teller: Teller, now: datetime, *, course: Course = WHOLE, person: Person | None = None) -> Referral:
    """Somebody is referred; what follows is put on the agenda."""
    rng = teller.rng
    person = person or scheme.arrive(teller, now - timedelta(days=rng.randint(5, 500)), older=True)
    areas = [area for area, (weight, *_) in NEEDS.items() if rng.random() < weight] or ["MEALS"]
    personal = teller.chance(0.16)
    source = draw(rng, WHO_REFERS)
    referral = make_referral(
        by=teller.by("HEALTHCARE" if source == "HEALTHCARE" else "OFFICER"),
        now=now,
        prison=teller.prison,
        person=person,
        source=source,
        urgency=draw(rng, HOW_SOON),
        need_areas=[*areas, *(["PERSONAL"] if personal else [])],
        reason=". ".join(NEEDS[area][1] for area in areas[:2]) + ".",
        other_help=draw(rng, {"YES": 0.3, "NO": 0.5, "UNKNOWN": 0.2}),
    )
    if course.screened:
        waits = {"URGENT": (0, 1), "SOON": (0, 4), "ROUTINE": (1, 8)}[referral.urgency]
        teller.put(teller.later(now, *waits), lambda at: screen(teller, at, referral, areas, personal, course))
    return referral


def screen(
    teller: Teller, now: datetime, referral: Referral, areas: Sequence[str], personal: bool, course: Course
) -> None:
    """The lead decides where it goes; personal care always goes to the council too."""
    outcome = "BUDDY_AND_COUNCIL" if personal else draw(teller.rng, OUTCOMES)
    if course is not WHOLE and outcome not in ("BUDDY", "BUDDY_AND_COUNCIL"):
        outcome = "BUDDY"
    missing = personal and teller.chance(0.6)
    care = [TaskKind.objects.get(pk=teller.rng.choice(PERSONAL_TASKS))] if missing else []
    referral = screen_referral(
        by=teller.by("LEAD"),
        now=now,
        referral=referral,
        outcome=outcome,
        reason="Manages alone for now" if outcome == "NONE" else "",
        version=referral.version,
        care=care,
        care_given=personal and not missing,
    )
    if course is WHOLE:
        doors.tell_everybody(teller, now + timedelta(minutes=30), referral)
    for asked in AssessmentRequest.objects.filter(referral=referral).order_by("id"):
        acknowledge(teller, now, asked)
    # The council is told within days; most needs are met within weeks.
    for need in UnmetNeed.objects.for_prison(teller.prison).filter(person=referral.person, opened_at=now):
        tell_council(teller, now, need)
    if outcome.startswith("BUDDY") and course.asked:
        teller.put(teller.later(now, 1, 5), lambda at: ask(teller, at, referral, areas, course))


def acknowledge(teller: Teller, now: datetime, asked: AssessmentRequest) -> None:
    """The council answers in weeks, often late, sometimes not at all; healthcare in days."""
    council = asked.body == "COUNCIL"
    if teller.chance(0.15 if council else 0.05):
        return
    first, most = (4, 30) if council else (1, 8)
    when = teller.later(now, first, most)
    teller.put(when, lambda at: answer(teller, at, asked, decide=False))
    teller.put(
        teller.later(when, *((5, 55) if council else (1, 12))), lambda at: answer(teller, at, asked, decide=True)
    )


def answer(teller: Teller, now: datetime, asked: AssessmentRequest, *, decide: bool) -> None:
    """First that it has come, later the visit and the decision."""
    asked = AssessmentRequest.objects.get(pk=asked.pk)
    if asked.closed_on is not None:
        return
    today, council = london_today(now), asked.body == "COUNCIL"
    decision = ""
    if decide:
        yes = teller.chance(0.55)
        decision = ("ELIGIBLE" if yes else "NOT_ELIGIBLE") if council else ("WILL_HELP" if yes else "NO_ACTION")
    answer_assessment(
        by=teller.by("COUNCIL" if council else "HEALTHCARE"),
        now=now,
        assessment=asked,
        acknowledged_on=asked.acknowledged_on or today,
        visited_on=today if decide else None,
        decided_on=today if decide else None,
        decision=decision,
        answer="",
        version=asked.version,
    )


def tell_council(teller: Teller, now: datetime, need: UnmetNeed) -> None:
    """Within a few days it is put to the council."""
    teller.put(teller.later(now, 1, 4), lambda at: put_to_council(teller, at, need))


def put_to_council(teller: Teller, now: datetime, need: UnmetNeed) -> None:
    """Put to the council; a few are still waiting today."""
    need = UnmetNeed.objects.get(pk=need.pk)
    if need.left_on is not None:
        return
    put_unmet_need(
        by=teller.by("LEAD"),
        now=now,
        need=need,
        to="COUNCIL",
        put_on=london_today(now),
        said="They will look for an agency.",
        version=need.version,
    )
    if teller.chance(0.85):
        teller.put(teller.later(now, 4, 45), lambda at: meet(teller, at, UnmetNeed.objects.get(pk=need.pk)))


def wait_for_carers(teller: Teller, now: datetime, plan: Plan) -> UnmetNeed:
    """A need of somebody with a plan that was put to the council, and that nobody meets to this day."""
    need = open_unmet_need(
        by=teller.by("LEAD"), now=now, prison=teller.prison, person=plan.person, plan=plan,
        task=TaskKind.objects.get(pk=WAITED_FOR), known_on=london_today(now),
    )  # fmt: skip
    put = put_unmet_need(
        by=teller.by("LEAD"), now=now + timedelta(days=2), need=need, to="COUNCIL",
        put_on=london_today(now + timedelta(days=2)), said="On the list for a visit.", version=need.version,
    )  # fmt: skip
    return put.need


def meet(teller: Teller, now: datetime, need: UnmetNeed) -> None:
    """Carers come now, or there is no need any more."""
    if need.met_on is not None or need.left_on is not None:
        return
    meet_unmet_need(
        by=teller.by("LEAD"), now=now, need=need, met_on=london_today(now),
        met_how="Carers from an agency come twice a day.", version=need.version,
    )  # fmt: skip


def ask(teller: Teller, now: datetime, referral: Referral, areas: Sequence[str], course: Course) -> None:
    """The person is asked in private; about one in nine does not want a buddy."""
    if custody_of(teller.prison, referral.person) is None:
        return
    agrees = course is not WHOLE or teller.chance(0.89)
    plan = record_wishes(
        by=teller.by("OFFICER"),
        now=now,
        referral=referral,
        own_words=" ".join(NEEDS[area][2] for area in areas[:2]) if agrees else "I would rather manage on my own.",
        answer="AGREES" if agrees else "REFUSES",
        share=agrees and teller.chance(0.8),
    )
    if agrees and course.written:
        teller.put(teller.later(now, 0, 4), lambda at: write(teller, at, plan, areas, course))


def write(teller: Teller, now: datetime, plan: Plan, areas: Sequence[str], course: Course) -> None:
    """The plan with its tasks, made active; then a buddy is looked for."""
    by, rng, today = teller.by("LEAD"), teller.rng, london_today(now)
    if custody_of(teller.prison, plan.person) is None:
        return
    words = sorted({word for area in areas for word in NEEDS[area][4]})
    plan = save_plan(
        by=by, now=now, plan=plan, goals=["Take part in the day of the wing."], safety_words=words,
        review_on=today + timedelta(days=rng.choice((90, 180))), evacuation_plan="MOBILITY" in areas,
        staff_notes="", version=plan.version,
    )  # fmt: skip
    for code in choose_tasks(teller, areas):
        kind = TaskKind.objects.get(pk=code)
        daily = code in DAILY
        add_task(
            by=by, now=now, plan=plan, task=kind, session=SESSIONS.get(code, "PM"), minutes=kind.minutes,
            weekdays=list(range(5 if SESSIONS.get(code) == "EV" else 7)) if daily else sorted(rng.sample(range(5), 2)),
        )  # fmt: skip
    plan.refresh_from_db()
    activate_plan(by=by, now=now, plan=plan, version=plan.version)
    if course.matched:
        teller.put(teller.later(now, 0, 3), lambda at: match(teller, at, plan))
    else:
        teller.left_alone.add(plan.pk)
    if course.ends:
        days = int(rng.expovariate(1 / 260)) + 14
        teller.put(teller.later(now, days, days + 3), lambda at: end(teller, at, plan))
        if teller.chance(0.15):
            teller.put(teller.later(now, 30, 120), lambda at: stop_one_task(teller, at, plan))


def choose_tasks(teller: Teller, areas: Sequence[str]) -> list[str]:
    """Two to four tasks that answer the needs and that this scheme allows."""
    held = scheme_of(teller.prison)
    assert held is not None
    allowed = {task.code for task in allowed_tasks(held, teller.opens_on)}
    wanted = [code for area in areas for code in NEEDS[area][3] if code in allowed]
    return wanted[:1] + sorted(teller.rng.sample(wanted[1:], min(len(wanted) - 1, teller.rng.randint(1, 3))))


def match(teller: Teller, now: datetime, plan: Plan, *, part: str = "LEAD") -> None:
    """The first suggestion is asked. Where nobody fits or somebody says no, the weekly look finds the plan again."""
    plan = Plan.objects.select_related("person", "prison").get(pk=plan.pk)
    if not can_propose(plan, part, live_parts(plan)):
        return
    ranking = facts_for(teller.prison, plan, part, london_today(now)).ranked()
    if not ranking.suggestions:
        return
    buddy = Buddy.objects.get(pk=ranking.suggestions[0].buddy_id)
    found = propose_match(by=teller.by("LEAD"), now=now, plan=plan, buddy=buddy, part=part)
    teller.put(teller.later(now, 0, 2), lambda at: agree(teller, at, found))


def agree(teller: Teller, now: datetime, found: Match) -> None:
    """Both are asked in private."""
    found = Match.objects.select_related("plan", "buddy").get(pk=found.pk)
    if found.status != Match.Status.PROPOSED:
        return
    by = teller.by("LEAD")
    person, buddy = teller.chance(0.94), teller.chance(0.96)
    try:
        found = record_agreement(
            by=by, now=now, match=found, person_agrees=person, buddy_agrees=buddy, person_showed=SHOWED
        )
    except NotAllowed:
        # Between the question and the answer something came up, such as a suspension.
        found = record_agreement(
            by=by, now=now, match=found, person_agrees=False, buddy_agrees=True, person_showed=SHOWED
        )
    if found.status == Match.Status.ACTIVE and found.part == "LEAD" and teller.chance(0.3):
        teller.put(teller.later(now, 5, 20), lambda at: match(teller, at, found.plan, part="SECOND"))


def look_after_plans(teller: Teller, now: datetime) -> None:
    """Once a week the lead looks for somebody for every plan that nobody helps with."""
    live = Match.objects.filter(part="LEAD", status__in=Match.LIVE).values("plan")
    rows = Plan.objects.for_prison(teller.prison).filter(status="ACTIVE").exclude(pk__in=live)
    for plan in rows.exclude(pk__in=teller.left_alone).order_by("id"):
        match(teller, now, plan)


def stop_one_task(teller: Teller, now: datetime, plan: Plan) -> None:
    """The person wants one thing less."""
    tasks = list(PlanTask.objects.filter(plan=plan, stopped_at__isnull=True).select_related("plan").order_by("id"))
    if len(tasks) > 1 and tasks[0].plan.status == "ACTIVE":
        stop_task(by=teller.by("OFFICER"), now=now, plan_task=tasks[-1], reason="")


def end(teller: Teller, now: datetime, plan: Plan) -> None:
    """Help ends, mostly because the person leaves."""
    plan = Plan.objects.select_related("person").get(pk=plan.pk)
    if plan.status not in Plan.LIVE:
        return
    why = draw(teller.rng, {key: weight for key, (_, weight) in ENDINGS.items()})
    custody = custody_of(teller.prison, plan.person)
    if not why or custody is None:
        end_plan(by=teller.by("LEAD"), now=now, plan=plan, reason=ENDINGS[why][0])
        return
    for need in UnmetNeed.objects.filter(person=plan.person, met_on__isnull=True):
        meet(teller, now, need)
    moving.leave(teller, now, custody, why)
    care.after_leaving(teller, now, custody)


def helped_people(teller: Teller) -> list[Person]:
    """Everybody with an active plan, those who have had it longest first."""
    rows = Plan.objects.for_prison(teller.prison).filter(status="ACTIVE").select_related("person")
    return [plan.person for plan in rows.order_by("activated_at", "id")]


def seasons(day: date) -> float:
    """More people need help in winter."""
    return {12: 1.25, 1: 1.35, 2: 1.2, 6: 0.85, 7: 0.8, 8: 0.75}.get(day.month, 1.0)


def put_referrals(teller: Teller, until: date) -> None:
    """The first referrals soon after the opening, then week by week."""
    for i in range(teller.place.first_referrals):
        day = teller.opens_on + timedelta(days=1 + (i * 24) // teller.place.first_referrals)
        teller.put(teller.at(day), lambda now: refer(teller, now))
    day = teller.opens_on + timedelta(days=25)
    owed = 0.0
    while day < until:
        owed += teller.place.weekly_referrals * seasons(day) * teller.rng.uniform(0.3, 1.7)
        while owed >= 1:
            owed -= 1
            teller.put(teller.at(day + timedelta(days=teller.rng.randrange(5))), lambda now: refer(teller, now))
        day += timedelta(days=7)


def put_weekly_looks(teller: Teller, until: date) -> None:
    """Every Monday from the opening."""
    day = teller.opens_on + timedelta(days=7 - teller.opens_on.weekday())
    while day < until:
        teller.put(teller.at(day, 11), lambda now: look_after_plans(teller, now))
        day += timedelta(days=7)
