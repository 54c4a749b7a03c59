"""Care records between prisons: the list, sending, a summary until it is accepted, starting from it, and on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.rules import why_not
from buddyscheme.lib.tables import Column, Row, Table, Tag
from referrals.actions import moving as actions
from referrals.forms import moving as forms
from referrals.models import CarePack, CarePackStart
from referrals.queries import moving as queries
from referrals.queries.plans import live_plan_of
from referrals.queries.referrals import open_referral_of
from referrals.rules import moving as rules
from referrals.rules.packs import answer_by
from referrals.views.moving_words import (
    care_context,
    days_since_move,
    person_rows,
    said,
    state_tag,
    summary_rows,
)
from referrals.views.record_files import checksum_words, record_file
from referrals.views.words import form_about, identity, moment
from schemes.models import Custody, Person
from schemes.queries.people import last_custody_of, people_ever_of
from schemes.queries.prisons import other_prisons

TITLES = {
    forms.WAITING: "Care records to accept",
    forms.RECEIVED: "Care records from other prisons",
    forms.TO_SEND: "People who moved and no care record was sent",
    forms.LATE: "Care records not accepted in time",
    forms.SENT: "Care records sent to other prisons",
}
EMPTY = {
    forms.WAITING: "No care record waits to be accepted.",
    forms.RECEIVED: "No other prison has sent a care record here.",
    forms.TO_SEND: "A care record went with everybody who has moved.",
    forms.LATE: "Every care record that this prison sent was accepted in time.",
    forms.SENT: "This prison has sent no care record yet.",
}


def _url(request: StaffRequest, pack: CarePack, name: str = "care_record") -> str:
    return reverse(f"referrals:{name}", args=[request.prison.code, pack.token])


def _crumbs(request: StaffRequest, *more: tuple[str, str]) -> list[dict[str, str]]:
    first = ("Care records", reverse("referrals:care_records", args=[request.prison.code]))
    return [{"text": text, "href": href} for text, href in (first, *more)]


@require_safe
@requires(P.CARE_RECORD_HANDLE)
def care_records(request: StaffRequest) -> HttpResponse:
    """Received, sent, late, and people who moved without one."""
    today = london_today(timezone.now())
    filter_form = forms.CareRecordFilter(request.GET)
    show = filter_form.answers.get("show", forms.RECEIVED)
    context: dict[str, Any] = {
        "title": TITLES[show],
        "lead": "What goes along when somebody who is helped moves. The next prison accepts it within two working days "
        "of the move; until then it sees a summary.",
        "noun": "people" if show == forms.TO_SEND else "records",
        "empty": EMPTY[show],
        "filter_form": filter_form,
        "crumbs": [],
    }
    if show == forms.TO_SEND:
        page = page_of(queries.to_send(request.prison, today), request)
        context |= {"page": page, "table": _people_table(request, page)}
    else:
        sent = show in (forms.SENT, forms.LATE)
        page = page_of(_rows(request, show, today), request)
        context |= {"page": page, "table": _table(request, page, TITLES[show], today, sent=sent)}
    return render(request, "components/list_page.html", context)


def _rows(request: StaffRequest, show: str, today: date) -> Any:
    if show == forms.WAITING:
        return queries.to_accept(request.prison)
    if show == forms.RECEIVED:
        return queries.received_by(request.prison)
    sent = queries.sent_by_prison(request.prison)
    return queries.overdue(sent, today) if show == forms.LATE else sent


def _table(request: StaffRequest, page: Any, caption: str, today: date, *, sent: bool) -> Table:
    return Table(
        caption=caption,
        first="Name",
        columns=["To" if sent else "From", "Sent on", "Moved on", Column(text="Waiting since the move", numeric=True)],
        status="State",
        rows=[
            Row(
                text=f"{pack.summary['last_name']}, {pack.summary['first_name']}",
                href=_url(request, pack),
                hidden="care record",
                note=pack.prison_number,
                cells=[
                    pack.to_prison.name if sent else pack.prison.name,
                    day_in_words(london_today(pack.sent_at)),
                    day_in_words(pack.moved_on) if pack.moved_on is not None else "",
                    days_since_move(pack, today),
                ],
                tag=state_tag(pack, today),
            )
            for pack in page
        ],
    )


def _people_table(request: StaffRequest, page: Any) -> Table:
    return Table(
        caption="People, those who moved first on top",
        first="Name",
        columns=["Moved on", "Moved to"],
        rows=[
            Row(
                text=custody.person.list_name,
                href=reverse("referrals:care_send", args=[request.prison.code, custody.person.token]),
                hidden="send the care record",
                note=custody.person.prison_number,
                cells=[
                    day_in_words(london_today(custody.ended_at)),
                    custody.moved_to.name if custody.moved_to is not None else "Not recorded",
                ],
            )
            for custody in page
        ],
    )


@require_safe
@requires(P.CARE_RECORD_HANDLE)
def person_moves(request: StaffRequest, token: str) -> HttpResponse:
    """One person's care records and handovers, and the ways to make them."""
    person, custody = _person(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=person, person_id=person.pk)
    today = london_today(timezone.now())
    anything = queries.anything_of(request.prison, person, custody)
    handovers = queries.handovers_of(request.prison).filter(person=person) if may(request, P.HANDOVER_MAKE) else ()
    context = {
        "title": "Moving on",
        "who": identity(request, person),
        "rows": _stay_rows(custody),
        "why_not_send": _why_not_send(request, custody, anything),
        "send_url": reverse("referrals:care_send", args=[request.prison.code, token]),
        "packs": _table(request, queries.sent_of(request.prison, person), "Care records sent", today, sent=True),
        "may_hand_over": may(request, P.HANDOVER_MAKE),
        "handover_url": reverse("referrals:handover_make", args=[request.prison.code, token]),
        "why_not_hand_over": why_not(
            rules.check_can_make_handover,
            custody=custody,
            anything=anything,
            council="?",
            probation="?",
            agrees="YES",
        ),
        "handovers": [
            {
                "text": f"{each.reference}, made on {day_in_words(london_today(each.made_at))}",
                "href": reverse("referrals:handover", args=[request.prison.code, each.token]),
            }
            for each in handovers
        ],
        "crumbs": [],
    }
    return render(request, "referrals/person_moves.html", context)


