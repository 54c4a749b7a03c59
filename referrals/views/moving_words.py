"""A care record in words: the same rows and tables on the page, on paper and in a handover."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Column, Row, Table, Tag
from referrals.models import AssessmentRequest, CarePack, Equipment, PlanGoal, PlanReview, PlanTask, UnmetNeedPut
from referrals.rules.packs import answer_by
from referrals.views.words import days_in_words, in_days
from schemes.models import Session

YES_NO: dict[bool | None, str] = {True: "Yes", False: "No", None: ""}
CONSENT_STATES = {
    "GIVEN": "Given on {}",
    "WITHDRAWN": "Withdrawn on {}",
    "NOT_GIVEN": "Not given, asked on {}",
    "NOT_ASKED": "Not asked",
}
BODIES = dict(AssessmentRequest.Body.choices)
PUT_TO = {
    UnmetNeedPut.To.COUNCIL: "the council",
    UnmetNeedPut.To.HEALTHCARE: "healthcare",
    UnmetNeedPut.To.DEPARTMENT: "another department of the prison",
}
DECISIONS = dict(AssessmentRequest.Decision.choices)


def state_tag(pack: CarePack, today: date) -> Tag:
    """Where the record stands: one tag for both prisons."""
    if pack.replaced:
        return Tag(text="Replaced", colour="grey")
    if pack.accepted_at is not None:
        return Tag(text="Accepted", colour="green")
    if pack.moved_on is None:
        return Tag(text="Not moved yet", colour="blue")
    if answer_by(pack.moved_on) < today:
        return Tag(text="Late", colour="red")
    return Tag(text="To accept", colour="yellow")


def days_since_move(pack: CarePack, today: date) -> str:
    """Days on the clock, as both leads see them."""
    return in_days((today - pack.moved_on).days) if pack.moved_on is not None and pack.accepted_at is None else ""


def summary_rows(pack: CarePack) -> list[dict[str, str]]:
    """What is seen before the record is accepted."""
    summary = pack.summary
    tasks = summary["tasks"]
    return [
        {"key": "Help on the first day", "value": "Yes, needed" if pack.help_on_first_day else "Not needed"},
        {"key": "Tasks in the plan", "value": str(tasks) if tasks else "None"},
        {"key": "Help to leave in an emergency", "value": "Yes" if summary["evacuation_plan"] else "No"},
        {"key": "Equipment", "value": _count(summary["equipment"], "thing")},
        {"key": "Personal care needed and not given", "value": _count(summary["unmet_needs"], "need")},
        {"key": "Council or healthcare not decided", "value": _count(summary["requests_open"], "request")},
    ]


def _count(number: int, noun: str) -> str:
    return "None" if not number else f"1 {noun}" if number == 1 else f"{number} {noun}s"


def care_context(body: dict[str, Any]) -> dict[str, Any]:
    """The whole of a record or of a handover, ready for its template."""
    plan, safety = body["plan"], body["safety"]
    return {
        "own_words": plan["own_words"] if plan else "",
        "care_rows": [*_plan_rows(plan), *_safety_rows(safety), *_consent_rows(body)],
        "task_table": _task_table(plan["tasks"]) if plan and plan["tasks"] else None,
        "need_lines": [_need(need) for need in body["unmet_needs"]],
        "request_lines": [_request(request) for request in body["requests"]],
    }


def person_rows(body: dict[str, Any]) -> list[dict[str, str]]:
    """Who it is about, as it was sent."""
    person = body["person"]
    return [
        {"key": "Name", "value": f"{person['first_name']} {person['last_name']}"},
        {"key": "Prison number", "value": person["prison_number"]},
        {"key": "Likes to be called", "value": person["likes_to_be_called"]},
        {"key": "Date of birth", "value": said(person["born_on"])},
        {"key": "Languages", "value": ", ".join(person["languages"])},
        *contact_rows(body),
    ]


def _plan_rows(plan: dict[str, Any] | None) -> list[dict[str, str]]:
    if plan is None:
        return []
    return [
        {"key": "What the help should achieve", "value": "\n".join(_goal(goal) for goal in plan["goals"])},
        {"key": "Was the help right?", "value": _review(plan.get("last_review"))},
        {"key": "Plan active since", "value": said(plan["active_since"]) or "Not active yet"},
        {"key": "Review due", "value": said(plan["review_on"])},
    ]


def _goal(goal: Any) -> str:
    """A goal with what became of it; records of version 1 hold the words alone."""
    if isinstance(goal, str):
        return goal
    state = f" ({PlanGoal.State(goal['state']).label.lower()})" if goal["state"] else ""
    return f"{goal['words']}{state}"


def _review(review: dict[str, Any] | None) -> str:
    if review is None:
        return "Not reviewed yet"
    return f"{PlanReview.Right(review['help_was']).label}, {said(review['on'])}"


def contact_rows(body: dict[str, Any]) -> list[dict[str, str]]:
    """Whom to ask, and where the person lived. Records of version 1 do not say."""
    contact, ground = body.get("contact"), body.get("urgent", {}).get("ground_floor")
    rows = [{"key": "Whom to ask", "value": f"{contact['name']}, {contact['email']}"}] if contact else []
    return rows + ([{"key": "Lived on the ground floor", "value": YES_NO[ground]}] if ground is not None else [])


def _safety_rows(safety: dict[str, Any] | None) -> list[dict[str, str]]:
    if safety is None:
        return []
    return [
        {"key": "Whoever helps must know", "value": "\n".join(word["text"] for word in safety["words"])},
        {"key": "Risk of falling", "value": YES_NO[safety["falls_risk"]]},
        {"key": "Help to leave in an emergency", "value": _evacuation(safety["evacuation"])},
        {"key": "Equipment", "value": "\n".join(_equipment(thing) for thing in safety["equipment"])},
    ]


def _evacuation(out: dict[str, Any] | None) -> str:
    if out is None:
        return ""
    if not out["needs_help"]:
        return "Not needed"
    how = [out["how"], f"{out['staff']} staff" if out["staff"] else "", out["equipment"]]
    return "\n".join(part for part in ("Needed", *how) if part)


def _equipment(thing: dict[str, Any]) -> str:
    check = f", next check {said(thing['next_check_on'])}" if thing["next_check_on"] else ""
    return f"{thing['name']}, from {Equipment.Owner(thing['owner']).label.lower()}{check}"


def _consent_rows(body: dict[str, Any]) -> list[dict[str, str]]:
    consent, decided = body["consent"], body["best_interests"]
    names = {"support": "Consent to help from a buddy", "sharing": "Consent to sharing while in prison"}
    return [
        {"key": name, "value": CONSENT_STATES[consent[key]["state"]].format(said(consent[key]["on"]))}
        for key, name in names.items()
    ] + (
        [
            {
                "key": "Decided in the person’s best interests",
                "value": f"On {said(decided['decided_on'])}, to be reviewed by {said(decided['review_on'])}",
            }
        ]
        if decided
        else []
    )


def _task_table(tasks: list[dict[str, Any]]) -> Table:
    return Table(
        caption="Tasks",
        first="Task",
        columns=["Who", "When", Column(text="Minutes", numeric=True)],
        rows=[
            Row(
                text=task["name"],
                cells=[
                    PlanTask.DoneBy(task["done_by"]).label,
                    f"{days_in_words(task['weekdays'])}, {Session(task['session']).label.lower()}",
                    str(task["minutes"]),
                ],
            )
            for task in tasks
        ],
    )


def _need(need: dict[str, Any]) -> str:
    put = f"put to {PUT_TO[need['put_to']]} on {said(need['put_on'])}" if need["put_to"] else "put to nobody"
    return f"{need['name']}: known since {said(need['known_on'])}, {put}"


def _request(request: dict[str, Any]) -> str:
    steps = [f"asked on {said(request['asked_on'])}"]
    steps += [
        f"{words} on {said(request[key])}"
        for key, words in (("acknowledged_on", "acknowledged"), ("visited_on", "visited"))
        if request[key]
    ]
    if request["decided_on"]:
        steps.append(f"decided on {said(request['decided_on'])}: {DECISIONS[request['decision']].lower()}")
        if request["plan_received_on"]:
            steps.append(f"plan received on {said(request['plan_received_on'])}")
    else:
        steps.append("not decided")
    return f"{BODIES[request['body']]}: {', '.join(steps)}"


def said(day: str | None) -> str:
    """A day of the record in words."""
    return day_in_words(date.fromisoformat(day)) if day else ""
