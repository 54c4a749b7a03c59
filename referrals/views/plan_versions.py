"""Versions of a plan: the list, one of them as it stood, and any two compared."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table
from referrals.forms.plans import CompareForm
from referrals.models import Plan, PlanVersion
from referrals.queries.plan_parts import versions_of
from referrals.rules.plan_lines import PARTS, STAFF_ONLY, compare
from referrals.views.words import identity, moment


@require_safe
@requires(P.PLAN_VIEW)
def plan_versions(request: StaffRequest, token: str) -> HttpResponse:
    """Every version, the newest first, with what it changed."""
    found = _load(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id, page="versions")
    page = page_of(versions_of(found), request)
    before = {version.number: version for version in versions_of(found).filter(number__in=[v.number - 1 for v in page])}
    table = Table(
        caption="Versions, the newest first",
        first="Version",
        columns=["Why", "When", "By", "What changed"],
        rows=[_row(request, found, version, before.get(version.number - 1)) for version in page],
    )
    numbers = list(versions_of(found).values_list("number", flat=True))
    newest = max(numbers, default=1)
    form = CompareForm(None, numbers=numbers, initial={"older": max(newest - 1, 1), "newer": newest})
    return render(request, "referrals/plan_versions.html", {
        "plan": found,
        "who": identity(request, found.person),
        "page": page,
        "table": table,
        "form": form,
        "crumbs": _crumbs(request, found),
    })  # fmt: skip


def _row(request: StaffRequest, found: Plan, version: PlanVersion, before: PlanVersion | None) -> Row:
    changed = len(compare(before.body, version.body)) if before is not None else 0
    words = {0: "Nothing", 1: "1 line"}.get(changed, f"{changed} lines") if before is not None else "The first version"
    href = reverse("referrals:plan_compare", args=[request.prison.code, found.token])
    return Row(
        text=f"Version {version.number}",
        href=reverse("referrals:plan_version", args=[request.prison.code, found.token, version.number]),
        cells=[
            version.get_why_display(),
            moment(version.at),
            written_by(version),
            Cell(
                text=words,
                href=f"{href}?older={before.number}&newer={version.number}" if before is not None else "",
                hidden=f"between version {before.number} and {version.number}" if before is not None else "",
            ),
        ],
    )


@require_safe
@requires(P.PLAN_VIEW)
def plan_version(request: StaffRequest, token: str, number: int) -> HttpResponse:
    """One version as it stood, fit for paper. What only staff see is left out."""
    found = _load(request, token)
    version = get_object_or_404(versions_of(found), number=number)
    record(
        Event.PRINTED, by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id,
        version=number,
    )  # fmt: skip
    return render(request, "referrals/plan_version.html", {
        "plan": found,
        "who": identity(request, found.person),
        "version": version,
        "why": f"{version.get_why_display()} on {moment(version.at)}, by {written_by(version)}",
        "parts": [
            {"name": name, "lines": [words for _, words in version.body.get(part, ())]}
            for part, name in PARTS.items()
            if part not in STAFF_ONLY
        ],
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "back_href": reverse("referrals:plan_versions", args=[request.prison.code, found.token]),
    })  # fmt: skip


@require_safe
@requires(P.PLAN_VIEW)
def plan_compare(request: StaffRequest, token: str) -> HttpResponse:
    """What differs between two versions, whichever is named first."""
    found = _load(request, token)
    versions = {version.number: version for version in versions_of(found)}
    newest = max(versions, default=0)
    if not newest:
        raise Http404
    last_two = {"older": str(max(newest - 1, 1)), "newer": str(newest)}
    form = CompareForm(request.GET or last_two, numbers=list(versions))
    if not form.is_valid():
        raise Http404
    older, newer = sorted(int(form.cleaned_data[name]) for name in ("older", "newer"))
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id, page="versions")
    context: dict[str, Any] = {
        "plan": found,
        "who": identity(request, found.person),
        "older": versions[older],
        "newer": versions[newer],
        "changes": compare(versions[older].body, versions[newer].body),
        "form": form,
        "crumbs": [
            *_crumbs(request, found),
            {"text": "Versions", "href": reverse("referrals:plan_versions", args=[request.prison.code, found.token])},
        ],
    }
    return render(request, "referrals/plan_compare.html", context)


def written_by(version: PlanVersion) -> str:
    """Who changed the plan: nobody of staff where the person stopped help at the terminal."""
    return version.by.name if version.by is not None else "the person, at a terminal"


def _load(request: StaffRequest, token: str) -> Plan:
    rows = Plan.objects.for_prison(request.prison).select_related("person", "prison")
    found: Plan = get_object_or_404(rows, token=token)
    return found


def _crumbs(request: StaffRequest, found: Plan) -> list[dict[str, str]]:
    return [
        {"text": f"Plan {found.reference}", "href": reverse("referrals:plan", args=[request.prison.code, found.token])}
    ]
