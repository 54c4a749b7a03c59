"""National modules by the national lead, a prison’s own, and tasks that ask for them. Nothing is lost."""

from __future__ import annotations

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from schemes.catalogue import load_tasks
from tests import cast
from tests.builders import buddies as build
from tests.builders import training
from tests.builders.buddies import as_owner
from training.actions.appointments import appoint
from training.actions.catalogue import change_local_module, change_national_module, set_local_tasks
from training.catalogue import load_modules
from training.models import LocalTaskModule, Module, ModuleVersion, TaskModule
from training.queries.appointments import missing_of
from training.queries.results import mandatory_codes, modules, modules_for_tasks, modules_of_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def loaded(db):
    with as_owner():
        load_tasks()
        load_modules()


def answers(**changes):
    return {
        "title": "Deaf awareness", "title_cy": "", "hours": "1.5", "mandatory": "no", "practical": "yes",
        "refresh_months": "24", "source": "Local charity", **changes,
    }  # fmt: skip


def at(here, name, *args):
    return reverse(f"training:{name}", args=[here.code, *args])


def test_a_prison_adds_its_own(signed_in, here, lead, loaded):
    answer = signed_in(lead).post(at(here, "add_module"), answers())
    module = Module.objects.get(code=f"{here.code}-01")
    assert answer["Location"] == at(here, "module", module.code)
    assert (str(module.hours), module.practical, module.refresh_months) == ("1.5", True, 24)
    assert AuditEvent.objects.filter(code="training.module_added", actor_id=lead.pk).exists()


def test_needs_the_permission(signed_in, here, officer, inspector, lead, loaded):
    assert signed_in(officer).get(at(here, "add_module")).status_code == 403
    for user in (inspector, lead):
        assert signed_in(user).get(reverse("national_training:modules")).status_code == 403


def test_nobody_sees_or_needs_another_prisons_module(
    signed_in, here, elsewhere, lead, outsider, loaded, now, at_prison
):
    with at_prison(elsewhere):
        theirs = training.local_module(elsewhere, outsider, now, title="Only theirs", mandatory=True)
    page = signed_in(lead).get(at(here, "catalogue")).content.decode()
    assert "Only theirs" not in page
    assert signed_in(lead).get(at(here, "module", theirs.code)).status_code == 404
    assert theirs.code in mandatory_codes(elsewhere) and theirs.code not in mandatory_codes(here)
    with at_prison(here):
        # The database itself hides it, also where a query forgets the prison.
        assert not Module.objects.filter(code=theirs.code).exists()
        assert Module.objects.filter(code="MOD-01").exists()


def test_a_prisons_pages_cannot_write_a_national_module(here, loaded, at_prison):
    with at_prison(here):
        assert Module.objects.filter(code="MOD-01").update(title="Ours now") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Module.objects.create(code="MOD-99", title="Forged", source="Nowhere")
    assert Module.objects.get(code="MOD-01").title != "Ours now"


def test_a_mandatory_module_of_the_prison_counts_at_the_gate(here, lead, wing, now, at_prison):
    with at_prison(here):
        ready = build.trained(build.compact_signed(build.in_training(here, lead, now, wing=wing), lead, now), lead, now)
        assert missing_of(ready, now.date()) == []
        own = training.local_module(here, lead, now, title="Our wing", mandatory=True)
        with pytest.raises(NotAllowed, match=r"Still needed: 1 module \(Our wing\)"):
            appoint(by=cast.acts(lead, here), now=now, buddy=ready, started_on=now.date())
        build.pass_module(ready, own, lead, now)
        appoint(by=cast.acts(lead, here), now=now, buddy=build.fresh(ready), started_on=now.date())


def test_tasks_ask_for_modules_here_on_top_of_the_national_ones(signed_in, here, elsewhere, lead, loaded, at_prison):
    client = signed_in(lead)
    page = client.get(at(here, "module_tasks", "MOD-12")).content.decode()
    assert 'value="MOB-01"' not in page and "That cannot be taken away here" in page
    client.post(at(here, "module_tasks", "MOD-12"), {"tasks": ["COM-01"]})
    assert modules_of_tasks(["COM-01", "MOB-01"], here) == {"COM-01": {"MOD-12"}, "MOB-01": {"MOD-12"}}
    assert modules_of_tasks(["COM-01"], elsewhere) == {"COM-01": frozenset()}
    with at_prison(here):
        needed = {m.code: set(m.for_tasks or []) for m in modules_for_tasks(here, ["COM-01", "MOB-01"])}
    assert needed["MOD-12"] == {"COM-01", "MOB-01"} and needed["MOD-13"] == set()
    client.post(at(here, "module_tasks", "MOD-12"), {"form_key": "second"})
    assert LocalTaskModule.objects.get().ended_by_id == lead.pk
    assert TaskModule.objects.filter(module="MOD-12").count() == 2


