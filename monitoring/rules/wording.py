"""What may be amended of a measure's words."""

from __future__ import annotations

from collections.abc import Mapping

from buddyscheme.lib.errors import NotAllowed
from monitoring.measures.definition import Basis, Measure
from monitoring.models.wording import AMENDED

NEVER = "evaluation guide says"


def check_words(*, measure: Measure, words: Mapping[str, str], reason: str) -> None:
    """Every word that the measure has, a basis, a reason, something that changes, and no claim to quote the guide."""
    for name in AMENDED:
        if not words[name].strip() and (name != "denominator" or measure.denominator):
            raise NotAllowed("Leave none of these words empty.", field=name)
    if words["denominator"].strip() and not measure.denominator:
        raise NotAllowed("This measure is a plain number: it is not out of anything.", field="denominator")
    if words["basis"] not in {each.value for each in Basis}:
        raise NotAllowed("Select how sure the item is.", field="basis")
    for name in AMENDED:
        if NEVER in words[name].lower():
            raise NotAllowed("The guide is not published, so no words may be given as its own.", field=name)
    if all(words[name].strip() == str(getattr(measure, name)) for name in AMENDED):
        raise NotAllowed("Nothing has been changed.", field="title")
    if not reason.strip():
        raise NotAllowed("Say why the words change.", field="reason")
