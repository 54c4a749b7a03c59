"""Imports and keys between our packages point down, any distance, never up."""

from __future__ import annotations

import ast

import pytest
from django.apps import apps

from tests.meta.source import Module, imported_names, modules

# Lowest first. A package on one line may import those on the lines before it.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("buddyscheme.environment",),
    ("buddyscheme.lib",),
    ("buddyscheme.scope",),
    ("buddyscheme.audit",),
    ("buddyscheme.outbox",),
    ("buddyscheme.accounts",),
    ("schemes",),
    ("training",),
    ("referrals",),
    ("referrals.terminal",),
    ("monitoring",),
)
# Wiring may import anything and is imported by nothing.
WIRING = (
    "buddyscheme.settings",
    "buddyscheme.urls",
    "buddyscheme.celery",
    "buddyscheme.wsgi",
    "buddyscheme.home",
    "buddyscheme.demo",
    "buddyscheme.health",
    "buddyscheme.info",
)
# Inside an app, lowest first.
INSIDE = ("models", "rules", "queries", "actions", "forms", "views", "urls")


def layer_of(name: str) -> int | None:
    """The layer's number; the longest match wins, so `referrals.terminal` is not `referrals`."""
    found = [(len(p), i) for i, layer in enumerate(LAYERS) for p in layer if name == p or name.startswith(p + ".")]
    return max(found)[1] if found else None


def is_wiring(name: str) -> bool:
    return any(name == wire or name.startswith(wire + ".") for wire in WIRING)


def test_every_module_has_a_place() -> None:
    lost = [m.name for m in modules() if m.name != "buddyscheme" and layer_of(m.name) is None and not is_wiring(m.name)]
    assert not lost, f"give these a layer or call them wiring: {lost}"


@pytest.mark.parametrize("module", modules(), ids=lambda m: m.name)
def test_imports_point_down(module: Module) -> None:
    own = layer_of(module.name)
    if is_wiring(module.name) or own is None:
        return
    for name, line in imported_names(module):
        other = layer_of(name)
        assert not is_wiring(name), f"{module.name}:{line} imports the wiring module {name}"
        assert other is None or other <= own, f"{module.name}:{line} imports {name}, which is above it"


@pytest.mark.parametrize("module", modules(), ids=lambda m: m.name)
def test_inside_an_app_imports_point_down(module: Module) -> None:
    own = _inside(module.name)
    if own is None:
        return
    app = module.parts[0]
    for name, line in imported_names(module):
        other = _inside(name) if name.startswith(app + ".") else None
        if own == INSIDE.index("urls") or other is None:
            continue
        assert other <= own or {own, other} == {INSIDE.index("actions"), INSIDE.index("queries")}, (
            f"{module.name}:{line} imports {name}"
        )
        forms, actions = INSIDE.index("forms"), INSIDE.index("actions")
        assert not (own == actions and other == forms), f"{module.name}:{line}: actions know no forms"


def _inside(name: str) -> int | None:
    parts = name.split(".")
    if parts[0] not in ("schemes", "training", "referrals", "monitoring") or len(parts) < 2 or parts[1] == "terminal":
        return None
    return INSIDE.index(parts[1]) if parts[1] in INSIDE else None


@pytest.mark.parametrize("folder", ["actions", "rules"])
def test_actions_and_rules_know_no_requests(folder: str) -> None:
    for module in modules():
        if folder in module.parts:
            for name, line in imported_names(module):
                assert not name.startswith(("django.http", "django.shortcuts")), f"{module.name}:{line} imports {name}"


def test_keys_point_down() -> None:
    for model in apps.get_models():
        own = layer_of(model.__module__)
        if own is None:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not getattr(field, "concrete", False) or target is None or isinstance(target, str):
                continue
            other = layer_of(target.__module__)
            assert other is None or other <= own, f"{model.__name__}.{field.name} reaches up to {target.__name__}"


def test_keys_named_by_string_point_down() -> None:
    labels = {"schemes": "schemes", "training": "training", "referrals": "referrals", "monitoring": "monitoring"}
    for module in modules():
        own = layer_of(module.name)
        if "models" not in module.parts or own is None:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count(".") == 1:
                app = labels.get(node.value.split(".")[0])
                assert app is None or layer_of(app) <= own, f"{module.name}:{node.lineno} names {node.value}"  # type: ignore[operator]


def test_no_signals_between_our_apps() -> None:
    for module in modules():
        for name, line in imported_names(module):
            assert not name.startswith("django.db.models.signals") or module.name == "buddyscheme.scope.apps", (
                f"{module.name}:{line} uses {name}"
            )
