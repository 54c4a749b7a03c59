"""Twenty rows need no more queries than two, on every list.

One prison is filled with two of everything, every list is counted, eighteen more of everything come, and every
list is counted again. No page may need more than fifteen beside those that every page needs.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.lib.dates import quarter_of, week_of
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import (
    ApiKey,
    ApiUse,
    Extract,
    HandReturn,
    Inspection,
    PayFile,
    PayLine,
    PayPeriod,
    PriceIndex,
    Release,
    ReleaseReport,
    ReleaseRequest,
)
from monitoring.pay_lines import recount
from monitoring.queries.self_assessment import assessment_of
from monitoring.standards import ITEMS
from referrals.actions.equipment import add_equipment
from referrals.actions.receivers import give_access
from referrals.actions.unmet_needs import meet_unmet_need
from referrals.models import (
    Concern,
    HeldText,
    Match,
    MatchStop,
    Need,
    PaperSheet,
    PaperSlip,
    PatternHit,
    PatternRow,
    Plan,
    PlannedVisit,
    PlanTask,
    Referral,
    TerminalWindow,
    Visit,
)
from referrals.queries.matches import waiting_for_buddy
from schemes.actions.keep_apart import keep_apart
from schemes.actions.regime import record_lock_down
from schemes.models import (
    Buddy,
    Clearance,
    CompactText,
    Custody,
    EventFile,
    ImportFile,
    ImportRow,
    Scheme,
    StandDown,
    TakeOver,
    TakeOverBatch,
)
from tests import cast
from tests.builders import (
    api,
    buddies,
    care,
    digests,
    directory,
    extracts,
    hours,
    imports,
    moving,
    packs,
    pay,
    posts,
    quality,
    referrals,
    self_assessment,
    terminal,
    training,
    visits,
)
from tests.builders.schemes import arrived, person_in
from tests.meta.access import NATIONAL_ROLES, PRISON_ROLES
from tests.meta.source import modules
from tests.meta.test_constraints import copy_of
from tests.meta.world import BACKEND, DEPARTMENTS, NOW, TODAY, Url, pattern_of, roles_of, urls
from training.actions.sessions import book_people
from training.models import (
    ClassSession,
    Module,
    RestrictedTask,
    Supervision,
    SupervisionAction,
    TakeOverFile,
    TakeOverLine,
)
from training.queries.sessions import people_of

FEW, MANY = 2, 20
# Plans began ten days ago, so that last week has visits.
THEN = NOW - timedelta(days=10)
YESTERDAY = TODAY - timedelta(days=1)
LAST_WEEK = date(2026, 11, 18)
# Whoever rests on the one works on the other.
DAY_AFTER = date(2026, 11, 19)

# Every address whose view pages a list. The test below finds them on the syntax tree.
LISTS = (
    "accounts:audit",
    "accounts:staff",
    "accounts:wings",
    "monitoring:data_queries",
    "monitoring:digests",
    "monitoring:inspections",
    "monitoring:outcomes",
    "monitoring:pay",
    "monitoring:pay_differences",
    "monitoring:pay_period",
    "monitoring:pay_rates",
    "monitoring:reports",
    "monitoring:self_actions",
    "monitoring:staff_work",
    "national:alerts",
    "national:api_keys",
    "national:compacts",
    "national:digests",
    "national:extracts",
    "national:inspections",
    "national:on_site_cases",
    "national:releases",
    "national:reports",
    "referrals:assessments",
    "referrals:changes",
    "referrals:best_interests",
    "referrals:without_approval",
    "referrals:concerns",
    "referrals:concerns_raised",
    "referrals:danger",
    "referrals:held_texts",
    "referrals:patterns",
    "referrals:pattern",
    "referrals:helped",
    "referrals:informal_helps",
    "referrals:lapsed",
    "referrals:matches",
    "referrals:matches_stopped",
    "referrals:matches_waiting",
    "referrals:news",
    "referrals:notes",
    "referrals:own_wishes",
    "referrals:packs",
    "referrals:care_records",
    "referrals:falls",
    "referrals:handovers",
    "referrals:people_to_ask",
    "referrals:person_needs",
    "referrals:person_unmet_needs",
    "referrals:person_informal_help",
    "referrals:person_plans",
    "referrals:person_referrals",
    "referrals:plan_versions",
    "referrals:plans",
    "referrals:reception",
    "referrals:referrals",
    "referrals:referrals_made",
    "referrals:sheets",
    "referrals:slip_choose",
    "referrals:stand_downs",
    "referrals:tellings",
    "referrals:cards",
    "referrals:terminal_tries",
    "referrals:terminals",
    "referrals:unmet_needs",
    "referrals:visits",
    "referrals:visits_missing",
    "referrals:week",
    "referrals:welfare_checks",
    "referrals:workload",
    "schemes:absences",
    "schemes:alert_meanings",
    "schemes:alerts",
    "schemes:buddies",
    "schemes:claims",
    "schemes:clearances",
    "schemes:compacts",
    "schemes:import_file",
    "schemes:imports",
    "schemes:event_file",
    "schemes:event_files",
    "schemes:events_to_look_at",
    "schemes:interviews",
    "schemes:keep_apart",
    "schemes:lock_downs",
    "schemes:people",
    "schemes:pool",
    "schemes:posts",
    "schemes:refusals",
    "schemes:prompts",
    "schemes:protected_time",
    "schemes:renewals",
    "schemes:take_overs",
    "national_training:modules",
    "training:board",
    "training:catalogue",
    "training:due",
    "training:modules",
    "training:sessions",
    "training:supervision",
    "training:briefings",
    "training:overrides",
    "training:restricted",
)
# Pages that show many rows without pages of 25.
LONG_PAGES = (
    "referrals:schedule",
    "referrals:nobody_comes",
    "home:prison",
    "national:restricted",
    "monitoring:figures",
    "monitoring:figure",
    "monitoring:costs",
    "monitoring:cost_quarter",
    "monitoring:outcome_results",
    "monitoring:outcomes_of_plan",
    "monitoring:population",
    "monitoring:typed",
    "national:api_key",
    "national:extract",
    "national:measures",
    "national:on_site",
    "national:prices",
    "monitoring:quality",
    "monitoring:quarters",
    "monitoring:quarter",
    "national:returns",
    "national:hand_returns",
    "national:hand_returns_of",
    "national:release_coverage",
    "national:release_equality",
    "monitoring:hand_returns",
    "national:data_queries",
    "monitoring:check_pay_file",
    "monitoring:pay_amounts",
    "monitoring:pay_bands",
    "monitoring:pay_differences_print",
    "monitoring:pay_notice",
    "monitoring:self_assessment",
    "monitoring:self_assessments",
    "referrals:changes_print",
    "referrals:unlock_list",
    "referrals:unlock_list_print",
    "referrals:sheet",
    "referrals:sheet_enter",
    "referrals:sheets_print",
    "referrals:slips",
    "referrals:weekly_sheet",
    "referrals:windows",
    "schemes:role_cards",
    "schemes:scheme",
    "schemes:scheme_departments",
    "schemes:take_over_batch",
    "training:book_session",
    "training:due_print",
    "training:mark_session",
    "training:record_class",
    "training:record_group",
    "training:session",
    "training:take_over_list",
)
# Pages about one record that read much beside it, and the longest forms.
ONE_RECORD = (
    "monitoring:pay_line",
    "referrals:concern",
    "referrals:concern_access",
    "referrals:receivers",
    "referrals:plan",
    "referrals:person_moves",
    "referrals:plan_edit",
    "referrals:plan_tasks",
    "referrals:refer",
    "referrals:screen",
    "referrals:suggestions",
    "referrals:week_of_wing",
    "schemes:buddy",
    "schemes:person",
    "training:supervision_of",
    "training:record_supervision",
)
COUNTED = (*LISTS, *LONG_PAGES, *ONE_RECORD)
# Reads session, user, membership and scope, as every page does, and nothing else.
PLAIN_PAGE = "referrals:concern_sent"
MOST_QUERIES = 15

URLS = {url.name: url for url in urls()}
MODULES = {module.name: module for module in modules()}


def pages_a_list(url: Url) -> bool:
    """Whether the view, or a function of its module that it calls, calls `page_of`."""
    view = inspect.unwrap(url.view)
    return view.__module__ in MODULES and _pages(MODULES[view.__module__].tree, view.__name__, frozenset())


def _pages(tree: ast.Module, name: str, seen: frozenset[str]) -> bool:
    node = next((n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name), None)
    if node is None or name in seen:
        return False
    calls = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    called = {f.id if isinstance(f, ast.Name) else f.attr if isinstance(f, ast.Attribute) else "" for f in calls}
    return "page_of" in called or any(_pages(tree, other, seen | {name}) for other in called)


def test_every_list_is_here() -> None:
    found = {name for name, url in URLS.items() if pages_a_list(url)}
    assert found == set(LISTS), f"new: {sorted(found - set(LISTS))}, gone: {sorted(set(LISTS) - found)}"


@dataclass
class Filled:
    """A prison, who asks, and one person with a long past."""

    here: Prison
    elsewhere: Prison
    staff: dict[str, User]
    outsider: User
    sessions: dict[int, str]
    numbers: Any
    anchor: dict[str, str]


@dataclass(frozen=True)
class Counted:
    """Queries of one list, with few rows and with many, and how many rows it had in the end."""

    few: int
    many: int
    rows: int
    sql: tuple[str, ...]


@pytest.fixture(scope="module")
def counted(django_db_setup: None, django_db_blocker: Any) -> dict[str, Counted]:
    """Every list, counted twice."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        filled = _begin()
        _fill(filled, FEW)
        few = {name: _count(filled, URLS[name]) for name in (PLAIN_PAGE, *COUNTED)}
        _fill(filled, MANY - FEW)
        many = {name: _count(filled, URLS[name]) for name in (PLAIN_PAGE, *COUNTED)}
        transaction.set_rollback(True)
    return {name: Counted(len(few[name][0]), len(many[name][0]), many[name][1], tuple(many[name][0])) for name in few}


