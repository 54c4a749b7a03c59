"""Everything that the terminal's pages are made of: a list of allowed fields, read under the terminal's own role.

The role can select these columns and no others, and of people only the one who is in and those whose visits they
make; so a mistake here shows an error and not a record. What is returned are plain values, never models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, Subquery, Sum

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import day_bounds, london_today, month_of
from buddyscheme.scope.transaction import DatabaseRole, Reach, current_reach, scoped
from referrals.drafts import Draft, opened
from referrals.models import (
    BuddyNews,
    Match,
    Plan,
    PlannedVisit,
    PlanTask,
    Referral,
    ReferralTelling,
    SessionNotice,
    TerminalDraft,
    Visit,
)
from referrals.rules.referrals import MOST_OWN_WAITING, WITH_BUDDY
from schemes.models import Buddy, Custody, Post, Refusal, Session, TaskKind
from schemes.queries.people import keep_apart_others, people_of
from schemes.rules.buddies import BEFORE_START
from training.models import Module, ModuleResult, Supervision
from training.rules.results import state_of
from training.rules.supervision import next_due

# How long an application that has ended is still shown to the person.
SHOWN_AFTER = timedelta(days=90)
# An application of which somebody has to talk to the person first.
TO_HEAR = "TO_HEAR"
NO_HELP = (Plan.Status.PAUSED, Plan.Status.REFUSED, Plan.Status.ENDED)
ORDER = {code: place for place, code in enumerate(Session.values)}


@dataclass(frozen=True)
class Task:
    """One agreed task in a fixed phrase, with its picture."""

    code: str
    name: str
    name_cy: str
    picture: str


@dataclass(frozen=True)
class VisitOnScreen:
    """All that a buddy sees of a visit and of the person."""

    token: str
    name: str
    cell: str
    session: str
    minutes: int
    safety_words: tuple[str, ...]
    tasks: tuple[Task, ...]
    saved: bool


@dataclass(frozen=True)
class OwnTask:
    """One task of the person's own plan."""

    token: str
    session: str
    task: Task


@dataclass(frozen=True)
class Lesson:
    """One module of the person's own training."""

    code: str
    title: str
    passed: bool
    until: date | None
    in_date: bool


@contextmanager
def reading(prison: Prison, person_id: int) -> Iterator[None]:
    """The reach of every read below: the terminal's role, one prison, one person. Around several, it is set once."""
    if current_reach() == Reach(DatabaseRole.TERMINAL, (prison.code,), person_id):
        yield
        return
    with scoped(DatabaseRole.TERMINAL, prisons=[prison.code], person_id=person_id):
        yield


def own_name(prison: Prison, person_id: int) -> str:
    """What the person who is in is called."""
    with reading(prison, person_id):
        row = people_of_terminal(prison).filter(pk=person_id).first()
    return "" if row is None else row["preferred_name"] or row["first_name"]


def people_of_terminal(prison: Prison) -> Any:
    """First and preferred name, and nothing else."""
    return people_of(prison).values("id", "first_name", "preferred_name")


def draft(prison: Prison, person_id: int, today: date) -> Draft | None:
    """What the person had half filled in earlier today, opened with their own key."""
    with reading(prison, person_id):
        rows = TerminalDraft.objects.for_prison(prison).filter(person_id=person_id, for_day=today)
        sealed = rows.values_list("sealed", flat=True).first()
    return opened(sealed, person_id, today) if sealed else None


@dataclass(frozen=True)
class Notice:
    """A session that did not happen, of which the person has yet to read."""

    id: int
    day: date
    session: str
    cause: str


def notices(prison: Prison, person_id: int) -> list[Notice]:
    """What the person has to be told, the oldest first."""
    with reading(prison, person_id):
        rows = SessionNotice.objects.for_prison(prison).filter(person_id=person_id, seen_at=None)
        found = [Notice(**row) for row in rows.order_by("day", "id").values("id", "day", "session", "cause")]
    return sorted(found, key=lambda one: (one.day, ORDER.get(one.session, 9)))


def is_buddy(prison: Prison, person_id: int) -> bool:
    """Whether the person is an active buddy here now; a suspended one is not."""
    with reading(prison, person_id):
        return bool(_own_buddy(prison, person_id).exists())


@dataclass(frozen=True)
class Day:
    """The list of a buddy's day, one line for everybody they visit: the visit that is logged next, or the last."""

    lines: tuple[VisitOnScreen, ...]
    speak: bool
    """Somebody has to talk to the buddy first. About what stands in no read."""


