"""`manage.py read_events PATH --prison ZTA --by name@example.test`: a file of events, read from a terminal."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.queries.staff import acting_at
from buddyscheme.accounts.roles import permissions_of
from buddyscheme.lib.csv_rows import decoded
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.actions.directory_events import read_events
from schemes.models import DirectoryEvent


class Command(BaseCommand):
    """Runs in the name of an account that may read events at the prison: nothing is changed by nobody."""

    help = "Read a file of domain events (JSON list, or one event a line) for one prison."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--prison", required=True, help="the prison's code")
        parser.add_argument("--by", required=True, help="e-mail of the account in whose name the events are read")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            text = decoded(options["path"].read_bytes())
        except OSError as error:
            raise CommandError(f"The file cannot be opened: {error.strerror}.") from error
        with scoped(DatabaseRole.WEB, prisons=[options["prison"]]):
            prison = Prison.objects.filter(code=options["prison"]).first()
            if prison is None:
                raise CommandError("There is no prison with this code.")
            try:
                actor = _actor(options["by"], prison, now)
                file = read_events(by=actor, now=now, prison=prison, name=options["path"].name, text=text)
            except NotAllowed as error:
                raise CommandError(str(error)) from error
        counts = Counter(line["outcome"] for line in file.lines)
        for code, label in DirectoryEvent.Outcome.choices:
            if counts[code]:
                self.stdout.write(f"{label}: {counts[code]}")


def _actor(email: str, prison: Prison, now: Any) -> Actor:
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    actor = acting_at(prison, user, on=london_today(now)) if user is not None else None
    if actor is None or P.EVENTS_READ not in permissions_of(list(actor.roles)):
        raise NotAllowed("This account may not read events at this prison.")
    return actor
