"""Handing a prison number from one page to the page that adds people, without writing it into an address.

Pages of the apps above use `offer_to_add` where a number is not on this prison's list, and `added_number` when the
reader comes back.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

KEY = "person_to_add"


def offer_to_add(request: HttpRequest, prison_number: str, *, then: str = "") -> str:
    """Remember the number in the session and return the address of the page that adds a person.

    `then` is the path of this site to go on to once the person is on the list.
    """
    request.session[KEY] = {"number": prison_number, "then": then}
    return reverse("schemes:add_person", args=[request.prison.code])  # type: ignore[attr-defined]


def number_to_add(request: HttpRequest) -> str:
    """The number that was remembered, or nothing."""
    return str(request.session.get(KEY, {}).get("number", ""))


def go_on(request: HttpRequest, prison_number: str) -> str:
    """Forget what was remembered, keep the number that was added, and return where to go on to, if anywhere."""
    then = str(request.session.pop(KEY, {}).get("then", ""))
    request.session[f"{KEY}_done"] = prison_number
    return then if url_has_allowed_host_and_scheme(then, allowed_hosts=None) else ""


def added_number(request: HttpRequest) -> str:
    """The number of the person who was just added, once: to fill in the form that the reader came from."""
    return str(request.session.pop(f"{KEY}_done", ""))
