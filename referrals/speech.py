"""The terminal's voice: sentences recorded beforehand as files, and the few with a name in them spoken on the spot.

The engine is a program of the machine (espeak-ng) and may be missing: then the browser speaks, or there is no sound.
It gets the text on its input, so that no list of processes shows it, and writes nothing to disk. A file is named by a
digest of its language and text: a changed sentence has another file, and the folder holds no personal data.
"""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
import sys
import threading
from array import array
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from referrals import terminal_words
from schemes.task_names import task_names

# What the engine may be given at once, how long it may take, and how many may speak at a time in one process.
MOST_LETTERS = 600
MOST_SECONDS = 5
AT_ONCE = 2
WORDS_A_MINUTE = 140
WAV_HEADER = 44

_turns = threading.BoundedSemaphore(AT_ONCE)


class Silent(Exception):
    """Nothing can be said now: there is no engine, it failed, or it is too busy."""


def engine() -> str | None:
    """The path of the engine, where there is one."""
    return shutil.which(settings.SPEECH_ENGINE) if settings.SPEECH_ENGINE else None


def recording(code: str, text: str) -> Path:
    """Where the file of a sentence lies, made or not."""
    digest = hashlib.sha256(f"{code}\n{text}".encode()).hexdigest()[:32]
    return Path(settings.AUDIO_ROOT) / f"{digest}.wav"


def recorded(code: str, text: str) -> bytes | None:
    """The sound of a sentence that was recorded."""
    try:
        return recording(code, text).read_bytes()
    except FileNotFoundError:
        return None


@dataclass
class Done:
    """What recording all sentences came to."""

    made: int = 0
    kept: int = 0
    removed: int = 0
    size: int = 0
    failed: list[str] = field(default_factory=list)

    @property
    def megabytes(self) -> float:
        return self.size / 1_000_000


def sentences() -> list[tuple[str, str, str]]:
    """Language, voice and text of everything that can be recorded: sentences, tasks, languages, and single figures."""
    found = []
    languages = terminal_words.languages()
    for language in languages:
        names = [names[language.code] for names in task_names() if names.get(language.code)]
        names += [one.name for one in languages]
        for text in dict.fromkeys([*language.whole, *names, *"0123456789"]):
            found.append((language.code, language.voice, text))
    return found


def record_all() -> Done:
    """Make the files that are not there, each in one step, and delete those that nothing asks for any more."""
    folder = Path(settings.AUDIO_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {recording(code, text): (voice, text) for code, voice, text in sentences()}
    old = [path for path in folder.glob("*.wav") if path not in wanted]
    for path in old:
        path.unlink()
    missing = [path for path in wanted if not path.exists()]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        failed = [text for text in pool.map(lambda path: _record(path, *wanted[path]), missing) if text]
    size = sum(path.stat().st_size for path in wanted if path.exists())
    return Done(len(missing) - len(failed), len(wanted) - len(missing), len(old), size, failed)


def _record(path: Path, voice: str, text: str) -> str:
    """The text, if it could not be recorded."""
    try:
        wav = speak(text, voice)
    except Silent:
        return text
    half = path.with_suffix(".half")
    half.write_bytes(wav)
    half.replace(path)
    return ""


def speak(text: str, voice: str) -> bytes:
    """A WAV file of the text. Raises Silent where that cannot be had in time."""
    program = engine()
    if program is None or not text or len(text) > MOST_LETTERS:
        raise Silent
    if not _turns.acquire(timeout=MOST_SECONDS):
        raise Silent
    try:
        done = subprocess.run(  # noqa: S603 -- the program of the settings, its arguments ours, the text on its input
            [program, "-v", voice, "-s", str(WORDS_A_MINUTE), "-b", "1", "--stdin", "--stdout"],
            input=text.encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise Silent from error
    finally:
        _turns.release()
    return smaller(done.stdout)


def smaller(wav: bytes) -> bytes:
    """Half the size in the same format of file: 16 bits to 8 by the mu-law of telephones, which every browser plays.

    The engine does not know the length when it begins to write, so its header is wrong; ours is right.
    """
    rate = int.from_bytes(wav[24:28], "little")
    plain = wav[:4] == b"RIFF" and wav[20:24] == b"\x01\x00\x01\x00" and wav[34:36] == b"\x10\x00"
    if len(wav) <= WAV_HEADER or not plain:
        raise Silent
    samples = array("H", wav[WAV_HEADER : len(wav) - len(wav) % 2])
    if sys.byteorder == "big":
        samples.byteswap()
    table = _table()
    data = bytes([table[sample] for sample in samples])
    return _header(rate, len(data)) + data


def _header(rate: int, length: int) -> bytes:
    """Mu-law, one channel, eight bits; a count of samples; then `length` bytes of sound."""
    form = struct.pack("<4sIHHIIHHH4sII", b"fmt ", 18, 7, 1, rate, rate, 1, 8, 0, b"fact", 4, length)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", length)
    return struct.pack("<4sI", b"RIFF", len(body) + length) + body


_made: list[bytes] = []


def _table() -> bytes:
    """Each of the 65,536 samples as its byte, worked out once."""
    if not _made:
        _made.append(bytes(_mu_law(n - 65_536 if n >= 32_768 else n) for n in range(65_536)))
    return _made[0]


def _mu_law(sample: int) -> int:
    """ITU-T G.711: a sign, the power of two, and the four bits after it, turned round."""
    sign, size = (0x80, -sample) if sample < 0 else (0, sample)
    size = min(size, 32_635) + 132
    power = size.bit_length() - 8
    return ~(sign | power << 4 | (size >> (power + 3)) & 0x0F) & 0xFF
