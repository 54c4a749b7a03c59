"""Posts: the list by wing, one post, its advert, and which post a buddy fills."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import Wing
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table
from schemes.actions import posts as actions
from schemes.forms.posts import (
    NO_POST,
    NOT_FILLED,
    AdvertForm,
    BuddyPostForm,
    ChangePostForm,
    PoolFilter,
    PostFilter,
    PostForm,
)
from schemes.models import Buddy, Post
from schemes.printed_words import ENGLISH, WELSH, language_of, say
from schemes.queries import posts as queries
from schemes.queries.buddies import approved_pool, standing
from schemes.queries.schemes import scheme_of, served_wings
from schemes.queries.wings import wings_of
from schemes.rules.buddies import IN_ROLE
from schemes.rules.posts import PostFacts, can_become
from schemes.views import post_words as words
from schemes.views.buddies import crumbs as buddy_crumbs
from schemes.views.buddy_steps import load as load_buddy
from schemes.views.buddy_steps import pressed, step_page
from schemes.views.buddy_words import clearance_words, status_tag

S = Post.Status


def _crumbs(request: StaffRequest, post: Post | None = None) -> list[dict[str, str]]:
    found = [*buddy_crumbs(request), {"text": "Posts", "href": reverse("schemes:posts", args=[request.prison.code])}]
    if post is not None:
        found.append({"text": post.title, "href": _href(request, post)})
    return found


def _href(request: StaffRequest, post: Post, name: str = "post") -> str:
    return reverse(f"schemes:{name}", args=[request.prison.code, post.token])


def _load(request: StaffRequest, token: str) -> Any:
    return get_object_or_404(queries.posts_of(request.prison), token=token)


@require_safe
@requires(P.BUDDIES_VIEW)
def posts(request: StaffRequest) -> HttpResponse:
    """Posts that are not closed, by wing; closed ones by the filter."""
    today = london_today(timezone.now())
    filter_form = PostFilter(request.GET, wings=wings_of(request.prison))
    answers = filter_form.answers
    status = answers.get("status", "")
    rows = queries.not_filled(request.prison) if status == NOT_FILLED else queries.posts_of(request.prison)
    if status != NOT_FILLED:
        rows = rows.filter(status=status) if status else rows.exclude(status=S.CLOSED)
    if "wing" in answers:
        rows = rows.filter(wing__code=answers["wing"])
    page = page_of(rows, request)
    context: dict[str, Any] = {
        "title": "Posts",
        "lead": "Paid jobs of each wing. A place is filled by a buddy in the role.",
        "page": page,
        "table": Table(
            caption="Posts by wing",
            first="Post",
            columns=["Wing", Column(text="Filled"), Column(text="Not filled", numeric=True), "Time to fill", "Closes"],
            rows=[
                Row(
                    text=post.title,
                    href=_href(request, post),
                    hidden=f"on {post.wing.name}",
                    note=post.reference,
                    cells=[
                        post.wing.name,
                        words.filled(post),
                        words.vacant(post),
                        words.time_to_fill(post, today),
                        day_in_words(post.closes_on) if post.closes_on else "–",
                    ],
                    tag=words.status_tag(post, today),
                )
                for post in page
            ],
        ),
        "noun": "posts",
        "filter_form": filter_form,
        "empty": "No post has been entered yet. Enter the paid jobs of each wing, then advertise them.",
        "crumbs": buddy_crumbs(request),
    }
    if may(request, P.POSTS_EDIT):
        context |= {"action_href": reverse("schemes:add_post", args=[request.prison.code]), "action_text": "Add a post"}
    return render(request, "schemes/post_list.html", context)


@require_safe
@requires(P.BUDDIES_VIEW)
def post(request: StaffRequest, token: str) -> HttpResponse:
    """One post: who fills it, who has applied for it, and what can be done."""
    found, today = _load(request, token), london_today(timezone.now())
    context = {
        "title": found.title,
        "crumbs": _crumbs(request),
        "post": found,
        "facts": words.facts(found, today),
        "filled_by": _people(request, "Who fills it", list(queries.in_post(found))),
        "answered_by": _people(request, "Who has applied for it", list(queries.answers_to(found)[:25])),
        "steps": _steps(request, found),
        "advert_links": [
            {"text": text, "href": f"{_href(request, found, 'post_advert')}?lang={code}"}
            for text, code in (("Advert to print, in English", ENGLISH), ("Advert to print, in Welsh", WELSH))
        ],
    }
    return render(request, "schemes/post_page.html", context)


def _people(request: StaffRequest, caption: str, rows: list[Buddy]) -> Table:
    return Table(
        caption=caption,
        first="Name",
        columns=["Since"],
        rows=[
            Row(
                text=buddy.person.list_name,
                href=reverse("schemes:buddy", args=[request.prison.code, buddy.token]),
                note=buddy.person.prison_number,
                cells=[day_in_words(buddy.started_on or buddy.applied_on)],
                tag=status_tag(buddy),
            )
            for buddy in rows
        ],
    )


def _steps(request: StaffRequest, found: Post) -> list[dict[str, str]]:
    """What may be done with the post now, the likeliest first."""
    if not may(request, P.POSTS_EDIT):
        return []
    offered = [("Change the post", "change_post")]
    if found.status == S.ADVERTISED:
        offered.insert(0, ("Change the dates of the advert", "advertise_post"))
    elif can_become(found, S.ADVERTISED):
        offered.insert(0, ("Advertise the post", "advertise_post"))
    if can_become(found, S.CLOSED):
        offered.append(("Close the post", "close_post"))
    return [{"text": text, "href": _href(request, found, name)} for text, name in offered]


@require_http_methods(["GET", "POST"])
@requires(P.POSTS_EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """Enter a post."""
    scheme = scheme_of(request.prison)
    wings = served_wings(scheme) if scheme is not None else []
    form = PostForm(request.POST or None, wings=wings, initial={"places": 1})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_post(
                by=request.actor, now=timezone.now(), prison=request.prison, facts=_facts(form, wings)
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Post entered. The reference is {made.reference}. Advertise it next.")
            return redirect(_href(request, made))
    form.cancel_url = reverse("schemes:posts", args=[request.prison.code])
    lead = "" if wings else "The scheme serves no wing yet. Say on the scheme’s page which wings it serves first."
    context = {"title": "Add a post", "form": form, "crumbs": _crumbs(request), "lead": lead}
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.POSTS_EDIT)
def change(request: StaffRequest, token: str) -> HttpResponse:
    """Change what a post says."""
    found = _load(request, token)
    wings = served_wings(found.scheme)
    if found.wing not in wings:
        wings = [found.wing, *wings]
    names = ("title", "title_cy", "places", "weekly_hours", "pay_band", "pay_band_name", "version")
    initial = {name: getattr(found, name) for name in names} | {"wing": found.wing.token}
    form = ChangePostForm(request.POST or None, wings=wings, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_post(
                by=request.actor,
                now=timezone.now(),
                post=found,
                facts=_facts(form, wings),
                version=form.cleaned_data["version"],
            )
        except Stale as error:
            form.stale(error, version=_load(request, token).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Post saved.")
            return redirect(_href(request, found))
    form.cancel_url = _href(request, found)
    context = {"title": "Change the post", "form": form, "crumbs": _crumbs(request, found)}
    return render(request, "components/form_page.html", context)


def _facts(form: PostForm, wings: list[Wing]) -> PostFacts:
    said = form.cleaned_data
    wing = next(wing for wing in wings if wing.token == said["wing"])
    return PostFacts(
        wing_id=wing.pk,
        title=said["title"],
        title_cy=said["title_cy"],
        places=said["places"],
        weekly_hours=said["weekly_hours"],
        pay_band=said["pay_band"],
        pay_band_name=said["pay_band_name"],
    )


@require_http_methods(["GET", "POST"])
@requires(P.POSTS_EDIT)
def advertise(request: StaffRequest, token: str) -> HttpResponse:
    """Put the advert up, or change its dates."""
    found, now = _load(request, token), timezone.now()
    running = found.status == S.ADVERTISED
    initial = (
        {"advertised_on": found.advertised_on, "closes_on": found.closes_on}
        if running
        else {"advertised_on": london_today(now)}
    )
    form = AdvertForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        dates = {name: form.cleaned_data[name] for name in ("advertised_on", "closes_on")}
        try:
            actions.advertise_post(by=request.actor, now=now, post=found, **dates)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Advertised. Print the notice for the wing; the terminal shows it by itself.")
            return redirect(_href(request, found))
    form.cancel_url = _href(request, found)
    title = "Change the dates of the advert" if running else "Advertise the post"
    context = {"title": title, "form": form, "crumbs": _crumbs(request, found), "rows": _short(found)}
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.POSTS_EDIT)
def close(request: StaffRequest, token: str) -> HttpResponse:
    """Nobody is appointed to the post any more."""
    found = _load(request, token)
    form = ConfirmForm(pressed(request), label="Close the post")
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_post(by=request.actor, now=timezone.now(), post=found)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Post closed.")
            return redirect(_href(request, found))
    form.cancel_url = _href(request, found)
    context = {
        "title": "Close the post",
        "form": form,
        "crumbs": _crumbs(request, found),
        "rows": _short(found),
        "lead": "Nobody is appointed to a closed post. Buddies who fill it stay in it, and applications stay open.",
    }
    return render(request, "components/confirm.html", context)


def _short(found: Any) -> list[dict[str, str]]:
    return [
        {"key": "Post", "value": f"{found.title}, {found.wing.name}"},
        {"key": "Places filled", "value": words.filled(found)},
    ]


@require_safe
@requires(P.BUDDIES_VIEW)
def advert(request: StaffRequest, token: str) -> HttpResponse:
    """The notice for the wing's board, on one page, in English or Welsh."""
    found, now = _load(request, token), timezone.now()
    language = language_of(request.GET.get("lang", ""))
    other = WELSH if language == ENGLISH else ENGLISH
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, subject=found, page="advert")
    context = {
        "page_language": language,
        "advert": words.advert(found, found.scheme, language),
        "words": {key: say(key, language) for key in ADVERT_WORDS},
        "post": found,
        "printed_at": now,
        "back_href": _href(request, found),
        "other_language": "Cymraeg" if other == WELSH else "English",
        "other_code": other,
        "handling": "This notice holds no personal information. Take it down after the closing date.",
    }
    return render(request, "schemes/post_advert.html", context)


