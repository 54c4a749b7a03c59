"""Which to list of what people said about their help, and that somebody looked at one."""

from __future__ import annotations

from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import OwnWish

WAITING = "waiting"


class WishFilter(FilterForm):
    """Which to show."""

    show = ChoiceField(label="Show", select=True, choices=[(WAITING, "To look at")])
    kind = ChoiceField(label="What", select=True, choices=OwnWish.Kind.choices)


class LookedForm(GovukForm):
    """No question: a button."""

    submit_label = "I have looked at this"
