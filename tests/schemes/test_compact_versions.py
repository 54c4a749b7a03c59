"""The compact by version: published nationally, signed again by a day, in three formats; help goes on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from referrals.models import Match, PlannedVisit
from schemes.catalogue import load_compacts
from schemes.models import CompactSignature, CompactText
from schemes.queries.buddies import standing_of
from schemes.queries.compacts import to_sign_again, versions_needed
from tests.builders import buddies as build
from tests.builders import referrals, visits

pytestmark = pytest.mark.django_db
VERSION = {
    "text": "I help. I never lift anybody.",
    "text_cy": "Rwy’n helpu.",
    "text_easy": "I help people.",
    "welsh_checked": "no",
    "in_force_from": "2026-12-01",
    "sign_by": "2027-01-15",
    "after": 1,
}
SIGN_BY = date(2027, 1, 15)
SIGNED = {"signed_on": "2026-11-23", "format": "CY", "read_aloud": "yes", "witnessed": "on"}


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture(autouse=True)
def _loaded(db):
    load_compacts()


@pytest.fixture
def active(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.active_buddy(here, lead, now, wing=wing)


def url(name, *args):
    return reverse(f"schemes:{name}", args=["ZTA", *args])


def needed_on(day):
    return versions_needed(day).values_list("version", flat=True).first()


def publish(client, **change):
    return client.post(reverse("national:compact_publish"), VERSION | change)


def test_version_1_comes_in_three_formats_and_says_that_the_welsh_is_unchecked(signed_in, national_lead):
    text = CompactText.objects.get(version=1)
    assert text.text != text.text_cy != text.text_easy and not text.welsh_checked
    assert "Rwy’n" in text.text_cy and max(len(line) for line in text.text_easy.splitlines()) < 95
    page = signed_in(national_lead).get(reverse("national:compact", args=[1])).content.decode()
    assert "The Welsh awaits a translator" in page and 'lang="cy"' in page


def test_an_older_database_is_given_the_missing_formats_and_keeps_the_words_that_were_signed(db):
    CompactText.objects.filter(version=1).update(text="As signed", text_cy="", text_easy="")
    load_compacts()
    text = CompactText.objects.get(version=1)
    assert text.text == "As signed" and text.text_cy and text.text_easy


def test_the_national_lead_publishes_a_version(signed_in, national_lead):
    client = signed_in(national_lead)
    assert "I never lift" not in client.get(reverse("national:compacts")).content.decode()
    assert publish(client).status_code == 302
    text = CompactText.objects.get(version=2)
    assert (text.sign_by, text.published_by_id, text.welsh_checked) == (SIGN_BY, national_lead.pk, False)
    page = client.get(reverse("national:compacts")).content.decode()
    assert "Version 2" in page and "15\u00a0Jan\u00a02027" in page
    assert AuditEvent.objects.get(code="compact.published").details["sign_by"] == "2027-01-15"


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("sign_by", "2026-11-30", "must be on or after 1 December 2026"),
        ("sign_by", "2029-01-15", "must be on or before"),
        ("in_force_from", "2026-11-22", "must be today or later"),
        ("in_force_from", "2029-11-22", "must be on or before"),
        ("text_cy", "", "Enter the words in Welsh"),
        ("text_easy", "", "Enter the words in easy read"),
        ("after", 0, "Somebody else has published a version meanwhile"),
    ],
)
def test_rejects_bad_input_and_keeps_what_was_typed(signed_in, national_lead, field, typed, says):
    answer = publish(signed_in(national_lead), **{field: typed})
    assert answer.status_code == 200 and says in answer.content.decode()
    assert "I never lift anybody." in answer.content.decode()
    assert CompactText.objects.count() == 1


def test_only_the_national_lead_may(signed_in, inspector, lead):
    for user in (inspector, lead):
        assert publish(signed_in(user)).status_code == 403
        assert signed_in(user).get(reverse("national:compacts")).status_code == 403


def test_the_old_signature_holds_until_the_day_and_lapses_after_it(signed_in, national_lead, here, active, at_prison):
    publish(signed_in(national_lead))
    with at_prison(here):
        on_the_day, after = standing_of(active, SIGN_BY), standing_of(active, SIGN_BY + timedelta(days=1))
    assert (on_the_day.compact, on_the_day.compact_until) == ("IN_DATE", SIGN_BY)
    assert after.compact == "LAPSED"
    assert needed_on(SIGN_BY) == 1 and needed_on(SIGN_BY + timedelta(days=1)) == 2


def test_a_first_version_is_needed_while_there_is_still_time_to_sign_it(db):
    CompactText.objects.filter(version=1).update(sign_by=SIGN_BY)
    assert needed_on(SIGN_BY - timedelta(days=9)) == 1


def test_who_has_to_sign_again_is_listed_with_the_day_and_signs(
    signed_in, national_lead, here, lead, active, at_prison
):
    publish(signed_in(national_lead))
    client = signed_in(lead)
    home = " ".join(client.get(reverse("home:prison", args=[here.code])).content.decode().split())
    assert "Compacts to sign again" in home and "By 15 January 2027" in home
    page = client.get(url("compacts")).content.decode()
    assert active.person.list_name in page and "15 January 2027" in page and "Due" in page
    page = client.get(url("buddy", active.token)).content.decode()
    assert "Version 2 of the compact has to be signed by 15 January 2027" in page and "Record the compact" in page
    assert client.post(url("compact", active.token), SIGNED).status_code == 302
    signature = CompactSignature.objects.get(buddy=active, text=2)
    assert (signature.format, signature.witnessed_by_id) == ("CY", lead.pk)
    with at_prison(here):
        assert not to_sign_again(here).exists()
        assert standing_of(active, SIGN_BY + timedelta(days=400)).compact == "IN_DATE"
    assert "Welsh" in client.get(url("buddy", active.token)).content.decode()


def test_a_lapsed_compact_stops_a_new_match_and_no_visit(signed_in, national_lead, here, lead, wing, now, at_prison):
    with at_prison(here):
        plan, buddy, match = visits.helped(here, lead, now, wing=wing)
        other = referrals.agreed_plan(here, lead, now)
    publish(signed_in(national_lead))
    later = now + timedelta(days=56)
    with time_machine.travel(later, tick=False):
        with at_prison(here):
            assert standing_of(buddy, later.date()).compact == "LAPSED"
            visits.day_opened(here, later.date(), later)
        assert Match.objects.get(pk=match.pk).status == "ACTIVE"
        planned = PlannedVisit.objects.filter(plan=plan, day=later.date())
        assert planned.exists() and not planned.filter(buddy=None).exists()
        page = signed_in(lead).get(reverse("referrals:suitability", args=[here.code, other.token, buddy.token]))
        assert "The compact ran out" in page.content.decode()
        page = signed_in(lead).get(url("compacts")).content.decode()
        assert "Lapsed" in page


@pytest.mark.parametrize(
    ("format", "holds", "label"),
    [("EN", "I do not lift anybody", "Signed"), ("CY", "Nid wyf yn codi neb", "Llofnod"), ("EASY", "I sign here", "")],
)
def test_the_paper_to_sign(signed_in, here, lead, active, format, holds, label):
    page = signed_in(lead).get(url("compact_paper", active.token, format)).content.decode()
    assert holds in page and label in page and active.person.prison_number in page
    assert ("yn aros am gyfieithydd" in page) == (format == "CY")
    assert AuditEvent.objects.filter(code="printed", person_id=active.person_id).exists()
    assert signed_in(lead).get(url("compact_paper", active.token, "XX")).status_code == 404


def test_the_page_shows_the_format_that_is_asked_for(signed_in, lead, active):
    page = signed_in(lead).get(url("compact", active.token), {"format": "CY"}).content.decode()
    assert "Rwy’n helpu pobl" in page and "The Welsh awaits a translator" in page
    assert "I do not lift anybody" in signed_in(lead).get(url("compact", active.token)).content.decode()
