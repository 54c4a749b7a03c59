"""Standing a buddy down: why, what the person was told, and who covers each person, in one step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.matches import make_first
from referrals.actions.standing_down import stand_down
from referrals.models import Cover, Match, PlannedVisit, PlanTask
from schemes.actions.stand_downs import decide_appeal, record_appeal
from schemes.models import StandDown
from schemes.queries.stand_downs import unpaid_days
from tests.builders import care
from tests.builders.buddies import active_buddy, fresh
from tests.builders.referrals import agreed_plan
from tests.builders.schemes import person_in
from tests.builders.visits import active_match, helped, planned_on
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SUSPEND = {
    "reason": "Something reported is being looked into",
    "evidence": "Report 12 of the wing book",
    "paid": "no",
    "review_on": "2026-12-01",
    "told_how": "In person by the wing manager",
    "appeal_route": "To the governor within seven days",
}


@pytest.fixture
def pair(here, wing, lead, now, at_prison):
    with at_prison(here):
        return helped(here, lead, now, wing=wing)


@pytest.fixture
def three(pair, here, wing, lead, now, at_prison):
    """The same buddy helps three people, one of whom has a second buddy; and there is somebody free."""
    _, buddy, first = pair
    with at_prison(here):
        found = [first]
        for _ in range(2):
            plan = agreed_plan(here, lead, now, person=person_in(here, lead, now, wing=wing), wing=wing)
            found.append(active_match(plan, buddy, lead, now))
        second = active_buddy(here, lead, now, wing=wing, last_name="Second")
        active_match(first.plan, second, lead, now, "SECOND")
        free = active_buddy(here, lead, now, wing=wing, last_name="Free")
    return buddy, found, second, free


def covers(matches, *choices):
    return {f"cover_{match.token}": choice for match, choice in zip(matches, choices, strict=True)}


def test_one_page_one_save_and_everybody_is_seen_to(three, signed_in, lead, at, now):
    buddy, matches, second, free = three
    browser = signed_in(lead)
    page = browser.get(at("stand_down_suspend", buddy.token)).content.decode()
    assert "the plan’s other buddy" in page and "Ash Free" in page and "Nobody yet" in page
    chosen = covers(matches, "OTHER", f"BUDDY:{free.token}", "STAFF")
    answer = browser.post(at("stand_down_suspend", buddy.token), SUSPEND | chosen, follow=True)
    found = StandDown.objects.get()
    assert answer.redirect_chain[-1][0] == at("stand_down", found.token)
    assert fresh(buddy).status == "SUSPENDED"
    assert (found.paid, found.starts_on, found.decided_by) == (False, now.date(), lead)
    assert list(Cover.objects.order_by("match_id").values_list("choice", "buddy")) == [
        ("OTHER", second.pk), ("BUDDY", free.pk), ("STAFF", None),
    ]  # fmt: skip
    # Today's visits follow in the same save.
    assert planned_on(matches[0].plan, now.date()).buddy_id == second.pk
    assert planned_on(matches[1].plan, now.date()).buddy_id is None
    assert not PlannedVisit.objects.filter(plan=matches[2].plan, cancelled_at=None, day=now.date()).exists()
    assert Match.objects.get(buddy=free).status == "PROPOSED"
    # What is uncovered stands on the page at once.
    assert "Nobody comes today" in answer.content.decode()
    assert matches[1].plan.person.full_name in answer.content.decode()
    assert set(AuditEvent.objects.values_list("code", flat=True)) >= {
        "buddy.suspended", "stand_down.recorded", "cover.chosen", "match.proposed", "plan.tasks_to_staff",
    }  # fmt: skip


def test_nobody_is_forgotten(three, signed_in, lead, at):
    buddy, matches, _, _ = three
    page = signed_in(lead).post(at("stand_down_suspend", buddy.token), SUSPEND | covers(matches[:2], "OTHER", "STAFF"))
    text = page.content.decode()
    assert f"Select who helps {matches[2].plan.person.full_name}" in text
    assert "Report 12 of the wing book" in text and fresh(buddy).status == "ACTIVE"


def test_a_match_made_meanwhile_is_asked_about(pair, here, lead, now, at_prison):
    _, buddy, _ = pair
    with at_prison(here), pytest.raises(NotAllowed, match="Select who covers"):
        stand_down(by=acts(lead, here), now=now, buddy=buddy, kind="LEFT", covers={}, reason="Own wish")
    assert fresh(buddy).status == "ACTIVE" and not StandDown.objects.exists()


def test_reinstating_gives_back_what_staff_did(pair, signed_in, lead, at, here, now, at_prison):
    plan, buddy, match = pair
    with at_prison(here):
        care.suspended(buddy, lead, now, covers={match.pk: ("STAFF", None)})
    assert PlanTask.objects.get(plan=plan).done_by == "STAFF"
    assert signed_in(lead).post(at("bring_back", buddy.token), {"reason": "Nothing was found"}).status_code == 302
    task, found = PlanTask.objects.get(plan=plan), StandDown.objects.get()
    assert (task.done_by, task.cover_id) == ("BUDDY", None)
    assert (found.ended_on, found.ended_by) == (now.date(), lead)
    assert planned_on(plan, now.date()).buddy_id == buddy.pk and planned_on(plan, now.date()).cancelled_at is None


def test_reinstating_needs_clearance_in_date(pair, signed_in, lead, at, here, now, at_prison, clock):
    _, buddy, _ = pair
    with at_prison(here):
        care.suspended(buddy, lead, now)
    clock.move_to(now + timedelta(days=400))
    page = signed_in(lead).post(at("bring_back", buddy.token), {"reason": "Back"}).content.decode()
    assert "Clearance is not in date" in page and StandDown.objects.get().ended_at is None


def test_a_removal_has_a_category_and_ends_the_matches(three, signed_in, lead, at, now):
    buddy, matches, second, free = three
    answers = {
        "category": "SAFEGUARDING", "reason": "Took canteen", "evidence": "", "told_how": "In person",
        "appeal_route": "To the governor", **covers(matches, "OTHER", f"BUDDY:{free.token}", "NOBODY"),
    }  # fmt: skip
    browser = signed_in(lead)
    page = browser.post(at("stand_down_remove", buddy.token), answers | {"category": ""}).content.decode()
    assert "Select what it is about" in page
    assert browser.post(at("stand_down_remove", buddy.token), answers).status_code == 302
    assert fresh(buddy).status == "REMOVED"
    assert set(Match.objects.filter(buddy=buddy).values_list("status", "end_reason")) == {
        ("ENDED", "The buddy no longer does the role")
    }
    assert Match.objects.get(buddy=free).part == "LEAD"
    assert planned_on(matches[0].plan, now.date()).buddy_id == second.pk
    # The second buddy can be made the first.
    match = Match.objects.get(buddy=second)
    assert browser.post(at("match_first", match.token), {}).status_code == 302
    match.refresh_from_db()
    assert match.part == "LEAD"


def test_leaving_while_suspended_ends_the_suspension(pair, signed_in, lead, at, here, now, at_prison):
    _, buddy, match = pair
    with at_prison(here):
        care.suspended(buddy, lead, now)
    answers = {"reason": "Own wish", f"cover_{match.token}": "NOBODY"}
    assert signed_in(lead).post(at("stand_down_leave", buddy.token), answers).status_code == 302
    kinds = dict(StandDown.objects.values_list("kind", "ended_on"))
    assert kinds == {"SUSPENDED": now.date(), "LEFT": None}


def test_somebody_with_two_buddies_is_offered_nobody_new(three, signed_in, lead, at):
    buddy, matches, _, free = three
    form = signed_in(lead).get(at("stand_down_suspend", buddy.token)).context["form"]
    offered = [choice.value for choice in form.fields[f"cover_{matches[0].token}"].offered]
    assert offered == ["OTHER", "STAFF", "NOBODY"]
    assert f"BUDDY:{free.token}" in [c.value for c in form.fields[f"cover_{matches[1].token}"].offered]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": ""}, "Enter the reason"),
        ({"paid": ""}, "Select yes or no for “Is the buddy paid while suspended?”"),
        ({"review_on": "2027-03-01"}, "must be on or before 21 December 2026"),
        ({"review_on": "2026-11-23"}, "The review must be after today"),
        ({"told_how": ""}, "Enter how the person was told"),
        ({"appeal_route": ""}, "Enter how the person can appeal"),
    ],
)
def test_rejects_bad_input_and_keeps_what_was_typed(pair, signed_in, lead, at, changed, sentence):
    _, buddy, match = pair
    posted = SUSPEND | {f"cover_{match.token}": "NOBODY"} | changed
    page = signed_in(lead).post(at("stand_down_suspend", buddy.token), posted).content.decode()
    assert sentence in page and "Report 12 of the wing book" in page
    assert fresh(buddy).status == "ACTIVE"


def test_review_is_due_listed_and_put_off(pair, signed_in, lead, at, here, now, at_prison, clock):
    _, buddy, _ = pair
    with at_prison(here):
        found = care.suspended(buddy, lead, now)
    due = at("stand_downs") + "?state=review"
    assert not signed_in(lead).get(due).context["table"].rows
    clock.move_to(now + timedelta(days=7))
    assert len(signed_in(lead).get(due).context["table"].rows) == 1
    assert _tile(signed_in(lead), here, "Suspensions to review") == 1
    browser = signed_in(lead)
    assert browser.post(at("stand_down_review", found.token), {"review_on": "2026-12-10"}).status_code == 302
    assert not browser.get(due).context["table"].rows


def test_an_appeal_is_decided_by_somebody_else(pair, signed_in, lead, delegate, at, here, now, at_prison):
    _, buddy, _ = pair
    with at_prison(here):
        found = care.suspended(buddy, lead, now)
    posted = {"appealed_on": "2026-11-23", "words": "It was not me."}
    assert signed_in(lead).post(at("stand_down_appeal", found.token), posted).status_code == 302
    assert _tile(signed_in(delegate), here, "Appeals of buddies to decide") == 1
    assert signed_in(lead).get(at("stand_down_answer", found.token)).status_code == 403
    with at_prison(here), pytest.raises(NotAllowed, match="somebody else has to decide"):
        decide_appeal(by=acts(lead, here), now=now, stand_down=found, stands=True, answer="No")
    page = signed_in(delegate).get(at("stand_down_answer", found.token)).content.decode()
    assert "It was not me." in page
    posted = {"decision": "CHANGED", "answer": "You were somewhere else that day."}
    assert signed_in(delegate).post(at("stand_down_answer", found.token), posted).status_code == 302
    found.refresh_from_db()
    assert (found.appeal, found.appeal_decided_by) == ("CHANGED", delegate)
    assert AuditEvent.objects.filter(code="stand_down.appeal_decided", actor_id=delegate.pk).exists()
    with at_prison(here), pytest.raises(NotAllowed, match="recorded already"):
        record_appeal(by=acts(lead, here), now=now, stand_down=found, appealed_on=now.date(), words="Again")


def test_the_delegate_sees_the_decision_but_no_recipient(pair, signed_in, delegate, lead, at, here, now, at_prison):
    plan, buddy, _ = pair
    with at_prison(here):
        found = care.suspended(buddy, lead, now)
    page = signed_in(delegate).get(at("stand_down", found.token)).content.decode()
    assert "Something reported is being looked into" in page and plan.person.last_name not in page


def test_what_the_pay_of_a_suspension_needs(pair, here, lead, now, at_prison):
    _, buddy, _ = pair
    today = london_today(now)
    with at_prison(here):
        care.suspended(buddy, lead, now, paid=False)
        found = unpaid_days([buddy.pk], today - timedelta(days=3), today + timedelta(days=3))
        assert found == {buddy.pk: [(today, today + timedelta(days=3))]}
        StandDown.objects.update(paid=True)
        assert unpaid_days([buddy.pk], today, today) == {buddy.pk: []}


def test_it_shows_on_the_buddys_page(pair, signed_in, lead, here, now, at_prison):
    _, buddy, _ = pair
    page = signed_in(lead).get(reverse("schemes:buddy", args=[here.code, buddy.token])).content.decode()
    assert reverse("referrals:stand_down_suspend", args=[here.code, buddy.token]) in page
    with at_prison(here):
        care.suspended(buddy, lead, now)
    page = signed_in(lead).get(reverse("schemes:buddy", args=[here.code, buddy.token])).content.decode()
    assert "Suspensions and leaving" in page and "Not paid" in page
    assert reverse("referrals:bring_back", args=[here.code, buddy.token]) in page


@pytest.mark.parametrize("name", ["stand_down_suspend", "stand_down_remove", "stand_down_leave", "bring_back"])
def test_permission_and_other_prisons(pair, signed_in, officer, delegate, outsider, at, name):
    address = at(name, pair[1].token)
    for user in (officer, delegate):
        assert signed_in(user).get(address).status_code == 403
    assert signed_in(outsider).post(address.replace("ZTA", "ZTB"), SUSPEND).status_code == 404


def test_who_is_not_active_cannot_be_suspended(pair, signed_in, lead, at, here, now, at_prison):
    _, buddy, match = pair
    with at_prison(here):
        care.suspended(buddy, lead, now)
    posted = SUSPEND | {f"cover_{match.token}": "NOBODY"}
    page = signed_in(lead).post(at("stand_down_suspend", buddy.token), posted).content.decode()
    assert "cannot be suspended now" in page and StandDown.objects.count() == 1


def _tile(browser, here, text):
    page = browser.get(reverse("home:prison", args=[here.code]))
    (count,) = [t["count"] for t in [*page.context["tiles"], *page.context["empty_tiles"]] if t["text"] == text]
    return count


def test_the_other_buddy_covers_only_where_there_is_one(pair, here, lead, now, at_prison):
    plan, buddy, match = pair
    with at_prison(here), pytest.raises(NotAllowed, match=f"{plan.person.full_name} has no other buddy"):
        care.suspended(buddy, lead, now, covers={match.pk: ("OTHER", None)})
    assert fresh(buddy).status == "ACTIVE" and not Cover.objects.exists()


def test_a_second_buddy_becomes_the_first_only_once_the_first_has_gone(three, here, lead, now, at_prison):
    _, matches, second, _ = three
    other = Match.objects.get(buddy=second)
    with at_prison(here):
        with pytest.raises(NotAllowed, match="The plan has a first buddy"):
            make_first(by=acts(lead, here), now=now, match=other)
        with pytest.raises(NotAllowed, match="Only an active second buddy"):
            make_first(by=acts(lead, here), now=now, match=matches[0])
    other.refresh_from_db()
    assert other.part == "SECOND"
