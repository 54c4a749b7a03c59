"""No form of a measured task asks more than its ceiling. The burden meter shows what the tasks take in real use.

`referrals/burden.py` names the tasks and their ceilings; each has its counter here, from the forms themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django import forms

from buddyscheme.lib.forms import GovukForm
from monitoring.forms.costs import CostsForm
from monitoring.forms.hand_returns import HandReturnForm
from monitoring.forms.months import CloseMonthForm
from monitoring.forms.outcomes import OutcomeForm
from monitoring.outcomes import INSTRUMENTS
from referrals.burden import TASK_OF, TASKS
from referrals.forms.concerns import ConcernForm
from referrals.forms.equipment import EquipmentForm
from referrals.forms.falls import FallForm
from referrals.forms.informal_help import HelpForm
from referrals.forms.interim import InterimForm
from referrals.forms.matches import AgreementForm, ProposeForm
from referrals.forms.moving import AcceptForm, SendCareRecordForm
from referrals.forms.plans import PlanForm, ReviewForm, TaskForm, WishesForm
from referrals.forms.reception import ReceptionForm
from referrals.forms.referrals import NumberForm, ReferForm, ScreenForm, SendForm
from referrals.models import PlanGoal
from referrals.rules.interim import MOST_TASKS
from schemes.forms.buddies import ApplyForm
from schemes.forms.clearance import PaperForm, SignForm
from schemes.forms.interviews import ScoreForm
from schemes.forms.people import PlaceForm
from schemes.rules.interviews import DEFAULT_CRITERIA
from tests.meta.world import urls
from training.forms.briefings import BriefingForm
from training.forms.supervision import MissedForm, OneToOneForm
from training.models import SupervisionAction

TODAY = date(2026, 11, 23)


def needed(form: GovukForm) -> int:
    """Questions that cannot be left out."""
    return sum(1 for field in form if not field.is_hidden and field.field.required)


def refer() -> int:
    return NumberForm().count_inputs() + ReferForm().count_inputs() + SendForm().count_inputs()


def screen() -> int:
    return ScreenForm(council="Testshire Council").count_inputs()


def match() -> int:
    return ProposeForm().count_inputs() + AgreementForm().count_inputs()


def concern() -> int:
    return max(ConcernForm(about=about, today=TODAY).count_inputs() for about in ("number", "staff", "known"))


def clearance() -> int:
    return max(SignForm().count_inputs(), PaperForm().count_inputs())


def scores() -> int:
    """One member of staff scores five criteria: the day, a score each, and why."""
    return ScoreForm(criteria=DEFAULT_CRITERIA).count_inputs()


def supervision() -> int:
    """With what is still open from the last one, which is asked only then."""
    still_open = SupervisionAction(token="one", words="Ask for gloves", due_on=TODAY)
    return max(OneToOneForm(open_actions=[still_open]).count_inputs(), MissedForm().count_inputs())


def application() -> int:
    """With the person's cell, which is asked where the application finds none."""
    return ApplyForm().count_inputs() + PlaceForm(wings=[]).count_inputs()


def short_plan() -> int:
    """What was said, and one task, without what may be left out: minutes come from the catalogue."""
    return needed(PlanForm(today=TODAY)) + needed(TaskForm(tasks=[]))


def full_plan() -> int:
    """What was said, everything on the plan's page, and four tasks; `NOT_COUNTED` is what of a task is left out.

    Equipment and the way out in an emergency have pages of their own, for those who have the one or need the other:
    a piece of equipment is counted by itself.
    """
    return WishesForm().count_inputs() + PlanForm(today=TODAY).count_inputs() + 4 * needed(TaskForm(tasks=[]))


def equipment() -> int:
    """One piece, without the days of its checks, which may not be known yet."""
    return needed(EquipmentForm(today=TODAY))


def fall() -> int:
    """At once; its other times come later."""
    return FallForm(known=False, today=TODAY).count_inputs()


def transfer() -> int:
    return SendCareRecordForm(prisons=[]).count_inputs() + AcceptForm().count_inputs()


def interim_plan() -> int:
    """Every question of help from today, and a tick for each of its three tasks."""
    return InterimForm(tasks=[], buddies=[]).count_inputs() + MOST_TASKS - 1


def review() -> int:
    """A plan with one goal, with the next date although it mostly need not be typed."""
    return ReviewForm(goals=[PlanGoal(pk=1, words="Eat with others.")], today=TODAY).count_inputs()


