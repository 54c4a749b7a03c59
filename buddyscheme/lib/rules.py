"""Rules asked without acting: `can_close = twin(check_can_close)`, and in words: `why_not(check_can_close, plan)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from buddyscheme.lib.errors import NotAllowed

P = ParamSpec("P")


def twin(check: Callable[P, None]) -> Callable[P, bool]:
    """True where `check` passes, False where it raises `NotAllowed`."""

    def can(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except NotAllowed:
            return False
        return True

    can.__name__ = check.__name__.replace("check_", "", 1)
    can.__doc__ = f"Whether `{check.__name__}` passes."
    return can


def why_not(check: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> str:
    """The sentence with which `check` refuses; empty where it passes."""
    try:
        check(*args, **kwargs)
    except NotAllowed as error:
        return str(error)
    return ""


def check_transition(transitions: dict[str, set[str]], now: str, wanted: str, sentence: str) -> None:
    """Raise `NotAllowed(sentence)` unless the workflow's table allows `now` to become `wanted`."""
    if wanted not in transitions[now]:
        raise NotAllowed(sentence)
