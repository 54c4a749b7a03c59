"""The repository's own modules, as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("buddyscheme", "schemes", "training", "referrals", "monitoring")


@dataclass(frozen=True)
class Module:
    """One module with its dotted name and tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.name.split("."))


@cache
def modules() -> tuple[Module, ...]:
    """Every Python module of the applications, without migrations."""
    return tuple(_modules())


def _modules() -> Iterator[Module]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield Module(name, path, ast.parse(path.read_text()))


def modules_in(*folders: str) -> list[Module]:
    """Modules that lie in a package or are a module of one of these names, such as `views`."""
    return [module for module in modules() if set(folders) & set(module.parts)]


def imported_names(module: Module) -> Iterator[tuple[str, int]]:
    """Dotted names imported anywhere in the module, inside functions too."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno
