"""The compact: versions of the national text, who has to sign again, and the paper to sign."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from schemes.actions.compacts import publish_compact
from schemes.forms.compacts import PublishCompactForm
from schemes.models import CompactFormat, CompactText
from schemes.queries import compacts as queries
from schemes.rules.compacts import USUAL_TIME
from schemes.views.buddies import crumbs
from schemes.views.buddy_steps import load
from schemes.views.buddy_words import place_of

# What is printed under the words, in the language of the words.
SIGN_HERE: dict[str, dict[str, str]] = {
    CompactFormat.ENGLISH: {
        "name": "Name",
        "number": "Prison number",
        "signed": "Signed",
        "date": "Date",
        "witness": "Member of staff who saw it signed",
        "aloud": "Read aloud by",
        "lang": "en",
    },
    CompactFormat.WELSH: {
        "name": "Enw",
        "number": "Rhif carchar",
        "signed": "Llofnod",
        "date": "Dyddiad",
        "witness": "Aelod o staff a’i gwelodd yn cael ei lofnodi",
        "aloud": "Darllenwyd yn uchel gan",
        "lang": "cy",
    },
    CompactFormat.EASY: {
        "name": "My name",
        "number": "My prison number",
        "signed": "I sign here",
        "date": "Today is",
        "witness": "Staff who saw me sign",
        "aloud": "Who read it to me",
        "lang": "en",
    },
}


# National ----------------------------------------------------------------------------------------------


@require_safe
@requires(P.NATIONAL_COMPACT_PUBLISH)
def compacts(request: StaffRequest) -> HttpResponse:
    """Every version, newest first."""
    page = page_of(queries.versions(), request)
    rows = [
        Row(
            text=f"Version {text.version}",
            href=reverse("national:compact", args=[text.version]),
            cells=[
                day_in_words(text.in_force_from),
                day_in_words(text.sign_by) if text.sign_by else "–",
                text.published_by.name if text.published_by else "Came with the service",
            ],
            tag=Tag(text="Welsh checked", colour="green")
            if text.welsh_checked
            else Tag(text="Welsh awaits a translator", colour="yellow"),
        )
        for text in page
    ]
    context = {
        "title": "Compact",
        "lead": "What every buddy signs before starting. A version is published once and then never changes.",
        "page": page,
        "noun": "versions",
        "table": Table(
            caption="Versions, newest first",
            first="Version",
            columns=["In force from", "Signed again by", "Published by"],
            rows=rows,
            status="Welsh",
        ),
        "empty": "No version has been loaded. Ask whoever runs the service to load the register.",
        "action_href": reverse("national:compact_publish"),
        "action_text": "Publish a new version",
    }
    return render(request, "components/list_page.html", context)


@require_safe
@requires(P.NATIONAL_COMPACT_PUBLISH)
def compact(request: StaffRequest, version: int) -> HttpResponse:
    """One version in its three formats."""
    text = get_object_or_404(CompactText, version=version)
    context = {
        "title": f"Compact, version {text.version}",
        "text": text,
        "crumbs": [{"text": "Compact", "href": reverse("national:compacts")}],
        "rows": [
            {"key": "In force from", "value": day_in_words(text.in_force_from)},
            {"key": "Signed again by", "value": day_in_words(text.sign_by) if text.sign_by else "No date is set"},
        ],
        "formats": [
            {"heading": CompactFormat(code).label, "words": text.words_in(code), "lang": SIGN_HERE[code]["lang"]}
            for code in CompactFormat.values
        ],
    }
    return render(request, "schemes/compact_version.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_COMPACT_PUBLISH)
def publish(request: StaffRequest) -> HttpResponse:
    """Write the next version, starting from the words of the newest."""
    now, newest = timezone.now(), queries.text_to_sign()
    today = london_today(now)
    initial = {"after": 0, "in_force_from": today, "sign_by": today + USUAL_TIME}
    if newest is not None:
        words = {name: getattr(newest, name) for name in ("text", "text_cy", "text_easy")}
        initial |= {**words, "after": newest.version}  # type: ignore[dict-item]
    form = PublishCompactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = publish_compact(by=request.actor, now=now, **form.cleaned_data)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Version {made.version} is published. Every prison sees who has to sign again.")
            return redirect("national:compact", made.version)
    form.cancel_url = reverse("national:compacts")
    context = {
        "title": "Publish a new version of the compact",
        "lead": "Change the words below. Once it is published, it cannot be changed. "
        "Help that runs does not stop when somebody has not signed yet.",
        "form": form,
        "crumbs": [{"text": "Compact", "href": reverse("national:compacts")}],
    }
    return render(request, "components/form_page.html", context)


# At a prison -------------------------------------------------------------------------------------------


@require_safe
@requires(P.BUDDIES_RECRUIT)
def to_sign_again(request: StaffRequest) -> HttpResponse:
    """People in training or in the role whose signature is of an older version."""
    today, newest = london_today(timezone.now()), queries.text_to_sign()
    until = queries.Asked(text=newest).until if newest is not None else today
    page = page_of(queries.to_sign_again(request.prison), request)
    rows = [
        Row(
            text=buddy.person.list_name,
            href=reverse("schemes:compact", args=[request.prison.code, buddy.token]),
            hidden=", record the signed compact",
            note=buddy.person.prison_number,
            cells=[buddy.get_status_display(), f"Version {buddy.signed}", day_in_words(until)],
            tag=Tag(text="Due", colour="yellow") if today <= until else Tag(text="Lapsed", colour="red"),
        )
        for buddy in page
    ]
    context = {
        "title": "Compacts to sign again",
        "lead": f"Version {newest.version} has to be signed by {day_in_words(until)}. Until then the older signature "
        "holds. After it no new match begins; help that runs goes on."
        if newest is not None
        else "",
        "page": page,
        "noun": "people",
        "table": Table(
            caption="People by name", caption_hidden=True, first="Name", columns=["Role", "Signed", "By"], rows=rows
        ),
        "empty": "Everybody has signed the newest version.",
        "crumbs": crumbs(request),
    }
    return render(request, "components/list_page.html", context)


@require_safe
@requires(P.BUDDIES_RECRUIT)
def paper(request: StaffRequest, token: str, format: str) -> HttpResponse:
    """The newest compact to read, sign and keep, in one format, with the person's name and lines to sign on."""
    buddy, text, now = load(request, token), queries.text_to_sign(), timezone.now()
    if text is None or format not in CompactFormat.values:
        raise Http404("no such paper")
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, subject=buddy, person_id=buddy.person_id)
    context = {
        "title": f"Compact, version {text.version}",
        "text": text,
        "words": text.words_in(format),
        "labels": SIGN_HERE[format],
        "large_print": format == CompactFormat.EASY,
        "unchecked": format == CompactFormat.WELSH and not text.welsh_checked,
        "name": buddy.person.full_name,
        "prison_number": buddy.person.prison_number,
        "place": place_of(buddy),
        "printed_by": request.user.name,
        "printed_at": now,
        "back_href": reverse("schemes:compact", args=[request.prison.code, token]) + f"?format={format}",
    }
    return render(request, "schemes/compact_paper.html", context)
