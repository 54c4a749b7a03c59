"""What a terminal can know: no field outside the list reaches a page, and its database role reads nothing else."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, ProgrammingError, connection, models, transaction

from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.models import BuddyNews, Match, Plan, PlannedVisit, PlanTask, TerminalEntry, Visit
from schemes.models import Buddy, Custody, Person
from tests.terminal.test_log_visit import hidden, tap

# No token can hold it by chance.
CANARY = "qz~x"
# What a buddy may see: settled list. Everything else is planted with a canary.
SHOWN = {
    ("Person", "first_name"), ("Person", "preferred_name"), ("Custody", "cell"),
    ("TaskKind", "name"), ("TaskKind", "name_cy"), ("TaskKind", "picture"), ("Module", "title"),
    ("Post", "title"), ("Post", "title_cy"), ("Post", "pay_band_name"), ("Wing", "name"),
}  # fmt: skip
OURS = ("schemes", "training", "referrals", "monitoring", "accounts")

GRANTED = {
    "accounts_prison": {"code", "name", "welsh_name", "nation"},
    "accounts_wing": {"id", "prison_id", "code", "name"},
    "schemes_person": {"id", "first_name", "preferred_name"},
    "schemes_custody": {"id", "person_id", "prison_id", "ended_at", "wing_id", "landing", "cell"},
    "schemes_buddy": {
        "id", "token", "prison_id", "person_id", "status", "source", "applied_on", "post_id", "started_on", "ended_on",
        "scheme_id",
    },
    "schemes_scheme": {"id", "prison_id", "supervision_months", "group_counts"},
    "schemes_post": {
        "id", "token", "prison_id", "wing_id", "title", "title_cy", "weekly_hours", "pay_band", "pay_band_name",
        "status", "advertised_on", "closes_on", "full",
    },
    "schemes_refusal": {"id", "prison_id", "buddy_id", "told_on", "appealed_on", "outcome"},
    "schemes_taskkind": {"code", "group", "name", "name_cy", "kind", "picture", "position"},
    "training_module": {"code", "title", "position", "owner"},
    "training_moduleresult": {
        "id", "prison_id", "person_id", "module_id", "outcome", "assessed_on", "expires_on", "replaces_id",
    },
    "training_supervision": {"id", "prison_id", "buddy_id", "kind", "outcome", "held_on"},
    "referrals_buddynews": {"id", "prison_id", "buddy_id", "told_at"},
    "referrals_plantask": {
        "id", "token", "prison_id", "plan_id", "task_id", "session", "done_by", "stopped_at",
    },
    "referrals_plan": {"id", "prison_id", "person_id", "status", "asked_at", "safety_words"},
    "referrals_match": {"id", "prison_id", "plan_id", "status"},
    "referrals_plannedvisit": {
        "id", "token", "prison_id", "plan_id", "person_id", "buddy_id", "day", "session", "tasks", "minutes",
        "cancelled_at",
    },
    "referrals_referral": {"id", "prison_id", "person_id", "source", "status", "outcome", "referred_at"},
    "referrals_referraltelling": {"id", "prison_id", "referral_id", "audience", "told_at"},
    "referrals_terminaldraft": {"id", "prison_id", "person_id", "for_day", "sealed"},
    "referrals_sessionnotice": {"id", "prison_id", "person_id", "day", "session", "cause", "seen_at"},
    "referrals_visit": {"id", "prison_id", "planned_id", "replaces_id", "day", "outcome", "minutes"},
}  # fmt: skip


def plant() -> int:
    """Put a canary into every free text that is not on the list. Returns into how many columns."""
    planted = 0
    for model in apps.get_models():
        if model._meta.app_label not in OURS or hasattr(model, "pgh_tracked_model"):
            continue
        for field in model._meta.concrete_fields:
            if not isinstance(field, (models.CharField, models.TextField, ArrayField)) or field.choices:
                continue
            if field.primary_key or field.unique or (model.__name__, field.name) in SHOWN or "hash" in field.name:
                continue
            value: object = CANARY
            if isinstance(field, ArrayField):
                if field.base_field.choices or not isinstance(field.base_field, models.CharField):
                    continue
                value = [CANARY]
            if (model.__name__, field.name) == ("PlannedVisit", "tasks"):
                continue
            try:
                with transaction.atomic():
                    planted += bool(model._base_manager.update(**{field.name: value}))
            except DatabaseError:
                continue  # a constraint or a trigger keeps it as it is
    return planted


def walk(client, scene) -> list[str]:
    """Every page of somebody who is in, in both languages."""
    entry = TerminalEntry.objects.get(ended_at=None)
    visit, told = f"/terminal/visit/{scene.planned.token}/", f"/terminal/visit/{entry.token}/"
    pages = []
    for _ in range(2):
        for address in (
            "home/",
            "hide/",
            "draft/",
            "card/",
            "visits/",
            "job/",
            "jobs/",
            "jobs/back/",
            "ask/",
            "ask/new/",
            "ask/thanks/",
            "ask/going/",
            "ask/change/",
            "ask/said/",
            "thanks/",
            "visit/none/",
            "",
        ):
            pages.append(client.get(f"/terminal/{address}", follow=True))
        addresses = [
            visit,
            told,
            tap(client, visit, 0),
            tap(client, visit, 1),
            tap(client, visit, 2),
            tap(client, told, 4),
        ]
        addresses += [tap(client, tap(client, visit, 0), 0), tap(client, tap(client, visit, 0), 1)]
        pages += [client.get(a) for a in addresses]
        client.get("/terminal/look/language/?next=/terminal/")
    finish = client.get(tap(client, tap(client, visit, 0), 0))
    pages.append(client.post(visit, hidden(finish), follow=True))
    pages.append(client.post(visit, {"a": "1", "b": "1", "key": "again"}))
    pages.append(client.get("/terminal/visits/"))
    pages.append(client.post("/terminal/leave/", follow=True))
    return [page.content.decode() for page in pages]


def test_no_field_outside_the_list_reaches_a_page(scene) -> None:
    client = scene.inside()
    assert plant() > 40
    pages = walk(client, scene)
    assert len(pages) > 25
    for page in pages:
        assert CANARY not in page
        assert scene.person.prison_number not in page and scene.recipient.prison_number not in page


def test_no_field_outside_the_list_reaches_a_page_of_somebody_who_is_helped(scene) -> None:
    client = scene.inside(scene.recipient)
    assert plant() > 40
    pages = []
    for _ in range(2):
        going, change = "/terminal/ask/going/", "/terminal/ask/change/"
        one, all_, other = (tap(client, change, place) for place in range(3))
        addresses = [
            "/terminal/home/", going, tap(client, going, 1), tap(client, tap(client, going, 1), 1), change, one,
            tap(client, one, 0), all_, other, tap(client, other, 2), "/terminal/ask/said/", "/terminal/visits/",
        ]  # fmt: skip
        pages += [client.get(address).content.decode() for address in addresses]
        client.get("/terminal/look/language/?next=/terminal/")
    for name in ("told", "stopped"):
        data = {"told": {"w": "3", "x": "3"}, "stopped": {"w": "2"}}[name]
        pages.append(client.post("/terminal/ask/change/", {**data, "key": name}, follow=True).content.decode())
    assert len(pages) > 20 and any("Do you want to stop this?" in page for page in pages)
    for page in pages:
        assert CANARY not in page
        assert scene.person.prison_number not in page and scene.recipient.prison_number not in page


def test_the_walk_finds_a_canary_that_is_shown(scene) -> None:
    client = scene.inside()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE schemes_custody SET cell = %s", [CANARY])
    assert any(CANARY in page for page in walk(client, scene))


def test_titles_say_nothing(scene) -> None:
    client = scene.inside()
    for page in walk(client, scene):
        title = page.split("<title>")[1].split("</title>")[0]
        assert title in ("Buddy terminal", "Terfynell cyfaill")


@pytest.mark.django_db
def test_the_role_may_read_these_columns_and_do_nothing_else() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, privilege_type FROM information_schema.column_privileges"
            " WHERE grantee = %s",
            [DatabaseRole.TERMINAL],
        )
        rows = cursor.fetchall()
    granted: dict[str, set[str]] = {}
    for table, column, privilege in rows:
        assert privilege == "SELECT"
        granted.setdefault(table, set()).add(column)
    assert granted == GRANTED


def test_the_role_sees_only_the_person_and_their_own_visits(scene, here, lead, wing, now) -> None:
    from tests.builders.visits import day_opened, helped

    with scene.at_prison(here):
        helped(here, lead, now, wing=wing)
        day_opened(here, now.date(), now)
    assert Person.objects.count() >= 4
    with scoped(DatabaseRole.TERMINAL, prisons=[here.code], person_id=scene.person.pk):
        people = set(Person.objects.values_list("id", flat=True))
        assert people == {scene.person.pk, scene.recipient.pk}
        assert set(Custody.objects.values_list("person_id", flat=True)) == people
        assert set(PlannedVisit.objects.values_list("id", flat=True)) == {scene.planned.pk}
        assert set(Buddy.objects.values_list("id", flat=True)) == {scene.buddy.pk}
        assert not Visit.objects.values_list("id", flat=True)
        assert set(Plan.objects.values_list("id", flat=True)) == {scene.plan.pk}
        assert not Match.objects.values_list("id", flat=True), "who else helps is the person's own"
        assert not PlanTask.objects.values_list("id", flat=True), "what is agreed beside the visit is the person's own"
    with scoped(DatabaseRole.TERMINAL, prisons=[here.code], person_id=scene.recipient.pk):
        assert set(Person.objects.values_list("id", flat=True)) == {scene.recipient.pk}
        assert not PlannedVisit.objects.values_list("id", flat=True)
        assert set(Match.objects.values_list("plan", flat=True)) == {scene.plan.pk}
        assert set(PlanTask.objects.values_list("plan", flat=True)) == {scene.plan.pk}
        assert not BuddyNews.objects.values_list("id", flat=True)
    PlannedVisit.objects.update(cancelled_at=now)
    with scoped(DatabaseRole.TERMINAL, prisons=[here.code], person_id=scene.person.pk):
        assert set(Person.objects.values_list("id", flat=True)) == {scene.person.pk}
        assert not Plan.objects.values_list("id", flat=True), "a visit that is cancelled tells nothing any more"
    with scoped(DatabaseRole.TERMINAL, prisons=[here.code]):
        assert not Person.objects.values_list("id", flat=True)
    with scoped(DatabaseRole.TERMINAL, prisons=["ZZZ"], person_id=scene.person.pk):
        assert not Person.objects.values_list("id", flat=True)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT last_name FROM schemes_person",
        "SELECT prison_number FROM schemes_person",
        "SELECT own_words FROM referrals_plan",
        "SELECT * FROM schemes_keepapart",
        "SELECT * FROM referrals_concern",
        "SELECT reason FROM referrals_referral",
        "SELECT * FROM referrals_need",
        "SELECT event FROM referrals_buddynews",
        "SELECT person_id FROM referrals_buddynews",
        "SELECT themes FROM training_supervision",
        "SELECT note FROM referrals_plantask",
        "SELECT * FROM referrals_ownwish",
        "SELECT * FROM referrals_dangercall",
        "SELECT * FROM referrals_informalhelp",
        "SELECT * FROM referrals_terminalcode",
        "SELECT * FROM accounts_user",
        "SELECT * FROM django_session",
        "UPDATE referrals_plannedvisit SET minutes = 1",
        "INSERT INTO scope_submission (actor, key, path, location) VALUES ('a', 'b', 'c', '')",
    ],
)
def test_the_role_is_refused(here, sql) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        scoped(DatabaseRole.TERMINAL, prisons=[here.code], person_id=1),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
