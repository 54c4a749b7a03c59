"""Places of a post under its lock: taking one, and keeping the mark that says whether any is free.

No action by itself: called by the actions that move buddies into, within and out of the role.
"""

from __future__ import annotations

from schemes.models import Buddy, Post
from schemes.queries.posts import filled_count, locked_post
from schemes.rules.posts import check_has_place


def take_place(post: Post, buddy: Buddy) -> Post:
    """Hold the post and see that a place is free for this buddy. Raises `NotAllowed` where none is."""
    held = locked_post(post)
    check_has_place(held, filled=filled_count(held, without=buddy))
    return held


def recount_places(post: Post) -> None:
    """Write down whether every place is filled now, in the transaction that changed it."""
    held = locked_post(post)
    full = filled_count(held) >= held.places
    if held.full != full:
        held.full = full
        held.save(update_fields=["full"])
