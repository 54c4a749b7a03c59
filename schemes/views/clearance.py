"""Clearance: what waits for one's own department, signing it, and entering a decision from paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.departments import DEPARTMENTS
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table, Tag
from schemes.actions.clearance import enter_paper_clearance, sign_clearance
from schemes.forms.clearance import REFUSED, PaperForm, RenewalFilter, SignForm
from schemes.models import Clearance
from schemes.queries.buddies import buddies_of, recorded_by
from schemes.queries.clearance import departments_in, notes_of, referred_by, waiting_for
from schemes.queries.prompts import prompts_for
from schemes.queries.renewals import DUE_WORDS, Due, renewals
from schemes.queries.schemes import scheme_of
from schemes.rules.clearance import check_can_sign, paper_kind, usual_end
from schemes.views.buddy_steps import Answers, load, step_page
from schemes.views.buddy_words import department as department_name
from schemes.views.buddy_words import place_of


@require_safe
@requires(Permission.CLEARANCE_SIGN)
def clearances(request: StaffRequest) -> HttpResponse:
    """What waits for the departments of whoever looks; nothing of others."""
    today = london_today(timezone.now())
    own = departments_in(request.memberships, request.prison)
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
    own = departments_in(request.memberships, request.prison)
    found: Clearance = get_object_or_404(Clearance.objects.for_prison(request.prison), token=token, department__in=own)
    buddy = get_object_or_404(buddies_of(request.prison), pk=found.buddy_id)
    ends = usual_end(london_today(now), buddy.scheme.clearance_months)
    form = SignForm(request.POST or None, initial={"expires_on": ends})
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
        check_can_sign(
            found,
            buddy=buddy,
            departments=own,
            signer_id=request.user.pk,
            recorded_by=recorded_by(buddy),
            referred_by=referred_by(buddy),
        )
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
        "prompts": prompts_for(request.prison, found.department),
    }
    return render(request, "schemes/clearance_sign.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_RECRUIT)
def paper(request: StaffRequest, token: str, department: str) -> HttpResponse:
    """The decision of a department without an account, from its dated e-mail or paper."""
    buddy = load(request, token)
    if department not in DEPARTMENTS and department not in buddy.scheme.departments:
        raise Http404("no such department")

    def act(answers: Answers) -> object:
        refused = answers["decision"] == REFUSED
        return enter_paper_clearance(
            by=request.actor,
            now=timezone.now(),
            buddy=buddy,
            department=department,
            decision=Clearance.Decision.REFUSED if refused else Clearance.Decision.CLEARED,
            decided_on=answers["decided_on"],
            expires_on=None if refused else usual_end(answers["decided_on"], int(answers["decision"])),
            kind=paper_kind(answers["written_by"]),
            written_by=answers["written_by"],
        )

    return step_page(
        request,
        buddy,
        PaperForm(request.POST or None, months=buddy.scheme.clearance_months),
        act,
        title=f"Clearance by {department_name(department)}, from paper",
        lead="Only for a department without an account here. Keep the paper: the record says where this came from.",
        done="Decision entered, marked as from paper.",
    )


DUE_COLOURS = {Due.OVERDUE: "red", Due.REFUSED: "red", Due.MISSING: "orange", Due.SOON: "yellow"}


@require_safe
@requires(Permission.BUDDIES_VIEW)
def to_renew(request: StaffRequest) -> HttpResponse:
    """Clearances of people in the role that are overdue or due within 28 days, by department."""
    scheme = scheme_of(request.prison)
    codes = list(scheme.departments) if scheme is not None else []
    filter_form = RenewalFilter(
        request.GET,
        departments=[(code, department_name(code)) for code in codes],
        states=[(str(code), words) for code, words in DUE_WORDS.items()],
    )
    wanted = filter_form.answers
    lines = [
        line
        for line in renewals(request.prison, london_today(timezone.now()))
        if wanted.get("department") in (None, line.department) and wanted.get("state") in (None, line.due)
    ]
    page = page_of(lines, request)
    rows = [
        Row(
            text=line.buddy.person.list_name,
            href=reverse("schemes:buddy", args=[request.prison.code, line.buddy.token]),
            hidden=f", buddy {line.buddy.reference}",
            note=line.buddy.person.prison_number,
            cells=[
                department_name(line.department),
                day_in_words(line.day) if line.day else "–",
                "Asked, waiting" if line.asked else "Not asked yet",
            ],
            tag=Tag(text=DUE_WORDS[line.due], colour=DUE_COLOURS[line.due]),
        )
        for line in page
    ]
    context = {
        "title": "Clearances to renew",
        "lead": "Of people in the role, department by department. A clearance that has run out stops visits.",
        "page": page,
        "noun": "clearances",
        "table": Table(
            caption="Clearances to renew, the most pressing first",
            first="Name",
            columns=["Department", "Runs out, or counts from", "Asked"],
            rows=rows,
        ),
        "filter_form": filter_form,
        "empty": "Every clearance of people in the role runs for more than 28 days.",
        "crumbs": [{"text": "Buddies", "href": reverse("schemes:buddies", args=[request.prison.code])}],
    }
    return render(request, "components/list_page.html", context)
