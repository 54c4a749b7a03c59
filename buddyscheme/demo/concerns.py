"""Worries, falls, and being asked to overstep: raised at a terminal or by staff, acted on, the writer told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from buddyscheme.accounts.actor import Actor
from buddyscheme.demo import care
from buddyscheme.demo.names import draw
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today
from referrals.actions.concerns import act_on_concern, answer_note, close_concern, raise_concern, tell_writer
from referrals.actions.danger import acknowledge_danger
from referrals.actions.hand_ons import answer_hand_on, hand_on
from referrals.models import Concern, DangerCall, Match, TerminalWindow
from referrals.rules.concerns import CHASE_AFTER, SAFEGUARDING

KINDS = {
    "ASKED_TO_OVERSTEP": 0.3, "WORRY": 0.24, "FALL": 0.16, "GIFT_OR_DEBT": 0.06, "TALK_TO_STAFF": 0.1,
    "EXPLOIT_RECIPIENT": 0.02, "SAW_OVERSTEP": 0.02, "DID_OVERSTEP": 0.06, "SELF_HARM": 0.02, "OTHER": 0.02,
}  # fmt: skip
WORDS = {
    "ASKED_TO_OVERSTEP": "Asked me to help with washing. I said I cannot and that I would tell staff.",
    "DID_OVERSTEP": "Lifted him off the floor because nobody came.",
    "WORRY": "He has not eaten for two days and will not say why.",
    "FALL": "Found on the floor by the bed. Staff came and healthcare had a look.",
    "GIFT_OR_DEBT": "Somebody takes his canteen and says it is for a debt.",
    "EXPLOIT_RECIPIENT": "Two from the next landing wait for him on canteen day.",
    "SAW_OVERSTEP": "I saw another buddy wash him. Nobody else was there.",
    "SELF_HARM": "Said that there is no point any more.",
    "TALK_TO_STAFF": "I would like to talk to somebody.",
    "OTHER": "The wheelchair has a flat tyre again.",
}
ACTED = ("Spoke with both in private.", "Put to healthcare the same day.", "Asked the council again for carers.")


def raise_some(teller: Teller, until: date) -> None:
    """About one in ten days at the busiest prison, most of them from the terminal, most acted on in time."""
    rng = teller.rng
    windows = list(TerminalWindow.objects.for_prison(teller.prison).order_by("opened_at", "id"))
    day = teller.opens_on + timedelta(days=45)
    while day < until - timedelta(days=1):
        gap = rng.expovariate(1 / (300 / max(1, teller.place.first_referrals + 8)))
        day += timedelta(days=max(1, int(gap)))
        there = [window for window in windows if london_today(window.opened_at) == day]
        if day < until - timedelta(days=1):
            raise_one(teller, day, there)


def raise_one(teller: Teller, day: date, windows: list[TerminalWindow], kind: str = "") -> Concern | None:
    """One concern of a day about somebody who is helped, and what was done."""
    now, rng = teller.at(day, 17), teller.rng
    match = _pair_at(teller, now)
    if match is None:
        return None
    kind = kind or draw(rng, KINDS)
    person, writer = match.plan.person, match.buddy.person
    window = rng.choice(windows) if windows and rng.random() < 0.75 else None
    if window is not None:
        now = window.opened_at + timedelta(minutes=rng.randint(3, 25))
        by = Actor.at_terminal(person_id=writer.pk, terminal_id=window.terminal_id, window_id=window.pk)
    else:
        by = teller.by("OFFICER")
    concern = raise_concern(
        by=by,
        now=now,
        prison=teller.prison,
        kind=kind,
        words=WORDS[kind],
        happened_on=day,
        about_person=person,
        writer=writer if window is not None else None,
        window=window,
        source="TERMINAL" if window is not None else "STAFF",
    )
    for call in DangerCall.objects.filter(concern=concern):
        acknowledge_danger(by=teller.by("OFFICER"), now=now + timedelta(minutes=teller.rng.randint(1, 4)), call=call)
    care.after_concern(teller, now, concern)
    if teller.chance(0.92):
        _act(teller, now, concern)
    return concern


def _act(teller: Teller, now: datetime, concern: Concern) -> None:
    """Mostly within the clock; the writer is told in person within days."""
    days = {"SAME_DAY": (0, 1), "THREE_DAYS": (0, 4), "SEVEN_DAYS": (1, 9)}[concern.clock]
    acted_at = teller.later(now, *days)
    if london_today(acted_at) >= teller.today:
        return
    if concern.kind == Concern.Kind.TALK_TO_STAFF:
        answer_note(
            by=teller.by("LEAD"), now=acted_at, concern=concern, talked_on=london_today(acted_at),
            words="Talked for half an hour. Would like fewer people for a while.", version=concern.version,
        )  # fmt: skip
        return
    by = teller.by(teller.rng.choice(("LEAD", "SAFEGUARDING")))
    act_on_concern(by=by, now=acted_at, concern=concern, words=teller.rng.choice(ACTED), version=concern.version)
    if concern.kind in SAFEGUARDING:
        _tell_council(teller, acted_at, concern)
    told_at = teller.later(acted_at, 0, 5)
    if concern.writer_id is not None:
        if london_today(told_at) >= teller.today or teller.chance(0.12):
            return
        tell_writer(by=by, now=told_at, concern=concern)
    closed_at = teller.later(told_at, 1, 12)
    if london_today(closed_at) < teller.today:
        close_concern(by=by, now=closed_at, concern=concern)


def _tell_council(teller: Teller, now: datetime, concern: Concern) -> None:
    """The safeguarding lead leads; the council is told, and advises a week later."""
    by = teller.by("SAFEGUARDING")
    found = hand_on(
        by=by, now=now, concern=concern, to="COUNCIL", their_reference="", chase_on=london_today(now) + CHASE_AFTER
    )
    asked_at = teller.later(now, 7, 9)
    if london_today(asked_at) < teller.today:
        answer_hand_on(by=by, now=asked_at, hand_on=found, outcome="No enquiry. The prison leads.", version=1)


def _pair_at(teller: Teller, now: datetime) -> Match | None:
    """Two people who were matched at that moment."""
    rows = Match.objects.for_prison(teller.prison).filter(started_on__lt=now.date())
    there = list(rows.exclude(ended_at__lte=now).select_related("plan__person", "buddy__person").order_by("id"))
    return teller.rng.choice(there) if there else None
