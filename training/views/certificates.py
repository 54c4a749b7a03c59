"""A certificate to print: modules passed, or the whole course. It names the person and nobody whom they help."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from schemes.printed_words import ENGLISH, WELSH, day_of, prison_of
from schemes.queries.buddies import buddies_of
from training.certificate_words import WORDS, Words, module_line
from training.queries.certificates import Certified, Passed, certified, reference_of

MODULES, COURSE = "modules", "course"


@require_safe
@requires(Permission.TRAINING_VIEW)
def certificate(request: StaffRequest, token: str) -> HttpResponse:
    """On one page of A4. `?of=course` is the whole course, `?language=cy` Welsh."""
    now = timezone.now()
    today = london_today(now)
    found = get_object_or_404(buddies_of(request.prison), token=token)
    language = WELSH if request.GET.get("language") == WELSH else ENGLISH
    of = COURSE if request.GET.get("of") == COURSE else MODULES
    what = certified(found, today)
    can = what.whole_course if of == COURSE else bool(what.passed)
    words = WORDS[language]
    if can:
        record(
            Event.PRINTED, by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id,
            what=f"certificate of {of}",
        )  # fmt: skip
    context: dict[str, Any] = {
        "page_language": language,
        "words": words,
        "can": can,
        "why_not": _why_not(of, what),
        "title": words.course_title if of == COURSE else words.title,
        "sentence": words.course if of == COURSE else words.modules,
        "name": found.person.full_name,
        "prison_number": found.person.prison_number,
        "place": prison_of(request.prison, language),
        "lines": [
            _line(each, words, language) | {"reference": reference_of(found, each.module)}
            for each in (what.core if of == COURSE else what.passed)
        ],
        "today": day_of(today, language),
        "handling": words.handling,
        "back_href": reverse("training:buddy", args=[request.prison.code, token]),
        "others": _others(request, token, what),
    }
    return render(request, "training/certificate.html", context)


def _why_not(of: str, what: Certified) -> str:
    if of == MODULES:
        return "There is nothing to print: no module is in date. Record results first."
    if not what.missing:
        return "There is nothing to print: no module is one that every buddy needs."
    return f"There is nothing to print yet. Not in date: {', '.join(what.missing)}."


def _line(each: Passed, words: Words, language: str) -> dict[str, str]:
    until = day_of(each.expires_on, language) if each.expires_on else words.no_end
    return module_line(each.module, words, language, elsewhere=each.elsewhere, passed_on=each.passed_on, until=until)


def certificate_links(request: StaffRequest, token: str, what: Certified) -> list[dict[str, str]]:
    """The certificates that can be printed for somebody, in both languages."""
    base = reverse("training:certificate", args=[request.prison.code, token])
    found = []
    for of, name, can in (
        (MODULES, "Certificate of modules", bool(what.passed)),
        (COURSE, "Certificate of the whole course", what.whole_course),
    ):
        if can:
            found.append({"text": f"{name} in English", "href": f"{base}?of={of}"})
            found.append({"text": f"{name} in Welsh", "href": f"{base}?of={of}&language={WELSH}"})
    return found


def _others(request: StaffRequest, token: str, what: Certified) -> list[dict[str, str]]:
    here = request.get_full_path()
    return [link for link in certificate_links(request, token, what) if link["href"] != here]
