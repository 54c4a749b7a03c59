"""Today: what is to be done today, whoever it is about."""

from __future__ import annotations

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.home.tile import Late, Tile
from referrals.forms.changes import LOOK
from referrals.forms.concerns import CHASE, TELL
from referrals.forms.danger import LATE as DANGER_LATE
from referrals.forms.falls import LOOK as FALLS_LOOK
from referrals.forms.falls import MISSING as FALLS_MISSING
from referrals.forms.sheets import WAITING as SHEETS_WAITING
from referrals.queries import (
    again,
    changes,
    concerns,
    danger,
    days,
    falls,
    patterns,
    sheets,
    visits,
    windows,
)
from referrals.rules.visits import DAYS_BACK
from referrals.views.changes import look_since
from schemes.queries import (
    directory_events,
)

TILES: tuple[Tile, ...] = (
    Tile(
        text="Danger that nobody has acknowledged for 5 minutes",
        permission=P.DANGER_VIEW,
        url="referrals:danger",
        query=f"?show={DANGER_LATE}",
        rows=lambda asked: danger.with_duty(asked.request.prison, asked.now),
        anew=True,
        urgent=True,
    ),
    Tile(
        text="Concerns that nobody has acted on",
        permission=P.CONCERN_HANDLE,
        url="referrals:concerns",
        query="?status=NEW",
        rows=lambda asked: concerns.waiting(asked.request.prison, asked.request.user, asked.today),
        late=Late(
            lambda asked: concerns.waiting(asked.request.prison, asked.request.user, asked.today).filter(
                due_at__lt=asked.now
            ),
            "past the time to act",
        ),
        urgent=True,
    ),
    Tile(
        text="Writers of concerns to tell what came of it",
        permission=P.CONCERN_HANDLE,
        url="referrals:concerns",
        query=f"?due={TELL}",
        rows=lambda asked: concerns.writers_to_tell(asked.request.prison, asked.request.user, asked.today),
        late=Late(
            lambda asked: concerns.told_late(
                concerns.writers_to_tell(asked.request.prison, asked.request.user, asked.today), asked.now
            ),
            "past 7 days",
        ),
    ),
    Tile(
        text="Concerns handed on, to be asked about again",
        permission=P.CONCERN_HANDLE,
        url="referrals:concerns",
        query=f"?due={CHASE}",
        rows=lambda asked: concerns.concerns_to_chase(asked.request.prison, asked.request.user, asked.today),
    ),
    Tile(
        text="Patterns that nobody has looked at",
        permission=P.PATTERN_VIEW,
        url="referrals:patterns",
        query="?decision=WAITING",
        rows=lambda asked: patterns.waiting(asked.request.prison, asked.request.user),
    ),
    Tile(
        text="Log sheets to enter",
        permission=P.VISITS_ENTER,
        url="referrals:sheets",
        query=f"?show={SHEETS_WAITING}",
        rows=lambda asked: sheets.sheets_waiting(asked.request.prison, asked.today),
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
        text="Falls after which help came late or nobody is recorded as come",
        permission=P.FALL_RECORD,
        url="referrals:falls",
        query=f"?show={FALLS_LOOK}",
        rows=lambda asked: falls.to_look_into(asked.request.prison, asked.now),
        anew=True,
        urgent=True,
    ),
    Tile(
        text="Falls with times missing",
        permission=P.FALL_RECORD,
        url="referrals:falls",
        query=f"?show={FALLS_MISSING}",
        rows=lambda asked: falls.times_missing(asked.request.prison),
    ),
    Tile(
        text="Changes that touch a plan or a match",
        permission=P.CHANGES_MARK,
        url="referrals:changes",
        query=f"?show={LOOK}",
        rows=lambda asked: changes.changes_since(asked.request.prison, look_since(asked.today), to_look_at=True),
    ),
    Tile(
        text="Matches that are stopped",
        permission=P.MATCH_DECIDE,
        url="referrals:matches_stopped",
        rows=lambda asked: again.open_stops(asked.request.prison),
        urgent=True,
    ),
    Tile(
        text="Planned visits with nothing recorded",
        permission=P.VISITS_CONFIRM,
        url="referrals:visits_missing",
        rows=lambda asked: days.unrecorded(asked.request.prison, asked.today, days_back=DAYS_BACK),
    ),
    Tile(
        text="Weeks of visits to confirm",
        permission=P.VISITS_CONFIRM,
        url="referrals:week",
        rows=lambda asked: visits.weeks_to_confirm(asked.request.prison, asked.today),
    ),
    Tile(
        text="Events to look at",
        permission=P.EVENTS_READ,
        url="schemes:events_to_look_at",
        rows=lambda asked: directory_events.to_look_at(asked.request.prison),
    ),
    Tile(
        text="Terminals with many wrong tries",
        permission=P.TERMINAL_ALERTS_VIEW,
        url="referrals:terminal_tries",
        rows=lambda asked: windows.much_tried(asked.request.prison, asked.now),
        anew=True,
        urgent=True,
    ),
)
