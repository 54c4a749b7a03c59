"""Loading the register: complete, safe to repeat, and it touches nothing that people have set."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.register import kind_of
from buddyscheme.audit.models import AuditEvent
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.models import CompactText, TaskKind
from training.models import Module, TaskModule


@pytest.fixture
def loaded(db: None, capsys: pytest.CaptureFixture[str]) -> str:
    call_command("load_register")
    return capsys.readouterr().out


def test_loads_every_prison_switched_off(loaded: str) -> None:
    assert Prison.objects.count() == 127
    assert not Prison.objects.filter(switched_on=True).exists()
    assert not Prison.objects.filter(fictional=True).exists()
    assert Prison.objects.filter(in_scope=True).count() == 122
    assert "127 prisons" in loaded


def test_prisons_in_wales_have_their_welsh_name(loaded: str) -> None:
    welsh = Prison.objects.filter(nation="WALES")
    assert welsh.count() == 7
    assert not welsh.filter(welsh_name="").exists()
    assert Prison.objects.get(code="SWI").welsh_name == "Carchar Abertawe"


def test_each_prison_has_the_council_that_is_asked(loaded: str) -> None:
    councils = dict(Prison.objects.filter(closed=False).values_list("code", "council"))
    assert (councils["LEI"], councils["SWI"]) == ("Leeds City Council", "Swansea Council")
    assert all(councils.values())


def test_kinds_follow_the_register(loaded: str) -> None:
    kinds = Counter(Prison.objects.values_list("kind", flat=True))
    assert kinds["WOMEN"] == 12
    assert kinds["OPEN"] == 13
    assert set(Prison.objects.filter(closed=True).values_list("code", flat=True)) == {"CKI", "DAI"}
    assert Prison.objects.get(code="AGI").holds_women


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("Reception (local)", "LOCAL"),
        ("Category B training with a high-security core", "HIGH_SECURITY"),
        ("Category C training (adult men; former YOI)", "TRAINER"),
        ("Young adult / Category C training", "YOUNG"),
        ("Something new", "OTHER"),
    ],
)
def test_kind_of(function: str, kind: str) -> None:
    assert kind_of(gender="male", function=function, open_prison=False, in_scope=True) == kind


def test_loads_the_catalogue(loaded: str) -> None:
    kinds = Counter(TaskKind.objects.values_list("kind", flat=True))
    assert kinds == {"PERMITTED": 22, "RESTRICTED": 6, "PROHIBITED": 16}
    opens = dict(TaskKind.objects.filter(kind="PROHIBITED").values_list("code", "opens"))
    assert [opens[f"PRO-{n:02}"] for n in range(1, 17)] == ["UNMET_NEED"] * 11 + ["CONCERN"] * 5
    assert set(TaskKind.objects.filter(essential=True).values_list("code", flat=True)) == {"DOM-03", "DOM-04", "DOM-05"}
    assert not TaskKind.objects.filter(name_cy="").exists()
    assert not TaskKind.objects.filter(kind="PROHIBITED", refusal="").exists()


def test_loads_modules_with_their_tasks(loaded: str) -> None:
    assert Module.objects.count() == 14
    assert not Module.objects.filter(hours__isnull=False).exists()  # no source gives hours
    assert {"MOB-01", "MOB-02"} == set(TaskModule.objects.filter(module="MOD-12").values_list("task_id", flat=True))


def test_compact_names_the_boundaries(loaded: str) -> None:
    text = CompactText.objects.get(version=1).text
    for words in ("personal care", "money", "tell staff", "lift", "medicine"):
        assert words in text


def test_running_it_again_changes_nothing_that_people_set(loaded: str) -> None:
    Prison.objects.filter(code="LEI").update(switched_on=True, name="Old name")
    Prison.objects.create(code="ZZZ", name="Madeup", nation="ENGLAND", kind="OPEN", fictional=True, switched_on=True)
    Prison.objects.create(code="QQQ", name="Gone", nation="ENGLAND", kind="OPEN")
    CompactText.objects.filter(version=1).update(text="As signed")
    TaskModule.objects.create(task_id="COM-01", module_id="MOD-12")
    call_command("load_register")
    leeds = Prison.objects.get(code="LEI")
    assert leeds.switched_on and leeds.name == "Leeds"
    assert not Prison.objects.get(code="ZZZ").closed
    assert Prison.objects.get(code="QQQ").closed
    assert CompactText.objects.get(version=1).text == "As signed"
    assert not TaskModule.objects.filter(task_id="COM-01").exists()
    assert TaskKind.objects.count() == 44


def test_leaves_the_audit_event(loaded: str) -> None:
    event = AuditEvent.objects.get(code="register.loaded")
    assert event.actor_kind == "system" and event.details["prisons"] == 127


def test_says_what_to_do_without_the_owners_rights(db: None) -> None:
    with scoped(DatabaseRole.WEB), pytest.raises(CommandError, match="database's owner"):
        call_command("load_register")
