"""A release is asked for, made by a worker with progress on a page, and is published or says why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from buddyscheme.accounts.models import Membership, Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Month, Quarter, Year
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, at_one_moment
from monitoring import publishing, release_making, working_out
from monitoring.actions.releases import publish_release, publish_year
from monitoring.disclosure.withhold import NothingLeftToHide
from monitoring.measures.definition import Measure
from monitoring.models import Figure, Release, ReleaseRequest
from monitoring.publishing import Released, protect_all
from monitoring.rules.release_requests import QUIET_FOR
from monitoring.tasks import publish_asked, publish_what_waits
from tests.builders.exact_releases import MONTHS, QUARTER, exact_release
from tests.builders.published import QUARTER as PUBLISH
from tests.builders.published import YEAR, publish, refused
from tests.builders.schemes import open_scheme
from tests.cast import acts

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
LIST = "/national/releases/"
ASKED = {"quarter": "2026-Q3", "note": "First quarter."}
MAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scheme(here: Prison, elsewhere: Prison, lead: User, wing: Wing, at_prison: Callable[[Prison], Any]) -> None:
    """Two prisons use the service; one of them has a scheme."""
    with at_prison(here):
        open_scheme(here, lead, wing, MAY)


@pytest.fixture
def asked(scheme: None, national_lead: User, signed_in: SignedIn) -> ReleaseRequest:
    assert signed_in(national_lead).post(PUBLISH, ASKED).status_code == 302
    return ReleaseRequest.objects.get()


@pytest.fixture
def nothing_to_work_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what is about the way and not about the figures."""
    monkeypatch.setattr(working_out, "exact_figures", lambda *_, **__: {})


def page_of(request: ReleaseRequest) -> str:
    return f"{LIST}asked/{request.token}/"


def now_of(request: ReleaseRequest) -> ReleaseRequest:
    return ReleaseRequest.objects.get(pk=request.pk)


