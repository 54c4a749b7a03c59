"""The ready-made accounts of the demonstration, as they stand in the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from buddyscheme.accounts.models import Membership
from buddyscheme.accounts.roles import ROLES
from buddyscheme.demo.models import KnownCode
from buddyscheme.demo.places import EMPTY, PLACES
from buddyscheme.demo.staff import PASSWORD
from buddyscheme.scope.transaction import DatabaseRole, scoped

PURPOSES = {place.code: place.purpose for place in (*PLACES, EMPTY)}


@dataclass(frozen=True)
class Account:
    """One account in one role. `prison` is empty for those who read across prisons."""

    role: str
    role_name: str
    email: str
    password: str
    prison: str
    prison_name: str
    purpose: str


@dataclass(frozen=True)
class Terminal:
    """Somebody who can go in at a terminal of a prison, once an officer has opened a window there."""

    prison: str
    number: str
    code: str
    name: str


def accounts(today: date) -> list[Account]:
    """Every account that signs in with the shared password, prisons first, by role in the order of the roles."""
    with scoped(DatabaseRole.NATIONAL):
        held = Membership.objects.current(today).filter(user__is_demo=True, user__is_active=True)
        rows = list(held.select_related("user", "prison"))
    order = list(ROLES)
    rows.sort(key=lambda row: (row.prison_id is None, row.prison_id or "", order.index(row.role), row.user.email))
    return [
        Account(
            role=row.role,
            role_name=ROLES[row.role].name,
            email=row.user.email,
            password=PASSWORD,
            prison=row.prison_id or "",
            prison_name=row.prison.name if row.prison else "all prisons",
            purpose=ROLES[row.role].sentence.rstrip("."),
        )
        for row in rows
    ]


def terminals() -> list[Terminal]:
    """Buddies whose code is known here."""
    with scoped(DatabaseRole.NATIONAL):
        rows = KnownCode.objects.select_related("person").order_by("prison_id", "id")
        return [Terminal(row.prison_id, row.person.prison_number, row.digits, row.person.full_name) for row in rows]


def as_table(today: date) -> str:
    """For people: every role at the first prison, who leads the others, and those who read across prisons."""
    found = accounts(today)
    if not found:
        return "There are no ready-made accounts: run manage.py seed_demo first."
    first = next(account.prison for account in found if account.prison)
    listed = [a for a in found if a.prison in ("", first) or a.role == "LEAD"]
    wide, role = max(len(a.email) for a in listed), max(len(a.role_name) for a in listed)
    lines = [f"Password of every account: {PASSWORD}", ""]
    lines += [f"{a.email:<{wide}}  {a.role_name:<{role}}  {a.prison or '-':<4} {a.purpose}" for a in listed]
    lines += ["", f"Every prison has the same roles at its own address, such as officer@{EMPTY.code.lower()}.example:"]
    lines += [f"  {code}  {name}: {PURPOSES.get(code, '')}" for code, name in _prisons(found)]
    lines += ["", *_terminal_lines()]
    return "\n".join(lines)


def _prisons(found: list[Account]) -> list[tuple[str, str]]:
    return sorted({(account.prison, account.prison_name) for account in found if account.prison})


def _terminal_lines() -> list[str]:
    known = [
        f"  {t.prison}: {t.name}, prison number {t.number}, code {t.code}; or let somebody in from the list."
        for t in terminals()
    ]
    how = "At the terminal: an administrator enrols the browser, the officer opens a window, then:"
    return [how, *known] if known else ["At the terminal: the officer opens a window and lets somebody in."]


def as_list(today: date) -> list[dict[str, str]]:
    """For programs: the accounts, then what is known for the terminal with the role TERMINAL and no password."""
    return [asdict(a) for a in accounts(today)] + [{"role": "TERMINAL", **asdict(t)} for t in terminals()]
