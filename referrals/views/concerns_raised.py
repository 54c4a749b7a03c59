"""What everybody sees of concerns: the state of their own, and a risk of self-harm with which nobody deals yet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.actions.concerns import take_self_harm
from referrals.forms.concerns import ConfirmForm
from referrals.models import Concern
from referrals.queries import concerns as queries
from referrals.views.concerns import COLOURS
from referrals.views.words import day, moment
from schemes.queries.people import custody_of


@require_safe
@requires(P.CONCERN_RAISE)
def concerns_raised(request: StaffRequest) -> HttpResponse:
    """Own concerns with their state: staff and partners see that somebody acted, and nothing that was found out."""
    page = page_of(queries.raised_by(request.prison, request.user), request)
    table = Table(
        caption="Your concerns, newest first",
        first="Reference",
        columns=["What it was about", "Day it happened", "Raised", "Acted on"],
        rows=[
            Row(
                text=one.reference,
                cells=[
                    one.get_kind_display(),
                    day(one.happened_on),
                    Cell(text=moment(one.raised_at)),
                    Cell(text=moment(one.acted_at) or "Not yet"),
                ],
                tag=Tag(text=one.get_status_display(), colour=COLOURS[Concern.Status(one.status)]),
            )
            for one in page
        ],
    )
    return render(request, "referrals/concerns_raised.html", {
        "title": "Concerns you raised",
        "lead": "Ask the safeguarding lead about a concern by its reference.",
        "page": page,
        "table": table,
        "noun": "concerns",
        "empty": "You have raised no concern here.",
        "action_href": reverse("referrals:concern_add", args=[request.prison.code]),
        "action_text": "Raise a concern",
    })  # fmt: skip


@require_safe
@requires(P.CONCERN_RAISE)
def self_harm(request: StaffRequest) -> HttpResponse:
    """Risks of self-harm with which nobody deals yet. Who it is about is for those who meet prisoners here."""
    page = page_of(queries.self_harm_to_take(request.prison, request.user), request)
    table = Table(
        caption="The longest waiting first",
        first="Told",
        columns=["Who it is about"],
        rows=[
            Row(
                text=moment(one.raised_at),
                href=reverse("referrals:self_harm_take", args=[request.prison.code, one.token]),
                hidden="risk of self-harm",
                cells=["Open it to see"],
                tag=Tag(text="Nobody yet", colour="red"),
            )
            for one in page
        ],
        status="Dealt with by",
    )
    return render(request, "components/list_page.html", {
        "title": "Risk of self-harm",
        "lead": "Follow the ACCT process now. This page calls nobody.",
        "page": page,
        "table": table,
        "noun": "reports",
        "empty": "Somebody is dealing with every risk that was told here.",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_RAISE)
def self_harm_take(request: StaffRequest, token: str) -> HttpResponse:
    """One of them: who it is about, and the button with which somebody takes it by name."""
    found: Concern = get_object_or_404(queries.self_harm_to_take(request.prison, request.user), token=token)
    back = reverse("referrals:self_harm", args=[request.prison.code])
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    form.submit_label = "I am dealing with this"  # type: ignore[misc]
    if request.method == "POST" and form.is_valid():
        try:
            take_self_harm(by=request.actor, now=timezone.now(), concern=found)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "It is recorded that you are dealing with this.")
            return redirect(back)
    form.cancel_url = back
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.about_person_id)
    return render(request, "components/confirm.html", {
        "title": "Risk of self-harm",
        "form": form,
        "lead": "Follow the ACCT process now. When you say that you are dealing with this, it leaves the screens of "
        "all staff, with your name kept.",
        "rows": [
            {"key": "Told", "value": moment(found.raised_at)},
            {"key": "Who it is about", "value": _who(request, found)},
        ],
        "crumbs": [{"text": "Risk of self-harm", "href": back}],
    })  # fmt: skip


def _who(request: StaffRequest, found: Concern) -> str:
    if not (may(request, P.PEOPLE_VIEW) or may(request, P.CONCERN_HANDLE) or may(request, P.FALL_RECORD)):
        return "Ask the safeguarding lead or the officer in charge of the wing"
    person = found.about_person
    if person is None:
        return "No prison number was given: ask the safeguarding lead"
    custody = custody_of(request.prison, person)
    place = custody.place if custody is not None else "no longer at this prison"
    return f"{person.full_name}, {person.prison_number}\n{place or 'Place not recorded'}"
