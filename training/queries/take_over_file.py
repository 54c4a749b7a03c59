"""A staged list of buddies to take over, and what its lines are checked against."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison, User
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of
from schemes.queries.clearance import signers_here
from schemes.queries.compacts import versions, versions_needed
from schemes.queries.people import people_of
from schemes.queries.schemes import scheme_of
from training.models import TakeOverFile
from training.queries.results import modules
from training.take_over_file import Facts, Line, number_in, read


def own_files(prison: Prison, user: User, now: datetime) -> QuerySet[TakeOverFile]:
    """Lists that this person uploaded here and that have not expired, newest first."""
    rows: QuerySet[TakeOverFile] = TakeOverFile.objects.for_prison(prison)
    return rows.filter(uploaded_by=user, expires_at__gt=now).order_by("-uploaded_at", "-id")


def facts_for(prison: Prison, today: date, numbers: set[str] | None = None) -> Facts:
    """What lines are checked against. `numbers`: only these people are looked up."""
    people: QuerySet[Any] = people_of(prison)
    if numbers is not None:
        people = people.filter(prison_number__in=numbers)
    found = {person.prison_number: person for person in people}
    records = buddies_of(prison).filter(person__in=[person.pk for person in found.values()], status__in=Buddy.OPEN)
    scheme = scheme_of(prison)
    needed = versions_needed(today).first()
    return Facts(
        today=today,
        people=found,
        open_records={buddy.person_id: buddy for buddy in records},
        modules=list(modules(prison)),
        compacts=list(versions().values_list("version", "in_force_from")),
        compact_needed=needed.version if needed is not None else None,
        departments=list(scheme.departments) if scheme is not None else [],
        signers=signers_here(prison, today),
    )


def lines_of(file: TakeOverFile, today: date) -> list[Line]:
    """Every line of a staged list, checked against what is known now."""
    rows = list(file.lines.order_by("number").values_list("number", "said", "left_out"))
    numbers = {number_in(said) for _, said, _ in rows}
    return read(rows, facts_for(file.prison, today, numbers))
