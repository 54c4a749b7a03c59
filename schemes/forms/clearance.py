"""Three questions about one clearance, answered by its department or copied from its paper."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm

REFUSED = "REFUSED"
ANSWERS = [Choice(value="CLEARED", text="Cleared"), Choice(value=REFUSED, text="Not cleared")]
RUNS_OUT = "Needed when the person is cleared. For example, 27 3 2027"
# How long a paper may clear somebody, in months, beside what is usual at the prison.
SPANS = (3, 6, 12, 24)


class SignForm(GovukForm):
    """A department signs today, in its own name."""

    submit_label = "Sign"

    decision = ChoiceField(label="Is this person cleared to be a buddy?", choices=ANSWERS)
    expires_on = DayField(label="Runs out on", hint=RUNS_OUT, required=False, mark_optional=False)
    note = WordsField(
        label="Note for your own department",
        hint="Nobody outside your department sees it.",
        max_length=1000,
        lines=3,
        required=False,
    )


class PaperForm(GovukForm):
    """The lead copies what a department without an account has decided. Clearance runs from the date on it."""

    submit_label = "Enter the decision"

    decision = ChoiceField(label="What does it say?")
    decided_on = DayField(label="Date on the e-mail or paper")
    written_by = WordsField(
        label="Who wrote it?",
        hint="For an e-mail, the address that it came from. For paper, the name and post of who signed it.",
        max_length=120,
        missing="Enter who wrote the e-mail or paper",
    )

    def __init__(self, *args: Any, months: int = 12, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spans = [months, *(span for span in SPANS if span != months)]
        usual = "From the date on it, as usual here. If it names an earlier day, choose a shorter time."
        cleared = [
            Choice(
                value=str(span),
                text=f"Cleared for {span} month{'' if span == 1 else 's'}",
                hint=usual if span == months else "",
            )
            for span in spans
        ]
        self.fields["decision"].offer([*cleared, Choice(value=REFUSED, text="Not cleared", divider_before="or")])


class RenewalFilter(FilterForm):
    """Clearances to renew, by department and by what is due."""

    department = ChoiceField(label="Department", select=True)
    state = ChoiceField(label="State", select=True)

    def __init__(self, *args: Any, departments: list[tuple[str, str]], states: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["department"].offer(departments)
        self.fields["state"].offer(states)
