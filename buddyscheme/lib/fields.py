"""Form fields that know the design system: each cleans one answer, or says in a sentence what to do.

A field describes itself (hint, choices with hints, width); `controls.py` turns that into a component.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from buddyscheme.lib.money import MOST, pence_of, pounds_typed

PRISON_NUMBER = re.compile(r"[A-Z]\d{4}[A-Z]{2}", re.ASCII)
PRISON_NUMBER_SHAPE = "Enter a prison number as one letter, four digits and two letters, like A1234BC"

# Invisible characters that turn the direction of text round, so that what is read is not what is stored.
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
INVISIBLE = "Remove hidden characters: type the text again, or paste it without its formatting"

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

Day = date | Callable[[], date]


def lower_first(words: str) -> str:
    """A label inside a sentence: "Date of visit" becomes "date of visit"; "NHS number" stays."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def asked_for(label: str) -> str:
    """A label as the object of "Enter" or "Select": the wing; an answer to “How soon?”; your name."""
    if label.endswith("?"):
        return f"an answer to “{label}”"
    first = label.split(" ", 1)[0].lower()
    return lower_first(label) if first in {"a", "an", "the", "your", "what", "who"} else f"the {lower_first(label)}"


def day_in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def prison_number_of(typed: str) -> str:
    """A prison number as it is kept, from what somebody typed: upper-cased, spaces taken out."""
    return "".join(plain_text(typed).split()).upper()


def plain_text(typed: str) -> str:
    """One form of every letter, one kind of line end."""
    return unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))


def refuse_hidden_characters(text: str, *, lines: bool) -> None:
    allowed = "\n\t" if lines else ""
    for character in text:
        if character in BIDI or (unicodedata.category(character) in {"Cc", "Cs"} and character not in allowed):
            raise ValidationError(INVISIBLE, code="hidden_characters")


class SentenceMixin:
    """What every field here can be told beside Django's own arguments.

    `hint` is `help_text` under the name the design system gives it; `missing` is the sentence shown when the
    answer is empty ("Enter the wing"). A field that may stay empty says "(optional)" after its label, unless
    `mark_optional` is off because another answer can make it needed.
    """

    label: Any
    error_messages: dict[str, Any]
    verb = "Enter"

    def __init__(
        self, *args: Any, hint: str = "", missing: str = "", mark_optional: bool = True, **kwargs: Any
    ) -> None:
        kwargs.setdefault("help_text", hint)
        super().__init__(*args, **kwargs)
        self.missing = missing
        self.mark_optional = mark_optional
        if missing:
            self.error_messages["required"] = missing

    def name_yourself(self, label: str) -> None:
        """Called by the form once the label is known, so that the default sentence can use it."""
        if not self.missing:
            self.error_messages["required"] = f"{self.verb} {asked_for(label)}"


class WordsField(SentenceMixin, forms.CharField):
    """Text, one line or several, of at most `max_length` characters.

    Characters are counted as people see them typed (line ends count one); several lines show a count.
    """

    def __init__(
        self, *, max_length: int, lines: int = 1, width: str = "", autocomplete: str = "", **kwargs: Any
    ) -> None:
        self.limit = max_length
        self.lines = lines
        self.width = width
        self.autocomplete = autocomplete
        kwargs.setdefault("widget", forms.Textarea if lines > 1 else forms.TextInput)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = plain_text(str(value)) if value not in self.empty_values else ""
        return text.strip()

    def validate(self, value: str) -> None:
        super().validate(value)
        refuse_hidden_characters(value, lines=self.lines > 1)
        if len(value) > self.limit:
            over = len(value) - self.limit
            raise ValidationError(
                f"Shorten the text by {over} character{'' if over == 1 else 's'}: there is room for {self.limit}",
                code="max_length",
            )


class PrisonNumberField(SentenceMixin, forms.CharField):
    """A prison number, trimmed and upper-cased, spaces inside taken out."""

    width = "10"
    autocomplete = "off"
    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Prison number")
        kwargs.setdefault("hint", "For example, A1234BC")
        kwargs.setdefault("missing", PRISON_NUMBER_SHAPE)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return prison_number_of(str(value or ""))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not PRISON_NUMBER.fullmatch(value):
            raise ValidationError(PRISON_NUMBER_SHAPE, code="shape")


