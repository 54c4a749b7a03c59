"""A small mark of staff on a visit: this was work that staff or carers should do."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from referrals.actions.staff_work import mark_staff_work, take_back_staff_work
from referrals.forms.staff_work import StaffWorkForm
from referrals.queries.staff_work import mark_on
from referrals.queries.visits import versions_of
from referrals.views.visit_steps import find_visit, planned_rows, safe_next
from referrals.views.words import form_about

OVERSTEP = (
    "If it was washing, dressing, help in the toilet, lifting or medicine, raise a concern or record an unmet need too."
)


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_CONFIRM)
def staff_work(request: StaffRequest, token: str) -> HttpResponse:
    """Mark a visit, or take the mark back."""
    visit = versions_of(find_visit(request, token))[0]
    standing = mark_on(visit)
    page = reverse("referrals:visit", args=[request.prison.code, visit.token])
    back = safe_next(request, request.GET.get("next", ""), page)
    data = request.POST if request.method == "POST" else None
    form = StaffWorkForm(data) if standing is None else ConfirmForm(data, label="Take the mark back")
    if request.method == "POST" and form.is_valid():
        try:
            if standing is None:
                said = {name: form.cleaned_data[name] for name in ("whose", "words")}
                mark_staff_work(by=request.actor, now=timezone.now(), visit=visit, **said)
            else:
                take_back_staff_work(by=request.actor, now=timezone.now(), visit=visit)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The visit is marked." if standing is None else "The mark is taken back.")
            return redirect(back)
    rows = planned_rows(visit.planned)
    if standing is not None:
        rows.append({"key": "Marked as", "value": f"Work of {standing.get_whose_display().lower()}\n{standing.words}"})
    return form_about(
        request, visit.person, form,
        "Take back the mark of staff or carer work" if standing else "This was work that staff or carers should do",
        back,
        lead="" if standing else f"The visit stays as it is, and the buddy is not told. {OVERSTEP}",
        rows=rows,
        crumbs=[{"text": "Visit", "href": page}],
    )  # fmt: skip
