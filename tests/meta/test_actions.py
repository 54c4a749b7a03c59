"""Every action is keyword-only, knows who acts, is atomic and leaves an audit event."""

from __future__ import annotations

import ast

import pytest

from tests.meta.source import Module, modules

# What is allowed to differ, each with its reason.
NO_BY = {
    # The person is not known until the code is right; the entry and its audit say who came in.
    "referrals.actions.entries.enter_with_code",
}
AUDIT_CALLS = {"record", "record_many", "viewed"}


def action_modules() -> list[Module]:
    return [m for m in modules() if "actions" in m.parts and m.parts[-1] != "actions"]


def public_functions() -> list[tuple[Module, ast.FunctionDef]]:
    return [
        (module, node)
        for module in action_modules()
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def ids(value: object) -> str:
    return value.name if isinstance(value, (Module, ast.FunctionDef)) else str(value)


ACTIONS = public_functions()


@pytest.mark.parametrize(("module", "action"), ACTIONS, ids=[f"{m.name}.{f.name}" for m, f in ACTIONS])
def test_action(module: Module, action: ast.FunctionDef) -> None:
    name = f"{module.name}.{action.name}"
    assert not action.args.args and not action.args.posonlyargs, f"{name} takes arguments by place"
    keywords = {argument.arg for argument in action.args.kwonlyargs}
    assert "by" in keywords or name in NO_BY, f"{name} does not take by="
    assert _is_atomic(action), f"{name} is not @transaction.atomic"
    assert ast.get_docstring(action), f"{name} has no docstring"
    assert _audits(action.name, module, set()), f"{name} leaves no audit event"


def _is_atomic(action: ast.FunctionDef) -> bool:
    return any("atomic" in ast.unparse(decorator) for decorator in action.decorator_list)


def _audits(function: str, module: Module, seen: set[str]) -> bool:
    """Whether the function records, or calls a function of ours (here or in another actions module) that does."""
    key = f"{module.name}.{function}"
    if key in seen:
        return False
    seen.add(key)
    node = next((n for n in module.tree.body if isinstance(n, ast.FunctionDef) and n.name == function), None)
    if node is None:
        return False
    called = {_called(call) for call in ast.walk(node) if isinstance(call, ast.Call)}
    if called & AUDIT_CALLS:
        return True
    imported = _imported_actions(module)
    for name in called - {None}:
        assert name is not None
        target = imported.get(name, (module, name))
        if _audits(target[1], target[0], seen):
            return True
    return False


def _called(call: ast.Call) -> str | None:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else None


def _imported_actions(module: Module) -> dict[str, tuple[Module, str]]:
    by_name = {m.name: m for m in action_modules()}
    found = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if node.module in by_name:
                    found[alias.asname or alias.name] = (by_name[node.module], alias.name)
                inner = by_name.get(f"{node.module}.{alias.name}")
                if inner is not None:
                    for function in inner.tree.body:
                        if isinstance(function, ast.FunctionDef):
                            found.setdefault(function.name, (inner, function.name))
    return found


def test_there_are_actions() -> None:
    assert len(ACTIONS) > 40
