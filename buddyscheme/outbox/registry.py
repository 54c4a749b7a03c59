"""Handlers by topic. Apps above register theirs when they are ready; nothing is imported upwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Handler = Callable[[str, dict[str, Any]], None]
_handlers: dict[str, list[Handler]] = {}


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register a function `(prison_code, payload)` for a topic. It must be safe to run twice."""

    def register(handler: Handler) -> Handler:
        if handler not in _handlers.setdefault(topic, []):
            _handlers[topic].append(handler)
        return handler

    return register


def handlers_of(topic: str) -> list[Handler]:
    """The functions registered for a topic; none is not an error, because an app above may not be installed."""
    return list(_handlers.get(topic, []))
