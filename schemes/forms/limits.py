"""After how many days an answer is late."""

from __future__ import annotations

from buddyscheme.lib.fields import NumberField
from buddyscheme.lib.forms import GovukForm
from schemes.models.scheme import MOST_LIMIT


def _days(label: str, hint: str = "") -> NumberField:
    return NumberField(
        label=label, hint=hint, least=1, most=MOST_LIMIT, unit="days", missing=f"{label}: enter a number of days"
    )


class LimitsForm(GovukForm):
    """Four steps of the council, three of healthcare."""

    versioned = True

    council_ack_days = _days("Council: answers that the request has come")
    council_visit_days = _days("Council: sees the person")
    council_decide_days = _days("Council: decides")
    council_plan_days = _days("Council: sends its plan", "Counted from the decision. The others are from the request.")
    health_ack_days = _days("Healthcare: answers that the request has come")
    health_visit_days = _days("Healthcare: sees the person")
    health_decide_days = _days("Healthcare: decides")
