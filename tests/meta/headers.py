"""Headers that every answer carries."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse


def _policy(value: str) -> bool:
    directives = dict(part.strip().partition(" ")[::2] for part in value.split(";"))
    safe = "unsafe-" not in value and "*" not in value
    return safe and directives.get("default-src") == "'none'" and directives.get("frame-ancestors") == "'none'"


REQUIRED: dict[str, Callable[[str], bool]] = {
    "Cache-Control": lambda value: "no-store" in value,
    "X-Content-Type-Options": lambda value: value == "nosniff",
    "Content-Security-Policy": _policy,
    "Referrer-Policy": lambda value: value in ("same-origin", "no-referrer"),
    "X-Frame-Options": lambda value: value == "DENY",
    "Cross-Origin-Opener-Policy": lambda value: value == "same-origin",
    "Permissions-Policy": lambda value: all(f"{name}=()" in value for name in ("camera", "geolocation", "microphone")),
    "X-Request-Id": lambda value: len(value) >= 16,
}


def _kept_by_a_program(value: str) -> bool:
    return value == "private, no-cache"


def lacking(answer: HttpResponse, *, by_a_program: bool = False) -> list[str]:
    """What is missing or wrong: header names, and cookies that a script or another site could use.

    What a program is answered holds nothing about anybody; it may keep it, and asks whether it is still so.
    """
    required = {**REQUIRED, "Cache-Control": _kept_by_a_program} if by_a_program else REQUIRED
    wrong = [name for name, right in required.items() if not right(answer.headers.get(name, ""))]
    for name, cookie in answer.cookies.items():
        if cookie["max-age"] == 0 and not cookie.value:
            # Taken away: it holds nothing.
            continue
        if not cookie["httponly"] or cookie["samesite"] not in ("Lax", "Strict"):
            wrong.append(f"cookie {name}")
    return wrong
