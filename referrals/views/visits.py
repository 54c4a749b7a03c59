"""Visits: the list, those about which nothing is recorded, and one visit with its versions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table
from referrals.forms.visits import VisitFilter, WingFilter
from referrals.models import Visit
from referrals.queries import visits as queries
from referrals.queries.days import unrecorded
from referrals.queries.matches import wing_id_of
from referrals.queries.staff_work import mark_on
from referrals.queries.unlock import tasks_in_words, wings_of
from referrals.rules.staff_work import can_mark
from referrals.rules.visits import DAYS_BACK
from referrals.views.visit_words import outcome_tag, recorded, tasks_text, what_happened, when
from referrals.views.words import day, identity


@require_safe
@requires(P.VISITS_VIEW)
def visits(request: StaffRequest) -> HttpResponse:
    """Visits as they stand, newest first."""
    wings = wings_of(request.prison)
    filter_form = VisitFilter(request.GET, wings=wings)
    page = page_of(
        queries.newest_first(queries.narrowed(queries.visits_of(request.prison), filter_form.answers)), request
    )
    table = Table(
        caption="Visits, newest first",
        first="Person",
        columns=["Day", "Buddy", "Minutes", "Recorded by"],
        rows=[
            Row(
                text=visit.person.list_name,
                href=reverse("referrals:visit", args=[request.prison.code, visit.token]),
                hidden=f"visit of {when(visit.day, visit.get_session_display())}",
                note=visit.person.prison_number,
                cells=[
                    when(visit.day, visit.get_session_display()),
                    visit.buddy.person.list_name if visit.buddy else "Nobody",
                    str(visit.minutes),
                    visit.get_source_display() + (" (late)" if visit.late else ""),
                ],
                tag=outcome_tag(visit.outcome),
            )
            for visit in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Visits",
        "page": page,
        "table": table,
        "noun": "visits",
        "filter_form": filter_form,
        "empty": "No visit is recorded yet.",
        "action_href": reverse("referrals:sheets", args=[request.prison.code]) if may(request, P.VISITS_ENTER) else "",
        "action_text": "Log sheets on paper",
        "crumbs": [_week_crumb(request)],
    })  # fmt: skip


@require_safe
@requires(P.VISITS_VIEW)
def visits_missing(request: StaffRequest) -> HttpResponse:
    """Planned visits of the last two weeks about which nobody has recorded anything."""
    wings = wings_of(request.prison)
    filter_form = WingFilter(request.GET, wings=wings)
    rows = unrecorded(request.prison, london_today(timezone.now()), days_back=DAYS_BACK)
    if "wing" in filter_form.answers:
        rows = rows.annotate(wing_id=wing_id_of("person_id")).filter(
            wing_id__in=[wing.pk for wing in wings if wing.code == filter_form.answers["wing"]]
        )
    page = page_of(rows, request)
    may_enter = may(request, P.VISITS_ENTER)
    table = Table(
        caption="Planned visits without a record, oldest first",
        first="Person",
        columns=["Day", "Buddy", "Planned minutes"],
        rows=[
            Row(
                text=planned.person.list_name,
                href=reverse("referrals:visit_add", args=[request.prison.code, planned.token]) if may_enter else "",
                hidden=f"record the visit of {when(planned.day, planned.get_session_display())}",
                note=planned.person.prison_number,
                cells=[
                    when(planned.day, planned.get_session_display()),
                    planned.buddy.person.list_name if planned.buddy else "Nobody",
                    str(planned.minutes),
                ],
            )
            for planned in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Visits without a record",
        "lead": f"Nobody has said whether these visits happened. They can be recorded for {DAYS_BACK} days.",
        "page": page,
        "table": table,
        "noun": "visits",
        "filter_form": filter_form,
        "empty": "Something is recorded about every visit of the last two weeks.",
        "crumbs": [_week_crumb(request)],
    })  # fmt: skip


@require_safe
@requires(P.VISITS_VIEW)
def visit(request: StaffRequest, token: str) -> HttpResponse:
    """One visit as it stands, what was planned, and every version."""
    rows = Visit.objects.for_prison(request.prison).select_related("person", "planned")
    found: Visit = get_object_or_404(rows, token=token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    versions = queries.versions_of(found)
    newest = versions[0]
    names = {task.code: task.name for task in tasks_in_words(found.planned.tasks)}
    return render(request, "referrals/visit_page.html", {
        "who": identity(request, found.person),
        "visit": newest,
        "older": newest.pk != found.pk,
        "rows": _rows(newest, names),
        "events": [
            {
                "title": what_happened(version),
                "at": version.entered_at,
                "by": version.entered_by.name if version.entered_by else "",
                "text": version.correction_reason or f"First record: {version.get_source_display().lower()}",
            }
            for version in versions
        ],
        "may_correct": may(request, P.VISITS_ENTER),
        "may_ask": may(request, P.VISITS_CONFIRM),
        "may_mark": may(request, P.VISITS_CONFIRM) and can_mark(newest),
        "staff_work": mark_on(newest),
        "crumbs": [
            _week_crumb(request),
            {"text": "Visits", "href": reverse("referrals:visits", args=[request.prison.code])},
        ],
    })  # fmt: skip


def _rows(visit: Visit, names: dict[str, str]) -> list[dict[str, Any]]:
    tag = outcome_tag(visit.outcome)
    rows = [
        {"key": "When", "value": when(visit.day, visit.get_session_display())},
        {"key": "Buddy", "value": visit.buddy.person.full_name if visit.buddy else "Nobody"},
        {"key": "What happened", "value": tag.text, "tag": tag.colour},
    ]
    if visit.reason:
        rows.append({"key": "Why not", "value": visit.get_reason_display()})
        if visit.said_by:
            rows.append({"key": "Who said so", "value": visit.get_said_by_display()})
    else:
        rows.append({"key": "Minutes", "value": f"{visit.minutes} (planned {visit.planned.minutes})"})
        rows.append({"key": "Tasks done", "value": tasks_text(visit.tasks_done, names)})
    if visit.tasks_done != visit.planned.tasks:
        rows.append({"key": "Tasks planned", "value": tasks_text(visit.planned.tasks, names)})
    if visit.extra_help:
        rows.append({"key": "Extra help", "value": visit.extra_help})
    rows.append({"key": "Recorded by", "value": recorded(visit)})
    if visit.happened_on != visit.day:
        rows.append({"key": "Happened on", "value": day(visit.happened_on)})
    return rows


def _week_crumb(request: StaffRequest) -> dict[str, str]:
    return {"text": "Weeks", "href": reverse("referrals:week", args=[request.prison.code])}
