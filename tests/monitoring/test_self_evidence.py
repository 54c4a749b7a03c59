"""What shows an answer: a page here, something kept elsewhere, or a file that is what its ending says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.events import Event
from buddyscheme.audit.models import AuditEvent
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import SelfAction, SelfAnswer, SelfAssessment, SelfEvidence, SelfFile
from tests.builders import referrals, self_assessment
from tests.builders.self_assessment import PDF

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
AtPrison = Callable[[Prison], Any]
PAGE = "/prisons/ZTA/self-assessment/2026-Q4/"
FORM = f"{PAGE}SA-08/evidence/"
ACTION = f"{PAGE}SA-08/action/"
PLAN = "/prisons/ZTA/self-assessment/actions/"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def archive(*names: str) -> bytes:
    """A ZIP file with these names in it."""
    kept = BytesIO()
    with ZipFile(kept, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return kept.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def begun(here: Prison, lead: User, now: datetime, at_prison: AtPrison) -> SelfAssessment:
    with at_prison(here):
        referrals.scheme_open(here, lead, now - timedelta(days=60))
        return self_assessment.started(here, lead, now)


@pytest.fixture
def answer(begun: SelfAssessment, here: Prison, lead: User, now: datetime, at_prison: AtPrison) -> SelfAnswer:
    with at_prison(here):
        return self_assessment.answered(begun, lead, now)


def upload(name: str, content: bytes) -> dict[str, Any]:
    return {"shows": "Courses held", "file": SimpleUploadedFile(name, content)}


@pytest.mark.parametrize(
    ("name", "content", "media"),
    [
        ("courses.pdf", PDF, "application/pdf"),
        ("board.PNG", PNG, "image/png"),
        ("list.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_file_is_kept_and_comes_back_as_an_attachment(
    name: str, content: bytes, media: str, answer: SelfAnswer, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    page = client.post(FORM, upload(name, content), follow=True).content.decode()
    assert "Courses held" in page
    assert name in page
    token = SelfEvidence.objects.get().token
    file = client.get(f"/prisons/ZTA/self-assessment/evidence/{token}/file/")
    assert (file.content, file["Content-Type"]) == (content, media)
    assert file["Content-Disposition"].startswith('attachment; filename="SA-08-2026-Q4.')
    assert file["X-Content-Type-Options"] == "nosniff"
    assert AuditEvent.objects.filter(code=Event.VIEWED, subject_type="monitoring.selfevidence").count() == 1


@pytest.mark.parametrize("page", ["/prisons/ZTA/figures/?period=2026-10", "http://testserver/prisons/ZTA/figures/"])
def test_a_page_is_kept_by_its_own_path(page: str, answer: SelfAnswer, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(FORM, {"shows": "Figures", "page": page})
    place = SelfEvidence.objects.get().place
    assert place == page.removeprefix("http://testserver")
    assert f'href="{place}"' in client.get(PAGE).content.decode()


def test_what_is_kept_elsewhere_is_said_in_words(answer: SelfAnswer, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(FORM, {"shows": "Minutes", "kept": "Minutes of 4 June, safer custody office"})
    assert "Minutes of 4 June, safer custody office" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"shows": "", "kept": "A shelf"}, "Say what it shows"),
        ({"shows": "Minutes"}, "Fill in one of the three"),
        ({"shows": "Minutes", "kept": "A shelf", "page": "/prisons/ZTA/figures/"}, "Fill in only one of the three"),
        ({"shows": "Figures", "page": "/prisons/ZTB/figures/"}, "Copy the address of a page about this prison"),
        ({"shows": "Figures", "page": "https://elsewhere.example/prisons/ZTA/figures/"}, "Copy the address of a page"),
        ({"shows": "Figures", "page": "//elsewhere.example/prisons/ZTA/figures/"}, "Copy the address of a page"),
        ({"shows": "Figures", "page": "/prisons/ZTA/no-such-page/"}, "Copy the address of a page"),
        ({"shows": "Figures", "page": "javascript:alert(1)"}, "Copy the address of a page"),
        (upload("courses.pdf", b"GIF89a"), "This is no PDF, PNG or Word document inside"),
        (upload("list.docx", archive("xl/workbook.xml")), "This is no PDF, PNG or Word document inside"),
        (
            upload("list.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
            "This is no PDF, PNG or Word document inside",
        ),
        (upload("list.docx", b"PK\x03\x04 no archive"), "This is no PDF, PNG or Word document inside"),
        (upload("page.html", PDF), "Choose a file that ends in"),
        (upload("courses.pdf", b""), "The file is empty"),
        (upload("courses.pdf", PDF + bytes(5_000_000)), "Choose a file smaller than 5 MB"),
    ],
)
def test_bad_evidence_gets_one_sentence_and_nothing_is_kept(
    typed: dict[str, Any], sentence: str, answer: SelfAnswer, lead: User, signed_in: SignedIn
) -> None:
    for value in typed.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    page = signed_in(lead).post(FORM, typed).content.decode()
    assert sentence in page
    assert not SelfEvidence.objects.exists()


def test_evidence_follows_an_answer(begun: SelfAssessment, lead: User, signed_in: SignedIn) -> None:
    assert signed_in(lead).post(FORM, {"shows": "Minutes", "kept": "A shelf"}).status_code == 302
    assert not SelfEvidence.objects.exists()


def test_evidence_stays_with_the_item_when_the_answer_changes(
    answer: SelfAnswer, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        self_assessment.file_of(answer, lead, now)
        self_assessment.answered(answer.assessment, lead, now, answer="MET")
    assert "List of courses" in signed_in(lead).get(PAGE).content.decode()


def test_a_file_that_is_taken_out_is_gone(
    answer: SelfAnswer, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        token = self_assessment.file_of(answer, lead, now).token
    client = signed_in(lead)
    url = f"/prisons/ZTA/self-assessment/evidence/{token}"
    assert "cannot be brought back" in client.get(f"{url}/take-out/").content.decode()
    client.post(f"{url}/take-out/")
    assert not SelfFile.objects.exists()
    assert SelfEvidence.objects.get().taken_out_by == lead
    assert client.get(f"{url}/file/").status_code == 404
    assert "List of courses" not in client.get(PAGE).content.decode()
    assert AuditEvent.objects.filter(code="self_assessment.evidence_taken_out").count() == 1


def test_nothing_is_taken_out_of_a_finished_one(
    answer: SelfAnswer, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        token = self_assessment.file_of(answer, lead, now).token
        self_assessment.all_answered(answer.assessment, lead, now)
    client = signed_in(lead)
    client.post(f"{PAGE}finish/", {"version": "1"})
    page = client.post(f"/prisons/ZTA/self-assessment/evidence/{token}/take-out/")
    assert "This self-assessment is finished and stays as it is" in page.content.decode()
    assert SelfFile.objects.exists()


def test_the_delegate_opens_a_file_and_an_officer_or_another_prison_does_not(
    answer: SelfAnswer, here: Prison, lead: User, delegate: User, officer: User, outsider: User, signed_in: SignedIn,
    now: datetime, at_prison: AtPrison,
) -> None:  # fmt: skip
    with at_prison(here):
        token = self_assessment.file_of(answer, lead, now).token
    url = f"/prisons/ZTA/self-assessment/evidence/{token}/file/"
    assert signed_in(delegate).get(url).status_code == 200
    assert signed_in(officer).get(url).status_code == 403
    assert signed_in(outsider).get(url).status_code == 404
    assert signed_in(outsider).get(url.replace("ZTA", "ZTB")).status_code == 404


def test_no_role_across_prisons_reads_a_file(
    answer: SelfAnswer, here: Prison, lead: User, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        self_assessment.file_of(answer, lead, now)
    with scoped(DatabaseRole.NATIONAL):
        assert SelfEvidence.objects.count() == 1
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            SelfFile.objects.count()


# --- the plan of action ----------------------------------------------------------------------------------


def planned(**changes: str) -> dict[str, str]:
    return {
        "what": "Hold a course", "responsible": "Deputy lead", "due_on-day": "15", "due_on-month": "1",
        "due_on-year": "2027", **changes,
    }  # fmt: skip


def test_an_action_is_planned_shown_and_closed(begun: SelfAssessment, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    page = client.post(ACTION, planned(), follow=True).content.decode()
    assert "Hold a course" in page
    assert "Deputy lead, by 15 January 2027" in page
    token = SelfAction.objects.get().token
    client.post(f"{PLAN}{token}/close/", {"state": "DONE", "came_of": ""})
    action = SelfAction.objects.get()
    assert (action.state, action.done_by) == ("DONE", lead)
    assert "No action is open." in client.get(PLAN).content.decode()
    assert "Hold a course" in client.get(f"{PLAN}?show=closed").content.decode()
    codes = AuditEvent.objects.filter(code__startswith="self_assessment.action").values_list("code", flat=True)
    assert sorted(codes) == ["self_assessment.action_added", "self_assessment.action_closed"]


def test_an_open_action_goes_on_to_the_next_quarter_until_it_is_closed(
    begun: SelfAssessment, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        kept = self_assessment.planned(begun, lead, now, what="Hold a course")
        closed = self_assessment.planned(begun, lead, now, what="Order leaflets")
    client = signed_in(lead)
    client.post(f"{PLAN}{closed.token}/close/", {"state": "DROPPED", "came_of": "No money"})
    with time_machine.travel(datetime(2027, 1, 11, 10, 0, tzinfo=now.tzinfo), tick=False):
        client = signed_in(lead)
        client.post("/prisons/ZTA/self-assessment/2027-Q1/start/")
        page = client.get("/prisons/ZTA/self-assessment/2027-Q1/").content.decode()
        assert "Hold a course" in page
        assert "Order leaflets" not in page
        client.post(f"{PLAN}{kept.token}/close/", {"state": "DONE", "came_of": "Held on 8 January"})
        page = client.get("/prisons/ZTA/self-assessment/2027-Q1/").content.decode()
        assert "Held on 8 January" in page


def test_what_is_past_its_day_is_overdue(
    begun: SelfAssessment, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        self_assessment.planned(begun, lead, now, what="Due today", due_on=now.date())
        self_assessment.planned(begun, lead, now, what="Due tomorrow", due_on=now.date() + timedelta(days=1))
    with time_machine.travel(now + timedelta(days=1), tick=False):
        page = signed_in(lead).get(f"{PLAN}?show=overdue").content.decode()
    assert "Due today" in page
    assert "Overdue" in page
    assert "Due tomorrow" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"what": ""}, "Say what will be done"),
        ({"responsible": ""}, "Say whose job it is"),
        ({"due_on-year": "2026"}, "Enter a day from today to three years from now"),
        ({"due_on-year": "2031"}, "Enter a day from today to three years from now"),
        ({"due_on-day": ""}, "must include a day"),
    ],
)
def test_a_bad_action_gets_one_sentence_and_nothing_is_kept(
    changes: dict[str, str], sentence: str, begun: SelfAssessment, lead: User, signed_in: SignedIn
) -> None:
    page = signed_in(lead).post(ACTION, planned(**changes)).content.decode()
    assert sentence in page
    assert not SelfAction.objects.exists()


def test_an_action_is_dropped_only_with_a_reason_and_closed_once(
    begun: SelfAssessment, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: AtPrison
) -> None:
    with at_prison(here):
        token = self_assessment.planned(begun, lead, now).token
    client = signed_in(lead)
    url = f"{PLAN}{token}/close/"
    assert "Say why it is dropped" in client.post(url, {"state": "DROPPED", "came_of": " "}).content.decode()
    assert "Select whether it is done or dropped" in client.post(url, {"state": ""}).content.decode()
    client.post(url, {"state": "DROPPED", "came_of": "No money"})
    assert client.post(url, {"state": "DONE", "came_of": ""}).status_code == 302
    assert SelfAction.objects.get().state == "DROPPED"


def test_the_delegate_reads_the_plan_and_closes_nothing(
    begun: SelfAssessment, here: Prison, lead: User, delegate: User, officer: User, signed_in: SignedIn,
    now: datetime, at_prison: AtPrison,
) -> None:  # fmt: skip
    with at_prison(here):
        token = self_assessment.planned(begun, lead, now).token
    client = signed_in(delegate)
    page = client.get(PLAN).content.decode()
    assert "Hold a course in January" in page
    assert token not in page
    assert client.post(f"{PLAN}{token}/close/", {"state": "DONE"}).status_code == 403
    assert signed_in(officer).get(PLAN).status_code == 403
