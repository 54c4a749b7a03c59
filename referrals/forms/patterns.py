"""Questions about patterns: what was decided, and with which numbers a rule looks."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, NumberField, WordsField, YesNoField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import PatternHit, PatternRule
from referrals.rules.patterns import COUNTED

Decision = PatternHit.Decision


class DecidePatternForm(GovukForm):
    """What a person found, having looked."""

    submit_label = "Save the decision"

    decision = ChoiceField(
        label="What did you decide?",
        choices=[
            Choice(
                value=Decision.DISMISSED.value,
                text=str(Decision.DISMISSED.label),
                hint="These rows stay quiet. New ones may be shown again.",
            ),
            Choice(
                value=Decision.ACTED.value,
                text=str(Decision.ACTED.label),
                hint="For example, you talked with both people, or you raised a concern.",
            ),
        ],
        missing="Select what you decided",
    )
    words = WordsField(
        label="What did you find?", max_length=500, lines=4, missing="Enter what you found, and what you decided",
        hint="Write what happened. Do not write what somebody is said to be like.",
    )  # fmt: skip


class PatternFilter(FilterForm):
    """Which patterns to show."""

    decision = ChoiceField(label="Decision", select=True, choices=Decision.choices)
    rule = ChoiceField(label="Rule", select=True, choices=PatternRule.Code.choices)


class RuleForm(GovukForm):
    """The numbers of one rule."""

    submit_label = "Save the rule"
    versioned = True

    least = NumberField(label="From how many on does it count?", least=1, most=1000)
    within = NumberField(label="Within how many?", least=1, most=365)
    active = YesNoField(label="Is the rule switched on?")
    reason = WordsField(label="Why does it change?", max_length=200, missing="Enter why the rule changes")

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, unit in zip(("least", "within"), COUNTED[code], strict=True):
            if unit:
                self.fields[name].suffix = unit
            else:
                del self.fields[name]
