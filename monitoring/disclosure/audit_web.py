"""Releases as one web of counts and sums, and what it gives away. The rules are told in `audit`."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor

from monitoring.disclosure.figures import ROUNDED_TO, SMALLEST_SHOWN, Protected, State
from monitoring.disclosure.programme import Contradiction, Programme, piece
from monitoring.disclosure.proving import Reach, not_proved
from monitoring.disclosure.webs import ANYTHING, Bounds, Sum, carried, components, range_of

Key = Hashable
Shown = int | Protected | Bounds | None
BATCH = 2000
"""About how many counts one linear programme asks for at once."""
WITHOUT_A_COUNT = (State.NOT_RETURNED, State.NOT_YET_DUE)


@dataclass(frozen=True)
class Published:
    """One release as plain data.

    `counts`: what each published count shows, by a key of any kind; the key stands in sentences as it is written.
    The same key in two releases is the same thing counted. What it shows is a whole number (exact), a `Protected`
    (by 10-5: rounded, none, hidden), a `Bounds` (a range) or None (hidden). `sums`: what a reader can add up, as
    (key of the total, keys of its parts); a part may be of another release, or published nowhere. `replaces`: the
    name of the release that this one corrects. `corrected`: keys that a reader knows were counted anew, say those of
    the prison that the note names; totals above them follow, and so do figures that are seen to have moved.
    """

    name: str
    counts: Mapping[Key, Shown]
    sums: Sequence[tuple[Key, Sequence[Key]]] = ()
    replaces: str = ""
    corrected: Collection[Key] = ()


@dataclass(frozen=True)
class Source:
    """A published count that helps to give another away: its key, its release, and what that shows."""

    key: Key
    release: str
    shown: Shown

    @property
    def words(self) -> str:
        return f"{label(self.key)} ({_shown_words(self.shown)})"

    def __str__(self) -> str:
        return f"{label(self.key)} in {self.release} ({_shown_words(self.shown)})"


@dataclass(frozen=True)
class Finding:
    """A count that is given away, what it can be, and the published counts that say so.

    `release` is the one that hides it, or nothing where none publishes it. `pair` are the two that tell most (one
    where nothing else is needed); `given_by` are all of them, the pair first.
    """

    count: str
    release: str
    interval: Bounds
    pair: tuple[Source, ...]
    given_by: tuple[Source, ...]

    def __str__(self) -> str:
        """One sentence for the screen. Releases are named where more than one is needed."""
        one_release = len({self.release, *(source.release for source in self.given_by)} - {""}) == 1
        sources = " and ".join(one.words if one_release else str(one) for one in self.pair)
        where = f" in {self.release}" if self.release and not one_release else ""
        others = len(self.given_by) - len(self.pair)
        more = f", with {others} more" if others else ""
        return f"{self.count}{where} can be worked out to be {_words(self.interval)} from {sources}{more}."


@dataclass(frozen=True)
class _Count:
    """One variable: a key, in the version that a correction may have given it."""

    key: Key
    version: str


@dataclass
class _Known:
    """What is known of one variable, and which releases say so."""

    key: Key
    """The key, or for a difference its name."""
    range: Bounds = ANYTHING
    hidden_in: list[str] = field(default_factory=list)
    shown_in: list[tuple[str, Shown]] = field(default_factory=list)


@dataclass(frozen=True)
class _Piece:
    """Counts that sums tie together; which of them must stay wide, and which as vague as a rounded number."""

    places: list[int]
    sums: list[Sum]
    hidden: list[int]
    rounded: list[int]


def _batches(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Small pieces together: a solution is one of each of them, and asking costs most of the time."""
    batch: list[_Piece] = []
    size = 0
    for one in pieces:
        if batch and size + len(one.places) > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.places)
    if batch:
        yield batch


