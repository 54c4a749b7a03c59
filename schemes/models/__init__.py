"""People, custody, schemes, the task catalogue, and buddies with their recruitment."""

from schemes.models.buddy import Buddy, BuddyStep
from schemes.models.clearance import Clearance
from schemes.models.compact import CompactSignature, CompactText
from schemes.models.custody import Custody, CustodyClaim
from schemes.models.interview import Interview
from schemes.models.keep_apart import KeepApart
from schemes.models.person import Person
from schemes.models.regime import LockDown, RegimeTime, Session
from schemes.models.scheme import Scheme, SchemeTask, SchemeWing
from schemes.models.take_over import TakeOver
from schemes.models.task import TaskKind

__all__ = [
    "Buddy",
    "BuddyStep",
    "Clearance",
    "CompactSignature",
    "CompactText",
    "Custody",
    "CustodyClaim",
    "Interview",
    "KeepApart",
    "LockDown",
    "Person",
    "RegimeTime",
    "Scheme",
    "SchemeTask",
    "SchemeWing",
    "Session",
    "TakeOver",
    "TaskKind",
]
