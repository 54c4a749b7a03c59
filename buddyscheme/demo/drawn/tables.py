"""Which tables are drawn, in which order, and which rows of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import models

from buddyscheme.accounts.models import Prison, User
from schemes.models import Person

APPS = ("accounts", "schemes", "training", "referrals", "monitoring")
LEFT_OUT = {
    # Secrets of one person or one machine.
    "referrals.TerminalCode", "referrals.TerminalCard", "referrals.CardScan", "referrals.TerminalDraft",
    "referrals.SignInCount", "referrals.SignInStanding", "referrals.SignInFailure",
    # What was read from files, with the names and numbers that stood in them.
    "schemes.EventFile", "schemes.DirectoryEvent", "schemes.ImportFile", "schemes.ImportContent", "schemes.ImportRow",
    "schemes.ImportColumns", "training.TakeOverFile", "training.TakeOverLine",
    # Between two prisons.
    "schemes.CustodyClaim", "referrals.BuddyPack", "referrals.PackDecision", "referrals.CarePack",
    "referrals.CarePackBody", "referrals.CarePackStart",
    # They name other rows by number.
    "referrals.HeldText", "referrals.PatternHit", "referrals.PatternRow", "referrals.ChangeMark",
    # Worked out or counted for each prison by itself, or said by its lead about that.
    "monitoring.Figure", "monitoring.FigureCorrection", "monitoring.DataQuery", "monitoring.DataQueryStep",
    "monitoring.Population", "monitoring.PopulationCount", "monitoring.SelfAssessment", "monitoring.SelfAnswer",
    "monitoring.SelfEvidence", "monitoring.SelfFile", "monitoring.SelfAction", "monitoring.QuarterSign",
    "monitoring.TypedFigure", "monitoring.Inspection",
}  # fmt: skip
# National rows are the same everywhere; those that a told prison made itself stay its own, with what rests on them.
NATIONAL = {"training.Module"}


def chance(what: str, *key: str) -> str:
    """SQL of a number from 0 to 1 that is drawn for this prison and key, the same every time."""
    drawn = f"hashtextextended(concat_ws(':', c.seed, '{what}', {', '.join(key)}), 0)"
    return f"(({drawn} & 1048575) / 1048576.0)"


# In all SQL here `o` is the row of the told prison, `c` the drawn prison, `p` the drawn person that the row is about.
KEPT = {
    "referrals.Visit": f"{chance('recorded', 'p.key', 'o.day', 'o.session')} < c.recorded"
    " AND (c.silent_from IS NULL OR o.day < c.silent_from)",
    "referrals.VisitLook": f"{chance('looked', 'o.at', 'v.day', 'v.session', 'p.key')} < c.looked",
    "training.Supervision": f"{chance('supervised', 'p.key', 'o.held_on')} < c.supervised",
    "monitoring.Outcome": "o.point = 'START'"
    f" OR {chance('followed', 'o.instrument', 'o.asked_on', 'p.key')} < c.followed",
    "monitoring.MonthClose": f"{chance('closed', 'o.month')} < c.closed"
    " AND (c.silent_from IS NULL OR o.month < c.silent_from)",
}  # fmt: skip
# Tables that hang on a person by way of another one, or not always.
BY_WAY_OF = {
    "monitoring.Outcome": "LEFT JOIN drawn_person p ON p.drawn = c.nth AND p.person_id = o.person_id",
    "referrals.VisitLook": "JOIN referrals_visit v ON v.id = o.visit_id"
    " JOIN drawn_person p ON p.drawn = c.nth AND p.person_id = v.person_id",
}


@cache
def drawn_models() -> tuple[type[models.Model], ...]:
    """Every table of a prison that is drawn, what others point to first."""
    chosen = [model for label in APPS for model in apps.get_app_config(label).get_models() if _is_drawn(model)]
    order = TopologicalSorter({model: {key.related_model for key in keys(model)} & set(chosen) for model in chosen})
    return tuple(order.static_order())


def _is_drawn(model: type[models.Model]) -> bool:
    if model._meta.label in LEFT_OUT | NATIONAL or hasattr(model, "pgh_tracked_model"):
        return False
    if model in (User, Person):
        return True
    return isinstance(model._meta.pk, models.AutoField) and of_a_prison(model)


def of_a_prison(model: type[models.Model]) -> bool:
    """Whether each row belongs to a prison."""
    return any(field.name == "prison" and field.related_model is Prison for field in model._meta.concrete_fields)


def keys(model: type[models.Model]) -> list[Any]:
    """Foreign keys to other tables."""
    return [field for field in model._meta.concrete_fields if field.is_relation and field.related_model is not model]


def national_keys(model: type[models.Model]) -> list[Any]:
    """Keys to tables that hold national rows and those of prisons."""
    return [key for key in keys(model) if key.related_model._meta.label in NATIONAL]


@cache
def is_thinned(model: type[models.Model]) -> bool:
    """Whether some rows are left out, by a rule or because of what they point to."""
    if model is Person or model._meta.label in KEPT or any(national_keys(model)):
        return True
    return any(is_thinned(key.related_model) for key in keys(model) if key.related_model in drawn_models())


def person_column(model: type[models.Model]) -> str | None:
    """The column that says whom every row is about."""
    found = next((field for field in keys(model) if field.name == "person" and not field.null), None)
    return found.column if found is not None else None


def thinning_keys(model: type[models.Model]) -> Iterable[Any]:
    """The keys that may point to a row which is left out. The person is joined and needs no look, and a row that points
    to one of its own table goes with it: both are about the same person and visit.
    """
    joined = person_column(model)
    for field in model._meta.concrete_fields:
        related: Any = field.related_model if field.is_relation else None
        if (
            related not in (None, model)
            and related in drawn_models()
            and is_thinned(related)
            and field.column != joined
        ):
            yield field
