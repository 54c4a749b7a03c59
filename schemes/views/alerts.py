"""Alerts: who has one, recording, ending; and what a code means, nationally and here."""

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
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from schemes.actions import alerts as actions
from schemes.forms.alerts import AlertForm, MeaningForm, NewAlertForm, PrisonMeaningForm
from schemes.models import Alert, AlertKind, Meaning, MeaningChange, Person, PrisonMeaning
from schemes.queries import alerts as queries
from schemes.queries.people import people_of, person_here
from schemes.views.keep_apart import NOT_HERE

HIDDEN = Tag(text="Do not tell the person", colour="red")
NOT_SHARED = "Alerts are for staff. Never show this page to a prisoner."
NO_CODE = "This code is not on the list of alerts."


@require_safe
@requires(P.ALERTS_VIEW)
def alerts(request: StaffRequest) -> HttpResponse:
    """Running alerts of everybody who is here, by name."""
    today = london_today(timezone.now())
    page = page_of(queries.alerts_at(request.prison, today), request)
    edit = may(request, P.ALERTS_EDIT)
    viewed(by=request.actor, prison=request.prison.code, subject=request.prison, list="alerts", rows=len(page))
    people = may(request, P.PEOPLE_VIEW)
    table = Table(
        caption="Alerts of people who are here, by name",
        first="Person",
        columns=["Alert", "Since", *(["Action"] if edit else [])],
        rows=[
            Row(
                text=alert.person.list_name,
                href=reverse("schemes:person", args=[request.prison.code, alert.person.token]) if people else "",
                note=alert.person.prison_number,
                cells=[
                    Cell(text=alert.kind.words, note=alert.kind.code),
                    day_in_words(alert.active_from),
                    *([_end_cell(request, alert)] if edit else []),
                ],
                tag=HIDDEN if alert.kind.hidden else None,
            )
            for alert in page
        ],
        status="Note",
    )
    context: dict[str, Any] = {
        "title": "Alerts",
        "lead": NOT_SHARED,
        "page": page,
        "table": table,
        "noun": "alerts",
        "empty": "Nobody here has an alert on record.",
    }
    if edit:
        context |= {
            "action_href": reverse("schemes:record_alert", args=[request.prison.code]),
            "action_text": "Record an alert",
        }
    return render(request, "components/list_page.html", context)


def _end_cell(request: StaffRequest, alert: Alert) -> Cell:
    href = reverse("schemes:end_alert", args=[request.prison.code, alert.token])
    return Cell(text="End", href=href, hidden=f"“{alert.kind.words}” of {alert.person.list_name}")


@require_http_methods(["GET", "POST"])
@requires(P.ALERTS_EDIT)
def record(request: StaffRequest) -> HttpResponse:
    """An alert about somebody by prison number."""
    now = timezone.now()
    form = NewAlertForm(request.POST or None, kinds=queries.kinds(), initial={"active_from": london_today(now)})
    back = reverse("schemes:alerts", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        person = person_here(request.prison, form.cleaned_data["prison_number"])
        if person is None:
            form.refuse(NOT_HERE, field="prison_number")
        elif _recorded(request, form, person):
            return redirect(back)
    form.cancel_url = back
    context = {"title": "Record an alert", "form": form, "crumbs": [{"text": "Alerts", "href": back}]}
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.ALERTS_EDIT)
def record_for(request: StaffRequest, token: str) -> HttpResponse:
    """An alert about one person, from their page."""
    person = get_object_or_404(people_of(request.prison), token=token)
    today = london_today(timezone.now())
    form = AlertForm(request.POST or None, kinds=queries.kinds(), initial={"active_from": today})
    back = reverse("schemes:person", args=[request.prison.code, token])
    if not may(request, P.PEOPLE_VIEW):
        back = reverse("schemes:alerts", args=[request.prison.code])
    if request.method == "POST" and form.is_valid() and _recorded(request, form, person):
        return redirect(back)
    form.cancel_url = back
    context = {
        "title": "Record an alert",
        "caption": f"{person.full_name}, {person.prison_number}",
        "form": form,
        "crumbs": [{"text": "Alerts", "href": reverse("schemes:alerts", args=[request.prison.code])}],
    }
    return render(request, "components/form_page.html", context)