def test_a_task_that_needs_it_everywhere_and_a_prohibited_one_are_refused(here, lead, loaded, now, at_prison):
    module = Module.objects.get(code="MOD-12")
    with at_prison(here):
        for tasks, says in ((["MOB-01"], "at every prison already"), (["PRO-03"], "only tasks that are on the page")):
            with pytest.raises(NotAllowed, match=says):
                set_local_tasks(by=cast.acts(lead, here), now=now, prison=here, module=module, tasks=tasks)


def test_a_national_amendment_keeps_what_was_said_before(signed_in, national_lead, loaded):
    module = Module.objects.get(code="MOD-12")
    url = reverse("national_training:change_module", args=["MOD-12"])
    changed = answers(title="Wheelchair, stair lift and hoist", version=1, in_use="yes", hours="3")
    assert signed_in(national_lead).post(url, changed).status_code == 302
    module.refresh_from_db()
    assert (module.version, str(module.hours)) == (2, "3.0")
    kept = list(ModuleVersion.objects.order_by("number").values_list("number", "title", "changed_by"))
    assert kept == [(1, "Wheelchair and stair lift", None), (2, "Wheelchair, stair lift and hoist", national_lead.pk)]
    page = signed_in(national_lead).get(reverse("national_training:module", args=["MOD-12"])).content.decode()
    assert "As first loaded" in page and "Nat National" in page
    with as_owner():
        load_modules()
    module.refresh_from_db()
    assert module.title == "Wheelchair, stair lift and hoist"


def test_a_national_module_is_added(signed_in, national_lead, loaded):
    signed_in(national_lead).post(reverse("national_training:add_module"), answers(mandatory="yes"))
    module = Module.objects.get(code="MOD-15")
    assert (module.owner, module.mandatory, module.position) == ("", True, 15)
    assert AuditEvent.objects.filter(code="training.module_added", actor_id=national_lead.pk).exists()


def test_somebody_else_changed_it_first(signed_in, national_lead, loaded, now):
    module = Module.objects.get(code="MOD-12")
    by = cast.acts(national_lead)
    change_national_module(
        by=by, now=now, module=module, words=training.words(title="First"), withdrawn=False, version=1
    )
    url = reverse("national_training:change_module", args=["MOD-12"])
    page = signed_in(national_lead).post(url, answers(version=1, in_use="yes")).content.decode()
    assert "Somebody else changed this module" in page and "Deaf awareness" in page


def test_a_prison_cannot_change_a_national_module(signed_in, here, lead, loaded, now, at_prison):
    assert signed_in(lead).get(at(here, "change_module", "MOD-12")).status_code == 404
    module = Module.objects.get(code="MOD-12")
    with at_prison(here), pytest.raises(NotAllowed, match="Ask the national lead"):
        change_local_module(
            by=cast.acts(lead, here), now=now, prison=here, module=module, words=training.words(), withdrawn=True,
            version=1,
        )  # fmt: skip


def test_a_withdrawn_module_is_asked_of_nobody(signed_in, here, lead, loaded, now, at_prison):
    with at_prison(here):
        own = training.local_module(here, lead, now, mandatory=True)
    changed = answers(version=1, in_use="no", mandatory="yes")
    assert signed_in(lead).post(at(here, "change_module", own.code), changed).status_code == 302
    assert own.code not in mandatory_codes(here) and own not in modules(here)
    assert "No longer used" in signed_in(lead).get(at(here, "catalogue")).content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": ""}, "Enter the title"),
        ({"title": "Duty of care"}, "There already is a module “Duty of care”"),
        ({"hours": "two"}, "Enter hours as a number"),
        ({"hours": "0"}, "Hours must be more than 0"),
        ({"refresh_months": "0"}, "Enter a whole number from 1 to 120"),
        ({"mandatory": ""}, "Select yes or no"),
        ({"source": ""}, "Enter where it comes from"),
    ],
)
def test_rejects_bad_input_and_keeps_what_was_typed(signed_in, here, trainer, loaded, change, says):
    page = signed_in(trainer).post(at(here, "add_module"), answers(**change)).content.decode()
    assert says in page
    assert "Local charity" in page or "source" in change
    assert not Module.objects.filter(code__startswith=here.code).exists()