@pytest.fixture
def _django_db_helper(counted: dict[str, Counted]) -> None:
    """The marker's own transaction is left out: everything was counted in one of its own."""


@pytest.mark.django_db
@pytest.mark.parametrize("name", COUNTED)
def test_twenty_rows_need_no_more_queries_than_two(name: str, counted: dict[str, Counted]) -> None:
    result = counted[name]
    if name in LISTS:
        assert result.rows >= MANY, f"{name} has only {result.rows} rows: nothing was counted"
    assert result.many <= result.few, f"{name}: {result.few} queries, then {result.many}:\n" + "\n".join(result.sql)


@pytest.mark.django_db
@pytest.mark.parametrize("name", COUNTED)
def test_a_page_needs_fifteen_queries_at_most(name: str, counted: dict[str, Counted]) -> None:
    # Beside those of session, user and scope: a look across prisons sets the scope and puts it back.
    own = sum(1 for sql in counted[name].sql if "set_config" not in sql)
    own -= sum(1 for sql in counted[PLAIN_PAGE].sql if "set_config" not in sql)
    assert own <= MOST_QUERIES, f"{name}: {own} queries:\n" + "\n".join(counted[name].sql)


# Counting ----------------------------------------------------------------------------------------------


def _active_plan(here: Prison) -> str:
    matched = Match.objects.filter(prison=here, status=Match.Status.ACTIVE).order_by("id")
    return matched.values_list("plan__token", flat=True)[0]