class MinutesField(SentenceMixin, forms.Field):
    """A whole number of minutes."""

    width = "3"
    suffix = "minutes"
    inputmode = "numeric"
    widget = forms.TextInput

    def __init__(self, *, least: int = 1, most: int = 600, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        typed = plain_text(str(value)).strip() if value not in self.empty_values else ""
        if not typed:
            return None
        if not re.fullmatch(r"-?\d{1,6}", typed, re.ASCII) or not self.least <= int(typed) <= self.most:
            raise ValidationError(f"Enter whole minutes from {self.least} to {self.most}, like 15", code="minutes")
        return int(typed)


class NumberField(MinutesField):
    """A whole number, with the unit it counts where there is one."""

    def __init__(self, *, unit: str = "", width: str = "4", **kwargs: Any) -> None:
        self.suffix = unit
        self.width = width
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(f"Enter a whole number from {self.least} to {self.most}", code="number") from None


class HoursField(SentenceMixin, forms.Field):
    """Hours with at most one decimal place: 2 or 1.5."""

    width = "4"
    suffix = "hours"
    inputmode = "decimal"
    widget = forms.TextInput

    def __init__(self, *, figures: int = 3, **kwargs: Any) -> None:
        self.shape = re.compile(rf"\d{{1,{figures}}}(\.\d)?", re.ASCII)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        typed = plain_text(str(value)).strip() if value not in self.empty_values else ""
        if not typed:
            return None
        if typed.startswith(("-", "−")):
            raise ValidationError("Hours cannot be below nought. Enter them like 2 or 1.5", code="hours")
        if not self.shape.fullmatch(typed):
            raise ValidationError("Enter hours as a number with at most one decimal place, like 2 or 1.5", code="hours")
        return Decimal(typed)


class MoneyField(SentenceMixin, forms.Field):
    """An amount typed in pounds, kept in whole pence."""

    width = "5"
    prefix = "£"
    inputmode = "decimal"
    widget = forms.TextInput

    def __init__(self, *, most: int = MOST, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        typed = plain_text(str(value)).strip() if value not in self.empty_values else ""
        if not typed:
            return None
        try:
            return pence_of(typed, most=self.most)
        except ValueError as error:
            raise ValidationError(str(error), code="money") from None

    def prepare_value(self, value: Any) -> Any:
        return pounds_typed(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class ClockField(SentenceMixin, forms.Field):
    """A time on the 24-hour clock: 09:30, 9:30, 09.30, 930 and 0930 are all half past nine."""

    width = "5"
    inputmode = ""
    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("hint", "Use the 24-hour clock, for example 09:30 or 17:15")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, time):
            return value
        typed = plain_text(str(value)).strip() if value not in self.empty_values else ""
        if not typed:
            return None
        match = re.fullmatch(r"(\d{1,2})\s*[:.]\s*(\d{2})(?:[:.]\d{2})?|(\d{1,2})(\d{2})", typed, re.ASCII)
        if match:
            hour, minute = int(match[1] or match[3]), int(match[2] or match[4])
            if hour < 24 and minute < 60:
                return time(hour, minute)
        raise ValidationError("Enter a time on the 24-hour clock, like 09:30 or 17:15", code="clock")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class DayWidget(forms.Widget):
    """Three boxes. Also reads one value under its own name, as an address or a test writes it: 2026-11-23."""

    parts = ("day", "month", "year")

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if not any(f"{name}-{part}" in data for part in self.parts):
            return data.get(name)
        return tuple(str(data.get(f"{name}-{part}") or "").strip() for part in self.parts)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}-{part}" in data for part in self.parts)

    def id_for_label(self, id_: str, index: str | int | None = None) -> str:
        return f"{id_}-day" if id_ else id_

    def split(self, value: Any) -> tuple[str, str, str]:
        """What to print in the three boxes for a date, typed parts or an ISO string."""
        if isinstance(value, date):
            return str(value.day), str(value.month), str(value.year)
        if isinstance(value, tuple):
            day, month, year = value
            return day, month, year
        match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", str(value or "").strip(), re.ASCII)
        return (str(int(match[3])), str(int(match[2])), match[1]) if match else ("", "", "")


class DayError(ValidationError):
    """A refusal that knows which of the three boxes is at fault."""

    def __init__(self, sentence: str, *parts: str) -> None:
        super().__init__(sentence, code="day")
        self.parts = parts or DayWidget.parts


class DayField(SentenceMixin, forms.Field):
    """A date in three parts. `earliest` and `latest` are dates, or functions that give one when the form is read."""

    widget = DayWidget
    error_parts: tuple[str, ...] = ()

    def __init__(self, *, earliest: Day | None = None, latest: Day | None = None, **kwargs: Any) -> None:
        self.earliest, self.latest = earliest, latest
        kwargs.setdefault("hint", "For example, 27 3 2026")
        super().__init__(**kwargs)

    @property
    def subject(self) -> str:
        label = str(self.label or "Date")
        return "The date" if label.endswith("?") else label

    def clean(self, value: Any) -> date | None:
        self.error_parts = ()
        try:
            cleaned: date | None = super().clean(value)
            return cleaned
        except DayError as error:
            self.error_parts = error.parts
            raise
        except ValidationError:
            self.error_parts = DayWidget.parts
            raise

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or (isinstance(value, tuple) and not any(value)):
            return None
        if isinstance(value, date):
            return value
        if not isinstance(value, tuple):
            value = DayWidget().split(value)
            if not any(value):
                raise DayError(f"{self.subject} must be a date with a day, a month and a year, like 27 3 2026")
        return self._from_parts(*value)

    def _from_parts(self, day: str, month: str, year: str) -> date:
        missing = [part for part, typed in zip(DayWidget.parts, (day, month, year), strict=True) if not typed]
        if missing:
            raise DayError(f"{self.subject} must include a {' and a '.join(missing)}", *missing)
        number = MONTHS.get(month.lower().rstrip("."), month)
        if not re.fullmatch(r"\d{4}", year, re.ASCII):
            raise DayError(f"{self.subject} must have a year of four digits, like 2026", "year")
        try:
            return date(int(year), int(number), int(day))
        except ValueError:
            raise DayError(f"{self.subject} must be a real date: check the day and the month", "day", "month") from None

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and value < earliest:
            raise DayError(f"{self.subject} must be on or after {day_in_words(earliest)}")
        if latest and value > latest:
            raise DayError(f"{self.subject} must be on or before {day_in_words(latest)}")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer to choose, with what it means."""

    value: str
    text: str
    hint: str = ""
    divider_before: str = ""  # "or", before a last choice that stands apart
    exclusive: bool = False  # in checkboxes: ticking it unticks the others


ChoiceLike = Choice | tuple[Any, Any] | tuple[Any, Any, str]


def as_choices(choices: Iterable[ChoiceLike]) -> list[Choice]:
    """Choices from `Choice`, (value, text), (value, text, hint), or a TextChoices class's `.choices`."""
    return [
        choice
        if isinstance(choice, Choice)
        else Choice(value=str(choice[0]), text=str(choice[1]), hint=str(choice[2]) if len(choice) > 2 else "")
        for choice in choices
    ]


class HintedChoices(SentenceMixin):
    """Holds choices with hints, and tells Django the plain pairs."""

    verb = "Select"
    choices: Any

    def __init__(self, *, choices: Iterable[ChoiceLike] = (), inline: bool = False, **kwargs: Any) -> None:
        self.inline = inline
        self.offered: list[Choice] = []
        super().__init__(**kwargs)
        self.offer(choices)

    def offer(self, choices: Iterable[ChoiceLike]) -> None:
        """Set the choices, also on a form that is already made (`form.fields["wing"].offer(...)`)."""
        self.offered = as_choices(choices)
        self.choices = [(choice.value, choice.text) for choice in self.offered]


class ChoiceField(HintedChoices, forms.ChoiceField):
    """One of several: radios, or a list to pick from with `select=True` (for more than about seven).

    `nothing_chosen` is the first line of the list before anything is picked; None leaves the line out, so that the
    first choice is the answer unless changed (right for the order of a list, wrong for a question).
    """

    def __init__(self, *, select: bool = False, nothing_chosen: str | None = "Select an answer", **kwargs: Any) -> None:
        self.nothing_chosen = nothing_chosen
        kwargs.setdefault("widget", forms.Select if select else forms.RadioSelect)
        super().__init__(**kwargs)
        self.error_messages["invalid_choice"] = "Select one of the answers on the page"


class MultipleChoiceField(HintedChoices, forms.MultipleChoiceField):
    """Any of several: checkboxes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("hint", "Select all that apply")
        super().__init__(**kwargs)
        self.error_messages["invalid_choice"] = "Select only from the answers on the page"


class YesNoField(HintedChoices, forms.TypedChoiceField):
    """Yes or no, never guessed: nothing is chosen until somebody chooses. Cleans to True, False or None."""

    widget = forms.RadioSelect

    def __init__(
        self, *, yes_hint: str = "", no_hint: str = "", yes: str = "Yes", no: str = "No", **kwargs: Any
    ) -> None:
        kwargs.setdefault("inline", not (yes_hint or no_hint))
        super().__init__(
            choices=[Choice(value="yes", text=yes, hint=yes_hint), Choice(value="no", text=no, hint=no_hint)],
            coerce=lambda answer: answer == "yes",
            empty_value=None,
            **kwargs,
        )
        self.error_messages["invalid_choice"] = "Select yes or no"

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def name_yourself(self, label: str) -> None:
        if not self.missing:
            self.error_messages["required"] = f"Select yes or no for “{label}”"


class TickField(SentenceMixin, forms.BooleanField):
    """One checkbox that stands alone: a statement to agree to."""

    widget = forms.CheckboxInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("mark_optional", False)
        super().__init__(**kwargs)

    def name_yourself(self, label: str) -> None:
        if not self.missing:
            self.error_messages["required"] = f"Tick the box “{label}”"


class FileField(SentenceMixin, forms.FileField):
    """A file of at most `most_megabytes`, by its name's ending."""

    verb = "Choose"
    widget = forms.FileInput

    def __init__(self, *, endings: Sequence[str] = (), most_megabytes: int = 10, **kwargs: Any) -> None:
        self.endings = tuple(ending.lower() for ending in endings)
        self.most_megabytes = most_megabytes
        super().__init__(**kwargs)
        self.error_messages["empty"] = "The file is empty. Choose another file"
        self.error_messages["invalid"] = "Choose the file again"

    def to_python(self, data: Any) -> Any:
        file = super().to_python(data)
        if file is None:
            return None
        if self.endings and not (file.name or "").lower().endswith(self.endings):
            raise ValidationError(f"Choose a file that ends in {' or '.join(self.endings)}", code="ending")
        if file.size > self.most_megabytes * 1_000_000:
            raise ValidationError(f"Choose a file smaller than {self.most_megabytes} MB", code="size")
        return file
