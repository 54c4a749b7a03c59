"""The whole demonstration: six fictional prisons and a seventh with nothing set up, told once, from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from buddyscheme.accounts.models import User
from buddyscheme.demo import (
    buddies,
    care,
    checks,
    classes,
    concerns,
    directory,
    doors,
    imports,
    months,
    moving,
    nationally,
    papers,
    patterns,
    pay,
    plans,
    posts,
    recipients,
    returns,
    schedule,
    scheme,
    self_assessment,
    side_by_side,
    staff,
    states,
    supervision,
    take_along,
    today,
    visits,
)
from buddyscheme.demo.hindsight import whoever_left
from buddyscheme.demo.names import Census, numbers
from buddyscheme.demo.places import EMPTY, NATIONAL_DOMAIN, PLACES, Place
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_moment
from buddyscheme.outbox.publish import without_waking
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.days import open_day

Say = Callable[[str], None]
# Nothing of the story happens before this time on its last day, so nothing lies in the future of whoever looks.
FIRST_MINUTE = time(0, 5)


@dataclass(frozen=True)
class Wanted:
    """How much story, from which seed, up to which day."""

    prisons: int
    months: int
    seed: int
    today: date
    # Most prisons are drawn in bulk from the few that are told.
    fast: bool = False

    @property
    def first(self) -> date:
        """The first day of the month that lies so many months back."""
        number = self.today.year * 12 + self.today.month - 1 - self.months
        return date(number // 12, number % 12 + 1, 1)

    @property
    def told(self) -> tuple[Place, ...]:
        """The prisons whose story is told by actions: half of them at most where the others are drawn from these."""
        return PLACES[: max(1, self.prisons // 2) if self.fast else self.prisons]

    @property
    def now(self) -> datetime:
        """The moment at which the story ends."""
        return london_moment(self.today, FIRST_MINUTE)


def tell(wanted: Wanted, say: Say, *, jobs: int = 1) -> None:
    """Tell it all. Each prison is one transaction, so an interrupted story leaves whole prisons behind."""
    with without_waking():
        begin(wanted)
        with whoever_left():
            tell_prisons(wanted, say, jobs)
            told = months.newest_message()
            send_records(wanted)
        months.work_out_anew([place.code for place in wanted.told], told, wanted.now)
        with scoped(DatabaseRole.WEB):
            staff.open_accounts()
        nationally.type_returns(national_lead(), wanted.today, wanted.first)
        published = months.publish(national_lead(), wanted.today, wanted.first)
        say(f"{nationally.make_digests(wanted.now)} digests made")
        say(f"{published} releases published, {months.mark_handled()} messages of the outbox done")


def begin(wanted: Wanted) -> None:
    """What is there for all prisons."""
    with scoped(DatabaseRole.WEB):
        staff.make_national(wanted.first - timedelta(days=90))
    by = national_lead()
    with scoped(DatabaseRole.WEB):
        checks.publish_second_compact(by, wanted.today, wanted.first)


def tell_prisons(wanted: Wanted, say: Say, jobs: int) -> None:
    """Each prison by itself."""
    parts = [part for part in parts_of(wanted) if part]
    if jobs > 1 and len(parts) > 1:
        side_by_side.run(wanted, parts)
    else:
        for part in parts:
            tell_part(wanted, part, say)


def send_records(wanted: Wanted) -> None:
    """What the prisons sent each other."""
    codes = [place.code for place in wanted.told]
    take_along.send_records(codes, wanted.now)
    moving.send_care_records(codes, wanted.now)


def parts_of(wanted: Wanted) -> tuple[list[str], list[str]]:
    """Codes of the prisons in two parts of about the same work; who leads two prisons is in one part."""
    told = {place.code for place in wanted.told}
    first = [code for code in ("ZAA", "ZAE", "ZAF") if code in told]
    return [*first, EMPTY.code], [code for code in ("ZAB", "ZAC", "ZAD") if code in told]


def tell_part(wanted: Wanted, codes: list[str], say: Say) -> None:
    """The prisons of one part, one after the other."""
    places = (*PLACES, EMPTY)
    with without_waking():
        for code in codes:
            nth, place = next((nth, place) for nth, place in enumerate(places) if place.code == code)
            with scoped(DatabaseRole.WEB, prisons=[code]):
                _live(wanted, _begin(wanted, place, nth))
            say(f"{code} {place.name}: {place.purpose}")


def national_lead() -> User:
    """Who publishes."""
    with scoped(DatabaseRole.NATIONAL):
        return User.objects.get(email=f"lead@{NATIONAL_DOMAIN}")


def _begin(wanted: Wanted, place: Place, nth: int) -> Teller:
    """Prison, staff, wings and terminals."""
    opens_on = wanted.first if place.weeks is None else max(wanted.first, wanted.today - timedelta(weeks=place.weeks))
    since = wanted.first - timedelta(days=90)
    set_up = london_moment(since, time(9, 0))
    prison = staff.make_prison(place)
    rng = Random(f"{wanted.seed}:{place.code}")
    teller = Teller(
        place=place,
        prison=prison,
        rng=rng,
        census=Census(rng, numbers(nth), place.nation, place.women, wanted.today),
        opens_on=opens_on,
        today=wanted.today,
    )
    admin = staff.make_administrator(place, prison, since, nth)
    teller.staff = staff.make_staff(place, prison, admin, set_up, since, nth)
    teller.wings = staff.make_wings(place, prison, admin, set_up)
    teller.terminals = staff.make_terminals(prison, teller.wings, admin, set_up)
    return teller


def _live(wanted: Wanted, teller: Teller) -> None:
    """The months from before the opening to last night, then this morning."""
    begins = teller.opens_on - timedelta(days=45)
    for i in range(8):
        scheme.arrive(teller, teller.at(begins - timedelta(days=30 * i), 14), older=i % 2 == 0)
    if teller.place is EMPTY:
        return
    busiest = teller.place.code == PLACES[0].code
    yesterday = wanted.today - timedelta(days=1)
    teller.put(teller.at(begins, 10), lambda now: scheme.start(teller, now))
    posts.put_story(teller, begins)
    if busiest:
        checks.put_own_ways(teller, begins)
    buddies.recruit(teller, begins + timedelta(days=1), teller.place.starters)
    checks.put_signing_again(teller)
    _put_joiners(teller, yesterday)
    teller.put(teller.at(teller.opens_on, 8), lambda now: scheme.open_(teller, now))
    teller.put(london_moment(teller.opens_on, time(8, 50)), lambda now: pay.set_rates(teller, now))
    if teller.place.weeks is not None:
        start = teller.opens_on + timedelta(days=1)
        teller.put(teller.at(start, 13), lambda now: take_along.take_over_together(teller, now))
    if busiest:
        for n in range(2):
            teller.put(
                teller.at(teller.opens_on + timedelta(days=n), 11),
                lambda now: buddies.take_over(
                    teller, now, scheme.arrive(teller, now - timedelta(days=700), older=False)
                ),
            )
        today.put_waiting(teller)
        schedule.put_schedule(teller)
        classes.put_classes(teller)
        care.put_care(teller)
        plans.put_story(teller)
    supervision.put_story(teller)
    recipients.put_referrals(teller, yesterday)
    recipients.put_weekly_looks(teller, yesterday)
    visits.put_lock_downs(teller, yesterday)
    teller.put(teller.at(teller.opens_on + timedelta(days=40), 10), lambda now: scheme.keep_some_apart(teller, now, 3))
    teller.tell(until=london_moment(yesterday, time(20, 0)))
    visits.record_all(teller, wanted.now)
    if teller.place.returns:
        visits.confirm_weeks(teller)
        concerns.raise_some(teller, yesterday)
    today.tell_what_is_hard(teller)
    pay.compare(teller, wanted.now)
    returns.put_in(teller, wanted.now)
    if busiest:
        today.leave_words_held(teller)
        imports.leave_an_import(teller)
        imports.leave_a_saved_import(teller)
        care.leave_a_check_late(teller)
        moving.name_release_dates(teller, wanted.now, recipients.helped_people(teller)[:2])
    if teller.place.code == PLACES[1].code:
        directory.leave_this_morning(teller, wanted.now, wanted.today)
    open_day(by=teller.by("OFFICER"), now=wanted.now, prison=teller.prison, day=wanted.today)
    if busiest:
        today.leave_a_worry(teller)
        today.leave_danger(teller)
        doors.leave_at_the_doors(teller)
        states.leave_every_state(teller, wanted.now)
        schedule.leave_the_week(teller, wanted.now)
        papers.leave_papers(teller, wanted.now)
        patterns.leave_patterns(teller, wanted.now)
    months.close_months(teller, wanted.now, work_out=not wanted.fast)
    if busiest:
        if wanted.fast:
            months.work_out_last(teller, wanted.now)
        self_assessment.assess(teller, wanted.now)


def _put_joiners(teller: Teller, until: date) -> None:
    """Later rounds of recruitment, each of up to three."""
    left, day = teller.place.joiners, teller.opens_on + timedelta(days=75)
    while left > 0 and day < until - timedelta(days=60):
        buddies.recruit(teller, day, min(3, left))
        left -= 3
        day += timedelta(days=105)
