"""Looking after buddies: standing down with cover, overrides, what lapses, welfare checks, notes to the lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from buddyscheme.accounts.actor import Actor
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today
from referrals.actions.lapses import decide_lapse
from referrals.actions.standing_down import Chosen, bring_back, stand_down
from referrals.actions.welfare import prompt_welfare, record_welfare
from referrals.models import Concern, Cover, Match, WelfareCheck
from referrals.queries.lapses import flag_of
from referrals.queries.standing_down import live_matches, other_buddy
from referrals.rules.welfare import OF_CONCERN, OF_LEAVING
from schemes.models import Buddy, Custody, StandDown
from training.actions.overrides import ask_override, decide_override
from training.actions.results import record_results
from training.models import Module
from training.rules.results import is_trainable

Kind, Choice = StandDown.Kind, Cover.Choice
SAID = (
    ("WELL", "", "Nothing is needed; will say if that changes"),
    ("UNSETTLED", "Keeps thinking about it at night.", "Two days off, and a talk with the chaplain"),
    ("NEEDS_HELP", "Does not want to go back to that landing.", "Seen by the mental health team the same day"),
)


def step_down(teller: Teller, now: datetime, buddy: Buddy, kind: str, reason: str, **particulars: Any) -> StandDown:
    """Whoever can, covers: the plan's other buddy, else staff for the first two people, else nobody yet."""
    covers = {}
    for nth, match in enumerate(live_matches(buddy)):
        if other_buddy(match) is not None:
            covers[match.pk] = Chosen(Choice.OTHER)
        else:
            covers[match.pk] = Chosen(Choice.STAFF if nth < 1 and kind == Kind.SUSPENDED else Choice.NOBODY)
    told = {} if kind == Kind.LEFT else {
        "told_how": "In person, by the wing manager",
        "appeal_route": "In writing to the governor, within seven days",
        "evidence": "Written report of the wing officer, kept by the lead",
    }  # fmt: skip
    return stand_down(
        by=teller.by("LEAD"), now=now, buddy=buddy, kind=kind, covers=covers, reason=reason, **told, **particulars
    )


def come_back(teller: Teller, now: datetime, buddy: Buddy) -> None:
    """Reinstated: nothing was found."""
    bring_back(by=teller.by("LEAD"), now=now, buddy=buddy, reason="Nothing was found against them")


def after_leaving(teller: Teller, now: datetime, custody: Custody) -> None:
    """The buddies of somebody who died or left are asked how they are, mostly in time."""
    custody.refresh_from_db()
    event = OF_LEAVING.get(custody.end_reason)
    if event is not None:
        prompt(teller, now, custody.person_id, event, f"custody:{custody.pk}")


def after_concern(teller: Teller, now: datetime, concern: Concern) -> None:
    """The same after a fall or another concern."""
    event = OF_CONCERN.get(concern.kind)
    if event is not None and concern.about_person_id is not None:
        prompt(teller, now, concern.about_person_id, event, f"concern:{concern.pk}")


def prompt(teller: Teller, now: datetime, person_id: int, event: str, key: str, *, seen_to: bool = True) -> None:
    """One prompt for each buddy, and what somebody wrote down within days."""
    person = teller.people[person_id]
    prompt_welfare(
        by=Actor.system(), now=now, prison=teller.prison, person=person, event=event, event_key=key, happened_at=now
    )
    for check in WelfareCheck.objects.for_prison(teller.prison).filter(event_key=key).order_by("id"):
        when = teller.later(now, 1, 4)
        if seen_to and teller.chance(0.93) and london_today(when) < teller.today:
            how, words, agreed = SAID[teller.rng.choice((0, 0, 0, 1, 1, 2))]
            record_welfare(
                by=teller.by(teller.rng.choice(("TRAINER", "LEAD"))), now=when, check=check,
                spoken_on=london_today(when), how=how, words=words, agreed=agreed,
            )  # fmt: skip


# What stands this morning at the busiest prison -----------------------------------------------------------------


