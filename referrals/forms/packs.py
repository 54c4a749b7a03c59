"""Questions about a buddy's record between prisons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField
from buddyscheme.lib.forms import FilterForm, GovukForm

RECEIVED, SENT, WAITING, LATE = "received", "sent", "waiting", "late"
SHOWN = {
    WAITING: "Received, to acknowledge",
    RECEIVED: "All received",
    SENT: "Sent to other prisons",
    LATE: "Sent, not acknowledged in time",
}
ACCEPT, RETAKE, LATER = "ACCEPT", "RETAKE", "LATER"


class PackFilter(FilterForm):
    """Which records."""

    show = ChoiceField(label="Records", select=True, choices=list(SHOWN.items()))


class SendPackForm(GovukForm):
    """To which prison."""

    submit_label = "Send the record"

    to_prison = ChoiceField(
        label="Which prison has the person moved to?", select=True, nothing_chosen="Select the prison"
    )

    def __init__(self, *args: Any, prisons: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_prison"].offer(prisons)


class DecidePackForm(GovukForm):
    """For each module: accept it, have it taken again, or decide another day."""

    submit_label = "Save the decisions"

    def __init__(self, *args: Any, modules: Sequence[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for module in modules:
            self.fields[module["code"]] = ChoiceField(
                label=module["title"],
                hint=module["hint"],
                choices=[
                    Choice(value=ACCEPT, text="Accept"),
                    Choice(value=RETAKE, text="To be taken again"),
                    Choice(value=LATER, text="Decide later"),
                ],
                initial=LATER,
                inline=True,
            )
        self.codes = [module["code"] for module in modules]

    @property
    def accept(self) -> dict[str, bool]:
        """Decisions by module; those for later are left out."""
        given = {code: self.cleaned_data.get(code) for code in self.codes}
        return {code: answer == ACCEPT for code, answer in given.items() if answer in (ACCEPT, RETAKE)}
