"""Who receives concerns here, who stands in for them, and when they are away."""

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
from buddyscheme.accounts.roles import ROLES
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm, GovukForm
from buddyscheme.lib.tables import Row, Table, Tag
from referrals.actions import receivers as actions
from referrals.forms.concerns import DeputyForm, LeaveDaysForm
from referrals.models import ReceiverLeave
from referrals.queries import receivers as queries
from referrals.rules.receivers import MANY, choose
from referrals.views.words import day


@require_safe
@requires(P.CONCERN_HANDLE)
def receivers(request: StaffRequest) -> HttpResponse:
    """Everybody who handles concerns, in the order in which they are asked, and to whom the next one goes."""
    today = london_today(timezone.now())
    people = queries.candidates(request.prison, today)
    next_ones = {one.user_id for one in choose(people, about_staff=False, shut_out=())}
    names = {user.pk: user.name for user in queries.handling(request.prison, today)}
    deputies = {row.user_id: row.deputy.name for row in queries.deputies(request.prison)}
    table = Table(
        caption="In the order in which they are asked",
        first="Name",
        columns=["Role", "Stands in for them"],
        rows=[
            Row(
                text=names[one.user_id],
                cells=[ROLES[one.role].name, deputies.get(one.user_id, "Nobody is named")],
                tag=_tag(away=one.away, is_next=one.user_id in next_ones),
            )
            for one in people
        ],
        status="Now",
    )
    leaves = [
        {
            "key": leave.user.name,
            "value": f"{day(leave.first_on)} to {day(leave.last_on)}",
            "href": _url(request, "receiver_leave_cancel", leave.token),
            "action": "Take back",
            "hidden": f"days of {leave.user.name}",
        }
        for leave in queries.leaves(request.prison, today)
    ]
    return render(request, "referrals/receivers.html", {
        "title": "Who receives concerns",
        "lead": "Each concern goes to two people: the safeguarding lead and the social care lead, or for one about "
        "staff the governor’s delegate. Nobody gets one in which they are named.",
        "table": table,
        "empty": "Nobody here has a role that handles concerns. Ask the administrator to give it to two people.",
        "few": len(next_ones) < MANY,
        "leaves": leaves,
        "deputy_href": _url(request, "receiver_deputy"),
        "leave_href": _url(request, "receiver_leave"),
        "crumbs": [_list(request)],
    })  # fmt: skip


def _tag(*, away: bool, is_next: bool) -> Tag:
    if away:
        return Tag(text="Away", colour="yellow")
    return Tag(text="Gets the next one", colour="green") if is_next else Tag(text="Is asked if need be", colour="grey")


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def deputy(request: StaffRequest) -> HttpResponse:
    """Name who stands in."""
    people = queries.handling(request.prison, london_today(timezone.now()))
    form = DeputyForm(request.POST or None, people=people)

    def save(answers: dict[str, Any]) -> object:
        return actions.name_deputy(
            by=request.actor, now=timezone.now(), prison=request.prison, user=_user(people, answers["user"]),
            deputy=_user(people, answers["deputy"]),
        )  # fmt: skip

    return _ask(
        request, form, save, "Name who stands in", "Saved.",
        lead="Only somebody with a role that handles concerns. A new name takes the place of the old one.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def leave(request: StaffRequest) -> HttpResponse:
    """Record when somebody is away."""
    people = queries.handling(request.prison, london_today(timezone.now()))
    form = LeaveDaysForm(request.POST or None, people=people)

    def save(answers: dict[str, Any]) -> object:
        return actions.record_leave(
            by=request.actor, now=timezone.now(), prison=request.prison, user=_user(people, answers["user"]),
            first_on=answers["first_on"], last_on=answers["last_on"],
        )  # fmt: skip

    return _ask(
        request, form, save, "Record when somebody is away", "Saved.",
        lead="On these days their concerns are also with whoever stands in, and new ones go to others.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def leave_cancel(request: StaffRequest, token: str) -> HttpResponse:
    """They are not away after all, or are back early."""
    today = london_today(timezone.now())
    found: ReceiverLeave = get_object_or_404(queries.leaves(request.prison, today), token=token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Take these days back")
    return _ask(
        request, form, lambda answers: actions.cancel_leave(by=request.actor, now=timezone.now(), leave=found),
        "Take these days back", "Taken back.", template="components/confirm.html",
        lead=f"{found.user.name}, {day(found.first_on)} to {day(found.last_on)}.",
    )  # fmt: skip


def _user(people: Any, token: str) -> User:
    found: User = get_object_or_404(people, token=token)
    return found


def _ask(
    request: StaffRequest, form: GovukForm, save: Any, title: str, done: str,
    template: str = "components/form_page.html", **context: Any,
) -> HttpResponse:  # fmt: skip
    back = _url(request, "receivers")
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect(back)
    form.cancel_url = back
    crumbs = [_list(request), {"text": "Who receives concerns", "href": back}]
    return render(request, template, {"title": title, "form": form, "crumbs": crumbs, **context})


def _list(request: StaffRequest) -> dict[str, str]:
    return {"text": "Concerns", "href": reverse("referrals:concerns", args=[request.prison.code])}


def _url(request: StaffRequest, name: str, *tokens: str) -> str:
    return reverse(f"referrals:{name}", args=[request.prison.code, *tokens])
