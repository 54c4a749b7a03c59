"""A release on its way: how far it is, where it is to be read, or why it was not published."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_time
from buddyscheme.lib.tables import Row, Table, Tag
from monitoring.models import ReleaseRequest
from monitoring.queries.release_requests import not_out, request_by
from monitoring.rules.release_requests import QUIET_FOR
from monitoring.views.report_parts import moment_words

Kind, State = ReleaseRequest.Kind, ReleaseRequest.State
LOOK_AGAIN = "3"
"""Seconds after which the page of a release on its way loads itself again, without script."""
SILENCE = timedelta(minutes=3)
"""After so long without a word from the worker the page says when it was heard last."""
COLOURS = {State.DONE: "green", State.REFUSED: "red", State.FAILED: "red"}


@require_safe
@requires(Permission.NATIONAL_RELEASES_PUBLISH)
def release_request(request: StaffRequest, token: str) -> HttpResponse:
    """One release that was asked for."""
    found = request_by(token)
    if found is None:
        raise Http404("no such request")
    now, at_work = timezone.now(), found.finished_at is None
    context = {
        "title": title_of(found),
        "progress": _progress(found) if at_work else None,
        "quiet": _quiet(found, now) if at_work else "",
        "words": found.words,
        "failed": found.state == State.FAILED,
        "release_url": reverse("national:release", args=[found.release.token]) if found.release else "",
        "again_url": _again(found) if found.state in (State.REFUSED, State.FAILED) else "",
        "rows": _rows(found),
        "crumbs": [{"text": "Releases", "href": reverse("national:releases")}],
    }
    response = render(request, "monitoring/release_request.html", context)
    if at_work:
        response.headers["Refresh"] = LOOK_AGAIN
    return response


def title_of(found: ReleaseRequest) -> str:
    """`Publishing July to September 2026`; once it has its end, what became of it."""
    if found.state == State.DONE:
        return f"{found.what} is published"
    if found.finished_at is not None:
        return f"{found.what} was not published"
    return f"{'Correcting' if found.kind == Kind.CORRECTION else 'Publishing'} {found.time}"


def _progress(found: ReleaseRequest) -> dict[str, Any]:
    """Words, and how much of what the bar shows."""
    done, of = found.done, found.of
    if found.state == State.READING:
        return {
            "text": f"Step 1 of 3: {done} of {of} prisons are read.",
            "value": done,
            "most": of,
            "label": "Prisons read",
        }
    if found.state == State.HIDING:
        text = f"Step 2 of 3: small numbers are hidden in {done} of {of} groups of figures."
        return {"text": text, "value": done, "most": of, "label": "Groups of figures done"}
    if found.state == State.CHECKING:
        return {"text": "Step 3 of 3: the figures are being checked beside what is published already."}
    return {"text": "It will begin in a few seconds."}


def _quiet(found: ReleaseRequest, now: datetime) -> str:
    """What to make of a worker that says nothing."""
    heard = found.heard_at or found.asked_at
    if found.state == State.CHECKING or now - heard < SILENCE:
        return ""
    if found.heard_at is None:
        return (
            f"Nothing has begun since {_time(heard)}. If it has not begun in a few minutes, tell the service desk. "
            "Nothing that you typed is lost."
        )
    return f"Nothing more was done since {_time(heard)}. If it stays so it begins again by {_time(heard + QUIET_FOR)}."


def _time(moment: datetime) -> str:
    return f"{london_time(moment):%H:%M}"


def _again(found: ReleaseRequest) -> str:
    """The form, with what was typed."""
    if found.replaces is not None:
        address = reverse("national:correct_release", args=[found.replaces.token])
    else:
        address = reverse("national:publish_year" if found.kind == Kind.YEAR else "national:publish")
    return f"{address}?again={found.token}"


def _rows(found: ReleaseRequest) -> list[dict[str, str]]:
    said = {"Asked for": f"{moment_words(found.asked_at)}, by {found.asked_by.name}"}
    if found.reason:
        said["Why the figures are published again"] = found.reason
    elif found.note:
        said["Note for readers"] = found.note
    if found.finished_at is not None:
        said["Published" if found.state == State.DONE else "Ended"] = moment_words(found.finished_at)
    if found.release is not None:
        moment = moment_words(found.release.published_at)
        said["Records read from"] = f"{moment}. What was saved later counts as a change since."
    return [{"key": key, "value": value} for key, value in said.items()]


def requests_table(now: datetime) -> Table:
    """What is being published, and what was not when it was asked for last."""
    return Table(
        caption="Being published, or not published",
        first="Period",
        columns=["Kind", "Asked for"],
        rows=[
            Row(
                text=str(each.time),
                href=reverse("national:release_request", args=[each.token]),
                hidden="how far it is" if each.finished_at is None else "why not",
                cells=[each.get_kind_display(), f"{moment_words(each.asked_at)}, by {each.asked_by.name}"],
                tag=Tag(text=each.get_state_display(), colour=COLOURS.get(State(each.state), "blue")),
            )
            for each in not_out(now)
        ],
    )


def typed_before(token: str | None) -> ReleaseRequest | None:
    """What was asked for and not published, to begin the form with."""
    return request_by(token) if token else None
