"""Every constraint of our tables is broken once, past all actions and forms, and the database says no by its name.

A row that is right is put in as the owner; a copy of it with one thing wrong is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from buddyscheme.accounts.models import Membership, Prison, Terminal, User, Wing
from buddyscheme.audit.models import AuditEvent, Seal
from buddyscheme.lib.references import make_token
from buddyscheme.scope.models import Submission
from monitoring.models import Figure, MonthClose, Release, ReleaseFigure
from referrals import models as r
from schemes import models as s
from tests import cast
from training.models import Module, ModuleResult, TaskModule

pytestmark = [pytest.mark.django_db, pytest.mark.second_database]

OURS = ("accounts", "schemes", "training", "referrals", "monitoring", "outbox", "scope", "audit")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
LATER = NOW + timedelta(hours=1)
YESTERDAY = TODAY - timedelta(days=1)


class Rows:
    """One right row of every table, made when it is asked for."""

    @cached_property
    def prison(self) -> Prison:
        return cast.make_prison()

    @cached_property
    def other_prison(self) -> Prison:
        return cast.make_prison("ZTB", "Otherfield")

    @cached_property
    def wing(self) -> Wing:
        return cast.make_wing(self.prison)

    @cached_property
    def user(self) -> User:
        return cast.make_staff("Lena Lead", "LEAD", self.prison)

    @cached_property
    def second_user(self) -> User:
        return cast.make_staff("Gil Governor", "GOVERNOR_DELEGATE", self.prison)

    @cached_property
    def membership(self) -> Membership:
        return Membership.objects.get(user=self.user)

    @cached_property
    def national_membership(self) -> Membership:
        return Membership.objects.get(user=cast.make_staff("Nat National", "NATIONAL_LEAD", None))

    @cached_property
    def terminal(self) -> Terminal:
        terminal = cast.make_terminal(self.wing, self.user, NOW)
        terminal.device_hash = "d" * 64
        terminal.save(update_fields=["device_hash"])
        return terminal

    @cached_property
    def submission(self) -> Submission:
        return Submission.objects.create(actor="user:1", key="k" * 20, path="/")

    @cached_property
    def event(self) -> AuditEvent:
        return AuditEvent.objects.create(code="x", actor_kind="staff", actor_id=1)

    @cached_property
    def seal(self) -> Seal:
        return Seal.objects.create(event_id=1, prison_code="ZTA", sequence=1, previous_hash="", hash="h" * 64)

    @cached_property
    def person(self) -> s.Person:
        return s.Person.objects.create(prison_number="Z0001ZA", first_name="Ash", last_name="Tester")

    @cached_property
    def second_person(self) -> s.Person:
        return s.Person.objects.create(prison_number="Z0002ZA", first_name="Bo", last_name="Tester")

    @cached_property
    def custody(self) -> s.Custody:
        return s.Custody.objects.create(prison=self.prison, person=self.person, started_at=NOW, wing=self.wing)

    @cached_property
    def claim(self) -> s.CustodyClaim:
        provisional = s.Person.objects.create(
            prison_number="Z0001ZA", first_name="Ash", last_name="Tester", provisional=True
        )
        return s.CustodyClaim.objects.create(
            prison=self.prison,
            claimed_by_prison=self.other_prison,
            person=self.person,
            provisional_person=provisional,
            claimed_at=NOW,
            claimed_by=self.user,
        )

    @cached_property
    def keep_apart(self) -> s.KeepApart:
        return s.KeepApart.objects.create(
            prison=self.prison,
            person=self.person,
            other=self.second_person,
            pair=make_token(),
            reason="THREAT",
            recorded_at=NOW,
            recorded_by=self.user,
        )

    @cached_property
    def regime_time(self) -> s.RegimeTime:
        return s.RegimeTime.objects.create(
            prison=self.prison, weekday=0, session="AM", unlock_at=time(8, 30), lock_at=time(11, 45)
        )

    @cached_property
    def lock_down(self) -> s.LockDown:
        return s.LockDown.objects.create(
            prison=self.prison, day=TODAY, reason="Staff training", recorded_at=NOW, recorded_by=self.user
        )

    @cached_property
    def scheme(self) -> s.Scheme:
        return s.Scheme.objects.create(
            prison=self.prison,
            lead=self.user,
            status="OPEN",
            fall_day_who="Wing officer",
            fall_day_minutes=10,
            fall_night_who="Night orderly officer",
            fall_night_minutes=15,
            opened_at=NOW,
            opened_by=self.user,
        )

    @cached_property
    def scheme_wing(self) -> s.SchemeWing:
        return s.SchemeWing.objects.create(prison=self.prison, scheme=self.scheme, wing=self.wing)

    @cached_property
    def task(self) -> s.TaskKind:
        return s.TaskKind.objects.create(code="DOM-03", group="Meals", name="Collect meals", kind="PERMITTED")

    @cached_property
    def prohibited_task(self) -> s.TaskKind:
        return s.TaskKind.objects.create(
            code="PRO-03", group="Personal care", name="Wash a person", kind="PROHIBITED", refusal="Carers wash."
        )

    @cached_property
    def scheme_task(self) -> s.SchemeTask:
        return s.SchemeTask.objects.create(prison=self.prison, scheme=self.scheme, task=self.task, allowed=True)

    @cached_property
    def buddy(self) -> s.Buddy:
        return s.Buddy.objects.create(
            prison=self.prison,
            scheme=self.scheme,
            person=self.second_person,
            reference="B-0001",
            status="ACTIVE",
            source="APPLICATION",
            applied_on=TODAY,
            started_on=TODAY,
        )

    @cached_property
    def clearance(self) -> s.Clearance:
        return s.Clearance.objects.create(
            prison=self.prison, buddy=self.buddy, department="SECURITY", asked_at=NOW, asked_by=self.user
        )

    @cached_property
    def compact(self) -> s.CompactSignature:
        text = s.CompactText.objects.create(version=1, text="I help.", in_force_from=TODAY)
        return s.CompactSignature.objects.create(
            prison=self.prison,
            buddy=self.buddy,
            text=text,
            signed_on=TODAY,
            witnessed_by=self.user,
            witnessed_at=NOW,
        )

    @cached_property
    def take_over(self) -> s.TakeOver:
        return s.TakeOver.objects.create(
            prison=self.prison,
            buddy=self.buddy,
            good_by=TODAY,
            lacks_compact=True,
            lacks_modules=True,
            reason="Has helped for a year",
            asked_at=NOW,
            asked_by=self.user,
        )

    @cached_property
    def module(self) -> Module:
        return Module.objects.create(code="T01", title="Your role", source="Made up for tests")

    @cached_property
    def task_module(self) -> TaskModule:
        return TaskModule.objects.create(task=self.task, module=self.module)

    @cached_property
    def result(self) -> ModuleResult:
        return ModuleResult.objects.create(
            prison=self.prison,
            buddy=self.buddy,
            person=self.second_person,
            module=self.module,
            outcome="PASSED",
            assessed_on=TODAY,
            expires_on=TODAY + timedelta(days=365),
            recorded_at=NOW,
            recorded_by=self.user,
        )

    @cached_property
    def referral(self) -> r.Referral:
        return r.Referral.objects.create(
            prison=self.prison,
            person=self.person,
            reference="R-0001",
            source="STAFF",
            urgency="SOON",
            need_areas=["MEALS"],
            reason="Cannot carry a tray.",
            other_help="NO",
            referred_at=NOW,
            referred_by=self.user,
        )

    @cached_property
    def assessment(self) -> r.AssessmentRequest:
        return r.AssessmentRequest.objects.create(
            prison=self.prison,
            referral=self.referral,
            person=self.person,
            reference="A-0001",
            body="COUNCIL",
            asked_on=TODAY,
            asked_at=NOW,
            asked_by=self.user,
        )

    @cached_property
    def plan(self) -> r.Plan:
        return r.Plan.objects.create(
            prison=self.prison,
            referral=self.referral,
            person=self.person,
            reference="P-0001",
            status="ACTIVE",
            own_words="I want to eat hot food again.",
            answer="AGREES",
            asked_at=NOW,
            asked_by=self.user,
            review_on=TODAY,
            activated_at=NOW,
            activated_by=self.user,
        )

    @cached_property
    def plan_task(self) -> r.PlanTask:
        return r.PlanTask.objects.create(
            prison=self.prison,
            plan=self.plan,
            task=self.task,
            weekdays=[0],
            session="AM",
            minutes=15,
            starts_on=TODAY,
        )

    @cached_property
    def consent(self) -> r.Consent:
        return r.Consent.objects.create(
            prison=self.prison, plan=self.plan, scope="SUPPORT", given=True, taken_at=NOW, taken_by=self.user
        )

    @cached_property
    def match(self) -> r.Match:
        return r.Match.objects.create(
            prison=self.prison,
            plan=self.plan,
            buddy=self.buddy,
            status="ACTIVE",
            proposed_at=NOW,
            proposed_by=self.user,
            person_agreed_at=NOW,
            person_agreed_by=self.user,
            buddy_agreed_at=NOW,
            buddy_agreed_by=self.user,
            started_on=TODAY,
        )

    @cached_property
    def second_buddy(self) -> s.Buddy:
        return copy_of(
            self.buddy, person=s.Person.objects.create(prison_number="Z0003ZA"), reference="B-0002"
        )  # fmt: skip

    @cached_property
    def slip(self) -> r.PaperSlip:
        return r.PaperSlip.objects.create(prison=self.prison, number=1, printed_at=NOW, printed_by=self.user)

    @cached_property
    def window(self) -> r.TerminalWindow:
        return r.TerminalWindow.objects.create(
            prison=self.prison, terminal=self.terminal, opened_at=NOW, opened_by=self.user, ends_at=LATER
        )

    @cached_property
    def code(self) -> r.TerminalCode:
        return r.TerminalCode.objects.create(prison=self.prison, person=self.person, issued_at=NOW, issued_by=self.user)

    @cached_property
    def entry(self) -> r.TerminalEntry:
        return r.TerminalEntry.objects.create(
            prison=self.prison,
            window=self.window,
            person=self.second_person,
            method="LET_IN",
            let_in_at=NOW,
            let_in_by=self.user,
            started_at=NOW,
            last_seen_at=NOW,
        )

    @cached_property
    def sign_in_count(self) -> r.SignInCount:
        return r.SignInCount.objects.create(prison=self.prison, window=self.window, number_hash="n" * 64)

    @cached_property
    def sign_in_standing(self) -> r.SignInStanding:
        return r.SignInStanding.objects.create(prison=self.prison, number_hash="n" * 64)

    @cached_property
    def planned(self) -> r.PlannedVisit:
        return r.PlannedVisit.objects.create(
            prison=self.prison,
            plan=self.plan,
            person=self.person,
            match=self.match,
            buddy=self.buddy,
            day=TODAY,
            session="AM",
            tasks=["DOM-03"],
            minutes=15,
        )

    @cached_property
    def second_planned(self) -> r.PlannedVisit:
        return put(copy_of(self.planned, session="PM"))

    @cached_property
    def visit(self) -> r.Visit:
        return r.Visit.objects.create(**self._visit, source="STAFF", entered_by=self.user)

    @cached_property
    def paper_visit(self) -> r.Visit:
        return r.Visit.objects.create(**self._visit, source="PAPER", entered_by=self.user, slip=self.slip)

    @property
    def _visit(self) -> dict[str, Any]:
        return {
            "prison": self.prison,
            "planned": self.planned,
            "person": self.person,
            "buddy": self.buddy,
            "day": TODAY,
            "session": "AM",
            "outcome": "DONE",
            "tasks_done": ["DOM-03"],
            "minutes": 15,
            "happened_on": TODAY,
            "entered_at": NOW,
        }

    @cached_property
    def tick(self) -> r.StaffTick:
        return r.StaffTick.objects.create(
            prison=self.prison, planned=self.planned, task=self.task, done_at=NOW, done_by=self.user
        )

    @cached_property
    def concern(self) -> r.Concern:
        return r.Concern.objects.create(
            prison=self.prison,
            reference="C-0001",
            kind="WORRY",
            clock="SAME_DAY",
            due_at=LATER,
            source="STAFF",
            happened_on=TODAY,
            raised_at=NOW,
            raised_by=self.user,
        )

    @cached_property
    def held_text(self) -> r.HeldText:
        return r.HeldText.objects.create(
            prison=self.prison,
            plan=self.plan,
            place="PLAN_GOALS",
            words="Wash him.",
            tasks=["PRO-03"],
            written_at=NOW,
            written_by=self.user,
        )

    @cached_property
    def week(self) -> r.WeekConfirmation:
        return r.WeekConfirmation.objects.create(
            prison=self.prison,
            wing=self.wing,
            week_starts_on=TODAY,
            visits=3,
            looked_at=3,
            confirmed_at=NOW,
            confirmed_by=self.user,
        )

    @cached_property
    def unmet_need(self) -> r.UnmetNeed:
        return r.UnmetNeed.objects.create(
            prison=self.prison,
            person=self.person,
            task=self.prohibited_task,
            reference="U-0001",
            known_on=TODAY,
            opened_at=NOW,
            opened_by=self.user,
        )

    @cached_property
    def figure(self) -> Figure:
        return Figure.objects.create(
            prison=self.prison,
            month=date(2026, 11, 1),
            measure="OP-02",
            state="VALUE",
            value=3,
            definition_version=1,
            computed_at=NOW,
        )

    @cached_property
    def month_close(self) -> MonthClose:
        return MonthClose.objects.create(
            prison=self.prison, month=date(2026, 10, 1), closed_at=NOW, closed_by=self.user
        )

    @cached_property
    def release(self) -> Release:
        return Release.objects.create(
            kind="QUARTER",
            period="2026-Q3",
            first_day=date(2026, 7, 1),
            last_day=date(2026, 9, 30),
            digest="d" * 64,
            published_at=NOW,
            published_by=self.user,
        )

    @cached_property
    def release_figure(self) -> ReleaseFigure:
        return ReleaseFigure.objects.create(
            release=self.release, period="2026-Q3", measure="OP-02", state="VALUE", value=3, definition_version=1
        )


Make = Callable[[Rows], Any]


@dataclass(frozen=True)
class Break:
    """A right row, and what is changed in its copy so that one constraint refuses it."""

    constraint: str
    row: Make
    changes: Callable[[Rows], dict[str, Any]] = lambda rows: {}
    note: str = ""


def b(constraint: str, row: Make, note: str = "", **changes: Any) -> Break:
    """A change that needs no other row."""
    return Break(constraint, row, lambda rows: changes, note)


def with_rows(constraint: str, row: Make, changes: Callable[[Rows], dict[str, Any]], note: str = "") -> Break:
    """A change that points at another row."""
    return Break(constraint, row, changes, note)


BREAKS: tuple[Break, ...] = (
    # The ground
    b("submission_answered_once", lambda o: o.submission),
    b("audit_not_anonymous", lambda o: o.event, actor_id=None),
    b("seal_one_chain", lambda o: o.seal, event_id=2),
    b("wing_code_once", lambda o: o.wing),
    b("user_email_once", lambda o: o.user, email="LENA.LEAD.ZTA@EXAMPLE.TEST"),
    b("membership_ends_after_start", lambda o: o.membership, ends_on=date(2019, 12, 31)),
    b("membership_open_once", lambda o: o.membership, "at a prison"),
    b("membership_open_once", lambda o: o.national_membership, "nationally"),
    b("terminal_withdrawn_pair", lambda o: o.terminal, "nobody", device_hash="", withdrawn_at=NOW),
    with_rows("terminal_withdrawn_pair", lambda o: o.terminal, lambda o: {"withdrawn_by": o.user}, "no moment"),
    b("terminal_device_once", lambda o: o.terminal),
    # Schemes
    b("person_number_once", lambda o: o.person),
    b("person_number_shape", lambda o: o.person, "too short", prison_number="Z0001Z"),
    b("person_number_shape", lambda o: o.person, "small letters", prison_number="z0001za"),
    b("task_prohibited_says_why", lambda o: o.prohibited_task, code="PRO-04", refusal=""),
    b("scheme_one_a_prison", lambda o: o.scheme),
    b("scheme_open_knows_falls", lambda o: o.scheme, "day, who", fall_day_who=""),
    b("scheme_open_knows_falls", lambda o: o.scheme, "day, minutes", fall_day_minutes=None),
    b("scheme_open_knows_falls", lambda o: o.scheme, "night, who", fall_night_who=""),
    b("scheme_open_knows_falls", lambda o: o.scheme, "night, minutes", fall_night_minutes=None),
    b("scheme_opened_pair", lambda o: o.scheme, opened_by=None),
    b("scheme_closed_pair", lambda o: o.scheme, closed_at=NOW),
    b("scheme_open_dated", lambda o: o.scheme, "open", opened_at=None, opened_by=None),
    b("scheme_open_dated", lambda o: o.scheme, "closed", status="CLOSED", opened_at=None, opened_by=None),
    b("scheme_wing_once", lambda o: o.scheme_wing),
    b("scheme_task_once", lambda o: o.scheme_task),
    b("buddy_one_open_application", lambda o: o.buddy, reference="B-0009", status="APPLIED"),
    b("buddy_reference_once", lambda o: o.buddy, status="LEFT", ended_on=TODAY),
    b("buddy_ends_after_start", lambda o: o.buddy, status="LEFT", ended_on=YESTERDAY),
    b("buddy_active_started", lambda o: o.buddy, "active", started_on=None),
    b("buddy_active_started", lambda o: o.buddy, "suspended", started_on=None, status="SUSPENDED"),
    with_rows(
        "clearance_signed_pair", lambda o: o.clearance, lambda o: {"signed_at": NOW, "signed_by": o.user}, "no answer"
    ),
    b("clearance_signed_pair", lambda o: o.clearance, "nobody", decision="REFUSED", signed_at=NOW),
    with_rows("clearance_has_dates", lambda o: o.clearance, lambda o: _cleared(o, None, TODAY), "no day"),
    with_rows("clearance_has_dates", lambda o: o.clearance, lambda o: _cleared(o, TODAY, None), "no end"),
    with_rows("clearance_has_dates", lambda o: o.clearance, lambda o: _cleared(o, TODAY, TODAY), "ends as it starts"),
    b("clearance_waiting_once", lambda o: o.clearance),
    b("compact_signed_once", lambda o: o.compact),
    b("custody_no_overlap", lambda o: o.custody, "both open", started_at=LATER),
    with_rows(
        "custody_no_overlap",
        lambda o: o.custody,
        lambda o: {
            "prison": o.other_prison,
            "wing": None,
            "started_at": NOW - timedelta(days=9),
            "ended_at": LATER,
            "end_reason": "TRANSFER",
        },
        "at two prisons",
    ),
    b("custody_ends_after_start", lambda o: o.custody, ended_at=NOW, end_reason="RELEASE"),
    b("custody_end_has_reason", lambda o: o.custody, "no reason", ended_at=LATER),
    b("custody_end_has_reason", lambda o: o.custody, "not ended", end_reason="RELEASE"),
    b("custody_claim_answered_pair", lambda o: o.claim, answer="MOVED"),
    b("custody_claim_open_once", lambda o: o.claim),
    with_rows("keep_apart_two_people", lambda o: o.keep_apart, lambda o: {"other": o.person}),
    b("keep_apart_ended_pair", lambda o: o.keep_apart, ended_at=NOW),
    b("keep_apart_open_once", lambda o: o.keep_apart),
    b("regime_session_once", lambda o: o.regime_time),
    b("regime_weekday", lambda o: o.regime_time, weekday=7),
    b("regime_locks_after_unlock", lambda o: o.regime_time, lock_at=time(8, 30)),
    b("lock_down_once", lambda o: o.lock_down),
    b("take_over_decided_pair", lambda o: o.take_over, "nobody", decision="APPROVED"),
    with_rows(
        "take_over_decided_pair",
        lambda o: o.take_over,
        lambda o: {"decided_at": NOW, "decided_by": o.second_user},
        "no answer",
    ),
    with_rows(
        "take_over_second_person",
        lambda o: o.take_over,
        lambda o: {"decision": "APPROVED", "decided_at": NOW, "decided_by": o.user},
    ),
    # Training
    b("task_module_once", lambda o: o.task_module),
    b("result_expires_after", lambda o: o.result, expires_on=TODAY),
    # Referrals
    b("referral_reference_once", lambda o: o.referral),
    b("referral_screened_pair", lambda o: o.referral, screened_at=NOW, status="PROGRESSED", outcome="BUDDY"),
    with_rows(
        "referral_screened_has_outcome",
        lambda o: o.referral,
        lambda o: {"screened_at": NOW, "screened_by": o.user, "status": "PROGRESSED"},
        "no outcome",
    ),
    b("referral_screened_has_outcome", lambda o: o.referral, "not screened", status="PROGRESSED", outcome="BUDDY"),
    with_rows(
        "referral_refusal_has_reason",
        lambda o: o.referral,
        lambda o: {"screened_at": NOW, "screened_by": o.user, "status": "NOT_PROGRESSED", "outcome": "NONE"},
    ),
    b("assessment_answered_pair", lambda o: o.assessment, answered_at=NOW),
    b("assessment_asked_once", lambda o: o.assessment),
    b("assessment_decision_dated", lambda o: o.assessment, "no day", decision="ELIGIBLE"),
    b("assessment_decision_dated", lambda o: o.assessment, "no decision", decided_on=TODAY),
    b("assessment_decided_after", lambda o: o.assessment, decided_on=YESTERDAY, decision="ELIGIBLE"),
    b("plan_reference_once", lambda o: o.plan, status="ENDED"),
    b("plan_one_live", lambda o: o.plan, "draft", reference="P-0009", status="DRAFT"),
    b("plan_one_live", lambda o: o.plan, "wishes", reference="P-0009", status="WISHES"),
    b("plan_own_words", lambda o: o.plan, own_words=""),
    b("plan_active_is_agreed", lambda o: o.plan, "refused", answer="REFUSES"),
    b("plan_active_is_agreed", lambda o: o.plan, "no review", review_on=None),
    b("plan_active_is_agreed", lambda o: o.plan, "not activated", activated_at=None, activated_by=None),
    b("plan_activated_pair", lambda o: o.plan, activated_by=None),
    b("plan_ended_pair", lambda o: o.plan, ended_at=NOW),
    b("plan_task_once", lambda o: o.plan_task),
    b("plan_task_stopped_pair", lambda o: o.plan_task, stopped_at=NOW),
    b("plan_task_minutes", lambda o: o.plan_task, "none", minutes=0),
    b("plan_task_minutes", lambda o: o.plan_task, "too many", minutes=241),
    b("plan_task_has_days", lambda o: o.plan_task, weekdays=[]),
    with_rows("plan_task_never_prohibited", lambda o: o.plan_task, lambda o: {"task": o.prohibited_task}),
    b("consent_withdrawn_pair", lambda o: o.consent, withdrawn_at=LATER),
    with_rows(
        "consent_withdrawn_after",
        lambda o: o.consent,
        lambda o: {"withdrawn_at": NOW - timedelta(seconds=1), "withdrawn_by": o.user},
    ),
    with_rows("match_one_live", lambda o: o.match, lambda o: {"buddy": put(o.second_buddy), "status": "PAUSED"}),
    b("match_pair_once", lambda o: o.match, part="SECOND"),
    b("match_active_is_agreed", lambda o: o.match, "person", person_agreed_at=None, person_agreed_by=None),
    b("match_active_is_agreed", lambda o: o.match, "buddy", buddy_agreed_at=None, buddy_agreed_by=None),
    b("match_active_is_agreed", lambda o: o.match, "no first day", started_on=None),
    b("match_person_pair", lambda o: o.match, person_agreed_by=None),
    b("match_buddy_pair", lambda o: o.match, buddy_agreed_by=None),
    b("match_ended_pair", lambda o: o.match, ended_at=NOW),
    b("slip_number_once", lambda o: o.slip),
    b("window_one_open", lambda o: o.window),
    b("window_ends_after_start", lambda o: o.window, ends_at=NOW),
    b("terminal_code_one", lambda o: o.code),
    b("terminal_entry_let_in_pair", lambda o: o.entry, let_in_by=None),
    with_rows("terminal_entry_one_at_a_time", lambda o: o.entry, lambda o: {"person": o.person}),
    b("sign_in_count_once", lambda o: o.sign_in_count),
    b("sign_in_standing_once", lambda o: o.sign_in_standing),
    b("planned_visit_once", lambda o: o.planned),
    b("visit_logged_once", lambda o: o.visit),
    with_rows("visit_slip_once", lambda o: o.paper_visit, lambda o: {"planned": o.second_planned}),
    b("visit_not_done_has_reason", lambda o: o.visit, "no reason", outcome="NOT_DONE", minutes=0),
    b("visit_not_done_has_reason", lambda o: o.visit, "minutes", outcome="NOT_DONE", reason="NOT_UNLOCKED"),
    b("visit_done_has_no_reason", lambda o: o.visit, reason="NOT_UNLOCKED"),
    b("visit_minutes", lambda o: o.visit, minutes=481),
    b("visit_entered_by_somebody", lambda o: o.visit, "staff, nobody", entered_by=None),
    b("visit_entered_by_somebody", lambda o: o.visit, "terminal, no window", source="TERMINAL", entered_by=None),
    with_rows(
        "visit_entered_by_somebody",
        lambda o: o.visit,
        lambda o: {"source": "TERMINAL", "window": o.window},
        "terminal, and staff",
    ),
    b("visit_paper_has_slip", lambda o: o.visit, "no slip", source="PAPER"),
    with_rows("visit_paper_has_slip", lambda o: o.visit, lambda o: {"slip": o.slip}, "a slip, not paper"),
    b("staff_tick_once", lambda o: o.tick),
    b("concern_reference_once", lambda o: o.concern),
    b("concern_raised_by_somebody", lambda o: o.concern, "staff, nobody", raised_by=None),
    with_rows(
        "concern_raised_by_somebody",
        lambda o: o.concern,
        lambda o: {"source": "TERMINAL", "window": o.window, "raised_by": None},
        "terminal, no writer",
    ),
    b("concern_acted_pair", lambda o: o.concern, acted_at=NOW),
    b("concern_writer_told_pair", lambda o: o.concern, writer_told_at=NOW),
    b("concern_closed_pair", lambda o: o.concern, closed_at=NOW),
    b("held_text_decided_pair", lambda o: o.held_text, decided_at=NOW),
    with_rows(
        "held_text_second_person",
        lambda o: o.held_text,
        lambda o: {"decision": "ALLOWED", "decided_at": NOW, "decided_by": o.user},
    ),
    b("week_confirmed_once", lambda o: o.week),
    b("week_looked_at_some", lambda o: o.week, looked_at=4),
    b("unmet_need_met_pair", lambda o: o.unmet_need, met_at=NOW, met_on=TODAY),
    with_rows("unmet_need_met_dated", lambda o: o.unmet_need, lambda o: {"met_at": NOW, "met_by": o.user}),
    with_rows(
        "unmet_need_met_after",
        lambda o: o.unmet_need,
        lambda o: {"met_at": NOW, "met_by": o.user, "met_on": YESTERDAY},
    ),
    b("unmet_need_open_once", lambda o: o.unmet_need, reference="U-0009"),
    # Monitoring
    b("figure_once", lambda o: o.figure),
    b("figure_state_fits_value", lambda o: o.figure, "a number without one", value=None),
    b("figure_state_fits_value", lambda o: o.figure, "none, but three", state="NONE"),
    b("figure_state_fits_value", lambda o: o.figure, "none, but empty", state="NONE", value=None),
    b("figure_state_fits_value", lambda o: o.figure, "no return, but nought", state="NOT_RETURNED", value=0),
    b("month_closed_once", lambda o: o.month_close),
    b("release_first_once", lambda o: o.release),
    b("release_figure_once", lambda o: o.release_figure, "nationally"),
    b("release_figure_state", lambda o: o.release_figure, value=None),
)


def _cleared(rows: Rows, decided_on: date | None, expires_on: date | None) -> dict[str, Any]:
    return {
        "decision": "CLEARED",
        "signed_at": NOW,
        "signed_by": rows.user,
        "decided_on": decided_on,
        "expires_on": expires_on,
    }


def copy_of(row: models.Model, **changes: Any) -> Any:
    """The same row once more, with a token of its own and with what is changed; not saved."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    if isinstance(row._meta.pk, models.AutoField):
        del values[row._meta.pk.attname]
    if "token" in values:
        values["token"] = make_token()
    for name, value in changes.items():
        values[row._meta.get_field(name).attname] = value.pk if isinstance(value, models.Model) else value
    return type(row)(**values)


