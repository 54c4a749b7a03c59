"""Queries about figures: raised by rules and by hand, answered, closed, and never a figure changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.data_queries import close_query, look_for_queries
from monitoring.models import DataQuery, DataQueryStep, Figure, Population
from monitoring.tasks import look_at_figures
from tests.builders import quality
from tests.builders.schemes import open_scheme
from tests.cast import acts

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
OPENED = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
LIST = "/prisons/ZTA/figures/queries/"
ASK = "/national/data-queries/ask/"
LAST = Quarter(2026, 3)


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scheme(here: Prison, lead: User, wing: Wing, at_prison: Callable[[Prison], Any]) -> None:
    """A scheme that has been open since September, in which nothing was recorded."""
    with at_prison(here):
        open_scheme(here, lead, wing, OPENED)


@pytest.fixture
def query(scheme: None, here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]) -> DataQuery:
    """Asked by hand, about October's support hours."""
    with at_prison(here):
        return quality.asked(here, lead, now)


def look(here: Prison, now: datetime, period: Month | Quarter = LAST) -> int:
    with scoped(DatabaseRole.NATIONAL):
        return look_for_queries(by=Actor.system(), now=now, prison=here, period=period)


def rules_open() -> set[str]:
    with scoped(DatabaseRole.NATIONAL):
        return set(DataQuery.objects.filter(closed_at__isnull=True).values_list("rule", flat=True))


