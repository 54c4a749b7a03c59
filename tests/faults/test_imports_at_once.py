"""Workers and presses that meet: every row is saved once, or its file is given back whole."""

from __future__ import annotations

import pytest
from django.utils import timezone

from buddyscheme.audit.models import AuditEvent
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.actions.imports import ask_to_save, save_rows, stage_rows
from schemes.models import Custody, ImportFile, ImportRow
from tests.builders.imports import checked, uploaded
from tests.cast import acts
from tests.faults.test_matches_at_once import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_presses_and_two_workers_save_once(here, wing, lead, at_prison):
    now, by = timezone.now(), acts(lead, here)
    with at_prison(here):
        file = checked(here, lead, now, good=20, bad=0)
    all_at_once(here, [lambda: ask_to_save(by=by, now=now, file=file)] * 2)
    done = all_at_once(here, [lambda: save_rows(by=by, now=now, file=file)] * 4)
    assert sorted(map(str, done)) == ["False", "False", "False", "True"]
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        assert Custody.objects.for_prison(here).count() == 20
        assert ImportFile.objects.get(pk=file.pk).saved == 20
        assert AuditEvent.objects.filter(code="import.committed").count() == 1


def test_of_two_files_with_the_same_people_one_is_given_back_whole(here, wing, lead, at_prison):
    now, by = timezone.now(), acts(lead, here)
    with at_prison(here):
        files = [checked(here, lead, now, good=10, bad=0) for _ in range(2)]
        for file in files:
            ask_to_save(by=by, now=now, file=file)
    all_at_once(here, [lambda file=file: save_rows(by=by, now=now, file=file) for file in files])
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        assert Custody.objects.for_prison(here).count() == 10
        # The second either finds them all here already, or is refused at the first row and keeps everything.
        states = sorted(ImportFile.objects.for_prison(here).values_list("state", "saved"))
        assert states in ([("CHECKED", 0), ("SAVED", 10)], [("SAVED", 0), ("SAVED", 10)])


def test_two_workers_read_a_file_once(here, wing, lead, at_prison):
    now, by = timezone.now(), acts(lead, here)
    with at_prison(here):
        file = uploaded(here, lead, now, good=30, bad=0)
        ImportFile.objects.filter(pk=file.pk).update(state="STAGING")
    rows = [(n, [f"Z{n:04d}ZX", "Kit", "Listed", "A"]) for n in range(2, 32)]
    all_at_once(here, [lambda: stage_rows(by=by, now=now, file=file, rows=rows)] * 4)
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        assert ImportRow.objects.for_prison(here).count() == 30
        assert AuditEvent.objects.filter(code="import.read").count() == 1