def _stay_rows(custody: Custody) -> list[dict[str, str]]:
    if custody.ended_at is None:
        return [
            {"key": "Where now", "value": custody.place or "Place not recorded"},
            {"key": "To be released", "value": day_in_words(custody.release_on) if custody.release_on else ""},
        ]
    return [
        {"key": "Left", "value": day_in_words(london_today(custody.ended_at))},
        {"key": "Why", "value": custody.get_end_reason_display()},
        {"key": "Moved to", "value": custody.moved_to.name if custody.moved_to is not None else ""},
    ]


def _why_not_send(request: StaffRequest, custody: Custody | None, anything: bool) -> str:
    """Why no record can be sent to any prison; which one is asked on the form."""
    return why_not(
        rules.check_can_send,
        to=next(iter(other_prisons(request.prison)[:1]), None)
        if custody is None or custody.moved_to is None
        else custody.moved_to,
        prison=request.prison,
        custody=custody,
        anything=anything,
        same_sent=False,
    )


@require_http_methods(["GET", "POST"])
@requires(P.CARE_RECORD_HANDLE)
def care_send(request: StaffRequest, token: str) -> HttpResponse:
    """Send the care record: best when the move is booked."""
    person, custody = _person(request, token)
    prisons = {prison.code: prison for prison in other_prisons(request.prison)}
    form = forms.SendCareRecordForm(
        request.POST or None,
        prisons=[(code, prison.name) for code, prison in prisons.items()],
        initial={"to_prison": custody.moved_to_id or ""},
    )
    back = reverse("referrals:person_moves", args=[request.prison.code, token])
    anything = queries.anything_of(request.prison, person, custody)
    if reason := _why_not_send(request, custody, anything):
        messages.warning(request, reason)
        return redirect(back)
    if request.method == "POST" and form.is_valid():
        try:
            pack = actions.send_care_pack(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                person=person,
                to=prisons[form.cleaned_data["to_prison"]],
                help_on_first_day=form.cleaned_data["first_day"] == forms.YES,
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, _said_sent(pack))
            return redirect(_url(request, pack))
    return form_about(
        request, person, form, "Send the care record", back, crumbs=_crumbs(request),
        lead="Sent are the plan with the person’s own words, safety words, consent, personal care that is needed and "
        "not given, and requests to the council and healthcare. No buddy is named, and no note of staff is sent.",
    )  # fmt: skip


def _said_sent(pack: CarePack) -> str:
    if pack.to_prison.switched_on:
        return f"Sent to {pack.to_prison.name}. You see here when it is accepted."
    return f"{pack.to_prison.name} does not use this service. Print the record and send the paper."


@require_http_methods(["GET", "POST"])
@requires(P.CARE_RECORD_HANDLE)
def care_record(request: StaffRequest, token: str) -> HttpResponse:
    """One record: a summary for the receiving prison until it accepts, then the whole of it."""
    found = _load(request, token)
    receiving = found.to_prison_id == request.prison.code
    form = _form(request, found, receiving=receiving)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            if receiving:
                actions.accept_care_pack(by=request.actor, now=timezone.now(), pack=found)
            else:
                actions.confirm_care_pack(
                    by=request.actor, now=timezone.now(), pack=found, words=form.cleaned_data["words"]
                )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(
                request,
                f"Accepted. {found.prison.name} sees it." if receiving else "It is recorded that they have it.",
            )
            return redirect(_url(request, found))
    elif request.method == "POST" and form is None:
        messages.warning(request, why_not(rules.check_can_accept, found))
        return redirect(_url(request, found))
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    body = queries.body_of(found)
    if form is not None:
        form.cancel_url = reverse("referrals:care_records", args=[request.prison.code])
    start = queries.start_of(found) if receiving else None
    context: dict[str, Any] = {
        "title": f"Care record of {found.summary['first_name']} {found.summary['last_name']}",
        "pack": found,
        "rows": _facts(found, london_today(timezone.now())),
        "summary": summary_rows(found),
        "body": body,
        "form": form,
        "receiving": receiving,
        "start_form": ConfirmForm(label="Start from this record") if receiving and body and start is None else None,
        "why_not_start": _why_not_start(found, start) if receiving and body else "",
        "start_url": _url(request, found, "care_start"),
        "referral_url": reverse("referrals:referral", args=[request.prison.code, start.referral.token])
        if start is not None
        else "",
        "paper_url": _url(request, found, "care_record_print"),
        "file_url": _url(request, found, "care_record_file"),
        "crumbs": _crumbs(request),
    }
    if body is not None:
        context |= {"person_rows": person_rows(body), **care_context(body)}
    return render(request, "referrals/care_record_page.html", context)


