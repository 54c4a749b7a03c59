"""What the weekly meeting of a scheme talks about: counts, and whose names stand behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import day_bounds
from referrals.models import Plan, PlannedVisit, Referral, UnmetNeed
from referrals.queries.days import not_coming, visits_planned
from referrals.queries.matches import waiting_for_buddy
from referrals.queries.referrals import referrals_of, to_screen
from referrals.queries.unmet_needs import open_needs
from schemes.models import Buddy, Custody
from schemes.queries.buddies import buddies_of
from schemes.queries.people import custodies_of
from schemes.rules.buddies import IN_ROLE
from training.queries.supervision import to_do

# The week that the meeting looks back on ends today.
WEEK = timedelta(days=6)
LEAVING = timedelta(days=28)


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """Rows of every part, whole: the sheet shows how many, and the first of them."""

    referrals: Sequence[Referral]
    applications: Sequence[Buddy]
    to_screen: Sequence[Referral]
    to_match: Sequence[Plan]
    unmet: Sequence[UnmetNeed]
    uncovered: Sequence[PlannedVisit]
    supervision: Sequence[Any]
    leaving: Sequence[Any]


def weekly(prison: Prison, today: date) -> Weekly:
    """The same number of queries however many people there are."""
    since = today - WEEK
    return Weekly(
        referrals=list(referrals_of(prison).filter(referred_at__gte=day_bounds(since)[0])),
        applications=list(buddies_of(prison).filter(applied_on__gte=since).order_by("applied_on", "id")),
        to_screen=list(to_screen(prison)),
        to_match=list(waiting_for_buddy(prison)),
        unmet=list(open_needs(prison)),
        uncovered=list(uncovered_on(prison, today)),
        supervision=list(to_do(prison, today)),
        leaving=list(leaving(prison, today)),
    )


def uncovered_on(prison: Prison, day: date) -> QuerySet[PlannedVisit]:
    """Visits of the day that nobody comes for, by session."""
    rows = visits_planned(prison, day).filter(not_coming())
    return rows.order_by("session", "person__last_name", "id")


def leaving(prison: Prison, today: date) -> QuerySet[Any]:
    """People who are helped, or are buddies in the role, whose release date is within 28 days; the first on top.

    `helped` and `helps` say which. A release date that has passed is shown too: the person is still on the list.
    """
    plans = Plan.objects.filter(prison=OuterRef("prison"), person=OuterRef("person"), status__in=Plan.LIVE)
    roles = Buddy.objects.filter(prison=OuterRef("prison"), person=OuterRef("person"), status__in=IN_ROLE)
    rows: QuerySet[Custody] = custodies_of(prison).filter(release_on__lte=today + LEAVING)
    either = rows.annotate(helped=Exists(plans), helps=Exists(roles)).filter(Q(helped=True) | Q(helps=True))
    return either.order_by("release_on", "person__last_name", "id")
