"""The regime: when people are unlocked, by weekday and part of the day. What the file does not name stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from buddyscheme.lib.errors import NotAllowed
from schemes.actions.schemes import set_regime
from schemes.imports import reading
from schemes.imports.registry import Field, Kind, RowRefused, Saving, register
from schemes.models import Session
from schemes.queries.schemes import regime_week

FIELDS = (
    Field(
        name="weekday", label="Weekday", meaning="Monday to Sunday; a row for each.", example="Monday",
        read=reading.weekday, needed=True, sql="int", also=("Day", "Day of the week"),
    ),
    Field(
        name="session", label="Session", meaning="Morning, Afternoon or Evening.", example="Morning",
        read=reading.one_of(Session.choices, reading.SESSION_WORDS), needed=True, also=("Part of the day", "Period"),
    ),
    Field(
        name="unlock_at", label="Unlock", meaning="A time like 08:30.", example="08:30", read=reading.clock,
        needed=True, sql="time", also=("Unlock at", "Unlocked from", "From", "Start"),
    ),
    Field(
        name="lock_at", label="Lock-up", meaning="A time like 11:45.", example="11:45", read=reading.clock,
        needed=True, sql="time", also=("Lock up", "Lock-up at", "Locked from", "To", "End", "Lock"),
    ),
)  # fmt: skip

ORDER = "position({0}.session IN 'AM PM EV')"
# What stands already and is not in the file.
STAYS = (
    "SELECT e.weekday, e.session, e.unlock_at, e.lock_at FROM schemes_regimetime e WHERE e.prison_id = %(prison)s"
    " AND NOT EXISTS (SELECT 1 FROM r x WHERE x.weekday = e.weekday AND x.session = e.session)"
)
CHECKS = (
    f"""SELECT r.id, 'unlock_at', 'This begins before the session before it has ended, at '
               || to_char(max(o.lock_at), 'HH24:MI') || '. Change one of the times.'
        FROM r JOIN (SELECT weekday, session, unlock_at, lock_at FROM r UNION ALL {STAYS}) o
             ON o.weekday = r.weekday AND {ORDER.format("o")} < {ORDER.format("r")}
        WHERE r.unlock_at < o.lock_at GROUP BY r.id""",
    f"""SELECT r.id, 'lock_at', 'This ends after the next session has begun, at '
               || to_char(min(o.unlock_at), 'HH24:MI') || '. Change one of the times.'
        FROM r JOIN ({STAYS}) o ON o.weekday = r.weekday AND {ORDER.format("o")} > {ORDER.format("r")}
        WHERE r.lock_at > o.unlock_at GROUP BY r.id""",
)
ALREADY = """
    SELECT r.id FROM r JOIN schemes_regimetime e ON e.prison_id = %(prison)s AND e.weekday = r.weekday
        AND e.session = r.session AND e.unlock_at = r.unlock_at AND e.lock_at = r.lock_at"""


def _rule(row: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    return [("lock_at", "Lock-up must be later than unlock.")] if row["lock_at"] <= row["unlock_at"] else []


def _save(saving: Saving) -> int:
    rows = saving.rows()
    if not rows:
        return 0
    week = regime_week(saving.prison)
    times = {(weekday, session): hours for weekday, day in week.items() for session, hours in day.items()}
    for _, row in rows:
        hours = (time.fromisoformat(row["unlock_at"]), time.fromisoformat(row["lock_at"]))
        times[row["weekday"], row["session"]] = hours
    try:
        set_regime(
            by=saving.by,
            now=saving.now,
            prison=saving.prison,
            times=[(weekday, session, *hours) for (weekday, session), hours in times.items()],
        )
    except NotAllowed as error:
        raise RowRefused(rows[0][0], error, "unlock_at") from None
    return len(rows)


REGIME = register(
    Kind(
        code="REGIME",
        name="Regime",
        row="one session of one weekday",
        lead="When people are unlocked. Sessions that the file does not name stay as they are.",
        fields=FIELDS,
        key=("weekday", "session"),
        checks=CHECKS,
        already=ALREADY,
        save=_save,
        order=20,
        rule=_rule,
        most=21,
    )
)
