"""What is known of prisons without a scheme here: typed with its source, corrected with a reason, never nought."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Quarter
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import HandReturn
from tests.builders.hand_returns import typed
from tests.builders.schemes import open_scheme
from tests.cast import make_prison, make_staff

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
LIST = "/national/by-hand/"
FORM, HISTORY = f"{LIST}ZTQ/2026-Q3/", f"{LIST}ZTQ/"
OWN = "/prisons/ZTA/figures/by-hand/"
LETTER = {"source": "LETTER", "source_on-day": "5", "source_on-month": "10", "source_on-year": "2026"}
SAID = {"sort": "FORMAL", "help_known": "NOT_ASKED", "buddies": "12", "trained": "10", "helped": "0", **LETTER}


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def quiet(here: Prison) -> Prison:
    """A prison of which nobody here has an account."""
    return make_prison("ZTQ", "Quietfield", switched_on=False)


@pytest.fixture
def regional(db: None) -> User:
    """Who chases the prisons of a region."""
    return make_staff("Reg Ional", "REGIONAL_LEAD", None)


def rows() -> list[HandReturn]:
    with scoped(DatabaseRole.NATIONAL):
        return list(HandReturn.objects.order_by("version"))


def cells_of(client: Client, name: str, query: str = "") -> list[str]:
    table = client.get(f"{LIST}{query}").context["table"]
    row = next(row for row in table.rows if row.text == name)
    return [*(str(getattr(cell, "text", cell)) for cell in row.cells), row.tag.text]


def test_the_national_lead_types_a_letter_and_every_figure_is_marked_by_hand(
    quiet: Prison, national_lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(national_lead)
    assert client.post(FORM, {**SAID, "version": "0"}).status_code == 302
    row = rows()[0]
    assert (row.prison, row.period, row.version, row.returned_by) == (quiet, "2026-Q3", 1, national_lead)
    assert cells_of(client, "Quietfield") == [
        "Formal scheme", "Not asked", "12", "0", "Not returned", "Letter, 5 October 2026", "By hand",
    ]  # fmt: skip
    table = client.get(LIST).context["table"]
    notes = [cell.note for row in table.rows if row.text == "Quietfield" for cell in row.cells[:5]]
    assert notes == ["by hand", "by hand", "by hand", "by hand", ""]


def test_a_box_that_stays_empty_is_not_returned_and_nought_is_nought(
    quiet: Prison, national_lead: User, signed_in: SignedIn
) -> None:
    signed_in(national_lead).post(FORM, {"helped": "0", **LETTER, "version": "0"})
    row = rows()[0]
    assert (row.helped, row.waiting, row.sort, row.help_known) == (0, None, "", "")
    page = signed_in(national_lead).get(HISTORY).content.decode()
    assert "People helped (OP-32): 0." in page
    assert "People waiting for a buddy (OP-13a): not returned." in page


def test_a_regional_lead_types_too_and_the_history_says_who_when_and_from_where(
    quiet: Prison, regional: User, signed_in: SignedIn
) -> None:
    client = signed_in(regional)
    client.post(FORM, {**SAID, "version": "0"})
    page = client.get(HISTORY).content.decode()
    assert "by Reg Ional" in page
    assert "From: Letter, 5 October 2026." in page
    assert "Trained buddies (OP-17): 10." in page


def test_a_correction_is_a_new_version_with_a_reason_and_the_first_one_stays(
    quiet: Prison, national_lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(national_lead)
    client.post(FORM, {**SAID, "version": "0"})
    assert 'value="12"' in client.get(FORM).content.decode()
    corrected = {**SAID, "buddies": "14", "version": "1"}
    assert "Say why the return is corrected" in client.post(FORM, corrected).content.decode()
    assert "Take the prison number out" in client.post(FORM, {**corrected, "reason": "Z1234ZA"}).content.decode()
    assert client.post(FORM, {**corrected, "reason": "They counted again"}).status_code == 302
    assert [(row.version, row.buddies, row.reason) for row in rows()] == [(1, 12, ""), (2, 14, "They counted again")]
    page = client.get(HISTORY).content.decode()
    assert "Why it was corrected: They counted again" in page
    assert "corrected, version 2" in page
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        HandReturn.objects.update(buddies=1)


def test_whoever_comes_second_is_told_and_keeps_what_was_typed(
    quiet: Prison, national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    typed(quiet, national_lead, now)
    answer = signed_in(national_lead).post(FORM, {**SAID, "version": "0", "reason": "A call"})
    assert "Somebody else changed this return" in answer.content.decode()
    assert 'value="12"' in answer.content.decode()
    assert len(rows()) == 1


def test_a_prison_whose_scheme_runs_here_is_not_typed(
    here: Prison, lead: User, wing: Wing, national_lead: User, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        open_scheme(here, lead, wing, datetime(2026, 9, 30, 9, 0, tzinfo=UTC))
    client = signed_in(national_lead)
    answer = client.post(f"{LIST}ZTA/2026-Q3/", {**SAID, "version": "0"})
    assert "A scheme runs here in July to September 2026" in answer.content.decode()
    assert cells_of(client, "Testwick")[-1] == "Runs here"
    # Before it opened there was nothing here to count from.
    april = {**LETTER, "source_on-day": "5", "source_on-month": "7"}
    assert client.post(f"{LIST}ZTA/2026-Q2/", {**SAID, **april, "version": "0"}).status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"buddies": "-1"}, "Enter a whole number from 0 to 9999"),
        ({"buddies": "a few"}, "Enter a whole number from 0 to 9999"),
        ({"trained": "13"}, "No more buddies can be trained than there are: 12."),
        ({"paid": "13"}, "No more buddies can be paid than there are: 12."),
        ({"sort": "NONE"}, "Where nobody helps, nobody is a buddy."),
        ({"sort": "INFORMAL", "help_known": "NO"}, "Informal help is help that is known."),
        ({"sort": "NONE", "buddies": "", "help_known": "YES"}, "Help that is known is informal help."),
        ({"source": ""}, "Select where this comes from"),
        ({"source_on-year": "2027"}, "Enter a day from 1 July 2026 to today."),
        ({"source_on-month": "6"}, "Enter a day from 1 July 2026 to today."),
        ({"sort": "", "help_known": "", "buddies": "", "trained": "", "helped": ""}, "Enter at least one item."),
    ],
)
def test_bad_input_gets_one_sentence_and_nothing_is_kept(
    changes: dict[str, str], sentence: str, quiet: Prison, national_lead: User, signed_in: SignedIn
) -> None:
    answer = signed_in(national_lead).post(FORM, {**SAID, "version": "0", **changes})
    assert sentence in answer.content.decode()
    assert rows() == []


@pytest.mark.parametrize(
    ("quarter", "sentence"),
    [("2026-Q4", "is not over. It can be returned from 1 January 2027."), ("2022-Q4", "more than three years ago")],
)
def test_a_quarter_that_runs_or_is_long_past_is_refused_with_what_to_do(
    quarter: str, sentence: str, quiet: Prison, national_lead: User, signed_in: SignedIn
) -> None:
    answer = signed_in(national_lead).post(f"{HISTORY}{quarter}/", {**SAID, "version": "0"})
    assert sentence in answer.content.decode()
    assert rows() == []


def test_a_prison_that_is_closed_out_of_scope_or_not_there_has_no_page(
    quiet: Prison, national_lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(national_lead)
    make_prison("ZTX", "Removal centre", in_scope=False)
    make_prison("ZTY", "Shut", closed=True)
    for code in ("ZTX", "ZTY", "ZZZ"):
        assert client.get(f"{LIST}{code}/").status_code == 404
        assert client.post(f"{LIST}{code}/2026-Q3/", {**SAID, "version": "0"}).status_code == 404
    assert [row.text for row in client.get(LIST).context["table"].rows] == ["Quietfield", "Testwick"]


def test_the_list_is_filtered_by_what_is_known_and_by_quarter(
    quiet: Prison, national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    typed(quiet, national_lead, now)
    client = signed_in(national_lead)

    def shown(query: str) -> list[str]:
        return [row.text for row in client.get(f"{LIST}{query}").context["table"].rows]

    assert shown("?known=by-hand") == ["Quietfield"]
    assert shown("?known=nothing") == ["Testwick"]
    assert shown("?known=here") == []
    assert shown("?known=by-hand&quarter=2026-Q2") == []
    assert "at 0 of 2 prisons. Returned by hand: 1. Nothing known: 1." in client.get(LIST).content.decode()


def test_122_prisons_are_listed_in_few_questions(
    here: Prison, national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    many = [make_prison(f"ZX{number:03d}", f"Prison {number}") for number in range(121)]
    for prison in many[:40]:
        typed(prison, national_lead, now)
    client = signed_in(national_lead)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(LIST)
    assert len(page.context["table"].rows) == 122
    assert len([each for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]]) <= 15


def test_the_lead_of_a_prison_without_a_running_scheme_returns_it_and_the_nation_sees_it(
    here: Prison, lead: User, delegate: User, national_lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    assert OWN in client.get("/prisons/ZTA/figures/").content.decode()
    records = {"sort": "INFORMAL", "helped": "4", **LETTER, "source": "RECORDS"}
    assert client.post(f"{OWN}2026-Q3/", {**records, "version": "0"}).status_code == 302
    assert "People helped (OP-32): 4." in client.get(OWN).content.decode()
    assert cells_of(signed_in(national_lead), "Testwick")[3] == "4"
    assert signed_in(delegate).get(OWN).status_code == 200
    assert "Return it" not in signed_in(delegate).get(OWN).content.decode()


def test_who_reads_only_does_not_type(
    quiet: Prison, inspector: User, lead: User, delegate: User, officer: User, signed_in: SignedIn
) -> None:
    for address in (LIST, HISTORY, FORM):
        assert signed_in(inspector).get(address).status_code == 403
        assert signed_in(lead).get(address).status_code == 403
    assert signed_in(delegate).post(f"{OWN}2026-Q3/", SAID).status_code == 403
    assert signed_in(officer).get(OWN).status_code == 403
    assert rows() == []


def test_another_prisons_returns_are_not_there(here: Prison, outsider: User, signed_in: SignedIn) -> None:
    assert signed_in(outsider).get(OWN).status_code == 404
    assert signed_in(outsider).post(f"{OWN}2026-Q3/", SAID).status_code == 404


def test_a_return_leaves_its_audit_event(quiet: Prison, national_lead: User, signed_in: SignedIn) -> None:
    signed_in(national_lead).post(FORM, {**SAID, "version": "0"})
    event = AuditEvent.objects.get(code="figures.returned_by_hand")
    assert (event.prison_code, event.actor_id) == ("ZTQ", national_lead.pk)
    assert event.details["quarter"] == Quarter(2026, 3).code


def test_the_running_quarter_is_not_offered(quiet: Prison, national_lead: User, signed_in: SignedIn) -> None:
    later = datetime(2027, 1, 4, 9, 0, tzinfo=UTC) + timedelta(hours=1)
    assert "October to December 2026" not in signed_in(national_lead).get(HISTORY).content.decode()
    with time_machine.travel(later, tick=False):
        assert "October to December 2026" in signed_in(national_lead).get(HISTORY).content.decode()
