"""Costs of a prison's scheme: the quarters, one quarter with its parts and unit costs, and returning it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import Quarter, london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Column, Row, Table, Tag
from monitoring import costs as sums
from monitoring.actions.costs import return_costs
from monitoring.costs_words import NOT_KNOWN, WHO_PAYS, missing_words, part_words, total_words, unit_words
from monitoring.forms.costs import CostsForm
from monitoring.measures.costs import hours_of_support, months_of_help
from monitoring.measures.facts import Facts
from monitoring.models import CostReturn
from monitoring.queries import costs as queries
from monitoring.queries.figures import opened_on
from monitoring.rollups import span_of
from monitoring.rules.costs import can_return_costs
from monitoring.statistics import real_terms
from monitoring.views.periods import quarter_or_404, quarters_since


def costs_url(request: StaffRequest, name: str, *args: str) -> str:
    """An address of costs."""
    return reverse(f"monitoring:{name}", args=[request.prison.code, *args])


@require_safe
@requires(P.COSTS_VIEW)
def costs(request: StaffRequest) -> HttpResponse:
    """The quarters of the last three years, the newest first, and which of them have been returned."""
    today = london_today(timezone.now())
    opened = opened_on(request.prison)
    quarters = quarters_since(opened, today)
    returned = queries.newest_returns(request.prison, [quarter.code for quarter in quarters])
    table = Table(
        caption="Quarters, newest first",
        first="Quarter",
        columns=["Returned", "By"],
        rows=[_quarter_row(request, quarter, returned.get(quarter.code), today) for quarter in quarters],
    )
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Costs",
            "lead": "What the scheme costs is returned once a quarter. A box that stays empty means that it is not "
            "known: it never counts as nought.",
            "table": table,
            "empty": "The scheme is not open yet. Costs begin with the quarter in which it opens.",
        },
    )


def _quarter_row(request: StaffRequest, quarter: Quarter, returned: CostReturn | None, today: Any) -> Row:
    if returned is not None:
        tag = Tag(text="Returned", colour="green")
    else:
        tag = Tag(text="Still running", colour="grey") if quarter.last >= today else Tag(text="To return", colour="red")
    return Row(
        text=str(quarter),
        href=costs_url(request, "cost_quarter", quarter.code),
        hidden="costs",
        cells=[
            day_in_words(london_today(returned.saved_at)) if returned else "–",
            returned.saved_by.name if returned else "–",
        ],
        tag=tag,
    )


@require_safe
@requires(P.COSTS_VIEW)
def quarter(request: StaffRequest, quarter_code: str) -> HttpResponse:
    """One quarter: each part, the whole, unit costs, who pays, and every version of what was returned."""
    chosen = quarter_or_404(quarter_code)
    now = timezone.now()
    today = london_today(now)
    versions = queries.versions_of(request.prison, chosen)
    inputs = queries.inputs_of(request.prison, chosen, versions[0] if versions else None)
    parts = inputs.parts()
    whole = sums.total(parts, queries.other_parts(request.prison, chosen))
    span = span_of(request.prison.code, chosen, now=now)
    facts = Facts(span) if span is not None else None
    hours, months = (hours_of_support(facts), months_of_help(facts)) if facts is not None else (Decimal(0), Decimal(0))
    allowed = can_return_costs(chosen, today=today, opened_on=opened_on(request.prison))
    context: dict[str, Any] = {
        "title": f"Costs of {chosen}",
        "parts": _parts_table(parts, queries.pay_pence(request.prison, chosen)[1]),
        "rows": [
            {"key": "The whole", "value": f"{total_words(whole)}\n{missing_words(whole.missing)}".strip()},
            *_real_rows(whole, chosen),
            {
                "key": "For an hour of support",
                "value": unit_words(sums.unit_cost(whole, hours), "No hour of support is recorded"),
            },
            {
                "key": "For a person helped for a month",
                "value": unit_words(sums.unit_cost(whole, months), "Nobody was helped"),
            },
            {"key": "Who pays", "value": _who_pays(inputs)},
        ],
        "versions": [_version(row) for row in versions],
        "give_url": costs_url(request, "return_costs", chosen.code) if allowed and may(request, P.COSTS_RETURN) else "",
        "give_text": "Change these costs" if versions else "Return these costs",
        "crumbs": _crumbs(request),
    }
    return render(request, "monitoring/cost_quarter.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.COSTS_RETURN)
def give(request: StaffRequest, quarter_code: str) -> HttpResponse:
    """Return a quarter's costs: at most 12 boxes, filled in from the records and the last return."""
    chosen = quarter_or_404(quarter_code)
    now = timezone.now()
    if not can_return_costs(chosen, today=london_today(now), opened_on=opened_on(request.prison)):
        return redirect(costs_url(request, "cost_quarter", chosen.code))
    last = queries.newest_returns(request.prison, [chosen.code]).get(chosen.code)
    closed = last is not None and queries.quarter_is_closed(request.prison, chosen)
    if last is None:
        filled = queries.suggested(request.prison, chosen)
    else:
        filled = {name: getattr(last, name) for name in queries.RETURNED}
    form = CostsForm(
        request.POST or None, closed=closed, initial={**filled, "version": 0 if last is None else last.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            return_costs(by=request.actor, now=now, prison=request.prison, quarter=chosen, **form.cleaned_data)
        except Stale as error:
            form.stale(error, version=last.version if last else 0)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"The costs of {chosen} are returned.")
            return redirect(costs_url(request, "cost_quarter", chosen.code))
    form.cancel_url = costs_url(request, "cost_quarter", chosen.code)
    return render(
        request,
        "components/form_page.html",
        {
            "title": f"Return the costs of {chosen}",
            "lead": "Leave a box empty if you do not know. Pay of buddies and the time for recording visits come from "
            "the records here.",
            "form": form,
            "crumbs": [*_crumbs(request), {"text": f"Costs of {chosen}", "href": form.cancel_url}],
        },
    )


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "Costs", "href": costs_url(request, "costs")}]


