"""Handovers at a release: who needs one, making it, the two letters, and who has it."""

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
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.rules import why_not
from buddyscheme.lib.tables import Row, Table, Tag
from referrals.actions import moving as actions
from referrals.forms import moving as forms
from referrals.models import Handover
from referrals.queries import moving as queries
from referrals.rules import moving as rules
from referrals.views.moving_words import care_context, person_rows, said
from referrals.views.record_files import checksum_words, record_file
from referrals.views.words import form_about, identity, moment
from schemes.models import Custody
from schemes.queries.people import last_custody_of, people_ever_of

TITLES = {
    forms.DUE: "Releases to hand over",
    forms.RELEASED: "Released with open needs and no handover",
    forms.UNANSWERED: "Handovers that nobody has confirmed",
    forms.MADE: "Handovers",
}
EMPTY = {
    forms.DUE: "Nobody who is helped here is released within 12 weeks without a handover.",
    forms.RELEASED: "Everybody who was released with help or open needs has a handover.",
    forms.UNANSWERED: "Every handover has been confirmed.",
    forms.MADE: "No handover has been made yet.",
}
RECEIVERS = ("council", "probation")


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "Handovers", "href": reverse("referrals:handovers", args=[request.prison.code])}]


@require_safe
@requires(P.HANDOVER_MAKE)
def handovers(request: StaffRequest) -> HttpResponse:
    """Who needs a handover, who left without, and those that were made."""
    today = london_today(timezone.now())
    filter_form = forms.HandoverFilter(request.GET)
    show = filter_form.answers.get("show", forms.DUE)
    context: dict[str, Any] = {
        "title": TITLES[show],
        "lead": "What the council and probation need to know when somebody who is helped goes home. Begin 12 weeks "
        "before the release.",
        "noun": "people" if show in (forms.DUE, forms.RELEASED) else "handovers",
        "empty": EMPTY[show],
        "filter_form": filter_form,
        "crumbs": [],
    }
    if show in (forms.DUE, forms.RELEASED):
        find = queries.to_hand_over if show == forms.DUE else queries.released_without
        page = page_of(find(request.prison, today), request)
        context |= {"page": page, "table": _people_table(request, page, TITLES[show], today)}
    else:
        rows = queries.unanswered(request.prison) if show == forms.UNANSWERED else queries.handovers_of(request.prison)
        page = page_of(rows, request)
        context |= {"page": page, "table": _table(request, page, TITLES[show])}
    return render(request, "components/list_page.html", context)


def _people_table(request: StaffRequest, page: Any, caption: str, today: date) -> Table:
    return Table(
        caption=caption,
        first="Name",
        columns=["Release", "Place"],
        rows=[
            Row(
                text=custody.person.list_name,
                href=reverse("referrals:handover_make", args=[request.prison.code, custody.person.token]),
                hidden="make a handover",
                note=custody.person.prison_number,
                cells=[_release(custody), custody.place if custody.ended_at is None else "No longer here"],
                tag=_urgency(custody, today),
            )
            for custody in page
        ],
    )


def _release(custody: Custody) -> str:
    if custody.ended_at is not None:
        return f"Released on {day_in_words(london_today(custody.ended_at))}"
    return day_in_words(custody.release_on) if custody.release_on is not None else ""


def _urgency(custody: Custody, today: date) -> Tag | None:
    if custody.ended_at is not None:
        return Tag(text="Released", colour="red")
    if custody.release_on is None:
        return None
    days = (custody.release_on - today).days
    if days < 0:
        return Tag(text="Date has passed", colour="red")
    return Tag(text="Within 4 weeks", colour="yellow") if days <= 28 else None


def _table(request: StaffRequest, page: Any, caption: str) -> Table:
    return Table(
        caption=caption,
        first="Name",
        columns=["Made on", "Council", "Probation"],
        status="State",
        rows=[
            Row(
                text=each.person.list_name,
                href=reverse("referrals:handover", args=[request.prison.code, each.token]),
                hidden=f"handover {each.reference}",
                note=f"{each.person.prison_number}, {each.reference}",
                cells=[day_in_words(london_today(each.made_at)), each.council, each.probation],
                tag=_state(each),
            )
            for each in page
        ],
    )


def _state(handover: Handover) -> Tag:
    if handover.received_at is not None:
        return Tag(text="Confirmed", colour="green")
    return Tag(text="Replaced", colour="grey") if handover.replaced else Tag(text="Not confirmed", colour="yellow")


