"""The tiles of a prison's home page, as data. Each counts the very rows that its list shows.

A tile names its list by url name and query, and the function that gives the list's rows. `tests/home/test_tiles.py`
opens every list and compares. All counts that are queries go to the database as one (`counts.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.urls import reverse

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may
from buddyscheme.home.counts import Question, Rows, answers, question, remembered
from buddyscheme.home.navigation import opens
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.fields import day_in_words
from monitoring.queries.pay import to_explain
from referrals.forms.assessments import CHASE
from referrals.forms.capacity import TO_REVIEW
from referrals.forms.changes import LOOK
from referrals.forms.falls import MISSING as FALLS_MISSING
from referrals.forms.informal_help import TO_LOOK
from referrals.forms.lapses import DECIDE
from referrals.forms.moving import DUE as HANDOVERS_DUE
from referrals.forms.moving import LATE as MOVES_LATE
from referrals.forms.moving import RELEASED as HANDOVERS_RELEASED
from referrals.forms.moving import TO_SEND as MOVES_TO_SEND
from referrals.forms.moving import WAITING as MOVES_WAITING
from referrals.forms.standing_down import APPEALS as STAND_DOWN_APPEALS
from referrals.forms.standing_down import REVIEW
from referrals.forms.tellings import WAITING as WAITING_TO_BE_TOLD
from referrals.forms.welfare import TO_DO
from referrals.queries import (
    again,
    assessments,
    boundary,
    capacity,
    changes,
    concerns,
    days,
    falls,
    informal_help,
    interim,
    lapses,
    matches,
    moving,
    packs,
    plan_parts,
    plans,
    reception,
    referrals,
    tellings,
    unmet_needs,
    visits,
    welfare,
    windows,
)
from referrals.queries.restricted import without_approval
from referrals.rules.visits import DAYS_BACK
from referrals.views.assessments import bodies_of
from referrals.views.changes import look_since
from schemes.forms.buddies import APPLICATIONS, RENEW
from schemes.forms.posts import NOT_FILLED
from schemes.forms.refusals import APPEALS, TO_TELL
from schemes.models import Buddy
from schemes.queries import (
    buddies,
    claims,
    clearance,
    compacts,
    directory_events,
    interviews,
    posts,
    refusals,
    stand_downs,
)
from schemes.queries.buddies import BuddyStanding
from schemes.rules.buddies import IN_ROLE
from training.forms.overrides import RUNNING, WAITING
from training.forms.restricted import RENEW as RENEW_RESTRICTED
from training.forms.restricted import WAITING as RESTRICTED_WAITING
from training.queries import board, due, overrides, restricted, sessions, supervision
from training.queries.take_overs import TakeOverList, take_overs_in


@dataclass(frozen=True)
class Asked:
    """Whose home page it is, and when."""

    request: StaffRequest
    now: datetime

    @property
    def today(self) -> date:
        """The day in London."""
        return london_today(self.now)

    @cached_property
    def same_all_day(self) -> Hashable:
        """What the rows of most tiles depend on, besides what stands in the database."""
        held = frozenset(
            (m.role, m.department) for m in self.request.memberships if m.prison_id == self.request.prison.pk
        )
        return self.request.prison.pk, self.request.user.pk, held, self.today

    @cached_property
    def standing(self) -> dict[int, BuddyStanding]:
        """Where every buddy in the role stands: asked once for all tiles that need it."""
        rows = Buddy.objects.for_prison(self.request.prison).filter(status__in=IN_ROLE)
        return buddies.standing(rows.values_list("pk", flat=True), self.today)

    @cached_property
    def training(self) -> list[board.Line]:
        """The training board, of which two tiles count a part each."""
        return board.board(self.request.prison, self.today)

    def on_board(self, state: str) -> list[board.Line]:
        """The board's lines of one state."""
        return board.lines_in(self.training, state)


