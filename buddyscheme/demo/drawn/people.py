"""Who is drawn: of each person of a told prison somebody else, with a number, a name and an age of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from django.db.models import Min

from buddyscheme.demo.drawn.places import Drawn
from buddyscheme.demo.names import LETTERS, Census
from referrals.models import Match, Plan, Referral
from schemes.models import Buddy, Custody

# Told prisons number from the first letter on, drawn ones from the last letter back.
NUMBERS_OF_A_PRISON = 700


@dataclass(frozen=True)
class Someone:
    """A person of a told prison, as far as drawing asks: what they are there, and with whom they were matched."""

    pk: int
    number: str
    since: datetime
    applied: bool
    helped: bool
    matched_with: frozenset[int]


def people_of(code: str) -> list[Someone]:
    """Everybody who was ever at a told prison, by number; not the second of two numbers that were one person's."""
    stays = Custody.objects.filter(prison=code, person__provisional=False).order_by("person__prison_number")
    came = stays.values_list("person_id", "person__prison_number").annotate(since=Min("started_at"))
    referred = set(Referral.objects.filter(prison=code).values_list("person_id", flat=True))
    helped = set(Plan.objects.filter(prison=code).values_list("person_id", flat=True))
    applied = set(Buddy.objects.filter(prison=code).values_list("person_id", flat=True))
    met: dict[int, set[int]] = {}
    for about, buddy, instead in Match.objects.filter(prison=code).values_list(
        "plan__person_id", "buddy__person_id", "instead_of__person_id"
    ):
        met.setdefault(about, set()).update({buddy} if instead is None else {buddy, instead})
    return [
        Someone(pk, number, since, pk in applied, pk in referred or pk in helped, frozenset(met.get(pk, ())))
        for pk, number, since in came
    ]


def drawn_people(drawn: Drawn, people: Iterable[Someone], *, seed: int, today: date) -> list[tuple[Any, ...]]:
    """Rows of `drawn_person`: who is there and as whom. Whoever was matched with somebody who is not there is not
    there either, so that nobody is helped by nobody."""
    rng = Random(f"{seed}:{drawn.code}:people")
    census = Census(rng, numbers(drawn.nth), drawn.nation, drawn.women, today)
    people, ways = list(people), drawn.ways
    away = {each.pk for each in people if each.applied and rng.random() >= ways.buddies}
    rows = []
    for each in people:
        chance = rng.random()
        if each.pk in away or each.matched_with & away:
            continue
        if not each.applied and chance >= (ways.people if each.helped else ways.others):
            continue
        new = census.person(older=each.helped and not each.applied)
        rows.append((
            drawn.nth, each.pk, each.number, each.since, new["prison_number"], new["first_name"],
            new["last_name"], new["born_on"], new["sex"], new["ethnicity"], new["disability"],
        ))  # fmt: skip
    return rows


def numbers(nth: int) -> Iterator[str]:
    """Prison numbers of a drawn prison; no other has them."""
    for n in range(nth * NUMBERS_OF_A_PRISON, (nth + 1) * NUMBERS_OF_A_PRISON):
        yield f"Z{n % 10_000:04d}Z{LETTERS[-1 - n // 10_000]}"
