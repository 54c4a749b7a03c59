"""Queries about figures: the prison's list, one of them, answering and closing; nationally counts, and asking."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import Month, Quarter, london_today, month_of, quarter_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table
from monitoring.actions import data_queries as actions
from monitoring.contradictions import BY_RULE
from monitoring.forms.data_queries import (
    CLOSED,
    OPEN,
    TO_ANSWER,
    AnswerForm,
    AskPrisonForm,
    CloseQueryForm,
    QueryFilter,
)
from monitoring.measures.catalogue import MEASURES
from monitoring.models import DataQueryStep
from monitoring.quality_words import measure_title, period_words, query_tag, rule_title
from monitoring.queries import data_queries as queries_of
from monitoring.rules.data_queries import can_answer
from monitoring.views.periods import back_from

OFFERED_QUARTERS, OFFERED_MONTHS = 5, 6
Kind = DataQueryStep.Kind


@require_safe
@requires(P.FIGURES_VIEW)
def queries(request: StaffRequest) -> HttpResponse:
    """Every query of the prison; by the filter those to answer, open or closed."""
    filter_form = QueryFilter(request.GET)
    page = page_of(_shown(request.prison, filter_form.answers.get("show", "")), request)
    table = Table(
        caption="Queries about figures, the newest period first",
        first="Query",
        columns=["What was noticed", "Period", "Raised"],
        rows=[_row(request, query) for query in page],
    )
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Queries about figures",
            "lead": "Rules look at the figures when a month is closed, and once a day. They ask; they never change a "
            "figure.",
            "page": page,
            "table": table,
            "noun": "queries",
            "filter_form": filter_form,
            "empty": "No rule has found anything, and nobody has asked.",
            "crumbs": _crumbs(request)[:1],
        },
    )


def _shown(prison: Prison, show: str) -> Any:
    if show == TO_ANSWER:
        return queries_of.to_answer(prison)
    if show == OPEN:
        return queries_of.still_open(prison)
    if show == CLOSED:
        return queries_of.closed(prison)
    return queries_of.queries_of(prison)


def _row(request: StaffRequest, query: Any) -> Row:
    return Row(
        text=rule_title(query),
        href=_url(request, "data_query", query.token),
        hidden=f"{measure_title(query.measure)}, {period_words(query)}",
        note=measure_title(query.measure),
        cells=[Cell(text=query.words), period_words(query), day_in_words(london_today(query.raised_at))],
        tag=query_tag(query, answered=query.answered),
    )


def _url(request: StaffRequest, name: str, *args: str) -> str:
    return reverse(f"monitoring:{name}", args=[request.prison.code, *args])


def _crumbs(request: StaffRequest, query: Any = None) -> list[dict[str, str]]:
    crumbs = [
        {"text": "Figures", "href": _url(request, "figures")},
        {"text": "Queries", "href": _url(request, "data_queries")},
    ]
    if query is not None:
        crumbs.append({"text": rule_title(query), "href": _url(request, "data_query", query.token)})
    return crumbs


def _query_or_404(request: StaffRequest, token: str) -> Any:
    return get_object_or_404(queries_of.queries_of(request.prison), token=token)


@require_safe
@requires(P.FIGURES_VIEW)
def query(request: StaffRequest, token: str) -> HttpResponse:
    """One query: what was noticed, by which rule, and everything that happened to it."""
    found = _query_or_404(request, token)
    rule = BY_RULE.get(found.rule)
    changes = may(request, P.MONTH_CLOSE) and can_answer(found)
    return render(
        request,
        "monitoring/data_query.html",
        {
            "title": rule_title(found),
            "caption": f"{measure_title(found.measure)}, {period_words(found)}",
            "tag": query_tag(found, answered=found.answered),
            "rows": [
                {"key": "What was noticed" if rule else "What is asked", "value": found.words},
                {"key": "The rule", "value": rule.sentence}
                if rule
                else {"key": "Asked by", "value": found.asked_by.name},
                {"key": "Figure", "value": measure_title(found.measure)},
                {"key": "Period", "value": period_words(found)},
            ],
            "blocks": rule is not None and rule.contradiction and found.closed_at is None and not found.answered,
            "events": [_event(step) for step in queries_of.steps_of(found)],
            "answer_url": _url(request, "answer_query", token) if changes else "",
            "close_url": _url(request, "close_query", token) if changes else "",
            "crumbs": _crumbs(request),
        },
    )


def _event(step: DataQueryStep) -> dict[str, Any]:
    return {
        "title": Kind(step.kind).label,
        "at": step.at,
        "by": step.by.name if step.by is not None else "",
        "text": step.words or ("The rule no longer fires." if step.kind == Kind.CLOSED and step.by is None else ""),
    }


@require_http_methods(["GET", "POST"])
@requires(P.MONTH_CLOSE)
def answer(request: StaffRequest, token: str) -> HttpResponse:
    """Answer one query: one box."""
    found = _query_or_404(request, token)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_query(by=request.actor, now=timezone.now(), query=found, words=form.cleaned_data["words"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The answer is saved. It stands beside the figure.")
            return redirect(_url(request, "data_query", token))
    return _asked(request, found, form, "Answer a query")


@require_http_methods(["GET", "POST"])
@requires(P.MONTH_CLOSE)
def close(request: StaffRequest, token: str) -> HttpResponse:
    """Close one query and say how it was settled."""
    found = _query_or_404(request, token)
    form = CloseQueryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_query(by=request.actor, now=timezone.now(), query=found, how=form.cleaned_data["how"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The query is closed.")
            return redirect(_url(request, "data_query", token))
    return _asked(request, found, form, "Close a query")


def _asked(request: StaffRequest, found: Any, form: Any, title: str) -> HttpResponse:
    form.cancel_url = _url(request, "data_query", found.token)
    return render(
        request,
        "components/form_page.html",
        {
            "title": title,
            "caption": f"{measure_title(found.measure)}, {period_words(found)}",
            "lead": found.words,
            "form": form,
            "crumbs": _crumbs(request, found),
        },
    )


# --- nationally ----------------------------------------------------------------------------------


@require_safe
@requires(P.NATIONAL_RETURNS_VIEW)
def by_prison(request: HttpRequest) -> HttpResponse:
    """How many queries of each prison are open: counts, no words."""
    rows = [
        Row(
            text=each.prison.name,
            cells=[
                Cell(text=each.open or "None"),
                Cell(text=each.unanswered or "None"),
                day_in_words(london_today(each.oldest)) if each.oldest else "–",
            ],
        )
        for each in queries_of.queries_by_prison()
    ]
    table = Table(
        caption="Open queries by prison",
        first="Prison",
        columns=[Column(text="Open", numeric=True), Column(text="Without an answer", numeric=True), "Oldest raised"],
        rows=rows,
        caption_hidden=True,
    )
    return render(
        request,
        "monitoring/national_queries.html",
        {
            "title": "Data queries",
            "table": table,
            "ask_url": reverse("national:ask_prison"),
            "crumbs": [{"text": "Returns", "href": reverse("national:returns")}],
        },
    )


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_RETURNS_VIEW)
def ask(request: StaffRequest) -> HttpResponse:
    """Ask one prison about a period's figures."""
    now = timezone.now()
    prisons = {prison.code: prison for prison in _prisons()}
    periods = {period.code: period for period in _periods(london_today(now))}
    form = AskPrisonForm(
        request.POST or None,
        prisons=[(code, prison.name) for code, prison in prisons.items()],
        periods=list(periods.values()),
        measures=[(measure.code, f"{measure.code} {measure.title}") for measure in MEASURES],
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            asked = actions.ask_prison(
                by=request.actor,
                now=now,
                prison=prisons[said["prison"]],
                period=periods[said["period"]],
                measure=said["measure"],
                words=said["words"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{prisons[said['prison']].name} is asked about {period_words(asked)}.")
            return redirect("national:data_queries")
    form.cancel_url = reverse("national:data_queries")
    return render(
        request,
        "components/form_page.html",
        {
            "title": "Ask a prison about its figures",
            "lead": "The prison’s lead sees your name, answers, and closes the query.",
            "form": form,
            "crumbs": [{"text": "Data queries", "href": form.cancel_url}],
        },
    )


def _prisons() -> list[Prison]:
    return [each.prison for each in queries_of.queries_by_prison()]


def _periods(today: Any) -> list[Month | Quarter]:
    return [*back_from(quarter_of(today), OFFERED_QUARTERS), *back_from(month_of(today), OFFERED_MONTHS)]
