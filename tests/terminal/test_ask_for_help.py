"""Asking for help at the terminal: at most six taps, nothing typed, and what came of it in plain words."""

from __future__ import annotations

import html
import re

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.plans import record_wishes
from referrals.actions.referrals import ask_for_help, screen_referral
from referrals.actions.tellings import tell
from referrals.models import Need, Referral, ReferralTelling
from referrals.rules.referrals import names_care
from tests.builders import referrals as build
from tests.builders import terminal as builders
from tests.builders.schemes import person_in
from tests.cast import acts
from tests.terminal.test_jobs import hidden, link, send_choices

ASK = "/terminal/ask/new/"


@pytest.fixture
def person(scene, lead, wing):
    """Somebody on the wing with no part in the scheme."""
    with scene.at_prison(scene.prison):
        return person_in(scene.prison, lead, scene.now, wing=wing, landing=1, cell="A1-30")


def asked_at(scene, person, **answers):
    """A request sent at the terminal."""
    values = {"urgency": "SOON", "need_areas": ["MEALS"], "wants_to_say": False, **answers}
    with scene.at_prison(scene.prison):
        return ask_for_help(
            by=builders.at(scene.window, person), now=scene.now, prison=scene.prison, person=person,
            window=scene.window, **values,
        )  # fmt: skip


def to_check(client, *areas: str, when: str = "Today"):
    """The screens up to the one before sending."""
    page = send_choices(client, ASK, client.get(ASK), f=list(areas))
    return client.get(ASK + link(page, when))


def test_five_taps_and_no_typing(scene, person) -> None:
    client = scene.inside(person)
    home = client.get("/terminal/home/")
    assert link(home, "Ask for help") == "/terminal/ask/"  # 1
    first = client.get("/terminal/ask/", follow=True)
    assert first.redirect_chain[-1][0] == ASK
    check = to_check(client, "3")  # 2 the choice, 3 Next, 4 Today
    shown = check.content.decode()
    assert "Meals and water" in shown and "Today" in shown
    assert not re.search(r'type="text"|<textarea', shown)
    answer = client.post(ASK, hidden(check))  # 5
    assert answer["Location"] == "/terminal/ask/thanks/"
    thanks = html.unescape(client.get(answer["Location"]).content.decode())
    assert "somebody talks to you in private" in thanks and "tell an officer now" in thanks
    referral = Referral.objects.get(person=person)
    assert (referral.source, referral.urgency, referral.need_areas) == ("SELF", "URGENT", ["MEALS"])
    assert (referral.referred_by, referral.window, referral.wants_to_say) == (None, scene.window, False)
    assert referral.due_at is not None and referral.other_help == "UNKNOWN"
    need = Need.objects.get(person=person)
    assert (need.category, need.source, need.confirmed_at, need.noted_by) == ("MEALS", "SELF", None, None)
    event = AuditEvent.objects.get(code="referral.made", person_id=person.pk)
    assert (event.actor_kind, event.actor_id, event.window_id) == ("person", person.pk, scene.window.pk)


def test_the_rest_may_be_said_to_staff(scene, person, signed_in, lead) -> None:
    client = scene.inside(person)
    check = to_check(client, "7", "8", when="It can wait")
    rest = check.content.decode().split("data-saves")[2].split("</form>")[0]
    client.post(ASK, {**hidden(check), **dict(re.findall(r'name="(y)" value="(1)"', rest))})
    referral = Referral.objects.get(person=person)
    assert referral.wants_to_say and referral.urgency == "SOON" and referral.need_areas == ["PERSONAL", "GENERAL"]
    page = signed_in(lead).get(f"/prisons/{scene.prison.code}/referrals/{referral.token}/").content.decode()
    assert "The person wants to tell staff the rest" in page and "The person, at a terminal" in page


def test_a_double_tap_asks_once_and_a_question_left_out_is_asked_again(scene, person) -> None:
    client = scene.inside(person)
    assert "Please choose one." in send_choices(client, ASK, client.get(ASK)).content.decode()
    assert client.post(ASK, {"f": "99", "u": "1", "key": "k"}).status_code == 200
    assert not Referral.objects.filter(person=person).exists()
    sent = hidden(to_check(client, "1"))
    first, second = (client.post(ASK, sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Referral.objects.filter(person=person).count() == 1


def test_in_welsh(scene, person) -> None:
    client = scene.inside(person)
    client.get("/terminal/look/language/?next=/terminal/")
    assert "Prydau a dŵr" in client.get(ASK).content.decode()


def test_what_came_of_it_and_bad_news_is_staffs_to_say(scene, person, lead) -> None:
    client, by = scene.inside(person), acts(lead, scene.prison)

    def says() -> str:
        return html.unescape(client.get("/terminal/ask/").content.decode())

    def decide(referral: Referral, outcome: str) -> None:
        with scene.at_prison(scene.prison):
            screen_referral(
                by=by, now=scene.now, referral=referral, outcome=outcome, reason="SECRET REASON",
                version=referral.version, care_given=names_care(referral),
            )  # fmt: skip

    referral = asked_at(scene, person)
    assert "It is waiting. Staff have it." in says()
    decide(referral, "NONE")
    assert "Please speak to staff." in says() and "Not now" not in says()
    with scene.at_prison(scene.prison):
        telling = ReferralTelling.objects.get(referral=referral, audience="PERSON")
        tell(by=by, now=scene.now, telling=telling, how="IN_PERSON", told_on=scene.now.date())
    assert "Not now. Staff have told you why." in says() and "SECRET" not in says()
    decide(asked_at(scene, person), "COUNCIL")
    assert "It is being looked at." in says()
    decide(referral := asked_at(scene, person), "BUDDY")
    assert "Help is being arranged." in says() and "A buddy helps you now." not in says()
    with scene.at_prison(scene.prison):
        record_wishes(
            by=by, now=scene.now, referral=referral, own_words="No, I manage.", answer="REFUSES", share=False
        )  # fmt: skip
    assert "There is no help for this now." in says() and "Help is being arranged." not in says()


def test_what_others_said_about_somebody_is_not_shown(scene, person, lead) -> None:
    with scene.at_prison(scene.prison):
        build.referral_of(person, lead, scene.now, source="PEER", reason="He cannot cope.")
    asked = scene.inside(person).get("/terminal/ask/")
    assert asked["Location"] == ASK, "as for somebody who asked for nothing"


def test_nobody_asks_for_somebody_else_or_again_and_again(scene, person) -> None:
    with pytest.raises(NotAllowed, match="for themselves only"), scene.at_prison(scene.prison):
        ask_for_help(
            by=builders.at(scene.window, scene.person), now=scene.now, prison=scene.prison, person=person,
            window=scene.window, urgency="SOON", need_areas=["MEALS"], wants_to_say=False,
        )  # fmt: skip
    first = asked_at(scene, person)
    again = [asked_at(scene, person) for _ in range(2)]
    assert first.repeats is None and [one.repeats for one in again] == [first, first]
    client = scene.inside(person)
    shown = html.unescape(client.get("/terminal/ask/").content.decode())
    assert "Staff look at these first." in shown and "Ask for something else" not in shown
    refused = client.post(ASK, {"f": "1", "u": "1", "key": "k"})
    assert "This could not be saved" in refused.content.decode()
    assert Referral.objects.filter(person=person).count() == 3
