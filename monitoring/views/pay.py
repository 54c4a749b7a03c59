"""Pay periods: the list, one period with its lines, and entering one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import london_today, week_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from monitoring import pay_words as words
from monitoring.actions.pay import recount_period, start_period
from monitoring.forms.pay import PeriodFilter, PeriodForm
from monitoring.models import PayLine, PayPeriod
from monitoring.queries import pay as queries
from monitoring.rules.pay import review_due
from referrals.queries.staff_work import marks_by_month
from referrals.queries.visits import weeks_to_confirm


def pay_url(request: StaffRequest, name: str, *args: str) -> str:
    """An address of pay."""
    return reverse(f"monitoring:{name}", args=[request.prison.code, *args])


def pay_crumbs(request: StaffRequest, *more: tuple[str, ...]) -> list[dict[str, str]]:
    """Pay, and what lies below it: (text, url name, arguments)."""
    found = [{"text": "Pay", "href": pay_url(request, "pay")}]
    return found + [{"text": text, "href": pay_url(request, name, *args)} for text, name, *args in more]


def find_period(request: StaffRequest, token: str) -> Any:
    """The period of this prison, or 404."""
    return get_object_or_404(queries.periods_of(request.prison), token=token)


def period_span(period: PayPeriod) -> str:
    """The period in words."""
    return words.span(period.first_day, period.last_day)


@require_safe
@requires(P.PAY_VIEW)
def pay(request: StaffRequest) -> HttpResponse:
    """Pay periods, newest first, and everything around them."""
    today = london_today(timezone.now())
    page = page_of(queries.periods_of(request.prison), request)
    setting = queries.setting_of(request.prison)
    due = review_due(setting.reviewed_on, queries.first_rate_on(request.prison))
    context: dict[str, Any] = {
        "title": "Pay of buddies",
        "lead": words.NOTHING_PAID,
        "page": page,
        "noun": "periods",
        "table": Table(
            caption="Pay periods, newest first",
            first="Period",
            columns=[
                Column(text="People", numeric=True),
                Column(text="Expected", numeric=True),
                Column(text="Recorded", numeric=True),
                Column(text="To explain", numeric=True),
            ],
            rows=[_period_row(request, period) for period in page],
        ),
        "empty": "No pay period has been entered.",
        "review_overdue": due if due is not None and due < today else None,
        "no_rates": due is None,
        "without_band": sum(1 for buddy in queries.without_post(request.prison) if buddy.said_band is None),
        "months": marks_by_month(request.prison)[:3],
        "may_edit": may(request, P.PAY_EDIT),
        "crumbs": [],
    }
    if may(request, P.PAY_EDIT):
        context |= {"action_href": pay_url(request, "add_pay_period"), "action_text": "Enter a pay period"}
    return render(request, "monitoring/pay.html", context)


def _period_row(request: StaffRequest, period: Any) -> Row:
    recorded = period.recorded_at is not None
    tag = Tag(text="To record", colour="blue")
    if recorded:
        tag = Tag(text="To explain", colour="yellow") if period.to_explain else Tag(text="Complete", colour="green")
    return Row(
        text=period_span(period),
        href=pay_url(request, "pay_period", period.token),
        cells=[
            str(period.people or 0),
            words.amount(period.expected or 0),
            words.amount(period.recorded or 0) if recorded else "–",
            str(period.to_explain or 0) if recorded else "–",
        ],
        tag=tag,
    )


@require_safe
@requires(P.PAY_VIEW)
def period(request: StaffRequest, token: str) -> HttpResponse:
    """One period: everybody's sessions, what they are worth, and what the pay system recorded."""
    found = find_period(request, token)
    filter_form = PeriodFilter(request.GET)
    rows = queries.lines_of(found)
    if "state" in filter_form.answers:
        rows = rows.filter(state=filter_form.answers["state"])
    page = page_of(rows, request)
    waiting = weeks_to_confirm(request.prison, london_today(timezone.now()))
    context = {
        "title": f"Pay from {period_span(found)}",
        "lead": words.NOTHING_PAID,
        "found": found,
        "page": page,
        "noun": "people",
        "filter_form": filter_form,
        "table": lines_table(request, page, caption="People by name"),
        "empty": "Nobody was a buddy in this period.",
        "unconfirmed": queries.weeks_unconfirmed(found, waiting),
        "totals": [
            ("people", found.people or 0),
            ("expected", words.amount(found.expected or 0)),
            ("recorded", words.amount(found.recorded or 0) if found.recorded_at else "nothing yet"),
            ("to explain", found.to_explain or 0),
        ],
        "may_edit": may(request, P.PAY_EDIT),
        "crumbs": pay_crumbs(request),
    }
    return render(request, "monitoring/pay_period.html", context)


