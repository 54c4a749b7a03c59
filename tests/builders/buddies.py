"""Buddies at any point of their way, made by the actions that the pages call. Run inside `with at_prison(here):`.

buddy = active_buddy(here, lead, now)                       the whole way
buddy = applied(here, lead, now); cleared(buddy, lead, now) parts of it
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from buddyscheme.accounts.models import Membership, Prison, User, Wing
from buddyscheme.lib.dates import london_today
from buddyscheme.scope import transaction
from schemes.actions import buddies as actions
from schemes.actions import schemes as scheme_actions
from schemes.actions.clearance import enter_paper_clearance, sign_clearance
from schemes.actions.departments import add_department
from schemes.actions.interviews import give_scores, set_interview
from schemes.actions.prompts import add_prompt
from schemes.actions.take_overs import ask_take_over, decide_take_over
from schemes.models import Buddy, Clearance, CompactText, Person, PrisonPrompt, Scheme, ScoreSheet, TakeOver
from schemes.queries.clearance import signer_for
from schemes.queries.interviews import criteria_in_use, criteria_to_score, open_sheets
from schemes.queries.schemes import scheme_of
from schemes.rules.interviews import SHEETS
from tests.builders.schemes import person_in
from tests.cast import acts, make_staff
from training.actions.appointments import appoint
from training.actions.results import record_results
from training.models import Module, ModuleResult

CORE = ("Your role", "Duty of care", "Safeguarding adults")


def applied(
    here: Prison, lead: User, now: datetime, number: str | None = None, wing: Wing | None = None, **fields: Any
) -> Buddy:
    """An application that `lead` recorded, of a person of this number (added if nobody was given)."""
    scheme_ready(here, lead, now)
    person: Person = fields.pop("person", None) or person_in(here, lead, now, number, wing=wing, **fields)
    return actions.apply_for_role(
        by=acts(lead, here),
        now=now,
        prison=here,
        person=person,
        applied_on=london_today(now),
        statement="I looked after my grandfather for two years.",
    )


def in_checks(here: Prison, lead: User, now: datetime, **fields: Any) -> Buddy:
    """An application on which every department has been asked."""
    return actions.ask_for_checks(by=acts(lead, here), now=now, buddy=applied(here, lead, now, **fields))


def cleared(buddy: Buddy, lead: User, now: datetime, *, expires_on: date | None = None) -> Buddy:
    """Every waiting clearance answered: by its department where it has an account, else by the lead from paper."""
    today = london_today(now)
    for clearance in Clearance.objects.filter(buddy=buddy, decision="WAITING").order_by("id"):
        signed(clearance, lead, now, expires_on=expires_on or today + timedelta(days=365))
    return fresh(buddy)


def signed(
    clearance: Clearance, lead: User, now: datetime, *, decision: str = "CLEARED", expires_on: date | None = None
) -> Clearance:
    """One clearance answered by its department, or by the lead from paper."""
    today, prison = london_today(now), clearance.prison
    answer = {"decision": decision, "decided_on": today, "expires_on": expires_on or today + timedelta(days=365)}
    signer = signer_for(clearance.department, prison, today)
    if signer is not None:
        return sign_clearance(by=acts(signer, prison), now=now, clearance=clearance, **answer)
    return enter_paper_clearance(
        by=acts(lead, prison),
        now=now,
        buddy=clearance.buddy,
        department=clearance.department,
        kind="EMAIL",
        written_by="head.of.department@example.test",
        **answer,
    )


def at_interview(here: Prison, lead: User, now: datetime, **fields: Any) -> Buddy:
    """Cleared by every department, at a scheme where two members of staff score apart."""
    scheme_ready(here, lead, now)
    two_scores(here, lead, now)
    return cleared(in_checks(here, lead, now, **fields), lead, now)


def two_scores(here: Prison, lead: User, now: datetime, *, on: bool = True, criteria: Sequence[str] = ()) -> Scheme:
    """The scheme asks for two scores, or no longer does."""
    scheme = scheme_of(here)
    assert scheme is not None
    return set_interview(
        by=acts(lead, here),
        now=now,
        scheme=scheme,
        criteria=criteria or criteria_in_use(scheme),
        two_scores=on,
        version=scheme.version,
    )


def scored(buddy: Buddy, by: User, now: datetime, *scores: int) -> ScoreSheet:
    """Scores by one member of staff, 3 for each criterion where none are given."""
    given = scores or (3,) * len(criteria_to_score(buddy))
    return give_scores(by=acts(by, buddy.prison), now=now, buddy=buddy, held_on=london_today(now), scores=given)


def department_added(
    here: Prison, lead: User, now: datetime, name: str = "Chaplaincy", *, days: int = 28
) -> list[Clearance]:
    """One more department that signs, whose answer counts in so many days."""
    scheme = scheme_of(here)
    assert scheme is not None
    return add_department(
        by=acts(lead, here),
        now=now,
        scheme=scheme,
        name=name,
        needed_from=london_today(now) + timedelta(days=days),
        version=scheme.version,
    )


def own_prompt(here: Prison, admin: User, now: datetime, *, words: str = "Ask the wing about debts") -> PrisonPrompt:
    """A prompt that only this prison has, for security."""
    return add_prompt(
        by=acts(admin, here), now=now, prison=here, words=words, alert_codes=["XCDP"], meaning="May press people.",
        departments=["SECURITY"],
    )  # fmt: skip


def _second_scorer(lead: User, here: Prison) -> User:
    others = Membership.objects.filter(prison=here, role__in=["DEPUTY_LEAD", "OFFICER", "LEAD"]).exclude(user=lead)
    other = others.select_related("user").order_by("id").first()
    return other.user if other is not None else make_staff("Sue Second", "OFFICER", here)


def interviewed(buddy: Buddy, lead: User, now: datetime, *, result: str = "SUITABLE") -> Buddy:
    """An interview today, with the scores that the scheme asks for."""
    by = acts(lead, buddy.prison)
    if buddy.scheme.two_scores:
        given = {sheet.scored_by_id for sheet in open_sheets(buddy)}
        for user in (lead, _second_scorer(lead, buddy.prison)):
            if user.pk not in given and len(open_sheets(buddy)) < SHEETS:
                scored(buddy, user, now)
    actions.record_interview(
        by=by, now=now, buddy=buddy, held_on=london_today(now), panel="Lead and a wing officer", result=result
    )
    return fresh(buddy)


def compact_signed(buddy: Buddy, lead: User, now: datetime) -> Buddy:
    """The newest compact, read aloud and signed today."""
    by = acts(lead, buddy.prison)
    actions.record_compact(
        by=by, now=now, buddy=buddy, text=compact_text(), signed_on=london_today(now), read_aloud=True
    )
    return fresh(buddy)


def trained(buddy: Buddy, lead: User, now: datetime, *, without: tuple[str, ...] = ()) -> Buddy:
    """Every module of the catalogue passed today, but for some by code."""
    for module in modules():
        if module.code not in without:
            pass_module(buddy, module, lead, now)
    return fresh(buddy)


def pass_module(buddy: Buddy, module: Module, by: User, now: datetime, *, outcome: str = "PASSED") -> ModuleResult:
    """One result today."""
    (result,) = record_results(
        by=acts(by, buddy.prison),
        now=now,
        prison=buddy.prison,
        module=module,
        assessed_on=london_today(now),
        outcomes=[(buddy, outcome)],
    )
    return result


def in_training(here: Prison, lead: User, now: datetime, **fields: Any) -> Buddy:
    """Cleared, interviewed and offered the role; no compact and no module yet."""
    buddy = interviewed(cleared(in_checks(here, lead, now, **fields), lead, now), lead, now)
    return actions.offer_role(by=acts(lead, here), now=now, buddy=buddy)


def active_buddy(
    here: Prison, lead: User, now: datetime, number: str | None = None, wing: Wing | None = None, **fields: Any
) -> Buddy:
    """A buddy who has come the whole way today."""
    buddy = in_training(here, lead, now, number=number, wing=wing, **fields)
    buddy = trained(compact_signed(buddy, lead, now), lead, now)
    return appoint(by=acts(lead, here), now=now, buddy=buddy, started_on=london_today(now))


def take_over_asked(here: Prison, lead: User, now: datetime, *, good_by: date | None = None, **fields: Any) -> TakeOver:
    """A take-over for compact and modules, waiting for approval and for every department."""
    scheme_ready(here, lead, now)
    facts = {name: fields.pop(name, True) for name in ("lacks_compact", "lacks_modules")}
    return ask_take_over(
        by=acts(lead, here),
        now=now,
        prison=here,
        person=fields.pop("person", None) or person_in(here, lead, now, **fields),
        in_role_since=london_today(now) - timedelta(days=400),
        good_by=good_by or london_today(now) + timedelta(days=90),
        reason="Has helped on the wing for a year",
        **facts,
    )


def taken_over(here: Prison, lead: User, delegate: User, now: datetime, **fields: Any) -> Buddy:
    """A buddy by take-over: approved, cleared and started today."""
    take_over = take_over_asked(here, lead, now, **fields)
    decide_take_over(by=acts(delegate, here), now=now, take_over=take_over, approve=True)
    buddy = cleared(take_over.buddy, lead, now)
    return appoint(by=acts(lead, here), now=now, buddy=buddy, started_on=london_today(now))


def fresh(buddy: Buddy) -> Buddy:
    """The buddy as the database has it now."""
    return Buddy.objects.select_related("person", "scheme", "prison").get(pk=buddy.pk)


def scheme_ready(here: Prison, lead: User, now: datetime) -> None:
    """The prison's scheme, begun if there is none; compact and modules, loaded if there are none."""
    if scheme_of(here) is None:
        scheme_actions.start_scheme(by=acts(lead, here), now=now, prison=here, lead=lead)
    compact_text()
    modules()


def compact_text(version: int = 1, in_force_from: date = date(2020, 1, 1)) -> CompactText:
    """The newest version, or version 1 where there is none."""
    if not CompactText.objects.exists():
        with as_owner():
            CompactText.objects.create(
                version=version, text="I help. I do no personal care.", in_force_from=in_force_from
            )
    newest = CompactText.objects.order_by("-version").first()
    assert newest is not None
    return newest


def modules() -> list[Module]:
    """The catalogue as it is loaded, or three mandatory modules where there is none."""
    if not Module.objects.exists():
        with as_owner():
            Module.objects.bulk_create(
                Module(code=f"T{n:02d}", title=title, refresh_months=12, source="Made up for tests", position=n)
                for n, title in enumerate(CORE, start=1)
            )
    return list(Module.objects.order_by("position", "code"))


@contextmanager
def as_owner() -> Iterator[None]:
    """National reference data is the owner's to write; tests sign in as the owner and take a role for the rest."""
    before = transaction.current_reach()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'none', true)")
    yield
    transaction._apply(before)
