"""Taking over many buddies from a list: kept while it is mended, then saved whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from schemes.actions.buddies import record_compact
from schemes.actions.clearance import enter_paper_clearance
from schemes.actions.take_overs import ask_take_over, open_batch
from schemes.models import CompactText, TakeOver, TakeOverBatch
from schemes.queries.schemes import scheme_of
from schemes.rules.clearance import paper_kind
from schemes.rules.take_overs import check_good_by, check_says_why
from training.actions.prior import decide_prior_learning
from training.models import TakeOverFile, TakeOverLine
from training.queries.take_over_file import lines_of
from training.rules import take_over_file as rules
from training.take_over_file import Entry, seen

EVIDENCE = "Entered from the list of take-overs"


@transaction.atomic
def stage_file(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    rows: Sequence[tuple[int, Mapping[str, str]]],
    good_by: date,
    reason: str,
) -> TakeOverFile:
    """Keep the lines of a list for its owner. Nobody is taken over yet."""
    rules.check_has_scheme(scheme_of(prison))
    check_good_by(good_by, london_today(now))
    check_says_why(reason)
    file: TakeOverFile = TakeOverFile.objects.create(
        prison=prison,
        good_by=good_by,
        reason=reason,
        uploaded_at=now,
        uploaded_by=by.user,
        expires_at=now + rules.KEPT,
    )
    TakeOverLine.objects.bulk_create(
        TakeOverLine(prison=prison, file=file, number=number, said=dict(said)) for number, said in rows
    )
    record(Event.TAKE_OVER_FILE_STAGED, by=by, prison=prison.code, subject=file, lines=len(rows))
    return file


@transaction.atomic
def mend_line(
    *, by: Actor, now: datetime, file: TakeOverFile, number: int, said: Mapping[str, str], left_out: bool
) -> TakeOverLine:
    """Change what one line says, or leave it out. What is still wrong with it is seen on the list."""
    file = _locked(by, now, file)
    line: TakeOverLine | None = file.lines.select_for_update().filter(number=number).first()
    if line is None:
        raise NotAllowed("This line is no longer on the list. Open the list again.")
    line.said, line.left_out = dict(said), left_out
    line.save(update_fields=["said", "left_out"])
    record(Event.TAKE_OVER_LINE_MENDED, by=by, prison=file.prison_id, subject=file, line=number, left_out=left_out)
    return line


@transaction.atomic
def drop_file(*, by: Actor, now: datetime, file: TakeOverFile) -> None:
    """Throw a list away with all its lines; nothing was saved from it."""
    file = _locked(by, now, file)
    record(Event.TAKE_OVER_FILE_DROPPED, by=by, prison=file.prison_id, subject=file)
    file.delete()


@transaction.atomic
def sweep_expired(*, by: Actor, now: datetime) -> int:
    """Throw away the lists of every prison whose time is over. Runs in the national role; gives how many went."""
    rows = TakeOverFile.objects.select_for_update(skip_locked=True).filter(expires_at__lte=now)
    expired = list(rows.order_by("id"))
    for file in expired:
        record(Event.TAKE_OVER_FILE_DROPPED, by=by, prison=file.prison_id, subject=file)
        file.delete()
    return len(expired)


@transaction.atomic
def save_file(*, by: Actor, now: datetime, file: TakeOverFile, shown: str, leave_out: bool = False) -> TakeOverBatch:
    """Ask for every take-over on the list at once, with compacts, modules and papers; the list itself goes.

    `shown` is the mark of what the person looked at. Whoever has been taken over already is passed over.
    """
    file = _locked(by, now, file)
    lines = lines_of(file, london_today(now))
    if seen(lines) != shown:
        raise Stale("something on this list")
    rules.check_can_save(lines, leave_out=leave_out)
    batch = open_batch(by=by, now=now, prison=file.prison, good_by=file.good_by, reason=file.reason)
    for line in lines:
        if line.good and line.entry is not None:
            _take_over(by, now, batch, line.entry)
    file.delete()
    return batch


def _locked(by: Actor, now: datetime, file: TakeOverFile) -> TakeOverFile:
    rows = TakeOverFile.objects.select_for_update(of=("self",)).select_related("prison")
    found: TakeOverFile | None = rows.filter(pk=file.pk, uploaded_by=by.user, expires_at__gt=now).first()
    if found is None:
        raise NotAllowed("This list is no longer kept. Choose the file again: whoever was saved is not doubled.")
    return found


def _take_over(by: Actor, now: datetime, batch: TakeOverBatch, entry: Entry) -> TakeOver:
    take_over = ask_take_over(
        by=by,
        now=now,
        prison=batch.prison,
        person=entry.person,
        in_role_since=entry.in_role_since,
        lacks_compact=entry.lacks_compact,
        lacks_modules=entry.lacks_modules,
        good_by=batch.good_by,
        reason=batch.reason,
        batch=batch,
    )
    buddy = take_over.buddy
    if entry.compact is not None:
        version, signed_on = entry.compact
        text = CompactText.objects.get(version=version)
        record_compact(by=by, now=now, buddy=buddy, text=text, signed_on=signed_on, read_aloud=False)
    for module in entry.modules:
        assert entry.passed_on is not None
        decide_prior_learning(
            by=by,
            now=now,
            buddy=buddy,
            module=module,
            place=f"{batch.prison.name}, before this service"[:120],
            passed_on=entry.passed_on,
            evidence=EVIDENCE,
            evidence_on=london_today(now),
            accept=True,
        )
    for paper in entry.papers:
        enter_paper_clearance(
            by=by,
            now=now,
            buddy=buddy,
            department=paper.department,
            decision="CLEARED",
            decided_on=paper.decided_on,
            expires_on=paper.expires_on,
            kind=paper_kind(paper.written_by),
            written_by=paper.written_by,
        )
    return take_over
