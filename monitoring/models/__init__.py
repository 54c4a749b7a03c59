"""Stored figures of a prison's months, closed months, published releases, pay, and populations."""

from monitoring.models.api_key import ApiKey, ApiTurn, ApiUse
from monitoring.models.cost import CostReturn, PriceIndex
from monitoring.models.digest import Digest, DigestChoice
from monitoring.models.extract import Extract, ExtractFile
from monitoring.models.figure import Figure, FigureCorrection, MonthClose
from monitoring.models.hand_return import HandReturn
from monitoring.models.inspection import Inspection
from monitoring.models.outcome import Outcome, OutcomeSetting
from monitoring.models.pay import (
    PayBand,
    PayExplanation,
    PayFile,
    PayLine,
    PayPeriod,
    PayRate,
    PaySetting,
)
from monitoring.models.population import Population, PopulationCount
from monitoring.models.quality import DataQuery, DataQueryStep, QuarterSign
from monitoring.models.release import Release, ReleaseFigure
from monitoring.models.release_file import ReleaseFile
from monitoring.models.release_request import ReleaseRequest
from monitoring.models.report import ReleaseReport, ReleaseReportFile
from monitoring.models.self_assessment import SelfAction, SelfAnswer, SelfAssessment, SelfEvidence, SelfFile
from monitoring.models.typed import TypedFigure
from monitoring.models.wording import MeasureWords

__all__ = [
    "ApiKey",
    "ApiTurn",
    "ApiUse",
    "CostReturn",
    "DataQuery",
    "DataQueryStep",
    "Digest",
    "DigestChoice",
    "Extract",
    "ExtractFile",
    "Figure",
    "FigureCorrection",
    "HandReturn",
    "Inspection",
    "MeasureWords",
    "MonthClose",
    "Outcome",
    "OutcomeSetting",
    "PayBand",
    "PayExplanation",
    "PayFile",
    "PayLine",
    "PayPeriod",
    "PayRate",
    "PaySetting",
    "Population",
    "PopulationCount",
    "PriceIndex",
    "QuarterSign",
    "Release",
    "ReleaseFigure",
    "ReleaseFile",
    "ReleaseReport",
    "ReleaseReportFile",
    "ReleaseRequest",
    "SelfAction",
    "SelfAnswer",
    "SelfAssessment",
    "SelfEvidence",
    "SelfFile",
    "TypedFigure",
]
