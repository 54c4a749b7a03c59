"""Somebody moved: the prison before reads its own part for a set time and nothing more; the next one reads its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.models import Plan
from schemes.actions.keep_apart import keep_apart
from schemes.actions.people import add_person
from schemes.models import Custody, KeepApart, Person
from tests import cast
from tests.builders import moving, referrals
from tests.builders.schemes import person_in
from tests.meta.access import LEADS
from tests.meta.test_access_matrix import absent, absent_or_wrong_method, allowed
from tests.meta.world import NOW, SUBJECTS, Place, Url, World, built, nothing_left, roles_of, urls

pytestmark = pytest.mark.django_db

# Records about the person who moves.
OF_THE_PERSON = {
    "person", "plan", "plan_task", "consent", "agreed_referral", "planned", "visit", "match", "handover", "fall",
    "need", "unmet_need", "unmet_need_put", "informal_help", "equipment", "slot_exception", "alert", "absence",
    "weekly", "concern",
}  # fmt: skip
ABOUT = [url for url in urls() if SUBJECTS.get(url.name) in OF_THE_PERSON and roles_of(url)]
# Shown to council and healthcare only while the plan lives.
ENDS_WITH_THE_PLAN = {"referrals:plan_shared"}
# The same at both prisons: alerts go with the person, and are ended where the person is.
GOES_ALONG = {"person", "alert"}
# What was done about a worry is the prison's own to answer for, with or without the person's name.
STAYS = frozenset({"concern"})
# Nothing new is recorded about somebody who is no longer here.
ONLY_HERE = {
    "referrals:need_add", "schemes:end_alert", "schemes:record_absence_for", "schemes:record_alert_for",
    "schemes:record_weekly",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Two prisons; the person whom `here` helps has moved to `elsewhere`, where a plan has been begun anew."""
    with django_db_blocker.unblock(), built() as made:
        _move(made.here, made.elsewhere)
        yield made


@pytest.fixture
def _django_db_helper(world: World) -> None:
    """Every test lives in the world's transaction."""


def _move(here: Place, there: Place) -> None:
    person, lead, their_lead = here.people["recipient"], here.staff["LEAD"], there.staff["LEAD"]
    with scoped(DatabaseRole.WEB, prisons=[here.prison.code]):
        need = referrals.unmet_need(here.prison, lead, NOW, person)
        here.tokens |= {
            "need": referrals.need_noted(here.prison, lead, NOW, person).token,
            "unmet_need": need.token,
            "unmet_need_put": referrals.need_put(need, lead, NOW, by_letter=True).token,
            "informal_help": referrals.helped_informally(here.prison, lead, NOW, person).token,
        }
        moving.leave(person, here.prison, lead, NOW, to=there.prison)
    with scoped(DatabaseRole.WEB, prisons=[there.prison.code]):
        by, later = cast.acts(their_lead, there.prison), NOW + timedelta(minutes=30)
        arrived = add_person(
            by=by, now=later, prison=there.prison, prison_number=person.prison_number, first_name=person.first_name,
            last_name=person.last_name, wing=there.wing, cell="NEWCELL-9",
        )  # fmt: skip
        other = person_in(there.prison, their_lead, later)
        keep_apart(
            by=by, now=later, prison=there.prison, person=arrived, other=other, reason="THREAT", restriction="WING"
        )
        plan = referrals.agreed_plan(there.prison, their_lead, later, person=arrived, words="NEWWORDS there")
        there.tokens["moved_plan"], there.tokens["moved_referral"] = plan.token, plan.referral.token
    assert arrived.pk == person.pk


def ask_all(world: World, right: Any, *, without: frozenset[str] = frozenset()) -> list[str]:
    """Every page about the person, as each role of the prison they left that may; a line for each not right."""
    wrong, found = [], [url for url in ABOUT if url.name not in ENDS_WITH_THE_PLAN | ONLY_HERE]
    for url in found:
        if SUBJECTS[url.name] in without:
            continue
        for role in roles_of(url):
            answer = world.ask(world.here.testers[role], world.path(url, role))
            text = world.body(answer)
            if not right(answer):
                wrong.append(f"{url.name} as {role}: {answer.status_code}")
            if "NEWCELL" in text or "NEWWORDS" in text:
                wrong.append(f"{url.name} as {role}: shows the next prison's part")
    return wrong


def long_ago(person: Person, days: int) -> None:
    """As the owner: the stay at the first prison ended so many days ago."""
    rows = Custody.objects.filter(person=person, ended_at__isnull=False)
    rows.update(started_at=NOW - timedelta(days=days + 900), ended_at=NOW - timedelta(days=days))


def test_there_is_much_to_ask_for() -> None:
    roles = {role for url in ABOUT for role in roles_of(url)}
    assert len(ABOUT) > 50 and roles > LEADS | {"OFFICER", "SAFEGUARDING", "HEALTHCARE"}


def test_the_prison_before_reads_its_own_part(world: World) -> None:
    wrong = ask_all(world, allowed)
    assert not wrong, "\n".join(wrong)


def test_after_the_set_time_it_reads_nothing_and_a_concern_does_not_say_who(world: World) -> None:
    person = world.here.people["recipient"]
    with nothing_left():
        # The policies of the database go by its own clock.
        long_ago(person, settings.FORMER_READ_DAYS + 400)
        wrong = ask_all(world, absent_or_wrong_method, without=STAYS)
        for url in (url for url in ABOUT if SUBJECTS[url.name] in STAYS):
            for role in roles_of(url):
                text = world.body(world.ask(world.here.testers[role], world.path(url, role)))
                wrong += [f"{url.name} as {role} names the person"] * (person.prison_number in text)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("name", "token"), [("referrals:plan", "moved_plan"), ("referrals:referral", "moved_referral")]
)
def test_it_never_reads_the_next_prisons_part(world: World, name: str, token: str) -> None:
    url = _url(name)
    lead, path = world.here.testers["LEAD"], world.path(url, "LEAD")
    theirs = path.replace(world.here.tokens[SUBJECTS[name]], world.elsewhere.tokens[token])
    assert theirs != path and absent(world.ask(lead, theirs))
    there = theirs.replace(f"/{world.here.prison.code}/", f"/{world.elsewhere.prison.code}/")
    assert absent(world.ask(lead, there))


def test_a_keep_apart_record_made_after_the_move_is_the_next_prisons(world: World) -> None:
    with scoped(DatabaseRole.WEB, prisons=[world.here.prison.code]):
        assert not KeepApart.objects.filter(person=world.here.people["recipient"], prison=world.elsewhere.prison)
    with scoped(DatabaseRole.WEB, prisons=[world.elsewhere.prison.code]):
        assert KeepApart.objects.filter(person=world.here.people["recipient"]).exists()


def test_the_next_prison_reads_nothing_of_the_one_before_but_a_record_it_accepts(world: World) -> None:
    lead = world.elsewhere.testers["LEAD"]
    for url in ABOUT:
        if SUBJECTS[url.name] in GOES_ALONG or "LEAD" not in roles_of(url):
            continue
        path = world.path(url, "LEAD").replace(f"/{world.here.prison.code}/", f"/{world.elsewhere.prison.code}/")
        assert absent_or_wrong_method(world.ask(lead, path)), url.name
    with scoped(DatabaseRole.WEB, prisons=[world.elsewhere.prison.code]):
        assert not Plan.objects.filter(prison=world.here.prison).exists()


def _url(name: str) -> Url:
    return next(url for url in urls() if url.name == name)
