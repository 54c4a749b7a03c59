"""Referrals: the list, one referral, and its screening."""

from __future__ import annotations

from datetime import date, datetime
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
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from referrals.actions.referrals import screen_referral
from referrals.forms.referrals import GIVEN, LATE, ReferralFilter, ScreenForm
from referrals.models import Plan, Referral
from referrals.queries import assessments as assessment_queries
from referrals.queries import plans as plan_queries
from referrals.queries import referrals as queries
from referrals.queries.places import place_of
from referrals.queries.unmet_needs import has_open_need, personal_care
from referrals.rules.council import council_of, route_of
from referrals.rules.interim import may_begin
from referrals.rules.plans import can_record_wishes
from referrals.rules.referrals import can_say_who, due_in_words, is_late, names_care
from referrals.views.words import REFERRAL_COLOURS, day, form_about, identity_at, in_days, moment
from schemes.models import TaskKind
from schemes.queries.people import custody_of, people_ever_of, still_read

NOT_TYPED = "Nothing was typed: the person asked at a terminal"
NEVER_FOR_DISCIPLINE = "never used for discipline"


@require_safe
@requires(P.REFERRAL_VIEW)
def referrals(request: StaffRequest) -> HttpResponse:
    """Referrals: those that wait first, urgent ones on top."""
    filter_form = ReferralFilter(request.GET)
    answers = filter_form.answers
    rows = queries.referrals_of(request.prison)
    if answers.pop("show", "") == LATE:
        rows = queries.late(request.prison, timezone.now())
    found = rows.filter(**answers)
    return _list(request, found, title="Referrals", filter_form=filter_form, empty="Nobody has been referred yet.")


@require_safe
@requires(P.REFERRAL_VIEW)
def person_referrals(request: StaffRequest, token: str) -> HttpResponse:
    """One person's referrals at this prison."""
    person = get_object_or_404(people_ever_of(request.prison), token=token)
    viewed(by=request.actor, prison=request.prison.code, subject=person, person_id=person.pk)
    found = queries.referrals_of(request.prison).filter(person=person)
    return _list(
        request,
        found,
        title=f"Referrals of {person.full_name}",
        heading="Referrals of one person",
        empty="This person has not been referred.",
        query=f"?person={person.token}",
    )


def _list(
    request: StaffRequest, found: QuerySet[Referral], *, title: str, empty: str, heading: str = "", query: str = "",
    **context: Any,
) -> HttpResponse:  # fmt: skip
    now = timezone.now()
    page = page_of(still_read(found), request)
    table = Table(
        caption="Referrals, waiting and urgent ones first",
        first="Name",
        columns=["Place", "How soon", "Made on", Column(text="Days waiting", numeric=True)],
        rows=[_row(request, referral, now) for referral in page],
    )
    if may(request, P.REFERRAL_MAKE):
        context["action_href"] = reverse("referrals:refer", args=[request.prison.code]) + query
        context["action_text"] = "Refer someone"
    return render(request, "components/list_page.html", {
        "title": heading or title, "lead": title if heading else "", "page": page, "table": table, "noun": "referrals",
        "empty": empty, **context,
    })  # fmt: skip


def _row(request: StaffRequest, referral: Referral, now: datetime) -> Row:
    made, today = london_today(referral.referred_at), london_today(now)
    waits = referral.status == Referral.Status.RECEIVED
    return Row(
        text=referral.person.list_name,
        href=reverse("referrals:referral", args=[request.prison.code, referral.token]),
        hidden=f"referral {referral.reference}",
        note=f"{referral.person.prison_number}, {referral.reference}",
        cells=[
            place_of(referral),
            Cell(text=referral.get_urgency_display(), note="Repeats another" if referral.repeats_id else ""),
            day(made),
            Cell(text=str((today - made).days) if waits else ""),
        ],
        tag=_tag(referral, now),
    )


def _tag(referral: Referral, now: datetime) -> Tag:
    """The clock of an urgent one that waits, else its status."""
    if due := due_in_words(referral, now):
        return Tag(text=due, colour="red" if is_late(referral, now) else "orange")
    return Tag(text=referral.get_status_display(), colour=REFERRAL_COLOURS[referral.status])


