"""Publishing a quarter, reading it, downloading it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from monitoring.models import Release, ReleaseFigure
from tests.builders.published import QUARTER as PUBLISH
from tests.builders.published import publish
from tests.builders.schemes import open_scheme

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scheme(here: Prison, lead: User, wing: Wing, at_prison: Callable[[Prison], Any]) -> None:
    with at_prison(here):
        open_scheme(here, lead, wing, datetime(2026, 5, 4, 9, 0, tzinfo=UTC))


@pytest.fixture
def release(scheme: None, national_lead: User, signed_in: SignedIn) -> Release:
    said = {"quarter": "2026-Q3", "note": "First quarter with two prisons."}
    return publish(signed_in(national_lead), PUBLISH, said)


def test_the_national_lead_publishes_and_the_inspector_reads(
    release: Release, inspector: User, here: Prison, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    assert "July to September 2026" in client.get("/national/releases/").content.decode()
    national = client.get(f"/national/releases/{release.token}/").content.decode()
    assert here.name in national
    assert "First quarter with two prisons." in national
    own = client.get(f"/national/releases/{release.token}/prisons/{here.code}/").content.decode()
    assert "No return" in own


def test_publishing_needs_the_permission(scheme: None, inspector: User, lead: User, signed_in: SignedIn) -> None:
    for user in (inspector, lead):
        assert signed_in(user).post(PUBLISH, {"quarter": "2026-Q3"}).status_code == 403
    assert not Release.objects.exists()


def test_a_prisons_lead_reads_no_release(release: Release, lead: User, signed_in: SignedIn) -> None:
    assert signed_in(lead).get(f"/national/releases/{release.token}/").status_code == 403


def test_a_prison_that_is_not_in_the_release_is_no_page(release: Release, inspector: User, signed_in: SignedIn) -> None:
    assert signed_in(inspector).get(f"/national/releases/{release.token}/prisons/XXX/").status_code == 404


def test_a_quarter_is_published_once(release: Release, national_lead: User, signed_in: SignedIn) -> None:
    page = signed_in(national_lead).get(PUBLISH).content.decode()
    assert "April to June 2026" in page
    assert "July to September 2026" not in page
    assert signed_in(national_lead).post(PUBLISH, {"quarter": "2026-Q3"}).status_code == 200
    assert Release.objects.count() == 1


def test_a_release_names_nobody(release: Release, inspector: User, national_lead: User, signed_in: SignedIn) -> None:
    client = signed_in(inspector)
    code = Prison.objects.get().code
    for address in ("", f"prisons/{code}/", f"prisons/{code}/OP-02/", "measures/OP-02/"):
        assert national_lead.name not in client.get(f"/national/releases/{release.token}/{address}").content.decode()


def test_a_running_quarter_is_not_offered(scheme: None, national_lead: User, signed_in: SignedIn) -> None:
    answer = signed_in(national_lead).post(PUBLISH, {"quarter": "2026-Q4"})
    assert answer.status_code == 200
    assert not Release.objects.exists()


def test_with_no_prison_there_is_nothing_to_publish(national_lead: User, signed_in: SignedIn) -> None:
    answer = signed_in(national_lead).post(PUBLISH, {"quarter": "2026-Q3", "note": "Kept"})
    assert "No prison uses the service yet" in answer.content.decode()
    assert "Kept" in answer.content.decode()


def test_a_release_never_changes(release: Release) -> None:
    with pytest.raises(DatabaseError, match="Cannot update"):
        ReleaseFigure.objects.update(value=1)


def test_a_group_stands_in_nobodys_place(release: Release, inspector: User, signed_in: SignedIn) -> None:
    whole = ReleaseFigure.objects.get(measure="OP-09a", period="2026-Q3", about=None)
    whole.pk, whole.breakdown, whole.state, whole.value = None, "age:50-59", "VALUE", Decimal(98765)
    ReleaseFigure.objects.bulk_create([whole])
    assert "98,765" not in signed_in(inspector).get(f"/national/releases/{release.token}/").content.decode()


def test_publishing_is_audited(release: Release, national_lead: User) -> None:
    event = AuditEvent.objects.get(code="release.published")
    assert event.actor_id == national_lead.pk
    assert event.details["period"] == "2026-Q3"


def test_the_national_lead_sees_who_has_not_returned(
    scheme: None, here: Prison, national_lead: User, inspector: User, signed_in: SignedIn
) -> None:
    from buddyscheme.lib.dates import parse_period
    from buddyscheme.scope.transaction import DatabaseRole, scoped
    from monitoring.rollups import roll_up

    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        roll_up(here.code, parse_period("2026-10"))  # type: ignore[arg-type]
    page = signed_in(national_lead).get("/national/returns/").content.decode()
    assert here.name in page
    assert "No return" in page
    assert signed_in(inspector).get("/national/returns/").status_code == 403
