"""What has changed about people since a moment, and what it touches: plans, matches, today's visits.

Fed from facts that are stored anyway. The list and the tile that counts it are one query; what a page shows of its 25
rows is read in a few more, however many changes there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from buddyscheme.accounts.models import Prison
from referrals.models import ChangeMark, Match, Plan, PlannedVisit
from schemes.models import Absence, Alert, CellMove, Custody, KeepApart, Person, WeeklyActivity
from schemes.queries.people import people_ever_of

RUNNING_PLANS = (Plan.Status.ACTIVE, Plan.Status.PAUSED)
# Whose facts only some readers may see.
ALERTS, APART = ("alert", "unalert"), ("apart", "unapart")
TEXT = CharField()


@dataclass(frozen=True)
class Touch:
    """A plan or a match that runs and that the change is about; or the person's visits of today."""

    kind: str
    token: str
    words: str


@dataclass(frozen=True)
class Change:
    """One change, ready to be shown. `fact` names it: the kind and the token of its record."""

    what: str
    token: str
    at: datetime
    person: Person
    words: str
    touches: tuple[Touch, ...] = ()
    looked_by: str = ""
    other: Person | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Seen:
    """Which kinds of change the reader may see."""

    alerts: bool
    keep_apart: bool

    def shows(self, what: str) -> bool:
        """Whether this kind is shown."""
        return (self.alerts or what not in ALERTS) and (self.keep_apart or what not in APART)


ALL = Seen(alerts=True, keep_apart=True)


def changes_since(prison: Prison, since: datetime, seen: Seen = ALL, *, to_look_at: bool = False) -> QuerySet[Any, Any]:
    """Every change since the moment, newest first: rows of what, token, person_id and at.

    With `to_look_at` only those that touch a running plan or match and that nobody has marked since.
    """
    parts = [
        _narrowed(prison, what, rows, to_look_at) for what, rows in _sources(prison, since).items() if seen.shows(what)
    ]
    together: QuerySet[Any, Any] = parts[0].union(*parts[1:], all=True).order_by("-at", "what", "token")
    return together


def one_change(prison: Prison, what: str, token: str, since: datetime, seen: Seen = ALL) -> list[dict[str, Any]]:
    """The row of one change, as `changes_since` gives it, without a look at any other."""
    sources = _sources(prison, since)
    if what not in sources or not seen.shows(what):
        return []
    return list(_narrowed(prison, what, sources[what].filter(token=token), False))


def _sources(prison: Prison, since: datetime) -> dict[str, QuerySet[Any]]:
    """By kind of change its rows, each with `who` (a person's id), `other_id` (of a pair) and `at`."""
    here = Custody.objects.for_prison(prison).filter(person=OuterRef("person_id"), ended_at__isnull=True)
    alerts = Alert.objects.filter(Exists(here))
    # One row of the two that a pair has: that of the lower id, or of the one who is here.
    twin = Custody.objects.for_prison(prison).filter(person=OuterRef("other_id"), ended_at__isnull=True)
    apart = KeepApart.objects.filter(Exists(here)).exclude(Exists(twin), person_id__gt=F("other_id"))
    absences = Absence.objects.for_prison(prison)
    weekly = WeeklyActivity.objects.for_prison(prison)
    custodies = Custody.objects.for_prison(prison)
    return {
        "move": _since(CellMove.objects.for_prison(prison), "recorded_at", since, "custody__person_id"),
        "alert": _since(alerts, "recorded_at", since),
        "unalert": _since(alerts, "ended_at", since),
        "absence": _since(absences, "recorded_at", since),
        "back": _since(absences, "changed_at", since),
        "off": _since(absences, "cancelled_at", since),
        "weekly": _since(weekly, "recorded_at", since),
        "unweekly": _since(weekly, "ended_at", since),
        "apart": _since(apart, "recorded_at", since, other="other_id"),
        "unapart": _since(apart, "ended_at", since, other="other_id"),
        "in": _since(custodies, "started_at", since),
        "left": _since(custodies, "ended_at", since),
    }


def _since(
    rows: QuerySet[Any], column: str, since: datetime, person: str = "person_id", other: str = ""
) -> QuerySet[Any]:
    later: QuerySet[Any] = rows.filter(**{f"{column}__gte": since})
    named: QuerySet[Any] = later.annotate(who=F(person), second=F(other or person), at=Cast(F(column), DateTimeField()))
    return named


def _narrowed(prison: Prison, what: str, rows: QuerySet[Any], to_look_at: bool) -> QuerySet[Any, Any]:
    if to_look_at:
        plans = Plan.objects.for_prison(prison).filter(status__in=RUNNING_PLANS)
        matches = Match.objects.for_prison(prison).filter(status__in=Match.LIVE)
        mine = Q(person=OuterRef("who")) | Q(person=OuterRef("second"))
        helps = Q(buddy__person=OuterRef("who")) | Q(buddy__person=OuterRef("second"))
        marked = ChangeMark.objects.for_prison(prison).filter(
            fact=Concat(Value(f"{what}:"), OuterRef("token"), output_field=TEXT), looked_at__gte=OuterRef("at")
        )
        rows = rows.filter(Exists(plans.filter(mine)) | Exists(matches.filter(helps)), ~Exists(marked))
    named: QuerySet[Any, Any] = rows.annotate(what=Value(what, output_field=TEXT)).order_by()
    found: QuerySet[Any, Any] = named.values("what", "token", "who", "at")
    return found


