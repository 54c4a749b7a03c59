"""Migrations: none missing, none in conflict, none auto-named, none that the linter finds unsafe."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from buddyscheme.lib.migrations import Together, together
from tests.meta.source import ROOT

OURS = ("accounts", "schemes", "training", "referrals", "monitoring", "outbox", "scope", "audit")

# What the linter would refuse by its kind, each with the reason why it is safe.
SAFE = {
    "0012_care_at_screening_and_held_words": "its unique constraint has one more column than the one that it replaces,"
    " so every row that is there keeps to it, and code of the release before writes nothing that it refuses",
    "0018_sheets_of_paper": "its unique constraints are of columns that it adds itself: they are empty in every row"
    " that is there, and code of the release before leaves them so",
    "0003_figures_of_periods": "stored figures are worked out from other rows and nothing else writes or reads them;"
    " there is no release before it whose code could",
    "0016_release_groups": "its unique constraint has one more column than the one that it replaces, and code of the"
    " release before leaves that column empty",
}


@pytest.mark.django_db
def test_no_model_is_ahead_of_its_migrations() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_two_migrations_end_a_line() -> None:
    assert MigrationLoader(None, ignore_no_migrations=True).detect_conflicts() == {}


def test_names_say_what_for() -> None:
    for path in ROOT.glob("*/migrations/0*.py"):
        assert not re.search(r"_auto_|_and_more|^\d{4}_alter_|\d{4}_(add|remove)_[a-z]+_[a-z]+_\d", path.name), path


@pytest.mark.django_db
def test_the_linter_finds_nothing_unsafe(capsys: pytest.CaptureFixture[str]) -> None:
    linter = MigrationLinter(
        str(ROOT), include_apps=list(OURS), ignore_name=list(SAFE), no_cache=True, all_warnings_as_errors=False
    )
    linter.lint_all_migrations()
    assert linter.nb_total > 5
    assert not linter.has_errors, capsys.readouterr().out


def test_many_steps_are_taken_together() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    slow = [
        f"{app}.{name}"
        for (app, name), migration in loader.disk_migrations.items()
        if app in OURS
        and len(migration.operations) >= 4
        and not any(isinstance(s, Together) for s in migration.operations)
    ]
    assert not slow, f"end these with `operations = together(operations)`, see docs/adr/0018: {slow}"


def test_tables_and_what_is_added_to_them_are_apart_and_code_stays_alone() -> None:
    table = migrations.CreateModel("thing", [("id", models.AutoField(primary_key=True))])
    field = migrations.AddField("thing", "name", models.CharField(max_length=5, default=""))
    code = migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop)
    steps = together([table, table, field, field, code, field])
    assert [len(step.steps) if isinstance(step, Together) else 0 for step in steps] == [2, 2, 0, 1]