def fails(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError


# The whole way -----------------------------------------------------------------------------------------


def test_asking_answers_at_once_and_a_worker_publishes(
    scheme: None, here: Prison, national_lead: User, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(national_lead)
    address = client.post(PUBLISH, ASKED)["Location"]
    assert not Release.objects.exists()
    waiting = client.get(address)
    assert "Publishing July to September 2026" in waiting.content.decode()
    assert "It will begin in a few seconds" in waiting.content.decode()
    assert waiting["Refresh"] == "3"
    publish_what_waits()
    answer = client.get(address)
    page, release = answer.content.decode(), Release.objects.get()
    assert "Refresh" not in answer
    assert "July to September 2026 is published" in page
    assert f'href="{LIST}{release.token}/"' in page
    assert "First quarter." in page
    assert here.name in signed_in(inspector).get(f"{LIST}{release.token}/").content.decode()
    assert release.published_by == national_lead


@pytest.mark.usefixtures("nothing_to_work_out")
def test_the_page_says_how_far_it_is(
    asked: ReleaseRequest, national_lead: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at while a worker is at it: after the first prison, after some figures, and before the last check."""
    client, seen = signed_in(national_lead), []

    def looked(*_: Any) -> None:
        seen.append(client.get(page_of(asked)).content.decode())

    def one_read(codes: list[str], *_: Any, read: Callable[[int], None], **__: Any) -> dict[Measure, Any]:
        looked()
        read(1)
        looked()
        return {}

    def half_hidden(*_: Any, protected: Callable[[int, int], None], **__: Any) -> list[Released]:
        protected(20, 41)
        looked()
        return []

    monkeypatch.setattr(working_out, "exact_figures", one_read)
    monkeypatch.setattr(working_out, "protect_all", half_hidden)
    stored = release_making.publish_request
    monkeypatch.setattr(release_making, "publish_request", lambda **which: (looked(), stored(**which)))
    publish_asked(request_id=asked.pk)
    for page, words in zip(
        seen,
        (
            "0 of 2 prisons are read",
            "1 of 2 prisons are read",
            "hidden in 20 of 41 groups of figures",
            "being checked beside",
        ),
        strict=True,
    ):
        assert words in page
        assert "This page looks again by itself" in page
    assert '<progress class="app-progress" max="2" value="1"' in seen[1]
    assert now_of(asked).state == "DONE"


def test_every_prison_and_every_group_of_figures_is_counted(asked: ReleaseRequest) -> None:
    told: list[tuple[str, int, int]] = []
    working_out.worked_out(["ZTA", "ZTB"], Quarter(2026, 3), now=asked.asked_at, told=lambda *step: told.append(step))
    assert [step for step in told if step[0] == "READING"] == [("READING", done, 2) for done in (0, 1, 2)]
    hiding = [step for step in told if step[0] == "HIDING"]
    assert [done for _, done, _ in hiding] == list(range(1, hiding[0][2] + 1))


def test_a_release_is_dated_by_when_its_reading_began(asked: ReleaseRequest, now: datetime) -> None:
    """What is saved while prisons are read is a change since, and can be corrected."""
    later = now + timedelta(minutes=5)
    read = working_out.exact_figures

    def slowly(*which: Any, **more: Any) -> Any:
        clock.shift(timedelta(minutes=4))
        return read(*which, **more)

    with time_machine.travel(later, tick=False) as clock, pytest.MonkeyPatch.context() as patch:
        patch.setattr(working_out, "exact_figures", slowly)
        publish_asked(request_id=asked.pk)
    assert Release.objects.get().published_at == later
    assert now_of(asked).finished_at == later + timedelta(minutes=4)


@pytest.mark.usefixtures("nothing_to_work_out", "scheme")
def test_a_release_that_another_one_joins_after_its_check_is_refused(
    national_lead: User, signed_in: SignedIn, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last quarter of a year is checked; the year is published; the two were not checked together."""
    check = working_out.made_safe

    def slow(*which: Any, **more: Any) -> Any:
        monkeypatch.undo()
        monkeypatch.setattr(working_out, "exact_figures", lambda *_, **__: {})
        publish_year(by=acts(national_lead), now=now, year=Year(2025))
        return check(*which, **more)

    monkeypatch.setattr(working_out, "made_safe", slow)
    page = refused(signed_in(national_lead), PUBLISH, {**ASKED, "quarter": "2026-Q1"})
    assert "another release of the same days was published in the meantime" in page
    assert Release.objects.get().kind == Release.Kind.YEAR


# Who may -----------------------------------------------------------------------------------------------


def test_it_needs_the_permission(asked: ReleaseRequest, inspector: User, lead: User, signed_in: SignedIn) -> None:
    for user in (inspector, lead):
        assert signed_in(user).get(page_of(asked)).status_code == 403
    for words in ("Being published", page_of(asked)):
        assert words not in signed_in(inspector).get(LIST).content.decode()


def test_a_request_that_is_not_there_is_no_page(national_lead: User, signed_in: SignedIn) -> None:
    assert signed_in(national_lead).get(f"{LIST}asked/none/").status_code == 404


def test_who_may_not_publish_any_more_publishes_nothing(
    asked: ReleaseRequest, national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    Membership.objects.filter(user=national_lead).update(ends_on=now.date() - timedelta(days=1))
    publish_asked(request_id=asked.pk)
    assert not Release.objects.exists()
    assert "may not publish releases any more" in now_of(asked).words


# Twice -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_to_work_out")
def test_a_task_that_comes_twice_publishes_once(asked: ReleaseRequest) -> None:
    for _ in range(2):
        publish_asked(request_id=asked.pk)
        publish_what_waits()
    assert Release.objects.count() == 1
    assert AuditEvent.objects.filter(code="release.published").count() == 1


@pytest.mark.usefixtures("nothing_to_work_out")
def test_a_task_that_comes_again_while_a_worker_is_alive_does_nothing(
    asked: ReleaseRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    def redelivered(*_: Any, **__: Any) -> dict[Measure, Any]:
        begun.append(1)
        publish_asked(request_id=asked.pk)
        publish_what_waits()
        return {}

    monkeypatch.setattr(working_out, "exact_figures", redelivered)
    publish_asked(request_id=asked.pk)
    assert begun == [1]
    assert Release.objects.count() == 1


@pytest.mark.usefixtures("nothing_to_work_out")
def test_a_worker_that_is_overtaken_stores_nothing(asked: ReleaseRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Held up for too long it is taken for dead; when it goes on, another one has published."""
    held_up: list[int] = []

    def slow(*_: Any, **__: Any) -> dict[Measure, Any]:
        if not held_up:
            held_up.append(1)
            with time_machine.travel(asked.asked_at + QUIET_FOR + timedelta(minutes=1), tick=False):
                publish_what_waits()
        return {}

    monkeypatch.setattr(working_out, "exact_figures", slow)
    publish_asked(request_id=asked.pk)
    assert Release.objects.get().published_at == asked.asked_at + QUIET_FOR + timedelta(minutes=1)
    assert now_of(asked).state == "DONE"


def test_asked_for_twice_the_form_says_so_and_keeps_what_was_typed(
    asked: ReleaseRequest, national_lead: User, signed_in: SignedIn
) -> None:
    page = signed_in(national_lead).post(PUBLISH, {"quarter": "2026-Q3", "note": "Kept"}).content.decode()
    assert "July to September 2026 is being published. Wait until it is done" in page
    assert "Kept" in page
    assert ReleaseRequest.objects.count() == 1


def test_one_is_made_at_a_time(asked: ReleaseRequest, national_lead: User, signed_in: SignedIn) -> None:
    """A year is made safe beside its quarters: made at once, neither would know of the other."""
    page = signed_in(national_lead).post(YEAR, {"year": "2025-26", "note": "Kept"}).content.decode()
    assert "July to September 2026 is being published" in page
    assert "Kept" in page


def test_the_word_goes_to_a_worker_once_and_after_the_commit(
    scheme: None, national_lead: User, signed_in: SignedIn, django_capture_on_commit_callbacks: Any, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.OUTBOX_WAKES = True
    sent: list[dict[str, int]] = []
    monkeypatch.setattr(publish_asked, "apply_async", lambda *, kwargs, retry: sent.append(kwargs))
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(national_lead).post(PUBLISH, ASKED)
        assert sent == []
    assert sent == [{"request_id": ReleaseRequest.objects.get().pk}]


# What is refused, and what fails -----------------------------------------------------------------------


def test_a_refusal_keeps_its_sentence_and_leads_back_to_the_form(
    asked: ReleaseRequest, national_lead: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise NotAllowed("Nothing was published, because OP-99 would give a number away.")

    monkeypatch.setattr(working_out, "protect_all", refused)
    publish_asked(request_id=asked.pk)
    client = signed_in(national_lead)
    answer = client.get(page_of(asked))
    page = answer.content.decode()
    assert "Refresh" not in answer
    assert "July to September 2026 was not published" in page
    assert "Nothing was published, because OP-99 would give a number away." in page
    again = f"{PUBLISH}?again={asked.token}"
    assert again in page
    form = client.get(again).context["form"]
    assert (form["quarter"].value(), form["note"].value()) == ("2026-Q3", "First quarter.")
    listed = client.get(LIST).content.decode()
    assert page_of(asked) in listed
    assert "Not published" in listed
    assert not Release.objects.exists()


@pytest.mark.usefixtures("nothing_to_work_out")
def test_after_a_refusal_it_is_asked_for_again_and_the_list_forgets_the_first(
    asked: ReleaseRequest, national_lead: User, signed_in: SignedIn, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(national_lead)
    with monkeypatch.context() as broken:
        broken.setattr(working_out, "protect_all", fails)
        publish_asked(request_id=asked.pk)
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        publish(client, PUBLISH, ASKED)
        assert client.get(LIST).context["requests"].rows == []


def test_what_fails_is_said_and_can_be_asked_for_again(
    asked: ReleaseRequest, national_lead: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working_out, "exact_figures", fails)
    publish_asked(request_id=asked.pk)
    page = signed_in(national_lead).get(page_of(asked)).content.decode()
    assert "The figures could not be worked out, and nothing was published or changed" in page
    assert "Ask for it again" in page
    assert AuditEvent.objects.get(code="release.failed").details["fault"] == "ZeroDivisionError"
    assert signed_in(national_lead).post(PUBLISH, ASKED).status_code == 302


def test_what_cannot_be_hidden_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = exact_release(1, ["ZAA", "ZAB"])
    places: list[int] = []

    def nothing_left(counts: list[int], *_: Any, **__: Any) -> Any:
        places.append(len(counts) - 1)
        raise NothingLeftToHide(0)

    monkeypatch.setattr(publishing, "withhold_all", nothing_left)
    (measure,) = [each for each in exact if each.code == "OP-09a"]
    with pytest.raises(NotAllowed) as refused:
        protect_all({measure: exact[measure]}, period=QUARTER, months=MONTHS)
    words = str(refused.value)
    assert places
    assert words.startswith("Nothing was published")
    assert "OP-09a, Z" in words or "OP-09a, all prisons" in words
    assert measure.title in words
    assert "Have the records behind it checked" in words


# A worker that dies ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_to_work_out")
def test_a_worker_that_died_is_said_and_another_one_begins_again(
    asked: ReleaseRequest, national_lead: User, signed_in: SignedIn, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any, **__: Any) -> Any:
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(working_out, "exact_figures", dies)
        with pytest.raises(SystemExit):
            publish_asked(request_id=asked.pk)
    assert now_of(asked).state == "READING"
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        page = signed_in(national_lead).get(page_of(asked)).content.decode()
        assert "Nothing more was done since 10:00. If it stays so it begins again by 10:45." in page
        publish_what_waits()
        assert not Release.objects.exists()
    with time_machine.travel(now + QUIET_FOR + timedelta(minutes=1), tick=False):
        publish_what_waits()
    assert now_of(asked).state == "DONE"


def test_what_nobody_makes_is_said(
    asked: ReleaseRequest, national_lead: User, signed_in: SignedIn, now: datetime
) -> None:
    with time_machine.travel(now + timedelta(minutes=4), tick=False):
        page = signed_in(national_lead).get(page_of(asked)).content.decode()
    assert "Nothing has begun since 10:00" in page


@pytest.mark.usefixtures("nothing_to_work_out")
def test_what_nobody_makes_for_hours_keeps_nobody_from_asking_again(
    asked: ReleaseRequest, national_lead: User, signed_in: SignedIn, now: datetime
) -> None:
    with time_machine.travel(now + timedelta(hours=3, minutes=1), tick=False):
        assert signed_in(national_lead).post(PUBLISH, ASKED).status_code == 302
        assert now_of(asked).state == "FAILED"
        assert AuditEvent.objects.get(code="release.failed").details["fault"] == "Overdue"
        publish_what_waits()
    assert Release.objects.count() == 1


def test_the_clockwork_gives_up_what_is_overdue(asked: ReleaseRequest, now: datetime) -> None:
    with time_machine.travel(now + timedelta(hours=4), tick=False):
        publish_what_waits()
    assert now_of(asked).state == "FAILED"
    assert not Release.objects.exists()


# Bad input, and the list -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"quarter": "", "note": "Kept"}, "Select a quarter"),
        ({"quarter": "2026-Q4", "note": "Kept"}, "Select one of the answers on the page"),
        ({"quarter": "nonsense", "note": "Kept"}, "Select one of the answers on the page"),
        ({"quarter": "2026-Q3", "note": "x" * 501}, "500"),
    ],
)
def test_what_is_wrong_is_said_on_the_form_and_nothing_is_asked(
    scheme: None, national_lead: User, signed_in: SignedIn, said: dict[str, str], sentence: str
) -> None:
    answer = signed_in(national_lead).post(PUBLISH, said)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert said["note"] in answer.content.decode()
    assert not ReleaseRequest.objects.exists()


def test_an_address_that_names_no_request_begins_an_empty_form(national_lead: User, signed_in: SignedIn) -> None:
    assert signed_in(national_lead).get(f"{PUBLISH}?again=none").status_code == 200


def test_the_list_shows_one_on_its_way(asked: ReleaseRequest, national_lead: User, signed_in: SignedIn) -> None:
    (row,) = signed_in(national_lead).get(LIST).context["requests"].rows
    assert (row.text, row.href, row.tag.text) == ("July to September 2026", page_of(asked), "Waiting")
    assert row.cells == ["Quarter", "23 November 2026, 10:00, by Nat National"]


# A year and a correction -------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_to_work_out")
def test_a_year_goes_the_same_way(scheme: None, national_lead: User, signed_in: SignedIn) -> None:
    client = signed_in(national_lead)
    release = publish(client, YEAR, {"year": "2025-26", "note": "A year."})
    assert (release.kind, release.period, release.note) == ("YEAR", "2025-26", "A year.")
    page = client.get(page_of(ReleaseRequest.objects.get())).content.decode()
    assert "April 2025 to March 2026 is published" in page


@pytest.fixture
def changed(scheme: None, here: Prison, national_lead: User, now: datetime) -> Release:
    """A release, and a figure of its quarter that was worked out anew since."""
    release = publish_release(by=acts(national_lead), now=now - timedelta(hours=1), quarter=Quarter(2026, 3))
    Figure.objects.create(
        prison=here, period=Month(2026, 7).code, measure="OP-09a", state="VALUE", value=12, computed_at=now,
        first_day=Month(2026, 7).first, definition_version=1,
    )  # fmt: skip
    return release


def test_a_correction_is_asked_for_with_its_reason(changed: Release, national_lead: User, signed_in: SignedIn) -> None:
    client, form = signed_in(national_lead), f"{LIST}{changed.token}/correct/"
    address = client.post(form, {"reason": "Sheets came late."})["Location"]
    page = client.get(address).content.decode()
    assert "Correcting July to September 2026" in page
    assert "Sheets came late." in page
    twice = client.post(form, {"reason": "Once more."}).content.decode()
    assert "The correction of July to September 2026 is being published" in twice
    assert "Once more." in twice
    publish_what_waits()
    assert "The correction of July to September 2026 is published" in client.get(address).content.decode()
    again = Release.objects.get(replaces=changed)
    assert (again.reason, again.corrected) == ("Sheets came late.", ["ZTA"])


def test_a_correction_that_failed_begins_with_its_reason(
    changed: Release, national_lead: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, form = signed_in(national_lead), f"{LIST}{changed.token}/correct/"
    address = client.post(form, {"reason": "Sheets came late."})["Location"]
    monkeypatch.setattr(working_out, "exact_figures", fails)
    publish_what_waits()
    again = f"{form}?again={ReleaseRequest.objects.get().token}"
    page = client.get(address).content.decode()
    assert "The correction of July to September 2026 was not published" in page
    assert again in page
    assert "Sheets came late." in client.get(again).content.decode()


# Audit, and one moment ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_to_work_out")
def test_asking_and_publishing_are_audited_as_who_asked(asked: ReleaseRequest, national_lead: User) -> None:
    publish_asked(request_id=asked.pk)
    for code in ("release.asked", "release.published"):
        event = AuditEvent.objects.get(code=code)
        assert (event.actor_id, event.actor_roles, event.details["period"]) == (
            national_lead.pk, "NATIONAL_LEAD", "2026-Q3",
        )  # fmt: skip


def test_a_refusal_is_audited_without_its_words(asked: ReleaseRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise NotAllowed("OP-09a, Testwick is between 0 and 4.")

    monkeypatch.setattr(working_out, "protect_all", refused)
    publish_asked(request_id=asked.pk)
    event = AuditEvent.objects.get(code="release.refused")
    assert event.actor_kind == "system"
    assert event.details == {"kind": "QUARTER", "period": "2026-Q3"}


@pytest.mark.django_db(transaction=True)
def test_a_prison_is_read_as_of_one_moment() -> None:
    """In a transaction of its own, as a worker reads: a second question sees what the first one saw."""
    with at_one_moment(DatabaseRole.NATIONAL), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)
