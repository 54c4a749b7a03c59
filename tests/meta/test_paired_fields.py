"""A moment and its person (`signed_at`, `signed_by`) are both set or both empty, by constraint."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

OURS = ("accounts", "schemes", "training", "referrals", "monitoring", "outbox", "scope", "audit")
# The one who acted may be a person at a terminal, who has no account: another constraint says that somebody did.
SOMEBODY_ELSE = {
    ("Visit", "entered_at"): "visit_entered_by_somebody",
    ("Concern", "raised_at"): "concern_raised_by_somebody",
    ("Referral", "referred_at"): "referral_made_by_somebody",
    ("Need", "noted_at"): "need_noted_by_somebody",
}
PAIRS = [
    (model, field.name, field.name[:-3] + "_by")
    for model in apps.get_models()
    if model._meta.app_label in OURS and not hasattr(model, "pgh_tracked_model")
    for field in model._meta.get_fields()
    if field.name.endswith("_at") and any(f.name == field.name[:-3] + "_by" for f in model._meta.get_fields())
]


@pytest.mark.parametrize(("model", "at", "by"), PAIRS, ids=[f"{m.__name__}.{a}" for m, a, _ in PAIRS])
def test_pair(model: type[models.Model], at: str, by: str) -> None:
    moment, person = model._meta.get_field(at), model._meta.get_field(by)
    if not moment.null and not person.null:
        return
    instead = SOMEBODY_ELSE.get((model.__name__, at))
    if instead is not None:
        assert instead in {constraint.name for constraint in model._meta.constraints}
        return
    assert moment.null and person.null, f"{model.__name__}: {at} and {by} are not empty together"
    wanted = {f"{at}__isnull", f"{by}__isnull"}
    held = any(
        wanted <= set(_lookups(constraint.condition))
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    )
    assert held, f"{model.__name__}: no constraint holds {at} and {by} together"


def _lookups(condition: object) -> Iterator[str]:
    for child in getattr(condition, "children", []):
        if isinstance(child, models.Q):
            yield from _lookups(child)
        elif isinstance(child, tuple):
            yield child[0]


def test_there_are_pairs() -> None:
    assert len(PAIRS) > 20
