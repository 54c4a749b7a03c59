"""A class from a file: every line is shown with what is wrong, and one confirm saves the good ones or nothing."""

from __future__ import annotations

import csv
import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.fields import PRISON_NUMBER_SHAPE
from tests import cast
from tests.builders import buddies as build
from tests.builders import training
from training.actions.sessions import change_session
from training.models import ModuleResult

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def people(learners):
    return learners(3)


@pytest.fixture
def session(here, trainer, people, practical, now, at_prison):
    with at_prison(here):
        return training.class_in("T09", here, trainer, now, people=people, places=3)


HEAD = "Prison number,Name,There,Knowledge,Practical"


def url(session, name="session_file"):
    return reverse(f"training:{name}", args=[session.prison_id, session.token])


def sent(client, session, *lines, head=HEAD):
    content = "\r\n".join([head, *lines]).encode()
    return client.post(url(session), {"file": SimpleUploadedFile("class.csv", content)})


def confirm(client, session, page):
    form = page.context["form"]
    values = {name: form[name].value() for name in ("text", "seen")}
    return client.post(url(session), values)


def good(people):
    return [f"{buddy.person.prison_number},,yes,passed,Passed" for buddy in people]


def test_nothing_is_saved_before_the_confirm(signed_in, trainer, session, people):
    client = signed_in(trainer)
    page = sent(client, session, *good(people))
    assert page.context["good"] == 3 and not ModuleResult.objects.exists()
    assert confirm(client, session, page).status_code == 302
    assert ModuleResult.objects.filter(outcome="PASSED", session=session).count() == 3


def test_every_bad_line_says_what_to_mend(signed_in, here, lead, trainer, wing, now, session, people, at_prison):
    with at_prison(here):
        applicant = build.applied(here, lead, now, wing=wing)
        late = build.in_training(here, lead, now, wing=wing)
    one, two, three = (buddy.person.prison_number for buddy in people)
    lines = [
        f"{one},,yes,passed,passed",
        f"{one},,yes,passed,passed",
        "Z9999ZZ,,yes,passed,passed",
        "nonsense,,yes,passed,passed",
        f"{applicant.person.prison_number},,yes,passed,passed",
        f"{two},,perhaps,passed,passed",
        f"{three},,yes,brilliant,passed",
        f"{three},,no,passed,",
        f"{late.person.prison_number},,yes,passed,passed",
    ]
    client = signed_in(trainer)
    page = sent(client, session, *lines)
    says = [row.cells[2] for row in page.context["table"].rows]
    assert says == [
        "–",
        "This person is in line 2 already.",
        "No buddy or applicant here has this prison number.",
        f"“nonsense” is not a prison number. {PRISON_NUMBER_SHAPE}.",
        "Not in training: the record says “Applied”.",
        "“perhaps” in “There” is not known. Write yes or no.",
        "“brilliant” in “Knowledge” is not known. Write passed or not yet.",
        "This person is in line 8 already.",
        "The class has 3 places and they are all taken. Give the class more places first.",
    ]
    answer = client.get(confirm(client, session, page)["Location"])
    assert "1 line saved, 8 not saved." in answer.content.decode()
    assert ModuleResult.objects.count() == 1


def test_a_number_of_another_prison_is_not_known(signed_in, elsewhere, outsider, trainer, session, now, at_prison):
    with at_prison(elsewhere):
        other = build.in_training(elsewhere, outsider, now)
    page = sent(signed_in(trainer), session, f"{other.person.prison_number},,yes,passed,passed")
    assert "No buddy or applicant here has this prison number." in page.content.decode()
    assert other.person.last_name not in page.content.decode() or other.person.last_name == "Person"


def test_what_changed_since_the_report_is_shown_again(signed_in, here, trainer, session, people, now, at_prison):
    client = signed_in(trainer)
    page = sent(client, session, *good(people))
    values = {name: page.context["form"][name].value() for name in ("text", "seen")}
    values["text"] = values["text"].replace("yes", "perhaps", 1)
    again = client.post(url(session), values)
    assert "Something changed since you looked at these lines. Nothing is saved." in again.content.decode()
    assert not ModuleResult.objects.exists()
    assert confirm(client, session, again).status_code == 302
    assert ModuleResult.objects.count() == 2


@pytest.mark.parametrize(
    ("head", "lines", "says"),
    [
        ("Number,There", ["1,yes"], "Missing: Prison number, Knowledge, Practical."),
        (HEAD, [], "The file has no line about anybody"),
        (HEAD, ["Z0001ZA,,yes,passed,passed"] * 201, "The file has 201 lines and there is room for 200"),
    ],
)
def test_a_file_that_cannot_be_read(signed_in, trainer, session, head, lines, says):
    assert says in sent(signed_in(trainer), session, *lines, head=head).content.decode()


def test_only_csv(signed_in, trainer, session):
    answer = signed_in(trainer).post(url(session), {"file": SimpleUploadedFile("class.pdf", b"x")})
    assert "Choose a file that ends in .csv" in answer.content.decode()


def test_semicolons_and_old_encodings_are_read(signed_in, trainer, session, people):
    lines = [line.replace(",", ";") for line in good(people)]
    assert sent(signed_in(trainer), session, *lines, head=HEAD.replace(",", ";")).context["good"] == 3


def test_a_class_to_come_is_refused(signed_in, here, trainer, people, practical, now, at_prison):
    with at_prison(here):
        later = training.class_in("T09", here, trainer, now, days=3, people=people)
    page = sent(signed_in(trainer), later, *good(people)).content.decode()
    assert "It can be marked once it has begun." in page and not ModuleResult.objects.exists()


def test_the_file_to_fill_in_names_who_is_booked_and_runs_nothing(signed_in, trainer, session, people):
    with_formula = people[0].person
    type(with_formula).objects.filter(pk=with_formula.pk).update(last_name="=2+2")
    answer = signed_in(trainer).get(url(session, "session_template"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == HEAD.split(",")
    assert {row[0] for row in rows[1:]} == {buddy.person.prison_number for buddy in people}
    assert any(row[1].startswith("'=2+2") for row in rows[1:])
    assert AuditEvent.objects.filter(code="exported", actor_id=trainer.pk).exists()


def test_more_places_make_room(here, trainer, session, now, at_prison):
    with at_prison(here):
        changed = change_session(
            by=cast.acts(trainer, here), now=now, session=session, held_on=session.held_on, trainer=trainer,
            starts_at=session.starts_at, place=session.place, places=4, version=session.version,
        )  # fmt: skip
    assert changed.places == 4
