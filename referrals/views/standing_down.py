"""Standing a buddy down with cover for everybody they help, and what follows: review, return, appeal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
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
from buddyscheme.lib.fields import Choice
from buddyscheme.lib.forms import GovukForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.actions.standing_down import Chosen, bring_back, stand_down
from referrals.forms import standing_down as forms
from referrals.models import Cover
from referrals.queries import standing_down as queries
from referrals.queries.standing_down import Coverable
from referrals.views.words import day, form_about, identity, moment
from schemes.actions import stand_downs as actions
from schemes.models import Buddy, StandDown
from schemes.queries import stand_downs as stand_down_queries
from schemes.rules.stand_downs import can_appeal

Kind, Appeal = StandDown.Kind, StandDown.Appeal
COLOURS = {Kind.SUSPENDED: "red", Kind.REMOVED: "grey", Kind.LEFT: "grey"}
FORMS: dict[str, type[forms.CoverForm]] = {
    Kind.SUSPENDED: forms.SuspendForm,
    Kind.REMOVED: forms.RemoveForm,
    Kind.LEFT: forms.LeaveForm,
}
TITLES = {
    Kind.SUSPENDED: "Suspend this buddy",
    Kind.REMOVED: "Remove this buddy from the role",
    Kind.LEFT: "Record that this buddy leaves",
}
WARNINGS = {
    Kind.SUSPENDED: "All visits of this buddy stop at once.",
    Kind.REMOVED: "All visits of this buddy stop at once. This cannot be undone: a return is a new application.",
    Kind.LEFT: "All visits of this buddy stop at once. This cannot be undone: a return is a new application.",
}


@require_http_methods(["GET", "POST"])
@requires(P.BUDDIES_SUSPEND)
def stand_down_buddy(request: StaffRequest, token: str, kind: str) -> HttpResponse:
    """Why, what the person was told, and who covers each person, saved in one go."""
    now = timezone.now()
    today = london_today(now)
    buddy = _buddy(request, token)
    people = queries.coverable(request.prison, buddy, today, ends=kind != Kind.SUSPENDED)
    extra = {"today": today} if kind == Kind.SUSPENDED else {}
    form = FORMS[kind](request.POST or None, offers=offers(people), **extra)
    if request.method == "POST" and form.is_valid():
        try:
            found = stand_down(
                by=request.actor,
                now=now,
                buddy=buddy,
                kind=kind,
                covers=chosen_covers(form, people),
                **form.particulars,
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved. Visits have changed: see below who comes now.")
            return redirect("referrals:stand_down", request.prison.code, found.token)
    lead = (
        "Everybody this buddy helps is listed below. Say for each who helps from now on."
        if people
        else "This buddy helps nobody now, so nobody has to be covered."
    )
    return form_about(
        request, buddy.person, form, TITLES[Kind(kind)], _buddy_url(request, buddy), lead=lead,
        warning=WARNINGS[Kind(kind)], crumbs=_crumbs(request, buddy),
    )  # fmt: skip


def offers(people: list[Coverable]) -> list[tuple[str, str, list[Choice]]]:
    """Each person the buddy helps with who could cover, as a `CoverForm` takes them."""
    return [(one.match.token, one.match.plan.person.full_name, _choices(one)) for one in people]


def _choices(one: Coverable) -> list[Choice]:
    found = []
    if one.other is not None:
        found.append(
            Choice(
                value=Cover.Choice.OTHER,
                text=f"{one.other.buddy.person.full_name}, the plan’s other buddy",
                hint="Comes from today",
            )
        )
    found += [
        Choice(
            value=f"{forms.NEW}{buddy.token}",
            text=buddy.person.full_name,
            hint=f"Suits with {score} of {most} points. Ask both in private; nobody comes until both agree",
        )
        for buddy, score, most in one.suggestions
    ]
    found.append(Choice(value=Cover.Choice.STAFF, text="Staff", hint="The tasks stand on the day’s list for staff"))
    found.append(Choice(value=Cover.Choice.NOBODY, text="Nobody yet", hint="The visits stand on the list as uncovered"))
    return found


def chosen_covers(form: forms.CoverForm, people: list[Coverable]) -> dict[int, Chosen]:
    """What was chosen, by match id, as the action takes it."""
    buddies = {buddy.token: buddy for one in people for buddy, _, _ in one.suggestions}
    ids = {one.match.token: one.match.pk for one in people}
    return {ids[token]: Chosen(choice, buddies.get(buddy)) for token, (choice, buddy) in form.covers.items()}


@require_safe
@requires(P.BUDDIES_VIEW)
def stand_downs(request: StaffRequest) -> HttpResponse:
    """Suspensions, removals and leaving, and what is due."""
    today = london_today(timezone.now())
    filter_form = forms.StandDownFilter(request.GET)
    page = page_of(_in_state(request, filter_form.answers.get("state", ""), today), request)
    table = Table(
        caption="Decisions, newest first",
        first="Name",
        columns=["From", "Until", "Review", "Appeal"],
        status="What",
        rows=[
            Row(
                text=row.buddy.person.list_name,
                href=reverse("referrals:stand_down", args=[request.prison.code, row.token]),
                hidden=row.get_kind_display().lower(),
                note=row.buddy.person.prison_number,
                cells=[
                    Cell(text=day(row.starts_on)),
                    Cell(text=day(row.ended_on) or "–"),
                    Cell(text=_review_words(row, today)),
                    row.get_appeal_display(),
                ],
                tag=_tag(row),
            )
            for row in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Suspensions and leaving",
        "page": page,
        "table": table,
        "noun": "decisions",
        "filter_form": filter_form,
        "empty": "No buddy has been suspended or removed, and none has left.",
        "crumbs": [{"text": "Buddies", "href": reverse("schemes:buddies", args=[request.prison.code])}],
    })  # fmt: skip


def _in_state(request: StaffRequest, state: str, today: date) -> QuerySet[StandDown]:
    if state == forms.REVIEW:
        return stand_down_queries.review_due(request.prison, today)
    if state == forms.RUNNING:
        return stand_down_queries.running(request.prison)
    if state == forms.APPEALS:
        return stand_down_queries.appeals_waiting(request.prison)
    return stand_down_queries.stand_downs_of(request.prison)


def _review_words(row: StandDown, today: date) -> str:
    if row.review_on is None or row.ended_at is not None:
        return "–"
    return f"Due since {day(row.review_on)}" if row.review_on < today else day(row.review_on)


@require_safe
@requires(P.BUDDIES_VIEW)
def stand_down_page(request: StaffRequest, token: str) -> HttpResponse:
    """One decision: why, what was said, who covers, and what is uncovered today."""
    found = _stand_down(request, token)
    today = london_today(timezone.now())
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.buddy.person_id)
    sees_people = may(request, P.MATCH_VIEW)
    return render(request, "referrals/stand_down_page.html", {
        "title": _title(found),
        "who": identity(request, found.buddy.person),
        "rows": _rows(found, today),
        "appeal": _appeal_rows(found),
        "steps": _steps(request, found),
        "covers": _covers(request, found) if sees_people else None,
        "uncovered": list(queries.uncovered_today(found, today)) if sees_people else [],
        "crumbs": [
            {"text": "Suspensions and leaving", "href": reverse("referrals:stand_downs", args=[request.prison.code])}
        ],
        "buddy_href": _buddy_url(request, found.buddy),
    })  # fmt: skip


def _title(found: StandDown) -> str:
    return f"{_tag(found).text}: buddy {found.buddy.reference}"


def _tag(found: StandDown) -> Tag:
    if found.kind == Kind.SUSPENDED and found.ended_at is not None:
        return Tag(text="Suspension ended", colour="grey")
    return Tag(text=found.get_kind_display(), colour=COLOURS[Kind(found.kind)])


def _rows(found: StandDown, today: date) -> list[dict[str, Any]]:
    tag = _tag(found)
    rows: list[dict[str, Any]] = [
        {"key": "What", "value": tag.text, "tag": tag.colour},
        {"key": "From", "value": day(found.starts_on)},
    ]
    if found.kind == Kind.SUSPENDED:
        rows.append({"key": "Until", "value": day(found.ended_on) or "Goes on"})
        rows.append({"key": "Pay", "value": "Paid while suspended" if found.paid else "Not paid while suspended"})
        rows.append({"key": "Review", "value": _review_words(found, today)})
    if found.kind == Kind.REMOVED:
        rows.append({"key": "About", "value": found.get_category_display()})
    rows.append({"key": "Reason", "value": found.reason})
    if found.kind != Kind.LEFT:
        rows.append({"key": "Evidence", "value": found.evidence or "None kept here"})
        rows.append({"key": "How the person was told", "value": found.told_how})
        rows.append({"key": "How to appeal", "value": found.appeal_route})
    rows.append({"key": "Recorded by", "value": f"{found.decided_by.name} on {moment(found.decided_at)}"})
    return rows


def _decision_rows(found: StandDown) -> list[dict[str, Any]]:
    return [
        {"key": "The decision", "value": f"{found.get_kind_display()} from {day(found.starts_on)}"},
        {"key": "Reason for it", "value": found.reason},
        {"key": "Evidence", "value": found.evidence or "None kept here"},
        {"key": "Decided by", "value": found.decided_by.name},
    ]


def _appeal_rows(found: StandDown) -> list[dict[str, Any]]:
    if not found.appeal or found.appeal_recorded_by is None:
        return []
    rows: list[dict[str, Any]] = [
        {"key": "State", "value": found.get_appeal_display(), "tag": "yellow" if found.appeal == "WAITING" else "blue"},
        {"key": "Date", "value": day(found.appealed_on)},
        {"key": "What the person says", "value": found.appeal_words},
        {"key": "Recorded by", "value": found.appeal_recorded_by.name},
    ]
    if found.appeal_decided_by is not None:
        rows.append({"key": "Answer", "value": found.appeal_answer})
        rows.append(
            {"key": "Decided by", "value": f"{found.appeal_decided_by.name} on {moment(found.appeal_decided_at)}"}
        )
    return rows


def _covers(request: StaffRequest, found: StandDown) -> Table:
    return Table(
        caption="Who covers",
        first="Person",
        columns=["Who was chosen", "Match"],
        rows=[
            Row(
                text=cover.match.plan.person.list_name,
                href=reverse("referrals:plan", args=[request.prison.code, cover.match.plan.token]),
                hidden="plan",
                note=cover.match.plan.person.prison_number,
                cells=[
                    cover.buddy.person.full_name if cover.buddy else cover.get_choice_display(),
                    Cell(text=cover.match.get_status_display()),
                ],
            )
            for cover in queries.covers_of(found)
        ],
    )


def _steps(request: StaffRequest, found: StandDown) -> list[dict[str, str]]:
    runs = found.kind == Kind.SUSPENDED and found.ended_at is None
    code = request.prison.code
    offered = [
        ("Reinstate", "bring_back", found.buddy.token, P.BUDDIES_SUSPEND, runs),
        ("Record the review", "stand_down_review", found.token, P.BUDDIES_SUSPEND, runs),
        ("Record an appeal", "stand_down_appeal", found.token, P.BUDDIES_SUSPEND, can_appeal(found)),
        (
            "Decide the appeal",
            "stand_down_answer",
            found.token,
            P.STAND_DOWN_APPEAL_DECIDE,
            found.appeal == Appeal.WAITING,
        ),
    ]
    return [
        {"text": text, "href": reverse(f"referrals:{name}", args=[code, token])}
        for text, name, token, permission, offer in offered
        if offer and may(request, permission)
    ]


@require_http_methods(["GET", "POST"])
@requires(P.BUDDIES_SUSPEND)
def bring_back_buddy(request: StaffRequest, token: str) -> HttpResponse:
    """Reinstate a suspended buddy."""
    buddy = _buddy(request, token)
    form = forms.BringBackForm(request.POST or None)
    return _step(
        request, buddy, form, "Reinstate this buddy", _buddy_url(request, buddy),
        "Reinstated. Visits of today have changed.",
        lambda answers: bring_back(by=request.actor, now=timezone.now(), buddy=buddy, reason=answers["reason"]),
        lead="Clearance must be in date. Tasks that staff did meanwhile go back to the buddy.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.BUDDIES_SUSPEND)
def review(request: StaffRequest, token: str) -> HttpResponse:
    """The suspension was looked at and goes on."""
    found = _stand_down(request, token)
    form = forms.ReviewForm(request.POST or None)
    return _step(
        request, found.buddy, form, "Record the review", _url(request, found), "The new day of review is saved.",
        lambda answers: actions.put_off_review(
            by=request.actor, now=timezone.now(), stand_down=found, review_on=answers["review_on"]
        ),
        lead="For a suspension that was looked at and goes on. If it is over, reinstate the buddy instead.",
        decision=found,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.BUDDIES_SUSPEND)
def appeal(request: StaffRequest, token: str) -> HttpResponse:
    """What the person says against the decision."""
    found = _stand_down(request, token)
    form = forms.AppealForm(request.POST or None, initial={"appealed_on": london_today(timezone.now())})
    return _step(
        request, found.buddy, form, "Record an appeal", _url(request, found),
        "The appeal is recorded. The governor’s delegate decides.",
        lambda answers: actions.record_appeal(
            by=request.actor, now=timezone.now(), stand_down=found, appealed_on=answers["appealed_on"],
            words=answers["words"],
        ),
        decision=found,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.STAND_DOWN_APPEAL_DECIDE)
def answer(request: StaffRequest, token: str) -> HttpResponse:
    """Decide the appeal, by somebody who did not take the decision."""
    found = _stand_down(request, token)
    form = forms.DecideAppealForm(request.POST or None)
    return _step(
        request, found.buddy, form, "Decide the appeal", _url(request, found),
        "The answer is saved. Have the person told.",
        lambda answers: actions.decide_appeal(
            by=request.actor, now=timezone.now(), stand_down=found, stands=answers["decision"] == "STANDS",
            answer=answers["answer"],
        ),
        rows=[*_decision_rows(found), *_appeal_rows(found)], decision=found,
    )  # fmt: skip


def _step(
    request: StaffRequest,
    buddy: Buddy,
    form: GovukForm,
    title: str,
    back: str,
    done: str,
    act: Callable[[dict[str, Any]], object],
    decision: StandDown | None = None,
    **context: Any,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect(back)
    crumbs = _crumbs(request, buddy)
    if decision is not None:
        crumbs.append({"text": _title(decision), "href": _url(request, decision)})
    return form_about(request, buddy.person, form, title, back, crumbs=crumbs, **context)


def _buddy(request: StaffRequest, token: str) -> Buddy:
    found: Buddy = get_object_or_404(
        Buddy.objects.for_prison(request.prison).select_related("person", "scheme"), token=token
    )
    return found


def _stand_down(request: StaffRequest, token: str) -> StandDown:
    found: StandDown = get_object_or_404(stand_down_queries.stand_downs_of(request.prison), token=token)
    return found


def _buddy_url(request: StaffRequest, buddy: Buddy) -> str:
    return reverse("schemes:buddy", args=[request.prison.code, buddy.token])


def _url(request: StaffRequest, found: StandDown) -> str:
    return reverse("referrals:stand_down", args=[request.prison.code, found.token])


def _crumbs(request: StaffRequest, buddy: Buddy) -> list[dict[str, str]]:
    return [{"text": f"Buddy {buddy.reference}", "href": _buddy_url(request, buddy)}]
