"""Jobs at the terminal: what is advertised, applying without typing, the status in plain words, taking it back."""

from __future__ import annotations

import html
import re

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from schemes.actions import buddies as actions
from schemes.actions.refusals import appeal, decide_appeal, tell_person
from schemes.models import Buddy, Refusal
from schemes.rules.refusals import Telling
from tests import cast
from tests.builders import buddies as build
from tests.builders import posts
from tests.builders import terminal as builders
from tests.builders.schemes import person_in
from tests.cast import acts


@pytest.fixture
def post(scene, lead, wing):
    with scene.at_prison(scene.prison):
        return posts.advertised(scene.prison, lead, scene.now, wing)


@pytest.fixture
def person(scene, lead, wing):
    """Somebody on the wing with no part in the scheme."""
    with scene.at_prison(scene.prison):
        return person_in(scene.prison, lead, scene.now, wing=wing, landing=1, cell="A1-30")


def link(page, words: str) -> str:
    """Where the button with these words leads."""
    text = page.content.decode()
    found = re.search(rf'<a class="tap[^"]*" href="([^"]+)">(?:(?!</a>).)*<span>{words}</span>', text, re.S)
    assert found, f"no button {words} on {text}"
    return html.unescape(found[1])


def hidden(page) -> dict[str, list[str]]:
    """What the form that saves carries, every answer of it."""
    form = page.content.decode().split("data-saves")[1].split("</form>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(value)
    return fields


def send_choices(client, address: str, page, **chosen):
    """Tick and touch Next, as the form without script sends it."""
    text = page.content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    return client.get(address, {**fields, **chosen})


def apply(client, post, why=("1", "4"), help_words="Yes, I want help", easier=("2",)):
    """The whole way to the screen before sending."""
    address = f"/terminal/jobs/{post.token}/"
    page = client.get(address)
    page = client.get(address + link(page, "Apply"))
    page = send_choices(client, address, page, w=list(why))
    page = client.get(address + link(page, help_words))
    return send_choices(client, address, page, e=list(easier))


def test_applying_takes_no_typing(scene, post, person) -> None:
    client = scene.inside(person)
    assert "Jobs" in client.get("/terminal/home/").content.decode()
    listed = client.get("/terminal/jobs/").content.decode()
    assert "Wing buddy" in listed and "Your wing" in listed
    check = apply(client, post)
    shown = check.content.decode()
    assert "I want to help other people" in shown and "Things read aloud to me" in shown
    assert not re.search(r'type="text"|<textarea', shown)
    answer = client.post(f"/terminal/jobs/{post.token}/", hidden(check))
    assert answer["Location"] == "/terminal/thanks/"
    buddy = Buddy.objects.get(person=person)
    assert (buddy.status, buddy.channel, buddy.post, buddy.needed_help_to_apply) == ("APPLIED", "TERMINAL", post, True)
    assert (buddy.why, buddy.easier) == (["HELP", "HELPED"], ["READ_ALOUD"])
    step = buddy.steps.get()
    assert (step.by, step.by_person) == (None, person)
    event = AuditEvent.objects.get(code="buddy.applied", person_id=person.pk)
    assert (event.actor_kind, event.actor_id, event.window_id) == ("person", person.pk, scene.window.pk)
    assert "We have your application." in client.get("/terminal/jobs/").content.decode()


def test_the_lead_sees_where_it_came_from_and_that_help_is_wanted(scene, post, person, signed_in, lead) -> None:
    client = scene.inside(person)
    client.post(f"/terminal/jobs/{post.token}/", hidden(apply(client, post)))
    listed = signed_in(lead).get(f"/prisons/{scene.prison.code}/buddies/?status=APPLICATIONS").content.decode()
    assert "Applied through the terminal. Wants help" in listed
    token = Buddy.objects.get(person=person).token
    page = signed_in(lead).get(f"/prisons/{scene.prison.code}/buddies/{token}/").content.decode()
    assert "Applied through the terminal" in page and "at a terminal" in page and "Things read aloud" in page


def test_a_double_tap_applies_once(scene, post, person) -> None:
    client = scene.inside(person)
    sent = hidden(apply(client, post))
    first, second = (client.post(f"/terminal/jobs/{post.token}/", sent) for _ in range(2))
    assert first["Location"] == second["Location"] == "/terminal/thanks/"
    assert Buddy.objects.filter(person=person).count() == 1


def test_a_question_left_out_is_asked_again(scene, post, person) -> None:
    client = scene.inside(person)
    address = f"/terminal/jobs/{post.token}/"
    page = client.get(address + link(client.get(address), "Apply"))
    assert "Please choose one." in send_choices(client, address, page).content.decode()
    assert client.post(address, {"g": "1", "w": "9", "h": "1", "n": "1", "key": "k"}).status_code == 200
    assert not Buddy.objects.filter(person=person).exists()


@pytest.mark.parametrize("kind", ["draft", "closed", "full", "none"])
def test_only_jobs_that_take_applications_are_shown(scene, person, lead, wing, kind) -> None:
    with scene.at_prison(scene.prison):
        if kind == "draft":
            post = posts.drafted(scene.prison, lead, scene.now, wing)
        else:
            post = posts.advertised(scene.prison, lead, scene.now, wing, places=1)
        if kind == "closed":
            from schemes.actions.posts import close_post

            close_post(by=acts(lead, scene.prison), now=scene.now, post=post)
        if kind == "full":
            from schemes.actions.posts import put_in_post

            put_in_post(by=acts(lead, scene.prison), now=scene.now, buddy=scene.buddy, post=post)
    client = scene.inside(person)
    shown = "Wing buddy" in client.get("/terminal/jobs/").content.decode()
    assert shown == (kind == "none")
    assert client.get(f"/terminal/jobs/{post.token}/").status_code == (200 if kind == "none" else 404)


def test_jobs_of_the_own_wing_come_first(scene, post, person, lead) -> None:
    other = cast.make_wing(scene.prison, "0")
    with scene.at_prison(scene.prison):
        posts.advertised(scene.prison, lead, scene.now, other, title="Another job")
    listed = scene.inside(person).get("/terminal/jobs/").content.decode()
    assert listed.index("Wing buddy") < listed.index("Another job")


def test_the_status_in_plain_words(scene, person, lead, deputy, post) -> None:
    by, client = acts(lead, scene.prison), scene.inside(person)

    def says(words: str) -> None:
        assert words in html.unescape(client.get("/terminal/jobs/").content.decode())

    client.post(f"/terminal/jobs/{post.token}/", hidden(apply(client, post)))
    buddy = Buddy.objects.get(person=person)
    with scene.at_prison(scene.prison):
        actions.ask_for_checks(by=by, now=scene.now, buddy=buddy)
    says("Checks are being made.")
    with scene.at_prison(scene.prison):
        build.cleared(buddy, lead, scene.now)
    says("You have an interview.")
    with scene.at_prison(scene.prison):
        build.interviewed(buddy, lead, scene.now)
        actions.approve_applicant(by=by, now=scene.now, buddy=buddy)
    says("You are approved. We wait for a place.")
    with scene.at_prison(scene.prison):
        actions.decline(by=by, now=scene.now, buddy=buddy, reason="SECRET REASON")
    says("Please speak to staff.")
    with scene.at_prison(scene.prison):
        refusal = Refusal.objects.get()
        telling = Telling(on=scene.now.date(), how="FACE", who="Lena Lead")
        tell_person(by=by, now=scene.now, refusal=refusal, telling=telling)
    says("Not this time. You can appeal: ask staff.")
    with scene.at_prison(scene.prison):
        appeal(by=by, now=scene.now, refusal=refusal, appealed_on=scene.now.date(), words="SECRET WORDS")
    says("You have appealed.")
    with scene.at_prison(scene.prison):
        decide_appeal(
            by=acts(deputy, scene.prison), now=scene.now, refusal=refusal, upheld=False, reason="SECRET OUTCOME"
        )
    says("Please speak to staff.")
    assert "SECRET" not in client.get("/terminal/jobs/").content.decode()


def test_taking_it_back_asks_once(scene, person, post) -> None:
    client = scene.inside(person)
    client.post(f"/terminal/jobs/{post.token}/", hidden(apply(client, post)))
    sure = client.get("/terminal/jobs/back/")
    assert "Do you want to take your application back?" in sure.content.decode()
    assert Buddy.objects.get(person=person).status == "APPLIED"
    assert client.post("/terminal/jobs/back/", hidden(sure))["Location"] == "/terminal/jobs/"
    buddy = Buddy.objects.get(person=person)
    assert (buddy.status, buddy.steps.order_by("-id").first().by_person) == ("WITHDRAWN", person)
    page = client.get("/terminal/jobs/").content.decode()
    assert "You can apply again." in page and "Wing buddy" in page


def test_somebody_in_the_role_cannot_apply_or_take_the_role_back(scene, post) -> None:
    client = scene.inside()
    assert client.get(f"/terminal/jobs/{post.token}/")["Location"] == "/terminal/jobs/"
    assert "You are a buddy." in client.get("/terminal/jobs/").content.decode()
    assert client.post("/terminal/jobs/back/", {"key": "k"})["Location"] == "/terminal/jobs/"
    scene.buddy.refresh_from_db()
    assert scene.buddy.status == "ACTIVE"


def test_nobody_applies_or_withdraws_for_somebody_else(scene, person, lead) -> None:
    by = builders.at(scene.window, scene.recipient)
    with scene.at_prison(scene.prison):
        buddy = build.applied(scene.prison, lead, scene.now, person=person)
        with pytest.raises(NotAllowed, match="for themselves only"):
            actions.withdraw(by=by, now=scene.now, buddy=buddy)
        with pytest.raises(NotAllowed, match="for themselves only"):
            actions.apply_for_role(
                by=by, now=scene.now, prison=scene.prison, person=scene.person, applied_on=scene.now.date(),
                why=["HELP"],
            )  # fmt: skip


def test_a_recipient_may_apply_and_staff_are_told(scene, post, signed_in, lead) -> None:
    client = scene.inside(scene.recipient)
    sent = client.post(
        f"/terminal/jobs/{post.token}/", hidden(apply(client, post, help_words="No, thank you", easier=()))
    )
    assert sent["Location"] == "/terminal/thanks/"
    token = Buddy.objects.get(person=scene.recipient).token
    page = signed_in(lead).get(f"/prisons/{scene.prison.code}/buddies/{token}/").content.decode()
    assert "also has a plan for help from this scheme" in page
