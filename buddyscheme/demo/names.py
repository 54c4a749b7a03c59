"""Who lives in the fictional prisons: names and numbers of nobody, drawn from lists of our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

NAMES = Path(__file__).parent / "data" / "names.txt"
MEN, WOMEN, LAST = (line.split() for line in NAMES.read_text(encoding="utf-8").splitlines())
ETHNICITY = {"WHITE": 0.66, "BLACK": 0.11, "ASIAN": 0.09, "MIXED": 0.05, "OTHER": 0.02, "UNKNOWN": 0.07}
LANGUAGES: dict[str, dict[tuple[str, ...], float]] = {
    "ENGLAND": {
        ("English",): 0.86, ("English", "Polish"): 0.03, ("English", "Urdu"): 0.03, ("English", "Punjabi"): 0.02,
        ("Romanian",): 0.02, (): 0.04,
    },
    "WALES": {("English",): 0.62, ("English", "Welsh"): 0.28, ("English", "Polish"): 0.04, (): 0.06},
}  # fmt: skip
# No I, O, Q, U: a number read aloud has one reading.
LETTERS = "ABCDEFGHJKLMNPRSTVWXYZ"


def draw(rng: Random, weights: dict[Any, float]) -> Any:
    """One key, by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def numbers(nth_prison: int) -> Iterator[str]:
    """Prison numbers of the form Z0001ZA, a thousand for each prison and letter."""
    for letter in LETTERS:
        for n in range(1, 1000):
            yield f"Z{nth_prison * 1000 + n:04d}Z{letter}"


@dataclass
class Census:
    """Draws people for one prison, with these prison numbers; no two share both names."""

    rng: Random
    numbers: Iterator[str]
    nation: str
    women: bool
    today: date
    taken: set[tuple[str, str]] = field(default_factory=set)

    def person(self, *, older: bool) -> dict[str, Any]:
        """What reception would know of one more person. `older` is how those who need help mostly are."""
        rng = self.rng
        while True:
            first, last = rng.choice(WOMEN if self.women else MEN), rng.choice(LAST)
            if (first, last) not in self.taken:
                break
        self.taken.add((first, last))
        years = min(89, max(21, rng.gauss(64, 11) if older else rng.gauss(38, 10)))
        disability = {"YES": 0.62, "NO": 0.2, "UNKNOWN": 0.18} if older else {"YES": 0.2, "NO": 0.6, "UNKNOWN": 0.2}
        return {
            "prison_number": next(self.numbers),
            "first_name": first,
            "last_name": last,
            "born_on": self.today - timedelta(days=int(years * 365.25) + rng.randrange(365)),
            "sex": draw(rng, {"FEMALE" if self.women else "MALE": 0.97, "UNKNOWN": 0.03}),
            "ethnicity": draw(rng, ETHNICITY),
            "disability": draw(rng, disability),
            "languages": list(draw(rng, LANGUAGES[self.nation])),
        }
