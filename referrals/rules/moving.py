"""When a care record goes to the next prison, and when a release needs a handover.

The clock is the one of buddies' records: two working days (domain.md 6: unacknowledged packs are chased). It runs from
the day of the move, or from the day of sending where that came later.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import CarePack, Handover, Plan, Referral
from schemes.models import Custody

# A handover is begun this long before the release, or at once where less is left (domain.md 6).
BEFORE_RELEASE = timedelta(weeks=12)

# What ends with the person's stay, in the words that stay in the history.
LEFT_WORDS: dict[str, str] = {
    Custody.EndReason.TRANSFER: "Moved to another prison",
    Custody.EndReason.RELEASE: "Released",
    Custody.EndReason.DEATH: "Died",
    Custody.EndReason.OTHER: "Left this prison",
}
BUDDY_LEFT = "The buddy left this prison"

NOTHING_TO_SEND = (
    "There is nothing to send: the person has no plan, no unmet need and no request to the council or healthcare."
)


def check_can_send(
    *, to: Prison | None, prison: Prison, custody: Custody | None, anything: bool, same_sent: bool
) -> None:
    """To another prison, of somebody who is here or moved there, once for each state of the record."""
    if custody is None or custody.end_reason not in ("", Custody.EndReason.TRANSFER):
        raise NotAllowed("A care record goes to another prison only when the person moves there.")
    if not anything:
        raise NotAllowed(NOTHING_TO_SEND)
    if to is None or to.pk == prison.pk or to.closed:
        raise NotAllowed("Select the prison that the person moves to.", field="to_prison")
    if custody.moved_to_id is not None and custody.moved_to_id != to.pk:
        raise NotAllowed(
            f"It is recorded that the person moved to {custody.moved_to}. Select that prison.", field="to_prison"
        )
    if same_sent:
        raise NotAllowed(f"{to.name} has this record already, and nothing in it has changed since.", field="to_prison")


def check_can_accept(pack: CarePack) -> None:
    """Once; and the newest record, not one that it replaced."""
    if pack.accepted_at is not None:
        raise NotAllowed("This record has been accepted already.")
    if pack.replaced:
        raise NotAllowed("A newer record of this person has come since. Open that one.")


def check_can_confirm(pack: CarePack, words: str) -> None:
    """By the sender, for a prison that does not use the service."""
    check_can_accept(pack)
    if pack.to_prison.switched_on:
        raise NotAllowed(f"{pack.to_prison.name} accepts the record in this service.")
    if not words.strip():
        raise NotAllowed("Enter who told you that the record has come.", field="words")


def check_can_start(pack: CarePack, *, here: bool, started: bool, open_referral: bool, live_plan: bool) -> None:
    """After it is accepted, once the person is on the list here, and where nothing of the kind runs yet."""
    if pack.accepted_at is None:
        raise NotAllowed("Accept the record first.")
    if started:
        raise NotAllowed("Help has been started from this record already.")
    if not here:
        raise NotAllowed(f"Nobody with the number {pack.prison_number} is on this prison’s list. Add the person first.")
    if live_plan:
        raise NotAllowed("This person has a plan here already.")
    if open_referral:
        raise NotAllowed("A referral of this person waits to be screened already.")


def check_can_take_tasks(plan: Plan, pack: CarePack) -> None:
    """Into a plan that is being written, from a record that was accepted."""
    if pack.accepted_at is None:
        raise NotAllowed("Accept the record first.")
    if plan.status not in (Plan.Status.WISHES, Plan.Status.DRAFT):
        raise NotAllowed("Tasks are taken over while a plan is being written. Add them to this plan one at a time.")


def check_can_make_handover(
    *, custody: Custody | None, anything: bool, council: str, probation: str, agrees: str
) -> None:
    """For somebody who is here or was released, who has something to hand over."""
    if custody is None or custody.end_reason not in ("", Custody.EndReason.RELEASE):
        raise NotAllowed("A handover is made for somebody who is here or has been released.")
    if not anything:
        raise NotAllowed("There is nothing to hand over: the person has no plan, no unmet need and no request.")
    if not council.strip():
        raise NotAllowed("Enter the council for the area where the person will live.", field="council")
    if not probation.strip():
        raise NotAllowed("Enter the probation office, or that there is none.", field="probation")
    if agrees not in Handover.Agrees.values:
        raise NotAllowed("Select whether the person agrees.", field="agrees")


def shares_all(agrees: str, *, decided: bool) -> bool:
    """By the person's agreement; where they cannot decide, when sharing is part of what was decided for them."""
    return agrees == Handover.Agrees.YES or (agrees == Handover.Agrees.CANNOT and decided)


def check_can_answer_handover(handover: Handover, *, received_on: date, words: str, today: date) -> None:
    """Once, on a day since it was made."""
    if handover.replaced:
        raise NotAllowed("A newer handover of this person has been made since. Open that one.")
    if handover.received_at is not None:
        raise NotAllowed("It is recorded already that this handover was received.")
    if not words.strip():
        raise NotAllowed("Enter who received it.", field="words")
    if received_on > today:
        raise NotAllowed("This date cannot be in the future.", field="received_on")
    if received_on < handover_day(handover):
        raise NotAllowed("This date cannot be before the handover was made.", field="received_on")


def need_areas(body: dict[str, Any]) -> list[str]:
    """Areas of need, from the tasks of the record; "something else" where they say nothing."""
    area = Referral.NeedArea
    by_group = {"MOB": area.MOBILITY, "COM": area.COMMUNICATION, "SOC": area.COMPANY, "EOL": area.COMPANY}
    meals = {"DOM-03", "DOM-04", "DOM-05"}
    found = set()
    for task in (body.get("plan") or {}).get("tasks", ()):
        code = task["code"]
        if code in meals:
            found.add(area.MEALS)
        elif code.startswith("DOM"):
            found.add(area.CELL)
        elif code[:3] in by_group:
            found.add(by_group[code[:3]])
    if body.get("unmet_needs"):
        found.add(area.PERSONAL)
    return [value for value in area.values if value in found] or [area.GENERAL.value]


def handover_day(handover: Handover) -> date:
    """The day on which it was made, as its letter says."""
    return date.fromisoformat(handover.body["made_on"])


can_accept = twin(check_can_accept)
