"""What the national team and the clock do beside releases: a prison without a scheme is typed, digests are made."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.demo.places import EMPTY
from buddyscheme.lib.dates import Quarter, london_moment, london_today, quarter_of
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.digests import make_digest
from monitoring.actions.hand_returns import Said, return_by_hand
from monitoring.digests import period_due
from monitoring.models import HandReturn
from monitoring.queries.digests import readers


def type_returns(national_lead: User, today: date, first: date) -> None:
    """Two quarters of the prison without a scheme, each from a letter of its first weeks after the end."""
    last = quarter_of(today).previous()
    with scoped(DatabaseRole.NATIONAL):
        prison = Prison.objects.get(pk=EMPTY.code)
        for quarter, helped in ((last.previous(), 3), (last, 4)):
            written_on = min(quarter.end + timedelta(days=9), today - timedelta(days=2))
            if quarter.last < first or written_on <= quarter.last:
                continue
            return_by_hand(
                by=Actor.staff(national_lead, roles=("NATIONAL_LEAD",)),
                now=london_moment(written_on + timedelta(days=1), time(15, 20)),
                prison=prison,
                quarter=quarter,
                version=0,
                **_letter(quarter, written_on, helped),
            )


def _letter(quarter: Quarter, written_on: date, helped: int) -> Said:
    """Informal help; what the letter does not say stays empty."""
    return Said(
        sort=HandReturn.Sort.INFORMAL, help_known=HandReturn.Help.YES, buddies=None, trained=None, paid=None,
        helped=helped, referred=1 if quarter.number % 2 else 2, waiting=None, unmet=1,
        source=HandReturn.Source.LETTER, source_on=written_on,
    )  # fmt: skip


def make_digests(now: datetime) -> int:
    """What the clock would have made by now for everybody who reads figures."""
    made = 0
    with scoped(DatabaseRole.NATIONAL):
        for reader in readers(london_today(now)):
            period = period_due(reader.wish.how_often, london_today(now))
            if period is not None:
                made += make_digest(by=Actor.system(), now=now, reader=reader, period=period) is not None
    return made