def _plan_without_buddy(here: Prison) -> str:
    return waiting_for_buddy(here).values_list("token", flat=True)[0]


def _first(model: Any, **which: str) -> Callable[[Prison], str]:
    return lambda here: model.objects.filter(prison=here, **which).order_by("id").values_list("token", flat=True)[0]


def _pay_week(here: Prison) -> str:
    return PayPeriod.objects.filter(prison=here).order_by("-first_day").values_list("token", flat=True)[0]


TOKENS: dict[str, Callable[[Prison], str]] = {
    "monitoring:pay_period": _pay_week,
    "monitoring:pay_amounts": _pay_week,
    "monitoring:check_pay_file": lambda here: PayFile.objects.filter(prison=here).latest("id").token,
    "monitoring:pay_line": lambda here: PayLine.objects.filter(prison=here, sessions__gt=0)[0].token,
    "monitoring:outcomes_of_plan": _active_plan,
    "national:release_coverage": lambda here: Release.objects.latest("id").token,
    "national:release_equality": lambda here: Release.objects.latest("id").token,
    "national:extract": lambda here: Extract.objects.earliest("id").token,
    "national:api_key": lambda here: ApiKey.objects.earliest("id").token,
    "national:on_site": _first(Inspection),
    "national:on_site_cases": _first(Inspection),
    "schemes:event_file": _first(EventFile),
    "referrals:pattern": _first(PatternHit),
    "referrals:concern": _first(Concern, status=Concern.Status.NEW, kind="WORRY"),
    "referrals:concern_access": _first(Concern, status=Concern.Status.NEW, kind="WORRY"),
    "referrals:sheet": _first(PaperSheet, kind="LOG"),
    "referrals:sheet_enter": _first(PaperSheet, kind="LOG"),
    "referrals:plan": _active_plan,
    "referrals:plan_edit": _active_plan,
    "referrals:plan_versions": _active_plan,
    "referrals:plan_tasks": _active_plan,
    "referrals:screen": _first(Referral, status=Referral.Status.RECEIVED),
    "referrals:suggestions": _plan_without_buddy,
    "schemes:buddy": _first(Buddy, status=Buddy.Status.ACTIVE),
    "training:supervision_of": _first(Buddy, status=Buddy.Status.ACTIVE),
    "training:record_supervision": _first(Buddy, status=Buddy.Status.ACTIVE),
}


