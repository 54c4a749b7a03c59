"""Concerns raised by staff, and what those who handle them do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.outbox.models import Message
from referrals.actions.concerns import act_on_concern, close_concern, tell_writer
from referrals.forms.concerns import ConcernForm
from referrals.models import Concern
from referrals.queries.concerns import concerns_for, waiting, writers_to_tell
from referrals.rules import concerns as rules
from tests.builders.schemes import person_in
from tests.builders.terminal import concern_by
from tests.cast import acts

GOOD = {"kind": "WORRY", "words": "He has stopped eating.", "happened_on": "2026-11-22"}


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def person(here, lead, now, at_prison):
    with at_prison(here):
        return person_in(here, lead, now)


def add(here, query: str = "") -> str:
    return f"/prisons/{here.code}/concerns/add/{query}"


def test_works(here, person, officer, signed_in) -> None:
    client = signed_in(officer)
    response = client.post(add(here), {**GOOD, "prison_number": person.prison_number}, follow=True)
    concern = Concern.objects.get()
    assert (concern.about_person, concern.source, concern.raised_by) == (person, "STAFF", officer)
    page = response.content.decode()
    assert concern.reference in page and "He has stopped eating" not in page


@pytest.mark.parametrize(("query", "about"), [("", "number"), ("?about=staff", "staff"), ("known", "known")])
def test_at_most_four_answers(query, about, now) -> None:
    assert ConcernForm(about=about, today=now.date()).count_inputs() <= 4


def test_about_somebody_already_known(here, person, officer, signed_in) -> None:
    page = signed_in(officer).get(add(here, f"?about={person.token}")).content.decode()
    assert person.full_name in page and "Prison number of the person" not in page
    signed_in(officer).post(add(here, f"?about={person.token}"), GOOD)
    assert Concern.objects.get().about_person == person


def test_about_somebody_of_another_prison_is_404(here, elsewhere, outsider, officer, now, at_prison, signed_in) -> None:
    with at_prison(elsewhere):
        other = person_in(elsewhere, outsider, now)
    assert signed_in(officer).get(add(here, f"?about={other.token}")).status_code == 404
    known = signed_in(officer).post(add(here), {**GOOD, "prison_number": other.prison_number}).content.decode()
    unknown = signed_in(officer).post(add(here), {**GOOD, "prison_number": "Z9998ZZ"}).content.decode()
    assert "is not on this prison" in known and "is not on this prison" in unknown
    assert not Concern.objects.exists()


def test_needs_the_permission(here, dpo, admin, officer, signed_in, now, at_prison) -> None:
    assert signed_in(dpo).post(add(here), GOOD).status_code == 403
    assert signed_in(officer).get(f"/prisons/{here.code}/concerns/").status_code == 403
    with at_prison(here):
        concern = concern_by(officer, here, now)
    for word in ("", "told/", "close/"):
        assert signed_in(officer).get(f"/prisons/{here.code}/concerns/{concern.token}/{word}").status_code == 403


def test_another_prison_s_is_404(here, officer, outsider, signed_in, now, at_prison) -> None:
    with at_prison(here):
        concern = concern_by(officer, here, now)
    assert signed_in(outsider).get(f"/prisons/{here.code}/concerns/{concern.token}/").status_code == 404
    assert signed_in(outsider).get(f"/prisons/ZTB/concerns/{concern.token}/").status_code == 404


def test_nobody_named_in_it_sees_it(here, lead, officer, safeguarding, signed_in, at_prison) -> None:
    signed_in(officer).post(add(here, "?about=staff"), {**GOOD, "staff": lead.token})
    concern = Concern.objects.get()
    assert concern.about_staff == lead
    with at_prison(here):
        day = concern.raised_at.date()
        assert not concerns_for(here, lead, day).exists() and concerns_for(here, safeguarding, day).exists()
        assert waiting(here, safeguarding, day).count() == 1 and waiting(here, lead, day).count() == 0
        with pytest.raises(NotAllowed):
            act_on_concern(by=acts(lead, here), now=concern.raised_at, concern=concern, words="Nothing", version=1)
    listed, one = f"/prisons/{here.code}/concerns/", f"/prisons/{here.code}/concerns/{concern.token}/"
    assert concern.reference not in signed_in(lead).get(listed).content.decode()
    assert signed_in(lead).get(one).status_code == 404
    assert signed_in(lead).post(one, {"words": "Nothing", "version": "1"}).status_code == 404
    assert concern.reference in signed_in(safeguarding).get(listed).content.decode()


def test_every_read_is_recorded(here, lead, officer, person, signed_in, now, at_prison) -> None:
    with at_prison(here):
        concern = concern_by(officer, here, now, about_person=person)
    page = signed_in(lead).get(f"/prisons/{here.code}/concerns/{concern.token}/")
    assert "He gives his canteen away." in page.content.decode()
    event = AuditEvent.objects.get(code="viewed")
    assert (event.actor_id, event.person_id, event.subject_id) == (lead.pk, person.pk, str(concern.pk))


def test_an_action_stops_the_clock(here, lead, officer, signed_in, now, at_prison) -> None:
    with at_prison(here):
        concern = concern_by(officer, here, now)
    base = f"/prisons/{here.code}/concerns/{concern.token}/"
    signed_in(lead).post(base, {"words": "Spoke with him on the wing.", "version": "1"})
    concern.refresh_from_db()
    assert (concern.status, concern.acted_by, concern.owner, concern.version) == ("ACTED", lead, lead, 2)
    assert "Spoke with him on the wing." in signed_in(lead).get(base).content.decode()
    response = signed_in(lead).post(base, {"words": "Kept words", "version": "1"})
    assert "Somebody else changed" in response.content.decode() and "Kept words" in response.content.decode()


def test_refused_in_the_wrong_state(here, lead, officer, now, at_prison) -> None:
    by = acts(lead, here)
    with at_prison(here):
        concern = concern_by(officer, here, now)
        with pytest.raises(NotAllowed, match="Record what was done"):
            close_concern(by=by, now=now, concern=concern)
        with pytest.raises(NotAllowed, match="no writer"):
            tell_writer(by=by, now=now, concern=concern)
        act_on_concern(by=by, now=now, concern=concern, words="Done", version=1)
        with pytest.raises(Stale):
            act_on_concern(by=by, now=now, concern=concern, words="Again", version=1)
        close_concern(by=by, now=now, concern=concern)
        with pytest.raises(NotAllowed, match="closed"):
            act_on_concern(by=by, now=now, concern=concern, words="More", version=3)
        with pytest.raises(NotAllowed, match="already closed"):
            close_concern(by=by, now=now, concern=concern)


@pytest.mark.parametrize(
    "bad",
    [{"words": ""}, {"kind": ""}, {"happened_on": "2026-11-24"}, {"happened_on": "x"}, {"prison_number": "12"}],
)
def test_rejects_bad_input(here, officer, signed_in, bad) -> None:
    response = signed_in(officer).post(add(here), {**GOOD, **bad})
    assert response.status_code == 200 and "There is a problem" in response.content.decode()
    assert not Concern.objects.exists()


def test_clocks(here, officer, now, at_prison) -> None:
    with at_prison(here):
        due = {k: concern_by(officer, here, now, kind=k).due_at for k in ("FALL", "SELF_HARM", "DID_OVERSTEP", "WORRY")}
        other = concern_by(officer, here, now, kind="OTHER")
    midnight = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
    assert due["FALL"] == due["SELF_HARM"] == due["DID_OVERSTEP"] == midnight
    assert due["WORRY"] == now + timedelta(hours=72) and other.due_at == now + timedelta(days=7)
    late = midnight - timedelta(minutes=5)
    assert rules.due_at("SAME_DAY", late) == late + timedelta(hours=2)
    assert not rules.is_breached(other, other.due_at)
    assert rules.is_breached(other, other.due_at + timedelta(seconds=1))
    other.acted_at = now
    assert not rules.is_breached(other, other.due_at + timedelta(days=9))


def test_the_list_has_the_most_pressing_first_and_shows_breach(here, lead, officer, signed_in, now, at_prison) -> None:
    with at_prison(here):
        slow = concern_by(officer, here, now - timedelta(days=1), kind="OTHER")
        late = concern_by(officer, here, now - timedelta(days=5), kind="FALL")
        done = concern_by(officer, here, now - timedelta(days=9), kind="FALL")
        act_on_concern(by=acts(lead, here), now=now, concern=done, words="x", version=1)
        mine = (here, lead, now.date())
        assert [c.pk for c in concerns_for(*mine)] == [late.pk, slow.pk, done.pk]
        assert waiting(*mine).count() == 2 and writers_to_tell(*mine).count() == 0
    page = signed_in(lead).get(f"/prisons/{here.code}/concerns/").content.decode()
    assert "Overdue" in page and "Acted late" in page and "In time so far" in page


def test_the_month_in_which_it_happened_is_counted_again(here, officer, now, at_prison) -> None:
    with at_prison(here):
        concern_by(officer, here, now, kind="ASKED_TO_OVERSTEP", happened_on=now.date() - timedelta(days=30))
    assert Message.objects.get(topic="month.changed").payload == {"month": "2026-10"}


def test_leaves_the_audit_event(here, officer, now, at_prison) -> None:
    with at_prison(here):
        concern_by(officer, here, now, words="secretwords")
    event = AuditEvent.objects.get(code="concern.raised")
    assert event.actor_id == officer.pk and "secretwords" not in str(event.details)


def test_list_does_not_query_per_row(here, lead, officer, person, signed_in, now, at_prison) -> None:
    def concerns(n: int) -> int:
        with at_prison(here):
            for _ in range(n):
                concern_by(officer, here, now, about_person=person)
        client = signed_in(lead)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/prisons/{here.code}/concerns/")
        return len(queries)

    assert concerns(2) == concerns(18)
