"""Twenty people enter the same sheet at once: it is saved once, whoever comes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.sheets import Keyed, key_sheet
from referrals.models import Visit
from referrals.rules.sheets import RowEntry, Totals
from tests.builders.visits import helped, log_sheet, planned_on
from tests.cast import acts

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20


def test_misuse_11_a_sheet_entered_twenty_times_at_once_is_saved_once(here, wing, lead, now, at_prison):
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now, wing=wing)
        sheet = log_sheet(here, lead, now, buddy)
        planned = planned_on(plan, london_today(now))
    rows, start = [RowEntry(place=1, planned_id=planned.pk, outcome="DONE", minutes=10)], Barrier(AT_ONCE)

    def enter(_: int) -> object:
        start.wait(30)
        try:
            with scoped(DatabaseRole.WEB, prisons=[here.code]):
                return key_sheet(by=acts(lead, here), now=now, sheet=sheet, rows=rows, totals=Totals(1, 0, 10))
        except NotAllowed as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(enter, range(AT_ONCE)))
    refused = [answer for answer in answers if isinstance(answer, str)]
    assert sum(isinstance(answer, Keyed) for answer in answers) == 1 and len(refused) == AT_ONCE - 1
    assert {answer for answer in refused if "was entered already by Lena Lead" not in answer} == set()
    with at_prison(here):
        assert Visit.objects.count() == 1 and AuditEvent.objects.filter(code="sheets.keyed").count() == 1
