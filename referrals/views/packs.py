"""Buddies' records between prisons: the list, sending one, looking at one, and deciding about its modules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.rules import why_not
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from referrals.actions.packs import acknowledge_pack, decide_pack, send_pack
from referrals.forms.packs import (
    LATE,
    RECEIVED,
    SENT,
    WAITING,
    DecidePackForm,
    PackFilter,
    SendPackForm,
)
from referrals.models import BuddyPack, PackDecision
from referrals.queries import packs as queries
from referrals.queries.take_away import record_of
from referrals.rules.packs import answer_by, check_can_decide, check_can_send
from referrals.views.record_files import record_file
from schemes.queries.buddies import buddies_of
from schemes.queries.people import custody_of, person_here

CAPTIONS = {
    WAITING: "Records, longest waiting first",
    RECEIVED: "Records, those to acknowledge first",
    SENT: "Records, newest first",
    LATE: "Records, longest waiting first",
}


def _url(request: StaffRequest, pack: BuddyPack, name: str = "pack") -> str:
    return reverse(f"referrals:{name}", args=[request.prison.code, pack.token])


def _crumbs(request: StaffRequest, *more: tuple[str, str]) -> list[dict[str, str]]:
    first = ("Buddy records", reverse("referrals:packs", args=[request.prison.code]))
    return [{"text": text, "href": href} for text, href in (first, *more)]


@require_safe
@requires(Permission.BUDDIES_APPOINT)
def packs(request: StaffRequest) -> HttpResponse:
    """Received and sent; those that wait first."""
    today = london_today(timezone.now())
    filter_form = PackFilter(request.GET)
    show = filter_form.answers.get("show", RECEIVED)
    if show == WAITING:
        rows = queries.to_acknowledge(request.prison)
    elif show in (SENT, LATE):
        rows = queries.sent_by_prison(request.prison)
        rows = queries.overdue(rows, today) if show == LATE else rows
    else:
        rows = queries.received_by(request.prison)
    page = page_of(rows, request)
    sent = show in (SENT, LATE)
    context: dict[str, Any] = {
        "title": "Buddy records sent to other prisons" if sent else "Buddy records from other prisons",
        "lead": "What a buddy did and passed before moving. "
        + ("The next prison acknowledges it" if sent else "Acknowledge a record")
        + " within two working days.",
        "page": page,
        "table": Table(
            caption=CAPTIONS[show],
            first="Name",
            columns=["To" if sent else "From", "Sent on", Column(text="Days waiting", numeric=True)],
            rows=[_row(request, pack, today, sent=sent) for pack in page],
        ),
        "noun": "records",
        "empty": "No other prison has sent a buddy’s record.",
        "filter_form": filter_form,
        "crumbs": [],
    }
    return render(request, "components/list_page.html", context)


def _row(request: StaffRequest, pack: BuddyPack, today: date, *, sent: bool) -> Row:
    day = london_today(pack.sent_at)
    person = pack.body["person"]
    return Row(
        text=f"{person['last_name']}, {person['first_name']}",
        href=_url(request, pack),
        hidden=", buddy record",
        note=pack.prison_number,
        cells=[
            pack.to_prison.name if sent else pack.prison.name,
            day_in_words(day),
            "–" if pack.acknowledged_at else str((today - day).days),
        ],
        tag=_tag(pack, today),
    )


def _tag(pack: BuddyPack, today: date) -> Tag:
    if pack.acknowledged_at is not None:
        return Tag(text="Acknowledged", colour="green")
    late = answer_by(london_today(pack.sent_at)) < today
    return Tag(text="Overdue", colour="red") if late else Tag(text="To acknowledge", colour="yellow")


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_APPOINT)
def send(request: StaffRequest, token: str) -> HttpResponse:
    """Send the record of a buddy who has moved."""
    now = timezone.now()
    found = get_object_or_404(buddies_of(request.prison), token=token)
    prisons = {prison.code: prison for prison in queries.other_prisons(request.prison)}
    form = SendPackForm(
        request.POST or None,
        prisons=[(code, prison.name) for code, prison in prisons.items()],
        initial={"to_prison": queries.moved_to(found)},
    )
    buddy_url = reverse("schemes:buddy", args=[request.prison.code, token])
    if request.method == "POST" and form.is_valid():
        try:
            pack = send_pack(by=request.actor, now=now, buddy=found, to=prisons[form.cleaned_data["to_prison"]])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Sent to {pack.to_prison.name}. You see here when it is acknowledged.")
            return redirect(_url(request, pack))
    what = record_of(found, london_today(now))
    held_here = custody_of(request.prison, found.person) is not None
    form.cancel_url = buddy_url
    context = {
        "title": "Send the record to the next prison",
        "form": form,
        "why_not": why_not(
            check_can_send,
            found,
            held_here=held_here,
            anything=what.since is not None or bool(what.modules),
            to=None,
            sent=(),
        )
        or ("" if prisons else "No other prison uses the service yet. Print the record to take away instead."),
        "left_url": reverse("schemes:person_left", args=[request.prison.code, found.person.token])
        if held_here and may(request, Permission.PEOPLE_EDIT)
        else "",
        "name": found.person.full_name,
        "prison_number": found.person.prison_number,
        "place": found.wing_name or "Not here now",
        "crumbs": _crumbs(request, (f"Buddy {found.reference}", buddy_url)),
    }
    return render(request, "referrals/pack_send.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_APPOINT)
def pack(request: StaffRequest, token: str) -> HttpResponse:
    """One record. The receiving prison acknowledges it here; the sending one sees whether it has."""
    now = timezone.now()
    found: BuddyPack = get_object_or_404(queries.visible_to(request.prison), token=token)
    receiving = found.to_prison_id == request.prison.code
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Acknowledge the record")
    if request.method == "POST" and receiving and form.is_valid():
        try:
            acknowledge_pack(by=request.actor, now=now, pack=found)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Acknowledged. {found.prison.name} sees it.")
            return redirect(_url(request, found))
    viewed(by=request.actor, prison=request.prison.code, subject=found)
    form.cancel_url = reverse("referrals:packs", args=[request.prison.code])
    person = found.body["person"]
    decisions = queries.decisions_about(found) if receiving else {}
    known = queries.known_modules(request.prison, [each["code"] for each in found.body["modules"]]) if receiving else {}
    context = {
        "title": f"Record of {person['first_name']} {person['last_name']}",
        "rows": _facts(found, london_today(now)),
        "table": _modules_table(found, decisions, known, receiving=receiving),
        "form": form if receiving and found.acknowledged_at is None else None,
        "why_not": _why_not_decide(found) if receiving else "",
        "decide_url": _url(request, found, "pack_decide")
        if receiving and any(code not in decisions for code in known)
        else "",
        "add_url": reverse("schemes:add_person", args=[request.prison.code]),
        "file_url": _url(request, found, "pack_file"),
        "checksum": found.checksum,
        "crumbs": _crumbs(request),
    }
    return render(request, "referrals/pack_page.html", context)


def _facts(pack: BuddyPack, today: date) -> list[dict[str, Any]]:
    role, tag = pack.body["role"], _tag(pack, today)
    hours, minutes = divmod(role["minutes_helped"], 60)
    since = _day(role["since"]) if role["since"] else "Never started"
    until = f" to {_day(role['until'])}" if role["until"] else ""
    compacts = ", ".join(f"version {each['version']} on {_day(each['signed_on'])}" for each in pack.body["compacts"])
    suspension = pack.body["suspension"]
    return [
        {"key": "Acknowledgement", "value": tag.text, "tag": tag.colour},
        {"key": "Acknowledge by", "value": day_in_words(answer_by(london_today(pack.sent_at)))},
        {"key": "Prison number", "value": pack.prison_number},
        {"key": "From", "value": f"{pack.prison.name}, sent on {_day(pack.body['sent_on'])}"},
        {"key": "To", "value": pack.to_prison.name},
        {"key": "Role", "value": ", ".join(part for part in (role["title"], role["wing"]) if part) or "Not given"},
        {"key": "In the role", "value": f"{since}{until}"},
        {"key": "Whole months in the role", "value": str(role["months"])},
        {"key": "Time helping", "value": f"{hours} h {minutes} min"},
        {"key": "Compact signed", "value": capfirst(compacts) or "No version"},
        {"key": "Suspended when leaving", "value": f"Since {_day(suspension['since'])}" if suspension else "No"},
    ]


def _day(text: str) -> str:
    return day_in_words(date.fromisoformat(text))


def _modules_table(
    pack: BuddyPack, decisions: dict[str, PackDecision], known: dict[str, Any], *, receiving: bool
) -> Table:
    return Table(
        caption="Modules passed",
        first="Module",
        columns=["Passed on", "Counts until", "Certificate"],
        status="Decision here",
        rows=[
            Row(
                text=each["title"],
                note=each["code"],
                cells=[
                    _day(each["passed_on"]),
                    _day(each["expires_on"]) if each["expires_on"] else "Does not lapse",
                    Cell(text=each["certificate"]),
                ],
                tag=_decided(each, decisions.get(each["code"]), known) if receiving else None,
            )
            for each in pack.body["modules"]
        ],
    )


def _decided(module: dict[str, Any], decision: PackDecision | None, known: dict[str, Any]) -> Tag:
    if decision is None:
        if module["code"] not in known:
            return Tag(text="Not taught here", colour="grey")
        return Tag(text="To decide", colour="yellow")
    if decision.decision == PackDecision.Decision.RETAKE:
        return Tag(text="To be taken again", colour="orange")
    return Tag(text="Knowledge accepted" if known[module["code"]].practical else "Accepted", colour="green")


def _why_not_decide(pack: BuddyPack) -> str:
    held_here = person_here(pack.to_prison, pack.prison_number) is not None
    return why_not(check_can_decide, buddy=queries.record_here(pack), held_here=held_here, number=pack.prison_number)


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_APPOINT)
def decide(request: StaffRequest, token: str) -> HttpResponse:
    """Each module of a record: accepted, or to be taken again."""
    found: BuddyPack = get_object_or_404(queries.received_by(request.prison), token=token)
    decisions = queries.decisions_about(found)
    known = queries.known_modules(request.prison, [each["code"] for each in found.body["modules"]])
    open_modules = [
        {"code": each["code"], "title": each["title"], "hint": _hint(each, known[each["code"]].practical)}
        for each in found.body["modules"]
        if each["code"] in known and each["code"] not in decisions
    ]
    form = DecidePackForm(request.POST if request.method == "POST" else None, modules=open_modules)
    back = _url(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            if not form.accept:
                raise NotAllowed("Select an answer for at least one module.")
            made = decide_pack(by=request.actor, now=timezone.now(), pack=found, accept=form.accept)
        except NotAllowed as error:
            form.refuse(error)
        else:
            words = "1 module" if len(made) == 1 else f"{len(made)} modules"
            messages.success(request, f"Decided about {words}.")
            return redirect(back)
    form.cancel_url = back
    person = found.body["person"]
    context = {
        "title": "Accept modules from another prison",
        "why_not": _why_not_decide(found) or ("" if open_modules else "Every module of this record has been decided."),
        "form": form,
        "name": f"{person['first_name']} {person['last_name']}",
        "prison_number": found.prison_number,
        "place": f"From {found.prison.name}",
        "crumbs": _crumbs(request, ("The record", back)),
    }
    return render(request, "referrals/pack_decide.html", context)


def _hint(module: dict[str, Any], practical: bool) -> str:
    until = f"counts until {_day(module['expires_on'])}" if module["expires_on"] else "does not lapse"
    shown = ". The practical part is to be shown here again" if practical else ""
    return f"Passed on {_day(module['passed_on'])}, {until}{shown}"


@require_safe
@requires(Permission.BUDDIES_APPOINT)
def pack_file(request: StaffRequest, token: str) -> HttpResponse:
    """The record as a file, as it was sent."""
    found: BuddyPack = get_object_or_404(queries.visible_to(request.prison), token=token)
    record(Event.EXPORTED, by=request.actor, prison=request.prison.code, subject=found, rows=1, format="json")
    return record_file(found.body, found.checksum, f"buddy-record-{found.token[:8]}")
