"""People who are helped already: referral, what they want, and the plan with up to four tasks, in one row.

Every row goes through the actions of the typed pages, so its rules are theirs. Goals, notes for staff and notes of
tasks pass the boundary guard there, and what it finds is held for a second person. A prohibited task is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from buddyscheme.accounts.permissions import Permission
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.plans import activate_plan, add_task, record_wishes, save_plan
from referrals.actions.referrals import make_referral, screen_referral
from referrals.imports.tasks import CODES, task_facts, task_words
from referrals.models import HeldText, Plan, Referral
from referrals.models.plan import SafetyWord
from referrals.rules.plans import LONGEST_REVIEW, check_goals
from schemes.imports import reading
from schemes.imports.registry import Field, Kind, RowRefused, Saving, register
from schemes.imports.sql import is_here
from schemes.models import Person, Scheme, Session, TaskKind
from schemes.queries.people import people_of
from schemes.queries.schemes import scheme_of

TASKS = (1, 2, 3, 4)
BODIES = (("COUNCIL", "Council"), ("HEALTHCARE", "Healthcare"))
OUTCOMES = {
    None: Referral.Outcome.BUDDY,
    "COUNCIL": Referral.Outcome.BUDDY_AND_COUNCIL,
    "HEALTHCARE": Referral.Outcome.BUDDY_AND_HEALTHCARE,
}
NEED_WORDS = {
    "Mobility": "MOBILITY", "Cell": "CELL", "Cleaning": "CELL", "Meals": "MEALS", "Communication": "COMMUNICATION",
    "Reading and writing": "COMMUNICATION", "Company": "COMPANY", "Other": "GENERAL",
}  # fmt: skip


def _one_task(typed: str, today: date) -> str:
    codes = reading.task_codes(typed, today)
    if len(codes) != 1:
        raise NotAllowed("Write one code of the catalogue, such as DOM-03. There are columns for four tasks.")
    return str(codes[0])


def _task_fields(n: int) -> tuple[Field, ...]:
    first = n == 1
    return (
        Field(
            name=f"task_{n}", label=f"Task {n}", meaning="The code of a task of the catalogue.",
            example="DOM-03" if first else "", read=_one_task,
        ),
        Field(
            name=f"days_{n}", label=f"Task {n}: days", meaning="Days of the week, or every day.",
            example="Mon, Wed, Fri" if first else "", read=reading.weekdays, sql="jsonb",
        ),
        Field(
            name=f"session_{n}", label=f"Task {n}: session", meaning="Morning, Afternoon or Evening.",
            example="Morning" if first else "", read=reading.one_of(Session.choices, reading.SESSION_WORDS),
        ),
        Field(
            name=f"minutes_{n}", label=f"Task {n}: minutes", meaning="How long it takes. Empty: the usual time.",
            example="15" if first else "", read=reading.whole(1, 240), sql="int",
        ),
        Field(
            name=f"note_{n}", label=f"Task {n}: note", meaning="What the buddy should know about this task.",
            example="Knock and wait." if first else "", read=reading.words(200),
        ),
    )  # fmt: skip


FIELDS = (
    Field(
        name="recipient", label="Prison number", meaning="Somebody who is on this prison’s list. Bring people first.",
        example="Z1234ZA", read=reading.prison_number, needed=True, also=("Recipient", "NOMS number", "Number"),
    ),
    Field(
        name="needs", label="Needs help with",
        meaning="With semicolons between them: " + "; ".join(Referral.NeedArea.labels) + ".",
        example="Meals and water; Getting about", read=reading.some_of(Referral.NeedArea.choices, NEED_WORDS),
        needed=True, sql="jsonb", also=("Needs", "Need", "Help with"),
    ),
    Field(
        name="reason", label="Why", meaning="In a few words, without medical details.",
        example="Cannot carry a tray.", read=reading.words(500, lines=True), needed=True,
        also=("Reason", "Reason for referral"),
    ),
    Field(
        name="also_asked", label="Also asked", meaning="Council or Healthcare, if the need is put to them as well.",
        example="", read=reading.one_of(BODIES), also=("Referred to", "Put to"),
    ),
    Field(
        name="own_words", label="Own words", meaning="What the person wants, as they said it when asked in private.",
        example="I want to eat hot food again.", read=reading.words(1000, lines=True), needed=True,
        missing="Write what the person said, in their own words. Ask the person first.",
        also=("What the person wants", "Wishes", "In their own words"),
    ),
    Field(
        name="agrees", label="Agrees to a buddy", meaning="Yes or no, as the person said.", example="Yes",
        read=reading.yes_no, needed=True, sql="boolean", also=("Agrees", "Consent", "Consent to support"),
    ),
    Field(
        name="share", label="Share with council and healthcare", meaning="Yes or no, as the person said.", example="No",
        read=reading.yes_no, needed=True, sql="boolean", also=("Share", "Sharing", "Consent to sharing"),
    ),
    Field(
        name="goals", label="Goals",
        meaning="One to three aims of the help, with semicolons between them. Needed where there is a task.",
        example="Meals eaten hot, three times a day.", read=reading.words(1000, lines=True),
        also=("Goal", "Aim", "Aims"),
    ),
    Field(
        name="review_on", label="Review date", meaning="After today and within a year. Needed where there is a task.",
        example="", example_days=90, read=reading.day(back=timedelta(days=-1), ahead=LONGEST_REVIEW), sql="date",
        also=("Review", "Review on", "Next review"),
    ),
    Field(
        name="evacuation", label="Evacuation plan", meaning="Yes or no: has the person a personal evacuation plan?",
        example="No", read=reading.yes_no, sql="boolean", also=("PEEP", "Personal evacuation plan"),
    ),
    Field(
        name="safety_words", label="What the buddy must know",
        meaning="With semicolons between them: " + "; ".join(SafetyWord.labels) + ".", example="Unsteady on their feet",
        read=reading.some_of(SafetyWord.choices), sql="jsonb", also=("Safety words",),
    ),
    Field(
        name="staff_notes", label="Notes for staff", meaning="No prisoner sees these.", example="",
        read=reading.words(1000, lines=True), also=("Staff notes", "Notes"),
    ),
    *(field for n in TASKS for field in _task_fields(n)),
)  # fmt: skip

CHECKS = (
    is_here("recipient"),
    *(
        f"""SELECT r.id, 'task_{n}', CASE WHEN k.code IS NULL
                THEN 'There is no task “' || left(r.task_{n}, 20) || '”. Write a code of the catalogue, such as DOM-03.'
                WHEN k.kind = 'PERMITTED' THEN 'This scheme has stopped “' || k.name || '”. Take it out.'
                ELSE coalesce(nullif(k.refusal, ''), k.name || ' stays off until it is approved for this scheme.') END
            FROM r LEFT JOIN schemes_taskkind k ON k.code = r.task_{n}
            WHERE r.task_{n} <> ALL (%(allowed)s::text[])"""
        for n in TASKS
    ),
)
# A plan that runs, or the same words on record: brought before.
ALREADY = """
    SELECT r.id FROM r JOIN schemes_person p ON p.prison_number = r.recipient
    JOIN referrals_plan pl ON pl.person_id = p.id AND pl.prison_id = %(prison)s
    WHERE pl.status IN ('WISHES', 'DRAFT', 'ACTIVE', 'PAUSED') OR pl.own_words = r.own_words"""


def _rule(row: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    problems = []
    numbers = [n for n in TASKS if f"task_{n}" in row]
    if Referral.NeedArea.PERSONAL in row["needs"] and "also_asked" not in row:
        problems.append(
            (
                "also_asked",
                "Personal care is never a buddy’s work. Write who is asked for it: Council or Healthcare.",
            )
        )
    if numbers and not row["agrees"]:
        problems.append(("agrees", "The person does not agree, so there is no plan. Empty the tasks, or ask again."))
    for name, words in (("goals", "what the help should achieve"), ("review_on", "the date of the review")):
        if numbers and name not in row:
            problems.append((name, f"Write {words}, because there is a task."))
        if not numbers and name in row:
            problems.append(("task_1", "A plan needs at least one task. Write one, or empty goals and review date."))
    if "goals" in row:
        problems += _goal_problems(row["goals"])
    seen = set()
    for n in TASKS:
        rest = {name: f"{name}_{n}" in row for name in ("days", "session", "minutes", "note")}
        if n not in numbers:
            problems += [(f"task_{n}", "Write which task this is.")] if any(rest.values()) else []
            continue
        problems += [(f"days_{n}", "Write on which days.")] if not rest["days"] else []
        problems += [(f"session_{n}", "Write in which part of the day.")] if not rest["session"] else []
        slot = (row[f"task_{n}"], row.get(f"session_{n}"))
        if slot in seen:
            problems.append((f"task_{n}", "This task is in the row for this part of the day already."))
        seen.add(slot)
    return list(dict.fromkeys(problems))


def _save(saving: Saving) -> int:
    rows = saving.rows()
    people = {
        p.prison_number: p
        for p in people_of(saving.prison).filter(prison_number__in=[row["recipient"] for _, row in rows])
    }
    kinds = {kind.code: kind for kind in TaskKind.objects.all()}
    scheme = scheme_of(saving.prison)
    is_open = scheme is not None and scheme.status == Scheme.Status.OPEN
    plans = []
    for number, row in rows:
        try:
            plans.append(_save_one(saving, row, people[row["recipient"]], kinds, is_open))
        except NotAllowed as error:
            raise RowRefused(number, error, "recipient") from None
    held = HeldText.objects.filter(plan__in=plans, decision=HeldText.Decision.WAITING).count()
    if held:
        saving.notes.append(
            f"{held} {'text' if held == 1 else 'texts'} may speak of personal care. A second person decides before "
            "anybody else reads them."
        )
    care = sum(Referral.NeedArea.PERSONAL in row["needs"] for _, row in rows)
    if care:
        saving.notes.append(
            f"{care} {'person needs' if care == 1 else 'people need'} personal care. Record on each referral what of "
            "it they do not get: its days are counted from then on."
        )
    if not is_open:
        saving.notes.append("The plans are drafts. Make them active once the scheme is open.")
    return len(rows)


def _goal_problems(words: str) -> list[tuple[str, str]]:
    try:
        check_goals(_goals(words))
    except NotAllowed as error:
        return [("goals", str(error))]
    return []


def _goals(words: str) -> list[str]:
    """One goal a line, or with semicolons between them."""
    return [goal.strip() for line in words.splitlines() for goal in line.split(";") if goal.strip()]


def _save_one(saving: Saving, row: dict[str, Any], person: Person, kinds: dict[str, TaskKind], is_open: bool) -> Plan:
    by, now = saving.by, saving.now
    referral = make_referral(
        by=by, now=now, prison=saving.prison, person=person, source=Referral.Source.STAFF,
        urgency=Referral.Urgency.ROUTINE, need_areas=row["needs"], reason=row["reason"],
        other_help=Referral.OtherHelp.UNKNOWN,
    )  # fmt: skip
    outcome = OUTCOMES[row.get("also_asked")]
    referral = screen_referral(
        by=by, now=now, referral=referral, outcome=outcome, reason="", version=referral.version, care_asked=False
    )
    answer = Plan.Answer.AGREES if row["agrees"] else Plan.Answer.REFUSES
    plan = record_wishes(
        by=by, now=now, referral=referral, own_words=row["own_words"], answer=answer, share=row["share"]
    )
    numbers = [n for n in TASKS if f"task_{n}" in row]
    if not numbers:
        return plan
    plan = save_plan(
        by=by, now=now, plan=plan, goals=_goals(row["goals"]), safety_words=row.get("safety_words", []),
        review_on=date.fromisoformat(row["review_on"]), evacuation_plan=row.get("evacuation", False),
        staff_notes=row.get("staff_notes", ""), version=plan.version,
    )  # fmt: skip
    for n in numbers:
        task = kinds[row[f"task_{n}"]]
        add_task(
            by=by, now=now, plan=plan, task=task, weekdays=row[f"days_{n}"], session=row[f"session_{n}"],
            minutes=row.get(f"minutes_{n}", task.minutes), note=row.get(f"note_{n}", ""),
        )  # fmt: skip
    plan.refresh_from_db()
    if is_open:
        activate_plan(by=by, now=now, plan=plan, version=plan.version)
    return plan


RECIPIENTS = register(
    Kind(
        code="RECIPIENTS",
        name="Recipients and their plans",
        row="one person who is helped",
        lead="Whoever is helped already: why, what they want in their own words, and the plan with up to four tasks.",
        fields=FIELDS,
        key=("recipient",),
        checks=CHECKS,
        already=ALREADY,
        save=_save,
        order=80,
        needs=Permission.PLAN_WRITE,
        rule=_rule,
        facts=task_facts,
        most=500,
        then=("referrals:plans", "Plans"),
        codes=task_words,
        codes_words=CODES,
    )
)