@require_safe
@requires(P.REFERRAL_VIEW)
def referral(request: StaffRequest, token: str) -> HttpResponse:
    """One referral: what was said, what was decided, and what comes next."""
    found = _load(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    now = timezone.now()
    today = london_today(now)
    plans = list(plan_queries.plans_of(request.prison).filter(person=found.person).order_by("-asked_at", "-id"))
    live = next((plan for plan in plans if plan.status in Plan.LIVE), None)
    custody = custody_of(request.prison, found.person)
    here = custody is not None
    context = {
        "referral": found,
        "who": identity_at(request, found.person, custody.place if custody is not None else None),
        "status": _tag(found, now),
        "rows": _facts(found),
        "others": _others(request, found, now),
        "told": _told(request, found),
        "links": _links(request, found),
        "outcome_rows": _outcome(found),
        "asked": _asked(request, found, today),
        "route": route_of(request.prison),
        "plans": [_plan_link(request, plan) for plan in plans],
        "may_screen": found.status == Referral.Status.RECEIVED and may(request, P.REFERRAL_SCREEN),
        "may_help_today": may(request, P.MATCH_DECIDE) and may_begin(found, here=here, live_plan=live is not None),
        "may_ask": may(request, P.WISHES_RECORD)
        and can_record_wishes(found, here=here, live_plan=live is not None, own_words="-"),
        "need_href": _need_href(request, found)
        if here and Referral.NeedArea.PERSONAL in found.need_areas and may(request, P.UNMET_NEED_EDIT)
        else "",
        "crumbs": _crumbs(request),
    }
    return render(request, "referrals/referral_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.REFERRAL_SCREEN)
def screen(request: StaffRequest, token: str) -> HttpResponse:
    """Decide what happens next, and why."""
    found = _load(request, token)
    repeats = list(queries.repeats_waiting(found))
    care = _care_to_ask(request, [found, *repeats])
    form = ScreenForm(
        request.POST or None,
        council=council_of(request.prison),
        repeats=bool(repeats),
        care=care,
        own_care=names_care(found),
        initial={"version": found.version},
    )
    if request.method == "POST" and form.is_valid() and _screened(request, form, found, care):
        return redirect("referrals:referral", request.prison.code, found.token)
    return form_about(
        request,
        found.person,
        form,
        "Screen the referral",
        reverse("referrals:referral", args=[request.prison.code, found.token]),
        template="referrals/referral_screen.html",
        rows=_facts(found),
        others=_others(request, found, timezone.now()),
        route=route_of(request.prison),
        crumbs=_crumbs(request),
        today_href=reverse("referrals:help_today", args=[request.prison.code, found.token])
        if _may_help_today(request, found)
        else "",
    )


def _care_to_ask(request: StaffRequest, rows: list[Referral]) -> list[TaskKind]:
    """The kinds of personal care, where one of the referrals names it and no unmet need is on record."""
    if not any(names_care(row) for row in rows) or has_open_need(request.prison, rows[0].person):
        return []
    return list(personal_care())


def _may_help_today(request: StaffRequest, found: Referral) -> bool:
    """Before screening and after it, while nobody has decided that nothing follows."""
    return may(request, P.MATCH_DECIDE) and may_begin(
        found,
        here=custody_of(request.prison, found.person) is not None,
        live_plan=plan_queries.live_plan_of(request.prison, found.person) is not None,
    )


def _need_href(request: StaffRequest, found: Referral) -> str:
    return f"{reverse('referrals:unmet_need_add', args=[request.prison.code])}?person={found.person.token}"


def _screened(request: StaffRequest, form: ScreenForm, found: Referral, kinds: list[TaskKind]) -> bool:
    answers = form.cleaned_data
    care = answers.get("care") or []
    try:
        screen_referral(
            by=request.actor,
            now=timezone.now(),
            referral=found,
            outcome=answers["outcome"],
            reason=answers["reason"],
            version=answers["version"],
            with_repeats=answers.get("with_repeats", False),
            care=[kind for kind in kinds if kind.code in care],
            care_given=GIVEN in care,
        )
    except Stale as error:
        form.stale(error, version=_load(request, found.token).version)
    except NotAllowed as error:
        form.refuse(error)
    else:
        messages.success(request, f"The outcome of referral {found.reference} is saved.")
        return True
    return False


def _load(request: StaffRequest, token: str) -> Referral:
    rows = Referral.objects.for_prison(request.prison).select_related("person", "referred_by", "screened_by")
    found: Referral = get_object_or_404(rows, token=token)
    return found


def _facts(found: Referral) -> list[dict[str, str]]:
    other_help = f"{found.get_other_help_display()} ({NEVER_FOR_DISCIPLINE})"
    who = found.get_source_display() + (f" ({found.said_by})" if found.said_by else "")
    by = found.referred_by.name if found.referred_by is not None else "The person, at a terminal"
    rows = [
        {"key": "Help with", "value": "\n".join(Referral.NeedArea(area).label for area in found.need_areas)},
        {"key": "Why", "value": found.reason or NOT_TYPED},
        {"key": "How soon", "value": found.get_urgency_display()},
        {"key": "Who asked", "value": who},
        {"key": "Another prisoner already helps", "value": other_help},
        {"key": "Referred by", "value": f"{by}, {moment(found.referred_at)}"},
    ]
    if found.wants_to_say:
        rows.insert(2, {"key": "In person", "value": "The person wants to tell staff the rest"})
    return rows


def _outcome(found: Referral) -> list[dict[str, str]]:
    if found.screened_by is None:
        return []
    care = found.get_personal_care_display()
    return [
        {"key": "Outcome", "value": found.get_outcome_display()},
        {"key": "Why", "value": found.outcome_reason},
        *([{"key": "Personal care", "value": care}] if care else []),
        {"key": "Screened by", "value": f"{found.screened_by.name}, {moment(found.screened_at)}"},
    ]


def _asked(request: StaffRequest, found: Referral, today: date) -> list[dict[str, str]]:
    rows = []
    for assessment in found.assessments.order_by("asked_on", "id"):
        waited = in_days(assessment_queries.days_waiting(assessment, today))
        body = council_of(request.prison) if assessment.body == "COUNCIL" else assessment.get_body_display()
        state = (
            f"{assessment.get_decision_display()} on {day(assessment.decided_on)}, after {waited}"
            if assessment.decided_on
            else f"Waiting for {waited}, since {day(assessment.asked_on)}"
        )
        row = {"key": body, "value": state}
        if may(request, P.ASSESSMENT_VIEW):
            href = reverse("referrals:assessment", args=[request.prison.code, assessment.token])
            row |= {"href": href, "action": "Open", "hidden": f"request {assessment.reference}"}
        rows.append(row)
    return rows


def _others(request: StaffRequest, found: Referral, now: datetime) -> list[dict[str, Any]]:
    """Other referrals of the person that wait or say the same, each with its words: to be looked at together."""
    return [
        {
            "text": f"Referral {other.reference}",
            "href": reverse("referrals:referral", args=[request.prison.code, other.token]),
            "said": f"{other.get_source_display()}, {day(london_today(other.referred_at))}: "
            f"{other.reason or ', '.join(Referral.NeedArea(area).label for area in other.need_areas)}",
            "link": "Repeats this one" if other.repeats_id == found.pk
            else "This one repeats it" if found.repeats_id == other.pk else "",
            "tag": _tag(other, now),
        }
        for other in queries.others_of(found)
    ]  # fmt: skip


def _told(request: StaffRequest, found: Referral) -> list[dict[str, str]]:
    """Who was or is to be told."""
    rows = []
    for telling in found.tellings.order_by("id"):
        row = {
            "key": telling.get_audience_display(),
            "value": f"Told on {day(telling.told_on)}" if telling.told_on else "To be told",
        }
        if may(request, P.REFERRAL_SCREEN):
            row["href"] = reverse("referrals:telling", args=[request.prison.code, telling.token])
            row |= {"action": "Open", "hidden": f"what to tell {row['key'].lower()}"}
        rows.append(row)
    return rows


def _links(request: StaffRequest, found: Referral) -> list[dict[str, str]]:
    code = request.prison.code
    links = []
    if may(request, P.NEED_VIEW):
        needs = reverse("referrals:person_needs", args=[code, found.person.token])
        links.append({"text": "Needs of this person", "href": needs})
    if may(request, P.INFORMAL_HELP_VIEW):
        for entry in found.informal_help.order_by("id"):
            href = reverse("referrals:informal_help", args=[code, entry.token])
            links.append({"text": f"Informal help {entry.reference}", "href": href})
    if may(request, P.REFERRAL_MAKE) and can_say_who(found, said_by="-", version=found.version):
        links.append({"text": "Change who asked", "href": reverse("referrals:refer_who", args=[code, found.token])})
    return links


def _plan_link(request: StaffRequest, plan: Plan) -> dict[str, str]:
    href = reverse("referrals:plan", args=[request.prison.code, plan.token]) if may(request, P.PLAN_VIEW) else ""
    return {"text": f"Plan {plan.reference}", "href": href, "status": plan.get_status_display()}


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "Referrals", "href": reverse("referrals:referrals", args=[request.prison.code])}]
