"""What kind of scheme there is, how many buddies it has, how long they stay, and how many go on by approval."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from buddyscheme.lib.dates import london_today
from monitoring.measures.definition import (
    EVERYTHING,
    Adds,
    Basis,
    Every,
    Heading,
    Kind,
    Line,
    Measure,
    Parts,
    Source,
    Told,
)
from monitoring.measures.facts import Facts, Step
from monitoring.measures.lines import people_of, total_of
from monitoring.measures.medians import median_in
from monitoring.measures.recipients import helped_at_the_end
from referrals.models import InformalHelp, Match
from schemes.models import Buddy, Custody, RegimeTime, Scheme, TakeOver
from schemes.models.regime import Session
from training.models import Override

S = Buddy.Status
IN_ROLE = (S.ACTIVE, S.SUSPENDED)
FORMAL, INFORMAL, NO_SCHEME = 1, 2, 3
DAYS_IN_A_MONTH = Decimal("30.4375")
MONTHS_OF = median_in(DAYS_IN_A_MONTH)


# --- the kind of scheme --------------------------------------------------------------------------


def _kind_of_scheme(facts: Facts) -> Parts:
    at = facts.span.as_of
    runs = Scheme.objects.for_prison(facts.prison).filter(
        Q(closed_at__isnull=True) | Q(closed_at__gt=at), opened_at__lte=at
    )
    if runs.exists():
        return _fact(FORMAL)
    noted = InformalHelp.objects.for_prison(facts.prison).filter(
        Q(status=InformalHelp.Status.OPEN) | Q(looked_at__gte=facts.begins), noted_at__lte=at
    )
    return _fact(INFORMAL if noted.exists() else NO_SCHEME)


def _fact(number: int) -> Parts:
    return Parts(Decimal(number), None, 1, Decimal(number))


KIND_OF_SCHEME = Measure(
    code="OP-01",
    title="Kind of scheme",
    answers="Is there a buddy scheme, or only help that people give each other?",
    numerator="Formal scheme where the prison’s scheme is open at the end of the period; else informal help where the "
    "register of informal help holds an entry noted by then that was open at some time in the period; else none",
    unit="kind of scheme",
    kind=Kind.FACT,
    level="scheme, prison, national",
    provider="prison",
    frequency="annual",
    basis=Basis.DOMAIN,
    expectation="Peer support is organised, not left to chance",
    heading=Heading.LEADERSHIP,
    compute=_kind_of_scheme,
    facts={FORMAL: "Formal scheme", INFORMAL: "Informal help", NO_SCHEME: "None"},
)


# --- how many ------------------------------------------------------------------------------------


def _active_lines(facts: Facts) -> Iterable[Line]:
    return people_of(facts.buddies[pk].person for pk in facts.active)


def _active_at_the_end(facts: Facts) -> Parts:
    return total_of(_active_lines(facts))


ACTIVE_BUDDIES = Measure(
    code="OP-02",
    title="Active buddies",
    answers="How many buddies does the scheme have?",
    numerator="Buddies whose status is active at the end of the period",
    unit="buddies",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    basis=Basis.OURS,
    expectation="Peer support is organised, with people recruited to do it",
    heading=Heading.PEERS,
    adds=Adds.LAST,
    compute=_active_at_the_end,
    lines=_active_lines,
    by=EVERYTHING,
)


def _working_week(prison: str) -> Decimal:
    """Hours of the morning and afternoon sessions from Monday to Friday."""
    times = RegimeTime.objects.for_prison(prison).filter(
        weekday__lte=4, session__in=[Session.MORNING, Session.AFTERNOON]
    )
    minutes = sum(
        lock.hour * 60 + lock.minute - unlock.hour * 60 - unlock.minute
        for unlock, lock in times.values_list("unlock_at", "lock_at")
    )
    return Decimal(minutes) / 60


def _full_time(facts: Facts) -> Parts | None:
    hours = [facts.buddies[pk].weekly_hours for pk in facts.active]
    funded = [each for each in hours if each is not None]
    week = facts.readings.of(_working_week)
    if not week or (hours and not funded):
        return None
    return Parts(Decimal(sum(funded)), week, len(funded))


FULL_TIME = Measure(
    code="OP-03",
    title="Buddies in full-time equivalents",
    answers="How much paid time of buddies does the scheme have?",
    numerator="Paid hours a week of the posts that buddies who are active at the end of the period fill now; a buddy "
    "without a post is left out, and where no active buddy has a post there is no figure",
    denominator="Hours of the prison’s working week: its morning and afternoon sessions from Monday to Friday, as the "
    "regime stands now; where it has none there is no figure",
    unit="full-time equivalents",
    kind=Kind.RATIO,
    level="scheme, prison",
    basis=Basis.OURS,
    expectation="Peers have the paid time that the work needs",
    heading=Heading.PEERS,
    compute=_full_time,
    tells=Told.FULL_TIME,
)


def _helped_for_each(facts: Facts) -> Parts:
    active = len(facts.active)
    return Parts(total_of(helped_at_the_end(facts)).numerator, Decimal(active), active)


PEOPLE_FOR_EACH = Measure(
    code="OP-05",
    title="People helped for each active buddy",
    answers="How many people does one buddy look after?",
    numerator="People with a match that had started and had not ended at the end of the period",
    denominator="Buddies whose status is active at the end of the period",
    unit="people for each buddy",
    kind=Kind.RATIO,
    level="scheme, prison",
    basis=Basis.OURS,
    expectation="Peers are not asked to do more than they can",
    heading=Heading.PEERS,
    compute=_helped_for_each,
)


# --- how long they stay --------------------------------------------------------------------------


def _leavers(facts: Facts) -> list[Step]:
    return [
        step
        for step in facts.steps
        if step.new in (S.LEFT, S.REMOVED) and step.old in IN_ROLE and facts.begins <= step.at <= facts.span.as_of
    ]


def _left_the_prison(facts: Facts, leavers: Iterable[Step]) -> set[tuple[int, date]]:
    """(person, day) of stays that ended by the moment at which the person left the role."""
    people = {facts.buddies[step.buddy].person for step in leavers}
    ends = Custody.objects.for_prison(facts.prison).filter(person_id__in=people, ended_at__isnull=False)
    return {(person, london_today(ended)) for person, ended in ends.values_list("person_id", "ended_at") if ended}


def _turnover(facts: Facts) -> Parts:
    moments = [facts.begins, *facts.month_ends]
    then = [{pk for pk, status in facts.status_at(at).items() if status == S.ACTIVE} for at in moments]
    mean = Decimal(sum(len(each) for each in then)) / len(moments)
    return Parts(Decimal(len(_leavers(facts))), mean, len(set().union(*then)))


def _leavers_by(wanted: str) -> Callable[[Facts], Parts]:
    def compute(facts: Facts) -> Parts:
        leavers = _leavers(facts)
        gone = _left_the_prison(facts, leavers)
        count = sum(_why(facts, step, gone) == wanted for step in leavers)
        return Parts(Decimal(count), None, count)

    return compute


def _why(facts: Facts, step: Step, gone: set[tuple[int, date]]) -> str:
    if step.new == S.REMOVED:
        return "removed"
    return "prison" if (facts.buddies[step.buddy].person, london_today(step.at)) in gone else "stayed"


def _months_in_role(facts: Facts) -> Parts | None:
    """Everybody who was ever in the role: only those who are still there would be the ones who stay longest."""
    left = {
        step.buddy: london_today(step.at)
        for step in facts.steps
        if step.new in (S.LEFT, S.REMOVED) and step.old in IN_ROLE and step.at <= facts.span.as_of
    }
    ever = sorted({step.buddy for step in facts.steps if step.new in IN_ROLE and step.at <= facts.span.as_of})
    waits = []
    for pk in ever:
        since = facts.buddies[pk].since
        assert since is not None
        waits.append(((left.get(pk, facts.span.last) - since).days, pk in left))
    return MONTHS_OF(waits)


TURNOVER = Measure(
    code="OP-21a",
    title="Leavers for each active buddy",
    answers="How fast does the scheme lose its buddies?",
    numerator="Buddies, active or suspended, who left the role or were removed from it in the period",
    denominator="Mean number of active buddies: the mean of the numbers when the period began and at the end of each "
    "of its months",
    unit="leavers for each active buddy",
    kind=Kind.RATIO,
    level="scheme",
    frequency="quarterly",
    every=Every.QUARTER,
    basis=Basis.OURS,
    expectation="Peers stay long enough to be of use, and those who leave are replaced",
    heading=Heading.PEERS,
    compute=_turnover,
)


def _leavers_measure(letter: str, title: str, words: str, wanted: str) -> Measure:
    return Measure(
        code=f"OP-21{letter}",
        title=title,
        answers="Why do buddies leave?",
        numerator=words,
        unit="buddies",
        kind=Kind.COUNT,
        level="scheme",
        frequency="quarterly",
        every=Every.QUARTER,
        basis=Basis.OURS,
        expectation="Peers stay long enough to be of use, and those who leave are replaced",
        heading=Heading.PEERS,
        adds=Adds.UP,
        compute=_leavers_by(wanted),
    )


LEAVERS = (
    _leavers_measure(
        "b",
        "Leavers who left the prison",
        "Buddies, active or suspended, who left the role in the period on the day on which a stay of theirs at the "
        "prison ended",
        "prison",
    ),
    _leavers_measure(
        "c",
        "Leavers who were removed",
        "Buddies, active or suspended, who were removed from the role in the period",
        "removed",
    ),
    _leavers_measure(
        "d",
        "Leavers who stayed at the prison",
        "Buddies, active or suspended, who left the role in the period without being removed and on a day on which "
        "no stay of theirs at the prison ended",
        "stayed",
    ),
)
MONTHS_IN_ROLE = Measure(
    code="OP-21e",
    title="Typical months in the role",
    answers="How long do buddies stay?",
    numerator="Months after which half of all who were ever in the role by the end of the period had left it, by "
    "Kaplan and Meier. Counted in days from the day since when they did the job, or else started here, to the day "
    "they left or were removed; who is still in the role counts as still there on the period’s last day. One month "
    "is 30.4375 days",
    unit="months",
    kind=Kind.WAIT,
    level="scheme",
    frequency="quarterly",
    every=Every.QUARTER,
    basis=Basis.OURS,
    minimum_n=10,
    expectation="Peers stay long enough to be of use, and those who leave are replaced",
    heading=Heading.PEERS,
    compute=_months_in_role,
    typical=MONTHS_OF,
)


# --- their conduct -------------------------------------------------------------------------------


def _conduct(letter: str, title: str, when: str) -> Measure:
    return Measure(
        code=f"OU-09{letter}",
        title=title,
        answers="Does conduct change with the role?",
        numerator=f"Charges proved at adjudication against buddies {when}",
        denominator="Months that these buddies spent in prison in that time",
        unit="proved charges for every 100 months",
        kind=Kind.RATE,
        level="scheme",
        provider="prison",
        frequency="quarterly",
        every=Every.QUARTER,
        basis=Basis.DOMAIN,
        minimum_n=10,
        source=Source.ELSEWHERE,
        held_by="the prison’s records of adjudications",
        expectation="The role helps people to take responsibility",
        heading=Heading.OUTCOMES,
        # A rate without the counts that it was made from cannot be protected.
        tells=Told.NOT,
        per=100,
    )


CONDUCT = (
    _conduct("a", "Proved charges while in the role", "while they were in the role"),
    _conduct("b", "Proved charges before the role", "in the six months before they started"),
)


# --- who goes on by approval ---------------------------------------------------------------------


def _taken_over(facts: Facts) -> Q:
    lacked = Q(take_over__lacks_compact=True) | Q(take_over__lacks_modules=True)
    return lacked & Q(take_over__decision=TakeOver.Decision.APPROVED, take_over__good_by__gte=facts.span.last)


def _to_be_made_good(facts: Facts) -> Parts:
    count = Buddy.objects.for_prison(facts.prison).filter(_taken_over(facts), pk__in=facts.active).count()
    return Parts(Decimal(count), None, count)


def _matches_by_approval(facts: Facts) -> Parts:
    last = facts.span.last
    runs = Match.objects.for_prison(facts.prison).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=facts.span.as_of), started_on__lte=last
    )
    overrides = Override.objects.filter(
        buddy=OuterRef("buddy"),
        decision=Override.Decision.APPROVED,
        decided_at__lte=facts.span.as_of,
        ends_on__gte=last,
    )
    taken_over = TakeOver.objects.filter(
        Q(lacks_compact=True) | Q(lacks_modules=True),
        buddy=OuterRef("buddy"),
        decision=TakeOver.Decision.APPROVED,
        good_by__gte=last,
    )
    count = runs.filter(
        (Q(under_override=True) & Exists(overrides)) | (Q(under_take_over=True) & Exists(taken_over))
    ).count()
    return Parts(Decimal(count), None, count)


MATCHES_BY_APPROVAL = Measure(
    code="BS-02a",
    title="Matches under an override or a take-over",
    answers="How many matches rest on something that is still to be made good?",
    numerator="Matches that had started and had not ended at the end of the period, and that were made under an "
    "approved override or an approved take-over of the buddy’s, where one of that sort still runs on the period’s "
    "last day",
    unit="matches",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    basis=Basis.BESIDE,
    expectation="Exceptions are few, approved and end in time",
    heading=Heading.PEERS,
    adds=Adds.LAST,
    compute=_matches_by_approval,
)
TAKEN_OVER = Measure(
    code="BS-02b",
    title="Taken over, to be made good by a date",
    answers="How many buddies go on without the compact or every module, by approval?",
    numerator="Active buddies at the end of the period who were taken over with the compact or modules to be made "
    "good by a day that had not passed. Clearance is never among it",
    unit="buddies",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    basis=Basis.BESIDE,
    expectation="Peer support is organised, with people trained to do it",
    heading=Heading.PEERS,
    adds=Adds.LAST,
    compute=_to_be_made_good,
)
