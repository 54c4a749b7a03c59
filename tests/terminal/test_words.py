"""Every string in both languages, every picture drawn, and every string that a template asks for."""

from __future__ import annotations

import csv
import re
import string

import pytest

from referrals.models import OwnWish, Referral, Visit
from referrals.models.plan import SafetyWord
from referrals.privacy_notice import NOTICE, OPENING
from referrals.terminal.pages import MESSAGES
from referrals.terminal.views.help_wanted import AREA_PICTURES, WHEN_PICTURES
from referrals.terminal.views.inside import KIND_PICTURES, SAFETY_PICTURES, TOLD_PICTURES
from referrals.terminal.views.jobs import EASIER_PICTURES, WHY_PICTURES
from referrals.terminal.views.own_help import CAME_PICTURES, CHANGE_PICTURES, FEELS_PICTURES, WANT_PICTURES
from referrals.terminal.words import WORDS, say
from referrals.visit_answers import EXTRA, EXTRA_PICTURES, REASON_PICTURES
from schemes.models import Buddy, LockDown, Session
from tests.meta.source import ROOT

TEMPLATES = sorted((ROOT / "templates" / "terminal").glob("*.html"))
PICTURES = set(re.findall(r'symbol id="(\w+)"', (ROOT / "static/terminal/pictures.svg").read_text()))
# Names of people's own languages, and codes that read alike.
SAME = {"cell"}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WORDS)
def test_no_string_lacks_welsh(key) -> None:
    english, welsh = WORDS[key]
    assert english.strip() and welsh.strip()
    assert english != welsh or key in SAME, f"{key} is the same in both"
    assert fields(english) == fields(welsh), f"{key} fills in different things"


def test_what_templates_say_is_there() -> None:
    asked = {key for t in TEMPLATES for key in re.findall(r'{% say "(\w+)"', t.read_text())}
    asked |= {key for _, *sentences in MESSAGES.values() for key in sentences}
    assert len(asked) > 40
    assert asked <= set(WORDS)


def test_no_words_stand_in_a_template() -> None:
    for template in TEMPLATES:
        text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", " ", template.read_text(), flags=re.S)
        assert not re.search(r"[A-Za-z]{2,}", text), (template.name, re.findall(r"[A-Za-z]{2,}", text)[:5])


def test_fixed_lists_have_words_and_pictures() -> None:
    assert set(SafetyWord.values) <= set(WORDS) and set(SafetyWord.values) == set(SAFETY_PICTURES)
    assert set(Visit.Reason.values) <= set(WORDS) and set(Visit.Reason.values) == set(REASON_PICTURES)
    assert {f"cause_{cause}" for cause in LockDown.Cause.values} <= set(WORDS)
    assert {f"notice_{when}{code}" for code in Session.values for when in ("", "now_")} <= set(WORDS)
    assert set(Session.values) <= set(WORDS) and set(Session.values) <= PICTURES
    assert {f"tell_{k}" for k in KIND_PICTURES} <= set(WORDS)
    assert {f"why_{code}" for code in Buddy.Why.values} <= set(WORDS) and set(Buddy.Why.values) == set(WHY_PICTURES)
    assert {f"easier_{code}" for code in Buddy.Easier.values} <= set(WORDS)
    assert set(Buddy.Easier.values) == set(EASIER_PICTURES)
    assert {f"need_{area}" for area in Referral.NeedArea.values} <= set(WORDS)
    assert set(Referral.NeedArea.values) == set(AREA_PICTURES)
    assert {f"extra_{code}" for code, _ in EXTRA.values()} <= set(WORDS)
    assert {code for code, _ in EXTRA.values()} == set(EXTRA_PICTURES)
    assert {f"came_{code}" for code in OwnWish.Came.values} <= set(WORDS)
    assert set(OwnWish.Came.values) == set(CAME_PICTURES)
    assert {f"feels_{code}" for code in OwnWish.Feels.values} <= set(WORDS)
    assert set(OwnWish.Feels.values) == set(FEELS_PICTURES)
    assert {f"change_{code}" for code in OwnWish.Change.values} <= set(WORDS)
    assert set(OwnWish.Change.values) == set(CHANGE_PICTURES)
    assert {key for _, key in (*WANT_PICTURES.values(), *TOLD_PICTURES.values())} <= set(WORDS)
    shown = set(Buddy.Status.values) - {"LEFT", "REMOVED"} | {"APPEAL"}
    assert {f"app_{status}" for status in shown} <= set(WORDS)


