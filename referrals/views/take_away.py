"""The record that a buddy takes away: modules, hours, months. It names the person and nobody whom they helped."""

from __future__ import annotations

from datetime import date
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
from referrals.queries.take_away import BuddyRecord, Held, record_of
from referrals.record_words import WORDS, Words
from schemes.printed_words import ENGLISH, WELSH, day_of, prison_of
from schemes.queries.buddies import buddies_of
from training.certificate_words import WORDS as SHARED
from training.certificate_words import module_line


@require_safe
@requires(Permission.BUDDIES_APPOINT)
def take_away(request: StaffRequest, token: str) -> HttpResponse:
    """On A4, to hand over on leaving, release or transfer. `?language=cy` is Welsh."""
    now = timezone.now()
    today = london_today(now)
    found = get_object_or_404(buddies_of(request.prison), token=token)
    language = WELSH if request.GET.get("language") == WELSH else ENGLISH
    words, what = WORDS[language], record_of(found, today)
    record(
        Event.PRINTED, by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id,
        what="record to take away",
    )  # fmt: skip
    base = reverse("referrals:take_away", args=[request.prison.code, token])
    context: dict[str, Any] = {
        "page_language": language,
        "words": words,
        "shared": SHARED[language],
        "title": words.title,
        "name": found.person.full_name,
        "prison_number": found.person.prison_number,
        "role": _role(request, what, words, language),
        "lines": [_line(each, language, today) for each in what.modules],
        "today": day_of(today, language),
        "handling": words.handling,
        "back_href": reverse("schemes:buddy", args=[request.prison.code, token]),
        "other_href": base if language == WELSH else f"{base}?language={WELSH}",
        "other_text": "The same in English" if language == WELSH else "The same in Welsh",
    }
    return render(request, "referrals/take_away.html", context)


def _role(request: StaffRequest, what: BuddyRecord, words: Words, language: str) -> list[str]:
    prison = prison_of(request.prison, language)
    sentence = words.role if what.role else words.role_untitled
    place = sentence.format(role=what.role, wing=what.wing, prison=prison)
    # Without a wing its place between the commas closes.
    lines = [place.replace(", , ", ", ")]
    if what.since is not None:
        first = day_of(what.since, language)
        if what.until is not None:
            lines.append(words.since_until.format(first=first, last=day_of(what.until, language)))
        else:
            lines.append(words.since.format(first=first))
        lines.append(words.months.format(months=what.months) if what.months else words.months_none)
    hours, minutes = divmod(what.minutes, 60)
    return [*lines, words.hours.format(hours=hours, minutes=minutes), words.visits.format(visits=what.visits)]


def _line(each: Held, language: str, today: date) -> dict[str, str]:
    shared = SHARED[language]
    until = shared.no_end
    if each.expires_on is not None:
        day = day_of(each.expires_on, language)
        until = day if each.expires_on >= today else WORDS[language].lapsed.format(day=day)
    line = module_line(each.module, shared, language, elsewhere=each.elsewhere, passed_on=each.passed_on, until=until)
    return line | {"certificate": each.certificate}
