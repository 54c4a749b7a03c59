"""Modules, which tasks need them, classes, results, overrides, prior learning, supervision and briefings."""

from training.models.briefing import StaffBriefing
from training.models.module import LocalTaskModule, Module, ModuleVersion, TaskModule
from training.models.override import Override
from training.models.prior import PriorLearning
from training.models.restricted import RestrictedTask
from training.models.result import ModuleResult
from training.models.session import Attendance, ClassPlace, ClassSession
from training.models.supervision import GroupMeeting, Supervision, SupervisionAction, Theme
from training.models.take_over_file import TakeOverFile, TakeOverLine

__all__ = [
    "Attendance",
    "ClassPlace",
    "ClassSession",
    "GroupMeeting",
    "LocalTaskModule",
    "Module",
    "ModuleResult",
    "ModuleVersion",
    "Override",
    "PriorLearning",
    "RestrictedTask",
    "StaffBriefing",
    "Supervision",
    "SupervisionAction",
    "TakeOverFile",
    "TakeOverLine",
    "TaskModule",
    "Theme",
]