def day_of(prison: Prison, person_id: int, today: date) -> Day:
    """The person's own visits today, in the order of its sessions."""
    with reading(prison, person_id):
        rows = _apart(person_id, list(_visits(prison, person_id, today)))
        visits = _on_screen(rows)
        speak = _must_speak(prison, person_id, today)
    whose = {row["token"]: row["person_id"] for row in rows}
    by_person: dict[int, list[VisitOnScreen]] = {}
    for visit in visits:
        by_person.setdefault(whose[visit.token], []).append(visit)
    lines = (next((visit for visit in own if not visit.saved), own[-1]) for own in by_person.values())
    return Day(tuple(lines), speak)


def must_speak(prison: Prison, person_id: int, today: date) -> bool:
    """Whether there is a death, a move or a suspension that nobody has told the buddy of."""
    with reading(prison, person_id):
        return _must_speak(prison, person_id, today)


def _must_speak(prison: Prison, person_id: int, today: date) -> bool:
    own = Buddy.objects.for_prison(prison).filter(person_id=person_id).values("id")
    news = BuddyNews.objects.for_prison(prison).filter(buddy__in=own, told_at=None)
    # Also between the moment in which somebody has left and the one in which the rest follows.
    gone = _planned(prison, person_id, today).filter(~Exists(_held(prison).values("person_id")))
    return bool(news.values("id").exists() or gone.values("id").exists())


def visit_today(prison: Prison, person_id: int, today: date, token: str) -> VisitOnScreen | None:
    """One own visit of today, or None for anybody else's and for nonsense alike."""
    with reading(prison, person_id):
        rows = _apart(person_id, list(_visits(prison, person_id, today).filter(token=token)))
        found = _on_screen(rows)
    return found[0] if found else None


def own_training(prison: Prison, person_id: int, today: date) -> list[Lesson]:
    """The newest result of each module the person has taken."""
    with reading(prison, person_id):
        results = ModuleResult.objects.for_prison(prison).filter(person_id=person_id)
        newest: dict[str, dict[str, Any]] = {}
        fields = ("module_id", "outcome", "expires_on")
        newer = ModuleResult.objects.for_prison(prison).filter(replaces_id=OuterRef("pk"))
        counting = results.filter(~Exists(newer.values("id"))).exclude(outcome=ModuleResult.Outcome.VOID)
        for row in counting.order_by("assessed_on", "id").values(*fields):
            newest[row["module_id"]] = row
        modules = list(
            Module.objects.for_prison(prison)
            .filter(code__in=newest)
            .order_by("position", "code")
            .values("code", "title")
        )
    return [_lesson(module, newest[module["code"]], today) for module in modules]


def own_supervision(prison: Prison, person_id: int) -> date | None:
    """The day by which the person's own supervision is due; None for somebody who has not started."""
    with reading(prison, person_id):
        rows = _own_buddy(prison, person_id)
        own = rows.values("id", "started_on", "scheme__supervision_months", "scheme__group_counts").first()
        if own is None or own["started_on"] is None:
            return None
        held = Supervision.objects.for_prison(prison).filter(buddy_id=own["id"], outcome=Supervision.Outcome.HELD)
        if not own["scheme__group_counts"]:
            held = held.filter(kind=Supervision.Kind.ONE_TO_ONE)
        last = held.aggregate(last=Max("held_on"))["last"]
    return next_due(last or own["started_on"], own["scheme__supervision_months"])


def own_help(prison: Prison, person_id: int) -> list[OwnTask]:
    """What a buddy does by the person's own plan, while it runs, in the order of the day."""
    with reading(prison, person_id):
        rows = PlanTask.objects.for_prison(prison).filter(
            plan__in=Plan.objects.for_prison(prison)
            .filter(person_id=person_id, status=Plan.Status.ACTIVE)
            .values("id"),
            done_by=PlanTask.DoneBy.BUDDY,
            stopped_at=None,
        )
        fields = ("token", "session", "task__code", "task__name", "task__name_cy", "task__picture")
        found = list(rows.order_by("task__position", "id").values(*fields))
    tasks = [
        OwnTask(
            r["token"], r["session"], Task(r["task__code"], r["task__name"], r["task__name_cy"], r["task__picture"])
        )
        for r in found
    ]
    return sorted(tasks, key=lambda own: ORDER.get(own.session, 9))


