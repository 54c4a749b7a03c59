"""Posts and refusals, made by the actions that the pages call. Run inside `with at_prison(here):`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.lib.dates import london_today
from schemes.actions import buddies as buddy_actions
from schemes.actions import posts as actions
from schemes.actions import refusals as refusal_actions
from schemes.actions.schemes import set_wings
from schemes.models import Buddy, Post, Refusal
from schemes.queries.schemes import scheme_of, served_wings
from schemes.rules.posts import PostFacts
from tests.builders import buddies as build
from tests.cast import acts


def drafted(here: Prison, lead: User, now: datetime, wing: Wing, **fields: Any) -> Post:
    """A post that is not advertised yet, on a wing that the scheme serves."""
    build.scheme_ready(here, lead, now)
    scheme = scheme_of(here)
    assert scheme is not None
    served = served_wings(scheme)
    if wing not in served:
        set_wings(by=acts(lead, here), now=now, scheme=scheme, wings=[*served, wing], version=scheme.version)
    facts = PostFacts(**{
        "wing_id": wing.pk, "title": "Wing buddy", "title_cy": "Cyfaill adain", "places": 2, "weekly_hours": 20,
        "pay_band": 4, "pay_band_name": "Enhanced", **fields,
    })  # fmt: skip
    return actions.add_post(by=acts(lead, here), now=now, prison=here, facts=facts)


def advertised(here: Prison, lead: User, now: datetime, wing: Wing, *, days: int = 14, **fields: Any) -> Post:
    """A post that takes applications for so many days from today."""
    today = london_today(now)
    post = drafted(here, lead, now, wing, **fields)
    return actions.advertise_post(
        by=acts(lead, here), now=now, post=post, advertised_on=today, closes_on=today + timedelta(days=days)
    )


def suitable(here: Prison, lead: User, now: datetime, **fields: Any) -> Buddy:
    """Cleared, and found suitable in the interview."""
    return build.interviewed(build.cleared(build.in_checks(here, lead, now, **fields), lead, now), lead, now)


def in_pool(here: Prison, lead: User, now: datetime, **fields: Any) -> Buddy:
    """Approved, and waiting for a place."""
    buddy = suitable(here, lead, now, **fields)
    return buddy_actions.approve_applicant(by=acts(lead, here), now=now, buddy=buddy)


def declined(here: Prison, lead: User, now: datetime, *, buddy: Buddy | None = None, **fields: Any) -> Refusal:
    """An application that `lead` declined; the person is still to be told."""
    buddy = buddy or build.applied(here, lead, now, **fields)
    buddy_actions.decline(by=acts(lead, here), now=now, buddy=buddy, reason="You have not been here long enough.")
    return Refusal.objects.select_related("buddy__person").get(buddy=buddy, outcome="")


def appealed(here: Prison, lead: User, now: datetime, **fields: Any) -> Refusal:
    """A refusal against which the person has appealed."""
    return refusal_actions.appeal(
        by=acts(lead, here),
        now=now,
        refusal=declined(here, lead, now, **fields),
        appealed_on=london_today(now),
        words="I have been here since March.",
    )
