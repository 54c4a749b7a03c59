"""A mark of staff on a visit: this was work that staff or carers should do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.staff_work import mark_staff_work
from referrals.actions.visits import correct_visit
from referrals.models import StaffWorkMark, Visit
from tests.builders import pay
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.cast import acts

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
DAY = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def visit(here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]) -> Visit:
    with at_prison(here):
        plan, _, _ = helped(here, lead, now - timedelta(days=30))
        day_opened(here, DAY)
        return visit_of(planned_on(plan, DAY), lead, now)


def url(visit: Visit) -> str:
    return f"/prisons/ZTA/visits/{visit.token}/staff-work/"


def test_whoever_confirms_the_week_marks_a_visit_and_it_is_counted(
    visit: Visit, lead: User, officer: User, delegate: User, signed_in: SignedIn
) -> None:
    client = signed_in(officer)
    assert url(visit) in client.get(f"/prisons/ZTA/visits/{visit.token}/").content.decode()
    assert client.post(url(visit), {"whose": "CARERS", "words": "Changed the bed"}).status_code == 302
    page = client.get(f"/prisons/ZTA/visits/{visit.token}/").content.decode()
    assert "this was work that paid carers should do. Changed the bed" in page
    listed = signed_in(lead).get("/prisons/ZTA/pay/staff-work/?month=2026-11").content.decode()
    assert "Changed the bed" in listed
    assert "November 2026 1" in " ".join(signed_in(lead).get("/prisons/ZTA/pay/").content.decode().split())
    # The delegate sees what was done, and no recipient.
    read = signed_in(delegate).get("/prisons/ZTA/pay/staff-work/").content.decode()
    assert "Changed the bed" in read
    assert visit.person.last_name not in read
    assert AuditEvent.objects.filter(code="visit.staff_work_marked", actor_id=officer.pk).exists()


def test_a_mark_outlives_a_correction_and_can_be_taken_back(
    visit: Visit, here: Prison, lead: User, now: datetime, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        pay.staff_work(visit, lead, now)
        newer = correct_visit(
            by=acts(lead, here), now=now, visit=visit, outcome="DONE", minutes=12, tasks_done=[],
            correction_reason="It took longer",
        )  # fmt: skip
    client = signed_in(lead)
    assert "Cleaned the servery" in client.get(f"/prisons/ZTA/visits/{newer.token}/").content.decode()
    client.post(url(newer), {})
    assert "Cleaned the servery" not in client.get("/prisons/ZTA/pay/staff-work/").content.decode()
    assert list(StaffWorkMark.objects.order_by("id").values_list("marked", flat=True)) == [True, False]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"whose": "", "words": "x"}, "Select whose work it was"),
        ({"whose": "STAFF", "words": ""}, "Enter what the buddy did"),
    ],
)
def test_a_mark_says_whose_work_and_what(
    visit: Visit, lead: User, signed_in: SignedIn, typed: dict[str, str], sentence: str
) -> None:
    assert sentence in signed_in(lead).post(url(visit), typed).content.decode()
    assert not StaffWorkMark.objects.exists()


def test_a_visit_that_did_not_happen_is_not_marked(
    visit: Visit, here: Prison, lead: User, now: datetime, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        correct_visit(
            by=acts(lead, here), now=now, visit=visit, outcome="NOT_DONE", minutes=0, tasks_done=[],
            reason="NOT_UNLOCKED", correction_reason="Locked in",
        )  # fmt: skip
    answer = signed_in(lead).post(url(visit), {"whose": "STAFF", "words": "Swept"})
    assert "No buddy made this visit" in answer.content.decode()


def test_who_may_not_confirm_may_not_mark(visit: Visit, delegate: User, outsider: User, signed_in: SignedIn) -> None:
    assert signed_in(delegate).get(url(visit)).status_code == 403
    assert signed_in(outsider).get(url(visit)).status_code == 404


def test_the_terminal_reads_nothing_of_it(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.column_privileges"
            " WHERE table_name = 'referrals_staffworkmark' AND grantee LIKE '%terminal%'"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("whose", "words", "sentence"),
    [("NOBODY", "Changed the bed", "Select whose work it was"), ("CARERS", " ", "Enter what the buddy did")],
)
def test_a_mark_that_came_past_the_page_says_so_too(
    visit: Visit, here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any],
    whose: str, words: str, sentence: str,
) -> None:  # fmt: skip
    with at_prison(here), pytest.raises(NotAllowed, match=sentence):
        mark_staff_work(by=acts(lead, here), now=now, visit=visit, whose=whose, words=words)
    assert not StaffWorkMark.objects.exists()