def own_minutes(prison: Prison, person_id: int, today: date) -> int:
    """Minutes of help this month, as they stand after corrections."""
    month = month_of(today)
    with reading(prison, person_id):
        mine = PlannedVisit.objects.for_prison(prison).filter(buddy__in=_own_buddy(prison, person_id))
        visits = _standing(prison).filter(day__range=(month.first, month.last), planned__in=mine.values("id"))
        total = visits.aggregate(minutes=Sum("minutes"))["minutes"]
    return int(total or 0)


@dataclass(frozen=True)
class Vacancy:
    """A job that is advertised and not filled, as it stands on the notice board."""

    token: str
    title: str
    title_cy: str
    wing: str
    own_wing: bool
    hours: int
    band: int
    band_name: str
    closes_on: date


@dataclass(frozen=True)
class OwnApplication:
    """Where the person's own application stands. `key` ends the key of its sentence."""

    key: str
    title: str
    title_cy: str
    applied_on: date
    may_take_back: bool
    closed: bool


def vacancies(prison: Prison, person_id: int, today: date) -> list[Vacancy]:
    """Jobs of the prison that take applications today: those of the person's own wing first."""
    with reading(prison, person_id):
        here = Custody.objects.for_prison(prison).filter(person_id=person_id, ended_at=None)
        own = here.values_list("wing_id", flat=True).first()
        posts = Post.objects.for_prison(prison).filter(
            status=Post.Status.ADVERTISED, advertised_on__lte=today, closes_on__gte=today, full=False
        )
        rows = list(
            posts.order_by("wing__code", "title", "id").values(
                "token", "title", "title_cy", "wing_id", "wing__name", "weekly_hours", "pay_band", "pay_band_name",
                "closes_on",
            )
        )  # fmt: skip
    found = [
        Vacancy(
            token=r["token"],
            title=r["title"],
            title_cy=r["title_cy"],
            wing=r["wing__name"],
            own_wing=r["wing_id"] == own,
            hours=r["weekly_hours"],
            band=r["pay_band"],
            band_name=r["pay_band_name"],
            closes_on=r["closes_on"],
        )
        for r in rows
        if r["closes_on"] is not None
    ]
    return sorted(found, key=lambda vacancy: not vacancy.own_wing)


def own_application(prison: Prison, person_id: int, today: date) -> OwnApplication | None:
    """The person's newest application; one that ended long ago is nobody's business here any more."""
    with reading(prison, person_id):
        rows = Buddy.objects.for_prison(prison).filter(person_id=person_id).order_by("-id")
        fields = ("id", "status", "applied_on", "ended_on", "post__title", "post__title_cy")
        row = rows.values(*fields).first()
        if row is None:
            return None
        refused = row["status"] == Buddy.Status.DECLINED
        refusals = Refusal.objects.for_prison(prison).filter(buddy_id=row["id"]).order_by("-id")
        refusal = refusals.values("told_on", "appealed_on", "outcome").first() if refused else None
    closed = row["status"] not in Buddy.OPEN
    if row["status"] in (Buddy.Status.LEFT, Buddy.Status.REMOVED):
        return None
    if closed and (row["ended_on"] is None or row["ended_on"] + SHOWN_AFTER < today):
        return None
    return OwnApplication(
        key=_state(row["status"], refusal),
        title=row["post__title"] or "",
        title_cy=row["post__title_cy"] or "",
        applied_on=row["applied_on"],
        may_take_back=row["status"] in BEFORE_START,
        closed=closed,
    )


def _state(status: str, refusal: Mapping[str, Any] | None) -> str:
    """What the person may read of it here: a refusal, and how an appeal ended, they hear from somebody first."""
    if refusal is None:
        return status
    if refusal["appealed_on"] is not None:
        return TO_HEAR if refusal["outcome"] else "APPEAL"
    return status if refusal["told_on"] is not None else TO_HEAR


@dataclass(frozen=True)
class OwnRequest:
    """One request of the person's own. `key` ends the key of its sentence; a refusal is staff's to say first."""

    key: str
    asked_on: date


