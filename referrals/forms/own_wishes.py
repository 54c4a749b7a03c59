"""Which to list of what people said about their help."""

from __future__ import annotations

from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm
from referrals.models import OwnWish

WAITING = "waiting"


class WishFilter(FilterForm):
    """Which to show."""

    show = ChoiceField(label="Show", select=True, choices=[(WAITING, "To look at")])
    kind = ChoiceField(label="What", select=True, choices=OwnWish.Kind.choices)