@require_http_methods(["GET", "POST"])
@requires(P.HANDOVER_MAKE)
def handover_make(request: StaffRequest, token: str) -> HttpResponse:
    """Three questions, and the letters are ready."""
    person = get_object_or_404(people_ever_of(request.prison), token=token)
    back = reverse("referrals:person_moves", args=[request.prison.code, token])
    before = queries.handovers_of(request.prison).filter(person=person).first()
    custody = last_custody_of(request.prison, person)
    blocked = why_not(
        rules.check_can_make_handover,
        custody=custody,
        anything=custody is not None and queries.anything_of(request.prison, person, custody),
        council="?",
        probation="?",
        agrees=Handover.Agrees.YES,
    )
    if blocked:
        messages.warning(request, blocked)
        return redirect(back)
    initial = {"council": before.council, "probation": before.probation} if before is not None else {}
    form = forms.HandoverForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_handover(
                by=request.actor, now=timezone.now(), prison=request.prison, person=person, **form.cleaned_data
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The handover is ready. Print the letters and send them.")
            return redirect("referrals:handover", request.prison.code, made.token)
    return form_about(request, person, form, "Hand over at release", back, crumbs=_crumbs(request))


@require_http_methods(["GET", "POST"])
@requires(P.HANDOVER_MAKE)
def handover(request: StaffRequest, token: str) -> HttpResponse:
    """One handover: its letters, its file, and who has confirmed it."""
    found = _load(request, token)
    today = london_today(timezone.now())
    open_to_answer = found.received_at is None and not found.replaced
    form = forms.ReceivedForm(request.POST or None, initial={"received_on": today}) if open_to_answer else None
    if request.method == "POST" and form is None:
        messages.warning(request, "It is recorded already that this handover was received, or a newer one was made.")
        return redirect("referrals:handover", request.prison.code, token)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.answer_handover(by=request.actor, now=timezone.now(), handover=found, **form.cleaned_data)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "It is recorded who has the handover.")
            return redirect("referrals:handover", request.prison.code, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    if form is not None:
        form.cancel_url = reverse("referrals:handovers", args=[request.prison.code])
    context = {
        "title": f"Handover {found.reference}",
        "who": identity(request, found.person),
        "rows": _facts(found),
        "form": form,
        "letters": [
            {
                "text": f"Letter to {name}",
                "href": reverse("referrals:handover_letter", args=[request.prison.code, token, to]),
            }
            for to, name in (("council", found.council), ("probation", found.probation))
            if name.casefold() != "none"
        ],
        "file_url": reverse("referrals:handover_file", args=[request.prison.code, token]),
        "crumbs": _crumbs(request),
        **care_context(found.body),
    }
    return render(request, "referrals/handover_page.html", context)


def _facts(found: Handover) -> list[dict[str, Any]]:
    tag = _state(found)
    rows = [
        {"key": "State", "value": tag.text, "tag": tag.colour},
        {"key": "Release", "value": said(found.body["release_on"]) or "Not known"},
        {"key": "Council", "value": found.council},
        {"key": "Probation", "value": found.probation},
        {"key": "Agrees to sharing the whole plan", "value": found.get_agrees_display()},
        {"key": "Made", "value": f"{moment(found.made_at)}, by {found.made_by.name}"},
    ]
    if found.received_by is not None and found.received_on is not None:
        rows.append({"key": "Confirmed", "value": f"{day_in_words(found.received_on)}: {found.received_words}"})
    return rows


@require_safe
@requires(P.HANDOVER_MAKE)
def handover_letter(request: StaffRequest, token: str, to: str) -> HttpResponse:
    """The letter to the council or to probation."""
    if to not in RECEIVERS:
        raise Http404
    found = _load(request, token)
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    context = {
        "title": f"Handover {found.reference}",
        "reference": found.reference,
        "receiver": found.council if to == "council" else found.probation,
        "sender": found.prison.name,
        "made_on": said(found.body["made_on"]),
        "release_on": said(found.body["release_on"]),
        "name": f"{found.body['person']['first_name']} {found.body['person']['last_name']}",
        "shares_all": found.body["shares_all"],
        "agreed": found.agrees == Handover.Agrees.YES,
        "person_rows": person_rows(found.body),
        "checksum": checksum_words(found.checksum),
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "back_href": reverse("referrals:handover", args=[request.prison.code, token]),
        "handling": "This letter holds personal data. Send it only to the office that it names.",
        **care_context(found.body),
    }
    return render(request, "referrals/handover_letter.html", context)


@require_safe
@requires(P.HANDOVER_MAKE)
def handover_file(request: StaffRequest, token: str) -> HttpResponse:
    """The same as data."""
    found = _load(request, token)
    record(
        Event.EXPORTED, by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id, rows=1,
        format="json",
    )  # fmt: skip
    return record_file(found.body, found.checksum, f"care-handover-{found.token[:8]}")


def _load(request: StaffRequest, token: str) -> Handover:
    rows = Handover.objects.for_prison(request.prison).select_related("person", "prison", "made_by", "received_by")
    found: Handover = get_object_or_404(rows, token=token)
    return found