def _recorded(request: StaffRequest, form: AlertForm, person: Person) -> bool:
    answers = form.cleaned_data
    kind = get_object_or_404(queries.kinds(), code=answers["kind"])
    try:
        actions.record_alert(
            by=request.actor,
            now=timezone.now(),
            prison=request.prison,
            person=person,
            kind=kind,
            active_from=answers["active_from"],
            active_to=answers["active_to"],
        )
    except NotAllowed as error:
        form.refuse(error)
        return False
    messages.success(request, "The alert is recorded. Running matches are looked at again.")
    return True


@require_http_methods(["GET", "POST"])
@requires(P.ALERTS_EDIT)
def end(request: StaffRequest, token: str) -> HttpResponse:
    """End one alert, after a look at it."""
    alert = get_object_or_404(queries.open_alerts_at(request.prison), token=token)
    back = reverse("schemes:alerts", args=[request.prison.code])
    form = ConfirmForm(request.POST or None, label="End the alert", warning=True)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_alert(by=request.actor, now=timezone.now(), prison=request.prison, alert=alert)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The alert has ended. Running matches are looked at again.")
            return redirect(back)
    form.cancel_url = back
    context = {
        "title": "End an alert",
        "form": form,
        "crumbs": [{"text": "Alerts", "href": back}],
        "warning": "From now on this alert neither stops a match nor stands on the unlock list.",
        "rows": [
            {"key": "Person", "value": f"{alert.person.full_name}, {alert.person.prison_number}"},
            {"key": "Alert", "value": f"{alert.kind.words} ({alert.kind.code})"},
            {"key": "Since", "value": day_in_words(alert.active_from)},
        ],
    }
    return render(request, "components/confirm.html", context)


def panel(request: StaffRequest, person: Person) -> dict[str, Any] | None:
    """For the person's page: running alerts, and the way to record one. None for readers who may not see any."""
    if not may(request, P.ALERTS_VIEW):
        return None
    edit = may(request, P.ALERTS_EDIT)
    code = request.prison.code
    return {
        "rows": [
            {
                "words": alert.kind.words,
                "code": alert.kind.code,
                "since": day_in_words(alert.active_from),
                "until": day_in_words(alert.active_to) if alert.active_to else "",
                "hidden": alert.kind.hidden,
                "end_href": reverse("schemes:end_alert", args=[code, alert.token]) if edit else "",
            }
            for alert in queries.alerts_of(person.pk)
        ],
        "add_href": reverse("schemes:record_alert_for", args=[code, person.token]) if edit else "",
    }


# What codes mean ---------------------------------------------------------------------------------------

MEANING_COLUMNS = ["Code", "For a buddy", "For somebody who is helped", "Date of the list"]


def _meaning_table(rows: list[tuple[AlertKind, queries.MeaningHere]], url: Any) -> Table:
    return Table(
        caption="Alerts in the order of the list",
        first="Alert",
        columns=MEANING_COLUMNS,
        rows=[
            Row(
                text=kind.words,
                href=url(kind),
                cells=[
                    kind.code,
                    str(Meaning(meaning.as_buddy).label),
                    str(Meaning(meaning.as_helped).label),
                    day_in_words(kind.listed_on),
                ],
                tag=HIDDEN if kind.hidden else None,
            )
            for kind, meaning in rows
        ],
        status="Note",
    )


