"""Modules, which tasks need them, classes, results, overrides, and what was passed elsewhere."""

from training.models.module import LocalTaskModule, Module, ModuleVersion, TaskModule
from training.models.override import Override
from training.models.prior import PriorLearning
from training.models.result import ModuleResult
from training.models.session import Attendance, ClassPlace, ClassSession
from training.models.take_over_file import TakeOverFile, TakeOverLine

__all__ = [
    "Attendance",
    "ClassPlace",
    "ClassSession",
    "LocalTaskModule",
    "Module",
    "ModuleResult",
    "ModuleVersion",
    "Override",
    "PriorLearning",
    "TakeOverFile",
    "TakeOverLine",
    "TaskModule",
]
