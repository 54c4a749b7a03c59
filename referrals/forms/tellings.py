"""Questions about telling somebody what came of a referral."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.lib.fields import ChoiceField, DayField, TickField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import ReferralTelling
from referrals.rules.tellings import HOW_TOLD

WAITING, TOLD = "waiting", "told"


class TellForm(GovukForm):
    """How and when they were told; of family, whether the person agreed to more."""

    submit_label = "Record that they were told"

    how = ChoiceField(label="How were they told?", missing="Select how they were told")
    told_on = DayField(label="Date on which they were told", missing="Enter the date on which they were told")
    person_agrees = TickField(label="The person agreed that they are told the outcome", required=False)

    def __init__(self, *args: Any, audience: str, earliest: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(ReferralTelling.How.choices)
        self.fields["how"].offer([(how, labels[how]) for how in HOW_TOLD[audience]])
        self.fields["told_on"].earliest, self.fields["told_on"].latest = earliest, today
        self.fields["told_on"].initial = today
        if audience != ReferralTelling.Audience.FAMILY:
            del self.fields["person_agrees"]


class TellingFilter(FilterForm):
    """Whom to show."""

    show = ChoiceField(label="Show", select=True, choices=[(WAITING, "To be told"), (TOLD, "Told")])
    audience = ChoiceField(label="Who", select=True, choices=ReferralTelling.Audience.choices)
