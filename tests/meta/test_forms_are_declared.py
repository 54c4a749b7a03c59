"""Forms declare their questions one by one and are answered once. How many they may ask: `test_burden_ceilings.py`.

Nothing takes over a model's columns: a field that is not written down in a form cannot be posted.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django import forms

from buddyscheme.lib.forms import FilterForm, GovukForm
from tests.meta.source import ROOT, modules, modules_in

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
    "referrals.terminal.forms.Carried",
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
