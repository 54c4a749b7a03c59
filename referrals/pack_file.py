"""A buddy's record as structured data. Pure: figures in, a dictionary with its checksum out.

Its shape is published in `docs/buddy-record.schema.json`. It holds no recipient, no free text about anybody, and of a
suspension only that there is one and since when: this service gives a suspension no category.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from buddyscheme.accounts.models import Prison
from referrals.queries.take_away import BuddyRecord, Held

KIND, VERSION = "buddy-record", 1


def body_of(record: BuddyRecord, *, to: Prison, sent_on: date, suspended_since: date | None) -> dict[str, Any]:
    """What is sent."""
    buddy = record.buddy
    return {
        "kind": KIND,
        "version": VERSION,
        "sent_on": sent_on.isoformat(),
        "from_prison": {"code": buddy.prison_id, "name": buddy.prison.name},
        "to_prison": {"code": to.pk, "name": to.name},
        "person": {
            "prison_number": buddy.person.prison_number,
            "first_name": buddy.person.first_name,
            "last_name": buddy.person.last_name,
        },
        "role": {
            "reference": buddy.reference,
            "since": _day(record.since),
            "until": _day(record.until),
            "months": record.months,
            "minutes_helped": record.minutes,
            "visits": record.visits,
            "title": record.role,
            "wing": record.wing,
        },
        "suspension": {"since": suspended_since.isoformat()} if suspended_since is not None else None,
        "compacts": [
            {"version": each.text_id, "signed_on": each.signed_on.isoformat(), "format": each.format}
            for each in record.compacts
        ],
        "modules": [_module(each) for each in record.modules],
    }


def _module(held: Held) -> dict[str, Any]:
    return {
        "code": held.module.code,
        "title": held.module.title,
        "national": not held.module.local,
        "practical": held.module.practical,
        "result": "PASSED",
        "passed_on": held.passed_on.isoformat(),
        "expires_on": _day(held.expires_on),
        "certificate": held.certificate,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def checksum(body: dict[str, Any]) -> str:
    """SHA-256 of the record with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def file_of(body: dict[str, Any], check: str) -> str:
    """The file that is downloaded."""
    return json.dumps({"record": body, "checksum": f"sha256:{check}"}, indent=2, ensure_ascii=False) + "\n"
