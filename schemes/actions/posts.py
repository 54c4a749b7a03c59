"""Posts: entering, changing, advertising and closing them, and putting a buddy into one."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.references import make_reference
from schemes import guard
from schemes.models import Buddy, Post
from schemes.months import every_month_changed
from schemes.post_places import recount_places, take_place
from schemes.queries.buddies import locked
from schemes.queries.posts import filled_count, locked_post
from schemes.queries.schemes import scheme_of, served_wings
from schemes.rules import posts as rules
from schemes.rules.buddies import IN_ROLE, check_can_change_post

S = Post.Status


@transaction.atomic
def add_post(*, by: Actor, now: datetime, prison: Prison, facts: rules.PostFacts) -> Post:
    """Enter a post of a wing that the scheme serves. It is not advertised yet."""
    scheme = scheme_of(prison)
    if scheme is None:
        raise NotAllowed("Set up the scheme of this prison before you enter posts.")
    rules.check_facts(facts, wing_ids={wing.pk for wing in served_wings(scheme)})
    _check_titles(facts)
    post = Post.objects.create(
        prison=prison,
        scheme=scheme,
        reference=_new_reference(prison),
        entered_at=now,
        entered_by=by.user,
        **_cut(facts),
    )
    record(Event.POST_ADDED, by=by, prison=prison.code, subject=post, places=facts.places)
    return post


@transaction.atomic
def change_post(*, by: Actor, now: datetime, post: Post, facts: rules.PostFacts, version: int) -> Post:
    """Change what the post says. It keeps at least as many places as are filled."""
    post = locked_post(post)
    rules.check_version(post, version)
    wings = {wing.pk for wing in served_wings(post.scheme)} | {post.wing_id}
    rules.check_facts(facts, wing_ids=wings, filled=filled_count(post))
    _check_titles(facts)
    values = _cut(facts)
    for name, value in values.items():
        setattr(post, name, value)
    post = _saved(post, *values)
    recount_places(post)
    every_month_changed(post.prison_id, now)
    record(Event.POST_CHANGED, by=by, prison=post.prison_id, subject=post, places=facts.places)
    return post


@transaction.atomic
def advertise_post(*, by: Actor, now: datetime, post: Post, advertised_on: date, closes_on: date) -> Post:
    """Put the advert up, or give an advert that is up other dates."""
    post = locked_post(post)
    if post.status != S.ADVERTISED:
        rules.check_can_become(post, S.ADVERTISED)
    rules.check_dates(advertised_on, closes_on, london_today(now))
    post.status, post.advertised_on, post.closes_on = S.ADVERTISED, advertised_on, closes_on
    post.closed_at, post.closed_by = None, None
    post = _saved(post, "status", "advertised_on", "closes_on", "closed_at", "closed_by")
    record(
        Event.POST_ADVERTISED, by=by, prison=post.prison_id, subject=post, on=str(advertised_on), until=str(closes_on)
    )
    return post


@transaction.atomic
def close_post(*, by: Actor, now: datetime, post: Post) -> Post:
    """Nobody is appointed to the post any more. Who is in it stays."""
    post = locked_post(post)
    rules.check_can_become(post, S.CLOSED)
    post.status, post.closed_at, post.closed_by = S.CLOSED, now, by.user
    post = _saved(post, "status", "closed_at", "closed_by")
    record(Event.POST_CLOSED, by=by, prison=post.prison_id, subject=post)
    return post


@transaction.atomic
def put_in_post(*, by: Actor, now: datetime, buddy: Buddy, post: Post | None) -> Buddy:
    """Say which post an application answers or a buddy fills; None takes them out of it."""
    buddy = locked(buddy)
    check_can_change_post(buddy)
    before = buddy.post
    # Always in the order of their ids, so that two who change places do not wait for each other.
    for each in sorted({one.pk: one for one in (before, post) if one is not None}.items()):
        locked_post(each[1])
    if post is not None and buddy.status in IN_ROLE:
        post = take_place(post, buddy)
    elif post is not None:
        rules.check_not_closed(post)
    buddy.post = post
    buddy.version += 1
    buddy.save(update_fields=["post", "version"])
    for changed in (before, post):
        if changed is not None:
            recount_places(changed)
    every_month_changed(buddy.prison_id, now)
    record(
        Event.BUDDY_POST_CHANGED,
        by=by,
        prison=buddy.prison_id,
        subject=buddy,
        person_id=buddy.person_id,
        old=before.pk if before else None,
        new=post.pk if post else None,
    )
    return buddy


def _check_titles(facts: rules.PostFacts) -> None:
    """A title is read by everybody as what the work is."""
    guard.refuse(facts.title, field="title")
    guard.refuse(facts.title_cy, field="title_cy")


def _cut(facts: rules.PostFacts) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in asdict(facts).items()}


def _saved(post: Post, *fields: str) -> Post:
    post.version += 1
    post.save(update_fields=[*fields, "version"])
    return post


def _new_reference(prison: Prison) -> str:
    reference = make_reference("J")
    while Post.objects.for_prison(prison).filter(reference=reference).exists():
        reference = make_reference("J")
    return reference
