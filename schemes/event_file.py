"""Reading a file of domain events: text in, events out, each line that cannot be read with the reason in words.

Pure. The envelope is that of HMPPS domain events: `eventType`, `version`, `occurredAt`, and where the event has them
`additionalInformation` and `personReference`. A file is a JSON list, or JSON with one event a line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import PRISON_NUMBER

MOST = 5000
# What fits of the codes of one change of alerts; a longer list stands for every code.
MOST_CODES = 64
EARLIEST = 2000
NOT_JSON = "This line is not JSON. Export the events again, one a line or as one list."
PAIRED = (("nsPrisonerNumber1", "nsPrisonerNumber2"), ("prisonerNumber1", "prisonerNumber2"))


@dataclass(frozen=True)
class ReadEvent:
    """One event, as far as we use it. `line` counts from 1; `numbers` are prison numbers, the person's own first."""

    line: int
    type: str
    occurred_at: datetime
    numbers: tuple[str, ...] = ()
    info: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def number(self) -> str:
        """Whom it is about."""
        return self.numbers[0] if self.numbers else ""

    @property
    def identity(self) -> str:
        """With type and moment this names the event: prison numbers, and the id of the record where there is one."""
        own = str(self.info.get("alertUuid") or self.info.get("alertCode") or self.info.get("id") or self._codes())
        numbers = sorted(self.numbers) if len(self.numbers) > 1 else self.numbers
        return ":".join([*numbers, *([own[:64]] if own else [])])

    def codes(self, name: str) -> list[str]:
        """Codes that are listed under one entry of the additional information."""
        value = self.info.get(name)
        return [str(code) for code in value] if isinstance(value, list) else []

    def _codes(self) -> str:
        """Alerts that were added or removed: changes of other alerts are other events, and undo nothing of this one."""
        codes = sorted({*self.codes("alertsAdded"), *self.codes("alertsRemoved")})
        said = ",".join(codes)
        return said if len(said) <= MOST_CODES else ""

    def text(self, name: str) -> str:
        """One entry of the additional information, as text."""
        value = self.info.get(name)
        return "" if value is None else str(value).strip()


@dataclass(frozen=True)
class Unreadable:
    """A line that says nothing to us, and why."""

    line: int
    words: str


def read(text: str, most: int = MOST) -> list[ReadEvent | Unreadable]:
    """Every event of the file in its own order. Raises `NotAllowed` for a file that holds none, or far too many."""
    text = text.lstrip("\ufeff").strip()
    if not text:
        raise NotAllowed("The file is empty. Choose another file.", field="file")
    found = _of_list(text) if text.startswith("[") else _of_lines(text)
    if len(found) > most:
        raise NotAllowed(f"The file has more than {most:,} events. Split it, and read the parts.", field="file")
    return found


def _of_list(text: str) -> list[ReadEvent | Unreadable]:
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAllowed("This file is not JSON. Export the events again.", field="file") from None
    if not listed:
        raise NotAllowed("The file holds no event. Choose another file.", field="file")
    return [_event(place, one) for place, one in enumerate(listed, start=1)]


def _of_lines(text: str) -> list[ReadEvent | Unreadable]:
    found: list[ReadEvent | Unreadable] = []
    for line, part in enumerate(text.splitlines(), start=1):
        if not part.strip():
            continue
        try:
            found.append(_event(line, json.loads(part)))
        except (ValueError, RecursionError):
            found.append(Unreadable(line, NOT_JSON))
    return found


def _event(line: int, one: Any) -> ReadEvent | Unreadable:
    if not isinstance(one, dict):
        return Unreadable(line, "This is not an event: it has no eventType and no occurredAt.")
    if not _can_be_kept(one):
        return Unreadable(line, "The event holds signs that are no text. Ask whoever sent it to export it again.")
    kind = one.get("eventType")
    if not isinstance(kind, str) or not 0 < len(kind) <= 80:
        return Unreadable(line, "The event does not say of which type it is (eventType).")
    if not isinstance(one.get("version"), int):
        return Unreadable(line, "The event has no version in whole numbers.")
    occurred = _moment(one.get("occurredAt"))
    if occurred is None:
        return Unreadable(line, "The event does not say when it happened, with its time zone (occurredAt).")
    info = one.get("additionalInformation")
    info = info if isinstance(info, dict) else {}
    return ReadEvent(line, kind, occurred, _numbers(one, info), info)


def _can_be_kept(one: dict[str, Any]) -> bool:
    """Neither a NUL nor half a sign can be stored."""
    written = json.dumps(one, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in written


def _moment(said: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment.year >= EARLIEST else None


def _numbers(one: dict[str, Any], info: dict[str, Any]) -> tuple[str, ...]:
    for names in PAIRED:
        pair = tuple(str(info.get(name) or "").upper() for name in names)
        if all(PRISON_NUMBER.fullmatch(number) for number in pair):
            return pair
    said = [info.get("nomsNumber"), info.get("prisonerNumber"), info.get("offenderNo")]
    reference = one.get("personReference")
    listed = reference.get("identifiers") if isinstance(reference, dict) else None
    for identifier in listed if isinstance(listed, list) else []:
        if isinstance(identifier, dict) and identifier.get("type") == "NOMS":
            said.append(identifier.get("value"))
    own = next((str(number).upper() for number in said if number and PRISON_NUMBER.fullmatch(str(number).upper())), "")
    removed = str(info.get("removedNomsNumber") or "").upper()
    return tuple(number for number in (own, removed if PRISON_NUMBER.fullmatch(removed) else "") if number)
