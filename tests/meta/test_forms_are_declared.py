"""Forms declare their questions one by one, are answered once, and ask no more than the ceilings on paperwork.

Nothing takes over a model's columns: a field that is not written down in a form cannot be posted.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from django import forms

from buddyscheme.lib.forms import FilterForm, GovukForm
from monitoring.forms.months import CloseMonthForm
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
from tests.meta.source import ROOT, modules, modules_in
from training.forms.briefings import BriefingForm
from training.forms.supervision import MissedForm, OneToOneForm
from training.models import SupervisionAction

TODAY = date(2026, 11, 23)

# No model behind a form --------------------------------------------------------------------------------


def test_no_form_takes_over_a_models_columns() -> None:
    found = [f"{path}:{line} {what}" for path, tree in _trees() for line, what in taken_over(tree)]
    assert not found


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for module in modules():
        yield module.name, module.tree


FROM_A_MODEL = {"ModelForm", "modelform_factory", "modelformset_factory", "inlineformset_factory", "BaseModelForm"}


def taken_over(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Places where a form would be made from a model."""
    for node in ast.walk(tree):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in FROM_A_MODEL:
            yield node.lineno, name  # type: ignore[attr-defined]
        if isinstance(node, ast.alias) and node.name in FROM_A_MODEL:
            yield node.lineno, node.name
        if isinstance(node, ast.Constant) and node.value == "__all__":
            yield node.lineno, '"__all__"'


@pytest.mark.parametrize(
    "code",
    [
        "class F(forms.ModelForm): pass",
        "from django.forms import ModelForm",
        "F = modelform_factory(Thing)",
        'class Meta:\n    fields = "__all__"',
    ],
)
def test_a_form_of_a_model_is_noticed(code: str) -> None:
    assert list(taken_over(ast.parse(code)))


# Forms that are not ours by shape, each with its reason.
OTHER_FORMS = {
    # The terminal has its own pages and its own key, see `presence.KEY_FIELD`.
    "referrals.terminal.forms.EnterForm",
    "referrals.terminal.forms.Answers",
    # The sign-in library's own forms, with our words on their fields.
    "buddyscheme.accounts.forms.sign_in.ActivateTOTPForm",
    "buddyscheme.accounts.forms.sign_in.AddWebAuthnForm",
    "buddyscheme.accounts.forms.sign_in.AuthenticateForm",
    "buddyscheme.accounts.forms.sign_in.ChangePasswordForm",
    "buddyscheme.accounts.forms.sign_in.EditWebAuthnForm",
    "buddyscheme.accounts.forms.sign_in.LoginForm",
    "buddyscheme.accounts.forms.sign_in.ReauthenticateCodeForm",
    "buddyscheme.accounts.forms.sign_in.ReauthenticateForm",
    "referrals.terminal.forms.ChangeAnswers",
    "referrals.terminal.forms.GoingAnswers",
    "referrals.terminal.forms.HelpAnswers",
    "referrals.terminal.forms.JobAnswers",
}


def test_every_form_is_one_of_ours() -> None:
    def below(kind: type) -> Iterator[type]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    for module in modules_in("forms", "views", "terminal"):
        import_module(module.name)
    ours = ("buddyscheme", "schemes", "training", "referrals", "monitoring")
    strangers = {
        f"{kind.__module__}.{kind.__qualname__}"
        for kind in below(forms.BaseForm)
        if kind.__module__.split(".")[0] in ours
        and kind.__module__ != "buddyscheme.lib.forms"
        and not issubclass(kind, GovukForm | FilterForm)
    }
    assert strangers == OTHER_FORMS


# Answered once -----------------------------------------------------------------------------------------

# Templates whose forms carry no key, each with its reason.
WITHOUT_A_KEY = {
    "components/sign_out.html": "signing out twice is signing out",
    "account/": "of the sign-in library: they change the session or one password, and make no record of ours",
    "mfa/": "of the sign-in library, which draws every factor once in the session",
    "terminal/base.html": "leaving twice is leaving",
    "terminal/start.html": "going in and a new code are given once by their own rows; the number of tries must count",
    "terminal/hide.html": "showing the screen twice is showing it",
    "terminal/enrol.html": "the value in the address is taken once",
    "govuk/whole_uni_formset.html": "no page of ours has a set of forms",
}
KEYED = (
    "form_key",
    # A loop over all fields, of which the key is one.
    "for field in form %}",
    "terminal/hidden.html",
    # Prints `form_key` as it prints every hidden field of the form.
    "govuk/uni_form.html",
    "display_form",
)
POST_FORM = re.compile(r"<form\b[^>]*?method=\"(?:post|\{\{ form_method \}\})\".*?</form>", re.DOTALL | re.IGNORECASE)
TEMPLATES = ROOT / "templates"


def unkeyed(text: str) -> list[str]:
    """Forms of a template that post without a key."""
    return [found for found in POST_FORM.findall(text) if not any(mark in found for mark in KEYED)]


def _named(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=_named)
def test_posted_forms_carry_a_key(path: Path) -> None:
    if not _named(path).startswith(tuple(WITHOUT_A_KEY)):
        assert not unkeyed(path.read_text()), f"{_named(path)}: a form that posts has no key"


def test_exemptions_are_still_needed() -> None:
    for start in WITHOUT_A_KEY:
        found = [path for path in TEMPLATES.rglob("*.html") if _named(path).startswith(start)]
        assert any(unkeyed(path.read_text()) for path in found) or "formset" in start, f"{start} needs no exemption"


def test_a_form_without_a_key_is_noticed() -> None:
    assert unkeyed('<form class="x" method="post" action="/">{% csrf_token %}<button>Go</button></form>')
    assert not unkeyed('<form method="post">{% csrf_token %}{% form_key %}</form>')
    assert not unkeyed('<form method="get"></form>')


def test_every_form_of_ours_has_the_key() -> None:
    assert "form_key" in GovukForm.base_fields


# Paperwork ---------------------------------------------------------------------------------------------


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


CEILINGS: list[tuple[Callable[[], int], int]] = [
    (refer, 6),
    (screen, 3),
    (match, 3),
    (concern, 4),
    (clearance, 3),
    (application, 9),
    (scores, 7),
    (supervision, 5),
    (lambda: BriefingForm(wings=[]).count_inputs(), 5),
    (short_plan, 8),
    (full_plan, 20),
    (equipment, 2),
    (fall, 6),
    (transfer, 2),
    (interim_plan, 8),
    (review, 4),
    (lambda: CloseMonthForm().count_inputs(), 0),
    (lambda: ReceptionForm(prompts=[]).count_inputs(), 3),
    (lambda: HelpForm(known_person=False, today=TODAY).count_inputs(), 4),
]


@pytest.mark.parametrize(("count", "most"), CEILINGS, ids=lambda value: getattr(value, "__name__", value))
def test_paperwork_stays_under_its_ceiling(count: Callable[[], int], most: int) -> None:
    assert count() <= most


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

    assert Longer(council="Testshire Council").count_inputs() > 3
