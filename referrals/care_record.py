"""A person's care as structured data, for the next prison and for a release. Pure: facts in, dictionaries out.

The shape is published in `docs/care-record.schema.json`. Nobody else is named in it but the lead to ask: no buddy, no
carer, no other prisoner. Free text of staff stays behind, because people write about others in it; what the person said
goes along, with what became of each goal and whether the help was right when somebody last looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import london_today
from referrals.models import (
    AssessmentRequest,
    CapacityRecord,
    Consent,
    Equipment,
    EvacuationPlan,
    Plan,
    PlanGoal,
    PlanReview,
    PlanTask,
)
from referrals.models.plan import SafetyWord
from referrals.rules.equipment import name_of
from schemes.models import Person

KIND, HANDOVER, VERSION = "care-record", "care-handover", 2
# What a second record of the same person differs in although nothing about the care has changed.
ENVELOPE = frozenset({"sent_on", "number", "version", "from_prison", "to_prison", "urgent", "contact"})


@dataclass(frozen=True, kw_only=True)
class CareFacts:
    """Everything about one person's care at one prison that may go along."""

    person: Person
    prison: Prison
    plan: Plan | None
    goals: list[PlanGoal]
    review: PlanReview | None
    tasks: list[PlanTask]
    equipment: list[Equipment]
    evacuation: EvacuationPlan | None
    consents: list[Consent]
    decided_for: CapacityRecord | None
    # Each with `put_to` and `put_on` of the last time that it was put to somebody.
    needs: list[Any]
    requests: list[AssessmentRequest]
    # Whom to ask; nobody where the prison has no scheme.
    lead: User | None
    # Empty where nobody recorded the landing.
    ground_floor: bool | None

    @property
    def anything(self) -> bool:
        """Whether there is something to hand on."""
        return self.plan is not None or bool(self.needs) or bool(self.requests)


def record_body(facts: CareFacts, *, to: Prison, number: int, help_on_first_day: bool, today: date) -> dict[str, Any]:
    """What is sent to the next prison."""
    return {
        "kind": KIND,
        "version": VERSION,
        "number": number,
        "sent_on": today.isoformat(),
        "from_prison": _prison(facts.prison),
        "to_prison": _prison(to),
        "urgent": {"help_on_first_day": help_on_first_day, "ground_floor": facts.ground_floor},
        "contact": _contact(facts.lead),
        "person": _person(facts.person),
        **_care(facts, today),
    }


def handover_body(
    facts: CareFacts, *, council: str, probation: str, shares_all: bool, release_on: date | None, today: date
) -> dict[str, Any]:
    """What is handed over at a release. Without the person's agreement only what travels whatever they say."""
    care = _care(facts, today)
    if not shares_all:
        care = {
            "plan": None,
            "safety": care["safety"],
            "consent": care["consent"],
            "best_interests": care["best_interests"],
            "unmet_needs": care["unmet_needs"],
            "requests": [],
        }
    return {
        "kind": HANDOVER,
        "version": VERSION,
        "made_on": today.isoformat(),
        "from_prison": _prison(facts.prison),
        "contact": _contact(facts.lead),
        "council": council,
        "probation": probation,
        "release_on": _day(release_on),
        "shares_all": shares_all,
        "person": _person(facts.person),
        **care,
    }


def summary_of(body: dict[str, Any]) -> dict[str, Any]:
    """What the receiving prison sees before it accepts: who, how urgent, and how much."""
    plan = body["plan"]
    return {
        "first_name": body["person"]["first_name"],
        "last_name": body["person"]["last_name"],
        "tasks": len(plan["tasks"]) if plan else 0,
        "evacuation_plan": bool(body["safety"] and (body["safety"]["evacuation"] or {}).get("needs_help")),
        "equipment": len(body["safety"]["equipment"]) if body["safety"] else 0,
        "unmet_needs": len(body["unmet_needs"]),
        "requests_open": sum(1 for request in body["requests"] if request["decided_on"] is None),
    }