def _parts_table(parts: dict[sums.Part, int | None], pay_note: str) -> Table:
    notes = {sums.Part.PAY: pay_note} if parts[sums.Part.PAY] is None else {}
    return Table(
        caption="Parts of the cost",
        first="Part",
        columns=[Column(text="Amount", numeric=True)],
        rows=[
            Row(text=part.words, note=notes.get(part, ""), cells=[part_words(pence)]) for part, pence in parts.items()
        ],
    )


def _who_pays(inputs: sums.Inputs) -> str:
    shares = inputs.shares()
    if shares is None:
        return NOT_KNOWN
    return "\n".join(f"{WHO_PAYS[who]}: {share}%" for who, share in shares.items() if share or who == "prison")


def _real_rows(whole: sums.Total, chosen: Quarter) -> list[dict[str, str]]:
    """The whole at the prices of the newest year of the index, where both years are known and differ."""
    index = queries.index_by_year()
    begins = financial_year(chosen)
    newest = max(index, default=begins)
    if begins not in index or newest == begins or not whole.whole:
        return []
    amount = real_terms(whole.low, float(index[begins].index), float(index[newest].index))
    value = f"{part_words(round(amount))}\nBy {index[newest].source}"
    return [{"key": f"At the prices of {newest} to {newest + 1}", "value": value}]


def financial_year(quarter: Quarter) -> int:
    """The calendar year in which the financial year of a quarter begins."""
    return quarter.year if quarter.number > 1 else quarter.year - 1


def _version(row: CostReturn) -> dict[str, Any]:
    return {
        "title": "Returned" if row.version == 1 else "Changed",
        "at": row.saved_at,
        "by": row.saved_by.name,
        "text": row.reason,
    }
