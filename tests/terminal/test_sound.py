"""Reading aloud: what is heard is what stands on the screen, on a machine with a headset, and by nobody else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from referrals import codes, speech, terminal_words
from referrals.actions.codes import allow_code
from referrals.actions.terminals import set_headset
from referrals.models import TerminalEntry
from referrals.terminal import sound
from referrals.terminal.words import CATALOGUE
from schemes.task_names import task_names
from tests import cast
from tests.builders import terminal as builders
from tests.meta.source import ROOT
from tests.terminal import voice


@pytest.fixture
def engine(settings, tmp_path: Path) -> Path:
    """An engine whose sounds can be read, and an empty folder of recordings."""
    settings.SPEECH_ENGINE = voice.install(tmp_path)
    settings.AUDIO_ROOT = tmp_path / "audio"
    return tmp_path


@pytest.fixture(scope="module")
def all_recorded(tmp_path_factory) -> Path:
    """A folder with every sentence that can be recorded."""
    folder = tmp_path_factory.mktemp("recorded")
    with override_settings(AUDIO_ROOT=folder):
        for code, _, text in speech.sentences():
            voice.record(code, text)
    return folder


@pytest.fixture
def heard_scene(scene, admin, engine):
    """The terminal with a headset."""
    fit(scene, admin, True)
    return scene


def fit(scene, admin, has_headset: bool) -> None:
    with scene.at_prison(scene.prison):
        by = cast.acts(admin, scene.prison)
        set_headset(by=by, now=scene.now, terminal=scene.terminal, has_headset=has_headset)


def parts(response) -> list[list[tuple[str, str]]]:
    """Each part's sounds: addresses with the words that they should say."""
    found = re.findall(r'data-say="([^"]*)"', response.content.decode())
    return [[tuple(one) for one in json.loads(unescape(part))] for part in found]


