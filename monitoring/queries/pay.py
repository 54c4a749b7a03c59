"""Pay of a prison's buddies: rates, periods, lines, what was worked. Always for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import LONDON, day_bounds
from monitoring.models import PayBand, PayExplanation, PayFile, PayLine, PayPeriod, PayRate, PaySetting
from monitoring.pay_sums import Rate
from referrals.models import Visit
from schemes.models import Buddy, BuddyStep
from schemes.queries.stand_downs import unpaid_days
from schemes.rules.buddies import IN_ROLE
from training.models import Attendance, ClassSession

NOON, EVENING = time(12), time(17)
Worked = dict[int, dict[date, set[str]]]


# Rates and settings ------------------------------------------------------------------------------------


def rates_of(prison: Prison) -> QuerySet[PayRate]:
    """Every rate there was, by band, the newest first."""
    rows: QuerySet[PayRate] = PayRate.objects.for_prison(prison)
    return rows.select_related("set_by").order_by("band", "-valid_from", "-id")


def rates_by_band(prison: Prison) -> dict[int, list[Rate]]:
    """Rates as the sums take them: by band, in the order of their first days."""
    found: dict[int, list[Rate]] = defaultdict(list)
    rows = PayRate.objects.for_prison(prison).order_by("band", "valid_from")
    for band, since, session, week in rows.values_list("band", "valid_from", "session_pence", "week_pence"):
        found[band].append(Rate(valid_from=since, session_pence=session, week_pence=week))
    return dict(found)


def last_rate(prison: Prison, band: int) -> PayRate | None:
    """The band's newest rate."""
    found: PayRate | None = PayRate.objects.for_prison(prison).filter(band=band).order_by("-valid_from").first()
    return found


def in_force(prison: Prison, day: date) -> list[PayRate]:
    """The rate of each band on a day, by band."""
    rows = PayRate.objects.for_prison(prison).filter(valid_from__lte=day).order_by("band", "-valid_from")
    return list(rows.distinct("band"))


def coming(prison: Prison, day: date) -> list[PayRate]:
    """Rates that begin after a day."""
    return list(PayRate.objects.for_prison(prison).filter(valid_from__gt=day).order_by("valid_from", "band", "id"))


def first_rate_on(prison: Prison) -> date | None:
    """The day from which the prison has rates."""
    found: date | None = (
        PayRate.objects.for_prison(prison).order_by("valid_from").values_list("valid_from", flat=True).first()
    )
    return found


def setting_of(prison: Prison) -> PaySetting:
    """How the prison counts pay; before anybody has said so, by the week and without classes (not saved)."""
    found = PaySetting.objects.for_prison(prison).first()
    return found if found is not None else PaySetting(prison=prison)


# Bands -------------------------------------------------------------------------------------------------


def _said_band() -> Subquery:
    return Subquery(PayBand.objects.filter(buddy=OuterRef("pk")).order_by("-id").values("band")[:1])


def without_post(prison: Prison) -> QuerySet[Any]:
    """Buddies whose band no post tells: in the role, or in a period without a band. `said_band` is what was said."""
    missing = PayLine.objects.filter(buddy=OuterRef("pk"), band__isnull=True, sessions__gt=0)
    rows: QuerySet[Any] = Buddy.objects.for_prison(prison).filter(post__isnull=True)
    rows = rows.filter(Q(status__in=IN_ROLE) | Q(Exists(missing))).select_related("person")
    named: QuerySet[Any] = rows.annotate(said_band=_said_band())
    return named.order_by("person__last_name", "person__first_name", "id")


# What was worked ---------------------------------------------------------------------------------------


@dataclass
class Facts:
    """What a period's lines are made of, by buddy."""

    bands: dict[int, int | None] = field(default_factory=dict)
    visits: Worked = field(default_factory=dict)
    classes: Worked = field(default_factory=dict)
    suspended: dict[int, set[date]] = field(default_factory=dict)
    unpaid: dict[int, list[tuple[date, date]]] = field(default_factory=dict)

    def without_pay(self, buddy: int) -> set[date]:
        """Days on which one buddy was suspended and the decision was to suspend without pay."""
        spans = self.unpaid.get(buddy, [])
        return {day for day in self.suspended.get(buddy, set()) if any(first <= day <= last for first, last in spans)}

    def worked(self, buddy: int) -> dict[date, set[str]]:
        """Sessions of one buddy, each once."""
        days: dict[date, set[str]] = defaultdict(set)
        for source in (self.visits, self.classes):
            for day, sessions in source.get(buddy, {}).items():
                days[day] |= sessions
        return dict(days)

    def only_classes(self, buddy: int) -> int:
        """Sessions that were a class and no visit."""
        made = self.visits.get(buddy, {})
        return sum(len(found - made.get(day, set())) for day, found in self.classes.get(buddy, {}).items())


