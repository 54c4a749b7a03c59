"""The demonstration's story: small ones, told in the test's own transaction."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from buddyscheme.accounts.models import Prison, Terminal, User
from buddyscheme.accounts.roles import ROLES
from buddyscheme.audit.models import AuditEvent
from buddyscheme.demo import side_by_side
from buddyscheme.demo.accounts import PASSWORD, accounts, terminals
from buddyscheme.demo.digest import digest
from buddyscheme.demo.names import LAST, MEN, WOMEN
from buddyscheme.demo.places import EMPTY, PLACES
from buddyscheme.demo.story import Wanted, _begin, parts_of
from buddyscheme.lib.dates import month_of
from buddyscheme.outbox.models import Message
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import MonthClose, Release
from monitoring.verify import differences, periods_of
from referrals import models
from referrals.actions.entries import enter_with_code
from referrals.actions.windows import open_window
from referrals.models import Concern, HeldText, Match, Plan, PlannedVisit, Referral, UnmetNeed, Visit
from schemes import models as schemes
from schemes.models import Buddy, Person, Scheme, TakeOver
from tests.cast import acts

AS_OF = date(2026, 11, 18)


def seed(**options: Any) -> str:
    said = io.StringIO()
    values = {"prisons": 1, "months": 2, "seed": 1, "as_of": AS_OF, "jobs": 1, **options}
    call_command("seed_demo", stdout=said, **values)
    return said.getvalue()


@pytest.fixture
def register(db: None) -> None:
    call_command("load_register", verbosity=0, stdout=io.StringIO())


@pytest.fixture
def told(register: None) -> Wanted:
    """Two months of the busiest prison."""
    seed()
    return Wanted(1, 2, 1, AS_OF)


def untold(today: date) -> set[str]:
    """States of which the busiest prison has no row this morning. Whoever adds a state to the service adds it here."""
    m, s = models, schemes
    came = Q(staff_at__isnull=False) | Q(healthcare_at__isnull=False)
    late = Q(staff_at__gt=F("alarm_at") + timedelta(minutes=30))
    told: dict[str, QuerySet[Any]] = {
        "log sheet of this week": m.PaperSheet.objects.filter(kind="LOG", keyed_at__isnull=True),
        "spare sheet entered": m.PaperSheet.objects.filter(kind="SPARE", keyed_at__isnull=False),
        "concern form printed": m.PaperSheet.objects.filter(kind="CONCERN"),
        "sharing taken back": m.Consent.objects.filter(scope="SHARING", withdrawn_at__isnull=False),
        "support given again": m.Consent.objects.filter(
            scope="SUPPORT", given=True, withdrawn_at__isnull=True, taken_at__gt=F("plan__activated_at"),
            plan__in=m.Consent.objects.filter(scope="SUPPORT", withdrawn_at__isnull=False).values("plan"),
        ),
        "plan paused": m.Plan.objects.filter(status="PAUSED"),
        "interim help": m.Plan.objects.filter(status="ACTIVE", interim_from__isnull=False, made_full_at__isnull=True),
        "interim help made the full plan": m.Plan.objects.filter(made_full_at__isnull=False),
        "buddy asked for by name": m.Plan.objects.filter(asked_for__isnull=False),
        "fall with help in time": m.Fall.objects.filter(came & ~late),
        "fall with help late, a prisoner lifted": m.Fall.objects.filter(late, helped_up="PRISONER"),
        "fall to which nobody came": m.Fall.objects.exclude(came),
        "decides again": m.CapacityRecord.objects.filter(end="REGAINED"),
        "decided for": m.CapacityRecord.objects.filter(ended_at__isnull=True),
        "council's plan came": m.AssessmentRequest.objects.filter(plan_received_on__isnull=False),
        "chased": m.AssessmentChase.objects.all(),
        "need answered twice": m.UnmetNeedPut.objects.annotate(n=Count("answers")).filter(n__gt=1),
        "need met": m.UnmetNeed.objects.filter(met_on__isnull=False),
        "covered": m.CoverSlot.objects.filter(day__gte=today, ended_at__isnull=True),
        "task done by staff": m.StaffTick.objects.all(),
        "not the first suggestion": m.Match.objects.filter(instead_of__isnull=False),
        **{f"match {one}": m.Match.objects.filter(status=one) for one in m.Match.Status.values},
        **{f"informal help {one}": m.InformalHelp.objects.filter(status=one) for one in m.InformalHelp.Status.values},
        **{f"referral {one}": m.Referral.objects.filter(status=one) for one in m.Referral.Status.values},
        "two numbers joined": s.Person.objects.filter(same_as__isnull=False),
        "import saved": s.ImportFile.objects.filter(state="SAVED"),
        "import to mend": s.ImportFile.objects.filter(bad__gt=0),
        "evening cancelled": s.LockDown.objects.filter(day=today, session="EV"),
        "buddy away tomorrow": s.Absence.objects.filter(kind="HOSPITAL", starts_on=today + timedelta(days=1)),
        "danger acknowledged": m.DangerCall.objects.filter(acknowledged_at__isnull=False),
        "news told": m.BuddyNews.objects.filter(told_at__isnull=False),
        "said how it goes": m.OwnWish.objects.filter(kind="GOING"),
        "wants a change": m.OwnWish.objects.filter(kind="CHANGE"),
        "task left out": m.SlotException.objects.filter(first_on__gt=today),
    }  # fmt: skip
    return {what for what, rows in told.items() if not rows.exists()}


def test_the_same_seed_and_day_make_the_same_digest(register: None) -> None:
    found = []
    for _ in range(2):
        with transaction.atomic():
            seed(months=1)
            found.append(digest())
            transaction.set_rollback(True)
    assert found[0] == found[1]


def test_another_seed_tells_of_other_people(register: None) -> None:
    place, drawn = PLACES[0], []
    for number in (1, 1, 2):
        with scoped(DatabaseRole.WEB, prisons=[place.code]), transaction.atomic():
            census = _begin(Wanted(1, 1, number, AS_OF), place, 0).census
            drawn.append([census.person(older=True) for _ in range(5)])
            transaction.set_rollback(True)
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_figures_count_what_prisons_sent_each_other_at_the_end(register: None) -> None:
    seed(prisons=2, months=3)
    told = Wanted(2, 3, 1, AS_OF)
    assert models.CarePack.objects.exists()
    with scoped(DatabaseRole.NATIONAL):
        for place in PLACES[:2]:
            for period in periods_of(place.code, now=told.now):
                assert list(differences(place.code, period, now=told.now)) == []


def test_what_is_told_is_ready_to_be_walked(told: Wanted) -> None:
    place = PLACES[0].code
    with scoped(DatabaseRole.NATIONAL):
        # Every figure equals a fresh count from the rows.
        for period in periods_of(place, now=told.now):
            assert list(differences(place, period, now=told.now)) == []
    with scoped(DatabaseRole.WEB, prisons=[place]):
        # Something waits on every list that the main line goes through.
        assert Referral.objects.filter(status="RECEIVED").exists()
        assert Plan.objects.filter(status="WISHES").exists()
        assert HeldText.objects.filter(decision="WAITING").exists()
        assert UnmetNeed.objects.filter(met_on=None).exists()
        assert Concern.objects.filter(status="NEW", source="TERMINAL").exists()
        assert TakeOver.objects.filter(decision="WAITING").exists()
        assert {"APPLIED", "CHECKS", "IN_TRAINING", "ACTIVE"} <= set(Buddy.objects.values_list("status", flat=True))
        live = Match.objects.filter(status__in=Match.LIVE).values("plan")
        assert Plan.objects.filter(status="ACTIVE").exclude(pk__in=live).exists()
        today = PlannedVisit.objects.filter(day=AS_OF, cancelled_at=None)
        assert today.filter(buddy=None).exists()
        assert today.exclude(buddy=None).exists()
        # Of today nothing is recorded but the evening that was cancelled.
        assert not Visit.objects.filter(day__gte=AS_OF).exclude(outcome="NOT_DONE", reason="NOT_UNLOCKED").exists()
        assert not untold(AS_OF), "no row tells this"
        # All sources, believable outcomes, months closed by the lead.
        visits = Visit.objects.count()
        assert 0.6 < Visit.objects.exclude(outcome="NOT_DONE").count() / visits < 0.97
        assert set(Visit.objects.values_list("source", flat=True)) == {"TERMINAL", "STAFF", "PAPER"}
        assert MonthClose.objects.filter(month=month_of(AS_OF).previous().first).exists()
    with scoped(DatabaseRole.NATIONAL):
        assert Release.objects.count() == 1
        assert not Message.objects.filter(handled_at=None).exists()
        assert AuditEvent.objects.filter(prison_code=place).count() > 200
        assert Scheme.objects.filter(prison=EMPTY.code).count() == 0


def test_accounts_of_every_role_and_a_code_that_works(told: Wanted) -> None:
    found = accounts(AS_OF)
    assert {account.role for account in found} == set(ROLES)
    assert all(User.objects.get(email=account.email).check_password(PASSWORD) for account in found[:2])
    check_printed()
    check_people_are_nobody()
    (known,) = terminals()
    with scoped(DatabaseRole.WEB, prisons=[known.prison]):
        officer = User.objects.get(email="officer@zaa.example")
        terminal = Terminal.objects.filter(prison=known.prison).order_by("id").first()
        assert terminal is not None
        now = told.now
        window = open_window(by=acts(officer), now=now, terminal=terminal)
        later = now + timedelta(minutes=1)
        assert enter_with_code(now=later, window=window, prison_number=known.number, code=known.code) is not None
    with pytest.raises(CommandError, match="in use already"):
        seed()


def check_printed() -> None:
    """The table for people and the list for programs say the same."""
    table, listed = io.StringIO(), io.StringIO()
    call_command("demo_accounts", stdout=table)
    call_command("demo_accounts", format="json", stdout=listed)
    assert PASSWORD in table.getvalue()
    assert "lead@zag.example" in table.getvalue()
    assert terminals()[0].code in table.getvalue()
    rows = json.loads(listed.getvalue())
    assert {"role", "email", "password", "prison"} <= rows[0].keys()
    assert rows[-1]["role"] == "TERMINAL"


def check_people_are_nobody() -> None:
    """Numbers of a form that nobody has, at prisons that no register has."""
    with scoped(DatabaseRole.NATIONAL):
        numbers = list(Person.objects.values_list("prison_number", flat=True))
        assert numbers
        assert all(number[0] == "Z" and number[5] == "Z" for number in numbers)
        made = set(Prison.objects.filter(fictional=True).values_list("code", flat=True))
    assert made == {PLACES[0].code, EMPTY.code}


def test_no_last_name_is_a_first_name() -> None:
    assert not (set(MEN) | set(WOMEN)) & set(LAST)


@pytest.mark.parametrize("command", ["seed_demo", "demo_accounts"])
def test_refuses_in_production(db: None, settings: Any, command: str) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command(command)


@pytest.mark.parametrize(("options", "words"), [({"prisons": 7}, "1 to 6 prisons"), ({"months": 0}, "1 to 24 months")])
def test_refuses_what_cannot_be_told(db: None, options: dict[str, int], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        seed(**options)


def test_refuses_before_the_register_is_loaded(db: None) -> None:
    with pytest.raises(CommandError, match="load_register"):
        seed()


def test_codes_are_in_no_register(register: None) -> None:
    codes = {place.code for place in (*PLACES, EMPTY)}
    names = {place.name for place in (*PLACES, EMPTY)}
    assert not Prison.objects.filter(code__in=codes).exists()
    assert not Prison.objects.filter(name__in=names).exists()


def test_a_lead_of_two_prisons_is_in_one_part() -> None:
    parts = parts_of(Wanted(6, 12, 1, AS_OF))
    assert sorted(code for part in parts for code in part) == sorted(place.code for place in (*PLACES, EMPTY))
    for place in PLACES:
        if place.led_by:
            assert any({place.code, place.led_by} <= set(part) for part in parts)


def test_a_part_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        side_by_side.subprocess, "Popen", lambda command: SimpleNamespace(wait=lambda: 1, poll=lambda: 1)
    )
    with pytest.raises(CommandError, match="could not be told"):
        side_by_side.run(Wanted(2, 1, 1, AS_OF), [["ZAA"], ["ZAB"]])