@dataclass(frozen=True)
class Late:
    """Those of a tile’s rows that are past their time, counted in one question with all tiles, and what they are."""

    rows: Callable[[Asked], Rows]
    words: str


@dataclass(frozen=True, kw_only=True)
class Tile:
    """`rows` gives what the list at `url` with `query` shows; `note` and `late` go under a count that is not nought.

    `anew`: what `rows` asks depends on the hour, or on rows that it reads to ask. Of all others the question is kept.
    """

    text: str
    permission: P
    url: str
    rows: Callable[[Asked], Rows]
    query: str = ""
    urgent: bool = False
    note: Callable[[Asked], str] | None = None
    late: Late | None = None
    anew: bool = False

    def question(self, asked: Asked) -> Question:
        """How to count the rows."""
        if self.anew:
            return question(self.rows(asked))
        return remembered((self.text, asked.same_all_day), lambda: question(self.rows(asked)))


def _longest_wait(asked: Asked) -> str:
    rows = unmet_needs.open_needs(asked.request.prison).select_related(None).only("known_on", "met_on", "left_on")
    need = rows.order_by("known_on", "id").first()
    count = unmet_needs.days_waiting(need, asked.today) if need is not None else 0
    return f"The longest for {count} {'day' if count == 1 else 'days'}"


def _own_clearances(asked: Asked) -> Rows:
    own = clearance.departments_in(asked.request.memberships, asked.request.prison)
    return clearance.waiting_for(asked.request.prison, own)


def _sign_by(asked: Asked) -> str:
    newest = compacts.text_to_sign()
    return f"By {day_in_words(compacts.Asked(text=newest).until)}" if newest is not None else ""


def _packs_waiting(asked: Asked) -> str:
    oldest = packs.to_acknowledge(asked.request.prison).first()
    days = (asked.today - london_today(oldest.sent_at)).days if oldest is not None else 0
    return f"The oldest for {days} {'day' if days == 1 else 'days'}"