def facts_of(period: PayPeriod, *, buddy: Buddy | None = None) -> Facts:
    """Who was a buddy in the period, or worked in it, and what; of everybody, or of one."""
    prison, first, last = period.prison_id, period.first_day, period.last_day
    visits = visits_in(prison, first, last)
    classes = classes_in(prison, first, last) if period.classes_count else {}
    in_role = Q(started_on__lte=last) & (Q(ended_on__isnull=True) | Q(ended_on__gte=first))
    rows = Buddy.objects.for_prison(prison).filter(in_role | Q(pk__in=[*visits, *classes]))
    if buddy is not None:
        rows = rows.filter(pk=buddy.pk)
    bands: dict[int, int | None] = {
        pk: band if band is not None else said
        for pk, band, said in rows.annotate(said_band=_said_band()).values_list("pk", "post__pay_band", "said_band")
    }
    return Facts(
        bands=bands,
        visits=visits,
        classes=classes,
        suspended=suspended_in(prison, first, last, list(bands)),
        unpaid=unpaid_days(list(bands), first, last),
    )


def visits_in(prison: Prison | str, first: date, last: date) -> Worked:
    """Half days with a visit that was done or partly done, as visits stand after corrections."""
    newer = Visit.objects.filter(replaces=OuterRef("pk"))
    rows = Visit.objects.for_prison(prison).filter(~Exists(newer), day__range=(first, last), buddy__isnull=False)
    made = rows.exclude(outcome=Visit.Outcome.NOT_DONE)
    return _by_buddy(made.order_by().values_list("buddy_id", "day", "session").distinct())


def classes_in(prison: Prison | str, first: date, last: date) -> Worked:
    """Half days with a class that was attended. Of several records of one attendance the newest counts."""
    rows = Attendance.objects.for_prison(prison).filter(
        session__held_on__range=(first, last), session__status=ClassSession.Status.HELD
    )
    newest: dict[tuple[int, int], tuple[int, date, time, bool]] = {}
    for session, buddy, day, begins, there in rows.order_by("id").values_list(
        "session_id", "buddy_id", "session__held_on", "session__starts_at", "there"
    ):
        newest[session, buddy] = (buddy, day, begins, there)
    return _by_buddy((buddy, day, half_day(begins)) for buddy, day, begins, there in newest.values() if there)


def half_day(begins: time) -> str:
    """The session in which a class lies that begins at this time."""
    return "AM" if begins < NOON else "PM" if begins < EVENING else "EV"


def _by_buddy(rows: Iterable[tuple[int, date, str]]) -> Worked:
    found: Worked = {}
    for buddy, day, session in rows:
        found.setdefault(buddy, {}).setdefault(day, set()).add(session)
    return found


def suspended_in(prison: Prison | str, first: date, last: date, buddies: list[int]) -> dict[int, set[date]]:
    """Days of the period on which each was suspended, for the whole day or a part."""
    steps: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    until = day_bounds(last)[1]
    rows = BuddyStep.objects.for_prison(prison).filter(buddy__in=buddies, at__lt=until).order_by("at", "id")
    for buddy, at, status in rows.values_list("buddy_id", "at", "new_status"):
        steps[buddy].append((at, status))
    found: dict[int, set[date]] = {}
    for buddy, hops in steps.items():
        for place, (at, status) in enumerate(hops):
            if status != Buddy.Status.SUSPENDED:
                continue
            ends = hops[place + 1][0] if place + 1 < len(hops) else until
            day = max(first, at.astimezone(LONDON).date())
            while day <= min(last, ends.astimezone(LONDON).date()) and day_bounds(day)[0] < ends:
                found.setdefault(buddy, set()).add(day)
                day += timedelta(days=1)
    return found


# Periods and lines -------------------------------------------------------------------------------------


