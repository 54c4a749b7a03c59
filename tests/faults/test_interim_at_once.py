"""Interim help that is over is ended once, however many workers come at the same moment."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.models import AuditEvent
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.interim import end_interim_help, help_from_today
from tests.builders import referrals as build
from tests.builders.buddies import active_buddy
from tests.builders.schemes import person_in
from tests.cast import acts


@pytest.mark.django_db(transaction=True)
def test_four_at_once(here, wing, lead, now, at_prison) -> None:
    with at_prison(here):
        build.scheme_open(here, lead, now, wing)
        buddy = active_buddy(here, lead, now, wing=wing)
        for _ in range(2):
            referral = build.referral_of(person_in(here, lead, now, wing=wing), lead, now)
            help_from_today(
                by=acts(lead, here), now=now, referral=referral, own_words="I want my dinner hot.",
                tasks=[build.task_of("DOM-03")], session="PM", buddy=buddy, person_agrees=True, buddy_agrees=True,
            )  # fmt: skip
    ready, failed, ended = threading.Barrier(4), [], []

    def end() -> None:
        try:
            ready.wait(timeout=20)
            with scoped(DatabaseRole.WEB, prisons=[here.code]):
                ended.append(end_interim_help(by=Actor.system(), now=now + timedelta(days=14), prison=here))
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=end) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and sum(ended) == 2
    assert AuditEvent.objects.filter(code="interim.over").count() == 2
