"""Choosing a period or two, and closing a month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm, GovukForm


class PeriodForm(FilterForm):
    """A GET form with one list: which month or quarter."""

    period = ChoiceField(label="Period", select=True, required=False, nothing_chosen=None)

    def __init__(self, *args: Any, offered: Sequence[Month | Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].offer([(each.code, str(each)) for each in offered])


class MonthForm(FilterForm):
    """The same for pages that know months alone."""

    month = ChoiceField(label="Month", select=True, required=False, nothing_chosen=None)

    def __init__(self, *args: Any, offered: Sequence[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].offer([(month.code, str(month)) for month in offered])


class ComparedForm(FilterForm):
    """Two lists: the period of the page, and the one that it is held against."""

    period = ChoiceField(label="Period", select=True, required=False, nothing_chosen=None)
    beside = ChoiceField(label="Compare with", select=True, required=False)

    def __init__(
        self, *args: Any, offered: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].offer(offered)
        self.fields["beside"].offer(others)
        self.fields["beside"].nothing_chosen = "Nothing"


class CloseMonthForm(GovukForm):
    """No questions: closing a month types nothing."""

    submit_label = "Close the month"