def _form(request: StaffRequest, pack: CarePack, *, receiving: bool) -> Any:
    """Accept, for the receiving prison; confirm, for the sender where the other does not use the service."""
    if not rules.can_accept(pack) or (not receiving and pack.to_prison.switched_on):
        return None
    kind = forms.AcceptForm if receiving else forms.PaperCameForm
    return kind(request.POST if request.method == "POST" else None)


def _facts(pack: CarePack, today: date) -> list[dict[str, Any]]:
    tag: Tag = state_tag(pack, today)
    by = f", by {pack.accepted_by.name}" if pack.accepted_by is not None else ""
    rows: list[dict[str, Any]] = [
        {"key": "State", "value": tag.text, "tag": tag.colour},
        {"key": "Prison number", "value": pack.prison_number},
        {"key": "From", "value": f"{pack.prison.name}, sent {moment(pack.sent_at)}"},
        {"key": "To", "value": pack.to_prison.name},
        {"key": "Moved on", "value": day_in_words(pack.moved_on) if pack.moved_on is not None else "Not moved yet"},
    ]
    if pack.moved_on is not None:
        rows.append({"key": "Accept by", "value": day_in_words(answer_by(pack.moved_on))})
    if pack.accepted_at is not None:
        rows.append({"key": "Accepted", "value": f"{moment(pack.accepted_at)}{by}"})
    if pack.confirmed_words:
        rows.append({"key": "Confirmed by", "value": pack.confirmed_words})
    if pack.number > 1:
        rows.append({"key": "Version", "value": str(pack.number)})
    return rows


def _why_not_start(pack: CarePack, start: CarePackStart | None) -> str:
    person = queries.person_of(pack)
    return why_not(
        rules.check_can_start,
        pack,
        here=person is not None,
        started=start is not None,
        open_referral=person is not None and open_referral_of(pack.to_prison, person) is not None,
        live_plan=person is not None and live_plan_of(pack.to_prison, person) is not None,
    )


@require_http_methods(["POST"])
@requires(P.CARE_RECORD_HANDLE)
def care_start(request: StaffRequest, token: str) -> HttpResponse:
    """Make the referral that the record leads to, and open its unmet needs here."""
    found = get_object_or_404(queries.received_by(request.prison).select_related("to_prison"), token=token)
    try:
        referral = actions.start_from_pack(by=request.actor, now=timezone.now(), pack=found)
    except NotAllowed as error:
        messages.warning(request, str(error))
        return redirect(_url(request, found))
    messages.success(
        request, "A referral is made from the record. Screen it, ask the person, and the plan can take the tasks over."
    )
    return redirect("referrals:referral", request.prison.code, referral.token)


@require_safe
@requires(P.CARE_RECORD_HANDLE)
def care_record_print(request: StaffRequest, token: str) -> HttpResponse:
    """The whole record on paper, for a prison without the service."""
    found, body = _whole(request, token)
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    context = {
        "title": "Care record",
        "from_to": f"From {found.prison.name} to {found.to_prison.name}, {said(body['sent_on'])}",
        "person_rows": person_rows(body),
        "first_day": found.help_on_first_day,
        "checksum": checksum_words(found.checksum),
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "back_href": _url(request, found),
        **care_context(body),
    }
    return render(request, "referrals/care_record_paper.html", context)


@require_safe
@requires(P.CARE_RECORD_HANDLE)
def care_record_file(request: StaffRequest, token: str) -> HttpResponse:
    """The record as a file, as it was sent."""
    found, body = _whole(request, token)
    record(
        Event.EXPORTED, by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id, rows=1,
        format="json",
    )  # fmt: skip
    return record_file(body, found.checksum, f"care-record-{found.token[:8]}")


def _load(request: StaffRequest, token: str) -> CarePack:
    found: CarePack = get_object_or_404(queries.visible_to(request.prison), token=token)
    return found


def _whole(request: StaffRequest, token: str) -> tuple[CarePack, dict[str, Any]]:
    found = _load(request, token)
    body = queries.body_of(found)
    if body is None:
        raise Http404("not accepted yet")
    return found, body


def _person(request: StaffRequest, token: str) -> tuple[Person, Custody]:
    person = get_object_or_404(people_ever_of(request.prison), token=token)
    custody = last_custody_of(request.prison, person)
    if custody is None:
        raise Http404("never here")
    return person, custody
