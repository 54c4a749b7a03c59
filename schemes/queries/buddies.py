"""Buddies of a prison, and where each stands: clearance, compact, take-over. Always for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from buddyscheme.accounts.models import Prison
from schemes.models import (
    Buddy,
    BuddyStep,
    Clearance,
    CompactSignature,
    Custody,
    Interview,
    Person,
    TakeOver,
    TakeOverBatch,
)
from schemes.queries.compacts import last_day, versions, versions_needed
from schemes.rules.clearance import SOON

IN_DATE, LAPSED, MISSING = "IN_DATE", "LAPSED", "MISSING"
S = Buddy.Status


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """An approved take-over: what may be made good, and until which day (that day included)."""

    good_by: date
    lacks_compact: bool
    lacks_modules: bool
    approved_by: str
    running: bool


@dataclass(frozen=True, kw_only=True)
class BuddyStanding:
    """Where one buddy stands on a day. `clearance` and `compact` are IN_DATE, LAPSED or MISSING.

    `clearance_until` is the first day on which a department's clearance ends, if none is missing; `cleared_on` the
    latest decision. `departments` holds each department's newest answer. A refused or waiting one is MISSING.
    """

    clearance: str
    clearance_until: date | None
    cleared_on: date | None
    departments: dict[str, str]
    compact: str
    compact_version: int | None
    # The last day of a signature whose version is no longer the newest.
    compact_until: date | None
    take_over: Waiver | None

    @property
    def cleared(self) -> bool:
        """Every department's clearance is in date."""
        return self.clearance == IN_DATE

    @property
    def compact_waived(self) -> bool:
        """An approved take-over that still runs covers the compact."""
        return self.take_over is not None and self.take_over.running and self.take_over.lacks_compact

    @property
    def modules_waived(self) -> bool:
        """An approved take-over that still runs covers the modules."""
        return self.take_over is not None and self.take_over.running and self.take_over.lacks_modules

    @property
    def compact_holds(self) -> bool:
        """The compact is signed, or waived for now."""
        return self.compact == IN_DATE or self.compact_waived


def buddies_of(prison: Prison) -> QuerySet[Any]:
    """Every buddy record of the prison with the person, and `wing_name`, `wing_code`, `cell` of where they are now."""
    rows: QuerySet[Any] = Buddy.objects.for_prison(prison).select_related("person", "scheme", "post__wing")
    located: QuerySet[Any] = rows.annotate(**_here())
    return located


@cache
def _here() -> dict[str, Subquery]:
    """The same expressions for every list: building them anew costs more than the query."""
    here = Custody.objects.filter(person=OuterRef("person_id"), prison=OuterRef("prison_id"), ended_at__isnull=True)
    return {
        "wing_name": Subquery(here.values("wing__name")[:1]),
        "wing_code": Subquery(here.values("wing__code")[:1]),
        "cell": Subquery(here.values("cell")[:1]),
    }


def in_list_order(buddies: QuerySet[Any]) -> QuerySet[Any]:
    """By name, as lists show them."""
    return buddies.order_by("person__last_name", "person__first_name", "id")


def locked(buddy: Buddy) -> Buddy:
    """The row as it is now, held until the transaction ends, with person and scheme."""
    return Buddy.objects.select_for_update(of=("self",)).select_related("person", "scheme", "post").get(pk=buddy.pk)


def open_record_of(prison: Prison, person: Person) -> Buddy | None:
    """The person's application or appointment here that has not ended."""
    rows: QuerySet[Buddy] = Buddy.objects.for_prison(prison).select_related("person")
    return rows.filter(person=person, status__in=Buddy.OPEN).first()


def applications_open(prison: Prison) -> QuerySet[Any]:
    """Applications on which somebody has to act, oldest first: not yet in training, not closed."""
    waiting = (S.APPLIED, S.CHECKS, S.INTERVIEW, S.OFFERED)
    rows = buddies_of(prison).filter(source=Buddy.Source.APPLICATION, status__in=waiting)
    return rows.order_by("applied_on", "id")


def approved_pool(prison: Prison) -> QuerySet[Any]:
    """Who was found suitable and waits for a place, with `approved_at`: by wing, the longest wait first."""
    approved = BuddyStep.objects.filter(buddy=OuterRef("pk"), new_status=S.APPROVED).order_by("-at", "-id")
    rows: QuerySet[Any] = (
        buddies_of(prison).filter(status=S.APPROVED).annotate(approved_at=Subquery(approved.values("at")[:1]))
    )
    pool: QuerySet[Any] = rows.order_by(F("wing_code").asc(nulls_last=True), "approved_at", "id")
    return pool


def clearance_to_renew(prison: Prison, today: date, *, stands: dict[int, BuddyStanding] | None = None) -> QuerySet[Any]:
    """Active buddies whose clearance is not in date, or ends within 28 days. `stands`, if it is known already."""
    active = buddies_of(prison).filter(status=S.ACTIVE)
    if stands is None:
        stands = standing(active.values_list("pk", flat=True), today)
    due = [
        pk
        for pk, stand in stands.items()
        if not stand.cleared or (stand.clearance_until is not None and stand.clearance_until <= today + SOON)
    ]
    return active.filter(pk__in=due)


def take_overs_of(prison: Prison) -> QuerySet[TakeOver]:
    """Every take-over of the prison, newest first."""
    rows: QuerySet[TakeOver] = TakeOver.objects.for_prison(prison)
    return rows.select_related("buddy__person", "asked_by", "decided_by", "batch").order_by("-asked_at", "-id")


def take_overs_waiting(prison: Prison) -> QuerySet[TakeOver]:
    """Take-overs on which the governor's delegate has to decide, oldest first."""
    rows = take_overs_of(prison).filter(decision=TakeOver.Decision.WAITING, buddy__status__in=Buddy.OPEN)
    return rows.order_by("asked_at", "id")


