"""How answers changed, what staff said, and which questions the scheme asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.tables import Column, Row, Table
from monitoring.actions.outcomes import change_outcome_settings, record_staff_answer
from monitoring.forms.outcomes import OutcomeSettingsForm, StaffAnswerForm
from monitoring.outcomes import BY_CODE, About, Instrument, Question
from monitoring.outcomes_words import change_words, counted_words
from monitoring.queries import outcomes as queries
from monitoring.views.outcomes import outcomes_crumbs, outcomes_url

STAFF = BY_CODE["STAFF"]


@require_safe
@requires(P.FIGURES_VIEW)
def results(request: StaffRequest) -> HttpResponse:
    """For each question: who was asked twice, how the answers changed, and who was lost."""
    today = london_today(timezone.now())
    tables = [
        Table(
            caption=instrument.title,
            first="Question",
            columns=[
                Column(text="Asked twice", numeric=True),
                Column(text="No second answer", numeric=True),
                "Change",
                "Better, same, worse",
            ],
            rows=list(_rows(request, instrument, today)),
        )
        for instrument in queries.asked_here(request.prison)
        if instrument.about is not About.STAFF
    ]
    return render(
        request,
        "monitoring/outcome_results.html",
        {
            "title": "How answers changed",
            "tables": tables,
            "crumbs": outcomes_crumbs(request),
        },
    )


def _rows(request: StaffRequest, instrument: Instrument, today: Any) -> Iterator[Row]:
    for question in instrument.questions:
        pairs = queries.pairs_of(request.prison, question.code, instrument.code, today)
        yield Row(
            text=question.en,
            cells=[
                str(len(pairs.before)),
                str(pairs.lost),
                change_words(pairs.before, pairs.after),
                _counted(question, pairs.before, pairs.after),
            ],
        )


def _counted(question: Question, before: tuple[float, ...], after: tuple[float, ...]) -> str:
    return counted_words(before, after, higher_is_better=question.higher_is_better)


@require_http_methods(["GET", "POST"])
@requires(P.OUTCOMES_RECORD)
def staff(request: StaffRequest) -> HttpResponse:
    """Record what one member of staff said. No name is kept."""
    if STAFF not in queries.asked_here(request.prison):
        raise Http404("staff are not asked here")
    now = timezone.now()
    form = StaffAnswerForm(request.POST or None, instrument=STAFF, initial={"asked_on": london_today(now)})
    if request.method == "POST" and form.is_valid():
        try:
            record_staff_answer(
                by=request.actor,
                now=now,
                prison=request.prison,
                instrument=STAFF,
                asked_on=form.cleaned_data["asked_on"],
                answers=form.answers,
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The answer is saved, without a name.")
            return redirect(outcomes_url(request, "outcomes"))
    form.cancel_url = outcomes_url(request, "outcomes")
    return render(
        request,
        "components/form_page.html",
        {
            "title": "What a member of staff said",
            "lead": "No name is kept.",
            "form": form,
            "crumbs": outcomes_crumbs(request),
        },
    )


@require_http_methods(["GET", "POST"])
@requires(P.OUTCOMES_RECORD)
def settings(request: StaffRequest) -> HttpResponse:
    """Which further questions the scheme asks."""
    setting = queries.setting_of(request.prison)
    form = OutcomeSettingsForm(
        request.POST or None, initial={"switched_on": setting.switched_on, "version": setting.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_outcome_settings(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                switched_on=form.cleaned_data["switched_on"],
                version=form.cleaned_data["version"],
            )
        except Stale as error:
            form.stale(error, version=setting.version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The questions are set.")
            return redirect(outcomes_url(request, "outcomes"))
    form.cancel_url = outcomes_url(request, "outcomes")
    return render(
        request,
        "components/form_page.html",
        {"title": "Questions that the scheme asks", "form": form, "crumbs": outcomes_crumbs(request)},
    )
