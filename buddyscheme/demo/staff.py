"""Prisons, wings, staff and terminals: what is there before a scheme begins."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from buddyscheme.accounts.actions.staff import give_role
from buddyscheme.accounts.actions.wings import add_wing
from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Membership, Prison, Terminal, User, Wing
from buddyscheme.demo.places import NATIONAL_DOMAIN, Place, domain
from referrals.actions.terminals import enrol_terminal

# Published on purpose: it opens fictional accounts in a demonstration and nothing else.
PASSWORD = "a walk through made-up prisons"  # noqa: S105 - see above
# Role, local part of the e-mail, first name, department.
ROLES: tuple[tuple[str, str, str, str], ...] = (
    ("LEAD", "lead", "Lena", ""),
    ("DEPUTY_LEAD", "deputy", "Dev", ""),
    ("OFFICER", "officer", "Olu", ""),
    ("TRAINER", "trainer", "Tess", ""),
    ("COUNCIL", "council", "Cai", ""),
    ("HEALTHCARE", "healthcare", "Hana", ""),
    ("GOVERNOR_DELEGATE", "delegate", "Gil", ""),
    ("SAFEGUARDING", "safeguarding", "Sol", ""),
    ("SECURITY", "security", "Sid", ""),
    ("SIGNATORY", "signatory", "Sig", "OFFENDER_MANAGEMENT"),
    ("DPO", "dpo", "Dot", ""),
    ("DUTY_MANAGER", "duty", "Del", ""),
)
NATIONAL: tuple[tuple[str, str, str], ...] = (
    ("INSPECTOR", "inspector", "Ina Inspector"),
    ("NATIONAL_LEAD", "lead", "Nat National"),
    ("NATIONAL_DPO", "dpo", "Dara Data"),
    ("REGIONAL_LEAD", "region", "Reg Regional"),
)
SURNAMES = [
    "Ashgrove",
    "Birchby",
    "Cedarholm",
    "Dellwood",
    "Elmsley",
    "Fernhill",
    "Gorsefield",
    "Hawthorne",
    "Ivybridge",
    "Junipero",
    "Kelmarsh",
    "Lindenby",
    "Maplesden",
    "Nettlecombe",
    "Oakford",
    "Pinewick",
]


def make_prison(place: Place) -> Prison:
    """The prison itself, switched on. There is no page that makes a prison: the register is loaded."""
    return Prison.objects.create(
        code=place.code,
        name=place.name,
        official_name=f"{place.name} (fictional)",
        welsh_name=place.welsh_name,
        nation=place.nation,
        kind=place.kind,
        holds_women=place.women,
        council=place.council,
        council_confidence="high",
        region=place.region,
        fictional=True,
        switched_on=True,
    )


def make_administrator(place: Place, prison: Prison, since: date, nth: int) -> User:
    """The first account of a prison; it gives everybody else theirs."""
    user = _account(f"admin@{domain(place.code)}", f"Ada {SURNAMES[nth % len(SURNAMES)]}")
    Membership.objects.create(user=user, prison=prison, role="ADMIN", starts_on=since)
    return user


def make_national(since: date) -> None:
    """Accounts of those who read across prisons."""
    for role, local, name in NATIONAL:
        user = _account(f"{local}@{NATIONAL_DOMAIN}", name)
        Membership.objects.create(user=user, prison=None, role=role, starts_on=since)


def _account(email: str, name: str) -> User:
    return User.objects.create_user(email, name=name, is_demo=True)


def make_staff(place: Place, prison: Prison, admin: User, now: datetime, since: date, nth: int) -> dict[str, User]:
    """One account for each role at a prison, by its administrator; a lead of another prison may lead here too."""
    by = Actor.staff(admin, roles=("ADMIN",))
    staff = {"ADMIN": admin}
    for i, (role, local, first, department) in enumerate(ROLES):
        at = domain(place.led_by if role == "LEAD" and place.led_by else place.code)
        membership = give_role(
            by=by,
            now=now,
            prison=prison,
            email=f"{local}@{at}",
            name=f"{first} {SURNAMES[(nth * 3 + i) % len(SURNAMES)]}",
            role=role,
            department=department,
            starts_on=since,
        )
        staff[role] = membership.user
    return staff


def open_accounts() -> None:
    """Let the shared password open every account of the demonstration, without a second factor."""
    fictional = User.objects.filter(memberships__prison__fictional=True) | User.objects.filter(is_demo=True)
    ids = list(fictional.values_list("pk", flat=True))
    User.objects.filter(pk__in=ids).update(password=make_password(PASSWORD), is_demo=True)


def make_wings(place: Place, prison: Prison, admin: User, now: datetime) -> list[Wing]:
    """The prison's wings."""
    by = Actor.staff(admin, roles=("ADMIN",))
    return [
        add_wing(by=by, now=now, prison=prison, code=code, name=name, landings=landings)
        for code, name, landings in place.wings
    ]


def make_terminals(prison: Prison, wings: list[Wing], admin: User, now: datetime) -> list[Terminal]:
    """One shared machine a wing. A browser becomes it when an administrator enrols that browser."""
    by = Actor.staff(admin, roles=("ADMIN",))
    return [
        enrol_terminal(by=by, now=now, prison=prison, wing=wing, name=f"{wing.name} office terminal", has_headset=True)
        for wing in wings
    ]