def put(row: Any) -> Any:
    """Into the table, past `save()` and whatever it may check."""
    type(row)._base_manager.bulk_create([row])
    return row


@pytest.mark.parametrize("case", BREAKS, ids=lambda c: f"{c.constraint}-{c.note}".rstrip("-"))
def test_the_database_refuses(case: Break) -> None:
    rows = Rows()
    wrong = copy_of(case.row(rows), **case.changes(rows))
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        put(wrong)
    assert refused.value.__cause__.diag.constraint_name == case.constraint  # type: ignore[union-attr]


def test_every_constraint_is_broken_here() -> None:
    ours = {
        constraint.name
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if not hasattr(model, "pgh_tracked_model")
        for constraint in model._meta.constraints
    }
    assert len(ours) > 90
    broken = {case.constraint for case in BREAKS}
    assert not ours - broken, f"nothing here breaks {sorted(ours - broken)}"
    assert not broken - ours, f"these are gone: {sorted(broken - ours)}"


def test_touching_periods_of_custody_are_no_overlap() -> None:
    rows = Rows()
    earlier = {"started_at": NOW - timedelta(days=9), "ended_at": NOW, "end_reason": "TRANSFER"}
    put(copy_of(rows.custody, **earlier))


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        (lambda o: o.buddy, {"reference": "B-0009", "status": "LEFT", "ended_on": TODAY}),
        (lambda o: o.match, {"status": "REFUSED"}),
        (lambda o: o.plan, {"reference": "P-0009", "status": "REFUSED"}),
        (lambda o: o.person, {"provisional": True}),
        (lambda o: o.terminal, {"device_hash": ""}),
        (lambda o: o.membership, {"ends_on": date(2021, 1, 1)}),
    ],
    ids=["buddy", "match", "plan", "person", "terminal", "membership"],
)
def test_what_is_over_stands_in_nobodys_way(row: Make, changes: dict[str, Any]) -> None:
    put(copy_of(row(Rows()), **changes))
