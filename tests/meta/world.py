"""Two prisons with everything in them, built once a module and rolled back after it.

`here` is an ordinary prison. `elsewhere` has the same kinds of things, and every text there holds a canary: a page
of another prison that shows one has shown what is not its reader's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pgtrigger
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Membership, Prison, User, Wing
from buddyscheme.lib.dates import Quarter, parse_period
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.inspections import open_inspection
from monitoring.actions.outcomes import change_outcome_settings
from monitoring.actions.pay_amounts import explain
from monitoring.actions.release_requests import ask_release, refuse_request
from monitoring.actions.releases import publish_release
from monitoring.actions.reports import ask_for_report, set_report, write_report
from monitoring.models import Release, ReleaseReport, ReleaseReportFile
from referrals.actions.equipment import add_equipment
from referrals.actions.receivers import give_access
from referrals.actions.schedule import except_slots, give_cover
from referrals.actions.sheets import print_forms
from referrals.models import AssessmentRequest, Consent, HeldText, PatternHit, PlannedVisit, PlanTask, Visit
from referrals.rules.receivers import HANDLING_ROLES
from referrals.rules.slips import FIRST_NUMBER
from schemes.actions.keep_apart import keep_apart
from schemes.models import Buddy, Clearance, Custody, CustodyClaim, DirectoryEvent, Person
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
from tests.builders.schemes import person_in
from tests.meta.access import ACCESS, NATIONAL_ROLES, PRISON_ROLES
from tests.meta.test_constraints import copy_of

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
CANARY = "CANARYELSEWHERE"
# The other prison's name is public where releases and claims speak of prisons; its people's words are not.
PLACE_CANARY = "CANARYPLACE"
NAMES_PRISONS = (
    "national:", "api:", "schemes:claim", "schemes:claims", "schemes:person_left", "referrals:pack_send",
    "referrals:care_send",
)  # fmt: skip
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Url:
    """One address of the service: its name, the names of its parameters, and its view."""

    name: str
    parameters: tuple[str, ...]
    view: Any = field(compare=False)

    @property
    def at_prison(self) -> bool:
        return "prison_code" in self.parameters

    @property
    def has_object(self) -> bool:
        """Whether a parameter names a record of a prison."""
        return self.at_prison and any(name in RECORDS for name in self.parameters)


def urls() -> list[Url]:
    """Every address, by walking the resolver."""
    return sorted(_walk(get_resolver(), (), ()), key=lambda url: url.name)


def _walk(resolver: URLResolver, spaces: tuple[str, ...], before: tuple[str, ...]) -> Iterator[Url]:
    for pattern in resolver.url_patterns:
        names = (*before, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            yield Url(":".join([*spaces, pattern.name or str(pattern.pattern)]), names, pattern.callback)
        else:
            yield from _walk(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces, names)


@dataclass
class Place:
    """One prison, its staff by role, and a token for every kind of record."""

    prison: Prison
    wing: Wing
    canary: str = ""
    staff: dict[str, User] = field(default_factory=dict)
    # The same roles, in plain names: a page may show its own reader's name.
    testers: dict[str, User] = field(default_factory=dict)
    former: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


# Which record the `token` of an address means, by URL name. A new address with a token has to join.
SUBJECTS: dict[str, str] = {
    "accounts:end_role": "membership",
    "referrals:terminal_withdraw": "terminal",
    "referrals:terminal_headset": "terminal",
    "referrals:window_open": "closed_terminal",
    "referrals:window_close": "terminal",
    "referrals:window": "terminal",
    "referrals:entry_end": "terminal",
    "referrals:card_confirm": "terminal",
    "referrals:card_refuse": "terminal",
    "referrals:card_paper": "card",
    "referrals:card_withdraw": "card",
    "schemes:person": "person",
    "schemes:person_details": "person",
    "schemes:person_cell": "person",
    "schemes:person_left": "person",
    "schemes:person_merge": "person",
    "schemes:person_release_date": "person",
    "referrals:person_referrals": "person",
    "referrals:person_plans": "person",
    "schemes:claim": "claim",
    "schemes:end_keep_apart": "keep_apart",
    "schemes:record_alert_for": "person",
    "schemes:end_alert": "alert",
    "schemes:record_absence_for": "person",
    "schemes:absence": "absence",
    "schemes:cancel_absence": "absence",
    "schemes:record_weekly": "person",
    "schemes:event_file": "event_file",
    "schemes:event_looked_at": "event",
    "schemes:end_weekly": "weekly",
    "schemes:clearance": "clearance",
    "schemes:take_over": "take_over",
    "schemes:take_over_batch": "take_over_batch",
    "referrals:take_away": "buddy",
    "referrals:pack_send": "buddy",
    "referrals:pack": "pack",
    "referrals:person_moves": "person",
    "referrals:fall": "fall",
    "referrals:slot_except": "plan",
    "referrals:slot_exception_end": "slot_exception",
    "referrals:cover_give": "lonely_plan",
    "referrals:cover_end": "cover_slot",
    "referrals:fall_times": "fall",
    "referrals:care_send": "person",
    "referrals:care_record": "care_pack",
    "referrals:care_start": "care_pack",
    "referrals:care_record_print": "care_pack",
    "referrals:care_record_file": "care_pack",
    "referrals:handover_make": "person",
    "referrals:handover": "handover",
    "referrals:handover_letter": "handover",
    "referrals:handover_file": "handover",
    "referrals:plan_record": "record_plan",
    "referrals:pack_decide": "pack",
    "referrals:pack_file": "pack",
    "schemes:import_file": "import_file",
    "schemes:import_columns": "uploaded_import",
    "schemes:import_row": "import_file",
    "schemes:import_bad_rows": "import_file",
    "schemes:import_mended": "import_file",
    "schemes:import_drop": "import_file",
    "training:take_over_list": "take_over_file",
    "training:take_over_line": "take_over_file",
    "training:take_over_drop": "take_over_file",
    "schemes:buddy": "buddy",
    "training:buddy": "buddy",
    "training:appoint": "trainee",
    "training:prior": "buddy",
    "training:certificate": "buddy",
    "training:supervision_of": "buddy",
    "training:record_supervision": "buddy",
    "training:supervision_missed": "buddy",
    "schemes:role_card": "wing",
    "training:session": "class",
    "training:change_session": "coming_class",
    "training:book_session": "coming_class",
    "training:cancel_session": "coming_class",
    "training:mark_session": "class",
    "training:session_file": "class",
    "training:session_template": "class",
    "schemes:ask_for_checks": "applicant",
    "schemes:ask_again": "buddy",
    "schemes:paper": "candidate",
    "schemes:interview": "candidate",
    "schemes:approve": "candidate",
    "schemes:offer": "candidate",
    "schemes:buddy_post": "buddy",
    "schemes:post": "post",
    "schemes:change_post": "post",
    "schemes:advertise_post": "post",
    "schemes:close_post": "post",
    "schemes:post_advert": "post",
    "schemes:refusal_told": "declined",
    "schemes:refusal_letter": "declined",
    "schemes:appeal": "declined",
    "schemes:decide_appeal": "declined",
    "schemes:compact": "trainee",
    "schemes:compact_paper": "trainee",
    "schemes:score": "candidate",
    "schemes:prompt": "prompt",
    "schemes:prompt_national": "prompt",
    "schemes:decline": "candidate",
    "schemes:withdraw": "candidate",
    "schemes:buddy_caps": "buddy",
    "training:ask_override": "buddy",
    "training:override": "override",
    "training:restricted_task": "restricted",
    "training:withdraw_restricted": "restricted",
    "referrals:stand_down_suspend": "buddy",
    "referrals:stand_down_remove": "buddy",
    "referrals:stand_down_leave": "buddy",
    "referrals:bring_back": "suspended",
    "referrals:stand_down": "stand_down",
    "referrals:stand_down_review": "stand_down",
    "referrals:stand_down_appeal": "stand_down",
    "referrals:stand_down_answer": "stand_down",
    "referrals:match_first": "match",
    "referrals:match_lapse": "match",
    "referrals:welfare_check": "welfare_check",
    "referrals:danger_call": "danger",
    "referrals:news_told": "news",
    "referrals:own_wish": "own_wish",
    "referrals:note": "note",
    "referrals:referral": "referral",
    "referrals:screen": "referral",
    "referrals:refer_done": "referral",
    "referrals:refer_who": "own_referral",
    "referrals:telling": "telling",
    "referrals:telling_letter": "telling",
    "referrals:person_needs": "person",
    "referrals:person_unmet_needs": "person",
    "referrals:person_informal_help": "person",
    "referrals:need_add": "person",
    "referrals:need": "need",
    "referrals:need_confirm": "need",
    "referrals:need_end": "need",
    "referrals:informal_help": "informal_help",
    "referrals:informal_help_fill": "own_help",
    "referrals:informal_help_look": "informal_help",
    "referrals:informal_help_refer": "informal_help",
    "referrals:informal_help_apply": "informal_help",
    "referrals:informal_help_worry": "informal_help",
    "referrals:informal_help_end": "informal_help",
    "referrals:reception_ask": "custody",
    "referrals:wishes": "agreed_referral",
    "referrals:assessment": "assessment",
    "referrals:assessment_answer": "assessment",
    "referrals:assessment_plan": "assessment",
    "referrals:assessment_chase": "assessment",
    "referrals:chase_letter": "chase",
    "referrals:plan": "plan",
    "referrals:plan_edit": "draft_plan",
    "referrals:plan_tasks": "draft_plan",
    "referrals:plan_need": "draft_plan",
    "referrals:plan_held": "plan",
    "referrals:plan_activate": "draft_plan",
    "referrals:plan_end": "plan",
    "referrals:plan_print": "plan",
    "referrals:plan_shared": "shared_plan",
    "referrals:plan_review": "plan",
    "referrals:plan_versions": "plan",
    "referrals:plan_version": "plan",
    "referrals:plan_compare": "plan",
    "referrals:evacuation": "plan",
    "referrals:plan_risks": "plan",
    "referrals:equipment_add": "plan",
    "referrals:equipment_check": "equipment",
    "referrals:equipment_remove": "equipment",
    "referrals:help_today": "referral",
    "referrals:consent_give": "plan",
    "referrals:consent_withdraw": "consent",
    "referrals:task_stop": "plan_task",
    "referrals:helped_person": "plan",
    "referrals:held_text": "held_text",
    "referrals:pattern": "pattern",
    "referrals:wishes_capacity": "agreed_referral",
    "referrals:plan_capacity": "capacity_plan",
    "referrals:capacity_regained": "capacity",
    "referrals:capacity_objected": "capacity",
    "referrals:unmet_need": "unmet_need",
    "referrals:unmet_need_put": "unmet_need",
    "referrals:unmet_need_met": "unmet_need",
    "referrals:unmet_need_letter": "unmet_need",
    "referrals:unmet_need_answer": "unmet_need_put",
    "referrals:unmet_need_paper": "unmet_need_put",
    "referrals:suggestions": "lonely_plan",
    "referrals:suitability": "lonely_plan",
    "referrals:asked_for": "lonely_plan",
    "referrals:second_suggestions": "plan",
    "referrals:second_suitability": "plan",
    "referrals:match": "match",
    "referrals:match_agreement": "proposed_match",
    "referrals:match_pause": "match",
    "referrals:match_resume": "match",
    "referrals:match_end": "match",
    "referrals:concern": "concern",
    "referrals:concern_told": "concern",
    "referrals:concern_close": "concern",
    "referrals:concern_grade": "concern",
    "referrals:concern_hand_on": "concern",
    "referrals:hand_on": "hand_on",
    "referrals:hand_on_answer": "hand_on",
    "referrals:concern_step_in": "concern",
    "referrals:concern_access": "concern",
    "referrals:concern_access_give": "concern",
    "referrals:concern_access_end": "concern",
    "referrals:concern_name": "concern",
    "referrals:receiver_leave_cancel": "receiver_leave",
    "referrals:staff_tick": "planned",
    "referrals:change": "absence",
    "referrals:visit_add": "planned",
    "referrals:visit": "visit",
    "referrals:visit_correct": "visit",
    "referrals:visit_ask": "visit",
    "referrals:visit_asked": "visit",
    "referrals:slip_choose": "slip",
    "referrals:slip_visit": "slip",
    "referrals:sheet": "sheet",
    "referrals:sheet_whose": "spare_sheet",
    "referrals:sheet_enter": "sheet",
    "referrals:visit_staff_work": "visit",
    "monitoring:outcomes_of_plan": "plan",
    "monitoring:ask_plan": "plan",
    "monitoring:score_plan": "plan",
    "monitoring:outcomes_of_buddy": "buddy",
    "monitoring:ask_buddy": "buddy",
    "monitoring:score_buddy": "buddy",
    "monitoring:evidence_file": "self_evidence",
    "monitoring:take_out_evidence": "self_evidence",
    "monitoring:close_self_action": "self_action",
    "monitoring:data_query": "data_query",
    "monitoring:answer_query": "data_query",
    "monitoring:digest": "digest",
    "national:digest": "national_digest",
    "monitoring:close_query": "data_query",
    "monitoring:pay_period": "pay_period",
    "monitoring:count_pay_period": "pay_period",
    "monitoring:pay_amounts": "pay_period",
    "monitoring:pay_file": "pay_period",
    "monitoring:pay_template": "pay_period",
    "monitoring:check_pay_file": "pay_file",
    "monitoring:pay_line": "pay_line",
    "monitoring:explain_pay": "pay_line",
    "terminal:visit": "planned",
    "terminal:vacancy": "post",
    "national:extract": "extract",
    "national:decide_extract": "extract",
    "national:download_extract": "built_extract",
    "national:api_key": "api_key",
    "national:revoke_api_key": "api_key",
    "national:release": "release",
    "national:release_coverage": "release",
    "national:release_equality": "release",
    "national:on_site": "inspection",
    "national:on_site_cases": "inspection",
    "national:on_site_figure": "inspection",
    "national:end_inspection": "inspection",
    "national:release_prison": "release",
    "national:chosen": "release",
    "national:release_measure": "release",
    "national:release_figure": "release",
    "national:correct_release": "release",
    "national:release_request": "release_request",
    "national:download": "release",
    "national:ask_report": "release",
    "national:report": "own_report",
    "national:report_file": "own_report",
    "monitoring:report": "own_report",
    "monitoring:report_file": "own_report",
}
# Parameters that name a record of a prison.
RECORDS = ("token", "buddy_token", "reader_token", "entry", "planned", "scan")
# Parameters that do not.
FIXED: dict[str, Any] = {
    "session": "AM",
    "department": "SECURITY",
    "format": "CY",
    "version": 1,
    "weekday": 0,
    "list_code": "people",
    "code": "PRO-07",
    "scope": "sharing",
    "month_code": "2026-10",
    "quarter_code": "2026-Q3",
    "measure_code": "OP-26a",
    "item_code": "SA-08",
    "instrument_code": "HELPED",
    "point_code": "START",
    "module_code": "T01",
    "kind_code": "PEEP",
    "rule_code": "BURST",
    "number": 2,
    "day": "2026-11-23",
    "wing_code": "A",
    "monday": "2026-11-16",
    "week_from": "2026-11-23",
    "audience": "staff",
    "to": "council",
    "first": FIRST_NUMBER,
    "last": FIRST_NUMBER + 9,
    "what": "size",
    "value": "nonsense",
    "pk": 1,
    "provider_id": "staff",
    "rest": "nothing",
}
CODES = {
    # One that is worked out, and is in a release.
    **{
        (name, "measure_code"): "OP-02"
        for name in (
            "monitoring:figure",
            "national:on_site_figure",
            "national:release_measure",
            "national:release_figure",
        )
    },
    # The quarter whose self-assessment is begun.
    **{
        (f"monitoring:{name}", "quarter_code"): "2026-Q4"
        for name in (
            "self_assessment",
            "finish_self_assessment",
            "answer_item",
            "add_evidence",
            "add_self_action",
        )
    },
    ("monitoring:ask_buddy", "instrument_code"): "BUDDY",
    ("referrals:staff_tick", "code"): "DOM-05",
    ("referrals:change", "what"): "absence",
    # A national module, which the other prison sees as well, and one of this prison, which nobody else sees.
    ("training:change_module", "module_code"): "ZTA-01",
    ("training:module_tasks", "module_code"): "ZTA-01",
}
DIGESTS = {
    "digest": ("LEAD", "DEPUTY_LEAD", "GOVERNOR_DELEGATE"),
    "national_digest": ("INSPECTOR", "NATIONAL_LEAD", "REGIONAL_LEAD", "NATIONAL_DPO"),
}
TWICE_A_DAY = (("DOM-03", referrals.EVERY_DAY, "AM", 10), ("DOM-05", referrals.EVERY_DAY, "PM", 10))
DEPARTMENTS = {
    "SECURITY": "SECURITY",
    "HEALTHCARE": "HEALTHCARE",
    "SAFEGUARDING": "SAFER_CUSTODY",
    "SIGNATORY": "OFFENDER_MANAGEMENT",
}


class World:
    """Both prisons, and a way to ask for a page as anybody."""

    here: Place
    elsewhere: Place
    release: Release

    def __init__(self) -> None:
        self.sessions: dict[int, str] = {}
        self.national: dict[str, User] = {}
        self.terminal_cookies: dict[str, str] = {}
        # What a program sends with its key.
        self.key: dict[str, str] = {}
        self.canaries: frozenset[str] = frozenset()

    # Asking ------------------------------------------------------------------------------------------------

    def path(self, url: Url, role: str = "", *, record_of: Place | None = None) -> str:
        """The address at `here`; with `record_of`, the records it names are that prison's."""
        place = record_of or self.here
        return reverse(url.name, kwargs={name: self._value(url, name, role, place) for name in url.parameters})

    def _value(self, url: Url, name: str, role: str, place: Place) -> Any:
        if name == "prison_code":
            return self.here.prison.code
        if name == "about_code":
            return self.here.prison.code
        if name == "release":
            return self.release.token
        if name not in RECORDS:
            return CODES.get((url.name, name), FIXED.get(name))
        if name != "token":
            return place.tokens[name.removesuffix("_token")]
        subject = SUBJECTS[url.name]
        if subject == "clearance":
            return place.tokens[f"clearance {DEPARTMENTS.get(role, 'SECURITY')}"]
        if subject in ("assessment", "shared_plan"):
            return place.tokens[f"{subject} {role if role in ('COUNCIL', 'HEALTHCARE') else 'COUNCIL'}"]
        if subject in ("own_referral", "own_help"):
            # Whoever does not read them all opens their own.
            return place.tokens[f"{subject} {role if role in ('OFFICER', 'HEALTHCARE') else 'OFFICER'}"]
        if subject in DIGESTS:
            # A digest is its reader's alone.
            return place.tokens[f"{subject} {role if role in DIGESTS[subject] else DIGESTS[subject][0]}"]
        if subject == "own_report":
            # A report is its reader's alone.
            return place.tokens.get(f"{subject} {role}", place.tokens[subject])
        if subject == "take_over_file":
            # A list is its owner's alone.
            return place.tokens[f"{subject} {role if role in ('LEAD', 'DEPUTY_LEAD') else 'LEAD'}"]
        return place.tokens[subject]

    def client(self, user: User | None, cookies: dict[str, str] | None = None) -> Client:
        """A browser with this person's session."""
        client = Client(raise_request_exception=False)
        if user is not None:
            client.cookies["sessionid"] = self.sessions[user.pk]
        for name, value in (cookies or {}).items():
            client.cookies[name] = value
        return client

    def ask(
        self,
        user: User | None,
        path: str,
        method: str = "GET",
        *,
        data: dict[str, Any] | None = None,
        cookies: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> HttpResponse:
        """One request, of which nothing is left."""
        cache.clear()
        with time_machine.travel(NOW, tick=False), nothing_left():
            client = self.client(user, cookies)
            if method == "POST":
                return client.post(path, data or {}, headers=headers)
            return client.generic(method, path, headers=headers)

    def body(self, answer: HttpResponse) -> str:
        """What came back, as text."""
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return content.decode("utf-8", "replace")

    def shown(self, url: Url, answer: HttpResponse) -> list[str]:
        """Canaries in the answer."""
        text = self.body(answer) + answer.headers.get("Location", "")
        found = [canary for canary in self.canaries if canary in text]
        if PLACE_CANARY in text and not url.name.startswith(NAMES_PRISONS):
            found.append(PLACE_CANARY)
        return sorted(found)


@contextmanager
def nothing_left() -> Iterator[None]:
    """Undo what happens inside."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


# Building --------------------------------------------------------------------------------------------------


@contextmanager
def built() -> Iterator[World]:
    """The world, in a transaction that is rolled back."""
    with time_machine.travel(NOW, tick=False), transaction.atomic():
        world = _build()
        yield world
        transaction.set_rollback(True)


def _build() -> World:
    world = World()
    world.here = _place("ZTA", "Testwick", "")
    world.elsewhere = _place("ZTB", PLACE_CANARY, CANARY)
    for place, other in ((world.here, world.elsewhere), (world.elsewhere, world.here)):
        _claimed(place, by=other)
    _records_from_a_third_prison(world)
    _paint(world.elsewhere)
    for role in sorted(NATIONAL_ROLES):
        world.national[role] = cast.make_staff(f"National {role}", role, None)
    with scoped(DatabaseRole.WEB):
        lead, quarter = world.national["NATIONAL_LEAD"], parse_period("2026-Q3")
        assert isinstance(quarter, Quarter)
        world.release = publish_release(by=Actor.staff(lead, roles=("NATIONAL_LEAD",)), now=NOW, quarter=quarter)
    with scoped(DatabaseRole.WEB):
        asked_for = ask_release(by=Actor.staff(lead), now=NOW, period=quarter.previous())
        refuse_request(by=Actor.system(), now=NOW, request_id=asked_for.pk, words="A number could be worked out.")
    with scoped(DatabaseRole.WEB):
        inspection = open_inspection(
            by=Actor.staff(lead, roles=("NATIONAL_LEAD",)), now=NOW, prison=world.here.prison,
            inspector=world.national["INSPECTOR"], reference="I-1", first_on=NOW.date(), last_on=NOW.date(),
        )  # fmt: skip
    _reports(world)
    with scoped(DatabaseRole.WEB):
        key, secret = api.key_for(lead, NOW)
    asked, built = extracts.asked(lead, NOW), extracts.handed_out(lead, world.national["NATIONAL_DPO"], NOW)
    world.key = {"authorization": f"Bearer {secret}"}
    for place in (world.here, world.elsewhere):
        place.tokens |= {"api_key": key.token, "extract": asked.token, "built_extract": built.token}
        place.tokens |= {"release": world.release.token, "release_request": asked_for.token}
        place.tokens["inspection"] = inspection.token
        for role in DIGESTS["digest"]:
            told = digests.digest_of(place.testers[role], place.prison, NOW, words=f"{place.canary} changed")
            place.tokens[f"digest {role}"] = told.token
    for role in DIGESTS["national_digest"]:
        told = digests.digest_of(world.national[role], None, NOW)
        world.here.tokens[f"national_digest {role}"] = world.elsewhere.tokens[f"national_digest {role}"] = told.token
    for user in User.objects.all():
        world.sessions[user.pk] = _session(user)
    world.canaries = _canaries(world)
    rows_counted()
    world.terminal_cookies = {
        "terminal_device": world.here.tokens["device key"],
        "terminal_entry": world.here.tokens["entry key"],
    }
    return world


def _reports(world: World) -> None:
    """A report on each prison that every reader of it asked for: made once, then copied."""
    for place in (world.here, world.elsewhere):
        readers = {role: place.testers[role] for role in ("LEAD", "DEPUTY_LEAD", "GOVERNOR_DELEGATE")}
        if place is world.here:
            readers |= world.national
        lead = place.testers["LEAD"]
        with scoped(DatabaseRole.WEB, prisons=[place.prison.code], user_id=lead.pk):
            by = cast.acts(lead, place.prison)
            report = ask_for_report(by=by, now=NOW, release=world.release, about=place.prison, at=place.prison)
        with scoped(DatabaseRole.NATIONAL):
            write_report(by=Actor.system(), now=NOW, report_id=report.pk)
            set_report(by=Actor.system(), now=NOW, report_id=report.pk)
        made = ReleaseReport.objects.get(pk=report.pk)
        pdf = bytes(made.file.content)
        place.tokens |= {"own_report": made.token, "own_report LEAD": made.token}
        for role, user in readers.items():
            if user != lead:
                more = copy_of(made, asked_by=user)
                more.save()
                ReleaseReportFile.objects.create(report=more, content=pdf)
                place.tokens[f"own_report {role}"] = more.token


def rows_counted() -> None:
    """The database counts the rows of this transaction.

    Its own counting cannot see them: it plans for empty tables, and the longest questions then take twenty seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _session(user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.cookies["sessionid"].value


def _place(code: str, name: str, canary: str) -> Place:
    prison = cast.make_prison(code, name)
    place = Place(prison, cast.make_wing(prison), canary)
    for role in sorted(PRISON_ROLES):
        department = DEPARTMENTS["SIGNATORY"] if role == "SIGNATORY" else ""
        # Those who write the records. At `elsewhere` their names are canaries.
        place.staff[role] = cast.make_staff(f"{canary}{role} of {code}", role, prison, department=department)
        place.testers[role] = cast.make_staff(f"Tester {role} of {code}", role, prison, department=department)
        former = cast.make_staff(f"Former {role} of {code}", role, prison, department=department)
        Membership.objects.filter(user=former).update(ends_on=TODAY - timedelta(days=1))
        place.former[role] = former
    with scoped(DatabaseRole.WEB, prisons=[code]):
        _people_and_buddies(place)
        _referrals(place)
        _terminal(place)
        _concerns(place)
        _pay(place)
    place.tokens["membership"] = Membership.objects.get(user=place.staff["OFFICER"]).token
    return place


def _people_and_buddies(place: Place) -> None:
    here, lead, wing, tokens = place.prison, place.staff["LEAD"], place.wing, place.tokens
    referrals.scheme_open(here, lead, NOW, wing)
    plan, buddy, match = visits.helped(here, lead, NOW, wing=wing, tasks=TWICE_A_DAY, goals="Eat together again.")
    place.people |= {"recipient": plan.person, "buddy": buddy.person}
    tokens |= {"plan": plan.token, "buddy": buddy.token, "match": match.token, "person": plan.person.token}
    tokens["plan_task"] = PlanTask.objects.get(plan=plan, session="AM").token
    # Its second version.
    thing = add_equipment(by=cast.acts(lead, here), now=NOW, plan=plan, kind="FRAME", owner="PRISON")
    tokens["equipment"] = thing.token
    tokens["consent"] = Consent.objects.get(plan=plan, scope="SUPPORT").token
    tokens["agreed_referral"] = plan.referral.token
    visits.day_opened(here, TODAY, NOW)
    tokens["planned"] = visits.planned_on(plan, TODAY, "PM").token
    visit = visits.visit_of(visits.planned_on(plan, TODAY), lead, NOW, extra_help=f"{place.canary} tray")
    tokens["visit"] = visit.token
    tokens["slip"] = visits.slips(here, lead, NOW)[0].token
    tokens["sheet"] = visits.log_sheet(here, lead, NOW, buddy).token
    tokens["spare_sheet"] = visits.spare_sheet(here, lead, NOW).token
    for kind in ("REFERRAL", "CONCERN", "INTERVIEW"):
        print_forms(by=cast.acts(lead, here), now=NOW, prison=here, kind=kind, how_many=1)

    lonely = referrals.agreed_plan(
        here, lead, NOW, person=person_in(here, lead, NOW, wing=wing, landing=1, cell="A1-40")
    )
    second = buddies.active_buddy(here, lead, NOW, wing=wing)
    tokens["lonely_plan"] = lonely.token
    by, tomorrow = cast.acts(lead, here), TODAY + timedelta(days=1)
    (cover,) = give_cover(by=by, now=NOW, plan=lonely, slots=[(tomorrow, "AM")], buddy=second, agreed=True)
    task = PlanTask.objects.get(plan=plan, session="PM")
    (left_out,) = except_slots(by=by, now=NOW, plan=plan, tasks=[task], first_on=tomorrow, reason="Out for the day")
    tokens |= {"cover_slot": cover.token, "slot_exception": left_out.token}
    asked = referrals.agreed_plan(
        here, lead, NOW, person=person_in(here, lead, NOW, wing=wing, landing=2, cell="A2-41")
    )
    tokens["proposed_match"] = visits.proposed_match(asked, second, lead, NOW).token

    tokens["post"] = posts.advertised(here, lead, NOW, wing).token
    tokens["declined"] = posts.appealed(here, lead, NOW).buddy.token
    posts.in_pool(here, lead, NOW)
    tokens["prompt"] = buddies.own_prompt(here, place.staff["ADMIN"], NOW).token
    tokens["applicant"] = buddies.applied(here, lead, NOW).token
    candidate = buddies.in_checks(here, lead, NOW)
    tokens["candidate"] = candidate.token
    for clearance in Clearance.objects.filter(buddy=candidate):
        tokens[f"clearance {clearance.department}"] = clearance.token
    trainee = buddies.in_training(here, lead, NOW)
    tokens["trainee"] = trainee.token
    training.local_module(here, lead, NOW)
    tokens["class"] = training.class_in("T01", here, place.staff["TRAINER"], NOW, people=[trainee]).token
    tokens["coming_class"] = training.class_in("T01", here, place.staff["TRAINER"], NOW, days=7, people=[trainee]).token
    training.elsewhere(trainee, "T02", lead, NOW)
    training.one_to_one(second, place.staff["TRAINER"], NOW, actions=["Ask for gloves"])
    training.briefing(wing, lead, NOW)
    tokens["wing"] = wing.token
    hours.week_entered(here, lead, NOW)
    tokens["take_over"] = buddies.take_over_asked(here, lead, NOW).token
    tokens["take_over_batch"] = training.taken_over_together(here, lead, NOW, 1).token
    for role in ("LEAD", "DEPUTY_LEAD"):
        tokens[f"take_over_file {role}"] = training.take_over_list(here, place.testers[role], NOW, 1).token
    tokens["import_file"] = imports.checked(here, lead, NOW).token
    tokens["uploaded_import"] = imports.uploaded(here, lead, NOW).token
    apart = keep_apart(
        by=cast.acts(lead, here), now=NOW, prison=here, person=plan.person, other=lonely.person, reason="THREAT",
        restriction="WING",
    )  # fmt: skip
    tokens["keep_apart"] = apart.token
    # None of these stops a match or holds a visit that the other records need.
    tokens["alert"] = directory.alert_on(plan.person, "PEEP", lead, NOW).token
    tokens["absence"] = directory.away_on(plan.person, "HEALTHCARE", lead, NOW, session="EV", ends_on=TODAY).token
    tokens["weekly"] = directory.weekly_of(plan.person, lead, NOW, session="EV").token
    file = directory.events_read(here, place.staff["ADMIN"], NOW, directory.told("updated", plan.person))
    tokens["event_file"] = file.token
    tokens["event"] = DirectoryEvent.objects.get(prison=here).token
    tokens["restricted"] = care.restricted_asked(here, lead, NOW, care.extra_module(f"R{here.code}")).token
    tokens["override"] = care.override_asked(buddy, lead, NOW, care.extra_module(f"X{here.code}")).token
    suspended = buddies.active_buddy(here, lead, NOW, wing=wing)
    tokens |= {"suspended": suspended.token, "stand_down": care.suspended(suspended, lead, NOW).token}


def pattern_of(here: Prison, person: Person, number: int = 1) -> PatternHit:
    """As the nightly search leaves it, with one visit behind it."""
    hit = PatternHit.objects.create(
        prison=here, reference=f"L-{number:04d}", rule="REFUSALS", wording="5 refusals in 14 days",
        found="5 refusals.", subject=f"person:{number}", person=person, found_at=NOW,
    )  # fmt: skip
    for planned in PlannedVisit.objects.filter(prison=here)[:1]:
        hit.rows.create(prison=here, planned=planned)
    return hit


def _referrals(place: Place) -> None:
    here, lead, tokens = place.prison, place.staff["LEAD"], place.tokens
    tokens["referral"] = referrals.referral_of(person_in(here, lead, NOW), lead, NOW).token
    for body in ("COUNCIL", "HEALTHCARE"):
        plan = referrals.draft_plan(here, lead, NOW, outcome=f"BUDDY_AND_{body}")
        tokens[f"shared_plan {body}"] = tokens["draft_plan"] = plan.token
        tokens[f"assessment {body}"] = AssessmentRequest.objects.get(referral=plan.referral, body=body).token
    held = HeldText.objects.create(
        prison=here, plan=plan, place="PLAN_GOALS", words="Wash him.", tasks=["PRO-03"], written_at=NOW, written_by=lead
    )
    tokens["held_text"] = held.token
    tokens["pattern"] = pattern_of(here, plan.person).token
    decided = referrals.decided_for(here, lead, NOW)
    tokens["capacity_plan"], tokens["capacity"] = decided.token, decided.capacity_records.get().token
    need = referrals.unmet_need(here, lead, NOW)
    tokens["unmet_need"] = need.token
    tokens["unmet_need_put"] = referrals.need_put(need, lead, NOW, by_letter=True).token
    tokens["chase"] = referrals.chased(referrals.put_to("COUNCIL", here, lead, NOW), lead, NOW).token
    tokens["need"] = referrals.need_noted(here, lead, NOW).token
    tokens["telling"] = referrals.telling(here, lead, NOW, "FAMILY").token
    helper = person_in(here, lead, NOW)
    tokens["informal_help"] = referrals.helped_informally(here, lead, NOW, helper=helper).token
    tokens["custody"] = Custody.objects.get(person=helper).token
    for role in ("OFFICER", "HEALTHCARE"):
        own = place.testers[role]
        tokens[f"own_referral {role}"] = referrals.referral_of(
            person_in(here, lead, NOW), own, NOW, source="PEER"
        ).token
        tokens[f"own_help {role}"] = referrals.helped_informally(here, own, NOW).token


def _terminal(place: Place) -> None:
    admin, officer, tokens = place.staff["ADMIN"], place.staff["OFFICER"], place.tokens
    machine, tokens["device key"] = terminal.terminal_on(place.wing, admin, NOW)
    closed, _ = terminal.terminal_on(place.wing, admin, NOW, name="Spare terminal")
    window = terminal.window_at(machine, officer, NOW)
    entry, tokens["entry key"] = terminal.entry_of(place.people["buddy"], window, officer, NOW)
    tokens |= {"terminal": machine.token, "closed_terminal": closed.token, "entry": entry.token}
    card = terminal.card_for(place.people["recipient"], place.prison, officer, NOW)
    tokens |= {"card": card.token, "scan": terminal.scanned(card, window, NOW)[0].token}
    tokens["danger"] = terminal.danger_told(window, place.people["buddy"], NOW).token
    tokens["own_wish"] = terminal.going_said(place.people["recipient"], window, NOW).token


def _concerns(place: Place) -> None:
    officer, person = place.staff["OFFICER"], place.people["recipient"]
    concern = terminal.concern_by(officer, place.prison, NOW, about_person=person)
    place.tokens["concern"] = concern.token
    for role in HANDLING_ROLES:
        line = give_access(by=cast.acts(officer, place.prison), now=NOW, concern=concern, user=place.testers[role])
        place.tokens["reader"] = line.token
    safeguarding = place.staff["SAFEGUARDING"]
    place.tokens["hand_on"] = terminal.handed_on(concern, safeguarding, NOW).token
    place.tokens["receiver_leave"] = terminal.on_leave(safeguarding, place.prison, NOW, days=30).token
    lead, buddy = place.staff["LEAD"], place.people["buddy"]
    place.tokens["note"] = terminal.concern_by(lead, place.prison, NOW, kind="TALK_TO_STAFF", writer=buddy).token
    place.tokens["news"] = care.news_for(Buddy.objects.get(token=place.tokens["buddy"]), person, NOW).token
    place.tokens["welfare_check"] = care.welfare_prompted(place.prison, person, NOW).token


def _pay(place: Place) -> None:
    """A recorded week with a difference that is explained, a file that waits, and a visit marked as staff work."""
    here, lead, tokens = place.prison, place.staff["LEAD"], place.tokens
    buddy = Buddy.objects.get(token=tokens["buddy"])
    change_outcome_settings(by=cast.acts(lead, here), now=NOW, prison=here, switched_on=["STAFF", "LONELY"], version=1)
    pay.rate(here, lead, NOW, name=f"{place.canary} band")
    pay.in_band(buddy, lead, NOW)
    Buddy.objects.filter(pk=buddy.pk).update(started_on=date(2026, 11, 2))
    week = pay.period(here, lead, NOW, date(2026, 11, 16))
    pay.recorded(week, lead, NOW, {buddy: 100})
    line = pay.line_of(week, buddy)
    explain(
        by=cast.acts(lead, here), now=NOW, line=line, reason="OTHER", words=f"{place.canary} words",
        version=line.version,
    )  # fmt: skip
    waiting = pay.staged(week, lead, NOW, (2, buddy.person.prison_number, "1.20"))
    pay.staff_work(Visit.objects.get(token=tokens["visit"]), lead, NOW, f"{place.canary} servery")
    begun = self_assessment.started(here, lead, NOW)
    answer = self_assessment.answered(begun, lead, NOW, words=f"{place.canary} reason")
    evidence = self_assessment.file_of(answer, lead, NOW, shows=f"{place.canary} list", name=f"{place.canary}.pdf")
    action = self_assessment.planned(begun, lead, NOW, what=f"{place.canary} course")
    tokens |= {"self_evidence": evidence.token, "self_action": action.token}
    tokens |= {"pay_period": week.token, "pay_line": line.token, "pay_file": waiting.token}
    # Whoever asks is of no prison, so this name may be seen nationally; the words may not.
    asker = cast.make_staff(f"Asker of {here.code}", "NATIONAL_LEAD", None)
    query = quality.asked(here, asker, NOW, f"{place.canary} words")
    tokens["data_query"] = quality.answered(query, lead, NOW, f"{place.canary} answer").token


def _claimed(place: Place, *, by: Place) -> None:
    """The other prison says that somebody is there whom this one holds."""
    lead = place.staff["LEAD"]
    with scoped(DatabaseRole.WEB, prisons=[place.prison.code]):
        held = person_in(place.prison, lead, NOW)
    with scoped(DatabaseRole.WEB, prisons=[by.prison.code]):
        # Who claims stands in the audit of the prison that is asked, so this name may be seen there.
        claimant = by.testers["LEAD"]
        person_in(by.prison, claimant, NOW, held.prison_number, first_name="Nobody", last_name="Known")
    with scoped(DatabaseRole.NATIONAL):
        place.tokens["claim"] = CustodyClaim.objects.get(prison=place.prison, person=held).token


def _records_from_a_third_prison(world: World) -> None:
    """Each of the two has a buddy's record from a prison that nobody here asks about."""
    third = cast.make_prison("ZTC", "Thirdham")
    lead = cast.make_staff("Thea Third", "LEAD", third)
    for place in (world.here, world.elsewhere):
        with scoped(DatabaseRole.WEB, prisons=[third.code]):
            place.tokens["pack"] = packs.pack_sent(third, lead, place.prison, NOW).token
            care_pack = moving.sent(referrals.agreed_plan(third, lead, NOW), lead, place.prison, NOW)
        ours = place.staff["LEAD"]
        moving.accepted(care_pack, ours, NOW)
        moving.arrived(care_pack, ours, NOW)
        place.tokens["care_pack"] = care_pack.token
        place.tokens["record_plan"] = moving.plan_from(care_pack, ours, NOW).token
        with scoped(DatabaseRole.WEB, prisons=[place.prison.code]):
            person = place.people["recipient"]
            place.tokens["fall"] = moving.fall_of(person, place.prison, place.staff["OFFICER"], NOW).token
            place.tokens["handover"] = moving.handed_over(person, place.prison, ours, NOW).token


# Texts that are codes, although they have no list of choices.
NOT_WORDS = {"token", "reference", "code", "status", "role", "department", "prison_number", "language", "measure"}


# Texts that a constraint keeps empty until something has happened.
ONCE_SAID = {
    ("SelfEvidence", "place"),
    ("Refusal", "outcome_reason"),
    ("Refusal", "appeal_words"),
    ("Refusal", "told_who"),
    ("Handover", "received_words"),
    ("InformalHelp", "end_reason"),
    ("PatternHit", "words"),
    ("AssessmentRequest", "close_reason"),
    ("Match", "choice_reason"),
}


def _paint(place: Place) -> None:
    """A canary into every text of the prison's records, as the owner, past all actions."""
    for model in apps.get_models():
        if not _paintable(model):
            continue
        for column in [f.name for f in model._meta.concrete_fields if _is_words(f)]:
            rows = model._base_manager.filter(prison=place.prison)
            if (model.__name__, column) in ONCE_SAID:
                rows = rows.exclude(**{column: ""})
            with pgtrigger.ignore():
                rows.update(**{column: CANARY})
    people = Person.objects.filter(pk__in=_people_of(place))
    people.update(first_name=CANARY, last_name=CANARY, preferred_name=CANARY)


def _paintable(model: type[models.Model]) -> bool:
    ours = model._meta.app_label in ("accounts", "schemes", "training", "referrals", "monitoring")
    has_prison = any(f.name == "prison" for f in model._meta.concrete_fields)
    guarded = bool(getattr(model._meta, "triggers", [])) and getattr(model, "append_only", False)
    return ours and has_prison and not guarded and not hasattr(model, "pgh_tracked_model")


def _is_words(column: models.Field[Any, Any]) -> bool:
    if not isinstance(column, models.CharField | models.TextField) or column.choices or column.unique:
        return False
    if column.name in NOT_WORDS or column.name.endswith(("_hash", "_status", "pair")):
        return False
    return column.max_length is None or column.max_length >= len(CANARY)


def _people_of(place: Place) -> list[int]:
    return list(Custody.objects.filter(prison=place.prison).values_list("person_id", flat=True))


def _canaries(world: World) -> frozenset[str]:
    """The word itself, and every prison number and reference that only the other prison has."""
    numbers = {place.prison.code: set() for place in (world.here, world.elsewhere)}
    for place in (world.here, world.elsewhere):
        people = Person.objects.filter(pk__in=_people_of(place))
        numbers[place.prison.code] |= set(people.values_list("prison_number", flat=True))
        for model in apps.get_models():
            names = {f.name for f in model._meta.concrete_fields}
            if {"prison", "reference"} <= names and not hasattr(model, "pgh_tracked_model"):
                rows = model._base_manager.filter(prison=place.prison)
                numbers[place.prison.code] |= set(rows.values_list("reference", flat=True))
    return frozenset({CANARY} | (numbers[world.elsewhere.prison.code] - numbers[world.here.prison.code]))


def roles_of(url: Url) -> list[str]:
    """Who may, as a sorted list; empty where no role is asked for."""
    who = ACCESS[url.name]
    return sorted(who) if isinstance(who, frozenset) else []
