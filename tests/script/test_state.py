"""Where the launcher keeps what it makes."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from script.support import messages, state


def test_a_planted_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "ours").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(messages.CannotGoOn, match="not safe to use"):
        state.own_folder(tmp_path / "ours", mode=0o711)


def test_a_folder_that_others_may_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours").chmod(0o777)
    with pytest.raises(messages.CannotGoOn, match="not safe to use"):
        state.own_folder(tmp_path / "ours", mode=0o711)


def test_a_new_folder_has_the_mode_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        made = state.own_folder(tmp_path / "ours", mode=0o711)
    finally:
        os.umask(before)
    assert stat.S_IMODE(made.stat().st_mode) == 0o711


def test_secrets_are_random_kept_and_private(tmp_path: Path) -> None:
    kept = state.State("unit", tmp_path, tmp_path)
    first = kept.secret("one")
    assert kept.secret("one") == first != kept.secret("two")
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_half_written_record_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "record.json").write_text('{"pid": 12')
    assert state.read_json(tmp_path / "record.json") == {}


def test_a_lock_is_held_by_one_and_dropped_with_its_file(tmp_path: Path) -> None:
    first = state.try_lock(tmp_path / "lock")
    assert first is not None
    assert state.try_lock(tmp_path / "lock") is None
    first.close()
    again = state.try_lock(tmp_path / "lock")
    assert again is not None
    again.close()


def test_a_lasting_state_is_never_removed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        state.State("demo", tmp_path, tmp_path).remove()
    assert tmp_path.exists()


def test_too_little_space_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(messages.CannotGoOn, match="Not enough disk space"):
        state.require_space(tmp_path, 10**9)


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "Not enough disk space"), (errno.EACCES, "cannot be written by this user")]
)
def test_errors_that_people_can_mend_have_a_sentence(number: int, words: str) -> None:
    sentence = messages.from_os_error(OSError(number, "no", "/somewhere"), Path("/somewhere"))
    assert words in str(sentence)


def test_other_errors_keep_their_stack_trace() -> None:
    assert messages.from_os_error(OSError(errno.EIO, "no"), Path("/somewhere")) is None
