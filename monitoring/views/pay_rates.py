"""Local rates with their history, the notice for prisoners, how pay is counted, and bands of buddies without a post."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table, Tag
from monitoring import pay_words as words
from monitoring.actions import pay as actions
from monitoring.forms.pay import BandsForm, RateForm, SettingForm
from monitoring.models import PayRate
from monitoring.queries import pay as queries
from monitoring.rules.pay import review_due
from monitoring.views.pay import pay_crumbs, pay_url
from schemes.printed_words import ENGLISH, WELSH, day_of, language_of


@require_safe
@requires(P.PAY_VIEW)
def rates(request: StaffRequest) -> HttpResponse:
    """Every rate by band, the newest first; the review that is due."""
    today = london_today(timezone.now())
    page = page_of(queries.rates_of(request.prison), request)
    running = {row.pk for row in queries.in_force(request.prison, today)}
    due = review_due(queries.setting_of(request.prison).reviewed_on, queries.first_rate_on(request.prison))
    context: dict[str, Any] = {
        "title": "Pay rates",
        "lead": _review_words(due, overdue=due is not None and due < today),
        "page": page,
        "noun": "rates",
        "table": Table(
            caption="Rates by band, newest first",
            first="Band",
            columns=["Name", "Rate", "From", "Set by"],
            rows=[
                Row(
                    text=f"Band {rate.band}",
                    cells=[
                        rate.name,
                        words.rate(rate),
                        day_in_words(rate.valid_from),
                        f"{rate.set_by.name}, {day_in_words(london_today(rate.set_at))}",
                    ],
                    tag=_tag(rate, running=rate.pk in running, coming=rate.valid_from > today),
                )
                for rate in page
            ],
        ),
        "empty": "No rate has been set. Set one for each band that buddies are paid in.",
        "notices": [
            {"text": text, "href": f"{pay_url(request, 'pay_notice')}?lang={code}"}
            for text, code in (("Rates to print, in English", ENGLISH), ("Rates to print, in Welsh", WELSH))
        ],
        "crumbs": pay_crumbs(request),
    }
    if may(request, P.PAY_EDIT):
        context |= {"action_href": pay_url(request, "add_pay_rate"), "action_text": "Start a rate"}
    return render(request, "monitoring/pay_rates.html", context)


def _review_words(due: Any, *, overdue: bool) -> str:
    if due is None:
        return "Pay is set by each prison. Rates are published to prisoners and reviewed every year."
    late = "The yearly review was due by" if overdue else "Rates are reviewed every year, next by"
    return f"{late} {day_in_words(due)}. A rate is never changed: a new one follows it."


def _tag(rate: PayRate, *, running: bool, coming: bool) -> Tag:
    if running:
        return Tag(text="In force", colour="green")
    return Tag(text="To come", colour="blue") if coming else Tag(text="Ended", colour="grey")


@require_http_methods(["GET", "POST"])
@requires(P.PAY_EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """Start a rate."""
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            rate = actions.add_rate(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                band=int(said["band"]),
                **{name: said[name] for name in ("name", "session_pence", "week_pence", "valid_from")},
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            since = day_in_words(rate.valid_from)
            messages.success(request, f"Band {rate.band} pays {words.rate(rate)} from {since}. Print the notice again.")
            return redirect(pay_url(request, "pay_rates"))
    form.cancel_url = pay_url(request, "pay_rates")
    context = {
        "title": "Start a rate",
        "lead": "The rate before it runs until the day before. Pay periods from that day on are counted again.",
        "form": form,
        "crumbs": pay_crumbs(request, ("Pay rates", "pay_rates")),
    }
    return render(request, "components/form_page.html", context)


@require_safe
@requires(P.PAY_VIEW)
def notice(request: StaffRequest) -> HttpResponse:
    """The rates for the notice board, in English or Welsh."""
    now = timezone.now()
    today, language = london_today(now), language_of(request.GET.get("lang", ""))
    other = WELSH if language == ENGLISH else ENGLISH
    setting, said = queries.setting_of(request.prison), words.NOTICE[language]
    due = review_due(setting.reviewed_on, queries.first_rate_on(request.prison))
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, page="pay rates")
    dates = [(said["reviewed"], setting.reviewed_on), (said["due"], due)]
    context = {
        "page_language": language,
        "said": said,
        "table": _notice_table(said["title"], said, queries.in_force(request.prison, today), language),
        "coming": _notice_table(said["coming"], said, queries.coming(request.prison, today), language),
        "classes": said["classes" if setting.classes_count else "no_classes"],
        "dates": [(text, day_of(day, language)) for text, day in dates if day is not None],
        "unchecked": language == WELSH,
        "printed_at": now,
        "back_href": pay_url(request, "pay_rates"),
        "other_language": "Cymraeg" if other == WELSH else "English",
        "other_code": other,
        "handling": "This notice holds no personal information. Put up a new one when a rate begins.",
    }
    return render(request, "monitoring/pay_notice.html", context)


def _notice_table(caption: str, said: dict[str, str], rows: list[PayRate], language: str) -> Table:
    return Table(
        caption=caption,
        caption_hidden=caption == said["title"],
        first=said["band"],
        columns=[
            said["name"], Column(text=said["session"], numeric=True), Column(text=said["week"], numeric=True),
            said["since"],
        ],
        rows=[
            Row(
                text=str(rate.band),
                cells=[
                    rate.name,
                    words.amount(rate.session_pence),
                    words.amount(rate.week_pence),
                    day_of(rate.valid_from, language),
                ],
            )
            for rate in rows
        ],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.PAY_EDIT)
def settings(request: StaffRequest) -> HttpResponse:
    """By the week or by four weeks; whether classes count; the last review."""
    found = queries.setting_of(request.prison)
    names = ("weeks", "classes_count", "reviewed_on", "version")
    form = SettingForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.change_settings(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                weeks=int(said["weeks"]),
                **{name: said[name] for name in names[1:]},
            )
        except Stale as error:
            form.stale(error, version=queries.setting_of(request.prison).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved. It counts from the next pay period that you enter.")
            return redirect(pay_url(request, "pay"))
    form.cancel_url = pay_url(request, "pay")
    context = {"title": "How pay is counted", "form": form, "crumbs": pay_crumbs(request), "lead": words.NOTHING_PAID}
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.PAY_EDIT)
def bands(request: StaffRequest) -> HttpResponse:
    """The band of everybody in the role whom no post gives one: one page, one save."""
    form = BandsForm(
        request.POST if request.method == "POST" else None, buddies=list(queries.without_post(request.prison))
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.set_bands(by=request.actor, now=timezone.now(), prison=request.prison, bands=form.bands)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{changed} {'band' if changed == 1 else 'bands'} saved.")
            return redirect(pay_url(request, "pay"))
    form.cancel_url = pay_url(request, "pay")
    context = {
        "title": "Bands of buddies without a post",
        "lead": "The band of everybody else comes from their post.",
        "form": form,
        "nobody": not form.buddies,
        "posts_url": reverse("schemes:posts", args=[request.prison.code]),
        "crumbs": pay_crumbs(request),
    }
    return render(request, "monitoring/pay_bands.html", context)
