"""What a tile of the home page is: the count of a list, and the words under it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest
from buddyscheme.home.counts import Question, Rows, question, remembered
from buddyscheme.lib.dates import london_today
from schemes.models import Buddy
from schemes.queries import (
    buddies,
)
from schemes.queries.buddies import BuddyStanding
from schemes.rules.buddies import IN_ROLE
from training.queries import board


@dataclass(frozen=True)
class Asked:
    """Whose home page it is, and when."""

    request: StaffRequest
    now: datetime

    @property
    def today(self) -> date:
        """The day in London."""
        return london_today(self.now)

    @cached_property
    def same_all_day(self) -> Hashable:
        """What the rows of most tiles depend on, besides what stands in the database."""
        held = frozenset(
            (m.role, m.department) for m in self.request.memberships if m.prison_id == self.request.prison.pk
        )
        return self.request.prison.pk, self.request.user.pk, held, self.today

    @cached_property
    def standing(self) -> dict[int, BuddyStanding]:
        """Where every buddy in the role stands: asked once for all tiles that need it."""
        rows = Buddy.objects.for_prison(self.request.prison).filter(status__in=IN_ROLE)
        return buddies.standing(rows.values_list("pk", flat=True), self.today)

    @cached_property
    def training(self) -> list[board.Line]:
        """The training board, of which two tiles count a part each."""
        return board.board(self.request.prison, self.today)

    def on_board(self, state: str) -> list[board.Line]:
        """The board's lines of one state."""
        return board.lines_in(self.training, state)


@dataclass(frozen=True)
class Late:
    """Those of a tile’s rows that are past their time, counted in one question with all tiles, and what they are."""

    rows: Callable[[Asked], Rows]
    words: str


@dataclass(frozen=True, kw_only=True)
class Tile:
    """`rows` gives what the list at `url` with `query` shows; `note` and `late` go under a count that is not nought.

    `anew`: what `rows` asks depends on the hour, or on rows that it reads to ask. Of all others the question is kept.
    """

    text: str
    permission: P
    url: str
    rows: Callable[[Asked], Rows]
    query: str = ""
    urgent: bool = False
    note: Callable[[Asked], str] | None = None
    late: Late | None = None
    anew: bool = False

    def question(self, asked: Asked) -> Question:
        """How to count the rows."""
        if self.anew:
            return question(self.rows(asked))
        return remembered((self.text, asked.same_all_day), lambda: question(self.rows(asked)))


@dataclass(frozen=True)
class Group:
    """Tiles about one thing, under its heading."""

    text: str
    tiles: tuple[Tile, ...]
