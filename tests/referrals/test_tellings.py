"""Whoever asked, and the person, are told what came of a referral, in words that are right for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals import told_words
from referrals.models import Referral, ReferralTelling
from referrals.rules.tellings import HOW_TOLD, audiences_of
from tests.builders import referrals as build
from tests.builders.moving import leave
from tests.builders.schemes import person_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_who_is_told() -> None:
    assert audiences_of("STAFF") == ("PERSON",) == audiences_of("SELF")
    for source in ("PEER", "HEALTHCARE", "COUNCIL", "FAMILY"):
        assert audiences_of(source) == ("PERSON", source)
    assert set(HOW_TOLD) == set(ReferralTelling.Audience.values)


def test_every_outcome_has_words_for_everybody() -> None:
    for outcome in Referral.Outcome.values:
        referral = Referral(outcome=outcome, status="PROGRESSED", outcome_reason="Because.", source="SELF")
        assert told_words.for_staff(referral)
        for language in ("en", "cy"):
            said = told_words.person_sentences(referral, language, "1 May")
            assert len(said) >= 2 and ("Because." in said) == (outcome == "NONE")
        for audience in ("HEALTHCARE", "COUNCIL"):
            assert ("Because." in told_words.sentences(audience, referral)) == (outcome == "NONE")
            if outcome == "LEFT":
                assert "left" in told_words.sentences(audience, referral)[0]
        for audience in ("PEER", "FAMILY"):
            for agrees in (False, True):
                assert "Because." not in told_words.sentences(audience, referral, person_agrees=agrees)
    for key, (english, welsh) in told_words.PERSON.items():
        assert english.strip() and welsh.strip() and english != welsh, key


def test_family_hears_only_that_it_was_looked_at(signed_in, lead, here, now, at_prison, at):
    with at_prison(here):
        telling = build.telling(here, lead, now, "FAMILY", outcome="BUDDY")
    client = signed_in(lead)
    letter = client.get(at("telling_letter", telling.token)).content.decode()
    assert "We may not say more" in letter and "what help they want" not in letter
    agreed = client.get(at("telling_letter", telling.token) + "?agrees=1").content.decode()
    assert "what help they want" in agreed
    assert AuditEvent.objects.filter(code="printed", person_id=telling.referral.person_id).count() == 2


def test_works(signed_in, lead, here, now, at_prison, at):
    with at_prison(here):
        telling = build.telling(here, lead, now, "FAMILY")
    client = signed_in(lead)
    assert telling.referral.reference in client.get(at("tellings") + "?show=waiting").content.decode()
    answer = client.post(at("telling", telling.token), _said(now, how="PHONE", person_agrees="on"))
    telling.refresh_from_db()
    assert answer["Location"] == at("tellings")
    assert (telling.how, telling.told_on, telling.told_by, telling.person_agrees) == ("PHONE", now.date(), lead, True)
    assert AuditEvent.objects.get(code="referral.told").details["audience"] == "FAMILY"
    page = client.get(at("telling", telling.token)).content.decode()
    assert "by telephone" in page and "Record that they were told" not in page


def _said(now, **changed):
    day = changed.pop("day", now.date())
    return {"how": "IN_PERSON", "told_on": day.isoformat(), **changed}


def test_a_prisoner_who_asked_hears_nothing_of_others(signed_in, lead, here, now, at_prison, at):
    with at_prison(here):
        telling = build.telling(here, lead, now, "PEER")
    client = signed_in(lead)
    page = client.get(at("telling", telling.token)).content.decode()
    assert "not even whether they are helped" in page and "Letter to print" not in page
    refused = client.post(at("telling", telling.token), _said(now, how="LETTER")).content.decode()
    assert "Select one of the answers" in refused
    assert client.get(at("telling_letter", telling.token)).status_code == 404, "nothing goes on paper to a prisoner"


def test_the_person_reads_why_in_their_language(signed_in, lead, here, now, at_prison, at):
    with at_prison(here):
        telling = build.telling(here, lead, now)
    letter = signed_in(lead).get(at("telling_letter", telling.token) + "?lang=cy").content.decode()
    assert 'lang="cy"' in letter and 'lang="en">Manages alone.' in letter and "Dyma pam" in letter


def test_asking_what_somebody_wants_tells_them(here, lead, now, at_prison):
    with at_prison(here):
        plan = build.wishes(here, lead, now)
    telling = ReferralTelling.objects.get(referral=plan.referral)
    assert (telling.how, telling.told_by) == ("IN_PERSON", lead)


def test_told_once_and_not_before_the_decision(signed_in, lead, here, now, at_prison, at):
    with at_prison(here):
        telling = build.telling(here, lead, now)
    client = signed_in(lead)
    early = client.post(at("telling", telling.token), _said(now, day=now.date() - timedelta(days=1)))
    assert "must be on or after" in early.content.decode()
    client.post(at("telling", telling.token), _said(now))
    again = client.post(at("telling", telling.token), _said(now))
    assert "already recorded" in again.content.decode() or "Told on" in again.content.decode()
    assert AuditEvent.objects.filter(code="referral.told").count() == 1


def test_staff_see_what_came_of_their_own(signed_in, officer, lead, here, now, at_prison, at):
    with at_prison(here):
        mine = build.referral_of(person_in(here, lead, now), officer, now)
        build.screened(mine, lead, now, outcome="NONE", reason="Healthcare sees to it.")
        other = build.referral_of(person_in(here, lead, now), lead, now)
    page = signed_in(officer).get(at("referrals_made")).content.decode()
    assert "Not taken further: Healthcare sees to it." in page and other.reference not in page


def test_staff_read_of_somebody_who_left_that_nothing_was_decided(signed_in, officer, lead, here, now, at_prison, at):
    with at_prison(here):
        mine = build.referral_of(person_in(here, lead, now), officer, now)
        leave(mine.person, here, lead, now, reason="RELEASE")
    page = signed_in(officer).get(at("referrals_made")).content.decode()
    assert "The person left before anybody decided." in page and "An assessment was asked for." not in page


def test_who_asked_is_added_later_by_whoever_wrote_it_down(signed_in, officer, trainer, lead, here, now, at_prison, at):
    with at_prison(here):
        mine = build.referral_of(person_in(here, lead, now), officer, now, source="COUNCIL")
        own = build.referral_of(person_in(here, lead, now), officer, now, source="SELF")
        theirs = build.referral_of(person_in(here, lead, now), lead, now, source="COUNCIL")
    client = signed_in(officer)
    assert at("refer_who", mine.token) in client.get(at("refer_done", mine.token)).content.decode()
    client.post(at("refer_who", mine.token), {"said_by": "Social worker, Mrs Hale", "version": 1})
    mine.refresh_from_db()
    assert mine.said_by == "Social worker, Mrs Hale"
    page = client.post(at("refer_who", own.token), {"said_by": "X", "version": 1}).content.decode()
    assert "known already who asked" in page
    assert client.get(at("refer_who", theirs.token)).status_code == 404
    assert "Mrs Hale" in signed_in(lead).get(at("referral", mine.token)).content.decode()
