"""Recording what people say, scores of licensed instruments, and what a scheme asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.outbox.publish import month_changed
from buddyscheme.scope.transaction import one_at_a_time
from monitoring.models import Outcome, OutcomeSetting
from monitoring.outcomes import SCORE, SWITCHED, About, Instrument, Point
from monitoring.queries import outcomes as queries
from monitoring.rules import outcomes as rules
from schemes.models import Buddy


@transaction.atomic
def record_outcome(
    *,
    by: Actor,
    now: datetime,
    subject: Any,
    instrument: Instrument,
    point: Point,
    asked_on: date,
    answers: Mapping[str, int],
    proxy: str = "",
    version: int = 0,
) -> Outcome:
    """Answers of the person of a plan (from `plans_of`) or of a buddy. `version` is the one that is corrected, or 0.

    The first answers stay; a correction is the next version.
    """
    _one_at_a_time(subject)
    said = [row for row in queries.said_of(subject) if row.instrument == instrument.code]
    start = next((row for row in said if row.point == Point.START), None)
    started_on = None if start is None or point is Point.START else start.asked_on
    run = queries.run_of(subject)
    on = queries.setting_of(subject.prison_id).switched_on
    rules.check_can_ask(instrument=instrument, switched_on=on, point=point, run=run, started_on=started_on)
    rules.check_asked_on(asked_on=asked_on, today=london_today(now), point=point, run=run, started_on=started_on)
    rules.check_answers(instrument, answers)
    same_day = point is Point.LATER
    old = next((row for row in said if row.point == point and (not same_day or row.asked_on == asked_on)), None)
    if (old.version if old else 0) != version:
        raise Stale("These answers have been recorded meanwhile. Look at them, then save yours again.")
    if start is not None and point is Point.START:
        later = [row.asked_on for row in said if row.point != Point.START]
        if later and asked_on >= min(later):
            raise NotAllowed("The start must be before the answers that follow it.", field="asked_on")
    row: Outcome = Outcome.objects.create(
        prison_id=subject.prison_id,
        instrument=instrument.code,
        person_id=subject.person_id,
        **_whose(subject),
        point=point.value,
        asked_on=asked_on,
        answers=dict(answers),
        score=instrument.score(answers),
        proxy=proxy,
        version=version + 1,
        recorded_at=now,
        recorded_by=by.user,
    )
    record(
        Event.OUTCOME_RECORDED, by=by, prison=subject.prison_id, subject=row, person_id=subject.person_id,
        point=point.value, version=row.version,
    )  # fmt: skip
    month_changed(subject.prison_id, {asked_on, old.asked_on if old else asked_on})
    return row


@transaction.atomic
def record_score(
    *,
    by: Actor,
    now: datetime,
    subject: Any,
    point: Point,
    asked_on: date,
    licensed: str,
    edition: str,
    licence: str,
    score: Decimal | None,
    proxy: str = "",
) -> Outcome:
    """The score of an instrument whose questions are not held here, with its licence."""
    _one_at_a_time(subject)
    rules.check_score(licensed=licensed, licence=licence, score=score)
    said = [row for row in queries.said_of(subject) if row.instrument == SCORE and row.licensed == licensed]
    start = next((row for row in said if row.point == Point.START), None)
    started_on = None if start is None or point is Point.START else start.asked_on
    if point is not Point.START and started_on is None:
        raise NotAllowed("There is no score from the start, so there is nothing to compare with.", field="point")
    rules.check_asked_on(
        asked_on=asked_on, today=london_today(now), point=point, run=queries.run_of(subject), started_on=started_on
    )
    row: Outcome = Outcome.objects.create(
        prison_id=subject.prison_id,
        instrument=SCORE,
        person_id=subject.person_id,
        **_whose(subject),
        point=point.value,
        asked_on=asked_on,
        score=score,
        proxy=proxy,
        licensed=licensed,
        edition=edition.strip(),
        licence=licence.strip(),
        version=1 + max((each.version for each in said if each.asked_on == asked_on), default=0),
        recorded_at=now,
        recorded_by=by.user,
    )
    record(
        Event.OUTCOME_RECORDED, by=by, prison=subject.prison_id, subject=row, person_id=subject.person_id,
        point=point.value, version=row.version,
    )  # fmt: skip
    month_changed(subject.prison_id, [asked_on])
    return row


@transaction.atomic
def record_staff_answer(
    *, by: Actor, now: datetime, prison: Prison, instrument: Instrument, asked_on: date, answers: Mapping[str, int]
) -> Outcome:
    """What one member of staff said, without a name."""
    on = queries.setting_of(prison).switched_on
    if instrument.about is not About.STAFF or instrument.code not in on:
        raise NotAllowed("The scheme does not ask staff. The lead can switch it on under outcomes.")
    if asked_on > london_today(now):
        raise NotAllowed("The day cannot be after today.", field="asked_on")
    rules.check_answers(instrument, answers)
    row: Outcome = Outcome.objects.create(
        prison=prison,
        instrument=instrument.code,
        point=Point.LATER.value,
        asked_on=asked_on,
        answers=dict(answers),
        recorded_at=now,
        recorded_by=by.user,
    )
    record(Event.STAFF_ANSWER_RECORDED, by=by, prison=prison.code, subject=row)
    month_changed(prison.code, [asked_on])
    return row


@transaction.atomic
def change_outcome_settings(
    *, by: Actor, now: datetime, prison: Prison, switched_on: Sequence[str], version: int
) -> OutcomeSetting:
    """Switch questions on and off. What was recorded stays."""
    del now
    one_at_a_time(f"outcomes:{prison.code}")
    setting = queries.setting_of(prison)
    if setting.version != version:
        raise Stale("Somebody else has changed these settings meanwhile. Look at theirs, then save yours again.")
    known = {instrument.code for instrument in SWITCHED}
    if not set(switched_on) <= known:
        raise NotAllowed("Select from the questions that are offered.", field="switched_on")
    setting.switched_on = sorted(switched_on)
    setting.version = version + 1 if setting.pk else version
    setting.save()
    record(
        Event.OUTCOME_SETTINGS_CHANGED, by=by, prison=prison.code, subject=setting, on=", ".join(setting.switched_on)
    )
    return setting


def _whose(subject: Any) -> dict[str, Any]:
    return {"buddy": subject} if isinstance(subject, Buddy) else {"plan": subject}


def _one_at_a_time(subject: Any) -> None:
    one_at_a_time(f"outcome:{type(subject).__name__}:{subject.pk}")
