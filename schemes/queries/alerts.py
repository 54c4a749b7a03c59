"""Alerts that count, with what each means at a prison."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from buddyscheme.accounts.models import Prison
from schemes.models import Alert, AlertKind, Custody, Meaning, MeaningChange, PrisonMeaning
from schemes.rules.alerts import counts_here


@dataclass(frozen=True)
class MeaningHere:
    """What a code means: for a buddy, and for somebody who is helped."""

    as_buddy: str
    as_helped: str


@dataclass(frozen=True)
class AlertFact:
    """One alert that counts, in words and with its meaning here. `hidden`: not to be shared with the person."""

    person_id: int
    code: str
    words: str
    meaning: MeaningHere
    hidden: bool
    since: date


WORDS = CharField()


def _newest(prison: Prison, kind: str) -> dict[str, Subquery | Coalesce]:
    """The newest national and own meaning, to add to rows that have the code in column `kind`."""
    national = MeaningChange.objects.filter(kind=OuterRef(kind)).order_by("-id")
    own = PrisonMeaning.objects.for_prison(prison).filter(kind=OuterRef(kind)).order_by("-id")
    found: dict[str, Subquery | Coalesce] = {}
    for name in ("as_buddy", "as_helped"):
        found[f"national_{name}"] = Subquery(national.values(name)[:1])
        found[f"own_{name}"] = Coalesce(Subquery(own.values(name)[:1]), Value(""), output_field=WORDS)
    return found


def _meaning(row: AlertKind | Alert, kind: AlertKind) -> MeaningHere:
    def of(name: str) -> str:
        national = getattr(row, f"national_{name}") or getattr(kind, name)
        return counts_here(national, getattr(row, f"own_{name}"))

    return MeaningHere(of("as_buddy"), of("as_helped"))


def running(day: date) -> Q:
    """Alerts that count on the day: begun, not over, and not ended by anybody."""
    return Q(ended_at__isnull=True, active_from__lte=day) & (Q(active_to__isnull=True) | Q(active_to__gte=day))


def alerts_by_person(prison: Prison, persons: Iterable[int], day: date) -> dict[int, list[AlertFact]]:
    """Running alerts of these people by person, strictest first, in one query. Nobody is left out of the answer."""
    wanted = set(persons)
    found: dict[int, list[AlertFact]] = {pk: [] for pk in wanted}
    rows = Alert.objects.filter(running(day), person__in=wanted).select_related("kind")
    for row in rows.annotate(**_newest(prison, "kind_id")).order_by("kind__position", "id"):
        kind = row.kind
        found[row.person_id].append(
            AlertFact(row.person_id, kind.code, kind.words, _meaning(row, kind), kind.hidden, row.active_from)
        )
    return found


def alerts_of(person_id: int) -> QuerySet[Alert]:
    """Every alert of a person that nobody ended, newest first."""
    rows: QuerySet[Alert] = Alert.objects.filter(person=person_id, ended_at__isnull=True)
    return rows.select_related("kind", "recorded_by").order_by("-active_from", "-id")


def alerts_at(prison: Prison, day: date) -> QuerySet[Alert]:
    """Running alerts of everybody who is here now, by name."""
    here = Custody.objects.for_prison(prison).filter(person=OuterRef("person_id"), ended_at__isnull=True)
    rows: QuerySet[Alert] = Alert.objects.filter(running(day), Exists(here)).select_related("kind", "person")
    return rows.order_by("person__last_name", "person__first_name", "kind__position", "id")


def open_alerts_at(prison: Prison) -> QuerySet[Alert]:
    """Alerts of people who are here now that nobody ended, also those whose last day has passed."""
    here = Custody.objects.for_prison(prison).filter(person=OuterRef("person_id"), ended_at__isnull=True)
    rows: QuerySet[Alert] = Alert.objects.filter(Exists(here), ended_at__isnull=True)
    return rows.select_related("kind", "person")


def kinds() -> QuerySet[AlertKind]:
    """Codes of the list that are in use."""
    return AlertKind.objects.filter(active=True).order_by("position", "code")


def kinds_with_meaning(prison: Prison) -> list[tuple[AlertKind, MeaningHere]]:
    """The list as it counts at a prison."""
    return [(kind, _meaning(kind, kind)) for kind in kinds().annotate(**_newest(prison, "code"))]


def meaning_of(kind: AlertKind) -> MeaningHere:
    """What a code means nationally now."""
    newest = MeaningChange.objects.filter(kind=kind).order_by("-id").first()
    return MeaningHere(newest.as_buddy, newest.as_helped) if newest else MeaningHere(kind.as_buddy, kind.as_helped)


def national_changes(kind: AlertKind) -> QuerySet[MeaningChange]:
    """What the code meant, newest first."""
    return MeaningChange.objects.filter(kind=kind).select_related("changed_by").order_by("-id")


def own_changes(prison: Prison, kind: AlertKind) -> QuerySet[PrisonMeaning]:
    """The prison's own meanings of the code, newest first."""
    rows: QuerySet[PrisonMeaning] = PrisonMeaning.objects.for_prison(prison).filter(kind=kind)
    return rows.select_related("changed_by").order_by("-id")


def stops(facts: Iterable[AlertFact], *, buddy: bool) -> bool:
    """Whether one of them stops a match."""
    return any((fact.meaning.as_buddy if buddy else fact.meaning.as_helped) == Meaning.STOP for fact in facts)


def newest_national(kinds: Iterable[AlertKind]) -> dict[str, MeaningHere]:
    """The changed national meanings of these codes, in one query."""
    rows = MeaningChange.objects.filter(kind__in=list(kinds)).order_by("id")
    return {row.kind_id: MeaningHere(row.as_buddy, row.as_helped) for row in rows}
