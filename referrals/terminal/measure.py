"""What a task at the terminal took, for the burden meter: taps, and seconds since the save before or since going in."""

from __future__ import annotations

from referrals.burden import BUDDY, PRISONER, write_use
from referrals.models import TerminalEntry
from referrals.terminal.forms import Carried
from referrals.terminal.presence import Inside

ROLE_OF = {"VISIT": BUDDY, "TELL": PRISONER, "OWN_HELP": PRISONER}
# The one that opens the task, and the one that sends it.
FIRST_AND_LAST = 2


def measured(inside: Inside, task: str, answers: Carried) -> None:
    """Keep it, and begin the next from here. Minutes of the plan that stand, and a "next", are no answers."""
    entry = inside.entry
    write_use(
        prison=inside.prison,
        task=task,
        role=ROLE_OF[task],
        inputs=len(answers.carried("m", "n")) + FIRST_AND_LAST,
        began=entry.saved_at or entry.started_at,
        now=inside.now,
    )
    TerminalEntry.objects.for_prison(inside.prison).filter(pk=entry.pk).update(saved_at=inside.now)
