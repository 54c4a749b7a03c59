"""Questions about moving on: the care record to the next prison, and the handover at a release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import Handover

RECEIVED, SENT, WAITING, LATE, TO_SEND = "received", "sent", "waiting", "late", "to-send"
SHOWN = {
    WAITING: "Received, to accept",
    RECEIVED: "All received",
    TO_SEND: "People who moved, nothing sent",
    LATE: "Sent, not accepted in time",
    SENT: "All sent",
}
DUE, RELEASED, UNANSWERED, MADE = "due", "released", "unanswered", "made"
HANDOVERS_SHOWN = {
    DUE: "Released within 12 weeks, no handover yet",
    RELEASED: "Released with open needs, no handover",
    UNANSWERED: "Made, nobody has confirmed",
    MADE: "All made",
}
YES, NO = "YES", "NO"


class CareRecordFilter(FilterForm):
    """Which records."""

    show = ChoiceField(label="Care records", select=True, choices=list(SHOWN.items()))


class SendCareRecordForm(GovukForm):
    """Two questions."""

    submit_label = "Send the care record"

    to_prison = ChoiceField(label="Which prison do they move to?", select=True, nothing_chosen="Select the prison")
    first_day = ChoiceField(
        label="Do they need help on the first day?",
        choices=[(YES, "Yes"), (NO, "No")],
        inline=True,
        missing="Select whether they need help on the first day",
    )

    def __init__(self, *args: Any, prisons: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_prison"].offer(prisons)


class AcceptForm(GovukForm):
    """No question: this prison takes the care on."""

    submit_label = "Accept the care record"


class PaperCameForm(GovukForm):
    """Who said that the paper has come."""

    submit_label = "Record that they have it"

    words = WordsField(
        label="Who told you that the record has come?",
        hint="Name and role, and how, for example: Pat Jones, healthcare, by phone.",
        max_length=120,
        missing="Enter who told you that the record has come",
    )


class HandoverFilter(FilterForm):
    """Which people and handovers."""

    show = ChoiceField(label="Handovers", select=True, choices=list(HANDOVERS_SHOWN.items()))


class HandoverForm(GovukForm):
    """Three questions."""

    submit_label = "Make the handover"

    council = WordsField(
        label="Which council answers where they will live?",
        hint="For example, Leeds City Council. It is not always the council of this prison.",
        max_length=120,
        missing="Enter the council for the area where the person will live",
    )
    probation = WordsField(
        label="Which probation office has them?",
        hint="Write “None” if there is none.",
        max_length=120,
        missing="Enter the probation office, or that there is none",
    )
    agrees = ChoiceField(
        label="Do they agree that the whole plan goes to both?",
        hint="Ask in private. They may say no, and need not say why.",
        choices=[
            Choice(value=Handover.Agrees.YES, text="Yes"),
            Choice(
                value=Handover.Agrees.NO,
                text="No",
                hint="Only what others must know goes: safety words and personal care that is needed and not given.",
            ),
            Choice(
                value=Handover.Agrees.CANNOT,
                text="They cannot decide this for themselves",
                hint="The whole plan goes if their best-interests decision says so. If not, the same as for “No”.",
            ),
        ],
        missing="Select whether the person agrees",
    )


class ReceivedForm(GovukForm):
    """When, and who said so."""

    submit_label = "Record that they have it"

    received_on = DayField(label="When did they confirm it?")
    words = WordsField(
        label="Who confirmed it?",
        hint="Name and office, for example: Sam Hill, Leeds City Council.",
        max_length=120,
        missing="Enter who received it",
    )
