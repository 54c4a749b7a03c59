"""Differences between expected and recorded pay: the list, on paper, and one line with its explanation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table
from monitoring import pay_words as words
from monitoring.actions.pay_amounts import explain as explain_difference
from monitoring.forms.pay import ALL, EXPLAINED, OPEN, SHOWN, DifferenceFilter, ExplainForm
from monitoring.models import PayExplanation, PayLine
from monitoring.pay_sums import expected_pay
from monitoring.queries import pay as queries
from monitoring.rules.pay import can_explain
from monitoring.views.pay import lines_table, pay_crumbs, pay_url, period_span

LISTS = {OPEN: queries.to_explain, EXPLAINED: queries.explained, ALL: queries.all_lines}
EMPTY = {
    OPEN: "Every difference has been explained.",
    EXPLAINED: "No difference has been explained yet.",
    ALL: "Expected and recorded pay agree everywhere.",
}


def _chosen(request: StaffRequest) -> tuple[DifferenceFilter, str, Any]:
    periods = list(queries.periods_of(request.prison).filter(recorded_at__isnull=False)[:52])
    asked = request.GET.copy()
    asked.setdefault("show", OPEN)
    form = DifferenceFilter(asked, periods=periods)
    answers = form.answers
    show = answers.get("show", OPEN)
    rows = LISTS[show](request.prison)
    if "state" in answers:
        rows = rows.filter(state=answers["state"])
    if "period" in answers:
        rows = rows.filter(period__token=answers["period"])
    return form, show, rows


@require_safe
@requires(P.PAY_VIEW)
def differences(request: StaffRequest) -> HttpResponse:
    """Differences to explain, newest period first; others by the filter."""
    form, show, rows = _chosen(request)
    page = page_of(rows, request)
    context = {
        "title": "Pay differences",
        "lead": words.NOTHING_PAID,
        "page": page,
        "noun": "differences",
        "filter_form": form,
        "table": lines_table(request, page, caption=f"{SHOWN[show]}, newest period first", with_period=True),
        "empty": EMPTY[show],
        "action_href": f"{pay_url(request, 'pay_differences_print')}?{form.query()}",
        "action_text": "Print this list",
        "crumbs": pay_crumbs(request),
    }
    return render(request, "components/list_page.html", context)


@require_safe
@requires(P.PAY_VIEW)
def differences_print(request: StaffRequest) -> HttpResponse:
    """The whole list on paper."""
    form, show, rows = _chosen(request)
    found = list(rows)
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, page="pay differences", rows=len(found))
    context = {
        "title": "Pay differences",
        "lead": words.NOTHING_PAID,
        "table": lines_table(request, found, caption=f"{SHOWN[show]}, newest period first", with_period=True),
        "empty": EMPTY[show],
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "back_href": f"{pay_url(request, 'pay_differences')}?{form.query()}",
    }
    return render(request, "monitoring/pay_print.html", context)


def _find(request: StaffRequest, token: str) -> PayLine:
    rows = PayLine.objects.for_prison(request.prison).select_related("buddy__person", "period")
    found: PayLine = get_object_or_404(rows, token=token)
    return found


@require_safe
@requires(P.PAY_VIEW)
def line(request: StaffRequest, token: str) -> HttpResponse:
    """One buddy in one period: day by day what the expected pay is made of, and what was explained."""
    found = _find(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.buddy.person_id)
    said = queries.explanations_of(found)
    context = {
        "title": f"Pay for {period_span(found.period)}",
        "caption": _who(found),
        "found": found,
        "facts": words.facts(found),
        "days": _days_table(request, found),
        "said": said,
        "changed": bool(said) and said[0].line_version != found.version,
        "events": [_event(each) for each in said],
        "may_explain": may(request, P.PAY_EDIT) and can_explain(found),
        "explain_url": pay_url(request, "explain_pay", found.token),
        "crumbs": pay_crumbs(request, (period_span(found.period), "pay_period", found.period.token)),
    }
    return render(request, "monitoring/pay_line.html", context)


def _event(said: PayExplanation) -> dict[str, Any]:
    amounts = f"Expected {words.amount(said.expected_pence)}, recorded {words.amount(said.recorded_pence, 'nothing')}."
    return {
        "title": said.get_reason_display(),
        "at": said.explained_at,
        "by": said.explained_by.name,
        "text": f"{said.words} {amounts}".strip(),
    }


def _days_table(request: StaffRequest, found: PayLine) -> Table:
    facts = queries.facts_of(found.period, buddy=found.buddy)
    rates = queries.rates_by_band(request.prison).get(found.band or 0, [])
    classes, unpaid = facts.classes.get(found.buddy_id, {}), facts.without_pay(found.buddy_id)
    return Table(
        caption="Day by day",
        first="Day",
        columns=["Sessions", Column(text="For sessions", numeric=True), Column(text="For the week", numeric=True)],
        rows=[
            Row(
                text=day_in_words(day.day),
                note=_notes(
                    classes=day.day in classes,
                    suspended=day.day in facts.suspended.get(found.buddy_id, set()),
                    unpaid=day.day in unpaid,
                ),
                cells=[
                    ", ".join(words.SESSIONS[session] for session in day.sessions).capitalize(),
                    words.amount(day.session_pence) if day.rate else "No rate",
                    words.amount(day.week_pence or None),
                ],
            )
            for day in expected_pay(facts.worked(found.buddy_id), rates).days
        ],
    )


def _who(found: PayLine) -> str:
    return f"{found.buddy.person.full_name}, {found.buddy.person.prison_number}"


def _notes(*, classes: bool, suspended: bool, unpaid: bool) -> str:
    standing = "suspended without pay" if unpaid else "suspended" if suspended else ""
    return ", ".join(text for text in ("class" if classes else "", standing) if text).capitalize()


@require_http_methods(["GET", "POST"])
@requires(P.PAY_EDIT)
def explain(request: StaffRequest, token: str) -> HttpResponse:
    """Why the amounts of one line differ."""
    found = _find(request, token)
    form = ExplainForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            explain_difference(
                by=request.actor, now=timezone.now(), line=found,
                **{name: said[name] for name in ("reason", "words", "version")},
            )  # fmt: skip
        except Stale as error:
            found = _find(request, token)
            form.stale(error, version=found.version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The explanation is saved.")
            return redirect(pay_url(request, "pay_differences"))
    form.cancel_url = pay_url(request, "pay_line", found.token)
    context = {
        "title": "Explain a difference in pay",
        "caption": _who(found),
        "rows": words.facts(found),
        "form": form,
        "crumbs": pay_crumbs(request, (period_span(found.period), "pay_period", found.period.token)),
    }
    return render(request, "components/form_page.html", context)
