"""The recipient's journey: referral, plan, match, visits, concerns; and the supervised window at a terminal."""

from referrals.models.assessment import AssessmentChase, AssessmentRequest
from referrals.models.capacity import CapacityRecord
from referrals.models.concern import Concern, ConcernAction
from referrals.models.cover import Cover
from referrals.models.held_text import BoundaryPhrase, HeldText
from referrals.models.lapse import LapseDecision
from referrals.models.match import Match
from referrals.models.pack import BuddyPack, PackDecision
from referrals.models.plan import Consent, Plan, PlanTask
from referrals.models.referral import Referral
from referrals.models.review import HelpCheck, VisitLook, WeekConfirmation
from referrals.models.slip import PaperSlip
from referrals.models.staff_work import StaffWorkMark
from referrals.models.unmet_need import UnmetNeed, UnmetNeedAnswer, UnmetNeedPut
from referrals.models.visit import PlannedVisit, StaffTick, Visit
from referrals.models.welfare import WelfareCheck
from referrals.models.window import (
    SignInCount,
    SignInFailure,
    SignInStanding,
    TerminalCode,
    TerminalEntry,
    TerminalWindow,
)

__all__ = [
    "AssessmentChase",
    "AssessmentRequest",
    "BoundaryPhrase",
    "BuddyPack",
    "CapacityRecord",
    "Concern",
    "ConcernAction",
    "Consent",
    "Cover",
    "HeldText",
    "HelpCheck",
    "LapseDecision",
    "Match",
    "PackDecision",
    "PaperSlip",
    "Plan",
    "PlanTask",
    "PlannedVisit",
    "Referral",
    "SignInCount",
    "SignInFailure",
    "SignInStanding",
    "StaffTick",
    "StaffWorkMark",
    "TerminalCode",
    "TerminalEntry",
    "TerminalWindow",
    "UnmetNeed",
    "UnmetNeedAnswer",
    "UnmetNeedPut",
    "Visit",
    "VisitLook",
    "WeekConfirmation",
    "WelfareCheck",
]
