"""The plan on paper for the person: one page, easy read or large print, in English or Welsh.

Built from what the person may hold. Notes for staff and the risk of falling are not read here at all.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from referrals import plan_words as words
from referrals.models import Consent, EvacuationPlan, Plan, PlanTask
from referrals.plan_words import ENGLISH, WELSH
from referrals.queries import plans as queries
from referrals.queries.capacity import standing
from referrals.queries.plan_parts import equipment_of, evacuation_of, goals_of, versions_of
from referrals.queries.unmet_needs import OPEN, needs_of_person
from referrals.rules.equipment import name_of
from referrals.views.paper_formats import format_links
from referrals.views.words import identity
from schemes.models import TaskKind
from schemes.printed_words import day_of, language_of

TEMPLATES = {"": "plan_print.html", "easy": "plan_easy.html", "large": "plan_print.html"}


@require_safe
@requires(P.PLAN_VIEW)
def plan_print(request: StaffRequest, token: str) -> HttpResponse:
    """The plan for the person's own hands."""
    rows = Plan.objects.for_prison(request.prison).select_related("person", "prison")
    found: Plan = get_object_or_404(rows, token=token)
    asked = request.GET.get("format", "")
    form = asked if asked in words.FORMATS else ""
    language = language_of(request.GET.get("language", ""))
    record(
        Event.PRINTED, by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id,
        format=form, language=language,
    )  # fmt: skip
    context = {
        **_content(found, language),
        "plan": found,
        "who": identity(request, found.person),
        "page_language": language,
        "large_print": form == "large",
        "unchecked": words.UNCHECKED if language == WELSH else "",
        "formats": _links(request, found, form, language),
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "handling": words.say("handling", language),
        "back_href": reverse("referrals:plan", args=[request.prison.code, found.token]),
    }
    return render(request, f"referrals/{TEMPLATES[form]}", context)


def _basis(found: Plan, language: str) -> str:
    """On what help stands where the person cannot decide this for themselves."""
    row = standing(found)
    return words.say("best_interests", language, day=day_of(london_today(row.recorded_at), language)) if row else ""


def _links(request: StaffRequest, found: Plan, form: str, language: str) -> list[dict[str, Any]]:
    here = reverse("referrals:plan_print", args=[request.prison.code, found.token])
    other = (ENGLISH, "English") if language == WELSH else (WELSH, "Cymraeg")
    return format_links(here, words.FORMATS, form, language, [other])


def _content(found: Plan, language: str) -> dict[str, Any]:
    say = partial(words.say, language=language)
    tasks = list(queries.running_tasks(found))
    version = versions_of(found).first()
    return {
        "title": say("title", reference=found.reference),
        "easy_title": say("easy_title"),
        "own_words_heading": say("own_words"),
        "goals_heading": say("goals"),
        "goals": [
            {"words": goal.words, "easy": say("easy_goal", words=goal.words)} for goal in goals_of(found) if goal.words
        ],
        "tasks_heading": say("tasks"),
        "groups": [group for code in PlanTask.DoneBy.values if (group := _group(code, tasks, language))["tasks"]],
        "no_tasks": say("no_tasks"),
        "columns": {name: say(name) for name in ("task", "when", "minutes")},
        "buddy": _buddy(found, language),
        "safety_heading": say("safety"),
        "safety": [
            {"words": words.SAFETY[word][language == WELSH], "picture": words.SAFETY_PICTURES[word]}
            for word in found.safety_words
        ],
        "equipment_heading": say("equipment"),
        "equipment": _equipment(found, language),
        "emergency_heading": say("emergency"),
        "emergency": _emergency(evacuation_of(found), language),
        "unmet_heading": say("unmet"),
        "unmet": [
            say("unmet_since", name=_named(need.task, language), day=day_of(need.known_on, language))
            for need in needs_of_person(found.prison, found.person).filter(OPEN)
        ],
        "basis": _basis(found, language),
        "consents_heading": say("consents"),
        "consents": [_consent(consent, language) for consent in queries.consents_of(found)],
        "always_shared": say("always_shared"),
        "may_stop": say("may_stop"),
        "never": say("easy_never"),
        "review": _next(found, language),
        "version": say("version", number=version.number) if version is not None else "",
    }


def _group(code: str, tasks: list[PlanTask], language: str) -> dict[str, Any]:
    say = partial(words.say, language=language)
    return {
        "heading": say(code),
        "tasks": [
            {
                "name": _named(task.task, language),
                "when": f"{words.days_of(task.weekdays, language)}, {say(task.session).lower()}",
                "minutes": task.minutes,
                "note": task.note,
                "picture": task.task.picture,
            }
            for task in tasks
            if task.done_by == code
        ],
    }


def _named(task: TaskKind, language: str) -> str:
    return (task.name_cy if language == WELSH else "") or task.name


def _buddy(found: Plan, language: str) -> str:
    match = queries.first_match(found)
    if match is None:
        return words.say("no_buddy", language)
    return words.say("buddy_is", language, name=match.buddy.person.called)


def _equipment(found: Plan, language: str) -> list[dict[str, str]]:
    lines = []
    for thing in equipment_of(found):
        name = name_of(thing.kind, thing.what, welsh=language == WELSH)
        parts = [
            words.say("checked", language, day=day_of(thing.checked_on, language))
            if thing.checked_on
            else words.say("not_checked", language)
        ]
        if thing.next_check_on:
            parts.append(words.say("next_check", language, day=day_of(thing.next_check_on, language)))
        easy = words.say("easy_equipment", language, name=name)
        lines.append({"words": f"{name}: {', '.join(parts)}", "easy": easy})
    return lines


def _emergency(found: EvacuationPlan | None, language: str) -> list[str]:
    say = partial(words.say, language=language)
    if found is None:
        return [say("emergency_not_asked")]
    if not found.needs_help:
        return [say("emergency_no")]
    if not found.is_written:
        return [say("emergency_yes")]
    lines = [
        found.how, say("emergency_staff", count=found.staff), say("emergency_waits", place=found.waits_at)
    ]  # fmt: skip
    return lines + ([say("emergency_equipment", equipment=found.equipment)] if found.equipment else [])


def _consent(consent: Consent, language: str) -> str:
    name = consent.match.buddy.person.called if consent.match is not None else ""
    what = words.say(consent.scope, language, **({"name": name} if name else {}))
    if consent.withdrawn_at is not None:
        return words.say("withdrawn", language, what=what, day=day_of(london_today(consent.withdrawn_at), language))
    if not consent.given:
        return words.say("not_given", language, what=what)
    return words.say("given", language, what=what, day=day_of(london_today(consent.taken_at), language))


def _next(found: Plan, language: str) -> str:
    if found.is_interim and found.interim_until is not None:
        return words.say("interim", language, day=day_of(found.interim_until, language))
    return words.say("review", language, day=day_of(found.review_on, language)) if found.review_on else ""
