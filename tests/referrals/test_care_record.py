"""A care record goes along when somebody moves: a summary until it is accepted, two working days on the clock."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pgtrigger
import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from referrals.actions.plan_reviews import review_plan
from referrals.models import CarePack, CarePackBody, PlanTask, Referral, UnmetNeed
from referrals.queries import moving as queries
from referrals.queries.plan_parts import goals_of
from schemes.actions.people import add_person, move_cell
from schemes.actions.schemes import set_tasks
from schemes.models import Custody
from schemes.queries.people import custody_of
from schemes.queries.schemes import allowed_tasks, scheme_of
from tests import cast
from tests.builders import moving
from tests.builders.buddies import as_owner
from tests.builders.referrals import agreed_plan, fresh_plan, scheme_open, unmet_need, wishes
from tests.builders.schemes import person_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "care-record.schema.json").read_text())
OWN_WORDS = "I want to eat hot food again."
TASKS = [("DOM-03", range(7), "AM", 10), ("MOB-03", [0, 2], "PM", 30)]


@pytest.fixture
def plan(here, wing, lead, now, at_prison):
    with at_prison(here):
        return agreed_plan(here, lead, now, wing=wing, tasks=TASKS, staff_notes="SECRETNOTE about somebody else")


@pytest.fixture
def pack(plan, here, elsewhere, lead, now, at_prison):
    """Sent while the person is still here."""
    with at_prison(here):
        unmet_need(here, lead, now, plan.person)
        return moving.sent(plan, lead, elsewhere, now)


def url(name, prison, thing):
    return reverse(f"referrals:{name}", args=[prison.code, thing.token])


def test_two_answers_send_it(signed_in, plan, here, elsewhere, lead):
    client = signed_in(lead)
    answer = client.post(
        url("care_send", here, plan.person), {"to_prison": elsewhere.code, "first_day": "YES"}, follow=True
    )
    assert "Sent to Otherfield. You see here when it is accepted." in answer.content.decode()
    assert AuditEvent.objects.filter(code="care_record.sent", prison_code=here.code).count() == 1


def test_the_receiver_sees_a_summary_and_the_database_gives_no_more(signed_in, pack, elsewhere, outsider, at_prison):
    page = signed_in(outsider).get(url("care_record", elsewhere, pack)).content.decode()
    assert "Yes, needed" in page and "Accept the care record" in page and OWN_WORDS not in page
    for name in ("care_record_print", "care_record_file"):
        assert signed_in(outsider).get(url(name, elsewhere, pack)).status_code == 404
    with at_prison(elsewhere):
        assert not CarePackBody.objects.exists()


def test_accepting_opens_it_and_the_sender_sees_by_whom(signed_in, pack, here, elsewhere, lead, outsider):
    client = signed_in(outsider)
    page = client.post(url("care_record", elsewhere, pack), follow=True).content.decode()
    assert OWN_WORDS in page and "SECRETNOTE" not in page
    assert "Accepted" in signed_in(lead).get(url("care_record", here, pack)).content.decode()
    again = client.post(url("care_record", elsewhere, pack), follow=True).content.decode()
    assert "This record has been accepted already." in again
    assert AuditEvent.objects.filter(code="care_record.accepted", prison_code=elsewhere.code).count() == 1


def test_what_became_of_the_goals_whom_to_ask_and_the_ground_floor_go_along(
    signed_in, plan, here, elsewhere, lead, outsider, wing, now, at_prison
):
    with at_prison(here):
        by = cast.acts(lead, here)
        move_cell(by=by, now=now, custody=custody_of(here, plan.person), wing=wing, landing=0, cell="A0-01")
        (goal,) = goals_of(plan)
        review_plan(
            by=by, now=now, plan=plan, states={goal.pk: "REACHED"}, right="RIGHT", other_help="NO",
            next_on=now.date() + timedelta(days=60), version=fresh_plan(plan).version,
        )  # fmt: skip
        sent = moving.sent(plan, lead, elsewhere, now)
        body = queries.body_of(sent)
    assert (body["version"], body["urgent"]["ground_floor"]) == (2, True)
    assert body["contact"] == {"name": lead.name, "email": lead.email}
    moving.accepted(sent, outsider, now)
    page = signed_in(outsider).get(url("care_record", elsewhere, sent)).content.decode()
    assert f"{goal.words} (reached)" in page and "Yes, leave it as it is, 23 November 2026" in page
    assert lead.email in page and "Lived on the ground floor" in page


def test_the_file_has_the_published_shape(signed_in, pack, here, lead):
    sent = json.loads(signed_in(lead).get(url("care_record_file", here, pack)).content)
    jsonschema.Draft202012Validator(SCHEMA).validate(sent)
    assert AuditEvent.objects.get(code="exported").person_id == pack.person_id
    assert [task["code"] for task in sent["record"]["plan"]["tasks"]] == ["DOM-03", "MOB-03"]
    more = {**sent, "record": {**sent["record"], "buddy": "Somebody"}}
    with pytest.raises(jsonschema.ValidationError, match="buddy"):
        jsonschema.Draft202012Validator(SCHEMA).validate(more)


def test_what_was_sent_cannot_be_changed(pack, here, at_prison):
    with at_prison(here), pytest.raises(DatabaseError), transaction.atomic():
        CarePack.objects.filter(pk=pack.pk).update(checksum="d" * 64)
    with at_prison(here), pytest.raises(DatabaseError), transaction.atomic():
        CarePackBody.objects.filter(pack=pack).update(body={})


def test_a_third_prison_sees_nothing_of_it(signed_in, pack, now, at_prison):
    third = cast.make_prison("ZTC", "Thirdham")
    stranger = cast.make_staff("Thea Third", "LEAD", third)
    assert signed_in(stranger).get(url("care_record", third, pack)).status_code == 404
    with at_prison(third):
        assert not CarePack.objects.exists() and not CarePackBody.objects.exists()


def test_the_clock_starts_with_the_move_and_both_leads_see_it_run_out(
    signed_in, pack, plan, here, elsewhere, lead, outsider, now, at_prison
):
    with at_prison(here):
        moving.leave(plan.person, here, lead, now, to=elsewhere)
    # 23 November 2026 is a Monday: Wednesday is the last day in time.
    for days, late in ((2, 0), (3, 1)):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            for user, prison, show in ((lead, here, "late"), (outsider, elsewhere, "waiting")):
                page = signed_in(user).get(reverse("referrals:care_records", args=[prison.code]), {"show": show})
                tags = [row.tag.text for row in page.context["table"].rows]
                assert tags.count("Late") == late


def test_a_record_that_changed_before_the_move_goes_again_by_itself(
    pack, plan, here, elsewhere, lead, outsider, now, at_prison
):
    with at_prison(here):
        unmet_need(here, lead, now, plan.person, task="PRO-07")
        moving.leave(plan.person, here, lead, now, to=elsewhere)
    with at_prison(elsewhere):
        newest = queries.received_by(elsewhere).get()
    assert (newest.number, newest.summary["unmet_needs"]) == (2, 2)
    pack.refresh_from_db()
    assert pack.replaced


def test_a_second_stay_sends_its_own_record_with_its_own_clock(pack, plan, here, elsewhere, lead, wing, now, at_prison):
    """What was said of the first move, and its clock, do not go along with the second."""
    back = now + timedelta(days=30)
    with at_prison(here):
        moving.leave(plan.person, here, lead, now + timedelta(hours=1), to=elsewhere)
        person = add_person(
            by=cast.acts(lead, here), now=back, prison=here, prison_number=plan.person.prison_number,
            first_name=plan.person.first_name, last_name=plan.person.last_name, wing=wing,
        )  # fmt: skip
        wishes(here, lead, back, person)
        again = moving.sent_of(person, here, lead, elsewhere, back)
        assert (again.number, again.moved_on, again.help_on_first_day) == (2, None, False)
        moving.leave(person, here, lead, back + timedelta(days=5), to=elsewhere)
        again.refresh_from_db()
    assert again.moved_on == (back + timedelta(days=5)).date()


def test_a_third_prison_numbers_the_records_that_it_sends_itself(pack, plan, here, elsewhere, lead, now, at_prison):
    third = cast.make_prison("ZTC", "Thirdham")
    stranger = cast.make_staff("Thea Third", "LEAD", third)
    with at_prison(here):
        moving.leave(plan.person, here, lead, now, to=third)
    with at_prison(third):
        person = add_person(
            by=cast.acts(stranger, third), now=now + timedelta(hours=1), prison=third, last_name=plan.person.last_name,
            prison_number=plan.person.prison_number, first_name=plan.person.first_name,
        )  # fmt: skip
        wishes(third, stranger, now + timedelta(hours=2), person)
        sent = moving.sent_of(person, third, stranger, elsewhere, now + timedelta(hours=3))
    assert (sent.person_id, sent.number, pack.number) == (pack.person_id, 1, 1)


def test_an_unchanged_record_is_not_sent_twice(signed_in, pack, plan, here, elsewhere, lead, now, at_prison):
    answer = signed_in(lead).post(
        url("care_send", here, plan.person), {"to_prison": elsewhere.code, "first_day": "YES"}
    )
    assert "has this record already, and nothing in it has changed since" in answer.content.decode()
    with at_prison(here):
        moving.leave(plan.person, here, lead, now, to=elsewhere)
    assert CarePack.objects.count() == 1


def test_help_is_started_from_it_once_the_person_is_there(
    signed_in, pack, here, elsewhere, lead, outsider, plan, now, at_prison
):
    moving.accepted(pack, outsider, now)
    client = signed_in(outsider)
    page = client.get(url("care_record", elsewhere, pack)).content.decode()
    assert "is on this prison’s list. Add the person first." in page
    with at_prison(here):
        moving.leave(plan.person, here, lead, now, to=elsewhere)
    later = now + timedelta(hours=2)
    moving.arrived(pack, outsider, later)
    page = client.post(url("care_start", elsewhere, pack), follow=True).content.decode()
    assert "A referral is made from the record." in page
    with at_prison(elsewhere):
        referral = Referral.objects.get()
        assert (referral.source, referral.urgency) == ("PRISON", "URGENT")
        assert set(referral.need_areas) == {"MEALS", "MOBILITY", "PERSONAL"}
        assert UnmetNeed.objects.for_prison(elsewhere).get().task_id == "PRO-03"
    client.post(url("care_start", elsewhere, pack))
    with at_prison(elsewhere):
        assert Referral.objects.count() == 1


def test_the_plan_takes_the_tasks_over_and_says_what_it_leaves_out(
    signed_in, pack, here, elsewhere, lead, outsider, plan, now, at_prison
):
    with at_prison(here):
        moving.leave(plan.person, here, lead, now, to=elsewhere)
    moving.accepted(pack, outsider, now)
    moving.arrived(pack, outsider, now + timedelta(hours=1))
    with at_prison(elsewhere):
        scheme_open(elsewhere, outsider, now)
        scheme = scheme_of(elsewhere)
        allowed = {task.code for task in allowed_tasks(scheme, now.date())} - {"MOB-03"}
        set_tasks(by=cast.acts(outsider, elsewhere), now=now, scheme=scheme, allowed=allowed, version=scheme.version)
    new = moving.plan_from(pack, outsider, now + timedelta(hours=2))
    client = signed_in(outsider)
    assert "Take over the tasks" in client.get(url("plan_tasks", elsewhere, new)).content.decode()
    page = client.post(url("plan_record", elsewhere, new), follow=True).content.decode()
    assert "In the plan now: Collect meals." in page and "Left out: Walk with the person." in page
    with at_prison(elsewhere):
        assert list(PlanTask.objects.filter(plan=new).values_list("task_id", flat=True)) == ["DOM-03"]


def test_a_record_is_no_way_round_the_catalogue_for_prohibited_and_restricted_tasks(
    signed_in, pack, here, elsewhere, lead, outsider, plan, now, at_prison
):
    with at_prison(here):
        moving.leave(plan.person, here, lead, now, to=elsewhere)
    moving.accepted(pack, outsider, now)
    moving.arrived(pack, outsider, now + timedelta(hours=1))
    _written_into(
        pack, [("PRO-03", "Wash his back", "BUDDY"), ("PRO-05", "Toilet", "CARER"), ("RES-02", "Shoes", "BUDDY")]
    )
    with at_prison(elsewhere):
        scheme_open(elsewhere, outsider, now)
    new = moving.plan_from(pack, outsider, now + timedelta(hours=2))
    page = signed_in(outsider).post(url("plan_record", elsewhere, new), follow=True).content.decode()
    for words in ("Left out: Wash his back. Washing is for carers.", "Left out: Toilet.", "Left out: Shoes."):
        assert words in page
    with at_prison(elsewhere):
        assert set(PlanTask.objects.filter(plan=new).values_list("task_id", flat=True)) == {"DOM-03", "MOB-03"}


def _written_into(pack, tasks):
    """Lines that no prison of ours sends, put into the record past the trigger that keeps it as it was sent."""
    row = CarePackBody.objects.get(pack=pack)
    lines = [
        {"code": code, "name": name, "weekdays": [0], "session": "AM", "minutes": 10, "done_by": done_by}
        for code, name, done_by in tasks
    ]
    row.body["plan"]["tasks"] += lines
    with as_owner(), pgtrigger.ignore("referrals.CarePackBody:as_sent"):
        CarePackBody.objects.filter(pk=row.pk).update(body=row.body)


def test_a_prison_without_the_service_gets_paper_and_the_sender_records_who_has_it(
    signed_in, plan, here, lead, now, at_prison
):
    off = cast.make_prison("ZTD", "Paperham", switched_on=False)
    with at_prison(here):
        pack = moving.sent(plan, lead, off, now)
    client = signed_in(lead)
    assert OWN_WORDS in client.get(url("care_record_print", here, pack)).content.decode()
    path = url("care_record", here, pack)
    assert "Enter who told you that the record has come" in client.post(path, {"words": ""}).content.decode()
    client.post(path, {"words": "Pat Jones, healthcare, by phone"})
    pack.refresh_from_db()
    assert pack.accepted_at is not None and pack.confirmed_words.startswith("Pat Jones")


def test_somebody_without_help_has_nothing_to_send(signed_in, here, lead, now, at_prison):
    with at_prison(here):
        person = person_in(here, lead, now)
    page = signed_in(lead).get(url("care_send", here, person), follow=True).content.decode()
    assert "There is nothing to send" in page


def test_who_moved_without_a_record_is_listed_until_it_is_sent(signed_in, plan, here, elsewhere, lead, now, at_prison):
    with at_prison(here):
        moving.leave(plan.person, here, lead, now)
    client = signed_in(lead)
    listing = reverse("referrals:care_records", args=[here.code])
    rows = client.get(listing, {"show": "to-send"}).context["table"].rows
    assert [row.note for row in rows] == [plan.person.prison_number]
    client.post(url("care_send", here, plan.person), {"to_prison": elsewhere.code, "first_day": "NO"})
    assert not client.get(listing, {"show": "to-send"}).context["table"].rows
    assert CarePack.objects.get().moved_on == now.date()


def test_an_officer_is_refused(signed_in, pack, here, officer):
    assert signed_in(officer).get(url("care_record", here, pack)).status_code == 403
    assert Custody.objects.exists()
