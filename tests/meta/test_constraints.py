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

from buddyscheme.accounts.models import LocalDepartment, Membership, Prison, Terminal, User, Wing
from buddyscheme.audit.models import AuditEvent, Seal
from buddyscheme.lib.references import make_token
from buddyscheme.scope.models import Submission
from monitoring.models import (
    ApiKey,
    ApiUse,
    CostReturn,
    DataQuery,
    DataQueryStep,
    Digest,
    DigestChoice,
    Extract,
    Figure,
    FigureCorrection,
    HandReturn,
    Inspection,
    MeasureWords,
    MonthClose,
    Outcome,
    OutcomeSetting,
    PayBand,
    PayExplanation,
    PayFile,
    PayLine,
    PayPeriod,
    PayRate,
    PaySetting,
    Population,
    PopulationCount,
    PriceIndex,
    QuarterSign,
    Release,
    ReleaseFigure,
    ReleaseFile,
    ReleaseReport,
    ReleaseReportFile,
    ReleaseRequest,
    SelfAction,
    SelfAnswer,
    SelfAssessment,
    SelfEvidence,
    SelfFile,
    TypedFigure,
)
from referrals import models as r
from schemes import models as s
from tests import cast
from training.models import (
    ClassPlace,
    ClassSession,
    GroupMeeting,
    LocalTaskModule,
    Module,
    ModuleResult,
    ModuleVersion,
    Override,
    PriorLearning,
    RestrictedTask,
    StaffBriefing,
    Supervision,
    SupervisionAction,
    TakeOverFile,
    TakeOverLine,
    TaskModule,
)

pytestmark = [pytest.mark.django_db, pytest.mark.second_database]

