"""The recipient's journey: referral, plan, match, visits, concerns; and the supervised window at a terminal."""

from referrals.models.assessment import AssessmentChase, AssessmentRequest
from referrals.models.capacity import CapacityRecord
from referrals.models.card import CardScan, TerminalCard
from referrals.models.concern import Concern, ConcernAction
from referrals.models.concern_care import ConcernReader, HandOn, ReceiverDeputy, ReceiverLeave
from referrals.models.cover import Cover
from referrals.models.danger import DangerCall
from referrals.models.draft import TerminalDraft
from referrals.models.equipment import Equipment, EvacuationPlan
from referrals.models.fall import Fall
from referrals.models.held_text import BoundaryPhrase, HeldText
from referrals.models.informal_help import InformalHelp
from referrals.models.lapse import LapseDecision
from referrals.models.match import Match
from referrals.models.moving import CarePack, CarePackBody, CarePackStart, Handover
from referrals.models.need import Need
from referrals.models.news import BuddyNews
from referrals.models.own_wish import OwnWish
from referrals.models.pack import BuddyPack, PackDecision
from referrals.models.pattern import PatternHit, PatternRow, PatternRule
from referrals.models.plan import Consent, Plan, PlanGoal, PlanTask
from referrals.models.plan_version import PlanReview, PlanVersion
from referrals.models.reception import ReceptionPrompt, ReceptionScreening
from referrals.models.referral import Referral, ReferralTelling
from referrals.models.review import HelpCheck, VisitLook, WeekConfirmation
from referrals.models.schedule import CoverSlot, SessionNotice, SlotException
from referrals.models.slip import PaperSheet, PaperSlip
from referrals.models.staff_work import StaffWorkMark
from referrals.models.stop import ChangeMark, MatchStop
from referrals.models.task_use import TaskUse
from referrals.models.unmet_need import UnmetNeed, UnmetNeedAnswer, UnmetNeedPut
from referrals.models.visit import PlannedVisit, StaffTick, Visit
from referrals.models.welfare import WelfareCheck
from referrals.models.window import (
    FaceReason,
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
    "BuddyNews",
    "BuddyPack",
    "CapacityRecord",
    "CardScan",
    "CarePack",
    "CarePackBody",
    "CarePackStart",
    "ChangeMark",
    "Concern",
    "ConcernAction",
    "ConcernReader",
    "Consent",
    "Cover",
    "CoverSlot",
    "DangerCall",
    "Equipment",
    "EvacuationPlan",
    "FaceReason",
    "Fall",
    "HandOn",
    "Handover",
    "HeldText",
    "HelpCheck",
    "InformalHelp",
    "LapseDecision",
    "Match",
    "MatchStop",
    "Need",
    "OwnWish",
    "PackDecision",
    "PaperSheet",
    "PaperSlip",
    "PatternHit",
    "PatternRow",
    "PatternRule",
    "Plan",
    "PlanGoal",
    "PlanReview",
    "PlanTask",
    "PlanVersion",
    "PlannedVisit",
    "ReceiverDeputy",
    "ReceiverLeave",
    "ReceptionPrompt",
    "ReceptionScreening",
    "Referral",
    "ReferralTelling",
    "SessionNotice",
    "SignInCount",
    "SignInFailure",
    "SignInStanding",
    "SlotException",
    "StaffTick",
    "StaffWorkMark",
    "TaskUse",
    "TerminalCard",
    "TerminalCode",
    "TerminalDraft",
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
