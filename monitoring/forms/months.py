"""Choosing a month, and closing one."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.dates import Month
from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm, GovukForm


class MonthForm(FilterForm):
    """A GET form with one list."""

    month = ChoiceField(label="Month", select=True, required=False)

    def __init__(self, *args: Any, offered: list[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].offer([(month.code, str(month)) for month in offered])


class CloseMonthForm(GovukForm):
    """No questions: closing a month types nothing."""

    submit_label = "Close the month"
