"""What all pages with several questions do: read the answers so far, and keep what was answered in the end."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse, QueryDict

from buddyscheme.lib.errors import NotAllowed
from referrals import drafts
from referrals.terminal import sealed
from referrals.terminal.forms import Carried
from referrals.terminal.measure import measured
from referrals.terminal.pages import go, message
from referrals.terminal.presence import TerminalRequest
from schemes.queries.people import people_of


def given(request: TerminalRequest, *names: str) -> QueryDict:
    """What was answered so far. `names` are the answers that a form without a save puts beside the sealed ones."""
    if request.method == "POST":
        return request.POST
    answers = sealed.unseal(request.inside.entry, request.GET.get(sealed.FIELD, ""))
    for name in names:
        if name in request.GET:
            answers.setlist(name, request.GET.getlist(name))
    return answers


def kept(
    request: TerminalRequest, action: Any, then: str, *, about_help: Carried | None = None, **said: Any
) -> HttpResponse:
    """Let the action keep what this person said, and go to the page called `then`; what was half filled is cleared.

    `about_help` are the answers of a request or a word about the person's own help, which the burden meter measures.
    """
    inside = request.inside
    try:
        with transaction.atomic():
            action(
                by=inside.actor,
                now=inside.now,
                prison=inside.prison,
                person=people_of(inside.prison).get(pk=inside.person_id),
                **said,
            )
    except NotAllowed:
        return message(request, "problem")
    if about_help is not None:
        measured(inside, "OWN_HELP", about_help)
    drafts.clear(inside.prison, inside.person_id)
    return go(then)
