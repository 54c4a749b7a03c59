"""Buddies taken over from a list, and buddies' records that went to the next prison."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Membership, Prison
from buddyscheme.demo import buddies, scheme
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_moment, london_today
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.packs import acknowledge_pack, decide_pack, send_pack
from referrals.models import BuddyPack
from referrals.queries.packs import known_modules
from schemes.actions.people import add_person
from schemes.actions.take_overs import ask_take_over, decide_batch
from schemes.models import Buddy, Custody, TakeOverBatch
from training.actions.take_over_file import save_file, stage_file
from training.models import Module
from training.queries.take_over_file import lines_of
from training.take_over_file import COMPACT, MODULES, NUMBER, SINCE, seen


def take_over_together(teller: Teller, now: datetime, how_many: int = 3) -> TakeOverBatch:
    """A list with everybody who helped before the scheme began; the governor's delegate approves it as one."""
    today, lead = london_today(now), teller.by("LEAD")
    people = [scheme.arrive(teller, now - timedelta(days=500 + n), older=False) for n in range(how_many)]
    rows = [
        {
            NUMBER: person.prison_number,
            SINCE: (today - timedelta(days=teller.rng.randint(100, 480))).isoformat(),
            COMPACT: "no",
            MODULES: "none",
        }
        for person in people
    ]
    file = stage_file(
        by=lead, now=now, prison=teller.prison, rows=list(enumerate(rows, start=2)), good_by=today + timedelta(days=90),
        reason="Have helped on the wings since before the scheme began",
    )  # fmt: skip
    batch = save_file(by=lead, now=now, file=file, shown=seen(lines_of(file, today)))
    when = teller.later(now, 2, 4)
    teller.put(when, lambda at: decide_batch(by=teller.by("GOVERNOR_DELEGATE"), now=at, batch=batch))
    for take_over in batch.take_overs.select_related("buddy").order_by("id"):
        buddies.follow_take_over(teller, when, take_over.buddy)
    return batch


def send_records(codes: list[str], now: datetime) -> None:
    """Two who moved from other prisons to the first one: a record that is accepted there, and one that waits."""
    if len(codes) < 2:
        return
    first = codes[0]
    sent = [pack for code in codes[1:] for pack in _sent_from(code, first, now, most=2)][:3]
    if not sent:
        return
    with scoped(DatabaseRole.WEB, prisons=[first]):
        _accept(sent[0], now)


def _sent_from(code: str, to: str, now: datetime, *, most: int) -> list[BuddyPack]:
    """Records of those who left most recently for another prison. The oldest is sent a week ago, the next yesterday."""
    with scoped(DatabaseRole.WEB, prisons=[code]):
        moved = Custody.objects.for_prison(code).filter(end_reason="TRANSFER").values("person")
        left = Buddy.objects.for_prison(code).filter(status=Buddy.Status.LEFT, started_on__isnull=False)
        found = list(left.filter(person__in=moved).order_by("-ended_on", "-id")[:most])
        lead, target = lead_of(code), Prison.objects.get(code=to)
        days = (7, 1)
        return [
            send_pack(by=lead, now=hour_of(now, days[n % 2]), buddy=buddy, to=target) for n, buddy in enumerate(found)
        ]


def hour_of(now: datetime, days: int) -> datetime:
    """A quarter past ten, so many days ago."""
    return london_moment(london_today(now) - timedelta(days=days), time(10, 15))


def lead_of(code: str) -> Actor:
    """The lead of a prison, as one who acts."""
    held = Membership.objects.filter(prison=code, role="LEAD").select_related("user").order_by("id").first()
    if held is None:
        raise LookupError(f"{code} has no lead")
    return Actor.staff(held.user, roles=("LEAD",))


def _accept(pack: BuddyPack, now: datetime) -> None:
    """The buddy goes on helping at the next prison: modules that are in date are accepted."""
    at, person = hour_of(now, 5), pack.body["person"]
    by, here = lead_of(pack.to_prison_id), pack.to_prison
    acknowledge_pack(by=by, now=at, pack=pack)
    added = add_person(
        by=by, now=at, prison=here, prison_number=pack.prison_number, first_name=person["first_name"],
        last_name=person["last_name"],
    )  # fmt: skip
    ask_take_over(
        by=by, now=at, prison=here, person=added, in_role_since=london_today(at) - timedelta(days=30),
        lacks_compact=True, lacks_modules=True, good_by=london_today(at) + timedelta(days=90),
        reason=f"Was a buddy at {pack.prison.name} until the move",
    )  # fmt: skip
    today = london_today(at).isoformat()
    codes = [each["code"] for each in pack.body["modules"] if not each["expires_on"] or each["expires_on"] >= today]
    known: dict[str, Module] = known_modules(here, codes)
    accept = {code: True for code in codes if code in known}
    if accept:
        decide_pack(by=by, now=at + timedelta(hours=1), pack=pack, accept=accept)
