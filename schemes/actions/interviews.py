"""Interview criteria of a scheme, and scores given apart. `schemes.actions.buddies` records the agreed result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from schemes.models import Buddy, InterviewCriteria, Scheme, ScoreSheet
from schemes.queries.buddies import last_interview, locked
from schemes.queries.interviews import criteria_in_use, newest_criteria, open_sheets
from schemes.rules import interviews as rules
from schemes.rules.schemes import check_can_change_scheme


@transaction.atomic
def set_interview(
    *, by: Actor, now: datetime, scheme: Scheme, criteria: Sequence[str], two_scores: bool, version: int
) -> Scheme:
    """Say what applicants are asked to show, and whether two people score it apart. Earlier versions are kept."""
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    check_can_change_scheme(scheme, version)
    items = [item.strip() for item in criteria if item.strip()]
    rules.check_criteria(items)
    if items != criteria_in_use(scheme):
        _new_version(by, now, scheme, items)
    scheme.two_scores = two_scores
    scheme.version += 1
    scheme.save(update_fields=["two_scores", "version"])
    record(
        Event.SCHEME_CHANGED,
        by=by,
        prison=scheme.prison_id,
        subject=scheme,
        step="interview",
        criteria=len(items),
        two_scores=two_scores,
    )
    return scheme


@transaction.atomic
def give_scores(
    *, by: Actor, now: datetime, buddy: Buddy, held_on: date, scores: Sequence[int], reasons: str = ""
) -> ScoreSheet:
    """Give one's own scores. Nobody is shown them before the other ones are in; the audit does not hold them."""
    buddy = locked(buddy)
    sheets = open_sheets(buddy)
    rules.check_can_score(
        buddy,
        two_scores=buddy.scheme.two_scores,
        sheets=sheets,
        scorer_id=by.id,
        decided=last_interview(buddy),
        held_on=held_on,
        today=london_today(now),
    )
    criteria = sheets[0].criteria if sheets else criteria_row(by=by, now=now, scheme=buddy.scheme)
    rules.check_scores(scores, criteria=criteria.items)
    sheet: ScoreSheet = ScoreSheet.objects.create(
        prison_id=buddy.prison_id,
        buddy=buddy,
        criteria=criteria,
        place=len(sheets) + 1,
        held_on=held_on,
        scores=list(scores),
        reasons=reasons.strip(),
        scored_at=now,
        scored_by=by.user,
    )
    record(
        Event.INTERVIEW_SCORED,
        by=by,
        prison=buddy.prison_id,
        subject=buddy,
        person_id=buddy.person_id,
        criteria=criteria.version,
    )
    return sheet


@transaction.atomic
def criteria_row(*, by: Actor, now: datetime, scheme: Scheme) -> InterviewCriteria:
    """The version in use. The usual criteria become version 1 when they are first used."""
    found = newest_criteria(scheme)
    if found is None:
        Scheme.objects.select_for_update().get(pk=scheme.pk)
        found = newest_criteria(scheme) or _new_version(by, now, scheme, criteria_in_use(scheme))
    return found


def _new_version(by: Actor, now: datetime, scheme: Scheme, items: Sequence[str]) -> InterviewCriteria:
    newest = newest_criteria(scheme)
    made: InterviewCriteria = InterviewCriteria.objects.create(
        prison_id=scheme.prison_id,
        scheme=scheme,
        version=newest.version + 1 if newest is not None else 1,
        items=list(items),
        made_at=now,
        made_by=by.user,
    )
    record(Event.CRITERIA_CHANGED, by=by, prison=scheme.prison_id, subject=made, version=made.version)
    return made
