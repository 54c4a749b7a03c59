"""A buddy in words, for lists and for the buddy's page: rows, tags, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from buddyscheme.accounts.departments import department_name
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.lib.dates import WEEKDAYS
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from schemes.models import Buddy, BuddyStep, Clearance, CompactSignature, Interview, StandDown, TakeOver
from schemes.queries.buddies import IN_DATE, LAPSED, BuddyStanding
from schemes.rules.buddies import BEFORE_START
from schemes.rules.interviews import SHEETS
from schemes.rules.take_overs import lacking_words, taken_over_words

S = Buddy.Status
STATUS_COLOURS: dict[str, str] = {
    S.APPLIED: "blue",
    S.CHECKS: "yellow",
    S.INTERVIEW: "yellow",
    S.APPROVED: "teal",
    S.OFFERED: "yellow",
    S.IN_TRAINING: "purple",
    S.ACTIVE: "green",
    S.SUSPENDED: "red",
    S.DECLINED: "grey",
    S.WITHDRAWN: "grey",
    S.REMOVED: "grey",
    S.LEFT: "grey",
}
# Where clearance may be asked for again, and where a compact may be signed.
ASKED = frozenset({S.CHECKS, S.INTERVIEW, S.APPROVED, S.IN_TRAINING, S.ACTIVE, S.SUSPENDED})
SIGNS_COMPACT = frozenset({S.IN_TRAINING, S.ACTIVE, S.SUSPENDED})


def department(code: str) -> str:
    """A department's name."""
    return department_name(code)


def status_tag(buddy: Buddy) -> Tag:
    """The status as a tag."""
    return Tag(text=buddy.get_status_display(), colour=STATUS_COLOURS[buddy.status])


def note_of(buddy: Buddy) -> str:
    """Under the name in a list: the number, and for an open application how it came and whether help is wanted."""
    marks = [buddy.person.prison_number]
    if buddy.status in BEFORE_START and buddy.channel == Buddy.Channel.TERMINAL:
        marks.append(buddy.get_channel_display())
    if buddy.status in BEFORE_START and buddy.needed_help_to_apply:
        marks.append("Wants help" if buddy.channel == Buddy.Channel.TERMINAL else "Had help to apply")
    return ". ".join(marks)


def place_of(buddy: Any) -> str:
    """Wing and cell now, from the annotations of `buddies_of`."""
    return ", ".join(part for part in (buddy.wing_name, buddy.cell) if part) or "Not here now"


def take_over_in_words(take_over: TakeOver, stands: BuddyStanding, today: date) -> str:
    """Where the take-over stands, in one sentence."""
    lacking = lacking_words(compact=take_over.lacks_compact, modules=take_over.lacks_modules)
    if take_over.decision == TakeOver.Decision.WAITING:
        good = f"{lacking} to be made good by {day_in_words(take_over.good_by)}, " if lacking else ""
        return f"Taken over: {good}waiting for approval by the governor’s delegate."
    if take_over.decision == TakeOver.Decision.REFUSED or take_over.decided_by is None:
        return f"Take-over refused: {take_over.decision_reason}"
    return taken_over_words(
        compact=take_over.lacks_compact and stands.compact != IN_DATE,
        modules=take_over.lacks_modules,
        good_by=take_over.good_by,
        approved_by=take_over.decided_by.name,
        today=today,
    )


def take_over_cell(buddy: Buddy, stands: BuddyStanding) -> str:
    """The few words that mark a taken-over buddy in a list."""
    if buddy.source != Buddy.Source.TAKE_OVER:
        return "–"
    if stands.take_over is None:
        return "Refused" if buddy.status == S.DECLINED else "Waiting for approval"
    return f"Taken over, to be made good by {day_in_words(stands.take_over.good_by)}"


def clearance_words(stands: BuddyStanding) -> str:
    """Clearance as a whole, with its first end."""
    if stands.clearance == IN_DATE and stands.clearance_until:
        return f"In date until {day_in_words(stands.clearance_until)}"
    if stands.clearance == LAPSED and stands.clearance_until:
        return f"Lapsed on {day_in_words(stands.clearance_until)}"
    return "Not complete"


