"""A note to the lead is its own kind: in the lead's list, answered in person with a date, and on no terminal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from referrals.models import Concern
from tests.builders import terminal
from tests.builders.schemes import person_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ANSWER = {"talked_on": "2026-11-23", "words": "Talked about changing wings."}


@pytest.fixture
def note(here, lead, now, at_prison):
    with at_prison(here):
        writer = person_in(here, lead, now, last_name="Quietly")
        return terminal.concern_by(lead, here, now, kind="TALK_TO_STAFF", words="Can we talk?", writer=writer)


def answer(browser, at, note, **changed):
    return browser.post(at("note", note.token), {"version": note.version, **ANSWER, **changed})


def test_answered_by_talking(signed_in, lead, note, at, now):
    browser = signed_in(lead)
    assert "Quietly" in browser.get(at("notes")).content.decode()
    page = browser.get(at("note", note.token)).content.decode()
    assert "Can we talk?" in page and "nothing of it is shown at a terminal" in page
    assert answer(browser, at, note).status_code == 302
    note.refresh_from_db()
    assert (note.status, note.talked_on, note.writer_told_by, note.closed_at) == ("CLOSED", now.date(), lead, now)
    assert AuditEvent.objects.filter(code="note.answered", actor_id=lead.pk).exists()
    page = browser.get(at("note", note.token)).content.decode()
    assert "Talked about changing wings." in page and "23 November 2026" in page


def test_nobody_else_sees_it_and_it_is_no_concern(signed_in, lead, deputy, safeguarding, delegate, officer, note, at):
    for user in (safeguarding, delegate, officer):
        assert signed_in(user).get(at("notes")).status_code == 403
        assert signed_in(user).get(at("note", note.token)).status_code == 403
    for user in (lead, safeguarding):
        assert not signed_in(user).get(at("concerns")).context["table"].rows
        assert signed_in(user).get(at("concern", note.token)).status_code == 404
    assert signed_in(deputy).get(at("note", note.token)).status_code == 200


def test_a_concern_is_no_note(signed_in, lead, here, now, at_prison, at):
    with at_prison(here):
        concern = terminal.concern_by(lead, here, now)
    assert signed_in(lead).get(at("note", concern.token)).status_code == 404


def test_counted_on_the_home_page_and_overdue_after_72_hours(signed_in, lead, note, at, here, now, clock):
    page = signed_in(lead).get(reverse("home:prison", args=[here.code]))
    assert {t["text"]: t["count"] for t in page.context["tiles"]}["Notes to the lead to answer"] == 1
    clock.move_to(now + timedelta(hours=73))
    assert "Overdue" in signed_in(lead).get(at("notes") + "?state=open").content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"words": ""}, "Enter what was said"),
        ({"talked_on": ""}, "Enter the day on which you talked"),
        ({"talked_on": "2026-11-22"}, "must be from the day of the note to today"),
        ({"talked_on": "2026-11-24"}, "must be from the day of the note to today"),
        ({"version": 7}, "Somebody else changed this note"),
    ],
)
def test_rejects_bad_input(signed_in, lead, note, at, changed, sentence):
    page = answer(signed_in(lead), at, note, **changed).content.decode()
    assert sentence in page
    note.refresh_from_db()
    assert note.status == "NEW"


def test_once(signed_in, lead, note, at):
    answer(signed_in(lead), at, note)
    note.refresh_from_db()
    assert answer(signed_in(lead), at, note, words="Again").status_code == 200
    assert Concern.objects.get().actions.count() == 1


def test_another_prisons_is_404(signed_in, outsider, note, at):
    assert signed_in(outsider).get(at("note", note.token).replace("ZTA", "ZTB")).status_code == 404
