"""Many people who were helped, and an extract about them.

One of them is helped by the actions of the pages; the others are copies of that one's rows, each with a name, a number
and answers of their own, because the actions of sixty people would take a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.extracts import ask_extract, decide_extract, keep_extract
from monitoring.extracts.file import left_out_counts
from monitoring.extracts.ladder import Safe
from monitoring.models import Extract, Outcome
from referrals.models import Consent, Match, Plan, PlannedVisit, Referral, Visit
from schemes.models import Custody, Person
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.meta.test_constraints import copy_of

AREAS = ("MEALS", "CELL", "MOBILITY")
SAID = (
    {"NEEDS": 2, "DAYS": 3, "LONELY": 1},
    {"NEEDS": 4, "DAYS": 2, "LONELY": 3},
    {"NEEDS": 5, "DAYS": 4, "LONELY": 4},
)
_numbers = count(1)


def many_helped(here: Prison, lead: User, now: datetime, how_many: int) -> list[Plan]:
    """So many people helped from this day on, with ten visits each, asked at the start and four weeks later."""
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        first, _, match = helped(here, lead, now, tasks=(("DOM-03", [0, 1, 2, 3, 4, 5, 6], "AM", 10),))
        days = [now.date() + timedelta(days=1 + n) for n in range(10)]
        for day in days:
            day_opened(here, day)
            visit_of(planned_on(first, day), lead, datetime.combine(day, now.timetz()) + timedelta(hours=9))
    plans = [first, *(_another(here, first, match) for _ in range(how_many - 1))]
    for number, plan in enumerate(plans):
        _described(plan, number)
        _asked(here, lead, plan, number, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return plans


def _another(here: Prison, first: Plan, match: Match) -> Plan:
    number = next(_numbers)
    person = _put(first.person, prison_number=f"Z{number:04d}ZX", first_name=f"Secret{number}", last_name="Hidden")
    _put(Custody.objects.get(person=first.person), person=person)
    referral = _put(first.referral, person=person, reference=f"R-EX{number}")
    plan: Plan = _put(Plan.objects.get(pk=first.pk), person=person, referral=referral, reference=f"P-EX{number}")
    started = _put(Match.objects.get(pk=match.pk), plan=plan)
    for consent in Consent.objects.filter(plan=first):
        _put(consent, plan=plan, match=None)
    for planned in PlannedVisit.objects.filter(plan=first):
        other = _put(planned, plan=plan, person=person, match=started)
        for visit in Visit.objects.filter(planned=planned):
            _put(visit, planned=other, person=person)
    return plan


def _put(row: Any, **changes: Any) -> Any:
    made = copy_of(row, **changes)
    type(row)._base_manager.bulk_create([made])
    return made


def _described(plan: Plan, number: int) -> None:
    """Every second one older, every third with another need; all men, half of them disabled."""
    Person.objects.filter(pk=plan.person_id).update(
        born_on=date(1985, 3, 7) if number % 2 else date(1955, 3, 7),
        sex="MALE",
        ethnicity="WHITE",
        disability="YES" if number % 4 < 2 else "NO",
    )
    Referral.objects.filter(pk=plan.referral_id).update(need_areas=[AREAS[number % 3]], reason="Secret reason")


def _asked(here: Prison, lead: User, plan: Plan, number: int, now: datetime) -> None:
    for point, days, said in (("START", 0, SAID[number % 3]), ("FOUR_WEEKS", 28, SAID[(number + 1) % 3])):
        Outcome.objects.create(
            prison=here, instrument="HELPED", person_id=plan.person_id, plan=plan, point=point, answers=said,
            asked_on=now.date() + timedelta(days=days), recorded_at=now, recorded_by=lead,
        )  # fmt: skip


def asked(by: User, now: datetime, prisons: Sequence[str] = (), **changes: Any) -> Extract:
    """An extract that waits for a decision, of the quarter July to September 2026."""
    values: dict[str, Any] = {
        "recipient": "University of Testwick, Ola Evaluator",
        "purpose": "Whether help begins sooner.",
        "ethics_reference": "REC 26/0417",
        "agreement": "DSA-2026-12",
        "first_day": date(2026, 7, 1),
        "last_day": date(2026, 9, 30),
        "prisons": list(prisons),
        **changes,
    }
    with scoped(DatabaseRole.WEB):
        return ask_extract(by=Actor.staff(by, roles=("NATIONAL_LEAD",)), now=now, **values)


def handed_out(by: User, officer: User, now: datetime) -> Extract:
    """One that was built and lasts, with a file that holds no row."""
    extract = approved(asked(by, now), officer, now)
    with scoped(DatabaseRole.NATIONAL):
        return keep_extract(
            by=Actor.system(), now=now, extract=extract, content=b"PK", safe=Safe((), 12, 2, (), 0),
            left_out=left_out_counts({}),
        )  # fmt: skip


def approved(extract: Extract, by: User, now: datetime) -> Extract:
    """The same, approved and not built."""
    with scoped(DatabaseRole.WEB):
        return decide_extract(by=Actor.staff(by, roles=("NATIONAL_DPO",)), now=now, extract=extract, approved=True)
