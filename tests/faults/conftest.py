"""The terminal of the wing, also for tests with real threads and workers."""

from tests.terminal.conftest import clock, scene

__all__ = ["clock", "scene"]
