"""Which months a change of the scheme's own settings reaches: figures of old months rest on them as they stand."""

from __future__ import annotations

from datetime import datetime

from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import months_changed
from schemes.models import Scheme


def every_month_changed(prison_code: str, now: datetime) -> None:
    """Every month since the prison's scheme opened is to be worked out again; none before it opened."""
    scheme: Scheme | None = Scheme.objects.for_prison(prison_code).first()
    if scheme is not None and scheme.opened_at is not None:
        months_changed(prison_code, london_today(scheme.opened_at), london_today(now))
