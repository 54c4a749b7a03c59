"""The demonstration of a nation: a few prisons told by actions, the others drawn from them in bulk."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.demo import months, side_by_side, staff
from buddyscheme.demo.drawn.draw import draw, mend_counters
from buddyscheme.demo.drawn.places import Drawn, drawn_places
from buddyscheme.demo.drawn.references import checked_at_the_end
from buddyscheme.demo.hindsight import whoever_left
from buddyscheme.demo.story import Say, Wanted, begin, national_lead, send_records, tell_prisons
from buddyscheme.lib.dates import Quarter, month_of, quarter_of
from buddyscheme.outbox.publish import without_waking
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.data_queries import look_for_queries
from monitoring.actions.release_requests import ask_release
from monitoring.models import MonthClose
from monitoring.rollups import read_once, roll_up
from schemes.models import Scheme

DRAW, FIGURES, QUERIES = "draw", "figures", "queries"
LOOKED_AT = 2
"""The last months, up to the one before this, whose figures are looked at for queries."""


def tell_fast(wanted: Wanted, say: Say, *, jobs: int = 1) -> None:
    """Tell the few, draw the many, and work out the figures of all. Each part says what it took."""
    with without_waking():
        begin(wanted)
        with whoever_left():
            with _timed("Told", say):
                tell_prisons(wanted, say, jobs)
            with _timed("Drawn", say):
                with checked_at_the_end():
                    _side_by_side(wanted, DRAW, say, jobs)
                mend_counters()
                tidy()
            send_records(wanted)
        with _timed("Worked out", say):
            _side_by_side(wanted, FIGURES, say, jobs)
        with _timed("Looked at", say):
            _side_by_side(wanted, QUERIES, say, jobs)
        with scoped(DatabaseRole.WEB):
            staff.open_accounts()
        say(f"{months.mark_handled()} messages of the outbox done")
    _ask_release(wanted, say)


@contextmanager
def _timed(what: str, say: Say) -> Iterator[None]:
    """Say how long the block took, and how many seconds of work our processes had of it, beside the database."""
    began, used = time.monotonic(), os.times()
    yield
    now = os.times()
    work = sum(now[:4]) - sum(used[:4])
    say(f"{what} in {time.monotonic() - began:.0f} s ({work:.0f} s of work beside the database)")


def tidy() -> None:
    """Fresh statistics, or the next statements would be planned for empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _side_by_side(wanted: Wanted, what: str, say: Say, jobs: int) -> None:
    parts = [f"{what}:{nth}/{jobs}" for nth in range(jobs)]
    if jobs > 1:
        side_by_side.run(wanted, [[part] for part in parts])
    else:
        do_part(wanted, parts[0], say)


def do_part(wanted: Wanted, part: str, say: Say) -> None:
    """One share of the drawing or of the figures, as "draw:0/2"."""
    what, _, share = part.partition(":")
    nth, of = (int(number) for number in share.split("/"))
    with without_waking():
        if what == DRAW:
            some = drawn_prisons(wanted)[nth::of]
            rows = draw(some, seed=wanted.seed, until=wanted.now)
            say(f"{len(some)} prisons drawn, {rows:,} rows")
        elif what == FIGURES:
            _figures(wanted, quarters_of(wanted)[nth::of], say)
        else:
            say(f"{_queries(wanted, nth, of)} queries about figures")


def drawn_prisons(wanted: Wanted) -> list[Drawn]:
    """The prisons that are not told."""
    told = wanted.told
    return drawn_places(wanted.prisons - len(told), told, seed=wanted.seed, today=wanted.today)


def quarters_of(wanted: Wanted) -> list[Quarter]:
    """From the one in which the first scheme opens to the running one; the dearest, which are the last, first."""
    quarters, quarter = [], quarter_of(wanted.first)
    while quarter.first <= wanted.today:
        quarters.append(quarter)
        quarter = quarter.next()
    return quarters[::-1]


def _figures(wanted: Wanted, quarters: Sequence[Quarter], say: Say) -> None:
    """Figures of every prison for some quarters and their months."""
    with scoped(DatabaseRole.NATIONAL):
        schemes = Scheme.objects.order_by("prison").values_list("prison_id", "opened_at")
        opened = {code: opened_at for code, opened_at in schemes if opened_at is not None}
    for quarter in quarters:
        for code, opened_at in opened.items():
            with scoped(DatabaseRole.NATIONAL), read_once():
                for period in (*quarter.months, quarter):
                    if period.first <= wanted.today and opened_at < period.ends_at:
                        roll_up(code, period, now=wanted.now)
        say(f"{quarter} worked out")


def _ask_release(wanted: Wanted, say: Say) -> None:
    """The last quarter that is over, asked for as on the page: a worker makes it, which takes minutes."""
    quarter = quarter_of(wanted.today).previous()
    if quarter.last >= wanted.first:
        by = Actor.staff(national_lead(), roles=("NATIONAL_LEAD",))
        ask_release(by=by, now=max(wanted.now, timezone.now()), period=quarter)
        say(f"{quarter} asked for: a worker that runs within three hours publishes it")


def _queries(wanted: Wanted, nth: int, of: int) -> int:
    """Look at the last closed months of a share of the prisons, as closing a month does. Returns how many queries."""
    with scoped(DatabaseRole.NATIONAL):
        prisons = list(Prison.objects.filter(switched_on=True).order_by("code"))[nth::of]
        raised = 0
        for prison in prisons:
            closed = MonthClose.objects.for_prison(prison).order_by("-month").values_list("month", flat=True)
            months_ = [month_of(day) for day in reversed(closed[:LOOKED_AT])]
            for period in dict.fromkeys(each for month in months_ for each in (month, month.quarter)):
                raised += look_for_queries(by=Actor.system(), now=wanted.now, prison=prison, period=period)
    return raised
