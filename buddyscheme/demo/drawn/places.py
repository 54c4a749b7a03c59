"""Which prisons are drawn: names and codes that no register has, as many of each kind as there are, and their ways."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from random import Random
from string import ascii_uppercase

from buddyscheme.accounts.models import Prison
from buddyscheme.demo.places import EMPTY, PLACES, Place
from buddyscheme.lib.dates import Quarter, quarter_of
from buddyscheme.lib.references import ALPHABET

MOST = 300
BEGINNINGS = (
    "Alder", "Barrow", "Bracken", "Calder", "Cinder", "Copper", "Coven", "Dun", "Eagle", "Elder", "Farrow", "Gander",
    "Hazel", "Heron", "Hollin", "Juniper", "Kestrel", "Lark", "Linden", "Marl", "Miller", "Moss", "Otter", "Pike",
    "Quarry", "Raven", "Rowan", "Sedge", "Sorrel", "Tarn", "Thistle", "Willow",
)  # fmt: skip
ENDINGS = (
    "beck", "bourne", "combe", "dale", "den", "fell", "garth", "holt", "hurst", "lea", "mere", "ridge", "stead",
    "thwaite", "wick", "worth",
)  # fmt: skip
WELSH = (("Bryn", "Coed", "Cwm", "Maes", "Nant", "Pant"), ("brwyn", "celynnen", "eithin", "heulog", "meillion"))
REGIONS = ("Made-up North", "Made-up East", "Made-up South", "Made-up Midlands")
# How often a prison of no particular kind is drawn from which told one, where that was told.
ORDINARY = {"ZAA": 0.52, "ZAB": 0.34, "ZAD": 0.14}
# Prisons that return nothing, and prisons that have only just begun.
SILENT, BEGINNERS = ("ZAE", 0.04), ("ZAF", 0.05)


@dataclass(frozen=True)
class Ways:
    """How a drawn prison differs from the one it is drawn from. Shares are of what the other one has.

    `slow` is by how many days at most its referrals were made earlier than the other's, so that people wait longer;
    `size` and `cost` are factors. From `silent_from` on nothing is recorded there and no month is closed.
    """

    buddies: float
    people: float
    others: float
    slow: int
    recorded: float
    done: float
    late: float
    looked: float
    supervised: float
    followed: float
    closed: float
    size: float
    cost: float
    silent_from: date | None = None


@dataclass(frozen=True)
class Drawn:
    """One prison that is drawn. `letters` is what the letters of references become there."""

    nth: int
    code: str
    name: str
    kind: str
    nation: str
    women: bool
    welsh_name: str
    council: str
    region: str
    template: Place
    letters: str
    ways: Ways


def drawn_places(how_many: int, told: Sequence[Place], *, seed: int, today: date) -> list[Drawn]:
    """So many prisons, each drawn from one of those told. The same for the same seed, day and register."""
    rng = Random(f"{seed}:drawn")
    real = list(Prison.objects.filter(fictional=False).order_by("code"))
    kinds = [(each.kind, each.nation, each.holds_women) for each in real if each.in_scope and not each.closed]
    rng.shuffle(kinds)
    codes, names = _codes({each.code for each in real}), _names(rng, {each.name.lower() for each in real})
    welsh = _welsh(rng)
    drawn = []
    for nth in range(how_many):
        kind, nation, women = kinds[nth % len(kinds)]
        name = next(welsh) if nation == "WALES" else next(names)
        drawn.append(
            Drawn(
                nth=nth,
                code=next(codes),
                name=name,
                kind=kind,
                nation=nation,
                women=women,
                welsh_name=f"Carchar {name}" if nation == "WALES" else "",
                council=f"{name} Council",
                region="Made-up Wales" if nation == "WALES" else rng.choice(REGIONS),
                template=_template(rng, told, kind, nation),
                letters="".join(rng.sample(ALPHABET, len(ALPHABET))),
                ways=_ways(rng, quarter_of(today)),
            )
        )
    return drawn


def _codes(taken: Collection[str]) -> Iterator[str]:
    used = {*taken, *(place.code for place in (*PLACES, EMPTY))}
    return (code for code in map("Z{0[0]}{0[1]}".format, product(ascii_uppercase[1:], repeat=2)) if code not in used)


def _names(rng: Random, taken: Collection[str]) -> Iterator[str]:
    names = [first + last for first, last in product(BEGINNINGS, ENDINGS)]
    rng.shuffle(names)
    # A real prison of that name would stand in the register under it, or begin with it.
    return (name for name in names if not any(real.startswith(name.lower()) for real in taken))


def _welsh(rng: Random) -> Iterator[str]:
    names = [first + last for first, last in product(*WELSH)]
    rng.shuffle(names)
    return iter(names)


def _template(rng: Random, told: Sequence[Place], kind: str, nation: str) -> Place:
    """A women's prison is drawn from one, a Welsh and an open one too, where one was told; the others by weight."""
    there = {place.code: place for place in told}
    for code, share in (SILENT, BEGINNERS):
        if rng.random() < share and code in there and kind != Prison.Kind.WOMEN:
            return there[code]
    fitting = [
        place
        for place in told
        if place.women == (kind == Prison.Kind.WOMEN)
        and (place.nation == nation == Prison.Nation.WALES or place.kind == kind == Prison.Kind.OPEN)
    ] or [place for place in told if place.women == (kind == Prison.Kind.WOMEN)]
    weights = [ORDINARY.get(place.code, 0) for place in fitting]
    if len(fitting) > 1 and any(weights):
        return rng.choices(fitting, weights)[0]
    return fitting[0] if fitting else rng.choice(told)


def _ways(rng: Random, this: Quarter) -> Ways:
    quiet = rng.random()
    # A few have fallen silent, one or two quarters ago.
    silent_from = this.previous().first if quiet < 0.03 else this.previous().previous().first
    return Ways(
        buddies=rng.uniform(0.7, 1),
        people=rng.uniform(0.55, 1),
        others=rng.uniform(0.4, 1),
        slow=rng.choice((0, 0, 0, 2, 4, 8, 14)),
        recorded=min(1.0, rng.uniform(0.82, 1.08)),
        done=min(1.0, rng.uniform(0.86, 1.06)),
        late=rng.uniform(0, 0.2),
        looked=rng.uniform(0.3, 1),
        supervised=rng.uniform(0.6, 1),
        followed=rng.uniform(0.5, 1),
        closed=min(1.0, rng.uniform(0.8, 1.1)),
        size=rng.uniform(0.7, 1.6),
        cost=rng.uniform(0.75, 1.3),
        silent_from=silent_from if quiet < 0.05 else None,
    )  # fmt: skip
