"""What is kept about a prisoner, on paper for their own hands: in any language of the terminal, also easy or large."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from referrals import terminal_words
from referrals.privacy_notice import NOTICE, OPENING
from referrals.terminal_words import ENGLISH, Language
from referrals.views.paper_formats import format_links

FORMATS = {"": "As it is", "easy": "Easy read", "large": "Large print"}


@require_safe
@requires(P.WINDOW_OPEN)
def privacy_notice(request: StaffRequest) -> HttpResponse:
    """The same words as at the terminal. It is about nobody, so nothing is recorded."""
    languages = {language.code: language for language in terminal_words.languages()}
    language = languages.get(request.GET.get("language", ""), languages[ENGLISH])
    asked = request.GET.get("format", "")
    form = asked if asked in FORMATS else ""
    easy = form == "easy"
    return render(request, "referrals/privacy_notice.html", {
        "page_language": language.code,
        "title": language.say("privacy"),
        "opening": language.say(OPENING, easy=easy),
        "notice": [
            (language.say(heading), [(picture, language.say(key, easy=easy)) for picture, key in lines])
            for heading, lines in NOTICE
        ],
        "easy": easy,
        "large_print": form == "large",
        "unchecked": standing(language),
        "formats": _links(request, languages, language.code, form),
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "handling": language.say("priv_ask_how"),
        "back_href": reverse("referrals:windows", args=[request.prison.code]),
    })  # fmt: skip


def standing(language: Language) -> str:
    """What staff have to know of a language that no translator has confirmed yet; nothing of one that is."""
    many = len(language.unchecked)
    return f"The {language.english_name} is awaiting a translator’s check: {many} sentences." if many else ""


def _links(request: StaffRequest, languages: dict[str, Language], code: str, form: str) -> list[dict[str, Any]]:
    here = reverse("referrals:privacy_notice", args=[request.prison.code])
    others = [(one.code, one.name) for one in languages.values() if one.code != code]
    return format_links(here, FORMATS, form, code, others)
