"""How many referrals came, from whom, and how urgent they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from monitoring.measures.definition import EVERYTHING, Adds, Basis, Heading, Kind, Line, Measure, Parts
from monitoring.measures.facts import Facts
from monitoring.measures.journey import Asked, referrals
from monitoring.measures.lines import total_of
from referrals.models import Referral


def _lines(facts: Facts) -> Iterable[Line]:
    received = Counter(asked.person for asked in facts.once(referrals))
    return [Line(person, Decimal(count)) for person, count in sorted(received.items())]


def _received(facts: Facts) -> Parts:
    return total_of(_lines(facts))


def _those(counts: Callable[[Asked], bool]) -> Callable[[Facts], Parts]:
    def compute(facts: Facts) -> Parts:
        count = sum(counts(asked) for asked in facts.once(referrals))
        return Parts(Decimal(count), None, count)

    return compute


def _by_source(source: Referral.Source) -> Callable[[Facts], Parts]:
    return _those(lambda asked: asked.source == source)


def _by_urgency(urgency: Referral.Urgency) -> Callable[[Facts], Parts]:
    return _those(lambda asked: asked.urgency == urgency)


def _part(letter: str, title: str, numerator: str, compute: Callable[[Facts], Parts]) -> Measure:
    return Measure(
        code=f"OP-09{letter}",
        title=title,
        answers="Who asks for help, and how urgently?",
        numerator=numerator,
        unit="referrals",
        kind=Kind.COUNT,
        level="scheme, prison, national",
        provider="lead",
        basis=Basis.DOMAIN,
        expectation="People can ask for help themselves, and everybody knows how to ask for them",
        heading=Heading.NEED,
        adds=Adds.UP,
        compute=compute,
    )


RECEIVED = Measure(
    code="OP-09a",
    title="Referrals received",
    answers="How many people are put forward for help?",
    numerator="Referrals made on a day of the period, those that repeat an earlier one among them",
    unit="referrals",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    provider="lead",
    basis=Basis.DOMAIN,
    expectation="People can ask for help themselves, and everybody knows how to ask for them",
    heading=Heading.NEED,
    adds=Adds.UP,
    compute=_received,
    lines=_lines,
    by=EVERYTHING,
)
REFERRALS = (
    RECEIVED,
    *(
        _part(
            letter,
            f"Referrals from: {str(source.label).lower()}",
            f"Referrals made on a day of the period with the source “{source.label}”",
            _by_source(source),
        )
        for letter, source in zip("bcdefgh", Referral.Source, strict=True)
    ),
    *(
        _part(
            letter,
            f"Referrals by urgency: {str(urgency.label).lower()}",
            f"Referrals made on a day of the period with the urgency “{urgency.label}”",
            _by_urgency(urgency),
        )
        for letter, urgency in zip("ijk", Referral.Urgency, strict=True)
    ),
)
