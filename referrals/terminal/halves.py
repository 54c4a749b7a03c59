"""Half-filled answers: which pages have some, what of them is kept, and the way back to them."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse

from referrals.drafts import Draft
from referrals.models import TerminalEntry
from referrals.terminal import sealed
from referrals.terminal.forms import Answers, ChangeAnswers, GoingAnswers, HelpAnswers, JobAnswers

# Pages with several questions, by the names of their answers. Nothing else of a post is kept.
PAGES = {
    "visit": Answers.order,
    "vacancy": JobAnswers.order,
    "ask": HelpAnswers.order,
    "going": GoingAnswers.order,
    "own_change": ChangeAnswers.order,
}
# These have one address for everybody.
ALONE = ("ask", "going", "own_change")
# More than any page can ask.
MOST_PAIRS, LONGEST = 60, 40


def half_filled(entry: TerminalEntry, path: str, data: QueryDict) -> Draft | None:
    """What stands in a post to one of these pages; nothing where there are no answers or it is another page."""
    given = [(name, value) for name, values in data.lists() for value in values]
    return half(entry, path, given, data.get("words", ""))


def half(entry: TerminalEntry, path: str, given: sealed.Pairs, words: str) -> Draft | None:
    """These answers as a draft of the page at this address, if it is one of these."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.namespace != "terminal" or match.url_name not in PAGES:
        return None
    names = PAGES[match.url_name]
    pairs = [(name, value[:LONGEST]) for name in names for said, value in given if said == name][:MOST_PAIRS]
    token = match.kwargs.get("token", "")
    # A message to staff stands under the entry's own token, which the next entry does not have.
    draft = Draft(match.url_name, "" if token == entry.token else token, pairs, words)
    return draft if pairs or words else None


def way_back(entry: TerminalEntry, draft: Draft) -> str:
    """The address at which the answers stand again."""
    if draft.page in ALONE:
        path = reverse(f"terminal:{draft.page}")
    else:
        path = reverse(f"terminal:{draft.page}", args=[draft.token or entry.token])
    return path + sealed.address(entry, draft.pairs)


def is_of(draft: Draft, entry: TerminalEntry, page: str, token: str) -> bool:
    """Whether these are the answers of this page."""
    return draft.page == page and (draft.token or entry.token) == token
