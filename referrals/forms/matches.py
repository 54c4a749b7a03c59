"""Questions about a match."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.lib.fields import ChoiceField, ChoiceLike, WordsField, YesNoField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import Match
from referrals.rules.matches import END_REASONS


class ProposeForm(GovukForm):
    """No question for the first suggestion: the checks stand above the button. For anybody else, why."""

    submit_label = "Propose this buddy"

    # Whether it is needed is known when the buddies have been ranked, under the locks of the proposal.
    why = WordsField(label="Why this buddy?", max_length=200, required=False, mark_optional=False)

    def for_choice(self, first: str) -> None:
        """Ask why, where `first` is suggested before this buddy; else ask nothing."""
        if first:
            label = f"{first} is suggested first. Why do you choose this buddy?"
            # The field on the page was made before, where it has an error.
            self.fields["why"].label = self["why"].label = label
        elif "why" not in self.errors:
            del self.fields["why"]


class AskedForForm(GovukForm):
    """Whom the person asks for by name."""

    submit_label = "Save"
    heading_in_first_field = True

    buddy = ChoiceField(
        label="Which buddy does the person ask for?",
        hint="Ask in private. A wish is one reason among others: every check is still made, and the buddy may say no.",
        select=True,
        nothing_chosen="Nobody by name",
        required=False,
        mark_optional=False,
    )

    def __init__(self, *args: Any, buddies: Iterable[ChoiceLike], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["buddy"].offer(buddies)


class AgreementForm(GovukForm):
    """What both said, each asked alone."""

    submit_label = "Save both answers"

    person_agrees = YesNoField(label="Does the person want this buddy?", missing="Select what the person said")
    buddy_agrees = YesNoField(label="Does the buddy want to help this person?", missing="Select what the buddy said")


class ShownForm(GovukForm):
    """For somebody who cannot decide: asked in private as far as possible. Nothing is ticked as their agreement."""

    submit_label = "Save both answers"

    person_showed = WordsField(
        label="What did the person show or say about this buddy?",
        hint="Ask in private, as far as that is possible. For example, “Smiled and took the cup.”",
        max_length=300,
        lines=3,
        missing="Enter what the person showed or said",
    )
    objects = YesNoField(
        label="Did the person show that they do not want this buddy?",
        missing="Select whether the person showed that they do not want this buddy",
    )
    buddy_agrees = YesNoField(label="Does the buddy want to help this person?", missing="Select what the buddy said")


class PauseMatchForm(GovukForm):
    """Why the match stops for now."""

    submit_label = "Pause the match"

    reason = WordsField(label="Why is the match paused?", max_length=200, missing="Enter why the match is paused")


class EndMatchForm(GovukForm):
    """Why the match ends; kept in the history of the plan."""

    submit_label = "End the match"
    warning = True

    reason = ChoiceField(
        label="Why does the match end?",
        choices=[(reason, reason) for reason in END_REASONS],
        missing="Select why the match ends",
    )


class MatchFilter(FilterForm):
    """Which matches to list."""

    status = ChoiceField(label="Status", select=True, choices=Match.Status.choices)
