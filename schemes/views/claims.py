"""What other prisons say about people on this prison's list, and the answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table
from schemes.actions.people import answer_claim
from schemes.forms.people import ClaimForm
from schemes.models import CustodyClaim
from schemes.queries.claims import open_claims
from schemes.queries.people import last_custody_of


@require_safe
@requires(P.CUSTODY_CLAIM_ANSWER)
def claims(request: StaffRequest) -> HttpResponse:
    """Claims that wait for an answer."""
    page = page_of(open_claims(request.prison), request)
    table = Table(
        caption="People whom another prison says it has, oldest first",
        first="Name",
        columns=["Prison", "Since"],
        rows=[
            Row(
                text=claim.person.list_name,
                href=reverse("schemes:claim", args=[request.prison.code, claim.token]),
                note=claim.person.prison_number,
                cells=[claim.claimed_by_prison.name, day_in_words(london_today(claim.claimed_at))],
            )
            for claim in page
        ],
    )
    context = {
        "title": "Claims from other prisons",
        "page": page,
        "table": table,
        "noun": "claims",
        "empty": "No other prison says that it has somebody from this prison’s list.",
    }
    return render(request, "components/list_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.CUSTODY_CLAIM_ANSWER)
def claim(request: StaffRequest, token: str) -> HttpResponse:
    """One claim, and the answer: moved, or still here."""
    found = get_object_or_404(
        CustodyClaim.objects.for_prison(request.prison).select_related("person", "claimed_by_prison"), token=token
    )
    back = reverse("schemes:claims", args=[request.prison.code])
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answered = answer_claim(
                by=request.actor, now=timezone.now(), claim=found, answer=form.cleaned_data["answer"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, _said(answered, found.claimed_by_prison.name))
            return redirect(back)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    custody = last_custody_of(request.prison, found.person)
    form.cancel_url = back
    context = {
        "title": "Has this person moved?",
        "form": form,
        "person": found.person,
        "place": custody.place if custody and custody.ended_at is None else "No longer here",
        "lead": f"{found.claimed_by_prison.name} says that this person has been there since "
        f"{day_in_words(london_today(found.claimed_at))}.",
        "crumbs": [{"text": "Claims from other prisons", "href": back}],
    }
    return render(request, "schemes/person_form.html", context)


def _said(claim: CustodyClaim, prison: str) -> str:
    if claim.answer == CustodyClaim.Answer.MOVED:
        return f"The person is off this prison’s list, and {prison} has the record."
    return f"Your answer is recorded. Ring {prison} to settle where the person is."
