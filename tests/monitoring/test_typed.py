"""Figures that others hold: one number with its source, never without."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from monitoring.measures.catalogue import MEASURES
from monitoring.models import TypedFigure

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
LIST = "/prisons/ZTA/figures/others/"
COMPLAINTS = f"{LIST}OP-26a/"
TYPED = {"period": "2026-Q4", "value": "3", "source": "Complaints office, 20 November"}


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def test_every_figure_that_is_not_worked_out_says_who_holds_it(here: Prison, lead: User, signed_in: SignedIn) -> None:
    page = signed_in(lead).get(LIST).content.decode()
    missing = [measure for measure in MEASURES if not measure.computed]
    assert len(missing) > 10
    for measure in missing:
        assert measure.title in page
        assert measure.held_by or measure.provider
    assert "the Ministry of Justice" in page


def test_the_lead_gives_one_with_its_source(here: Prison, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    assert client.post(COMPLAINTS, TYPED).status_code == 302
    assert TypedFigure.objects.get().value == 3
    page = client.get(LIST).content.decode()
    assert "Complaints office, 20 November" in page


def test_a_percentage_is_kept_as_a_fraction_and_shown_as_it_was_typed(
    here: Prison, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    client.post(f"{LIST}OU-14/", {"period": "2026-27", "value": "28%", "source": "Justice Data Lab, 2026"})
    assert TypedFigure.objects.get().value == Decimal("0.28")
    assert "28%" in client.get(LIST).content.decode()


def test_a_fact_has_its_answers_and_its_day(here: Prison, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    day = {"fact_on-day": "1", "fact_on-month": "4", "fact_on-year": "2025"}
    client.post(f"{LIST}OP-31/", {"period": "2026-27", "value": "1", "source": "Signed copy in the office", **day})
    assert "In force, since 1 April 2025" in client.get(LIST).content.decode()


def test_nobody_knows_is_not_nought(here: Prison, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(COMPLAINTS, {**TYPED, "value": ""})
    assert TypedFigure.objects.get().value is None
    assert "Nobody knows" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("path", "changes", "sentence"),
    [
        ("OP-26a", {"value": "-1"}, "cannot be below nought"),
        ("OP-26a", {"value": "some"}, "Enter a number like 12"),
        ("OP-26a", {"source": ""}, "Say where the figure comes from"),
        ("OP-26a", {"period": ""}, "Select the period"),
        ("OU-14", {"period": "2026-27", "value": "101"}, "Enter a percentage from 0 to 100"),
        ("OP-31", {"period": "2026-27", "value": "9"}, "Select one of the answers"),
    ],
)
def test_bad_input_gets_one_sentence_and_nothing_is_kept(
    path: str, changes: dict[str, str], sentence: str, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    answer = signed_in(lead).post(f"{LIST}{path}/", {**TYPED, **changes})
    assert sentence in answer.content.decode()
    assert not TypedFigure.objects.exists()


def test_a_second_one_follows_the_first(here: Prison, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(COMPLAINTS, TYPED)
    client.post(COMPLAINTS, {**TYPED, "value": "4"})
    assert list(TypedFigure.objects.order_by("version").values_list("version", "value")) == [(1, 3), (2, 4)]
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        TypedFigure.objects.update(value=1)


def test_a_figure_that_is_worked_out_cannot_be_typed(here: Prison, lead: User, signed_in: SignedIn) -> None:
    assert signed_in(lead).get(f"{LIST}OP-02/").status_code == 404


def test_the_delegate_reads_and_does_not_give(here: Prison, delegate: User, signed_in: SignedIn) -> None:
    client = signed_in(delegate)
    assert client.get(LIST).status_code == 200
    assert client.post(COMPLAINTS, TYPED).status_code == 403


def test_another_prisons_are_not_there(here: Prison, outsider: User, signed_in: SignedIn) -> None:
    assert signed_in(outsider).get(LIST).status_code == 404


def test_giving_leaves_its_audit_event(here: Prison, lead: User, signed_in: SignedIn) -> None:
    signed_in(lead).post(COMPLAINTS, TYPED)
    assert AuditEvent.objects.get(code="figures.given").details["measure"] == "OP-26a"
