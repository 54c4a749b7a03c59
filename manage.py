#!/usr/bin/env python
"""Django's command line. Commands that change the schema or load data connect as the owner."""

import os
import sys

# These need the rights of the database's owner; everything else runs as the application's login.
OWNER_COMMANDS = {
    "createcachetable",
    "flush",
    "load_register",
    "makemigrations",
    "migrate",
    "seed_demo",
    "sqlmigrate",
    "lintmigrations",
}


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddyscheme.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("BUDDY_DB_AS_OWNER", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
