"""Returns by hand: nationally every prison of a quarter, one prison's quarters with their history, and the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import Quarter, london_today, parse_period, quarter_of
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.hand_returns import return_by_hand
from monitoring.forms.hand_returns import HandReturnForm, KnownFilter, answers_of
from monitoring.hand_words import BY_HAND, count_words, help_words, sort_words, source_words, whole_words
from monitoring.models import HandReturn
from monitoring.queries import hand_returns as queries
from monitoring.queries.hand_returns import Known, PrisonKnown
from monitoring.rules.hand_returns import check_can_return_by_hand
from monitoring.views.periods import back_from, quarter_or_404

OFFERED = 8
TAGS = {
    Known.RUNS_HERE: Tag(text="Runs here", colour="green"),
    Known.BY_HAND: Tag(text="By hand", colour="blue"),
    Known.NOTHING: Tag(text="Not known", colour="grey"),
}
LISTED = ("buddies", "helped", "waiting")


def offered(now: datetime) -> list[Quarter]:
    """The quarters that are over, the newest first."""
    return back_from(quarter_of(london_today(now)).previous(), OFFERED)


@require_safe
@requires(P.NATIONAL_RETURNS_VIEW)
def by_prison(request: StaffRequest) -> HttpResponse:
    """Every prison of the national picture in one quarter: run here, returned by hand, or not known."""
    quarters = offered(timezone.now())
    filter_form = KnownFilter(request.GET, offered=quarters)
    code = filter_form.answers.get("quarter", quarters[0].code)
    quarter = next(each for each in quarters if each.code == code)
    prisons = queries.known_in(quarter)
    known = filter_form.answers.get("known", "")
    table = Table(
        caption=f"Prisons in {quarter}",
        first="Prison",
        columns=["Buddy scheme", "Help known", "Buddies", "People helped", "Waiting for a buddy", "Comes from"],
        rows=[_prison_row(each) for each in prisons if known in ("", each.known)],
        status="Known from",
    )
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Returns by hand",
            "lead": _picture_words(quarter, prisons),
            "table": table,
            "filter_form": filter_form,
            "empty": "No prison is registered.",
        },
    )


def _picture_words(quarter: Quarter, prisons: list[PrisonKnown]) -> str:
    here, typed, nothing = (sum(each.known is known for each in prisons) for known in Known)
    return (
        f"In {quarter} a scheme runs here at {here} of {len(prisons)} prisons. Returned by hand: {typed}. Nothing "
        f"known: {nothing}. Figures of schemes that run here come from their records and are not shown."
    )


def _prison_row(each: PrisonKnown) -> Row:
    return Row(
        text=each.prison.name,
        href=reverse("national:hand_returns_of", args=[each.prison.code]),
        hidden="returns by hand",
        note=each.prison.get_kind_display(),
        cells=_cells(each.row if each.known is Known.BY_HAND else None),
        tag=TAGS[each.known],
    )


def _cells(row: HandReturn | None) -> list[Cell | str]:
    if row is None:
        return ["–"] * (3 + len(LISTED))
    counts = [Cell(text=count_words(row, name), note="" if getattr(row, name) is None else BY_HAND) for name in LISTED]
    return [
        Cell(text=sort_words(row), note=BY_HAND if row.sort else ""),
        Cell(text=help_words(row), note=BY_HAND if row.help_known else ""),
        *counts,
        source_words(row),
    ]


@dataclass(frozen=True)
class At:
    """Where a prison's returns are shown: nationally, or at the prison itself."""

    prison: Prison
    gives: bool
    address: Callable[[Quarter], str]
    home: str
    crumbs: list[dict[str, str]]


def _national(request: StaffRequest, about_code: str) -> At:
    prison = queries.counted_prisons().filter(code=about_code).first()
    if prison is None:
        raise Http404("no such prison")
    return At(
        prison,
        may(request, P.NATIONAL_HAND_RETURNS_GIVE),
        lambda quarter: reverse("national:give_hand_return", args=[prison.code, quarter.code]),
        reverse("national:hand_returns_of", args=[prison.code]),
        [{"text": "Returns by hand", "href": reverse("national:hand_returns")}],
    )


def _at_prison(request: StaffRequest) -> At:
    code = request.prison.code
    return At(
        request.prison,
        may(request, P.MONTH_CLOSE),
        lambda quarter: reverse("monitoring:give_hand_return", args=[code, quarter.code]),
        reverse("monitoring:hand_returns", args=[code]),
        [{"text": "Figures", "href": reverse("monitoring:figures", args=[code])}],
    )


