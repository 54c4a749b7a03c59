"""Extracts: the list, one of them, and what another one overlaps with."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.models import AuditEvent
from monitoring.models import Extract, ExtractFile
from monitoring.rules.extracts import TAKEN_FOR

State = Extract.State


def extracts() -> QuerySet[Extract]:
    """Every extract, the newest first."""
    return Extract.objects.select_related("asked_by", "decided_by").order_by("-asked_at", "-id")


def extract_by(token: str) -> Extract | None:
    """One of them by its token, or None."""
    return extracts().filter(token=token).first()


def waiting_to_be_built(now: datetime) -> list[int]:
    """Ids of those that are approved and that no worker has in hand."""
    rows = Extract.objects.filter(state=State.APPROVED)
    rows = rows.filter(Q(taken_at__isnull=True) | Q(taken_at__lt=now - TAKEN_FOR))
    return list(rows.order_by("id").values_list("pk", flat=True))


def over(today: date) -> QuerySet[Extract]:
    """Those whose last day is past and whose file is still there."""
    return Extract.objects.filter(state=State.BUILT, expires_on__lt=today).order_by("id")


def overlapping(extract: Extract) -> list[Extract]:
    """Others that were handed out, of some of the same days and prisons: together they say more than each alone."""
    rows = extracts().exclude(pk=extract.pk).filter(state__in=[State.APPROVED, State.BUILT, State.EXPIRED])
    rows = rows.filter(first_day__lte=extract.last_day, last_day__gte=extract.first_day)
    return [
        each for each in rows if not each.prisons or not extract.prisons or set(each.prisons) & set(extract.prisons)
    ]


def content_of(extract: Extract) -> bytes | None:
    """The file, or None when it is gone. In the national role."""
    row = ExtractFile.objects.filter(extract=extract).first()
    return None if row is None else bytes(row.content)


def times_downloaded(found: list[Extract]) -> dict[int, int]:
    """How often each was downloaded, by its id."""
    rows = (
        AuditEvent.objects.filter(
            code=Event.EXPORTED.value,
            subject_type="monitoring.extract",
            subject_id__in=[str(each.pk) for each in found],
        )
        .values_list("subject_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {int(pk): count for pk, count in rows}


def prisons_to_choose() -> list[Prison]:
    """Prisons that use the service, by name."""
    return list(Prison.objects.filter(switched_on=True, in_scope=True).order_by("name", "code"))


def names_of(codes: list[str]) -> list[str]:
    """The names of prisons by their codes, in order; none for none."""
    return list(Prison.objects.filter(code__in=codes).order_by("name").values_list("name", flat=True)) if codes else []
