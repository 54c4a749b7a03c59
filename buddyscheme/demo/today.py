"""Where things stand this morning at the busiest prison, so that every step of the main line has something to do."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from buddyscheme.accounts.actor import Actor
from buddyscheme.demo import buddies, recipients, scheme
from buddyscheme.demo.models import KnownCode
from buddyscheme.demo.recipients import Course
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today
from referrals.actions.assessments import chase_assessment
from referrals.actions.codes import allow_code, make_code
from referrals.actions.concerns import raise_concern
from referrals.actions.danger import acknowledge_danger, say_danger
from referrals.actions.news import tell_news
from referrals.actions.own_wishes import say_going, want_change
from referrals.actions.plans import record_wishes, save_risks
from referrals.actions.referrals import make_referral, screen_referral
from referrals.actions.windows import close_window, open_window
from referrals.models import BuddyNews, Match, Plan, PlannedVisit, TerminalWindow, UnmetNeed
from referrals.queries.assessments import to_chase
from referrals.rules.capacity import Assessment
from schemes.actions import buddies as actions
from schemes.models import Buddy, Person, TaskKind
from schemes.queries.schemes import scheme_of
from training.actions.restricted import ask_restricted, decide_restricted
from training.queries.restricted import extra_modules


def put_waiting(teller: Teller) -> None:
    """On the agenda: what was begun in the last weeks and is not finished."""

    def ago(days: int, hour: int = 10) -> datetime:
        return teller.at(teller.today - timedelta(days=days), hour)

    for days in (1, 1, 3):
        teller.put(ago(days, 15), lambda now: recipients.refer(teller, now, course=Course(screened=False)))
    for days in (14, 12):
        teller.put(ago(days), lambda now: recipients.refer(teller, now, course=Course(asked=False)))
    for days in (21, 20):
        teller.put(ago(days), lambda now: recipients.refer(teller, now, course=Course(written=False)))
    for days in (24, 23):
        teller.put(ago(days), lambda now: recipients.refer(teller, now, course=Course(matched=False, ends=False)))
    teller.put(ago(2), lambda now: buddies.take_over(teller, now, _helper(teller, now), approve=False))
    teller.put(ago(1), lambda now: _apply(teller, now))
    teller.put(ago(6), lambda now: actions.ask_for_checks(by=teller.by("LEAD"), now=now, buddy=_apply(teller, now)))
    teller.put(ago(30), lambda now: put_in_training(teller, now))
    teller.put(ago(9), lambda now: leave_at_interview(teller, now))
    teller.put(ago(40), lambda now: someone_waits_for_carers(teller, now))
    teller.put(ago(50), lambda now: approve_a_restricted_task(teller, now))
    for days in (44, 36):
        teller.put(ago(days), lambda now: decide_for_somebody(teller, now))
    teller.put(ago(3), lambda now: chase_the_council(teller, now))


def _helper(teller: Teller, now: datetime) -> Person:
    return scheme.arrive(teller, now - timedelta(days=200), older=False, wing=0)


def _apply(teller: Teller, now: datetime) -> Buddy:
    return actions.apply_for_role(
        by=teller.by("LEAD"),
        now=now,
        prison=teller.prison,
        person=scheme.arrive(teller, now - timedelta(days=120), older=False, wing=1 % len(teller.wings)),
        applied_on=london_today(now),
        statement=teller.rng.choice(buddies.STATEMENTS),
    )


def put_in_training(teller: Teller, now: datetime) -> None:
    """Cleared, interviewed and offered the role; some modules are passed and some are still to come."""
    buddy = _apply(teller, now)
    buddy = actions.ask_for_checks(by=teller.by("LEAD"), now=now, buddy=buddy)
    for i, department in enumerate(buddy.scheme.departments):
        buddies.sign(teller, now + timedelta(days=2, hours=i), buddy, department)
    later = now + timedelta(days=6)
    buddies.score_apart(teller, later, buddy)
    actions.record_interview(
        by=teller.by("LEAD"), now=later, buddy=buddy, held_on=london_today(later), panel="Social care lead and officer",
        result="SUITABLE",
    )  # fmt: skip
    actions.offer_role(by=teller.by("LEAD"), now=later, buddy=buddy)
    buddies.sign_compact(teller, later + timedelta(days=2), buddy)
    from training.models import Module

    for i, module in enumerate(Module.objects.order_by("position")[:8]):
        buddies.record(teller, later + timedelta(days=5 + i // 3), module, [(buddies.fresh(buddy), "PASSED")])


def leave_at_interview(teller: Teller, now: datetime) -> None:
    """Cleared and interviewed; one member of staff has given scores, the other has not yet."""
    buddy = actions.ask_for_checks(by=teller.by("LEAD"), now=now, buddy=_apply(teller, now))
    for i, department in enumerate(buddy.scheme.departments):
        buddies.sign(teller, now + timedelta(days=3, hours=i), buddy, department)
    buddies.score(teller, now + timedelta(days=6), buddies.fresh(buddy), "OFFICER")


def someone_waits_for_carers(teller: Teller, now: datetime) -> None:
    """Personal care that is not met to this day."""
    known = UnmetNeed.objects.for_prison(teller.prison).filter(task=recipients.WAITED_FOR).values("person")
    plans = Plan.objects.for_prison(teller.prison).filter(status="ACTIVE").exclude(person__in=known)
    plan = plans.order_by("id").first()
    if plan is not None:
        recipients.wait_for_carers(teller, now, plan)


def decide_for_somebody(teller: Teller, now: datetime) -> None:
    """Somebody cannot decide about help themselves; what was decided for them is to be looked at again this week."""
    lead, today = teller.by("LEAD"), london_today(now)
    person = scheme.arrive(teller, now - timedelta(days=90), older=True)
    referral = make_referral(
        by=teller.by("OFFICER"), now=now, prison=teller.prison, person=person, source="STAFF", urgency="SOON",
        need_areas=["MEALS", "MEMORY"], reason="Forgets to eat, and does not know where the servery is.",
        other_help="NO",
    )  # fmt: skip
    later = now + timedelta(days=2)
    referral = screen_referral(
        by=lead, now=later, referral=referral, outcome="BUDDY", reason="", version=referral.version
    )
    plan = record_wishes(
        by=lead, now=later, referral=referral, own_words="Smiles and makes room when somebody sits down.",
        answer=Plan.Answer.CANNOT_DECIDE,
        assessment=Assessment(
            decision="Whether to have help from a buddy",
            assessed_by_name="Olwen Parry",
            assessed_by_role="Social worker",
            assessed_on=today,
            cannot=("RETAIN", "WEIGH"),
            best_interests="Help with meals and company: eats when somebody is there, and has lost weight alone.",
            share=True,
            consulted=("Ruth Flint, sister", "Key worker"),
            advocate="NOT_NEEDED",
            advocate_words="The sister takes part.",
            objects=False,
            review_on=teller.today + timedelta(days=4),
        ),
    )  # fmt: skip
    recipients.write(teller, later + timedelta(days=1), plan, ["MEALS", "COMPANY"], Course(ends=False))


def approve_a_restricted_task(teller: Teller, now: datetime) -> None:
    """Help with shoes and coats is on, for buddies with the training, and soon to be renewed; another is asked for."""
    held = scheme_of(teller.prison)
    module = extra_modules(teller.prison).first()
    if held is None or module is None:
        return
    for code, reason, at in (
        ("RES-02", "Several people cannot bend, and ask for this every day.", now),
        ("RES-06", "Spills wait for hours on B wing.", teller.at(teller.today - timedelta(days=2))),
    ):
        asked = ask_restricted(
            by=teller.by("LEAD"), now=at, scheme=held, task=TaskKind.objects.get(pk=code), reason=reason,
            modules=[module.code], review_on=teller.today + timedelta(days=20),
        )  # fmt: skip
        if code == "RES-02":
            decide_restricted(by=teller.by("GOVERNOR_DELEGATE"), now=at + timedelta(days=3), asked=asked, approve=True)


def chase_the_council(teller: Teller, now: datetime) -> None:
    """A letter about the request that has waited longest, and none yet about the others."""
    late = to_chase(teller.prison, ["COUNCIL"], london_today(now)).first()
    if late is not None:
        chase_assessment(by=teller.by("LEAD"), now=now, assessment=late)


def leave_words_held(teller: Teller) -> None:
    """Notes that speak of personal care wait for a second person."""
    rows = Plan.objects.for_prison(teller.prison).filter(status="ACTIVE", interim_from__isnull=True).order_by("-id")
    plan = rows.first()
    if plan is not None:
        save_risks(
            by=teller.by("LEAD"),
            now=teller.at(teller.today - timedelta(days=1), 14),
            plan=plan,
            falls_risk=bool(plan.falls_risk),
            staff_notes="The buddy helps with the shower on Sundays.",
            version=plan.version,
        )


def leave_a_worry(teller: Teller) -> None:
    """Written at the terminal yesterday evening; nobody has read it yet."""
    match = _busiest(teller)
    if match is None:
        return
    begins = teller.at(teller.today - timedelta(days=1), 19)
    window = open_window(by=teller.by("OFFICER"), now=begins, terminal=teller.terminals[0], minutes=30)
    writer = match.buddy.person
    raise_concern(
        by=Actor.at_terminal(person_id=writer.pk, terminal_id=window.terminal_id, window_id=window.pk),
        now=begins + timedelta(minutes=7),
        prison=teller.prison,
        kind="ASKED_TO_OVERSTEP",
        words="Asked me to help him get dressed. I said I cannot. He was upset.",
        happened_on=london_today(begins),
        about_person=match.plan.person,
        writer=writer,
        window=window,
        source="TERMINAL",
    )
    raise_concern(
        by=Actor.at_terminal(person_id=writer.pk, terminal_id=window.terminal_id, window_id=window.pk),
        now=begins + timedelta(minutes=9),
        prison=teller.prison,
        kind="TALK_TO_STAFF",
        words="I would like to talk about how much I do.",
        happened_on=london_today(begins),
        writer=writer,
        window=window,
        source="TERMINAL",
    )
    issue_code(teller, begins + timedelta(minutes=12), writer, window)
    close_window(by=teller.by("OFFICER"), now=begins + timedelta(minutes=25), window=window)


def leave_danger(teller: Teller) -> None:
    """Two calls of yesterday: a fall that an officer saw to, and one that the duty governor had to.

    The one who is helped has said how it goes and what should change.
    """
    match = _busiest(teller)
    if match is None:
        return
    writer, helped = match.buddy.person, match.plan.person
    begins = teller.at(teller.today - timedelta(days=1), 15)
    window = open_window(by=teller.by("OFFICER"), now=begins, terminal=teller.terminals[0], minutes=30)

    def by(person: Person) -> Actor:
        return Actor.at_terminal(person_id=person.pk, terminal_id=window.terminal_id, window_id=window.pk)

    for minutes, kind, told, who, after in (
        (4, "FALL", "NOT_YET", "OFFICER", 2),
        (9, "SELF_HARM", "YES", "DUTY_MANAGER", 8),
    ):
        now = begins + timedelta(minutes=minutes)
        concern = raise_concern(
            by=by(writer), now=now, prison=teller.prison, kind=kind, happened_on=london_today(begins),
            about_person=helped, writer=writer, window=window, source="TERMINAL",
        )  # fmt: skip
        call = say_danger(by=by(writer), now=now, concern=concern, told=told, place=window.terminal.name)
        acknowledge_danger(by=teller.by(who), now=now + timedelta(minutes=after), call=call)
    here: dict[str, Any] = {"prison": teller.prison, "person": helped, "window": window}
    say_going(by=by(helped), now=begins + timedelta(minutes=20), came="SOMETIMES", feels="MIXED", **here)
    want_change(by=by(helped), now=begins + timedelta(minutes=21), change="TIME", **here)
    close_window(by=teller.by("OFFICER"), now=begins + timedelta(minutes=25), window=window)


def tell_what_is_hard(teller: Teller) -> None:
    """Buddies were told within hours of a death, a move or a suspension; of what came since yesterday not yet."""
    for news in BuddyNews.objects.for_prison(teller.prison).filter(told_at=None).order_by("id"):
        told = news.happened_at + timedelta(hours=3)
        if london_today(told) < teller.today - timedelta(days=3):
            tell_news(by=teller.by("OFFICER"), now=told, news=news)


def issue_code(teller: Teller, now: datetime, person: Person, window: TerminalWindow) -> None:
    """A real code, drawn by the action that draws them all; only a demonstration keeps the digits."""
    issued = allow_code(by=teller.by("OFFICER"), now=now, prison=teller.prison, person=person, window=window)
    by = Actor.at_terminal(person_id=issued.person_id, terminal_id=window.terminal_id, window_id=window.pk)
    digits = make_code(by=by, now=now + timedelta(minutes=1), issued=issued)
    KnownCode.objects.create(prison=teller.prison, person_id=issued.person_id, digits=digits)


def _busiest(teller: Teller) -> Match | None:
    """A match of the buddy with visits today and on most weekdays, so that there is something to log."""
    live = Match.objects.for_prison(teller.prison).filter(status="ACTIVE", part="LEAD", buddy__status="ACTIVE")
    found = list(live.select_related("plan__person", "buddy__person").order_by("id"))
    if not found:
        return None
    week = (teller.today - timedelta(days=6), teller.today)
    planned = PlannedVisit.objects.for_prison(teller.prison).filter(day__range=week, cancelled_at=None)
    days: dict[int | None, set[date]] = defaultdict(set)
    for buddy_id, day in planned.values_list("buddy_id", "day"):
        days[buddy_id].add(day)

    def worth(match: Match) -> tuple[bool, int, int]:
        mine = days[match.buddy_id]
        return teller.today in mine, len(mine), -match.pk

    return max(found, key=worth)