def _count(filled: Filled, url: Url) -> tuple[list[str], int]:
    role = roles_of(url)[0]
    client = Client()
    client.cookies["sessionid"] = filled.sessions[filled.staff[role].pk]
    values = {**filled.anchor, "prison_code": filled.here.code, "module_code": "T01", "day": YESTERDAY.isoformat()}
    values |= {"quarter_code": quarter_of(TODAY).code, "measure_code": "OP-02", "about_code": filled.here.code}
    values |= {"monday": week_of(LAST_WEEK).monday.isoformat(), "week_from": week_of(TODAY).monday.isoformat()}
    if url.name == "referrals:slip_choose":
        values["token"] = filled.anchor["slip"]
    elif url.name in TOKENS:
        values["token"] = TOKENS[url.name](filled.here)
    elif url.name == "schemes:take_over_batch":
        values["token"] = filled.anchor["batch"]
    elif url.name == "schemes:import_file":
        values["token"] = filled.anchor["import"]
    elif url.name == "training:take_over_list":
        values["token"] = filled.anchor["list"]
    elif url.name.startswith("training:") and "session" in url.name:
        values["token"] = filled.anchor["class"]
    path = reverse(url.name, kwargs={name: values[name] for name in url.parameters})
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, f"{url.name}: {answer.status_code}"
    page = (answer.context or {}).get("page") if answer.context else None
    # Savepoints stand for the transactions of a server and are no questions.
    asked = [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]
    return asked, page.paginator.count if page is not None else 0


# Filling -----------------------------------------------------------------------------------------------


def _begin() -> Filled:
    here, elsewhere = cast.make_prison(), cast.make_prison("ZTB", "Otherfield")
    staff = {
        role: cast.make_staff(f"Tester {role}", role, here, department=DEPARTMENTS.get(role, ""))
        for role in sorted(PRISON_ROLES)
    }
    staff |= {role: cast.make_staff(f"National {role}", role, None) for role in sorted(NATIONAL_ROLES)}
    outsider = cast.make_staff("Otto Outside", "LEAD", elsewhere)
    lead = staff["LEAD"]
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        plan, _, _ = visits.helped(here, lead, THEN)
        slip = visits.slips(here, lead, NOW)[0]
        session = training.class_in("T01", here, staff["TRAINER"], NOW, places=60)
        batch = training.taken_over_together(here, lead, NOW, 1)
        brought = imports.checked(here, lead, NOW)
        listed = training.take_over_list(here, staff[roles_of(URLS["training:take_over_list"])[0]], NOW, 1)
    sessions = {}
    for user in staff.values():
        client = Client()
        client.force_login(user, backend=BACKEND)
        sessions[user.pk] = client.cookies["sessionid"].value
    anchor = {
        "token": plan.person.token, "slip": slip.token, "class": session.token, "batch": batch.token,
        "list": listed.token, "import": brought.token,
        "wing_code": _wing_of(plan).code,
    }  # fmt: skip
    return Filled(here, elsewhere, staff, outsider, sessions, count(1), anchor)


