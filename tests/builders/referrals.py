"""Referrals and plans at any point of their way, made by the actions that the pages call.

Run inside `with at_prison(here):`.

    referral = referral_of(person, lead, now)
    plan = agreed_plan(here, lead, now)                                      an active plan with one daily task
    plan = agreed_plan(here, lead, now, person=person, tasks=[("MOB-03", [0, 2], "PM", 30)])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.lib.dates import london_today
from referrals.actions import plans as plan_actions
from referrals.actions import referrals as referral_actions
from referrals.actions.assessments import chase_assessment
from referrals.actions.informal_help import record_help
from referrals.actions.matches import propose_match, record_agreement
from referrals.actions.needs import add_need
from referrals.actions.unmet_needs import open_unmet_need, put_unmet_need
from referrals.catalogue import load_reception_prompts
from referrals.models import (
    AssessmentChase,
    AssessmentRequest,
    InformalHelp,
    Match,
    Need,
    Plan,
    Referral,
    ReferralTelling,
    UnmetNeed,
    UnmetNeedPut,
)
from referrals.queries.plan_parts import goals_of
from referrals.rules.capacity import Assessment
from referrals.rules.referrals import names_care
from schemes.actions import schemes as scheme_actions
from schemes.models import Buddy, Custody, Person, Scheme, TaskKind
from schemes.queries.schemes import scheme_of
from tests.builders.buddies import as_owner
from tests.builders.schemes import REGIME, person_in
from tests.cast import acts, make_wing

Task = tuple[str, Sequence[int], str, int]
EVERY_DAY = tuple(range(7))
MEALS: tuple[Task, ...] = (("DOM-03", EVERY_DAY, "AM", 10),)

# Enough of the catalogue for tests that did not load it: code, group, name, kind, opens, refusal, minutes, essential.
CATALOGUE = (
    ("DOM-01", "Around the cell", "Clean and tidy the cell", "PERMITTED", "", "", 30, False),
    ("DOM-03", "Around the cell", "Collect meals", "PERMITTED", "", "", 15, True),
    ("DOM-05", "Around the cell", "Fetch hot water", "PERMITTED", "", "", 10, True),
    ("MOB-01", "Getting about", "Push a wheelchair", "PERMITTED", "", "", 20, False),
    ("MOB-03", "Getting about", "Walk with the person", "PERMITTED", "", "", 30, False),
    ("SOC-01", "Company", "Keep company", "PERMITTED", "", "", 30, False),
    ("RES-02", "Needs approval", "Help with shoes", "RESTRICTED", "", "This stays off until approved.", 5, False),
    ("PRO-03", "Personal care", "Wash a person", "PROHIBITED", "UNMET_NEED", "Washing is for carers.", 15, False),
    ("PRO-07", "Personal care", "Shower a person", "PROHIBITED", "UNMET_NEED", "Showering is for carers.", 15, False),
    ("PRO-12", "Safety and fairness", "Handle money", "PROHIBITED", "CONCERN", "Money puts people at risk.", 15, False),
)  # fmt: skip


def referral_of(person: Person, by: User, now: datetime, **fields: Any) -> Referral:
    """A referral by staff that waits to be screened. `prison` is where the person is, unless it is given."""
    prison = fields.pop("prison", None) or _prison_of(person)
    values: dict[str, Any] = {
        "source": "STAFF",
        "urgency": "SOON",
        "need_areas": ["MEALS"],
        "reason": "Cannot carry a tray since the stroke.",
        "other_help": "NO",
        **fields,
    }
    return referral_actions.make_referral(by=acts(by, prison), now=now, prison=prison, person=person, **values)


def screened(referral: Referral, lead: User, now: datetime, *, outcome: str = "BUDDY", reason: str = "") -> Referral:
    """The referral with an outcome; personal care that it names is given."""
    return referral_actions.screen_referral(
        by=acts(lead, referral.prison), now=now, referral=referral, outcome=outcome, reason=reason,
        version=referral.version, care_given=names_care(referral),
    )  # fmt: skip


def telling(here: Prison, lead: User, now: datetime, audience: str = "PERSON", **fields: Any) -> ReferralTelling:
    """Somebody to be told what came of a referral; not progressed unless `outcome` is given."""
    outcome = fields.pop("outcome", "NONE")
    person = fields.pop("person", None) or person_in(here, lead, now)
    source = fields.pop("source", "STAFF" if audience == "PERSON" else audience)
    referral = referral_of(person, lead, now, source=source, **fields)
    referral = screened(referral, lead, now, outcome=outcome, reason="Manages alone." if outcome == "NONE" else "")
    found: ReferralTelling = referral.tellings.get(audience=audience)
    return found


def need_noted(here: Prison, lead: User, now: datetime, person: Person | None = None, **fields: Any) -> Need:
    """A need that somebody other than staff says the person has: it is not confirmed."""
    values: dict[str, Any] = {"category": "MEALS", "source": "FAMILY", "words": "Cannot carry a tray.", **fields}
    person = person or person_in(here, lead, now)
    return add_need(by=acts(lead, here), now=now, prison=here, person=person, **values)


def helped_informally(
    here: Prison, by: User, now: datetime, person: Person | None = None, **fields: Any
) -> InformalHelp:
    """An entry of the register that staff make; by whom is not known unless `helper` is given."""
    values: dict[str, Any] = {"how_known": "SEEN", "kinds": ["MEALS"], **fields}
    person = person or person_in(here, by, now)
    return record_help(by=acts(by, here), now=now, prison=here, person=person, **values)


def reception_prompts() -> None:
    """The questions that are asked on arriving."""
    with as_owner():
        load_reception_prompts()


def put_to(body: str, here: Prison, lead: User, now: datetime, person: Person | None = None) -> AssessmentRequest:
    """A request to the council or to healthcare, from a referral of its own."""
    person = person or person_in(here, lead, now)
    referral = screened(referral_of(person, lead, now), lead, now, outcome=body)
    return referral.assessments.select_related("person", "prison").get()


def wishes(
    here: Prison, lead: User, now: datetime, person: Person | None = None, *, answer: str = "AGREES",
    share: bool = True, outcome: str = "BUDDY", words: str = "I want to eat hot food again.",
) -> Plan:  # fmt: skip
    """What a person said when asked, on a new referral."""
    person = person or person_in(here, lead, now)
    referral = screened(referral_of(person, lead, now), lead, now, outcome=outcome)
    return plan_actions.record_wishes(
        by=acts(lead, here), now=now, referral=referral, own_words=words, answer=answer, share=share
    )


def assessed(now: datetime, **fields: Any) -> Assessment:
    """An assessment of today that says the person cannot decide, and the decision that rests on it."""
    values: dict[str, Any] = {
        "decision": "Whether to have help from a buddy",
        "assessed_by_name": "Olu Adeyemi",
        "assessed_by_role": "Social worker",
        "assessed_on": london_today(now),
        "cannot": ("RETAIN", "WEIGH"),
        "best_interests": "Help with meals. Eats little alone, and smiles when somebody comes.",
        "share": True,
        "consulted": ("Jean Carter, daughter",),
        "advocate": "NOT_NEEDED",
        "advocate_words": "The daughter takes part.",
        "objects": False,
        "review_on": london_today(now) + timedelta(days=60),
        **fields,
    }
    return Assessment(**values)


def decided_for(here: Prison, lead: User, now: datetime, person: Person | None = None, **fields: Any) -> Plan:
    """Wishes of somebody who cannot decide, with a decision in their best interests. `fields` as of `assessed`."""
    person = person or person_in(here, lead, now)
    referral = screened(referral_of(person, lead, now), lead, now)
    return plan_actions.record_wishes(
        by=acts(lead, here), now=now, referral=referral, own_words="Smiles when somebody comes.",
        answer="CANNOT", assessment=assessed(now, **fields),
    )  # fmt: skip


def draft_plan(
    here: Prison, lead: User, now: datetime, person: Person | None = None, tasks: Iterable[Task] = MEALS, **fields: Any
) -> Plan:
    """A plan that is written, with its tasks, and not active yet. `fields` as of `save_plan`; wing of the scheme."""
    scheme_open(here, lead, now, fields.pop("wing", None))
    asked = {name: fields.pop(name) for name in ("share", "outcome", "words") if name in fields}
    if fields.pop("decided_for", False):
        plan = decided_for(here, lead, now, person)
    else:
        plan = wishes(here, lead, now, person, **asked)
    by = acts(lead, here)
    values: dict[str, Any] = {
        "goals": "Eat together with others again.",
        "safety_words": ["UNSTEADY"],
        "review_on": london_today(now) + timedelta(days=90),
        "evacuation_plan": False,
        "staff_notes": "",
        **fields,
    }
    if isinstance(values["goals"], str):
        values["goals"] = [values["goals"]]
    plan = plan_actions.save_plan(by=by, now=now, plan=plan, version=plan.version, **values)
    for code, weekdays, session, minutes in tasks:
        plan_actions.add_task(
            by=by, now=now, plan=plan, task=task_of(code), weekdays=weekdays, session=session, minutes=minutes
        )
    return fresh_plan(plan)


def goals_in(plan: Plan) -> list[str]:
    """The words of the goals that stand; empty where they wait for a second person."""
    return [goal.words for goal in goals_of(plan)]


def agreed_plan(
    here: Prison, lead: User, now: datetime, person: Person | None = None, tasks: Iterable[Task] = MEALS, **fields: Any
) -> Plan:
    """An active plan."""
    plan = draft_plan(here, lead, now, person, tasks, **fields)
    return plan_actions.activate_plan(by=acts(lead, here), now=now, plan=plan, version=plan.version)


def matched(here: Prison, lead: User, plan: Plan, buddy: Buddy, now: datetime) -> Match:
    """An active match: both have agreed."""
    by = acts(lead, here)
    match = propose_match(by=by, now=now, plan=plan, buddy=buddy, why="Asked.")
    return record_agreement(by=by, now=now, match=match, person_agrees=True, buddy_agrees=True)


def unmet_need(here: Prison, lead: User, now: datetime, person: Person | None = None, **fields: Any) -> UnmetNeed:
    """Somebody who needs washing and gets none, known since today unless `known_on` is given."""
    person = person or person_in(here, lead, now)
    values = {"task": task_of(fields.pop("task", "PRO-03")), "known_on": london_today(now), **fields}
    return open_unmet_need(by=acts(lead, here), now=now, prison=here, person=person, **values)


def need_put(need: UnmetNeed, lead: User, now: datetime, **fields: Any) -> UnmetNeedPut:
    """The need put to the council today, unless it is said otherwise."""
    need = UnmetNeed.objects.select_related("prison").get(pk=need.pk)
    values = {"to": "COUNCIL", "put_on": london_today(now), "version": need.version, **fields}
    return put_unmet_need(by=acts(lead, need.prison), now=now, need=need, **values)


def chased(assessment: AssessmentRequest, lead: User, now: datetime) -> AssessmentChase:
    """A letter that asks after the request."""
    return chase_assessment(by=acts(lead, assessment.prison), now=now, assessment=assessment)


def scheme_open(here: Prison, lead: User, now: datetime, wing: Wing | None = None) -> Scheme:
    """The prison's scheme, open: begun if there is none, completed if it was only begun."""
    catalogue()
    scheme = scheme_of(here)
    by = acts(lead, here)
    if scheme is None:
        scheme = scheme_actions.start_scheme(by=by, now=now, prison=here, lead=lead)
    if scheme.status == Scheme.Status.OPEN:
        return scheme
    wing = wing or Wing.objects.filter(prison=here).order_by("id").first() or make_wing(here)
    scheme = scheme_actions.set_wings(by=by, now=now, scheme=scheme, wings=[wing], version=scheme.version)
    scheme = scheme_actions.set_falls(
        by=by,
        now=now,
        scheme=scheme,
        day_who="Wing officer, then healthcare",
        day_minutes=10,
        night_who="Night orderly officer",
        night_minutes=15,
        version=scheme.version,
    )
    scheme_actions.set_regime(by=by, now=now, prison=here, times=REGIME)
    scheme.refresh_from_db()
    return scheme_actions.open_scheme(by=by, now=now, scheme=scheme, version=scheme.version)


def catalogue() -> None:
    """The task catalogue, or a part of it where it was not loaded."""
    if TaskKind.objects.exists():
        return
    with as_owner():
        TaskKind.objects.bulk_create(
            TaskKind(
                code=code, group=group, name=name, kind=kind, opens=opens, refusal=refusal, minutes=minutes,
                essential=essential, position=position, everyday=code.startswith(("DOM", "MOB")),
            )
            for position, (code, group, name, kind, opens, refusal, minutes, essential) in enumerate(CATALOGUE, 1)
        )  # fmt: skip


def task_of(code: str) -> TaskKind:
    """A task of the catalogue."""
    catalogue()
    return TaskKind.objects.get(code=code)


def fresh_plan(plan: Plan) -> Plan:
    """The plan as the database has it now."""
    return Plan.objects.select_related("person", "prison", "referral").get(pk=plan.pk)


def _prison_of(person: Person) -> Prison:
    return Custody.objects.select_related("prison").get(person=person, ended_at__isnull=True).prison
