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
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from referrals import told_words
from referrals.actions.referrals import make_referral, say_who_asked
from referrals.forms.referrals import URGENCIES, NumberForm, ReferForm, SendForm, WhoForm
from referrals.models import InformalHelp, Referral
from referrals.queries.plans import live_plan_of
from referrals.queries.referrals import made_by, open_referral_of
from referrals.rules.referrals import can_say_who
from referrals.views.words import REFERRAL_COLOURS, day, form_about, identity
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
    return render(request, "referrals/refer_start.html", {"title": "Refer someone", "form": form})


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
        **_before(request, person),
    )


@require_http_methods(["GET", "POST"])
@requires(P.REFERRAL_MAKE)
def refer_answers(request: StaffRequest) -> HttpResponse:
    """Check the answers, then send."""
    draft = _draft(request)
    if draft is None or not draft["answers"]:
        return _lost(request)
    person = _person(request, draft)
    before = _before(request, person)
    form = SendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            referral = make_referral(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                person=person,
                new=bool(form.cleaned_data["new"]),
                **draft["answers"],
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
        **before,
    }
    return render(request, "referrals/referral_answers.html", context)


def _before(request: StaffRequest, person: Person) -> dict[str, Any]:
    """What is there already for this person: a referral that waits, a plan that runs."""
    code = request.prison.code
    waiting, plan = open_referral_of(request.prison, person), live_plan_of(request.prison, person)
    return {
        "open_referral": waiting,
        "open_referral_href": reverse("referrals:referral", args=[code, waiting.token])
        if waiting is not None and may(request, P.REFERRAL_VIEW)
        else "",
        "live_plan": plan,
        "live_plan_href": reverse("referrals:plan", args=[code, plan.token])
        if plan is not None and may(request, P.PLAN_VIEW)
        else "",
    }


@require_safe
@requires(P.REFERRAL_MAKE)
def refer_done(request: StaffRequest, token: str) -> HttpResponse:
    """The reference, what happens next, and what else may be known."""
    referral = get_object_or_404(Referral.objects.for_prison(request.prison), token=token)
    mine = referral.referred_by_id == request.user.pk
    entries = InformalHelp.objects.for_prison(request.prison).filter(said_in=referral)
    if not may(request, P.INFORMAL_HELP_VIEW):
        entries = entries.filter(noted_by=request.user)
    entry = entries.first()
    may_fill = entry is not None and not entry.kinds and may(request, P.INFORMAL_HELP_RECORD)
    return render(request, "referrals/referral_done.html", {
        "referral": referral,
        "may_say_who": mine and not referral.said_by and can_say_who(referral, said_by="-", version=referral.version),
        "help_entry": entry if may_fill else None,
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.REFERRAL_MAKE)
def refer_who(request: StaffRequest, token: str) -> HttpResponse:
    """Who asked, by name or role: of one's own referrals, or of any for those who read them all."""
    rows = Referral.objects.for_prison(request.prison).select_related("person")
    if not may(request, P.REFERRAL_VIEW):
        rows = rows.filter(referred_by=request.user)
    referral = get_object_or_404(rows, token=token)
    form = WhoForm(request.POST or None, initial={"said_by": referral.said_by, "version": referral.version})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            say_who_asked(
                by=request.actor,
                now=timezone.now(),
                referral=referral,
                said_by=answers["said_by"],
                version=answers["version"],
            )
        except Stale as error:
            form.stale(error, version=rows.get(pk=referral.pk).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved who asked. No prisoner is shown it.")
            return redirect("referrals:refer_done", request.prison.code, referral.token)
    back = reverse("referrals:refer_done", args=[request.prison.code, referral.token])
    return form_about(request, referral.person, form, "Who asked for help?", back)


@require_safe
@requires(P.REFERRAL_MAKE)
def referrals_made(request: StaffRequest) -> HttpResponse:
    """What the reader has referred, and what came of it in words for staff."""
    page = page_of(made_by(request.prison, request.user), request)
    opens = may(request, P.REFERRAL_VIEW)
    table = Table(
        caption="Referrals you made, newest first",
        first="Name",
        columns=["Made on", "What came of it"],
        rows=[
            Row(
                text=referral.person.list_name,
                href=reverse("referrals:referral", args=[request.prison.code, referral.token]) if opens else "",
                hidden=f"referral {referral.reference}",
                note=f"{referral.person.prison_number}, {referral.reference}",
                cells=[day(london_today(referral.referred_at)), told_words.for_staff(referral)],
                tag=Tag(text=referral.get_status_display(), colour=REFERRAL_COLOURS[referral.status]),
            )
            for referral in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Referrals you made", "page": page, "table": table, "noun": "referrals",
        "empty": "You have not referred anybody at this prison.",
        "action_href": reverse("referrals:refer", args=[request.prison.code]), "action_text": "Refer someone",
    })  # fmt: skip


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
