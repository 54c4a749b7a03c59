"""Safeguarding concerns by kind, whom they are about, and whether somebody acted in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from monitoring.measures.definition import Adds, Basis, Direction, Heading, Kind, Measure, Parts
from monitoring.measures.facts import Facts
from referrals.models import Concern

K = Concern.Kind
SAFEGUARDED = "Concerns are raised without fear, and adults at risk are protected"
# Falls, boundary reports and notes to the lead have figures of their own, or none.
PARTS: tuple[tuple[str, str, tuple[Concern.Kind, ...]], ...] = (
    ("b", "exploitation of the person who is helped", (K.EXPLOIT_RECIPIENT,)),
    ("c", "exploitation of a buddy", (K.EXPLOIT_BUDDY,)),
    ("d", "bullying", (K.BULLYING,)),
    ("e", "gifts, debts or pressure", (K.GIFT_OR_DEBT, K.EXPLOITATION)),
    ("f", "an assault", (K.ASSAULT,)),
    ("g", "risk of self-harm", (K.SELF_HARM,)),
    ("h", "staff stand in the way of help", (K.STAFF_OBSTRUCTION,)),
    ("i", "another worry", (K.WORRY, K.OTHER)),
)
SAFEGUARDING = frozenset(kind for _, _, kinds in PARTS for kind in kinds)


@dataclass(frozen=True)
class Happened:
    """A concern: its kind, its day, and whom it is about."""

    kind: str
    on: date
    person: int | None
    buddy: int | None


def happened(facts: Facts) -> list[Happened]:
    """Concerns of every kind about something that happened in the span."""
    rows = Concern.objects.for_prison(facts.prison).filter(
        happened_on__gte=facts.span.first, happened_on__lte=facts.span.last
    )
    return [
        Happened(*row) for row in rows.order_by("id").values_list("kind", "happened_on", "about_person", "about_buddy")
    ]


def _of_kinds(kinds: frozenset[Concern.Kind] | tuple[Concern.Kind, ...]) -> Callable[[Facts], Parts]:
    def compute(facts: Facts) -> Parts:
        count = sum(concern.kind in kinds for concern in facts.once(happened))
        return Parts(Decimal(count), None, count)

    return compute


def _different(whom: Callable[[Happened], int | None]) -> Callable[[Facts], Parts]:
    def compute(facts: Facts) -> Parts:
        concerns = (concern for concern in facts.once(happened) if concern.kind in SAFEGUARDING)
        count = len({whom(concern) for concern in concerns} - {None})
        return Parts(Decimal(count), None, count)

    return compute


def _acted_in_time(facts: Facts) -> Parts:
    rows = Concern.objects.for_prison(facts.prison).exclude(kind=K.TALK_TO_STAFF)
    due = rows.filter(due_at__gte=facts.begins, due_at__lt=facts.span.as_of).values_list("due_at", "acted_at")
    acted = [acted_at is not None and acted_at <= due_at for due_at, acted_at in due]
    return Parts(Decimal(sum(acted)), Decimal(len(acted)), len(acted))


def _measure(
    letter: str, title: str, numerator: str, unit: str, adds: Adds, compute: Callable[[Facts], Parts]
) -> Measure:
    return Measure(
        code=f"OP-23{letter}",
        title=title,
        answers="What worries people, and whom is it about?",
        numerator=numerator,
        unit=unit,
        kind=Kind.COUNT,
        level="scheme, prison",
        provider="everyone",
        basis=Basis.DOMAIN,
        # Few concerns may mean that nobody dares to raise one: no way is good.
        direction=Direction.NONE,
        expectation=SAFEGUARDED,
        heading=Heading.BOUNDARIES,
        adds=adds,
        compute=compute,
    )


def _kinds_in_words(kinds: tuple[Concern.Kind, ...]) -> str:
    return " or ".join(f"“{kind.label}”" for kind in kinds)


CONCERNS = (
    _measure(
        "a",
        "Safeguarding concerns",
        "Concerns about something that happened on a day of the period, of every kind but a fall, a boundary report "
        "(asked to, did or saw) and a wish to talk to staff",
        "concerns",
        Adds.UP,
        _of_kinds(SAFEGUARDING),
    ),
    *(
        _measure(
            letter,
            f"Safeguarding concerns: {words}",
            f"Concerns about something that happened on a day of the period, of the kind {_kinds_in_words(kinds)}",
            "concerns",
            Adds.UP,
            _of_kinds(kinds),
        )
        for letter, words, kinds in PARTS
    ),
    _measure(
        "j",
        "People whom safeguarding concerns were about",
        "Different people whom the concerns of OP-23a name as the person they are about",
        "people",
        Adds.NOT,
        _different(lambda concern: concern.person),
    ),
    _measure(
        "k",
        "Buddies whom safeguarding concerns were about",
        "Different buddies whom the concerns of OP-23a name as the buddy they are about",
        "buddies",
        Adds.NOT,
        _different(lambda concern: concern.buddy),
    ),
)
ACTED_IN_TIME = Measure(
    code="BS-03",
    title="Concerns acted on in time",
    answers="Does somebody act on a concern as soon as they must?",
    numerator="Of these, concerns on which somebody had acted by the moment they were due",
    denominator="Concerns of every kind but a wish to talk to staff whose time to act ran out in the period",
    unit="share of concerns",
    kind=Kind.SHARE,
    level="scheme, prison, national",
    basis=Basis.BESIDE,
    direction=Direction.HIGHER,
    minimum_n=10,
    expectation=SAFEGUARDED,
    heading=Heading.BOUNDARIES,
    adds=Adds.UP,
    compute=_acted_in_time,
)
