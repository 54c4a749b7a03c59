"""Paper at the busiest prison: this week's log sheets, spare ones on the shelf, forms, and a sheet of last week."""

from __future__ import annotations

from datetime import datetime
from itertools import product

from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today, week_of
from referrals.actions.sheets import key_sheet, print_forms, print_spares, print_week
from referrals.models import PaperSheet, PlannedVisit, Visit
from referrals.queries.sheets import open_visits
from referrals.rules.sheets import RowEntry, totals_of
from schemes.models import Buddy


def leave_papers(teller: Teller, now: datetime) -> None:
    """The power was off for a while last week: what a buddy wrote on a spare sheet has been entered since."""
    by, prison = teller.by("OFFICER"), teller.prison
    spare, *_ = print_spares(by=by, now=now, prison=prison, how_many=3)
    print_forms(by=by, now=now, prison=prison, kind=PaperSheet.Kind.REFERRAL, how_many=2)
    print_forms(by=by, now=now, prison=prison, kind=PaperSheet.Kind.CONCERN, how_many=2)
    week = week_of(london_today(now))
    print_week(by=by, now=now, prison=prison, week_starts_on=week.monday)
    buddies = list(Buddy.objects.for_prison(prison).filter(status=Buddy.Status.ACTIVE).order_by("id"))
    for last, buddy in product((week.previous(), week.previous().previous()), buddies):
        visits = [one for one in open_visits(prison, buddy.pk, last.monday, last.last) if one.buddy_id == buddy.pk]
        if visits:
            rows = [_row(place, one) for place, one in enumerate(visits[:3], start=1)]
            totals = totals_of((row.outcome, row.minutes) for row in rows)
            key_sheet(by=by, now=now, sheet=spare, rows=rows, totals=totals, buddy=buddy, week_starts_on=last.monday)
            return


def _row(place: int, planned: PlannedVisit) -> RowEntry:
    return RowEntry(place=place, planned_id=planned.pk, outcome=Visit.Outcome.DONE.value, minutes=planned.minutes)
