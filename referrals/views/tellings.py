"""Telling people what came of a referral: who is to be told, what to say, the letter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table, Tag
from referrals import told_words
from referrals.actions.tellings import tell
from referrals.forms.tellings import TOLD, TellForm, TellingFilter
from referrals.models import ReferralTelling
from referrals.queries import tellings as queries
from referrals.rules.tellings import HOW_TOLD
from referrals.views.words import day, form_about
from schemes.printed_words import ENGLISH, WELSH, day_of, language_of, prison_of, say

Audience, How = ReferralTelling.Audience, ReferralTelling.How
WITHOUT_NAMES = "Say nothing about the person: not even whether they are helped."


@require_safe
@requires(P.REFERRAL_SCREEN)
def tellings(request: StaffRequest) -> HttpResponse:
    """Who is to be told, the longest wait on top."""
    filter_form = TellingFilter(request.GET)
    answers = filter_form.answers
    found = queries.tellings_of(request.prison)
    if "show" in answers:
        found = found.filter(told_at__isnull=answers["show"] != TOLD)
    if "audience" in answers:
        found = found.filter(audience=answers["audience"])
    today = london_today(timezone.now())
    page = page_of(found, request)
    table = Table(
        caption="People to tell, the longest wait first",
        first="About",
        columns=["Who", "Decided on", Column(text="Days", numeric=True)],
        rows=[
            Row(
                text=telling.referral.person.list_name,
                href=reverse("referrals:telling", args=[request.prison.code, telling.token]),
                hidden=f"tell {telling.get_audience_display().lower()}, {telling.referral.reference}",
                note=f"{telling.referral.person.prison_number}, {telling.referral.reference}",
                cells=[
                    telling.get_audience_display(),
                    day(_decided_on(telling)),
                    str(((telling.told_on or today) - _decided_on(telling)).days),
                ],
                tag=_tag(telling),
            )
            for telling in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Who is told what came of a referral", "page": page, "table": table, "noun": "people",
        "filter_form": filter_form,
        "lead": "Whoever asked, and the person, are told what came of a referral. Staff see it on their own list.",
        "empty": "Nobody is waiting to be told.",
    })  # fmt: skip


def _decided_on(telling: ReferralTelling) -> date:
    assert telling.referral.screened_at is not None  # nobody is told before
    return london_today(telling.referral.screened_at)


def _tag(telling: ReferralTelling) -> Tag:
    return Tag(text="Told", colour="green") if telling.told_at is not None else Tag(text="To be told", colour="yellow")


@require_http_methods(["GET", "POST"])
@requires(P.REFERRAL_SCREEN)
def telling(request: StaffRequest, token: str) -> HttpResponse:
    """What to say to whom, and that it was said."""
    found = _load(request, token)
    referral, today = found.referral, london_today(timezone.now())
    viewed(by=request.actor, prison=request.prison.code, subject=referral, person_id=referral.person_id)
    form = TellForm(request.POST or None, audience=found.audience, earliest=_decided_on(found), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            tell(
                by=request.actor,
                now=timezone.now(),
                telling=found,
                how=form.cleaned_data["how"],
                told_on=form.cleaned_data["told_on"],
                person_agrees=form.cleaned_data.get("person_agrees", False),
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Recorded that they were told.")
            return redirect("referrals:tellings", request.prison.code)
    back = reverse("referrals:tellings", args=[request.prison.code])
    context: dict[str, Any] = {
        "rows": _rows(found),
        "said": _said(found, ENGLISH),
        "said_if_agreed": told_words.sentences(found.audience, referral, person_agrees=True)
        if found.audience == Audience.FAMILY
        else [],
        "letters": _letters(request, found),
        "without_names": WITHOUT_NAMES if found.audience == Audience.PEER else "",
        "told": f"Told on {day(found.told_on)}, {found.get_how_display().lower()}" if found.told_on else "",
        "crumbs": [{"text": "Who is told", "href": back}],
    }
    title = f"Tell {TITLES[found.audience]}"
    return form_about(request, referral.person, form, title, back, template="referrals/telling.html", **context)


TITLES: dict[str, str] = {
    Audience.PERSON: "the person what came of it",
    Audience.PEER: "the prisoner who asked",
    Audience.HEALTHCARE: "healthcare what came of it",
    Audience.COUNCIL: "the council what came of it",
    Audience.FAMILY: "family or friends",
}


def _rows(found: ReferralTelling) -> list[dict[str, str]]:
    referral = found.referral
    rows = [
        {"key": "Referral", "value": f"{referral.reference}, {day(london_today(referral.referred_at))}"},
        {"key": "Outcome", "value": f"{referral.get_outcome_display()}, {day(_decided_on(found))}"},
    ]
    if referral.said_by:
        rows.append({"key": "Who asked", "value": referral.said_by})
    return rows


def _said(found: ReferralTelling, language: str) -> list[str]:
    if found.audience == Audience.PERSON:
        asked = day_of(london_today(found.referral.referred_at), language)
        return told_words.person_sentences(found.referral, language, asked)
    return told_words.sentences(found.audience, found.referral, person_agrees=found.person_agrees)


def _letters(request: StaffRequest, found: ReferralTelling) -> list[dict[str, str]]:
    if How.LETTER not in HOW_TOLD[found.audience]:
        return []
    href = reverse("referrals:telling_letter", args=[request.prison.code, found.token])
    letters = [{"text": "Letter to print", "href": href}]
    if found.audience == Audience.PERSON:
        letters.append({"text": "Letter in Welsh", "href": f"{href}?lang={WELSH}"})
    if found.audience == Audience.FAMILY:
        letters.append({"text": "Letter if the person agrees to more", "href": f"{href}?agrees=1"})
    return letters


@require_safe
@requires(P.REFERRAL_SCREEN)
def telling_letter(request: StaffRequest, token: str) -> HttpResponse:
    """The letter: to the person in English or Welsh, to an outside body, or to family."""
    found = _load(request, token)
    if How.LETTER not in HOW_TOLD[found.audience]:
        raise Http404
    referral, now = found.referral, timezone.now()
    own = found.audience == Audience.PERSON
    language = language_of(request.GET.get("lang", "")) if own else ENGLISH
    if found.audience == Audience.FAMILY and request.GET.get("agrees") == "1":
        found.person_agrees = True
    record(
        Event.PRINTED, by=request.actor, prison=request.prison.code, subject=referral, person_id=referral.person_id,
        page=f"letter about a referral, {found.audience.lower()}",
    )  # fmt: skip
    title = "title" if referral.source == referral.Source.SELF else "title_other"
    return render(request, "referrals/telling_letter.html", {
        "page_language": language,
        "title": told_words.for_person(title, language) if own else "A referral to the buddy scheme",
        "address": f"{referral.person.full_name}, {referral.person.prison_number}" if own else _addressee(found),
        "about": "" if own else f"About {referral.person.full_name}",
        "dear": say("dear", language, name=referral.person.first_name) if own else "",
        "said": _said(found, language),
        # The reason stands as it was written.
        "in_english": referral.outcome_reason if language == WELSH else None,
        "thanks": "" if own else "Thank you for telling us.",
        "signed": say("signed", language),
        "reference": say("reference", language, reference=referral.reference) if own else referral.reference,
        "place": prison_of(request.prison, language),
        "day": day_of(london_today(now), language),
        "printed_by": request.user.name,
        "printed_at": now,
        "back_href": reverse("referrals:telling", args=[request.prison.code, found.token]),
        "handling": "This letter is for the one whom it names. Hand it to nobody else.",
    })  # fmt: skip


def _addressee(found: ReferralTelling) -> str:
    return found.referral.said_by or found.get_audience_display()


def _load(request: StaffRequest, token: str) -> ReferralTelling:
    rows = ReferralTelling.objects.for_prison(request.prison).select_related("referral__person", "told_by")
    found: ReferralTelling = get_object_or_404(rows, token=token)
    return found
