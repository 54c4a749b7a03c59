"""Assessing one's own scheme: answers beside what the records suggest, a reason where they differ, and an end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Quarter, Year
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.typed import give_figure
from monitoring.measures.catalogue import BY_CODE
from monitoring.models import Figure, SelfAnswer, SelfAssessment
from monitoring.queries.self_assessment import finished_answers, suggestions
from tests.builders import referrals, self_assessment
from tests.builders.self_assessment import THIS
from tests.cast import acts

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
AtPrison = Callable[[Prison], Any]
SEPTEMBER = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
LIST = "/prisons/ZTA/self-assessment/"
PAGE = f"{LIST}2026-Q4/"
ITEM = f"{PAGE}SA-08/"


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scheme(here: Prison, lead: User, at_prison: AtPrison) -> None:
    with at_prison(here):
        referrals.scheme_open(here, lead, SEPTEMBER)


@pytest.fixture
def begun(scheme: None, here: Prison, lead: User, now: datetime, at_prison: AtPrison) -> SelfAssessment:
    with at_prison(here):
        return self_assessment.started(here, lead, now)


def figure(here: Prison, measure: str, numerator: int | None, denominator: int | None, period: str = "2026-Q4") -> None:
    """A stored figure as the roll-up leaves it; without numbers it was not returned."""
    value = None if numerator is None else Decimal(numerator) / Decimal(denominator or 1)
    with scoped(DatabaseRole.NATIONAL):
        Figure.objects.create(
            prison=here, period=period, first_day=date(2026, 10, 1), measure=measure,
            state="NOT_RETURNED" if value is None else "VALUE", value=value, numerator=numerator,
            denominator=denominator, n=denominator, definition_version=1, computed_at=SEPTEMBER,
        )  # fmt: skip


def typed(answer: str = "MET", words: str = "", version: int = 0) -> dict[str, str]:
    return {"answer": answer, "words": words, "version": str(version)}


def test_the_lead_starts_a_quarter_and_answers_an_item(scheme: None, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    assert "Not started" in client.get(LIST).content.decode()
    assert client.post(f"{PAGE}start/").status_code == 302
    assert client.post(ITEM, typed()).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "1 of 19 items answered." in page
    assert SelfAnswer.objects.get().answer == "MET"


def test_what_the_records_suggest_is_chosen_already_and_said_with_its_figures(
    begun: SelfAssessment, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    figure(here, "OP-17", 4, 9)
    client = signed_in(lead)
    page = client.get(ITEM)
    assert page.context["form"].initial["answer"] == "NOT_MET"
    words = "4 of 9 active buddies have all mandatory training in date (October to December 2026)."
    assert f"Not met. {words}" in page.content.decode()
    assert words in client.get(PAGE).content.decode()


def test_a_month_stands_in_for_a_quarter_that_has_no_number(
    begun: SelfAssessment, here: Prison, at_prison: AtPrison
) -> None:
    figure(here, "OP-17", 1, 2, period="2026-10")
    figure(here, "OP-17", 9, 10, period="2026-11")
    figure(here, "OP-18", None, None)
    with at_prison(here):
        said = suggestions(here, THIS)
    assert (said["SA-08"].answer, said["SA-09"].answer) == ("MET", "NOT_KNOWN")
    assert "(November 2026)" in said["SA-08"].figures


def test_the_agreement_is_read_from_what_the_lead_gave(
    begun: SelfAssessment, here: Prison, lead: User, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        give_figure(
            by=acts(lead, here), now=now, prison=here, measure=BY_CODE["OP-31"], period=Year(2026), value=Decimal(2),
            source="The office",
        )  # fmt: skip
        said = suggestions(here, THIS)["SA-16"]
    assert (said.answer, said.figures) == ("PARTLY", "The agreement is being written (as given for 2026-27).")


def test_an_answer_that_the_records_contradict_is_flagged_and_kept_with_the_figures(
    begun: SelfAssessment, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    figure(here, "OP-17", 4, 9)
    client = signed_in(lead)
    page = client.post(ITEM, typed("MET"), follow=True).content.decode()
    assert "The records suggest: not met. 4 of 9 active buddies" in page
    assert "No reason is given yet." in page
    given = SelfAnswer.objects.get()
    assert (given.suggested, given.contradicts) == ("NOT_MET", True)
    assert given.figures.startswith("4 of 9")
    page = client.post(ITEM, typed("MET", "Five passed on Friday", 1), follow=True).content.decode()
    assert "Five passed on Friday" in page
    assert "No reason is given yet." not in page


def test_an_answer_that_the_records_contradict_only_later_is_flagged_too(
    begun: SelfAssessment, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    client.post(ITEM, typed("MET"))
    assert "No reason is given yet." not in client.get(PAGE).content.decode()
    figure(here, "OP-17", 4, 9)
    assert "No reason is given yet." in client.get(PAGE).content.decode()


def test_an_answer_is_followed_by_the_next_and_never_changed(
    begun: SelfAssessment, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    client.post(ITEM, typed("MET"))
    client.post(ITEM, typed("PARTLY", "Two are late", 1))
    assert list(SelfAnswer.objects.order_by("version").values_list("answer", flat=True)) == ["MET", "PARTLY"]
    assert "What was answered, newest first" in client.get(ITEM).content.decode()
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        SelfAnswer.objects.update(answer="MET")


def test_the_last_quarters_answer_is_a_start_unless_the_records_say_otherwise(
    scheme: None, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        self_assessment.finished(here, lead, now, Quarter(2026, 3))
        self_assessment.started(here, lead, now)
    client = signed_in(lead)
    page = client.get(ITEM)
    assert page.context["form"].initial["answer"] == "PARTLY"
    assert page.context["form"].initial["words"] == "Two courses were cancelled."
    assert "In July to September 2026" in page.content.decode()
    figure(here, "OP-17", 9, 9)
    assert client.get(ITEM).context["form"].initial == {"answer": "MET", "words": "", "version": 0}


def test_it_is_finished_when_everything_is_answered(
    begun: SelfAssessment, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        assert finished_answers(here, "2026-Q4") == []
        self_assessment.all_answered(begun, lead, now)
        assert finished_answers(here, "2026-Q4") == []
    client = signed_in(lead)
    assert client.post(f"{PAGE}finish/", {"version": "1"}).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "Finished by" in page
    assert "Change the answer" not in page
    with at_prison(here):
        answers = finished_answers(here, "2026-Q4")
    assert [each.item for each in answers] == [f"SA-{n:02}" for n in range(1, 20)]
    assert {each.answer for each in answers} == {"PARTLY"}


def test_it_is_not_finished_while_an_item_has_no_answer(
    begun: SelfAssessment, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        for number in range(1, 18):
            self_assessment.answered(begun, lead, now, f"SA-{number:02}")
    page = signed_in(lead).post(f"{PAGE}finish/", {"version": "1"})
    assert "Answer SA-18 and SA-19 first, then finish." in page.content.decode()


def test_it_is_not_finished_while_a_contradiction_has_no_reason(
    begun: SelfAssessment, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        self_assessment.all_answered(begun, lead, now)
        self_assessment.answered(begun, lead, now, answer="MET", words="")
    figure(here, "OP-17", 4, 9)
    client = signed_in(lead)
    page = client.post(f"{PAGE}finish/", {"version": "1"}).content.decode()
    assert "Say why you answer otherwise than the records suggest: SA-08." in page
    client.post(ITEM, typed("MET", "Five passed on Friday", 2))
    assert client.post(f"{PAGE}finish/", {"version": "1"}).status_code == 302


def test_a_finished_one_takes_no_more_answers(
    scheme: None, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        done = self_assessment.finished(here, lead, now)
    client = signed_in(lead)
    assert client.post(ITEM, typed("MET", "", 1)).status_code == 302
    assert client.post(f"{PAGE}finish/", {"version": "2"}).status_code == 302
    assert SelfAnswer.objects.filter(assessment=done, item="SA-08").count() == 1
    assert SelfAssessment.objects.get().finished_at == now


def test_a_finished_one_keeps_what_the_records_suggested_then(
    scheme: None, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    figure(here, "OP-17", 6, 9)
    with at_prison(here):
        self_assessment.finished(here, lead, now)
    with scoped(DatabaseRole.NATIONAL):
        Figure.objects.update(numerator=1, value=Decimal("0.1"))
    page = signed_in(lead).get(PAGE).content.decode()
    assert "Partly. 6 of 9 active buddies" in page


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("2026-Q4", "has been started"),
        ("2026-Q2", "The scheme was not open in April to June 2026"),
        ("2027-Q1", "January to March 2027 has not begun"),
    ],
)
def test_a_quarter_is_started_once_when_it_has_begun_and_the_scheme_was_open(
    code: str, sentence: str, begun: SelfAssessment, lead: User, signed_in: SignedIn
) -> None:
    assert sentence in signed_in(lead).post(f"{LIST}{code}/start/").content.decode()
    assert SelfAssessment.objects.count() == 1


def test_a_quarter_that_ended_more_than_a_year_ago_is_not_started(
    scheme: None, lead: User, signed_in: SignedIn
) -> None:
    with time_machine.travel(datetime(2028, 2, 1, 9, 0, tzinfo=UTC), tick=False):
        page = signed_in(lead).post(f"{PAGE}start/").content.decode()
    assert "ended more than a year ago" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"answer": ""}, "Select your answer"), ({"words": "x" * 501}, "500"), ({"answer": "GOOD"}, "Select one of the")],
)
def test_bad_input_gets_one_sentence_and_what_was_typed_stays(
    changes: dict[str, str], sentence: str, begun: SelfAssessment, lead: User, signed_in: SignedIn
) -> None:
    page = signed_in(lead).post(ITEM, {**typed(words="Two are late"), **changes}).content.decode()
    assert sentence in page
    assert "Two are late" in page or "words" in changes
    assert not SelfAnswer.objects.exists()


def test_whoever_answered_first_is_not_overwritten(begun: SelfAssessment, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(ITEM, typed("MET"))
    assert "Somebody else changed this answer" in client.post(ITEM, typed("PARTLY")).content.decode()
    assert SelfAnswer.objects.count() == 1


@pytest.mark.parametrize("path", ["2026-11/", "never/", "2026-Q4/SA-99/"])
def test_what_does_not_exist_is_not_there(path: str, begun: SelfAssessment, lead: User, signed_in: SignedIn) -> None:
    assert signed_in(lead).get(f"{LIST}{path}").status_code == 404


def test_before_the_scheme_opens_there_is_nothing_to_assess(here: Prison, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    assert "The scheme is not open yet." in client.get(LIST).content.decode()
    assert "has not been started" in client.get(PAGE).content.decode()


def test_the_delegate_reads_and_does_not_write(begun: SelfAssessment, delegate: User, signed_in: SignedIn) -> None:
    client = signed_in(delegate)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Finish" not in page.content.decode()
    for path in ("start/", "finish/", "SA-08/", "SA-08/evidence/", "SA-08/action/"):
        assert client.post(f"{PAGE}{path}", typed()).status_code == 403


def test_an_officer_sees_none_and_another_prisons_are_not_there(
    begun: SelfAssessment, officer: User, outsider: User, signed_in: SignedIn
) -> None:
    assert signed_in(officer).get(PAGE).status_code == 403
    assert signed_in(outsider).get(PAGE).status_code == 404


def test_starting_answering_and_finishing_leave_their_audit_events(
    scheme: None, here: Prison, lead: User, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        self_assessment.finished(here, lead, now)
    codes = list(AuditEvent.objects.filter(code__startswith="self_assessment").values_list("code", flat=True))
    assert codes.count("self_assessment.started") == 1
    assert codes.count("self_assessment.answered") == 19
    assert codes.count("self_assessment.finished") == 1


def test_a_page_needs_no_more_queries_for_many_things_than_for_one(
    begun: SelfAssessment, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    with at_prison(here):
        self_assessment.all_answered(begun, lead, now)
        for _ in range(12):
            self_assessment.planned(begun, lead, now)
    client = signed_in(lead)
    client.get(PAGE)
    with django_assert_max_num_queries(25):
        client.get(PAGE)
