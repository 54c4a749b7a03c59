"""To whom nobody comes in the coming days, and somebody else who comes to single visits."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.days import follow_person
from referrals.actions.plans import withdraw_consent
from referrals.actions.schedule import end_cover, give_cover
from referrals.models import Consent, CoverSlot, PlannedVisit
from referrals.queries.schedule import nobody_comes, offers_for, week_ahead
from schemes.actions.alerts import end_alert
from schemes.actions.buddies import suspend
from schemes.actions.keep_apart import keep_apart
from schemes.actions.people import move_cell
from schemes.models import Alert
from schemes.queries.people import custody_of
from tests.builders.buddies import active_buddy
from tests.builders.directory import alert_on, away_on
from tests.builders.schemes import person_in
from tests.builders.visits import helped, planned_on, visit_of
from tests.cast import acts

DAILY = (("DOM-03", tuple(range(7)), "AM", 15),)


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def three(here, wing, lead, now, at_prison):
    """A plan, its buddy who is in hospital for two days, and another buddy."""
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now, wing=wing, tasks=DAILY)
        other = active_buddy(here, lead, now, wing=wing)
        away_on(buddy.person, "HOSPITAL", lead, now, ends_on=london_today(now) + timedelta(days=1))
        follow_person(by=acts(lead, here), now=now, prison=here, person_id=buddy.person_id)
    return plan, buddy, other


def slots(now, *days):
    return [(london_today(now) + timedelta(days=n), "AM") for n in days]


def cover(here, lead, now, three, *days, agreed=True):
    plan, _, other = three
    return give_cover(by=acts(lead, here), now=now, plan=plan, slots=slots(now, *days), buddy=other, agreed=agreed)


def test_every_uncovered_visit_shows_at_once_with_why(three, here, lead, signed_in, now, at_prison):
    buddy = three[1]
    with at_prison(here):
        # On the seventh day, a Sunday, the buddy rests.
        assert [(one.day, one.session) for one in nobody_comes(here, now).visits] == slots(now, 0, 1, 6)
    page = signed_in(lead).get(reverse("referrals:nobody_comes", args=[here.code])).content.decode()
    assert (
        f"{buddy.person.full_name} is away from the prison" in page
        and "rests that day" in page
        and page.count("Choose who comes") == 3
    )


def test_one_step_covers_the_days_of_the_absence(three, here, lead, signed_in, now, at_prison):
    plan, _, other = three
    today = london_today(now)
    address = reverse("referrals:cover_give", args=[here.code, plan.token, today.isoformat(), "AM"])
    client = signed_in(lead)
    assert other.person.full_name in client.get(address).content.decode()
    codes = [f"{day.isoformat()}-AM" for day, _ in slots(now, 0, 1)]
    answers = {"slots": codes, "buddy": other.token}
    assert "Ask both people first" in client.post(address, answers).content.decode()
    page = client.post(address, answers | {"agreed": "on"}, follow=True).content.decode()
    assert f"{other.person.full_name} comes to {plan.person.full_name}" in page
    row = PlannedVisit.objects.get(plan=plan, day=today)
    assert (row.buddy, row.match) == (other, None)
    with at_prison(here):
        assert [one.day for one in nobody_comes(here, now).visits] == [slots(now, 6)[0][0]]
        first = week_ahead(here, now)[0]
        assert first.buddy == other


def test_taken_back(three, here, lead, signed_in, now, at_prison):
    with at_prison(here):
        [row] = cover(here, lead, now, three, 0)
    signed_in(lead).post(reverse("referrals:cover_end", args=[here.code, row.token]))
    assert PlannedVisit.objects.get(plan=three[0], day=row.day).buddy is None
    with at_prison(here), pytest.raises(NotAllowed, match="taken back already"):
        end_cover(by=acts(lead, here), now=now, cover=row)


def test_the_plans_own_buddy_comes_when_back(three, here, lead, now, at_prison):
    plan, buddy, _ = three
    from schemes.models import Absence

    with at_prison(here):
        cover(here, lead, now, three, 0)
        Absence.objects.update(cancelled_at=now, cancelled_by=lead)
        follow_person(by=acts(lead, here), now=now, prison=here, person_id=buddy.person_id)
    assert PlannedVisit.objects.get(plan=plan, day=london_today(now)).buddy == buddy


def test_keep_apart_stops_it_before_and_after(three, here, lead, now, at_prison):
    plan, _, other = three
    with at_prison(here):
        cover(here, lead, now, three, 0)
        keep_apart(
            by=acts(lead, here), now=now, prison=here, person=plan.person, other=other.person, reason="THREAT",
            restriction="WING",
        )  # fmt: skip
        follow_person(by=acts(lead, here), now=now, prison=here, person_id=plan.person_id)
        assert PlannedVisit.objects.get(plan=plan, day=london_today(now)).buddy is None
        assert offers_for(plan, london_today(now), "AM", now) == []
        with pytest.raises(NotAllowed, match="keep-apart record"):
            cover(here, lead, now, three, 1)


def relayed():
    with scoped(DatabaseRole.NATIONAL):
        drain()


def stop_by_alert(here, lead, now, plan, other):
    alert_on(other.person, "RDP", lead, now)


def stop_by_cell_mate(here, lead, now, plan, other):
    place = custody_of(here, plan.person)
    third = person_in(here, lead, now, wing=place.wing, landing=1, cell="A1-98")
    keep_apart(
        by=acts(lead, here), now=now, prison=here, person=third, other=other.person, reason="THREAT",
        restriction="CELL",
    )  # fmt: skip
    move_cell(
        by=acts(lead, here), now=now, custody=custody_of(here, third), wing=place.wing, landing=1, cell=place.cell
    )


def stop_by_suspension(here, lead, now, plan, other):
    suspend(by=acts(lead, here), now=now, buddy=other, reason="A question about the key to the pantry")


def stop_by_absence(here, lead, now, plan, other):
    away_on(other.person, "COURT", lead, now)


@pytest.mark.parametrize("stop", [stop_by_alert, stop_by_cell_mate, stop_by_suspension, stop_by_absence])
def test_whatever_stops_them_takes_them_off_today_and_is_said(stop, three, here, lead, signed_in, now, at_prison):
    plan, _, other = three
    today = london_today(now)
    with at_prison(here):
        cover(here, lead, now, three, 0, 1)
    relayed()
    assert PlannedVisit.objects.get(plan=plan, day=today).buddy == other
    with at_prison(here):
        stop(here, lead, now, plan, other)
    relayed()
    assert PlannedVisit.objects.get(plan=plan, day=today).buddy is None
    page = signed_in(lead).get(reverse("referrals:nobody_comes", args=[here.code])).content.decode()
    assert page.count("Cannot come any more") == 2 and page.count("Choose who comes") == 3
    if stop is stop_by_alert:
        with at_prison(here):
            end_alert(by=acts(lead, here), now=now, prison=here, alert=Alert.objects.get())
        relayed()
        assert PlannedVisit.objects.get(plan=plan, day=today).buddy == other


def test_a_plan_that_is_paused_has_nobody_who_comes_instead(three, here, lead, signed_in, now, at_prison):
    plan, _, other = three
    with at_prison(here):
        cover(here, lead, now, three, 0)
    client, address = signed_in(lead), reverse("referrals:nobody_comes", args=[here.code])
    assert f"{other.person.full_name} comes to" in client.get(address).content.decode()
    with at_prison(here):
        withdraw_consent(by=acts(lead, here), now=now, consent=Consent.objects.get(plan=plan, scope="SUPPORT"))
    assert "Who comes instead" not in client.get(address).content.decode()


def test_a_visit_of_the_fourth_week_is_covered_and_no_later_one(three, here, lead, signed_in, now, at_prison):
    """The week ahead can be turned to ninety days; covers are given for four weeks."""
    plan, _, other = three
    today, client = london_today(now), signed_in(lead)
    sunday, too_late = today + timedelta(days=27), today + timedelta(days=34)
    for day, offered in ((sunday, 1), (too_late, 0)):
        page = client.get(f"{reverse('referrals:schedule', args=[here.code])}?since={day.isoformat()}")
        assert page.content.decode().count(f"/{day.isoformat()}/AM/") == offered
    address = reverse("referrals:cover_give", args=[here.code, plan.token, sunday.isoformat(), "AM"])
    answers = {"slots": [f"{sunday.isoformat()}-AM"], "buddy": other.token, "agreed": "on"}
    page = client.post(address, answers, follow=True).content.decode()
    assert f"{other.person.full_name} comes to {plan.person.full_name}" in page
    late = reverse("referrals:cover_give", args=[here.code, plan.token, too_late.isoformat(), "AM"])
    assert "up to four weeks ahead" in client.get(late, follow=True).content.decode()


def test_what_is_refused(three, here, lead, now, at_prison):
    plan, buddy, other = three
    with at_prison(here):
        with pytest.raises(NotAllowed, match="tick that they agree"):
            cover(here, lead, now, three, 0, agreed=False)
        with pytest.raises(NotAllowed, match="Somebody comes to this visit by now"):
            cover(here, lead, now, three, 2)
        with pytest.raises(NotAllowed, match="is away from the prison"):
            give_cover(by=acts(lead, here), now=now, plan=plan, slots=slots(now, 0), buddy=buddy, agreed=True)
        other.rest_day = london_today(now).weekday()
        other.save(update_fields=["rest_day"])
        with pytest.raises(NotAllowed, match="rests that day"):
            cover(here, lead, now, three, 0)
    assert not CoverSlot.objects.exists()


def test_officers_see_and_leads_decide(three, here, officer, outsider, signed_in, now):
    plan = three[0]
    address = reverse("referrals:cover_give", args=[here.code, plan.token, london_today(now).isoformat(), "AM"])
    client = signed_in(officer)
    assert "Choose who comes" not in client.get(reverse("referrals:nobody_comes", args=[here.code])).content.decode()
    assert client.get(address).status_code == 403
    assert signed_in(outsider).get(address).status_code == 404


def test_the_week_ahead_of_a_wing_on_screen_and_paper(three, here, officer, signed_in):
    client = signed_in(officer)
    page = client.get(reverse("referrals:schedule", args=[here.code])).content.decode()
    assert page.count("<strong>Nobody</strong>") == 3 and "<strong>7</strong> visits" in page
    assert three[1].person.list_name in page
    paper = client.get(f"{reverse('referrals:schedule_print', args=[here.code])}?buddy={three[1].token}")
    assert "4 visits, 0 with nobody" in paper.content.decode()


def test_movement_slips_of_the_session(three, here, wing, lead, officer, signed_in, now, at_prison):
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now, wing=wing, tasks=(("MOB-03", tuple(range(7)), "PM", 30),))
    client = signed_in(officer)
    address = reverse("referrals:movement_slips", args=[here.code])
    page = client.get(f"{address}?session=PM").content.decode()
    assert page.count('class="app-move"') == 2 and "Slip symud" not in page
    assert buddy.person.prison_number in page and plan.person.prison_number in page and "13:45 to 16:45" in page
    here.nation = "WALES"
    here.save(update_fields=["nation"])
    assert "Movement slip / Slip symud" in client.get(address).content.decode()
    with at_prison(here):
        visit_of(planned_on(plan, london_today(now), "PM"), officer, now, outcome="NOT_DONE", reason="DECLINED")
    assert client.get(f"{address}?session=PM").content.decode().count('class="app-move"') == 0, "nobody goes any more"
