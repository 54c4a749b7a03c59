"""Posts: what may be funded and advertised, when an application may answer one, and that places are safe."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import check_transition, twin
from schemes.models import Post

S = Post.Status

# A closed post may be advertised again when it is funded again.
TRANSITIONS: dict[str, set[str]] = {
    S.DRAFT: {S.ADVERTISED, S.CLOSED},
    S.ADVERTISED: {S.CLOSED},
    S.CLOSED: {S.ADVERTISED},
}
VERBS: dict[str, str] = {S.ADVERTISED: "advertised", S.CLOSED: "closed"}
# Posts that were advertised before they were entered here, and adverts that are planned ahead.
LONGEST_AGO = timedelta(days=2 * 366)
LONGEST_AHEAD = timedelta(days=90)
LONGEST_ADVERT = timedelta(days=366)
MOST_PLACES, MOST_HOURS, BANDS = 50, 60, 10


class Unsaid(Enum):
    """Nothing was said about a post: the one that the application answered counts."""

    AS_APPLIED = "as applied"


AS_APPLIED = Unsaid.AS_APPLIED


@dataclass(frozen=True, kw_only=True)
class PostFacts:
    """What a post says of itself, apart from its advert's dates."""

    wing_id: int
    title: str
    title_cy: str = ""
    places: int
    weekly_hours: int
    pay_band: int
    pay_band_name: str = ""


def check_facts(facts: PostFacts, *, wing_ids: Collection[int], filled: int = 0) -> None:
    """A wing of the scheme, a title, and figures that can be; never fewer places than are filled."""
    if facts.wing_id not in wing_ids:
        raise NotAllowed("Select a wing that the scheme serves.", field="wing")
    if not facts.title.strip():
        raise NotAllowed("Enter the title of the post.", field="title")
    if not 1 <= facts.places <= MOST_PLACES:
        raise NotAllowed(
            f"Enter how many places there are, from 1 to {MOST_PLACES}. To end a post, close it.", field="places"
        )
    if facts.places < filled:
        raise NotAllowed(
            f"{filled} {'place is' if filled == 1 else 'places are'} filled. "
            f"Enter {filled} or more, or move somebody to another post first.",
            field="places",
        )
    if not 1 <= facts.weekly_hours <= MOST_HOURS:
        raise NotAllowed(f"Enter the paid hours a week, from 1 to {MOST_HOURS}.", field="weekly_hours")
    if not 1 <= facts.pay_band <= BANDS:
        raise NotAllowed(f"Enter the pay band as a number from 1 to {BANDS}.", field="pay_band")


def check_can_become(post: Post, wanted: str) -> None:
    """The transition table, in words."""
    check_transition(
        TRANSITIONS,
        post.status,
        wanted,
        f"This post cannot be {VERBS.get(wanted, 'changed')} now, because it is “{post.get_status_display()}”. "
        "Open its page again.",
    )


can_become = twin(check_can_become)


def check_dates(advertised_on: date, closes_on: date, today: date) -> None:
    """An advert that closes on or after the day it went up, both days that can be."""
    if advertised_on < today - LONGEST_AGO:
        raise NotAllowed(
            f"Date of the advert must be on or after {day_in_words(today - LONGEST_AGO)}.", field="advertised_on"
        )
    if advertised_on > today + LONGEST_AHEAD:
        raise NotAllowed(
            f"Date of the advert must be on or before {day_in_words(today + LONGEST_AHEAD)}.", field="advertised_on"
        )
    if closes_on < advertised_on:
        raise NotAllowed(
            f"The closing date must be on or after the date of the advert, {day_in_words(advertised_on)}.",
            field="closes_on",
        )
    if closes_on > advertised_on + LONGEST_ADVERT:
        raise NotAllowed(
            f"The closing date must be on or before {day_in_words(advertised_on + LONGEST_ADVERT)}.", field="closes_on"
        )


def check_version(post: Post, version: int) -> None:
    """Nobody saved in between."""
    if post.version != version:
        raise Stale("this post")


def is_open(post: Post, today: date) -> bool:
    """Whether the advert takes applications on this day."""
    if post.status != S.ADVERTISED or post.advertised_on is None or post.closes_on is None:
        return False
    return bool(post.advertised_on <= today <= post.closes_on)


def check_can_answer(post: Post, today: date) -> None:
    """An application answers an advert that runs."""
    if is_open(post, today):
        return
    if post.status == S.ADVERTISED and post.closes_on is not None and post.closes_on < today:
        raise NotAllowed(
            f"Applications for “{post.title}” closed on {day_in_words(post.closes_on)}. Select another post, or none.",
            field="post",
        )
    raise NotAllowed(f"“{post.title}” is not advertised now. Select another post, or none.", field="post")


def check_not_closed(post: Post) -> None:
    """A closed post takes nobody."""
    if post.status == S.CLOSED:
        raise NotAllowed(f"“{post.title}” is closed. Select another post, or none.", field="post")


def check_has_place(post: Post, *, filled: int) -> None:
    """A post is never filled past its places. `filled` counts everybody else in the role, under the post's lock."""
    check_not_closed(post)
    if filled >= post.places:
        raise NotAllowed(
            f"Every place of “{post.title}” is filled ({filled} of {post.places}). "
            "Select another post, or none, or give the post more places.",
            field="post",
        )


def days_to_fill(post: Post, last_start: date | None) -> int | None:
    """Days from the advert to the start that filled the last place; None while a place is free or nothing is known."""
    if not post.full or post.advertised_on is None or last_start is None or last_start < post.advertised_on:
        return None
    return (last_start - post.advertised_on).days
