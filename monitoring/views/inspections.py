"""Inspections on site: opening one, and what the inspector sees of it: exact figures and case lines, on screen only."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import Quarter, london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table, Tag
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.inspections import end_inspection, open_inspection
from monitoring.forms.inspections import InspectionForm
from monitoring.forms.months import PeriodForm
from monitoring.measures.catalogue import computed_for
from monitoring.measures.definition import Every
from monitoring.measures.wholes import stands_alone
from monitoring.models import Inspection
from monitoring.queries import inspections as queries
from monitoring.queries.figures import figures_of, opened_on
from monitoring.queries.wording import worded
from monitoring.rules.inspections import can_end, check_can_read
from monitoring.views.figure import asked_period, computed_or_404, of_prison
from monitoring.views.figure_tables import figure_line, period_columns, tables_under_headings
from monitoring.views.figures import periods_since

OFFERED_MONTHS = 24


@require_safe
@requires(P.INSPECTION_READ, P.INSPECTION_OPEN)
def inspections(request: StaffRequest) -> HttpResponse:
    """The national lead sees every inspection, an inspector those of their own."""
    today = london_today(timezone.now())
    opens = may(request, P.INSPECTION_OPEN)
    page = page_of(queries.inspections(None if opens else request.user), request)
    table = Table(
        caption="Inspections on site, newest first",
        first="Prison",
        columns=["Reference", "Inspector", "First day", "Last day"],
        rows=[_row(request, each, today) for each in page],
    )
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Inspections on site",
            "lead": "An inspector sees one prison’s exact figures, and case lines without names, on screen, for 28 "
            "days at most. The prison sees that it is open.",
            "page": page,
            "noun": "inspections",
            "table": table,
            "empty": "No inspection has been opened." if opens else "No inspection has been opened for you.",
            "action_href": reverse("national:open_inspection") if opens else "",
            "action_text": "Open an inspection",
        },
    )


def _row(request: StaffRequest, each: Inspection, today: Any) -> Row:
    theirs = each.inspector_id == request.user.pk
    href = reverse("national:on_site", args=[each.token]) if theirs else ""
    if may(request, P.INSPECTION_OPEN) and can_end(last_on=each.last_on, ended_at=each.ended_at, today=today):
        href = reverse("national:end_inspection", args=[each.token])
    return Row(
        text=each.prison.name,
        href=href,
        hidden="inspection",
        cells=[each.reference, each.inspector.name, day_in_words(each.first_on), day_in_words(each.last_on)],
        tag=_tag(each, today),
    )


def _tag(each: Inspection, today: Any) -> Tag:
    if each.ended_at is not None or each.last_on < today:
        return Tag(text="Over", colour="grey")
    return Tag(text="To come", colour="blue") if each.first_on > today else Tag(text="Open", colour="green")


@require_http_methods(["GET", "POST"])
@requires(P.INSPECTION_OPEN)
def open_one(request: StaffRequest) -> HttpResponse:
    """Open an inspection of one prison for one inspector."""
    now = timezone.now()
    today = london_today(now)
    form = InspectionForm(
        request.POST or None, prisons=queries.prisons_to_inspect(), inspectors=queries.inspectors(today)
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = open_inspection(
                by=request.actor,
                now=now,
                prison=form.prisons[said["prison"]],
                inspector=form.inspectors[said["inspector"]],
                **{name: said[name] for name in ("reference", "first_on", "last_on")},
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{row.prison.name} is open to {row.inspector.name}.")
            return redirect("national:inspections")
    form.cancel_url = reverse("national:inspections")
    return render(
        request, "components/form_page.html", {"title": "Open an inspection", "form": form, "crumbs": _crumbs()}
    )


@require_http_methods(["GET", "POST"])
@requires(P.INSPECTION_OPEN)
def end(request: StaffRequest, token: str) -> HttpResponse:
    """Close an inspection before its last day is over."""
    found = queries.inspection_by(token)
    if found is None:
        raise Http404("no such inspection")
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="End this inspection", warning=True)
    if request.method == "POST" and form.is_valid():
        try:
            end_inspection(by=request.actor, now=timezone.now(), inspection=found)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"The inspection of {found.prison.name} is ended.")
            return redirect("national:inspections")
    form.cancel_url = reverse("national:inspections")
    return render(
        request,
        "components/form_page.html",
        {
            "title": "End an inspection",
            "lead": f"{found.inspector.name} sees no more exact figures of {found.prison.name} "
            f"({found.reference}) from now on.",
            "form": form,
            "crumbs": _crumbs(),
        },
    )


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"text": "Inspections on site", "href": reverse("national:inspections")}, *more]


def _theirs(request: StaffRequest, token: str) -> Inspection:
    """The reader's own inspection while it is open; another inspector's is not there."""
    found = queries.inspection_by(token, request.user)
    if found is None:
        raise Http404("no such inspection")
    return found


def _closed(request: StaffRequest, found: Inspection) -> HttpResponse | None:
    """The page that says why an inspection of one's own cannot be read, or None when it can."""
    try:
        check_can_read(
            is_theirs=True,
            first_on=found.first_on,
            last_on=found.last_on,
            ended_at=found.ended_at,
            today=london_today(timezone.now()),
        )
    except NotAllowed as error:
        context = {"title": f"{found.prison.name}, on site", "sentence": str(error), "crumbs": _crumbs()}
        return render(request, "monitoring/on_site_closed.html", context, status=403)
    return None


