"""Buddies who hear something from a person first: the list, and recording that they were told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.actions.news import tell_news
from referrals.forms.news import WAITING, NewsFilter
from referrals.models import BuddyNews
from referrals.queries import news as queries
from referrals.rules import news as rules
from referrals.views.words import form_about, moment

Event = BuddyNews.Event


@require_safe
@requires(P.NEWS_TELL)
def news(request: StaffRequest) -> HttpResponse:
    """Whom to tell what, the longest wait on top."""
    filter_form = NewsFilter(request.GET)
    waiting = filter_form.answers.get("show") == WAITING
    page = page_of((queries.to_tell if waiting else queries.news_of)(request.prison), request)
    table = Table(
        caption="To be told first, the longest wait on top",
        first="Buddy",
        columns=["What", "Since", "Told by"],
        rows=[
            Row(
                text=one.buddy.person.list_name,
                href="" if one.told_at else reverse("referrals:news_told", args=[request.prison.code, one.token]),
                hidden=f", {what(one)}",
                note=one.buddy.person.prison_number,
                cells=[
                    Cell(text=what(one)),
                    Cell(text=moment(one.happened_at)),
                    Cell(text=one.told_by.name if one.told_by is not None else "–"),
                ],
                tag=Tag(text="Told", colour="green") if one.told_at else Tag(text="To be told", colour="yellow"),
            )
            for one in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Buddies to tell in person", "page": page, "table": table, "noun": "buddies",
        "filter_form": filter_form,
        "lead": "A death, a move or a suspension is heard from a person first. Until you record that the buddy was "
        "told, the terminal says “Please speak to staff”.",
        "empty": "No buddy has to be told anything.",
    })  # fmt: skip


def what(one: BuddyNews) -> str:
    """In words, with the name of the person it happened to."""
    if one.event in rules.OF_STAND_DOWN.values():
        return str(one.get_event_display())
    return f"{one.person.full_name} has {'died' if one.event == Event.DEATH else 'left the prison'}"


@require_http_methods(["GET", "POST"])
@requires(P.NEWS_TELL)
def news_told(request: StaffRequest, token: str) -> HttpResponse:
    """Record that one buddy was told."""
    found: BuddyNews = get_object_or_404(queries.news_of(request.prison), token=token)
    back = reverse("referrals:news", args=[request.prison.code])
    if request.method == "GET" and not rules.can_tell(found):
        return redirect(back)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Record that they were told")
    if request.method == "POST" and form.is_valid():
        try:
            tell_news(by=request.actor, now=timezone.now(), news=found)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Recorded that they were told.")
            return redirect(back)
    return form_about(
        request, found.buddy.person, form, "The buddy was told in person", back,
        rows=[{"key": "What", "value": what(found)}, {"key": "Since", "value": moment(found.happened_at)}],
        lead="Tell them alone, and give them time. Record it only then.",
        crumbs=[{"text": "Buddies to tell in person", "href": back}],
    )  # fmt: skip
