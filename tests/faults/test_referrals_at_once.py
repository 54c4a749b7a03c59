"""Several officers refer one person at the same moment: all are kept, one is the first, the others repeat it."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.models import InformalHelp, Need, Referral
from tests.builders import referrals as build
from tests.builders.schemes import person_in


@pytest.mark.django_db(transaction=True)
def test_ten_at_once(here, wing, lead, now, at_prison) -> None:
    with at_prison(here):
        person = person_in(here, lead, now, wing=wing)
    ready, failed = threading.Barrier(10), []

    def refer() -> None:
        try:
            ready.wait(timeout=20)
            with scoped(DatabaseRole.WEB, prisons=[here.code]):
                build.referral_of(person, lead, now, need_areas=["MEALS", "CELL"], other_help="YES")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=refer) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and Referral.objects.count() == 10
    first = Referral.objects.get(repeats=None)
    assert Referral.objects.filter(repeats=first).count() == 9
    # What all ten say is noted once, and one entry of the register stands for it.
    assert Need.objects.count() == 2 and InformalHelp.objects.count() == 1
