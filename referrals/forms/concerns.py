"""Questions about concerns. Staff raise one with at most four answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from buddyscheme.accounts.models import User
from buddyscheme.lib.fields import Choice, ChoiceField, DayField, PrisonNumberField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.forms.standing_down import CoverForm
from referrals.models import Concern, HandOn

KINDS = [
    Choice(value=Concern.Kind.WORRY, text="A worry about somebody"),
    Choice(
        value=Concern.Kind.ASKED_TO_OVERSTEP,
        text="A buddy was asked to do personal care or another prohibited task",
    ),
    Choice(value=Concern.Kind.DID_OVERSTEP, text="A buddy did personal care or another prohibited task"),
    Choice(value=Concern.Kind.SAW_OVERSTEP, text="Somebody saw a buddy do personal care or another prohibited task"),
    Choice(value=Concern.Kind.EXPLOIT_RECIPIENT, text="The person who is helped is exploited or put under pressure"),
    Choice(value=Concern.Kind.EXPLOIT_BUDDY, text="A buddy is exploited or put under pressure"),
    Choice(value=Concern.Kind.BULLYING, text="Bullying"),
    Choice(value=Concern.Kind.GIFT_OR_DEBT, text="A gift or a debt", hint="In either direction"),
    Choice(value=Concern.Kind.FALL, text="A fall"),
    Choice(value=Concern.Kind.ASSAULT, text="An assault", hint="On anybody: follow your local process first"),
    Choice(
        value=Concern.Kind.SELF_HARM, text="Risk of self-harm",
        hint="Follow the ACCT process first. Staff see at once on their screens that there is a risk",
    ),
    Choice(
        value=Concern.Kind.STAFF_OBSTRUCTION, text="Staff stand in the way of help",
        hint="A door not unlocked, a buddy sent away, a referral not passed on",
    ),
    Choice(value=Concern.Kind.OTHER, text="Something else"),
]  # fmt: skip


class ConcernForm(GovukForm):
    """What, about whom, in words, and when. `about` says how the second is asked: number, staff, or known already."""

    submit_label = "Send"

    kind = ChoiceField(label="What is it about?", choices=KINDS, missing="Select what it is about")
    prison_number = PrisonNumberField(
        label="Prison number of the person it is about", hint="Leave it out if you do not know", required=False
    )
    staff = ChoiceField(label="Member of staff it is about", select=True, missing="Select the member of staff")
    words = WordsField(
        label="What happened?", max_length=2000, lines=5, missing="Enter what happened",
        hint="What you saw or heard yourself, and who else was there",
    )  # fmt: skip
    happened_on = DayField(label="Which day did it happen?", missing="Enter the day on which it happened")

    def __init__(self, *args: Any, about: str, today: date, staff: Iterable[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].latest = today  # type: ignore[attr-defined]
        self.fields["happened_on"].initial = today
        if about != "number":
            del self.fields["prison_number"]
        if about == "staff":
            self.fields["staff"].offer([(user.token, user.name) for user in staff])  # type: ignore[attr-defined]
        else:
            del self.fields["staff"]


class ActionForm(GovukForm):
    """What was done."""

    submit_label = "Save what was done"
    versioned = True

    words = WordsField(label="What was done?", max_length=2000, lines=4, missing="Enter what was done")


class GradeForm(GovukForm):
    """How grave it is, and whose it is."""

    submit_label = "Save"
    versioned = True

    severity = ChoiceField(
        label="How grave is it?",
        choices=[
            Choice(value=Concern.Severity.LOW, text="Low"),
            Choice(value=Concern.Severity.MEDIUM, text="Medium"),
            Choice(value=Concern.Severity.HIGH, text="High", hint="Somebody must then act today"),
        ],
        missing="Select how grave it is",
    )
    owner = ChoiceField(label="Who deals with it?", missing="Select who deals with it")

    def __init__(self, *args: Any, readers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer([(user.token, user.name) for user in readers])


class HandOnForm(GovukForm):
    """To whom, under which reference, and when to ask again."""

    submit_label = "Save as handed on"

    to = ChoiceField(
        label="Whom did you tell?",
        choices=[
            Choice(value=HandOn.To.SAFER_CUSTODY, text="Safer custody"),
            Choice(value=HandOn.To.INCIDENT, text="Incident reporting"),
            Choice(
                value=HandOn.To.COUNCIL, text="The council", hint="It advises. The prison leads on safeguarding here"
            ),
            Choice(value=HandOn.To.POLICE, text="The police"),
        ],
        missing="Select whom you told",
    )
    their_reference = WordsField(
        label="Their reference", hint="Leave it out if you do not have it yet", max_length=40, required=False
    )
    chase_on = DayField(label="When do you ask them again?", missing="Enter the day on which you ask them again")


class ChaseForm(GovukForm):
    """They were asked again."""

    submit_label = "Save that you asked again"
    versioned = True

    their_reference = WordsField(
        label="Their reference", hint="If they gave you one now", max_length=40, required=False
    )
    chase_on = DayField(label="When do you ask them next?", missing="Enter the day on which you ask them next")


class HandOnAnswerForm(GovukForm):
    """They answered."""

    submit_label = "Save what came of it"
    versioned = True

    outcome = WordsField(label="What came of it?", max_length=1000, lines=4, missing="Enter what came of it")


class WhoForm(GovukForm):
    """One member of staff. The label says what for."""

    user = ChoiceField(label="Member of staff", select=True, missing="Select the member of staff")

    def __init__(self, *args: Any, label: str, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].label = label
        self.fields["user"].offer([(user.token, user.name) for user in people])


class DeputyForm(GovukForm):
    """Who stands in for whom."""

    submit_label = "Save who stands in"

    user = ChoiceField(label="Who receives concerns?", select=True, missing="Select who receives concerns")
    deputy = ChoiceField(
        label="Who stands in while they are away?", select=True, missing="Select who stands in while they are away"
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(user.token, user.name) for user in people]
        self.fields["user"].offer(offered)
        self.fields["deputy"].offer(offered)


class LeaveDaysForm(GovukForm):
    """When somebody is away."""

    submit_label = "Save these days"

    user = ChoiceField(label="Who is away?", select=True, missing="Select who is away")
    first_on = DayField(label="First day away", missing="Enter the first day away")
    last_on = DayField(label="Last day away", missing="Enter the last day away")

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].offer([(user.token, user.name) for user in people])


class PairForm(GovukForm):
    """Which pair it is about."""

    submit_label = "Continue"

    match = ChoiceField(label="Which pair is it about?", missing="Select the pair")

    def __init__(self, *args: Any, pairs: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["match"].offer(pairs)


class StepInForm(CoverForm):
    """Stopped at once: what the buddy is told, and who helps each person meanwhile."""

    submit_label = "Pause, suspend and save who covers"
    versioned = True

    reason = WordsField(
        label="What is the buddy told?",
        hint="In plain words. Do not say who raised the concern or what it says",
        max_length=300, lines=3, missing="Enter what the buddy is told",
    )  # fmt: skip
    told_how = WordsField(
        label="How was the buddy told?", hint="For example, in person by the wing manager", max_length=200,
        missing="Enter how the buddy was told",
    )  # fmt: skip
    appeal_route = WordsField(
        label="How can the buddy appeal?", hint="To whom, and until when", max_length=200,
        missing="Enter how the buddy can appeal",
    )  # fmt: skip


class NoteAnswerForm(GovukForm):
    """Somebody talked with the writer of a note."""

    submit_label = "Save the answer"
    versioned = True

    talked_on = DayField(label="Which day did you talk with the person?", missing="Enter the day on which you talked")
    words = WordsField(
        label="What was said, and what happens next?", max_length=1000, lines=4, missing="Enter what was said",
        hint="Talk away from the terminal and from other people. Nothing of this is shown at the terminal.",
    )  # fmt: skip


class NoteFilter(FilterForm):
    """Which notes to show."""

    state = ChoiceField(label="State", select=True, choices=[("open", "To be answered"), ("answered", "Answered")])


TELL, CHASE = "tell", "chase"


class ConcernFilter(FilterForm):
    """Which concerns to show."""

    due = ChoiceField(
        label="What is due", select=True,
        choices=[(TELL, "Writer to be told"), (CHASE, "Handed on, to be asked about again")],
    )  # fmt: skip

    status = ChoiceField(label="Status", select=True, choices=Concern.Status.choices)
    kind = ChoiceField(label="Kind", select=True, choices=Concern.Kind.choices)
