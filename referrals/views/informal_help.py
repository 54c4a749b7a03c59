"""The register of informal help: the list, one entry, and what it is turned into."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.forms import GovukForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from referrals.actions import informal_help as actions
from referrals.actions import informal_turns as turns
from referrals.forms.informal_help import (
    REVIEW,
    TO_LOOK,
    ApplyFromHelpForm,
    EndHelpForm,
    FillInForm,
    HelpFilter,
    HelpForm,
    ReferFromHelpForm,
    WorryFromHelpForm,
)
from referrals.models import InformalHelp, Referral
from referrals.queries import informal_help as queries
from referrals.queries.places import place_of
from referrals.rules import informal_help as rules
from referrals.views.concerns import concern_url
from referrals.views.words import day, form_about, identity, moment
from schemes.models import Person
from schemes.queries.people import people_ever_of, people_of, person_here

Status = InformalHelp.Status
COLOURS: dict[str, str] = {
    Status.OPEN: "yellow",
    Status.REFERRED: "green",
    Status.APPLIED: "green",
    Status.CONCERN: "orange",
    Status.ENDED: "grey",
}
NEVER = (
    "This register is never evidence for discipline, and nothing in it may be used against either of the two. It is "
    "there to make the help safe, or to replace it."
)
NOBODY = "Nobody with this prison number is on this prison’s list. Check the number."


@require_safe
@requires(P.INFORMAL_HELP_VIEW)
def informal_helps(request: StaffRequest) -> HttpResponse:
    """The register, open entries first."""
    filter_form = HelpFilter(request.GET)
    answers = filter_form.answers
    show = answers.pop("show", "")
    found = queries.not_looked_at(request.prison) if show == TO_LOOK else queries.entries_of(request.prison)
    return _list(
        request, found.filter(**answers), title="Informal help", filter_form=filter_form,
        empty="No informal help is recorded. That says nothing about help that nobody has recorded.",
    )  # fmt: skip


@require_safe
@requires(P.INFORMAL_HELP_VIEW)
def person_informal_help(request: StaffRequest, token: str) -> HttpResponse:
    """What the register says of one person who is helped."""
    person = get_object_or_404(people_ever_of(request.prison), token=token)
    viewed(by=request.actor, prison=request.prison.code, subject=person, person_id=person.pk)
    return _list(
        request, queries.entries_of(request.prison).filter(person=person), query=f"?person={person.token}",
        title="Informal help to one person", who=person.full_name, empty="No informal help to this person is recorded.",
    )  # fmt: skip


def _list(
    request: StaffRequest, found: QuerySet[Any], *, who: str = "", query: str = "", **context: Any
) -> HttpResponse:
    page = page_of(found, request)
    now = timezone.now()
    table = Table(
        caption="Informal help, open entries first",
        first="Who is helped",
        columns=["Place", "By whom", "With what", "Recorded on"],
        rows=[_row(request, entry, now) for entry in page],
    )
    context |= {"page": page, "table": table, "noun": "entries", "lead": f"{who}. {NEVER}" if who else NEVER}
    if may(request, P.INFORMAL_HELP_RECORD):
        context["action_href"] = reverse("referrals:informal_help_add", args=[request.prison.code]) + query
        context["action_text"] = "Record informal help"
    return render(request, "components/list_page.html", context)


def _row(request: StaffRequest, entry: InformalHelp, now: datetime) -> Row:
    waits = entry.looked_at is None and entry.noted_at + rules.LOOK_WITHIN < now
    return Row(
        text=entry.person.list_name,
        href=reverse("referrals:informal_help", args=[request.prison.code, entry.token]),
        hidden=f"entry {entry.reference}",
        note=f"{entry.person.prison_number}, {entry.reference}",
        cells=[
            place_of(entry),
            entry.helper.list_name if entry.helper is not None else "Not known",
            _kinds(entry),
            day(london_today(entry.noted_at)),
        ],
        tag=Tag(text="Not looked at for 7 days", colour="red")
        if waits
        else Tag(text=entry.get_status_display(), colour=COLOURS[entry.status]),
    )


def _kinds(entry: InformalHelp) -> str:
    return "\n".join(Referral.NeedArea(kind).label for kind in entry.kinds) or "Not known"


@require_safe
@requires(P.INFORMAL_HELP_VIEW)
def informal_help(request: StaffRequest, token: str) -> HttpResponse:
    """One entry, and what it can become."""
    entry = _load(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=entry, person_id=entry.person_id)
    may_turn = may(request, P.INFORMAL_HELP_TURN)
    code, version = request.prison.code, entry.version
    care = may_turn and rules.is_personal_care(entry) and may(request, P.UNMET_NEED_EDIT)
    return render(request, "referrals/informal_help_page.html", {
        "entry": entry,
        "who": identity(request, entry.person),
        "tag": Tag(text=entry.get_status_display(), colour=COLOURS[entry.status]),
        "rows": _facts(entry),
        "became": _became(request, entry),
        "never": NEVER,
        "may_look": may_turn and rules.can_look(entry),
        "may_fill": may(request, P.INFORMAL_HELP_RECORD) and entry.status != Status.ENDED,
        "may_refer": may_turn and entry.said_in_id is None
        and rules.can_turn(entry, Status.REFERRED, version=version),
        "may_apply": may_turn and rules.can_turn(entry, Status.APPLIED, version=version),
        "may_worry": may_turn and rules.can_turn(entry, Status.CONCERN, version=version),
        "may_end": may_turn and entry.status != Status.ENDED,
        "need_href": reverse("referrals:unmet_need_add", args=[code]) + f"?person={entry.person.token}"
        if care else "",
        "crumbs": _crumbs(request),
    })  # fmt: skip


def _facts(entry: InformalHelp) -> list[dict[str, str]]:
    helper = f"{entry.helper.full_name}, {entry.helper.prison_number}" if entry.helper is not None else "Not known"
    looked = f"{entry.looked_by.name}, {moment(entry.looked_at)}" if entry.looked_by is not None else "Not yet"
    rows = [
        {"key": "Who helps", "value": helper},
        {"key": "With what", "value": _kinds(entry)},
        {"key": "Since", "value": day(entry.since_on)},
        {"key": "How it is known", "value": entry.get_how_known_display()},
        {"key": "Recorded by", "value": f"{entry.noted_by.name}, {moment(entry.noted_at)}"},
        {"key": "Looked at", "value": looked},
    ]
    if entry.end_reason:
        rows.append({"key": "Why it ended", "value": entry.end_reason})
    return rows


def _became(request: StaffRequest, entry: InformalHelp) -> list[dict[str, str]]:
    code = request.prison.code
    made = (
        (entry.said_in, "Said in referral", "referrals:referral", P.REFERRAL_VIEW),
        (entry.referral, "Referral", "referrals:referral", P.REFERRAL_VIEW),
        (entry.application, "Application", "schemes:buddy", P.BUDDIES_VIEW),
    )
    became = [
        {
            "text": f"{what} {record.reference}",
            "href": reverse(name, args=[code, record.token]) if may(request, permission) else "",
        }
        for record, what, name, permission in made
        if record is not None
    ]
    if entry.concern is not None:
        # Its reference too is only for whoever has it.
        href = concern_url(request, entry.concern_id)
        became.append({"text": f"Concern {entry.concern.reference}" if href else "A concern", "href": href})
    return became


@require_http_methods(["GET", "POST"])
@requires(P.INFORMAL_HELP_RECORD)
def informal_help_add(request: StaffRequest) -> HttpResponse:
    """Record help that staff saw or were told of, also from a review (`?how=review&person=…`)."""
    known = people_of(request.prison).filter(token=request.GET.get("person", "")).first()
    how = InformalHelp.HowKnown.REVIEW if request.GET.get("how") == REVIEW else InformalHelp.HowKnown.SEEN
    today = london_today(timezone.now())
    form = HelpForm(request.POST or None, known_person=known is not None, today=today)
    if request.method == "POST" and form.is_valid():
        person = known or person_here(request.prison, form.cleaned_data["prison_number"])
        helper = _helper(request, form)
        if person is None:
            form.refuse(NOBODY, "prison_number")
        elif not form.errors:
            entry = _recorded(request, form, person, helper, how)
            if entry is not None:
                messages.success(request, f"Informal help {entry.reference} is recorded.")
                if may(request, P.INFORMAL_HELP_VIEW):
                    return redirect("referrals:informal_help", request.prison.code, entry.token)
                return redirect("home:prison", request.prison.code)
    back = reverse("home:prison", args=[request.prison.code])
    if known is not None:
        return form_about(request, known, form, "Record informal help", back, lead=NEVER)
    form.cancel_url = back
    return render(request, "components/form_page.html", {
        "title": "Record informal help", "form": form, "lead": NEVER,
    })  # fmt: skip


def _helper(request: StaffRequest, form: HelpForm) -> Person | None:
    number = form.cleaned_data["helper"]
    found = person_here(request.prison, number) if number else None
    if number and found is None:
        form.refuse(NOBODY, "helper")
    return found


def _recorded(
    request: StaffRequest, form: HelpForm, person: Person, helper: Person | None, how: str
) -> InformalHelp | None:
    try:
        entry: InformalHelp = actions.record_help(
            by=request.actor,
            now=timezone.now(),
            prison=request.prison,
            person=person,
            how_known=how,
            helper=helper,
            kinds=form.cleaned_data["kinds"],
            since_on=form.cleaned_data["since_on"],
        )
    except NotAllowed as error:
        form.refuse(error)
        return None
    return entry


@require_http_methods(["GET", "POST"])
@requires(P.INFORMAL_HELP_RECORD)
def informal_help_fill(request: StaffRequest, token: str) -> HttpResponse:
    """Fill in what is known: of one's own entries, or of any for those who read them all."""
    entry = _load(request, token, own=not may(request, P.INFORMAL_HELP_VIEW))
    initial = {
        "helper": entry.helper.prison_number if entry.helper is not None else "",
        "kinds": entry.kinds,
        "since_on": entry.since_on,
        "version": entry.version,
    }
    form = FillInForm(
        request.POST or None, known_person=True, today=london_today(timezone.now()), initial=initial
    )  # fmt: skip

    def fill_in(answers: dict[str, Any]) -> None:
        helper = _helper(request, form)
        if form.errors:
            return
        actions.fill_in_help(
            by=request.actor,
            now=timezone.now(),
            entry=entry,
            helper=helper,
            kinds=answers["kinds"],
            since_on=answers["since_on"],
            version=answers["version"],
        )

    return _step(request, entry, form, fill_in, title="What is known about the help", done="Saved what is known.")


