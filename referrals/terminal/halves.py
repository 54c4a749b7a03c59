"""Half-filled answers: which pages have some, what of them is kept, and the way back to them."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse

from referrals.drafts import Draft
from referrals.models import TerminalEntry
from referrals.terminal import sealed

# Pages with several questions, by the names of their answers. Nothing else of a post is kept.
PAGES = {
    "visit": ("a", "d", "r", "b", "t", "m"),
    "vacancy": ("g", "w", "h", "e", "n"),
    "ask": ("f", "u"),
}
# More than any page can ask.
MOST_PAIRS, LONGEST = 60, 40


def half_filled(entry: TerminalEntry, path: str, data: QueryDict) -> Draft | None:
    """What stands in a post to one of these pages; nothing where there are no answers or it is another page."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.namespace != "terminal" or match.url_name not in PAGES:
        return None
    names = PAGES[match.url_name]
    pairs = [(n, v[:LONGEST]) for n in names for v in data.getlist(n)][:MOST_PAIRS]
    token = match.kwargs.get("token", "")
    words = data.get("words", "")
    # A message to staff stands under the entry's own token, which the next entry does not have.
    draft = Draft(match.url_name, "" if token == entry.token else token, pairs, words)
    return draft if pairs or words else None


def way_back(entry: TerminalEntry, draft: Draft) -> str:
    """The address at which the answers stand again."""
    if draft.page == "ask":
        path = reverse("terminal:ask")
    else:
        path = reverse(f"terminal:{draft.page}", args=[draft.token or entry.token])
    return path + sealed.address(entry, draft.pairs)


def is_of(draft: Draft, entry: TerminalEntry, page: str, token: str) -> bool:
    """Whether these are the answers of this page."""
    return draft.page == page and (draft.token or entry.token) == token
