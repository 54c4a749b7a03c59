"""Keep-apart records: for holders of the permission, each look at the list recorded."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table
from schemes.actions.keep_apart import end_keep_apart, keep_apart
from schemes.forms.keep_apart import KeepApartForm
from schemes.models import KeepApart, Person
from schemes.queries.keep_apart import pairs_of
from schemes.queries.people import people_ever_of, person_here

# The same words whether the number is unknown or belongs to a person of another prison.
NOT_HERE = "Nobody with this prison number is on this prison’s list. Check the number, or add the person first"


@require_safe
@requires(P.KEEP_APART_VIEW)
def records(request: StaffRequest) -> HttpResponse:
    """Open records with somebody who is here now."""
    page = page_of(pairs_of(request.prison), request)
    others = {p.pk: p for p in people_ever_of(request.prison).filter(pk__in=[row.other_id for row in page])}
    edit = may(request, P.KEEP_APART_EDIT)
    columns = ["Kept apart from", "How far apart", "Reason", "Since", *(["Action"] if edit else [])]
    table = Table(
        caption="People who are kept apart",
        first="Person",
        columns=columns,
        rows=[_row(request, pair, others.get(pair.other_id), edit) for pair in page],
    )
    viewed(by=request.actor, prison=request.prison.code, subject=request.prison, list="keep_apart", rows=len(page))
    context = {
        "title": "Keep-apart records",
        "page": page,
        "table": table,
        "noun": "records",
        "empty": "No two people here are on record as kept apart.",
        "lead": "A buddy is never matched with a person on record with them, in either direction.",
    }
    if edit:
        context |= {
            "action_href": reverse("schemes:add_keep_apart", args=[request.prison.code]),
            "action_text": "Record that two people are kept apart",
        }
    return render(request, "components/list_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.KEEP_APART_EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """Two people by prison number, how far apart, and why."""
    form = KeepApartForm(request.POST or None)
    back = reverse("schemes:keep_apart", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        people = {
            name: person_here(request.prison, form.cleaned_data[name]) for name in ("person_number", "other_number")
        }
        for name, person in people.items():
            if person is None:
                form.refuse(NOT_HERE, field=name)
        if form.is_valid():
            try:
                keep_apart(
                    by=request.actor,
                    now=timezone.now(),
                    prison=request.prison,
                    person=people["person_number"],  # type: ignore[arg-type]
                    other=people["other_number"],  # type: ignore[arg-type]
                    reason=form.cleaned_data["reason"],
                    restriction=form.cleaned_data["restriction"],
                )
            except NotAllowed as error:
                form.refuse(error)
            else:
                messages.success(request, "The record is saved. It counts in both directions.")
                return redirect(back)
    form.cancel_url = back
    context = {
        "title": "Record that two people are kept apart",
        "form": form,
        "crumbs": [{"text": "Keep-apart records", "href": back}],
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.KEEP_APART_EDIT)
def end(request: StaffRequest, token: str) -> HttpResponse:
    """End one record, after a look at it."""
    row = get_object_or_404(pairs_of(request.prison), token=token)
    other = people_ever_of(request.prison).filter(pk=row.other_id).first()
    back = reverse("schemes:keep_apart", args=[request.prison.code])
    form = ConfirmForm(request.POST or None, label="End the record", warning=True)
    if request.method == "POST" and form.is_valid():
        try:
            end_keep_apart(by=request.actor, now=timezone.now(), prison=request.prison, pair=row.pair)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The record has ended.")
            return redirect(back)
    form.cancel_url = back
    context = {
        "title": "End a keep-apart record",
        "form": form,
        "crumbs": [{"text": "Keep-apart records", "href": back}],
        "warning": "From then on these two people can be matched, and share a cell, a landing or a wing.",
        "rows": [
            {"key": "Person", "value": f"{row.person.full_name}, {row.person.prison_number}"},
            {"key": "Kept apart from", "value": _other_words(other)},
            {"key": "How far apart", "value": row.get_restriction_display()},
            {"key": "Reason", "value": row.get_reason_display()},
        ],
    }
    return render(request, "components/confirm.html", context)


def _row(request: StaffRequest, pair: KeepApart, other: Person | None, edit: bool) -> Row:
    cells: list[Cell | str] = [
        Cell(text=other.list_name, note=other.prison_number) if other else "Somebody at another prison",
        pair.get_restriction_display(),
        pair.get_reason_display(),
        day_in_words(london_today(pair.recorded_at)),
    ]
    if edit:
        href = reverse("schemes:end_keep_apart", args=[request.prison.code, pair.token])
        cells.append(Cell(text="End", href=href, hidden=f"the record of {pair.person.list_name}"))
    return Row(text=pair.person.list_name, note=pair.person.prison_number, cells=cells)


def _other_words(other: Person | None) -> str:
    return f"{other.full_name}, {other.prison_number}" if other else "Somebody at another prison"