ADVERT_WORDS = ("paid_help", "you_do", "you_never", "who", "who_text", "how", "help", "help_text")


@require_safe
@requires(P.BUDDIES_VIEW)
def pool(request: StaffRequest) -> HttpResponse:
    """The approved pool by wing, with the places that are free there."""
    today = london_today(timezone.now())
    wings = wings_of(request.prison)
    filter_form = PoolFilter(request.GET, wings=wings)
    everybody = approved_pool(request.prison)
    answers = filter_form.answers
    page = page_of(everybody.filter(wing_code=answers["wing"]) if "wing" in answers else everybody, request)
    stands = standing([buddy.pk for buddy in page], today)
    waiting = [buddy.wing_code for buddy in everybody]
    free: dict[str, int] = {}
    for each in queries.not_filled(request.prison):
        free[each.wing.code] = free.get(each.wing.code, 0) + each.places - each.filled
    context = {
        "title": "Approved pool by wing",
        "lead": "People who were found suitable and wait for a place, without an offer. The longest wait comes first.",
        "page": page,
        "wings_table": Table(
            caption="Who waits and which places are free",
            first="Wing",
            columns=[Column(text="Waiting in the pool", numeric=True), Column(text="Places not filled", numeric=True)],
            rows=[
                Row(text=wing.name, cells=[str(waiting.count(wing.code)), str(free.get(wing.code, 0))])
                for wing in wings
            ],
        ),
        "table": Table(
            caption="Approved and waiting for a place",
            first="Name",
            columns=["Wing", "Approved on", "Applied for", "Clearance"],
            rows=[
                Row(
                    text=buddy.person.list_name,
                    href=reverse("schemes:buddy", args=[request.prison.code, buddy.token]),
                    hidden=f", buddy {buddy.reference}",
                    note=buddy.person.prison_number,
                    cells=[
                        buddy.wing_name or "Not here now",
                        day_in_words(london_today(buddy.approved_at)),
                        buddy.post.title if buddy.post else "–",
                        clearance_words(stands[buddy.pk]),
                    ],
                )
                for buddy in page
            ],
        ),
        "noun": "people",
        "filter_form": filter_form,
        "empty": "Nobody waits for a place. After an interview that went well, somebody can be put here.",
        "crumbs": buddy_crumbs(request),
    }
    return render(request, "schemes/pool.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.BUDDIES_APPOINT)
def buddy_post(request: StaffRequest, token: str) -> HttpResponse:
    """Which post an application answers, or a buddy fills."""
    buddy = load_buddy(request, token)
    rows = {each.token: each for each in queries.posts_of(request.prison).exclude(status=S.CLOSED)}
    if buddy.status in IN_ROLE:
        rows = {key: each for key, each in rows.items() if each.filled < each.places or each.pk == buddy.post_id}
    form = BuddyPostForm(
        request.POST or None,
        posts=[words.choice(each) for each in rows.values()],
        initial={"post": buddy.post.token if buddy.post else None},
    )
    return step_page(
        request,
        buddy,
        form,
        lambda answers: actions.put_in_post(
            by=request.actor,
            now=timezone.now(),
            buddy=buddy,
            post=None if answers["post"] == NO_POST else rows[answers["post"]],
        ),
        title="Choose the post",
        lead="Only posts with a free place are offered." if buddy.status in IN_ROLE else "",
        done="Post saved.",
    )
