"""Looking at visits: the week's confirmation, one look at a time, and asking people whether the help came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.publish import month_changed
from referrals.models import HelpCheck, Plan, Visit, VisitLook, WeekConfirmation
from referrals.queries.weeks import confirmation_of, wing_week
from referrals.rules import weeks as rules
from schemes.models import Person
from schemes.queries.people import custody_of


@transaction.atomic
def look_at_visit(*, by: Actor, now: datetime, visit: Visit, result: str = "RIGHT") -> VisitLook:
    """Somebody looked at a visit and says that it is right. A correction counts as a look by itself."""
    if result not in VisitLook.Result.values:
        raise NotAllowed("Say whether the visit is right, or correct it.")
    look: VisitLook = VisitLook.objects.create(
        prison_id=visit.prison_id, visit=visit, result=result, at=now, by=by.user
    )
    record(
        Event.VISIT_LOOKED_AT,
        by=by,
        prison=visit.prison_id,
        subject=visit,
        person_id=visit.person_id,
        result=look.result,
    )
    month_changed(visit.prison_id, [visit.day])
    return look


@transaction.atomic
def confirm_week(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    wing: Wing,
    week_starts_on: date,
    drawn: Iterable[int] = (),
    right: Iterable[int] = (),
) -> WeekConfirmation:
    """Confirm a wing's week that is over. `right` are ids of visits looked at now and found right.

    How many of the visits somebody looked at is stored as it is, whatever it is. `drawn` are the visits that were
    drawn to ask about; left empty, they are drawn here, the same as on the page.
    """
    Wing.objects.select_for_update(no_key=True).get(pk=wing.pk)
    page = wing_week(prison, wing, week_starts_on)
    confirmed = confirmation_of(wing, week_starts_on) is not None
    rules.check_can_confirm(week_starts_on, today=london_today(now), confirmed=confirmed, visits=page.visits)
    by_id = {visit.pk: visit for visit in page.newest.values()}
    right = set(right)
    rules.check_can_look(right, by_id)
    VisitLook.objects.bulk_create(
        VisitLook(prison=prison, visit_id=pk, result=VisitLook.Result.RIGHT, at=now, by=by.user) for pk in sorted(right)
    )
    looked = set(page.looked) | {by_id[pk].planned_id for pk in right}
    confirmation: WeekConfirmation = WeekConfirmation.objects.create(
        prison=prison,
        wing=wing,
        week_starts_on=week_starts_on,
        visits=page.visits,
        looked_at=len(looked),
        drawn=list(drawn) or [page.newest[planned].pk for planned in page.order.drawn],
        confirmed_at=now,
        confirmed_by=by.user,
    )
    record(
        Event.WEEK_CONFIRMED,
        by=by,
        prison=prison.code,
        subject=confirmation,
        wing=wing.code,
        week=str(week_starts_on),
        visits=page.visits,
        looked_at=len(looked),
    )
    month_changed(prison.code, {visit.day for visit in page.newest.values()})
    return confirmation


@transaction.atomic
def ask_about_help(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    plan: Plan,
    answer: str,
    asked_in_return: str,
    visit: Visit | None = None,
) -> HelpCheck:
    """Record what a person said in private about the help: whether it came, and whether anything was asked for it."""
    held_here = custody_of(prison, person) is not None
    fits = plan.person_id == person.pk and (visit is None or visit.person_id == person.pk)
    rules.check_can_ask(held_here=held_here, person_fits=fits)
    check: HelpCheck = HelpCheck.objects.create(
        prison=prison,
        person=person,
        plan=plan,
        visit=visit,
        answer=HelpCheck.Answer(answer),
        asked_in_return=HelpCheck.InReturn(asked_in_return),
        asked_at=now,
        asked_by=by.user,
    )
    record(
        Event.HELP_ASKED_ABOUT,
        by=by,
        prison=prison.code,
        subject=check,
        person_id=person.pk,
        visit=visit.pk if visit is not None else None,
    )
    return check
