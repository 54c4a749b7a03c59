"""A spreadsheet's way: received, its columns matched, its rows read, checked, mended, and saved all at once.

Reading, checking and saving are a worker's. Each step locks the file and looks at its state, so that a worker that
takes over from one that was killed, or a second one, does nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import DataError, IntegrityError, transaction
from django.db.models import Count, Q

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, record_many
from buddyscheme.lib.bulk import insert_missing
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.sheet_rows import sheet_of_file
from buddyscheme.outbox.publish import without_waking
from schemes.imports.reading import LONGEST_CELL
from schemes.imports.registry import Kind, Memory, RowRefused, Saving, guess_columns, kind_of, understand
from schemes.imports.waking import wake
from schemes.models import ImportColumns, ImportContent, ImportFile, ImportRow
from schemes.queries.imports import bad_rows, check_all, good_rows, remembered_columns
from schemes.rules import imports as rules

log = logging.getLogger(__name__)
State = ImportFile.State
CHUNK = 5000
AGAIN = (
    "Something here changed while the rows were being saved, so nothing was saved. Look at the rows, then save again."
)


@transaction.atomic
def receive_file(*, by: Actor, now: datetime, prison: Prison, kind: Kind, name: str, content: bytes) -> ImportFile:
    """Keep a file and guess its columns. Nothing of it is saved before somebody has seen every bad row."""
    place, rows = sheet_of_file(content)
    rules.check_size(sum(1 for cells in rows[place + 1 :] if any(cells)), kind.most)
    headings = [heading[:LONGEST_CELL] for heading in rows[place]]
    file: ImportFile = ImportFile.objects.create(
        prison=prison,
        kind=kind.code,
        name=name[:120],
        headings=headings,
        columns=guess_columns(kind, headings, remembered_columns(prison, kind)),
        rows_in_file=len(rows) - place - 1,
        uploaded_at=now,
        uploaded_by=by.user,
        touched_at=now,
    )
    # bulk_create, because the plain one asks for the row back, and it may be 20 MB.
    ImportContent.objects.bulk_create([ImportContent(prison=prison, file=file, content=content)])
    record(Event.IMPORT_STARTED, by=by, prison=prison.code, subject=file, kind=kind.code, rows=file.rows_in_file)
    return file


@transaction.atomic
def match_columns(*, by: Actor, now: datetime, file: ImportFile, columns: Mapping[str, int]) -> ImportFile:
    """Say which column holds which field; the next file of this kind begins with the same. A worker reads the rows."""
    file = _locked(file)
    kind = kind_of(file.kind)
    rules.check_can_match(file, columns, [(field.name, field.label) for field in kind.fields if field.needed])
    _step(file, State.STAGING, now, columns=dict(columns))
    ImportColumns.objects.update_or_create(
        prison=file.prison,
        kind=kind.code,
        defaults={
            "headings": {name: file.headings[place] for name, place in columns.items()},
            "changed_at": now,
            "changed_by": by.user,
        },
    )
    record(Event.IMPORT_MATCHED, by=by, prison=file.prison_id, subject=file, fields=sorted(columns))
    wake(file)
    return file


@transaction.atomic
def stage_rows(*, by: Actor, now: datetime, file: ImportFile, rows: Sequence[tuple[int, Sequence[str]]]) -> bool:
    """Read the next rows of a file, at most `CHUNK`. `rows` are all below the headings, with their numbers.

    Gives whether there is more to do for this worker: not when all are read, nor when another worker has the file.
    """
    locked = _for_worker(file, State.STAGING)
    if locked is None:
        return False
    file, kind, today = locked, kind_of(locked.kind), london_today(now)
    part = rows[file.rows_read : file.rows_read + CHUNK]
    staged = []
    memory: Memory = {}
    for number, cells in part:
        if not any(cells):
            continue
        said = {
            name: cells[place][:LONGEST_CELL]
            for name, place in file.columns.items()
            if place < len(cells) and cells[place]
        }
        understood, problems = understand(kind, said, today, memory)
        staged.append(_row(file, number, said, understood, problems))
    insert_missing(ImportRow, staged)
    done = file.rows_read + len(part)
    finished = done >= len(rows)
    _step(file, State.CHECKING if finished else State.STAGING, now, rows_read=done)
    if finished:
        ImportContent.objects.filter(file=file).delete()
    record_many(Event.IMPORT_READ, by=by, prison=file.prison_id, subject=file, rows=len(staged))
    return not finished


@transaction.atomic
def check_file(*, by: Actor, now: datetime, file: ImportFile) -> bool:
    """Check every row against what is on record here. False when another worker has the file."""
    locked = _for_worker(file, State.CHECKING)
    if locked is None:
        return False
    _check(by, now, locked)
    return True


@transaction.atomic
def mend_rows(
    *,
    by: Actor,
    now: datetime,
    file: ImportFile,
    rows: Mapping[int, Mapping[str, str]],
    left_out: bool = False,
) -> ImportFile:
    """Put other words in the place of what rows say, or leave the rows out, and check the file again.

    Rows are named by their number. Raises `NotAllowed` when one of them is not in the file.
    """
    file = _locked(file)
    rules.check_can_mend(file)
    kind, today = kind_of(file.kind), london_today(now)
    found = {row.number: row for row in ImportRow.objects.select_for_update().filter(file=file, number__in=list(rows))}
    for number, said in rows.items():
        if number not in found:
            raise NotAllowed(f"There is no row {number} in this import. Begin with the file of the rows to mend.")
        row = found[number]
        # A column that the mended file lacks says nothing; an emptied cell takes the words away.
        row.said = {name: words[:LONGEST_CELL] for name, words in {**row.said, **said}.items() if words}
        row.understood, row.shape = understand(kind, row.said, today)
        row.left_out_at, row.left_out_by = (now, by.user) if left_out else (None, None)
        row.changed_at, row.changed_by = now, by.user
    fields = ["said", "understood", "shape", "left_out_at", "left_out_by", "changed_at", "changed_by"]
    ImportRow.objects.bulk_update(found.values(), fields, batch_size=500)
    record(
        Event.IMPORT_ROWS_MENDED, by=by, prison=file.prison_id, subject=file, rows=sorted(rows)[:50], left_out=left_out
    )
    if file.good + file.bad + file.already > rules.CHECKED_AT_ONCE:
        _step(file, State.CHECKING, now, note="")
        wake(file)
    else:
        _check(by, now, file)
    return file


@transaction.atomic
def ask_to_save(*, by: Actor, now: datetime, file: ImportFile, leave_out: bool = False) -> ImportFile:
    """Have a worker save every good row at once. Pressed twice, it is asked for once."""
    file = _locked(file)
    if file.state in (State.SAVING, State.SAVED):
        # The second press is answered by the same page as the first; what was audited then stands.
        record(Event.IMPORT_SAVE_ASKED, by=by, prison=file.prison_id, subject=file, again=True)
        return file
    rules.check_can_save(file, bad=file.bad, good=file.good, leave_out=leave_out)
    if file.bad:
        out = bad_rows(file).update(left_out_at=now, left_out_by=by.user)
        _count(file)
        record(Event.IMPORT_ROWS_MENDED, by=by, prison=file.prison_id, subject=file, rows=out, left_out=True)
    _step(file, State.SAVING, now, note="", save_asked_at=now, save_asked_by=by.user)
    record(Event.IMPORT_SAVE_ASKED, by=by, prison=file.prison_id, subject=file, good=file.good)
    wake(file)
    return file


@transaction.atomic
def save_rows(*, by: Actor, now: datetime, file: ImportFile) -> bool:
    """Save every good row, or none. `by` is who pressed the button. False when another worker has the file.

    What is on record here may have changed since the rows were looked at, so they are checked once more. Where a row is
    no longer good, or its action refuses it, nothing is saved and the file is there to be looked at again.
    """
    locked = _for_worker(file, State.SAVING)
    if locked is None:
        return False
    file, kind, today = locked, kind_of(locked.kind), london_today(now)
    check_all(file, kind, today)
    _count(file)
    if file.bad:
        rows = "1 row is" if file.bad == 1 else f"{file.bad} rows are"
        _give_back(by, now, file, f"{rows} no longer good. Nothing is saved.")
        return True
    saving = Saving(by=by, now=now, today=today, prison=file.prison, file_id=file.pk, rows=lambda: good_rows(locked.pk))
    try:
        with transaction.atomic(), without_waking():
            saved = kind.save(saving)
    except RowRefused as refused:
        row = ImportRow.objects.get(file=file, number=refused.number)
        row.found = [{"field": _field(kind, refused.field), "says": str(refused)}]
        row.state = ImportRow.State.BAD
        row.save(update_fields=["found", "state"])
        _count(file)
        _give_back(by, now, file, f"Row {refused.number} could not be saved, so nothing is saved.")
        return True
    except (IntegrityError, DataError, LookupError) as error:
        # The kind of fault only: its words may hold what somebody typed.
        log.warning("import %s was refused by %s", file.pk, type(error).__name__)
        _give_back(by, now, file, AGAIN)
        return True
    _step(file, State.SAVED, now, saved=saved, saved_at=now, note=" ".join(saving.notes)[:300])
    record(
        Event.IMPORT_COMMITTED, by=by, prison=file.prison_id, subject=file, kind=kind.code, saved=saved,
        already=file.already, left_out=file.left_out,
    )  # fmt: skip
    return True


@transaction.atomic
def drop_file(*, by: Actor, now: datetime, file: ImportFile) -> ImportFile:
    """Throw an import away with all its rows; nothing was saved from it."""
    file = _locked(file)
    rules.check_can_drop(file)
    _step(file, State.DROPPED, now, dropped_at=now)
    _empty(file, now)
    record(Event.IMPORT_ABANDONED, by=by, prison=file.prison_id, subject=file, kind=file.kind)
    return file


@transaction.atomic
def empty_old(*, by: Actor, now: datetime) -> int:
    """Delete the rows of finished imports some days later, and throw away those that nobody goes on with.

    Runs in the national role, for every prison; gives how many files it emptied.
    """
    finished = Q(state=State.SAVED, touched_at__lte=now - rules.KEPT_AFTER)
    # One that a worker has failed at for so long is not gone on with either.
    untouched = Q(
        state__in=[State.UPLOADED, State.CHECKED, *ImportFile.AT_WORK], touched_at__lte=now - rules.KEPT_UNTOUCHED
    )
    rows = ImportFile.objects.select_for_update(skip_locked=True).filter(finished | untouched, emptied_at__isnull=True)
    files = list(rows.order_by("id")[:100])
    for file in files:
        if file.state != State.SAVED:
            _step(file, State.DROPPED, now, dropped_at=now)
            record(Event.IMPORT_ABANDONED, by=by, prison=file.prison_id, subject=file, kind=file.kind)
        _empty(file, now)
        record(Event.IMPORT_EMPTIED, by=by, prison=file.prison_id, subject=file)
    return len(files)


def _row(
    file: ImportFile, number: int, said: dict[str, str], understood: dict[str, object], problems: list[dict[str, str]]
) -> dict[str, object]:
    return {
        "prison_id": file.prison_id,
        "file_id": file.pk,
        "number": number,
        "said": said,
        "understood": understood,
        "shape": problems,
        "found": [],
        "state": ImportRow.State.BAD if problems else ImportRow.State.GOOD,
    }


def _locked(file: ImportFile) -> ImportFile:
    return ImportFile.objects.select_for_update(of=("self",)).select_related("prison").get(pk=file.pk)


def _for_worker(file: ImportFile, state: str) -> ImportFile | None:
    """The file, if it is still to be done and no other worker is at it."""
    rows = ImportFile.objects.select_for_update(of=("self",), skip_locked=True).select_related("prison")
    found: ImportFile | None = rows.filter(pk=file.pk, state=state).first()
    return found


def _check(by: Actor, now: datetime, file: ImportFile) -> None:
    check_all(file, kind_of(file.kind), london_today(now))
    _count(file)
    _step(file, State.CHECKED, now, checked_at=now, note="")
    record(
        Event.IMPORT_CHECKED, by=by, prison=file.prison_id, subject=file, good=file.good, bad=file.bad,
        already=file.already,
    )  # fmt: skip


def _count(file: ImportFile) -> None:
    """Count the rows of each kind; `_step` or the caller saves."""
    rows, stands = ImportRow.objects.filter(file=file), Q(left_out_at__isnull=True)
    counts = rows.aggregate(
        left_out=Count("id", filter=~stands),
        **{state.lower(): Count("id", filter=stands & Q(state=state)) for state in ImportRow.State.values},
    )
    for name, count in counts.items():
        setattr(file, name, count)
    file.save(update_fields=list(counts))


def _step(file: ImportFile, state: str, now: datetime, **fields: object) -> None:
    for name, value in {"state": state, "touched_at": now, **fields}.items():
        setattr(file, name, value)
    file.save(update_fields=["state", "touched_at", *fields])


def _give_back(by: Actor, now: datetime, file: ImportFile, note: str) -> None:
    _step(file, State.CHECKED, now, note=note, save_asked_at=None, save_asked_by=None)
    record(Event.IMPORT_REFUSED, by=by, prison=file.prison_id, subject=file, bad=file.bad)


def _empty(file: ImportFile, now: datetime) -> None:
    ImportRow.objects.filter(file=file).delete()
    ImportContent.objects.filter(file=file).delete()
    file.emptied_at = now
    file.save(update_fields=["emptied_at"])


def _field(kind: Kind, name: str | None) -> str:
    return name if name in kind.labels else kind.key[0]
