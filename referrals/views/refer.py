"""Referring a person: number, questions, check answers, sent. What is typed waits in the session, on the server."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.referrals import make_referral
from referrals.forms.referrals import URGENCIES, NumberForm, ReferForm, SendForm
from referrals.models import Referral
from referrals.queries.referrals import open_referral_of
from referrals.views.words import form_about, identity
from schemes.models import Person
from schemes.queries.people import people_ever_of, people_of, person_here
from schemes.views.adding import added_number, offer_to_add

QUESTIONS = ("need_areas", "reason", "urgency", "source", "other_help")
LOST = "The answers of this referral are no longer here. Start again with the prison number."


@require_http_methods(["GET", "POST"])
@requires(P.REFERRAL_MAKE)
def refer(request: StaffRequest) -> HttpResponse:
    """Whom it is about."""
    form = NumberForm(request.POST or None, initial={"prison_number": _known_number(request)})
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["prison_number"]
        person = person_here(request.prison, number)
        if person is None:
            request.session["referral_unknown"] = number
            return redirect("referrals:refer_unknown", request.prison.code)
        _begin(request, person)
        return redirect("referrals:refer_questions", request.prison.code)
    return render(request, "components/form_page.html", {"title": "Refer someone", "form": form})


@require_safe
@requires(P.REFERRAL_MAKE)
def refer_unknown(request: StaffRequest) -> HttpResponse:
    """Nobody of this number is on this prison's list; the words are the same wherever the person may be."""
    number = request.session.get("referral_unknown", "")
    if not number:
        return redirect("referrals:refer", request.prison.code)
    back = reverse("referrals:refer", args=[request.prison.code])
    context = {"number": number, "back": back}
    if may(request, P.PEOPLE_ADD):
        context["add"] = offer_to_add(request, number, then=back)
    return render(request, "referrals/referral_unknown.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.REFERRAL_MAKE)
def refer_questions(request: StaffRequest) -> HttpResponse:
    """The five questions after the number."""
    draft = _draft(request)
    if draft is None:
        return _lost(request)
    person = _person(request, draft)
    form = ReferForm(request.POST or None, initial=draft["answers"])
    if request.method == "POST" and form.is_valid():
        draft["answers"] = {name: form.cleaned_data[name] for name in QUESTIONS}
        request.session["referral_draft"] = draft
        return redirect("referrals:refer_answers", request.prison.code)
    return form_about(
        request,
        person,
        form,
        "About the help",
        reverse("referrals:refer", args=[request.prison.code]),
        template="referrals/referral_questions.html",
        open_referral=open_referral_of(request.prison, person),
    )


@require_http_methods(["GET", "POST"])
@requires(P.REFERRAL_MAKE)
def refer_answers(request: StaffRequest) -> HttpResponse:
    """Check the answers, then send."""
    draft = _draft(request)
    if draft is None or not draft["answers"]:
        return _lost(request)
    person = _person(request, draft)
    form = SendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            referral = make_referral(
                by=request.actor, now=timezone.now(), prison=request.prison, person=person, **draft["answers"]
            )
        except NotAllowed as error:
            form.refuse(str(error))
        else:
            del request.session["referral_draft"]
            return redirect("referrals:refer_done", request.prison.code, referral.token)
    context = {
        "form": form,
        "who": identity(request, person),
        "rows": _answer_rows(request, person, draft["answers"]),
        "open_referral": open_referral_of(request.prison, person),
    }
    return render(request, "referrals/referral_answers.html", context)


@require_safe
@requires(P.REFERRAL_MAKE)
def refer_done(request: StaffRequest, token: str) -> HttpResponse:
    """The reference, and what happens next."""
    referral = get_object_or_404(Referral.objects.for_prison(request.prison), token=token)
    return render(request, "referrals/referral_done.html", {"referral": referral})


def _known_number(request: StaffRequest) -> str:
    """The number of somebody who was just added, or whose page the reader came from."""
    number = added_number(request)
    if number:
        return number
    known = people_of(request.prison).filter(token=request.GET.get("person", "")).first()
    if known is not None:
        return known.prison_number
    draft = _draft(request)
    return _person(request, draft).prison_number if draft is not None else ""


def _begin(request: StaffRequest, person: Person) -> None:
    """A draft for this person; answers already typed for the same person are kept."""
    before = _draft(request)
    same = before is not None and before["person"] == person.token
    request.session["referral_draft"] = {
        "prison": request.prison.code,
        "person": person.token,
        "answers": before["answers"] if before is not None and same else {},
    }


def _draft(request: StaffRequest) -> dict[str, Any] | None:
    draft = request.session.get("referral_draft")
    return draft if draft is not None and draft["prison"] == request.prison.code else None


def _person(request: StaffRequest, draft: dict[str, Any]) -> Person:
    # Also somebody who has just left: the answers stay on the screen, and sending says why it is refused.
    return get_object_or_404(people_ever_of(request.prison), token=draft["person"])


def _lost(request: StaffRequest) -> HttpResponse:
    messages.warning(request, LOST)
    return redirect("referrals:refer", request.prison.code)


def _answer_rows(request: StaffRequest, person: Person, answers: dict[str, Any]) -> list[dict[str, str]]:
    questions = reverse("referrals:refer_questions", args=[request.prison.code])
    urgencies = {choice.value: choice.text for choice in URGENCIES}
    values = {
        "need_areas": ("Help with", "\n".join(Referral.NeedArea(area).label for area in answers["need_areas"])),
        "reason": ("Why", answers["reason"]),
        "urgency": ("How soon", urgencies[answers["urgency"]]),
        "source": ("Who asked", Referral.Source(answers["source"]).label),
        "other_help": ("Another prisoner already helps", Referral.OtherHelp(answers["other_help"]).label),
    }
    first = {
        "key": "Prison number",
        "value": person.prison_number,
        "href": reverse("referrals:refer", args=[request.prison.code]),
        "hidden": "prison number",
    }
    rest = [
        {
            "key": key,
            "value": value,
            "href": f"{questions}#id_{name}",
            "hidden": key.lower() if name != "other_help" else "whether another prisoner already helps",
        }
        for name, (key, value) in values.items()
    ]
    return [first, *rest]
