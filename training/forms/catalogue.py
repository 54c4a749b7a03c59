"""Modules of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.lib.fields import (
    Choice,
    HoursField,
    MultipleChoiceField,
    NumberField,
    WordsField,
    YesNoField,
)
from buddyscheme.lib.forms import GovukForm
from schemes.models import TaskKind
from training.actions.catalogue import ModuleWords
from training.models import Module
from training.rules.catalogue import MOST_MONTHS


class ModuleForm(GovukForm):
    """A new module."""

    title = WordsField(label="Title", max_length=120)
    title_cy = WordsField(
        label="Title in Welsh", hint="Stands on certificates in Welsh", max_length=160, required=False
    )
    hours = HoursField(label="How long does it take?", required=False)
    mandatory = YesNoField(
        label="Does every buddy need it?",
        yes_hint="Nobody starts in the role without it, and whoever has not passed it gets no new match.",
        no_hint="Only for tasks that ask for it.",
    )
    practical = YesNoField(
        label="Is there a practical part?",
        yes_hint="The module is passed when knowledge and practical part are.",
        no_hint="Knowledge only.",
    )
    refresh_months = NumberField(
        label="Lapses after", hint="Leave empty if it does not lapse", unit="months", most=MOST_MONTHS, required=False
    )
    source = WordsField(
        label="Where it comes from", hint="Whose course it is, or why it is taught", max_length=120,
        missing="Enter where it comes from",
    )  # fmt: skip

    @property
    def words(self) -> ModuleWords:
        """The answers as the action takes them."""
        return ModuleWords(**{name: self.cleaned_data[name] for name in WORDS})


WORDS = ("title", "title_cy", "hours", "mandatory", "practical", "refresh_months", "source")


class ModuleChangeForm(ModuleForm):
    """A module that is there already."""

    versioned = True

    in_use = YesNoField(
        label="Is it still in use?",
        yes_hint="It is taught and asked for.",
        no_hint="Nobody needs it from now on. Results that are recorded stay.",
    )


def words_of(module: Module) -> dict[str, Any]:
    """First values of a form about a module."""
    values = {name: getattr(module, name) for name in WORDS}
    return {**values, "in_use": not module.withdrawn, "version": module.version}


class ModuleTasksForm(GovukForm):
    """Which tasks need the module at this prison."""

    tasks = MultipleChoiceField(label="Tasks that need it here", required=False, mark_optional=False)

    def __init__(self, *args: Any, offered: Iterable[TaskKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tasks"].offer(Choice(value=task.code, text=task.name) for task in offered)
