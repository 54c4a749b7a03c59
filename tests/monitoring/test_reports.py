"""A report on one prison: asked for, made by a worker, read as page and PDF, kept for its reader for some days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.outbox.models import Message
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.reports import sweep_reports
from monitoring.models import Release, ReleaseReport, ReleaseReportFile
from monitoring.tasks import sweep_reports as sweep_task
from tests import cast
from tests.builders import published
from tests.builders.schemes import open_scheme

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def release(here: Prison, lead: User, wing: Wing, national_lead: User, signed_in: SignedIn) -> Release:
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        open_scheme(here, lead, wing, datetime(2026, 5, 4, 9, 0, tzinfo=UTC))
    return published.publish(signed_in(national_lead), published.QUARTER, {"quarter": "2026-Q3", "note": ""})


def ask(release: Release, here: Prison) -> str:
    return f"/national/releases/{release.token}/report/{here.code}/"


def made() -> None:
    """As a worker: everything that waits in the outbox about reports."""
    Message.objects.exclude(topic__startswith="report.").delete()
    with scoped(DatabaseRole.NATIONAL):
        drain()


def test_an_inspector_has_a_report_made_and_reads_it(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    assert (
        "Have an inspection report made"
        in client.get(f"/national/releases/{release.token}/prisons/{here.code}/").content.decode()
    )
    address = client.post(ask(release, here))["Location"]
    waiting = client.get(address)
    assert "This page looks again by itself" in waiting.content.decode()
    assert waiting["Refresh"] == "2"
    made()
    answer = client.get(address)
    page = answer.content.decode()
    assert "Refresh" not in answer
    assert "Buddy scheme at Testwick" in page
    assert "What stands out" in page
    assert "Rules by which conclusions are made" in page
    assert "OFFICIAL" in page
    assert f'href="{address}report.pdf"' in page


def test_sections_stand_in_the_order_of_an_inspection_report(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    address = client.post(ask(release, here))["Location"]
    made()
    page = client.get(address).content.decode()
    headings = [
        "Identifying need, access and timeliness", "Quality and safety of help",
        "Peers recruited, trained, supervised and supported", "Boundaries and safeguarding", "Equality",
        "Continuity at transfer and release", "Leadership and data", "Methods",
    ]  # fmt: skip
    places = [
        re.search(rf'<h2 class="govuk-heading-m" id="[a-z0-9-]+">{heading}</h2>', page).start() for heading in headings
    ]
    assert places == sorted(places)


def test_the_pdf_is_tagged_marked_and_accounted_for(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    address = client.post(ask(release, here))["Location"]
    made()
    answer = client.get(f"{address}report.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="buddy-scheme-ZTA-2026-Q3-OFFICIAL.pdf"'
    assert answer.content.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in answer.content
    assert b"pdfuaid:part" in answer.content
    event = AuditEvent.objects.get(code="exported")
    assert event.actor_id == inspector.pk
    assert (event.details["format"], event.details["about"]) == ("pdf", here.code)
    assert event.details["rows"] > 50


def test_the_making_shows_its_steps_and_can_be_gone_on_with(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    address = client.post(ask(release, here))["Location"]
    assert 'value="1"' in client.get(address).content.decode()
    first = Message.objects.get(topic="report.asked")
    from buddyscheme.outbox.relay import handle

    with scoped(DatabaseRole.NATIONAL):
        handle(first.pk)
    assert 'value="2"' in client.get(address).content.decode()
    # The same message once more changes nothing.
    with scoped(DatabaseRole.NATIONAL):
        assert not handle(first.pk)
    made()
    assert ReleaseReport.objects.get().state == "READY"
    assert ReleaseReportFile.objects.count() == 1


def test_asking_twice_leads_to_the_one_that_is_being_made(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    assert client.post(ask(release, here))["Location"] == client.post(ask(release, here))["Location"]
    assert ReleaseReport.objects.count() == 1
    made()
    page = client.get(ask(release, here)).content.decode()
    assert "Asked for on 23 November 2026, 10:00" in page
    listed = client.get("/national/reports/").content.decode()
    assert "Testwick, July to September 2026" in listed
    assert "Ready" in listed


def test_it_needs_the_permission(release: Release, here: Prison, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    for address in (ask(release, here), "/national/reports/", "/national/reports/x/", "/national/reports/x/report.pdf"):
        assert client.get(address).status_code == 403
    assert client.post(ask(release, here)).status_code == 403


def test_somebody_elses_report_is_not_there(
    release: Release, here: Prison, inspector: User, national_lead: User, signed_in: SignedIn
) -> None:
    address = signed_in(inspector).post(ask(release, here))["Location"]
    made()
    other = signed_in(national_lead)
    assert other.get(address).status_code == 404
    assert other.get(f"{address}report.pdf").status_code == 404
    assert "You have no report" in other.get("/national/reports/").content.decode()


def test_the_database_itself_shows_a_report_to_its_reader_alone(
    release: Release, here: Prison, inspector: User, national_lead: User, signed_in: SignedIn
) -> None:
    signed_in(inspector).post(ask(release, here))
    made()
    for user, count in ((inspector, 1), (national_lead, 0)):
        with scoped(DatabaseRole.WEB, user_id=user.pk):
            assert ReleaseReport.objects.count() == count
            assert ReleaseReportFile.objects.count() == count
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        assert not ReleaseReport.objects.exists()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            ReleaseReport.objects.create(
                release=release, about=here, asked_by=inspector, asked_at=release.published_at,
                expires_at=release.published_at + timedelta(days=1),
            )  # fmt: skip


def test_a_prison_that_is_not_in_the_release_has_no_report(
    release: Release, elsewhere: Prison, inspector: User, signed_in: SignedIn
) -> None:
    for code in (elsewhere.code, "XXX"):
        assert signed_in(inspector).post(f"/national/releases/{release.token}/report/{code}/").status_code == 404
    assert not ReleaseReport.objects.exists()


def test_what_cannot_be_made_is_said_and_can_be_made_again(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(inspector)
    address = client.post(ask(release, here))["Location"]
    with monkeypatch.context() as broken:
        broken.setattr("monitoring.actions.reports.report_pdf", lambda *_args, **_more: 1 / 0)
        made()
    page = client.get(address).content.decode()
    assert "The report could not be made" in page
    assert client.get(f"{address}report.pdf").status_code == 404
    assert AuditEvent.objects.get(code="report.failed").details["fault"] == "ZeroDivisionError"
    again = client.post(ask(release, here))["Location"]
    assert again != address
    made()
    assert "What stands out" in client.get(again).content.decode()


def test_it_is_gone_after_its_days(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn, now: datetime
) -> None:
    client = signed_in(inspector)
    address = client.post(ask(release, here))["Location"]
    made()
    with time_machine.travel(now + timedelta(days=6), tick=False):
        sweep_task()
    assert ReleaseReport.objects.count() == 1
    with time_machine.travel(now + timedelta(days=7, minutes=1), tick=False):
        assert signed_in(inspector).get(address).status_code == 404
        sweep_task()
    assert not ReleaseReport.objects.exists()
    assert not ReleaseReportFile.objects.exists()
    assert AuditEvent.objects.get(code="report.swept").details["rows"] == 1


def test_sweeping_nothing_leaves_no_event(now: datetime, db: None) -> None:
    with scoped(DatabaseRole.NATIONAL):
        assert sweep_reports(by=Actor.system(), now=now) == 0
    assert not AuditEvent.objects.filter(code="report.swept").exists()


def test_asking_making_and_reading_are_audited(
    release: Release, here: Prison, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    address = client.post(ask(release, here))["Location"]
    made()
    client.get(address)
    asked = AuditEvent.objects.get(code="report.asked")
    assert (asked.actor_id, asked.details["about"]) == (inspector.pk, here.code)
    assert AuditEvent.objects.get(code="report.made").actor_kind == "system"
    read = AuditEvent.objects.get(code="viewed", subject_type="monitoring.releasereport")
    assert read.details["about"] == here.code


# At the prison ---------------------------------------------------------------------------------------------------


def test_a_lead_reads_the_same_report_about_their_own_prison(
    release: Release, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    client, base = signed_in(lead), f"/prisons/{here.code}/figures/reports/"
    assert "Make a report" in client.get(base).content.decode()
    address = client.post(f"{base}make/", {"release": release.token})["Location"]
    assert address.startswith(base)
    made()
    assert "Buddy scheme at Testwick" in client.get(address).content.decode()
    assert client.get(f"{address}report.pdf").content.startswith(b"%PDF")
    event = AuditEvent.objects.get(code="exported")
    assert (event.prison_code, event.details["format"]) == (here.code, "pdf")
    assert "Testwick, July to September 2026" in client.get(base).content.decode()
    # Asked for here, it is of no use on the national pages.
    assert client.get(f"/national/reports/{ReleaseReport.objects.get().token}/").status_code == 403


def test_a_lead_must_choose_a_release(release: Release, here: Prison, lead: User, signed_in: SignedIn) -> None:
    for chosen, sentence in (("", "Select a release"), ("nonsense", "Select one of the answers on the page")):
        page = signed_in(lead).post(f"/prisons/{here.code}/figures/reports/make/", {"release": chosen})
        assert page.status_code == 200
        assert sentence in page.content.decode()
    assert not ReleaseReport.objects.exists()


def test_before_anything_is_published_there_is_nothing_to_make(here: Prison, lead: User, signed_in: SignedIn) -> None:
    page = signed_in(lead).get(f"/prisons/{here.code}/figures/reports/").content.decode()
    assert "Nothing has been published about this prison yet" in page
    assert "Make a report" not in page


def test_at_the_prison_it_needs_the_permission(
    release: Release, here: Prison, officer: User, outsider: User, signed_in: SignedIn
) -> None:
    base = f"/prisons/{here.code}/figures/reports/"
    for path in ("", "make/", "x/", "x/report.pdf"):
        assert signed_in(officer).get(f"{base}{path}").status_code == 403
        assert signed_in(outsider).get(f"{base}{path}").status_code == 404


def test_a_report_about_another_prison_is_not_read_here(
    release: Release, here: Prison, elsewhere: Prison, lead: User, signed_in: SignedIn
) -> None:
    """Not even by the same person, with a role at both."""
    base = f"/prisons/{here.code}/figures/reports/"
    address = signed_in(lead).post(f"{base}make/", {"release": release.token})["Location"]
    made()
    there = cast.make_staff("Both Lead", "LEAD", elsewhere)
    assert signed_in(there).get(address.replace(here.code, elsewhere.code)).status_code == 404
