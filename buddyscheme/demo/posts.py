"""Posts with their adverts, applications at the terminal, the approved pool, and refusals with appeals."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from buddyscheme.accounts.actor import Actor
from buddyscheme.demo import buddies, scheme
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_moment, london_today
from referrals.actions.windows import close_window, open_window
from schemes.actions import buddies as actions
from schemes.actions import posts as post_actions
from schemes.actions import refusals as refusal_actions
from schemes.models import Buddy, Person, Post, Refusal
from schemes.queries.people import custody_of
from schemes.queries.posts import not_filled
from schemes.queries.refusals import refusal_of
from schemes.rules.posts import PostFacts
from schemes.rules.refusals import Telling

HOURS, BAND = 20, 4
ADVERT = timedelta(days=21)


def enter(teller: Teller, now: datetime) -> None:
    """A post on every wing, advertised at once: as many places as the scheme needs, and one to spare."""
    share = -(-(teller.place.starters + teller.place.joiners) // len(teller.wings))
    for nth, wing in enumerate(teller.wings):
        post = post_actions.add_post(
            by=teller.by("LEAD"),
            now=now,
            prison=teller.prison,
            facts=PostFacts(
                wing_id=wing.pk, title="Wing buddy", title_cy="Cyfaill adain", places=share + (nth == 0),
                weekly_hours=HOURS + 5 * (nth % 2), pay_band=BAND, pay_band_name="Enhanced worker",
            ),
        )  # fmt: skip
        _advertise(teller, now, post)


def advertise_again(teller: Teller, now: datetime) -> None:
    """Whatever is not filled goes on the notice board once more."""
    for post in not_filled(teller.prison):
        _advertise(teller, now, post)


def _advertise(teller: Teller, now: datetime, post: Post) -> None:
    day = london_today(now)
    post_actions.advertise_post(by=teller.by("LEAD"), now=now, post=post, advertised_on=day, closes_on=day + ADVERT)


def post_for(teller: Teller, person: Person) -> Post | None:
    """The post with a free place on the person's wing, if there is one."""
    custody = custody_of(teller.prison, person)
    if custody is None:
        return None
    found: Post | None = not_filled(teller.prison).filter(wing=custody.wing_id).first()
    return found


def put_story(teller: Teller, begins: date) -> None:
    """The adverts from the first day on, and what is under way this morning."""

    def ago(days: int, hour: int = 11) -> datetime:
        return london_moment(teller.today - timedelta(days=days), time(hour, 20))

    teller.put(london_moment(begins, time(16, 30)), lambda now: enter(teller, now))
    teller.put(ago(9), lambda now: advertise_again(teller, now))
    teller.put(ago(4), lambda now: apply_at_terminal(teller, now, why=["HELP", "LEARN"], easier=["MORE_TIME"]))
    if not teller.place.returns or teller.place.weeks is not None:
        return
    teller.put(ago(33), lambda now: into_the_pool(teller, now))
    if teller.place.joiners < 6:
        return
    teller.put(ago(31), lambda now: into_the_pool(teller, now))
    teller.put(ago(3, 14), lambda now: apply_at_terminal(teller, now, why=["HELPED"], easier=[], wants_help=True))
    for days, course in ((40, "UPHELD"), (26, "DISMISSED"), (12, "WAITING"), (2, "")):
        teller.put(ago(days, 15), lambda now, course=course: refused(teller, now, course))  # type: ignore[misc]


def _newcomer(teller: Teller, now: datetime, wing: int) -> Person:
    return scheme.arrive(teller, now - timedelta(days=150), older=False, wing=wing % len(teller.wings))


def apply_at_terminal(
    teller: Teller, now: datetime, *, why: list[str], easier: list[str], wants_help: bool = False
) -> None:
    """Somebody touches “Jobs” in a window that an officer has opened, and answers by a few taps."""
    terminal = teller.terminals[-1]
    person = scheme.arrive(teller, now - timedelta(days=90), older=False, wing=len(teller.wings) - 1)
    post = post_for(teller, person)
    if post is not None and post.closes_on is not None and post.closes_on < london_today(now):
        post = None
    window = open_window(by=teller.by("OFFICER"), now=now, terminal=terminal, minutes=30)
    actions.apply_for_role(
        by=Actor.at_terminal(person_id=person.pk, terminal_id=window.terminal_id, window_id=window.pk),
        now=now + timedelta(minutes=6),
        prison=teller.prison,
        person=person,
        applied_on=london_today(now),
        needed_help=wants_help,
        post=post,
        why=why,
        easier=easier,
    )
    close_window(by=teller.by("OFFICER"), now=now + timedelta(minutes=20), window=window)


def into_the_pool(teller: Teller, now: datetime) -> None:
    """Cleared and found suitable: approved, to wait for a place without an offer."""
    buddy = _applied(teller, now, _newcomer(teller, now, 1))
    by = teller.by("LEAD")
    actions.ask_for_checks(by=by, now=now + timedelta(days=1), buddy=buddy)
    for i, department in enumerate(buddy.scheme.departments):
        buddies.sign(teller, now + timedelta(days=3, hours=i), buddy, department)
    later = now + timedelta(days=8)
    buddies.score_apart(teller, later, buddy)
    actions.record_interview(
        by=by, now=later, buddy=buddy, held_on=london_today(later), panel="Social care lead and a wing officer",
        result="SUITABLE",
    )  # fmt: skip
    actions.approve_applicant(by=by, now=later, buddy=buddies.fresh(buddy))


def _applied(teller: Teller, now: datetime, person: Person) -> Buddy:
    return actions.apply_for_role(
        by=teller.by("LEAD"),
        now=now,
        prison=teller.prison,
        person=person,
        applied_on=london_today(now),
        statement=buddies.STATEMENTS[0],
    )


def refused(teller: Teller, now: datetime, course: str) -> None:
    """An application that is declined; with a course, the person is told and appeals."""
    buddy = _applied(teller, now - timedelta(days=3), _newcomer(teller, now, 0))
    actions.decline(
        by=teller.by("LEAD"), now=now, buddy=buddy, reason="You have been on the wing for a few weeks only."
    )
    refusal = refusal_of(buddy)
    assert refusal is not None
    if course:
        told(teller, now + timedelta(days=1), refusal)
        appealed = now + timedelta(days=4)
        refusal = refusal_actions.appeal(
            by=teller.by("LEAD"), now=appealed, refusal=refusal, appealed_on=london_today(appealed),
            words="I have been on this wing since the spring, only in another cell.",
        )  # fmt: skip
    if course in ("UPHELD", "DISMISSED"):
        upheld = course == "UPHELD"
        refusal_actions.decide_appeal(
            by=teller.by("DEPUTY_LEAD") if upheld else teller.by("GOVERNOR_DELEGATE"),
            now=now + timedelta(days=7),
            refusal=refusal,
            upheld=upheld,
            reason="The cell moves show that this is right." if upheld else "The cell moves do not show this.",
        )


def told(teller: Teller, now: datetime, refusal: Refusal) -> None:
    """The lead tells the person face to face, with the letter."""
    refusal_actions.tell_person(
        by=teller.by("LEAD"),
        now=now,
        refusal=refusal,
        telling=Telling(how="BOTH", on=london_today(now), who="The social care lead"),
    )
