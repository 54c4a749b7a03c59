"""Alerts of people, by the code of the list or by its words."""

from __future__ import annotations

from datetime import date

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission
from buddyscheme.lib.errors import NotAllowed
from schemes.actions.alerts import record_alert
from schemes.imports import reading
from schemes.imports.parts import PERSON, days_in_order, people_named
from schemes.imports.registry import Field, Kind, RowRefused, Saving, register
from schemes.imports.sql import is_here
from schemes.models import AlertKind, Source

FIELDS = (
    PERSON,
    Field(
        name="alert", label="Alert", meaning="A code of the list of alerts, or its words.", example="ROP",
        read=reading.words(120), needed=True, also=("Alert code", "Code", "Alert type"),
    ),
    Field(
        name="active_from", label="Active from", meaning="Today or an earlier day, like 27/3/2025.",
        example="27/3/2025", read=reading.day(), needed=True, sql="date", also=("From", "Start", "Date from", "Since"),
    ),
    Field(
        name="active_to", label="Last day", meaning="Empty if no end is known.", example="", read=reading.day(),
        sql="date", also=("To", "Active to", "End", "Expires", "Date to"),
    ),
)  # fmt: skip

KIND = "upper(r.alert) = upper(k.code) OR lower(r.alert) = lower(k.words)"
CHECKS = (
    is_here("person"),
    f"""SELECT r.id, 'alert', '“' || left(r.alert, 40) || '” is not on the list of alerts. Write a code of the list.'
        FROM r WHERE r.alert IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM schemes_alertkind k WHERE k.active AND ({KIND}))""",
    """SELECT r.id, 'active_from', 'An alert starts today or on an earlier day. Check the date.'
       FROM r WHERE r.active_from > %(today)s""",
)
# On record and running: the first day may differ, the alert is the same. Or it was just this one, and has ended since.
ALREADY = f"""
    SELECT r.id FROM r JOIN schemes_alertkind k ON {KIND}
    JOIN schemes_person p ON p.prison_number = r.person
    JOIN schemes_alert a ON a.person_id = p.id AND a.kind_id = k.code
    WHERE (a.ended_at IS NULL AND (a.active_to IS NULL OR a.active_to >= %(today)s))
      OR (a.active_from = r.active_from AND a.active_to IS NOT DISTINCT FROM r.active_to)"""


def _listed(prison: Prison, today: date) -> list[tuple[str, str]]:
    return list(AlertKind.objects.filter(active=True).order_by("position", "code").values_list("code", "words"))


def _save(saving: Saving) -> int:
    rows = saving.rows()
    people = people_named(saving, rows, "person")
    active = AlertKind.objects.filter(active=True)
    kinds = {name.casefold(): kind for kind in active for name in (kind.words, kind.code)}
    for number, row in rows:
        ends = row.get("active_to")
        try:
            record_alert(
                by=saving.by,
                now=saving.now,
                prison=saving.prison,
                person=people[row["person"]],
                kind=kinds[row["alert"].casefold()],
                active_from=date.fromisoformat(row["active_from"]),
                active_to=date.fromisoformat(ends) if ends else None,
                source=Source.IMPORT,
            )
        except NotAllowed as error:
            raise RowRefused(number, error, "alert") from None
    return len(rows)


ALERTS = register(
    Kind(
        code="ALERTS",
        name="Alerts of people",
        row="one alert of one person",
        lead="What each alert means for matches stays as it is set. Matches that run are looked at again.",
        fields=FIELDS,
        key=("person", "alert"),
        checks=CHECKS,
        already=ALREADY,
        save=_save,
        order=30,
        needs=Permission.ALERTS_EDIT,
        rule=days_in_order("active_from", "active_to"),
        codes=_listed,
        codes_words="Codes of alerts",
        then=("schemes:alerts", "Alerts"),
    )
)
