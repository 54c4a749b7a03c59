"""To whom a concern goes: two people, never one who is named in it, with deputies and days away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from buddyscheme.accounts.models import Membership
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.concerns import raise_concern
from referrals.actions.receivers import cancel_leave, give_access, name_deputy, name_in_concern, take_access
from referrals.models import Concern, ConcernReader, ReceiverLeave
from referrals.queries.concerns import concerns_for, waiting
from referrals.rules.receivers import Candidate, Chosen, choose
from tests import cast
from tests.builders.schemes import person_in
from tests.builders.terminal import at as at_terminal
from tests.builders.terminal import concern_by, on_leave, terminal_on, window_at
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SAFE, LEAD, DEPUTY, GOVERNOR = 1, 2, 3, 4
FOUR = [
    Candidate(SAFE, "SAFEGUARDING"),
    Candidate(LEAD, "LEAD"),
    Candidate(DEPUTY, "DEPUTY_LEAD"),
    Candidate(GOVERNOR, "GOVERNOR_DELEGATE"),
]


def who(candidates, **rest) -> list[int]:
    return [one.user_id for one in choose(candidates, **{"about_staff": False, "shut_out": (), **rest})]


def readers(concern) -> list[str]:
    return [line.user.name for line in ConcernReader.objects.filter(concern=concern, ended_at=None).order_by("id")]


def test_the_rule_sends_each_to_two_people() -> None:
    assert who(FOUR) == [SAFE, LEAD]
    assert who(FOUR, about_staff=True) == [SAFE, GOVERNOR]
    assert who(FOUR, shut_out={SAFE}) == [LEAD, DEPUTY]
    assert who(FOUR, shut_out={LEAD}, about_staff=True) == [SAFE, GOVERNOR]
    assert who(FOUR, last={LEAD}) == [SAFE, DEPUTY] and who(FOUR[:2], last={LEAD}) == [SAFE, LEAD]
    assert who(FOUR[:1]) == [SAFE] and who([]) == []
    assert who([FOUR[0], Candidate(9, "SAFEGUARDING")]) == [SAFE, 9], "two of one role, where there is no other"


def test_the_rule_passes_over_whoever_is_away_for_their_deputy() -> None:
    gone = Candidate(SAFE, "SAFEGUARDING", away=True, deputy_id=GOVERNOR)
    found = choose([gone, *FOUR[1:]], about_staff=False, shut_out=())
    assert found == [Chosen(GOVERNOR, instead_of=SAFE), Chosen(LEAD)]
    assert who([gone, *FOUR[1:]], shut_out={GOVERNOR}) == [LEAD, DEPUTY]
    assert who([gone, *FOUR[1:]], shut_out={SAFE}) == [LEAD, DEPUTY], "no friend of whoever is named"
    without = Candidate(SAFE, "SAFEGUARDING", away=True)
    assert who([without, *FOUR[1:]]) == [LEAD, DEPUTY]


def test_works(here, officer, lead, safeguarding, delegate, now, at_prison) -> None:
    with at_prison(here):
        concern = concern_by(officer, here, now)
        about = concern_by(officer, here, now, about_staff=lead)
    assert readers(concern) == ["Sol Safeguarding", "Lena Lead"]
    assert readers(about) == ["Sol Safeguarding", "Gil Governor"]
    today = now.date()
    assert not concerns_for(here, delegate, today).filter(pk=concern.pk).exists()
    assert concerns_for(here, delegate, today).filter(pk=about.pk).exists()
    event = AuditEvent.objects.filter(code="concern.access_given", subject_id=str(about.pk)).get()
    assert event.details == {"users": [safeguarding.pk, delegate.pk], "by_rule": True}


def test_one_about_staff_never_goes_to_the_officer_who_opened_the_window(
    here, wing, officer, lead, deputy, safeguarding, admin, now, at_prison, signed_in, at
) -> None:
    with at_prison(here):
        writer = person_in(here, lead, now, wing=wing)
        machine, _ = terminal_on(wing, admin, now)
        window = window_at(machine, lead, now)
        told = {"by": at_terminal(window, writer), "now": now, "prison": here, "happened_on": now.date(),
                "source": "TERMINAL", "writer": writer, "window": window}  # fmt: skip
        worry = raise_concern(kind="WORRY", **told)
        staff = raise_concern(kind="STAFF_OBSTRUCTION", **told)
    assert readers(staff) == ["Sol Safeguarding", "Dev Deputy"] and staff.hidden_from == [lead.pk]
    assert signed_in(lead).get(at("concern", staff.token)).status_code == 404
    assert readers(worry) == ["Sol Safeguarding", "Dev Deputy"], "the writer may have meant who sat beside"
    with at_prison(here):
        give_access(by=acts(safeguarding, here), now=now, concern=worry, user=lead)
    assert signed_in(lead).get(at("concern", worry.token)).status_code == 200
    # It turns out that it is about staff after all: who opened the window loses it, and somebody else gets it.
    response = signed_in(safeguarding).post(at("concern_name", worry.token), {"user": officer.token})
    assert response.status_code == 302
    worry.refresh_from_db()
    assert sorted(worry.hidden_from) == sorted([officer.pk, lead.pk])
    assert readers(worry) == ["Sol Safeguarding", "Dev Deputy"]
    assert signed_in(lead).get(at("concern", worry.token)).status_code == 404
    event = AuditEvent.objects.get(code="concern.named")
    assert (event.actor_id, event.details) == (safeguarding.pk, {"users": [officer.pk, lead.pk]})


def test_whoever_opened_the_window_cannot_name_staff_in_it(
    here, wing, lead, safeguarding, officer, admin, now, at_prison
):
    with at_prison(here):
        writer = person_in(here, lead, now, wing=wing)
        window = window_at(terminal_on(wing, admin, now)[0], lead, now)
        concern = raise_concern(
            by=at_terminal(window, writer), now=now, prison=here, kind="WORRY", happened_on=now.date(),
            source="TERMINAL", writer=writer, window=window,
        )  # fmt: skip
        with pytest.raises(NotAllowed, match="You opened the window"):
            name_in_concern(by=acts(lead, here), now=now, concern=concern, user=officer)
        with pytest.raises(NotAllowed, match="cannot shut yourself out"):
            name_in_concern(by=acts(safeguarding, here), now=now, concern=concern, user=safeguarding)


def test_a_deputy_reads_while_the_other_is_away_and_not_after(
    here, officer, lead, safeguarding, delegate, now, at_prison, signed_in, at
) -> None:
    with at_prison(here):
        concern = concern_by(officer, here, now)
    page = at("concern", concern.token)
    assert signed_in(delegate).get(page).status_code == 404
    answer = {"user": safeguarding.token, "deputy": delegate.token}
    assert signed_in(lead).post(at("receiver_deputy"), answer).status_code == 302
    assert signed_in(delegate).get(page).status_code == 404, "nobody is away"
    days = {"user": safeguarding.token, "first_on": now.date().isoformat(), "last_on": now.date().isoformat()}
    assert signed_in(lead).post(at("receiver_leave"), days).status_code == 302
    assert signed_in(delegate).get(page).status_code == 200
    with at_prison(here):
        assert waiting(here, delegate, now.date()).count() == 1
        assert not waiting(here, delegate, now.date() + timedelta(days=1)).exists(), "the record says it, no task"
        new = concern_by(officer, here, now)
    assert readers(new) == ["Gil Governor", "Lena Lead"]
    listed = signed_in(lead).get(at("receivers")).content.decode()
    assert "Away" in listed and "Gil Governor" in listed
    leave = ReceiverLeave.objects.get()
    assert signed_in(lead).post(at("receiver_leave_cancel", leave.token)).status_code == 302
    assert signed_in(delegate).get(page).status_code == 404


def test_a_concern_never_rests_with_nobody(here, officer, lead, safeguarding, delegate, now, at_prison) -> None:
    with at_prison(here):
        concern = concern_by(officer, here, now)
        assert not concerns_for(here, delegate, now.date()).exists()
        on_leave(safeguarding, here, now)
        assert not concerns_for(here, delegate, now.date()).exists(), "the lead is there"
    Membership.objects.filter(user=lead).update(ends_on=now.date() - timedelta(days=1))
    with at_prison(here):
        assert concerns_for(here, delegate, now.date()).get() == concern


def test_somebody_is_let_in_and_taken_off(here, officer, lead, safeguarding, delegate, now, at_prison, signed_in, at):
    with at_prison(here):
        concern = concern_by(officer, here, now)
    browser, page = signed_in(safeguarding), at("concern", concern.token)
    assert browser.get(at("concern_access", concern.token)).status_code == 200
    assert browser.post(at("concern_access_give", concern.token), {"user": delegate.token}).status_code == 302
    assert signed_in(delegate).get(page).status_code == 200
    line = ConcernReader.objects.get(user=delegate)
    assert signed_in(lead).post(at("concern_access_end", concern.token, line.token)).status_code == 302
    assert signed_in(delegate).get(page).status_code == 404
    kept = ConcernReader.objects.get(user=lead, ended_at=None)
    answer = signed_in(lead).post(at("concern_access_end", concern.token, kept.token)).content.decode()
    assert "at least two people" in answer
    codes = list(
        AuditEvent.objects.filter(code__startswith="concern.access").order_by("id").values_list("code", "actor_id")
    )
    assert codes[1:] == [("concern.access_given", safeguarding.pk), ("concern.access_ended", lead.pk)]


def test_only_those_who_handle_concerns_are_let_in_and_nobody_named(
    here, officer, lead, safeguarding, delegate, now, at_prison
) -> None:
    by = acts(safeguarding, here)
    with at_prison(here):
        concern = concern_by(officer, here, now, about_staff=lead)
        with pytest.raises(NotAllowed, match="named in the concern"):
            give_access(by=by, now=now, concern=concern, user=lead)
        with pytest.raises(NotAllowed, match="role that handles"):
            give_access(by=by, now=now, concern=concern, user=officer)
        with pytest.raises(NotAllowed, match="on the list already"):
            give_access(by=by, now=now, concern=concern, user=delegate)
        with pytest.raises(NotAllowed, match="for somebody else"):
            give_access(by=acts(lead, here), now=now, concern=concern, user=delegate)
        line = ConcernReader.objects.get(user=delegate)
        with pytest.raises(NotAllowed, match="at least two"):
            take_access(by=by, now=now, reader=line)


def test_rejects_bad_deputies_and_days(here, lead, safeguarding, now, at_prison, signed_in, at) -> None:
    browser = signed_in(lead)
    own = browser.post(at("receiver_deputy"), {"user": lead.token, "deputy": lead.token}).content.decode()
    assert "Nobody stands in for themselves" in own
    today = now.date()
    days = {"user": lead.token, "first_on": today.isoformat(), "last_on": (today - timedelta(days=1)).isoformat()}
    assert "must not be before the first" in browser.post(at("receiver_leave"), days).content.decode()
    past = {"user": lead.token, "first_on": "2026-11-01", "last_on": "2026-11-02"}
    assert "These days are over" in browser.post(at("receiver_leave"), past).content.decode()
    with at_prison(here):
        leave = on_leave(lead, here, now)
    twice = {"user": lead.token, "first_on": today.isoformat(), "last_on": today.isoformat()}
    assert "recorded already" in browser.post(at("receiver_leave"), twice).content.decode()
    with at_prison(here):
        cancel_leave(by=acts(lead, here), now=now, leave=leave)
        with pytest.raises(NotAllowed, match="taken back already"):
            cancel_leave(by=acts(lead, here), now=now, leave=leave)
        first = name_deputy(by=acts(lead, here), now=now, prison=here, user=lead, deputy=safeguarding)
        name_deputy(by=acts(lead, here), now=now, prison=here, user=lead, deputy=cast.make_staff("Del", "LEAD", here))
    first.refresh_from_db()
    assert first.ended_at == now


def test_needs_the_permission_and_another_prison_s_is_404(here, officer, outsider, lead, now, at_prison, signed_in, at):
    with at_prison(here):
        concern = concern_by(officer, here, now)
        line = ConcernReader.objects.get()
        leave = on_leave(lead, here, now)
    pages = [
        at("receivers"), at("receiver_deputy"), at("receiver_leave"), at("receiver_leave_cancel", leave.token),
        at("concern_access", concern.token), at("concern_access_give", concern.token),
        at("concern_name", concern.token), at("concern_access_end", concern.token, line.token),
    ]  # fmt: skip
    for page in pages:
        assert signed_in(officer).get(page).status_code == 403
        assert signed_in(outsider).get(page).status_code == 404
    there = reverse("referrals:receiver_leave_cancel", args=["ZTB", leave.token])
    assert signed_in(outsider).get(there).status_code == 404


def test_too_few_people_are_said_to_be_too_few(here, officer, lead, now, at_prison, signed_in, at) -> None:
    with at_prison(here):
        concern = concern_by(officer, here, now)
    assert "only one could be found" in signed_in(lead).get(at("concern", concern.token)).content.decode()
    assert "Fewer than two people" in signed_in(lead).get(at("receivers")).content.decode()
    assert Concern.objects.count() == 1