def _wing_of(plan: Plan) -> Wing:
    custody = Custody.objects.select_related("wing").get(person=plan.person_id, ended_at=None)
    assert custody.wing is not None
    return custody.wing


def _fill(filled: Filled, rounds: int) -> None:
    """So many more of everything."""
    first = [next(filled.numbers) for _ in range(rounds)]
    for number in first:
        _one_of_everything(filled, number)
    with scoped(DatabaseRole.WEB, prisons=[filled.here.code]):
        for day in (LAST_WEEK, DAY_AFTER, YESTERDAY, TODAY):
            visits.day_opened(filled.here, day, NOW if day == TODAY else None)
        _log_last_week(filled)
        _behind_a_pattern(here=filled.here)
    _pay(filled, first)
    _self_assessment(filled, first)
    for number in first:
        Module.objects.create(
            code=f"M{number:02d}", title=f"Module {number}", mandatory=False, source="Made up for tests"
        )


def _one_of_everything(filled: Filled, number: int) -> None:
    here, staff = filled.here, filled.staff
    lead, wing = staff["LEAD"], cast.make_wing(here, code=f"W{number}")
    cast.make_staff(f"Extra {number}", "OFFICER", here)
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        plan, buddy, _ = visits.helped(here, lead, THEN, wing=wing)
        visits.log_sheet(here, lead, NOW, buddy)
        PaperSlip.objects.create(
            prison=here, sheet=PaperSheet.objects.earliest("id"), place=100 + number, plan=plan, day=TODAY,
            session="EV", tasks=["DOM-03"], minutes=15, printed_at=NOW, printed_by=lead,
        )  # fmt: skip
        Clearance.objects.filter(buddy=buddy, department="SECURITY").update(expires_on=TODAY + timedelta(days=20))
        if number % 6 == 0:
            # The first wing's week gets longer too.
            visits.helped(here, lead, THEN)
        waiting = referrals.agreed_plan(here, lead, NOW, person=person_in(here, lead, NOW, wing=wing))
        moving.fall_of(waiting.person, here, staff["OFFICER"], NOW)
        moving.releasing(waiting.person, here, lead, NOW, TODAY + timedelta(days=30))
        referrals.referral_of(person_in(here, lead, NOW), lead, NOW)
        # Whoever opens the list of their own.
        referrals.referral_of(person_in(here, lead, NOW), filled.staff["DEPUTY_LEAD"], NOW)
        referrals.screened(referrals.referral_of(person_in(here, lead, NOW), lead, NOW), lead, NOW)
        referrals.put_to("COUNCIL", here, lead, NOW)
        referrals.telling(here, lead, NOW)
        arrived(here, lead, NOW)
        referrals.helped_informally(here, lead, NOW, helper=person_in(here, lead, NOW))
        referrals.need_put(referrals.unmet_need(here, lead, NOW), lead, NOW, said="Soon.")
        referrals.decided_for(here, lead, NOW)
        _one_restricted_task(here, lead, waiting)
        buddies.in_checks(here, lead, NOW)
        posts.advertised(here, lead, NOW, wing)
        posts.declined(here, lead, NOW)
        posts.in_pool(here, lead, NOW)
        buddies.at_interview(here, lead, NOW)
        buddies.own_prompt(here, staff["ADMIN"], NOW, words=f"Prompt {number}")
        more = buddies.take_over_asked(here, lead, NOW)
        TakeOver.objects.filter(pk=more.pk).update(batch=TakeOverBatch.objects.get(token=filled.anchor["batch"]))
        TakeOverLine.objects.create(
            prison=here, file=TakeOverFile.objects.get(token=filled.anchor["list"]), number=100 + number,
            said=training.line_of(person_in(here, lead, NOW)),
        )  # fmt: skip
        imports.uploaded(here, lead, NOW)
        ImportRow.objects.create(
            prison=here, file=ImportFile.objects.get(token=filled.anchor["import"]), number=100 + number, state="BAD"
        )
        machine, _ = terminal.terminal_on(wing, staff["ADMIN"], NOW, name=f"Terminal {number}")
        terminal.danger_told(terminal.window_at(machine, staff["OFFICER"], NOW), buddy.person, NOW)
        terminal.going_said(plan.person, TerminalWindow.objects.latest("id"), NOW)
        terminal.numbers_tried(TerminalWindow.objects.latest("id"), NOW)
        terminal.card_for(plan.person, here, staff["OFFICER"], NOW)
        concern = terminal.concern_by(staff["OFFICER"], here, NOW, about_person=plan.person)
        give_access(by=cast.acts(lead, here), now=NOW, concern=concern, user=staff["DEPUTY_LEAD"])
        terminal.concern_by(staff["COUNCIL"], here, NOW, about_person=plan.person, kind="SELF_HARM", source="PARTNER")
        keep_apart(
            by=cast.acts(lead, here), now=NOW, prison=here, person=plan.person, other=waiting.person,
            reason="THREAT", restriction="WING",
        )  # fmt: skip
        directory.alert_on(plan.person, "PEEP", lead, NOW)
        MatchStop.objects.create(
            prison=here, match=Match.objects.get(plan=plan), code="ALERTS", words="An alert", found_at=NOW
        )
        directory.away_on(waiting.person, "HEALTHCARE", lead, NOW, session="EV", ends_on=TODAY)
        directory.weekly_of(waiting.person, lead, NOW, session="EV")
        for person in (plan.person, waiting.person):
            directory.events_read(here, staff["ADMIN"], NOW, *[directory.told("updated", person)] * MANY)
        record_lock_down(
            by=cast.acts(lead, here), now=NOW, prison=here, day=TODAY + timedelta(days=number), reason="Training"
        )
        HeldText.objects.create(
            prison=here, plan=plan, place="PLAN_NOTES", words="Wash him.", tasks=["PRO-03"], written_at=NOW,
            written_by=lead,
        )  # fmt: skip
        pattern_of(here, plan.person, number)
        held = person_in(here, lead, NOW)
        _one_more_class(filled, number)
        care.lapsed(buddy, lead, NOW)
        care.override_asked(buddy, lead, NOW, care.extra_module(f"X{number:02d}"))
        care.welfare_prompted(here, plan.person, NOW, key=f"test:{number}")
        care.news_for(buddy, plan.person, NOW, key=f"test:{number}")
        terminal.concern_by(staff["OFFICER"], here, NOW, kind="TALK_TO_STAFF", writer=plan.person)
        StandDown.objects.create(
            prison=here, buddy=buddy, kind="LEFT", reason="Own wish", starts_on=TODAY, decided_at=NOW, decided_by=lead
        )
    with scoped(DatabaseRole.WEB, prisons=[filled.elsewhere.code]):
        person_in(filled.elsewhere, filled.outsider, NOW, held.prison_number, last_name="Known")
        packs.pack_sent(filled.elsewhere, filled.outsider, here, NOW)
        moving.sent(referrals.agreed_plan(filled.elsewhere, filled.outsider, NOW), filled.outsider, here, NOW)
    _past(filled, number)


