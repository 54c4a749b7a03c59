"""First tasks of a scheme. Each ticks itself from what is recorded, and links to where it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from buddyscheme.accounts.models import Prison, Terminal
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may
from buddyscheme.lib.dates import london_today
from referrals.models import Match, Referral
from schemes.models import Buddy, ImportFile, Post, Scheme, SchemeWing
from schemes.queries.clearance import signers_here
from training.models import ClassSession, StaffBriefing

# The home page shows the list so long after the opening.
NEW = timedelta(weeks=12)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is recorded. `seen` says of each kind whether there is one."""

    scheme: Scheme | None
    signed_for: frozenset[str]
    seen: dict[str, bool]


@dataclass(frozen=True, kw_only=True)
class FirstTask:
    """`who` names who can do it, for those who cannot."""

    text: str
    url: str
    permission: P
    done: Callable[[Facts], bool]
    who: str = "The lead does this"


def _falls(facts: Facts) -> bool:
    scheme = facts.scheme
    return scheme is not None and bool(scheme.fall_day_who and scheme.fall_night_who)


def _departments(facts: Facts) -> bool:
    return facts.scheme is not None and set(facts.scheme.departments) <= facts.signed_for


def _opened(facts: Facts) -> bool:
    return facts.scheme is not None and facts.scheme.opened_at is not None


FIRST_TASKS: tuple[FirstTask, ...] = (
    FirstTask(
        text="Choose the wings that the scheme serves",
        url="schemes:scheme_wings",
        permission=P.SCHEME_EDIT,
        done=lambda facts: facts.seen["wings"],
    ),
    FirstTask(
        text="Settle who answers a fall, by day and by night",
        url="schemes:scheme_falls",
        permission=P.SCHEME_EDIT,
        done=_falls,
    ),
    FirstTask(
        text="Bring what you have from spreadsheets",
        url="schemes:imports",
        permission=P.IMPORT_RUN,
        done=lambda facts: facts.seen["import"],
        who="The lead or an administrator does this",
    ),
    FirstTask(text="Open the scheme", url="schemes:scheme", permission=P.SCHEME_EDIT, done=_opened),
    FirstTask(
        text="Have somebody sign for each department",
        url="accounts:staff",
        permission=P.STAFF_ADMIN,
        done=_departments,
        who="An administrator gives people these roles",
    ),
    FirstTask(
        text="Enrol a terminal",
        url="referrals:terminals",
        permission=P.TERMINALS_ADMIN,
        done=lambda facts: facts.seen["terminal"],
        who="An administrator does this",
    ),
    FirstTask(
        text="Advertise the first post",
        url="schemes:posts",
        permission=P.POSTS_EDIT,
        done=lambda facts: facts.seen["advert"],
    ),
    FirstTask(
        text="Plan the first class",
        url="training:sessions",
        permission=P.TRAINING_VIEW,
        done=lambda facts: facts.seen["class"],
        who="The trainer does this",
    ),
    FirstTask(
        text="Hand out role cards at a first briefing of staff",
        url="schemes:role_cards",
        permission=P.ROLE_CARD_PRINT,
        done=lambda facts: facts.seen["briefing"],
    ),
    FirstTask(
        text="Brief the staff of every wing that the scheme serves",
        url="training:briefings",
        permission=P.BRIEFING_RECORD,
        done=lambda facts: facts.seen["wings"] and not facts.seen["unbriefed"],
    ),
    FirstTask(
        text="Make the first referral",
        url="referrals:refer",
        permission=P.REFERRAL_MAKE,
        done=lambda facts: facts.seen["referral"],
    ),
    FirstTask(
        text="Have the first buddy start",
        url="schemes:buddies",
        permission=P.BUDDIES_VIEW,
        done=lambda facts: facts.seen["buddy"],
    ),
    FirstTask(
        text="Make the first match",
        url="referrals:matches_waiting",
        permission=P.MATCH_DECIDE,
        done=lambda facts: facts.seen["match"],
    ),
)


def facts_of(prison: Prison, scheme: Scheme | None, now: datetime) -> Facts:
    """Two queries, however much there is."""
    served = SchemeWing.objects.for_prison(prison).filter(served=True, wing__closed=False)
    briefings = StaffBriefing.objects.for_prison(prison)
    kinds = {
        "wings": served,
        "unbriefed": served.filter(~Exists(briefings.filter(wing=OuterRef("wing")))),
        "import": ImportFile.objects.for_prison(prison).filter(state=ImportFile.State.SAVED),
        "terminal": Terminal.objects.filter(prison=prison, withdrawn_at__isnull=True),
        "advert": Post.objects.for_prison(prison).filter(advertised_on__isnull=False),
        "class": ClassSession.objects.for_prison(prison).filter(~Q(status=ClassSession.Status.CANCELLED)),
        "briefing": briefings,
        "referral": Referral.objects.for_prison(prison),
        "buddy": Buddy.objects.for_prison(prison).filter(started_on__isnull=False),
        "match": Match.objects.for_prison(prison).exclude(status__in=["PROPOSED", "REFUSED"]),
    }
    asked = {f"seen_{kind}": Exists(rows) for kind, rows in kinds.items()}
    row = Prison.objects.filter(pk=prison.pk).annotate(**asked).values(*asked).get()
    return Facts(
        scheme=scheme,
        signed_for=frozenset(signers_here(prison, london_today(now))),
        seen={kind: bool(row[f"seen_{kind}"]) for kind in kinds},
    )


def first_tasks(request: StaffRequest, facts: Facts) -> list[dict[str, Any]]:
    """Every task, for the task list: done or not, with a link for those who may go there."""
    return [_item(request, task, facts) for task in FIRST_TASKS]


def _item(request: StaffRequest, task: FirstTask, facts: Facts) -> dict[str, Any]:
    done = task.done(facts)
    item: dict[str, Any] = {"title": {"text": task.text}, "done": done}
    item["status"] = {"text": "Completed"} if done else {"tag": {"text": "To do", "classes": "govuk-tag--blue"}}
    needs_scheme = task.url in ("schemes:scheme_wings", "schemes:scheme_falls") and facts.scheme is None
    if may(request, task.permission) and not needs_scheme:
        item["href"] = reverse(task.url, args=[request.prison.code])
    elif needs_scheme:
        item["hint"] = {"text": "Set up the scheme first"}
    elif not done:
        item["hint"] = {"text": task.who}
    return item


def is_new(scheme: Scheme | None, now: datetime) -> bool:
    """Not open yet, or open for less than twelve weeks."""
    if scheme is None or scheme.opened_at is None:
        return True
    return scheme.status == Scheme.Status.OPEN and now < scheme.opened_at + NEW
