"""First stage of every command: make the environment, then become the real program in it. Standard library only.

python -m script.support.bootstrap <environment> <module> [arguments]
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from script.support import environment, messages
from script.support.state import ROOT


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(kind: str, module: str, arguments: list[str]) -> int:
    """Prepare and hand over; returns only when something is missing."""
    # Started in the background by a shell, SIGINT would be ignored; SIGTERM would leave pip running.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        python = environment.ensure(environment.wanted_kind(kind))
        command = [str(python), "-m", f"script.support.{module}", *arguments]
        os.execv(command[0], command)  # noqa: S606 - our own Python
    except messages.CannotGoOn as stop:
        messages.complain(str(stop))
    except OSError as error:
        sentence = messages.from_os_error(error, ROOT)
        if sentence is None:
            raise
        messages.complain(str(sentence))
    except KeyboardInterrupt:
        messages.complain(messages.interrupted())
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
