"""Letterboxes of schemes."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.queries.staff import acting_at
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.sheet_rows import sheet_of_file
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.actions import imports as actions
from schemes.models import ImportContent, ImportFile
from schemes.queries.imports import at_work, is_free

log = logging.getLogger(__name__)
State = ImportFile.State


# The longest step saves 500 people with their plans, each by the actions of the pages.
LONGEST = {"soft_time_limit": 1500, "time_limit": 1560}


@shared_task(**LONGEST)
def go_on_with_imports() -> None:
    """Whatever a worker left undone, or was not told about. Runs again and again."""
    with scoped(DatabaseRole.NATIONAL):
        waiting = list(at_work().values_list("pk", flat=True))
    for import_id in waiting:
        try:
            go_on_with_import(import_id=import_id)
        except Exception as error:
            # One that fails keeps no other waiting. The kind of fault only: its words may hold what somebody typed.
            log.error("import %s failed with %s", import_id, type(error).__name__)


@shared_task(**LONGEST)
def go_on_with_import(*, import_id: int) -> None:
    """Read, check or save one import from where it stands. Twice is harmless."""
    with scoped(DatabaseRole.NATIONAL):
        file = ImportFile.objects.select_related("save_asked_by", "prison").filter(pk=import_id).first()
    if file is None:
        return
    if file.state == State.STAGING:
        _read(file)
    if file.state in (State.STAGING, State.CHECKING):
        with scoped(DatabaseRole.WEB, prisons=[file.prison_id]):
            actions.check_file(by=Actor.system(), now=timezone.now(), file=file)
    if file.state == State.SAVING:
        with scoped(DatabaseRole.WEB, prisons=[file.prison_id]):
            actions.save_rows(by=_who_asked(file), now=timezone.now(), file=file)


def _who_asked(file: ImportFile) -> Actor:
    """Whoever pressed the button, with the roles that they hold today."""
    user = file.save_asked_by
    assert user is not None
    return acting_at(file.prison, user, on=london_today(timezone.now()))


def _read(file: ImportFile) -> None:
    """Each part of the rows in a transaction of its own, so that what is read stays read."""
    with scoped(DatabaseRole.WEB, prisons=[file.prison_id]):
        content = ImportContent.objects.filter(file=file).first() if is_free(file) else None
        if content is None:
            return
        place, rows = sheet_of_file(bytes(content.content))
    numbered = list(enumerate(rows[place + 1 :], start=place + 2))
    more = True
    while more:
        with scoped(DatabaseRole.WEB, prisons=[file.prison_id]):
            more = actions.stage_rows(by=Actor.system(), now=timezone.now(), file=file, rows=numbered)


@shared_task
def sweep_imports() -> None:
    """Rows of imports do not outlive their days. Runs again and again."""
    with scoped(DatabaseRole.NATIONAL):
        actions.empty_old(by=Actor.system(), now=timezone.now())
