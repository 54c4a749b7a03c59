"""Clearance by a department of one's own, prompts changed at one prison, scores given apart, a second compact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from buddyscheme.accounts.actions.staff import give_role
from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import User
from buddyscheme.demo import buddies
from buddyscheme.demo.places import domain
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_moment, london_today
from schemes.actions.compacts import publish_compact
from schemes.actions.departments import add_department
from schemes.actions.interviews import set_interview
from schemes.actions.prompts import add_prompt, change_prompt
from schemes.models import Buddy, CompactText
from schemes.queries.compacts import to_sign_again
from schemes.queries.prompts import prompts_at
from schemes.queries.schemes import scheme_of

CHAPLAINCY = "Chaplaincy"
# The second version: what it says more than the first, in each format.
MORE = {
    "text": "If I find somebody on the floor, I call staff before anything else.",
    "text_cy": "Os byddaf yn dod o hyd i rywun ar y llawr, rwy’n galw staff cyn dim arall.",
    "text_easy": "If somebody is on the floor, I call staff first.",
}
PUBLISHED_AGO, TO_SIGN = timedelta(days=35), timedelta(days=56)


def publish_second_compact(national_lead: User, today: date, first: date) -> None:
    """Published five weeks ago; some have not signed it yet, and have three weeks left."""
    day = max(first, today - PUBLISHED_AGO)
    newest = CompactText.objects.order_by("-version").first()
    if newest is None or newest.version > 1:
        return
    publish_compact(
        by=Actor.staff(national_lead, roles=("NATIONAL_LEAD",)),
        now=london_moment(day, time(10, 0)),
        welsh_checked=False,
        in_force_from=day,
        sign_by=day + TO_SIGN,
        after=newest.version,
        **{field: f"{getattr(newest, field).rstrip()}\n\n{words}" for field, words in MORE.items()},
    )


def put_signing_again(teller: Teller) -> None:
    """From the day the second compact is published, most sign it within four weeks."""
    text = CompactText.objects.exclude(published_at=None).order_by("-version").first()
    if text is not None and text.published_at is not None:
        teller.put(text.published_at + timedelta(hours=5), lambda now: _ask_to_sign_again(teller, now))


def _ask_to_sign_again(teller: Teller, now: datetime) -> None:
    for buddy in to_sign_again(teller.prison).order_by("id"):
        if teller.chance(0.7):
            teller.put(teller.later(now, 2, 26), _signing_again(teller, buddy))


def _signing_again(teller: Teller, buddy: Buddy) -> Callable[[datetime], object]:
    return lambda now: buddies.sign_compact(teller, now, buddy)


def put_own_ways(teller: Teller, begins: date) -> None:
    """What one prison does in its own way: two scores from the start, a chaplain who signs, prompts of its own."""
    teller.put(teller.at(begins, 12), lambda now: _score_apart(teller, now))
    teller.put(teller.at(begins + timedelta(days=5), 12), lambda now: change_prompts(teller, now))
    teller.put(teller.at(teller.opens_on + timedelta(days=20), 12), lambda now: add_chaplaincy(teller, now))


def _score_apart(teller: Teller, now: datetime) -> None:
    scheme = scheme_of(teller.prison)
    assert scheme is not None
    set_interview(
        by=teller.by("LEAD"),
        now=now,
        scheme=scheme,
        criteria=(
            "Wants to help others, and can say why",
            "Is patient with somebody who is slow or confused",
            "Says no when asked for something that is not a buddy’s task",
            "Keeps private things private, and tells staff about a risk of harm",
        ),
        two_scores=True,
        version=scheme.version,
    )


def change_prompts(teller: Teller, now: datetime) -> None:
    """One prompt reworded, one switched off, one added; other prisons keep the national words."""
    by, offered = teller.by("ADMIN"), {prompt.key: prompt for prompt in prompts_at(teller.prison)}
    for key, changes in (
        ("BEHAVIOUR", {"words": "Adjudications and drug tests of the last six months, and the wing’s own notes"}),
        ("CELL-SHARING", {"active": False}),
    ):
        if key in offered:
            prompt = offered[key]
            kept = {
                "words": prompt.words,
                "alert_codes": prompt.alert_codes,
                "meaning": prompt.meaning,
                "departments": prompt.departments,
                "active": prompt.active,
            }
            values = {**kept, **changes}
            change_prompt(by=by, now=now, prison=teller.prison, key=key, version=prompt.version, **values)  # type: ignore[arg-type]
    add_prompt(
        by=by,
        now=now,
        prison=teller.prison,
        words="Whether the person has been moved off a wing in the last year, and why",
        alert_codes=(),
        meaning="A buddy works on one wing with the same people for months.",
        departments=("SECURITY", "SAFER_CUSTODY"),
    )


def add_chaplaincy(teller: Teller, now: datetime) -> None:
    """A fifth department, with four weeks for its answers to come; its chaplain gets an account and signs."""
    scheme = scheme_of(teller.prison)
    assert scheme is not None
    today = london_today(now)
    asked = add_department(
        by=teller.by("LEAD"),
        now=now,
        scheme=scheme,
        name=CHAPLAINCY,
        needed_from=today + timedelta(days=28),
        version=scheme.version,
    )
    membership = give_role(
        by=teller.by("ADMIN"),
        now=now,
        prison=teller.prison,
        email=f"chaplain@{domain(teller.place.code)}",
        name="Cara Chantry",
        role="SIGNATORY",
        department=CHAPLAINCY,
        starts_on=today,
    )
    teller.staff[CHAPLAINCY] = membership.user
    for clearance in asked:
        teller.put(teller.later(now, 1, 18), buddies.signing(teller, clearance.buddy, CHAPLAINCY))
