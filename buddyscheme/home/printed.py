"""The pages of `docs/` that are printed from the code: permissions, states, measures, data."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from django.apps import apps

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.roles import ROLES
from buddyscheme.home.workflows import WORKFLOWS
from buddyscheme.scope.access import access_of, row_condition
from monitoring.measures.catalogue import ITEMS

PRINTED = "Printed from the code by `manage.py print_docs`. Do not edit: change the code.\n"
APPS = {
    "accounts": "buddyscheme.accounts",
    "schemes": "schemes",
    "training": "training",
    "referrals": "referrals",
    "monitoring": "monitoring",
    "outbox": "buddyscheme.outbox",
    "scope": "buddyscheme.scope",
    "audit": "buddyscheme.audit",
}


def pages() -> dict[str, str]:
    """File name → text."""
    return {
        "permissions.md": _permissions(),
        "states.md": _states(),
        "measures.md": _measures(),
        "data.md": _data(),
    }


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("|" + "---|" * len(lines[0].strip("| ").split(" | ")))
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _permissions() -> str:
    parts = ["# Roles and permissions\n", PRINTED]
    for role in ROLES.values():
        held = ", ".join(f"`{permission.value}`" for permission in Permission if permission in role.permissions)
        parts.append(f"## {role.name} (`{role.code}`)\n")
        parts.append(f"Held at: {role.held_at.value}. This role {role.sentence}\n\n{held}\n")
    return "\n".join(parts)


def _states() -> str:
    parts = ["# States\n", PRINTED]
    for workflow in WORKFLOWS:
        arrows = "\n".join(
            f"    {old} --> {new}" for old, following in workflow.transitions.items() for new in sorted(following)
        )
        ends = "\n".join(f"    {state} --> [*]" for state, following in workflow.transitions.items() if not following)
        starts = "\n".join(f"    [*] --> {state}" for state in workflow.starts)
        body = "\n".join(part for part in (starts, arrows, ends) if part)
        parts.append(f"## {workflow.name}\n\n```mermaid\nstateDiagram-v2\n{body}\n```\n")
        parts.append(_table(["State", "On screen"], [(f"`{value}`", label) for value, label in workflow.choices]))
    return "\n".join(parts)


def _measures() -> str:
    parts = ["# Measures\n", PRINTED]
    for entry in (entry for item in ITEMS for entry in item.entries()):
        parts.append(f"## {entry['code']} {entry['title']}\n\n{entry['answers']}\n")
        rows = [(key.replace("_", " "), str(value) or "none") for key, value in entry.items()]
        parts.append(_table(["What", "Words"], rows[2:]))
    return "\n".join(parts)


def _data() -> str:
    parts = ["# Data\n", PRINTED]
    for label, package in APPS.items():
        privacy = import_module(f"{package}.privacy").FIELDS
        parts.append(f"## {label}\n")
        for model in apps.get_app_config(label).get_models():
            if hasattr(model, "pgh_tracked_model"):
                continue
            access, kinds = access_of(model), privacy[model.__name__]
            summary = (model.__doc__ or "").strip().splitlines()[0]
            rows = "split by prison" if row_condition(model) is not None else "not split by prison"
            parts.append(f"### {model.__name__}\n\n{summary}\n\nTable `{model._meta.db_table}`, {rows}.\n")
            parts.append(
                _table(
                    ["What", "Which"],
                    [
                        ("identifying", _listed(kinds.identifying)),
                        ("special", _listed(kinds.special)),
                        ("operational", _listed(kinds.operational)),
                        ("web role", access.web.lower() or "none"),
                        ("national role", access.national.lower() or "none"),
                        ("terminal role reads", _listed(access.terminal)),
                    ],
                )
            )
    return "\n".join(parts)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
