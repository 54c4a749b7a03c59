"""The last look at a release before it is stored: what it and the releases before it give away together.

Works from protected figures only, as a reader would, and knows nothing of how they were protected. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from buddyscheme.lib.dates import parse_period
from buddyscheme.lib.errors import NotAllowed
from monitoring.disclosure import (
    SMALLEST_SHOWN,
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
from monitoring.disclosure.audit_web import Key, Shown
from monitoring.disclosure.webs import range_of
from monitoring.measures.definition import Adds, Kind, Measure
from monitoring.publishing import NATION, PART, REST, WHOLE, Place, Released, layer_words

ALL_PRISONS = "all prisons"
WITH_A_COUNT = (State.VALUE, State.NONE, State.TOO_FEW)
Figures = Mapping[Place, Protected]


class GivesAway(NotAllowed):
    """A hidden count can be worked out. `measures` are the codes of those whose figures tell it."""

    def __init__(self, sentence: str, found: Sequence[Finding]) -> None:
        super().__init__(sentence)
        keys = [source.key for one in found for source in one.given_by]
        self.measures = {key[0] for key in keys if isinstance(key, tuple)}


def as_published(
    name: str,
    figures: Mapping[Measure, Figures],
    *,
    period: str,
    months: Sequence[str],
    replaces: str = "",
    corrected: Collection[str] = (),
) -> Published:
    """A release as the audit reads it: each measure's counts behind its figures, and what a reader can add up.

    `months` are the codes of the periods that add up to `period`, in this release or in earlier ones. `replaces` is
    the name of the release that this one corrects, and `corrected` the codes of the prisons that it is said to correct.
    """
    counts: dict[Key, Shown] = {}
    sums: list[tuple[Key, Sequence[Key]]] = []
    for measure, by_place in figures.items():
        for place, figure in by_place.items():
            counts |= {_key(measure, place, layer): shown for layer, shown in _behind(measure, figure).items()}
        for total, parts in _added(measure, by_place, period, months):
            sums += [
                (_key(measure, total, layer), [_key(measure, part, layer) for part in parts])
                for layer in layer_words(measure)
            ]
        if measure.kind is Kind.SHARE:
            sums += [
                (_key(measure, place, WHOLE), [_key(measure, place, PART), _key(measure, place, REST)])
                for place in by_place
            ]
    there = [one for one in sums if _fits(one, counts)]
    anew = [key for key in counts if isinstance(key, tuple) and key[1] in corrected]
    return Published(name, counts, there, replaces, anew)


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
    by_measure: dict[Measure, dict[Place, Protected]] = {}
    for each in figures:
        by_measure.setdefault(each.measure, {})[each.place] = each.figure

    def new(measures: Mapping[Measure, Figures]) -> Published:
        return as_published(name, measures, period=period, months=months, replaces=replaces, corrected=corrected)

    try:
        check_gives_nothing_away([*earlier, new(by_measure)])
    except GivesAway as refused:
        if not earlier:
            raise
        for measure in [each for each in by_measure if each.code in refused.measures]:
            before, by_place = [_of(measure, one) for one in earlier], by_measure[measure]
            hidden = _hidden_for(before, new({measure: by_place}), measure, by_place, period)
            by_place.update(dict.fromkeys(hidden, TOO_FEW))
        check_gives_nothing_away([*earlier, new(by_measure)])
    return [replace(each, figure=by_measure[each.measure][each.place]) for each in figures]


def _hidden_for(
    before: Sequence[Published], new: Published, measure: Measure, figures: Figures, period: str
) -> list[Place]:
    """The figures of one measure to hide for the sake of earlier releases; the nation and the whole period go last."""
    keys = {place: [_key(measure, place, layer) for layer in layer_words(measure)] for place in figures}
    late = {key: 2 * (place.about == NATION) + (place.period == period) for place in keys for key in keys[place]}
    try:
        mended = hide_more(before, new, lambda key: late.get(key, 0), keys.values())
    except GivenAwayAlready as error:
        raise NotAllowed(
            f"Nothing was published, because of what is published already. {error} "
            "Ask whoever looks after this service what to do about it."
        ) from error
    return [place for place in keys if any(mended.counts[key] is None for key in keys[place])]


def _of(measure: Measure, one: Published) -> Published:
    """The part of a release that is about one measure."""
    counts: dict[Key, Shown] = {
        key: shown for key, shown in one.counts.items() if isinstance(key, tuple) and key[0] == measure.code
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


def _key(measure: Measure, place: Place, layer: str) -> Key:
    words = layer if len(layer_words(measure)) > 1 else ""
    return (measure.code, place.about or ALL_PRISONS, str(parse_period(place.period)), words)


def _behind(measure: Measure, figure: Protected) -> dict[str, Shown]:
    """The counts that a figure shows or hides. A share that is shown also says that its rest is 10 or more."""
    layers = layer_words(measure)
    if figure.state is not State.VALUE or figure.numerator is None or figure.denominator is None:
        return dict.fromkeys(layers, TOO_FEW if figure.state is State.TOO_FEW else figure)
    above, below = Protected(State.VALUE, figure.numerator), Protected(State.VALUE, figure.denominator)
    if measure.kind is Kind.SHARE:
        return {PART: above, REST: Bounds(SMALLEST_SHOWN, None), WHOLE: below}
    return dict(zip(layers, (above, below), strict=True))


def _added(
    measure: Measure, figures: Figures, period: str, months: Sequence[str]
) -> Iterable[tuple[Place, list[Place]]]:
    """The nation of each period is what its prisons returned; a quarter is its months where all of them returned."""
    counted = {place for place, figure in figures.items() if figure.state in WITH_A_COUNT}
    prisons = sorted({place.about for place in figures if place.about})
    for each in dict.fromkeys(place.period for place in figures):
        parts = [Place(code, each) for code in prisons if Place(code, each) in counted]
        if parts and Place(NATION, each) in counted:
            yield Place(NATION, each), parts
    added = {Adds.UP: months, Adds.LAST: months[-1:], Adds.NOT: ()}[measure.adds]
    gaps = {code for code in prisons for each in (period, *added) if _silent(figures, Place(code, each))}
    for about in (NATION, *prisons):
        if added and Place(about, period) in counted and about not in gaps and not (about == NATION and gaps):
            yield Place(about, period), [Place(about, each) for each in added]


def _silent(figures: Figures, place: Place) -> bool:
    """Whether a figure of this release has no count. One of an earlier release is not in `figures`."""
    return place in figures and figures[place].state not in WITH_A_COUNT


def _fits(one: tuple[Key, Sequence[Key]], counts: Mapping[Key, Shown]) -> bool:
    """Whether a total can be the sum of its parts: a reader would not add up what plainly is none."""
    total, *parts = [_limits(counts.get(key)) for key in (one[0], *one[1])]
    low, highs = sum(part.low for part in parts), [part.high for part in parts]
    high = None if None in highs else sum(high for high in highs if high is not None)
    return not total.both(Bounds(low, high)).empty


def _limits(shown: Shown) -> Bounds:
    if isinstance(shown, Protected):
        return range_of(shown)
    return shown if isinstance(shown, Bounds) else Bounds(0, None)
