"""Assessing one's own scheme: starting, answering, attaching evidence, planning action, finishing."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Quarter, london_today, parse_period
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.scope.transaction import one_at_a_time
from monitoring.evidence import media_of
from monitoring.models import SelfAction, SelfAnswer, SelfAssessment, SelfEvidence, SelfFile
from monitoring.queries.figures import opened_on
from monitoring.queries.self_assessment import answers_of, assessment_of, suggestions
from monitoring.rules import self_assessment as rules
from monitoring.standards import BY_CODE, contradicts

Kind = SelfEvidence.Kind


@transaction.atomic
def start_self_assessment(*, by: Actor, now: datetime, prison: Prison, quarter: Quarter) -> SelfAssessment:
    """Begin a quarter's self-assessment."""
    one_at_a_time(f"self-assessment:{prison.code}:{quarter.code}")
    rules.check_can_start(
        quarter,
        today=london_today(now),
        opened_on=opened_on(prison),
        started=assessment_of(prison, quarter) is not None,
    )
    assessment: SelfAssessment = SelfAssessment.objects.create(
        prison=prison, period=quarter.code, first_day=quarter.first, started_at=now, started_by=by.user
    )
    record(Event.SELF_ASSESSMENT_STARTED, by=by, prison=prison.code, subject=assessment, quarter=quarter.code)
    return assessment


@transaction.atomic
def answer_item(
    *, by: Actor, now: datetime, assessment: SelfAssessment, item: str, answer: str, words: str, version: int
) -> SelfAnswer:
    """Answer one item, beside what the records suggest now. `version` is the answer that was on screen, 0 for none."""
    assessment = _locked(assessment)
    rules.check_is_open(assessment)
    last = answers_of(assessment).get(item)
    if (last.version if last else 0) != version:
        raise Stale("this answer")
    suggestion = suggestions(assessment.prison, _quarter(assessment))[item]
    given: SelfAnswer = SelfAnswer.objects.create(
        prison=assessment.prison,
        assessment=assessment,
        item=BY_CODE[item].code,
        version=version + 1,
        answer=answer,
        words=words.strip(),
        suggested=suggestion.answer,
        figures=suggestion.figures,
        contradicts=contradicts(answer, suggestion.answer),
        answered_at=now,
        answered_by=by.user,
    )
    record(
        Event.SELF_ASSESSMENT_ANSWERED,
        by=by,
        prison=assessment.prison_id,
        subject=given,
        item=item,
        version=given.version,
        contradicts=given.contradicts,
    )
    return given


@transaction.atomic
def finish_self_assessment(*, by: Actor, now: datetime, assessment: SelfAssessment, version: int) -> SelfAssessment:
    """Finish: every item is answered, and every contradiction has a reason."""
    assessment = _locked(assessment)
    if assessment.version != version:
        raise Stale("this self-assessment")
    suggested = {code: each.answer for code, each in suggestions(assessment.prison, _quarter(assessment)).items()}
    rules.check_can_finish(assessment, answers=answers_of(assessment), suggested=suggested)
    assessment.finished_at, assessment.finished_by = now, by.user
    assessment.version += 1
    assessment.save(update_fields=["finished_at", "finished_by", "version"])
    record(
        Event.SELF_ASSESSMENT_FINISHED,
        by=by,
        prison=assessment.prison_id,
        subject=assessment,
        quarter=assessment.period,
    )
    return assessment


@transaction.atomic
def add_evidence(
    *,
    by: Actor,
    now: datetime,
    answer: SelfAnswer,
    kind: str,
    shows: str,
    place: str = "",
    file_name: str = "",
    content: bytes | None = None,
) -> SelfEvidence:
    """Attach a page here, something kept elsewhere, or a file, to an answer."""
    assessment = _locked(answer.assessment)
    rules.check_is_open(assessment)
    rules.check_evidence(prison_code=answer.prison_id, kind=kind, shows=shows, place=place, content=content)
    is_file = kind == Kind.FILE and content is not None
    evidence: SelfEvidence = SelfEvidence.objects.create(
        prison=assessment.prison,
        answer=answer,
        kind=kind,
        shows=shows.strip(),
        place="" if is_file else place.strip(),
        file_name=file_name[-120:] if is_file else "",
        media=(media_of(content) or "") if is_file and content else "",
        size=len(content) if is_file and content else None,
        added_at=now,
        added_by=by.user,
    )
    if is_file:
        # bulk_create, because the plain one asks for the row back, and it may be 5 MB.
        SelfFile.objects.bulk_create([SelfFile(prison=assessment.prison, evidence=evidence, content=content)])
    record(
        Event.SELF_EVIDENCE_ADDED, by=by, prison=answer.prison_id, subject=evidence, item=answer.item, kind=str(kind)
    )
    return evidence


@transaction.atomic
def take_out_evidence(*, by: Actor, now: datetime, evidence: SelfEvidence) -> SelfEvidence:
    """Take it out of an open self-assessment. A file goes for good; the line says that it was there."""
    found: SelfEvidence = (
        SelfEvidence.objects.for_prison(evidence.prison_id)
        .select_for_update(of=("self",))
        .select_related("answer__assessment")
        .get(pk=evidence.pk)
    )
    rules.check_is_open(_locked(found.answer.assessment))
    if found.taken_out_at is not None:
        raise NotAllowed("This was taken out already.")
    found.taken_out_at, found.taken_out_by = now, by.user
    found.save(update_fields=["taken_out_at", "taken_out_by"])
    SelfFile.objects.for_prison(found.prison_id).filter(evidence=found).delete()
    record(Event.SELF_EVIDENCE_TAKEN_OUT, by=by, prison=found.prison_id, subject=found, item=found.answer.item)
    return found


@transaction.atomic
def add_action(
    *, by: Actor, now: datetime, assessment: SelfAssessment, item: str, what: str, responsible: str, due_on: date
) -> SelfAction:
    """Plan something because of an item."""
    assessment = _locked(assessment)
    rules.check_is_open(assessment)
    rules.check_action(what=what, responsible=responsible, due_on=due_on, today=london_today(now))
    action: SelfAction = SelfAction.objects.create(
        prison=assessment.prison,
        assessment=assessment,
        item=BY_CODE[item].code,
        what=what.strip(),
        responsible=responsible.strip(),
        due_on=due_on,
        added_at=now,
        added_by=by.user,
    )
    record(Event.SELF_ACTION_ADDED, by=by, prison=assessment.prison_id, subject=action, item=item)
    return action


@transaction.atomic
def close_action(*, by: Actor, now: datetime, action: SelfAction, state: str, came_of: str) -> SelfAction:
    """Done or dropped, also after its self-assessment was finished."""
    found: SelfAction = SelfAction.objects.for_prison(action.prison_id).select_for_update().get(pk=action.pk)
    rules.check_can_close_action(found, state=state, came_of=came_of)
    found.state, found.came_of = state, came_of.strip()
    found.done_at, found.done_by = now, by.user
    found.save(update_fields=["state", "came_of", "done_at", "done_by"])
    record(Event.SELF_ACTION_CLOSED, by=by, prison=found.prison_id, subject=found, item=found.item, state=str(state))
    return found


def _locked(assessment: SelfAssessment) -> SelfAssessment:
    found: SelfAssessment = (
        SelfAssessment.objects.for_prison(assessment.prison_id)
        .select_for_update(of=("self",))
        .select_related("prison")
        .get(pk=assessment.pk)
    )
    return found


def _quarter(assessment: SelfAssessment) -> Quarter:
    period = parse_period(assessment.period)
    assert isinstance(period, Quarter)
    return period
