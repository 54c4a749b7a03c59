"""People of this prison: finding, adding, correcting, moving, leaving."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import Wing
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import PRISON_NUMBER, PRISON_NUMBER_SHAPE, day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table
from schemes.actions import people as actions
from schemes.actions.merging import merge_people
from schemes.forms import people as forms
from schemes.models import Custody, Person
from schemes.queries import people as queries
from schemes.queries.buddies import open_record_of
from schemes.queries.prisons import other_prisons
from schemes.queries.wings import wings_of
from schemes.views import absences, alerts
from schemes.views.adding import go_on, number_to_add, offer_to_add
from schemes.views.keep_apart import NOT_HERE

MOST_FOUND = 50
# Pages of the apps above about one person, by url name, permission and words; each takes the person's token.
ELSEWHERE = (
    ("referrals:person_referrals", P.REFERRAL_VIEW, "Referrals"),
    ("referrals:person_needs", P.NEED_VIEW, "Needs"),
    ("referrals:person_unmet_needs", P.UNMET_NEED_VIEW, "Unmet personal care"),
    ("referrals:person_informal_help", P.INFORMAL_HELP_VIEW, "Informal help"),
    ("referrals:person_plans", P.PLAN_VIEW, "Plans"),
    ("referrals:person_moves", P.CARE_RECORD_HANDLE, "Moving on: care record and handover"),
)
# What can be begun from the page of somebody who is here: address, permission, words, and how the address names them.
TO_BEGIN = (
    ("referrals:refer", P.REFERRAL_MAKE, "Refer this person", "person"),
    ("referrals:fall_add", P.FALL_RECORD, "Record a fall", "about"),
)


@require_http_methods(["GET", "POST"])
@requires(P.PEOPLE_VIEW)
def people(request: StaffRequest) -> HttpResponse:
    """Everybody who is here, by wing; a search is posted, so that no name or number stands in an address."""
    wings = wings_of(request.prison)
    search = forms.SearchForm(request.POST or None)
    context: dict[str, Any] = {"form": search, "may_add": may(request, P.PEOPLE_ADD), "title": "People"}
    if request.method == "POST" and search.is_valid():
        return _found(request, search, context)
    filter_form = forms.PeopleFilter(request.GET, wings=wings)
    rows = queries.custodies_of(request.prison).order_by("person__last_name", "person__first_name", "id")
    if wing := filter_form.answers.get("wing"):
        rows = rows.filter(wing__code=wing)
    page = page_of(rows, request)
    context |= {
        "page": page,
        "noun": "people",
        "table": _table(request, page, "People here now, by name"),
        "filter_form": filter_form,
    }
    return render(request, "schemes/people.html", context)


def _found(request: StaffRequest, search: forms.SearchForm, context: dict[str, Any]) -> HttpResponse:
    words = search.cleaned_data["words"]
    number = re.sub(r"\s+", "", words).upper()
    if any(character.isdigit() for character in words):
        if not PRISON_NUMBER.fullmatch(number):
            search.refuse(PRISON_NUMBER_SHAPE, field="words")
            return render(request, "schemes/people.html", context)
        found = queries.person_here(request.prison, number) or queries.joined_number(request.prison, number)
        if found is not None:
            return redirect("schemes:person", request.prison.code, found.token)
        offer_to_add(request, number)
        return render(request, "schemes/people.html", context | {"searched": number, "number": number})
    rows = queries.matching(queries.custodies_of(request.prison), words)
    rows = rows.order_by("person__last_name", "person__first_name", "id")
    custodies = list(rows[: MOST_FOUND + 1])
    context |= {
        "searched": words,
        "table": _table(request, custodies[:MOST_FOUND], "People found"),
        "too_many": len(custodies) > MOST_FOUND,
    }
    return render(request, "schemes/people.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.PEOPLE_ADD)
def add(request: StaffRequest) -> HttpResponse:
    """Put a person on this prison's list. The words are the same whether another prison knows the number or not."""
    wings = wings_of(request.prison)
    form = forms.AddPersonForm(request.POST or None, wings=wings, initial={"prison_number": number_to_add(request)})
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        try:
            person = actions.add_person(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                prison_number=answers["prison_number"],
                first_name=answers["first_name"],
                last_name=answers["last_name"],
                born_on=answers["born_on"],
                **_place(answers, wings),
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{person.full_name} is on this prison’s list.")
            then = go_on(request, person.prison_number)
            return redirect(then or _person_url(request, person))
    form.cancel_url = reverse("schemes:people", args=[request.prison.code])
    return render(
        request, "components/form_page.html", {"title": "Add a person", "form": form, "crumbs": _crumbs(request)}
    )


@require_safe
@requires(P.PEOPLE_VIEW)
def person(request: StaffRequest, token: str) -> HttpResponse:
    """One person: who, where, since when. Each look is recorded. A number that was joined leads to the one kept."""
    found, custody = _load(request, token)
    goes_on = queries.goes_on_as(request.prison, found)
    if goes_on is not None:
        messages.info(request, f"{found.prison_number} is joined with {goes_on.prison_number}.")
        return redirect(_person_url(request, goes_on))
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.pk)
    edit = may(request, P.PEOPLE_EDIT)
    here = custody.ended_at is None
    address = {
        name: reverse(f"schemes:{name}", args=[request.prison.code, token])
        for name in ("person_details", "person_cell", "person_left", "person_release_date")
    }
    details = [
        {"key": "Prison number", "value": found.prison_number},
        {"key": "Name", "value": found.full_name},
        {"key": "Likes to be called", "value": found.preferred_name},
        {"key": "Date of birth", "value": day_in_words(found.born_on) if found.born_on else ""},
        {"key": "Sex", "value": found.get_sex_display()},
        {"key": "Ethnic group", "value": found.get_ethnicity_display()},
        {"key": "Disability", "value": found.get_disability_display()},
        {"key": "Languages", "value": ", ".join(found.languages)},
    ]
    place = [
        {"key": "Wing", "value": custody.wing.name if custody.wing else ""},
        {"key": "Landing", "value": "" if custody.landing is None else str(custody.landing)},
        {"key": "Cell", "value": custody.cell},
        {"key": "On this prison’s list since", "value": day_in_words(london_today(custody.started_at))},
    ]
    if here:
        place.append({"key": "To be released", "value": day_in_words(custody.release_on) if custody.release_on else ""})
    if custody.ended_at is not None:
        place.append({"key": "Left", "value": day_in_words(london_today(custody.ended_at))})
        place.append({"key": "Why", "value": custody.get_end_reason_display()})
        if custody.moved_to is not None:
            place.append({"key": "Moved to", "value": custody.moved_to.name})
    context = {
        "person": found,
        "place": custody.place if here else "No longer here",
        "here": here,
        "details": details,
        "place_rows": place,
        "edit": edit,
        "address": address,
        "links": _links(request, found, here=custody.ended_at is None),
        "alerts": alerts.panel(request, found) if here else None,
        "elsewhere": absences.panel(request, found) if here else None,
        "crumbs": _crumbs(request),
        "merge_href": reverse("schemes:person_merge", args=[request.prison.code, token])
        if may(request, P.PEOPLE_MERGE)
        else "",
    }
    return render(request, "schemes/person.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.PEOPLE_EDIT)
def details(request: StaffRequest, token: str) -> HttpResponse:
    """Correct what is known about a person."""
    found, custody = _load(request, token)
    initial = {name: getattr(found, name) for name in actions.DETAILS}
    form = forms.DetailsForm(
        request.POST or None,
        initial=initial | {"languages": ", ".join(found.languages), "version": found.version},
    )
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in actions.DETAILS}
        try:
            actions.change_person(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                person=found,
                version=form.cleaned_data["version"],
                **answers,
            )
        except Stale as error:
            form.stale(error, version=_load(request, token)[0].version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The details are saved.")
            return redirect(_person_url(request, found))
    return _about(request, found, custody, form, "Change details")


@require_http_methods(["GET", "POST"])
@requires(P.PEOPLE_EDIT)
def cell(request: StaffRequest, token: str) -> HttpResponse:
    """Record a move to another cell."""
    found, custody = _load(request, token)
    wings = wings_of(request.prison)
    form = forms.PlaceForm(
        request.POST or None,
        wings=wings,
        initial={
            "wing": custody.wing.token if custody.wing else "",
            "landing": custody.landing,
            "cell": custody.cell,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_cell(by=request.actor, now=timezone.now(), custody=custody, **_place(form.cleaned_data, wings))
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The cell is recorded.")
            return redirect(_person_url(request, found))
    return _about(request, found, custody, form, "Record a cell move")


@require_http_methods(["GET", "POST"])
@requires(P.PEOPLE_EDIT)
def left(request: StaffRequest, token: str) -> HttpResponse:
    """Record that a person has left this prison."""
    found, custody = _load(request, token)
    prisons = {prison.code: prison for prison in other_prisons(request.prison)}
    form = forms.LeftForm(request.POST or None, prisons=[(prison.code, prison.name) for prison in prisons.values()])
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_custody(
                by=request.actor,
                now=timezone.now(),
                custody=custody,
                reason=form.cleaned_data["reason"],
                moved_to=prisons.get(form.cleaned_data["moved_to"]),
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "It is recorded that the person has left.")
            return redirect("schemes:people", request.prison.code)
    return _about(
        request,
        found,
        custody,
        form,
        "Record that a person has left",
        warning="The person goes off this prison’s list. Their plan, and visits to them and by them as a buddy, end. "
        "An open application or buddy’s role ends with the same reason. "
        "If they moved, their care record goes to the prison you select.",
    )


@require_http_methods(["GET", "POST"])
@requires(P.PEOPLE_MERGE)
def merge(request: StaffRequest, token: str) -> HttpResponse:
    """Two prison numbers turn out to be one person."""
    found, custody = _load(request, token)
    form = forms.MergeForm(request.POST or None, number=found.prison_number)
    if request.method == "POST" and form.is_valid():
        other = queries.person_ever(request.prison, form.cleaned_data["other_number"])
        if other is None:
            form.refuse(NOT_HERE, field="other_number")
        else:
            old, kept = (other, found) if form.cleaned_data["keep"] == "THIS" else (found, other)
            try:
                goes_on = merge_people(by=request.actor, now=timezone.now(), prison=request.prison, old=old, kept=kept)
            except NotAllowed as error:
                form.refuse(error)
            else:
                messages.success(request, f"The two records are one, under {goes_on.prison_number}.")
                return redirect(_person_url(request, goes_on))
    return _about(
        request,
        found,
        custody,
        form,
        "Join two records of one person",
        warning="This cannot be undone. Alerts, keep-apart records and absences of both numbers go on under the number "
        "that is kept, and pages of the other number lead to it.",
    )


@require_http_methods(["GET", "POST"])
@requires(P.PEOPLE_EDIT)
def release_date(request: StaffRequest, token: str) -> HttpResponse:
    """Record when a person is to be released."""
    found, custody = _load(request, token)
    form = forms.ReleaseDateForm(request.POST or None, initial={"release_on": custody.release_on})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_release_date(
                by=request.actor, now=timezone.now(), custody=custody, release_on=form.cleaned_data["release_on"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The release date is saved.")
            return redirect(_person_url(request, found))
    return _about(request, found, custody, form, "Record a release date")


# What the pages are made of ---------------------------------------------------------------------------------------


def _load(request: StaffRequest, token: str) -> tuple[Person, Custody]:
    """The person, if ever held here, with the newest period here."""
    found = get_object_or_404(queries.people_ever_of(request.prison), token=token)
    custody = queries.last_custody_of(request.prison, found)
    if custody is None:
        raise Http404("never here")
    return found, custody


def _place(answers: dict[str, Any], wings: list[Wing]) -> dict[str, Any]:
    wing = next((wing for wing in wings if wing.token == answers["wing"]), None)
    return {"wing": wing, "landing": answers["landing"], "cell": answers["cell"]}


def _person_url(request: StaffRequest, person: Person) -> str:
    return reverse("schemes:person", args=[request.prison.code, person.token])


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "People", "href": reverse("schemes:people", args=[request.prison.code])}]


def _about(
    request: StaffRequest, person: Person, custody: Custody, form: Any, title: str, warning: str = ""
) -> HttpResponse:
    """A form about one person, under their identity bar."""
    href = _person_url(request, person)
    form.cancel_url = href
    context = {
        "title": title,
        "form": form,
        "person": person,
        "place": custody.place if custody.ended_at is None else "No longer here",
        "href": href,
        "warning": warning,
        "crumbs": [*_crumbs(request), {"text": "Person", "href": href}],
    }
    return render(request, "schemes/person_form.html", context)


def _table(request: StaffRequest, custodies: Any, caption: str) -> Table:
    return Table(
        caption=caption,
        first="Name",
        columns=["Wing", "Cell"],
        rows=[
            Row(
                text=custody.person.list_name,
                href=reverse("schemes:person", args=[request.prison.code, custody.person.token]),
                note=custody.person.prison_number,
                cells=[custody.wing.name if custody.wing else "Not recorded", custody.cell or "Not recorded"],
            )
            for custody in custodies
        ],
    )


def _links(request: StaffRequest, person: Person, *, here: bool) -> list[dict[str, str]]:
    """Pages about this person that the reader may open, most of them of the apps above."""
    links = []
    records = [(person, "")]
    records += [(row, f" under {row.prison_number}") for row in queries.joined_with(request.prison, person)]
    for row, under in records:
        for name, permission, text in ELSEWHERE:
            if not may(request, permission):
                continue
            try:
                links.append({"text": text + under, "href": reverse(name, args=[request.prison.code, row.token])})
            except NoReverseMatch:
                continue
    if here:
        for name, permission, text, query in TO_BEGIN:
            if not may(request, permission):
                continue
            try:
                href = reverse(name, args=[request.prison.code])
            except NoReverseMatch:
                continue
            links.append({"text": text, "href": f"{href}?{query}={person.token}"})
    if may(request, P.BUDDIES_VIEW) and (buddy := open_record_of(request.prison, person)) is not None:
        href = reverse("schemes:buddy", args=[request.prison.code, buddy.token])
        links.append({"text": f"Buddy role ({buddy.get_status_display().lower()})", "href": href})
    return links
