"""Rates, settings, bands, periods, amounts and explanations of pay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from buddyscheme.lib.fields import ChoiceField, DayField, FileField, MoneyField, WordsField, YesNoField
from buddyscheme.lib.forms import FilterForm, GovukForm
from buddyscheme.lib.money import pounds
from monitoring.models import PayExplanation, PayLine, PayPeriod, PaySetting
from monitoring.pay_words import sessions, span
from monitoring.rules.pay import BANDS

BAND_CHOICES = [(str(band), f"Band {band}") for band in range(1, BANDS + 1)]
OPEN, EXPLAINED, ALL = "open", "explained", "all"
SHOWN = {OPEN: "To explain", EXPLAINED: "Explained", ALL: "All differences"}
DIFFERS = [(state.value, state.label) for state in PayLine.State if state in PayLine.DIFFERS]


class RateForm(GovukForm):
    """A new rate of one band."""

    submit_label = "Start this rate"

    band = ChoiceField(label="Band", select=True, choices=BAND_CHOICES, missing="Select the band")
    name = WordsField(
        label="What the prison calls this band", hint="For example, Enhanced worker", max_length=40,
        missing="Enter what the prison calls this band",
    )  # fmt: skip
    session_pence = MoneyField(
        label="Amount for a session", hint="A session is a morning, an afternoon or an evening with at least one visit",
        required=False, mark_optional=False,
    )  # fmt: skip
    week_pence = MoneyField(
        label="Amount for a week", hint="For a week with at least one session. Leave empty if there is none.",
        required=False, mark_optional=False,
    )  # fmt: skip
    valid_from = DayField(label="First day of this rate")


class SettingForm(GovukForm):
    """How pay is counted, and the yearly review."""

    versioned = True

    weeks = ChoiceField(
        label="How long is a pay period?", choices=PaySetting.Weeks.choices, missing="Select how long a pay period is"
    )
    classes_count = YesNoField(
        label="Does a class count as a session?",
        hint="Classes that were planned and marked here, for whoever was there. A half day counts once.",
    )
    reviewed_on = DayField(label="Day of the last review of the rates", required=False)


class BandsForm(GovukForm):
    """The band of each buddy without a post. Whoever is left empty keeps what was said."""

    submit_label = "Save the bands"

    def __init__(self, *args: Any, buddies: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buddies = {f"band-{buddy.token}": buddy for buddy in buddies}
        for name, buddy in self.buddies.items():
            self.fields[name] = ChoiceField(
                label=buddy.person.list_name,
                hint=f"{buddy.person.prison_number}. {buddy.get_status_display()}",
                select=True,
                choices=BAND_CHOICES,
                required=False,
                mark_optional=False,
                nothing_chosen="No band yet",
                initial=str(buddy.said_band or ""),
            )

    @property
    def bands(self) -> dict[Any, int | None]:
        """Band by buddy."""
        return {buddy: int(self.cleaned_data[name] or 0) or None for name, buddy in self.buddies.items()}


class PeriodForm(GovukForm):
    """The Monday on which a period begins."""

    submit_label = "Work out this period"

    first_day = DayField(label="First day of the period", hint="A Monday")


class AmountsForm(GovukForm):
    """What the pay system recorded: one amount for each person of the period."""

    submit_label = "Save the amounts"
    versioned = True

    def __init__(self, *args: Any, lines: Iterable[PayLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {f"amount-{line.token}": line for line in lines}
        for name, line in self.lines.items():
            person = line.buddy.person
            self.fields[name] = MoneyField(
                label=f"{person.list_name}, {person.prison_number}",
                hint=_expected(line),
                required=False,
                mark_optional=False,
                initial=line.recorded_pence,
            )

    @property
    def amounts(self) -> dict[int, int | None]:
        """Pence by line."""
        return {line.pk: self.cleaned_data[name] for name, line in self.lines.items()}


def _expected(line: PayLine) -> str:
    worked = sessions(line.sessions)
    if line.expected_pence is None:
        return f"{worked}. The band or its rate is missing"
    return f"{worked}. Expected: {pounds(line.expected_pence)}"


class PayFileForm(GovukForm):
    """A file with a row for each person."""

    submit_label = "Check the file"

    file = FileField(label="File of the pay system", endings=(".csv",), most_megabytes=1)


class ExplainForm(GovukForm):
    """Why the amounts differ."""

    submit_label = "Save the explanation"
    versioned = True

    reason = ChoiceField(
        label="Why do the amounts differ?", choices=PayExplanation.Reason.choices, missing="Select why they differ"
    )
    words = WordsField(label="In words", max_length=300, lines=3, required=False)


class PeriodFilter(FilterForm):
    """The lines of one period by how they stand."""

    state = ChoiceField(label="How the amounts stand", select=True, choices=PayLine.State.choices)


class DifferenceFilter(FilterForm):
    """Which differences: to explain unless something else is chosen."""

    show = ChoiceField(label="Differences", select=True, nothing_chosen=None, choices=list(SHOWN.items()))
    state = ChoiceField(label="How the amounts stand", select=True, choices=DIFFERS)
    period = ChoiceField(label="Period", select=True)

    def __init__(self, *args: Any, periods: Iterable[PayPeriod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].offer([(period.token, span(period.first_day, period.last_day)) for period in periods])


class MonthFilter(FilterForm):
    """Marks of one month."""

    month = ChoiceField(label="Month", select=True)

    def __init__(self, *args: Any, months: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].offer(months)
