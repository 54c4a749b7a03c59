"""Long lists of people to tick, narrowed to one wing by the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from buddyscheme.accounts.requests import StaffRequest
from buddyscheme.lib.paging import PER_PAGE


@dataclass(frozen=True)
class OneWing:
    """The wing that is asked for, if any, and links to the others."""

    code: str
    name: str
    links: list[dict[str, str]]
    everybody: str = ""

    def holds(self, buddy: Any) -> bool:
        """The buddy is of this wing, or no wing was asked for."""
        return not self.code or buddy.wing_code == self.code


def one_wing(request: StaffRequest, buddies: list[Any]) -> OneWing:
    """Of people with `wing_code` and `wing_name`. A list that fits a page is offered whole."""
    found = {buddy.wing_code: buddy.wing_name for buddy in buddies if buddy.wing_code}
    if len(buddies) <= PER_PAGE or len(found) < 2:
        return OneWing("", "", [])
    asked = request.GET.get("wing", "")
    # What is sent is read against everybody, so that no tick is refused because of how the page was narrowed.
    code = asked if asked in found and request.method == "GET" else ""
    others = sorted((other, words) for other, words in found.items() if other != code)
    links = [{"text": words, "href": _address(request, other)} for other, words in others]
    return OneWing(code, found.get(code, ""), links, _address(request, ""))


def _address(request: StaffRequest, code: str) -> str:
    query = request.GET.copy()
    query.pop("wing", None)
    if code:
        query["wing"] = code
    return f"?{query.urlencode()}" if query else request.path
