"""Recording that people were not unlocked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.models import Message
from schemes.actions.regime import record_lock_down
from schemes.models import LockDown
from schemes.queries.schemes import lock_downs_on
from tests.cast import acts, make_wing

LIST = "/prisons/ZTA/lock-downs/"


@pytest.fixture
def answers(wing) -> dict[str, str]:
    from django.utils import timezone

    day = timezone.localdate()
    return {"day": day.isoformat(), "wing": wing.token, "session": "AM", "cause": "OTHER", "reason": "Staff shortage"}


def test_an_officer_records_a_lock_down(here, wing, officer, signed_in, answers) -> None:
    browser = signed_in(officer)
    assert browser.post(f"{LIST}record/", answers).status_code == 302
    row = LockDown.objects.get()
    assert (row.wing, row.session, row.reason, row.recorded_by) == (wing, "AM", "Staff shortage", officer)
    assert list(lock_downs_on(here, row.day)) == [row]
    page = browser.get(LIST).content.decode()
    assert "Staff shortage" in page and "Morning" in page


def test_everywhere_and_the_whole_day(officer, signed_in, answers) -> None:
    signed_in(officer).post(f"{LIST}record/", answers | {"wing": "ALL", "session": "ALL"})
    row = LockDown.objects.get()
    assert (row.wing, row.session) == (None, "")
    page = signed_in(officer).get(LIST).content.decode()
    assert "Everywhere" in page and "The whole day" in page


@pytest.mark.parametrize("who", ["trainer", "council", "delegate", "admin"])
def test_needs_the_permission(who, request, signed_in, answers) -> None:
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(LIST).status_code == 403
    assert browser.post(f"{LIST}record/", answers).status_code == 403


def test_another_prisons_page_is_not_there(outsider, signed_in, answers) -> None:
    assert signed_in(outsider).post(f"{LIST}record/", answers).status_code == 404


def test_the_same_lock_down_is_refused_twice(officer, signed_in, answers) -> None:
    signed_in(officer).post(f"{LIST}record/", answers)
    page = signed_in(officer).post(f"{LIST}record/", answers)
    assert "on record already" in page.content.decode()
    assert LockDown.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": ""}, "Enter the day"),
        ({"day": "2020-01-01"}, "from 35 days ago to 28 days ahead"),
        ({"wing": ""}, "Select where"),
        ({"session": ""}, "Select when"),
        ({"reason": ""}, "Enter why people were not unlocked"),
    ],
)
def test_bad_answers_are_said(wrong, words, officer, signed_in, answers) -> None:
    page = signed_in(officer).post(f"{LIST}record/", answers | wrong)
    assert page.status_code == 200 and words in page.content.decode()


def test_a_wing_of_another_prison_is_refused(here, elsewhere, officer, now, at_prison) -> None:
    with at_prison(here), pytest.raises(NotAllowed, match="wing of this prison"):
        record_lock_down(
            by=acts(officer, here), now=now, prison=here, day=now.date(), wing=make_wing(elsewhere), reason="x"
        )


def test_leaves_the_event_and_recomputes_the_month(here, officer, now, at_prison) -> None:
    day = now.date() - timedelta(days=30)
    with at_prison(here):
        record_lock_down(by=acts(officer, here), now=now, prison=here, day=day, reason="Fire drill")
    assert AuditEvent.objects.get(code="visits.lock_down").details["day"] == str(day)
    assert Message.objects.get(topic="month.changed").key == f"ZTA:{day:%Y-%m}"


def test_an_empty_list_says_so(officer, signed_in) -> None:
    assert "No lock-down is on record" in signed_in(officer).get(LIST).content.decode()