def clearance_table(clearances: Sequence[Clearance], today: date) -> Table:
    """Every answer with its dates. The departments' notes are not here."""
    return Table(
        caption="Clearance by department",
        caption_hidden=True,
        first="Department",
        columns=["Decided on", "Runs out on", "Who signed"],
        status="Answer",
        rows=[
            Row(
                text=clearance.get_department_display(),
                cells=[_day(clearance.decided_on), _day(clearance.expires_on), _signed(clearance)],
                tag=_answer(clearance, today),
            )
            for clearance in clearances
        ],
    )


def _day(day: date | None) -> str:
    return day_in_words(day) if day else "–"


def _signed(clearance: Clearance) -> Cell:
    if clearance.signed_by is None:
        return Cell(text="–")
    if clearance.source != Clearance.Source.PAPER:
        return Cell(text=clearance.signed_by.name)
    written = f"{clearance.get_paper_kind_display()} by {clearance.paper_by}, dated {_day(clearance.decided_on)}"
    return Cell(text=clearance.signed_by.name, note=f"Entered from a dated e-mail or paper. {written}")


def _answer(clearance: Clearance, today: date) -> Tag:
    if clearance.decision == Clearance.Decision.WAITING:
        return Tag(text="Waiting", colour="yellow")
    if clearance.decision == Clearance.Decision.REFUSED:
        return Tag(text="Not cleared", colour="red")
    if clearance.expires_on and clearance.expires_on < today:
        return Tag(text="Lapsed", colour="red")
    return Tag(text="Cleared", colour="green")


def facts(buddy: Any) -> list[dict[str, Any]]:
    """What was said when the record began, and its dates."""
    rows: list[dict[str, Any]] = [
        {"key": "Status", "value": buddy.get_status_display(), "tag": STATUS_COLOURS[buddy.status]},
        {"key": "Wing", "value": place_of(buddy)},
    ]
    if buddy.source == Buddy.Source.TAKE_OVER:
        rows.append({"key": "Has done the job since", "value": _day(buddy.in_role_since)})
        rows.append({"key": "Entered on", "value": _day(buddy.applied_on)})
    else:
        rows.append({"key": "Applied on", "value": _day(buddy.applied_on)})
        rows.append({"key": "How it came", "value": buddy.get_channel_display()})
        rows.append({"key": "Why they want the role", "value": chosen(Buddy.Why, buddy.why, buddy.statement)})
        terminal = buddy.channel == Buddy.Channel.TERMINAL
        help_key = "Wants help to apply" if terminal else "Needed help to apply"
        rows.append({"key": help_key, "value": "Yes" if buddy.needed_help_to_apply else "No"})
        rows.append({"key": "What would make it easier", "value": easier_words(buddy)})
    if buddy.started_on:
        rows.append({"key": "Started on", "value": _day(buddy.started_on)})
        rows.append({"key": "May do at most", "value": caps_words(buddy)})
    if buddy.ended_on:
        rows.append({"key": "Ended on", "value": _day(buddy.ended_on)})
    if buddy.ended_on and buddy.status != S.DECLINED:
        rows.append({"key": "Why it ended", "value": buddy.end_reason})
    return rows


def chosen(kind: Any, codes: Sequence[str], written: str = "") -> str:
    """What was chosen at the terminal, one a line, and what was written."""
    return "\n".join([*(str(kind(code).label) for code in codes), *([written] if written else [])])


def easier_words(buddy: Buddy) -> str:
    """What makes interview and training easier."""
    return chosen(Buddy.Easier, buddy.easier, buddy.adjustments) or "Nothing asked for"


def caps_words(buddy: Buddy) -> str:
    """People, hours and days, with the day of rest."""
    people = "1 person" if buddy.capacity == 1 else f"{buddy.capacity} people"
    hours = f"{buddy.weekly_minutes // 60} hours a week"
    return f"{people}, {hours}, {buddy.days_in_row} days in a row. Rests on {WEEKDAYS[buddy.rest_day]}"


STAND_DOWN_COLOURS = {"SUSPENDED": "red", "REMOVED": "grey", "LEFT": "grey"}


