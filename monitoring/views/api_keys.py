"""Keys of programs that read published figures: the list, one key with its use, making one, revoking one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table, Tag
from monitoring.actions.api_keys import make_key, revoke_key
from monitoring.forms.api_keys import ApiKeyForm, RevokeKeyForm
from monitoring.models import ApiKey
from monitoring.queries import api_keys as queries

SHOWN_DAYS = 31


@require_safe
@requires(P.NATIONAL_KEYS_MANAGE)
def keys(request: StaffRequest) -> HttpResponse:
    """Every key, the newest first, with the last day on which it was used."""
    today = london_today(timezone.now())
    page = page_of(queries.keys(), request)
    last = queries.last_used(list(page))
    table = Table(
        caption="Keys, newest first",
        first="Program",
        columns=["Who answers for it", "Last day", "Last used"],
        rows=[
            Row(
                text=each.name,
                href=reverse("national:api_key", args=[each.token]),
                hidden="key",
                cells=[each.contact, day_in_words(each.expires_on), _used(last.get(each.pk))],
                tag=_tag(each, today),
            )
            for each in page
        ],
    )
    return render(
        request,
        "monitoring/api_keys.html",
        {
            "title": "Keys for programs",
            "page": page,
            "noun": "keys",
            "table": table,
            "empty": "No program has a key yet.",
            "action_href": reverse("national:make_api_key"),
            "action_text": "Make a key",
        },
    )


def _used(day: date | None) -> str:
    return "Never" if day is None else day_in_words(day)


def _tag(key: ApiKey, today: date) -> Tag:
    if key.revoked_at is not None:
        return Tag(text="Revoked", colour="red")
    return Tag(text="Expired", colour="grey") if today > key.expires_on else Tag(text="In use", colour="green")


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_KEYS_MANAGE)
def make(request: StaffRequest) -> HttpResponse:
    """Make a key and show it, once: the page after the form is the only one that ever holds it."""
    form = ApiKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = make_key(by=request.actor, now=timezone.now(), **form.cleaned_data)
        except NotAllowed as error:
            form.refuse(error)
        else:
            context = {"title": "The key is made", "key": made, "secret": secret, "crumbs": _crumbs()}
            return render(request, "monitoring/api_key_made.html", context)
    form.cancel_url = reverse("national:api_keys")
    return render(
        request,
        "components/form_page.html",
        {
            "title": "Make a key for a program",
            "lead": "The program reads published releases and the words of the measures, and nothing else. The key is "
            "shown once, on the next page: have a safe place for it ready.",
            "form": form,
            "crumbs": _crumbs(),
        },
    )


@require_safe
@requires(P.NATIONAL_KEYS_MANAGE)
def key(request: StaffRequest, token: str) -> HttpResponse:
    """One key: whose it is, and what it read on the last days on which it was used."""
    found = _key_or_404(token)
    used = queries.days_of_use(found, most=SHOWN_DAYS)
    table = Table(
        caption="Days on which it was used, newest first",
        first="Day",
        columns=[
            Column(text="Requests", numeric=True), Column(text="Releases", numeric=True),
            Column(text="Rows sent", numeric=True),
        ],
        rows=[
            Row(text=day_in_words(day.day), cells=[intcomma(day.requests), str(day.releases), intcomma(day.rows)])
            for day in used
        ],
    )  # fmt: skip
    context = {
        "title": found.name,
        "tag": _tag(found, london_today(timezone.now())),
        "rows": _rows(found),
        "table": table,
        "revoke_url": "" if found.revoked_at else reverse("national:revoke_api_key", args=[found.token]),
        "crumbs": _crumbs(),
    }
    return render(request, "monitoring/api_key.html", context)


def _rows(found: ApiKey) -> list[dict[str, Any]]:
    said = {
        "What the figures are used for": found.purpose,
        "Who answers for it": found.contact,
        "The key ends with": found.ends_with,
        "Made": f"{day_in_words(london_today(found.made_at))} by {found.made_by.name}",
        "Last day": day_in_words(found.expires_on),
    }
    if found.revoked_at is not None and found.revoked_by is not None:
        said["Revoked"] = f"{day_in_words(london_today(found.revoked_at))} by {found.revoked_by.name}"
        said["Why"] = found.revoke_reason
    return [{"key": key, "value": value} for key, value in said.items()]


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_KEYS_MANAGE)
def revoke(request: StaffRequest, token: str) -> HttpResponse:
    """Take a key back, with the reason."""
    found = _key_or_404(token)
    form = RevokeKeyForm(request.POST or None)
    back = reverse("national:api_key", args=[found.token])
    if request.method == "POST" and form.is_valid():
        try:
            revoke_key(by=request.actor, now=timezone.now(), key=found, reason=form.cleaned_data["reason"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"The key of {found.name} is revoked.")
            return redirect(back)
    form.cancel_url = back
    context = {
        "title": "Revoke this key",
        "caption": found.name,
        "lead": "From its next request on the program reads nothing more. A key that is revoked stays so; the program "
        "can get a new one.",
        "form": form,
        "crumbs": [*_crumbs(), {"text": found.name, "href": back}],
    }
    return render(request, "components/form_page.html", context)


def _key_or_404(token: str) -> ApiKey:
    found = queries.key_by(token)
    if found is None:
        raise Http404("no such key")
    return found


def _crumbs() -> list[dict[str, str]]:
    return [{"text": "Keys for programs", "href": reverse("national:api_keys")}]
