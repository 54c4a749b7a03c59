"""A prison's own words for the screening prompts, by its administrator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.queries.departments import departments_offered
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.errors import NotAllowed
from schemes.models import PrisonPrompt
from schemes.queries.prompts import Prompt, prompts_at
from schemes.rules import prompts as rules


@transaction.atomic
def change_prompt(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    key: str,
    words: str,
    alert_codes: Sequence[str],
    meaning: str,
    departments: Sequence[str],
    active: bool,
    version: int,
) -> PrisonPrompt:
    """Reword a prompt for this prison, or switch it off or on. The national one stays as it is for others."""
    prompt = _held(prison, key)
    rules.check_version(prompt.version, version)
    rules.check_prompt(words, alert_codes=alert_codes, departments=departments, offered=departments_offered(prison))
    others = [one.words for one in prompts_at(prison) if one.key != key]
    rules.check_new(words, held=others)
    row = prompt.own or PrisonPrompt(prison=prison, national=prompt.national, version=0)
    row.words, row.alert_codes, row.meaning = words.strip(), list(alert_codes), meaning.strip()
    row.departments, row.active, row.dropped = list(departments), active, False
    return _kept(row, by, now, "changed")


@transaction.atomic
def add_prompt(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    words: str,
    alert_codes: Sequence[str],
    meaning: str,
    departments: Sequence[str],
) -> PrisonPrompt:
    """A prompt that only this prison has."""
    Prison.objects.select_for_update().get(pk=prison.pk)
    rules.check_prompt(words, alert_codes=alert_codes, departments=departments, offered=departments_offered(prison))
    rules.check_new(words, held=[one.words for one in prompts_at(prison)])
    row = PrisonPrompt(
        prison=prison,
        words=words.strip(),
        alert_codes=list(alert_codes),
        meaning=meaning.strip(),
        departments=list(departments),
        version=0,
    )
    return _kept(row, by, now, "added")


@transaction.atomic
def drop_prompt_change(*, by: Actor, now: datetime, prison: Prison, key: str, version: int) -> PrisonPrompt:
    """Go back to the national words of a prompt."""
    prompt = _held(prison, key)
    rules.check_version(prompt.version, version)
    if not prompt.changed or prompt.own is None:
        raise NotAllowed("This prompt has the national words already.")
    prompt.own.dropped = True
    return _kept(prompt.own, by, now, "back to the national words")


def _held(prison: Prison, key: str) -> Prompt:
    # One administrator at a time: a first change makes a row, so there is none to lock yet.
    Prison.objects.select_for_update().get(pk=prison.pk)
    found = next((prompt for prompt in prompts_at(prison) if prompt.key == key), None)
    if found is None:
        raise NotAllowed("This prompt is not there any more. Open the list again.")
    return found


def _kept(row: PrisonPrompt, by: Actor, now: datetime, how: str) -> PrisonPrompt:
    assert by.user is not None  # administrators have accounts
    row.changed_at, row.changed_by = now, by.user
    row.version += 1
    row.save()
    record(
        Event.PROMPT_CHANGED,
        by=by,
        prison=row.prison_id,
        subject=row,
        prompt=row.national_id or row.token,
        how=how,
        active=row.active,
    )
    return row
