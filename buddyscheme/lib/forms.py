"""The base of every form: questions and shape only. Forms never save."""

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict

from buddyscheme.lib import controls
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import ChoiceField, DayWidget, day_in_words

OUT_OF_DATE = "This page is out of date. Open it again from the list, then make your change"


class FormKeyInput(forms.HiddenInput):
    """Keeps the key that came with the post; makes one where there is none."""

    def format_value(self, value: Any) -> str:
        return str(value) if value else controls.new_form_key()


class GovukForm(forms.Form):
    """A form shown by `{% crispy form %}` in the look of the design system.

    Class attributes for the page's author: `submit_label`; `cancel_url` (or set it on the form) for a link beside
    the button; `heading_in_first_field` when the page asks one thing and its label is the page's h1;
    `versioned` on edit forms, with `initial={"version": thing.version}`; `warning` for a red button.
    """

    submit_label: str = "Save"
    heading_in_first_field: ClassVar[bool] = False
    versioned: ClassVar[bool] = False
    warning: bool = False
    mark_optional: ClassVar[bool] = True
    offers_people: ClassVar[bool] = True
    cancel_url: str = ""
    # Ours have more than Django's own: `offer()` for choices set late.
    fields: dict[str, Any]
    # Read from the post by name, whatever the form's prefix: the key belongs to the submission, not to the questions.
    unprefixed: ClassVar[frozenset[str]] = frozenset({"form_key"})

    form_key = forms.CharField(required=False, widget=FormKeyInput, initial=controls.new_form_key)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        if self.versioned:
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
            )
        for name, field in self.fields.items():
            if field.label is None:
                field.label = name.replace("_", " ").capitalize()
            if hasattr(field, "name_yourself"):
                field.name_yourself(str(field.label))

    def add_prefix(self, field_name: str) -> str:
        return field_name if field_name in self.unprefixed else super().add_prefix(field_name)

    def full_clean(self) -> None:
        """Django's own, and the key taken out: the submission reads it from the post, it is no answer."""
        super().full_clean()
        if self.is_bound:
            self.cleaned_data.pop("form_key", None)

    @property
    def heading_field(self) -> str | None:
        """The field whose label or legend is the page's h1, if any."""
        if not self.heading_in_first_field:
            return None
        return next((field.name for field in self if not field.is_hidden), None)

    @property
    def error_summary(self) -> list[dict[str, Any]]:
        """Every error as `{"text", "href"}`; each link reaches an input of this form."""
        return controls.error_list(self)

    @property
    def submit_id(self) -> str:
        return controls.submit_id(self)

    def count_inputs(self) -> int:
        """How many questions a person has to answer here; the ceiling on paperwork is tested with it."""
        return controls.visible_inputs(self)

    def refuse(self, sentence: str | NotAllowed, field: str | None = None) -> None:
        """Show why an action said no, at a field where there is one, with everything typed kept."""
        if isinstance(sentence, NotAllowed):
            field = field or sentence.field
        if field not in self.fields:
            field = None
        _ = self.errors  # An error can only be added once the form has been read.
        self.add_error(field, str(sentence))

    def stale(self, sentence: str | NotAllowed, *, version: int) -> None:
        """Somebody else saved first: say so, keep what was typed, and let the next save follow the new version."""
        self.refuse(sentence)
        data = self.data.copy() if isinstance(self.data, QueryDict) else dict(self.data)
        data[self.add_prefix("version")] = str(version)
        self.data = data

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {"novalidate": True}
        helper.submit_label = self.submit_label
        helper.submit_id = self.submit_id
        helper.cancel_url = self.cancel_url
        helper.submit_classes = "govuk-button--warning" if self.warning else ""
        return helper


class ConfirmForm(GovukForm):
    """No question: the button is the answer. `label` is what it says; `warning` makes it red."""

    def __init__(self, *args: Any, label: str, warning: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submit_label = label
        self.warning = warning


class FilterForm(GovukForm):
    """The filter of a list: read from the address, sent by GET, never refuses the page.

    `answers` holds what was understood; a value that makes no sense is left out and its message shown.
    """

    submit_label = "Apply filters"
    mark_optional = False
    # Wings, months and statuses are all that a filter offers, so `controls.py` may remember how it looks.
    offers_people: ClassVar[bool] = False
    unprefixed = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["form_key"]
        for field in self.fields.values():
            field.required = False
            if isinstance(field, ChoiceField) and field.nothing_chosen:
                field.nothing_chosen = "Any"

    @property
    def answers(self) -> dict[str, Any]:
        """Cleaned answers by field name, without the empty ones."""
        if not self.is_bound:
            return {}
        _ = self.errors
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], ())}

    def query(self, *, without: str = "", value: str | None = None) -> str:
        """The chosen filters as an address's query; `without` leaves one out (or one `value` of it)."""
        pairs = []
        for name in self.answers:
            for one in self._as_sent(name):
                if name == without and value in (None, one[1]):
                    continue
                pairs.append(one)
        return urlencode(pairs)

    @property
    def cleared(self) -> str:
        """The address without filters. What says which list this is, or in which order, stays."""
        return "?" + urlencode([
            one for name in self.answers if getattr(self.fields[name], "nothing_chosen", "") is None
            for one in self._as_sent(name)
        ])  # fmt: skip

    @property
    def chosen(self) -> list[dict[str, Any]]:
        """Chosen filters for the tags: heading, and for each value its words and the query that removes it."""
        categories = []
        for name in self.answers:
            if getattr(self.fields[name], "nothing_chosen", "") is None:
                continue  # The order of the list: it hides nothing, so it is no filter.
            items = [
                {"text": self._in_words(name, sent), "query": self.query(without=name, value=sent)}
                for _, sent in self._as_sent(name)
            ]
            if isinstance(self.fields[name].widget, DayWidget):
                items = [{"text": day_in_words(self.answers[name]), "query": self.query(without=name)}]
            categories.append({"heading": str(self.fields[name].label), "items": items})
        return categories

    def _as_sent(self, name: str) -> list[tuple[str, str]]:
        value = self[name].data
        key = self.add_prefix(name)
        if isinstance(self.fields[name].widget, DayWidget):
            return [(key, self.answers[name].isoformat())]
        return [(key, str(one)) for one in (value if isinstance(value, list | tuple) else [value])]

    def _in_words(self, name: str, sent: str) -> str:
        words: Mapping[str, str] = {choice.value: choice.text for choice in getattr(self.fields[name], "offered", [])}
        return words.get(sent, sent)
