"""The last look at a release before it is stored: what it and the releases before it give away together.

Works from protected figures only, as a reader would, and knows nothing of how they were protected. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from buddyscheme.lib.errors import NotAllowed
from monitoring.disclosure import (
    TOO_FEW,
    Bounds,
    Contradiction,
    Finding,
    GivenAwayAlready,
    Protected,
    Published,
    State,
    audit,
    hide_more,
)
from monitoring.disclosure.audit_web import Key, Shown, limits
from monitoring.disclosure.webs import ANYTHING
from monitoring.measures.definition import Measure
from monitoring.publishing import Released
from monitoring.release_web import Count, Place, Web, how_late
from monitoring.telling import layers, published_behind
from monitoring.ties import family_of

WITH_A_COUNT = (State.VALUE, State.NONE, State.NOT_REACHED, State.TOO_FEW)
Figures = Mapping[Measure, Mapping[Place, Protected]]


class GivesAway(NotAllowed):
    """A hidden count can be worked out. `measures` are the codes of those whose figures tell it."""

    def __init__(self, sentence: str, found: Sequence[Finding]) -> None:
        super().__init__(sentence)
        keys = [source.key for one in found for source in one.given_by]
        self.measures = {key.measure for key in keys if isinstance(key, Count)}


@dataclass(frozen=True)
class Frame:
    """What sort of release it is.

    `months` are the codes of the periods that add up to `period`, in this release or in earlier ones. `replaces` is
    the name of the release that this one corrects, and `corrected` the codes of the prisons that it is said to correct.
    """

    name: str
    period: str
    months: Sequence[str]
    replaces: str = ""
    corrected: Collection[str] = ()


def as_published(
    name: str,
    figures: Figures,
    *,
    period: str,
    months: Sequence[str],
    replaces: str = "",
    corrected: Collection[str] = (),
) -> Published:
    """A release as the audit reads it: the counts behind its figures, and what a reader can add up."""
    return _published(Frame(name, period, months, replaces, corrected), figures)[0]


def _published(frame: Frame, figures: Figures) -> tuple[Published, Web]:
    with_counts = {measure: by_place for measure, by_place in figures.items() if layers(measure)}
    web = Web(
        {
            measure: [place for place, figure in by_place.items() if figure.state in WITH_A_COUNT]
            for measure, by_place in with_counts.items()
        },
        period=frame.period,
        months=frame.months,
        silent={
            measure: [place for place, figure in by_place.items() if figure.state is State.NOT_RETURNED]
            for measure, by_place in with_counts.items()
        },
    )
    counts: dict[Key, Shown] = {}
    for measure, by_place in with_counts.items():
        for place, figure in by_place.items():
            known = published_behind(measure, figure)
            for layer, name in zip(layers(measure), web.behind.get((measure, place), ()), strict=False):
                # What one figure hides another may show.
                if name not in counts or limits(counts[name]) == ANYTHING:
                    counts[name] = known[layer]
            if figure.state not in WITH_A_COUNT:
                for layer, shown in known.items():
                    counts.setdefault(Count(measure.code, layer, place.about, place.period, place.breakdown), shown)
    sums = [one for one in web.sums if _fits(one, counts)]
    anew = [key for key in counts if isinstance(key, Count) and key.about in frame.corrected]
    return Published(frame.name, counts, sums, frame.replaces, anew), web


def made_safe(
    figures: Sequence[Released],
    earlier: Sequence[Published],
    name: str,
    *,
    period: str,
    months: Sequence[str],
    replaces: str = "",
    corrected: Collection[str] = (),
) -> list[Released]:
    """A release's protected figures as they may be stored beside the releases before it, with the last look taken.

    Figures are hidden as well where an earlier release would otherwise tell too much (a correction, a year). Raises
    `NotAllowed` with the pair that gives a number away where something still does.
    """
    frame = Frame(name, period, months, replaces, corrected)
    by_measure: dict[Measure, dict[Place, Protected]] = {}
    for each in figures:
        by_measure.setdefault(each.measure, {})[each.place] = each.figure
    try:
        check_gives_nothing_away([*earlier, _published(frame, by_measure)[0]])
    except GivesAway as refused:
        if not earlier:
            raise
        codes = family_of(refused.measures)
        theirs = {measure: by_place for measure, by_place in by_measure.items() if measure.code in codes}
        for measure, place in _hidden_for([_of(codes, one) for one in earlier], frame, theirs):
            by_measure[measure][place] = TOO_FEW
        check_gives_nothing_away([*earlier, _published(frame, by_measure)[0]])
    return [replace(each, figure=by_measure[each.measure][each.place]) for each in figures]


def _hidden_for(before: Sequence[Published], frame: Frame, figures: Figures) -> list[tuple[Measure, Place]]:
    """The figures to hide for the sake of earlier releases; the nation and the whole period go last, groups first."""
    new, web = _published(frame, figures)

    def late(key: Key) -> int:
        return how_late(key, frame.period) if isinstance(key, Count) else 0

    shown = [
        (measure, place)
        for (measure, place) in web.behind
        if figures[measure][place].state in (State.VALUE, State.NOT_REACHED)
    ]
    try:
        mended = hide_more(before, new, late, [web.behind[each] for each in shown])
    except GivenAwayAlready as error:
        raise NotAllowed(
            f"Nothing was published, because of what is published already. {error} "
            "Ask whoever looks after this service what to do about it."
        ) from error
    return [each for each in shown if any(mended.counts[name] is None for name in web.behind[each])]


def _of(codes: Collection[str], one: Published) -> Published:
    """The part of a release that is about these measures."""
    counts: dict[Key, Shown] = {
        key: shown for key, shown in one.counts.items() if isinstance(key, Count) and key.measure in codes
    }
    corrected = [key for key in one.corrected if key in counts]
    return Published(one.name, counts, [each for each in one.sums if each[0] in counts], one.replaces, corrected)


def check_gives_nothing_away(releases: Sequence[Published]) -> None:
    """Refuse a release that gives a hidden count away, by itself or with those before it, and say which pair does."""
    try:
        found = audit(releases)
    except Contradiction as error:
        raise NotAllowed(
            "Nothing was published, because some totals are not the sums of their parts. "
            "Ask whoever looks after this service to compare the figures with the records."
        ) from error
    if found:
        more = f" {len(found) - 1} more could be worked out as well." if len(found) > 1 else ""
        sentence = (
            f"Nothing was published, because a number that may not be shown could be worked out. {found[0]}{more} "
            "Ask whoever looks after this service to hide one of these figures."
        )
        raise GivesAway(sentence, found)


def _fits(one: tuple[Key, Sequence[Key]], counts: Mapping[Key, Shown]) -> bool:
    """Whether a total can be the sum of its parts: a reader would not add up what plainly is none."""
    total, *parts = [limits(counts.get(key)) for key in (one[0], *one[1])]
    low, highs = sum(part.low for part in parts), [part.high for part in parts]
    high = None if None in highs else sum(high for high in highs if high is not None)
    return not total.both(Bounds(low, high)).empty
