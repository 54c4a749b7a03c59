"""Interviews: the scheme's criteria, and scores that two members of staff give apart."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.rules import why_not
from buddyscheme.lib.tables import Row, Table
from schemes.actions import interviews as actions
from schemes.forms.interviews import CriteriaForm, ScoreForm
from schemes.queries import interviews as queries
from schemes.queries.buddies import last_interview
from schemes.rules.interviews import check_can_score
from schemes.views.buddy_steps import load
from schemes.views.buddy_words import easier_words, place_of
from schemes.views.departments import saved, scheme_or_404


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def criteria(request: StaffRequest) -> HttpResponse:
    """What applicants are asked to show at this scheme."""
    found = scheme_or_404(request)
    initial = {
        "criteria": "\n".join(queries.criteria_in_use(found)),
        "two_scores": found.two_scores,
        "version": found.version,
    }
    form = CriteriaForm(request.POST or None, initial=initial)
    scheme_url = reverse("schemes:scheme", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        answers = {
            "criteria": form.cleaned_data["criteria"].splitlines(),
            "two_scores": form.cleaned_data["two_scores"],
        }
        if saved(request, form, found, actions.set_interview, **answers):
            messages.success(request, "Saved. Interviews that have been recorded keep the criteria they used.")
            return redirect(scheme_url)
    form.cancel_url = scheme_url
    context = {
        "title": "Interview criteria",
        "form": form,
        "crumbs": [{"text": "The scheme", "href": scheme_url}],
    }
    return render(request, "components/form_page.html", context)


@require_safe
@requires(P.INTERVIEW_SCORE)
def interviews(request: StaffRequest) -> HttpResponse:
    """Applicants for whom whoever looks may still give scores. Nothing of anybody else's is shown."""
    page = page_of(queries.to_score(request.prison, request.user), request)
    rows = [
        Row(
            text=buddy.person.list_name,
            href=reverse("schemes:score", args=[request.prison.code, buddy.token]),
            hidden=", give scores",
            note=buddy.person.prison_number,
            cells=[place_of(buddy), day_in_words(buddy.applied_on), easier_words(buddy)],
        )
        for buddy in page
    ]
    context = {
        "title": "Interviews to score",
        "lead": "Give your scores on your own, before you talk with the other member of staff.",
        "page": page,
        "noun": "interviews",
        "table": Table(
            caption="Interviews to score, oldest application first",
            first="Name",
            columns=["Where", "Applied on", "Makes it easier"],
            rows=rows,
        ),
        "empty": "No interview waits for your scores.",
        "action_href": reverse("referrals:paper_interview", args=[request.prison.code]),
        "action_text": "Print interview forms",
        "crumbs": [],
    }
    return render(request, "components/list_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.INTERVIEW_SCORE)
def score(request: StaffRequest, token: str) -> HttpResponse:
    """Give one's own scores. The page is the same whether or not somebody else has given theirs."""
    buddy, now = load(request, token), timezone.now()
    form = ScoreForm(
        request.POST or None,
        criteria=queries.criteria_to_score(buddy),
        initial={"held_on": london_today(now)},
    )
    to_list = reverse("schemes:interviews", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            actions.give_scores(
                by=request.actor,
                now=now,
                buddy=buddy,
                held_on=answers["held_on"],
                scores=form.scores,
                reasons=answers["reasons"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Your scores are in. They are shown once both are.")
            return redirect(to_list)
    viewed(by=request.actor, prison=request.prison.code, subject=buddy, person_id=buddy.person_id)
    form.cancel_url = to_list
    context = {
        "title": "Score the interview",
        "form": form,
        "crumbs": [{"text": "Interviews to score", "href": to_list}],
        "name": buddy.person.full_name,
        "prison_number": buddy.person.prison_number,
        "place": place_of(buddy),
        "refusal": "" if form.is_bound else _refusal(request, buddy),
        "rows": [{"key": "Makes it easier", "value": easier_words(buddy)}],
    }
    return render(request, "schemes/interview_score.html", context)


def _refusal(request: StaffRequest, buddy: Any) -> str:
    return why_not(
        check_can_score,
        buddy,
        two_scores=buddy.scheme.two_scores,
        sheets=queries.open_sheets(buddy),
        scorer_id=request.user.pk,
        decided=last_interview(buddy),
        held_on=None,
        today=london_today(timezone.now()),
    )
