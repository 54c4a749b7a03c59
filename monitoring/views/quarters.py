"""A quarter and what belongs to its closing, in order; signing it, and opening it again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import Month, Quarter, london_today, year_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import why_not
from buddyscheme.lib.tables import Row, Table, Tag
from monitoring.actions.quarters import reopen_quarter, sign_quarter
from monitoring.forms.quarters import ReopenQuarterForm, SignQuarterForm
from monitoring.measures.catalogue import BY_CODE, MEASURES
from monitoring.models import QuarterSign
from monitoring.quality_words import correction_words, measure_title
from monitoring.queries import quarters as queries
from monitoring.queries.costs import newest_returns
from monitoring.queries.data_queries import still_open, to_answer, unanswered_contradictions
from monitoring.queries.figures import opened_on
from monitoring.queries.outcomes import due_rows
from monitoring.queries.self_assessment import assessment_of
from monitoring.queries.typed import newest_typed
from monitoring.rules.quarters import check_can_sign, months_due
from monitoring.views.periods import quarter_or_404, quarters_since

TYPED = tuple(measure.code for measure in MEASURES if not measure.computed)
DONE, TO_DO, RUNNING = (
    Tag(text="Done", colour="green"),
    Tag(text="To do", colour="red"),
    Tag(text="Still running", colour="grey"),
)
OPTIONAL = Tag(text="Look", colour="blue")
SHOWN_CHANGES = 25


def _url(request: StaffRequest, name: str, *args: str) -> str:
    return reverse(f"monitoring:{name}", args=[request.prison.code, *args])


@require_safe
@requires(P.FIGURES_VIEW)
def quarters(request: StaffRequest) -> HttpResponse:
    """The quarters since the opening, the newest first, and which of them are signed."""
    today = london_today(timezone.now())
    shown = quarters_since(opened_on(request.prison), today)
    signs = queries.newest_signs(request.prison, [quarter.code for quarter in shown])
    table = Table(
        caption="Quarters, newest first",
        first="Quarter",
        columns=["Signed", "By"],
        rows=[_quarter_row(request, quarter, signs.get(quarter.code), today) for quarter in shown],
    )
    return render(
        request,
        "monitoring/quarters.html",
        {
            "title": "Quarters",
            "lead": "When everything of a quarter is in, sign it. Later corrections still reach its figures.",
            "table": table if shown else None,
            "empty": "The scheme is not open yet. The first quarter is the one in which it opens.",
            "crumbs": [{"text": "Figures", "href": _url(request, "figures")}],
        },
    )


def _quarter_row(request: StaffRequest, quarter: Quarter, sign: QuarterSign | None, today: date) -> Row:
    signed = queries.is_signed(sign)
    return Row(
        text=str(quarter),
        href=_url(request, "quarter", quarter.code),
        cells=[
            day_in_words(london_today(sign.said_at)) if sign is not None and signed else "–",
            sign.said_by.name if sign is not None and signed else "–",
        ],
        tag=_state(quarter, sign, today),
    )


def _state(quarter: Quarter, sign: QuarterSign | None, today: date) -> Tag:
    if sign is not None:
        return Tag(text="Signed", colour="green") if queries.is_signed(sign) else Tag(text="Opened again", colour="red")
    return RUNNING if quarter.last >= today else Tag(text="To sign", colour="red")


@require_safe
@requires(P.FIGURES_VIEW)
def quarter(request: StaffRequest, quarter_code: str) -> HttpResponse:
    """What belongs to the closing of one quarter in its order, who signed it, and what changed since."""
    chosen = quarter_or_404(quarter_code)
    now = timezone.now()
    signs = queries.signs_of(request.prison, chosen)
    newest = next(iter(signs), None)
    signed = queries.is_signed(newest)
    last_signed = next((sign for sign in signs if queries.is_signed(sign)), None)
    facts = _facts(request, chosen)
    refusal = _why_not(request, chosen, facts, now, signed=signed)
    leads = may(request, P.MONTH_CLOSE)
    changes = (
        queries.changed_since(request.prison, [*chosen.months, chosen], last_signed.said_at) if last_signed else []
    )
    return render(
        request,
        "monitoring/quarter.html",
        {
            "title": str(chosen),
            "tag": _state(chosen, newest, london_today(now)),
            "table": _steps(request, chosen, facts, now),
            "refusal": "" if signed else refusal,
            "sign_url": _url(request, "sign_quarter", chosen.code) if leads and not refusal else "",
            "reopen_url": _url(request, "reopen_quarter", chosen.code) if leads and signed else "",
            "signed": last_signed,
            "changes": [_change(row) for row in changes[:SHOWN_CHANGES]],
            "more": len(changes) - SHOWN_CHANGES,
            "events": [_event(sign) for sign in signs],
            "crumbs": _crumbs(request),
        },
    )


@dataclass(frozen=True)
class Facts:
    """What both the steps and the signature ask: when the scheme opened, which months are closed, and costs."""

    opened_on: date | None
    closed: Collection[str]
    costs_returned: bool


def _facts(request: StaffRequest, chosen: Quarter) -> Facts:
    return Facts(
        opened_on(request.prison),
        queries.closed_in(request.prison, chosen).keys(),
        chosen.code in newest_returns(request.prison, [chosen.code]),
    )


def _why_not(request: StaffRequest, chosen: Quarter, facts: Facts, now: datetime, *, signed: bool) -> str:
    contradictions = unanswered_contradictions(request.prison, [*chosen.months, chosen])
    return why_not(
        check_can_sign,
        chosen,
        today=london_today(now),
        opened_on=facts.opened_on,
        closed=facts.closed,
        costs_returned=facts.costs_returned,
        contradictions=[query.words for query in contradictions],
        signed=signed,
    )


def _crumbs(request: StaffRequest, chosen: Quarter | None = None) -> list[dict[str, str]]:
    crumbs = [
        {"text": "Figures", "href": _url(request, "figures")},
        {"text": "Quarters", "href": _url(request, "quarters")},
    ]
    if chosen is not None:
        crumbs.append({"text": str(chosen), "href": _url(request, "quarter", chosen.code)})
    return crumbs


def _steps(request: StaffRequest, chosen: Quarter, facts: Facts, now: datetime) -> Table:
    """What belongs to a quarter's closing, in its order."""
    prison, today = request.prison, london_today(now)
    rows = [
        _month_step(request, month, month.code in facts.closed, today) for month in months_due(chosen, facts.opened_on)
    ]
    given = sum(1 for _, period in newest_typed(prison, TYPED) if period in (chosen.code, year_of(chosen.first).code))
    periods = [period.code for period in (*chosen.months, chosen)]
    unanswered = to_answer(prison).filter(period__in=periods).count()
    still = still_open(prison).filter(period__in=periods).count()
    due = len(due_rows(prison, today))
    rows += [
        Row(
            text="Costs",
            href=_url(request, "cost_quarter", chosen.code) if may(request, P.COSTS_VIEW) else "",
            cells=["Returned" if facts.costs_returned else "Not returned"],
            tag=DONE if facts.costs_returned else TO_DO,
        ),
        Row(
            text="Figures that others hold",
            href=_url(request, "typed"),
            cells=[f"{given} of {len(TYPED)} given"],
            tag=DONE if given == len(TYPED) else OPTIONAL,
        ),
        Row(
            text="Data queries",
            href=f"{_url(request, 'data_queries')}?show=open",
            cells=[f"{still or 'None'} open, {unanswered or 'none'} to answer"],
            tag=TO_DO if unanswered else DONE,
        ),
        _self_assessment_step(request, chosen),
        Row(
            text="Outcomes",
            href=_url(request, "outcomes") if may(request, P.OUTCOMES_RECORD) else "",
            cells=[f"{due} to ask now" if due else "Nobody to ask now"],
            tag=OPTIONAL if due else DONE,
        ),
    ]
    return Table(caption="What belongs to the quarter, in order", first="What", columns=["Where it stands"], rows=rows)


