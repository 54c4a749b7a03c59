"""Days, windows, slips, what came of each visit, lock-downs, and the weeks that were confirmed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.demo.names import draw
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today, week_of
from referrals.actions.days import open_days
from referrals.actions.slips import print_slips
from referrals.actions.visits import log_visits
from referrals.actions.weeks import confirm_week
from referrals.actions.windows import open_window
from referrals.models import PlannedVisit, TerminalWindow, Visit
from referrals.queries.weeks import wing_week
from referrals.rules.visits import VisitEntry
from referrals.rules.weeks import DRAWN
from schemes.actions.regime import record_lock_down
from schemes.models import Custody, LockDown

# Why a visit does not happen, at an ordinary time of the year.
REASONS = {"NOT_UNLOCKED": 0.46, "BUDDY_ABSENT": 0.2, "DECLINED": 0.22, "STAFF_REFUSED": 0.05, "OTHER": 0.07}
ENDS = {"AM": 11, "PM": 16, "EV": 18}
WINDOW_DAYS = (0, 2, 4)
LOCK_DOWN_WORDS = ("Staff shortage", "Search of the wing", "Incident on the wing", "Staff training day")


def put_lock_downs(teller: Teller, until: date) -> None:
    """About one a month on a wing or everywhere; more in August and around Christmas."""
    day = teller.opens_on
    while day < until:
        if teller.rng.random() < 0.035 * (2.2 if _short_of_staff(day) else 1):
            teller.put(teller.at(day, 8), lambda now: lock_down(teller, now))
        day += timedelta(days=1)


def lock_down(teller: Teller, now: datetime) -> None:
    """A day or a session on which people stay behind their doors."""
    rng, day = teller.rng, london_today(now)
    wing = rng.choice([*teller.wings, *teller.wings, None])
    session = rng.choice(("AM", "PM", ""))
    record_lock_down(
        by=teller.by("LEAD"),
        now=now,
        prison=teller.prison,
        day=day,
        wing=wing,
        session=session,
        reason=rng.choice(LOCK_DOWN_WORDS),
    )


def _short_of_staff(day: date) -> bool:
    return day.month == 8 or (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 3)


def record_all(teller: Teller, now: datetime) -> None:
    """Every day since the opening, then what came of each visit: at a terminal, by staff, or from paper."""
    yesterday = teller.today - timedelta(days=1)
    days = [teller.opens_on + timedelta(days=n) for n in range((yesterday - teller.opens_on).days + 1)]
    open_days(by=teller.by("OFFICER"), now=now, prison=teller.prison, days=days, rests=True)
    if not teller.place.returns:
        return
    windows = open_windows(teller, days)
    entries = _entries(teller, windows)
    log_visits(by=teller.by("OFFICER"), now=now, prison=teller.prison, entries=entries)


def open_windows(teller: Teller, days: list[date]) -> dict[tuple[int, date], TerminalWindow]:
    """Windows three evenings a week on each wing in turn, by wing and day."""
    windows: dict[tuple[int, date], TerminalWindow] = {}
    for day in days:
        if day.weekday() not in WINDOW_DAYS:
            continue
        nth = WINDOW_DAYS.index(day.weekday())
        for terminal in teller.terminals[nth % len(teller.terminals) :][:1]:
            begins = teller.at(day, 18)
            windows[terminal.wing_id, day] = open_window(
                by=teller.by("OFFICER"), now=begins, terminal=terminal, minutes=30 + 15 * (nth == 0)
            )
    return windows


def _entries(teller: Teller, windows: dict[tuple[int, date], TerminalWindow]) -> list[VisitEntry]:
    rows = PlannedVisit.objects.for_prison(teller.prison).filter(day__lt=teller.today, cancelled_at__isnull=True)
    planned = list(rows.order_by("day", "session", "id"))
    locked = _locked(teller)
    living = _wings(teller)
    by_day: dict[date, list[TerminalWindow]] = {}
    for (_, day), window in windows.items():
        by_day.setdefault(day, []).append(window)
    papers: list[tuple[int, VisitEntry]] = []
    entries: list[VisitEntry] = []
    for row in planned:
        entry = _entry(teller, row, locked, living, by_day)
        if entry is None:
            continue
        if entry.source == Visit.Source.PAPER:
            papers.append((len(entries), entry))
        entries.append(entry)
    slips = iter(_slips(teller, len(papers)))
    for place, entry in papers:
        values = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
        entries[place] = VisitEntry(**{**values, "slip_id": next(slips)})
    return entries


def _entry(
    teller: Teller,
    row: PlannedVisit,
    locked: set[tuple[date, int | None, str]],
    living: dict[int, int | None],
    windows: dict[date, list[TerminalWindow]],
) -> VisitEntry | None:
    rng, wing = teller.rng, living.get(row.person_id)
    away = {(row.day, w, s) for w in (wing, None) for s in (row.session, "")}
    if row.buddy_id is None:
        if rng.random() < 0.45:
            return None
        outcome, reason = Visit.Outcome.NOT_DONE, "BUDDY_ABSENT"
    elif locked & away and rng.random() < 0.9:
        outcome, reason = Visit.Outcome.NOT_DONE, "NOT_UNLOCKED"
    elif rng.random() < 0.035:
        return None
    else:
        done = teller.place.done - (0.06 if _short_of_staff(row.day) else 0)
        outcome = draw(rng, {"DONE": done - 0.04, "PARTLY": 0.04, "NOT_DONE": 1 - done})
        reason = draw(rng, REASONS) if outcome == "NOT_DONE" else ""
    if outcome == "PARTLY" and len(row.tasks) < 2:
        outcome = Visit.Outcome.DONE
    minutes = 0 if outcome == "NOT_DONE" else max(3, int(row.minutes * rng.choice((0.8, 1, 1, 1, 1, 1.2, 1.5))))
    values: dict[str, Any] = {
        "planned_id": row.pk,
        "outcome": str(outcome),
        "minutes": min(minutes, 240),
        "tasks_done": tuple(row.tasks[:1]) if outcome == "PARTLY" else (),
        "reason": reason,
    }
    at_terminal = row.buddy_id is not None and windows.get(row.day)
    if at_terminal and rng.random() < 0.93:
        window = rng.choice(windows[row.day])
        entered = window.opened_at + timedelta(minutes=rng.randint(2, 28))
        return VisitEntry(**values, entered_at=entered, source=Visit.Source.TERMINAL, window_id=window.pk)
    late = rng.random() < 0.12
    entered = teller.at(row.day + timedelta(days=rng.randint(1, 4) if late else 0), ENDS[row.session] + 1)
    if london_today(entered) >= teller.today:
        entered = teller.at(row.day, ENDS[row.session] + 1)
    paper = row.buddy_id is not None and rng.random() < 0.12
    return VisitEntry(**values, entered_at=entered, source=Visit.Source.PAPER if paper else Visit.Source.STAFF)


def _slips(teller: Teller, needed: int) -> list[int]:
    """Pads of fifty, printed before the first is used."""
    numbers: list[int] = []
    while len(numbers) < needed:
        printed = print_slips(
            by=teller.by("OFFICER"), now=teller.at(teller.opens_on, 9), prison=teller.prison, how_many=50
        )
        numbers += [slip.pk for slip in printed]
    return numbers


def _locked(teller: Teller) -> set[tuple[date, int | None, str]]:
    rows = LockDown.objects.for_prison(teller.prison).values_list("day", "wing_id", "session")
    return set(rows)


def _wings(teller: Teller) -> dict[int, int | None]:
    return dict(Custody.objects.for_prison(teller.prison).values_list("person_id", "wing_id"))


def confirm_weeks(teller: Teller) -> None:
    """Most weeks are confirmed on the Tuesday after; the last one waits for somebody today."""
    last = week_of(teller.today).previous()
    week = week_of(teller.opens_on)
    while week < last:
        for wing in teller.wings:
            # It took some months until confirming became a habit.
            if teller.chance(0.85 if (teller.today - week.monday).days < 100 else 0.25):
                confirm(teller, wing, week.monday)
        week = week.next()


def confirm(teller: Teller, wing: Wing, monday: date) -> None:
    """Three are drawn by the story's own lot, so that it is the same every time; most of what is shown is looked at."""
    page = wing_week(teller.prison, wing, monday)
    if not page.visits:
        return
    fitting = sorted([*page.order.drawn, *page.order.rest])
    drawn = sorted(teller.rng.sample(fitting, min(DRAWN, len(fitting))))
    share = teller.rng.uniform(0.3, 1)
    looked = [pk for pk in [*sorted(page.order.misfits), *drawn] if teller.rng.random() < share]
    confirm_week(
        by=teller.by("LEAD"),
        now=teller.at(monday + timedelta(days=8), 10),
        prison=teller.prison,
        wing=wing,
        week_starts_on=monday,
        drawn=[page.newest[pk].pk for pk in drawn],
        right=[page.newest[pk].pk for pk in looked],
    )
