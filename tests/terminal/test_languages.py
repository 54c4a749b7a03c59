"""The words are data: a language is a file, and one that is not complete stops the start."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from referrals import terminal_words
from referrals.terminal import look, pages, words
from referrals.terminal.views import start
from referrals.terminal.words import CATALOGUE
from schemes.task_names import task_names
from tests.meta.source import ROOT

Rows = list[dict[str, str]]


def rows_of(code: str) -> Rows:
    with (terminal_words.FOLDER / f"{code}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, code: str, rows: Rows) -> None:
    with (folder / f"{code}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, terminal_words.HEADINGS)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the two languages, and a third one that says everything in capitals."""
    for code in ("en", "cy"):
        write(tmp_path, code, rows_of(code))
    third = [
        {**row, "text": capitals(row["text"]), "easy": capitals(row["easy"]), "checked": ""} for row in rows_of("en")
    ]
    third += [
        {"key": f"task_{names['code']}", "text": names["en"].upper(), "easy": "", "checked": ""}
        for names in task_names()
    ]
    about = {"@name": "Kernewek", "@english": "Cornish", "@voice": "en-gb"}
    write(tmp_path, "kw", [{**row, "text": about.get(row["key"], row["text"])} for row in third])
    return tmp_path


def capitals(text: str) -> str:
    """All but what is filled in."""
    return re.sub(r"\{\w+\}|[^{}]+", lambda part: part[0] if part[0].startswith("{") else part[0].upper(), text)


def test_a_further_language_is_one_more_file(folder) -> None:
    found = terminal_words.load(folder)
    assert [language.code for language in found] == ["en", "cy", "kw"]
    assert found[2].name == "Kernewek" and found[2].say("visits") == "MY VISITS"
    assert found[2].say("wait") == "PLEASE WAIT {seconds} SECONDS, THEN TRY AGAIN."
    assert "visits" in found[2].unchecked


def spoil(what: str) -> Callable[[Rows], Rows]:
    """One thing wrong with the third language."""

    def changed(rows: Rows) -> Rows:
        if what == "a key is missing":
            return [row for row in rows if row["key"] != "bell"]
        if what == "a task is missing":
            return [row for row in rows if row["key"] != "task_DOM-01"]
        if what == "a key is nobody's":
            return [*rows, {"key": "bells", "text": "Bells", "easy": "", "checked": ""}]
        if what == "a key stands twice":
            return [*rows, rows[-1]]
        if what == "its name is missing":
            return [row for row in rows if row["key"] != "@name"]
        new = {
            "no text": {"text": " "},
            "another field": {"text": "Press {name}"},
            "another field in easy read": {"easy": "Press {name}"},
            "a brace": {"text": "Press {"},
            "checked by whom": {"checked": "Ada"},
            "a hidden character": {"text": "Press\u202ethe bell"},
        }[what]
        return [{**row, **new} if row["key"] == "bell" else row for row in rows]

    return changed


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("a key is missing", "kw.csv: bell is missing."),
        ("a task is missing", "kw.csv: task_DOM-01 is missing."),
        ("a key is nobody's", "kw.csv: bells is not a key of English."),
        ("a key stands twice", "stands there twice."),
        ("its name is missing", "kw.csv: @name is missing."),
        ("no text", "kw.csv: bell has no text."),
        ("another field", "kw.csv: bell fills in other things than English."),
        ("another field in easy read", "kw.csv: bell fills in other things than English."),
        ("a brace", "kw.csv: bell has braces that do not close."),
        ("checked by whom", 'kw.csv: bell is checked "yes" or not at all.'),
        ("a hidden character", "kw.csv: bell has spaces around it, or characters that cannot be seen."),
    ],
)
def test_a_language_that_is_not_right_is_refused(folder, what, said) -> None:
    with (folder / "kw.csv").open(newline="") as file:
        write(folder, "kw", spoil(what)(list(csv.DictReader(file))))
    with pytest.raises(ImproperlyConfigured, match=re.escape(said)):
        terminal_words.load(folder)


