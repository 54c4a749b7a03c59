"""How people come to the scheme's notice at the busiest prison these days: each way in once, at a point that shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from buddyscheme.accounts.actor import Actor
from buddyscheme.demo import scheme
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today
from referrals import codes
from referrals.actions.cards import confirm_card, issue_card, scan_card
from referrals.actions.entries import leave
from referrals.actions.informal_help import end_help, look_at_help, record_help
from referrals.actions.reception import record_reception
from referrals.actions.referrals import ask_for_help, make_referral
from referrals.actions.tellings import tell
from referrals.actions.windows import close_window, open_window
from referrals.models import InformalHelp, Referral, ReferralTelling
from referrals.rules.referrals import WITH_BUDDY
from referrals.rules.tellings import HOW_TOLD
from schemes.models import Person
from schemes.queries.people import custody_of


def leave_at_the_doors(teller: Teller) -> None:
    """One request at the terminal, one late urgent one and its repeat, arrivals, and help that nobody planned."""
    arrivals(teller)
    help_of_others(teller)
    at_the_terminal(teller)
    urgent_and_again(teller)


def at_the_terminal(teller: Teller) -> None:
    """Yesterday evening somebody got in with a printed card and asked for themselves."""
    begins = teller.at(teller.today - timedelta(days=1), 18)
    person = _somebody(teller, begins, days=40)
    card = issue_card(by=teller.by("OFFICER"), now=begins - timedelta(days=2), prison=teller.prison, person=person)
    window = open_window(by=teller.by("OFFICER"), now=begins, terminal=teller.terminals[-1], minutes=30)
    at_scanner = {"secret": codes.card_secret(card.token), "key": codes.new_key()}
    scan = scan_card(by=teller.by("OFFICER"), now=begins + timedelta(minutes=3), window=window, **at_scanner)
    entry = confirm_card(by=teller.by("OFFICER"), now=begins + timedelta(minutes=4), scan=scan)
    ask_for_help(
        by=Actor.at_terminal(person_id=person.pk, terminal_id=window.terminal_id, window_id=window.pk),
        now=begins + timedelta(minutes=6),
        prison=teller.prison,
        person=person,
        window=window,
        urgency="SOON",
        need_areas=["MEALS", "MOBILITY"],
        wants_to_say=True,
    )
    leave(by=Actor.system(), now=begins + timedelta(minutes=10), entry=entry, reason="IDLE")
    close_window(by=teller.by("OFFICER"), now=begins + timedelta(minutes=20), window=window)


def urgent_and_again(teller: Teller) -> None:
    """Asked for today, yesterday; nobody has looked, and healthcare says the same."""
    made = teller.at(teller.today - timedelta(days=1), 14)
    person = _somebody(teller, made, days=200)
    for role, source, words, after in (
        ("OFFICER", "STAFF", "Missed two meals: cannot get down the stairs since the fall.", 0),
        ("HEALTHCARE", "HEALTHCARE", "Not eating enough. Cannot fetch meals.", 90),
    ):
        make_referral(
            by=teller.by(role),
            now=made + timedelta(minutes=after),
            prison=teller.prison,
            person=person,
            source=source,
            urgency="URGENT",
            need_areas=["MEALS", "MOBILITY"],
            reason=words,
            other_help="NO",
        )


def arrivals(teller: Teller) -> None:
    """Two came this week: one was asked and needs help, the other was not asked yet."""
    came = teller.at(teller.today - timedelta(days=3), 15)
    asked = scheme.arrive(teller, came, older=True)
    scheme.arrive(teller, came + timedelta(hours=1), older=True)
    custody = custody_of(teller.prison, asked)
    assert custody is not None
    record_reception(
        by=teller.by("OFFICER"),
        now=came + timedelta(minutes=40),
        custody=custody,
        yes=["WALKING", "TRAY"],
        declined=False,
        urgency="SOON",
    )


def help_of_others(teller: Teller) -> None:
    """Help that staff saw: one entry that nobody has looked at for a while, one with personal care."""
    seen = teller.at(teller.today - timedelta(days=10), 11)
    for days, kinds, known in ((0, ["MEALS", "CELL"], True), (7, ["PERSONAL"], False)):
        now = seen + timedelta(days=days)
        record_help(
            by=teller.by("OFFICER"),
            now=now,
            prison=teller.prison,
            person=_somebody(teller, now, days=90),
            how_known=InformalHelp.HowKnown.SEEN,
            helper=scheme.arrive(teller, now - timedelta(days=120), older=False) if known else None,
            kinds=kinds,
            since_on=(now - timedelta(days=30)).date(),
        )


def tell_everybody(teller: Teller, now: datetime, referral: Referral) -> None:
    """After screening: whoever is not asked what they want is told; help that was mentioned is looked at."""
    by, today = teller.by("LEAD"), london_today(now)
    for telling in referral.tellings.order_by("id"):
        if telling.audience != ReferralTelling.Audience.PERSON or referral.outcome not in WITH_BUDDY:
            tell(by=by, now=now, telling=telling, how=HOW_TOLD[telling.audience][0], told_on=today)
    for entry in referral.informal_help.filter(status=InformalHelp.Status.OPEN):
        if referral.outcome in WITH_BUDDY:
            words = "The scheme arranges help in its place."
            end_help(by=by, now=now, entry=entry, reason=words, version=entry.version)
        else:
            look_at_help(by=by, now=now, entry=entry)


def _somebody(teller: Teller, now: datetime, *, days: int) -> Person:
    return scheme.arrive(teller, now - timedelta(days=days), older=True)
