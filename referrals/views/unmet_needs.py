"""Unmet personal care: the list with its days, one need, whom it was put to, and how it was met."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.forms import GovukForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from referrals.actions import unmet_needs as actions
from referrals.forms.unmet_needs import NOBODY, LetterForm, MetForm, NeedFilter, NeedForm, PutForm, SaidForm
from referrals.letter_words import languages_of
from referrals.models import UnmetNeed, UnmetNeedPut
from referrals.queries import unmet_needs as queries
from referrals.queries.places import place_of
from referrals.queries.plans import live_plan_of
from referrals.rules.council import council_of, route_of
from referrals.views.letters import need_words
from referrals.views.words import day, form_about, identity, in_days, moment
from schemes.models import Person
from schemes.queries.people import people_ever_of, people_of, person_here

LISTS = {
    "": queries.needs_of,
    "open": queries.open_needs,
    NOBODY: queries.put_to_nobody,
    "met": queries.met_needs,
    "left": queries.left_needs,
}


@require_safe
@requires(P.UNMET_NEED_VIEW)
def unmet_needs(request: StaffRequest) -> HttpResponse:
    """Needs, open ones first, the longest on top."""
    filter_form = NeedFilter(request.GET)
    answers = filter_form.answers
    found = queries.with_last_put(LISTS[answers.get("state", "")](request.prison))
    if "put_to" in answers:
        found = found.filter(put_to=answers["put_to"])
    return _list(
        request, found, title="Unmet personal care", filter_form=filter_form,
        lead="Personal care that somebody needs and does not get. The days are counted until the need is met.",
        empty="No unmet need is recorded. That says nothing about needs that nobody has recorded.",
    )  # fmt: skip


@require_safe
@requires(P.UNMET_NEED_VIEW)
def person_unmet_needs(request: StaffRequest, token: str) -> HttpResponse:
    """One person's needs at this prison, also those that were met."""
    person = get_object_or_404(people_ever_of(request.prison), token=token)
    viewed(by=request.actor, prison=request.prison.code, subject=person, person_id=person.pk)
    found = queries.with_last_put(queries.needs_of_person(request.prison, person))
    return _list(
        request, found, title="Unmet personal care of one person", lead=person.full_name,
        empty="No unmet need of this person is recorded.", query=f"?person={person.token}",
    )  # fmt: skip


def _list(request: StaffRequest, found: QuerySet[Any], *, query: str = "", **context: Any) -> HttpResponse:
    today = london_today(timezone.now())
    page = page_of(found, request)
    table = Table(
        caption="Unmet needs, the longest first",
        first="Name",
        columns=["Place", "Need", "Last put to", "Last answer", Column(text="Days", numeric=True)],
        rows=[_row(request, need, today) for need in page],
    )
    context |= {"page": page, "table": table, "noun": "needs"}
    if may(request, P.UNMET_NEED_EDIT):
        context["action_href"] = reverse("referrals:unmet_need_add", args=[request.prison.code]) + query
        context["action_text"] = "Record an unmet need"
    return render(request, "components/list_page.html", context)


def _row(request: StaffRequest, need: Any, today: date) -> Row:
    return Row(
        text=need.person.list_name,
        href=reverse("referrals:unmet_need", args=[request.prison.code, need.token]),
        hidden=f"need {need.reference}",
        note=f"{need.person.prison_number}, {need.reference}",
        cells=[
            place_of(need),
            need.task.name,
            _last_put(need),
            need.said or "–",
            str(queries.days_waiting(need, today)),
        ],
        tag=_tag(need, put=need.put_to is not None),
    )


def _last_put(need: Any) -> Cell:
    """From `with_last_put`: whom and when."""
    if need.put_to is None:
        return Cell(text="–")
    return Cell(text=need.put_department or UnmetNeedPut.To(need.put_to).label, note=day(need.put_on))


def _tag(need: UnmetNeed, *, put: bool) -> Tag:
    if need.met_on is not None:
        return Tag(text="Met", colour="green")
    if need.left_on is not None:
        return Tag(text="Person left", colour="grey")
    return Tag(text="Not met", colour="red") if put else Tag(text="Put to nobody yet", colour="purple")


