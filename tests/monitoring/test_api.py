"""The interface for programs: what it answers, to whom, how often, and that it is as it is described."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Quarter
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.api_keys import revoke_key
from monitoring.actions.releases import publish_release
from monitoring.measures.catalogue import MEASURES, RELEASED
from monitoring.measures.definition import EQUALITY, Told
from monitoring.measures.groups import named_group
from monitoring.models import ApiKey, ApiTurn, ApiUse, Release, ReleaseFigure
from monitoring.rules.api_keys import TURNS_OF_A_KEY, WRONG_OF_AN_ADDRESS
from monitoring.tasks import forget_turns_of_programs
from referrals.models import Plan
from tests import cast
from tests.builders.api import ask, key_for
from tests.builders.referrals import unmet_need
from tests.builders.schemes import open_scheme
from tests.builders.visits import day_opened, helped, planned_on, visit_of

pytestmark = pytest.mark.django_db
MAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
EVERY_MORNING = (("DOM-03", [0, 1, 2, 3, 4, 5, 6], "AM", 10),)
LISTS = ("measures", "releases")
At = Callable[[Prison], Any]


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def plan(here: Prison, lead: User, at_prison: At) -> Plan:
    """Somebody helped in August: twenty planned visits, of which thirteen took place and seven are not recorded.

    Their personal care is unmet, so that its days are a number large enough to be shown.
    """
    with at_prison(here):
        found, _, _ = helped(here, lead, AUGUST, tasks=EVERY_MORNING)
        unmet_need(here, lead, AUGUST, found.person)
        for number in range(4, 24):
            day_opened(here, date(2026, 8, number))
        for number in range(4, 17):
            visit_of(planned_on(found, date(2026, 8, number)), lead, datetime(2026, 8, number, 18, 0, tzinfo=UTC))
        return found


@pytest.fixture
def release(
    plan: Plan, elsewhere: Prison, outsider: User, national_lead: User, now: datetime, at_prison: At
) -> Release:
    """A release of that quarter, with a second prison whose scheme was open and which returned nothing."""
    with at_prison(elsewhere):
        open_scheme(elsewhere, outsider, cast.make_wing(elsewhere), MAY)
    by = Actor.staff(national_lead, roles=("NATIONAL_LEAD",))
    with scoped(DatabaseRole.WEB):
        return publish_release(by=by, now=now, quarter=Quarter(2026, 3))


@pytest.fixture
def key(here: Prison, national_lead: User, now: datetime) -> tuple[ApiKey, str]:
    with scoped(DatabaseRole.WEB):
        return key_for(national_lead, now)


@pytest.fixture
def secret(key: tuple[ApiKey, str]) -> str:
    return key[1]


def rows(secret: str, path: str, query: Any = None) -> list[dict[str, Any]]:
    """Every row of a list, page after page."""
    answer = ask(secret, path, query).json()
    found = answer["rows"]
    while answer["next"]:
        there = urlsplit(answer["next"])
        answer = Client().get(f"{there.path}?{there.query}", headers={"authorization": f"Bearer {secret}"}).json()
        found += answer["rows"]
    assert len(found) == answer["total"]
    return found


# What it answers ---------------------------------------------------------------------------------------


def test_the_measures_come_with_their_definitions(secret: str) -> None:
    found = rows(secret, "measures")
    assert [row["code"] for row in found] == [measure.code for measure in MEASURES]
    delivered = next(row for row in found if row["code"] == "OP-07")
    assert delivered["kind"] == "share"
    assert "Visits that the plans held when each day began" in delivered["denominator"]


def test_amended_words_are_those_of_the_interface(
    here: Prison, secret: str, national_lead: User, signed_in: Callable[[User], Client]
) -> None:
    measure = next(each for each in MEASURES if each.code == "OP-02")
    names = ("title", "answers", "numerator", "denominator", "expectation")
    words = {name: str(getattr(measure, name)) for name in names}
    before = ask(secret, "measures")["ETag"]
    signed_in(national_lead).post(
        "/national/measures/OP-02/words/",
        {**words, "title": "Buddies at work", "basis": measure.basis.value, "reason": "Shorter", "version": "0"},
    )
    assert "Buddies at work" in [row["title"] for row in rows(secret, "measures")]
    assert ask(secret, "measures", None, "GET", **{"if-none-match": before}).status_code == 200


def test_a_release_says_what_it_is_and_not_who_published_it(secret: str, release: Release, national_lead: User) -> None:
    answer = ask(secret, "releases")
    [found] = answer.json()["rows"]
    assert (found["id"], found["period"], found["period_in_words"]) == (
        release.token, "2026-Q3", "July to September 2026",
    )  # fmt: skip
    assert found["replaces"] is found["replaced_by"] is None
    assert national_lead.name not in answer.content.decode()


def test_a_correction_and_what_it_corrects_name_each_other(secret: str, release: Release, now: datetime) -> None:
    later = Release.objects.create(
        kind="QUARTER", period=release.period, first_day=release.first_day, last_day=release.last_day, digest="d" * 64,
        published_at=now + timedelta(days=1), published_by=release.published_by, replaces=release,
        reason="Two sheets came late.",
    )  # fmt: skip
    first, second = rows(secret, "releases")
    assert (first["replaced_by"], second["replaces"]) == (later.token, release.token)


def test_the_prisons_of_a_release(secret: str, release: Release, here: Prison, elsewhere: Prison) -> None:
    found = rows(secret, f"releases/{release.token}/prisons")
    assert [row["name"] for row in found] == [here.name, elsewhere.name]
    assert found[0]["kind_in_words"] == "Training prison"


def test_the_figures_are_the_stored_protected_ones_in_their_order(
    secret: str, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = rows(secret, f"releases/{release.token}/figures")
    stored = list(ReleaseFigure.objects.filter(release=release).order_by("id"))
    assert len(stored) > 100
    for row, figure in zip(found, stored, strict=True):
        assert (row["prison"], row["period"], row["measure"]) == (figure.about_id, figure.period, figure.measure)
        assert row["group"] == (figure.breakdown or None)
        assert row["state"] == figure.state
        assert (row["value"] is None) == (figure.value is None)


def test_pages_follow_each_other_and_keep_the_filters(
    secret: str, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    from monitoring.api.operations import FIGURES

    monkeypatch.setitem(FIGURES.__dict__, "per_page", 7)
    path = f"releases/{release.token}/figures"
    whole = rows(secret, path, {"period": "2026-08"})
    assert len(whole) > 14
    assert {row["period"] for row in whole} == {"2026-08"}
    first = ask(secret, path, {"period": "2026-08"}).json()
    assert len(first["rows"]) == 7
    assert first["next"].endswith(f"/api/v1/{path}?period=2026-08&page=2")
    assert whole == rows(secret, path, {"period": "2026-08"})


def test_filters_of_several_values_and_the_nation(secret: str, release: Release, here: Prison) -> None:
    path = f"releases/{release.token}/figures"
    found = rows(secret, path, {"measure": ["OP-07", "OP-02"], "prison": [here.code, "national"], "period": "2026-Q3"})
    assert {(row["measure"], row["prison"]) for row in found} == {
        ("OP-07", here.code), ("OP-07", None), ("OP-02", here.code), ("OP-02", None),
    }  # fmt: skip
    assert {row["prison"] for row in rows(secret, path, {"prison": "national"})} == {None}
    assert {row["prison"] for row in rows(secret, path, {"prison": here.code})} == {here.code}


def test_groups_say_which_they_are_and_can_be_asked_for_or_left_out(secret: str, release: Release) -> None:
    path = f"releases/{release.token}/figures"
    found = rows(secret, path)
    groups = [row for row in found if row["group"]]
    assert {row["group"].partition(":")[0] for row in groups} == {by.value for by in EQUALITY}
    assert {(row["prison"], row["period"]) for row in groups} == {(None, "2026-Q3")}
    assert all(row["group_in_words"] == named_group(row["group"]) for row in groups)
    whole = rows(secret, path, {"group": "none"})
    assert whole == [row for row in found if not row["group"]]
    names = [(row["prison"], row["period"], row["measure"]) for row in whole]
    assert len(names) == len(set(names))
    ages = rows(secret, path, {"measure": "OP-07", "group": "age"})
    assert [row["group_in_words"] for row in ages if row["group"] == "age:50-59"] == ["Age: 50 to 59"]
    assert [row["group_in_words"] for row in ages if row["group"] == "age:unknown"] == ["Age: Not known"]
    both = rows(secret, path, {"measure": "OP-07", "prison": "national", "period": "2026-Q3", "group": ["age", "none"]})
    assert len(both) == len(ages) + 1


def test_a_group_that_is_told_of_nobody_is_refused(secret: str, release: Release) -> None:
    for code in ("wing", "religion", "age:50-59"):
        answer = ask(secret, f"releases/{release.token}/figures", {"group": code})
        assert answer.status_code == 400
        assert answer.json()["message"].startswith(f"There is no group “{code}” here. There are age, disability,")


def test_a_median_that_is_not_reached_says_of_how_many(secret: str, release: Release, here: Prison) -> None:
    ReleaseFigure.objects.create(
        release=release, about=here, period="2026-01", measure="OP-10b", breakdown="", state="NOT_REACHED",
        denominator=25, n=25, definition_version=1,
    )  # fmt: skip
    [row] = rows(
        secret, f"releases/{release.token}/figures", {"measure": "OP-10b", "period": "2026-01", "prison": here.code}
    )
    assert (row["state"], row["state_in_words"]) == ("NOT_REACHED", "Not reached yet")
    assert (row["value"], row["numerator"], row["denominator"], row["n"]) == (None, None, 25, 25)


def test_a_measure_says_how_it_is_told_and_who_gives_it(secret: str) -> None:
    found = {row["code"]: row for row in rows(secret, "measures")}
    assert found["OP-01"]["answers_by_number"] == {"1": "Formal scheme", "2": "Informal help", "3": "None"}
    assert "told as it is" in found["OP-01"]["protection"]
    assert "£1,000" in found["CO-01"]["protection"]
    assert (found["OP-26a"]["source"], found["OP-26a"]["held_by"]) == (
        "given by the prison with its source", "the prison’s complaints office",
    )  # fmt: skip
    assert found["OP-25a"]["broken_down_by"] == ["age", "ethnicity", "sex"]
    assert found["OP-10b"]["broken_down_by"] == []


def test_no_return_too_few_and_nought_are_different_states(
    secret: str, release: Release, here: Prison, elsewhere: Prison
) -> None:
    path = f"releases/{release.token}/figures"
    found = {
        (row["prison"], row["period"]): row
        for row in rows(secret, path, {"measure": "OP-07", "prison": [here.code, elsewhere.code]})
    }
    few, silent = found[here.code, "2026-08"], found[elsewhere.code, "2026-08"]
    assert (few["state"], few["state_in_words"], few["value"]) == ("TOO_FEW", "Too few to show", None)
    assert (silent["state"], silent["state_in_words"], silent["value"]) == ("NOT_RETURNED", "No return", None)


# What it never answers ---------------------------------------------------------------------------------


def test_no_name_no_prison_number_and_no_small_count_comes_out(
    secret: str, release: Release, plan: Plan, here: Prison, lead: User, national_lead: User
) -> None:
    addresses = ("measures", "releases", f"releases/{release.token}/prisons", f"releases/{release.token}/figures")
    text = "".join(json.dumps(rows(secret, address), ensure_ascii=False) for address in addresses)
    person = plan.person
    for hidden in (person.last_name, person.prison_number, plan.reference, plan.token, lead.name, national_lead.name):
        assert hidden not in text
    figures = rows(secret, f"releases/{release.token}/figures")
    assert {row["n"] for row in figures if row["state"] == "VALUE"} >= {30, 60}
    # One person, one buddy, one referral and 13 of 20 visits: no number under 10 but the structural nought. What is
    # about the prison and not about people (there is one formal scheme) is told as it is.
    about_people = {measure.code for measure in RELEASED if measure.told is not Told.AS_IT_IS}
    for row in figures:
        if row["measure"] not in about_people:
            assert row["state"] == "NOT_RETURNED" or row["measure"] in ("OP-01", "OP-20a", "OP-20b"), row
            continue
        for name in ("numerator", "denominator", "n"):
            assert row[name] is None or row[name] == 0 or row[name] >= 10, row
            assert row[name] is None or row[name] % 5 == 0, row
        if row["state"] not in ("VALUE", "NONE"):
            numbers = [row[name] for name in ("value", "numerator", "denominator", "n")]
            assert numbers == [None] * 4


def test_it_runs_where_no_row_of_a_prison_can_be_seen(
    secret: str, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    from monitoring.queries import api as queries

    seen = []
    real = queries.releases

    def spy() -> Any:
        seen.append((Plan.objects.count(), Release.objects.count()))
        return real()

    monkeypatch.setattr(queries, "releases", spy)
    assert ask(secret, "releases").status_code == 200
    assert Plan.objects.exists()
    assert seen == [(0, 1)]


# Who may ask -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*LISTS, "releases/nothing/figures", "releases/nothing/prisons", "nothing"])
def test_without_a_key_there_is_no_answer(path: str, here: Prison) -> None:
    answer = Client().get(f"/api/v1/{path}")
    assert answer.status_code == 401
    assert answer.json() == {
        "version": "1",
        "error": "no_key",
        "message": "Send your key in the Authorization header: the word Bearer, a space, and the key.",
    }
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("sent", ["Bearer nonsense", "Bearer ", "Basic abc", "nonsense"])
def test_a_key_that_is_not_ours(sent: str, here: Prison) -> None:
    answer = Client().get("/api/v1/measures", headers={"authorization": sent})
    assert answer.status_code == 401
    assert answer.json()["message"].endswith(".")


def test_an_expired_key(key: tuple[ApiKey, str], now: datetime) -> None:
    found, secret = key
    last = datetime(found.expires_on.year, 1, 31, 20, 0, tzinfo=UTC)
    with time_machine.travel(last, tick=False):
        assert ask(secret, "measures").status_code == 200
    with time_machine.travel(last + timedelta(days=1), tick=False):
        answer = ask(secret, "measures")
    assert answer.status_code == 401
    assert answer.json()["message"] == (
        "This key expired on 31 January 2027. Ask whoever gave it to you for a new one."
    )


def test_a_revoked_key(key: tuple[ApiKey, str], national_lead: User, now: datetime) -> None:
    found, secret = key
    with scoped(DatabaseRole.WEB):
        revoke_key(by=Actor.staff(national_lead), now=now, key=found, reason="Lost")
    answer = ask(secret, "measures")
    assert answer.status_code == 401
    assert answer.json()["message"] == "This key was revoked on 23 November 2026. Ask whoever gave it to you."


def test_a_staff_session_is_no_key_and_a_key_is_no_session(
    secret: str, national_lead: User, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(national_lead).get("/api/v1/measures").status_code == 401
    with CaptureQueriesContext(connection) as asked:
        answer = ask(secret, "measures", None, "GET", cookie="sessionid=anything")
    assert answer.status_code == 200
    assert not answer.cookies
    assert not [query for query in asked.captured_queries if "django_session" in query["sql"]]
    page = Client().get("/national/releases/", headers={"authorization": f"Bearer {secret}"})
    assert page.status_code == 302


def test_the_key_is_not_read_from_an_address(secret: str) -> None:
    assert Client().get("/api/v1/measures", {"key": secret}).status_code == 401
    answer = ask(secret, "measures", {"access_token": secret})
    assert answer.status_code == 400
    assert "It stands in logs now" in answer.json()["message"]


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["measures", "openapi.json", "nothing"])
def test_only_get_is_answered(secret: str, method: str, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.generic(method, f"/api/v1/{path}", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 405
    assert answer["Allow"] == "GET"


# How often ---------------------------------------------------------------------------------------------


def test_a_key_has_so_many_turns_a_minute(
    key: tuple[ApiKey, str], national_lead: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitoring.rules.api_keys.TURNS_OF_A_KEY", 3)
    _, secret = key
    assert [ask(secret, "releases").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = ask(secret, "releases")
    assert (refused.json()["error"], refused["Retry-After"]) == ("too_many_requests", "60")
    with scoped(DatabaseRole.WEB):
        _, other = key_for(national_lead, now, name="Another")
    assert ask(other, "releases").status_code == 200
    with time_machine.travel(now + timedelta(seconds=61), tick=False):
        assert ask(secret, "releases").status_code == 200
    assert TURNS_OF_A_KEY > 3


def test_wrong_keys_are_counted_by_address_and_keep_no_right_one_out(secret: str, now: datetime) -> None:
    tries = [ask(f"wrong-{n}", "releases").status_code for n in range(WRONG_OF_AN_ADDRESS + 3)]
    assert tries == [401] * WRONG_OF_AN_ADDRESS + [429] * 3
    assert ask(secret, "releases").status_code == 200
    # A header that anybody can write is another address to nobody.
    assert ask("wrong", "releases", None, "GET", **{"x-forwarded-for": "203.0.113.9"}).status_code == 429
    event = AuditEvent.objects.get(code="api.keys_tried")
    assert (event.actor_kind, event.details) == ("system", {"tried": WRONG_OF_AN_ADDRESS + 1})
    with time_machine.travel(now + timedelta(minutes=16), tick=False):
        assert ask("wrong", "releases").status_code == 401


def test_counts_of_tries_do_not_outlive_a_day(secret: str, now: datetime) -> None:
    ask(secret, "releases")
    ask("wrong", "releases")
    assert ApiTurn.objects.count() == 2
    assert not ApiTurn.objects.filter(who__contains="127.0.0.1").exists()
    forget_turns_of_programs()
    assert ApiTurn.objects.count() == 2
    with time_machine.travel(now + timedelta(days=2), tick=False):
        forget_turns_of_programs()
        forget_turns_of_programs()
    assert not ApiTurn.objects.exists()
    assert AuditEvent.objects.get(code="api.turns_forgotten").details == {"count": 2}


# What is accounted for ---------------------------------------------------------------------------------


def test_every_answer_is_counted_and_a_release_is_audited_once_a_day(
    key: tuple[ApiKey, str], release: Release, now: datetime
) -> None:
    found, secret = key
    path = f"releases/{release.token}/figures"
    for _ in range(3):
        ask(secret, path, {"measure": "OP-07", "prison": "national"})
    ask(secret, "releases")
    ask("wrong", path)
    used = {use.release_id: (use.requests, use.rows) for use in ApiUse.objects.filter(key=found)}
    assert used == {release.pk: (3, 84), None: (1, 1)}
    event = AuditEvent.objects.get(code="api.read")
    assert (event.actor_kind, event.actor_id, event.subject_id) == ("program", found.pk, str(release.pk))
    with time_machine.travel(now + timedelta(days=1), tick=False):
        ask(secret, path)
    assert AuditEvent.objects.filter(code="api.read").count() == 2


def test_the_keys_page_shows_what_was_read(
    key: tuple[ApiKey, str], release: Release, national_lead: User, signed_in: Callable[[User], Client]
) -> None:
    found, secret = key
    ask(secret, f"releases/{release.token}/prisons")
    ask(secret, "measures")
    page = signed_in(national_lead).get(f"/national/keys/{found.token}/")
    [row] = page.context["table"].rows
    assert (row.text, row.cells[0], row.cells[1]) == ("23 November 2026", "2", "1")
    assert "23\u00a0Nov" in signed_in(national_lead).get("/national/keys/").content.decode()


# What does not change ----------------------------------------------------------------------------------


def test_what_is_still_the_same_comes_without_content(secret: str, release: Release) -> None:
    path = f"releases/{release.token}/figures"
    first = ask(secret, path)
    assert first["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]
    for etag in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
        again = ask(secret, path, None, "GET", **{"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
    assert ask(secret, path, {"period": "2026-08"})["ETag"] != first["ETag"]
    assert ask(secret, path, None, "GET", **{"if-none-match": '"other"'}).status_code == 200
    # Who is not let in learns nothing from an ETag.
    assert ask("", path, None, "GET", **{"if-none-match": first["ETag"]}).status_code == 401


# What is not understood --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"prisonn": "ZTA"}, "There is no filter “prisonn” here. There are: page, measure, prison, period, group."),
        ({"measure": "OP-99"}, "There is no measure “OP-99” here. The list of measures has their codes."),
        ({"prison": "XXX"}, "There is no prison “XXX” here. The list of this release’s prisons has their codes."),
        ({"period": "2025-Q1"}, "This release has 2026-07, 2026-08, 2026-09, 2026-Q3."),
        ({"page": "0"}, "A page is a whole number from 1."),
        ({"page": "two"}, "A page is a whole number from 1."),
        ({"page": "²"}, "A page is a whole number from 1."),
    ],
)
def test_a_filter_that_fits_nothing_is_refused(
    query: dict[str, str], sentence: str, secret: str, release: Release
) -> None:
    answer = ask(secret, f"releases/{release.token}/figures", query)
    assert answer.status_code == 400
    assert sentence in answer.json()["message"]


@pytest.mark.parametrize("path", ["releases/nothing/figures", "releases/nothing/prisons", "nothing", "measures/OP-07"])
def test_what_is_not_there(path: str, secret: str, here: Prison) -> None:
    answer = ask(secret, path)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_a_page_after_the_last(secret: str, release: Release) -> None:
    answer = ask(secret, "releases", {"page": "2"})
    assert (answer.status_code, answer.json()["message"]) == (404, "There is no page 2. The last one is page 1.")


# As it is described ------------------------------------------------------------------------------------


@pytest.fixture
def described(here: Prison) -> dict[str, Any]:
    """The description, which needs no key."""
    found: dict[str, Any] = Client().get("/api/v1/openapi.json").json()
    return found


def test_the_description_is_valid(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert not list(OpenAPIV31SpecValidator(described).iter_errors())
    broken = json.loads(json.dumps(described))
    broken["paths"]["/api/v1/measures"]["get"]["responses"] = []
    assert list(OpenAPIV31SpecValidator(broken).iter_errors())


def test_every_answer_is_as_described(described: dict[str, Any], secret: str, release: Release) -> None:
    assert set(described["paths"]) == {
        "/api/v1/measures", "/api/v1/releases", "/api/v1/releases/{release}/prisons",
        "/api/v1/releases/{release}/figures",
    }  # fmt: skip
    for path, item in described["paths"].items():
        said = item["get"]["responses"]
        address = path.removeprefix("/api/v1/").replace("{release}", release.token)
        for status, answer in (
            ("200", ask(secret, address)),
            ("401", ask("", address)),
            ("400", ask(secret, address, {"nothing": "1"})),
            ("404", ask(secret, address, {"page": "999"})),
            ("405", ask(secret, address, None, "POST")),
        ):
            assert answer.status_code == int(status)
            schema = said[status]["content"]["application/json"]["schema"]
            validator = Draft202012Validator({**schema, "components": described["components"]})
            assert not list(validator.iter_errors(answer.json())), (path, status)
            assert not validator.is_valid({"version": 1})


def test_filters_are_described_as_they_are_taken(described: dict[str, Any], secret: str, release: Release) -> None:
    get = described["paths"]["/api/v1/releases/{release}/figures"]["get"]
    asked = [each for each in get["parameters"] if each["in"] == "query"]
    assert {each["name"] for each in asked} == {"measure", "prison", "period", "group", "page"}
    query = {each["name"]: each["example"] for each in asked if "example" in each}
    assert ask(secret, f"releases/{release.token}/figures", query).json()["total"] == 1


def test_the_page_for_people_says_the_same(described: dict[str, Any]) -> None:
    answer = Client().get("/api/v1/")
    assert answer.status_code == 200
    page = answer.content.decode()
    for path in described["paths"]:
        assert path in page
    for name in ("Measure", "Release", "Prison", "Figure"):
        for field, words in described["components"]["schemas"][name]["properties"].items():
            assert f">{field}</th>" in "".join(page.split()), field
            assert words["description"].split("’")[0] in page
    assert "Too few to show" in page
