"""After a refusal: the list, telling the person, the letter, the appeal and its decision."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table
from schemes.actions import refusals as actions
from schemes.forms.refusals import APPEALS, TO_TELL, AppealDecisionForm, AppealForm, RefusalFilter, TellForm
from schemes.models import Buddy, Refusal
from schemes.printed_words import WELSH, day_of, language_of, say
from schemes.queries import refusals as queries
from schemes.views.buddies import crumbs
from schemes.views.buddy_steps import load, step_page
from schemes.views.refusal_words import tag_of

LETTER_WORDS = ("your_application", "why", "you_can_appeal", "somebody_else", "apply_again", "signed")


@require_safe
@requires(P.BUDDIES_VIEW)
def refusals(request: StaffRequest) -> HttpResponse:
    """Refused applications, newest first; of appeals, those that the reader may decide about."""
    filter_form = RefusalFilter(request.GET)
    show = filter_form.answers.get("show", "")
    if show == TO_TELL:
        rows = queries.to_tell(request.prison)
    elif show == APPEALS:
        rows = queries.appeals_for(request.prison, request.user)
    else:
        rows = queries.refusals_of(request.prison)
    page = page_of(rows, request)
    context = {
        "title": "Refused applications",
        "page": page,
        "table": Table(
            caption="Refused applications, newest first",
            first="Name",
            columns=["Declined on", "Declined by", "Told on", "Appeal of"],
            rows=[
                Row(
                    text=refusal.buddy.person.list_name,
                    href=reverse("schemes:buddy", args=[request.prison.code, refusal.buddy.token]),
                    hidden=f", buddy {refusal.buddy.reference}",
                    note=refusal.buddy.person.prison_number,
                    cells=[
                        day_in_words(london_today(refusal.declined_at)) if refusal.declined_at else "–",
                        refusal.declined_by.name if refusal.declined_by else "–",
                        day_in_words(refusal.told_on) if refusal.told_on else "–",
                        day_in_words(refusal.appealed_on) if refusal.appealed_on else "–",
                    ],
                    tag=tag_of(refusal),
                )
                for refusal in page
            ],
        ),
        "noun": "refusals",
        "filter_form": filter_form,
        "empty": "No application has been declined.",
        "crumbs": crumbs(request),
    }
    return render(request, "components/list_page.html", context)


def _load(request: StaffRequest, token: str) -> tuple[Buddy, Refusal]:
    buddy = load(request, token)
    refusal = queries.refusal_of(buddy)
    if refusal is None:
        raise Http404("no refusal")
    return buddy, refusal


def _summary(refusal: Refusal) -> list[dict[str, str]]:
    rows = [{"key": "Reason of the refusal", "value": refusal.reason}]
    if refusal.appeal_words:
        rows.append({"key": "What the person says", "value": refusal.appeal_words})
    return rows


@require_http_methods(["GET", "POST"])
@requires(P.BUDDIES_RECRUIT)
def told(request: StaffRequest, token: str) -> HttpResponse:
    """How, when and by whom the person was told."""
    buddy, refusal = _load(request, token)
    form = TellForm(request.POST or None, initial={"told_on": london_today(timezone.now())})
    return step_page(
        request,
        buddy,
        form,
        lambda _: actions.tell_person(by=request.actor, now=timezone.now(), refusal=refusal, telling=form.telling),
        title="Record that the person was told",
        rows=_summary(refusal),
        done="Recorded that the person was told.",
    )


@require_safe
@requires(P.BUDDIES_RECRUIT)
def letter(request: StaffRequest, token: str) -> HttpResponse:
    """The letter that the person gets, in plain English or Welsh."""
    buddy, refusal = _load(request, token)
    now = timezone.now()
    language = language_of(request.GET.get("lang", ""))
    record(
        Event.PRINTED, by=request.actor, prison=request.prison.code, subject=refusal, person_id=buddy.person_id,
        page="refusal letter",
    )  # fmt: skip
    assert refusal.declined_at is not None
    welsh = language == WELSH
    route = buddy.scheme.appeal_route_cy if welsh else buddy.scheme.appeal_route
    context = {
        "page_language": language,
        "words": {key: say(key, language) for key in LETTER_WORDS},
        "dear": say("dear", language, name=buddy.person.first_name),
        "opening": say("not_this_time", language, day=day_of(buddy.applied_on, language)),
        "reference": say("reference", language, reference=buddy.reference),
        "day": day_of(london_today(refusal.declined_at), language),
        "reason": refusal.reason,
        "welsh": welsh,
        "route": route or say("appeal_usual", language),
        "person": buddy.person,
        "printed_by": request.user.name,
        "printed_at": now,
        "back_href": reverse("schemes:buddy", args=[request.prison.code, buddy.token]),
        "handling": "This letter is for the person whom it names. Hand it to nobody else.",
    }
    return render(request, "schemes/refusal_letter.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.BUDDIES_RECRUIT)
def appeal(request: StaffRequest, token: str) -> HttpResponse:
    """The person's appeal, in their words."""
    buddy, refusal = _load(request, token)
    form = AppealForm(request.POST or None, initial={"appealed_on": london_today(timezone.now())})
    return step_page(
        request,
        buddy,
        form,
        lambda answers: actions.appeal(
            by=request.actor,
            now=timezone.now(),
            refusal=refusal,
            appealed_on=answers["appealed_on"],
            words=answers["words"],
        ),
        title="Record an appeal",
        rows=_summary(refusal),
        done="Appeal recorded. Somebody who did not decline the application decides about it.",
    )


@require_http_methods(["GET", "POST"])
@requires(P.APPEAL_DECIDE)
def decide(request: StaffRequest, token: str) -> HttpResponse:
    """Uphold or dismiss the appeal."""
    buddy, refusal = _load(request, token)
    form = AppealDecisionForm(request.POST or None)
    return step_page(
        request,
        buddy,
        form,
        lambda answers: actions.decide_appeal(
            by=request.actor,
            now=timezone.now(),
            refusal=refusal,
            upheld=answers["decision"] == Refusal.Outcome.UPHELD,
            reason=answers["reason"],
        ),
        title="Decide about the appeal",
        lead="Upheld: the application is open again where it stood. Dismissed: the refusal stands.",
        rows=_summary(refusal),
        done="Decision recorded. Tell the person, with the reason.",
    )