@pytest.mark.parametrize("text", ["key,text\nvisits,My visits\n", "key;text;easy;checked\n"], ids=["two", "semicolons"])
def test_a_file_with_other_headings_is_refused(folder, text) -> None:
    (folder / "kw.csv").write_text(text)
    with pytest.raises(ImproperlyConfigured, match="the headings must be"):
        terminal_words.load(folder)


def test_without_english_nothing_starts(folder) -> None:
    (folder / "en.csv").unlink()
    with pytest.raises(ImproperlyConfigured, match=re.escape("en.csv is missing.")):
        terminal_words.load(folder)


def test_the_service_does_not_start_with_an_incomplete_language(folder) -> None:
    write(folder, "cy", rows_of("cy")[:-1])
    code = (
        "from pathlib import Path; from referrals import terminal_words as w; import django\n"
        f"w.load.__defaults__ = (Path({str(folder)!r}),)\n"
        "django.setup(); from django.core.wsgi import get_wsgi_application as g; g()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns; print('started')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"DJANGO_SETTINGS_MODULE": "buddyscheme.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode and "started" not in done.stdout
    assert f"cy.csv: {rows_of('en')[-1]['key']} is missing." in done.stderr


def test_a_further_language_can_be_chosen_at_the_terminal(scene, folder, monkeypatch) -> None:
    found = {language.code: language for language in terminal_words.load(folder)}
    for module in (words, pages, start):
        monkeypatch.setattr(module, "CATALOGUE", found)
    monkeypatch.setattr(look, "LANGUAGES", tuple(found))
    client = scene.inside()

    assert "/terminal/languages/?next=%2Fterminal%2Fhome%2F" in client.get("/terminal/home/").content.decode()
    choice = unescape(client.get("/terminal/languages/", {"next": "/terminal/home/"}).content.decode())
    assert all(f'lang="{code}"' in choice and one.name in choice for code, one in found.items())
    page = client.get("/terminal/look/kw/", {"next": "/terminal/home/"}, follow=True)

    assert "MY VISITS" in page.content.decode() and 'lang="kw"' in page.content.decode()
    visit = unescape(client.get(f"/terminal/visit/{scene.planned.token}/").content.decode())
    names = {names["code"]: names["en"] for names in task_names()}
    assert scene.planned.tasks
    for code in scene.planned.tasks:
        assert names[code].upper() in visit and names[code] not in visit


def test_with_two_languages_the_other_is_one_tap_away(scene) -> None:
    client = scene.inside()
    assert "/terminal/look/cy/?next=" in client.get("/terminal/home/").content.decode()
    page = client.get("/terminal/look/cy/", {"next": "/terminal/home/"}, follow=True)
    assert 'lang="cy"' in page.content.decode() and "/terminal/look/en/?next=" in page.content.decode()


def test_the_welsh_waits_for_a_translator_and_the_english_does_not() -> None:
    assert CATALOGUE["en"].unchecked == frozenset()
    assert CATALOGUE["cy"].unchecked == set(CATALOGUE["cy"].texts)


@pytest.mark.parametrize("code", CATALOGUE)
def test_easy_read_is_shorter(code) -> None:
    language = CATALOGUE[code]
    assert len(language.easy) > 60
    for key, easy in language.easy.items():
        assert len(easy) < len(language.texts[key]), key
        assert easy != language.texts[key]


def test_every_task_has_a_name_in_both_languages() -> None:
    assert all(names["en"] and names["cy"] for names in task_names())


def test_easy_read_is_one_tap(scene) -> None:
    client = scene.inside()
    plain = client.get("/terminal/ask/new/").content.decode()
    assert "What do you need help with?" in plain and 'class="size-0"' in plain
    page = client.get("/terminal/look/easy/", {"next": "/terminal/ask/new/"}, follow=True).content.decode()
    assert "What help do you need?" in page and 'class="size-0 easy"' in page
