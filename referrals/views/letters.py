"""What the letters to the council, to healthcare and to departments say, one language at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from buddyscheme.accounts.models import Prison
from referrals.letter_words import say
from referrals.models import AssessmentChase, AssessmentRequest, UnmetNeed, UnmetNeedPut
from referrals.queries.unmet_needs import days_on
from referrals.rules.council import council_of, route_of
from schemes.models import Person
from schemes.printed_words import WELSH, day_of, prison_of


def chase_words(
    prison: Prison, chase: AssessmentChase, before: Sequence[AssessmentChase], limit: int | None, language: str
) -> dict[str, Any]:
    """A letter that asks after a request; a second one says when the first was."""
    found = chase.assessment
    council = found.body == AssessmentRequest.Body.COUNCIL
    key = "council" if council else "healthcare"
    asked_on = day_of(found.asked_on, language)
    days = (chase.printed_on - found.asked_on).days
    lines = [
        say(f"asked_{key}", language, day=asked_on, days=days),
        say(f"wait_{chase.step}", language, decided=day_of(found.decided_on, language))
        if chase.step == AssessmentChase.Step.PLAN and found.decided_on is not None
        else say(f"wait_{chase.step}", language),
    ]
    if limit is not None:
        late = chase.waited > limit
        lines.append(say("over" if late else "within", language, limit=limit, waited=chase.waited))
    if before:
        first, last = (day_of(letter.printed_on, language) for letter in (before[0], before[-1]))
        words = say("asked_before", language, first=first)
        lines.append(words if len(before) == 1 else say("asked_before_last", language, first=first, last=last))
    return {
        **_head(prison, found.person, found.reference, chase.printed_on, language),
        "to": _council(prison, language) if council else _healthcare(prison, language),
        "title": say(f"chase_{key}", language),
        "lines": lines,
        "please": say("please", language),
        "ask": say("tell_us", language),
        **(_law(prison, language) if council else {}),
    }


def need_words(prison: Prison, put: UnmetNeedPut, before: Sequence[UnmetNeedPut], language: str) -> dict[str, Any]:
    """A letter about personal care that nobody gives, with the days it has waited."""
    need: UnmetNeed = put.need
    task = (need.task.name_cy if language == WELSH else "") or need.task.name
    council = put.to == UnmetNeedPut.To.COUNCIL
    if council:
        to = _council(prison, language)
    elif put.to == UnmetNeedPut.To.HEALTHCARE:
        to = _healthcare(prison, language)
    else:
        to = say("to_department", language, department=put.department, prison=prison_of(prison, language))
    return {
        **_head(prison, need.person, need.reference, put.put_on, language),
        "to": to,
        "title": say("need_title", language),
        "lines": [
            say("need_is", language, task=task),
            say("need_days", language, day=day_of(need.known_on, language), days=days_on(need, put.put_on)),
            say("need_never", language),
        ],
        "before_title": say("need_before", language),
        "before": [f"{_name(prison, other, language)}, {day_of(other.put_on, language)}" for other in before],
        "please": say("please", language),
        "ask": say("need_tell", language),
        **(_law(prison, language) if council else {}),
    }


def _name(prison: Prison, put: UnmetNeedPut, language: str) -> str:
    if put.to == UnmetNeedPut.To.COUNCIL:
        return council_of(prison)
    return put.department or _healthcare(prison, language)


def _council(prison: Prison, language: str) -> str:
    return say("to_council", language, council=council_of(prison))


def _healthcare(prison: Prison, language: str) -> str:
    return say("to_healthcare", language, prison=prison_of(prison, language))


def _head(prison: Prison, person: Person, reference: str, on: date, language: str) -> dict[str, str]:
    place = prison_of(prison, language)
    return {
        "lang": language,
        "day": day_of(on, language),
        "about": say("about", language, name=person.full_name, number=person.prison_number, prison=place),
        "reference": say("reference", language, reference=reference),
        "signed": say("signed", language, prison=place),
    }


def _law(prison: Prison, language: str) -> dict[str, str]:
    route = route_of(prison)
    welsh = language == WELSH
    return {
        "law_title": say("law", language),
        "law": f"{route.law_cy if welsh else route.law}. {route.sentence_cy if welsh else route.sentence}",
    }
