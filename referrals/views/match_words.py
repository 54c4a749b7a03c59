"""Matches in words: tags, checks with their dates, and the part of a plan's page that shows who helps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may
from buddyscheme.lib.tables import Tag
from referrals.matching import Check
from referrals.models import Match, Plan
from referrals.queries.matches import matches_on
from referrals.rules.matches import can_propose
from referrals.views.words import day, moment

MATCH_COLOURS: dict[str, str] = {
    Match.Status.PROPOSED: "blue",
    Match.Status.ACTIVE: "green",
    Match.Status.PAUSED: "yellow",
    Match.Status.REFUSED: "grey",
    Match.Status.ENDED: "grey",
}
CHECK_NAMES = {
    "STATUS": "Buddy’s status",
    "CLEARANCE": "Clearance",
    "COMPACT": "Compact",
    "TRAINING": "Training",
    "KEEP_APART": "Keep apart",
    "ALERTS": "Alerts",
    "WING": "Wing",
    "CAPACITY": "Places",
    "HOURS": "Hours",
    "DAYS": "Days in a row",
    "LANGUAGE": "Language",
    "CELL": "Cell",
    "CHOICE": "Their choice",
    "CLASHES": "Work and appointments",
}
VERDICTS: dict[str, tuple[str, str]] = {"PASS": ("Pass", "green"), "WARN": ("Look", "yellow"), "STOP": ("Stop", "red")}


def match_tag(match: Match) -> Tag:
    """The match's status as a tag."""
    return Tag(text=match.get_status_display(), colour=MATCH_COLOURS[match.status])


def check_lines(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Checks for `match_checks.html`, those that stop first."""
    lines = [_check(check.code, check.verdict.value, check.words, check.as_of) for check in checks]
    return sorted(lines, key=lambda line: ["STOP", "WARN", "PASS"].index(line["verdict"]))


def kept_check_lines(match: Match) -> list[dict[str, Any]]:
    """The checks as they were kept with a match."""
    return [_check(check["code"], check["verdict"], check["words"], _day_of(check["as_of"])) for check in match.checks]


def _check(code: str, verdict: str, words: str, as_of: date | None) -> dict[str, Any]:
    text, colour = VERDICTS[verdict]
    return {
        "name": CHECK_NAMES.get(code, code),
        "verdict": verdict,
        "tag": {"text": text, "colour": colour},
        "words": words,
        "as_of": day(as_of) or "No data",
    }


def _day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


NOBODY: dict[str, str] = {
    Plan.Status.WISHES: "A buddy is chosen once the plan is active.",
    Plan.Status.DRAFT: "A buddy is chosen once the plan is active.",
}


def match_panel(request: StaffRequest, plan: Plan) -> dict[str, Any]:
    """What `referrals/match_on_plan.html` shows on a plan's page: who helps, who was asked, what went before."""
    rows = list(matches_on(plan))
    live = {match.part for match in rows if match.status in Match.LIVE}
    offers = {
        "LEAD": ("Choose a buddy", "referrals:suggestions"),
        "SECOND": ("Choose a second buddy", "referrals:second_suggestions"),
    }
    may_decide = may(request, P.MATCH_DECIDE)
    return {
        "live": [_panel_row(request, match) for match in rows if match.status in Match.LIVE],
        "events": [event for match in rows for event in match_events(match)],
        "offers": [
            {"text": text, "href": reverse(url, args=[request.prison.code, plan.token])}
            for part, (text, url) in offers.items()
            if may_decide and can_propose(plan, part, live)
        ],
        "nobody": "" if live or plan.status == Plan.Status.ACTIVE else NOBODY.get(plan.status, "No buddy helps now."),
        "lacks_first": plan.status == Plan.Status.ACTIVE and "LEAD" not in live,
        "lacks_second": plan.status == Plan.Status.ACTIVE and "SECOND" not in live,
    }


def _panel_row(request: StaffRequest, match: Match) -> dict[str, Any]:
    return {
        "part": match.get_part_display(),
        "name": match.buddy.person.full_name,
        "href": reverse("referrals:match", args=[request.prison.code, match.token])
        if may(request, P.MATCH_VIEW)
        else "",
        "tag": match_tag(match),
        "note": waived_words(match),
    }


def waived_words(match: Match) -> str:
    """What stands in for the compact or a module, where something did when the match was made."""
    if match.under_override:
        return "Made under an override"
    return "Compact or training to be made good (take-over)" if match.under_take_over else ""


def match_events(match: Match) -> list[dict[str, Any]]:
    """What happened to a match, newest first, for the timeline."""
    name = match.buddy.person.full_name
    part = match.get_part_display().lower()
    events: list[dict[str, Any]] = []
    if match.ended_at is not None and match.ended_by is not None:
        events.append(
            {"title": f"Match with {name} ended", "at": match.ended_at, "by": match.ended_by.name,
             "text": match.end_reason}
        )  # fmt: skip
    if match.started_on is not None and match.buddy_agreed_at is not None and match.buddy_agreed_by is not None:
        events.append(
            {"title": f"Both agreed: {name} is the {part}", "at": match.buddy_agreed_at,
             "by": match.buddy_agreed_by.name, "text": ""}
        )  # fmt: skip
    if match.instead_of is not None:
        instead = f"{match.instead_of.person.full_name} was suggested first. {match.choice_reason}"
        events.append(
            {"title": f"{name} chosen, who was not the first suggestion", "at": match.proposed_at,
             "by": match.proposed_by.name, "text": instead}
        )  # fmt: skip
    refused = ". It was declined; no reason is needed" if match.status == Match.Status.REFUSED else ""
    reasons = "; ".join(reason["words"] for reason in match.reasons)
    events.append(
        {"title": f"{name} proposed as {part}{refused}", "at": match.proposed_at, "by": match.proposed_by.name,
         "text": reasons}
    )  # fmt: skip
    return events


def agreement_words(at: Any, by: Any) -> str:
    """Who asked, and when; nothing where nobody has agreed."""
    return f"Agreed, asked by {by.name} on {moment(at)}" if at is not None else "Has not agreed"
