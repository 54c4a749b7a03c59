"""Questions about a match."""

from __future__ import annotations

from buddyscheme.lib.fields import ChoiceField, WordsField, YesNoField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import Match
from referrals.rules.matches import END_REASONS


class ProposeForm(GovukForm):
    """No question: the checks stand above the button."""

    submit_label = "Propose this buddy"


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


class ResumeMatchForm(GovukForm):
    """No question."""

    submit_label = "Resume the match"


class MakeFirstForm(GovukForm):
    """No question."""

    submit_label = "Make this buddy the first"


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
