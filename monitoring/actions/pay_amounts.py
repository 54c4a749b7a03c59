"""What the pay system recorded: typed on one page or from a file; and why it differs from what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.errors import NotAllowed
from monitoring import pay_file
from monitoring.models import PayExplanation, PayFile, PayLine, PayPeriod
from monitoring.pay_lines import put, recount
from monitoring.queries import pay as queries
from monitoring.rules import pay as rules


@transaction.atomic
def record_amounts(
    *, by: Actor, now: datetime, period: PayPeriod, amounts: Mapping[int, int | None], version: int
) -> PayPeriod:
    """Enter the amounts, in pence by line id; None where the pay system has nothing. All at once or not at all."""
    period = queries.locked_period(period)
    rules.check_period_version(period, version)
    return _record(by, now, period, amounts)


def _record(by: Actor, now: datetime, period: PayPeriod, amounts: Mapping[int, int | None]) -> PayPeriod:
    for pence in amounts.values():
        rules.check_amount(pence)
    if period.recorded_at is None and not any(pence is not None for pence in amounts.values()):
        raise NotAllowed("Enter at least one amount. For somebody who was paid nothing, enter 0.")
    # First, while the bands may still follow the posts.
    recount(period)
    lines = list(PayLine.objects.select_for_update().filter(period=period).order_by("id"))
    if not set(amounts) <= {line.pk for line in lines}:
        raise NotAllowed("The people of this period have changed. Open the page again.")
    if period.recorded_at is None:
        period.recorded_at, period.recorded_by = now, by.user
    for line in lines:
        values: dict[str, object] = {}
        if line.pk in amounts and amounts[line.pk] != line.recorded_pence:
            values = {"recorded_pence": amounts[line.pk], "recorded_at": now, "recorded_by": by.user}
        put(line, values, recorded=True)
    PayLine.objects.bulk_update(lines, ["recorded_pence", "recorded_at", "recorded_by", "state", "version"])
    period.version += 1
    period.save(update_fields=["recorded_at", "recorded_by", "version"])
    record(
        Event.PAY_RECORDED,
        by=by,
        prison=period.prison_id,
        subject=period,
        amounts=sum(1 for pence in amounts.values() if pence is not None),
    )
    return period


@transaction.atomic
def stage_file(*, by: Actor, now: datetime, period: PayPeriod, rows: Sequence[tuple[int, str, str]]) -> PayFile:
    """Keep what a file says until somebody has looked at it. A file that waited for the same period is let go."""
    period = queries.locked_period(period)
    queries.files_waiting(period).update(rows=[])
    staged: PayFile = PayFile.objects.create(
        prison_id=period.prison_id, period=period, rows=[list(row) for row in rows], staged_at=now, staged_by=by.user
    )
    record(Event.PAY_FILE_STAGED, by=by, prison=period.prison_id, subject=staged, rows=len(rows))
    return staged


@transaction.atomic
def save_file(*, by: Actor, now: datetime, staged: PayFile) -> PayPeriod:
    """Save every row of a file, or none while one of them is wrong. What the file said is then let go."""
    period = queries.locked_period(staged.period)
    staged = PayFile.objects.select_for_update(of=("self",)).get(pk=staged.pk)
    if staged.saved_at is not None:
        raise NotAllowed("This file has been saved already.")
    if not staged.rows:
        raise NotAllowed("Another file was chosen for this period since. Choose the file again.")
    lines = list(queries.lines_of(period))
    checked = pay_file.check(staged.rows, lines, queries.buddies_by_number(period.prison))
    if any(row.problem for row in checked):
        raise NotAllowed("Nothing is saved, because some rows are wrong. Mend the file and choose it again.")
    amounts = {row.line.pk: row.pence for row in checked if row.line is not None}
    period = _record(by, now, period, amounts)
    staged.rows, staged.saved_at, staged.saved_by = [], now, by.user
    staged.save(update_fields=["rows", "saved_at", "saved_by"])
    record(Event.PAY_FILE_SAVED, by=by, prison=period.prison_id, subject=staged, rows=len(amounts))
    return period


@transaction.atomic
def explain(*, by: Actor, now: datetime, line: PayLine, reason: str, words: str, version: int) -> PayExplanation:
    """Say why the two amounts differ, as they stand now."""
    line = PayLine.objects.select_for_update(of=("self",)).select_related("buddy").get(pk=line.pk)
    rules.check_explanation(line, reason=reason, words=words, version=version)
    said: PayExplanation = PayExplanation.objects.create(
        prison_id=line.prison_id,
        line=line,
        line_version=line.version,
        expected_pence=line.expected_pence,
        recorded_pence=line.recorded_pence,
        reason=reason,
        words=words.strip(),
        explained_at=now,
        explained_by=by.user,
    )
    record(
        Event.PAY_EXPLAINED,
        by=by,
        prison=line.prison_id,
        subject=line,
        person_id=line.buddy.person_id,
        reason=reason,
    )
    return said