@require_POST
@requires(P.INFORMAL_HELP_TURN)
def informal_help_look(request: StaffRequest, token: str) -> HttpResponse:
    """Somebody has looked, and it may stand as it is."""
    try:
        actions.look_at_help(by=request.actor, now=timezone.now(), entry=_load(request, token))
    except NotAllowed as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Recorded that you have looked at this entry.")
    return redirect("referrals:informal_help", request.prison.code, token)


@require_http_methods(["GET", "POST"])
@requires(P.INFORMAL_HELP_TURN)
def informal_help_refer(request: StaffRequest, token: str) -> HttpResponse:
    """Refer whoever is helped."""
    entry = _load(request, token)
    form = ReferFromHelpForm(request.POST or None, initial={"version": entry.version})
    return _step(
        request,
        entry,
        form,
        lambda answers: turns.refer_from_help(by=request.actor, now=timezone.now(), entry=entry, **answers),
        title="Refer the person who is helped",
        done="The person is referred, and the entry says so.",
    )


@require_http_methods(["GET", "POST"])
@requires(P.INFORMAL_HELP_TURN)
def informal_help_apply(request: StaffRequest, token: str) -> HttpResponse:
    """Record that whoever helps applies to be a buddy."""
    entry = _load(request, token)
    form = ApplyFromHelpForm(request.POST or None, initial={"version": entry.version})
    return _step(
        request,
        entry,
        form,
        lambda answers: turns.apply_from_help(by=request.actor, now=timezone.now(), entry=entry, **answers),
        title="The prisoner who helps applies to be a buddy",
        done="The application is recorded, and the entry says so.",
    )


