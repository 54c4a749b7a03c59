"""Who is to be asked, what was said, and how it changed. Always for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, Q, QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import london_today
from monitoring.models import Outcome, OutcomeSetting
from monitoring.outcomes import BY_CODE, INSTRUMENTS, About, Due, Instrument, Point, Run, due
from referrals.models import Plan
from schemes.models import Buddy


def setting_of(prison: Prison | str) -> OutcomeSetting:
    """What the scheme asks beside the questions that all ask; before anybody has said so, nothing (not saved)."""
    found = OutcomeSetting.objects.for_prison(prison).first()
    code = prison.pk if isinstance(prison, Prison) else prison
    return found if found is not None else OutcomeSetting(prison_id=code)


def asked_here(prison: Prison | str) -> list[Instrument]:
    """The questions that this scheme asks, in their order."""
    on = setting_of(prison).switched_on
    return [each for each in INSTRUMENTS if each.always or each.code in on]


def any_plan(prison: Prison | str) -> QuerySet[Any]:
    """Every plan with `began`: the first day of a match, or None while nobody has helped."""
    rows: QuerySet[Any] = Plan.objects.for_prison(prison).select_related("person")
    dated: QuerySet[Any] = rows.annotate(began=Min("matches__started_on"))
    return dated


def plans_of(prison: Prison | str) -> QuerySet[Any]:
    """Plans that have had help, with `began`."""
    begun: QuerySet[Any] = any_plan(prison).filter(began__isnull=False)
    return begun


def buddies_of(prison: Prison | str) -> QuerySet[Any]:
    """Buddies who have worked."""
    rows: QuerySet[Any] = Buddy.objects.for_prison(prison).filter(started_on__isnull=False)
    return rows.select_related("person")


def run_of(subject: Any) -> Run:
    """From when to when a plan of `plans_of` had help, or a buddy worked."""
    if isinstance(subject, Buddy):
        assert subject.started_on is not None
        return Run(subject.started_on, subject.ended_on)
    return Run(subject.began, None if subject.ended_at is None else london_today(subject.ended_at))


def newest(rows: Iterable[Outcome]) -> list[Outcome]:
    """The newest version of each: one for each point, and for "later" one for each day."""
    found: dict[tuple[Any, ...], Outcome] = {}
    for row in sorted(rows, key=lambda row: (row.version, row.pk)):
        day = row.asked_on if row.point == Point.LATER or row.instrument == "SCORE" else None
        found[row.plan_id, row.buddy_id, row.instrument, row.licensed, row.point, day] = row
    return sorted(found.values(), key=lambda row: (row.asked_on, row.pk))


def said_of(subject: Any) -> list[Outcome]:
    """Everything that was recorded of one plan or buddy, the oldest first."""
    rows = Outcome.objects.for_prison(subject.prison_id).select_related("recorded_by")
    rows = rows.filter(buddy=subject) if isinstance(subject, Buddy) else rows.filter(plan=subject)
    return newest(rows)


@dataclass(frozen=True)
class DueRow:
    """Somebody who is to be asked something."""

    subject: Any
    instrument: Instrument
    due: Due

    @property
    def person(self) -> Any:
        return self.subject.person


def due_rows(prison: Prison, today: date) -> list[DueRow]:
    """Everybody who is to be asked, the longest due first."""
    asked: dict[tuple[Any, Any, str], list[Point]] = defaultdict(list)
    said = Outcome.objects.for_prison(prison).values_list("plan_id", "buddy_id", "instrument", "point")
    for plan, buddy, code, point in said:
        asked[plan, buddy, code].append(Point(point))
    instruments = asked_here(prison)
    recent = today.toordinal() - 60
    rows: list[DueRow] = []
    plans = plans_of(prison).filter(Q(ended_at__isnull=True) | Q(ended_at__date__gte=date.fromordinal(recent)))
    buddies = buddies_of(prison).filter(Q(ended_on__isnull=True) | Q(ended_on__gte=date.fromordinal(recent)))
    for about, subjects in ((About.HELPED, plans), (About.BUDDY, buddies)):
        for subject in subjects:
            key = (None, subject.pk) if about is About.BUDDY else (subject.pk, None)
            for instrument in instruments:
                if instrument.about is not about:
                    continue
                found = due(run_of(subject), asked[(*key, instrument.code)], today)
                if found is not None:
                    rows.append(DueRow(subject, instrument, found))
    return sorted(rows, key=lambda row: (row.due.due_on, row.person.last_name, row.person.first_name, row.subject.pk))


@dataclass(frozen=True)
class Pairs:
    """Values of one question at the start and at the newest time after it, and what became of those without."""

    before: tuple[float, ...]
    after: tuple[float, ...]
    lost: int
    waiting: int


def pairs_of(prison: Prison | str, question: str, instrument: str, today: date) -> Pairs:
    """One question's pairs. `lost`: the time for a follow-up is over; `waiting`: it is still to come.

    Without a `question` it is the score that is compared.
    """
    before, after, once = [], [], []
    for key, theirs in _by_subject(Outcome.objects.for_prison(prison).filter(instrument=instrument), question):
        two = _two(theirs)
        if two is not None:
            before.append(_value(two[0], question))
            after.append(_value(two[1], question))
        elif any(row.point == Point.START for row in theirs):
            once.append(key)
    subjects = _runs(prison, once)
    lost = sum(_is_over(subjects.get(key), today) for key in once)
    return Pairs(tuple(before), tuple(after), lost, len(once) - lost)


def changes_of(rows: Iterable[Outcome], question: str, first: date, last: date) -> list[float]:
    """After less before, of those whose newest answer after the start was given on one of these days.

    `rows` are of one instrument, as long back as there are any. Without a `question` it is the score that is compared.
    """
    told = [
        two
        for _, theirs in _by_subject([row for row in rows if row.asked_on <= last], question)
        if (two := _two(theirs))
    ]
    return [_value(after, question) - _value(before, question) for before, after in told if after.asked_on >= first]


def _by_subject(rows: Iterable[Outcome], question: str) -> Iterator[tuple[tuple[Any, Any], list[Outcome]]]:
    """Who answered, in one order, with their newest answers, the oldest first."""
    found: dict[tuple[Any, Any], list[Outcome]] = defaultdict(list)
    for row in newest(row for row in rows if (question in row.answers if question else row.score is not None)):
        found[row.plan_id, row.buddy_id].append(row)
    yield from sorted(found.items(), key=lambda each: str(each[0]))


def _two(theirs: Sequence[Outcome]) -> tuple[Outcome, Outcome] | None:
    """The answer at the start and the newest after it."""
    start = next((row for row in theirs if row.point == Point.START), None)
    if start is None:
        return None
    later = [row for row in theirs if row.point != Point.START and row.asked_on > start.asked_on]
    return (start, later[-1]) if later else None


def _value(row: Outcome, question: str) -> float:
    return float(row.answers[question] if question else row.score or 0)


def _runs(prison: Prison | str, keys: Iterable[tuple[Any, Any]]) -> dict[tuple[Any, Any], Run]:
    keys = list(keys)
    plans = plans_of(prison).filter(pk__in=[plan for plan, _ in keys if plan is not None])
    buddies = buddies_of(prison).filter(pk__in=[buddy for _, buddy in keys if buddy is not None])
    found: dict[tuple[Any, Any], Run] = {(plan.pk, None): run_of(plan) for plan in plans}
    return found | {(None, buddy.pk): run_of(buddy) for buddy in buddies}


def _is_over(run: Run | None, today: date) -> bool:
    """Whether neither four weeks nor the end can still be asked."""
    if run is None:
        return True
    return due_possible(run, today) is False


def due_possible(run: Run, today: date) -> bool:
    """Whether a follow-up may still be asked, now or later."""
    if run.ended_on is None:
        return True
    return (today - run.ended_on).days <= 14


def scores_of(prison: Prison) -> Sequence[Outcome]:
    """Scores of licensed instruments, the newest first."""
    rows = Outcome.objects.for_prison(prison).filter(instrument="SCORE").select_related("person", "recorded_by")
    return list(reversed(newest(rows)))


def instrument_of(code: str) -> Instrument | None:
    """By its code."""
    return BY_CODE.get(code)
