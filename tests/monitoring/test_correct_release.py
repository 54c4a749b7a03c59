"""A quarter is published again because records came late: both releases stay, and each says which replaces which."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Month
from monitoring import release_audit
from monitoring.actions.releases import publish_release
from monitoring.models import Figure, FigureCorrection, Release, ReleaseFigure
from monitoring.rollups import roll_up_around
from referrals.models import Referral
from tests.builders.published import publish, refused
from tests.builders.quality import months_closed
from tests.builders.referrals import referral_of
from tests.builders.schemes import open_scheme, person_in
from tests.cast import acts
from tests.meta.test_constraints import copy_of

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
At = Callable[[Prison], Any]
MAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
JULY_10 = datetime(2026, 7, 10, 9, 0, tzinfo=UTC)
JULY, SEPTEMBER = Month(2026, 7), Month(2026, 9)
REASON = "Referrals of July were recorded late."


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def referred(here: Prison, lead: User, people: int) -> None:
    """So many more people are referred on one day of July."""
    one = referral_of(person_in(here, lead, MAY), lead, JULY_10)
    done = {
        "status": "NOT_PROGRESSED", "outcome": "NONE", "outcome_reason": "No need was found",
        "screened_at": JULY_10, "screened_by": lead,
    }  # fmt: skip
    Referral.objects.bulk_create(
        [copy_of(one, reference=f"{one.reference}-{number}", **done) for number in range(1, people)]
    )


@pytest.fixture
def first(here: Prison, lead: User, wing: Wing, national_lead: User, now: datetime, at_prison: At) -> Release:
    """The quarter as it was published when July, with 12 referrals, was closed: an hour ago."""
    with at_prison(here):
        open_scheme(here, lead, wing, MAY)
        referred(here, lead, 12)
        roll_up_around(here.code, JULY, now=now)
        months_closed(here, lead, now - timedelta(days=1), JULY, SEPTEMBER)
    return publish_release(
        by=acts(national_lead), now=now - timedelta(hours=1), quarter=JULY.quarter, note="The first one."
    )


@pytest.fixture
def changed(first: Release, here: Prison, lead: User, now: datetime, at_prison: At) -> Release:
    """Thirty more referrals of July came late."""
    with at_prison(here):
        referred(here, lead, 30)
        roll_up_around(here.code, JULY, now=now)
    return first


def url(release: Release, then: str = "") -> str:
    return f"/national/releases/{release.token}/{then}"


def referrals_in(release: Release) -> tuple[str, Any]:
    figure = ReleaseFigure.objects.get(
        release=release, measure="OP-09a", period="2026-Q3", about_id="ZTA", breakdown=""
    )
    return figure.state, figure.value


def test_the_national_lead_publishes_the_quarter_again_with_the_reason(
    changed: Release, national_lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(national_lead)
    assert url(changed, "correct/") in client.get(url(changed)).content.decode()
    page = client.get(url(changed, "correct/")).content.decode()
    assert "Referrals received" in page
    assert "July 2026" in page
    again = publish(client, url(changed, "correct/"), {"reason": REASON})
    assert again.replaces == changed
    assert (again.reason, again.corrected, again.period) == (REASON, ["ZTA"], "2026-Q3")
    assert referrals_in(changed) == ("VALUE", 10)
    assert referrals_in(again) == ("VALUE", 40)


def test_what_changed_is_named_without_its_numbers(changed: Release, national_lead: User, signed_in: SignedIn) -> None:
    """The national lead reads what is published; the exact 12 and 42 are the prison's own."""
    assert FigureCorrection.objects.filter(figure__measure="OP-09a", was_value=12, value=42).exists()
    (row,) = signed_in(national_lead).get(url(changed, "correct/")).context["table"].rows
    assert row.text == "Testwick"
    assert row.cells[0].startswith("Referrals received; ")
    assert row.cells[1:] == ["July 2026\nJuly to September 2026", "23 November 2026"]
    assert "42" not in str(row)


def test_readers_of_both_see_which_replaces_which(
    changed: Release, here: Prison, national_lead: User, inspector: User, signed_in: SignedIn
) -> None:
    publish(signed_in(national_lead), url(changed, "correct/"), {"reason": REASON})
    again = Release.objects.get(replaces=changed)
    client = signed_in(inspector)
    for then in ("", f"prisons/{here.code}/"):
        old, new = client.get(url(changed, then)).content.decode(), client.get(url(again, then)).content.decode()
        assert "This release was replaced on 23 November 2026" in old
        assert url(again) in old
        assert "This is a correction. It replaces" in new
        assert url(changed) in new
        assert f"Records had changed at {here.name}." in new
        assert old.count(REASON) == new.count(REASON) == 1
    tags = {row.href: row.tag.text for row in client.get("/national/releases/").context["table"].rows}
    assert tags == {url(changed): "Replaced", url(again): "Correction"}