def with_touches(prison: Prison, rows: Iterable[dict[str, Any]], today: date) -> list[Change]:
    """These changes in words, with what each touches, in the order given."""
    listed = list(rows)
    tokens: dict[str, list[str]] = defaultdict(list)
    for row in listed:
        tokens[row["what"]].append(row["token"])
    found = _records(prison, tokens)
    people = {row["who"] for row in listed} | {record.other_id for (what, _), record in found.items() if what in APART}
    persons = {person.pk: person for person in people_ever_of(prison).filter(pk__in=people)}
    touched = _touches(prison, people, today)
    marks = {
        mark.fact: mark
        for mark in ChangeMark.objects.for_prison(prison)
        .filter(fact__in=[f"{row['what']}:{row['token']}" for row in listed])
        .select_related("looked_by")
    }
    shown = []
    for row in listed:
        record, person = found.get((row["what"], row["token"])), persons.get(row["who"])
        if record is None or person is None:
            continue
        other = persons.get(record.other_id) if row["what"] in APART else None
        mark = marks.get(f"{row['what']}:{row['token']}")
        shown.append(
            Change(
                what=row["what"],
                token=row["token"],
                at=row["at"],
                person=person,
                words=_words(row["what"], record, other),
                touches=(*touched[person.pk], *(touched[other.pk] if other else ())),
                looked_by=mark.looked_by.name if mark is not None and mark.looked_at >= row["at"] else "",
                other=other,
            )
        )
    return shown


def _records(prison: Prison, tokens: dict[str, list[str]]) -> dict[tuple[str, str], Any]:
    """The rows behind these changes, one query for each table."""
    tables: dict[str, tuple[QuerySet[Any], tuple[str, ...]]] = {
        "moves": (
            CellMove.objects.for_prison(prison).select_related("custody", "from_wing", "wing"),
            ("move",),
        ),
        "alerts": (Alert.objects.select_related("kind"), ALERTS),
        "absences": (Absence.objects.for_prison(prison), ("absence", "back", "off")),
        "weekly": (WeeklyActivity.objects.for_prison(prison), ("weekly", "unweekly")),
        "apart": (KeepApart.objects.all(), APART),
        "custodies": (Custody.objects.for_prison(prison).select_related("wing"), ("in", "left")),
    }
    found: dict[tuple[str, str], Any] = {}
    for rows, kinds in tables.values():
        wanted = {token: what for what in kinds for token in tokens.get(what, ())}
        if not wanted:
            continue
        by_token = {row.token: row for row in rows.filter(token__in=wanted)}
        found |= {
            (what, token): by_token[token] for what in kinds for token in tokens.get(what, ()) if token in by_token
        }
    return found


def _touches(prison: Prison, people: set[int], today: date) -> dict[int, tuple[Touch, ...]]:
    found: dict[int, list[Touch]] = defaultdict(list)
    plans = Plan.objects.for_prison(prison).filter(person__in=people, status__in=RUNNING_PLANS)
    for plan in plans.order_by("id").only("token", "reference", "person_id"):
        found[plan.person_id].append(Touch("plan", plan.token, f"Plan {plan.reference}"))
    matches = Match.objects.for_prison(prison).filter(
        Q(buddy__person__in=people) | Q(plan__person__in=people), status__in=Match.LIVE
    )
    for match in matches.select_related("plan__person", "buddy__person").order_by("id"):
        helped, buddy = match.plan.person, match.buddy.person
        if helped.pk in people:
            found[helped.pk].append(Touch("match", match.token, f"Match with {buddy.full_name}"))
        if buddy.pk in people:
            found[buddy.pk].append(Touch("match", match.token, f"Helps {helped.full_name}"))
    visits = PlannedVisit.objects.for_prison(prison).filter(day=today)
    for person_id, buddy_person in visits.filter(
        Q(person__in=people) | Q(buddy__person__in=people), cancelled_at__isnull=True
    ).values_list("person_id", "buddy__person_id"):
        for one in {person_id, buddy_person} & people:
            if not any(touch.kind == "visits" for touch in found[one]):
                found[one].append(Touch("visits", "", "Visits today"))
    return defaultdict(tuple, {pk: tuple(touches) for pk, touches in found.items()})


def _words(what: str, record: Any, other: Person | None) -> str:
    match what:
        case "move":
            return f"Moved from {_place(record.from_wing, record.from_cell)} to {_place(record.wing, record.cell)}"
        case "alert":
            return f"Alert: {_alert(record)}"
        case "unalert":
            return f"Alert ended: {_alert(record)}"
        case "absence":
            return f"Elsewhere: {record.get_kind_display().lower()}"
        case "back":
            return f"Back from {record.get_kind_display().lower()}"
        case "off":
            return f"Taken back: {record.get_kind_display().lower()}"
        case "weekly" | "unweekly":
            ended = "no longer has" if what == "unweekly" else "has"
            return f"The person {ended} {record.get_kind_display().lower()} every week"
        case "apart" | "unapart":
            name = other.full_name if other is not None else "somebody at another prison"
            return f"{'Kept apart from' if what == 'apart' else 'No longer kept apart from'} {name}"
        case "in":
            return f"Arrived, {_place(record.wing, record.cell)}"
    return f"Left: {record.get_end_reason_display().lower()}"


def _alert(alert: Alert) -> str:
    # The list is printed: one that is not shared with the person stays unnamed on paper.
    return "one that is not shared with the person" if alert.kind.hidden else alert.kind.words


def _place(wing: Any, cell: str) -> str:
    return ", ".join(part for part in (wing.name if wing else "", cell) if part) or "a place not recorded"