class Web:
    """All releases in the order of publication, with the keys that each correction counted anew."""

    def __init__(self, releases: Sequence[Published], anew: Mapping[str, set[Key]]) -> None:
        self.at: dict[_Count, int] = {}
        self.known: list[_Known] = []
        self.sums: list[Sum] = []
        self.versions: dict[str, dict[Key, str]] = {}
        self.silent: set[_Count] = set()
        current: dict[Key, str] = {}
        for one in releases:
            current = {**current, **dict.fromkeys(anew.get(one.name, ()), one.name)}
            self.versions[one.name] = current
            for key, shown in one.counts.items():
                self._note(one, key, shown)
        for one in releases:
            self._tie_sums(one, anew.get(one.name, set()))
        self.sums = list(dict.fromkeys(self.sums))
        self._differences()
        for one in releases:
            self._moves(one, anew.get(one.name, set()))

    def count(self, release: str, key: Key) -> _Count:
        return _Count(key, self.versions[release].get(key, ""))

    def _variable(self, count: _Count) -> int:
        if count not in self.at:
            self.at[count] = len(self.known)
            self.known.append(_Known(count.key))
        return self.at[count]

    def _note(self, one: Published, key: Key, shown: Shown) -> None:
        count = self.count(one.name, key)
        if isinstance(shown, Protected) and shown.state in WITHOUT_A_COUNT:
            self.silent.add(count)
            return
        known, range_ = self.known[self._variable(count)], limits(shown)
        known.range = known.range.both(range_)
        if range_ == ANYTHING:
            known.hidden_in.append(one.name)
        else:
            known.shown_in.append((one.name, shown))

    def _tie_sums(self, one: Published, anew: set[Key]) -> None:
        """The sums of one release, but for those with a part that has no count at all.

        A total that moved while none of its parts is seen to is no sum of these: some changed unseen.
        """
        for total, parts in one.sums:
            counts = [self.count(one.name, key) for key in (*parts, total)]
            unseen = total in anew and anew.isdisjoint(parts)
            if not unseen and self.silent.isdisjoint(counts):
                *places, place = [self._variable(count) for count in counts]
                self.sums.append(Sum(place, tuple(places)))

    def _differences(self) -> None:
        """What is left between two totals of which one holds the other: a count of its own, unless it has a name."""
        by_part: dict[int, list[Sum]] = {}
        for one in self.sums:
            for part in one.parts:
                by_part.setdefault(part, []).append(one)
        for inner in tuple(self.sums):
            within = set(inner.parts)
            for outer in by_part[inner.parts[0]] if inner.parts else ():
                if 1 < len(within) < len(outer.parts) - 1 and within < set(outer.parts):
                    name = f"{label(self.known[outer.total].key)} without {label(self.known[inner.total].key)}"
                    self._difference(outer.total, inner.total, name)

    def _moves(self, one: Published, anew: set[Key]) -> None:
        """How far a correction is seen to move each figure."""
        bounds = carried([known.range for known in self.known], self.sums) if anew else []
        for key in anew:
            now, before = self.at.get(self.count(one.name, key)), self.at.get(self.count(one.replaces, key))
            if now is None or before is None or not bounds[now].both(bounds[before]).empty:
                continue
            larger, smaller = (now, before) if bounds[now].low > bounds[before].low else (before, now)
            self._difference(larger, smaller, f"The change of {label(key)} by {one.name}")

    def _difference(self, larger: int, smaller: int, name: str) -> None:
        self.known.append(_Known(name))
        self.sums.append(Sum(larger, (smaller, len(self.known) - 1)))

    # --- what is given away ----------------------------------------------------------------------

    def findings(self) -> list[Finding]:
        """Every count that is given away. Raises `Contradiction` when what is shown cannot be true."""
        ranges = [known.range for known in self.known]
        outer = carried(ranges, self.sums)
        if any(one.empty for one in outer):
            raise Contradiction
        found: list[Finding | None] = []
        for batch in _batches(self._pieces(outer)):
            places, sums = [p for one in batch for p in one.places], [s for one in batch for s in one.sums]
            programme, at = piece(ranges, places, sums, whole=False)
            reach = Reach(programme.middle())
            narrow = not_proved(programme, [at[place] for one in batch for place in one.hidden], reach)
            narrow += not_proved(programme, [at[place] for one in batch for place in one.rounded], reach, as_rounded)
            found += [self._finding(places[number], number, programme, places) for number in narrow]
        return [one for one in found if one is not None]

    def _pieces(self, outer: Sequence[Bounds]) -> Iterator[_Piece]:
        """What no sum ties to the rest, where something is shown and something is not."""
        for places, sums in components(len(self.known), self.sums):
            if not sums or not any(self.known[place].shown_in for place in places):
                continue
            asked = [place for place in places if not self.known[place].shown_in]
            # What is surely 10 or more and would only be rounded has to stay as vague as that; exact numbers tell more.
            rounded = {p for p in asked if not self.known[p].hidden_in and outer[p].low >= SMALLEST_SHOWN}
            exact = any(self._exact(place) for place in places)
            one = _Piece(places, sums, [p for p in asked if p not in rounded], sorted(rounded) if exact else [])
            if one.hidden or one.rounded:
                yield one

    def _exact(self, place: int) -> bool:
        return 0 < self.known[place].range.low == self.known[place].range.high

    def _finding(self, place: int, number: int, programme: Programme, places: Sequence[int]) -> Finding | None:
        """The pair: of what holds the count from above and of what is taken off, the largest each."""
        known, interval = self.known[place], programme.interval(number)
        weights = {places[other]: weight for other, weight in programme.given_by(number).items()}
        if not known.hidden_in and interval.low >= SMALLEST_SHOWN:
            high = interval.low if interval.high is None else interval.high
            if as_rounded(interval.low, high) or not any(self._exact(p) for p in weights):
                return None
        ordered = sorted(weights, key=lambda p: -self.known[p].range.low)
        above = [self._source(p) for p in ordered if weights[p] > 0]
        below = [self._source(p) for p in ordered if weights[p] < 0]
        pair = (above[0], below[0]) if above and below else tuple((above + below)[:2])
        release = known.hidden_in[0] if known.hidden_in else ""
        return Finding(
            label(known.key), release, interval, pair, (*pair, *(one for one in above + below if one not in pair))
        )

    def _source(self, place: int) -> Source:
        release, shown = self.known[place].shown_in[0]
        return Source(self.known[place].key, release, shown)


