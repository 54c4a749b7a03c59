"""A printed card: the scanner types its token, the officer looks at the face, and only then somebody is in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals import codes
from referrals.models import CardScan, SignInStanding, TerminalCard, TerminalEntry
from tests.builders import terminal as builders


@pytest.fixture
def card(scene) -> TerminalCard:
    with scene.at_prison(scene.prison):
        return builders.card_for(scene.person, scene.prison, scene.officer, scene.now)


def scan(scene, typed: str):
    """Hold a card to the scanner, which types into the first field and presses Enter."""
    client = scene.browser()
    return client, client.post("/terminal/enter/", {"number": typed, "code": ""})


def base(scene) -> str:
    return f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/"


def answer(scene, signed_in, word: str = "in"):
    waiting = CardScan.objects.latest("id")
    return signed_in(scene.officer).post(f"{base(scene)}cards/{waiting.token}/{word}/", follow=True)


def test_a_card_alone_lets_nobody_in_until_the_officer_says_yes(scene, card, signed_in) -> None:
    client, response = scan(scene, codes.card_secret(card.token).lower())
    assert response["Location"] == "/terminal/card/"
    page = client.get("/terminal/card/").content.decode()
    assert "Look at the officer" in page and scene.person.first_name not in page
    assert 'data-start="/terminal/card/"' in page and 'data-closes="4"' in page, "it asks again by itself"
    assert client.get("/terminal/home/")["Location"] == "/terminal/"
    assert not TerminalEntry.objects.exists()
    client, _ = scan(scene, codes.card_secret(card.token))
    seen = signed_in(scene.officer).get(base(scene)).content.decode()
    assert scene.person.full_name in seen and "It is this person" in seen
    assert "is in" in answer(scene, signed_in).content.decode()
    assert client.get("/terminal/card/")["Location"] == "/terminal/home/"
    assert scene.person.first_name in client.get("/terminal/home/").content.decode()
    entry = TerminalEntry.objects.get()
    assert (entry.method, entry.let_in_by) == ("CARD", scene.officer) and entry.let_in_at is not None
    signed = AuditEvent.objects.get(code="terminal.signed_in")
    assert (signed.actor_id, signed.details["method"]) == (scene.person.pk, "CARD")


def test_a_card_holds_a_token_and_neither_code_nor_number(scene, card, signed_in) -> None:
    secret = codes.card_secret(card.token)
    assert re.fullmatch("[A-Z2-7]{26}", secret)
    assert secret not in card.secret_hash and card.secret_hash == codes.key_hash(secret)
    paper = signed_in(scene.officer).get(f"/prisons/{scene.prison.code}/cards/{card.token}/paper/").content.decode()
    on_it = paper.split("<section")[1].split("</section>")[0]
    assert scene.person.first_name in on_it and card.reference in on_it and "<svg" in on_it
    for left_out in (secret, scene.code, scene.person.prison_number, scene.person.last_name):
        assert left_out not in on_it
    assert secret not in paper
    assert AuditEvent.objects.filter(code="printed", person_id=scene.person.pk).exists()


def test_the_pattern_says_what_the_scanner_types(scene, card) -> None:
    from referrals.qr import pattern

    assert str(pattern(codes.card_secret(card.token))).count("M") > 200
    assert pattern("A") != pattern("B")


def test_unknown_withdrawn_and_foreign_cards_get_the_same_answer(scene, card, signed_in) -> None:
    from referrals.actions.cards import withdraw_card
    from tests.cast import acts

    with scene.at_prison(scene.prison):
        withdraw_card(by=acts(scene.officer, scene.prison), now=scene.now, card=card)
        good = builders.card_for(scene.recipient, scene.prison, scene.officer, scene.now)
    seen = []
    for secret in (codes.card_secret(good.token), codes.card_secret(card.token), "A" * 26):
        client, response = scan(scene, secret)
        page = client.get("/terminal/card/").content.decode()
        seen.append((response.status_code, response["Location"], page.split("<main")[1].split("</main")[0]))
    assert seen[0] == seen[1] == seen[2]
    assert "not in use here" in signed_in(scene.officer).get(base(scene)).content.decode()
    assert "not in use here" in answer(scene, signed_in).content.decode()
    assert not TerminalEntry.objects.exists()


def test_the_officer_says_no(scene, card, signed_in) -> None:
    client, _ = scan(scene, codes.card_secret(card.token))
    answer(scene, signed_in, "out")
    assert client.get("/terminal/card/")["Location"] == "/terminal/?e=5"
    assert not TerminalEntry.objects.exists()
    assert AuditEvent.objects.get(code="card.refused").person_id == scene.person.pk


def test_only_the_card_held_last_can_be_answered_and_only_for_three_minutes(scene, card, signed_in, clock) -> None:
    scan(scene, codes.card_secret(card.token))
    first = CardScan.objects.get()
    scan(scene, "B" * 26)
    late = signed_in(scene.officer).post(f"{base(scene)}cards/{first.token}/in/", follow=True)
    assert "Nobody is waiting with this card" in late.content.decode()
    client, _ = scan(scene, codes.card_secret(card.token))
    clock.shift(timedelta(minutes=3))
    assert client.get("/terminal/card/")["Location"] == "/terminal/?e=5"
    assert "Nobody is waiting with this card" in answer(scene, signed_in).content.decode()
    assert not TerminalEntry.objects.exists()


def test_nobody_is_put_out_by_a_card(scene, card, signed_in) -> None:
    inside = scene.inside(scene.recipient)
    scan(scene, codes.card_secret(card.token))
    assert "Somebody is using the terminal" in answer(scene, signed_in).content.decode()
    assert inside.get("/terminal/home/").status_code == 200


def test_a_card_helps_where_wrong_tries_stand_in_the_way(scene, card, signed_in) -> None:
    for _ in range(4):
        scene.enter(scene.browser(), code=scene.wrong)
    client, _ = scan(scene, codes.card_secret(card.token))
    answer(scene, signed_in)
    assert client.get("/terminal/card/")["Location"] == "/terminal/home/"
    assert SignInStanding.objects.get().failures_in_a_row == 0


def test_a_new_card_ends_the_old_one(scene, card, signed_in) -> None:
    response = signed_in(scene.officer).post(
        f"/prisons/{scene.prison.code}/cards/add/", {"person": scene.person.token}, follow=True
    )
    assert "Found it? Give it to staff" in response.content.decode()
    card.refresh_from_db()
    assert card.withdrawn_at is not None
    assert TerminalCard.objects.filter(withdrawn_at=None).count() == 1


def test_cards_need_the_permission_and_stay_in_the_prison(scene, card, trainer, outsider, signed_in) -> None:
    for word in ("", "add/", f"{card.token}/paper/", f"{card.token}/withdraw/"):
        address = f"/prisons/{scene.prison.code}/cards/{word}"
        assert signed_in(trainer).get(address).status_code == 403
        assert signed_in(outsider).get(address).status_code == 404


def test_a_lost_card_is_withdrawn(scene, card, signed_in) -> None:
    client = signed_in(scene.officer)
    address = f"/prisons/{scene.prison.code}/cards/"
    assert card.reference in client.get(address).content.decode()
    page = client.post(f"{address}{card.token}/withdraw/", {}, follow=True).content.decode()
    assert f"Card {card.reference} was withdrawn" in page and "No card is in use" in page
    assert AuditEvent.objects.filter(code="card.withdrawn", actor_id=scene.officer.pk).exists()


def test_the_start_page_speaks_of_cards_only_where_there_are_any(scene, signed_in) -> None:
    assert "scanner" not in scene.browser().get("/terminal/").content.decode()
    with scene.at_prison(scene.prison):
        builders.card_for(scene.person, scene.prison, scene.officer, scene.now)
    page = scene.browser().get("/terminal/").content.decode()
    assert "hold your card to the scanner" in page and "autofocus" in page


def test_a_card_at_a_closed_window_does_nothing(scene, card, signed_in) -> None:
    signed_in(scene.officer).post(f"{base(scene)}close/")
    _, response = scan(scene, codes.card_secret(card.token))
    assert response["Location"] == "/terminal/" and not CardScan.objects.exists()