@require_safe
@requires(P.INSPECTION_READ)
def on_site(request: StaffRequest, token: str) -> HttpResponse:
    """Exact figures of the inspected prison for a month or a quarter, in the order of a report."""
    found = _theirs(request, token)
    closed = _closed(request, found)
    if closed is not None:
        return closed
    with scoped(DatabaseRole.WEB, prisons=[found.prison.code]):
        today = london_today(timezone.now())
        offered = periods_since(opened_on(found.prison), today)
        chosen = next((each for each in offered if each.code == request.GET.get("period")), offered[0])
        stored = figures_of(found.prison, [chosen, chosen.previous()])
        viewed(by=request.actor, prison=found.prison.code, subject=found, page="figures", period=chosen.code)
    every = Every.QUARTER if isinstance(chosen, Quarter) else Every.MONTH
    lines = [
        figure_line(
            measure,
            f"{reverse('national:on_site_figure', args=[found.token, measure.code])}?period={chosen.code}",
            stored.get((measure.code, chosen.code)),
            stored.get((measure.code, chosen.previous().code)),
        )
        for measure in worded(computed_for(every))
        if stands_alone(measure.code)
    ]
    return render(
        request,
        "monitoring/on_site.html",
        {
            "title": f"{found.prison.name}, on site",
            "inspection": found,
            "period": chosen,
            "period_form": PeriodForm(offered=offered, initial={"period": chosen.code}),
            "sections": tables_under_headings(lines, columns=period_columns(chosen)),
            "crumbs": _crumbs(),
        },
    )


@require_safe
@requires(P.INSPECTION_READ)
def on_site_figure(request: StaffRequest, token: str, measure_code: str) -> HttpResponse:
    """One exact figure of the inspected prison, as its own lead sees it."""
    found = _theirs(request, token)
    closed = _closed(request, found)
    if closed is not None:
        return closed
    today = london_today(timezone.now())
    measure = computed_or_404(measure_code)
    chosen = asked_period(measure, request.GET.get("period", ""), today)

    def at(code: str) -> str:
        return f"{reverse('national:on_site_figure', args=[token, code])}?period={chosen.code}"

    with scoped(DatabaseRole.WEB, prisons=[found.prison.code]):
        context = of_prison(found.prison, measure, chosen, request.GET.get("beside", ""), today, at)
        viewed(
            by=request.actor,
            prison=found.prison.code,
            subject=found,
            page="figure",
            measure=measure.code,
            period=chosen.code,
        )
    context["inspection"] = found
    context["crumbs"] = _crumbs(
        {
            "text": f"{found.prison.name}, on site",
            "href": f"{reverse('national:on_site', args=[token])}?period={chosen.code}",
        }
    )
    return render(request, "monitoring/on_site_figure.html", context)


@require_safe
@requires(P.INSPECTION_READ)
def cases(request: StaffRequest, token: str) -> HttpResponse:
    """One line for each person's help, without a name, a number or a cell."""
    found = _theirs(request, token)
    closed = _closed(request, found)
    if closed is not None:
        return closed
    today = london_today(timezone.now())
    with scoped(DatabaseRole.WEB, prisons=[found.prison.code]):
        page = page_of(queries.plans_for_lines(found.prison, today), request)
        lines = [queries.case_line(plan, key=found.token, today=today) for plan in page]
        viewed(by=request.actor, prison=found.prison.code, subject=found, page="cases", number=page.number)
    table = Table(
        caption="Case lines, the newest referral first",
        first="Case",
        columns=[
            "Age",
            "Needs",
            "Referred",
            Column(text="Days to help", numeric=True),
            Column(text="Visits, 28 days", numeric=True),
            Column(text="Days of unmet care", numeric=True),
            "Review",
        ],
        rows=[
            Row(
                text=line.case,
                cells=[
                    line.age,
                    ", ".join(line.needs),
                    line.referred,
                    "–" if line.days_to_help is None else str(line.days_to_help),
                    f"{line.delivered} of {line.planned}",
                    str(line.unmet_days),
                    line.review,
                ],
                tag=Tag(text=line.status, colour="grey"),
            )
            for line in lines
        ],
    )
    return render(
        request,
        "monitoring/on_site_cases.html",
        {
            "title": f"Case lines of {found.prison.name}",
            "inspection": found,
            "page": page,
            "noun": "cases",
            "table": table,
            "crumbs": _crumbs(
                {"text": f"{found.prison.name}, on site", "href": reverse("national:on_site", args=[token])}
            ),
        },
    )


@require_safe
@requires(P.FIGURES_VIEW)
def at_prison(request: StaffRequest) -> HttpResponse:
    """For the prison: who may see its exact figures, until when, and how often they looked."""
    today = london_today(timezone.now())
    page = page_of(queries.inspections_at(request.prison), request)
    read = queries.times_read(request.prison, list(page))
    table = Table(
        caption="Inspections on site, newest first",
        first="Reference",
        columns=["Inspector", "First day", "Last day", Column(text="Pages read", numeric=True)],
        rows=[
            Row(
                text=each.reference,
                cells=[
                    each.inspector.name,
                    day_in_words(each.first_on),
                    day_in_words(each.last_on),
                    str(read.get(each.pk, 0)),
                ],
                tag=_tag(each, today),
            )
            for each in page
        ],
    )
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Inspections on site",
            "lead": "While one is open its inspector sees this prison’s exact figures and case lines without names, on "
            "screen. Every page that they read is counted here.",
            "page": page,
            "noun": "inspections",
            "table": table,
            "empty": "No inspection has been opened.",
        },
    )
