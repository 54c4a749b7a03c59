"""Telling one prison's story: what happens is put on an agenda and happens in order, by the actions that pages call."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, Terminal, User, Wing
from buddyscheme.demo.names import Census
from buddyscheme.demo.places import Place
from buddyscheme.lib.dates import london_moment, london_today
from schemes.models import Person

Happening = Callable[[datetime], Any]


@dataclass
class Teller:
    """One prison with its people, and the agenda of what is still to happen."""

    place: Place
    prison: Prison
    rng: Random
    census: Census
    opens_on: date
    today: date
    staff: dict[str, User] = field(default_factory=dict)
    wings: list[Wing] = field(default_factory=list)
    terminals: list[Terminal] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)
    agenda: list[tuple[datetime, int, Happening]] = field(default_factory=list)
    # Plans that are to wait for a buddy today, so that somebody can match them by hand.
    left_alone: set[int] = field(default_factory=set)
    _count: int = 0

    def by(self, role: str) -> Actor:
        """The member of staff who holds the role here."""
        return Actor.staff(self.staff[role], roles=(role,))

    def at(self, day: date, hour: int | None = None) -> datetime:
        """A moment of a working day: at the hour, or at some time between nine and five."""
        hour = self.rng.randrange(9, 17) if hour is None else hour
        return london_moment(day, time(hour, self.rng.randrange(60)))

    def later(self, now: datetime, fewest: int, most: int) -> datetime:
        """Some working days' hour between so many days after a moment; weekends are put off."""
        day = london_today(now) + timedelta(days=self.rng.randint(fewest, most))
        while day.weekday() > 4:
            day += timedelta(days=1)
        return max(self.at(day), now + timedelta(minutes=self.rng.randint(5, 50)))

    def put(self, when: datetime, happening: Happening) -> None:
        """Let something happen at a moment."""
        self._count += 1
        heapq.heappush(self.agenda, (when, self._count, happening))

    def tell(self, until: datetime) -> None:
        """Let everything happen, in order, that lies before the moment; what lies after it never will."""
        while self.agenda and self.agenda[0][0] < until:
            now, _, happening = heapq.heappop(self.agenda)
            happening(now)

    def chance(self, share: float) -> bool:
        """True in that share of cases."""
        return self.rng.random() < share
