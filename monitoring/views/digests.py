"""What changed: a reader's digests, one of them, and choosing how often and about what. Nationally and at a prison."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today, parse_period
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table, Tag
from monitoring.actions.digests import choose_digest, read_digest
from monitoring.digests import HowOften, offered
from monitoring.forms.digests import UNREAD, DigestFilter, DigestForm
from monitoring.models import Digest
from monitoring.queries import digests as queries
from monitoring.queries.releases import prisons_released
from monitoring.queries.wording import worded

TOLD = {
    HowOften.QUARTERLY: "You are told every quarter.",
    HowOften.MONTHLY: "You are told every month.",
    HowOften.NEVER: "You have chosen not to be told.",
}


def _url(prison: Prison | None, name: str, *args: str) -> str:
    """An address of a reader's digests, nationally or at the prison."""
    return (
        reverse(f"national:{name}", args=args)
        if prison is None
        else reverse(f"monitoring:{name}", args=[prison.code, *args])
    )


def _crumbs(prison: Prison | None, *more: str) -> list[dict[str, str]]:
    above = (
        {"text": "Releases", "href": reverse("national:releases")}
        if prison is None
        else {"text": "Figures", "href": reverse("monitoring:figures", args=[prison.code])}
    )
    return [above, *({"text": text, "href": _url(prison, "digests")} for text in more)]


@require_safe
@requires(P.NATIONAL_RELEASES_VIEW)
def national(request: StaffRequest) -> HttpResponse:
    """Digests about published figures."""
    return _list(request, None)


@require_safe
@requires(P.FIGURES_VIEW)
def own(request: StaffRequest) -> HttpResponse:
    """Digests about the prison's own figures."""
    return _list(request, request.prison)


def _list(request: StaffRequest, prison: Prison | None) -> HttpResponse:
    filter_form = DigestFilter(request.GET)
    shows_unread = filter_form.answers.get("show") == UNREAD
    rows = (queries.unread if shows_unread else queries.digests_of)(request.user, prison)
    page = page_of(rows, request)
    table = Table(
        caption="Digests, newest first",
        first="Period",
        columns=[Column(text="Changes", numeric=True), "Made"],
        rows=[_row(digest, prison) for digest in page],
    )
    wish = queries.wish_of(request.user, prison)
    return render(
        request,
        "components/list_page.html",
        {
            "title": "What changed",
            "lead": f"{TOLD[HowOften(wish.how_often)]} A digest says which of the figures you chose have changed, and "
            "how.",
            "page": page,
            "noun": "digests",
            "table": table,
            "filter_form": filter_form,
            "empty": "No digest has been made for you yet. The first comes when the period you chose is over.",
            "action_href": _url(prison, "digest_choice"),
            "action_text": "Choose how often and about what",
            "crumbs": _crumbs(prison),
        },
    )


def _row(digest: Digest, prison: Prison | None) -> Row:
    return Row(
        text=str(parse_period(digest.period)),
        href=_url(prison, "digest", digest.token),
        hidden="what changed",
        cells=[f"{digest.count:,}" if digest.count else "None", day_in_words(london_today(digest.made_at))],
        tag=_tag(digest),
    )


def _tag(digest: Digest) -> Tag:
    if digest.read_at is None and digest.count:
        return Tag(text="New", colour="blue")
    return Tag(text="Read" if digest.read_at else "Nothing changed", colour="grey")


@require_safe
@requires(P.NATIONAL_RELEASES_VIEW)
def national_digest(request: StaffRequest, token: str) -> HttpResponse:
    """One digest about published figures."""
    return _one(request, None, token)


@require_safe
@requires(P.FIGURES_VIEW)
def own_digest(request: StaffRequest, token: str) -> HttpResponse:
    """One digest about the prison's own figures."""
    return _one(request, request.prison, token)


def _one(request: StaffRequest, prison: Prison | None, token: str) -> HttpResponse:
    """What changed, with ways to it. A digest that was opened is read, as a letter is; nothing else changes."""
    digest = get_object_or_404(queries.digests_of(request.user, prison), token=token)
    read_digest(by=request.actor, now=timezone.now(), digest=digest)
    table = Table(
        caption="What changed",
        first="Figure",
        columns=["What changed"],
        rows=[Row(text=each["title"], href=each["href"], cells=[each["words"]]) for each in digest.entries],
        caption_hidden=True,
    )
    return render(
        request,
        "components/list_page.html",
        {
            "title": f"What changed, {parse_period(digest.period)}",
            "lead": f"From {day_in_words(london_today(digest.since))} to "
            f"{day_in_words(parse_period(digest.period).last)}.",
            "table": table,
            "empty": "None of the figures you chose changed.",
            "crumbs": _crumbs(prison, "What changed"),
        },
    )


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_RELEASES_VIEW)
def national_choice(request: StaffRequest) -> HttpResponse:
    """How often, which published figures, and of which prisons."""
    return _choose(request, None)


@require_http_methods(["GET", "POST"])
@requires(P.FIGURES_VIEW)
def own_choice(request: StaffRequest) -> HttpResponse:
    """How often, and which of the prison's own figures."""
    return _choose(request, request.prison)


def _choose(request: StaffRequest, prison: Prison | None) -> HttpResponse:
    measures = worded(offered(national=prison is None))
    wish = queries.wish_of(request.user, prison)
    form = DigestForm(
        request.POST if request.method == "POST" else None,
        measures=measures,
        prisons=prisons_released() if prison is None else [],
        initial=DigestForm.beginning(measures, wish.how_often, wish.measures, wish.prisons),
    )
    form.cancel_url = _url(prison, "digests")
    if request.method == "POST" and form.is_valid():
        try:
            choose_digest(by=request.actor, now=timezone.now(), prison=prison, **form.choice)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Your choice is saved. The next digest follows it.")
            return redirect(form.cancel_url)
    context: dict[str, Any] = {
        "title": "Choose how often and about what",
        "lead": "Digests stay in this service: nothing is sent by e-mail. They name nobody.",
        "form": form,
        "crumbs": _crumbs(prison, "What changed"),
    }
    return render(request, "monitoring/digest_choice.html", context)