def test_an_inspector_is_offered_none_and_a_replaced_one_neither(
    changed: Release, national_lead: User, inspector: User, signed_in: SignedIn
) -> None:
    assert "correct/" not in signed_in(inspector).get(url(changed)).content.decode()
    publish(signed_in(national_lead), url(changed, "correct/"), {"reason": REASON})
    assert url(changed, "correct/") not in signed_in(national_lead).get(url(changed)).content.decode()


def test_correcting_needs_the_permission(changed: Release, inspector: User, lead: User, signed_in: SignedIn) -> None:
    for user in (inspector, lead):
        assert signed_in(user).post(url(changed, "correct/"), {"reason": REASON}).status_code == 403
    assert Release.objects.count() == 1


def test_a_release_that_is_none_is_no_page(first: Release, national_lead: User, signed_in: SignedIn) -> None:
    assert signed_in(national_lead).get("/national/releases/none/correct/").status_code == 404


def test_what_has_not_changed_is_not_published_again(first: Release, national_lead: User, signed_in: SignedIn) -> None:
    client = signed_in(national_lead)
    assert "correct/" not in client.get(url(first)).content.decode()
    assert "nothing to correct" in client.get(url(first, "correct/")).content.decode()
    page = client.post(url(first, "correct/"), {"reason": REASON}).content.decode()
    assert "nothing to correct" in page
    assert REASON in page
    assert Release.objects.count() == 1


def test_a_figure_of_a_month_that_was_open_then_counts_as_changed(
    first: Release, here: Prison, national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    Figure.objects.for_prison(here).filter(measure="OP-09a", period="2026-08").delete()
    roll_up_around(here.code, Month(2026, 8), now=now)
    assert "Referrals received" in signed_in(national_lead).get(url(first, "correct/")).content.decode()


def test_only_the_newest_is_corrected(changed: Release, national_lead: User, signed_in: SignedIn) -> None:
    client = signed_in(national_lead)
    publish(client, url(changed, "correct/"), {"reason": REASON})
    page = client.post(url(changed, "correct/"), {"reason": "Once more."}).content.decode()
    assert "This release has been replaced" in page
    assert Release.objects.count() == 2


def test_without_a_reason_nothing_is_published(changed: Release, national_lead: User, signed_in: SignedIn) -> None:
    page = signed_in(national_lead).post(url(changed, "correct/"), {"reason": " "}).content.decode()
    assert "Enter why the figures are published again" in page
    assert Release.objects.count() == 1


def test_a_change_of_a_few_is_hidden_in_the_correction(
    first: Release, here: Prison, lead: User, national_lead: User, now: datetime, at_prison: At, signed_in: SignedIn
) -> None:
    """12 became 18: shown as 10 and 20 it would say that between 4 and 12 were added."""
    with at_prison(here):
        referred(here, lead, 6)
        roll_up_around(here.code, JULY, now=now)
    publish(signed_in(national_lead), url(first, "correct/"), {"reason": REASON})
    assert referrals_in(first) == ("VALUE", 10)
    assert referrals_in(Release.objects.get(replaces=first)) == ("TOO_FEW", None)


def test_a_correction_that_gives_a_number_away_is_refused_and_the_pair_is_named(
    first: Release, here: Prison, lead: User, national_lead: User, now: datetime, at_prison: At, signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The second look is made to hide nothing, as it would if it had been forgotten: the audit finds the change."""
    with at_prison(here):
        referred(here, lead, 6)
        roll_up_around(here.code, JULY, now=now)
    monkeypatch.setattr(release_audit, "_hidden_for", lambda *_: [])
    page = refused(signed_in(national_lead), url(first, "correct/"), {"reason": REASON})
    assert "Nothing was published" in page
    assert "The change of OP-09a, ZTA" in page
    assert REASON in page
    assert Release.objects.count() == 1


def test_the_earlier_release_never_changes(changed: Release, national_lead: User, signed_in: SignedIn) -> None:
    publish(signed_in(national_lead), url(changed, "correct/"), {"reason": REASON})
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Release.objects.filter(pk=changed.pk).update(reason="Another")


def test_correcting_is_audited(changed: Release, national_lead: User, signed_in: SignedIn) -> None:
    publish(signed_in(national_lead), url(changed, "correct/"), {"reason": REASON})
    event = AuditEvent.objects.get(code="release.corrected")
    assert event.actor_id == national_lead.pk
    assert event.details["period"] == "2026-Q3"
    assert event.details["changed"] > 0
    assert REASON not in str(event.details)
