"""The service navigation: the few places of a prison that a role goes to daily, by permission."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from buddyscheme.accounts.middleware import PREPARING
from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission as P

# (text, url name, permission, the part of the address that marks it as the current one: the first behind the place)
PRISON_LINKS = (
    ("Home", "home:prison", P.HOME_VIEW, "home"),
    ("Referrals", "referrals:referrals", P.REFERRAL_VIEW, "referrals"),
    ("Plans", "referrals:plans", P.PLAN_VIEW, "plans"),
    ("Buddies", "schemes:buddies", P.BUDDIES_VIEW, "buddies"),
    ("Training", "training:board", P.TRAINING_VIEW, "training"),
    ("Clearances", "schemes:clearances", P.CLEARANCE_SIGN, "clearances"),
    ("Take-overs", "schemes:take_overs", P.TAKE_OVER_APPROVE, "take-overs"),
    ("Today", "referrals:unlock_list", P.UNLOCK_LIST_VIEW, "today"),
    ("Visits", "referrals:week", P.VISITS_VIEW, "visits"),
    ("Terminals", "referrals:windows", P.WINDOW_OPEN, "windows"),
    ("Concerns", "referrals:concerns", P.CONCERN_HANDLE, "concerns"),
    ("Figures", "monitoring:figures", P.FIGURES_VIEW, "figures"),
    ("Staff", "accounts:staff", P.STAFF_ADMIN, "staff"),
    ("Wings", "accounts:wings", P.STAFF_ADMIN, "wings"),
    ("Enrolled machines", "referrals:terminals", P.TERMINALS_ADMIN, "terminals"),
    ("Who did what", "accounts:audit", P.AUDIT_VIEW, "audit"),
)
NATIONAL_LINKS = (
    ("Releases", "national:releases", P.NATIONAL_RELEASES_VIEW, "releases"),
    ("Reports", "national:reports", P.NATIONAL_RELEASES_DOWNLOAD, "reports"),
    ("What changed", "national:digests", P.NATIONAL_RELEASES_VIEW, "changes"),
    ("Measures", "national:measures", P.NATIONAL_RELEASES_VIEW, "measures"),
    ("On site", "national:inspections", P.INSPECTION_READ, "inspections"),
    ("On site", "national:inspections", P.INSPECTION_OPEN, "inspections"),
    ("Restricted tasks", "national:restricted", P.NATIONAL_RELEASES_VIEW, "restricted"),
    ("Returns", "national:returns", P.NATIONAL_RETURNS_VIEW, "returns"),
    ("By hand", "national:hand_returns", P.NATIONAL_RETURNS_VIEW, "by-hand"),
    ("Prices", "national:prices", P.NATIONAL_PRICES_EDIT, "prices"),
    ("Keys", "national:api_keys", P.NATIONAL_KEYS_MANAGE, "keys"),
    ("Extracts", "national:extracts", P.NATIONAL_EXTRACTS_ASK, "extracts"),
    ("Extracts", "national:extracts", P.NATIONAL_EXTRACTS_DECIDE, "extracts"),
    ("Compact", "national:compacts", P.NATIONAL_COMPACT_PUBLISH, "compact"),
    ("Training modules", "national_training:modules", P.NATIONAL_MODULES_EDIT, "modules"),
    ("Alerts", "national:alerts", P.NATIONAL_ALERTS_EDIT, "alerts"),
    ("Patterns", "national:patterns", P.NATIONAL_PATTERNS_EDIT, "patterns"),
)


def links(request: HttpRequest) -> list[dict[str, Any]]:
    """Links for this request's place, in the shape that the service navigation takes."""
    held: frozenset[P] = getattr(request, "permissions", frozenset())
    prison = getattr(request, "prison", None)
    chosen = PRISON_LINKS if prison is not None else NATIONAL_LINKS
    here = _part(request.path, at_prison=prison is not None)
    found: list[dict[str, Any]] = []
    for text, name, permission, part in chosen:
        if permission not in held or not opens(prison, name):
            continue
        try:
            href = reverse(name, args=[prison.code] if prison is not None else [])
        except NoReverseMatch:  # pragma: no cover - while an app is being built
            continue
        if any(each["href"] == href for each in found):
            continue  # Two permissions lead to one page, and somebody holds both.
        found.append({"text": text, "href": href, "current": part == here})
    return found


def _part(path: str, *, at_prison: bool) -> str:
    """What the page is about. Behind it may stand names of other things: the outcomes of plans are outcomes."""
    behind = path.strip("/").split("/")[2 if at_prison else 1 :]
    return behind[0] if behind else "home"


def opens(prison: Prison | None, name: str) -> bool:
    """Whether the page leads anywhere: at a prison that is not switched on, only those that make it ready do."""
    return prison is None or prison.switched_on or name.startswith(PREPARING)
