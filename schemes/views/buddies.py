"""Buddies: the list, one buddy's page, and taking an application."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import Wing
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table
from schemes.actions.buddies import apply_for_role
from schemes.forms.buddies import APPLICATIONS, RENEW, ApplyForm, BuddyFilter
from schemes.models import Buddy, TakeOver
from schemes.queries import buddies as queries
from schemes.queries import clearance as clearances
from schemes.queries.compacts import asked_again
from schemes.queries.interviews import open_sheets
from schemes.queries.people import person_here
from schemes.queries.posts import advertised
from schemes.remarks import remarks_about
from schemes.rules.buddies import BEFORE_START, IN_ROLE
from schemes.views import buddy_words as words
from schemes.views import check_words as checks
from schemes.views import post_words
from schemes.views.refusal_words import section as refusal_section

NOT_HERE = "Nobody with this prison number is held here now. Check the number, or add the person first."


def crumbs(request: StaffRequest, buddy: Buddy | None = None) -> list[dict[str, str]]:
    """Buddies, and the buddy."""
    found = [{"text": "Buddies", "href": reverse("schemes:buddies", args=[request.prison.code])}]
    if buddy is not None:
        href = reverse("schemes:buddy", args=[request.prison.code, buddy.token])
        found.append({"text": f"Buddy {buddy.reference}", "href": href})
    return found


@require_safe
@requires(Permission.BUDDIES_VIEW)
def buddies(request: StaffRequest) -> HttpResponse:
    """Open records by name; closed ones by the filter."""
    wings = list(Wing.objects.filter(prison=request.prison, closed=False).order_by("code"))
    filter_form = BuddyFilter(request.GET, wings=wings)
    answers = filter_form.answers
    status = answers.get("status", "")
    rows = _in_status(request, status)
    if "wing" in answers:
        rows = rows.filter(wing_code=answers["wing"])
    # Applications are worked on in the order in which they came; everybody else is looked up by name.
    page = page_of(rows if status == APPLICATIONS else queries.in_list_order(rows), request)
    return render(
        request,
        "schemes/buddy_list.html",
        {
            "title": "Buddies",
            "lead": "Applications and buddies whose record is open. Filter by status to see closed ones.",
            "page": page,
            "table": _table(request, list(page), waiting=status == APPLICATIONS),
            "noun": "buddies",
            "empty": "There are no buddies yet. Record an application, or take over somebody who already does the job.",
            "filter_form": filter_form,
            "crumbs": [],
        },
    )


def _in_status(request: StaffRequest, status: str) -> QuerySet[Any]:
    if status == APPLICATIONS:
        return queries.applications_open(request.prison)
    if status == RENEW:
        return queries.clearance_to_renew(request.prison, london_today(timezone.now()))
    rows = queries.buddies_of(request.prison)
    return rows.filter(status=status) if status else rows.filter(status__in=Buddy.OPEN)


def _table(request: StaffRequest, rows: list[Any], *, waiting: bool) -> Table:
    """`waiting`: nobody among them was taken over, and how long they have waited matters."""
    stands = queries.standing([buddy.pk for buddy in rows], london_today(timezone.now()))
    return Table(
        caption="Applications to work on, oldest first" if waiting else "Buddies by name",
        first="Name",
        columns=["Wing", "Clearance", "Applied on" if waiting else "Take-over"],
        rows=[
            Row(
                text=buddy.person.list_name,
                href=reverse("schemes:buddy", args=[request.prison.code, buddy.token]),
                hidden=f", buddy {buddy.reference}",
                note=words.note_of(buddy),
                cells=[
                    buddy.wing_name or "Not here now",
                    words.clearance_words(stands[buddy.pk]),
                    day_in_words(buddy.applied_on) if waiting else words.take_over_cell(buddy, stands[buddy.pk]),
                ],
                tag=words.status_tag(buddy),
            )
            for buddy in rows
        ],
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_RECRUIT)
def apply(request: StaffRequest) -> HttpResponse:
    """An application taken by staff."""
    now = timezone.now()
    adverts = {post.token: post for post in advertised(request.prison, london_today(now))}
    form = ApplyForm(
        request.POST or None,
        posts=[post_words.choice(post) for post in adverts.values()],
        initial={"applied_on": london_today(now)},
    )
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        person = person_here(request.prison, answers.pop("prison_number"))
        warned = answers.pop("warned")
        answers["post"] = adverts.get(answers.get("post", ""))
        remarks = remarks_about(request.prison, person) if person is not None else []
        if person is None:
            form.refuse(NOT_HERE, field="prison_number")
        elif remarks and warned != person.prison_number:
            form.warn(
                f"{' '.join(remarks)} Press the button again to record the application.", about=person.prison_number
            )
        else:
            try:
                buddy = apply_for_role(by=request.actor, now=now, prison=request.prison, person=person, **answers)
            except NotAllowed as error:
                form.refuse(error)
            else:
                messages.success(request, f"Application recorded. The reference is {buddy.reference}.")
                return redirect("schemes:buddy", request.prison.code, buddy.token)
    form.cancel_url = reverse("schemes:buddies", args=[request.prison.code])
    context = {"title": "Record an application", "form": form, "crumbs": crumbs(request)}
    return render(request, "components/form_page.html", context)


@require_safe
@requires(Permission.BUDDIES_VIEW)
def buddy(request: StaffRequest, token: str) -> HttpResponse:
    """One buddy: what comes next, clearance, interview, compact, history."""
    found = get_object_or_404(queries.buddies_of(request.prison), token=token)
    today = london_today(timezone.now())
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    stands = queries.standing_of(found, today)
    take_over = TakeOver.objects.for_prison(request.prison).filter(buddy=found).select_related("decided_by").first()
    interview = queries.last_interview(found)
    signature = queries.last_compact(found)
    asked = asked_again(signature.text_id) if signature is not None and found.status in words.SIGNS_COMPACT else None
    scores = len(open_sheets(found)) if found.status == Buddy.Status.INTERVIEW and found.scheme.two_scores else None
    answers = list(clearances.answers_of(found))
    own = clearances.departments_in(request.memberships, request.prison)
    to_ask = clearances.departments_to_ask(found, today, answers) if found.status in words.ASKED else []
    paper = clearances.paper_departments(found, answers, today) if found.status in Buddy.OPEN else []
    context = {
        "title": f"Buddy {found.reference}",
        "crumbs": crumbs(request),
        "name": found.person.full_name,
        "prison_number": found.person.prison_number,
        "place": words.place_of(found),
        "take_over": take_over,
        "take_over_words": words.take_over_in_words(take_over, stands, today) if take_over else "",
        "next_step": words.next_step(
            found,
            stands=stands,
            interview=interview,
            take_over=take_over,
            paper=paper,
            to_ask=to_ask,
            held=request.permissions,
            scores=scores,
            asked=checks.asked_words(asked, today),
        ),
        "facts": [*words.facts(found), post_words.of_buddy(found)],
        "remarks": remarks_about(request.prison, found.person) if found.status in Buddy.OPEN else [],
        "refusal": refusal_section(request, found),
        "clearance_words": words.clearance_words(stands),
        "clearance_table": words.clearance_table(answers, today),
        "own_notes": clearances.notes_of(found, own) if own else [],
        "interview": checks.interview_section(found, words.interview_rows(interview), interview),
        "compact_rows": words.compact_rows(signature, stands),
        "compact_asked": checks.asked_words(asked, today),
        "events": words.events(list(queries.steps_of(found))),
        "buddy": found,
        "stand_downs": words.stand_down_table(list(found.stand_downs.order_by("-decided_at", "-id")), found.prison_id),
        "other_steps": _other_steps(request, found, to_ask, paper),
    }
    return render(request, "schemes/buddy_page.html", context)


def _other_steps(request: StaffRequest, found: Buddy, to_ask: list[str], paper: list[str]) -> list[dict[str, str]]:
    """Links under the button, by status and permission."""
    offered: list[tuple[str, str, Permission]] = []
    if found.status in BEFORE_START:
        offered += [
            ("Decline", "schemes:decline", Permission.BUDDIES_RECRUIT),
            ("Record that the person withdraws", "schemes:withdraw", Permission.BUDDIES_RECRUIT),
        ]
    if found.status == Buddy.Status.INTERVIEW:
        offered += [("Put in the approved pool", "schemes:approve", Permission.BUDDIES_APPOINT)]
    if found.status in Buddy.OPEN:
        offered += [("Choose the post", "schemes:buddy_post", Permission.BUDDIES_APPOINT)]
    if to_ask:
        offered += [("Ask for clearance again", "schemes:ask_again", Permission.BUDDIES_RECRUIT)]
    if found.status == Buddy.Status.INTERVIEW and found.scheme.two_scores:
        offered += [("Give my interview scores", "schemes:score", Permission.INTERVIEW_SCORE)]
    if found.status in words.SIGNS_COMPACT:
        offered += [("Record a signed compact", "schemes:compact", Permission.BUDDIES_RECRUIT)]
    if found.status == Buddy.Status.ACTIVE:
        offered += [("Suspend", "referrals:stand_down_suspend", Permission.BUDDIES_SUSPEND)]
    if found.status in IN_ROLE:
        offered += [("Remove from the role", "referrals:stand_down_remove", Permission.BUDDIES_SUSPEND)]
        offered += [("Record that the buddy leaves", "referrals:stand_down_leave", Permission.BUDDIES_SUSPEND)]
        offered += [("Change how much this buddy may do", "schemes:buddy_caps", Permission.BUDDIES_APPOINT)]
        offered += [("Ask for an override", "training:ask_override", Permission.OVERRIDE_ASK)]
    links = [
        {"text": text, "href": reverse(name, args=[request.prison.code, found.token])}
        for text, name, permission in offered
        if may(request, permission)
    ]
    if may(request, Permission.BUDDIES_RECRUIT):
        links += [
            {
                "text": f"Enter clearance by {words.department(code)} from paper",
                "href": reverse("schemes:paper", args=[request.prison.code, found.token, code]),
            }
            for code in paper
        ]
    return links
