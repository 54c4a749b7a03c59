"""What stands around a concern: how grave and whose, handing on and chasing, the writer's clock, and stepping in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed, Stale
from referrals.actions.concerns import act_on_concern, close_concern, grade_concern, tell_writer
from referrals.actions.hand_ons import answer_hand_on, chase_hand_on
from referrals.models import Concern, Cover, HandOn, Match, PlannedVisit
from referrals.queries.concerns import concerns_to_chase, told_late, writers_to_tell
from referrals.rules import concerns as rules
from schemes.models import StandDown
from tests.builders.buddies import fresh
from tests.builders.referrals import agreed_plan
from tests.builders.schemes import person_in
from tests.builders.terminal import concern_by, handed_on
from tests.builders.visits import active_match, day_opened, helped
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def concern(here, officer, lead, safeguarding, now, at_prison) -> Concern:
    with at_prison(here):
        return concern_by(officer, here, now, kind="EXPLOIT_BUDDY")


def day(date, name: str) -> dict[str, str]:
    return {f"{name}_day": date.day, f"{name}_month": date.month, f"{name}_year": date.year}


# How grave, and whose ---------------------------------------------------------------------------------


def test_a_grave_one_is_due_today_and_nothing_gives_more_time(concern, lead, safeguarding, at, signed_in, now) -> None:
    before = concern.due_at
    page = at("concern_grade", concern.token)
    text = signed_in(lead).get(page).content.decode()
    assert safeguarding.name in text and "Low" in text
    answer = {"severity": "LOW", "owner": lead.token, "version": "1"}
    assert signed_in(lead).post(page, answer).status_code == 302
    concern.refresh_from_db()
    assert (concern.severity, concern.owner, concern.due_at, concern.version) == ("LOW", lead, before, 2)
    answer = {"severity": "HIGH", "owner": safeguarding.token, "version": "2"}
    signed_in(lead).post(page, answer)
    concern.refresh_from_db()
    assert (concern.clock, concern.owner, concern.graded_by) == ("SAME_DAY", safeguarding, lead)
    assert concern.due_at == rules.due_at("SAME_DAY", now) < before
    signed_in(lead).post(page, {"severity": "LOW", "owner": lead.token, "version": "3"})
    concern.refresh_from_db()
    assert concern.due_at == rules.due_at("SAME_DAY", now), "nothing gives the time back"
    assert AuditEvent.objects.filter(code="concern.graded", subject_id=str(concern.pk)).count() == 3


def test_the_owner_is_one_of_the_list_and_the_form_tells_of_a_newer_version(
    concern, officer, lead, at, signed_in, now, here, at_prison
) -> None:
    page = at("concern_grade", concern.token)
    answer = signed_in(lead).post(page, {"severity": "LOW", "owner": officer.token, "version": "1"})
    assert "Select one of the answers" in answer.content.decode()
    with at_prison(here), pytest.raises(Stale):
        grade_concern(by=acts(lead, here), now=now, concern=concern, severity="LOW", owner=lead, version=9)
    stale = signed_in(lead).post(page, {"severity": "LOW", "owner": lead.token, "version": "9"}).content.decode()
    assert "Somebody else changed" in stale
    concern.refresh_from_db()
    assert concern.severity == ""


# Handing on -------------------------------------------------------------------------------------------


def test_it_is_handed_on_chased_and_answered(concern, safeguarding, at, signed_in, now) -> None:
    browser, today = signed_in(safeguarding), now.date()
    page = at("concern", concern.token)
    assert "The governor’s safeguarding lead leads" in browser.get(page).content.decode()
    answer = {"to": "COUNCIL", "their_reference": "", "chase_on": today.isoformat()}
    assert browser.post(at("concern_hand_on", concern.token), answer).status_code == 302
    found = HandOn.objects.get()
    assert (found.to, found.handed_by, found.chase_on) == ("COUNCIL", safeguarding, today)
    text = browser.get(page).content.decode()
    assert "not given yet" in text and "leads on it, and the council is told" not in text
    assert concern.reference in browser.get(f"{at('concerns')}?due=chase").content.decode()
    later = today + timedelta(days=3)
    again = {"their_reference": "SA/123", "chase_on": later.isoformat(), "version": "1"}
    assert browser.post(at("hand_on", found.token), again).status_code == 302
    found.refresh_from_db()
    assert (found.their_reference, found.chase_on, found.chased_by, found.version) == ("SA/123", later, safeguarding, 2)
    assert concern.reference not in browser.get(f"{at('concerns')}?due=chase").content.decode()
    done = {"outcome": "They advise a visit.", "version": "2"}
    assert browser.post(at("hand_on_answer", found.token), done).status_code == 302
    assert "They advise a visit." in browser.get(page).content.decode()
    assert browser.get(at("hand_on", found.token)).status_code == 404, "nothing is left to ask"
    codes = AuditEvent.objects.filter(subject_id=str(concern.pk), code__startswith="concern.").order_by("id")
    assert [event.code for event in codes][-3:] == ["concern.handed_on", "concern.chased", "concern.hand_on_answered"]


def test_rejects_bad_hand_ons(concern, here, safeguarding, at, signed_in, now, at_prison) -> None:
    browser = signed_in(safeguarding)
    for bad in ({"to": ""}, {"chase_on": "2026-11-01"}, {"chase_on": "2027-11-01"}, {"their_reference": "x" * 41}):
        answer = {"to": "POLICE", "their_reference": "", "chase_on": now.date().isoformat(), **bad}
        response = browser.post(at("concern_hand_on", concern.token), answer)
        assert response.status_code == 200 and "There is a problem" in response.content.decode()
    assert not HandOn.objects.exists()
    with at_prison(here):
        found = handed_on(concern, safeguarding, now)
        by = acts(safeguarding, here)
        answer_hand_on(by=by, now=now, hand_on=found, outcome="Nothing to do", version=1)
        with pytest.raises(NotAllowed, match="answer to this is recorded"):
            chase_hand_on(by=by, now=now, hand_on=found, their_reference="", chase_on=now.date(), version=2)


def test_safeguarding_is_not_closed_before_the_council_is_told(concern, here, safeguarding, now, at_prison) -> None:
    by = acts(safeguarding, here)
    with at_prison(here):
        act_on_concern(by=by, now=now, concern=concern, words="Moved him.", version=1)
        handed_on(concern, safeguarding, now, "POLICE")
        with pytest.raises(NotAllowed, match="Tell the council"):
            close_concern(by=by, now=now, concern=concern)
        handed_on(concern, safeguarding, now, "COUNCIL")
        close_concern(by=by, now=now, concern=concern)


def test_what_is_to_be_chased_is_only_of_ones_own_concerns(concern, here, safeguarding, delegate, now, at_prison):
    with at_prison(here):
        handed_on(concern, safeguarding, now, chase_on=now.date())
        assert concerns_to_chase(here, safeguarding, now.date()).get() == concern
        assert not concerns_to_chase(here, delegate, now.date()).exists()
        assert not concerns_to_chase(here, safeguarding, now.date() - timedelta(days=1)).exists()


# The writer's own clock --------------------------------------------------------------------------------


def test_the_writer_has_a_clock_of_their_own(here, wing, lead, safeguarding, now, at_prison, at, signed_in) -> None:
    acted = now - timedelta(days=8)
    with at_prison(here):
        writer = person_in(here, lead, now, wing=wing)
        concern = concern_by(lead, here, acted, writer=writer)
        assert rules.tell_due_at(concern) is None and not rules.is_telling_late(concern, now)
        act_on_concern(by=acts(lead, here), now=acted, concern=concern, words="Done", version=1)
        concern.refresh_from_db()
        assert rules.tell_due_at(concern) == acted + timedelta(days=7) and rules.is_telling_late(concern, now)
        due = writers_to_tell(here, lead, now.date())
        assert told_late(due, now).get() == concern and not told_late(due, acted).exists()
    assert "Overdue since" in signed_in(lead).get(f"{at('concerns')}?due=tell").content.decode()
    with at_prison(here):
        tell_writer(by=acts(lead, here), now=now, concern=concern)
    assert "Told late" in signed_in(lead).get(at("concern", concern.token)).content.decode()


# Stepping in ------------------------------------------------------------------------------------------


@pytest.fixture
def pair(here, wing, lead, safeguarding, officer, now, at_prison):
    """A buddy who helps two people, and a concern about the first."""
    with at_prison(here):
        plan, buddy, first = helped(here, lead, now, wing=wing)
        other = agreed_plan(here, lead, now, person=person_in(here, lead, now, wing=wing), wing=wing)
        second = active_match(other, buddy, lead, now)
        day_opened(here, now.date(), now)
        concern = concern_by(officer, here, now, about_person=plan.person, kind="EXPLOIT_RECIPIENT")
    return concern, buddy, first, second


STEP = {
    "reason": "Something is being looked into",
    "told_how": "In person by the wing manager",
    "appeal_route": "To the governor within seven days",
    "version": "1",
}


def test_a_match_is_paused_a_buddy_suspended_and_cover_asked_for_in_one_step(
    pair, here, safeguarding, at, signed_in, now
) -> None:
    concern, buddy, first, second = pair
    browser, page = signed_in(safeguarding), at("concern_step_in", concern.token)
    assert buddy.person.full_name in browser.get(page).content.decode()
    half = browser.post(page, {**STEP, f"cover_{first.token}": "STAFF"})
    assert half.status_code == 200 and not StandDown.objects.exists(), "nobody is left without an answer"
    covers = {f"cover_{first.token}": "STAFF", f"cover_{second.token}": "NOBODY"}
    assert browser.post(page, STEP | covers).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    concern.refresh_from_db()
    assert (first.status, second.status) == (Match.Status.PAUSED, Match.Status.ACTIVE)
    assert fresh(buddy).status == "SUSPENDED"
    found = StandDown.objects.get()
    assert found.paid and found.review_on == now.date() + timedelta(days=7)
    assert dict(Cover.objects.values_list("match", "choice")) == {first.pk: "STAFF", second.pk: "NOBODY"}
    assert not PlannedVisit.objects.filter(buddy=buddy, cancelled_at=None).exists(), "today’s visits are not theirs"
    assert concern.status == "ACTED" and concern.acted_by == safeguarding
    assert AuditEvent.objects.get(code="concern.stepped_in").details == {"match": first.pk, "buddy": buddy.pk}


def test_all_or_nothing(pair, here, safeguarding, at, signed_in, monkeypatch) -> None:
    concern, buddy, first, second = pair
    covers = {f"cover_{first.token}": "STAFF", f"cover_{second.token}": "NOBODY"}
    stale = signed_in(safeguarding).post(at("concern_step_in", concern.token), STEP | covers | {"version": "7"})
    assert "Somebody else changed" in stale.content.decode()
    first.refresh_from_db()
    assert first.status == "ACTIVE" and fresh(buddy).status == "ACTIVE" and not StandDown.objects.exists()


def test_where_there_is_no_pair_it_says_so_and_other_pairs_are_not_offered(
    pair, here, wing, lead, safeguarding, officer, at, signed_in, now, at_prison
) -> None:
    with at_prison(here):
        alone = concern_by(officer, here, now, about_person=person_in(here, lead, now, wing=wing))
    assert "nothing to pause" in signed_in(safeguarding).get(at("concern_step_in", alone.token)).content.decode()
    _, _, first, _ = pair
    forged = signed_in(safeguarding).post(f"{at('concern_step_in', alone.token)}?match={first.token}", STEP)
    assert forged.status_code == 200 and not StandDown.objects.exists()


def test_needs_the_permission_and_another_prison_s_is_404(
    concern, officer, outsider, safeguarding, here, at, signed_in, now, at_prison
):
    with at_prison(here):
        found = handed_on(concern, safeguarding, now)
    pages = [at(name, concern.token) for name in ("concern_grade", "concern_hand_on", "concern_step_in")]
    pages += [at("hand_on", found.token), at("hand_on_answer", found.token)]
    for page in pages:
        assert signed_in(officer).get(page).status_code == 403
        assert signed_in(outsider).get(page).status_code == 404


def test_every_read_of_a_step_is_recorded(concern, safeguarding, at, signed_in) -> None:
    for name in ("concern_grade", "concern_hand_on", "concern_access"):
        signed_in(safeguarding).get(at(name, concern.token))
    assert AuditEvent.objects.filter(code="viewed", subject_id=str(concern.pk)).count() == 3
