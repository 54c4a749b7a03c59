"""What several pages of the journey say in the same words: who somebody is, on which days, with which tag."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may
from buddyscheme.lib.forms import GovukForm
from buddyscheme.lib.tables import Tag
from referrals.models import HeldText, Plan, Referral
from referrals.rules.plan_lines import day, days_in_words
from schemes.models import Person
from schemes.queries.people import custody_of

__all__ = [
    "HELD_COLOURS",
    "PLAN_COLOURS",
    "REFERRAL_COLOURS",
    "day",
    "days_in_words",
    "form_about",
    "identity",
    "identity_at",
    "in_days",
    "moment",
    "plan_tag",
]

REFERRAL_COLOURS: dict[str, str] = {
    Referral.Status.RECEIVED: "blue",
    Referral.Status.PROGRESSED: "green",
    Referral.Status.NOT_PROGRESSED: "grey",
}
PLAN_COLOURS: dict[str, str] = {
    Plan.Status.WISHES: "blue",
    Plan.Status.DRAFT: "blue",
    Plan.Status.ACTIVE: "green",
    Plan.Status.PAUSED: "yellow",
    Plan.Status.REFUSED: "grey",
    Plan.Status.ENDED: "grey",
}
HELD_COLOURS: dict[str, str] = {
    HeldText.Decision.WAITING: "blue",
    HeldText.Decision.ALLOWED: "green",
    HeldText.Decision.REFUSED: "red",
    HeldText.Decision.REPLACED: "grey",
}


def identity(request: StaffRequest, person: Person) -> dict[str, str]:
    """Name, number and place for the identity bar, with a link for those who may open the person's page."""
    custody = custody_of(request.prison, person)
    return identity_at(request, person, custody.place if custody is not None else None)


def identity_at(request: StaffRequest, person: Person, place: str | None) -> dict[str, str]:
    """The same where the place was read already; None for somebody who is no longer here."""
    return {
        "name": person.full_name,
        "number": person.prison_number,
        "place": (place or "Place not recorded") if place is not None else "No longer at this prison",
        "href": reverse("schemes:person", args=[request.prison.code, person.token])
        if may(request, P.PEOPLE_VIEW)
        else "",
    }


def form_about(
    request: StaffRequest, person: Person, form: GovukForm, title: str, back: str, **context: Any
) -> HttpResponse:
    """A page that asks about one person; `back` is where Cancel leads."""
    form.cancel_url = back
    return render(
        request,
        context.pop("template", "referrals/about_form.html"),
        {"title": title, "form": form, "who": identity(request, person), **context},
    )


def moment(at: datetime | None) -> str:
    """Day and time by the clock of the prison, or nothing."""
    return date_format(timezone.localtime(at), "j F Y, H:i") if at is not None else ""


def in_days(count: int) -> str:
    """Such as "1 day" or "12 days"."""
    return "1 day" if count == 1 else f"{count} days"


def plan_tag(plan: Plan) -> Tag:
    """The plan's status as a tag."""
    return Tag(text=plan.get_status_display(), colour=PLAN_COLOURS[plan.status])
