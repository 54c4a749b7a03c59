"""Questions about the departments that sign clearance."""

from __future__ import annotations

from buddyscheme.accounts.departments import LONGEST_NAME
from buddyscheme.lib.fields import DayField, NumberField, WordsField
from buddyscheme.lib.forms import GovukForm


class AddDepartmentForm(GovukForm):
    """A department beside the four."""

    versioned = True
    submit_label = "Add the department"

    name = WordsField(
        label="Name of the department",
        hint="For example, chaplaincy, education or probation.",
        max_length=LONGEST_NAME,
        width="20",
        missing="Enter the name of the department",
    )
    needed_from = DayField(
        label="From which day does its answer count?",
        hint="Until then nobody’s visits stop because it has not answered yet.",
        missing="Enter the day from which its answer counts",
    )


class EndDepartmentForm(GovukForm):
    """No question."""

    versioned = True
    warning = True
    submit_label = "Take it out"


class ClearanceMonthsForm(GovukForm):
    """How long a clearance runs."""

    versioned = True

    months = NumberField(
        label="For how many months does a clearance usually run here?",
        hint="Offered when a department signs. Each department may give another date.",
        least=1,
        most=60,
        unit="months",
        missing="Enter for how many months a clearance usually runs",
    )
