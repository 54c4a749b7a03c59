"""Evaluation extracts: the list, asking for one, deciding about one, one as it stands, its file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import Quarter, london_today, parse_period, quarter_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from monitoring.actions import extracts as actions
from monitoring.extracts.file import left_out_words
from monitoring.forms.extracts import APPROVE, AskExtractForm, DecideExtractForm
from monitoring.models import Extract
from monitoring.queries import extracts as queries
from monitoring.rules import extracts as rules
from monitoring.views.periods import back_from

State = Extract.State
OFFERED_QUARTERS = 20
LOOK_AGAIN = "3"
COLOURS = {
    State.ASKED: "yellow",
    State.APPROVED: "blue",
    State.REFUSED: "red",
    State.BUILT: "green",
    State.UNSAFE: "red",
    State.EXPIRED: "grey",
}


@require_safe
@requires(P.NATIONAL_EXTRACTS_ASK, P.NATIONAL_EXTRACTS_DECIDE)
def extracts(request: StaffRequest) -> HttpResponse:
    """Every extract, the newest first."""
    page = page_of(queries.extracts(), request)
    downloads = queries.times_downloaded(list(page))
    table = Table(
        caption="Extracts, newest first",
        first="Extract",
        columns=["Who receives it", "Quarters", "Asked", Column(text="Downloads", numeric=True)],
        rows=[
            Row(
                text=each.reference,
                href=reverse("national:extract", args=[each.token]),
                hidden="extract",
                cells=[
                    each.recipient,
                    each.quarters,
                    Cell(text=day_in_words(london_today(each.asked_at)), note=f"by {each.asked_by.name}"),
                    str(downloads.get(each.pk, 0)),
                ],
                tag=_tag(each),
            )
            for each in page
        ],
    )
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Extracts for evaluation",
            "lead": "Rows about people without names, for one evaluation. Somebody asks, the data protection officer "
            "decides, and what is built lasts 30 days.",
            "page": page,
            "noun": "extracts",
            "table": table,
            "empty": "Nobody has asked for an extract.",
            "action_href": reverse("national:ask_extract") if may(request, P.NATIONAL_EXTRACTS_ASK) else "",
            "action_text": "Ask for an extract",
        },
    )


def _tag(extract: Extract) -> Tag:
    return Tag(text=extract.get_state_display(), colour=COLOURS[State(extract.state)])


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_EXTRACTS_ASK)
def ask(request: StaffRequest) -> HttpResponse:
    """Ask for an extract."""
    now = timezone.now()
    offered = back_from(quarter_of(london_today(now)).previous(), OFFERED_QUARTERS)
    form = AskExtractForm(request.POST or None, quarters=offered, prisons=queries.prisons_to_choose())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            asked = actions.ask_extract(
                by=request.actor,
                now=now,
                recipient=said["recipient"],
                purpose=said["purpose"],
                ethics_reference=said["ethics_reference"],
                agreement=said["agreement"],
                first_day=_quarter(said["first"]).first,
                last_day=_quarter(said["last"]).last,
                prisons=said["prisons"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Extract {asked.reference} waits for the data protection officer.")
            return redirect("national:extract", asked.token)
    form.cancel_url = reverse("national:extracts")
    return render(
        request,
        "components/form_page.html",
        {
            "title": "Ask for an extract",
            "lead": "Nothing is read before the data protection officer approves it. People who could be told apart "
            "are given more coarsely or left out; where that is not enough nothing is handed out.",
            "form": form,
            "crumbs": _crumbs(),
        },
    )


def _quarter(code: str) -> Quarter:
    period = parse_period(code)
    assert isinstance(period, Quarter)
    return period


@require_safe
@requires(P.NATIONAL_EXTRACTS_ASK, P.NATIONAL_EXTRACTS_DECIDE)
def extract(request: StaffRequest, token: str) -> HttpResponse:
    """One extract as it stands."""
    found = _extract_or_404(token)
    is_own = found.asked_by_id == request.user.pk
    today = london_today(timezone.now())
    decides = may(request, P.NATIONAL_EXTRACTS_DECIDE) and found.state == State.ASKED
    downloads = may(request, P.NATIONAL_EXTRACTS_ASK) and rules.can_download(
        state=found.state, is_own=is_own, expires_on=found.expires_on, today=today
    )
    being_built = found.state == State.APPROVED
    context = {
        "title": f"Extract {found.reference}",
        "tag": _tag(found),
        "rows": _rows(found),
        "progress": _progress(found) if being_built else None,
        "built": _built(found) if found.k is not None else None,
        "left_out": left_out_words(found.left_out) if found.k is not None else [],
        "overlapping": _overlapping(found),
        "decide_url": reverse("national:decide_extract", args=[token]) if decides and not is_own else "",
        "is_own": decides and is_own,
        "download_url": reverse("national:download_extract", args=[token]) if downloads else "",
        "crumbs": _crumbs(),
    }
    response = render(request, "monitoring/extract.html", context)
    if being_built:
        response.headers["Refresh"] = LOOK_AGAIN
    return response


def _rows(found: Extract) -> list[dict[str, Any]]:
    said = {
        "Who receives it": found.recipient,
        "What it is for": found.purpose,
        "Ethics or research committee": found.ethics_reference,
        "Data sharing agreement": found.agreement,
        "Quarters": found.quarters,
        "Prisons": ", ".join(queries.names_of(found.prisons)) or "All that use the service",
        "Asked for": f"{day_in_words(london_today(found.asked_at))} by {found.asked_by.name}",
    }
    if found.decided_at is not None and found.decided_by is not None:
        decided = "Refused" if found.state == State.REFUSED else "Approved"
        said[decided] = f"{day_in_words(london_today(found.decided_at))} by {found.decided_by.name}"
    if found.reason:
        said["Why"] = found.reason
    return [{"key": key, "value": value} for key, value in said.items()]


def _progress(found: Extract) -> dict[str, Any]:
    if found.taken_at is None:
        return {"text": "It waits for a worker."}
    read, everything = found.prisons_read, found.prisons_all
    if read >= everything:
        return {"text": "All prisons are read. The rows are being checked."}
    return {"text": f"{read} of {everything} prisons are read.", "value": read, "most": everything}


def _built(found: Extract) -> list[dict[str, Any]]:
    assert found.built_at is not None
    assert found.expires_on is not None
    last = "Deleted after" if found.state == State.EXPIRED else "Can be downloaded until"
    said = {
        "Built": day_in_words(london_today(found.built_at)),
        last: day_in_words(found.expires_on),
        "Spells of help in it": intcomma(found.rows or 0),
        "People who look alike": f"{found.k} at least (k)",
        "Different values among them": f"{found.l} at least (l)",
        "Made coarser": _sentence(found.steps) or "Nothing had to be",
        "Fingerprint of the file": found.digest,
    }
    return [{"key": key, "value": value} for key, value in said.items()]


def _sentence(parts: list[str]) -> str:
    words = "; ".join(parts)
    return f"{words[:1].upper()}{words[1:]}"


def _overlapping(found: Extract) -> Table | None:
    """Earlier ones about some of the same people: who decides has to know what else is out."""
    others = queries.overlapping(found) if found.state in (State.ASKED, State.APPROVED, State.BUILT) else []
    if not others:
        return None
    return Table(
        caption="Other extracts about some of the same people",
        first="Extract",
        columns=["Who receives it", "Quarters"],
        rows=[
            Row(
                text=each.reference,
                href=reverse("national:extract", args=[each.token]),
                hidden="extract",
                cells=[each.recipient, each.quarters],
                tag=_tag(each),
            )
            for each in others
        ],
    )


@require_http_methods(["GET", "POST"])
@requires(P.NATIONAL_EXTRACTS_DECIDE)
def decide(request: StaffRequest, token: str) -> HttpResponse:
    """Approve or refuse it."""
    found = _extract_or_404(token)
    form = DecideExtractForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approved = form.cleaned_data["decision"] == APPROVE
        try:
            actions.decide_extract(
                by=request.actor,
                now=timezone.now(),
                extract=found,
                approved=approved,
                reason=form.cleaned_data["reason"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            words = "approved and is being built" if approved else "refused"
            messages.success(request, f"Extract {found.reference} is {words}.")
            return redirect("national:extract", found.token)
    form.cancel_url = reverse("national:extract", args=[found.token])
    return render(
        request,
        "components/form_page.html",
        {
            "title": "Decide about this extract",
            "caption": f"Extract {found.reference}",
            "rows": _rows(found),
            "form": form,
            "crumbs": [*_crumbs(), {"text": found.reference, "href": form.cancel_url}],
        },
    )


@require_safe
@requires(P.NATIONAL_EXTRACTS_ASK)
def download(request: StaffRequest, token: str) -> HttpResponse:
    """The file, for who asked for it. Accounted for in the audit."""
    found = _extract_or_404(token)
    try:
        content = actions.download_extract(by=request.actor, now=timezone.now(), extract=found)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from None
    response = HttpResponse(content, content_type="application/zip")
    name = f"evaluation-extract-{found.reference}-OFFICIAL-SENSITIVE.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _extract_or_404(token: str) -> Extract:
    found = queries.extract_by(token)
    if found is None:
        raise Http404("no such extract")
    return found


def _crumbs() -> list[dict[str, str]]:
    return [{"text": "Extracts for evaluation", "href": reverse("national:extracts")}]
