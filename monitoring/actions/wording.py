"""Amending the words of a measure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.errors import Stale
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from monitoring.measures.definition import Measure
from monitoring.models import MeasureWords
from monitoring.models.wording import AMENDED
from monitoring.queries.wording import amendments_of, worded_one
from monitoring.rules.wording import check_words


@transaction.atomic
def amend_words(
    *, by: Actor, now: datetime, measure: Measure, words: Mapping[str, str], reason: str, version: int
) -> MeasureWords:
    """New words for a measure. `version` is how many amendments were on screen. The earlier ones stay."""
    with scoped(DatabaseRole.NATIONAL):
        one_at_a_time(f"words:{measure.code}")
        if len(amendments_of(measure.code)) != version:
            raise Stale("Somebody else has amended these words meanwhile. Look at theirs, then save yours again.")
        check_words(measure=worded_one(measure), words=words, reason=reason)
        row = MeasureWords.objects.create(
            measure=measure.code,
            **{name: words[name].strip() for name in AMENDED},
            reason=reason.strip(),
            amended_at=now,
            amended_by=by.user,
        )
        record(Event.MEASURE_AMENDED, by=by, subject=row, measure=measure.code)
    return row
