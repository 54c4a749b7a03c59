"""Concerns: raised by any staff or partner, handled by those on its list, never shown to anyone named in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import User
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.actions import concerns as actions
from referrals.danger_words import acknowledged_words
from referrals.forms.concerns import CHASE, TELL, ActionForm, ConcernFilter, ConcernForm
from referrals.models import Concern, HandOn, Plan
from referrals.queries import concerns as queries
from referrals.queries.danger import call_of
from referrals.queries.falls import fall_of_concern
from referrals.queries.unmet_needs import personal_care
from referrals.rules import concerns as rules
from referrals.rules.boundary import check_words
from referrals.rules.receivers import MANY
from referrals.views.words import day
from schemes.models import Person
from schemes.queries.people import custody_of, people_of, person_here

PARTNERS = frozenset({"COUNCIL", "HEALTHCARE"})
COLOURS = {Concern.Status.NEW: "blue", Concern.Status.ACTED: "yellow", Concern.Status.CLOSED: "grey"}


@require_safe
@requires(P.CONCERN_HANDLE)
def concerns(request: StaffRequest) -> HttpResponse:
    """Concerns by their clock."""
    now = timezone.now()
    filter_form = ConcernFilter(request.GET)
    answers = dict(filter_form.answers)
    found = _due(request, answers.pop("due", ""), london_today(now)).filter(**answers)
    page = page_of(found, request)
    table = Table(
        caption="Concerns, the most pressing first",
        first="Reference",
        columns=["Kind", "About", "How grave", "Act by", "Clock", "Writer told"],
        rows=[_row(request, concern, now) for concern in page],
    )
    return render(request, "components/list_page.html", {
        "title": "Concerns", "page": page, "table": table, "noun": "concerns", "filter_form": filter_form,
        "lead": "Concerns that go to you, or to somebody for whom you stand in. Everyone who opens one is recorded.",
        "empty": "No concern has been raised.",
        "action_href": reverse("referrals:concern_add", args=[request.prison.code]),
        "action_text": "Raise a concern",
    })  # fmt: skip


def _due(request: StaffRequest, due: str, today: date) -> QuerySet[Concern]:
    if due == TELL:
        return queries.writers_to_tell(request.prison, request.user, today)
    if due == CHASE:
        return queries.concerns_to_chase(request.prison, request.user, today)
    return queries.concerns_for(request.prison, request.user, today)


def _row(request: StaffRequest, concern: Concern, now: datetime) -> Row:
    return Row(
        text=concern.reference,
        href=reverse("referrals:concern", args=[request.prison.code, concern.token]),
        hidden="concern",
        cells=[
            Cell(text=concern.get_kind_display()),
            Cell(text=_about(concern)),
            concern.get_severity_display() or "–",
            Cell(text=_moment(concern.due_at)),
            Cell(text=_clock(concern, now)),
            told_words(concern, now),
        ],
        tag=Tag(text="Overdue", colour="red")
        if concern.status == Concern.Status.NEW and rules.is_breached(concern, now)
        else Tag(text=concern.get_status_display(), colour=COLOURS[Concern.Status(concern.status)]),
    )


def _about(concern: Concern) -> str:
    if concern.about_staff is not None:
        return concern.about_staff.name
    return concern.about_person.list_name if concern.about_person is not None else ""


def _clock(concern: Concern, now: datetime) -> str:
    late = rules.is_breached(concern, now)
    if concern.acted_at is None:
        return "Overdue" if late else "In time so far"
    return "Acted late" if late else "Acted in time"


def told_words(concern: Concern, now: datetime) -> str:
    """Where telling the writer in person stands, against its own clock."""
    due = rules.tell_due_at(concern)
    if concern.writer_id is None:
        return "No writer"
    if concern.writer_told_at is not None:
        return "Told late" if rules.is_telling_late(concern, now) else "Told in time"
    if due is None:
        return "Once something is done"
    return f"Overdue since {day(due.date())}" if rules.is_telling_late(concern, now) else f"By {day(due.date())}"


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_RAISE)
def concern_add(request: StaffRequest) -> HttpResponse:
    """Raise a concern in at most four answers, about somebody known, a prison number, or a member of staff."""
    now = timezone.now()
    known = _known(request)
    about = "known" if known is not None else "staff" if request.GET.get("about") == "staff" else "number"
    staff = queries.staff_here(request.prison, london_today(now)).exclude(pk=request.user.pk)
    form = ConcernForm(request.POST or None, about=about, today=london_today(now), staff=staff)
    if request.method == "POST" and form.is_valid():
        try:
            concern = _raise(request, form.cleaned_data, known, staff, now)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Concern {concern.reference} was sent.")
            if may(request, P.CONCERN_HANDLE) and _reads(request, concern, now):
                return redirect("referrals:concern", request.prison.code, concern.token)
            return redirect("referrals:concern_sent", request.prison.code)
    return render(request, "referrals/concern_add.html", {
        "title": "Raise a concern", "form": form, "about": about,
        "rows": [{"key": "About", "value": known.full_name}] if known is not None else [],
    })  # fmt: skip


def _reads(request: StaffRequest, concern: Concern, now: datetime) -> bool:
    return queries.concerns_for(request.prison, request.user, london_today(now)).filter(pk=concern.pk).exists()


def source_of(request: StaffRequest) -> str:
    """A partner is whoever is here for the council or healthcare and for nothing else."""
    return Concern.Source.PARTNER if PARTNERS.issuperset(request.actor.roles) else Concern.Source.STAFF


def _known(request: StaffRequest) -> Person | None:
    token = request.GET.get("about", "")
    if token in ("", "staff"):
        return None
    plan = Plan.objects.for_prison(request.prison).filter(token=token).select_related("person").first()
    if plan is not None:
        found: Person = plan.person
        return found
    return get_object_or_404(people_of(request.prison), token=token)


def _raise(request: StaffRequest, answers: dict[str, Any], known: Person | None, staff: Any, now: datetime) -> Concern:
    about_staff: User | None = get_object_or_404(staff, token=answers["staff"]) if "staff" in answers else None
    number = answers.get("prison_number", "")
    person = known or (person_here(request.prison, number) if number else None)
    if number and person is None:
        raise NotAllowed(
            "This prison number is not on this prison’s list. Check it, or leave it out and say in words who it is.",
            field="prison_number",
        )
    return actions.raise_concern(
        by=request.actor,
        now=now,
        prison=request.prison,
        kind=answers["kind"],
        words=answers["words"],
        happened_on=answers["happened_on"],
        about_person=person,
        about_staff=about_staff,
        source=source_of(request),
    )


@require_safe
@requires(P.CONCERN_RAISE)
def concern_sent(request: StaffRequest) -> HttpResponse:
    """What happens next; says nothing about the concern itself."""
    return render(request, "referrals/concern_sent.html", {"title": "What happens next"})


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def concern(request: StaffRequest, token: str) -> HttpResponse:
    """One concern: read (and recorded as read), and what was done added to it."""
    found = load(request, token)
    now = timezone.now()
    form = ActionForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            actions.act_on_concern(by=request.actor, now=now, concern=found, **_only(answers))
        except Stale as error:
            form.stale(error, version=load(request, token).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "What was done is saved.")
            return redirect(request.path)
    record.viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.about_person_id)
    readers, hand_ons = list(queries.readers_of(found)), list(queries.hand_ons_of(found))
    council_told = any(one.to == HandOn.To.COUNCIL for one in hand_ons)
    return render(request, "referrals/concern_page.html", {
        "concern": found,
        "rows": _rows(found, now),
        "steps": _steps(request, found, council_told=council_told),
        "readers": readers,
        "few": 0 < len(readers) < MANY,
        "hand_ons": [_hand_on(request, one) for one in hand_ons],
        "tell_council": found.kind in rules.SAFEGUARDING and not council_told,
        "form": form if rules.can_act(found) else None,
        "events": _events(found),
        "fall_url": _fall_url(request, found),
        "person": _identity(request, found),
        "need_tasks": _need_tasks(request, found),
        "need_person": found.about_person.token if found.about_person is not None else "",
        "crumbs": [{"text": "Concerns", "href": reverse("referrals:concerns", args=[request.prison.code])}],
    })  # fmt: skip


def _steps(request: StaffRequest, found: Concern, *, council_told: bool) -> list[dict[str, str]]:
    open_ = rules.can_act(found)
    offered = [
        ("How grave, and whose", "concern_grade", open_),
        ("Hand on", "concern_hand_on", open_),
        ("Step in: pause and suspend", "concern_step_in", open_),
        ("Who may read this", "concern_access", open_),
        ("The writer was told", "concern_told", rules.can_tell_writer(found)),
        ("Close this concern", "concern_close", rules.can_close(found, council_told=council_told)),
    ]
    code = request.prison.code
    return [
        {"text": text, "href": reverse(f"referrals:{name}", args=[code, found.token])}
        for text, name, offer in offered
        if offer
    ]


def _hand_on(request: StaffRequest, one: HandOn) -> dict[str, Any]:
    words = f"{_moment(one.handed_at)}, {one.handed_by.name}\nTheir reference: {one.their_reference or 'not given yet'}"
    if one.answered_at is not None and one.answered_by is not None:
        said = f"What came of it, {_moment(one.answered_at)}, {one.answered_by.name}: {one.outcome}"
        return {"key": one.get_to_display(), "value": f"{words}\n{said}"}
    if one.chased_at is not None:
        words += f"\nAsked again: {_moment(one.chased_at)}"
    return {
        "key": one.get_to_display(),
        "value": f"{words}\nAsk again on {day(one.chase_on)}",
        "href": reverse("referrals:hand_on", args=[request.prison.code, one.token]),
        "action": "Ask again or record the answer",
        "hidden": f"of {one.get_to_display().lower()}",
    }


def _fall_url(request: StaffRequest, found: Concern) -> str:
    """Where the times of a fall are recorded; nothing where they are, or where it is not known who fell."""
    if found.kind != Concern.Kind.FALL or found.about_person is None or found.about_staff is not None:
        return ""
    if not may(request, P.FALL_RECORD) or fall_of_concern(found) is not None:
        return ""
    return f"{reverse('referrals:fall_add', args=[request.prison.code])}?concern={found.token}"


def _need_tasks(request: StaffRequest, found: Concern) -> list[dict[str, Any]]:
    """Kinds of personal care to record as an unmet need in one step, the one that the words speak of chosen."""
    person = found.about_person
    if found.kind not in rules.OVERSTEPS or person is None or not may(request, P.UNMET_NEED_EDIT):
        return []
    if custody_of(request.prison, person) is None:
        return []
    spoken = {hit.code for hit in check_words(found.words)}
    kinds = list(personal_care())
    chosen = next((kind.code for kind in kinds if kind.code in spoken), "")
    return [{"value": kind.code, "text": kind.name, "selected": kind.code == chosen} for kind in kinds]


def _only(answers: dict[str, Any]) -> dict[str, Any]:
    return {"words": answers["words"], "version": answers["version"]}


def _identity(request: StaffRequest, found: Concern) -> dict[str, str] | None:
    person = found.about_person
    if person is None:
        return None
    custody = custody_of(request.prison, person)
    return {
        "name": person.full_name,
        "prison_number": person.prison_number,
        "place": custody.place if custody is not None else "",
    }


def _rows(found: Concern, now: datetime) -> list[dict[str, Any]]:
    late = rules.is_breached(found, now)
    rows: list[dict[str, Any]] = [
        {"key": "Status", "value": found.get_status_display(), "tag": COLOURS[Concern.Status(found.status)]},
        {"key": "Kind", "value": found.get_kind_display()},
        {"key": "In their words", "value": found.words or "No words were written"},
        {"key": "Day it happened", "value": date_format(found.happened_on, "j F Y")},
        {"key": "Raised", "value": f"{_moment(found.raised_at)}, {found.get_source_display().lower()}"},
        {"key": "Raised by", "value": _raised_by(found)},
        {"key": "Clock", "value": f"{found.get_clock_display()}: act by {_moment(found.due_at)}"},
        {"key": "Against the clock", "value": _clock(found, now), "tag": "red" if late else "green"},
        {"key": "How grave", "value": found.get_severity_display() or "Not said yet"},
        {"key": "Handled by", "value": found.owner.name if found.owner else "Nobody yet"},
    ]
    if found.about_staff is not None:
        rows.insert(2, {"key": "About", "value": f"{found.about_staff.name}, member of staff"})
    if found.visit is not None:
        visit = found.visit
        said = f"{date_format(visit.day, 'j F Y')}, {visit.get_session_display().lower()}: "
        rows.append({"key": "Written at the end of a visit", "value": said + visit.get_outcome_display().lower()})
    if found.writer is not None:
        told = told_words(found, now)
        if found.writer_told_at is not None:
            told += f": {_moment(found.writer_told_at)}"
        rows.append({"key": "Writer told in person", "value": told})
    call = call_of(found)
    if call is not None:
        rows.append({"key": "Danger acknowledged", "value": acknowledged_words(call)})
    return rows


def _raised_by(found: Concern) -> str:
    if found.writer is not None:
        return f"{found.writer.full_name}, {found.writer.prison_number}"
    return found.raised_by.name if found.raised_by else ""


def _events(found: Concern) -> list[dict[str, Any]]:
    events = [
        {"title": "What was done", "at": a.at, "by": a.by.name, "text": a.words} for a in queries.actions_of(found)
    ]
    if found.writer_told_by is not None:
        events.append({"title": "Writer told in person", "at": found.writer_told_at, "by": found.writer_told_by.name})
    if found.closed_by is not None:
        events.append({"title": "Closed", "at": found.closed_at, "by": found.closed_by.name})
    return sorted(events, key=lambda event: event["at"], reverse=True)


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def concern_told(request: StaffRequest, token: str) -> HttpResponse:
    """Record that the writer was told in person."""
    return confirm(
        request, token, actions.tell_writer, title="The writer was told in person", button="Record that they were told",
        lead="Tell them away from the terminal and from other people, and only what came of it.",
        done="It is recorded that the writer was told.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def concern_close(request: StaffRequest, token: str) -> HttpResponse:
    """Close a concern."""
    return confirm(
        request, token, actions.close_concern, title="Close this concern", button="Close the concern",
        lead="A closed concern cannot be opened again.", done="The concern is closed.",
    )  # fmt: skip


def confirm(
    request: StaffRequest, token: str, action: Any, *, title: str, button: str, lead: str, done: str
) -> HttpResponse:
    """A page with one button that does one thing to a concern."""
    found = load(request, token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label=button)
    back = reverse("referrals:concern", args=[request.prison.code, found.token])
    if request.method == "POST" and form.is_valid():
        try:
            action(by=request.actor, now=timezone.now(), concern=found)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect(back)
    form.cancel_url = back
    return render(request, "components/confirm.html", {
        "title": title, "form": form, "lead": lead, "crumbs": crumbs(request, found),
    })  # fmt: skip


def crumbs(request: StaffRequest, found: Concern) -> list[dict[str, str]]:
    """The way back to one concern."""
    code = request.prison.code
    return [
        {"text": "Concerns", "href": reverse("referrals:concerns", args=[code])},
        {"text": f"Concern {found.reference}", "href": reverse("referrals:concern", args=[code, found.token])},
    ]


def load(request: StaffRequest, token: str) -> Concern:
    """One concern, if this reader has it: else there is no such page."""
    today = london_today(timezone.now())
    found = queries.concerns_for(request.prison, request.user, today).select_related(
        "about_person", "about_staff", "owner", "writer", "visit", "raised_by", "writer_told_by", "closed_by",
    )  # fmt: skip
    return get_object_or_404(found, token=token)


def concern_url(request: StaffRequest, concern_id: int | None) -> str:
    """Where the concern of another record is read, for whoever has it; nothing for anybody else."""
    if concern_id is None or not may(request, P.CONCERN_HANDLE):
        return ""
    rows = queries.concerns_for(request.prison, request.user, london_today(timezone.now())).filter(pk=concern_id)
    token = rows.values_list("token", flat=True).first()
    return reverse("referrals:concern", args=[request.prison.code, token]) if token else ""