def _one_restricted_task(here: Prison, lead: User, plan: Plan) -> None:
    """One that was refused, and one in a plan without an approval."""
    task = referrals.task_of("RES-02")
    RestrictedTask.objects.create(
        prison=here, scheme=Scheme.objects.get(prison=here), task=task, reason="Asked for", modules=["X01"],
        review_on=TODAY + timedelta(days=90), asked_on=TODAY, asked_at=NOW, asked_by=lead, status="REFUSED",
        decided_at=NOW, decided_by=User.objects.exclude(pk=lead.pk).order_by("id")[0],
    )  # fmt: skip
    PlanTask.objects.create(prison=here, plan=plan, task=task, weekdays=[0], session="PM", minutes=5, starts_on=TODAY)


def _one_more_class(filled: Filled, number: int) -> None:
    """One more planned class, person booked for the class that is counted, and module that lapses soon."""
    here, trainer = filled.here, filled.staff["TRAINER"]
    training.class_in("T02", here, trainer, NOW, days=number)
    training.briefing(Wing.objects.filter(prison=here).latest("id"), trainer, NOW)
    hours.week_entered(here, filled.staff["LEAD"], NOW, back=number)
    session = ClassSession.objects.get(token=filled.anchor["class"])
    more = buddies.in_training(here, filled.staff["LEAD"], NOW - timedelta(days=350))
    buddies.pass_module(more, session.module, trainer, NOW - timedelta(days=350))
    book_people(
        by=cast.acts(trainer, here), now=NOW, session=session, buddies=[*people_of(session), more],
        version=session.version,
    )  # fmt: skip


