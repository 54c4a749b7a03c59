"""Modules, which tasks need them, and results."""

from training.models.module import Module, TaskModule
from training.models.result import ModuleResult

__all__ = ["Module", "ModuleResult", "TaskModule"]