def batches_of(prison: Prison) -> QuerySet[TakeOverBatch]:
    """Take-overs that were asked for together, newest first."""
    rows: QuerySet[TakeOverBatch] = TakeOverBatch.objects.for_prison(prison)
    return rows.select_related("asked_by").order_by("-asked_at", "-id")


def in_batch(batch: TakeOverBatch) -> QuerySet[TakeOver]:
    """Everybody on one list, by name."""
    rows = (
        TakeOver.objects.for_prison(batch.prison_id).filter(batch=batch).select_related("buddy__person", "decided_by")
    )
    ordered: QuerySet[TakeOver] = rows.order_by("buddy__person__last_name", "buddy__person__first_name", "id")
    return ordered


def recorded_by(buddy: Buddy) -> int | None:
    """Id of who recorded the application or asked for the take-over."""
    first: int | None = buddy.steps.order_by("id").values_list("by_id", flat=True).first()
    return first


def steps_of(buddy: Buddy) -> QuerySet[BuddyStep]:
    """The buddy's history, newest first."""
    steps: QuerySet[BuddyStep] = buddy.steps.select_related("by", "by_person").order_by("-at", "-id")
    return steps


def last_interview(buddy: Buddy) -> Interview | None:
    """The newest interview."""
    interview: Interview | None = buddy.interviews.select_related("recorded_by").order_by("-held_on", "-id").first()
    return interview


def last_compact(buddy: Buddy) -> CompactSignature | None:
    """The signature of the newest version."""
    rows: QuerySet[CompactSignature] = buddy.compacts.select_related("witnessed_by")
    return rows.order_by("-text_id", "-id").first()


def standing(buddy_ids: Iterable[int], today: date) -> dict[int, BuddyStanding]:
    """Where these buddies stand. Two queries, however many they are."""
    ids = set(buddy_ids)
    if not ids:
        return {}
    rows = Buddy.objects.filter(pk__in=ids).annotate(**_what_stands(today))
    answers = _newest_answers(ids)
    return {row.pk: _stand(row, answers[row.pk], _waiver(row, today), today) for row in rows.select_related("scheme")}


@lru_cache(maxsize=4)
def _what_stands(today: date) -> dict[str, Any]:
    """The same expressions for every page of a day."""
    signed = CompactSignature.objects.filter(buddy=OuterRef("pk")).order_by("-text_id").values("text_id")
    newest = versions()
    return {
        "signed": Subquery(signed[:1]),
        "needed": Subquery(versions_needed(today).values("version")[:1]),
        "newest": Subquery(newest.values("version")[:1]),
        "newest_from": Subquery(newest.values("in_force_from")[:1]),
        "newest_by": Subquery(newest.values("sign_by")[:1]),
        "take_over_decision": F("take_over__decision"),
        "good_by": F("take_over__good_by"),
        "lacks_compact": F("take_over__lacks_compact"),
        "lacks_modules": F("take_over__lacks_modules"),
        "approver": F("take_over__decided_by__name"),
    }


def standing_of(buddy: Buddy, today: date) -> BuddyStanding:
    """Where one buddy stands."""
    return standing([buddy.pk], today)[buddy.pk]


Answers = dict[str, tuple[str, date | None, date | None]]


def _newest_answers(ids: set[int]) -> dict[int, Answers]:
    rows = (
        Clearance.objects.filter(buddy__in=ids)
        .exclude(decision=Clearance.Decision.WAITING)
        .order_by("signed_at", "id")
        .values_list("buddy_id", "department", "decision", "decided_on", "expires_on")
    )
    answers: dict[int, Answers] = defaultdict(dict)
    for buddy_id, department, decision, decided_on, expires_on in rows:
        answers[buddy_id][department] = (decision, decided_on, expires_on)
    return answers


def _waiver(row: Any, today: date) -> Waiver | None:
    if row.take_over_decision != TakeOver.Decision.APPROVED:
        return None
    return Waiver(
        good_by=row.good_by,
        lacks_compact=row.lacks_compact,
        lacks_modules=row.lacks_modules,
        approved_by=row.approver,
        running=row.good_by >= today,
    )


def _stand(row: Any, answers: Answers, waiver: Waiver | None, today: date) -> BuddyStanding:
    wanted = [department for department in row.scheme.departments if row.scheme.needs(department, today)]
    again = row.signed is not None and row.newest is not None and row.signed < row.newest
    each = {department: _department_stands(answers.get(department), today) for department in wanted}
    worst = MISSING if not each or MISSING in each.values() else LAPSED if LAPSED in each.values() else IN_DATE
    counting = [answers[department] for department in wanted if each[department] != MISSING]
    ends = [expires for _, _, expires in counting if expires]
    decisions = [decided for _, decided, _ in counting if decided]
    return BuddyStanding(
        clearance=worst,
        clearance_until=min(ends) if ends and worst != MISSING else None,
        cleared_on=max(decisions, default=None),
        departments=each,
        compact=_compact_stands(row.signed, row.needed),
        compact_until=last_day(row.newest_from, row.newest_by) if again else None,
        compact_version=row.signed,
        take_over=waiver,
    )


def _department_stands(answer: tuple[str, date | None, date | None] | None, today: date) -> str:
    if answer is None or answer[0] != Clearance.Decision.CLEARED or answer[2] is None:
        return MISSING
    return IN_DATE if answer[2] >= today else LAPSED


def _compact_stands(signed: int | None, needed: int | None) -> str:
    if signed is None or needed is None:
        return MISSING
    return IN_DATE if signed >= needed else LAPSED
