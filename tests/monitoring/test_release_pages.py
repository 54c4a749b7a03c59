"""The pages of a release: every measure in a line, a page for each, a prison's, what was chosen; three clicks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.measures.catalogue import RELEASED
from monitoring.measures.wholes import stands_alone
from monitoring.models import Release
from tests.builders import published
from tests.builders.quality import asked
from tests.builders.releases import release_with_numbers
from tests.builders.schemes import open_scheme

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def release(
    here: Prison, lead: User, wing: Wing, at_prison: Callable[[Prison], Any], national_lead: User, signed_in: SignedIn
) -> Release:
    with at_prison(here):
        open_scheme(here, lead, wing, datetime(2026, 2, 4, 9, 0, tzinfo=UTC))
    publish(signed_in(national_lead), "2026-Q2")
    return publish(signed_in(national_lead), "2026-Q3")


def publish(client: Client, quarter: str) -> Release:
    return published.publish(client, published.QUARTER, {"quarter": quarter, "note": ""})


def at(release: Release, rest: str = "") -> str:
    return f"/national/releases/{release.token}/{rest}"


def test_every_measure_stands_in_a_line_beside_the_quarter_before(
    release: Release, inspector: User, signed_in: SignedIn
) -> None:
    page = signed_in(inspector).get(at(release)).content.decode()
    for measure in RELEASED:
        link = f'href="{at(release, f"measures/{measure.code}/")}"'
        assert (link in page) is stands_alone(measure.code), measure.code
    whole = signed_in(inspector).get(at(release, "measures/OP-09a/")).content.decode()
    assert f'href="{at(release, "measures/OP-09c/")}"' in whole
    assert "April to June 2026" in page
    assert "0 of 1" in page


def test_a_prison_without_a_return_is_named_as_missing(
    release: Release, here: Prison, inspector: User, national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    page = signed_in(inspector).get(at(release)).content.decode()
    assert "No visit was recorded for July to September 2026 at:" in page
    assert "nobody has asked yet" in page
    assert "who has been asked" not in page
    with scoped(DatabaseRole.NATIONAL):
        asked(here, national_lead, now)
    page = signed_in(inspector).get(at(release)).content.decode()
    assert "asked on 23 November 2026" in page
    assert national_lead.name not in page
    assert "who has been asked" in signed_in(national_lead).get(at(release)).content.decode()


def test_the_definition_is_one_click_from_a_figure(release: Release, inspector: User, signed_in: SignedIn) -> None:
    page = signed_in(inspector).get(at(release, "measures/OP-07/")).content.decode()
    for words in ("What this counts", "Visits that the plans held when each day began", "The numbers and the method"):
        assert words in page


def test_a_prisons_figure_shows_the_evidence_behind_it_and_the_way_to_all_prisons(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    own = client.get(at(release, f"prisons/{here.code}/")).content.decode()
    address = at(release, f"prisons/{here.code}/OP-07/")
    assert f'href="{address}"' in own
    page = client.get(address).content.decode()
    for words in ("No return", "What stands behind this figure", "Published", "This measure at all prisons"):
        assert words in page


@pytest.mark.parametrize("rest", ["measures/XX-01/", "measures/OU-09a/", "prisons/XXX/", "prisons/XXX/OP-07/"])
def test_what_is_not_in_the_release_is_no_page(
    release: Release, inspector: User, signed_in: SignedIn, rest: str
) -> None:
    assert signed_in(inspector).get(at(release, rest)).status_code == 404


def test_a_prisons_lead_reads_none_of_it(release: Release, here: Prison, lead: User, signed_in: SignedIn) -> None:
    for rest in ("measures/OP-07/", "chosen/", f"prisons/{here.code}/OP-07/"):
        assert signed_in(lead).get(at(release, rest)).status_code == 403


def test_two_quarters_are_compared_by_choice(release: Release, inspector: User, signed_in: SignedIn) -> None:
    earlier = Release.objects.get(period="2026-Q2")
    client = signed_in(inspector)
    assert "says nothing about why" not in client.get(at(release, "measures/OP-02/")).content.decode()
    page = client.get(at(release, "measures/OP-02/"), {"beside": earlier.token}).content.decode()
    assert "April to June 2026 and July to September 2026" in page
    assert "There is no figure for both" in page
    # What was published later is no page of the earlier one.
    assert release.token not in client.get(at(earlier, "measures/OP-02/")).content.decode().partition("<select")[2]


def test_an_address_that_makes_no_sense_shows_the_page_all_the_same(
    release: Release, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    assert client.get(at(release, "measures/OP-02/"), {"beside": "x", "like": "CASTLE"}).status_code == 200
    assert client.get(at(release, "chosen/"), {"measure": "x", "prison": "y"}).status_code == 200


def test_a_choice_keeps_its_address_and_prints_as_tables(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    assert "Select the measures" in client.get(at(release, "chosen/")).content.decode()
    page = client.get(at(release, "chosen/"), {"measure": ["OP-02", "OP-07"], "prison": [here.code]}).content.decode()
    assert re.findall(r"<caption[^>]*>([^<]+)<", page) == ["Active buddies", "Planned visits that took place"]
    assert page.count(f'href="{at(release, f"prisons/{here.code}/OP-02/")}"') == 1


def test_every_page_that_is_read_is_accounted_for(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn
) -> None:
    client, before = signed_in(inspector), AuditEvent.objects.filter(code="viewed").count()
    for rest in ("", "measures/OP-02/", "chosen/", f"prisons/{here.code}/", f"prisons/{here.code}/OP-02/"):
        client.get(at(release, rest))
    assert AuditEvent.objects.filter(code="viewed").count() == before + 5


def test_what_was_given_by_hand_says_so_and_who_holds_it(
    here: Prison, national_lead: User, inspector: User, signed_in: SignedIn
) -> None:
    release = release_with_numbers(national_lead, here, others=2)
    client, words = signed_in(inspector), "Given by hand. Held by: the prison’s complaints office"
    assert words in client.get(at(release, "measures/OP-26a/")).content.decode()
    assert words in client.get(at(release, f"prisons/{here.code}/OP-26a/")).content.decode()
    assert words not in client.get(at(release, "measures/OP-02/")).content.decode()
    for rest in ("", f"prisons/{here.code}/"):
        page = client.get(at(release, rest)).content.decode()
        assert "OP-26a. Given by hand" in page
        assert "OP-02. Given by hand" not in page
    chosen = client.get(at(release, "chosen/"), {"measure": ["OP-26a", "OP-02"], "prison": [here.code]})
    assert chosen.content.decode().count("Given by hand") == 2


def test_a_page_of_a_measure_asks_few_questions(
    release: Release, inspector: User, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(inspector)
    for rest in ("", "measures/OP-07/", "chosen/?measure=OP-07&measure=OP-02"):
        with django_assert_max_num_queries(30):
            client.get(at(release, rest))
