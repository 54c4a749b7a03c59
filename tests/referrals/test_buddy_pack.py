"""A buddy's record to the next prison: sent once, acknowledged, its modules accepted or to be taken again."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.home.tiles import TILES
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.packs import acknowledge_pack, decide_pack, send_pack
from referrals.models import BuddyPack, PackDecision
from referrals.queries import packs as queries
from schemes.actions.people import add_person
from tests import cast
from tests.builders import buddies as build
from tests.builders import care, packs, training
from training.models import Module, ModuleResult, PriorLearning

pytestmark = pytest.mark.django_db

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "buddy-record.schema.json").read_text())


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def practical(db):
    """A national module with a practical part."""
    build.modules()
    with build.as_owner():
        return Module.objects.create(
            code="T09", title="Wheelchair", mandatory=False, practical=True, refresh_months=12,
            source="Made up for tests", position=9,
        )  # fmt: skip


@pytest.fixture
def pack(here, elsewhere, lead, wing, now, at_prison):
    """Sent by `here` to `elsewhere`."""
    with at_prison(here):
        return packs.pack_sent(here, lead, elsewhere, now, wing=wing)


def url(prison, pack, name="pack"):
    return reverse(f"referrals:{name}", args=[prison.code, pack.token])


def arrive(elsewhere, outsider, pack, now, at_prison):
    """The same person at the next prison, in training there."""
    with at_prison(elsewhere):
        person = add_person(
            by=cast.acts(outsider, elsewhere), now=now, prison=elsewhere, prison_number=pack.prison_number,
            first_name=pack.body["person"]["first_name"], last_name=pack.body["person"]["last_name"],
        )  # fmt: skip
        return build.in_training(elsewhere, outsider, now, person=person)


def test_the_lead_sends_it_and_the_next_prison_sees_it(
    signed_in, here, elsewhere, lead, outsider, wing, now, at_prison
):
    with at_prison(here):
        buddy = packs.moved_buddy(here, lead, now, wing=wing)
    path = reverse("referrals:pack_send", args=[here.code, buddy.token])
    answer = signed_in(lead).post(path, {"to_prison": elsewhere.code}, follow=True)
    assert "Sent to Otherfield." in answer.content.decode()
    listed = signed_in(outsider).get(reverse("referrals:packs", args=[elsewhere.code]) + "?show=waiting")
    assert [row.note for row in listed.context["table"].rows] == [buddy.person.prison_number]
    assert AuditEvent.objects.get(code="pack.sent").prison_code == here.code


def test_the_file_has_the_published_shape_and_its_checksum_is_right(signed_in, elsewhere, outsider, pack):
    answer = signed_in(outsider).get(url(elsewhere, pack, "pack_file"))
    sent = json.loads(answer.content)
    jsonschema.Draft202012Validator(SCHEMA).validate(sent)
    text = json.dumps(sent["record"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sent["checksum"] == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    assert len(sent["record"]["modules"]) == 3 and sent["record"]["suspension"] is None
    assert pack.prison_number not in answer.headers["Content-Disposition"]


def test_the_published_shape_refuses_what_it_does_not_name(pack):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    more = {"record": {**pack.body, "recipients": ["Somebody"]}, "checksum": f"sha256:{pack.checksum}"}
    with pytest.raises(jsonschema.ValidationError, match="recipients"):
        jsonschema.Draft202012Validator(SCHEMA).validate(more)


def test_of_a_suspension_only_the_fact_is_sent(here, elsewhere, lead, wing, now, at_prison):
    with at_prison(here):
        buddy = build.active_buddy(here, lead, now, wing=wing)
        care.suspended(buddy, lead, now, reason="SECRETREASON")
        moved = packs.left(build.fresh(buddy), lead, now)
        sent = send_pack(by=cast.acts(lead, here), now=now, buddy=moved, to=elsewhere)
    assert sent.body["suspension"] == {"since": "2026-11-23"}
    assert "SECRETREASON" not in json.dumps(sent.body)


def test_somebody_who_is_still_here_is_not_sent(signed_in, here, elsewhere, lead, wing, now, at_prison):
    with at_prison(here):
        buddy = build.active_buddy(here, lead, now, wing=wing)
    path = reverse("referrals:pack_send", args=[here.code, buddy.token])
    assert "is still on this prison’s list" in signed_in(lead).get(path).content.decode()
    signed_in(lead).post(path, {"to_prison": elsewhere.code})
    assert not BuddyPack.objects.exists()


def test_it_is_sent_once_to_a_prison_and_never_to_oneself(here, elsewhere, lead, now, pack, at_prison):
    with at_prison(here):
        for to, words in ((elsewhere, "sent to Otherfield already"), (here, "Select another prison")):
            with pytest.raises(NotAllowed, match=words):
                send_pack(by=cast.acts(lead, here), now=now, buddy=pack.buddy, to=to)
    assert BuddyPack.objects.count() == 1


def test_the_next_prison_acknowledges_and_the_sender_sees_it(signed_in, here, elsewhere, lead, outsider, pack):
    before = signed_in(lead).get(url(here, pack)).content.decode()
    assert "To acknowledge" in before and "Acknowledge the record" not in before
    signed_in(outsider).post(url(elsewhere, pack), {})
    pack.refresh_from_db()
    assert pack.acknowledged_by == outsider
    assert "Acknowledged" in signed_in(lead).get(url(here, pack)).content.decode()
    assert AuditEvent.objects.get(code="pack.acknowledged").prison_code == elsewhere.code


def test_the_sender_cannot_acknowledge_its_own(signed_in, here, lead, pack, now, at_prison):
    signed_in(lead).post(url(here, pack), {})
    pack.refresh_from_db()
    assert pack.acknowledged_at is None
    # Not even past the page: the database lets only the prison that it was sent to change it.
    with at_prison(here):
        assert BuddyPack.objects.filter(pk=pack.pk).update(acknowledged_at=now, acknowledged_by=lead) == 0


def test_a_third_prison_sees_nothing(signed_in, pack, now, at_prison):
    third = cast.make_prison("ZTC", "Thirdham")
    other = cast.make_staff("Thea Third", "LEAD", third)
    for name in ("pack", "pack_decide", "pack_file"):
        assert signed_in(other).get(url(third, pack, name)).status_code == 404
    with at_prison(third):
        assert not BuddyPack.objects.exists()


def test_nobody_sends_in_the_name_of_another_prison(here, elsewhere, outsider, pack, now, at_prison):
    with at_prison(elsewhere), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        BuddyPack.objects.create(
            prison=here, to_prison=elsewhere, buddy_id=pack.buddy_id, prison_number="Z0001ZA", body={},
            checksum="c" * 64, sent_at=now, sent_by=outsider,
        )  # fmt: skip


def test_what_was_sent_never_changes(pack):
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE referrals_buddypack SET body = '{}' WHERE id = %s", [pack.pk])


def test_add_the_person_first(signed_in, elsewhere, outsider, pack):
    text = signed_in(outsider).get(url(elsewhere, pack)).content.decode()
    assert "Add the person first." in text and reverse("schemes:add_person", args=[elsewhere.code]) in text
    signed_in(outsider).post(url(elsewhere, pack, "pack_decide"), {"T01": "ACCEPT", "T02": "LATER", "T03": "LATER"})
    assert not PackDecision.objects.exists()


def test_modules_are_accepted_with_their_own_day_or_taken_again(
    signed_in, elsewhere, outsider, lead, here, pack, now, at_prison
):
    later = now + timedelta(days=30)
    with time_machine.travel(later, tick=False):
        buddy = arrive(elsewhere, outsider, pack, later, at_prison)
        answers = {"T01": "ACCEPT", "T02": "RETAKE", "T03": "LATER"}
        answer = signed_in(outsider).post(url(elsewhere, pack, "pack_decide"), answers, follow=True)
    assert "Decided about 2 modules." in answer.content.decode()
    result = ModuleResult.objects.get(buddy=buddy)
    assert (result.module_id, result.assessed_on.isoformat()) == ("T01", "2026-11-23")
    assert result.expires_on.isoformat() == "2027-11-23", "it lapses as it would have there"
    assert result.prior.place == "Testwick" and result.prior.decided_by == outsider
    assert PriorLearning.objects.get(module="T02").decision == "RETAKE"
    assert set(PackDecision.objects.values_list("module_code", "decision")) == {("T01", "ACCEPTED"), ("T02", "RETAKE")}
    pack.refresh_from_db()
    assert pack.acknowledged_by == outsider, "deciding acknowledges"
    # The sender learns of the acknowledgement and not of the decisions.
    text = signed_in(lead).get(url(here, pack)).content.decode()
    assert "To be taken again" not in text


def test_a_practical_part_is_shown_here_again(here, elsewhere, lead, outsider, wing, practical, now, at_prison):
    with at_prison(here):
        sent = packs.pack_sent(here, lead, elsewhere, now, wing=wing)
    assert next(each for each in sent.body["modules"] if each["code"] == "T09")["practical"] is True
    buddy = arrive(elsewhere, outsider, sent, now, at_prison)
    with at_prison(elsewhere):
        decide_pack(by=cast.acts(outsider, elsewhere), now=now, pack=sent, accept={"T09": True})
    assert ModuleResult.objects.get(buddy=buddy, module="T09").outcome == "NOT_YET"


def test_a_module_that_lapsed_on_the_way_is_refused_and_nothing_is_half_done(
    signed_in, elsewhere, outsider, pack, now, at_prison
):
    later = now + timedelta(days=400)
    with time_machine.travel(later, tick=False):
        arrive(elsewhere, outsider, pack, later, at_prison)
        answers = {"T01": "RETAKE", "T02": "ACCEPT", "T03": "LATER"}
        answer = signed_in(outsider).post(url(elsewhere, pack, "pack_decide"), answers)
    assert "this module lapsed on 23 November 2027" in answer.content.decode()
    assert not PackDecision.objects.exists() and not PriorLearning.objects.exists()


def test_a_module_is_decided_once(elsewhere, outsider, pack, now, at_prison):
    arrive(elsewhere, outsider, pack, now, at_prison)
    with at_prison(elsewhere):
        decide_pack(by=cast.acts(outsider, elsewhere), now=now, pack=pack, accept={"T01": False})
        with pytest.raises(NotAllowed, match="Open the page again"):
            decide_pack(by=cast.acts(outsider, elsewhere), now=now, pack=pack, accept={"T01": True})


def test_a_module_that_this_prison_does_not_teach_cannot_be_accepted(
    signed_in, here, elsewhere, lead, outsider, wing, now, at_prison
):
    with at_prison(here):
        buddy = build.active_buddy(here, lead, now, wing=wing)
        local = training.local_module(here, lead, now)
        build.pass_module(buddy, local, lead, now)
        sent = send_pack(by=cast.acts(lead, here), now=now, buddy=packs.left(buddy, lead, now), to=elsewhere)
    arrive(elsewhere, outsider, sent, now, at_prison)
    page = signed_in(outsider).get(url(elsewhere, sent)).content.decode()
    assert "Not taught here" in page
    with at_prison(elsewhere), pytest.raises(NotAllowed, match="not in this prison’s catalogue"):
        decide_pack(by=cast.acts(outsider, elsewhere), now=now, pack=sent, accept={local.code: True})


def test_no_answer_at_all_is_asked_for(signed_in, elsewhere, outsider, pack, now, at_prison):
    arrive(elsewhere, outsider, pack, now, at_prison)
    answers = {"T01": "LATER", "T02": "LATER", "T03": "LATER"}
    answer = signed_in(outsider).post(url(elsewhere, pack, "pack_decide"), answers)
    assert "Select an answer for at least one module." in answer.content.decode()


def test_after_two_working_days_it_is_overdue_on_both_home_pages(here, elsewhere, outsider, pack, now, at_prison):
    wednesday, thursday = now.date() + timedelta(days=2), now.date() + timedelta(days=3)
    for prison, rows in ((here, queries.sent_by_prison), (elsewhere, queries.to_acknowledge)):
        with at_prison(prison):
            assert not queries.overdue(rows(prison), wednesday).exists()
            assert queries.overdue(rows(prison), thursday).count() == 1
    with at_prison(elsewhere):
        acknowledge_pack(by=cast.acts(outsider, elsewhere), now=now, pack=pack)
    with at_prison(here):
        assert not queries.overdue(queries.sent_by_prison(here), thursday).exists()
    assert {"?show=waiting", "?show=late"} <= {tile.query for tile in TILES if tile.url == "referrals:packs"}


def test_a_record_is_acknowledged_once(elsewhere, outsider, pack, now, at_prison):
    with at_prison(elsewhere):
        acknowledge_pack(by=cast.acts(outsider, elsewhere), now=now, pack=pack)
        with pytest.raises(NotAllowed, match="acknowledged already"):
            acknowledge_pack(by=cast.acts(outsider, elsewhere), now=now, pack=pack)


def test_the_permission_is_needed(signed_in, here, officer, pack):
    for path in (url(here, pack), reverse("referrals:packs", args=[here.code])):
        assert signed_in(officer).get(path).status_code == 403


def test_received_records_that_wait_stand_first_and_late_ones_by_their_wait(
    signed_in, here, elsewhere, lead, outsider, wing, now, at_prison
):
    sent = []
    for hour in range(3):
        with at_prison(here):
            sent.append(packs.pack_sent(here, lead, elsewhere, now + timedelta(hours=hour), wing=wing))
    with at_prison(elsewhere):
        acknowledge_pack(by=cast.acts(outsider, elsewhere), now=now + timedelta(hours=4), pack=sent[0])

    def shown(user, prison, show):
        with time_machine.travel(now + timedelta(days=7), tick=False):
            page = signed_in(user).get(reverse("referrals:packs", args=[prison.code]) + f"?show={show}")
        return [row.note for row in page.context["table"].rows], page.context["table"].caption

    numbers = [pack.prison_number for pack in sent]
    assert shown(outsider, elsewhere, "received") == (
        [numbers[1], numbers[2], numbers[0]], "Records, those to acknowledge first",
    )  # fmt: skip
    assert shown(lead, here, "sent") == (numbers[::-1], "Records, newest first")
    assert shown(lead, here, "late") == (numbers[1:], "Records, longest waiting first")