def as_rounded(low: float, high: float) -> bool:
    """Whether a range from 10 up is as vague as 10-5: it holds all the counts that one rounded value stands for."""
    low, high = ceil(low), floor(high)
    if low <= SMALLEST_SHOWN:
        return high >= SMALLEST_SHOWN + ROUNDED_TO // 2
    first = low + (ROUNDED_TO // 2 + 1 - low) % ROUNDED_TO
    return high >= first + ROUNDED_TO - 1


def told(one: Published) -> dict[Key, Bounds]:
    """What one release by itself tells about each of its counts, one sum after another."""
    web = Web([Published(one.name, one.counts, one.sums)], {})
    bounds = carried([known.range for known in web.known], web.sums)
    return {count.key: bounds[place] for count, place in web.at.items()}


def limits(shown: Shown) -> Bounds:
    """The least and the most that a count can be by what is published of it."""
    if shown is None:
        return ANYTHING
    if isinstance(shown, Bounds):
        return shown
    if isinstance(shown, Protected):
        return range_of(shown)
    if shown < 0:
        raise ValueError("A count cannot be below nought.")
    return Bounds(shown, shown)


def label(key: Key) -> str:
    return ", ".join(label(part) for part in key if part != "") if isinstance(key, tuple) else str(key)


def _shown_words(shown: Shown) -> str:
    if isinstance(shown, Protected):
        return f"{shown.value:.0f}"
    return _words(shown) if isinstance(shown, Bounds) else str(shown)


def _words(interval: Bounds) -> str:
    if interval.high is None:
        return f"{interval.low} or more"
    if interval.low == interval.high:
        return f"exactly {interval.low}"
    return f"between {interval.low} and {interval.high}"
