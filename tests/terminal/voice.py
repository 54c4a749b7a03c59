"""A speech engine for tests: its sound carries the very letters that it was given, so a test can hear them again.

Each byte of the text becomes the sample that the mu-law turns back into that byte.
"""

from __future__ import annotations

import stat
import sys
from pathlib import Path

from referrals import speech

ENGINE = """#!{python} -SE
import sys

def sample(byte):
    byte = ~byte & 0xFF
    size = (((byte & 0x0F) << 3) + 132 << ((byte & 0x70) >> 4)) - 132
    return -size if byte & 0x80 else size

text = sys.stdin.buffer.read()
data = b"".join(sample(byte).to_bytes(2, "little", signed=True) for byte in text)
four = lambda number: number.to_bytes(4, "little")
# As espeak-ng does on a pipe: the lengths in its header are of no file.
head = b"RIFF" + four(0x7FFFF024) + b"WAVEfmt " + four(16) + bytes.fromhex("01000100") + four(22050) + four(44100)
sys.stdout.buffer.write(head + bytes.fromhex("02001000") + b"data" + four(0x7FFFF000) + data)
"""


def install(folder: Path) -> str:
    """Put the engine into a folder; its path."""
    path = folder / "engine"
    path.write_text(ENGINE.format(python=sys.executable))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def heard(wav: bytes) -> str:
    """What a sound of this engine says."""
    assert wav[:4] == b"RIFF" and wav[8:12] == b"WAVE" and wav[20:22] == b"\x07\x00", wav[:60]
    assert int.from_bytes(wav[4:8], "little") == len(wav) - 8
    _, _, data = wav.partition(b"data")
    assert int.from_bytes(data[:4], "little") == len(data) - 4
    return data[4:].decode()


def record(code: str, text: str) -> None:
    """A file as `make_audio` makes it, without starting a program."""
    path = speech.recording(code, text)
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = b"".join(_sample(byte).to_bytes(2, "little", signed=True) for byte in text.encode())
    head = bytes(20) + bytes.fromhex("01000100") + (22050).to_bytes(4, "little") + bytes(6) + bytes.fromhex("1000")
    path.write_bytes(speech.smaller(b"RIFF" + head[4:36].ljust(40, b"\0") + samples))


def _sample(byte: int) -> int:
    byte = ~byte & 0xFF
    size = (((byte & 0x0F) << 3) + 132 << ((byte & 0x70) >> 4)) - 132
    return -size if byte & 0x80 else size
