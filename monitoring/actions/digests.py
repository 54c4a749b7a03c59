"""Choosing, making and reading digests."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.scope.transaction import one_at_a_time
from monitoring.digests import offered, since_of
from monitoring.models import Digest, DigestChoice
from monitoring.queries.digests import Reader
from monitoring.queries.own_changes import own_changes
from monitoring.queries.released_changes import released_changes
from monitoring.queries.releases import prisons_released
from monitoring.queries.wording import worded
from monitoring.rules.digests import check_choice


@transaction.atomic
def choose_digest(
    *, by: Actor, now: datetime, prison: Prison | None, how_often: str, measures: list[str], prisons: list[str]
) -> DigestChoice:
    """How often the reader is told about which figures at this place; the next digest follows it."""
    national = prison is None
    known = [each.code for each in prisons_released()] if prisons else []
    check_choice(how_often=how_often, measures=measures, prisons=prisons, national=national, known=known)
    one_at_a_time(f"digest-choice:{by.id}:{prison.code if prison else ''}")
    said = {"how_often": how_often, "measures": measures, "prisons": prisons, "chosen_at": now}
    choice: DigestChoice | None = DigestChoice.objects.filter(reader=by.user, prison=prison).first()
    if choice is None:
        choice = DigestChoice.objects.create(reader=by.user, prison=prison, **said)
    else:
        for name, value in said.items():
            setattr(choice, name, value)
        choice.save(update_fields=list(said))
    record(Event.DIGEST_CHOSEN, by=by, prison=prison.code if prison else "", subject=choice, how_often=how_often)
    return choice


@transaction.atomic
def make_digest(*, by: Actor, now: datetime, reader: Reader, period: Month | Quarter) -> Digest | None:
    """What changed for one reader, once a period; None where it is made already. Run in the national role."""
    place = reader.prison.code if reader.prison else ""
    one_at_a_time(f"digest:{reader.user.pk}:{place}")
    made = Digest.objects.filter(reader=reader.user, prison=reader.prison)
    last = made.order_by("-until").values_list("until", flat=True).first()
    if last is not None and last >= period.ends_at:
        return None
    since = since_of(period, last)
    chosen = set(reader.wish.measures)
    measures = {
        measure.code: measure for measure in worded(offered(national=reader.prison is None)) if measure.code in chosen
    }
    entries = (
        released_changes(measures, reader.wish.prisons, since, period.ends_at)
        if reader.prison is None
        else own_changes(reader.prison, measures, since, period.ends_at)
    )
    digest: Digest = Digest.objects.create(
        reader=reader.user,
        prison=reader.prison,
        period=period.code,
        since=since,
        until=period.ends_at,
        entries=[entry.stored for entry in entries],
        count=len(entries),
        made_at=now,
    )
    record(Event.DIGEST_MADE, by=by, prison=place, subject=digest, period=period.code, entries=len(entries))
    return digest


@transaction.atomic
def read_digest(*, by: Actor, now: datetime, digest: Digest) -> Digest:
    """The reader has opened it. The first time counts."""
    if digest.read_at is None:
        digest.read_at = now
        digest.save(update_fields=["read_at"])
        record(Event.DIGEST_READ, by=by, prison=digest.prison_id or "", subject=digest, period=digest.period)
    return digest