def stand_down_table(rows: Sequence[StandDown], prison_code: str) -> Table:
    """Suspensions, removal and leaving, each with a link to its particulars."""
    return Table(
        caption="Suspensions and leaving",
        caption_hidden=True,
        first="From",
        columns=["Until", "Pay", "Appeal"],
        status="What",
        rows=[
            Row(
                text=day_in_words(row.starts_on),
                href=reverse("referrals:stand_down", args=[prison_code, row.token]),
                hidden=row.get_kind_display().lower(),
                cells=[
                    _day(row.ended_on),
                    "–" if row.paid is None else "Paid" if row.paid else "Not paid",
                    row.get_appeal_display(),
                ],
                tag=Tag(text=row.get_kind_display(), colour=STAND_DOWN_COLOURS[row.kind]),
            )
            for row in rows
        ],
    )


def interview_rows(interview: Interview | None) -> list[dict[str, Any]]:
    """The newest interview."""
    if interview is None:
        return []
    colour = "green" if interview.result == Interview.Result.SUITABLE else "red"
    return [
        {"key": "Held on", "value": day_in_words(interview.held_on)},
        {"key": "Who held it", "value": interview.panel},
        {"key": "Agreed result", "value": interview.get_result_display(), "tag": colour},
        {"key": "Done to make it easier", "value": interview.adjustments_made or "Nothing recorded"},
        {"key": "Notes", "value": interview.notes},
    ]


def compact_rows(signature: CompactSignature | None, stands: BuddyStanding) -> list[dict[str, Any]]:
    """The newest signature."""
    if signature is None:
        return []
    holds = stands.compact == IN_DATE
    return [
        {
            "key": "State",
            "value": "In force" if holds else "A newer version has to be signed",
            "tag": "green" if holds else "red",
        },
        {"key": "Version", "value": str(signature.text_id)},
        {"key": "Signed on", "value": day_in_words(signature.signed_on)},
        {"key": "Read and signed in", "value": signature.get_format_display()},
        {"key": "Read aloud", "value": "Yes" if signature.read_aloud else "No"},
        {"key": "Witness", "value": signature.witnessed_by.name},
    ]


def events(steps: Sequence[BuddyStep]) -> list[dict[str, Any]]:
    """The history for the timeline."""
    return [
        {"title": S(step.new_status).label, "at": step.at, "by": by_whom(step), "text": step.reason} for step in steps
    ]


def by_whom(step: BuddyStep) -> str:
    """Who took the step: a member of staff by name, or the person at a terminal."""
    if step.by is not None:
        return str(step.by.name)
    return f"{step.by_person.full_name}, at a terminal" if step.by_person is not None else ""


@dataclass(frozen=True)
class NextStep:
    """What comes next, as a sentence, with one button for whoever may press it."""

    text: str
    button: str = ""
    href: str = ""


def next_step(
    buddy: Buddy,
    *,
    stands: BuddyStanding,
    interview: Interview | None,
    take_over: TakeOver | None,
    paper: Sequence[str],
    to_ask: Sequence[str],
    held: frozenset[P],
    scores: int | None = None,
    asked: str = "",
) -> NextStep:
    """One thing to do. `paper` are departments that wait and have no account; `to_ask` those to be asked again.

    `scores` is how many of two are in, None where none are asked for; `asked` says that the compact is signed again.
    """
    text, button, name, permission, extra = _next(buddy, stands, interview, take_over, paper, to_ask, scores)
    if text == NOTHING and asked:
        text, button, name, permission, extra = _step(asked, "Record the compact", "schemes:compact")
    if not button or permission not in held:
        return NextStep(text)
    token = take_over.token if take_over and name == "schemes:take_over" else buddy.token
    return NextStep(text, button, reverse(name, args=[buddy.prison_id, token, *extra]))


Step = tuple[str, str, str, P, list[str]]
NOTHING = "Nothing is waiting."


def _step(text: str, button: str = "", name: str = "", permission: P = P.BUDDIES_RECRUIT, *extra: str) -> Step:
    return text, button, name, permission, list(extra)


