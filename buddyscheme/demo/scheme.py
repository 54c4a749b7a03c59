"""Setting a scheme up and opening it, and the people of the prison."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from buddyscheme.demo.teller import Teller
from schemes.actions import schemes as actions
from schemes.actions.keep_apart import keep_apart
from schemes.actions.people import add_person
from schemes.models import KeepApart, Person, TaskKind

WEEKDAY = (("AM", time(8, 30), time(11, 45)), ("PM", time(13, 45), time(16, 45)), ("EV", time(17, 15), time(18, 15)))
WEEKEND = (("AM", time(9, 0), time(11, 30)), ("PM", time(14, 0), time(16, 30)))
REGIME = [
    (weekday, session, unlock, lock)
    for weekday in range(7)
    for session, unlock, lock in (WEEKDAY if weekday < 5 else WEEKEND)
]


def start(teller: Teller, now: datetime) -> None:
    """Wings, people, falls, tasks and times; the scheme is not open yet."""
    by = teller.by("LEAD")
    scheme = actions.start_scheme(by=by, now=now, prison=teller.prison, lead=teller.staff["LEAD"])
    scheme = actions.set_wings(by=by, now=now, scheme=scheme, wings=teller.wings, version=scheme.version)
    scheme = actions.set_people(
        by=by,
        now=now,
        scheme=scheme,
        deputy=teller.staff["DEPUTY_LEAD"],
        leave_cover="The custodial manager of residence",
        version=scheme.version,
    )
    scheme = actions.set_falls(
        by=by,
        now=now,
        scheme=scheme,
        day_who="The wing officer, then healthcare",
        day_minutes=teller.rng.choice((5, 10)),
        night_who="The night orderly officer",
        night_minutes=teller.rng.choice((10, 15, 20)),
        version=scheme.version,
    )
    actions.set_regime(by=by, now=now, prison=teller.prison, times=REGIME, version=scheme.version)
    stopped = set(teller.rng.sample(("MOB-02", "EOL-01", "INF-01", "COM-03"), 2))
    permitted = set(TaskKind.objects.filter(kind=TaskKind.Kind.PERMITTED).values_list("code", flat=True))
    scheme.refresh_from_db()
    actions.set_tasks(by=by, now=now, scheme=scheme, allowed=permitted - stopped, version=scheme.version)


def open_(teller: Teller, now: datetime) -> None:
    """Open the scheme that was set up."""
    from schemes.queries.schemes import scheme_of

    scheme = scheme_of(teller.prison)
    assert scheme is not None
    actions.open_scheme(by=teller.by("LEAD"), now=now, scheme=scheme, version=scheme.version)


def arrive(teller: Teller, now: datetime, *, older: bool, wing: int | None = None) -> Person:
    """One more person on the prison's list, in a cell of their own or with one other."""
    rng = teller.rng
    there = teller.wings[rng.randrange(len(teller.wings)) if wing is None else wing]
    # People who find stairs hard are mostly put on the lower landings.
    landing = 1 if older and rng.random() < 0.6 else rng.randint(1, there.landings)
    person = add_person(
        by=teller.by("OFFICER"),
        now=now,
        prison=teller.prison,
        wing=there,
        landing=landing,
        cell=f"{landing}-{rng.randint(1, 24):02d}",
        release_on=(now + timedelta(days=rng.randint(200, 2500))).date() if rng.random() < 0.6 else None,
        **teller.census.person(older=older),
    )
    teller.people[person.pk] = person
    return person


def keep_some_apart(teller: Teller, now: datetime, pairs: int) -> None:
    """Some people may not meet."""
    people = [teller.people[pk] for pk in sorted(teller.people)]
    rng = teller.rng
    for _ in range(pairs):
        one, two = rng.sample(people, 2)
        keep_apart(
            by=teller.by("SECURITY"),
            now=now,
            prison=teller.prison,
            person=one,
            other=two,
            reason=rng.choice((KeepApart.Reason.BULLYING, KeepApart.Reason.THREAT, KeepApart.Reason.VIOLENCE)),
            restriction=rng.choice((KeepApart.Restriction.CELL, KeepApart.Restriction.WING)),
        )
