"""Training that somebody passed elsewhere: accepted, or to be taken again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of
from training.actions.prior import decide_prior_learning
from training.forms.prior import PriorForm
from training.models import PriorLearning
from training.queries.prior import prior_of
from training.queries.results import modules
from training.views.board import crumbs

D = PriorLearning.Decision
NAMED = ("place", "passed_on", "evidence", "evidence_on", "reason")


@require_http_methods(["GET", "POST"])
@requires(Permission.PRIOR_LEARNING_DECIDE)
def decide(request: StaffRequest, token: str) -> HttpResponse:
    """One module, what shows it, and the decision."""
    found = get_object_or_404(buddies_of(request.prison), token=token)
    catalogue = list(modules(request.prison))
    form = PriorForm(request.POST or None, modules=catalogue)
    buddy_url = reverse("training:buddy", args=[request.prison.code, token])
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        chosen = next(module for module in catalogue if module.code == answers["module"])
        try:
            prior = decide_prior_learning(
                by=request.actor,
                now=timezone.now(),
                buddy=found,
                module=chosen,
                accept=answers["decision"] == D.ACCEPTED,
                **{name: answers[name] for name in NAMED},
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{chosen.title}: {_done(prior)}.")
            return redirect(buddy_url)
    form.cancel_url = buddy_url
    context = {
        "title": "Training passed elsewhere",
        "form": form,
        "name": found.person.full_name,
        "prison_number": found.person.prison_number,
        "place": found.wing_name or "Not here now",
        "crumbs": crumbs(request, (f"Training of buddy {found.reference}", buddy_url)),
    }
    return render(request, "training/prior_page.html", context)


def _done(prior: PriorLearning) -> str:
    if prior.decision == D.RETAKE:
        return "to be taken again"
    return "knowledge accepted, practical part to be shown here" if prior.module.practical else "accepted"


def prior_table(buddy: Buddy) -> Table:
    """Every decision about somebody, newest first."""
    return Table(
        caption="Training passed elsewhere",
        first="Module",
        columns=["Where and when", "What shows it", "Decided by"],
        status="Decision",
        rows=[
            Row(
                text=prior.module.title,
                note=prior.reason,
                cells=[
                    Cell(text=prior.place, note=f"Passed on {day_in_words(prior.passed_on)}"),
                    Cell(text=prior.evidence, note=day_in_words(prior.evidence_on)),
                    Cell(text=prior.decided_by.name, note=f"{prior.decided_at:%-d %B %Y}"),
                ],
                tag=Tag(text="To be taken again", colour="yellow")
                if prior.decision == D.RETAKE
                else Tag(text="Knowledge accepted" if prior.module.practical else "Accepted", colour="green"),
            )
            for prior in prior_of(buddy)
        ],
    )
