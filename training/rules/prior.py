"""When training that was passed elsewhere counts here."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from schemes.models import Buddy
from training.models import Module, ModuleResult
from training.rules.results import OLDEST, expires_after, is_trainable, state_of


def check_can_decide(
    buddy: Buddy,
    module: Module,
    *,
    accept: bool,
    passed_on: date,
    evidence_on: date,
    reason: str,
    newest: ModuleResult | None,
    today: date,
) -> None:
    """Somebody in training, days that can be, evidence not older than the result, and still in date if accepted."""
    if not is_trainable(buddy):
        raise NotAllowed(
            f"{buddy.person.full_name} is not in training (the record says “{buddy.get_status_display()}”)."
        )
    if module.withdrawn:
        raise NotAllowed(f"“{module.title}” is no longer used. Choose another module.", field="module")
    if passed_on > today:
        raise NotAllowed("Date of passing must be today or in the past.", field="passed_on")
    if passed_on < today - OLDEST:
        raise NotAllowed(f"Date of passing must be on or after {day_in_words(today - OLDEST)}.", field="passed_on")
    if not passed_on <= evidence_on <= today:
        raise NotAllowed("Date of the evidence must be between the date of passing and today.", field="evidence_on")
    if not accept and not reason:
        raise NotAllowed("Enter why the module is to be taken again.", field="reason")
    if accept:
        _check_still_counts(module, passed_on=passed_on, newest=newest, today=today)


def _check_still_counts(module: Module, *, passed_on: date, newest: ModuleResult | None, today: date) -> None:
    until = expires_after(passed_on, module.refresh_months)
    if until is not None and until < today:
        raise NotAllowed(
            f"Passed on {day_in_words(passed_on)}, this module lapsed on {day_in_words(until)}. "
            "Select that it is to be taken again.",
            field="decision",
        )
    if newest is None:
        return
    if state_of(newest.outcome, newest.expires_on, today).holds:
        raise NotAllowed(f"“{module.title}” is in date here already, so there is nothing to accept.", field="module")
    if newest.assessed_on > passed_on:
        raise NotAllowed(
            f"This module was assessed here on {day_in_words(newest.assessed_on)}, after that. "
            "The newer result counts: select that it is to be taken again.",
            field="passed_on",
        )
