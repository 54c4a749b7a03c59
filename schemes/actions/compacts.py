"""Publishing a version of the compact, by the national lead."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.models import CompactText
from schemes.rules import compacts as rules


@transaction.atomic
def publish_compact(
    *,
    by: Actor,
    now: datetime,
    text: str,
    text_cy: str,
    text_easy: str,
    welsh_checked: bool,
    in_force_from: date,
    sign_by: date,
    after: int,
) -> CompactText:
    """Publish the version that follows `after`, in three formats. It never changes again.

    Runs in the national role. Until `sign_by` older signatures hold; from then on they have lapsed.
    """
    with scoped(DatabaseRole.NATIONAL):
        newest = CompactText.objects.order_by("-version").first()
        if (newest.version if newest is not None else 0) != after:
            raise NotAllowed("Somebody else has published a version meanwhile. Read it first, then publish yours.")
        rules.check_can_publish(
            text=text,
            text_cy=text_cy,
            text_easy=text_easy,
            in_force_from=in_force_from,
            sign_by=sign_by,
            newest=newest.in_force_from if newest is not None else None,
            today=london_today(now),
        )
        made: CompactText = CompactText.objects.create(
            version=after + 1,
            text=text.strip(),
            text_cy=text_cy.strip(),
            text_easy=text_easy.strip(),
            welsh_checked=welsh_checked,
            in_force_from=in_force_from,
            sign_by=sign_by,
            published_at=now,
            published_by=by.user,
        )
        record(
            Event.COMPACT_PUBLISHED,
            by=by,
            subject=made,
            version=made.version,
            in_force_from=in_force_from.isoformat(),
            sign_by=sign_by.isoformat(),
        )
    return made
