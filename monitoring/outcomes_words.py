"""A change of answers in words: how many, by how much, how sure; never why."""

from __future__ import annotations

from collections.abc import Sequence

from monitoring.statistics import paired_change

FEWEST = 10
"""People asked twice before a change is said: with fewer, chance is larger than any change."""


def change_words(before: Sequence[float], after: Sequence[float]) -> str:
    """`0.4 points up (0.1 to 0.7)`, `No change` or that there are too few to say."""
    if len(before) < FEWEST:
        return f"Too few to say: {len(before)} asked twice, {FEWEST} are needed"
    change = paired_change(before, after)
    if not any(was != became for was, became in zip(before, after, strict=True)):
        return "No change"
    way = "up" if change.mean > 0 else "down"
    if change.mean == 0:
        return f"0 points on average ({change.low:.1f} to {change.high:.1f})".replace("-", "−")
    sure = "" if change.low > 0 or change.high < 0 else ". This can be chance"
    return f"{abs(change.mean):.1f} points {way} ({change.low:.1f} to {change.high:.1f}){sure}".replace("-", "−")


def counted_words(before: Sequence[float], after: Sequence[float], *, higher_is_better: bool) -> str:
    """`6 better, 3 the same, 1 worse`."""
    up = sum(became > was for was, became in zip(before, after, strict=True))
    down = sum(became < was for was, became in zip(before, after, strict=True))
    better, worse = (up, down) if higher_is_better else (down, up)
    return f"{better} better, {len(before) - up - down} the same, {worse} worse" if before else "–"