@require_safe
@requires(P.UNMET_NEED_VIEW)
def unmet_need(request: StaffRequest, token: str) -> HttpResponse:
    """One need with its day count and everything that was said."""
    found = _load(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    today = london_today(timezone.now())
    puts = list(queries.puts_of(found))
    is_open = found.met_on is None and found.left_on is None
    rows = [
        {"key": "Need", "value": found.task.name},
        {"key": "Known since", "value": day(found.known_on)},
        {"key": "Days waited", "value": in_days(queries.days_waiting(found, today))},
    ]
    if found.left_on is not None:
        rows.append(
            {"key": "Person left", "value": f"{day(found.left_on)}. The days are not counted here from then on."}
        )
    if found.met_by is not None:
        rows.append({"key": "Met since", "value": day(found.met_on)})
        rows.append({"key": "How", "value": found.met_how})
        rows.append({"key": "Recorded by", "value": f"{found.met_by.name}, {moment(found.met_at)}"})
    context = {
        "need": found,
        "who": identity(request, found.person),
        "tag": _tag(found, put=bool(puts)),
        "is_open": is_open,
        "puts": [_put(request, put) for put in puts],
        "day_number": queries.days_waiting(found, today),
        "rows": rows,
        "opened": f"Recorded by {found.opened_by.name}, {moment(found.opened_at)}",
        "route": route_of(request.prison),
        "may_edit": may(request, P.UNMET_NEED_EDIT) and is_open,
        "plan_href": reverse("referrals:plan", args=[request.prison.code, found.plan.token])
        if found.plan is not None and may(request, P.PLAN_VIEW)
        else "",
        "crumbs": _crumbs(request),
    }
    return render(request, "referrals/unmet_need_page.html", context)


def _put(request: StaffRequest, put: UnmetNeedPut) -> dict[str, Any]:
    """One line of the log: whom and when, what they said, and the ways on."""
    edits = may(request, P.UNMET_NEED_EDIT)
    code = request.prison.code
    return {
        "to": council_of(request.prison) if put.to == UnmetNeedPut.To.COUNCIL else put.to_words,
        "when": f"{day(put.put_on)}, by {put.put_by.name}" + (", in a letter" if put.by_letter else ""),
        "answers": [
            {"said": answer.said, "when": f"{day(answer.answered_on)}, recorded by {answer.recorded_by.name}"}
            for answer in put.answers.all()
        ],
        "answer_href": reverse("referrals:unmet_need_answer", args=[code, put.token]) if edits else "",
        "letter_href": reverse("referrals:unmet_need_paper", args=[code, put.token]) if put.by_letter and edits else "",
    }


@require_http_methods(["GET", "POST"])
@requires(P.UNMET_NEED_EDIT)
def unmet_need_add(request: StaffRequest) -> HttpResponse:
    """Record a need of somebody by number, or of the person whose page the reader came from."""
    now = timezone.now()
    known = people_of(request.prison).filter(token=request.GET.get("person", "")).first()
    tasks = list(queries.personal_care())
    first = {"task": request.GET.get("task", ""), "known_on": london_today(now)}
    form = NeedForm(
        request.POST or None, tasks=tasks, today=london_today(now), known_person=known is not None, initial=first
    )
    if request.method == "POST" and form.is_valid():
        person = known or person_here(request.prison, form.cleaned_data["prison_number"])
        if person is None:
            form.refuse("Nobody with this prison number is on this prison’s list. Check the number.", "prison_number")
        else:
            need = _opened(request, form, person)
            if need is not None:
                return redirect("referrals:unmet_need", request.prison.code, need.token)
    back = reverse("referrals:unmet_needs", args=[request.prison.code])
    title = "Record an unmet need for personal care"
    if known is not None:
        return form_about(request, known, form, title, back, crumbs=_crumbs(request))
    form.cancel_url = back
    return render(request, "components/form_page.html", {"title": title, "form": form, "crumbs": _crumbs(request)})


def _opened(request: StaffRequest, form: NeedForm, person: Person) -> UnmetNeed | None:
    kind = next(kind for kind in queries.personal_care() if kind.code == form.cleaned_data["task"])
    try:
        need = actions.open_unmet_need(
            by=request.actor,
            now=timezone.now(),
            prison=request.prison,
            person=person,
            task=kind,
            known_on=form.cleaned_data["known_on"],
            plan=live_plan_of(request.prison, person),
        )
    except NotAllowed as error:
        form.refuse(error)
        return None
    messages.success(request, f"Unmet need {need.reference} is recorded, and its days are counted.")
    return need


@require_http_methods(["GET", "POST"])
@requires(P.UNMET_NEED_EDIT)
def unmet_need_put(request: StaffRequest, token: str) -> HttpResponse:
    """Whom it was put to, when, and what they said: a line of the log."""
    found = _load(request, token)
    today = london_today(timezone.now())
    initial = {"put_on": today, "version": found.version}
    form = PutForm(request.POST or None, known_on=found.known_on, today=today, initial=initial)
    names = ("to", "department", "put_on", "said", "version")
    if _posted(request, form, found, actions.put_unmet_need, names):
        messages.success(request, "Saved. The days are counted until the need is met.")
        return redirect("referrals:unmet_need", request.prison.code, token)
    return _about(request, found, form, "Whom was the need put to?")


@require_http_methods(["GET", "POST"])
@requires(P.UNMET_NEED_EDIT)
def unmet_need_letter(request: StaffRequest, token: str) -> HttpResponse:
    """A letter about the need: logged as put on this day, then shown for printing."""
    found = _load(request, token)
    now = timezone.now()
    form = LetterForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("to", "department", "version")}
        try:
            put = actions.put_unmet_need(
                by=request.actor, now=now, need=found, put_on=london_today(now), by_letter=True, **answers
            )
        except Stale as error:
            form.stale(error, version=_load(request, token).version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect("referrals:unmet_need_paper", request.prison.code, put.token)
    return _about(request, found, form, "Print a letter about this need")


@require_safe
@requires(P.UNMET_NEED_EDIT)
def unmet_need_paper(request: StaffRequest, token: str) -> HttpResponse:
    """The letter as it was logged, in every language of the prison."""
    put = _load_put(request, token)
    if not put.by_letter:
        raise Http404
    need = put.need
    record(
        Event.PRINTED, by=request.actor, prison=request.prison.code, subject=need, person_id=need.person_id,
        page="letter about an unmet need",
    )  # fmt: skip
    before = list(queries.puts_before(put))
    return render(request, "referrals/letter.html", {
        "title": f"Letter about need {need.reference}",
        "letters": [need_words(request.prison, put, before, language) for language in languages_of(request.prison)],
        "sender": put.put_by.name,
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "back_href": reverse("referrals:unmet_need", args=[request.prison.code, need.token]),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.UNMET_NEED_EDIT)
def unmet_need_answer(request: StaffRequest, token: str) -> HttpResponse:
    """What somebody said to whom the need was put."""
    put = _load_put(request, token)
    today = london_today(timezone.now())
    form = SaidForm(request.POST or None, put_on=put.put_on, today=today, initial={"answered_on": today})
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("answered_on", "said")}
        try:
            actions.answer_unmet_need(by=request.actor, now=timezone.now(), put=put, **answers)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The answer is saved.")
            return redirect("referrals:unmet_need", request.prison.code, put.need.token)
    whom = council_of(request.prison) if put.to == UnmetNeedPut.To.COUNCIL else put.to_words
    return _about(request, put.need, form, f"What did they say? {whom}, {day(put.put_on)}")


@require_http_methods(["GET", "POST"])
@requires(P.UNMET_NEED_EDIT)
def unmet_need_met(request: StaffRequest, token: str) -> HttpResponse:
    """Since when and how the need is met."""
    found = _load(request, token)
    today = london_today(timezone.now())
    form = MetForm(request.POST or None, known_on=found.known_on, today=today, initial={"version": found.version})
    if _posted(request, form, found, actions.meet_unmet_need, ("met_on", "met_how", "version")):
        messages.success(request, "Recorded that the need is met.")
        return redirect("referrals:unmet_need", request.prison.code, token)
    return _about(request, found, form, "The need is met")


def _posted(request: StaffRequest, form: GovukForm, found: UnmetNeed, action: Any, names: tuple[str, ...]) -> bool:
    """Whether a form was posted and its one action done; a refusal is on the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        action(by=request.actor, now=timezone.now(), need=found, **{name: form.cleaned_data[name] for name in names})
    except Stale as error:
        form.stale(error, version=_load(request, found.token).version)
    except NotAllowed as error:
        form.refuse(error)
    else:
        return True
    return False


def _about(request: StaffRequest, found: UnmetNeed, form: GovukForm, title: str) -> HttpResponse:
    back = reverse("referrals:unmet_need", args=[request.prison.code, found.token])
    rows = [{"key": "Need", "value": found.task.name}, {"key": "Known since", "value": day(found.known_on)}]
    return form_about(request, found.person, form, title, back, rows=rows, crumbs=_crumbs(request))


def _load(request: StaffRequest, token: str) -> UnmetNeed:
    rows = UnmetNeed.objects.for_prison(request.prison).select_related("person", "task", "plan", "opened_by", "met_by")
    found: UnmetNeed = get_object_or_404(rows, token=token)
    return found


def _load_put(request: StaffRequest, token: str) -> UnmetNeedPut:
    rows = UnmetNeedPut.objects.for_prison(request.prison).select_related("need__person", "need__task", "put_by")
    found: UnmetNeedPut = get_object_or_404(rows, token=token)
    return found


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "Unmet personal care", "href": reverse("referrals:unmet_needs", args=[request.prison.code])}]
