"""Questions of the steps that set a scheme up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any, ClassVar

from buddyscheme.accounts.models import User, Wing
from buddyscheme.lib.fields import Choice, ChoiceField, ClockField, MinutesField, MultipleChoiceField, WordsField
from buddyscheme.lib.forms import GovukForm
from schemes.models import Session, TaskKind

Times = dict[str, tuple[time, time]]
# Offered where nothing is recorded yet: close to what many prisons do, and meant to be changed.
USUAL_WEEK: Times = {
    "AM": (time(8, 30), time(11, 45)),
    "PM": (time(13, 45), time(16, 45)),
    "EV": (time(17, 15), time(18, 15)),
}
USUAL_WEEKEND: Times = {"AM": (time(9, 0), time(11, 30)), "PM": (time(13, 45), time(16, 15))}


class StartForm(GovukForm):
    """No question: the button starts the set-up."""

    submit_label = "Start setting up"


class WingsForm(GovukForm):
    """Which wings."""

    versioned = True
    heading_in_first_field = True

    wings = MultipleChoiceField(
        label="Which wings does the scheme serve?", missing="Select at least one wing that the scheme serves"
    )

    def __init__(self, *args: Any, wings: Iterable[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wings"].offer([(wing.token, wing.name) for wing in wings])  # type: ignore[attr-defined]


class CoverForm(GovukForm):
    """Who stands in."""

    versioned = True

    deputy = ChoiceField(
        label="Deputy lead",
        hint="Stands in for the lead. An administrator gives people this role.",
        missing="Select the deputy lead, or that there is none yet",
    )
    leave_cover = WordsField(
        label="Who covers when both are away?",
        hint="A name or a post that everybody knows, for example the residential governor.",
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, deputies: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [Choice(value=user.token, text=user.name) for user in deputies]
        nobody = Choice(value="none", text="There is no deputy yet", divider_before="or" if people else "")
        self.fields["deputy"].offer([*people, nobody])  # type: ignore[attr-defined]


class AppealRouteForm(GovukForm):
    """How a refused applicant appeals. Empty answers leave the usual words."""

    versioned = True

    route = WordsField(label="How to appeal", max_length=1200, lines=6, required=False)
    route_cy = WordsField(label="How to appeal, in Welsh", max_length=1200, lines=6, required=False)


class TasksForm(GovukForm):
    """Which tasks of the catalogue."""

    versioned = True

    tasks = MultipleChoiceField(
        label="What may buddies do here?",
        hint="Take the tick away from a task that buddies do not do at this prison.",
        missing="Select at least one task",
    )

    def __init__(self, *args: Any, tasks: Iterable[TaskKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [Choice(value=task.code, text=task.name, hint=task.condition) for task in tasks]
        self.fields["tasks"].offer(choices)  # type: ignore[attr-defined]


class FallsForm(GovukForm):
    """Who comes when somebody has fallen."""

    versioned = True

    day_who = WordsField(
        label="Who answers a fall by day?",
        hint="For example, the wing officer, then healthcare.",
        max_length=120,
        missing="Enter who answers a fall by day",
    )
    day_minutes = MinutesField(
        label="Within how many minutes, by day?", most=240, missing="Enter within how many minutes, by day"
    )
    night_who = WordsField(
        label="Who answers a fall by night?",
        hint="Think of who can unlock the door at night.",
        max_length=120,
        missing="Enter who answers a fall by night",
    )
    night_minutes = MinutesField(
        label="Within how many minutes, by night?", most=240, missing="Enter within how many minutes, by night"
    )


class TimesForm(GovukForm):
    """Unlock and lock-up of each session, for one or several groups of days.

    `patterns` is (prefix, heading, weekdays). A session without unlock has both times empty.
    """

    versioned = True
    patterns: ClassVar[tuple[tuple[str, str, tuple[int, ...]], ...]] = ()

    def __init__(self, *args: Any, patterns: Iterable[tuple[str, str, tuple[int, ...]]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = tuple(patterns) or self.patterns
        for prefix, _, _ in self.groups:
            for session, label in Session.choices:
                for end, words in (("unlock", "unlock"), ("lock", "lock-up")):
                    self.fields[f"{prefix}_{session}_{end}"] = ClockField(
                        label=f"{label}: {words}", hint="", required=False, mark_optional=False
                    )

    @property
    def laid_out(self) -> list[dict[str, Any]]:
        """Groups with their sessions, each a pair of fields, for the template."""
        return [
            {
                "heading": heading,
                "sessions": [
                    (self[f"{prefix}_{session}_unlock"], self[f"{prefix}_{session}_lock"]) for session in Session.values
                ],
            }
            for prefix, heading, _ in self.groups
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for prefix, heading, _ in self.groups:
            for session, name in Session.choices:
                label = f"{heading}, {name.lower()}"
                unlock, lock = f"{prefix}_{session}_unlock", f"{prefix}_{session}_lock"
                if unlock in self.errors or lock in self.errors:
                    continue
                if cleaned.get(unlock) and not cleaned.get(lock):
                    self.add_error(lock, f"{label}: enter the time of lock-up")
                elif cleaned.get(lock) and not cleaned.get(unlock):
                    self.add_error(unlock, f"{label}: enter the time of unlock")
                elif cleaned.get(unlock) and cleaned[lock] <= cleaned[unlock]:
                    self.add_error(lock, f"{label}: lock-up must be later than unlock")
        return cleaned

    @property
    def times(self) -> list[tuple[int, str, time, time]]:
        """Rows of weekday, session, unlock, lock, as the action takes them."""
        return [
            (weekday, session, self.cleaned_data[f"{prefix}_{session}_unlock"], lock)
            for prefix, _, weekdays in self.groups
            for weekday in weekdays
            for session in Session.values
            if (lock := self.cleaned_data[f"{prefix}_{session}_lock"])
        ]


class RegimeForm(TimesForm):
    """A whole week in two patterns."""

    patterns = (
        ("week", "Monday to Friday", (0, 1, 2, 3, 4)),
        ("weekend", "Saturday and Sunday", (5, 6)),
    )


def initial_times(prefix: str, times: Times) -> dict[str, time]:
    """First values of one group of a `TimesForm`."""
    initial = {}
    for session, (unlock, lock) in times.items():
        initial[f"{prefix}_{session}_unlock"] = unlock
        initial[f"{prefix}_{session}_lock"] = lock
    return initial


class OpenForm(GovukForm):
    """No question: the button opens the scheme."""

    versioned = True
    submit_label = "Open the scheme"
