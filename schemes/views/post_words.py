"""A post in words, for the list, its page and its advert."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from buddyscheme.lib.dates import london_today
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Tag
from schemes.models import Buddy, Post, Scheme
from schemes.printed_words import NEVER, WELSH, day_of, say
from schemes.queries.schemes import allowed_tasks
from schemes.rules.buddies import IN_ROLE
from schemes.rules.posts import days_to_fill

# As many as leave the notice on one sheet.
MOST_TASKS = 6


def status_tag(post: Any, today: date) -> Tag:
    """The state of the advert, as a tag."""
    if post.status == Post.Status.ADVERTISED and post.closes_on < today:
        return Tag(text="Advert has ended", colour="grey")
    if post.status == Post.Status.ADVERTISED and post.advertised_on > today:
        return Tag(text="Advert to come", colour="blue")
    colours = {Post.Status.DRAFT: "grey", Post.Status.ADVERTISED: "green", Post.Status.CLOSED: "grey"}
    return Tag(text=post.get_status_display(), colour=colours[post.status])


def filled(post: Any) -> str:
    """So many of so many."""
    return f"{post.filled} of {post.places}"


def vacant(post: Any) -> str:
    """Free places; a closed post has none."""
    return str(max(post.places - post.filled, 0)) if post.status != Post.Status.CLOSED else "–"


def time_to_fill(post: Any, today: date) -> str:
    """Days from the advert to the last start, or since the advert while a place is free."""
    days = days_to_fill(post, post.last_start)
    if days is not None:
        return _days(days)
    if post.status == Post.Status.ADVERTISED and not post.full and post.advertised_on <= today:
        open_for = (today - post.advertised_on).days
        return f"Open for {_days(open_for)}" if open_for else "Open since today"
    return "–"


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"


def band(post: Post) -> str:
    """The pay band with the prison's own name for it."""
    return f"{post.pay_band} ({post.pay_band_name})" if post.pay_band_name else str(post.pay_band)


def facts(post: Any, today: date) -> list[dict[str, Any]]:
    """Rows for the post's page."""
    tag = status_tag(post, today)
    rows: list[dict[str, Any]] = [
        {"key": "Reference", "value": post.reference},
        {"key": "Status", "value": tag.text, "tag": tag.colour},
        {"key": "Wing", "value": post.wing.name},
        {"key": "Places filled", "value": filled(post)},
        {"key": "Places not filled", "value": vacant(post)},
        {"key": "Time to fill", "value": time_to_fill(post, today)},
        {"key": "Paid hours a week", "value": f"{post.weekly_hours} for each buddy"},
        {"key": "Pay band", "value": band(post)},
    ]
    if post.advertised_on is not None:
        rows.append({"key": "Advertised on", "value": day_in_words(post.advertised_on)})
        rows.append({"key": "Closing date", "value": day_in_words(post.closes_on)})
    return rows


def of_buddy(buddy: Buddy) -> dict[str, Any]:
    """The row of the buddy's page that names the post."""
    post = buddy.post
    key = "Post" if buddy.status in IN_ROLE or buddy.started_on else "Applied for"
    return {"key": key, "value": f"{post.title}, {post.wing.name} ({post.reference})" if post else "No post named"}


def choice(post: Any) -> tuple[str, str]:
    """One line of a list of posts to choose from."""
    return post.token, f"{post.title}, {post.wing.name}"


def advert(post: Post, scheme: Scheme, language: str) -> dict[str, Any]:
    """Everything on the notice, in one language."""
    welsh = language == WELSH
    tasks = [task for task in allowed_tasks(scheme, london_today(timezone.now())) if task.everyday][:MOST_TASKS]
    return {
        "title": (post.title_cy if welsh else "") or post.title,
        "job": say("job", language, wing=post.wing.name),
        "tasks": [(task.name_cy if welsh else "") or task.name for task in tasks],
        "never": [say(key, language) for key in NEVER],
        "facts": [
            (say("places", language), str(post.places)),
            (say("hours", language), say("hours_a_week", language, hours=post.weekly_hours)),
            (say("pay", language), band(post)),
            *([(say("closes", language), day_of(post.closes_on, language))] if post.closes_on else []),
        ],
        "how": say("how_text", language, reference=post.reference),
    }