OURS = ("accounts", "schemes", "training", "referrals", "monitoring", "outbox", "scope", "audit")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
LATER = NOW + timedelta(hours=1)
EARLIER = NOW - timedelta(hours=1)
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
    def alert_kind(self) -> s.AlertKind:
        return s.AlertKind.objects.create(code="ROP", words="Risk to older people", source="Test", listed_on=TODAY)

    @cached_property
    def alert(self) -> s.Alert:
        return s.Alert.objects.create(
            prison=self.prison, person=self.person, kind=self.alert_kind, active_from=TODAY, recorded_at=NOW,
            recorded_by=self.user,
        )  # fmt: skip

    @cached_property
    def meaning_change(self) -> s.MeaningChange:
        return s.MeaningChange.objects.create(
            kind=self.alert_kind, as_buddy="WARN", as_helped="WARN", reason="Asked", changed_at=NOW,
            changed_by=self.user,
        )  # fmt: skip

    @cached_property
    def prison_meaning(self) -> s.PrisonMeaning:
        return s.PrisonMeaning.objects.create(
            prison=self.prison, kind=self.alert_kind, as_buddy="STOP", reason="Asked", changed_at=NOW,
            changed_by=self.user,
        )  # fmt: skip

    @cached_property
    def absence(self) -> s.Absence:
        return s.Absence.objects.create(
            prison=self.prison, person=self.person, kind="COURT", starts_on=TODAY, recorded_at=NOW,
            recorded_by=self.user,
        )  # fmt: skip

    @cached_property
    def weekly(self) -> s.WeeklyActivity:
        return s.WeeklyActivity.objects.create(
            prison=self.prison, person=self.person, kind="WORK", weekdays=[0], session="AM", starts_on=TODAY,
            recorded_at=NOW, recorded_by=self.user,
        )  # fmt: skip

    @cached_property
    def directory_event(self) -> s.DirectoryEvent:
        return s.DirectoryEvent.objects.create(
            prison=self.prison, event_type="x", occurred_at=NOW, identity="Z0001ZA", outcome="LOOK", words="Look",
            read_at=NOW, read_by=self.user,
        )  # fmt: skip

    @cached_property
    def match_stop(self) -> r.MatchStop:
        return r.MatchStop.objects.create(
            prison=self.prison, match=self.match, code="ALERTS", words="An alert", found_at=NOW
        )

    @cached_property
    def change_mark(self) -> r.ChangeMark:
        return r.ChangeMark.objects.create(prison=self.prison, fact="move:1", looked_at=NOW, looked_by=self.user)

    @cached_property
    def regime_time(self) -> s.RegimeTime:
        return s.RegimeTime.objects.create(
            prison=self.prison, weekday=0, session="AM", unlock_at=time(8, 30), lock_at=time(11, 45)
        )

    @cached_property
    def holiday_regime(self) -> s.HolidayRegime:
        return s.HolidayRegime.objects.create(
            prison=self.prison,
            am_unlock=time(9), am_lock=time(11), pm_unlock=time(14), pm_lock=time(16),
            ev_unlock=time(17), ev_lock=time(18), set_at=NOW, set_by=self.user,
        )  # fmt: skip

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
    def local_department(self) -> LocalDepartment:
        return LocalDepartment.objects.create(prison=self.prison, name="Chaplaincy", added_at=NOW, added_by=self.user)

    @cached_property
    def criteria(self) -> s.InterviewCriteria:
        return s.InterviewCriteria.objects.create(
            prison=self.prison, scheme=self.scheme, version=1, items=["Wants to help"], made_at=NOW, made_by=self.user
        )

    @cached_property
    def score_sheet(self) -> s.ScoreSheet:
        return s.ScoreSheet.objects.create(
            prison=self.prison,
            buddy=self.buddy,
            criteria=self.criteria,
            place=1,
            held_on=TODAY,
            scores=[3],
            scored_at=NOW,
            scored_by=self.user,
        )

    @cached_property
    def prompt(self) -> s.PrisonPrompt:
        national = s.ScreeningPrompt.objects.create(code="VIOLENCE", words="Violence", source="Made up for tests")
        return s.PrisonPrompt.objects.create(
            prison=self.prison, national=national, words="Fights", changed_at=NOW, changed_by=self.user
        )

    @cached_property
    def referrer(self) -> s.Referrer:
        return s.Referrer.objects.create(prison=self.prison, person=self.person, user=self.user)

    @cached_property
    def compact_text(self) -> s.CompactText:
        return s.CompactText.objects.create(version=9, text="I help.", in_force_from=TODAY)

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
    def pack(self) -> r.BuddyPack:
        return r.BuddyPack.objects.create(
            prison=self.prison, to_prison=self.other_prison, buddy=self.buddy, prison_number="Z0001ZA", body={},
            checksum="c" * 64, sent_at=NOW, sent_by=self.user,
        )  # fmt: skip

    @cached_property
    def care_pack(self) -> r.CarePack:
        return r.CarePack.objects.create(
            prison=self.prison, to_prison=self.other_prison, person=self.person, prison_number="Z0001ZA", number=1,
            help_on_first_day=False, summary={}, checksum="c" * 64, sent_at=NOW, sent_by=self.user,
        )  # fmt: skip

    @cached_property
    def second_concern(self) -> r.Concern:
        concern = r.Concern.objects.get(pk=self.concern.pk)
        concern.pk, concern.token, concern.reference = None, "t" * 22, "C-0009"
        concern.save(force_insert=True)
        return concern

    @cached_property
    def fall(self) -> r.Fall:
        return r.Fall.objects.create(
            prison=self.prison, person=self.person, concern=self.concern, reference="F-0001", found_at=NOW,
            alarm_at=NOW, injury="NONE", helped_up="STAFF", by_night=False, recorded_at=NOW, recorded_by=self.user,
        )  # fmt: skip

    @cached_property
    def handover(self) -> r.Handover:
        return r.Handover.objects.create(
            prison=self.prison, person=self.person, reference="H-0001", council="Council", probation="Office",
            agrees="YES", body={}, checksum="c" * 64, made_at=NOW, made_by=self.user,
        )  # fmt: skip

    @cached_property
    def pack_decision(self) -> r.PackDecision:
        return r.PackDecision.objects.create(
            prison=self.other_prison, pack=self.pack, module_code="T01", decision="RETAKE", prior=self.prior,
            decided_at=NOW, decided_by=self.user,
        )  # fmt: skip

    @cached_property
    def take_over_file(self) -> TakeOverFile:
        return TakeOverFile.objects.create(
            prison=self.prison, good_by=TODAY, reason="Have helped for a year", uploaded_at=NOW, uploaded_by=self.user,
            expires_at=LATER,
        )  # fmt: skip

    @cached_property
    def take_over_line(self) -> TakeOverLine:
        return TakeOverLine.objects.create(prison=self.prison, file=self.take_over_file, number=2, said={})

    @cached_property
    def import_file(self) -> s.ImportFile:
        return s.ImportFile.objects.create(
            prison=self.prison, kind="PEOPLE", name="people.csv", uploaded_at=NOW, uploaded_by=self.user, touched_at=NOW
        )

    @cached_property
    def import_row(self) -> s.ImportRow:
        return s.ImportRow.objects.create(prison=self.prison, file=self.import_file, number=2)

    @cached_property
    def import_columns(self) -> s.ImportColumns:
        return s.ImportColumns.objects.create(prison=self.prison, kind="PEOPLE", changed_at=NOW, changed_by=self.user)

    @cached_property
    def buddy_step(self) -> s.BuddyStep:
        return s.BuddyStep.objects.create(
            prison=self.prison, buddy=self.buddy, new_status="ACTIVE", at=NOW, by=self.user
        )

    @cached_property
    def post(self) -> s.Post:
        return s.Post.objects.create(
            prison=self.prison,
            scheme=self.scheme,
            wing=self.wing,
            reference="J-0001",
            title="Wing buddy",
            places=2,
            weekly_hours=20,
            pay_band=4,
            entered_at=NOW,
            entered_by=self.user,
        )

    @cached_property
    def refusal(self) -> s.Refusal:
        return s.Refusal.objects.create(
            prison=self.prison,
            buddy=self.buddy,
            old_status="APPLIED",
            reason="Not here long enough",
            declined_at=NOW,
            declined_by=self.user,
        )

    @cached_property
    def suspension(self) -> s.StandDown:
        return s.StandDown.objects.create(
            prison=self.prison,
            buddy=self.buddy,
            kind="SUSPENDED",
            reason="Being looked into",
            paid=True,
            review_on=TODAY + timedelta(days=7),
            starts_on=TODAY,
            decided_at=NOW,
            decided_by=self.user,
        )

    @cached_property
    def left(self) -> s.StandDown:
        return put(
            copy_of(
                self.suspension,
                kind="LEFT",
                appeal="WAITING",
                appealed_on=TODAY,
                appeal_recorded_at=NOW,
                appeal_recorded_by=self.user,
            )
        )

    @cached_property
    def override(self) -> Override:
        return Override.objects.create(
            prison=self.prison,
            buddy=self.buddy,
            item="COMPACT",
            reason="The new text is signed next week",
            ends_on=TODAY,
            asked_on=TODAY,
            asked_at=NOW,
            asked_by=self.user,
        )

    @cached_property
    def restricted(self) -> RestrictedTask:
        return RestrictedTask.objects.create(
            prison=self.prison,
            scheme=self.scheme,
            task=self.prohibited_task,
            reason="Two people ask for it",
            modules=["X01"],
            review_on=TODAY + timedelta(days=90),
            asked_on=TODAY,
            asked_at=NOW,
            asked_by=self.user,
        )

    @cached_property
    def restricted_approved(self) -> RestrictedTask:
        asked = RestrictedTask.objects.get(pk=self.restricted.pk)
        asked.status, asked.decided_at, asked.decided_by = "APPROVED", NOW, self.second_user
        asked.save()
        return asked

    @cached_property
    def lapse_decision(self) -> r.LapseDecision:
        return r.LapseDecision.objects.create(
            prison=self.prison,
            match=self.match,
            choice="KEEP",
            lacks=["T01"],
            until=TODAY,
            reason="The class is next week",
            decided_on=TODAY,
            decided_at=NOW,
            decided_by=self.user,
        )

    @cached_property
    def cover(self) -> r.Cover:
        return r.Cover.objects.create(
            prison=self.prison,
            stand_down=self.suspension,
            match=self.match,
            choice="NOBODY",
            chosen_at=NOW,
            chosen_by=self.user,
        )

    @cached_property
    def slot_exception(self) -> r.SlotException:
        return r.SlotException.objects.create(
            prison=self.prison, plan_task=self.plan_task, first_on=TODAY, last_on=TODAY, reason="A visit", made_at=NOW,
            made_by=self.user,
        )  # fmt: skip

    @cached_property
    def cover_slot(self) -> r.CoverSlot:
        return r.CoverSlot.objects.create(
            prison=self.prison, plan=self.plan, day=TODAY, session="AM", buddy=self.buddy, agreed_at=NOW,
            agreed_by=self.user,
        )  # fmt: skip

    @cached_property
    def session_notice(self) -> r.SessionNotice:
        return r.SessionNotice.objects.create(
            prison=self.prison, lock_down=self.lock_down, person=self.person, day=TODAY, session="AM", cause="SEARCH",
            told_at=NOW,
        )  # fmt: skip

    @cached_property
    def welfare_check(self) -> r.WelfareCheck:
        return r.WelfareCheck.objects.create(
            prison=self.prison,
            buddy=self.buddy,
            person=self.person,
            event="FALL",
            event_key="concern:1",
            happened_at=NOW,
            due_at=LATER,
        )

    @cached_property
    def danger_call(self) -> r.DangerCall:
        return r.DangerCall.objects.create(
            prison=self.prison, concern=self.concern, kind="FALL", told="NOT_YET", window=self.window, said_at=NOW
        )

    @cached_property
    def buddy_news(self) -> r.BuddyNews:
        return r.BuddyNews.objects.create(
            prison=self.prison, buddy=self.buddy, person=self.person, event="DEATH", event_key="custody:1",
            happened_at=NOW,
        )  # fmt: skip

    @cached_property
    def own_wish(self) -> r.OwnWish:
        return r.OwnWish.objects.create(
            prison=self.prison, person=self.person, plan=self.plan, window=self.window, kind="GOING", came="ALWAYS",
            feels="WELL", said_at=NOW,
        )  # fmt: skip

    @cached_property
    def module(self) -> Module:
        return Module.objects.create(code="T01", title="Your role", source="Made up for tests")

    @cached_property
    def task_module(self) -> TaskModule:
        return TaskModule.objects.create(task=self.task, module=self.module)

    @cached_property
    def module_version(self) -> ModuleVersion:
        return ModuleVersion.objects.create(
            module=self.module, number=1, title="Your role", mandatory=True, practical=False, source="Made up",
            withdrawn=False,
        )  # fmt: skip

    @cached_property
    def local_task_module(self) -> LocalTaskModule:
        return LocalTaskModule.objects.create(
            prison=self.prison, task=self.task, module=self.module, added_at=NOW, added_by=self.user
        )

    @cached_property
    def session(self) -> ClassSession:
        return ClassSession.objects.create(
            prison=self.prison, module=self.module, held_on=TODAY, starts_at=time(9), place="Room 3", places=12,
            trainer=self.user, planned_at=NOW, planned_by=self.user,
        )  # fmt: skip

    @cached_property
    def class_place(self) -> ClassPlace:
        return ClassPlace.objects.create(
            prison=self.prison, session=self.session, buddy=self.buddy, person=self.second_person, booked_at=NOW,
            booked_by=self.user,
        )  # fmt: skip

    @cached_property
    def prior(self) -> PriorLearning:
        return PriorLearning.objects.create(
            prison=self.prison, buddy=self.buddy, person=self.second_person, module=self.module, place="Otherfield",
            passed_on=TODAY, evidence="Certificate seen", evidence_on=TODAY, decision="ACCEPTED", decided_at=NOW,
            decided_by=self.user,
        )  # fmt: skip

    @cached_property
    def group_meeting(self) -> GroupMeeting:
        return GroupMeeting.objects.create(
            prison=self.prison, held_on=TODAY, themes=["STAFF"], held_by=self.user, recorded_at=NOW
        )

    @cached_property
    def supervision(self) -> Supervision:
        return Supervision.objects.create(
            prison=self.prison, buddy=self.buddy, person=self.second_person, kind="ONE_TO_ONE", outcome="HELD",
            held_on=TODAY, themes=["TASKS"], wellbeing_asked=True, recorded_at=NOW, recorded_by=self.user,
        )  # fmt: skip

    @cached_property
    def supervision_action(self) -> SupervisionAction:
        return SupervisionAction.objects.create(
            prison=self.prison, supervision=self.supervision, buddy=self.buddy, words="Ask for gloves", due_on=TODAY
        )

    @cached_property
    def briefing(self) -> StaffBriefing:
        return StaffBriefing.objects.create(
            prison=self.prison, wing=self.wing, held_on=TODAY, led_by="The lead", staff=20, briefed=12,
            recorded_at=NOW, recorded_by=self.user,
        )  # fmt: skip

    @cached_property
    def protected_time(self) -> s.ProtectedTime:
        return s.ProtectedTime.objects.create(
            prison=self.prison, user=self.user, week=TODAY, planned=10, worked=8, entered_at=NOW, entered_by=self.user
        )

    @cached_property
    def second_prior(self) -> PriorLearning:
        return PriorLearning.objects.create(
            prison=self.prison, buddy=self.buddy, person=self.second_person, module=self.module, place="Thirdham",
            passed_on=TODAY, evidence="Certificate seen", evidence_on=TODAY, decision="ACCEPTED", decided_at=NOW,
            decided_by=self.user,
        )  # fmt: skip

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
    def telling(self) -> r.ReferralTelling:
        return r.ReferralTelling.objects.create(prison=self.prison, referral=self.referral, audience="PERSON")

    @cached_property
    def need(self) -> r.Need:
        return r.Need.objects.create(
            prison=self.prison,
            person=self.person,
            category="MEALS",
            source="SELF",
            noted_on=TODAY,
            noted_at=NOW,
            noted_by=self.user,
        )

    @cached_property
    def informal_help(self) -> r.InformalHelp:
        return r.InformalHelp.objects.create(
            prison=self.prison,
            reference="H-0001",
            person=self.person,
            helper=self.second_person,
            how_known="SEEN",
            noted_at=NOW,
            noted_by=self.user,
        )

    @cached_property
    def reception(self) -> r.ReceptionScreening:
        return r.ReceptionScreening.objects.create(
            prison=self.prison,
            custody=self.custody,
            person=self.person,
            yes=["WALKING"],
            asked_at=NOW,
            asked_by=self.user,
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
    def chase(self) -> r.AssessmentChase:
        return r.AssessmentChase.objects.create(
            prison=self.prison,
            assessment=self.assessment,
            step="ACKNOWLEDGE",
            waited=8,
            printed_on=TODAY,
            printed_at=NOW,
            printed_by=self.user,
        )

    @cached_property
    def capacity(self) -> r.CapacityRecord:
        return r.CapacityRecord.objects.create(
            prison=self.prison,
            plan=self.plan,
            decision="Whether to have help from a buddy",
            assessed_by_name="Olu Adeyemi",
            assessed_by_role="Social worker",
            assessed_on=TODAY,
            cannot=["WEIGH"],
            best_interests="Help with meals.",
            share=True,
            consulted=["Jean Carter, daughter"],
            advocate="NOT_NEEDED",
            advocate_words="The daughter takes part.",
            objects_to_it=False,
            review_on=TODAY + timedelta(days=60),
            recorded_at=NOW,
            recorded_by=self.user,
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
    def goal(self) -> r.PlanGoal:
        return r.PlanGoal.objects.create(prison=self.prison, plan=self.plan, position=1, words="Eat with others.")

    @cached_property
    def plan_version(self) -> r.PlanVersion:
        return r.PlanVersion.objects.create(
            prison=self.prison, plan=self.plan, number=1, why="ACTIVE", body={}, at=NOW, by=self.user
        )

    @cached_property
    def equipment(self) -> r.Equipment:
        return r.Equipment.objects.create(
            prison=self.prison, plan=self.plan, kind="FRAME", owner="PRISON", added_at=NOW, added_by=self.user
        )

    @cached_property
    def evacuation(self) -> r.EvacuationPlan:
        return r.EvacuationPlan.objects.create(
            prison=self.prison, plan=self.plan, needs_help=True, written_at=NOW, written_by=self.user
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
    def sheet(self) -> r.PaperSheet:
        return r.PaperSheet.objects.create(
            prison=self.prison, kind="LOG", number=1, buddy=self.buddy, week_starts_on=TODAY, printed_at=NOW,
            printed_by=self.user,
        )  # fmt: skip

    @cached_property
    def keyed_sheet(self) -> r.PaperSheet:
        keyed = {"keyed_at": NOW, "keyed_by": self.user, "done_on_paper": 1, "not_done_on_paper": 0}
        return put(copy_of(self.sheet, number=3, kind="SPARE", minutes_on_paper=10, **keyed))

    @cached_property
    def sheet_row(self) -> r.PaperSlip:
        return r.PaperSlip.objects.create(
            prison=self.prison, sheet=self.sheet, place=1, plan=self.plan, day=TODAY, session="AM", tasks=["DOM-03"],
            minutes=15, printed_at=NOW, printed_by=self.user,
        )  # fmt: skip

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
    def card(self) -> r.TerminalCard:
        return r.TerminalCard.objects.create(
            prison=self.prison, person=self.person, reference="K-0001", secret_hash="c" * 64, issued_at=NOW,
            issued_by=self.user,
        )  # fmt: skip

    @cached_property
    def card_scan(self) -> r.CardScan:
        return r.CardScan.objects.create(prison=self.prison, window=self.window, key_hash="s" * 64, scanned_at=NOW)

    @cached_property
    def draft(self) -> r.TerminalDraft:
        return r.TerminalDraft.objects.create(prison=self.prison, person=self.person, for_day=TODAY, sealed="x")

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
    def concern_reader(self) -> r.ConcernReader:
        return r.ConcernReader.objects.create(
            prison=self.prison, concern=self.concern, user=self.user, standing="RECEIVER", listed_at=NOW
        )

    @cached_property
    def hand_on(self) -> r.HandOn:
        return r.HandOn.objects.create(
            prison=self.prison, concern=self.concern, to="POLICE", handed_at=NOW, handed_by=self.user, chase_on=TODAY
        )

    @cached_property
    def receiver_deputy(self) -> r.ReceiverDeputy:
        return r.ReceiverDeputy.objects.create(
            prison=self.prison, user=self.user, deputy=self.second_user, named_at=NOW, named_by=self.user
        )

    @cached_property
    def receiver_leave(self) -> r.ReceiverLeave:
        return r.ReceiverLeave.objects.create(
            prison=self.prison, user=self.user, first_on=YESTERDAY, last_on=TODAY, recorded_at=NOW,
            recorded_by=self.user,
        )  # fmt: skip

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
    def pattern_hit(self) -> r.PatternHit:
        return r.PatternHit.objects.create(
            prison=self.prison, reference="L-0001", rule="BURST", wording="A rule.", found="20 entries.",
            subject="staff:1", staff=self.user, found_at=NOW,
        )  # fmt: skip

    @cached_property
    def pattern_row(self) -> r.PatternRow:
        return r.PatternRow.objects.create(prison=self.prison, hit=self.pattern_hit, planned=self.planned)

    @cached_property
    def pattern_rule(self) -> r.PatternRule:
        return r.PatternRule.objects.create(
            code="BURST", least=9, within=2, reason="A trial.", changed_at=NOW, changed_by=self.user
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
    def need_put(self) -> r.UnmetNeedPut:
        return r.UnmetNeedPut.objects.create(
            prison=self.prison, need=self.unmet_need, to="COUNCIL", put_on=TODAY, put_at=NOW, put_by=self.user
        )

    @cached_property
    def need_answer(self) -> r.UnmetNeedAnswer:
        return r.UnmetNeedAnswer.objects.create(
            prison=self.prison, put=self.need_put, answered_on=TODAY, said="Soon.", recorded_at=NOW,
            recorded_by=self.user,
        )  # fmt: skip

    @cached_property
    def figure(self) -> Figure:
        return Figure.objects.create(
            prison=self.prison,
            period="2026-11",
            first_day=date(2026, 11, 1),
            measure="OP-02",
            state="VALUE",
            value=3,
            definition_version=1,
            computed_at=NOW,
        )

    @cached_property
    def figure_correction(self) -> FigureCorrection:
        return FigureCorrection.objects.create(
            prison=self.prison, figure=self.figure, version=2, was_state="VALUE", was_value=3, state="NONE", value=0,
            corrected_at=NOW,
        )  # fmt: skip

    @cached_property
    def outcome(self) -> Outcome:
        return Outcome.objects.create(
            prison=self.prison, instrument="HELPED", person=self.plan.person, plan=self.plan, point="START",
            asked_on=TODAY, answers={"NEEDS": 2}, recorded_at=NOW, recorded_by=self.user,
        )  # fmt: skip

    @cached_property
    def buddy_outcome(self) -> Outcome:
        return Outcome.objects.create(
            prison=self.prison, instrument="BUDDY", person=self.buddy.person, buddy=self.buddy, point="START",
            asked_on=TODAY, answers={"SURE": 2}, recorded_at=NOW, recorded_by=self.user,
        )  # fmt: skip

    @cached_property
    def outcome_setting(self) -> OutcomeSetting:
        return OutcomeSetting.objects.create(prison=self.prison)

    @cached_property
    def typed_figure(self) -> TypedFigure:
        return TypedFigure.objects.create(
            prison=self.prison, period="2026-Q4", first_day=date(2026, 10, 1), measure="OP-26a", value=3,
            source="Complaints office", version=1, entered_at=NOW, entered_by=self.user,
        )  # fmt: skip

    @cached_property
    def digest_choice(self) -> DigestChoice:
        return DigestChoice.objects.create(reader=self.user, prison=self.prison, measures=["OP-02"], chosen_at=NOW)

    @cached_property
    def digest(self) -> Digest:
        return Digest.objects.create(
            reader=self.user, prison=self.prison, period="2026-Q3", since=EARLIER, until=NOW, count=0, made_at=NOW
        )

    @cached_property
    def hand_return(self) -> HandReturn:
        return HandReturn.objects.create(
            prison=self.prison, period="2026-Q3", first_day=date(2026, 7, 1), version=1, sort="FORMAL", buddies=12,
            source="LETTER", source_on=TODAY, returned_at=NOW, returned_by=self.user,
        )  # fmt: skip

    @cached_property
    def api_key(self) -> ApiKey:
        return ApiKey.objects.create(
            name="Dashboard", purpose="A page for inspectors", contact="Ira Indigo", digest="d" * 64, ends_with="abcd",
            expires_on=TODAY + timedelta(days=90), made_at=NOW, made_by=self.user,
        )  # fmt: skip

    @cached_property
    def api_use(self) -> ApiUse:
        return ApiUse.objects.create(key=self.api_key, day=TODAY, requests=1, rows=1)

    @cached_property
    def extract(self) -> Extract:
        return Extract.objects.create(
            reference="X-0001", recipient="University", purpose="Whether help begins sooner", ethics_reference="REC 1",
            agreement="DSA 1", first_day=date(2026, 7, 1), last_day=date(2026, 9, 30), asked_at=NOW, asked_by=self.user,
        )  # fmt: skip

    @cached_property
    def inspection(self) -> Inspection:
        return Inspection.objects.create(
            prison=self.prison, reference="I-1", inspector=self.user, first_on=TODAY, last_on=TODAY, opened_at=NOW,
            opened_by=self.user,
        )  # fmt: skip

    @cached_property
    def measure_words(self) -> MeasureWords:
        return MeasureWords.objects.create(
            measure="OP-02", title="Buddies", answers="How many?", numerator="Buddies", basis="our reconstruction",
            expectation="Peer support", reason="Shorter", amended_at=NOW, amended_by=self.user,
        )  # fmt: skip

    @cached_property
    def self_assessment(self) -> SelfAssessment:
        return SelfAssessment.objects.create(
            prison=self.prison, period="2026-Q4", first_day=date(2026, 10, 1), started_at=NOW, started_by=self.user
        )

    @cached_property
    def self_answer(self) -> SelfAnswer:
        return SelfAnswer.objects.create(
            prison=self.prison, assessment=self.self_assessment, item="SA-08", version=1, answer="MET",
            suggested="PARTLY", contradicts=True, answered_at=NOW, answered_by=self.user,
        )  # fmt: skip

    @cached_property
    def self_evidence(self) -> SelfEvidence:
        return SelfEvidence.objects.create(
            prison=self.prison, answer=self.self_answer, kind="FILE", shows="Courses", file_name="courses.pdf",
            media="PDF", size=9, added_at=NOW, added_by=self.user,
        )  # fmt: skip

    @cached_property
    def self_file(self) -> SelfFile:
        return SelfFile.objects.create(prison=self.prison, evidence=self.self_evidence, content=b"%PDF-1.7\n")

    @cached_property
    def self_action(self) -> SelfAction:
        return SelfAction.objects.create(
            prison=self.prison, assessment=self.self_assessment, item="SA-08", what="Hold a course",
            responsible="Deputy lead", due_on=TODAY, added_at=NOW, added_by=self.user,
        )  # fmt: skip

    @cached_property
    def data_query(self) -> DataQuery:
        return DataQuery.objects.create(
            prison=self.prison, period="2026-Q3", first_day=date(2026, 7, 1), rule="NO_COSTS", measure="CO-09",
            words="Not returned.", raised_at=NOW,
        )  # fmt: skip

    @cached_property
    def data_query_step(self) -> DataQueryStep:
        return DataQueryStep.objects.create(prison=self.prison, query=self.data_query, kind="RAISED", at=NOW)

    @cached_property
    def quarter_sign(self) -> QuarterSign:
        return QuarterSign.objects.create(
            prison=self.prison, period="2026-Q3", first_day=date(2026, 7, 1), version=1, kind="SIGNED", said_at=NOW,
            said_by=self.user,
        )  # fmt: skip

    @cached_property
    def cost_return(self) -> CostReturn:
        return CostReturn.objects.create(
            prison=self.prison, period="2026-Q4", first_day=date(2026, 10, 1), version=1, setup_pence=1000,
            setup_years=5, council_percent=50, health_percent=25, grant_percent=25, saved_at=NOW, saved_by=self.user,
        )  # fmt: skip

    @cached_property
    def price_index(self) -> PriceIndex:
        return PriceIndex.objects.create(
            begins=2025, index=100, source="A table", published_on=TODAY, entered_at=NOW, entered_by=self.user
        )

    @cached_property
    def pay_rate(self) -> PayRate:
        return PayRate.objects.create(
            prison=self.prison, band=4, name="Enhanced", session_pence=80, valid_from=TODAY, set_at=NOW,
            set_by=self.user,
        )  # fmt: skip

    @cached_property
    def pay_setting(self) -> PaySetting:
        return PaySetting.objects.create(prison=self.prison)

    @cached_property
    def pay_band(self) -> PayBand:
        return PayBand.objects.create(prison=self.prison, buddy=self.buddy, band=4, set_at=NOW, set_by=self.user)

    @cached_property
    def pay_period(self) -> PayPeriod:
        return PayPeriod.objects.create(
            prison=self.prison, first_day=date(2026, 11, 9), last_day=date(2026, 11, 15), classes_count=False,
            started_at=NOW, started_by=self.user,
        )  # fmt: skip

    @cached_property
    def pay_line(self) -> PayLine:
        return PayLine.objects.create(
            prison=self.prison, period=self.pay_period, buddy=self.buddy, band=4, sessions=2, expected_pence=160,
            recorded_pence=160, recorded_at=NOW, recorded_by=self.user, state="AGREES",
        )  # fmt: skip

    @cached_property
    def next_period(self) -> PayPeriod:
        return PayPeriod.objects.create(
            prison=self.prison, first_day=date(2026, 11, 16), last_day=date(2026, 11, 22), classes_count=False,
            started_at=NOW, started_by=self.user,
        )  # fmt: skip

    @cached_property
    def pay_explanation(self) -> PayExplanation:
        return PayExplanation.objects.create(
            prison=self.prison, line=self.pay_line, line_version=1, reason="DEDUCTION", explained_at=NOW,
            explained_by=self.user,
        )  # fmt: skip

    @cached_property
    def pay_file(self) -> PayFile:
        return PayFile.objects.create(
            prison=self.prison, period=self.pay_period, rows=[], staged_at=NOW, staged_by=self.user
        )

    @cached_property
    def staff_work(self) -> r.StaffWorkMark:
        return r.StaffWorkMark.objects.create(
            prison=self.prison, planned=self.planned, buddy=self.buddy, marked=True, whose="STAFF",
            words="Cleaned the servery", marked_at=NOW, marked_by=self.user,
        )  # fmt: skip

    @cached_property
    def month_close(self) -> MonthClose:
        return MonthClose.objects.create(
            prison=self.prison, month=date(2026, 10, 1), closed_at=NOW, closed_by=self.user
        )

    @cached_property
    def population(self) -> Population:
        return Population.objects.create(
            prison=self.prison, month=date(2026, 10, 1), total=500, source="Daily roll", counted_on=date(2026, 10, 31),
            entered_at=NOW, entered_by=self.user,
        )  # fmt: skip

    @cached_property
    def population_count(self) -> PopulationCount:
        return PopulationCount.objects.create(
            prison=self.prison, population=self.population, by="sex", group="male", count=480
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

    @cached_property
    def release_file(self) -> ReleaseFile:
        return ReleaseFile.objects.create(release=self.release, words_version=0, asked_at=NOW)

    @cached_property
    def release_report(self) -> ReleaseReport:
        return ReleaseReport.objects.create(
            release=self.release, about=self.prison, asked_at=NOW, asked_by=self.user, expires_at=LATER
        )

    @cached_property
    def release_report_file(self) -> ReleaseReportFile:
        return ReleaseReportFile.objects.create(report=self.release_report, content=b"%PDF")

    @cached_property
    def release_request(self) -> ReleaseRequest:
        return ReleaseRequest.objects.create(
            kind="QUARTER", period="2026-Q2", asked_at=NOW, asked_by=self.user, of=2, heard_at=NOW
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


def upheld(rows: Rows) -> dict[str, Any]:
    """A refusal taken back on appeal, beside which another may stand."""
    return {
        "appealed_on": TODAY,
        "appeal_words": "No.",
        "appeal_entered_at": NOW,
        "appeal_entered_by": rows.user,
        "outcome": "UPHELD",
        "outcome_reason": "Because",
        "decided_at": NOW,
        "decided_by": rows.second_user,
    }


def _later(o: Rows) -> Supervision:
    return Supervision.objects.create(
        prison=o.prison, buddy=o.buddy, person=o.second_person, kind="ONE_TO_ONE", outcome="HELD",
        held_on=TODAY + timedelta(days=1), themes=["TASKS"], wellbeing_asked=True, recorded_at=NOW, recorded_by=o.user,
    )  # fmt: skip


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
    with_rows(
        "custody_moved_elsewhere",
        lambda o: o.custody,
        lambda o: {
            "ended_at": LATER,
            "end_reason": "RELEASE",
            "moved_to": o.other_prison,
        },
        "released",
    ),
    with_rows(
        "custody_moved_elsewhere",
        lambda o: o.custody,
        lambda o: {
            "ended_at": LATER,
            "end_reason": "TRANSFER",
            "moved_to": o.prison,
        },
        "here",
    ),
    b("custody_claim_answered_pair", lambda o: o.claim, answer="MOVED"),
    b("custody_claim_open_once", lambda o: o.claim),
    with_rows("keep_apart_two_people", lambda o: o.keep_apart, lambda o: {"other": o.person}),
    b("keep_apart_ended_pair", lambda o: o.keep_apart, ended_at=NOW),
    b("keep_apart_open_once", lambda o: o.keep_apart),
    b("alert_ended_pair", lambda o: o.alert, ended_at=NOW),
    b("alert_ends_after_start", lambda o: o.alert, active_to=YESTERDAY),
    b("alert_open_once", lambda o: o.alert),
    b("meaning_change_has_reason", lambda o: o.meaning_change, reason=""),
    b("prison_meaning_has_reason", lambda o: o.prison_meaning, reason=""),
    b("absence_changed_pair", lambda o: o.absence, changed_at=NOW),
    b("absence_cancelled_pair", lambda o: o.absence, cancelled_at=NOW),
    b("absence_ends_after_start", lambda o: o.absence, ends_on=YESTERDAY),
    b("absence_open_only_away", lambda o: o.absence, "in the prison", kind="VISIT"),
    b("absence_open_only_away", lambda o: o.absence, "a session without a day", ends_session="AM"),
    b("weekly_activity_ended_pair", lambda o: o.weekly, ended_at=NOW),
    b("weekly_activity_ends_after", lambda o: o.weekly, ends_on=YESTERDAY),
    b("weekly_activity_weekdays", lambda o: o.weekly, "none", weekdays=[]),
    b("weekly_activity_weekdays", lambda o: o.weekly, "an eighth", weekdays=[7]),
    b("directory_event_once", lambda o: o.directory_event),
    b("directory_event_looked_pair", lambda o: o.directory_event, identity="Z0002ZA", looked_at=NOW),
    b("match_stop_open_once", lambda o: o.match_stop),
    b("change_mark_once", lambda o: o.change_mark),
    b("regime_session_once", lambda o: o.regime_time),
    b("regime_weekday", lambda o: o.regime_time, weekday=7),
    b("regime_locks_after_unlock", lambda o: o.regime_time, lock_at=time(8, 30)),
    b("lock_down_once", lambda o: o.lock_down),
    b("holiday_regime_once", lambda o: o.holiday_regime),
    b(
        "holiday_regime_weekday",
        lambda o: o.holiday_regime,
        like_weekday=7,
        am_unlock=None,
        am_lock=None,
        pm_unlock=None,
        pm_lock=None,
        ev_unlock=None,
        ev_lock=None,
    ),
    b("holiday_regime_am", lambda o: o.holiday_regime, am_lock=time(8)),
    b("holiday_regime_pm", lambda o: o.holiday_regime, pm_lock=None),
    b(
        "holiday_regime_ev",
        lambda o: o.holiday_regime,
        "like a weekday",
        like_weekday=6,
        am_unlock=None,
        am_lock=None,
        pm_unlock=None,
        pm_lock=None,
    ),
    b("scheme_none_skipped", lambda o: o.scheme, departments=["SECURITY"]),
    b("scheme_clearance_months", lambda o: o.scheme, clearance_months=0),
    b("scheme_supervision_months", lambda o: o.scheme, "never", supervision_months=0),
    b("scheme_supervision_months", lambda o: o.scheme, "hardly ever", supervision_months=7),
    b("protected_time_once_a_week", lambda o: o.protected_time),
    b("protected_time_from_monday", lambda o: o.protected_time, week=YESTERDAY),
    b("protected_time_planned_range", lambda o: o.protected_time, week=date(2026, 11, 16), planned=61),
    b("protected_time_worked_range", lambda o: o.protected_time, week=date(2026, 11, 16), worked=81),
    with_rows(
        "clearance_paper_says_what",
        lambda o: o.clearance,
        lambda o: {"source": "PAPER", "paper_kind": "EMAIL", "department": "HEALTHCARE"},
    ),
    b("compact_time_to_sign", lambda o: o.compact_text, version=10, sign_by=YESTERDAY),
    b("compact_published_pair", lambda o: o.compact_text, version=10, published_at=NOW),
    b("interview_criteria_once", lambda o: o.criteria),
    b("interview_criteria_some", lambda o: o.criteria, version=2, items=[]),
    b("score_sheet_two_people", lambda o: o.score_sheet, place=2),
    with_rows("score_sheet_place_once", lambda o: o.score_sheet, lambda o: {"scored_by": o.second_user}),
    with_rows("score_sheet_two_at_most", lambda o: o.score_sheet, lambda o: {"scored_by": o.second_user, "place": 3}),
    with_rows(
        "score_sheet_one_to_four",
        lambda o: o.score_sheet,
        lambda o: {"scored_by": o.second_user, "place": 2, "scores": [5]},
        "five",
    ),
    with_rows(
        "score_sheet_one_to_four",
        lambda o: o.score_sheet,
        lambda o: {"scored_by": o.second_user, "place": 2, "scores": []},
        "none",
    ),
    b("prompt_changed_once", lambda o: o.prompt),
    b("prompt_has_words", lambda o: o.prompt, national=None, words=""),
    b("prompt_own_never_dropped", lambda o: o.prompt, national=None, dropped=True),
    b("referrer_once", lambda o: o.referrer),
    b("local_department_once", lambda o: o.local_department, name="CHAPLAINCY"),
    b("local_department_ended_pair", lambda o: o.local_department, name="Education", ended_at=NOW),
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
    b("care_pack_number_once", lambda o: o.care_pack),
    with_rows("care_pack_to_another_prison", lambda o: o.care_pack, lambda o: {"to_prison": o.prison}),
    b("care_pack_accepted_pair", lambda o: o.care_pack, "nobody", number=2, accepted_at=NOW),
    with_rows(
        "care_pack_accepted_pair", lambda o: o.care_pack, lambda o: {"number": 2, "accepted_by": o.user}, "no moment"
    ),
    b("care_pack_confirmed_dated", lambda o: o.care_pack, number=2, confirmed_words="Pat Jones"),
    with_rows("fall_reference_once", lambda o: o.fall, lambda o: {"concern": o.second_concern}),
    b("fall_alarm_after", lambda o: o.fall, reference="F-0002", alarm_at=EARLIER),
    b("fall_staff_after", lambda o: o.fall, reference="F-0002", staff_at=EARLIER),
    b("fall_healthcare_after", lambda o: o.fall, "before", reference="F-0002", healthcare_at=EARLIER),
    b(
        "fall_healthcare_after",
        lambda o: o.fall,
        "not called",
        reference="F-0002",
        healthcare_at=LATER,
        no_healthcare=True,
    ),
    b("fall_up_after", lambda o: o.fall, reference="F-0002", up_at=EARLIER),
    b("handover_reference_once", lambda o: o.handover),
    b(
        "handover_received_pair",
        lambda o: o.handover,
        "nobody",
        reference="H-0002",
        received_at=NOW,
        received_on=TODAY,
        received_words="Sam Hill",
    ),
    with_rows(
        "handover_received_pair",
        lambda o: o.handover,
        lambda o: {"reference": "H-0002", "received_by": o.user},
        "no moment",
    ),
    b("handover_received_dated", lambda o: o.handover, reference="H-0002", received_words="Sam Hill"),
    b("pack_once_a_prison", lambda o: o.pack),
    with_rows("pack_to_another_prison", lambda o: o.pack, lambda o: {"to_prison": o.prison}),
    b("pack_acknowledged_pair", lambda o: o.pack, "nobody", acknowledged_at=NOW),
    with_rows("pack_acknowledged_pair", lambda o: o.pack, lambda o: {"acknowledged_by": o.user}, "no moment"),
    with_rows("pack_module_decided_once", lambda o: o.pack_decision, lambda o: {"prior": o.second_prior}),
    b("take_over_file_expires_after", lambda o: o.take_over_file, expires_at=NOW),
    b("take_over_line_once", lambda o: o.take_over_line),
    b("import_file_save_pair", lambda o: o.import_file, "nobody", save_asked_at=NOW),
    with_rows("import_file_save_pair", lambda o: o.import_file, lambda o: {"save_asked_by": o.user}, "no moment"),
    b("import_file_saved_has_day", lambda o: o.import_file, state="SAVED"),
    b("import_file_dropped_has_day", lambda o: o.import_file, state="DROPPED"),
    b("import_row_once", lambda o: o.import_row),
    b("import_row_left_out_pair", lambda o: o.import_row, "nobody", left_out_at=NOW),
    with_rows("import_row_left_out_pair", lambda o: o.import_row, lambda o: {"left_out_by": o.user}, "no moment"),
    b("import_row_changed_pair", lambda o: o.import_row, "nobody", changed_at=NOW),
    with_rows("import_row_changed_pair", lambda o: o.import_row, lambda o: {"changed_by": o.user}, "no moment"),
    b("import_columns_once", lambda o: o.import_columns),
    with_rows("buddy_step_by_somebody", lambda o: o.buddy_step, lambda o: {"by": None}, "nobody"),
    with_rows("buddy_step_by_somebody", lambda o: o.buddy_step, lambda o: {"by_person": o.person}, "both"),
    b("buddy_terminal_says_why", lambda o: o.buddy, status="LEFT", reference="B-0008", channel="TERMINAL"),
    b("post_reference_once", lambda o: o.post),
    b("post_has_places", lambda o: o.post, reference="J-0002", places=0),
    b("post_hours", lambda o: o.post, reference="J-0002", weekly_hours=61),
    b("post_pay_band", lambda o: o.post, reference="J-0002", pay_band=11),
    b(
        "post_closes_after_advert",
        lambda o: o.post,
        reference="J-0002",
        status="ADVERTISED",
        advertised_on=TODAY,
        closes_on=YESTERDAY,
    ),
    b("post_advertised_dated", lambda o: o.post, reference="J-0002", status="ADVERTISED"),
    b("post_entered_pair", lambda o: o.post, reference="J-0002", entered_at=None),
    b("post_closed_pair", lambda o: o.post, reference="J-0002", status="CLOSED", closed_at=NOW),
    with_rows(
        "post_closed_dated",
        lambda o: o.post,
        lambda o: {"reference": "J-0002", "closed_at": NOW, "closed_by": o.user},
    ),
    b("refusal_one_standing", lambda o: o.refusal),
    with_rows("refusal_says_why", lambda o: o.refusal, lambda o: {"reason": "", **upheld(o)}),
    with_rows("refusal_declined_pair", lambda o: o.refusal, lambda o: {**upheld(o), "declined_by": None}),
    with_rows(
        "refusal_told_pair",
        lambda o: o.refusal,
        lambda o: {
            **upheld(o),
            "told_on": TODAY,
            "told_how": "FACE",
            "told_who": "Olu Officer",
            "told_entered_at": NOW,
        },
    ),
    with_rows("refusal_told_whole", lambda o: o.refusal, lambda o: {**upheld(o), "told_on": TODAY}),
    with_rows("refusal_appeal_pair", lambda o: o.refusal, lambda o: {**upheld(o), "appeal_entered_by": None}),
    with_rows("refusal_appeal_whole", lambda o: o.refusal, lambda o: {**upheld(o), "appeal_words": ""}),
    with_rows("refusal_decided_pair", lambda o: o.refusal, lambda o: {**upheld(o), "decided_by": None}),
    with_rows("refusal_decided_whole", lambda o: o.refusal, lambda o: {**upheld(o), "outcome_reason": ""}),
    with_rows("refusal_appeal_by_somebody_else", lambda o: o.refusal, lambda o: {**upheld(o), "decided_by": o.user}),
    b("scheme_limits", lambda o: o.scheme, "none", council_ack_days=0),
    b("scheme_limits", lambda o: o.scheme, "too long", health_decide_days=181),
    b("scheme_caps", lambda o: o.scheme, "people", capacity=13),
    b("scheme_caps", lambda o: o.scheme, "minutes", weekly_minutes=2401),
    b("scheme_caps", lambda o: o.scheme, "days", days_in_row=7),
    b("buddy_caps", lambda o: o.buddy, "none", capacity=0),
    b("buddy_caps", lambda o: o.buddy, "days", days_in_row=7),
    b("buddy_rest_day", lambda o: o.buddy, rest_day=7),
    b("stand_down_one_running", lambda o: o.suspension),
    b("stand_down_suspension_is_whole", lambda o: o.suspension, "pay", paid=None),
    b("stand_down_suspension_is_whole", lambda o: o.suspension, "review", review_on=None),
    b("stand_down_removal_has_category", lambda o: o.suspension, "no category", kind="REMOVED"),
    b("stand_down_removal_has_category", lambda o: o.suspension, "not removed", kind="LEFT", category="CONDUCT"),
    b("stand_down_review_after", lambda o: o.suspension, review_on=TODAY),
    with_rows(
        "stand_down_ends_after",
        lambda o: o.suspension,
        lambda o: {"ended_on": YESTERDAY, "ended_at": NOW, "ended_by": o.user},
    ),
    b("stand_down_ended_pair", lambda o: o.suspension, ended_on=TODAY, ended_at=NOW),
    with_rows("stand_down_ended_dated", lambda o: o.suspension, lambda o: {"ended_at": NOW, "ended_by": o.user}),
    b("stand_down_appeal_pair", lambda o: o.suspension, kind="LEFT", appeal="WAITING", appeal_recorded_at=NOW),
    b(
        "stand_down_appeal_decided_pair",
        lambda o: o.left,
        appeal="STANDS",
        appeal_decided_at=NOW,
    ),
    b("stand_down_appeal_fits", lambda o: o.suspension, "no moment", kind="LEFT", appeal="WAITING"),
    with_rows(
        "stand_down_appeal_second_person",
        lambda o: o.left,
        lambda o: {"appeal": "STANDS", "appeal_decided_at": NOW, "appeal_decided_by": o.user},
    ),
    # Training
    b("override_one_item", lambda o: o.override, "a module that is none", item="MODULE"),
    with_rows("override_one_item", lambda o: o.override, lambda o: {"module": o.module}, "compact with a module"),
    b("override_ends_in_time", lambda o: o.override, "too long", ends_on=TODAY + timedelta(days=91)),
    b("override_ends_in_time", lambda o: o.override, "over already", ends_on=YESTERDAY),
    b("override_decided_pair", lambda o: o.override, decision="APPROVED"),
    with_rows(
        "override_second_person",
        lambda o: o.override,
        lambda o: {"decision": "APPROVED", "decided_at": NOW, "decided_by": o.user},
    ),
    b("override_waiting_once", lambda o: o.override),
    with_rows("restricted_decided_pair", lambda o: o.restricted, lambda o: {"decided_by": o.second_user}),
    b("restricted_withdrawn_pair", lambda o: o.restricted, withdrawn_at=NOW),
    b("restricted_decided", lambda o: o.restricted, status="REFUSED"),
    with_rows(
        "restricted_second_person",
        lambda o: o.restricted,
        lambda o: {"status": "REFUSED", "decided_at": NOW, "decided_by": o.user},
    ),
    b("restricted_review_in_time", lambda o: o.restricted, "over already", review_on=TODAY),
    b("restricted_review_in_time", lambda o: o.restricted, "too long", review_on=TODAY + timedelta(days=367)),
    b("restricted_names_training", lambda o: o.restricted, modules=[]),
    b("restricted_waiting_once", lambda o: o.restricted),
    b("restricted_approved_once", lambda o: o.restricted_approved),
    b("task_module_once", lambda o: o.task_module),
    b("result_expires_after", lambda o: o.result, expires_on=TODAY),
    b("result_passed_in_all_parts", lambda o: o.result, "knowledge", knowledge="NOT_YET"),
    b("result_passed_in_all_parts", lambda o: o.result, "practical", practical="NOT_YET"),
    b("result_void_replaces", lambda o: o.result, outcome="VOID", expires_on=None),
    with_rows(
        "result_of_class_or_prior", lambda o: o.result, lambda o: {"session": o.session, "prior": o.prior}, "both"
    ),
    with_rows("module_code_of_prison", lambda o: o.module, lambda o: {"code": "X-01", "prison": o.prison}),
    b("module_version_once", lambda o: o.module_version),
    b("module_version_changed_pair", lambda o: o.module_version, number=2, changed_at=NOW),
    b("local_task_module_once", lambda o: o.local_task_module),
    b("local_task_module_ended_pair", lambda o: o.local_task_module, ended_at=NOW),
    b("class_places_range", lambda o: o.session, "none", places=0),
    b("class_places_range", lambda o: o.session, "too many", places=61),
    b("class_marked_pair", lambda o: o.session, marked_at=NOW, status="HELD"),
    b("class_cancelled_pair", lambda o: o.session, cancelled_at=NOW, status="CANCELLED", cancel_reason="Lock-down"),
    b("class_status_dated", lambda o: o.session, "held, not marked", status="HELD"),
    with_rows(
        "class_status_dated",
        lambda o: o.session,
        lambda o: {"status": "CANCELLED", "cancelled_at": NOW, "cancelled_by": o.user},
        "no reason",
    ),
    b("class_place_once", lambda o: o.class_place),
    b("class_place_freed_pair", lambda o: o.class_place, freed_at=NOW),
    b("prior_retake_says_why", lambda o: o.prior, decision="RETAKE"),
    b("group_meeting_has_themes", lambda o: o.group_meeting, themes=[]),
    b("supervision_once_a_day", lambda o: o.supervision),
    b("supervision_missed_says_why", lambda o: o.supervision, "no reason", outcome="MISSED", wellbeing_asked=None),
    b("supervision_missed_says_why", lambda o: o.supervision, "held with a reason", reason="UNWELL"),
    b("supervision_group_has_meeting", lambda o: o.supervision, "none", kind="GROUP", wellbeing_asked=None),
    with_rows(
        "supervision_group_has_meeting",
        lambda o: o.supervision,
        lambda o: {"held_on": YESTERDAY, "meeting": o.group_meeting},
        "one-to-one",
    ),
    b("supervision_asks_wellbeing", lambda o: o.supervision, "held", held_on=YESTERDAY, wellbeing_asked=None),
    b(
        "supervision_asks_wellbeing",
        lambda o: o.supervision,
        "missed",
        held_on=YESTERDAY,
        outcome="MISSED",
        reason="UNWELL",
    ),
    b("supervision_action_closed_pair", lambda o: o.supervision_action, closed_at=NOW),
    with_rows(
        "supervision_action_closed_in", lambda o: o.supervision_action, lambda o: {"closed_in": _later(o)}, "open"
    ),
    with_rows(
        "supervision_action_closed_later",
        lambda o: o.supervision_action,
        lambda o: {"closed_in": o.supervision, "closed_at": NOW, "closed_by": o.user},
    ),
    b("supervision_action_has_words", lambda o: o.supervision_action, words=""),
    b("briefing_has_staff", lambda o: o.briefing, "none", held_on=YESTERDAY, staff=301),
    b("briefing_within_staff", lambda o: o.briefing, "more than there are", held_on=YESTERDAY, briefed=21),
    b("briefing_within_staff", lambda o: o.briefing, "nobody", held_on=YESTERDAY, briefed=0),
    b("briefing_once_a_day", lambda o: o.briefing),
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
    b("assessment_plan_after_eligible", lambda o: o.assessment, plan_received_on=TODAY),
    b("assessment_closed_says_why", lambda o: o.assessment, "no reason", closed_on=TODAY),
    b("assessment_closed_says_why", lambda o: o.assessment, "no day", close_reason="Left"),
    b("assessment_closed_says_why", lambda o: o.assessment, "before", closed_on=YESTERDAY, close_reason="Left"),
    b("assessment_chased_once_a_day", lambda o: o.chase),
    b("capacity_ended_pair", lambda o: o.capacity, ended_at=NOW, end="REGAINED"),
    with_rows("capacity_end_says_why", lambda o: o.capacity, lambda o: {"ended_at": NOW, "ended_by": o.user}),
    b("capacity_one_stands", lambda o: o.capacity),
    b("capacity_says_what_cannot", lambda o: o.capacity, cannot=[]),
    b("capacity_review_after", lambda o: o.capacity, review_on=TODAY),
    b("capacity_objection_stops", lambda o: o.capacity, objects_to_it=True),
    b("plan_reference_once", lambda o: o.plan, status="ENDED"),
    b("plan_one_live", lambda o: o.plan, "draft", reference="P-0009", status="DRAFT"),
    b("plan_one_live", lambda o: o.plan, "wishes", reference="P-0009", status="WISHES"),
    b("plan_own_words", lambda o: o.plan, own_words=""),
    b("plan_active_is_agreed", lambda o: o.plan, "refused", answer="REFUSES"),
    b("plan_active_is_agreed", lambda o: o.plan, "no review", review_on=None),
    b("plan_active_is_agreed", lambda o: o.plan, "not activated", activated_at=None, activated_by=None),
    b("plan_activated_pair", lambda o: o.plan, activated_by=None),
    b("plan_ended_pair", lambda o: o.plan, ended_at=NOW),
    with_rows(
        "plan_asked_for_pair", lambda o: o.plan, lambda o: {"asked_for": put(o.second_buddy), "asked_for_at": NOW}
    ),
    with_rows("plan_asked_for_dated", lambda o: o.plan, lambda o: {"asked_for": put(o.second_buddy)}),
    b("plan_made_full_pair", lambda o: o.plan, made_full_at=NOW, interim_from=TODAY, interim_until=TODAY),
    b(
        "plan_interim_at_most_14_days",
        lambda o: o.plan,
        "too long",
        interim_from=TODAY,
        interim_until=TODAY + timedelta(days=14),
    ),
    b("plan_interim_at_most_14_days", lambda o: o.plan, "ends before", interim_from=TODAY, interim_until=YESTERDAY),
    with_rows(
        "plan_interim_at_most_14_days",
        lambda o: o.plan,
        lambda o: {"made_full_at": NOW, "made_full_by": o.user},
        "full, never interim",
    ),
    b("plan_goal_once", lambda o: o.goal),
    b("plan_goal_three", lambda o: o.goal, position=4),
    b("plan_goal_state_pair", lambda o: o.goal, state_at=NOW, state="REACHED"),
    b("plan_goal_removed_pair", lambda o: o.goal, removed_at=NOW),
    b("plan_goal_state_dated", lambda o: o.goal, state="REACHED"),
    b("plan_version_once", lambda o: o.plan_version),
    b("equipment_removed_pair", lambda o: o.equipment, removed_at=NOW),
    b("equipment_checked_before_next", lambda o: o.equipment, checked_on=TODAY, next_check_on=TODAY),
    b("evacuation_plan_one_now", lambda o: o.evacuation),
    b("evacuation_plan_is_whole", lambda o: o.evacuation, staff=2, review_on=TODAY),
    b("plan_task_once", lambda o: o.plan_task),
    b("plan_task_stopped_by_somebody", lambda o: o.plan_task, stopped_at=NOW),
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
    b("match_best_interests_says_what_was_shown", lambda o: o.match, "agreed", under_best_interests=True),
    b("match_choice_has_its_reason", lambda o: o.match, "nobody", choice_reason="Both asked."),
    with_rows("match_choice_has_its_reason", lambda o: o.match, lambda o: {"instead_of": put(o.second_buddy)}),
    b("match_person_pair", lambda o: o.match, person_agreed_by=None),
    b("match_buddy_pair", lambda o: o.match, buddy_agreed_by=None),
    b("match_ended_pair", lambda o: o.match, ended_at=NOW),
    b("slip_number_once", lambda o: o.slip),
    b("slip_alone_or_on_a_sheet", lambda o: o.slip, "no number", number=None),
    with_rows("slip_alone_or_on_a_sheet", lambda o: o.slip, lambda o: {"sheet": o.sheet, "place": 9}, "both"),
    b("slip_row_once", lambda o: o.sheet_row, day=TODAY + timedelta(days=1)),
    b("slip_visit_once_on_sheet", lambda o: o.sheet_row, place=2),
    b("slip_visit_whole", lambda o: o.sheet_row, "no day", day=None),
    b("slip_visit_whole", lambda o: o.sheet_row, "no session", session=""),
    b("sheet_number_once", lambda o: o.sheet, kind="SPARE"),
    b("sheet_one_for_a_week", lambda o: o.sheet, number=2),
    b("sheet_keyed_pair", lambda o: o.keyed_sheet, keyed_by=None),
    b("sheet_buddy_and_week", lambda o: o.sheet, week_starts_on=None),
    b("sheet_log_has_buddy", lambda o: o.sheet, buddy=None, week_starts_on=None),
    b("sheet_form_says_nothing", lambda o: o.sheet, kind="CONCERN"),
    b("sheet_keyed_with_totals", lambda o: o.keyed_sheet, "no total", minutes_on_paper=None),
    b("sheet_keyed_with_totals", lambda o: o.sheet, "a total, not keyed", minutes_on_paper=10),
    b("window_one_open", lambda o: o.window),
    b("window_ends_after_start", lambda o: o.window, ends_at=NOW),
    b("terminal_code_one", lambda o: o.code),
    b("terminal_entry_let_in_pair", lambda o: o.entry, let_in_by=None),
    b("terminal_card_withdrawn_pair", lambda o: o.card, withdrawn_at=NOW),
    b("terminal_card_one", lambda o: o.card, reference="K-0002", secret_hash="d" * 64),
    with_rows(
        "terminal_card_reference_once", lambda o: o.card, lambda o: {"person": o.second_person, "secret_hash": "d" * 64}
    ),
    b("card_scan_answered_pair", lambda o: o.card_scan, key_hash="t" * 64, answered_at=NOW),
    b("terminal_draft_one_a_day", lambda o: o.draft),
    with_rows("terminal_entry_one_at_a_time", lambda o: o.entry, lambda o: {"person": o.person}),
    b("sign_in_count_once", lambda o: o.sign_in_count),
    b("sign_in_standing_once", lambda o: o.sign_in_standing),
    b("planned_visit_once", lambda o: o.planned),
    b("visit_logged_once", lambda o: o.visit),
    with_rows("visit_slip_once", lambda o: o.paper_visit, lambda o: {"planned": o.second_planned}),
    b("visit_not_done_has_reason", lambda o: o.visit, "no reason", outcome="NOT_DONE", minutes=0),
    b("visit_not_done_has_reason", lambda o: o.visit, "minutes", outcome="NOT_DONE", reason="NOT_UNLOCKED"),
    b("visit_done_has_no_reason", lambda o: o.visit, reason="NOT_UNLOCKED"),
    b("visit_done_has_no_teller", lambda o: o.visit, said_by="STAFF"),
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
    b("concern_graded_pair", lambda o: o.concern, graded_at=NOW),
    b("concern_reader_once", lambda o: o.concern_reader),
    with_rows(
        "concern_reader_given_by_somebody",
        lambda o: o.concern_reader,
        lambda o: {"user": o.second_user, "standing": "GIVEN"},
    ),
    b("concern_reader_ended_pair", lambda o: o.concern_reader, ended_at=NOW),
    b("hand_on_chased_pair", lambda o: o.hand_on, chased_at=NOW),
    b("hand_on_answered_pair", lambda o: o.hand_on, answered_at=NOW, outcome="They came"),
    with_rows("hand_on_answer_has_words", lambda o: o.hand_on, lambda o: {"answered_at": NOW, "answered_by": o.user}),
    b("receiver_deputy_once", lambda o: o.receiver_deputy),
    with_rows("receiver_deputy_is_another", lambda o: o.receiver_deputy, lambda o: {"user": o.second_user}),
    b("receiver_deputy_ended_pair", lambda o: o.receiver_deputy, ended_at=NOW),
    b("receiver_leave_ends_after_start", lambda o: o.receiver_leave, first_on=TODAY, last_on=YESTERDAY),
    b("receiver_leave_cancelled_pair", lambda o: o.receiver_leave, cancelled_at=NOW),
    b("receiver_leave_no_overlap", lambda o: o.receiver_leave, "a day of both", first_on=TODAY),
    b("lapse_decision_until", lambda o: o.lapse_decision, "no day", until=None),
    b("lapse_decision_until", lambda o: o.lapse_decision, "staff with a day", choice="STAFF"),
    b("lapse_decision_lacks", lambda o: o.lapse_decision, lacks=[]),
    b("cover_once", lambda o: o.cover),
    b("cover_slot_once", lambda o: o.cover_slot),
    b("cover_slot_ended_pair", lambda o: o.cover_slot, ended_at=NOW),
    b("slot_exception_in_order", lambda o: o.slot_exception, last_on=TODAY - timedelta(days=1)),
    b("slot_exception_one_day_moved", lambda o: o.slot_exception, to_day=TODAY),
    b("slot_exception_reason", lambda o: o.slot_exception, reason=""),
    b("slot_exception_ended_pair", lambda o: o.slot_exception, ended_at=NOW),
    b("session_notice_once", lambda o: o.session_notice),
    b("cover_names_buddy", lambda o: o.cover, choice="BUDDY"),
    b("danger_call_acknowledged_pair", lambda o: o.danger_call, acknowledged_at=NOW),
    b("danger_call_from_somewhere", lambda o: o.danger_call, told="STAFF"),
    b("buddy_news_once", lambda o: o.buddy_news),
    b("buddy_news_told_pair", lambda o: o.buddy_news, event_key="custody:2", told_at=NOW),
    b("own_wish_seen_pair", lambda o: o.own_wish, seen_at=NOW),
    b("own_wish_says_something", lambda o: o.own_wish, "how it goes without how", feels=""),
    b("own_wish_says_something", lambda o: o.own_wish, "a change with tasks", kind="CHANGE", change="TIME"),
    b("welfare_check_once", lambda o: o.welfare_check),
    b("welfare_check_due_after", lambda o: o.welfare_check, event_key="concern:2", due_at=NOW),
    b(
        "welfare_check_done_pair",
        lambda o: o.welfare_check,
        event_key="concern:2",
        done_at=NOW,
        how="WELL",
        spoken_on=TODAY,
    ),
    with_rows(
        "welfare_check_done_says_how",
        lambda o: o.welfare_check,
        lambda o: {"event_key": "concern:2", "done_at": NOW, "done_by": o.user},
    ),
    b("held_text_decided_pair", lambda o: o.held_text, decided_at=NOW),
    with_rows(
        "held_text_second_person",
        lambda o: o.held_text,
        lambda o: {"decision": "ALLOWED", "decided_at": NOW, "decided_by": o.user},
    ),
    b("pattern_hit_reference_once", lambda o: o.pattern_hit, rule="ALONE"),
    b("pattern_hit_waits_once", lambda o: o.pattern_hit, reference="L-0002"),
    b(
        "pattern_hit_decided_pair",
        lambda o: o.pattern_hit,
        reference="L-0002",
        decision="ACTED",
        words="Seen.",
        decided_at=NOW,
    ),
    with_rows(
        "pattern_hit_decided_in_words",
        lambda o: o.pattern_hit,
        lambda o: {"reference": "L-0002", "decision": "DISMISSED", "decided_at": NOW, "decided_by": o.user},
    ),
    b("pattern_row_once", lambda o: o.pattern_row),
    b("pattern_rule_has_reason", lambda o: o.pattern_rule, reason=""),
    b("pattern_rule_counts", lambda o: o.pattern_rule, least=0),
    b("week_confirmed_once", lambda o: o.week),
    b("week_looked_at_some", lambda o: o.week, looked_at=4),
    b("referral_made_by_somebody", lambda o: o.referral, "nobody", reference="R-0009", referred_by_id=None),
    b("referral_urgent_has_due_time", lambda o: o.referral, "no time", reference="R-0009", urgency="URGENT"),
    b("referral_urgent_has_due_time", lambda o: o.referral, "not urgent", reference="R-0009", due_at=LATER),
    b("telling_once", lambda o: o.telling),
    b("telling_told_pair", lambda o: o.telling, audience="PEER", told_at=NOW, told_on=TODAY, how="LETTER"),
    with_rows(
        "telling_told_dated",
        lambda o: o.telling,
        lambda o: {"audience": "PEER", "told_at": NOW, "told_by": o.user, "how": "LETTER"},
    ),
    b("need_noted_by_somebody", lambda o: o.need, category="CELL", noted_by_id=None),
    b("need_confirmed_pair", lambda o: o.need, category="CELL", confirmed_at=NOW, confirmed_on=TODAY),
    with_rows(
        "need_confirmed_dated",
        lambda o: o.need,
        lambda o: {"category": "CELL", "confirmed_at": NOW, "confirmed_by": o.user},
    ),
    b("need_ended_pair", lambda o: o.need, category="CELL", ended_at=NOW, ended_on=TODAY),
    with_rows(
        "need_ended_dated", lambda o: o.need, lambda o: {"category": "CELL", "ended_at": NOW, "ended_by": o.user}
    ),
    with_rows(
        "need_ends_after_noted",
        lambda o: o.need,
        lambda o: {"category": "CELL", "ended_on": YESTERDAY, "ended_at": NOW, "ended_by": o.user},
    ),
    b("need_open_once", lambda o: o.need),
    b("informal_help_reference_once", lambda o: o.informal_help),
    b("informal_help_looked_pair", lambda o: o.informal_help, reference="H-0009", looked_at=NOW),
    b(
        "informal_help_closed_pair",
        lambda o: o.informal_help,
        reference="H-0009",
        status="ENDED",
        end_reason="Over",
        closed_at=NOW,
    ),
    b("informal_help_closed_dated", lambda o: o.informal_help, reference="H-0009", status="ENDED", end_reason="Over"),
    with_rows(
        "informal_help_status_has_record",
        lambda o: o.informal_help,
        lambda o: {"reference": "H-0009", "status": "REFERRED", "closed_at": NOW, "closed_by": o.user},
        "none",
    ),
    with_rows(
        "informal_help_status_has_record",
        lambda o: o.informal_help,
        lambda o: {"reference": "H-0009", "status": "ENDED", "closed_at": NOW, "closed_by": o.user},
        "no why",
    ),
    with_rows(
        "informal_help_of_another", lambda o: o.informal_help, lambda o: {"reference": "H-0009", "helper": o.person}
    ),
    with_rows(
        "reception_declined_says_nothing", lambda o: o.reception, lambda o: {"custody": o.custody, "declined": True}
    ),
    b("unmet_need_met_pair", lambda o: o.unmet_need, met_at=NOW, met_on=TODAY),
    with_rows("unmet_need_met_dated", lambda o: o.unmet_need, lambda o: {"met_at": NOW, "met_by": o.user}),
    with_rows(
        "unmet_need_met_after",
        lambda o: o.unmet_need,
        lambda o: {"met_at": NOW, "met_by": o.user, "met_on": YESTERDAY},
    ),
    b("unmet_need_left_after", lambda o: o.unmet_need, left_on=YESTERDAY),
    b("unmet_need_put_names_department", lambda o: o.need_put, "none", to="DEPARTMENT"),
    b("unmet_need_put_names_department", lambda o: o.need_put, "beside the council", department="Residence"),
    b("unmet_need_answer_says", lambda o: o.need_answer, said=""),
    b("unmet_need_open_once", lambda o: o.unmet_need, reference="U-0009"),
    b("staff_work_says_what", lambda o: o.staff_work, "nobody's work", whose=""),
    b("staff_work_says_what", lambda o: o.staff_work, "no words", words=""),
    b("staff_work_says_what", lambda o: o.staff_work, "taken back with words", marked=False),
    # Pay
    b("pay_rate_once_a_day", lambda o: o.pay_rate),
    b("pay_rate_band", lambda o: o.pay_rate, band=11),
    b("pay_rate_says_amount", lambda o: o.pay_rate, band=5, session_pence=None),
    b("pay_rate_amounts", lambda o: o.pay_rate, "session", band=5, session_pence=100_001),
    b("pay_rate_amounts", lambda o: o.pay_rate, "week", band=5, week_pence=100_001),
    b("pay_setting_once", lambda o: o.pay_setting),
    with_rows("pay_setting_weeks", lambda o: o.pay_setting, lambda o: {"prison": o.other_prison, "weeks": 2}),
    b("pay_band_number", lambda o: o.pay_band, band=0),
    b("pay_period_no_overlap", lambda o: o.pay_period),
    b(
        "pay_period_no_overlap",
        lambda o: o.pay_period,
        "one of four weeks",
        first_day=date(2026, 10, 19),
        last_day=date(2026, 11, 15),
    ),
    b(
        "pay_period_whole_weeks",
        lambda o: o.pay_period,
        "from a Tuesday",
        first_day=date(2026, 11, 17),
        last_day=date(2026, 11, 22),
    ),
    b(
        "pay_period_whole_weeks",
        lambda o: o.pay_period,
        "to a Saturday",
        first_day=date(2026, 11, 16),
        last_day=date(2026, 11, 21),
    ),
    with_rows(
        "pay_period_recorded_pair",
        lambda o: o.pay_period,
        lambda o: {"first_day": date(2026, 11, 16), "last_day": date(2026, 11, 22), "recorded_at": NOW},
    ),
    b("pay_line_once", lambda o: o.pay_line),
    with_rows("pay_line_classes", lambda o: o.pay_line, lambda o: {"period": o.next_period, "class_sessions": 3}),
    with_rows("pay_line_unpaid", lambda o: o.pay_line, lambda o: {"period": o.next_period, "unpaid_days": 3}),
    with_rows(
        "pay_line_amount",
        lambda o: o.pay_line,
        lambda o: {"period": o.next_period, "recorded_pence": 100_001, "state": "OVER"},
    ),
    with_rows(
        "pay_line_amount_dated",
        lambda o: o.pay_line,
        lambda o: {"period": o.next_period, "recorded_at": None, "recorded_by": None},
    ),
    with_rows("pay_line_recorded_pair", lambda o: o.pay_line, lambda o: {"period": o.next_period, "recorded_by": None}),
    with_rows("pay_line_state_fits", lambda o: o.pay_line, lambda o: {"period": o.next_period, "state": "UNDER"}),
    with_rows(
        "pay_line_state_fits",
        lambda o: o.pay_line,
        lambda o: {"period": o.next_period, "expected_pence": None},
        "agrees with nothing",
    ),
    with_rows(
        "pay_line_state_fits",
        lambda o: o.pay_line,
        lambda o: {"period": o.next_period, "recorded_pence": None},
        "agrees without a record",
    ),
    b("pay_explanation_other_says_why", lambda o: o.pay_explanation, reason="OTHER"),
    b("pay_file_saved_pair", lambda o: o.pay_file, saved_at=NOW),
    with_rows(
        "pay_file_saved_is_empty",
        lambda o: o.pay_file,
        lambda o: {"rows": [[2, "Z0001ZA", "1"]], "saved_at": NOW, "saved_by": o.user},
    ),
    # Monitoring
    b("figure_once_a_period", lambda o: o.figure),
    b("figure_state_fits_value", lambda o: o.figure, "a number without one", value=None),
    b("figure_state_fits_value", lambda o: o.figure, "none, but three", state="NONE"),
    b("figure_state_fits_value", lambda o: o.figure, "none, but empty", state="NONE", value=None),
    b("figure_state_fits_value", lambda o: o.figure, "no return, but nought", state="NOT_RETURNED", value=0),
    b("figure_state_fits_value", lambda o: o.figure, "not reached, but a number", state="NOT_REACHED"),
    b("outcome_of_one", lambda o: o.outcome, "of nobody", person=None, version=2),
    b("outcome_of_one", lambda o: o.outcome, "of staff, with a name", instrument="STAFF"),
    b("outcome_score_licensed", lambda o: o.outcome, "a licence and no score", licence="1234", version=2),
    b("outcome_score_licensed", lambda o: o.outcome, "a score without a licence", instrument="SCORE", score=3),
    b("outcome_of_plan_once", lambda o: o.outcome),
    b("outcome_of_buddy_once", lambda o: o.buddy_outcome),
    b("outcome_setting_once", lambda o: o.outcome_setting),
    b("typed_figure_once", lambda o: o.typed_figure),
    b("typed_figure_has_source", lambda o: o.typed_figure, version=2, source=""),
    b("typed_figure_not_below", lambda o: o.typed_figure, version=2, value=-1),
    b("digest_choice_once", lambda o: o.digest_choice),
    with_rows(
        "digest_choice_of_one_prison",
        lambda o: o.digest_choice,
        lambda o: {"reader": o.second_user, "prisons": ["ZTB"]},
    ),
    with_rows(
        "digest_choice_has_measures", lambda o: o.digest_choice, lambda o: {"reader": o.second_user, "measures": []}
    ),
    b("digest_once_a_period", lambda o: o.digest),
    b("digest_of_some_time", lambda o: o.digest, period="2026-Q2", until=EARLIER),
    b("digest_read_after_it_was_made", lambda o: o.digest, period="2026-Q2", read_at=EARLIER),
    b("hand_return_once", lambda o: o.hand_return),
    b("hand_return_says_something", lambda o: o.hand_return, version=2, reason="Why", sort="", buddies=None),
    b("hand_return_correction_says_why", lambda o: o.hand_return, version=2),
    b("hand_return_counts", lambda o: o.hand_return, version=2, reason="Why", helped=10000),
    b("hand_return_trained_of_buddies", lambda o: o.hand_return, version=2, reason="Why", trained=13),
    b("hand_return_paid_of_buddies", lambda o: o.hand_return, version=2, reason="Why", paid=13),
    b("api_key_revoked_pair", lambda o: o.api_key, digest="e" * 64, revoked_at=NOW, revoke_reason="Lost"),
    b("api_key_revoked_says_why", lambda o: o.api_key, digest="e" * 64, revoke_reason="Lost"),
    b("api_key_says_whose", lambda o: o.api_key, digest="e" * 64, contact=""),
    b("api_key_name_once", lambda o: o.api_key, digest="e" * 64),
    b("api_use_once_a_day", lambda o: o.api_use, "of no release"),
    b("extract_decided_pair", lambda o: o.extract, reference="X-2", decided_at=NOW),
    with_rows(
        "extract_second_person",
        lambda o: o.extract,
        lambda o: {"reference": "X-2", "state": "APPROVED", "decided_at": NOW, "decided_by": o.user},
    ),
    b("extract_decided_before_anything", lambda o: o.extract, reference="X-2", state="APPROVED"),
    with_rows(
        "extract_no_says_why",
        lambda o: o.extract,
        lambda o: {"reference": "X-2", "state": "REFUSED", "decided_at": NOW, "decided_by": o.second_user},
    ),
    with_rows(
        "extract_built_is_safe",
        lambda o: o.extract,
        lambda o: {
            "reference": "X-2",
            "state": "BUILT",
            "decided_at": NOW,
            "decided_by": o.second_user,
            "built_at": NOW,
            "expires_on": TODAY,
            "k": 9,
            "l": 2,
        },
    ),
    b("extract_days", lambda o: o.extract, reference="X-2", last_day=date(2026, 6, 30)),
    b("extract_says_for_what", lambda o: o.extract, reference="X-2", ethics_reference=""),
    b("inspection_days", lambda o: o.inspection, "backwards", last_on=YESTERDAY),
    b("inspection_days", lambda o: o.inspection, "29 days", last_on=TODAY + timedelta(days=28)),
    b("inspection_ended_pair", lambda o: o.inspection, ended_at=NOW),
    b("inspection_reference", lambda o: o.inspection, reference=""),
    b("measure_words_say_why", lambda o: o.measure_words, reason=""),
    b("self_assessment_once", lambda o: o.self_assessment),
    b("self_assessment_finished_pair", lambda o: o.self_assessment, period="2026-Q3", finished_at=LATER),
    with_rows(
        "self_assessment_finished_after_start",
        lambda o: o.self_assessment,
        lambda o: {"period": "2026-Q3", "finished_at": EARLIER, "finished_by": o.user},
    ),
    b("self_answer_once", lambda o: o.self_answer),
    b("self_answer_contradicts_something", lambda o: o.self_answer, "the same", version=2, suggested="MET"),
    b("self_answer_contradicts_something", lambda o: o.self_answer, "nothing", version=2, suggested=""),
    b("self_evidence_taken_out_pair", lambda o: o.self_evidence, taken_out_at=LATER),
    b("self_evidence_fits_kind", lambda o: o.self_evidence, "a file without a kind", media=""),
    b("self_evidence_fits_kind", lambda o: o.self_evidence, "a file too large", size=5_000_001),
    b("self_evidence_fits_kind", lambda o: o.self_evidence, "a page with a file", kind="PAGE", place="/prisons/ZTA/"),
    b("self_action_done_pair", lambda o: o.self_action, done_at=LATER, state="DONE"),
    b("self_action_ended_has_day", lambda o: o.self_action, "done without a day", state="DONE"),
    with_rows(
        "self_action_ended_has_day",
        lambda o: o.self_action,
        lambda o: {"done_at": LATER, "done_by": o.user},
        "open with a day",
    ),
    with_rows(
        "self_action_dropped_has_reason",
        lambda o: o.self_action,
        lambda o: {"state": "DROPPED", "done_at": LATER, "done_by": o.user},
    ),
    b("data_query_once", lambda o: o.data_query),
    b("data_query_asked_by_somebody", lambda o: o.data_query, rule="ASKED"),
    b("data_query_in_words", lambda o: o.data_query, period="2026-Q2", words=""),
    b("data_query_closed_somehow", lambda o: o.data_query, "without how", period="2026-Q2", closed_at=NOW),
    b(
        "data_query_closed_somehow",
        lambda o: o.data_query,
        "mended by nobody",
        period="2026-Q2",
        closed_at=NOW,
        how="MENDED",
    ),
    b("data_query_step_answer_by_somebody", lambda o: o.data_query_step, kind="ANSWERED", words="We looked."),
    b("quarter_sign_once", lambda o: o.quarter_sign),
    b("quarter_sign_reopened_says_why", lambda o: o.quarter_sign, version=2, kind="REOPENED"),
    b("cost_return_once", lambda o: o.cost_return),
    b("cost_return_amounts", lambda o: o.cost_return, "an amount", version=2, contract_pence=100_000_001),
    b("cost_return_amounts", lambda o: o.cost_return, "hours", version=2, staff_hours=-1),
    b("cost_return_years", lambda o: o.cost_return, version=2, setup_years=21),
    b("cost_return_setup_spread", lambda o: o.cost_return, version=2, setup_years=None),
    b("cost_return_shares", lambda o: o.cost_return, "one of three", version=2, grant_percent=None),
    b("cost_return_shares", lambda o: o.cost_return, "over a hundred", version=2, grant_percent=26),
    b("price_index_above_nought", lambda o: o.price_index, index=0),
    b("price_index_year", lambda o: o.price_index, begins=1800),
    b("figure_correction_once", lambda o: o.figure_correction),
    b("month_closed_once", lambda o: o.month_close),
    b("population_of_a_month", lambda o: o.population, month=date(2026, 10, 2)),
    b("population_total", lambda o: o.population, total=0),
    b("population_says_source", lambda o: o.population, source=""),
    b("population_group_once", lambda o: o.population_count),
    b("population_count_of_a_group", lambda o: o.population_count, group=""),
    b("release_first_once", lambda o: o.release),
    b(
        "release_correction_says_why",
        lambda o: o.release,
        "nothing to correct",
        period="2026-Q2",
        reason="Late records",
    ),
    b("release_figure_once", lambda o: o.release_figure, "nationally"),
    b("release_figure_state", lambda o: o.release_figure, value=None),
    b("release_file_once", lambda o: o.release_file),
    b("release_file_ready_has_content", lambda o: o.release_file, "nothing", words_version=1, state="READY"),
    b("release_file_ready_has_content", lambda o: o.release_file, "too early", words_version=1, content=b"PK"),
    b("release_request_one_at_a_time", lambda o: o.release_request, period="2026-Q1"),
    b("release_request_has_an_end", lambda o: o.release_request, "no end", state="FAILED"),
    b("release_request_has_an_end", lambda o: o.release_request, "too early", finished_at=LATER),
    b("release_request_done_has_release", lambda o: o.release_request, "no release", state="DONE", finished_at=LATER),
    with_rows(
        "release_request_done_has_release",
        lambda o: o.release_request,
        lambda o: {"state": "FAILED", "finished_at": LATER, "release": o.release},
        "a release of nothing",
    ),
    b("release_request_no_says_why", lambda o: o.release_request, "no words", state="REFUSED", finished_at=LATER),
    b(
        "release_request_no_says_why",
        lambda o: o.release_request,
        "words of nothing",
        state="FAILED",
        finished_at=LATER,
        words="No.",
    ),
    with_rows(
        "release_request_correction_says_why",
        lambda o: o.release_request,
        lambda o: {"kind": "CORRECTION", "replaces": o.release, "state": "FAILED", "finished_at": LATER},
        "no reason",
    ),
    b(
        "release_request_correction_says_why",
        lambda o: o.release_request,
        "of nothing",
        kind="CORRECTION",
        reason="Late",
        state="FAILED",
        finished_at=LATER,
    ),
    b(
        "release_request_done_of_all",
        lambda o: o.release_request,
        done=3,
        state="FAILED",
        finished_at=LATER,
    ),
    b("release_report_ready_has_file", lambda o: o.release_report, "no file", state="READY", content={"title": "x"}),
    b("release_report_ready_has_file", lambda o: o.release_report, "too early", made_at=LATER),
    b("release_report_written_has_content", lambda o: o.release_report, state="WRITTEN"),
    b("release_report_is_kept_a_while", lambda o: o.release_report, expires_at=NOW),
    b(
        "release_figure_groups_are_national",
        lambda o: o.release_figure,
        "of a prison",
        about_id="ZTA",
        breakdown="age:50-59",
    ),
    b("release_figure_groups_are_national", lambda o: o.release_figure, "a wing", breakdown="wing:A"),
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
