"""A form's questions for paper, read from the form itself, so that paper and screen cannot drift apart."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.forms import BoundField

from buddyscheme.lib.controls import label_text
from buddyscheme.lib.fields import Choice, DayWidget, PrisonNumberField, WordsField


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: a tick for each answer, or room to write (`parts` are the boxes of a date or a number)."""

    name: str
    text: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    many: bool = False
    lines: int = 1
    parts: tuple[str, ...] = ()

    @property
    def ruled(self) -> range:
        """As many lines to write on as the screen's box is high, and one more: a pen needs room."""
        return range(self.lines + 1 if self.lines > 1 else 1)


def questions_of(*asked: forms.BaseForm) -> list[Question]:
    """Every question of the pages, in their order; what is hidden on the screen is not asked on paper."""
    return [_question(field) for form in asked for field in form if not field.is_hidden]


def _question(field: BoundField) -> Question:
    inner = field.field
    offered = tuple(choice for choice in getattr(inner, "offered", ()) if choice.value)
    parts: tuple[str, ...] = ()
    if isinstance(inner.widget, DayWidget):
        parts = ("Day", "Month", "Year")
    elif isinstance(inner, PrisonNumberField):
        parts = ("",) * 7
    return Question(
        name=field.name,
        text=label_text(field),
        hint=str(field.help_text or ""),
        choices=offered,
        many=isinstance(inner, forms.MultipleChoiceField),
        lines=inner.lines if isinstance(inner, WordsField) else 1,
        parts=parts,
    )
