"""What the demo's database and static files need, in one process: Django starts once, not five times.

    python -m script.support.site <folder>

Writes the ready-made accounts to accounts.txt (a table for people) and accounts.json (for the walk) in the folder.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import django
from django.core.management import CommandError, call_command, get_commands
from django.db import connection

from script.support.database import READY, SEEDING, read_mark, write_mark


def has_command(name: str) -> bool:
    """Whether this version of the project has the command."""
    return name in get_commands()


def fill() -> None:
    """Migrate, load what comes with the project, and tell the synthetic prisons' story when there is none yet."""
    with connection.cursor() as cursor:
        filled = read_mark(cursor) == READY
    call_command("migrate", interactive=False)
    if has_command("load_register"):
        call_command("load_register")
    if filled:
        return
    with connection.cursor() as cursor:
        write_mark(cursor, SEEDING)
    if has_command("seed_demo"):
        call_command("seed_demo", prisons=6, months=12, seed=1)
    with connection.cursor() as cursor:
        write_mark(cursor, READY)


def write_accounts(folder: Path) -> None:
    """Write both forms of the list of accounts; the list for programs may be missing."""
    for name, arguments in (("accounts.txt", []), ("accounts.json", ["--format", "json"])):
        text = io.StringIO()
        if has_command("demo_accounts"):
            try:
                call_command("demo_accounts", *arguments, stdout=text)
            except (CommandError, TypeError) as error:
                print(f"demo_accounts {' '.join(arguments)}: {error}")
        (folder / name).write_text(text.getvalue())


def main(folder: Path) -> int:
    """Do all of it."""
    django.setup()
    fill()
    call_command("collectstatic", interactive=False, verbosity=0)
    write_accounts(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
