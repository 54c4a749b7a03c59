"""Referral, concern and interview on paper: the questions of the screens, each form with a number of its own."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paper import Question, questions_of
from referrals.actions.sheets import print_forms
from referrals.forms.concerns import ConcernForm
from referrals.forms.referrals import NumberForm, ReferForm, WhoForm
from referrals.forms.sheets import FormsForm
from referrals.models import PaperSheet
from referrals.queries.sheets import numbered
from referrals.rules.sheets import MOST_FORMS
from schemes.forms.interviews import ScoreForm
from schemes.queries.interviews import criteria_in_use
from schemes.queries.schemes import scheme_of
from schemes.rules.interviews import DEFAULT_CRITERIA

Kind = PaperSheet.Kind
# What the screen is called, where it is, and what happens to the paper.
TITLES = {Kind.REFERRAL: "Refer someone", Kind.CONCERN: "Raise a concern", Kind.INTERVIEW: "Score the interview"}
LEADS = {
    Kind.REFERRAL: "For when a referral cannot be typed. The questions and their order are those of the screen.",
    Kind.CONCERN: "For when a concern cannot be typed. Somebody in danger? Act first, then write.",
    Kind.INTERVIEW: "For a room without a screen. Each member of staff fills in a form of their own.",
}
HANDLING = {
    Kind.REFERRAL: "Once written on, this form holds personal information. Hand it to the scheme’s lead today.",
    Kind.CONCERN: "Once written on, seal it in an envelope and hand it to the safeguarding lead in person, today. "
    "Show it to nobody else.",
    Kind.INTERVIEW: "Once written on, this form holds personal information. Show your scores to nobody yet.",
}
SCREENS = {
    Kind.REFERRAL: "referrals:refer",
    Kind.CONCERN: "referrals:concern_add",
    Kind.INTERVIEW: "schemes:interviews",
}


def questions(request: StaffRequest, kind: str) -> list[Question]:
    """As the screens of this kind ask them now."""
    if kind == Kind.REFERRAL:
        return questions_of(NumberForm(), ReferForm(), WhoForm())
    if kind == Kind.CONCERN:
        return questions_of(ConcernForm(about="number", today=london_today(timezone.now())))
    scheme = scheme_of(request.prison)
    return questions_of(ScoreForm(criteria=criteria_in_use(scheme) if scheme is not None else DEFAULT_CRITERIA))


def _make(request: StaffRequest, kind: str) -> HttpResponse:
    form = FormsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        how_many = form.cleaned_data["how_many"]
        try:
            made = print_forms(
                by=request.actor, now=timezone.now(), prison=request.prison, kind=kind, how_many=how_many
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            name = f"referrals:paper_{kind.lower()}_print"
            return redirect(name, request.prison.code, made[0].number, made[-1].number)
    return render(request, "components/form_page.html", {
        "title": f"Print forms: {TITLES[Kind(kind)].lower()}",
        "lead": LEADS[Kind(kind)],
        "form": form,
        "crumbs": [{"text": TITLES[Kind(kind)], "href": reverse(SCREENS[Kind(kind)], args=[request.prison.code])}],
    })  # fmt: skip


def _print(request: StaffRequest, kind: str, first: int, last: int) -> HttpResponse:
    found = list(numbered(request.prison, kind, first, last)[:MOST_FORMS])
    if not found:
        raise Http404("no such forms")
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, page=f"{kind.lower()} forms", rows=len(found))
    context: dict[str, Any] = {
        "title": TITLES[Kind(kind)],
        "kind": kind,
        "forms": found,
        "questions": questions(request, kind),
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "handling": HANDLING[Kind(kind)],
        "back_href": reverse(f"referrals:paper_{kind.lower()}", args=[request.prison.code]),
    }
    return render(request, "referrals/paper_form.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.REFERRAL_MAKE)
def referral(request: StaffRequest) -> HttpResponse:
    """How many referral forms."""
    return _make(request, Kind.REFERRAL)


@require_safe
@requires(P.REFERRAL_MAKE)
def referral_print(request: StaffRequest, first: int, last: int) -> HttpResponse:
    """Referral forms of these numbers."""
    return _print(request, Kind.REFERRAL, first, last)


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_RAISE)
def concern(request: StaffRequest) -> HttpResponse:
    """How many concern forms."""
    return _make(request, Kind.CONCERN)


@require_safe
@requires(P.CONCERN_RAISE)
def concern_print(request: StaffRequest, first: int, last: int) -> HttpResponse:
    """Concern forms of these numbers."""
    return _print(request, Kind.CONCERN, first, last)


@require_http_methods(["GET", "POST"])
@requires(P.INTERVIEW_SCORE)
def interview(request: StaffRequest) -> HttpResponse:
    """How many interview forms."""
    return _make(request, Kind.INTERVIEW)


@require_safe
@requires(P.INTERVIEW_SCORE)
def interview_print(request: StaffRequest, first: int, last: int) -> HttpResponse:
    """Interview forms of these numbers."""
    return _print(request, Kind.INTERVIEW, first, last)