def own_requests(prison: Prison, person_id: int, today: date) -> list[OwnRequest]:
    """What the person asked for in the last months, the newest first."""
    since = day_bounds(today - SHOWN_AFTER)[0]
    with reading(prison, person_id):
        told = ReferralTelling.objects.for_prison(prison).filter(
            referral_id=OuterRef("pk"), audience=ReferralTelling.Audience.PERSON, told_at__isnull=False
        )
        mine = Referral.objects.for_prison(prison).filter(
            person_id=person_id, source=Referral.Source.SELF, referred_at__gte=since
        )
        plans = Plan.objects.for_prison(prison).filter(person_id=person_id, asked_at__gte=OuterRef("referred_at"))
        newest = plans.order_by("-asked_at", "-id")
        running = Match.objects.for_prison(prison).filter(plan_id=OuterRef("plan"), status=Match.Status.ACTIVE)
        rows = list(
            mine.annotate(
                told=Exists(told.values("id")),
                plan=Subquery(newest.values("id")[:1]),
                plan_status=Subquery(newest.values("status")[:1]),
            )
            .annotate(helped=Exists(running.values("id")))
            .order_by("-referred_at", "-id")
            .values("status", "outcome", "referred_at", "told", "plan_status", "helped")
        )
    return [OwnRequest(_request_key(row), london_today(row["referred_at"])) for row in rows]


def may_ask(requests: list[OwnRequest]) -> bool:
    """Whether another request can be sent now."""
    return sum(request.key == "WAITING" for request in requests) < MOST_OWN_WAITING


def _request_key(row: Mapping[str, Any]) -> str:
    if row["status"] == Referral.Status.RECEIVED:
        return "WAITING"
    if row["status"] == Referral.Status.NOT_PROGRESSED:
        return "NOT_NOW" if row["told"] else "SPEAK"
    if row["outcome"] not in WITH_BUDDY:
        return "LOOKING"
    if row["plan_status"] in NO_HELP:
        return "NO_HELP"
    return "HELPED" if row["plan_status"] == Plan.Status.ACTIVE and row["helped"] else "ARRANGING"


def _own_buddy(prison: Prison, person_id: int) -> Any:
    return Buddy.objects.for_prison(prison).filter(person_id=person_id, status=Buddy.Status.ACTIVE).values("id")


def _standing(prison: Prison) -> Any:
    visits = Visit.objects.for_prison(prison)
    newer = Visit.objects.for_prison(prison).filter(replaces_id=OuterRef("pk"))
    return visits.filter(~Exists(newer.values("id")))


def _planned(prison: Prison, person_id: int, today: date) -> Any:
    return PlannedVisit.objects.for_prison(prison).filter(
        Q(buddy__in=_own_buddy(prison, person_id)), day=today, cancelled_at=None
    )


def _held(prison: Prison) -> Any:
    return Custody.objects.for_prison(prison).filter(person_id=OuterRef("person_id"), ended_at=None)


def _apart(person_id: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without anybody whom the buddy is kept from: a record that was made a moment ago hides the visit at once.

    Ids only, and only to leave rows out: nothing of such a record can reach a screen.
    """
    apart = keep_apart_others({person_id}).get(person_id, set()) if rows else set()
    return [row for row in rows if row["person_id"] not in apart]


def _visits(prison: Prison, person_id: int, today: date) -> Any:
    logged = Visit.objects.for_prison(prison).filter(planned_id=OuterRef("pk"))
    custody = _held(prison)
    # Somebody who is no longer held here has no visits here.
    here = _planned(prison, person_id, today).filter(Exists(custody.values("person_id")))
    return here.annotate(saved=Exists(logged.values("id")), cell=Subquery(custody.values("cell")[:1])).values(
        "token", "person_id", "session", "tasks", "minutes", "plan__safety_words", "person__first_name",
        "person__preferred_name", "saved", "cell",
    )  # fmt: skip


def _on_screen(rows: list[dict[str, Any]]) -> list[VisitOnScreen]:
    kinds = TaskKind.objects.filter(code__in={code for r in rows for code in r["tasks"]})
    tasks = {t["code"]: Task(**t) for t in kinds.values("code", "name", "name_cy", "picture")}
    visits = [
        VisitOnScreen(
            token=r["token"],
            name=r["person__preferred_name"] or r["person__first_name"],
            cell=r["cell"],
            session=r["session"],
            minutes=r["minutes"],
            safety_words=tuple(r["plan__safety_words"]),
            tasks=tuple(tasks[code] for code in r["tasks"] if code in tasks),
            saved=r["saved"],
        )
        for r in rows
    ]
    return sorted(visits, key=lambda v: (ORDER.get(v.session, 9), v.cell, v.name, v.token))


def _lesson(module: Mapping[str, Any], result: dict[str, Any], today: date) -> Lesson:
    until = result["expires_on"]
    return Lesson(
        code=module["code"],
        title=module["title"],
        passed=result["outcome"] == ModuleResult.Outcome.PASSED,
        until=until,
        in_date=state_of(result["outcome"], until, today).holds,
    )
