"""Modules, which tasks need them, results, and overrides."""

from training.models.module import Module, TaskModule
from training.models.override import Override
from training.models.result import ModuleResult

__all__ = ["Module", "ModuleResult", "Override", "TaskModule"]
