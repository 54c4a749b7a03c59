"""A digest of what the business columns hold: equal for the same seed and day, whenever and wherever it is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from buddyscheme.scope.access import access_of
from buddyscheme.scope.transaction import DatabaseRole, scoped

APPS = ("accounts", "schemes", "training", "referrals", "monitoring")
# Drawn at random, by the clock of the machine, or ids of rows.
LEFT_OUT = {
    "id", "token", "reference", "created_at", "joined_at", "computed_at", "drawn", "subject_id", "pair", "password",
    "last_login", "code_hash", "secret_hash", "subject", "key_hash", "number_hash", "device_hash", "digest",
    "event_key", "body", "checksum", "entries",
}  # fmt: skip
# What a key is called where the row it points to has a name of its own.
NAMES = {
    "accounts.User": "email", "accounts.Wing": "code", "schemes.Person": "prison_number",
    "schemes.Buddy": "person__prison_number", "referrals.Plan": "person__prison_number",
}  # fmt: skip


def digest() -> str:
    """SHA-256 over every table's rows, each as its business columns, sorted."""
    total = hashlib.sha256()
    with scoped(DatabaseRole.NATIONAL):
        for model in _models():
            columns = list(_columns(model))
            rows = [json.dumps(row, default=str) for row in model._default_manager.order_by().values_list(*columns)]
            total.update(model._meta.label.encode())
            for row in sorted(rows):
                total.update(row.encode())
    return total.hexdigest()


def _models() -> list[type[models.Model]]:
    """Without histories, and without files that nobody reads across prisons."""
    found = [model for label in APPS for model in apps.get_app_config(label).get_models()]
    return sorted(
        (model for model in found if not hasattr(model, "pgh_tracked_model") and access_of(model).national),
        key=lambda model: model._meta.label,
    )


def _columns(model: type[models.Model]) -> Iterable[str]:
    for field in model._meta.concrete_fields:
        if field.name in LEFT_OUT:
            continue
        related: Any = field.related_model
        if related is None:
            yield field.name
        elif related._meta.label in NAMES:
            yield f"{field.name}__{NAMES[related._meta.label]}"
        elif not isinstance(related._meta.pk, models.AutoField):
            yield field.attname