TILES: tuple[Tile, ...] = (
    Tile(
        text="Concerns that nobody has acted on",
        permission=P.CONCERN_HANDLE,
        url="referrals:concerns",
        query="?status=NEW",
        rows=lambda asked: concerns.waiting(asked.request.prison, asked.request.user),
        late=Late(
            lambda asked: concerns.waiting(asked.request.prison, asked.request.user).filter(due_at__lt=asked.now),
            "past the time to act",
        ),
        urgent=True,
    ),
    Tile(
        text="Visits today with a meal or water that nobody brings",
        permission=P.UNLOCK_LIST_VIEW,
        url="referrals:unlock_list",
        rows=lambda asked: days.uncovered_essential(asked.request.prison, asked.today),
        anew=True,
        urgent=True,
    ),
    Tile(
        text="Unmet needs for personal care",
        permission=P.UNMET_NEED_VIEW,
        url="referrals:unmet_needs",
        query="?state=open",
        rows=lambda asked: unmet_needs.open_needs(asked.request.prison),
        note=_longest_wait,
        late=Late(lambda asked: unmet_needs.put_to_nobody(asked.request.prison), "put to nobody yet"),
        urgent=True,
    ),
    Tile(
        text="Referrals to screen",
        permission=P.REFERRAL_SCREEN,
        url="referrals:referrals",
        query="?status=RECEIVED",
        rows=lambda asked: referrals.to_screen(asked.request.prison),
        late=Late(lambda asked: referrals.late(asked.request.prison, asked.now), "urgent and past their time"),
        urgent=True,
    ),
    Tile(
        text="People to tell what came of a referral",
        permission=P.REFERRAL_SCREEN,
        url="referrals:tellings",
        query=f"?show={WAITING_TO_BE_TOLD}",
        rows=lambda asked: tellings.to_tell(asked.request.prison),
    ),
    Tile(
        text="New arrivals to ask about help",
        permission=P.RECEPTION_ASK,
        url="referrals:reception",
        rows=lambda asked: reception.to_ask_at_reception(asked.request.prison, asked.today),
    ),
    Tile(
        text="Informal help that nobody has looked at",
        permission=P.INFORMAL_HELP_TURN,
        url="referrals:informal_helps",
        query=f"?show={TO_LOOK}",
        rows=lambda asked: informal_help.not_looked_at(asked.request.prison),
        late=Late(lambda asked: informal_help.late(asked.request.prison, asked.now), "for more than 7 days"),
    ),
    Tile(
        text="People to ask what they want",
        permission=P.WISHES_RECORD,
        url="referrals:people_to_ask",
        rows=lambda asked: referrals.to_ask(asked.request.prison),
    ),
    Tile(
        text="Plans to write",
        permission=P.PLAN_WRITE,
        url="referrals:plans",
        query="?show=write",
        rows=lambda asked: plans.to_write(asked.request.prison),
    ),
    Tile(
        text="Plans without a buddy",
        permission=P.MATCH_DECIDE,
        url="referrals:matches_waiting",
        rows=lambda asked: matches.waiting_for_buddy(asked.request.prison),
    ),
    Tile(
        text="Matches to ask both people about",
        permission=P.MATCH_DECIDE,
        url="referrals:matches",
        query="?status=PROPOSED",
        rows=lambda asked: matches.proposed(asked.request.prison),
    ),
    Tile(
        text="Plans to review",
        permission=P.PLAN_WRITE,
        url="referrals:plans",
        query="?show=review",
        rows=lambda asked: plans.review_due(asked.request.prison, asked.today),
    ),
    Tile(
        text="Interim help that ends soon",
        permission=P.PLAN_WRITE,
        url="referrals:plans",
        query="?show=interim",
        rows=lambda asked: interim.ends_soon(asked.request.prison, asked.today),
    ),
    Tile(
        text="Plans with equipment to check",
        permission=P.PLAN_WRITE,
        url="referrals:plans",
        query="?show=equipment",
        rows=lambda asked: plan_parts.equipment_overdue(asked.request.prison, asked.today),
    ),
    Tile(
        text="Best-interests decisions to review",
        permission=P.CAPACITY_RECORD,
        url="referrals:best_interests",
        query=f"?show={TO_REVIEW}",
        rows=lambda asked: capacity.to_review(asked.request.prison, asked.today),
        late=Late(
            lambda asked: capacity.to_review(asked.request.prison, asked.today).filter(review_on__lt=asked.today),
            "overdue",
        ),
    ),
    Tile(
        text="Requests to the council and healthcare without a decision",
        permission=P.ASSESSMENT_VIEW,
        url="referrals:assessments",
        query="?state=open",
        rows=lambda asked: assessments.unanswered(asked.request.prison, bodies_of(asked.request)),
    ),
    Tile(
        text="Requests over their limit, to chase",
        permission=P.ASSESSMENT_CHASE,
        url="referrals:assessments",
        query=f"?state={CHASE}",
        rows=lambda asked: assessments.to_chase(asked.request.prison, bodies_of(asked.request), asked.today),
        urgent=True,
    ),
    Tile(
        text="Words held for a second person",
        permission=P.HELD_TEXT_VIEW,
        url="referrals:held_texts",
        query="?decision=WAITING",
        rows=lambda asked: boundary.waiting(asked.request.prison),
    ),
    Tile(
        text="Weeks of visits to confirm",
        permission=P.VISITS_CONFIRM,
        url="referrals:week",
        rows=lambda asked: visits.weeks_to_confirm(asked.request.prison, asked.today),
    ),
    Tile(
        text="Planned visits with nothing recorded",
        permission=P.VISITS_CONFIRM,
        url="referrals:visits_missing",
        rows=lambda asked: days.unrecorded(asked.request.prison, asked.today, days_back=DAYS_BACK),
    ),
    Tile(
        text="Changes that touch a plan or a match",
        permission=P.CHANGES_MARK,
        url="referrals:changes",
        query=f"?show={LOOK}",
        rows=lambda asked: changes.changes_since(asked.request.prison, look_since(asked.today), to_look_at=True),
    ),
    Tile(
        text="Events to look at",
        permission=P.EVENTS_READ,
        url="schemes:events_to_look_at",
        rows=lambda asked: directory_events.to_look_at(asked.request.prison),
    ),
    Tile(
        text="Matches that are stopped",
        permission=P.MATCH_DECIDE,
        url="referrals:matches_stopped",
        rows=lambda asked: again.open_stops(asked.request.prison),
        urgent=True,
    ),
    Tile(
        text="Matches with a lapsed module or compact",
        permission=P.MATCH_DECIDE,
        url="referrals:lapsed",
        query=f"?state={DECIDE}",
        rows=lambda asked: lapses.to_decide(asked.request.prison, asked.today, stands=asked.standing),
        anew=True,
    ),
    Tile(
        text="Welfare checks of buddies to do",
        permission=P.WELFARE_VIEW,
        url="referrals:welfare_checks",
        query=f"?state={TO_DO}",
        rows=lambda asked: welfare.to_do(asked.request.prison),
        late=Late(lambda asked: welfare.late(asked.request.prison, asked.now), "past 72 hours"),
        urgent=True,
    ),
    Tile(
        text="Notes to the lead to answer",
        permission=P.NOTE_ANSWER,
        url="referrals:notes",
        query="?state=open",
        rows=lambda asked: concerns.notes_to_answer(asked.request.prison),
    ),
    Tile(
        text="Suspensions to review",
        permission=P.BUDDIES_SUSPEND,
        url="referrals:stand_downs",
        query=f"?state={REVIEW}",
        rows=lambda asked: stand_downs.review_due(asked.request.prison, asked.today),
    ),
    Tile(
        text="Appeals of buddies to decide",
        permission=P.STAND_DOWN_APPEAL_DECIDE,
        url="referrals:stand_downs",
        query=f"?state={STAND_DOWN_APPEALS}",
        rows=lambda asked: stand_downs.appeals_waiting(asked.request.prison),
    ),
    Tile(
        text="Overrides to decide about",
        permission=P.OVERRIDE_APPROVE,
        url="training:overrides",
        query=f"?state={WAITING}",
        rows=lambda asked: overrides.waiting(asked.request.prison),
    ),
    Tile(
        text="Restricted tasks to decide about",
        permission=P.RESTRICTED_APPROVE,
        url="training:restricted",
        query=f"?state={RESTRICTED_WAITING}",
        rows=lambda asked: restricted.waiting(asked.request.prison),
    ),
    Tile(
        text="Restricted tasks that end within four weeks",
        permission=P.RESTRICTED_ASK,
        url="training:restricted",
        query=f"?state={RENEW_RESTRICTED}",
        rows=lambda asked: restricted.to_renew(asked.request.prison, asked.today),
    ),
    Tile(
        text="Tasks in plans without an approval",
        permission=P.PLAN_WRITE,
        url="referrals:without_approval",
        rows=lambda asked: without_approval(asked.request.prison, asked.today),
    ),
    Tile(
        text="Overrides running",
        permission=P.OVERRIDE_APPROVE,
        url="training:overrides",
        query=f"?state={RUNNING}",
        rows=lambda asked: overrides.running(asked.request.prison, asked.today),
    ),
    Tile(
        text="Overrides that run",
        permission=P.OVERRIDE_ASK,
        url="training:overrides",
        query=f"?state={RUNNING}",
        rows=lambda asked: overrides.running(asked.request.prison, asked.today),
    ),
    Tile(
        text="Take-overs to decide about",
        permission=P.TAKE_OVER_APPROVE,
        url="schemes:take_overs",
        query="?decision=WAITING",
        rows=lambda asked: buddies.take_overs_waiting(asked.request.prison),
    ),
    Tile(
        text="Clearances to sign",
        permission=P.CLEARANCE_SIGN,
        url="schemes:clearances",
        rows=_own_clearances,
    ),
    Tile(
        text="Applications to act on",
        permission=P.BUDDIES_RECRUIT,
        url="schemes:buddies",
        query=f"?status={APPLICATIONS}",
        rows=lambda asked: buddies.applications_open(asked.request.prison),
    ),
    Tile(
        text="Posts not filled",
        permission=P.BUDDIES_APPOINT,
        url="schemes:posts",
        query=f"?status={NOT_FILLED}",
        rows=lambda asked: posts.not_filled(asked.request.prison),
    ),
    Tile(
        text="People approved and waiting for a place",
        permission=P.BUDDIES_APPOINT,
        url="schemes:pool",
        rows=lambda asked: buddies.approved_pool(asked.request.prison),
    ),
    Tile(
        text="Refusals to tell the person about",
        permission=P.BUDDIES_RECRUIT,
        url="schemes:refusals",
        query=f"?show={TO_TELL}",
        rows=lambda asked: refusals.to_tell(asked.request.prison),
    ),
    Tile(
        text="Appeals against a refusal to decide",
        permission=P.APPEAL_DECIDE,
        url="schemes:refusals",
        query=f"?show={APPEALS}",
        rows=lambda asked: refusals.appeals_for(asked.request.prison, asked.request.user),
    ),
    Tile(
        text="People in training",
        permission=P.BUDDIES_APPOINT,
        url="schemes:buddies",
        query=f"?status={Buddy.Status.IN_TRAINING}",
        rows=lambda asked: buddies.buddies_of(asked.request.prison).filter(status=Buddy.Status.IN_TRAINING),
    ),
    Tile(
        text="Clearances to renew",
        permission=P.BUDDIES_RECRUIT,
        url="schemes:buddies",
        query=f"?status={RENEW}",
        rows=lambda asked: buddies.clearance_to_renew(asked.request.prison, asked.today, stands=asked.standing),
        anew=True,
    ),
    Tile(
        text="Interviews to score",
        permission=P.INTERVIEW_SCORE,
        url="schemes:interviews",
        rows=lambda asked: interviews.to_score(asked.request.prison, asked.request.user),
    ),
    Tile(
        text="Compacts to sign again",
        permission=P.BUDDIES_RECRUIT,
        url="schemes:compacts",
        rows=lambda asked: compacts.to_sign_again(asked.request.prison),
        note=_sign_by,
    ),
    Tile(
        text="Taken-over buddies past their date",
        permission=P.BUDDIES_APPOINT,
        url="training:board",
        query=f"?state={TakeOverList.PAST}",
        rows=lambda asked: take_overs_in(asked.request.prison, asked.today, TakeOverList.PAST),
        urgent=True,
    ),
    Tile(
        text="Taken-over buddies to make good in 28 days",
        permission=P.BUDDIES_APPOINT,
        url="training:board",
        query=f"?state={TakeOverList.SOON}",
        rows=lambda asked: take_overs_in(asked.request.prison, asked.today, TakeOverList.SOON),
    ),
    Tile(
        text="People with modules to pass",
        permission=P.TRAINING_RECORD,
        url="training:board",
        query=f"?state={board.BoardState.DUE}",
        rows=lambda asked: asked.on_board(board.BoardState.DUE),
        anew=True,
    ),
    Tile(
        text="People with lapsed modules",
        permission=P.TRAINING_RECORD,
        url="training:board",
        query=f"?state={board.BoardState.LAPSED}",
        rows=lambda asked: asked.on_board(board.BoardState.LAPSED),
        anew=True,
    ),
    Tile(
        text="Terminals with many wrong tries",
        permission=P.TERMINAL_ALERTS_VIEW,
        url="referrals:terminal_tries",
        rows=lambda asked: windows.much_tried(asked.request.prison, asked.now),
        anew=True,
        urgent=True,
    ),
    Tile(
        text="Classes to mark",
        permission=P.TRAINING_RECORD,
        url="training:sessions",
        query="?show=mark",
        rows=lambda asked: sessions.to_mark(asked.request.prison, asked.now),
        anew=True,
    ),
    Tile(
        text="Classes this week",
        permission=P.TRAINING_RECORD,
        url="training:sessions",
        query="?show=week",
        rows=lambda asked: sessions.this_week(asked.request.prison, asked.now),
        anew=True,
    ),
    Tile(
        text="Modules that lapse in 28 days",
        permission=P.TRAINING_VIEW,
        url="training:due",
        query="?show=soon",
        rows=lambda asked: due.due_soon(asked.request.prison, asked.today),
    ),
    Tile(
        text="Modules overdue",
        permission=P.TRAINING_VIEW,
        url="training:due",
        query="?show=overdue",
        rows=lambda asked: due.overdue(asked.request.prison, asked.today),
    ),
    Tile(
        text="Supervision due",
        permission=P.SUPERVISION_HOLD,
        url="training:supervision",
        query=f"?show={supervision.Show.TO_DO}",
        rows=lambda asked: supervision.to_do(asked.request.prison, asked.today),
    ),
    Tile(
        text="Pay differences to explain",
        permission=P.PAY_EDIT,
        url="monitoring:pay_differences",
        rows=lambda asked: to_explain(asked.request.prison),
    ),
    Tile(
        text="Buddy records from other prisons",
        permission=P.BUDDIES_APPOINT,
        url="referrals:packs",
        query="?show=waiting",
        rows=lambda asked: packs.to_acknowledge(asked.request.prison),
        note=_packs_waiting,
        late=Late(
            lambda asked: packs.overdue(packs.to_acknowledge(asked.request.prison), asked.today),
            "overdue",
        ),
    ),
    Tile(
        text="Buddy records that the next prison has not acknowledged",
        permission=P.BUDDIES_APPOINT,
        url="referrals:packs",
        query="?show=late",
        rows=lambda asked: packs.overdue(packs.sent_by_prison(asked.request.prison), asked.today),
    ),
    Tile(
        text="Falls with times missing",
        permission=P.FALL_RECORD,
        url="referrals:falls",
        query=f"?show={FALLS_MISSING}",
        rows=lambda asked: falls.times_missing(asked.request.prison),
    ),
    Tile(
        text="Care records to accept",
        permission=P.CARE_RECORD_HANDLE,
        url="referrals:care_records",
        query=f"?show={MOVES_WAITING}",
        rows=lambda asked: moving.to_accept(asked.request.prison),
        late=Late(lambda asked: moving.overdue(moving.to_accept(asked.request.prison), asked.today), "overdue"),
    ),
    Tile(
        text="Care records that the next prison has not accepted",
        permission=P.CARE_RECORD_HANDLE,
        url="referrals:care_records",
        query=f"?show={MOVES_LATE}",
        rows=lambda asked: moving.overdue(moving.sent_by_prison(asked.request.prison), asked.today),
    ),
    Tile(
        text="People who moved and no care record was sent",
        permission=P.CARE_RECORD_HANDLE,
        url="referrals:care_records",
        query=f"?show={MOVES_TO_SEND}",
        rows=lambda asked: moving.to_send(asked.request.prison, asked.today),
    ),
    Tile(
        text="Releases to hand over",
        permission=P.HANDOVER_MAKE,
        url="referrals:handovers",
        query=f"?show={HANDOVERS_DUE}",
        rows=lambda asked: moving.to_hand_over(asked.request.prison, asked.today),
    ),
    Tile(
        text="Released with open needs and no handover",
        permission=P.HANDOVER_MAKE,
        url="referrals:handovers",
        query=f"?show={HANDOVERS_RELEASED}",
        rows=lambda asked: moving.released_without(asked.request.prison, asked.today),
        urgent=True,
    ),
    Tile(
        text="Claims from other prisons to answer",
        permission=P.CUSTODY_CLAIM_ANSWER,
        url="schemes:claims",
        rows=lambda asked: claims.open_claims(asked.request.prison),
    ),
)