def _past(filled: Filled, number: int) -> None:
    """One more ended plan and refused referral of one person, and one more release."""
    lead = filled.staff["LEAD"]
    plan = Plan.objects.select_related("referral", "person").get(person__token=filled.anchor["token"], status="ACTIVE")
    Plan.objects.bulk_create([
        copy_of(plan, status="ENDED", reference=f"P-X{number}", ended_at=NOW, ended_by=lead, end_reason="Left")
    ])  # fmt: skip
    Referral.objects.bulk_create([
        copy_of(plan.referral, reference=f"R-X{number}", status="NOT_PROGRESSED", outcome="NONE", outcome_reason="No")
    ])  # fmt: skip
    need = Need.objects.filter(referral=plan.referral).order_by("id")[0]
    Need.objects.bulk_create([
        copy_of(
            need, ended_on=TODAY, ended_at=NOW, ended_by=lead, confirmed_on=TODAY, confirmed_at=NOW, confirmed_by=lead,
        )
    ])  # fmt: skip
    with scoped(DatabaseRole.WEB, prisons=[filled.here.code]):
        referrals.helped_informally(filled.here, lead, NOW, plan.person)
        unmet = referrals.unmet_need(filled.here, lead, NOW, plan.person)
        meet_unmet_need(
            by=cast.acts(lead, filled.here), now=NOW, need=unmet, met_on=TODAY, met_how="Carers come.", version=1
        )
    # One more thing in the plan, and with it one more version.
    shown = Plan.objects.get(token=_active_plan(filled.here))
    add_equipment(by=cast.acts(lead, filled.here), now=NOW, plan=shown, kind="STICK", owner="PERSON")
    first = Buddy.objects.filter(prison=filled.here, status=Buddy.Status.ACTIVE).order_by("id")[0]
    held = Supervision.objects.create(
        prison=filled.here, buddy=first, person=first.person, kind="ONE_TO_ONE", outcome="HELD", themes=["TASKS"],
        held_on=TODAY - timedelta(days=number), wellbeing_asked=True, recorded_at=NOW, recorded_by=lead,
    )  # fmt: skip
    SupervisionAction.objects.create(
        prison=filled.here, supervision=held, buddy=first, words=f"Action {number}", due_on=TODAY
    )
    CompactText.objects.create(
        version=100 + number, text="I help.", in_force_from=TODAY, sign_by=TODAY + timedelta(days=60)
    )
    Inspection.objects.create(
        prison=filled.here, reference=f"I-{number}", inspector=filled.staff["INSPECTOR"], first_on=TODAY, last_on=TODAY,
        opened_at=NOW, opened_by=filled.staff["NATIONAL_LEAD"],
    )  # fmt: skip
    for place in (filled.here, cast.make_prison(f"ZL{number:02d}", f"Longfield {number}", switched_on=False)):
        HandReturn.objects.create(
            prison=place, period="2026-Q3", first_day=date(2026, 7, 1), version=1 + number, helped=number,
            source="LETTER", source_on=TODAY, reason="A letter came", returned_at=NOW,
            returned_by=filled.staff["NATIONAL_LEAD"],
        )  # fmt: skip
    for reader, prison in ((filled.staff["DEPUTY_LEAD"], filled.here), (filled.staff["INSPECTOR"], None)):
        digests.digest_of(reader, prison, NOW, period=f"{2000 + number}-Q1")
    with scoped(DatabaseRole.WEB):
        key, _ = api.key_for(filled.staff["NATIONAL_LEAD"], NOW, name=f"Program {number}")
    ApiUse.objects.create(key=key, day=TODAY, requests=1, rows=1)
    ApiUse.objects.create(
        key=ApiKey.objects.earliest("id"), day=TODAY - timedelta(days=number), requests=number, rows=number
    )
    extracts.handed_out(filled.staff["NATIONAL_LEAD"], filled.staff["NATIONAL_DPO"], NOW)
    PriceIndex.objects.create(
        begins=1990 + number, index=100, source="A table", published_on=TODAY, entered_at=NOW, entered_by=lead
    )
    release = Release.objects.create(
        kind="QUARTER", period=f"{2000 + number}-Q1", first_day=TODAY, last_day=TODAY, digest="d" * 64,
        published_at=NOW, published_by=filled.staff["NATIONAL_LEAD"],
    )  # fmt: skip
    ReleaseRequest.objects.create(
        kind="QUARTER", period=f"{2000 + number}-Q2", state="FAILED", asked_at=NOW, finished_at=NOW,
        asked_by=filled.staff["NATIONAL_LEAD"],
    )  # fmt: skip
    for role in ("INSPECTOR", "DEPUTY_LEAD"):
        ReleaseReport.objects.create(
            release=release, about=filled.here, asked_at=NOW, asked_by=filled.staff[role],
            expires_at=NOW + timedelta(days=7),
        )  # fmt: skip


