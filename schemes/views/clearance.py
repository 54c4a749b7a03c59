"""Clearance: what waits for one's own department, signing it, and entering a decision from paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table
from schemes.actions.clearance import enter_paper_clearance, sign_clearance
from schemes.forms.clearance import PaperForm, SignForm
from schemes.models import Clearance
from schemes.models.scheme import Department
from schemes.queries.buddies import buddies_of, recorded_by
from schemes.queries.clearance import departments_of, notes_of, waiting_for
from schemes.rules.clearance import check_can_sign
from schemes.views.buddy_steps import load, step_page
from schemes.views.buddy_words import department as department_name
from schemes.views.buddy_words import place_of


@require_safe
@requires(Permission.CLEARANCE_SIGN)
def clearances(request: StaffRequest) -> HttpResponse:
    """What waits for the departments of whoever looks; nothing of others."""
    today = london_today(timezone.now())
    own = departments_of(request.user, request.prison, today)
    page = page_of(waiting_for(request.prison, own), request)
    signs_for = ", ".join(sorted(department_name(code) for code in own))
    table = Table(
        caption="Clearances to sign, oldest first",
        first="Name",
        columns=["Department", "Asked on", Column(text="Days waiting", numeric=True)],
        rows=[
            Row(
                text=clearance.buddy.person.list_name,
                href=reverse("schemes:clearance", args=[request.prison.code, clearance.token]),
                hidden=f", clearance by {clearance.get_department_display()}",
                note=clearance.buddy.person.prison_number,
                cells=[
                    clearance.get_department_display(),
                    day_in_words(london_today(clearance.asked_at)),
                    str((today - london_today(clearance.asked_at)).days),
                ],
            )
            for clearance in page
        ],
    )
    context = {
        "title": "Clearances to sign",
        "lead": f"You sign for {signs_for}." if own else "Your account names no department. Ask the administrator.",
        "page": page,
        "table": table,
        "noun": "clearances",
        "empty": "Nothing waits for your department.",
        "crumbs": [],
    }
    return render(request, "components/list_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.CLEARANCE_SIGN)
def clearance(request: StaffRequest, token: str) -> HttpResponse:
    """Sign one clearance of one's own department; another department's is not there."""
    now = timezone.now()
    own = departments_of(request.user, request.prison, london_today(now))
    found: Clearance = get_object_or_404(Clearance.objects.for_prison(request.prison), token=token, department__in=own)
    buddy = get_object_or_404(buddies_of(request.prison), pk=found.buddy_id)
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            sign_clearance(
                by=request.actor,
                now=now,
                clearance=found,
                decision=answers["decision"],
                decided_on=london_today(now),
                expires_on=answers["expires_on"],
                note=answers["note"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Signed.")
            return redirect("schemes:clearances", request.prison.code)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=buddy.person_id)
    list_url = reverse("schemes:clearances", args=[request.prison.code])
    form.cancel_url = list_url
    refusal = ""
    try:
        check_can_sign(found, buddy=buddy, departments=own, signer_id=request.user.pk, recorded_by=recorded_by(buddy))
    except NotAllowed as error:
        refusal = str(error)
    context = {
        "title": f"Clearance by {found.get_department_display()}",
        "crumbs": [{"text": "Clearances to sign", "href": list_url}],
        "form": form,
        "refusal": refusal,
        "name": buddy.person.full_name,
        "prison_number": buddy.person.prison_number,
        "place": place_of(buddy),
        "reference": buddy.reference,
        "asked_on": day_in_words(london_today(found.asked_at)),
        "notes": notes_of(buddy, frozenset({found.department})),
    }
    return render(request, "schemes/clearance_sign.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_RECRUIT)
def paper(request: StaffRequest, token: str, department: str) -> HttpResponse:
    """The decision of a department without an account, from its dated e-mail or paper."""
    buddy = load(request, token)
    if department not in Department.values:
        raise Http404("no such department")
    return step_page(
        request,
        buddy,
        PaperForm(request.POST or None),
        lambda answers: enter_paper_clearance(
            by=request.actor,
            now=timezone.now(),
            buddy=buddy,
            department=department,
            decision=answers["decision"],
            decided_on=answers["decided_on"],
            expires_on=answers["expires_on"],
        ),
        title=f"Clearance by {department_name(department)}, from paper",
        lead="Only for a department without an account here. Keep the paper: the record says where this came from.",
        done="Decision entered, marked as from paper.",
    )
