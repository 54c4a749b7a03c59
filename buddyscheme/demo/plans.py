"""Plans that live: versions, equipment with a check overdue, how somebody leaves in an emergency, reviews done and one
overdue, and help that began the same day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from buddyscheme.demo import scheme
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.equipment import add_equipment, write_evacuation
from referrals.actions.interim import help_from_today
from referrals.actions.plan_reviews import review_plan
from referrals.actions.plans import add_task, save_risks
from referrals.actions.referrals import make_referral
from referrals.models import Match, Plan
from referrals.queries.interim import everyday_tasks, facts_of, on_the_wing
from referrals.queries.plan_parts import goals_of
from referrals.queries.plans import running_tasks
from schemes.models import TaskKind

INTERIM_SINCE = 10


def put_story(teller: Teller) -> None:
    """On the agenda of the busiest prison."""

    def ago(days: int) -> datetime:
        return teller.at(teller.today - timedelta(days=days), 11)

    for days in (INTERIM_SINCE + 1, INTERIM_SINCE):
        teller.put(ago(days), lambda now: help_at_once(teller, now))
    teller.put(ago(30), lambda now: write_risks(teller, now))
    teller.put(ago(20), lambda now: add_company(teller, now))
    teller.put(ago(8), lambda now: review(teller, now, 0, teller.today + timedelta(days=82)))
    teller.put(ago(9), lambda now: review(teller, now, 1, teller.today - timedelta(days=3)))


def _helped(teller: Teller, nth: int) -> Plan | None:
    """One of the plans with a buddy, the oldest first."""
    helped = Match.objects.filter(status="ACTIVE", part="LEAD").values("plan")
    rows = Plan.objects.for_prison(teller.prison).filter(status="ACTIVE", interim_from__isnull=True, pk__in=helped)
    found: list[Plan] = list(rows.order_by("id")[nth : nth + 1])
    return found[0] if found else None


def write_risks(teller: Teller, now: datetime) -> None:
    """A wheelchair whose check will be overdue by today, a risk of falling, and how the person leaves."""
    plan = _helped(teller, 0)
    if plan is None:
        return
    by, today = teller.by("LEAD"), london_today(now)
    add_equipment(
        by=by, now=now, plan=plan, kind="WHEELCHAIR", owner="PRISON", checked_on=today - timedelta(days=160),
        next_check_on=teller.today - timedelta(days=6),
    )  # fmt: skip
    add_equipment(by=by, now=now, plan=plan, kind="HEARING_AID", owner="PERSON")
    write_evacuation(
        by=by, now=now, plan=plan, needs_help=True,
        how="Two staff bring the evacuation chair to the cell and take him down the north stairs.", staff=2,
        waits_at="The gate of the landing, by the office", equipment="Evacuation chair from the wing office",
        review_on=today + timedelta(days=180),
    )  # fmt: skip
    plan.refresh_from_db()
    save_risks(
        by=by, now=now, plan=plan, falls_risk=True, staff_notes="Fell twice on the stairs in the spring.",
        version=plan.version,
    )  # fmt: skip


def add_company(teller: Teller, now: datetime) -> None:
    """One task more, which the person does alone."""
    plan = _helped(teller, 0)
    if plan is None or running_tasks(plan).filter(task="COM-02").exists():
        return
    kind = TaskKind.objects.get(pk="COM-02")
    add_task(
        by=teller.by("LEAD"), now=now, plan=plan, task=kind, weekdays=[5, 6], session="PM", minutes=kind.minutes,
        done_by="SELF",
    )  # fmt: skip


def review(teller: Teller, now: datetime, nth: int, next_on: date) -> None:
    """The plan is looked at with the person."""
    plan = _helped(teller, nth)
    if plan is None:
        return
    review_plan(
        by=teller.by("LEAD"), now=now, plan=plan, states={goal.pk: "PARTLY" for goal in goals_of(plan)}, right="RIGHT",
        other_help="NO", next_on=next_on, version=plan.version,
    )  # fmt: skip


def help_at_once(teller: Teller, now: datetime) -> None:
    """Somebody comes back from hospital and cannot carry a tray; a buddy of the wing begins the same day."""
    tasks = [task for task in everyday_tasks(teller.prison, london_today(now)) if task.code in ("DOM-03", "DOM-05")]
    for nth in range(len(teller.wings)):
        person = scheme.arrive(teller, now - timedelta(hours=3), older=True, wing=nth)
        facts = facts_of(teller.prison, person, london_today(now))
        suited = on_the_wing(facts, facts.ranked().suggestions)
        if not suited:
            continue
        referral = make_referral(
            by=teller.by("OFFICER"), now=now - timedelta(hours=1), prison=teller.prison, person=person, source="STAFF",
            urgency="URGENT", need_areas=["MEALS"], reason="Back from hospital with an arm in plaster.",
            other_help="NO",
        )  # fmt: skip
        try:
            help_from_today(
                by=teller.by("LEAD"), now=now, referral=referral, own_words="I cannot carry my tray with one arm.",
                tasks=tasks, session="PM", buddy=facts.buddies[suited[0].buddy_id], person_agrees=True,
                buddy_agrees=True,
            )  # fmt: skip
        except NotAllowed:
            continue
        return
