"""Building an extract after its approval: prison by prison, with how far it is, then made safe and kept.

The key of the pseudonyms lives in this function's memory and nowhere else. A worker that dies leaves nothing behind;
the next one begins again with a key of its own.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Quarter, london_today, quarter_of
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.extracts import find_unsafe, keep_extract
from monitoring.costs import total
from monitoring.extracts.cost_rows import PrisonQuarter, cost_rows
from monitoring.extracts.file import LADDER_REASON, About, left_out_counts, zipped
from monitoring.extracts.ladder import NotSafe, made_safe
from monitoring.extracts.rows import row_of
from monitoring.models import Extract
from monitoring.queries.costs import inputs_of, newest_returns, other_parts
from monitoring.queries.extract_rows import answers_of, helped_in, spells_of
from monitoring.rules.extracts import LASTS, TAKEN_FOR

ASKED = ["HELPED", "HELP", "LONELY"]
"""Instruments whose answers or scores an extract holds."""


@dataclass
class Gathered:
    """What was read so far."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    left_out: dict[str, set[int]] = field(default_factory=dict)
    costs: list[PrisonQuarter] = field(default_factory=list)


def build(extract_id: int, now: datetime) -> None:
    """Build one approved extract from start to end. Twice is harmless: whoever comes second finds nothing to do."""
    prisons = _taken(extract_id, now)
    if prisons is None:
        return
    with scoped(DatabaseRole.NATIONAL):
        extract = Extract.objects.select_related("asked_by", "decided_by").get(pk=extract_id)
    key, found = secrets.token_bytes(32), Gathered()
    for number, prison in enumerate(prisons, start=1):
        with scoped(DatabaseRole.NATIONAL):
            _gather(found, prison, extract, key)
        with scoped(DatabaseRole.NATIONAL):
            Extract.objects.filter(pk=extract_id).update(prisons_read=number)
    try:
        safe = made_safe(found.rows)
    except NotSafe as error:
        with scoped(DatabaseRole.NATIONAL):
            find_unsafe(by=Actor.system(), now=now, extract=extract, reason=str(error))
        return
    people = {reason: len(who) for reason, who in found.left_out.items()}
    left_out = left_out_counts({**people, LADDER_REASON: safe.left_out})
    content = zipped(_about(extract, prisons, now), safe, cost_rows(found.costs, safe.steps), left_out)
    with scoped(DatabaseRole.NATIONAL):
        keep_extract(by=Actor.system(), now=now, extract=extract, content=content, safe=safe, left_out=left_out)


def _taken(extract_id: int, now: datetime) -> list[Prison] | None:
    """The prisons to read, if this worker is the one that builds; None when another one does or nothing waits."""
    with scoped(DatabaseRole.NATIONAL):
        waiting = Extract.objects.filter(pk=extract_id, state=Extract.State.APPROVED).filter(
            Q(taken_at__isnull=True) | Q(taken_at__lt=now - TAKEN_FOR)
        )
        codes = waiting.values_list("prisons", flat=True).first()
        if codes is None:
            return None
        chosen = Prison.objects.filter(switched_on=True, in_scope=True)
        prisons = list((chosen.filter(code__in=codes) if codes else chosen).order_by("code"))
        mine = waiting.update(taken_at=now, prisons_read=0, prisons_all=len(prisons))
    return prisons if mine else None


def _gather(found: Gathered, prison: Prison, extract: Extract, key: bytes) -> None:
    """Spells, answers and costs of one prison."""
    spells = spells_of(prison.code, extract.first_day, extract.last_day)
    for spell in spells:
        if spell["left_out"]:
            found.left_out.setdefault(spell["left_out"], set()).add(spell["person"])
    kept = [spell for spell in spells if not spell["left_out"]]
    said = answers_of(prison.code, [spell["plan"] for spell in kept], ASKED, extract.last_day)
    found.rows += [row_of(spell, said.get(spell["plan"], []), key=key, last=extract.last_day) for spell in kept]
    found.costs += [_cost(prison, quarter) for quarter in quarters_of(extract.first_day, extract.last_day)]


def _cost(prison: Prison, quarter: Quarter) -> PrisonQuarter:
    returned = newest_returns(prison, [quarter.code]).get(quarter.code)
    people, minutes = helped_in(prison.code, quarter.first, quarter.last)
    parts = inputs_of(prison, quarter, returned).parts()
    whole = total(parts, other_parts(prison, quarter))
    return PrisonQuarter(prison.code, prison.kind, quarter.code, people, minutes, returned is not None, whole)


def quarters_of(first: date, last: date) -> list[Quarter]:
    """The quarters from one day to another."""
    quarter, found = quarter_of(first), []
    while quarter.first <= last:
        found.append(quarter)
        quarter = quarter.next()
    return found


def _about(extract: Extract, prisons: list[Prison], now: datetime) -> About:
    assert extract.decided_by is not None
    today = london_today(now)
    names = sorted(prison.name for prison in prisons)
    return About(
        reference=extract.reference,
        recipient=extract.recipient,
        purpose=extract.purpose,
        ethics_reference=extract.ethics_reference,
        agreement=extract.agreement,
        period=extract.quarters,
        prisons=f"all {len(prisons)} that use the service" if not extract.prisons else ", ".join(names),
        asked_by=extract.asked_by.name,
        approved_by=extract.decided_by.name,
        made_on=today,
        expires_on=today + LASTS,
    )