# Places that are not in the navigation: text, url name, permission.
LINKS = (
    ("Refer someone", "referrals:refer", P.REFERRAL_MAKE),
    ("Record a fall", "referrals:fall_add", P.FALL_RECORD),
    ("Falls", "referrals:falls", P.FALL_RECORD),
    ("Referrals you made", "referrals:referrals_made", P.REFERRAL_MAKE),
    ("Record informal help", "referrals:informal_help_add", P.INFORMAL_HELP_RECORD),
    ("Informal help", "referrals:informal_helps", P.INFORMAL_HELP_VIEW),
    ("New arrivals to ask about help", "referrals:reception", P.RECEPTION_ASK),
    ("What buddies may do", "schemes:catalogue", P.HOME_VIEW),
    ("Raise a concern", "referrals:concern_add", P.CONCERN_RAISE),
    ("Open a terminal window", "referrals:windows", P.WINDOW_OPEN),
    ("Stop a task or record that help came", "referrals:helped", P.PLAN_TASK_STOP),
    ("Find or add a person", "schemes:people", P.PEOPLE_VIEW),
    ("Matches", "referrals:matches", P.MATCH_VIEW),
    ("Buddy records from other prisons", "referrals:packs", P.BUDDIES_APPOINT),
    ("Care records between prisons", "referrals:care_records", P.CARE_RECORD_HANDLE),
    ("Handovers at release", "referrals:handovers", P.HANDOVER_MAKE),
    ("Unmet personal care", "referrals:unmet_needs", P.UNMET_NEED_VIEW),
    ("Who is told what came of a referral", "referrals:tellings", P.REFERRAL_SCREEN),
    ("Requests to the council and healthcare", "referrals:assessments", P.ASSESSMENT_VIEW),
    ("Decisions in people’s best interests", "referrals:best_interests", P.CAPACITY_RECORD),
    ("Posts", "schemes:posts", P.BUDDIES_VIEW),
    ("Refused applications", "schemes:refusals", P.BUDDIES_VIEW),
    ("Take-overs", "schemes:take_overs", P.TAKE_OVER_ASK),
    ("Clearances to renew, by department", "schemes:renewals", P.BUDDIES_VIEW),
    ("Imports from spreadsheets", "schemes:imports", P.IMPORT_RUN),
    ("Screening prompts", "schemes:prompts", P.PROMPTS_EDIT),
    ("Restricted tasks", "training:restricted", P.RESTRICTED_ASK),
    ("Restricted tasks", "training:restricted", P.RESTRICTED_APPROVE),
    ("Overrides", "training:overrides", P.OVERRIDE_ASK),
    ("Overrides", "training:overrides", P.OVERRIDE_APPROVE),
    ("Workload of buddies", "referrals:workload", P.MATCH_VIEW),
    ("Suspensions and leaving of buddies", "referrals:stand_downs", P.BUDDIES_VIEW),
    ("Welfare checks", "referrals:welfare_checks", P.WELFARE_VIEW),
    ("Keep-apart records", "schemes:keep_apart", P.KEEP_APART_VIEW),
    ("Alerts", "schemes:alerts", P.ALERTS_VIEW),
    ("What alerts mean here", "schemes:alert_meanings", P.ALERT_MEANINGS_EDIT),
    ("What has changed", "referrals:changes", P.CHANGES_VIEW),
    ("Files of events", "schemes:event_files", P.EVENTS_READ),
    ("Absences and appointments", "schemes:absences", P.ABSENCES_EDIT),
    ("Lock-downs", "schemes:lock_downs", P.STAFF_TASK_DO),
    ("Supervision", "training:supervision", P.SUPERVISION_HOLD),
    ("Staff briefings", "training:briefings", P.BRIEFING_RECORD),
    ("Role cards", "schemes:role_cards", P.ROLE_CARD_PRINT),
    ("Hours for the scheme", "schemes:protected_time", P.SCHEME_VIEW),
    ("Sheet for the weekly meeting", "referrals:weekly_sheet", P.WEEKLY_SHEET_PRINT),
    ("First tasks of a scheme", "home:first_tasks", P.SCHEME_VIEW),
    ("Pay of buddies", "monitoring:pay", P.PAY_VIEW),
    ("The scheme’s settings", "schemes:scheme", P.SCHEME_VIEW),
    ("Staff and their roles", "accounts:staff", P.STAFF_ADMIN),
    ("Wings", "accounts:wings", P.STAFF_ADMIN),
    ("Enrolled machines", "referrals:terminals", P.TERMINALS_ADMIN),
    ("Who did what", "accounts:audit", P.AUDIT_VIEW),
)

