"""The sounds of a page, for the machine and the person whose page it is. Nothing is kept, here or in the browser."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from referrals import devices, speech
from referrals.terminal import sound
from referrals.terminal.pages import TerminalPage, never_kept
from referrals.terminal.presence import card_of, look_around, who_is_in
from referrals.terminal.words import CATALOGUE


@login_not_required
@require_safe
def say(request: HttpRequest, value: str) -> HttpResponse:
    """One sentence: its file where it was recorded, otherwise spoken now.

    It prolongs nothing: a warning is heard as well, and a screen that reads itself aloud has perhaps nobody before it.
    While something is being read the script says that somebody is there.
    """
    now = timezone.now()
    here = look_around(request, now)
    said = sound.unseal(request, value)
    if here is None or said is None or not here.terminal.has_headset:
        return _nothing()
    of_somebody = devices.entry_cookie() in request.COOKIES
    if of_somebody and who_is_in(request, here, now) is None and card_of(request, here, now) is None:
        return _nothing()
    code, text = said
    try:
        wav = speech.recorded(code, text) or speech.speak(text, CATALOGUE[code].voice)
    except speech.Silent:
        return _nothing()
    return never_kept(HttpResponse(wav, content_type="audio/wav"))


def _nothing() -> HttpResponse:
    return never_kept(TerminalPage(status=404))
