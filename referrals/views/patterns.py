"""Patterns: what the rules found, what was decided, and nationally the numbers of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.actions import patterns as actions
from referrals.forms.patterns import DecidePatternForm, PatternFilter, RuleForm
from referrals.models import PatternHit, PatternRow, PatternRule, Visit
from referrals.queries import patterns as queries
from referrals.queries.visits import visits_of
from referrals.rules import patterns as rules
from referrals.views.visit_words import when
from referrals.views.words import day, moment

Decision = PatternHit.Decision
COLOURS: dict[str, str] = {Decision.WAITING: "yellow", Decision.DISMISSED: "grey", Decision.ACTED: "green"}
PROMPT = (
    "Each is a prompt to look, and no more: a rule noticed something in the records. It says nothing about what "
    "somebody is like, and it is never counted up for a person."
)


@require_safe
@requires(P.PATTERN_VIEW)
def patterns(request: StaffRequest) -> HttpResponse:
    """What was found, those that wait first; and the rules that are looked by."""
    filter_form = PatternFilter(request.GET)
    page = page_of(queries.hits_for(request.prison, request.user).filter(**filter_form.answers), request)
    viewed(by=request.actor, prison=request.prison.code, subject=request.prison, list="patterns", rows=len(page))
    table = Table(
        caption="Patterns, those that wait first",
        first="Pattern",
        columns=["About", "What was found", "Found on"],
        rows=[_row(request, hit) for hit in page],
    )
    standing = [
        {"key": PatternRule.Code(code).label, "value": _standing(code, numbers)}
        for code, numbers in queries.rules_now().items()
    ]
    return render(request, "referrals/pattern_list.html", {
        "title": "Patterns to look at", "page": page, "table": table, "noun": "patterns", "lead": PROMPT,
        "filter_form": filter_form, "standing": standing,
        "empty": "No rule has found anything. That does not mean that nothing is wrong: a rule sees only what is on "
        "record.",
    })  # fmt: skip


def _standing(code: str, numbers: rules.Numbers) -> str:
    words = rules.words_of(code, numbers)
    return words if numbers.active else f"Switched off. {words}"


def _row(request: StaffRequest, hit: PatternHit) -> Row:
    return Row(
        text=hit.get_rule_display(),
        href=reverse("referrals:pattern", args=[request.prison.code, hit.token]),
        hidden=f"pattern {hit.reference}",
        note=hit.reference,
        cells=[Cell(text=_about(hit)), Cell(text=hit.found, note=hit.wording), day(london_today(hit.found_at))],
        tag=Tag(text=hit.get_decision_display(), colour=COLOURS[hit.decision]),
    )


def _about(hit: PatternHit) -> str:
    people = []
    if hit.buddy is not None:
        people.append(f"{hit.buddy.person.list_name} (buddy)")
    if hit.person is not None:
        people.append(hit.person.list_name)
    if hit.window is not None:
        people.append(f"Window at {hit.window.terminal.name}, {moment(hit.window.opened_at)}")
    if hit.staff is not None:
        people.append(f"Entries by {hit.staff.name}")
    return "; ".join(people)


@require_POST
@requires(P.PATTERN_VIEW)
def patterns_look(request: StaffRequest) -> HttpResponse:
    """Look now, and not only at night."""
    found = actions.find_patterns(by=request.actor, now=timezone.now(), prison=request.prison)
    said = {0: "Nothing new was found.", 1: "1 new pattern was found."}
    messages.success(request, said.get(found, f"{found} new patterns were found."))
    return redirect("referrals:patterns", request.prison.code)


@require_http_methods(["GET", "POST"])
@requires(P.PATTERN_VIEW)
def pattern(request: StaffRequest, token: str) -> HttpResponse:
    """The rule as it fired, the visits behind it, and what somebody decided."""
    hit = get_object_or_404(queries.hits_for(request.prison, request.user), token=token)
    form = DecidePatternForm(request.POST or None) if hit.decision == Decision.WAITING else None
    if request.method == "POST" and form is None:
        messages.warning(request, "Somebody has decided about this pattern already.")
        return redirect(request.path)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.decide_pattern(by=request.actor, now=timezone.now(), hit=hit, **form.cleaned_data)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The decision is saved. The rows behind this pattern stay quiet.")
            return redirect("referrals:patterns", request.prison.code)
    if request.method == "GET":
        viewed(by=request.actor, prison=request.prison.code, subject=hit, person_id=hit.about_id)
    page = page_of(queries.rows_of(hit), request)
    return render(request, "referrals/pattern_page.html", {
        "title": hit.get_rule_display(),
        "hit": hit,
        "tag": Tag(text=hit.get_decision_display(), colour=COLOURS[hit.decision]),
        "rows": _facts(hit),
        "page": page,
        "table": _behind(request, list(page)),
        "form": form,
        "lead": PROMPT,
        "concern_href": _concern_href(request, hit.about.token if hit.about is not None else ""),
        "crumbs": [{"text": "Patterns", "href": reverse("referrals:patterns", args=[request.prison.code])}],
    })  # fmt: skip


def _concern_href(request: StaffRequest, token: str) -> str:
    if not may(request, P.CONCERN_RAISE):
        return ""
    about = f"?about={token}" if token else "?about=staff"
    return reverse("referrals:concern_add", args=[request.prison.code]) + about


def _facts(hit: PatternHit) -> list[dict[str, Any]]:
    facts = [
        {"key": "The rule, as it was then", "value": hit.wording},
        {"key": "What was found", "value": hit.found},
        {"key": "About", "value": _about(hit)},
        {"key": "Found", "value": moment(hit.found_at)},
    ]
    if hit.decided_by is not None:
        facts += [
            {"key": "Decision", "value": hit.get_decision_display()},
            {"key": "What was found by looking", "value": hit.words},
            {"key": "Decided by", "value": f"{hit.decided_by.name}, {moment(hit.decided_at)}"},
        ]
    return facts


def _behind(request: StaffRequest, rows: Sequence[PatternRow]) -> Table:
    found = visits_of(request.prison).filter(planned__in=[row.planned_id for row in rows])
    visits = {visit.planned_id: visit for visit in found}
    link = may(request, P.VISITS_VIEW)
    return Table(
        caption="Visits behind it, newest first",
        first="Visit",
        columns=["Person", "Buddy", "What happened", "Minutes", "Entered"],
        rows=[_visit_row(request, row, visits.get(row.planned_id), link=link) for row in rows],
    )


def _visit_row(request: StaffRequest, row: PatternRow, visit: Visit | None, *, link: bool) -> Row:
    planned = row.planned
    text = when(planned.day, planned.get_session_display())
    if visit is None:
        return Row(text=text, cells=[planned.person.list_name, "", "", "", ""])
    happened = visit.get_reason_display() if visit.reason else visit.get_outcome_display()
    return Row(
        text=text,
        href=reverse("referrals:visit", args=[request.prison.code, visit.token]) if link else "",
        hidden="visit",
        note=row.why,
        cells=[
            planned.person.list_name,
            visit.buddy.person.list_name if visit.buddy is not None else "",
            happened,
            str(visit.minutes),
            Cell(text=moment(visit.entered_at), note=visit.get_source_display()),
        ],
    )


# Nationally -----------------------------------------------------------------------------------------------


@require_safe
@requires(P.NATIONAL_PATTERNS_EDIT)
def national_rules(request: StaffRequest) -> HttpResponse:
    """Every rule with its numbers."""
    table = Table(
        caption="Rules",
        first="Rule",
        columns=["As it stands"],
        rows=[
            Row(
                text=str(PatternRule.Code(code).label),
                href=reverse("national:pattern_rule", args=[code]),
                hidden="rule",
                cells=[rules.words_of(code, numbers)],
                tag=Tag(text="Switched on", colour="green") if numbers.active else Tag(text="Switched off"),
            )
            for code, numbers in queries.rules_now().items()
        ],
    )
    return render(request, "referrals/short_table.html", {
        "title": "Rules that look for patterns", "table": table, "crumbs": [],
        "lead": "A change counts at every prison from the next search on. What was found before keeps its wording.",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_PATTERNS_EDIT)
def national_rule(request: StaffRequest, rule_code: str) -> HttpResponse:
    """Set the numbers of one rule."""
    before = queries.rules_now().get(rule_code)
    if before is None:
        raise Http404
    initial = {"least": before.least, "within": before.within, "active": before.active, "version": before.changes}
    form = RuleForm(request.POST or None, code=rule_code, initial=initial)
    back = reverse("national:patterns")
    if request.method == "POST" and form.is_valid():
        answers = {"least": before.least, "within": before.within, **form.cleaned_data}
        try:
            actions.change_rule(by=request.actor, now=timezone.now(), code=rule_code, **answers)
        except Stale as error:
            form.stale(error, version=queries.rules_now()[rule_code].changes)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved. Every prison looks by it from the next search on.")
            return redirect(back)
    form.cancel_url = back
    rows = [{"key": "As it stands", "value": _standing(rule_code, before)}]
    rows += [
        {"key": f"Set on {day(london_today(row.changed_at))}", "value": _change(row)}
        for row in queries.changes_of(rule_code)
    ]
    return render(request, "components/form_page.html", {
        "title": PatternRule.Code(rule_code).label, "form": form, "rows": rows,
        "crumbs": [{"text": "Rules that look for patterns", "href": back}],
    })  # fmt: skip


def _change(row: PatternRule) -> str:
    numbers = rules.Numbers(row.least, row.within, row.active)
    return f"{_standing(row.code, numbers)}\n{row.reason} ({row.changed_by.name})"
