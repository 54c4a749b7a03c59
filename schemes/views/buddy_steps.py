"""The steps of one buddy's way, each a page with its question and one button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm, GovukForm
from schemes.actions import buddies as actions
from schemes.actions.clearance import ask_again as ask_again_action
from schemes.forms.buddies import CompactForm, InterviewForm, ReasonForm
from schemes.forms.refusals import DeclineForm
from schemes.models import Buddy, CompactFormat
from schemes.queries.buddies import buddies_of
from schemes.queries.clearance import departments_to_ask
from schemes.queries.compacts import text_to_sign
from schemes.queries.interviews import criteria_to_score, open_sheets
from schemes.views.buddies import crumbs
from schemes.views.buddy_words import department as department_name
from schemes.views.buddy_words import easier_words, place_of
from schemes.views.check_words import compact_formats, score_table, waiting_for_scores

Answers = dict[str, Any]


def load(request: StaffRequest, token: str) -> Buddy:
    """The buddy of this prison, or 404."""
    found: Buddy = get_object_or_404(buddies_of(request.prison), token=token)
    return found


def pressed(request: StaffRequest) -> QueryDict | None:
    """The post, also an empty one: a button without a question sends nothing that must be there."""
    return request.POST if request.method == "POST" else None


def step_page(
    request: StaffRequest,
    buddy: Buddy,
    form: GovukForm,
    act: Callable[[Answers], object],
    *,
    title: str,
    done: str,
    template: str = "schemes/buddy_step.html",
    **context: Any,
) -> HttpResponse:
    """Ask, act once, and go back to the buddy's page; a refusal stays on the page with what was typed."""
    back = reverse("schemes:buddy", args=[request.prison.code, buddy.token])
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect(back)
    form.cancel_url = back
    page = {
        "title": title,
        "form": form,
        "crumbs": crumbs(request, buddy),
        "name": buddy.person.full_name,
        "prison_number": buddy.person.prison_number,
        "place": place_of(buddy),
    }
    return render(request, template, {**page, **context})


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_RECRUIT)
def ask_for_checks(request: StaffRequest, token: str) -> HttpResponse:
    """Ask every department."""
    buddy = load(request, token)
    form = ConfirmForm(pressed(request), label="Ask for checks")
    departments = [
        {"key": department_name(code), "value": "Signs in its own name"} for code in buddy.scheme.departments
    ]
    return step_page(
        request,
        buddy,
        form,
        lambda _: actions.ask_for_checks(by=request.actor, now=timezone.now(), buddy=buddy),
        title="Ask for checks",
        lead="Each of these departments is asked. None can be skipped.",
        rows=departments,
        done="The departments have been asked for clearance.",
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_RECRUIT)
def ask_again(request: StaffRequest, token: str) -> HttpResponse:
    """Ask for clearance that was refused, has lapsed or is about to."""
    buddy = load(request, token)
    today = london_today(timezone.now())
    wanted = [department_name(code) for code in departments_to_ask(buddy, today)]
    return step_page(
        request,
        buddy,
        ConfirmForm(pressed(request), label="Ask again"),
        lambda _: ask_again_action(by=request.actor, now=timezone.now(), buddy=buddy),
        title="Ask for clearance again",
        lead="These departments are asked again. Their last answer counts until they sign."
        if wanted
        else "There is nothing to ask for: every department has been asked, or its answer is in date.",
        rows=[{"key": label, "value": "To be asked again"} for label in wanted],
        done="The departments have been asked for clearance.",
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_RECRUIT)
def interview(request: StaffRequest, token: str) -> HttpResponse:
    """Record an interview."""
    buddy = load(request, token)
    sheets = open_sheets(buddy)
    held_on = sheets[0].held_on if sheets else london_today(timezone.now())
    form = InterviewForm(request.POST or None, initial={"held_on": held_on})
    return step_page(
        request,
        buddy,
        form,
        lambda answers: actions.record_interview(
            by=request.actor,
            now=timezone.now(),
            buddy=buddy,
            held_on=answers["held_on"],
            panel=answers["panel"],
            result=answers["result"],
            notes=answers["notes"],
            adjustments_made=answers["adjustments_made"],
        ),
        title="Record the interview",
        template="schemes/interview_record.html",
        criteria=criteria_to_score(buddy),
        score_table=score_table(sheets),
        waiting=waiting_for_scores(two_scores=buddy.scheme.two_scores, sheets=sheets),
        rows=[{"key": "What would make it easier", "value": easier_words(buddy)}],
        done="Interview recorded.",
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_APPOINT)
def approve(request: StaffRequest, token: str) -> HttpResponse:
    """Into the approved pool."""
    buddy = load(request, token)
    return step_page(
        request,
        buddy,
        ConfirmForm(pressed(request), label="Put in the approved pool"),
        lambda _: actions.approve_applicant(by=request.actor, now=timezone.now(), buddy=buddy),
        title="Put in the approved pool",
        lead="The person was found suitable and waits for a place. Offer the role once a place is free.",
        done="In the approved pool. Tell the person that they wait for a place.",
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_APPOINT)
def offer(request: StaffRequest, token: str) -> HttpResponse:
    """The role was offered and accepted."""
    buddy = load(request, token)
    return step_page(
        request,
        buddy,
        ConfirmForm(pressed(request), label="Offered and accepted"),
        lambda _: actions.offer_role(by=request.actor, now=timezone.now(), buddy=buddy),
        title="Offer the role",
        lead="Offer the role in person. Press the button once the person has accepted: training begins then. "
        "If the person does not want the role, record that they withdraw.",
        done="The role was offered and accepted. Next, the compact is signed.",
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_RECRUIT)
def compact(request: StaffRequest, token: str) -> HttpResponse:
    """The compact as it stands, and its signature on paper."""
    buddy = load(request, token)
    text = text_to_sign()
    shown = request.GET.get("format", "")
    shown = shown if shown in CompactFormat.values else CompactFormat.ENGLISH
    initial = {"signed_on": london_today(timezone.now()), "format": shown}
    form = CompactForm(request.POST or None, initial=initial)

    def act(answers: Answers) -> object:
        if text is None:
            raise NotAllowed("No text of the compact has been loaded. Ask the administrator to load it.")
        return actions.record_compact(
            by=request.actor,
            now=timezone.now(),
            buddy=buddy,
            text=text,
            signed_on=answers["signed_on"],
            read_aloud=answers["read_aloud"],
            format=answers["format"],
        )

    return step_page(
        request,
        buddy,
        form,
        act,
        title="Record the compact",
        done="Signature recorded.",
        template="schemes/buddy_compact.html",
        text=text,
        words=text.words_in(shown) if text is not None else "",
        lang="cy" if shown == CompactFormat.WELSH else "en",
        unchecked=text is not None and shown == CompactFormat.WELSH and not text.welsh_checked,
        formats=compact_formats(buddy, shown),
        witness=request.user.name,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_RECRUIT)
def decline(request: StaffRequest, token: str) -> HttpResponse:
    """Refuse an application with a reason."""
    buddy = load(request, token)
    form = DeclineForm(request.POST or None)
    return step_page(
        request,
        buddy,
        form,
        lambda answers: actions.decline(
            by=request.actor, now=timezone.now(), buddy=buddy, reason=answers["reason"], telling=form.telling
        ),
        title="Decline this person",
        lead="The person may appeal. The letter says why, and how.",
        done="Declined. Print the letter, and tell the person if that is still to be done.",
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_RECRUIT)
def withdraw(request: StaffRequest, token: str) -> HttpResponse:
    """The person withdraws. No reason is needed."""
    buddy = load(request, token)
    return step_page(
        request,
        buddy,
        ReasonForm(request.POST or None, button="Record the withdrawal", hint="If the person gave one.", needed=False),
        lambda answers: actions.withdraw(by=request.actor, now=timezone.now(), buddy=buddy, reason=answers["reason"]),
        title="Record that the person withdraws",
        done="Withdrawal recorded.",
    )