def test_closing_a_month_raises_what_the_rules_find_once(
    scheme: None, here: Prison, lead: User, now: datetime, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    assert client.post("/prisons/ZTA/figures/2026-09/close/").status_code == 302
    assert rules_open() == {"NO_COSTS", "NO_PEOPLE"}
    assert look(here, now) == 0
    page = client.get(LIST).content.decode()
    assert "The costs of this quarter have not been returned." in page
    assert page.count("To answer</strong>") == 2


def test_the_daily_task_looks_at_every_prison(scheme: None, here: Prison, now: datetime) -> None:
    from monitoring.rollups import roll_up

    roll_up(here.code, Month(2026, 10), now=now)
    look_at_figures()
    assert rules_open() == {"GAP", "NO_COSTS", "NO_PEOPLE"}
    look_at_figures()
    assert DataQuery.objects.count() == 3


def test_a_query_closes_by_itself_when_it_is_no_longer_so_and_is_raised_again_when_it_is(
    scheme: None, here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    look(here, now)
    with at_prison(here):
        quality.costs(here, lead, now, LAST, lead_hours=3)
    look(here, now)
    gone = DataQuery.objects.get(rule="NO_COSTS")
    assert (gone.how, gone.settled_by) == ("NO_LONGER", None)
    assert rules_open() == {"NO_RATE", "NO_PEOPLE"}
    assert [step.kind for step in DataQueryStep.objects.filter(query=gone).order_by("id")] == ["RAISED", "CLOSED"]


def test_what_was_explained_stays_closed_and_what_was_called_mended_is_raised_again(
    scheme: None, here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    look(here, now)
    people, costs = DataQuery.objects.get(rule="NO_PEOPLE"), DataQuery.objects.get(rule="NO_COSTS")
    with at_prison(here):
        quality.answered(costs, lead, now)
        close_query(by=acts(lead, here), now=now, query=costs, how="EXPLAINED")
        Population.objects.create(
            prison=here, month=LAST.months[2].first, total=500, source="Count", counted_on=now.date(), entered_at=now,
            entered_by=lead,
        )  # fmt: skip
        close_query(by=acts(lead, here), now=now, query=people, how="MENDED")
    assert look(here, now) == 0
    people.refresh_from_db()
    assert people.how == "MENDED"
    with transaction.atomic(), scoped(DatabaseRole.NATIONAL):
        DataQuery.objects.filter(pk=people.pk).update(period="2026-Q4", first_day=Quarter(2026, 4).first)
    later = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    assert look(here, later, Quarter(2026, 4)) == 2
    people.refresh_from_db()
    assert people.closed_at is None
    assert DataQueryStep.objects.filter(query=people, kind="AGAIN").count() == 1


def test_looking_changes_no_figure(scheme: None, here: Prison, now: datetime) -> None:
    from monitoring.rollups import roll_up

    roll_up(here.code, LAST, now=now)
    before = list(Figure.objects.order_by("id").values())
    look(here, now)
    assert list(Figure.objects.order_by("id").values()) == before


def test_the_lead_answers_and_the_answer_stands_beside_the_figure(
    query: DataQuery, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    url = f"{LIST}{query.token}/"
    assert client.post(f"{url}answer/", {"words": "Two sheets were lost."}).status_code == 302
    page = client.get(url).content.decode()
    assert "Two sheets were lost." in page
    assert "by Lena Lead" in page
    figures = client.get("/prisons/ZTA/figures/?period=2026-10").content.decode()
    assert "Support hours: " in figures
    figure = client.get("/prisons/ZTA/figures/measures/OP-06a/?period=2026-10").content.decode()
    assert "Asked by the national team" in figure
    assert "Answer: Two sheets were lost." in figure
    assert client.get(f"{LIST}?show=to-answer").context["page"].paginator.count == 0
    assert client.get(f"{LIST}?show=open").context["page"].paginator.count == 1


def test_explained_needs_an_answer_and_mended_needs_figures_that_no_longer_say_so(
    query: DataQuery, here: Prison, lead: User, now: datetime, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    client = signed_in(lead)
    url = f"{LIST}{query.token}/close/"
    assert "Answer the query first" in client.post(url, {"how": "EXPLAINED"}).content.decode()
    assert "Select how it was settled" in client.post(url, {"how": ""}).content.decode()
    with at_prison(here):
        quality.answered(query, lead, now)
    assert client.post(url, {"how": "EXPLAINED"}).status_code == 302
    assert "closed already" in client.post(url, {"how": "EXPLAINED"}).content.decode()
    look(here, now)
    costs = DataQuery.objects.get(rule="NO_COSTS")
    assert "The figures still say so" in client.post(f"{LIST}{costs.token}/close/", {"how": "MENDED"}).content.decode()
    assert client.get(f"{LIST}?show=closed").context["page"].paginator.count == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("", "Enter your answer"), ("It was Z1234ZA.", "Take the prison number out"), ("x" * 501, "Shorten the text")],
)
def test_a_bad_answer_gets_one_sentence_and_what_was_typed_stays(
    words: str, sentence: str, query: DataQuery, lead: User, signed_in: SignedIn
) -> None:
    page = signed_in(lead).post(f"{LIST}{query.token}/answer/", {"words": words}).content.decode()
    assert sentence in page
    assert words in page
    assert not DataQueryStep.objects.filter(kind="ANSWERED").exists()


def test_steps_are_never_changed(query: DataQuery) -> None:
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        DataQueryStep.objects.update(words="Something else")


def test_the_delegate_reads_and_does_not_answer(query: DataQuery, delegate: User, signed_in: SignedIn) -> None:
    client = signed_in(delegate)
    assert client.get(f"{LIST}{query.token}/").status_code == 200
    assert "answer/" not in client.get(f"{LIST}{query.token}/").content.decode()
    for what in ("answer", "close"):
        assert client.post(f"{LIST}{query.token}/{what}/", {"words": "No", "how": "MENDED"}).status_code == 403


def test_an_officer_is_refused_and_another_prisons_query_is_not_there(
    query: DataQuery, officer: User, outsider: User, signed_in: SignedIn
) -> None:
    assert signed_in(officer).get(LIST).status_code == 403
    client = signed_in(outsider)
    assert client.get(f"{LIST}{query.token}/").status_code == 404
    assert client.get(f"/prisons/ZTB/figures/queries/{query.token}/").status_code == 404


def test_the_national_lead_asks_one_prison_and_sees_counts_without_words(
    scheme: None, here: Prison, lead: User, national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    client = signed_in(national_lead)
    typed = {"prison": "ZTA", "period": "2026-Q3", "measure": "OP-06a", "words": "Why so few hours?"}
    assert client.post(ASK, typed).status_code == 302
    page = client.get("/national/data-queries/").content.decode()
    assert "Testwick" in page
    assert "Why so few hours?" not in page
    returns = client.get("/national/returns/").content.decode()
    assert f"Asked by {national_lead.name} on 23 November 2026" in returns
    assert "Why so few hours?" in signed_in(lead).get(LIST).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"words": "What of Z1234ZA?"}, "Take the prison number out"),
        ({"prison": ""}, "Select the prison"),
        ({"period": "2031-Q1"}, "Select one of the answers"),
        ({"words": ""}, "Enter what you ask"),
    ],
)
def test_a_bad_question_is_not_asked(
    changes: dict[str, str], sentence: str, scheme: None, national_lead: User, signed_in: SignedIn
) -> None:
    typed = {"prison": "ZTA", "period": "2026-Q3", "measure": "", "words": "Why so few hours?", **changes}
    assert sentence in signed_in(national_lead).post(ASK, typed).content.decode()
    assert not DataQuery.objects.exists()


def test_every_step_leaves_its_audit_event(
    query: DataQuery, lead: User, signed_in: SignedIn, here: Prison, now: datetime
) -> None:
    client = signed_in(lead)
    client.post(f"{LIST}{query.token}/answer/", {"words": "We counted again."})
    client.post(f"{LIST}{query.token}/close/", {"how": "EXPLAINED"})
    codes = AuditEvent.objects.filter(code__startswith="data_query.").order_by("id").values_list("code", flat=True)
    assert list(codes) == ["data_query.raised", "data_query.answered", "data_query.closed"]
    look(here, now + timedelta(hours=1))
    assert AuditEvent.objects.filter(code="data_query.raised", actor_kind="system").count() == 2
