"""What the pay system recorded: typed on one page, or from a file that is shown row by row first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.csv_rows import decoded
from buddyscheme.lib.csv_safe import csv_text
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from monitoring import pay_file
from monitoring import pay_words as words
from monitoring.actions.pay_amounts import record_amounts, save_file, stage_file
from monitoring.forms.pay import AmountsForm, PayFileForm
from monitoring.models import PayFile, PayPeriod
from monitoring.queries import pay as queries
from monitoring.views.pay import find_period, pay_crumbs, pay_url, period_span


def _crumbs(request: StaffRequest, period: PayPeriod) -> list[dict[str, str]]:
    return pay_crumbs(request, (period_span(period), "pay_period", period.token))


@require_http_methods(["GET", "POST"])
@requires(P.PAY_EDIT)
def amounts(request: StaffRequest, token: str) -> HttpResponse:
    """Everybody of the period on one page, one save."""
    found = find_period(request, token)
    form = AmountsForm(request.POST or None, lines=list(queries.lines_of(found)), initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            record_amounts(
                by=request.actor,
                now=timezone.now(),
                period=found,
                amounts=form.amounts,
                version=form.cleaned_data["version"],
            )
        except Stale as error:
            form.stale(error, version=find_period(request, token).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, _saved(find_period(request, token)))
            return redirect(pay_url(request, "pay_period", found.token))
    form.cancel_url = pay_url(request, "pay_period", found.token)
    context = {
        "title": "What the pay system recorded",
        "caption": period_span(found),
        "lead": "Enter what each person was paid for this work. Enter 0 for nothing paid; leave empty whoever is not "
        f"in the pay record. {words.NOTHING_PAID}",
        "form": form,
        "crumbs": _crumbs(request, found),
    }
    return render(request, "components/form_page.html", context)


def _saved(period: PayPeriod) -> str:
    left = getattr(period, "to_explain", 0) or 0
    return f"Amounts saved. {left} {'difference' if left == 1 else 'differences'} to explain."


@require_http_methods(["GET", "POST"])
@requires(P.PAY_EDIT)
def file(request: StaffRequest, token: str) -> HttpResponse:
    """Choose a file. It is kept here until it has been looked at; nothing of it stands in an address."""
    found = find_period(request, token)
    sent = request.method == "POST"
    form = PayFileForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        try:
            rows = pay_file.read(decoded(form.cleaned_data["file"].read()))
            staged = stage_file(by=request.actor, now=timezone.now(), period=found, rows=rows)
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect(pay_url(request, "check_pay_file", staged.token))
    form.cancel_url = pay_url(request, "pay_period", found.token)
    context = {
        "title": "Amounts from a file",
        "caption": period_span(found),
        "form": form,
        "template_url": pay_url(request, "pay_template", found.token),
        "crumbs": _crumbs(request, found),
    }
    return render(request, "monitoring/pay_file.html", context)


@require_safe
@requires(P.PAY_EDIT)
def template(request: StaffRequest, token: str) -> HttpResponse:
    """The file to fill in: everybody of the period, with empty amounts."""
    found = find_period(request, token)
    numbers = [line.buddy.person.prison_number for line in queries.lines_of(found)]
    record(Event.EXPORTED, by=request.actor, prison=request.prison.code, subject=found, rows=len(numbers), format="csv")
    text = csv_text(pay_file.COLUMNS, [[number, ""] for number in numbers])
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="pay-{found.first_day.isoformat()}.csv"'
    return response


@require_http_methods(["GET", "POST"])
@requires(P.PAY_EDIT)
def check(request: StaffRequest, token: str) -> HttpResponse:
    """Every row of a file and what is wrong with it; one button saves them all."""
    staged: PayFile = get_object_or_404(
        PayFile.objects.for_prison(request.prison).select_related("period"), token=token
    )
    period = staged.period
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Save all rows")
    if request.method == "POST" and form.is_valid():
        try:
            save_file(by=request.actor, now=timezone.now(), staged=staged)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, _saved(find_period(request, period.token)))
            return redirect(pay_url(request, "pay_period", period.token))
    lines = list(queries.lines_of(period))
    rows = pay_file.check(staged.rows, lines, queries.buddies_by_number(request.prison))
    named = {row.line.pk for row in rows if row.line is not None}
    form.cancel_url = pay_url(request, "pay_period", period.token)
    context = {
        "title": "Check the file",
        "caption": period_span(period),
        "form": form,
        "rows_found": len(rows),
        "bad": sum(1 for row in rows if row.problem),
        "left_out": sum(1 for line in lines if line.pk not in named and line.sessions),
        "gone": not rows,
        "saved": staged.saved_at is not None,
        "table": _rows_table(rows),
        "again_url": pay_url(request, "pay_file", period.token),
        "period_url": pay_url(request, "pay_period", period.token),
        "crumbs": _crumbs(request, period),
    }
    return render(request, "monitoring/pay_file_check.html", context)


def _rows_table(rows: list[pay_file.Checked]) -> Table:
    return Table(
        caption="Rows of the file",
        first="Row",
        columns=["Prison number", Column(text="Amount", numeric=True), Column(text="Expected", numeric=True),
                 "What to mend"],
        status="Check",
        rows=[
            Row(
                text=str(row.number),
                cells=[
                    Cell(text=row.prison_number or "–", note=row.line.buddy.person.full_name if row.line else ""),
                    words.amount(row.pence, row.typed or "–"),
                    words.amount(row.line.expected_pence) if row.line else "–",
                    row.problem or "–",
                ],
                tag=Tag(text="To mend", colour="red") if row.problem else Tag(text="Good", colour="green"),
            )
            for row in rows
        ],
    )  # fmt: skip
