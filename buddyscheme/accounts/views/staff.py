"""Staff and wings of a prison: pages of its administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.actions.staff import end_role, give_role
from buddyscheme.accounts.actions.wings import add_wing
from buddyscheme.accounts.departments import department_name
from buddyscheme.accounts.forms.staff import GiveRoleForm, WingForm
from buddyscheme.accounts.models import Wing
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.queries.departments import departments_offered
from buddyscheme.accounts.queries.staff import roles_at
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table


@require_safe
@requires(Permission.STAFF_ADMIN)
def staff(request: StaffRequest) -> HttpResponse:
    """Everyone who has a role here, with from when to when."""
    page = page_of(roles_at(request.prison, on=london_today(timezone.now())), request)
    rows = [
        Row(
            text=held.user.name,
            href=reverse("accounts:end_role", args=[request.prison.code, held.token]),
            hidden=f"{held.role_name}: end this role",
            note=held.user.email,
            cells=[
                Cell(text=held.role_name, note=department_name(held.department)),
                Cell(text=f"{held.starts_on:%-d %B %Y}"),
                Cell(text=f"{held.ends_on:%-d %B %Y}" if held.ends_on else "No end"),
            ],
        )
        for held in page
    ]
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Staff",
            "lead": "People with a role at this prison. Open a name to end the role.",
            "page": page,
            "noun": "roles",
            "table": Table(caption="Roles, by name", first="Name", columns=["Role", "From", "Until"], rows=rows),
            "empty": "Nobody has a role here yet.",
            "action_href": reverse("accounts:give_role", args=[request.prison.code]),
            "action_text": "Give somebody a role",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.STAFF_ADMIN)
def give(request: StaffRequest) -> HttpResponse:
    """Give a role, to an account that exists or a new one."""
    back = reverse("accounts:staff", args=[request.prison.code])
    now = timezone.now()
    offered = departments_offered(request.prison)
    form = GiveRoleForm(request.POST or None, departments=offered, initial={"starts_on": london_today(now)})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        answers["department"] = answers["department"] or ""
        try:
            give_role(by=request.actor, now=now, prison=request.prison, **answers)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The role is given.")
            return redirect(back)
    form.cancel_url = back
    context = {"title": "Give somebody a role", "form": form, "crumbs": [{"text": "Staff", "href": back}]}
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.STAFF_ADMIN)
def end(request: StaffRequest, token: str) -> HttpResponse:
    """End a role at once."""
    held = get_object_or_404(roles_at(request.prison, on=london_today(timezone.now())), token=token)
    back = reverse("accounts:staff", args=[request.prison.code])
    form = ConfirmForm(request.POST or None, label="End the role now", warning=True)
    if request.method == "POST" and form.is_valid():
        try:
            end_role(by=request.actor, now=timezone.now(), membership=held)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The role has ended.")
            return redirect(back)
    form.cancel_url = back
    return render(
        request,
        "components/form_page.html",
        {
            "title": "End this role?",
            "lead": "The role ends at once: the person can open nothing more with it. What they did stays on record.",
            "rows": [
                {"key": "Name", "value": held.user.name},
                {"key": "Role", "value": held.role_name},
                {"key": "From", "value": f"{held.starts_on:%-d %B %Y}"},
            ],
            "form": form,
            "crumbs": [{"text": "Staff", "href": back}],
        },
    )


@require_safe
@requires(Permission.STAFF_ADMIN)
def wings(request: StaffRequest) -> HttpResponse:
    """The prison's wings."""
    page = page_of(Wing.objects.filter(prison=request.prison, closed=False).order_by("code", "id"), request)
    rows = [Row(text=wing.name, note=wing.code, cells=[Cell(text=wing.landings)]) for wing in page]
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Wings",
            "page": page,
            "noun": "wings",
            "table": Table(caption="Wings, by code", first="Wing", columns=["Landings"], rows=rows),
            "empty": "No wings have been added yet. A scheme needs at least one.",
            "action_href": reverse("accounts:add_wing", args=[request.prison.code]),
            "action_text": "Add a wing",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.STAFF_ADMIN)
def wing_add(request: StaffRequest) -> HttpResponse:
    """Add a wing."""
    back = reverse("accounts:wings", args=[request.prison.code])
    form = WingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("code", "name", "landings")}
        try:
            add_wing(by=request.actor, now=timezone.now(), prison=request.prison, **answers)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The wing is added.")
            return redirect(back)
    form.cancel_url = back
    context = {"title": "Add a wing", "form": form, "crumbs": [{"text": "Wings", "href": back}]}
    return render(request, "components/form_page.html", context)