def test_every_picture_is_drawn() -> None:
    asked = {p for t in TEMPLATES for p in re.findall(r'{% picture "(\w+)"', t.read_text())}
    asked |= set(AREA_PICTURES.values()) | {picture for picture, _ in WHEN_PICTURES.values()}
    asked |= set(EXTRA_PICTURES.values()) | set(CAME_PICTURES.values()) | set(FEELS_PICTURES.values())
    asked |= set(CHANGE_PICTURES.values()) | {picture for picture, *_ in MESSAGES.values()}
    asked |= {picture for picture, _ in (*WANT_PICTURES.values(), *TOLD_PICTURES.values())}
    asked |= set(WHY_PICTURES.values()) | set(EASIER_PICTURES.values())
    asked |= set(KIND_PICTURES.values()) | set(REASON_PICTURES.values()) | set(SAFETY_PICTURES.values())
    with (ROOT / "schemes/data/tasks.csv").open() as file:
        asked |= {row["picture"] for row in csv.DictReader(file) if row["picture"]}
    assert asked <= PICTURES, asked - PICTURES


def test_each_task_has_a_picture_of_its_own() -> None:
    with (ROOT / "schemes/data/tasks.csv").open() as file:
        pictures = [row["picture"] for row in csv.DictReader(file)]
    assert len(pictures) > 40
    assert all(pictures) and len(set(pictures)) == len(pictures)
    assert set(pictures) <= PICTURES


@pytest.mark.parametrize(
    "answers",
    [
        ("tick", "some", "cross"),
        REASON_PICTURES.values(),
        KIND_PICTURES.values(),
        SAFETY_PICTURES.values(),
        AREA_PICTURES.values(),
        [picture for picture, _ in WHEN_PICTURES.values()],
        WHY_PICTURES.values(),
        EASIER_PICTURES.values(),
    ],
    ids=["how", "why not", "tell", "safety", "help with", "when", "why", "easier"],
)
def test_each_answer_of_a_question_has_a_picture_of_its_own(answers) -> None:
    assert set(answers) <= PICTURES and len(set(answers)) == len(list(answers))


def test_each_line_of_the_privacy_notice_has_a_picture() -> None:
    lines = [(picture, key) for _, lines in NOTICE for picture, key in lines]
    assert {picture for picture, _ in lines} <= PICTURES
    assert {key for _, key in lines} | {heading for heading, _ in NOTICE} | {OPENING} <= set(WORDS)


def test_pictures_are_of_one_kind() -> None:
    """One size, one line; the page gives the colour and the weight."""
    svg = (ROOT / "static/terminal/pictures.svg").read_text()
    symbols = re.findall(r'<symbol id="(\w+)" viewBox="([^"]+)">(.+?)</symbol>', svg)
    assert len(symbols) == len(PICTURES) == svg.count("<symbol ")
    for name, box, drawn in symbols:
        assert box == "0 0 48 48", name
        assert not re.search(r"#[0-9a-fA-F]{3}|stroke|style|<text|<image|href|script", drawn), name
        assert set(re.findall(r'fill="([^"]*)"', drawn)) <= {"currentColor"}, name


def test_every_task_and_module_has_welsh() -> None:
    with (ROOT / "schemes/data/tasks.csv").open() as file:
        assert all(row["name_cy"].strip() for row in csv.DictReader(file))
    with (ROOT / "training/data/modules.csv").open() as file:
        assert {row["code"] for row in csv.DictReader(file)} <= set(WORDS)


def test_a_missing_string_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("nowhere", "en")


def test_nothing_newer_than_an_old_browser_knows() -> None:
    script = (ROOT / "static/terminal/terminal.js").read_text()
    assert not re.search(r"\?\.|\?\?|=>\s*{?.*await|import |localStorage|sessionStorage|indexedDB", script)
    css = (ROOT / "static/terminal/terminal.css").read_text()
    assert not re.search(r":has\(|:is\(|:where\(|@layer|@container|\binset:|aspect-ratio|(?<!-)\bgap:", css)