def in_main(response) -> str:
    """The words that stand in the main part of the screen, in their order."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)[0]
    shown = re.sub(r"<(script|svg|textarea)\b.*?</\1>|<div class=\"keys\".*?</div>", " ", main, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", shown)).split())


def spoken(client: Client, response) -> str:
    """All that the page says, fetched as the headset would."""
    heard = []
    for part in parts(response):
        for address, words in part:
            answer = client.get(address)
            assert answer.status_code == 200, words
            assert answer["Cache-Control"] == "no-store" and answer["Content-Type"] == "audio/wav"
            assert voice.heard(answer.content) == words
            heard.append(words)
    return " ".join(heard)


TEMPLATES = sorted((ROOT / "templates" / "terminal").glob("*.html"))
PAGES: dict[str, Callable] = {
    "home": lambda scene: "/terminal/home/",
    "visits": lambda scene: "/terminal/visits/",
    "a visit": lambda scene: f"/terminal/visit/{scene.planned.token}/",
    "asking": lambda scene: "/terminal/ask/new/",
    "the job": lambda scene: "/terminal/job/",
    "privacy": lambda scene: "/terminal/privacy/",
}


@pytest.mark.parametrize("look", ["en-0-0-0-0", "cy-2-0-1-0"], ids=["English", "Welsh and easy"])
@pytest.mark.parametrize("name", PAGES)
def test_what_is_heard_is_what_is_on_the_screen(heard_scene, settings, all_recorded, name, look) -> None:
    settings.AUDIO_ROOT = all_recorded
    client = heard_scene.inside()
    client.cookies["terminal_look"] = look
    response = client.get(PAGES[name](heard_scene))

    shown = in_main(response)
    assert len(shown) > 30
    assert shown in spoken(client, response)


def test_every_text_of_a_page_is_in_a_part(heard_scene) -> None:
    client = heard_scene.inside()
    for make in PAGES.values():
        reader = sound.Reader("en")
        reader.feed(client.get(make(heard_scene)).content.decode())
        reader.close()
        assert reader.unheard == []
        assert reader.parts


def texts_unheard(main: str) -> list[str]:
    """What a template would show in its main part without ever saying it."""
    for pattern, instead in (
        (r"{#.*?#}|{% block trouble %}.*?{% endblock %}", ""),
        (r"{% say [^%]*%}|{{ [^}]*}}", "words"),
        (r"{%.*?%}", ""),
    ):
        main = re.sub(pattern, instead, main, flags=re.S)
    reader = sound.Reader("en")
    reader.feed(f"<main>{main}</main>")
    reader.close()
    return reader.unheard


@pytest.mark.parametrize("name", [path.name for path in TEMPLATES if path.name != "base.html"])
def test_no_template_shows_what_it_does_not_say(name) -> None:
    assert texts_unheard((ROOT / "templates/terminal" / name).read_text()) == []


def test_what_would_not_be_said_is_found() -> None:
    assert texts_unheard('<div>{% say "bell" %}</div><p>{% say "bell" %}</p>') == ["words"]


def test_the_page_is_the_same_but_for_its_sounds(heard_scene, admin) -> None:
    client = heard_scene.inside()
    address = f"/terminal/visit/{heard_scene.planned.token}/"

    def without_sound(response) -> str:
        text = re.sub(r' data-say="[^"]*"| data-heard="1"', "", response.content.decode())
        text = re.sub(r'<button class="bar-item" type="button" id="read".*?</button>', "", text, flags=re.S)
        text = re.sub(r'<p id="(not-)?ticked".*?</p>', "", text)
        return " ".join(
            re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"|\?s=[\w=-]+|nonce="[^"]*"', "", text).split()
        )

    with_headset = without_sound(client.get(address))
    fit(heard_scene, admin, False)
    assert with_headset == without_sound(client.get(address))


def test_without_a_headset_there_is_no_button_and_no_sound(heard_scene, admin) -> None:
    client = heard_scene.inside()
    page = client.get("/terminal/home/")
    assert b'id="read"' in page.content
    address = parts(page)[0][0][0]

    fit(heard_scene, admin, False)

    page = client.get("/terminal/home/")
    assert b'id="read"' not in page.content and parts(page) == []
    assert client.get(address).status_code == 404


def test_a_machine_says_nothing_until_somebody_says_that_it_has_a_headset(scene) -> None:
    assert scene.terminal.has_headset is False
    assert parts(scene.inside().get("/terminal/home/")) == []


def test_an_address_says_nothing_and_is_of_no_use_to_others(heard_scene) -> None:
    client, other = heard_scene.inside(), heard_scene.browser()
    visits = client.get("/terminal/visits/")
    name = heard_scene.recipient.first_name
    address, _ = next(one for part in parts(visits) for one in part if name in one[1])

    assert name.lower() not in address.lower()
    lengths = {len(address) for part in parts(visits) for address, _ in part}
    assert len(lengths) <= 2
    assert other.get(address).status_code == 404
    assert Client().get(address).status_code == 404
    assert client.get(address[:-3] + "AA/").status_code == 404
    assert client.get("/terminal/say/nonsense/").status_code == 404
    assert client.post(address).status_code in (403, 405)


def test_after_leaving_nothing_can_be_heard_again(heard_scene) -> None:
    client = heard_scene.inside()
    address = parts(client.get("/terminal/visits/"))[0][0][0]
    assert client.get(address).status_code == 200
    client.post("/terminal/leave/")
    assert client.get(address).status_code == 404


def test_a_sound_is_not_for_the_day_after(heard_scene, clock) -> None:
    client = heard_scene.inside()
    address = parts(client.get("/terminal/visits/"))[0][0][0]
    clock.shift(timedelta(minutes=25))
    assert client.get(address).status_code == 404


def test_a_turn_that_nobody_goes_on_with_ends_though_its_warning_is_heard(heard_scene, clock) -> None:
    client = heard_scene.inside()
    page = client.get("/terminal/home/")
    clock.shift(timedelta(minutes=2))
    assert spoken(client, page)
    clock.shift(timedelta(minutes=1))
    assert client.get("/terminal/home/")["Location"] == "/terminal/"
    assert TerminalEntry.objects.get().end_reason == "IDLE"


def test_a_hidden_screen_speaks_and_closes_all_the_same(heard_scene, clock) -> None:
    client = heard_scene.inside()
    page = client.post("/terminal/hide/", follow=True)
    clock.shift(timedelta(minutes=2))
    assert "This screen is hidden" in spoken(client, page)
    clock.shift(timedelta(minutes=1))
    assert client.get("/terminal/hide/")["Location"] == "/terminal/"


def test_who_waits_with_a_card_is_told_aloud_what_to_do(heard_scene, now) -> None:
    with heard_scene.at_prison(heard_scene.prison):
        card = builders.card_for(heard_scene.person, heard_scene.prison, heard_scene.officer, now)
    client = heard_scene.browser()
    client.post("/terminal/enter/", {"number": codes.card_secret(card.token)})
    assert "Look at the officer now." in spoken(client, client.get("/terminal/card/"))


def test_a_recorded_sentence_needs_no_engine_and_a_name_does(heard_scene, settings) -> None:
    client = heard_scene.inside()
    voice.record("en", CATALOGUE["en"].say("visits_today"))
    settings.SPEECH_ENGINE = ""

    found = {words: address for part in parts(client.get("/terminal/visits/")) for address, words in part}

    assert voice.heard(client.get(found["My visits today"]).content) == "My visits today"
    # The browser is left to say what nobody recorded.
    assert [address for words, address in found.items() if heard_scene.recipient.first_name in words] == [""]


def test_only_what_has_a_name_is_spoken_on_the_spot(heard_scene, settings, all_recorded) -> None:
    settings.AUDIO_ROOT = all_recorded
    client = heard_scene.inside()

    sounds = [words for part in parts(client.get("/terminal/visits/")) for _, words in part]

    cell = next(words for words in sounds if "Cell" in words).rpartition(" ")[2]
    live = [words for words in sounds if not speech.recording("en", words).exists()]
    assert live == [f"{heard_scene.recipient.first_name} Cell {cell}"]
    assert "Morning" in sounds


def test_nothing_with_a_name_is_written_to_disk(heard_scene, engine) -> None:
    client = heard_scene.inside()
    spoken(client, client.get("/terminal/visits/"))
    assert [path.name for path in engine.iterdir()] == ["engine"]


def test_the_name_is_in_no_list_of_processes(settings, monkeypatch) -> None:
    settings.SPEECH_ENGINE = shutil.which("true")
    asked = []

    def run(command, **options):
        asked.append((command, options["input"], options["timeout"]))
        raise subprocess.TimeoutExpired(command, 5)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(speech.Silent):
        speech.speak("Wilfred", "en-gb")
    command, given, seconds = asked[0]
    assert "Wilfred" not in " ".join(command) and given == b"Wilfred" and seconds == speech.MOST_SECONDS


def test_an_engine_that_hangs_is_ended(settings, tmp_path, monkeypatch) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    settings.SPEECH_ENGINE = str(slow)
    monkeypatch.setattr(speech, "MOST_SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(speech.Silent):
        speech.speak("Wilfred", "en-gb")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("text", ["", "a" * (speech.MOST_LETTERS + 1)], ids=["nothing", "too much"])
def test_an_engine_is_not_given_everything(engine, text) -> None:
    with pytest.raises(speech.Silent):
        speech.speak(text, "en-gb")


@pytest.mark.parametrize("said", [b"", b"RIFF", b"not a sound" * 20], ids=["nothing", "cut short", "no sound"])
def test_a_broken_engine_is_no_engine(said) -> None:
    with pytest.raises(speech.Silent):
        speech.smaller(said)


def test_the_digits_of_a_new_code_can_be_heard_at_that_machine(heard_scene, officer) -> None:
    with heard_scene.at_prison(heard_scene.prison):
        by = cast.acts(officer, heard_scene.prison)
        allow_code(
            by=by, now=heard_scene.now, prison=heard_scene.prison, person=heard_scene.person, window=heard_scene.window
        )
    client = heard_scene.browser()
    page = client.post("/terminal/code/")
    digits = re.findall(r"<span>(\d)</span>", page.content.decode())
    assert len(digits) == 6
    assert " ".join(digits) in spoken(client, page)


def test_one_tap_reads_every_page_until_the_person_leaves(heard_scene) -> None:
    client = heard_scene.inside()
    assert b"data-sound" not in client.get("/terminal/home/").content
    client.get("/terminal/look/sound/")
    assert b'data-sound="1"' in client.get("/terminal/visits/").content
    client.post("/terminal/leave/")
    assert b"data-sound" not in client.get("/terminal/").content


# -- the recordings -------------------------------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch) -> list[tuple[str, str, str]]:
    """Three sentences stand for all."""
    wanted = [("en", "en-gb", "Saved"), ("cy", "cy", "Wedi’i gadw"), ("en", "en-gb", "5")]
    monkeypatch.setattr(speech, "sentences", lambda: wanted)
    return wanted


def made(**options) -> str:
    out = StringIO()
    call_command("make_audio", stdout=out, **options)
    return out.getvalue()


def test_make_audio_records_what_is_missing_and_deletes_what_is_old(engine, few) -> None:
    assert "3 sentences recorded, 0 were there" in made()
    for code, _, text in few:
        assert voice.heard(speech.recorded(code, text)) == text
    old = speech.recording("en", "Saved")
    few[0] = ("en", "en-gb", "It is saved")

    assert "1 sentences recorded, 2 were there, 1 old ones deleted" in made()

    assert not old.exists()
    assert {path.suffix for path in (engine / "audio").iterdir()} == {".wav"}


def test_make_audio_says_which_sentence_failed(engine, few) -> None:
    (engine / "engine").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(CommandError, match="3 sentences could not be recorded, the first: Saved"):
        made()
    assert list((engine / "audio").iterdir()) == []


def test_without_an_engine_the_set_up_goes_on(settings, tmp_path, few) -> None:
    settings.SPEECH_ENGINE, settings.AUDIO_ROOT = "", tmp_path
    assert "no sentence was recorded" in made(if_possible=True)
    with pytest.raises(CommandError, match="apt-get install espeak-ng"):
        made()


def test_everything_without_a_name_is_recorded_in_every_language() -> None:
    wanted = {(code, text) for code, _, text in speech.sentences()}
    for language in terminal_words.load():
        for text in [*language.texts.values(), *language.easy.values()]:
            assert terminal_words.fields(text) or (language.code, text) in wanted
        assert {(language.code, str(n)) for n in range(10)} <= wanted
    names = [names["cy"] for names in task_names()]
    assert names and {("cy", name) for name in names} <= wanted


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="the speech engine is not on this machine")
@pytest.mark.parametrize(("code", "key"), [("en", "bell"), ("cy", "bell")])
def test_the_real_engine_speaks(settings, code, key) -> None:
    settings.SPEECH_ENGINE = "espeak-ng"
    wav = speech.speak(CATALOGUE[code].say(key), CATALOGUE[code].voice)
    seconds = (len(wav) - 58) / 22_050
    # A sentence of nine words: some seconds of sound, and no silence.
    assert 2 < seconds < 12
    assert len(set(wav[58:])) > 100


def test_the_script_says_only_what_the_page_carries() -> None:
    script = (ROOT / "static/terminal/terminal.js").read_text()
    assert "textContent" not in script and "innerText" not in script