def same_care(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two records of a person say the same about the care."""
    return all(one.get(key) == other.get(key) for key in (one.keys() | other.keys()) - ENVELOPE)


def _care(facts: CareFacts, today: date) -> dict[str, Any]:
    return {
        "plan": _plan(facts.plan, facts) if facts.plan is not None else None,
        "safety": _safety(facts.plan, facts) if facts.plan is not None else None,
        "consent": {
            "support": _consent(facts.consents, Consent.Scope.SUPPORT),
            "sharing": _consent(facts.consents, Consent.Scope.SHARING),
        },
        "best_interests": _decided_for(facts.decided_for),
        "unmet_needs": [_need(need) for need in facts.needs],
        "requests": [_request(request) for request in facts.requests],
    }


def _prison(prison: Prison) -> dict[str, str]:
    return {"code": prison.pk, "name": prison.name}


def _contact(lead: User | None) -> dict[str, str] | None:
    return {"name": lead.name, "email": lead.email} if lead is not None else None


def _person(person: Person) -> dict[str, Any]:
    return {
        "prison_number": person.prison_number,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "likes_to_be_called": person.preferred_name,
        "born_on": _day(person.born_on),
        "languages": list(person.languages),
    }


def _plan(plan: Plan, facts: CareFacts) -> dict[str, Any]:
    return {
        "reference": plan.reference,
        "own_words": plan.own_words,
        "goals": [{"words": goal.words, "state": goal.state or None} for goal in facts.goals if goal.words],
        "last_review": {"on": _day(london_today(facts.review.reviewed_at)), "help_was": facts.review.right}
        if facts.review is not None
        else None,
        "active_since": _day(london_today(plan.activated_at)) if plan.activated_at is not None else None,
        "review_on": _day(plan.review_on),
        "tasks": [
            {
                "code": task.task_id,
                "name": task.task.name,
                "done_by": task.done_by,
                "weekdays": sorted(task.weekdays),
                "session": task.session,
                "minutes": task.minutes,
            }
            for task in facts.tasks
        ],
    }


def _safety(plan: Plan, facts: CareFacts) -> dict[str, Any]:
    """What travels whatever the person says about sharing."""
    out = facts.evacuation
    return {
        "words": [{"code": word, "text": SafetyWord(word).label} for word in plan.safety_words],
        "falls_risk": plan.falls_risk,
        "evacuation": {
            "needs_help": out.needs_help,
            "how": out.how,
            "staff": out.staff,
            "equipment": out.equipment,
            "review_on": _day(out.review_on),
        }
        if out is not None
        else None,
        "equipment": [
            {
                "kind": thing.kind,
                "name": name_of(thing.kind, thing.what),
                "owner": thing.owner,
                "checked_on": _day(thing.checked_on),
                "next_check_on": _day(thing.next_check_on),
            }
            for thing in facts.equipment
        ],
    }


def _consent(consents: list[Consent], scope: str) -> dict[str, str | None]:
    newest = next((consent for consent in consents if consent.scope == scope), None)
    if newest is None:
        return {"state": "NOT_ASKED", "on": None}
    if newest.withdrawn_at is not None:
        return {"state": "WITHDRAWN", "on": _day(london_today(newest.withdrawn_at))}
    return {"state": "GIVEN" if newest.given else "NOT_GIVEN", "on": _day(london_today(newest.taken_at))}


def _decided_for(record: CapacityRecord | None) -> dict[str, Any] | None:
    """Where the person cannot decide this for themselves: on what day it was decided for them, and until when."""
    if record is None:
        return None
    return {"decided_on": _day(record.assessed_on), "review_on": _day(record.review_on), "shares": record.share}


def _need(need: Any) -> dict[str, Any]:
    return {
        "code": need.task_id,
        "name": need.task.name,
        "known_on": _day(need.known_on),
        "put_to": need.put_to or None,
        "put_on": _day(need.put_on),
    }


def _request(request: AssessmentRequest) -> dict[str, Any]:
    return {
        "body": request.body,
        "asked_on": _day(request.asked_on),
        "acknowledged_on": _day(request.acknowledged_on),
        "visited_on": _day(request.visited_on),
        "decided_on": _day(request.decided_on),
        "decision": request.decision or None,
        "plan_received_on": _day(request.plan_received_on),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
