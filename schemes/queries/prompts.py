"""Screening prompts as they stand at a prison: the national list with the prison's own words, and its own prompts."""

from __future__ import annotations

from dataclasses import dataclass

from buddyscheme.accounts.models import Prison
from schemes.models import PrisonPrompt, ScreeningPrompt


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One prompt as a prison has it. `key` stands in its address: the national code, or the token of its own."""

    key: str
    words: str
    alert_codes: tuple[str, ...]
    meaning: str
    departments: tuple[str, ...]
    active: bool
    source: str
    national: ScreeningPrompt | None
    own: PrisonPrompt | None

    @property
    def version(self) -> int:
        """Of the prison's row; nought where it has none."""
        return self.own.version if self.own is not None else 0

    @property
    def changed(self) -> bool:
        """Whether the prison's words stand in place of the national ones."""
        return self.national is not None and self.own is not None and not self.own.dropped


def prompts_at(prison: Prison) -> list[Prompt]:
    """Every prompt, also those switched off: national ones in their order, then the prison's own. Two queries."""
    rows: list[PrisonPrompt] = list(PrisonPrompt.objects.for_prison(prison).order_by("id"))
    changed = {row.national_id: row for row in rows if row.national_id}
    listed = ScreeningPrompt.objects.filter(active=True).order_by("position", "code")
    national = [_prompt(prompt, changed.get(prompt.code)) for prompt in listed]
    return national + [_prompt(None, row) for row in rows if row.national_id is None]


def prompts_for(prison: Prison, department: str) -> list[Prompt]:
    """What this department is shown beside its decision."""
    return [prompt for prompt in prompts_at(prison) if prompt.active and department in prompt.departments]


def _prompt(national: ScreeningPrompt | None, own: PrisonPrompt | None) -> Prompt:
    counts = own if own is not None and not own.dropped else national
    assert counts is not None  # a prompt without a national one is the prison's own, which is never dropped
    return Prompt(
        key=national.code if national is not None else own.token if own is not None else "",
        words=counts.words,
        alert_codes=tuple(counts.alert_codes),
        meaning=counts.meaning,
        departments=tuple(counts.departments),
        active=counts.active,
        source=national.source if national is not None else "Added here",
        national=national,
        own=own,
    )
