"""People, custody, schemes, the task catalogue, and buddies with their recruitment."""

from schemes.models.absence import Absence, WeeklyActivity
from schemes.models.alert import Alert, AlertKind, Meaning, MeaningChange, PrisonMeaning, Source
from schemes.models.buddy import Buddy, BuddyStep
from schemes.models.cell_move import CellMove
from schemes.models.clearance import Clearance
from schemes.models.compact import CompactFormat, CompactSignature, CompactText
from schemes.models.custody import Custody, CustodyClaim
from schemes.models.directory_event import DirectoryEvent, EventFile
from schemes.models.import_file import ImportColumns, ImportContent, ImportFile, ImportRow
from schemes.models.interview import Interview, InterviewCriteria, ScoreSheet
from schemes.models.keep_apart import KeepApart
from schemes.models.person import Person
from schemes.models.post import Post
from schemes.models.prompt import PrisonPrompt, ScreeningPrompt
from schemes.models.protected_time import ProtectedTime
from schemes.models.referrer import Referrer
from schemes.models.refusal import Refusal
from schemes.models.regime import HolidayRegime, LockDown, RegimeTime, Session
from schemes.models.scheme import Scheme, SchemeTask, SchemeWing
from schemes.models.stand_down import StandDown
from schemes.models.take_over import TakeOver
from schemes.models.take_over_batch import TakeOverBatch
from schemes.models.task import TaskKind

__all__ = [
    "Absence",
    "Alert",
    "AlertKind",
    "Buddy",
    "BuddyStep",
    "CellMove",
    "Clearance",
    "CompactFormat",
    "CompactSignature",
    "CompactText",
    "Custody",
    "CustodyClaim",
    "DirectoryEvent",
    "EventFile",
    "HolidayRegime",
    "ImportColumns",
    "ImportContent",
    "ImportFile",
    "ImportRow",
    "Interview",
    "InterviewCriteria",
    "KeepApart",
    "LockDown",
    "Meaning",
    "MeaningChange",
    "Person",
    "Post",
    "PrisonMeaning",
    "PrisonPrompt",
    "ProtectedTime",
    "Referrer",
    "Refusal",
    "RegimeTime",
    "Scheme",
    "SchemeTask",
    "SchemeWing",
    "ScoreSheet",
    "ScreeningPrompt",
    "Session",
    "Source",
    "StandDown",
    "TakeOver",
    "TakeOverBatch",
    "TaskKind",
    "WeeklyActivity",
]
