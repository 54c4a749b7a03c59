"""Questions about what differs from the plan's week, and about who comes instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from buddyscheme.lib.fields import (
    Choice,
    ChoiceField,
    DayField,
    MultipleChoiceField,
    TickField,
    WordsField,
    day_in_words,
)
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import PlanTask
from referrals.queries.schedule import Offer
from referrals.rules.schedule import Slot
from schemes.models import Buddy, Session

LEFT_OUT = "LEFT_OUT"


class ExceptForm(GovukForm):
    """Which tasks, when, and what happens instead."""

    submit_label = "Save"

    tasks = MultipleChoiceField(label="Which tasks?", missing="Select at least one task")
    first_on = DayField(label="Day, or the first day")
    last_on = DayField(label="Last day", hint="Leave empty for a single day.", required=False, mark_optional=False)
    session = ChoiceField(
        label="What happens instead?",
        choices=[
            Choice(value=LEFT_OUT, text="It is left out"),
            *(Choice(value=code, text=f"It is done in the {name.lower()}") for code, name in Session.choices),
        ],
        missing="Select what happens instead",
    )
    to_day = DayField(
        label="On another day", hint="Only if a single day is moved.", required=False, mark_optional=False
    )
    reason = WordsField(label="Why?", hint="For example, a visit from the family.", max_length=120, missing="Enter why")

    def __init__(self, *args: Any, tasks: Iterable[tuple[PlanTask, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tasks"].offer(  # type: ignore[attr-defined]
            [Choice(value=task.token, text=task.task.name, hint=when) for task, when in tasks]
        )


class CoverForm(GovukForm):
    """Which visits, who comes, and that both agree."""

    submit_label = "Save who comes"

    slots = MultipleChoiceField(label="Which visits?", missing="Select at least one visit")
    buddy = ChoiceField(label="Who comes?", missing="Select who comes")
    agreed = TickField(
        label="Both people were asked in private and agree", missing="Ask both people first, then tick that they agree"
    )

    def __init__(self, *args: Any, slots: Sequence[Slot], offers: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slots"].offer([(slot_code(slot), slot_words(slot)) for slot in slots])  # type: ignore[attr-defined]
        self.fields["buddy"].offer(  # type: ignore[attr-defined]
            [Choice(value=one.buddy.token, text=one.buddy.person.full_name, hint=_hint(one)) for one in offers]
        )


def _hint(offer: Offer) -> str:
    return ", ".join(part for part in ("Already a buddy of this plan" if offer.own else "", offer.place) if part)


def slot_code(slot: Slot) -> str:
    """As the form carries it."""
    return f"{slot[0].isoformat()}-{slot[1]}"


def slot_words(slot: Slot) -> str:
    """As people say it."""
    return f"{slot[0]:%A} {day_in_words(slot[0])}, {Session(slot[1]).label.lower()}"


class WeekFilter(FilterForm):
    """Whose week."""

    wing = ChoiceField(label="Wing", select=True)
    buddy = ChoiceField(label="Buddy", select=True)
    since = DayField(label="First day")

    def __init__(self, *args: Any, wings: Iterable[tuple[str, str]], buddies: Iterable[Buddy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer(list(wings))  # type: ignore[attr-defined]
        self.fields["buddy"].offer([(row.token, row.person.list_name) for row in buddies])  # type: ignore[attr-defined]


def first_day(answers: dict[str, Any], today: date, latest: date) -> date:
    """The day with which the week begins: today or later, and not too far off."""
    since = answers.get("since")
    return min(max(since, today), latest) if isinstance(since, date) else today