@require_safe
@requires(P.NATIONAL_RETURNS_VIEW)
def of_prison(request: StaffRequest, about_code: str) -> HttpResponse:
    """One prison's quarters and every version of what was returned, for those who chase returns."""
    at = _national(request, about_code)
    with scoped(DatabaseRole.NATIONAL):
        return _history(request, at)


@require_safe
@requires(P.FIGURES_VIEW)
def own(request: StaffRequest) -> HttpResponse:
    """The same for the prison itself."""
    return _history(request, _at_prison(request))


def _history(request: StaffRequest, at: At) -> HttpResponse:
    now = timezone.now()
    quarters = offered(now)
    rows = list(queries.returns_of(at.prison))
    newest: dict[str, HandReturn] = {}
    for row in rows:
        newest.setdefault(row.period, row)
    open_in = queries.quarters_run_here(at.prison, quarters)
    table = Table(
        caption="Quarters, newest first",
        first="Quarter",
        columns=[
            "Buddy scheme",
            "Help known",
            "Buddies",
            "People helped",
            "Waiting for a buddy",
            "Comes from",
            "What to do",
        ],
        rows=[_quarter_row(at, quarter, newest.get(quarter.code), quarter.code in open_in) for quarter in quarters],
        status="Known from",
    )
    return render(
        request,
        "monitoring/hand_returns.html",
        {
            "title": "Returns by hand" if at.home.startswith("/prisons/") else at.prison.name,
            "caption": "" if at.home.startswith("/prisons/") else "Returns by hand",
            "table": table,
            "events": [_event(row) for row in rows],
            "crumbs": at.crumbs,
        },
    )


def _quarter_row(at: At, quarter: Quarter, row: HandReturn | None, here: bool) -> Row:
    known = Known.RUNS_HERE if here else Known.NOTHING if row is None else Known.BY_HAND
    do: Cell | str = "–"
    if at.gives and not here:
        do = Cell(text="Correct it" if row else "Return it", href=at.address(quarter), hidden=f"for {quarter}")
    return Row(text=str(quarter), cells=[*_cells(None if here else row), do], tag=TAGS[known])


def _event(row: HandReturn) -> dict[str, Any]:
    what = "returned by hand" if row.version == 1 else f"corrected, version {row.version}"
    return {
        "title": f"{parse_period(row.period)}: {what}",
        "at": row.returned_at,
        "by": row.returned_by.name,
        "text": whole_words(row),
    }


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_HAND_RETURNS_GIVE)
def give(request: StaffRequest, about_code: str, quarter_code: str) -> HttpResponse:
    """Type what a letter, a call or an e-mail says of a prison's quarter."""
    at, quarter = _national(request, about_code), quarter_or_404(quarter_code)
    with scoped(DatabaseRole.NATIONAL):
        return _give(request, at, quarter)


@require_http_methods(["GET", "POST"])
@requires(P.MONTH_CLOSE)
def give_own(request: StaffRequest, quarter_code: str) -> HttpResponse:
    """The same by the lead of a prison without a running scheme."""
    return _give(request, _at_prison(request), quarter_or_404(quarter_code))


def _give(request: StaffRequest, at: At, quarter: Quarter) -> HttpResponse:
    now = timezone.now()
    last = queries.newest_of(at.prison, quarter)
    form = HandReturnForm(
        request.POST if request.method == "POST" else None,
        correcting=last is not None,
        initial={**answers_of(last), "version": last.version if last else 0},
    )
    form.cancel_url = at.home
    if request.method == "POST" and form.is_valid():
        try:
            return_by_hand(by=request.actor, now=now, prison=at.prison, quarter=quarter, **form.cleaned_data)
        except Stale as error:
            form.stale(error, version=last.version if last else 0)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{quarter}: the return of {at.prison.name} is saved.")
            return redirect(at.home)
    return render(
        request,
        "components/form_page.html",
        {
            "title": f"Correct the return of {quarter}" if last else f"Return {quarter} by hand",
            "caption": at.prison.name,
            "lead": _lead(at, quarter, now),
            "form": form,
            "crumbs": [*at.crumbs, {"text": at.prison.name, "href": at.home}],
        },
    )


def _lead(at: At, quarter: Quarter, now: datetime) -> str:
    """What the form says above its questions: why it will be refused, or what an empty box means."""
    try:
        check_can_return_by_hand(
            quarter,
            today=london_today(now),
            in_scope=at.prison.in_scope and not at.prison.closed,
            runs_here=queries.runs_here(at.prison, quarter),
        )
    except NotAllowed as error:
        return str(error)
    return (
        "Leave empty what you were not told: it counts as not returned, never as nought. Every figure is shown as "
        "given by hand."
    )
