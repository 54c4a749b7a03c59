"""A class on one page: one module, one day, everybody, one save."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from tests import cast
from tests.builders import buddies as build
from training.actions.results import record_results
from training.models import Module, ModuleResult
from training.queries.results import module_states, modules_of_tasks
from training.rules.results import expires_after

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def group(here, lead, wing, now, at_prison):
    with at_prison(here):
        return [build.in_training(here, lead, now, wing=wing) for _ in range(3)]


@pytest.fixture
def module(group):
    return Module.objects.order_by("position").first()


def url_of(here, module, query=""):
    return reverse("training:record_class", args=[here.code, module.code]) + query


def answers(group, *outcomes, on="2026-11-23"):
    said = {f"outcome-{buddy.token}": outcome for buddy, outcome in zip(group, outcomes, strict=True)}
    return {"assessed_on": on, **said}


def test_works(signed_in, here, trainer, group, module):
    answer = signed_in(trainer).post(url_of(here, module), answers(group, "PASSED", "NOT_YET", "NOT_THERE"))
    assert answer.status_code == 302
    results = {result.buddy_id: result for result in ModuleResult.objects.all()}
    assert {pk: result.outcome for pk, result in results.items()} == {group[0].pk: "PASSED", group[1].pk: "NOT_YET"}
    passed = results[group[0].pk]
    assert (passed.expires_on, passed.recorded_by_id) == (date(2027, 11, 23), trainer.pk)
    assert results[group[1].pk].expires_on is None


def test_a_class_of_twelve_is_one_page_one_save_and_few_queries(
    signed_in, here, lead, trainer, wing, now, at_prison, group, module
):
    with at_prison(here):
        more = [*group, *(build.in_training(here, lead, now, wing=wing) for _ in range(9))]
    client = signed_in(trainer)
    page = client.get(url_of(here, module)).content.decode()
    assert page.count("Was not there") >= 12 and page.count("<fieldset") == 13
    with CaptureQueriesContext(connection) as captured:
        assert client.post(url_of(here, module), answers(more, *["PASSED"] * 12)).status_code == 302
    assert len(captured) < 35 and ModuleResult.objects.count() == 12


def test_lists_those_who_need_it_first(signed_in, here, trainer, group, module):
    client = signed_in(trainer)
    client.post(url_of(here, module), answers(group, "PASSED", "NOT_YET", "NOT_THERE"))
    assert group[0].token not in client.get(url_of(here, module)).content.decode()
    assert group[0].token in client.get(url_of(here, module, "?everybody=yes")).content.decode()


def test_needs_the_permission(signed_in, here, lead, officer, module):
    for user in (lead, officer):
        assert signed_in(user).get(url_of(here, module)).status_code == 403


def test_another_prisons_is_404(signed_in, here, elsewhere, outsider, group, module):
    stranger = cast.make_staff("Tom Other", "TRAINER", elsewhere)
    assert signed_in(stranger).get(url_of(here, module)).status_code == 404
    signed_in(stranger).post(url_of(elsewhere, module), answers(group, "PASSED", "PASSED", "PASSED"))
    assert not ModuleResult.objects.exists()


def test_an_unknown_module_is_404(signed_in, here, trainer, module):
    url = reverse("training:record_class", args=[here.code, "NOPE"])
    assert signed_in(trainer).get(url).status_code == 404


def test_refused_for_somebody_who_is_not_in_training(here, lead, trainer, wing, now, at_prison, module):
    with at_prison(here):
        applicant = build.applied(here, lead, now, wing=wing)
        with pytest.raises(NotAllowed, match="is not in training"):
            build.pass_module(applicant, module, trainer, now)


def test_refused_for_a_buddy_of_another_prison(here, elsewhere, trainer, group, now, at_prison, module):
    with at_prison(elsewhere), pytest.raises(NotAllowed, match="not a buddy of this prison"):
        record_results(
            by=cast.acts(trainer, here),
            now=now,
            prison=elsewhere,
            module=module,
            assessed_on=now.date(),
            outcomes=[(group[0], "PASSED")],
        )


@pytest.mark.parametrize(
    ("on", "says"),
    [
        ("2026-11-24", "must be today or in the past"),
        ("2019-11-24", "must be on or after"),
        ("2026-11-22", "applied on 23 November 2026, after this class"),
        ("2026-02-30", "must be a real date"),
        ("", "Enter the date of the class"),
    ],
)
def test_rejects_bad_dates_and_keeps_the_marks(signed_in, here, trainer, group, module, on, says):
    answer = signed_in(trainer).post(url_of(here, module), answers(group, "PASSED", "NOT_YET", "PASSED", on=on))
    page = answer.content.decode()
    assert answer.status_code == 200 and says in page
    assert page.count("checked") >= 3 and not ModuleResult.objects.exists()


def test_a_class_where_nobody_was_is_refused(signed_in, here, trainer, group, module):
    answer = signed_in(trainer).post(url_of(here, module), answers(group, *["NOT_THERE"] * 3))
    assert "for at least one person" in answer.content.decode()


def test_the_newest_result_counts_and_none_is_changed(here, lead, trainer, group, module, now, at_prison):
    buddy = group[0]
    with at_prison(here):
        build.pass_module(buddy, module, trainer, now)
        assert module.code in module_states([buddy.pk], now.date())[buddy.pk].in_date
        build.pass_module(buddy, module, trainer, now, outcome="NOT_YET")
        assert module_states([buddy.pk], now.date())[buddy.pk].in_date == frozenset()
    assert ModuleResult.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        ModuleResult.objects.update(outcome="PASSED")


def test_the_same_result_again_is_not_added_twice(signed_in, here, trainer, group, module):
    client = signed_in(trainer)
    for _ in range(2):
        client.post(url_of(here, module), answers(group, "PASSED", "PASSED", "NOT_THERE"))
    assert ModuleResult.objects.count() == 2


def test_leaves_the_audit_event(signed_in, here, trainer, group, module):
    signed_in(trainer).post(url_of(here, module), answers(group, "PASSED", "NOT_YET", "NOT_THERE"))
    event = AuditEvent.objects.get(code="training.results_recorded")
    assert (event.actor_id, event.subject_id) == (trainer.pk, module.code)
    assert (event.details["passed"], event.details["not_yet"], len(event.details["people"])) == (1, 1, 2)


@pytest.mark.parametrize(
    ("day", "months", "ends"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 23), 36, date(2029, 11, 23)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 12, 1), None, None),
    ],
)
def test_refreshing(day, months, ends):
    assert expires_after(day, months) == ends


def test_a_task_without_modules_of_its_own(db):
    assert modules_of_tasks(["DOM-99"]) == {"DOM-99": frozenset()}
