"""Interviews: the criteria in use, and the scores that have been given."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from buddyscheme.accounts.models import Prison, User
from schemes.models import Buddy, Interview, InterviewCriteria, Scheme, ScoreSheet
from schemes.queries.buddies import buddies_of
from schemes.rules.interviews import DEFAULT_CRITERIA, SHEETS


def newest_criteria(scheme: Scheme) -> InterviewCriteria | None:
    """The version in use, or None while the scheme has only the usual ones."""
    found: InterviewCriteria | None = scheme.criteria.order_by("-version").first()
    return found


def criteria_in_use(scheme: Scheme) -> list[str]:
    """What applicants are asked to show, in words."""
    newest = newest_criteria(scheme)
    return list(newest.items if newest is not None else DEFAULT_CRITERIA)


def open_sheets(buddy: Buddy) -> list[ScoreSheet]:
    """Scores of the interview whose result has not been recorded, in the order they came."""
    rows = buddy.score_sheets.filter(interview__isnull=True)
    return list(rows.select_related("criteria", "scored_by").order_by("place", "id"))


def sheets_of(interview: Interview) -> list[ScoreSheet]:
    """Both scores of an interview with a result."""
    return list(interview.score_sheets.select_related("criteria", "scored_by").order_by("place", "id"))


def criteria_to_score(buddy: Buddy) -> list[str]:
    """The second scores the same criteria as the first, also if the lead changed them in between."""
    sheet = buddy.score_sheets.filter(interview__isnull=True).select_related("criteria").order_by("place").first()
    return list(sheet.criteria.items) if sheet is not None else criteria_in_use(buddy.scheme)


def to_score(prison: Prison, user: User) -> QuerySet[Any]:
    """Applicants at the interview for whom this person may still give scores, those who wait longest first.

    Whoever has had an interview is there again once somebody else has given scores for another one.
    """
    mine = ScoreSheet.objects.filter(buddy=OuterRef("pk"), interview__isnull=True, scored_by=user)
    decided = Interview.objects.filter(buddy=OuterRef("pk"))
    rows = buddies_of(prison).filter(status=Buddy.Status.INTERVIEW, scheme__two_scores=True)
    rows = rows.annotate(given=Count("score_sheets", filter=Q(score_sheets__interview__isnull=True)))
    rows = rows.filter(~Exists(mine), given__lt=SHEETS).filter(~Exists(decided) | Q(given__gt=0))
    found: QuerySet[Any] = rows.order_by("applied_on", "id")
    return found
