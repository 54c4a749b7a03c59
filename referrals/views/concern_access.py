"""A concern's access list: who may read it, who was let in, and who is named in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import User
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.tables import Cell, Row, Table
from referrals.actions import receivers as actions
from referrals.forms.concerns import WhoForm
from referrals.models import Concern, ConcernReader
from referrals.queries import concerns as queries
from referrals.queries import receivers
from referrals.rules.receivers import MANY
from referrals.views.concerns import crumbs, load
from referrals.views.words import moment


@require_safe
@requires(P.CONCERN_HANDLE)
def access(request: StaffRequest, token: str) -> HttpResponse:
    """Who may read it, and the two ways to change that."""
    found = load(request, token)
    lines = list(queries.readers_of(found))
    enough = len(lines) > MANY
    table = Table(
        caption="Who may read this concern",
        first="Name",
        columns=["Why", "Since", "Take off the list"],
        rows=[
            Row(
                text=line.user.name,
                cells=[
                    _why(line),
                    moment(line.listed_at),
                    Cell(
                        text="Take off" if enough else "Not while there are only two",
                        href=_url(request, "concern_access_end", found.token, line.token) if enough else "",
                        hidden=line.user.name if enough else "",
                    ),
                ],
            )
            for line in lines
        ],
    )
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.about_person_id, page="access")
    return render(request, "referrals/concern_access.html", {
        "title": "Who may read this concern",
        "lead": "A concern goes to two people. While one of them is away, whoever stands in for them may read it too. "
        "Whoever is named in it never can.",
        "table": table,
        "empty": "Nobody on its list is here now, so everybody who handles concerns may read it.",
        "action_href": _url(request, "concern_access_give", found.token),
        "action_text": "Let somebody else read it",
        "name_href": _url(request, "concern_name", found.token),
        "crumbs": crumbs(request, found),
    })  # fmt: skip


def _why(line: ConcernReader) -> str:
    if line.standing == ConcernReader.Standing.GIVEN and line.given_by is not None:
        return f"Let in by {line.given_by.name}"
    return f"Stands in for {line.instead_of.name}" if line.instead_of is not None else "It goes to them"


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def give(request: StaffRequest, token: str) -> HttpResponse:
    """Let somebody else who handles concerns read it."""
    found = load(request, token)
    on = queries.readers_of(found).order_by().values("user")
    people = receivers.handling(request.prison, london_today(timezone.now())).exclude(pk__in=on)
    form = WhoForm(request.POST or None, label="Who else may read it?", people=people.exclude(pk__in=found.hidden_from))
    form.submit_label = "Let them read it"
    return _who(
        request, found, form, people, actions.give_access, "Let somebody else read this concern", "Saved.",
        lead="Only somebody with a role that handles concerns.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def name(request: StaffRequest, token: str) -> HttpResponse:
    """Another member of staff is named in it, in its words or by what is found out."""
    found = load(request, token)
    people = queries.staff_here(request.prison, london_today(timezone.now()))
    people = people.exclude(pk__in=found.named_ids | {request.user.pk})
    form = WhoForm(request.POST or None, label="Who is named in it?", people=people)
    form.submit_label = "Record that they are named"
    return _who(
        request, found, form, people, actions.name_in_concern, "Somebody else is named in this concern",
        "Saved. They cannot see this concern any more.", template="components/confirm.html",
        warning="They lose this concern for good, and so does the officer who opened the window in which it was "
        "written. It goes to somebody else instead.",
    )  # fmt: skip


def _who(
    request: StaffRequest, found: Concern, form: WhoForm, people: Any, action: Any, title: str, done: str,
    template: str = "components/form_page.html", **context: Any,
) -> HttpResponse:  # fmt: skip
    back = _url(request, "concern_access", found.token)
    if request.method == "POST" and form.is_valid():
        user: User = get_object_or_404(people, token=form.cleaned_data["user"])
        try:
            action(by=request.actor, now=timezone.now(), concern=found, user=user)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect(back)
    form.cancel_url = back
    return render(request, template, {"title": title, "form": form, "crumbs": crumbs(request, found), **context})


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def end(request: StaffRequest, token: str, reader_token: str) -> HttpResponse:
    """Take somebody off the list."""
    found = load(request, token)
    line: ConcernReader = get_object_or_404(queries.readers_of(found), token=reader_token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Take off the list")
    back = _url(request, "concern_access", found.token)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_access(by=request.actor, now=timezone.now(), reader=line)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{line.user.name} cannot read this concern any more.")
            # Whoever took themselves off has no such page now.
            mine = line.user_id == request.user.pk
            return redirect("referrals:concerns", request.prison.code) if mine else redirect(back)
    form.cancel_url = back
    return render(request, "components/confirm.html", {
        "title": f"Take {line.user.name} off the list",
        "form": form,
        "lead": "They can no longer read this concern. What they read and did stays recorded.",
        "crumbs": crumbs(request, found),
    })  # fmt: skip


def _url(request: StaffRequest, name: str, *tokens: str) -> str:
    return reverse(f"referrals:{name}", args=[request.prison.code, *tokens])
