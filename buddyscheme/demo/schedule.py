"""What differs from the week at the busiest prison: a bank holiday's regime, an exception, and a buddy who is away."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today
from referrals.actions.lock_downs import follow_lock_down
from referrals.actions.schedule import except_slots
from referrals.models import Match, Plan, PlanTask
from schemes.actions.absences import record_absence
from schemes.actions.regime import record_lock_down, set_holiday_regime
from schemes.models import Absence


def put_schedule(teller: Teller) -> None:
    """On the agenda a month ago."""
    teller.put(teller.at(teller.today - timedelta(days=30), 9), lambda now: bank_holidays(teller, now))


def leave_the_week(teller: Teller, now: datetime) -> None:
    """How the days to come differ from the week, told when today is open: the agenda ends last night."""
    one_is_moved(teller, now)
    nobody_comes(teller, now)
    evening_is_cancelled(teller, now)


def bank_holidays(teller: Teller, now: datetime) -> None:
    """Later up, earlier locked, and no evening."""
    times = [("AM", time(9), time(11, 30)), ("PM", time(14), time(16))]
    set_holiday_regime(by=teller.by("LEAD"), now=now, prison=teller.prison, like_weekday=None, times=times)


def one_is_moved(teller: Teller, now: datetime) -> None:
    """One task of a plan is left out for the next days."""
    tasks = PlanTask.objects.filter(
        plan__prison=teller.prison, plan__status=Plan.Status.ACTIVE, done_by=PlanTask.DoneBy.BUDDY,
        stopped_at__isnull=True, weekdays__len=7,
    )  # fmt: skip
    task = tasks.select_related("plan").order_by("-id").first()
    if task is not None:
        first = london_today(now) + timedelta(days=1)
        except_slots(
            by=teller.by("LEAD"), now=now, plan=task.plan, tasks=[task], first_on=first,
            last_on=first + timedelta(days=1), reason="His brother visits",
        )  # fmt: skip


def nobody_comes(teller: Teller, now: datetime) -> None:
    """A first buddy goes to hospital tomorrow, and the plan has no second one."""
    matches = Match.objects.filter(prison=teller.prison, status=Match.Status.ACTIVE, part=Match.Part.LEAD)
    match = matches.select_related("buddy__person").order_by("id").first()
    if match is not None:
        day = london_today(now) + timedelta(days=1)
        record_absence(
            by=teller.by("LEAD"), now=now, prison=teller.prison, person=match.buddy.person, kind=Absence.Kind.HOSPITAL,
            starts_on=day, ends_on=day,
        )  # fmt: skip


def evening_is_cancelled(teller: Teller, now: datetime) -> None:
    """This evening will not happen on one wing: whoever it touches reads it at the terminal."""
    day = london_today(now)
    lock_down = record_lock_down(
        by=teller.by("LEAD"),
        now=now,
        prison=teller.prison,
        day=day,
        wing=teller.wings[-1],
        session="EV",
        cause="STAFF_TRAINING",
    )
    follow_lock_down(by=teller.by("LEAD"), now=now, lock_down=lock_down)
