"""Keys of programs, and what they read. Run on behalf of a national role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet, Sum

from monitoring.models import ApiKey, ApiUse


@dataclass(frozen=True)
class DayOfUse:
    """What a key read on one day: requests, rows, and of how many releases."""

    day: date
    requests: int
    rows: int
    releases: int


def keys() -> QuerySet[ApiKey]:
    """Every key, the newest first."""
    return ApiKey.objects.select_related("made_by", "revoked_by").order_by("-made_at", "-id")


def key_by(token: str) -> ApiKey | None:
    """One of them by its token, or None."""
    return keys().filter(token=token).first()


def is_taken(name: str) -> bool:
    """Whether a key that is not revoked has this name."""
    return ApiKey.objects.filter(name=name.strip(), revoked_at__isnull=True).exists()


def last_used(found: list[ApiKey]) -> dict[int, date]:
    """The last day on which each was used, by its id; none for one that never was."""
    rows = ApiUse.objects.filter(key__in=found).values_list("key_id").annotate(last=Max("day")).order_by()
    return dict(rows)


def days_of_use(key: ApiKey, *, most: int) -> list[DayOfUse]:
    """The last days on which the key was used, the newest first."""
    rows = (
        ApiUse.objects.filter(key=key)
        .values("day")
        .annotate(asked=Sum("requests"), sent=Sum("rows"), of=Max("release"))
        .order_by("-day")[:most]
    )
    days = [row["day"] for row in rows]
    read: dict[date, int] = {}
    for day in ApiUse.objects.filter(key=key, day__in=days, release__isnull=False).values_list("day", flat=True):
        read[day] = read.get(day, 0) + 1
    return [DayOfUse(row["day"], row["asked"], row["sent"], read.get(row["day"], 0)) for row in rows]