def lines_table(request: StaffRequest, lines: Any, *, caption: str, with_period: bool = False) -> Table:
    """Lines as a table; with the period where they are of several."""
    return Table(
        caption=caption,
        first="Name",
        columns=[
            *(["Period"] if with_period else []),
            Column(text="Sessions", numeric=True),
            Column(text="Band", numeric=True),
            Column(text="Expected", numeric=True),
            Column(text="Recorded", numeric=True),
            Column(text="Difference", numeric=True),
            "Explained",
        ],
        rows=[_line_row(request, line, with_period) for line in lines],
    )


def _line_row(request: StaffRequest, line: Any, with_period: bool) -> Row:
    reasons = dict(line.explanations.model.Reason.choices)
    return Row(
        text=line.buddy.person.list_name,
        href=pay_url(request, "pay_line", line.token),
        hidden=f", pay from {period_span(line.period)}",
        note=line.buddy.person.prison_number,
        cells=[
            *([period_span(line.period)] if with_period else []),
            Cell(text=str(line.sessions), note=words.worked(line)),
            str(line.band or "–"),
            words.amount(line.expected_pence),
            words.amount(line.recorded_pence),
            Cell(text=words.difference(line), note=words.difference_sessions(line)),
            reasons.get(line.why, "No" if line.state in PayLine.DIFFERS else "–"),
        ],
        tag=words.state_tag(line),
    )


@require_http_methods(["GET", "POST"])
@requires(P.PAY_EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """Enter a period that is over: the next one is filled in."""
    now = timezone.now()
    setting = queries.setting_of(request.prison)
    usual = week_of(london_today(now)).monday - timedelta(weeks=setting.weeks)
    first_day = queries.next_first_day(request.prison) or usual
    form = PeriodForm(request.POST or None, initial={"first_day": first_day})
    if request.method == "POST" and form.is_valid():
        try:
            made = start_period(
                by=request.actor, now=now, prison=request.prison, first_day=form.cleaned_data["first_day"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The period is worked out. Enter next what the pay system recorded.")
            return redirect(pay_url(request, "pay_period", made.token))
    form.cancel_url = pay_url(request, "pay")
    long = "a week, Monday to Sunday" if setting.weeks == 1 else "four weeks"
    context = {
        "title": "Enter a pay period",
        "lead": f"A period here is {long}. It is entered when it is over.",
        "form": form,
        "crumbs": pay_crumbs(request),
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.PAY_EDIT)
def count(request: StaffRequest, token: str) -> HttpResponse:
    """Count the period again by hand, after a band or a post has changed."""
    found = find_period(request, token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Count again")
    if request.method == "POST" and form.is_valid():
        changed = recount_period(by=request.actor, now=timezone.now(), period=found)
        messages.success(request, f"Counted again: {changed} {'line has' if changed == 1 else 'lines have'} changed.")
        return redirect(pay_url(request, "pay_period", found.token))
    form.cancel_url = pay_url(request, "pay_period", found.token)
    context = {
        "title": "Count this period again",
        "lead": "Corrected visits, classes and new rates are counted by themselves within a minute. "
        "Count by hand after the post of a buddy has changed. What is recorded stays; "
        "an explanation counts only for the amounts that it was given for.",
        "form": form,
        "crumbs": pay_crumbs(request, (period_span(found), "pay_period", found.token)),
    }
    return render(request, "components/confirm.html", context)