def _next(
    buddy: Buddy,
    stands: BuddyStanding,
    interview: Interview | None,
    take_over: TakeOver | None,
    paper: Sequence[str],
    to_ask: Sequence[str],
    scores: int | None,
) -> Step:
    if buddy.status == S.APPLIED:
        return _step("Ask the departments for clearance.", "Ask for checks", "schemes:ask_for_checks")
    if buddy.status == S.CHECKS:
        return _next_in_checks(buddy, stands, take_over, paper, to_ask)
    if buddy.status == S.INTERVIEW:
        return _next_at_interview(interview, scores)
    if buddy.status == S.APPROVED:
        text = "Approved. The person waits for a place."
        return _step(text, "Offer the role", "schemes:offer", P.BUDDIES_APPOINT)
    if buddy.status == S.IN_TRAINING:
        if not stands.compact_holds:
            return _step("The compact has to be signed.", "Record the compact", "schemes:compact")
        text = "Once the mandatory modules are passed, the person can start."
        return _step(text, "Start as a buddy", "training:appoint", P.BUDDIES_APPOINT)
    if buddy.status == S.SUSPENDED:
        return _step("Suspended: no visits.", "Reinstate", "referrals:bring_back", P.BUDDIES_SUSPEND)
    if buddy.status == S.ACTIVE:
        return _next_in_role(stands, paper, to_ask)
    if buddy.status == S.DECLINED and any(refusal.told_on is None for refusal in buddy.refusals.all()):
        text = "The application is declined. Tell the person, with the reason and how to appeal."
        return _step(text, "Record that the person was told", "schemes:refusal_told")
    return _step("This record is closed.")


def _next_in_checks(
    buddy: Buddy, stands: BuddyStanding, take_over: TakeOver | None, paper: Sequence[str], to_ask: Sequence[str]
) -> Step:
    waits = [department(d) for d, state in stands.departments.items() if state != IN_DATE]
    text = f"Waiting for clearance by {_listed(waits)}." if waits else "Every department has cleared."
    if take_over is not None and take_over.decision == TakeOver.Decision.WAITING:
        text = f"Waiting for approval by the governor’s delegate. {text}"
        if not paper:
            return _step(text, "Decide about the take-over", "schemes:take_over", P.TAKE_OVER_APPROVE)
    if to_ask:
        text = f"{_listed([department(d) for d in to_ask])} did not clear the person. Decline, or ask again."
        return _step(text, "Decline", "schemes:decline")
    if paper:
        label = department(paper[0])
        return _step(text, f"Enter clearance by {label} from paper", "schemes:paper", P.BUDDIES_RECRUIT, paper[0])
    return _step(text)


def _next_at_interview(interview: Interview | None, scores: int | None) -> Step:
    if scores is not None and scores < SHEETS and (interview is None or scores):
        text = f"Hold the interview. Two members of staff give their scores apart: {scores} of {SHEETS} are in."
        return _step(text, "Give my scores", "schemes:score", P.INTERVIEW_SCORE)
    if scores == SHEETS:
        return _step("Both scores are in. Agree the result.", "Record the interview", "schemes:interview")
    if interview is None:
        return _step("Every department has cleared. Hold the interview.", "Record the interview", "schemes:interview")
    if interview.result == Interview.Result.SUITABLE:
        return _step("The interview went well.", "Offer the role", "schemes:offer", P.BUDDIES_APPOINT)
    return _step("The interview found the person not suitable.", "Decline", "schemes:decline")


def _next_in_role(stands: BuddyStanding, paper: Sequence[str], to_ask: Sequence[str]) -> Step:
    if to_ask:
        stopped = "" if stands.cleared else " Visits have stopped."
        text = f"Clearance by {_listed([department(d) for d in to_ask])} has to be renewed.{stopped}"
        return _step(text, "Ask for clearance again", "schemes:ask_again")
    if not stands.cleared:
        text = "Clearance is not in date, so visits have stopped. The departments have been asked."
        if paper:
            label = department(paper[0])
            return _step(text, f"Enter clearance by {label} from paper", "schemes:paper", P.BUDDIES_RECRUIT, paper[0])
        return _step(text)
    if stands.compact != IN_DATE:
        return _step("The compact has to be signed.", "Record the compact", "schemes:compact")
    if stands.take_over is not None and stands.take_over.lacks_modules:
        text = f"The mandatory modules have to be passed by {day_in_words(stands.take_over.good_by)}."
        return _step(text, "See the training", "training:buddy", P.TRAINING_VIEW)
    return _step(NOTHING)


def _listed(words: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part) if words else ""
