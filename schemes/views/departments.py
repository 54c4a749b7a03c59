"""The scheme's settings about clearance: which departments sign, and for how long."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.departments import DEPARTMENTS, department_name
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import GovukForm
from buddyscheme.lib.tables import Cell, Row, Table
from schemes.actions import departments as actions
from schemes.forms.departments import AddDepartmentForm, ClearanceMonthsForm, EndDepartmentForm
from schemes.models import Scheme
from schemes.models.scheme import ALWAYS, needed_from
from schemes.queries.clearance import signers_here
from schemes.queries.interviews import criteria_in_use
from schemes.queries.schemes import scheme_of
from schemes.rules.departments import USUAL_TIME, check_can_end_department


@require_safe
@requires(P.SCHEME_EDIT)
def departments(request: StaffRequest) -> HttpResponse:
    """Every department that signs, who signs for it, and from when it counts."""
    found, today = scheme_or_404(request), london_today(timezone.now())
    signers = signers_here(request.prison, today)
    rows = [_row(request, found, code, signers.get(code, ""), today) for code in found.departments]
    context = {
        "title": "Departments that sign clearance",
        "crumbs": _crumbs(request),
        "table": Table(
            caption="Departments",
            caption_hidden=True,
            first="Department",
            columns=["Who signs", "Counts", "Change"],
            rows=rows,
        ),
        "months": found.clearance_months,
    }
    return render(request, "schemes/departments.html", context)


def _row(request: StaffRequest, found: Scheme, code: str, signer: str, today: date) -> Row:
    since = needed_from(found.departments_from, code)
    out = reverse("schemes:scheme_department_end", args=[request.prison.code, code])
    return Row(
        text=department_name(code),
        cells=[
            signer or Cell(text="Nobody has an account", note="Its answers are entered from e-mail or paper"),
            f"From {day_in_words(since)}" if since > today else "Now",
            Cell(text="Always signs") if code in ALWAYS else Cell(text="Take out", href=out, hidden=code),
        ],
    )


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """Add a department by its name."""
    found = scheme_or_404(request)
    first = london_today(timezone.now()) + USUAL_TIME
    form = AddDepartmentForm(request.POST or None, initial={"needed_from": first, "version": found.version})
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("name", "needed_from")}
        if saved(request, form, found, actions.add_department, **answers):
            messages.success(
                request,
                "Added, and asked about everybody who is being checked or does the job. "
                "An administrator can give somebody the role of department signatory for it.",
            )
            return _to_list(request)
    return _page(request, form, "Add a department that signs clearance")


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def end(request: StaffRequest, department: str) -> HttpResponse:
    """Take a department out that was added."""
    found = scheme_or_404(request)
    if department not in found.departments and department not in DEPARTMENTS:
        raise Http404("no such department")
    form = EndDepartmentForm(request.POST or None, initial={"version": found.version})
    valid = request.method == "POST" and form.is_valid()
    if valid and saved(request, form, found, actions.end_department, department=department):
        messages.success(request, f"{department_name(department)} no longer signs clearance here.")
        return _to_list(request)
    lead = "Nobody waits for its answer any more. What it has answered stays on record."
    try:
        check_can_end_department(department, held=found.departments)
    except NotAllowed as error:
        lead = str(error)
    return _page(request, form, f"Take out {department_name(department)}", lead=lead)


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def months(request: StaffRequest) -> HttpResponse:
    """How long a clearance usually runs."""
    found = scheme_or_404(request)
    form = ClearanceMonthsForm(
        request.POST or None, initial={"months": found.clearance_months, "version": found.version}
    )
    valid = request.method == "POST" and form.is_valid()
    if valid and saved(request, form, found, actions.set_clearance_months, months=form.cleaned_data["months"]):
        return _to_list(request)
    return _page(request, form, "How long a clearance runs")


def check_steps(found: Scheme) -> list[dict[str, Any]]:
    """Lines of the scheme's settings about clearance and the interview. None keeps it from opening."""
    criteria = criteria_in_use(found)
    how = "scored apart by two members of staff" if found.two_scores else "with one agreed result"
    return [
        {
            "name": "Departments that sign clearance",
            "url": "schemes:scheme_departments",
            "words": ", ".join(department_name(code) for code in found.departments),
            "missing": "",
        },
        {
            "name": "Interview criteria",
            "url": "schemes:scheme_interview",
            "words": f"{len(criteria)} {'criterion' if len(criteria) == 1 else 'criteria'}, {how}",
            "missing": "",
        },
    ]


def scheme_or_404(request: StaffRequest) -> Scheme:
    """The prison's scheme."""
    found = scheme_of(request.prison)
    if found is None:
        raise Http404("no scheme yet")
    return found


def saved(request: StaffRequest, form: GovukForm, found: Scheme, action: Any, **answers: Any) -> bool:
    """Call one action of the scheme with the form's version; put a refusal on the form."""
    try:
        action(by=request.actor, now=timezone.now(), scheme=found, version=form.cleaned_data["version"], **answers)
    except Stale as error:
        form.stale(error, version=scheme_or_404(request).version)
        return False
    except NotAllowed as error:
        form.refuse(error)
        return False
    return True


def _crumbs(request: StaffRequest, *, deeper: bool = False) -> list[dict[str, str]]:
    found = [{"text": "The scheme", "href": reverse("schemes:scheme", args=[request.prison.code])}]
    if deeper:
        href = reverse("schemes:scheme_departments", args=[request.prison.code])
        found.append({"text": "Departments that sign clearance", "href": href})
    return found


def _to_list(request: StaffRequest) -> HttpResponse:
    return redirect("schemes:scheme_departments", request.prison.code)


def _page(request: StaffRequest, form: GovukForm, title: str, lead: str = "") -> HttpResponse:
    form.cancel_url = reverse("schemes:scheme_departments", args=[request.prison.code])
    context = {"title": title, "form": form, "lead": lead, "crumbs": _crumbs(request, deeper=True)}
    return render(request, "components/form_page.html", context)