def put_care(teller: Teller) -> None:
    """An override that has ended, one that runs, lapses kept and to be decided, and a suspension with cover."""

    def ago(days: int, what: Callable[[datetime], object]) -> None:
        teller.put(teller.at(teller.today - timedelta(days=days), 11), what)

    ago(45, lambda now: _override_for(teller, now, 0, days=14))
    ago(12, lambda now: _override_for(teller, now, 1, days=60))
    ago(8, lambda now: _lapse(teller, now, 2, keep=True))
    ago(4, lambda now: _lapse(teller, now, 3, keep=False))
    ago(3, lambda now: _suspend(teller, now, 4))


def _helpers(teller: Teller) -> list[Buddy]:
    """Active buddies who help somebody, those with the most people first."""
    live = Match.objects.for_prison(teller.prison).filter(status="ACTIVE", part="LEAD", buddy__status="ACTIVE")
    load: dict[int, int] = {}
    for buddy_id in live.values_list("buddy_id", flat=True):
        load[buddy_id] = load.get(buddy_id, 0) + 1
    found = Buddy.objects.filter(pk__in=load).select_related("person", "scheme", "prison")
    # The busiest is left as they are: whoever opens the terminal comes in as them.
    return sorted(found, key=lambda buddy: (-load[buddy.pk], buddy.pk))[1:]


def _fail(teller: Teller, now: datetime, buddy: Buddy, place: int) -> Module:
    """A refresher that was not passed yet."""
    module = list(Module.objects.order_by("position", "code"))[place]
    _result(teller, now, buddy, module, "NOT_YET")
    return module


def _result(teller: Teller, now: datetime, buddy: Buddy, module: Module, outcome: str) -> None:
    record_results(
        by=teller.by("TRAINER"), now=now, prison=teller.prison, module=module, assessed_on=london_today(now),
        outcomes=[(Buddy.objects.select_related("person").get(pk=buddy.pk), outcome)],
    )  # fmt: skip


def _nth(teller: Teller, nth: int) -> Buddy | None:
    found = _helpers(teller)
    return found[nth % len(found)] if found else None


def _override_for(teller: Teller, now: datetime, nth: int, *, days: int) -> None:
    buddy = _nth(teller, nth)
    if buddy is None:
        return
    module = _fail(teller, now, buddy, 10)
    asked = ask_override(
        by=teller.by("LEAD"), now=now + timedelta(hours=1), buddy=buddy, module=module,
        ends_on=london_today(now) + timedelta(days=days), reason="The trainer is away; the next class is booked",
    )  # fmt: skip
    decide_override(
        by=teller.by("GOVERNOR_DELEGATE"), now=now + timedelta(hours=3), override=asked, approve=True,
        reason="For this one class",
    )  # fmt: skip
    if days < 30:
        teller.put(teller.later(now, days, days + 3), lambda at: _pass(teller, at, buddy, module))


def _pass(teller: Teller, now: datetime, buddy: Buddy, module: Module) -> None:
    """Unless they have left the role meanwhile."""
    if is_trainable(Buddy.objects.get(pk=buddy.pk)):
        _result(teller, now, buddy, module, "PASSED")


def _lapse(teller: Teller, now: datetime, nth: int, *, keep: bool) -> None:
    buddy = _nth(teller, nth)
    if buddy is None:
        return
    _fail(teller, now, buddy, 6)
    for match in live_matches(buddy).filter(status="ACTIVE") if keep else ():
        if flag_of(match, london_today(now)) is not None:
            decide_lapse(
                by=teller.by("LEAD"), now=now + timedelta(hours=2), match=match, choice="KEEP",
                until=london_today(now) + timedelta(days=28), reason="Knows the person well; the class is in two weeks",
            )  # fmt: skip


def _suspend(teller: Teller, now: datetime, nth: int) -> None:
    buddy = _nth(teller, nth)
    if buddy is not None:
        step_down(
            teller, now, buddy, Kind.SUSPENDED, "Asked somebody for canteen; being looked into", paid=False,
            review_on=london_today(now) + timedelta(days=3),
        )  # fmt: skip


def leave_a_check_late(teller: Teller) -> None:
    """A fall five days ago after which nobody has spoken with the buddy."""
    buddies = _helpers(teller)
    match = live_matches(buddies[0]).filter(status="ACTIVE").first() if buddies else None
    if match is not None:
        now = teller.at(teller.today - timedelta(days=5), 15)
        prompt(teller, now, match.plan.person_id, "FALL", "fall:shown", seen_to=False)
