"""Every tile's number is the number of rows of the list that it opens, for every role."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.roles import ROLES, HeldAt
from buddyscheme.home import tile
from buddyscheme.home.links import LINKS
from buddyscheme.home.tiles import TILES
from referrals.actions import plans as plan_actions
from referrals.actions.again import look_again
from referrals.actions.equipment import add_equipment
from referrals.queries.unlock import unlock_list
from schemes.models import CompactText
from tests.builders import (
    buddies,
    care,
    digests,
    directory,
    moving,
    packs,
    patterns,
    pay,
    posts,
    quality,
    referrals,
    self_assessment,
    terminal,
    training,
    visits,
)
from tests.builders.schemes import arrived, person_in
from tests.cast import acts

HOME = "/prisons/ZTA/"
CAST = (
    "lead",
    "deputy",
    "officer",
    "trainer",
    "council",
    "healthcare",
    "delegate",
    "safeguarding",
    "security",
    "dpo",
    "admin",
)


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def world(
    here, elsewhere, wing, lead, deputy, delegate, safeguarding, security, healthcare, admin, outsider, now, at_prison
) -> None:
    """At least one of everything that a tile counts, and two of some."""
    earlier = now - timedelta(days=12)
    last_week = date(2026, 11, 18)
    with at_prison(here):
        plan, helper, _ = visits.helped(here, lead, earlier, wing=wing)
        visits.interim_help(here, lead, now - timedelta(days=9), helper, wing=wing)
        soon_checked = earlier.date() + timedelta(days=5)
        add_equipment(
            by=acts(lead, here), now=earlier, plan=plan, kind="FRAME", owner="PRISON", next_check_on=soon_checked
        )
        training.missed(helper, lead, now)
        visits.log_sheet(here, lead, earlier, helper)
        for day in (last_week, last_week + timedelta(days=1)):
            visits.day_opened(here, day)
        visits.visit_of(visits.planned_on(plan, last_week), lead, now)
        patterns.entered_for_a_lock_down(here, lead, now, last_week)
        begun = self_assessment.started(here, lead, earlier)
        self_assessment.planned(begun, lead, earlier, due_on=(earlier + timedelta(days=3)).date())
        quality.answered(quality.asked(here, lead, now), lead, now)
        quality.asked(here, lead, now)
        pay.rate(here, lead, now)
        pay.in_band(helper, lead, now)
        pay.recorded(pay.period(here, lead, now, date(2026, 11, 16)), lead, now, {helper: 1})
        for outcome in ("BUDDY", "COUNCIL", "HEALTHCARE"):
            referrals.screened(referrals.referral_of(_person(here, lead, now), lead, now), lead, now, outcome=outcome)
        referrals.referral_of(_person(here, lead, now), lead, now)
        referrals.referral_of(_person(here, lead, now), lead, now, urgency="URGENT")
        referrals.referral_of(_person(here, lead, now), lead, earlier, urgency="URGENT")
        referrals.helped_informally(here, lead, earlier)
        arrived(here, lead, now)
        draft = referrals.draft_plan(here, lead, now)
        referrals.agreed_plan(here, lead, now, person=_person(here, lead, now, wing=wing))
        asked = _person(here, lead, now, wing=wing)
        soon = referrals.agreed_plan(here, lead, now, person=asked, review_on=(now + timedelta(days=2)).date())
        asked_buddy = buddies.active_buddy(here, lead, now, wing=wing)
        visits.proposed_match(soon, asked_buddy, lead, now)
        visits.day_opened(here, now.date(), now)
        referrals.unmet_need(here, lead, now, known_on=date(2026, 11, 20))
        plan_actions.save_plan(
            by=acts(lead, here),
            now=now,
            plan=draft,
            goals=["The buddy should wash him and help him dress."],
            safety_words=[],
            review_on=draft.review_on,
            evacuation_plan=False,
            staff_notes="",
            version=draft.version,
        )
        for reason in ("TRANSFER", "RELEASE", "TRANSFER"):
            goes = _person(here, lead, earlier - timedelta(days=1))
            referrals.unmet_need(here, lead, earlier, goes)
            moving.leave(goes, here, lead, earlier, reason=reason)
        moving.sent_of(goes, here, lead, elsewhere, earlier)
        moving.releasing(plan.person, here, lead, now, now.date() + timedelta(days=20))
        moving.fall_of(plan.person, here, lead, now)
        terminal.concern_by(deputy, here, earlier, happened_on=earlier.date())
        terminal.concern_by(deputy, here, now)
        terminal.concern_by(deputy, here, now, about_staff=safeguarding)
        buddies.take_over_asked(here, lead, now)
        for good_by in (date(2026, 11, 20), date(2026, 12, 20), date(2026, 12, 21)):
            buddies.taken_over(here, lead, delegate, earlier, good_by=good_by)
        buddies.in_checks(here, lead, now)
        buddies.applied(here, lead, now)
        buddies.in_training(here, lead, now)
        posts.advertised(here, lead, now, wing)
        posts.drafted(here, lead, now, wing)
        posts.in_pool(here, lead, now)
        posts.declined(here, lead, now)
        posts.appealed(here, deputy, now)
        buddies.trained(buddies.compact_signed(buddies.in_training(here, lead, now), lead, now), lead, now)
        care.lapsed(helper, lead, now)
        care.override_running(helper, lead, delegate, now)
        care.override_asked(helper, lead, now, care.extra_module("X02"))
        digests.digest_of(lead, here, now)
        care.welfare_prompted(here, plan.person, earlier)
        terminal.concern_by(deputy, here, now, kind="TALK_TO_STAFF", writer=plan.person)
        resting = buddies.active_buddy(here, lead, earlier, wing=wing)
        care.suspended(resting, lead, earlier, review_on=(earlier + timedelta(days=7)).date())
        directory.events_read(here, admin, now, directory.told("updated", plan.person))
        directory.alert_on(soon.person, "PEEP", lead, now)
        directory.alert_on(asked_buddy.person, "ROP", lead, now)
        look_again(by=acts(lead, here), now=now, prison=here)
        machine, _ = terminal.terminal_on(wing, admin, now)
        ago = now - timedelta(minutes=10)
        window = terminal.window_at(machine, deputy, ago)
        terminal.numbers_tried(window, now)
        terminal.danger_told(window, resting.person, ago)
        terminal.going_said(plan.person, window, now)
        buddies.at_interview(here, lead, now)
        person_in(here, lead, now, "Z1111ZB")
        packs.pack_sent(here, lead, elsewhere, earlier)
    CompactText.objects.create(
        version=2, text="New words", in_force_from=now.date(), sign_by=now.date() + timedelta(days=60)
    )
    with at_prison(elsewhere):
        person_in(elsewhere, outsider, now, "Z1111ZB")
        packs.pack_sent(elsewhere, outsider, here, now)
        coming = person_in(elsewhere, outsider, now)
        referrals.unmet_need(elsewhere, outsider, now, coming)
        moving.sent_of(coming, elsewhere, outsider, here, now)


def _person(here, lead, now, **fields):
    return person_in(here, lead, now, **fields)


def test_the_world_fills_the_leads_tiles(world, lead, signed_in) -> None:
    counts = {tile["text"]: tile["count"] for tile in _tiles(signed_in(lead))}
    empty = {text for text, count in counts.items() if not count}
    assert empty == {
        "Clearances to renew",
        "Modules that lapse in 28 days",
        "Best-interests decisions to review",
        "Requests over their limit, to chase",
        "Concerns handed on, to be asked about again",
        "Writers of concerns to tell what came of it",
        "Restricted tasks that end within four weeks",
        "Tasks in plans without an approval",
    }
    assert counts["Referrals to screen"] == 4
    assert counts["Taken-over buddies past their date"] == 1
    assert counts["Taken-over buddies to make good in 28 days"] == 2
    assert counts["Requests to the council and healthcare without a decision"] == 2


@pytest.mark.parametrize("part", [CAST[:2], CAST[2:]], ids=["leads", "others"])
def test_each_tile_counts_the_rows_of_its_list(part, world, here, now, request, signed_in, at_prison) -> None:
    for who in part:
        browser = signed_in(request.getfixturevalue(who))
        for each in _tiles(browser):
            page = browser.get(each["href"])
            assert page.status_code == 200, (who, each)
            if "today/" in each["href"]:
                with at_prison(here):
                    rows = sum(1 for stop in unlock_list(here, now.date()).nobody if _unticked(stop))
            else:
                rows = len(page.context["table"].rows)
                assert page.context["page"].paginator.count == rows, (who, each)
            assert each["count"] == rows, (who, each)


def _unticked(stop) -> bool:
    return any(not task.ticked for task in stop.for_staff)


def test_every_link_opens(wing, request, signed_in) -> None:
    for who in CAST:
        browser = signed_in(request.getfixturevalue(who))
        for link in (each for group in browser.get(HOME).context["links"] for each in group["links"]):
            assert browser.get(link["href"]).status_code == 200, (who, link)


def test_a_tile_or_link_is_shown_to_whoever_holds_its_permission_only(world, officer, signed_in) -> None:
    shown = {tile["text"] for tile in _tiles(signed_in(officer))}
    assert shown == {tile.text for tile in TILES if tile.permission in ROLES["OFFICER"].permissions}
    assert "Concerns that nobody has acted on" not in shown


def test_what_a_tile_says_depends_on_who_reads_it(world, lead, safeguarding, healthcare, signed_in) -> None:
    leads, theirs, health = (
        {tile["text"]: tile for tile in _tiles(signed_in(user))} for user in (lead, safeguarding, healthcare)
    )
    concerns, needs = "Concerns that nobody has acted on", "Unmet needs for personal care"
    assert (leads[concerns]["count"], theirs[concerns]["count"]) == (5, 4)  # one is about the reader
    assert leads[concerns]["note"].startswith("1 past the time")
    assert leads[needs]["note"] == "The longest for 4 days, 1 put to nobody yet"
    assert health["Requests to the council and healthcare without a decision"]["count"] == 1


def test_every_prison_role_has_something_on_its_home_page() -> None:
    placed = {tile.permission for tile in TILES} | {permission for _, _, permission in LINKS}
    for role in ROLES.values():
        if role.held_at == HeldAt.PRISON:
            assert role.permissions & placed - {P.CONCERN_RAISE}, role.code


def test_the_home_page_asks_a_fixed_number_of_questions(world, lead, signed_in) -> None:
    browser = signed_in(lead)
    browser.get(HOME)
    with CaptureQueriesContext(connection) as captured:
        browser.get(HOME)
    ours = [q["sql"] for q in captured if not _is_frame(q["sql"])]
    assert len(ours) <= 15, "\n".join(ours)


def _is_frame(sql: str) -> bool:
    frame = ("django_session", "accounts_user", "accounts_membership", "set_config", "SAVEPOINT", "mfa_authenticator")
    return any(word in sql for word in frame)


def _tiles(browser) -> list[dict]:
    page = browser.get(HOME)
    assert page.status_code == 200
    return [*page.context["tiles"], *page.context["empty_tiles"]]


def test_what_is_remembered_is_the_same_all_day_whatever_happens(
    request, signed_in, here, wing, now, monkeypatch
) -> None:
    def asked() -> dict[object, object]:
        found: dict[object, object] = {}
        monkeypatch.setattr(tile, "remembered", lambda key, make: found.setdefault(key, make()))
        for name in CAST:
            assert signed_in(request.getfixturevalue(name)).get(HOME).status_code == 200
        return found

    with time_machine.travel(now.replace(hour=6), tick=False):
        morning = asked()
    request.getfixturevalue("world")
    with time_machine.travel(now.replace(hour=19), tick=False):
        evening = asked()
    changed = {key[0] for key in morning if morning[key] != evening[key]}
    assert not changed, f"these tiles need anew=True: {changed}"
    assert len({key[0] for key in morning}) > 25