def _self_assessment_step(request: StaffRequest, chosen: Quarter) -> Row:
    """Where the quarter's self-assessment stands. It holds the signature up no more than the outcomes do."""
    started = assessment_of(request.prison, chosen)
    finished = started is not None and started.finished_at is not None
    return Row(
        text="Self-assessment",
        href=_url(request, "self_assessment", chosen.code),
        cells=["Finished" if finished else "Not started" if started is None else "Started"],
        tag=DONE if finished else OPTIONAL,
    )


def _month_step(request: StaffRequest, month: Month, closed: bool, today: date) -> Row:
    running = month.last >= today
    return Row(
        text=f"Close {month}",
        href=f"{_url(request, 'figures')}?period={month.code}",
        cells=["Closed" if closed else "Still running" if running else "Open"],
        tag=DONE if closed else RUNNING if running else TO_DO,
    )


def _change(row: Any) -> dict[str, str]:
    measure = BY_CODE.get(row.figure.measure)
    words = correction_words(measure, row, since="it was signed") if measure is not None else ""
    return {"title": measure_title(row.figure.measure), "code": row.figure.measure, "words": words}


def _event(sign: QuarterSign) -> dict[str, Any]:
    return {
        "title": QuarterSign.Kind(sign.kind).label,
        "at": sign.said_at,
        "by": sign.said_by.name,
        "text": sign.words,
    }


@require_http_methods(["GET", "POST"])
@requires(P.MONTH_CLOSE)
def sign(request: StaffRequest, quarter_code: str) -> HttpResponse:
    """Sign one quarter: one button."""
    chosen = quarter_or_404(quarter_code)
    form = SignQuarterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sign_quarter(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                quarter=chosen,
                note=form.cleaned_data["note"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{chosen} is signed.")
            return redirect(_url(request, "quarter", chosen.code))
    lead = "Signing says that everything of this quarter is in and that its figures stand."
    return _form(request, chosen, form, f"Sign {chosen}", lead)


@require_http_methods(["GET", "POST"])
@requires(P.MONTH_CLOSE)
def reopen(request: StaffRequest, quarter_code: str) -> HttpResponse:
    """Open a signed quarter again."""
    chosen = quarter_or_404(quarter_code)
    form = ReopenQuarterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reopen_quarter(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                quarter=chosen,
                reason=form.cleaned_data["words"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{chosen} is open again. Sign it when its figures stand.")
            return redirect(_url(request, "quarter", chosen.code))
    lead = "Do this when something in the quarter has to change, and sign it again afterwards."
    return _form(request, chosen, form, f"Open {chosen} again", lead)


def _form(request: StaffRequest, chosen: Quarter, form: Any, title: str, lead: str) -> HttpResponse:
    form.cancel_url = _url(request, "quarter", chosen.code)
    return render(
        request,
        "components/form_page.html",
        {"title": title, "lead": lead, "form": form, "crumbs": _crumbs(request, chosen)},
    )
