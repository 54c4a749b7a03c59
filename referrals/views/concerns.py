"""Concerns: raised by any staff, handled by a few, never shown to anyone named in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
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
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.actions import concerns as actions
from referrals.forms.concerns import ActionForm, ConcernFilter, ConcernForm, ConfirmForm
from referrals.models import Concern, Plan
from referrals.queries import concerns as queries
from referrals.queries.falls import fall_of_concern
from referrals.queries.unmet_needs import personal_care
from referrals.rules import concerns as rules
from referrals.rules.boundary import check_words
from schemes.models import Person
from schemes.queries.people import custody_of, people_of, person_here

COLOURS = {Concern.Status.NEW: "blue", Concern.Status.ACTED: "yellow", Concern.Status.CLOSED: "grey"}


@require_safe
@requires(P.CONCERN_HANDLE)
def concerns(request: StaffRequest) -> HttpResponse:
    """Concerns by their clock."""
    now = timezone.now()
    filter_form = ConcernFilter(request.GET)
    found = queries.concerns_for(request.prison, request.user).filter(**filter_form.answers)
    page = page_of(found, request)
    table = Table(
        caption="Concerns, the most pressing first",
        first="Reference",
        columns=["Kind", "About", "Act by", "Clock"],
        rows=[_row(request, concern, now) for concern in page],
    )
    return render(request, "components/list_page.html", {
        "title": "Concerns", "page": page, "table": table, "noun": "concerns", "filter_form": filter_form,
        "lead": "Everyone who opens a concern is recorded. A concern about you is not in this list.",
        "empty": "No concern has been raised.",
        "action_href": reverse("referrals:concern_add", args=[request.prison.code]),
        "action_text": "Raise a concern",
    })  # fmt: skip


def _row(request: StaffRequest, concern: Concern, now: datetime) -> Row:
    return Row(
        text=concern.reference,
        href=reverse("referrals:concern", args=[request.prison.code, concern.token]),
        hidden="concern",
        cells=[
            Cell(text=concern.get_kind_display()),
            Cell(text=_about(concern)),
            Cell(text=_moment(concern.due_at)),
            Cell(text=_clock(concern, now)),
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


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_RAISE)
def concern_add(request: StaffRequest) -> HttpResponse:
    """Raise a concern in at most four answers, about somebody known, a prison number, or a member of staff."""
    now = timezone.now()
    known = _known(request)
    about = "known" if known is not None else "staff" if request.GET.get("about") == "staff" else "number"
    staff = queries.staff_here(request.prison, london_today(now))
    form = ConcernForm(request.POST or None, about=about, today=london_today(now), staff=staff)
    if request.method == "POST" and form.is_valid():
        try:
            concern = _raise(request, form.cleaned_data, known, staff, now)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Concern {concern.reference} was sent.")
            if may(request, P.CONCERN_HANDLE) and concern.about_staff_id != request.user.pk:
                return redirect("referrals:concern", request.prison.code, concern.token)
            return redirect("referrals:concern_sent", request.prison.code)
    return render(request, "referrals/concern_add.html", {
        "title": "Raise a concern", "form": form, "about": about,
        "rows": [{"key": "About", "value": known.full_name}] if known is not None else [],
    })  # fmt: skip


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
        source=Concern.Source.STAFF,
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
    found = _load(request, token)
    form = ActionForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            actions.act_on_concern(by=request.actor, now=timezone.now(), concern=found, **_only(answers))
        except Stale as error:
            form.stale(error, version=_load(request, token).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "What was done is saved.")
            return redirect(request.path)
    record.viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.about_person_id)
    return render(request, "referrals/concern_page.html", {
        "concern": found,
        "rows": _rows(found, timezone.now()),
        "form": form if rules.can_act(found) else None,
        "events": _events(found),
        "fall_url": _fall_url(request, found),
        "can_tell": rules.can_tell_writer(found),
        "can_close": rules.can_close(found),
        "person": _identity(request, found),
        "need_tasks": _need_tasks(request, found),
        "need_person": found.about_person.token if found.about_person is not None else "",
        "crumbs": [{"text": "Concerns", "href": reverse("referrals:concerns", args=[request.prison.code])}],
    })  # fmt: skip


def _fall_url(request: StaffRequest, found: Concern) -> str:
    """Where the times of a fall are recorded; nothing where they are, or where it is not known who fell."""
    if found.kind != Concern.Kind.FALL or found.about_person is None or found.about_staff is not None:
        return ""
    if not may(request, P.FALL_RECORD) or fall_of_concern(found) is not None:
        return ""
    return f"{reverse('referrals:fall_add', args=[request.prison.code])}?concern={found.token}"


def _need_tasks(request: StaffRequest, found: Concern) -> list[dict[str, Any]]:
    """Kinds of personal care to record as an unmet need in one step, the one that the words speak of chosen."""
    overstep = found.kind in (Concern.Kind.ASKED_TO_OVERSTEP, Concern.Kind.DID_OVERSTEP)
    person = found.about_person
    if not overstep or person is None or not may(request, P.UNMET_NEED_EDIT):
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
        {"key": "Handled by", "value": found.owner.name if found.owner else "Nobody yet"},
    ]
    if found.about_staff is not None:
        rows.insert(2, {"key": "About", "value": f"{found.about_staff.name}, member of staff"})
    if found.visit is not None:
        visit = found.visit
        said = f"{date_format(visit.day, 'j F Y')}, {visit.get_session_display().lower()}: "
        rows.append({"key": "Written at the end of a visit", "value": said + visit.get_outcome_display().lower()})
    if found.writer is not None:
        told = "Not yet" if found.writer_told_at is None else _moment(found.writer_told_at)
        rows.append({"key": "Writer told in person", "value": told})
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
    return _confirm(
        request, token, actions.tell_writer, title="The writer was told in person", button="Record that they were told",
        lead="Tell them away from the terminal and from other people, and only what came of it.",
        done="It is recorded that the writer was told.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def concern_close(request: StaffRequest, token: str) -> HttpResponse:
    """Close a concern."""
    return _confirm(
        request, token, actions.close_concern, title="Close this concern", button="Close the concern",
        lead="A closed concern cannot be opened again.", done="The concern is closed.",
    )  # fmt: skip


def _confirm(
    request: StaffRequest, token: str, action: Any, *, title: str, button: str, lead: str, done: str
) -> HttpResponse:
    found = _load(request, token)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    form.submit_label = button  # type: ignore[misc]
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
    listed = reverse("referrals:concerns", args=[request.prison.code])
    return render(request, "components/confirm.html", {
        "title": title, "form": form, "lead": lead,
        "crumbs": [{"text": "Concerns", "href": listed}, {"text": found.reference, "href": back}],
    })  # fmt: skip


def _load(request: StaffRequest, token: str) -> Concern:
    found = queries.concerns_for(request.prison, request.user).select_related(
        "about_person", "about_staff", "owner", "writer", "visit", "raised_by", "writer_told_by", "closed_by"
    )
    return get_object_or_404(found, token=token)
