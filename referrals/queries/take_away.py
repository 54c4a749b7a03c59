"""What a buddy's work adds up to, for the person to keep and for the next prison. No recipient is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from referrals.models import Visit
from referrals.queries.visits import visits_of
from referrals.rules.packs import months_between
from schemes.models import Buddy, CompactSignature
from schemes.queries.people import last_custody_of
from training.models import Module, ModuleResult
from training.queries.certificates import reference_of
from training.queries.results import newest_results


@dataclass(frozen=True, kw_only=True)
class Held:
    """One module that was passed, in date or not, with the reference that its certificate has."""

    module: Module
    passed_on: date
    expires_on: date | None
    elsewhere: str
    certificate: str


@dataclass(frozen=True, kw_only=True)
class BuddyRecord:
    """One appointment in figures: modules, hours, months, role and wing."""

    buddy: Buddy
    since: date | None
    until: date | None
    months: int
    minutes: int
    visits: int
    role: str
    wing: str
    modules: list[Held]
    compacts: list[CompactSignature]


def record_of(buddy: Buddy, today: date) -> BuddyRecord:
    """Everything up to this day. Time and visits are sums; nothing is read about whom they were with."""
    since = buddy.in_role_since or buddy.started_on
    helped = (
        visits_of(buddy.prison)
        .filter(buddy=buddy)
        .order_by()
        .aggregate(minutes=Sum("minutes"), visits=Count("pk", filter=~Q(outcome=Visit.Outcome.NOT_DONE)))
    )
    custody = last_custody_of(buddy.prison, buddy.person)
    # The post's wing is where the role is; without a post, where the person lived.
    wing = buddy.post.wing if buddy.post is not None else custody.wing if custody is not None else None
    return BuddyRecord(
        buddy=buddy,
        since=since,
        until=buddy.ended_on,
        months=months_between(since, buddy.ended_on or today) if since is not None else 0,
        minutes=helped["minutes"] or 0,
        visits=helped["visits"],
        role=buddy.post.title if buddy.post is not None else "",
        wing=wing.name if wing is not None else "",
        modules=_held(buddy),
        compacts=list(buddy.compacts.order_by("text_id")),
    )


def _held(buddy: Buddy) -> list[Held]:
    rows = newest_results([buddy.pk]).filter(outcome=ModuleResult.Outcome.PASSED).select_related("module", "prior")
    found = [
        Held(
            module=row.module,
            passed_on=row.assessed_on,
            expires_on=row.expires_on,
            elsewhere=row.prior.place if row.prior is not None else "",
            certificate=reference_of(buddy, row.module),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.module.owner, each.module.position, each.module.code))
