"""Eight buddies with three people each log their visits in one window of 30 minutes, on one terminal, by sound.

Nobody's fingers are measured: the real screens are walked, what they say is counted, and the time is worked out
from three stated speeds. What the machine needs beside that is measured and shown, and never asserted.
"""

from __future__ import annotations

import re
import time
from datetime import timedelta
from html import unescape

import pytest

from buddyscheme.lib.dates import london_today
from referrals import speech
from referrals.models import Visit
from referrals.rules.windows import DEFAULT_MINUTES
from referrals.terminal.words import ENGLISH, say
from schemes.actions.caps import set_buddy_caps
from schemes.rules.caps import Caps
from tests.builders import terminal as builders
from tests.builders.buddies import active_buddy
from tests.builders.referrals import agreed_plan, scheme_open
from tests.builders.schemes import person_in
from tests.builders.visits import active_match, day_opened
from tests.cast import acts
from tests.terminal.test_log_visit import hidden, links

pytestmark = pytest.mark.django_db
BUDDIES, PEOPLE = 8, 3
# A tap by somebody who has heard what to tap; the look at the face, and changing seats. The voice is the recordings’.
SECONDS_A_TAP = 2
SECONDS_A_TURN = 25
MAIN = re.compile(r'<main id="main">(.*?)</main>', re.DOTALL)


class Listener:
    """Hears each new screen once, taps, and counts."""

    def __init__(self, client) -> None:
        self.client = client
        self.taps = self.requests = self.words = 0
        self.heard: set[str] = set()

    def get(self, address: str):
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        self.taps += 1
        self._hear(answer)
        return answer

    def post(self, address: str, data: dict[str, str]):
        answer = self.client.post(address, data)
        assert answer.status_code == 302, address
        self.requests += 1
        return self.get(answer["Location"])

    def _hear(self, answer) -> None:
        self.requests += 1
        text = unescape(re.sub(r"<[^>]+>", " ", MAIN.search(answer.content.decode()).group(1)))
        words = " ".join(text.split())
        # Whoever hears the same screen for the third time taps as soon as it begins.
        if words not in self.heard:
            self.words += len(words.split())
        self.heard.add(words)

    def hear_in_words(self, *sentences: str) -> None:
        """A screen that stands before the person is in."""
        self.words += sum(len(sentence.split()) for sentence in sentences)

    @property
    def seconds(self) -> float:
        return SECONDS_A_TURN + self.taps * SECONDS_A_TAP + self.words * 60 / speech.WORDS_A_MINUTE


@pytest.fixture
def wingful(here, lead, officer, admin, wing, now, at_prison, clock):
    """Eight buddies, each down for one visit this morning to three people."""
    with at_prison(here):
        scheme_open(here, lead, now, wing)
        buddies = []
        for one in range(BUDDIES):
            buddy = active_buddy(here, lead, now, wing=wing)
            caps = Caps(capacity=PEOPLE, weekly_minutes=900, days_in_row=6)
            buddy = set_buddy_caps(by=acts(lead, here), now=now, buddy=buddy, caps=caps, rest_day=6)
            for other in range(PEOPLE):
                person = person_in(here, lead, now, wing=wing, landing=1, cell=f"A1-{one}{other}")
                active_match(agreed_plan(here, lead, now, person=person, safety_words=["UNSTEADY"]), buddy, lead, now)
            buddies.append(buddy)
        day_opened(here, london_today(now), now)
        terminal, key = builders.terminal_on(wing, admin, now)
        window = builders.window_at(terminal, officer, now)
    return buddies, window, key


def test_eight_buddies_with_three_people_each_in_one_window(
    wingful, officer, here, now, at_prison, clock, record_property
):
    buddies, window, key = wingful
    told, began, moment = [], time.perf_counter(), now
    for buddy in buddies:
        with at_prison(here):
            _, entry_key = builders.entry_of(buddy.person, window, officer, moment)
        listener = Listener(builders.browser(key, entry_key))
        # Going in by card: the screen that says so is heard too, and the tap is the officer's.
        listener.hear_in_words(say("card_wait", ENGLISH), say("card_wait_more", ENGLISH))
        listener.get("/terminal/home/")
        for _ in range(PEOPLE):
            address = links(listener.get("/terminal/visits/"))[0]
            for _ in range(2):
                address = address.split("?")[0] + links(listener.get(address))[0]
            finish = listener.get(address)
            listener.post(address.split("?")[0], hidden(finish))
        listener.client.post("/terminal/leave/")
        told.append(listener)
        moment += timedelta(seconds=listener.seconds)
        clock.move_to(moment)
    machine = time.perf_counter() - began

    taps, requests, words = (sum(getattr(one, name) for one in told) for name in ("taps", "requests", "words"))
    minutes = sum(one.seconds for one in told) / 60
    says = (
        f"{taps} taps, {requests} requests and {words} words heard: {minutes:.1f} minutes of the window, "
        f"and {machine:.1f} s of the machine"
    )
    record_property("half_hour", says)
    assert Visit.objects.filter(outcome="DONE", source="TERMINAL", window=window).count() == BUDDIES * PEOPLE
    assert minutes <= DEFAULT_MINUTES, says