# Under which heading a place stands where a reader has many; the first heading holds what is not named here.
HEADINGS: dict[str, tuple[str, ...]] = {
    "Every day": (),
    "People who need help": (
        "referrals:refer", "referrals:referrals_made", "referrals:informal_help_add", "referrals:informal_helps",
        "referrals:reception", "referrals:unmet_needs", "referrals:tellings", "referrals:assessments",
        "referrals:best_interests", "referrals:care_records", "referrals:handovers", "referrals:helped",
    ),
    "Buddies": (
        "referrals:matches", "referrals:packs", "schemes:posts", "schemes:refusals", "schemes:take_overs",
        "schemes:renewals", "training:overrides", "referrals:workload", "referrals:stand_downs",
        "referrals:welfare_checks", "training:supervision", "monitoring:pay", "schemes:role_cards",
    ),
    "The scheme and its records": (
        "schemes:catalogue", "schemes:imports", "schemes:prompts", "training:restricted", "schemes:keep_apart",
        "schemes:alert_meanings", "schemes:event_files", "training:briefings", "schemes:protected_time",
        "home:first_tasks", "schemes:scheme", "accounts:staff", "accounts:wings", "referrals:terminals",
        "accounts:audit",
    ),
}  # fmt: skip
FEW = 12


def tiles_for(request: StaffRequest, now: datetime) -> list[dict[str, Any]]:
    """Tiles that this reader may open, as `components/tiles.html` takes them."""
    asked = Asked(request, now)
    shown = [tile for tile in TILES if may(request, tile.permission)]
    late_ones = [question(tile.late.rows(asked)) if tile.late else 0 for tile in shown]
    counts = answers([*(tile.question(asked) for tile in shown), *late_ones])
    return [
        {
            "text": tile.text,
            "href": reverse(tile.url, args=[request.prison.code]) + tile.query,
            "count": count,
            "urgent": tile.urgent,
            "note": _under(tile, asked, late) if count else "",
        }
        for tile, count, late in zip(shown, counts, counts[len(shown) :], strict=False)
    ]


def _under(tile: Tile, asked: Asked, late: int) -> str:
    """What stands under the count: the tile's own words, and how many are late."""
    words = [tile.note(asked)] if tile.note else []
    words += [f"{late} {tile.late.words}"] if tile.late and late else []
    return ", ".join(word for word in words if word)


def links_for(request: StaffRequest) -> list[dict[str, Any]]:
    """Other places that this reader may open, under headings where there are many: name, links (text, href)."""
    shown = [
        (url, {"text": text, "href": reverse(url, args=[request.prison.code])})
        for text, url, permission in LINKS
        if may(request, permission) and opens(request.prison, url)
    ]
    if len(shown) <= FEW:
        return [{"name": "", "links": [link for _, link in shown]}] if shown else []
    heading_of = {url: heading for heading, urls in HEADINGS.items() for url in urls}
    groups: dict[str, list[dict[str, str]]] = {heading: [] for heading in HEADINGS}
    first = next(iter(HEADINGS))
    for url, link in shown:
        groups[heading_of.get(url, first)].append(link)
    return [{"name": name, "links": links} for name, links in groups.items() if links]
