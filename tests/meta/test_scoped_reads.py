"""Views, forms and the terminal reach a prison's tables through `for_prison` only. On the syntax tree."""

from __future__ import annotations

import ast

import pytest
from django.apps import apps

from buddyscheme.scope.access import row_condition
from tests.meta.source import Module, modules_in

SCOPED = {model.__name__ for model in apps.get_models() if row_condition(model) is not None}


@pytest.mark.parametrize("module", modules_in("views", "forms", "terminal", "home"), ids=lambda m: m.name)
def test_reads_start_from_the_prison(module: Module) -> None:
    parents = {child: node for node in ast.walk(module.tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and _name(node.value) in SCOPED:
            parent = parents.get(node)
            assert isinstance(parent, ast.Attribute) and parent.attr == "for_prison", (
                f"{module.name}:{node.lineno} starts from {_name(node.value)}.objects"
            )
        if isinstance(node, ast.Call) and _name(node.func) in ("get_object_or_404", "get_list_or_404"):
            assert not (node.args and _name(node.args[0]) in SCOPED), (
                f"{module.name}:{node.lineno} hands a bare model to {_name(node.func)}"
            )


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_the_tables_of_a_prison_are_known() -> None:
    assert {"Referral", "Plan", "Visit", "Concern", "Buddy", "Person", "Figure"} <= SCOPED
