"""What still keeps a buddy from starting."""

from __future__ import annotations

from datetime import date

from schemes.models import Buddy, TakeOver
from schemes.queries.buddies import standing_of
from training.queries.results import module_states, modules
from training.rules.appointments import missing_for_start


def missing_of(buddy: Buddy, today: date) -> list[str]:
    """Everything that is missing, in words, for the page and for the gate alike."""
    core = [module for module in modules(buddy.prison) if module.mandatory]
    held = module_states([buddy.pk], today)[buddy.pk].in_date
    waiting = TakeOver.objects.filter(buddy=buddy, decision=TakeOver.Decision.WAITING)
    return missing_for_start(
        buddy,
        stands=standing_of(buddy, today),
        modules_missing=[module.title for module in core if module.code not in held],
        core=len(core),
        approval_waits=buddy.source == Buddy.Source.TAKE_OVER and waiting.exists(),
    )