@require_safe
@requires(P.ALERT_MEANINGS_EDIT)
def meanings(request: StaffRequest) -> HttpResponse:
    """Every code with what it means here."""
    page = page_of(queries.kinds_with_meaning(request.prison), request)
    table = _meaning_table(
        list(page), lambda kind: reverse("schemes:alert_meaning", args=[request.prison.code, kind.code])
    )
    context = {
        "title": "What alerts mean here",
        "lead": "An alert can stop a match, warn before one, or stand on the unlock list. What the national list "
        "stops is stopped here too.",
        "page": page,
        "table": table,
        "noun": "alerts",
        "empty": "No list of alerts has been loaded. Ask whoever runs the service to load the register.",
    }
    return render(request, "components/list_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.ALERT_MEANINGS_EDIT)
def meaning(request: StaffRequest, kind_code: str) -> HttpResponse:
    """Change what one code means here, or go back to the national meaning."""
    kind = get_object_or_404(queries.kinds(), code=kind_code)
    national = queries.meaning_of(kind)
    changes = list(queries.own_changes(request.prison, kind))
    newest = changes[0] if changes else None
    initial = {
        "as_buddy": (newest.as_buddy if newest else "") or "NATIONAL",
        "as_helped": (newest.as_helped if newest else "") or "NATIONAL",
        "version": len(changes),
    }
    offered = (national.as_buddy, national.as_helped)
    form = PrisonMeaningForm(request.POST or None, national=offered, initial=initial)
    back = reverse("schemes:alert_meanings", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name].replace("NATIONAL", "") for name in ("as_buddy", "as_helped")}
        try:
            actions.change_prison_meaning(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                kind=kind,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                **answers,
            )
        except Stale as error:
            form.stale(error, version=queries.own_changes(request.prison, kind).count())
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved for this prison. Running matches are looked at again.")
            return redirect(back)
    form.cancel_url = back
    return _meaning_page(request, kind, form, national, changes, {"text": "What alerts mean here", "href": back})


@require_safe
@requires(P.NATIONAL_ALERTS_EDIT)
def national_meanings(request: StaffRequest) -> HttpResponse:
    """Every code with what it means nationally."""
    page = page_of(queries.kinds(), request)
    newest = queries.newest_national(page)
    rows = [(kind, newest.get(kind.code) or queries.MeaningHere(kind.as_buddy, kind.as_helped)) for kind in page]
    context = {
        "title": "What alerts mean",
        "lead": "A change counts at every prison at once. A prison may be stricter, never looser than a stop.",
        "page": page,
        "table": _meaning_table(rows, lambda kind: reverse("national:alert", args=[kind.code])),
        "noun": "alerts",
        "empty": "No list of alerts has been loaded. Ask whoever runs the service to load the register.",
        "crumbs": [],
    }
    return render(request, "components/list_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_ALERTS_EDIT)
def national_meaning(request: StaffRequest, kind_code: str) -> HttpResponse:
    """Change what one code means everywhere."""
    kind = get_object_or_404(queries.kinds(), code=kind_code)
    current = queries.meaning_of(kind)
    changes = list(queries.national_changes(kind))
    form = MeaningForm(
        request.POST or None,
        initial={"as_buddy": current.as_buddy, "as_helped": current.as_helped, "version": len(changes)},
    )
    back = reverse("national:alerts")
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            actions.change_meaning(
                by=request.actor,
                now=timezone.now(),
                kind=kind,
                as_buddy=answers["as_buddy"],
                as_helped=answers["as_helped"],
                reason=answers["reason"],
                version=answers["version"],
            )
        except Stale as error:
            form.stale(error, version=queries.national_changes(kind).count())
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved. Every prison looks again at its running matches.")
            return redirect(back)
    form.cancel_url = back
    return _meaning_page(request, kind, form, current, changes, {"text": "What alerts mean", "href": back})


def _meaning_page(
    request: StaffRequest,
    kind: AlertKind,
    form: MeaningForm,
    national: queries.MeaningHere,
    changes: list[Any],
    crumb: dict[str, str],
) -> HttpResponse:
    rows = [
        {"key": "Code", "value": kind.code},
        {"key": "Nationally, for a buddy", "value": str(Meaning(national.as_buddy).label)},
        {"key": "Nationally, for somebody who is helped", "value": str(Meaning(national.as_helped).label)},
        {"key": "Date of the list", "value": day_in_words(kind.listed_on)},
        {"key": "Shared with the person?", "value": "No, never" if kind.hidden else "Staff decide"},
    ]
    rows += [
        {"key": f"Changed on {day_in_words(london_today(change.changed_at))}", "value": _change_words(change)}
        for change in changes
    ]
    context = {"title": kind.words, "form": form, "rows": rows, "crumbs": [crumb]}
    return render(request, "components/form_page.html", context)


def _change_words(change: MeaningChange | PrisonMeaning) -> str:
    def said(meaning: str) -> str:
        return str(Meaning(meaning).label).lower() if meaning else "as nationally"

    return (
        f"Buddy: {said(change.as_buddy)}; helped: {said(change.as_helped)}. {change.reason} ({change.changed_by.name})"
    )