@require_http_methods(["GET", "POST"])
@requires(P.INFORMAL_HELP_TURN)
def informal_help_worry(request: StaffRequest, token: str) -> HttpResponse:
    """Raise a concern."""
    entry = _load(request, token)
    form = WorryFromHelpForm(request.POST or None, initial={"version": entry.version})
    return _step(
        request,
        entry,
        form,
        lambda answers: turns.worry_from_help(by=request.actor, now=timezone.now(), entry=entry, **answers),
        title="Raise a concern about this help",
        done="The concern is raised, and the entry says so.",
    )


@require_http_methods(["GET", "POST"])
@requires(P.INFORMAL_HELP_TURN)
def informal_help_end(request: StaffRequest, token: str) -> HttpResponse:
    """The help has ended or is replaced."""
    entry = _load(request, token)
    form = EndHelpForm(request.POST or None, initial={"version": entry.version})
    return _step(
        request,
        entry,
        form,
        lambda answers: actions.end_help(by=request.actor, now=timezone.now(), entry=entry, **answers),
        title="End this entry",
        done="The entry has ended.",
    )


def _step(
    request: StaffRequest,
    entry: InformalHelp,
    form: GovukForm,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    done: str,
) -> HttpResponse:
    """One form about one entry, and its one action."""
    sees = may(request, P.INFORMAL_HELP_VIEW)
    back = (
        reverse("referrals:informal_help", args=[request.prison.code, entry.token])
        if sees
        else reverse("home:prison", args=[request.prison.code])
    )
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Stale as error:
            form.stale(error, version=_load(request, entry.token).version)
        except NotAllowed as error:
            form.refuse(error)
        if not form.errors:
            messages.success(request, done)
            return redirect(back)
    crumbs = _crumbs(request) if sees else []
    return form_about(request, entry.person, form, title, back, lead=NEVER, crumbs=crumbs)


def _load(request: StaffRequest, token: str, *, own: bool = False) -> InformalHelp:
    rows = InformalHelp.objects.for_prison(request.prison).select_related(
        "prison", "person", "helper", "said_in", "referral", "application", "concern", "noted_by", "looked_by"
    )
    found: InformalHelp = get_object_or_404(rows.filter(noted_by=request.user) if own else rows, token=token)
    return found


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "Informal help", "href": reverse("referrals:informal_helps", args=[request.prison.code])}]
