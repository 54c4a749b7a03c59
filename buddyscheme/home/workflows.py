"""Every workflow whose transitions are data, for the printed diagrams and the test of their completeness."""

from __future__ import annotations

from dataclasses import dataclass

from monitoring.models import Extract, ReleaseRequest, SelfAction
from monitoring.rules import extracts, release_requests, self_assessment
from referrals.models import Concern, InformalHelp, Match, PatternHit, Plan, Referral
from referrals.rules import concerns, informal_help, matches, patterns, plans, referrals
from schemes.models import Buddy, ImportFile, Post, Scheme
from schemes.rules import buddies, imports, posts, schemes
from training.models import ClassSession, RestrictedTask
from training.rules import restricted, sessions


@dataclass(frozen=True)
class Workflow:
    """A status field with its table: each status → those that may follow. `starts` are the statuses of a new row."""

    name: str
    transitions: dict[str, set[str]]
    choices: list[tuple[str, str]]
    starts: tuple[str, ...]


WORKFLOWS = (
    Workflow("Scheme", schemes.TRANSITIONS, Scheme.Status.choices, ("SETTING_UP",)),
    Workflow("Post", posts.TRANSITIONS, Post.Status.choices, ("DRAFT",)),
    Workflow("Buddy", buddies.TRANSITIONS, Buddy.Status.choices, ("APPLIED", "CHECKS")),
    Workflow("Import", imports.TRANSITIONS, ImportFile.State.choices, ("UPLOADED",)),
    Workflow("Class", sessions.TRANSITIONS, ClassSession.Status.choices, ("PLANNED",)),
    Workflow("Restricted task", restricted.TRANSITIONS, RestrictedTask.Status.choices, ("WAITING",)),
    Workflow("Referral", referrals.TRANSITIONS, Referral.Status.choices, ("RECEIVED",)),
    Workflow("Informal help", informal_help.TRANSITIONS, InformalHelp.Status.choices, ("OPEN",)),
    Workflow("Pattern", patterns.TRANSITIONS, PatternHit.Decision.choices, ("WAITING",)),
    Workflow("Plan", plans.TRANSITIONS, Plan.Status.choices, ("WISHES", "REFUSED")),
    Workflow("Match", matches.TRANSITIONS, Match.Status.choices, ("PROPOSED",)),
    Workflow("Concern", concerns.TRANSITIONS, Concern.Status.choices, ("NEW",)),
    Workflow("Release", release_requests.TRANSITIONS, ReleaseRequest.State.choices, ("ASKED",)),
    Workflow("Evaluation extract", extracts.TRANSITIONS, Extract.State.choices, ("ASKED",)),
    Workflow("Action of a self-assessment", self_assessment.TRANSITIONS, SelfAction.State.choices, ("OPEN",)),
)
