"""Printed cards for the terminal: which there are, making one, its paper, withdrawing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table
from referrals import qr
from referrals.actions import cards as actions
from referrals.codes import card_secret
from referrals.forms.windows import CardForm
from referrals.models import TerminalCard
from referrals.queries import cards as queries
from referrals.queries.places import place_of, with_place
from referrals.queries.windows import person_by_token, wing_list
from referrals.rules.windows import check_is_here


@require_safe
@requires(P.CODE_ISSUE)
def cards(request: StaffRequest) -> HttpResponse:
    """The cards in use."""
    page = page_of(with_place(queries.live_cards(request.prison)), request)
    table = Table(
        caption="Cards in use",
        first="Person",
        columns=["Place", "Card", "Made", "Print", "Withdraw"],
        rows=[_row(request, card) for card in page],
    )
    return render(request, "components/list_page.html", {
        "title": "Printed cards", "page": page, "table": table, "noun": "cards",
        "lead": "A card is held to the terminal’s scanner instead of typing. It lets nobody in until an officer has "
        "looked at the face. It carries a first name and a pattern, and no code.",
        "empty": "No card is in use. Make one for somebody who cannot remember or type their numbers.",
        "action_href": reverse("referrals:card_add", args=[request.prison.code]),
        "action_text": "Make a card",
        "crumbs": [_terminals(request)],
    })  # fmt: skip


def _row(request: StaffRequest, card: TerminalCard) -> Row:
    where = [request.prison.code, card.token]
    return Row(
        text=card.person.list_name,
        note=card.person.prison_number,
        cells=[
            place_of(card),
            card.reference,
            f"{date_format(timezone.localtime(card.issued_at), 'j F Y')}, {card.issued_by.name}",
            Cell(text="Print", href=reverse("referrals:card_paper", args=where), hidden=card.reference),
            Cell(text="Withdraw", href=reverse("referrals:card_withdraw", args=where), hidden=card.reference),
        ],
    )


@require_http_methods(["GET", "POST"])
@requires(P.CODE_ISSUE)
def card_add(request: StaffRequest) -> HttpResponse:
    """Make a card for somebody held here; the next page is its paper."""
    form = CardForm(request.POST or None, people=wing_list(request.prison, None))
    if request.method == "POST" and form.is_valid():
        try:
            person = check_is_here(person_by_token(request.prison, form.cleaned_data["person"]))
            card = actions.issue_card(by=request.actor, now=timezone.now(), prison=request.prison, person=person)
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect("referrals:card_paper", request.prison.code, card.token)
    form.cancel_url = reverse("referrals:cards", args=[request.prison.code])
    return render(request, "components/form_page.html", {
        "title": "Make a card", "form": form, "crumbs": [_terminals(request), _cards(request)],
        "lead": "A card that the person had before ends here.",
    })  # fmt: skip


@require_safe
@requires(P.CODE_ISSUE)
def card_paper(request: StaffRequest, token: str) -> HttpResponse:
    """The card, to print and cut out."""
    card = _card(request, token)
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, page="card", person_id=card.person_id)
    return render(request, "referrals/card_paper.html", {
        "card": card,
        "name": card.person.preferred_name or card.person.first_name,
        "pattern": qr.pattern(card_secret(card.token)),
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "handling": "Give the card to the person it is for, by hand. Withdraw it here when it is lost.",
        "back_href": reverse("referrals:cards", args=[request.prison.code]),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CODE_ISSUE)
def card_withdraw(request: StaffRequest, token: str) -> HttpResponse:
    """End a card that is lost, worn, or no longer needed."""
    card = _card(request, token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Withdraw this card", warning=True)
    back = reverse("referrals:cards", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_card(by=request.actor, now=timezone.now(), card=card)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Card {card.reference} was withdrawn.")
            return redirect(back)
    form.cancel_url = back
    return render(request, "components/confirm.html", {
        "title": "Withdraw a card", "form": form, "crumbs": [_terminals(request), _cards(request)],
        "rows": [
            {"key": "Card", "value": card.reference},
            {"key": "Person", "value": f"{card.person.list_name}, {card.person.prison_number}"},
        ],
        "warning": "It stops working at once. The person can still be let in from the list.",
    })  # fmt: skip


def _card(request: StaffRequest, token: str) -> TerminalCard:
    card: TerminalCard = get_object_or_404(queries.live_cards(request.prison), token=token)
    return card


def _terminals(request: StaffRequest) -> dict[str, str]:
    return {"text": "Terminals", "href": reverse("referrals:windows", args=[request.prison.code])}


def _cards(request: StaffRequest) -> dict[str, str]:
    return {"text": "Printed cards", "href": reverse("referrals:cards", args=[request.prison.code])}
