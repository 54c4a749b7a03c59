"""Matches: the list, plans that wait for a buddy, and one match."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table
from referrals.forms.matches import MatchFilter
from referrals.models import Match, Plan
from referrals.queries import matches as queries
from referrals.queries.again import stops_of
from referrals.queries.lapses import flag_of
from referrals.queries.places import place_of, with_place
from referrals.rules.matches import can_be_first, can_become
from referrals.views.again import stop_words
from referrals.views.lapses import flag_tag
from referrals.views.match_words import agreement_words, kept_check_lines, match_events, match_panel, match_tag
from referrals.views.words import day, identity, in_days, moment


@require_safe
@requires(P.MATCH_VIEW)
def matches(request: StaffRequest) -> HttpResponse:
    """Matches that are live, or those of one status."""
    filter_form = MatchFilter(request.GET)
    status = filter_form.answers.get("status")
    if status == Match.Status.PROPOSED:
        rows = queries.proposed(request.prison)
    elif status:
        rows = queries.matches_of(request.prison).filter(status=status).order_by("-proposed_at", "-id")
    else:
        rows = queries.live(request.prison)
    page = page_of(rows, request)
    table = Table(
        caption="Matches",
        first="Person",
        columns=["Buddy", "Part", "Since"],
        rows=[
            Row(
                text=match.plan.person.list_name,
                href=reverse("referrals:match", args=[request.prison.code, match.token]),
                hidden=f"and {match.buddy.person.full_name}",
                note=match.plan.person.prison_number,
                cells=[
                    match.buddy.person.list_name,
                    match.get_part_display(),
                    day(match.started_on) or f"Proposed on {moment(match.proposed_at)}",
                ],
                tag=match_tag(match),
            )
            for match in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Matches",
        "page": page,
        "table": table,
        "noun": "matches",
        "filter_form": filter_form,
        "empty": "Nobody is matched yet. Choose a buddy on the page of an active plan.",
    })  # fmt: skip


@require_safe
@requires(P.MATCH_DECIDE)
def waiting(request: StaffRequest) -> HttpResponse:
    """Active plans for which there is no buddy and nobody is being asked."""
    today = london_today(timezone.now())
    page = page_of(with_place(queries.waiting_for_buddy(request.prison)), request)
    table = Table(
        caption="Plans without a buddy, longest waiting first",
        first="Person",
        columns=["Place", Column(text="Waiting", numeric=True)],
        rows=[
            Row(
                text=plan.person.list_name,
                href=reverse("referrals:suggestions", args=[request.prison.code, plan.token]),
                hidden="choose a buddy",
                note=plan.person.prison_number,
                cells=[place_of(plan), Cell(text=in_days((today - london_today(plan.activated_at)).days))],
            )
            for plan in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Plans without a buddy",
        "page": page,
        "table": table,
        "noun": "plans",
        "empty": "Every active plan has a buddy, or somebody is being asked.",
        "crumbs": [{"text": "Matches", "href": reverse("referrals:matches", args=[request.prison.code])}],
    })  # fmt: skip


@require_safe
@requires(P.MATCH_VIEW)
def match(request: StaffRequest, token: str) -> HttpResponse:
    """One match: what both said, the reasons and checks as they stood, and what may be done with it."""
    rows = Match.objects.for_prison(request.prison).select_related(
        "plan__person",
        "buddy__person",
        "instead_of__person",
        "proposed_by",
        "person_agreed_by",
        "buddy_agreed_by",
        "ended_by",
        "prison",
    )
    found: Match = get_object_or_404(rows, token=token)
    person = found.plan.person
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=person.pk)
    asked = found.status != Match.Status.PROPOSED
    facts = [
        {"key": "Buddy", "value": found.buddy.person.full_name},
        {"key": "Part", "value": found.get_part_display()},
        {"key": "Status", "value": match_tag(found).text, "tag": match_tag(found).colour},
        {
            "key": person.full_name,
            "value": f"Cannot decide this for themselves. What they showed: {found.person_showed}"
            if found.under_best_interests
            else _said(found.person_agreed_at, found.person_agreed_by, asked),
        },
        {
            "key": found.buddy.person.full_name,
            "value": _said(found.buddy_agreed_at, found.buddy_agreed_by, asked),
        },
        {"key": "Since", "value": day(found.started_on) or "Not started"},
    ]
    if found.under_take_over:
        facts.append({"key": "Take-over", "value": "Compact or training is still to be made good"})
    if found.under_override:
        facts.append({"key": "Override", "value": "Made while an override stood in for the compact or a module"})
    flag = flag_of(found, london_today(timezone.now()))
    if flag is not None:
        tag = flag_tag(flag, london_today(timezone.now()))
        facts.append({"key": "Lapsed", "value": f"{flag.words}. {_by(tag.text)} {day(flag.standing.last_day)}"})
    facts += [
        {"key": "Stopped", "value": f"{stop_words(stop)}, on {moment(stop.found_at)}"} for stop in stops_of(found)
    ]
    if found.end_reason:
        facts.append({"key": "Why it ended", "value": found.end_reason})
    return render(request, "referrals/match_page.html", {
        "match": found,
        "who": identity(request, person),
        "rows": facts,
        "lines": kept_check_lines(found),
        "events": match_events(found),
        "steps": _steps(request, found, lapsed=flag is not None),
        "plan_href": reverse("referrals:plan", args=[request.prison.code, found.plan.token])
        if may(request, P.PLAN_VIEW)
        else "",
        "buddy_href": reverse("schemes:buddy", args=[request.prison.code, found.buddy.token])
        if may(request, P.BUDDIES_VIEW)
        else "",
        "crumbs": [{"text": "Matches", "href": reverse("referrals:matches", args=[request.prison.code])}],
    })  # fmt: skip


def _by(words: str) -> str:
    return {"Decide": "Decide by", "Overdue": "To be decided since"}.get(words, f"{words} until")


def _said(at: object, by: object, asked: bool) -> str:
    return agreement_words(at, by) if asked else "To be asked in private"


def _steps(request: StaffRequest, found: Match, *, lapsed: bool) -> list[dict[str, str]]:
    """What this reader may do with it now."""
    if not may(request, P.MATCH_DECIDE):
        return []
    offered = [
        ("Record what both said", "match_agreement", found.status == Match.Status.PROPOSED),
        ("Decide about what has lapsed", "match_lapse", lapsed),
        ("Make this the first buddy", "match_first", can_be_first(found, queries.live_parts(found.plan))),
        ("Pause", "match_pause", can_become(found, Match.Status.PAUSED)),
        ("Resume", "match_resume", found.status == Match.Status.PAUSED),
        ("End", "match_end", can_become(found, Match.Status.ENDED)),
    ]
    return [
        {"text": text, "href": reverse(f"referrals:{name}", args=[request.prison.code, found.token])}
        for text, name, offer in offered
        if offer
    ]


def on_plan(request: StaffRequest, plan: Plan, now: datetime) -> dict[str, Any]:
    """For the plan's own page: the context of `referrals/match_on_plan.html`."""
    return {"match_panel": match_panel(request, plan)}
