"""The demonstration of a nation: a few prisons told, the others drawn from them in bulk. A small one."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Avg, Count

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.chain import seal_pending, verify
from buddyscheme.audit.models import AuditEvent
from buddyscheme.demo.digest import digest
from buddyscheme.demo.drawn import tables
from buddyscheme.demo.drawn.draw import draw
from buddyscheme.demo.drawn.places import BEGINNINGS, drawn_places
from buddyscheme.demo.drawn.references import LARGEST, checked_at_the_end
from buddyscheme.demo.fast import drawn_prisons
from buddyscheme.demo.places import EMPTY, PLACES
from buddyscheme.demo.story import Wanted
from buddyscheme.lib.dates import Quarter
from buddyscheme.outbox.models import Message
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import Figure, MonthClose, Release, ReleaseFigure, ReleaseRequest
from monitoring.models.population import Population
from monitoring.tasks import publish_asked
from monitoring.verify import differences, periods_of
from referrals.models import Plan, Visit
from schemes.models import Custody, Person

AS_OF = date(2026, 11, 18)
WANTED = Wanted(prisons=4, months=3, seed=1, today=AS_OF, fast=True)
TOLD = ["ZAA", "ZAB"]


@pytest.fixture(autouse=True)
def _a_moment() -> Any:
    """A clock that stands: what the fixture wrote is kept for all tests, however long it took."""
    with time_machine.travel(WANTED.now, tick=False):
        yield


@pytest.fixture
def nation(db: None) -> list[str]:
    """Two prisons told and two drawn, three months of them. The codes of those drawn."""
    call_command("load_register", verbosity=0, stdout=io.StringIO())
    call_command("seed_demo", stdout=io.StringIO(), prisons=4, months=3, seed=1, as_of=AS_OF, fast=True)
    return [each.code for each in drawn_prisons(WANTED)]


def of_prison(model: Any, code: str) -> Any:
    return model._default_manager.filter(prison=code)


def test_every_figure_equals_a_fresh_count(nation: list[str]) -> None:
    with scoped(DatabaseRole.NATIONAL):
        for code in [*TOLD, *nation]:
            periods = periods_of(code, now=WANTED.now)
            assert len(periods) == 6
            for period in periods:
                assert Figure.objects.for_prison(code).filter(period=period.code).exists()
                assert list(differences(code, period, now=WANTED.now)) == []


def test_the_quarter_that_is_over_is_asked_for_and_a_worker_publishes_it_with_every_prison(nation: list[str]) -> None:
    with scoped(DatabaseRole.NATIONAL):
        request = ReleaseRequest.objects.get()
        assert not Release.objects.exists()
    publish_asked(request_id=request.pk)
    with scoped(DatabaseRole.NATIONAL):
        release = Release.objects.get()
        assert release.period == Quarter(2026, 3).code
        there = ReleaseFigure.objects.filter(release=release, measure="OP-07")
        assert set(there.values_list("about", flat=True)) == {None, *TOLD, *nation, EMPTY.code}
        assert there.get(about=None, period=release.period, breakdown="").state == "VALUE"
        assert not Message.objects.filter(handled_at=None).exists()


def test_foreign_keys_of_the_largest_tables_are_there_again(nation: list[str]) -> None:
    for model in LARGEST:
        keys = {field.column for field in model._meta.concrete_fields if field.is_relation}
        with connection.cursor() as cursor:
            found = connection.introspection.get_relations(cursor, model._meta.db_table)
        assert set(found) == keys


def test_a_row_that_points_nowhere_is_found_when_all_are_drawn(nation: list[str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), checked_at_the_end(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE referrals_plannedvisit SET person_id = 0 WHERE day = (SELECT max(day) FROM referrals_plannedvisit)"
        )


def test_nothing_is_drawn_where_a_killed_run_left_no_foreign_keys(nation: list[str]) -> None:
    table = LARGEST[0]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        constraints = connection.introspection.get_constraints(cursor, table)
        name = next(name for name, each in constraints.items() if each["foreign_key"])
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    with pytest.raises(CommandError, match="lacks foreign keys"), checked_at_the_end():
        pytest.fail("it began all the same")


def test_prisons_are_unlike_those_that_they_are_drawn_from(nation: list[str]) -> None:
    with scoped(DatabaseRole.NATIONAL):
        for drawn in drawn_prisons(WANTED):
            pair = (drawn.template.code, drawn.code)
            helped, people, visits = ([of_prison(model, code) for code in pair] for model in (Plan, Custody, Visit))
            assert 0 < helped[1].count() < helped[0].count()
            assert 0 < people[1].count() < people[0].count()
            names = [set(rows.values_list("person__first_name", "person__last_name")) for rows in people]
            assert len(names[0] & names[1]) < len(names[1]) / 4
            ages = [rows.aggregate(born=Avg("person__born_on__year"))["born"] for rows in people]
            assert ages[0] != ages[1]
            done = [visits_of(rows) for rows in visits]
            assert done[0] != done[1]
            held = [of_prison(Population, code).aggregate(total=Avg("total"))["total"] for code in pair]
            assert held[0] != held[1]
            staff = [
                set(User.objects.filter(memberships__prison=code).values_list("email", flat=True)) for code in pair
            ]
            assert len(staff[0]) == len(staff[1])
            assert all(email.endswith(f"@{drawn.code.lower()}.example") for email in staff[1])
            assert of_prison(MonthClose, drawn.code).exists()


def visits_of(rows: Any) -> dict[str, int]:
    """How many visits had which outcome."""
    return {row["outcome"]: row["n"] for row in rows.values("outcome").order_by("outcome").annotate(n=Count("pk"))}


def test_nothing_of_a_drawn_prison_points_to_another(nation: list[str]) -> None:
    checked: Counter[str] = Counter()
    with scoped(DatabaseRole.NATIONAL):
        for model in (model for model in tables.drawn_models() if tables.of_a_prison(model)):
            for field in model._meta.concrete_fields:
                related: Any = field.related_model if field.is_relation else None
                if related is None or not (related in tables.drawn_models() and tables.of_a_prison(related)):
                    continue
                rows = model._default_manager.filter(prison__in=nation, **{f"{field.name}__isnull": False})
                checked[model._meta.label] += rows.count()
                assert not rows.exclude(**{f"{field.name}__prison": models.F("prison")}).exists(), field
    assert checked["referrals.Visit"] > 500
    assert checked["referrals.Match"] > 10


def test_every_table_is_drawn_or_left_out(nation: list[str]) -> None:
    stated = tables.LEFT_OUT | tables.NATIONAL
    there = [model for label in tables.APPS for model in models_of(label) if not hasattr(model, "pgh_tracked_model")]
    assert {model._meta.label for model in there} >= stated
    # As the owner of the database, who reads every table.
    for model in filter(tables.of_a_prison, there):
        if of_prison(model, TOLD[0]).exists():
            assert (model in tables.drawn_models()) is (model._meta.label not in stated), model._meta.label


def models_of(label: str) -> list[Any]:
    return list(apps.get_app_config(label).get_models())


def test_prison_numbers_are_nobodys_and_nobody_has_two(nation: list[str]) -> None:
    with scoped(DatabaseRole.NATIONAL):
        numbers = list(Person.objects.filter(provisional=False).values_list("prison_number", flat=True))
    assert len(numbers) == len(set(numbers))
    assert all(number[0] == "Z" and number[5] == "Z" for number in numbers)


def test_names_and_codes_are_in_no_register(nation: list[str]) -> None:
    told = [*PLACES, EMPTY]
    many = drawn_places(290, PLACES, seed=1, today=AS_OF)
    codes, names = {each.code for each in many}, {each.name for each in many}
    assert len(codes) == len(many)
    assert len(names) == len(many)
    assert not codes & {place.code for place in told}
    assert not names & {place.name for place in told}
    real = Prison.objects.filter(fictional=False)
    assert not real.filter(code__in=codes).exists()
    assert not real.filter(name__in=names).exists()
    assert not set(real.values_list("name", flat=True)) & set(BEGINNINGS)


def test_as_many_of_each_kind_as_there_are(nation: list[str]) -> None:
    real = Counter(Prison.objects.filter(fictional=False, in_scope=True, closed=False).values_list("kind", flat=True))
    drawn = Counter(each.kind for each in drawn_places(sum(real.values()), PLACES, seed=3, today=AS_OF))
    assert drawn == real


def test_the_same_seed_draws_the_same_and_another_seed_others(nation: list[str]) -> None:
    found = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            some = drawn_places(3, PLACES[:2], seed=seed, today=AS_OF)[2:]
            draw(some, seed=seed, until=WANTED.now)
            found.append(digest())
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_the_audit_says_so_and_its_chain_is_whole(nation: list[str]) -> None:
    with scoped(DatabaseRole.NATIONAL), time_machine.travel(datetime.now(UTC) + timedelta(days=3650), tick=False):
        while seal_pending():
            pass
        for code in nation:
            (event,) = AuditEvent.objects.filter(prison_code=code, code="prison.drawn")
            assert event.details == {"told": next(d.template.code for d in drawn_prisons(WANTED) if d.code == code)}
        for code in [*TOLD, *nation, ""]:
            assert verify(code).broken_at is None
            assert verify(code).sealed > 0


def test_new_rows_go_on_after_the_drawn_ones(nation: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('referrals_visit', 'id')), max(id) FROM referrals_visit")
        following, last = cursor.fetchone()
    assert following > last


def test_refuses_what_cannot_be_drawn(db: None) -> None:
    with pytest.raises(CommandError, match="2 to 300 prisons with --fast"):
        call_command("seed_demo", prisons=1, fast=True)
