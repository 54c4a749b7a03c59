"""Unmet personal care: recorded, put to somebody, met; its days counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.outbox.models import Message
from monitoring.measures.definition import Span
from monitoring.measures.facts import Facts
from monitoring.measures.unmet_care import UNMET_PERSON_DAYS
from monitoring.verify.journey import COUNTS
from referrals.actions.unmet_needs import meet_unmet_need
from referrals.handlers import custody_ended
from referrals.models import UnmetNeed, UnmetNeedPut
from referrals.queries import unmet_needs as queries
from schemes.actions.people import end_custody
from schemes.queries.people import custody_of
from tests.builders import referrals as build
from tests.builders.schemes import person_in
from tests.cast import acts
from tests.referrals.test_screen_referral import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NUMBER = "Z4711ZA"


@pytest.fixture
def person(here, lead, wing, now, at_prison):
    with at_prison(here):
        build.catalogue()
        return person_in(here, lead, now, NUMBER, wing=wing)


@pytest.fixture
def need(here, lead, person, now, at_prison):
    with at_prison(here):
        return build.unmet_need(here, lead, now, person, known_on=now.date() - timedelta(days=12))


def add(client, at, **changed):
    answers = {"prison_number": NUMBER, "task": "PRO-03", "known_on": "2026-11-12", **changed}
    return client.post(at("unmet_need_add"), answers)


def test_works(signed_in, lead, person, at):
    answer = add(signed_in(lead), at)
    need = UnmetNeed.objects.get()
    assert answer["Location"] == at("unmet_need", need.token)
    assert (need.person_id, need.task_id, need.known_on) == (person.pk, "PRO-03", date(2026, 11, 12))
    page = signed_in(lead).get(answer["Location"]).content.decode()
    assert "Day 12" in page and "Put to nobody yet" in page and "Care Act 2014, section 76" in page


def test_of_somebody_whose_page_one_came_from(signed_in, lead, person, at):
    url = f"{at('unmet_need_add')}?person={person.token}"
    assert "Prison number of" not in signed_in(lead).get(url).content.decode()
    signed_in(lead).post(url, {"task": "PRO-07", "known_on": "2026-11-23"})
    assert UnmetNeed.objects.get().person_id == person.pk


def test_put_and_met(signed_in, lead, need, at):
    client = signed_in(lead)
    client.post(at("unmet_need_put", need.token), {
        "to": "COUNCIL", "put_on": "2026-11-13", "said": "They come on Friday.", "version": 1,
    })  # fmt: skip
    page = client.get(at("unmet_need", need.token)).content.decode()
    assert "<strong>Testshire Council</strong>, 13 November 2026" in page and "They come on Friday." in page
    client.post(at("unmet_need_met", need.token), {
        "met_on": "2026-11-23", "met_how": "Carers come daily.", "version": 2,
    })  # fmt: skip
    need.refresh_from_db()
    assert (need.met_on, need.met_by) == (date(2026, 11, 23), lead)
    assert "12 days" in client.get(at("unmet_need", need.token)).content.decode()


@pytest.mark.parametrize(
    ("known", "met", "today", "days"),
    [
        ("2026-11-23", None, "2026-11-23", 1),
        ("2026-11-23", None, "2026-11-24", 2),
        ("2026-11-11", "2026-11-23", "2026-12-31", 12),
        ("2026-11-23", "2026-11-23", "2026-11-23", 0),
        ("2026-10-24", None, "2026-10-26", 3),
    ],
)
def test_days_are_counted(known, met, today, days):
    need = UnmetNeed(known_on=date.fromisoformat(known), met_on=date.fromisoformat(met) if met else None)
    assert queries.days_waiting(need, date.fromisoformat(today)) == days


def test_every_month_that_it_touches_is_computed_again(here, lead, person, now, at_prison):
    with at_prison(here):
        build.unmet_need(here, lead, now, person, known_on=date(2026, 9, 20))
    keys = Message.objects.filter(topic="month.changed").values_list("key", flat=True)
    assert {"ZTA:2026-09", "ZTA:2026-10", "ZTA:2026-11"} <= set(keys)


def test_needs_the_permission(signed_in, officer, safeguarding, need, at):
    assert add(signed_in(officer), at).status_code == 403
    assert signed_in(officer).get(at("unmet_needs")).status_code == 403
    assert signed_in(safeguarding).get(at("unmet_need", need.token)).status_code == 200
    for name in ("unmet_need_put", "unmet_need_met"):
        assert signed_in(safeguarding).post(at(name, need.token), {}).status_code == 403


def test_another_prisons_is_404(signed_in, lead, elsewhere, now, at_prison, at):
    with at_prison(elsewhere):
        other = build.unmet_need(elsewhere, lead, now)
    for name in ("unmet_need", "unmet_need_put", "unmet_need_met"):
        assert signed_in(lead).get(at(name, other.token)).status_code == 404


def test_recorded_once_while_it_is_open(signed_in, lead, need, at):
    assert "recorded already" in add(signed_in(lead), at).content.decode() and UnmetNeed.objects.count() == 1


def test_open_once_in_the_database(need):
    need.pk, need.token, need.reference, need._state.adding = None, "another", "U-2", True
    with pytest.raises(IntegrityError), transaction.atomic():
        need.save()


def test_a_met_need_is_closed(signed_in, lead, need, at):
    client = signed_in(lead)
    answers = {"met_on": "2026-11-23", "met_how": "Carers come daily.", "version": 1}
    client.post(at("unmet_need_met", need.token), answers)
    assert "recorded as met" in client.post(at("unmet_need_met", need.token), answers | {"version": 2}).content.decode()


def test_somebody_else_saved_first(signed_in, lead, need, at):
    UnmetNeed.objects.update(version=6)
    page = signed_in(lead).post(at("unmet_need_met", need.token), {
        "met_on": "2026-11-23", "met_how": "Typed at length.", "version": 1,
    }).content.decode()  # fmt: skip
    assert "Somebody else changed this need" in page and "Typed at length." in page and 'value="6"' in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"prison_number": "12"}, "Enter a prison number as one letter"),
        ({"prison_number": "Z9999ZZ"}, "Nobody with this prison number is on this prison’s list."),
        ({"task": "DOM-03"}, "Select one of the answers on the page"),
        ({"task": "PRO-12"}, "Select one of the answers on the page"),
        ({"known_on": "2026-11-24"}, "must be on or before 23 November 2026"),
        ({"known_on": "2026-02-30"}, "must be a real date"),
        ({"known_on": "2024-01-01"}, "when the person came to this prison."),
    ],
)
def test_rejects_bad_input(signed_in, lead, person, at, changed, sentence):
    page = add(signed_in(lead), at, **changed).content.decode()
    assert sentence in page and not UnmetNeed.objects.exists()


def test_rejects_impossible_days_and_long_texts(signed_in, lead, need, at):
    client = signed_in(lead)
    early = {"to": "COUNCIL", "put_on": "2026-11-01", "said": "s" * 10_000, "version": 1}
    page = client.post(at("unmet_need_put", need.token), early).content.decode()
    assert "must be on or after 11 November 2026" in page and "Shorten the text by 9500 characters" in page
    page = client.post(at("unmet_need_met", need.token), {"met_on": "2026-11-24", "met_how": "", "version": 1})
    assert "Enter how the need is met now" in page.content.decode()


def test_somebody_who_left(signed_in, lead, here, person, now, at_prison, at):
    with at_prison(here):
        end_custody(by=acts(lead, here), now=now, custody=custody_of(here, person), reason="RELEASE")
    assert "is on this prison’s list" in add(signed_in(lead), at).content.decode()


def test_leaves_the_audit_events(signed_in, lead, need, at):
    signed_in(lead).post(
        at("unmet_need_put", need.token), {"to": "HEALTHCARE", "put_on": "2026-11-20", "said": "", "version": 1}
    )
    signed_in(lead).post(at("unmet_need_met", need.token), {"met_on": "2026-11-23", "met_how": "Nurse", "version": 2})
    for code in ("unmet_need.opened", "unmet_need.put", "unmet_need.met"):
        assert AuditEvent.objects.get(code=code).person_id == need.person_id


def test_tile_list_and_empty_state(signed_in, lead, here, need, at_prison, at):
    with at_prison(here):
        assert list(queries.open_needs(here)) == [need]
    client = signed_in(lead)
    assert need.reference in client.get(at("unmet_needs"), {"state": "open"}).content.decode()
    UnmetNeed.objects.all().update(met_on=date(2026, 11, 23), met_at="2026-11-23T10:00Z", met_by=lead)
    assert "Nothing matches the filters" in client.get(at("unmet_needs"), {"state": "open"}).content.decode()


def test_list_does_not_query_per_row(signed_in, lead, here, need, wing, now, at_prison, at):
    client = signed_in(lead)
    few = queries_of(client, at("unmet_needs"))
    with at_prison(here):
        for _ in range(5):
            build.unmet_need(here, lead, now, person_in(here, lead, now, wing=wing))
    assert queries_of(client, at("unmet_needs")) == few


def test_what_was_put_stays_and_answers_come_beside_it(signed_in, lead, need, at, now):
    client = signed_in(lead)
    first = build.need_put(need, lead, now - timedelta(days=9), said="On a list.")
    second = build.need_put(need, lead, now, to="DEPARTMENT", department="Residence")
    client.post(at("unmet_need_answer", first.token), {"answered_on": "2026-11-20", "said": "Carers from Monday."})
    page = client.get(at("unmet_need", need.token)).content.decode()
    assert page.index("Residence") < page.index("Testshire Council") < page.index("On a list.")
    assert page.index("On a list.") < page.index("Carers from Monday.")
    assert "No answer is recorded." in page and UnmetNeedPut.objects.count() == 2
    row = queries.with_last_put(queries.needs_of(need.prison)).get()
    assert (row.put_to, row.put_department, row.said) == ("DEPARTMENT", "Residence", "Carers from Monday.")
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        UnmetNeedPut.objects.filter(pk=second.pk).update(put_on=need.known_on)


def test_put_to_nobody_stands_first(signed_in, lead, here, wing, need, now, at_prison, at):
    build.need_put(need, lead, now)
    with at_prison(here):
        other = build.unmet_need(here, lead, now, person_in(here, lead, now, wing=wing))
        assert list(queries.open_needs(here)) == [other, need] and list(queries.put_to_nobody(here)) == [other]
    page = signed_in(lead).get(at("unmet_needs"), {"state": "nobody"}).content.decode()
    assert other.reference in page and need.reference not in page and "Put to nobody yet" in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"to": "DEPARTMENT"}, "Enter which department"),
        ({"to": "PRISONERS"}, "Select one of the answers on the page"),
        ({"put_on": ""}, "Enter the date on which it was put to them"),
    ],
)
def test_a_put_that_makes_no_sense(signed_in, lead, need, at, changed, sentence):
    answers = {"to": "COUNCIL", "put_on": "2026-11-20", "said": "Soon.", "version": 1, **changed}
    page = signed_in(lead).post(at("unmet_need_put", need.token), answers).content.decode()
    assert sentence in page and "Soon." in page and not UnmetNeedPut.objects.exists()


def test_a_letter_is_logged_and_says_whom_it_was_put_to_before(signed_in, lead, here, need, now, at):
    client = signed_in(lead)
    build.need_put(need, lead, now - timedelta(days=5), to="HEALTHCARE")
    answer = client.post(at("unmet_need_letter", need.token), {"to": "COUNCIL", "version": 2})
    put = UnmetNeedPut.objects.get(by_letter=True)
    assert answer["Location"] == at("unmet_need_paper", put.token)
    page = client.get(answer["Location"]).content.decode()
    assert "Today is day 13 without it." in page and "Testshire Council, adult social care" in page
    assert "Healthcare at Testwick, 18 November 2026" in page and "Care Act 2014, section 76" in page
    assert 'lang="cy"' not in page
    here.nation = "WALES"
    here.save(update_fields=["nation"])
    page = client.get(answer["Location"]).content.decode()
    assert "Heddiw yw diwrnod 13 hebddo." in page and "Part 11" in page and "Rhan 11" in page
    assert "by Lena Lead, in a letter" in client.get(at("unmet_need", need.token)).content.decode()


def test_days_are_no_longer_counted_here_once_the_person_has_left(here, lead, need, person, now, at_prison):
    with at_prison(here):
        custody = custody_of(here, person)
        end_custody(by=acts(lead, here), now=now - timedelta(days=2), custody=custody, reason="RELEASE")
        custody_ended(here.code, {"custody": custody.pk, "user": lead.pk})
        custody_ended(here.code, {"custody": custody.pk, "user": lead.pk})
        need.refresh_from_db()
        assert need.left_on == date(2026, 11, 21) and queries.days_waiting(need, date(2026, 12, 31)) == 10
        assert not queries.open_needs(here).exists() and list(queries.left_needs(here)) == [need]
        assert person_days(here, now) == (10, 10)


def test_a_need_met_twelve_days_later_counts_twelve_person_days(here, lead, need, now, at_prison):
    with at_prison(here):
        meet_unmet_need(by=acts(lead, here), now=now, need=need, met_on=date(2026, 11, 23), met_how="Carers", version=1)
        assert person_days(here, now) == (12, 12)


def person_days(here, now):
    """As the measure counts them this month, and as the check counts them afresh."""
    first, last = date(2026, 11, 1), now.date()
    parts = UNMET_PERSON_DAYS.compute(Facts(Span(here.code, first, last, as_of=now, seen_until=now)))
    with connection.cursor() as cursor:
        cursor.execute(COUNTS["BS-01"].sql, {"prison": here.code, "first": first, "last": last})
        return parts.numerator, cursor.fetchone()[0]


def test_from_a_persons_page_to_their_needs_their_informal_help_and_a_fall(
    signed_in, lead, officer, here, wing, need, now, at_prison, at
):
    with at_prison(here):
        entry = build.helped_informally(here, lead, now, need.person)
        other = build.unmet_need(here, lead, now, person_in(here, lead, now, wing=wing))
    client, token = signed_in(lead), need.person.token
    page = client.get(reverse("schemes:person", args=[here.code, token])).content.decode()
    for href in (at("person_unmet_needs", token), at("person_informal_help", token), f"{at('fall_add')}?about={token}"):
        assert href in page
    listed = client.get(at("person_unmet_needs", token)).content.decode()
    assert need.reference in listed and other.reference not in listed and f"new/?person={token}" in listed
    assert entry.reference in client.get(at("person_informal_help", token)).content.decode()
    assert "Prison number of" not in client.get(f"{at('fall_add')}?about={token}").content.decode()
    assert signed_in(officer).get(at("person_unmet_needs", token)).status_code == 403