def outcome() -> int:
    """The longest of them, with the day and who answered."""
    return max(OutcomeForm(instrument=instrument).count_inputs() for instrument in INSTRUMENTS)


def cost() -> int:
    """A quarter that is not closed: a change to a closed one says why as well."""
    return CostsForm().count_inputs()


def month() -> int:
    return CloseMonthForm().count_inputs()


def by_hand() -> int:
    """A quarter of a prison without a scheme here, with the reason of a correction."""
    return HandReturnForm(correcting=True).count_inputs()


# What the scheme promises its staff.
PROMISED = {
    "REFER": 6, "SCREEN": 3, "INTERIM": 8, "PLAN": 20, "MATCH": 3, "CONCERN": 4, "FALL": 6, "CLEARANCE": 3,
    "SUPERVISION": 5, "REVIEW": 4, "TRANSFER": 2, "APPLICATION": 9, "OUTCOME": 5, "COST": 12, "MONTH": 0, "VISIT": 4,
    "OWN_HELP": 6,
}  # fmt: skip
# And how long a task may take, in seconds.
IN_TIME = {
    "REFER": 120, "SCREEN": 120, "MATCH": 120, "MONTH": 300, "WINDOW": 20, "WEEK": 120, "SHEET": 180, "CLASS": 180,
    "ANSWER": 60,
}  # fmt: skip
COUNTERS: dict[str, Callable[[], int]] = {
    "REFER": refer, "SCREEN": screen, "INTERIM": interim_plan, "PLAN": full_plan, "MATCH": match, "CONCERN": concern,
    "FALL": fall, "CLEARANCE": clearance, "SUPERVISION": supervision, "REVIEW": review, "TRANSFER": transfer,
    "APPLICATION": application, "OUTCOME": outcome, "COST": cost, "MONTH": month,
}  # fmt: skip
# Forms that are held short as well, although nobody was promised a number.
OTHERS: list[tuple[Callable[[], int], int]] = [
    (scores, 7),
    (lambda: BriefingForm(wings=[]).count_inputs(), 5),
    (short_plan, 8),
    (equipment, 2),
    (lambda: ReceptionForm(prompts=[]).count_inputs(), 3),
    (by_hand, 12),
    (lambda: HelpForm(known_person=False, today=TODAY).count_inputs(), 4),
]


@pytest.mark.parametrize("code", COUNTERS)
def test_no_form_grows_past_its_ceiling(code: str) -> None:
    asked, most = COUNTERS[code](), TASKS[code].most
    assert most is not None
    assert asked <= most, f"{TASKS[code].text}: {asked} questions, at most {most} are allowed"


@pytest.mark.parametrize(("count", "most"), OTHERS, ids=lambda value: getattr(value, "__name__", value))
def test_other_paperwork_stays_short(count: Callable[[], int], most: int) -> None:
    assert count() <= most


def test_the_ceilings_are_those_that_were_promised() -> None:
    built = {code: task.most for code, task in TASKS.items() if task.most is not None}
    assert built == PROMISED
    # What is done at a terminal has no form to count: `tests/terminal/test_measure.py` counts its taps.
    assert set(COUNTERS) == {code for code in built if TASKS[code].saves}
    assert {code: task.within for code, task in TASKS.items() if task.within is not None} == IN_TIME


def test_the_meter_measures_at_addresses_that_exist() -> None:
    assert set(TASK_OF) <= {url.name for url in urls()}


# Questions of a task that the full plan is counted without, each with its reason.
NOT_COUNTED = {
    "minutes": "the usual time of the catalogue stands",
    "note": "most tasks need none",
    "done_by": "the buddy stands unless somebody else is chosen",
}


def test_what_a_plan_is_counted_without_is_named_and_may_be_left_as_it_is() -> None:
    form = TaskForm(tasks=[], data={"task": "", "weekdays": ["0"], "session": "AM"})
    assert {field.name for field in form if not field.is_hidden and not field.field.required} == set(NOT_COUNTED)
    assert set(form.errors) == {"task"} and form.cleaned_data["done_by"] == "BUDDY"


def test_a_question_too_many_is_noticed() -> None:
    class Longer(ScreenForm):
        more = forms.CharField()
        still_more = forms.CharField()

    assert Longer(council="Testshire Council").count_inputs() > PROMISED["SCREEN"]