def _self_assessment(filled: Filled, numbers: list[int]) -> None:
    """One more answer with evidence and one more action for each number."""
    here, lead = filled.here, filled.staff["LEAD"]
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        begun = assessment_of(here, quarter_of(TODAY)) or self_assessment.started(here, lead, NOW)
        for number in numbers:
            answer = self_assessment.answered(begun, lead, NOW, item=ITEMS[number % len(ITEMS)].code)
            self_assessment.file_of(answer, lead, NOW)
            self_assessment.planned(begun, lead, NOW, item=answer.item, what=f"Course {number}")


def _pay(filled: Filled, numbers: list[int]) -> None:
    """One more rate, period, line with a difference and row of a file for each number, and a mark on every visit."""
    here, lead = filled.here, filled.staff["LEAD"]
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        for number in numbers:
            since = pay.SEPTEMBER - timedelta(days=100 - number)
            quality.answered(quality.asked(here, lead, NOW), lead, NOW)
            pay.rate(here, lead, NOW, session_pence=80 + number, valid_from=since)
        for number in numbers:
            pay.period(here, lead, NOW, week_of(LAST_WEEK).monday - timedelta(weeks=number - 1))
        week = PayPeriod.objects.get(prison=here, first_day=week_of(LAST_WEEK).monday)
        recount(week)
        pay.all_in_band(here, lead, NOW)
        lines = PayLine.objects.filter(period=week).select_related("buddy__person").order_by("id")
        pay.recorded(week, lead, NOW, {line.buddy: 5000 + line.pk for line in lines})
        pay.staged(week, lead, NOW, *((n, line.buddy.person.prison_number, "1") for n, line in enumerate(lines, 2)))
        for visit in Visit.objects.filter(prison=here, buddy__isnull=False):
            pay.staff_work(visit, lead, NOW)


def _behind_a_pattern(*, here: Prison) -> None:
    """Every visit on record lies behind the first pattern."""
    hit = PatternHit.objects.filter(prison=here).order_by("id")[0]
    for planned in PlannedVisit.objects.filter(prison=here, visits__isnull=False):
        PatternRow.objects.get_or_create(prison=here, hit=hit, planned=planned)


def _log_last_week(filled: Filled) -> None:
    lead = filled.staff["LEAD"]
    came = PlannedVisit.objects.filter(
        prison=filled.here, day__in=(LAST_WEEK, DAY_AFTER), visits=None, buddy__isnull=False
    )
    for planned in came.order_by("id"):
        visits.visit_of(planned, lead, NOW)