def periods_of(prison: Prison) -> QuerySet[Any]:
    """Pay periods, newest first, with `people`, `expected`, `recorded` (pence) and `to_explain`."""
    rows: QuerySet[Any] = PayPeriod.objects.for_prison(prison)
    lines = PayLine.objects.filter(period=OuterRef("pk")).order_by().values("period")
    unclear = _unexplained(PayLine.objects.filter(period=OuterRef("pk"))).order_by().values("period")
    summed: QuerySet[Any] = rows.annotate(
        people=Subquery(lines.annotate(n=Count("pk")).values("n")),
        expected=Subquery(lines.annotate(n=Sum("expected_pence")).values("n")),
        recorded=Subquery(lines.annotate(n=Sum("recorded_pence")).values("n")),
        to_explain=Subquery(unclear.annotate(n=Count("pk")).values("n")),
    )
    return summed.order_by("-first_day", "-id")


def overlapping(prison: Prison, first: date, last: date) -> PayPeriod | None:
    """A period that holds any of these days."""
    rows = PayPeriod.objects.for_prison(prison).filter(first_day__lte=last, last_day__gte=first)
    found: PayPeriod | None = rows.order_by("first_day").first()
    return found


def next_first_day(prison: Prison) -> date | None:
    """The Monday after the last period, or None before the first."""
    last = PayPeriod.objects.for_prison(prison).order_by("-last_day").values_list("last_day", flat=True).first()
    return last + timedelta(days=1) if last is not None else None


def locked_period(period: PayPeriod) -> PayPeriod:
    """The row as it is now, held until the transaction ends."""
    return PayPeriod.objects.select_for_update(of=("self",)).select_related("prison").get(pk=period.pk)


def lines_of(period: PayPeriod) -> QuerySet[PayLine]:
    """The period's lines by name."""
    rows: QuerySet[PayLine] = PayLine.objects.for_prison(period.prison_id).filter(period=period)
    return _in_order(_explained(rows))


def all_lines(prison: Prison) -> QuerySet[Any]:
    """Lines of all periods that have been recorded."""
    rows: QuerySet[Any] = PayLine.objects.for_prison(prison).filter(state__in=PayLine.DIFFERS)
    return _explained(rows).order_by(
        "-period__first_day", "buddy__person__last_name", "buddy__person__first_name", "id"
    )


def to_explain(prison: Prison) -> QuerySet[Any]:
    """Differences that nobody has explained, or whose amounts have changed since: the newest period first."""
    return _unexplained(all_lines(prison))


def explained(prison: Prison) -> QuerySet[Any]:
    """Differences that somebody has explained."""
    return all_lines(prison).filter(_has_explanation())


def _has_explanation() -> Exists:
    return Exists(PayExplanation.objects.filter(line=OuterRef("pk"), line_version=OuterRef("version")))


def _unexplained(lines: QuerySet[Any]) -> QuerySet[Any]:
    return lines.filter(~_has_explanation(), state__in=PayLine.DIFFERS)


def _explained(lines: QuerySet[Any]) -> QuerySet[Any]:
    newest = PayExplanation.objects.filter(line=OuterRef("pk"), line_version=OuterRef("version")).order_by("-id")
    shown: QuerySet[Any] = lines.select_related("buddy__person", "period")
    told: QuerySet[Any] = shown.annotate(why=Subquery(newest.values("reason")[:1]))
    return told


def _in_order(lines: QuerySet[Any]) -> QuerySet[Any]:
    return lines.order_by("buddy__person__last_name", "buddy__person__first_name", "id")


def explanations_of(line: PayLine) -> list[PayExplanation]:
    """What was said about a line, newest first."""
    rows = PayExplanation.objects.for_prison(line.prison_id).filter(line=line).select_related("explained_by")
    return list(rows.order_by("-id"))


def buddies_by_number(prison: Prison) -> dict[str, Buddy]:
    """Buddies of the prison, whatever their status, by prison number; of several records of one person the newest."""
    rows = Buddy.objects.for_prison(prison).select_related("person").order_by("id")
    return {buddy.person.prison_number: buddy for buddy in rows}


def files_waiting(period: PayPeriod) -> QuerySet[PayFile]:
    """Files of the period that were read and not saved."""
    rows: QuerySet[PayFile] = PayFile.objects.for_prison(period.prison_id).filter(period=period, saved_at__isnull=True)
    return rows.exclude(rows=[])


def weeks_unconfirmed(period: PayPeriod, weeks: Iterable[dict[str, Any]]) -> int:
    """How many of these weeks of wings, which wait to be confirmed, lie in the period."""
    return sum(1 for row in weeks if period.first_day <= row["week"] <= period.last_day)
