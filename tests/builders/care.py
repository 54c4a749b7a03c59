"""Overrides, standing down with cover, welfare checks: made by the actions that the pages call.

Run inside `with at_prison(here):`.

    override = override_running(buddy, lead, delegate, now, module)
    stand_down = suspended(buddy, lead, now, covers={match.pk: ("NOBODY", None)})
    check = welfare_prompted(here, plan.person, now)
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import london_today
from referrals.actions.news import keep_news
from referrals.actions.standing_down import Chosen, stand_down
from referrals.actions.welfare import prompt_welfare
from referrals.models import BuddyNews, Match, WelfareCheck
from schemes.models import Buddy, Person, Scheme, StandDown
from tests.builders.buddies import as_owner, modules
from tests.builders.referrals import task_of
from tests.cast import acts
from training.actions.overrides import ask_override, decide_override
from training.actions.restricted import ask_restricted, decide_restricted
from training.models import Module, ModuleResult, Override, RestrictedTask, TaskModule


def extra_module(code: str = "X01", title: str = "Stair lift", *, task: str = "") -> Module:
    """A module that not every buddy needs; with `task`, one that this task needs."""
    modules()
    with as_owner():
        module, _ = Module.objects.get_or_create(
            code=code, defaults={"title": title, "mandatory": False, "source": "Made up for tests", "position": 90}
        )
        if task:
            TaskModule.objects.get_or_create(task_id=task, module=module)
    return module


def override_asked(
    buddy: Buddy, lead: User, now: datetime, module: Module | None = None, *, days: int = 30
) -> Override:
    """An override for a module that the buddy has not passed, waiting for a decision."""
    return ask_override(
        by=acts(lead, buddy.prison),
        now=now,
        buddy=buddy,
        module=module or extra_module(),
        ends_on=london_today(now) + timedelta(days=days),
        reason="The class is next month",
    )


def override_running(
    buddy: Buddy, lead: User, delegate: User, now: datetime, module: Module | None = None, *, days: int = 30
) -> Override:
    """An approved override."""
    asked = override_asked(buddy, lead, now, module, days=days)
    return decide_override(by=acts(delegate, buddy.prison), now=now, override=asked, approve=True)


def restricted_asked(
    here: Prison, lead: User, now: datetime, module: Module, *, task: str = "RES-02", days: int = 90
) -> RestrictedTask:
    """A restricted task that the lead has asked for."""
    return ask_restricted(
        by=acts(lead, here),
        now=now,
        scheme=Scheme.objects.for_prison(here).get(),
        task=task_of(task),
        reason="Two people ask for this every day",
        modules=[module.code],
        review_on=london_today(now) + timedelta(days=days),
    )


def restricted_on(
    here: Prison, lead: User, delegate: User, now: datetime, module: Module, **fields: Any
) -> RestrictedTask:
    """A restricted task that is on."""
    asked = restricted_asked(here, lead, now, module, **fields)
    return decide_restricted(by=acts(delegate, here), now=now, asked=asked, approve=True)


def lapsed(buddy: Buddy, lead: User, now: datetime, code: str = "T01") -> ModuleResult:
    """A newer result of a module that ran out yesterday, put into the record past the action.

    The buddy has to have passed it at least three days before `now`, so that this one is the newest.
    """
    today = london_today(now)
    with as_owner():
        return ModuleResult.objects.create(
            prison=buddy.prison,
            buddy=buddy,
            person=buddy.person,
            module_id=code,
            outcome="PASSED",
            assessed_on=today - timedelta(days=2),
            expires_on=today - timedelta(days=1),
            recorded_at=now,
            recorded_by=lead,
        )


def suspended(
    buddy: Buddy, lead: User, now: datetime, *, covers: dict[int, tuple[str, Buddy | None]] | None = None, **fields: Any
) -> StandDown:
    """A suspension without pay, with nobody yet for everybody who is not in `covers`."""
    live = Match.objects.filter(buddy=buddy, status__in=Match.LIVE).values_list("pk", flat=True)
    chosen = {pk: Chosen("NOBODY") for pk in live}
    chosen |= {pk: Chosen(choice, other) for pk, (choice, other) in (covers or {}).items()}
    values: dict[str, Any] = {
        "kind": "SUSPENDED",
        "reason": "Something reported is being looked into",
        "paid": False,
        "review_on": london_today(now) + timedelta(days=7),
        "told_how": "In person by the wing manager",
        "appeal_route": "To the governor within seven days",
        **fields,
    }
    return stand_down(by=acts(lead, buddy.prison), now=now, buddy=buddy, covers=chosen, **values)


def welfare_prompted(
    here: Prison, person: Person, now: datetime, *, event: str = "FALL", key: str = "test:1"
) -> WelfareCheck:
    """A welfare check of the one buddy who helps this person."""
    prompt_welfare(by=Actor.system(), now=now, prison=here, person=person, event=event, event_key=key, happened_at=now)
    return WelfareCheck.objects.get(person=person, event_key=key)


def news_for(buddy: Buddy, person: Person, now: datetime, event: str = "LEFT", key: str = "test:1") -> BuddyNews:
    """Something that the buddy is to be told in person."""
    keep_news(
        by=Actor.system(), now=now, prison=buddy.prison, buddies=[buddy], person=person, event=event, event_key=key
    )
    return BuddyNews.objects.get(buddy=buddy, event_key=key)
