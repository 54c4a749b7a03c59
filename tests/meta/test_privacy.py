"""Every column of ours is identifying, special or operational: one of them, never two."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import models

OURS = {
    "accounts": "buddyscheme.accounts",
    "schemes": "schemes",
    "training": "training",
    "referrals": "referrals",
    "monitoring": "monitoring",
    "outbox": "buddyscheme.outbox",
    "scope": "buddyscheme.scope",
    "audit": "buddyscheme.audit",
}
MODELS = [
    model
    for label in OURS
    for model in apps.get_app_config(label).get_models()
    if not hasattr(model, "pgh_tracked_model")
]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_column_has_one_kind(model: type[models.Model]) -> None:
    fields = import_module(f"{OURS[model._meta.app_label]}.privacy").FIELDS
    assert model.__name__ in fields, f"{model.__name__} is in no list of {model._meta.app_label}/privacy.py"
    named = fields[model.__name__].all
    assert len(named) == len(set(named)), "a column has two kinds"
    assert set(named) == {f.name for f in model._meta.get_fields() if getattr(f, "concrete", False)}


@pytest.mark.parametrize("label", OURS)
def test_no_list_speaks_of_a_table_that_is_gone(label: str) -> None:
    fields = import_module(f"{OURS[label]}.privacy").FIELDS
    assert set(fields) <= {model.__name__ for model in MODELS if model._meta.app_label == label}
