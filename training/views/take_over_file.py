"""Taking over many buddies from a list: choose the file, see every line, mend or leave out, then ask at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.csv_safe import csv_text
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.sheet_rows import rows_of_file
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from schemes.rules.take_overs import USUAL
from training.actions import take_over_file as actions
from training.forms.take_over_file import MendLineForm, SaveListForm, TakeOverFileForm
from training.models import TakeOverFile
from training.queries.take_over_file import facts_for, lines_of, own_files
from training.take_over_file import NAME, NUMBER, Line, columns, rows_of, seen


def _crumbs(request: StaffRequest, file: TakeOverFile | None = None) -> list[dict[str, str]]:
    found = [
        {"text": "Buddies", "href": reverse("schemes:buddies", args=[request.prison.code])},
        {"text": "Take-overs", "href": reverse("schemes:take_overs", args=[request.prison.code])},
    ]
    if file is not None:
        found.append({"text": "Check the list", "href": _url(request, file)})
    return found


def _url(request: StaffRequest, file: TakeOverFile, name: str = "take_over_list") -> str:
    return reverse(f"training:{name}", args=[request.prison.code, file.token])


def _find(request: StaffRequest, token: str, now: datetime) -> TakeOverFile:
    found: TakeOverFile = get_object_or_404(own_files(request.prison, request.user, now), token=token)
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_OVER_ASK)
def upload(request: StaffRequest) -> HttpResponse:
    """Choose the file, and say once by when and why."""
    now = timezone.now()
    today = london_today(now)
    facts = facts_for(request.prison, today, set())
    form = TakeOverFileForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial={"good_by": today + USUAL},
    )
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            rows = rows_of(rows_of_file(answers["file"].read(), strict=True), facts)
            file = actions.stage_file(
                by=request.actor, now=now, prison=request.prison, rows=rows, good_by=answers["good_by"],
                reason=answers["reason"],
            )  # fmt: skip
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect(_url(request, file))
    form.cancel_url = reverse("schemes:take_overs", args=[request.prison.code])
    context = {
        "title": "Take over several buddies from a list",
        "form": form,
        "template_url": reverse("training:take_over_template", args=[request.prison.code]),
        "codes": facts.modules,
        "kept": own_files(request.prison, request.user, now),
        "crumbs": _crumbs(request),
    }
    return render(request, "training/take_over_upload.html", context)


@require_safe
@requires(Permission.TAKE_OVER_ASK)
def template(request: StaffRequest) -> HttpResponse:
    """The file to fill in: headings only."""
    names = columns(facts_for(request.prison, london_today(timezone.now()), set()))
    record(Event.EXPORTED, by=request.actor, prison=request.prison.code, what="take-over template", rows=0)
    response = HttpResponse(csv_text(names, []).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="take-overs.csv"'
    return response


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_OVER_ASK)
def take_over_list(request: StaffRequest, token: str) -> HttpResponse:
    """Every line with what is wrong with it; nothing is saved before the button."""
    now = timezone.now()
    file = _find(request, token, now)
    lines = lines_of(file, london_today(now))
    form = _save_form(request, lines)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            batch = actions.save_file(
                by=request.actor, now=now, file=file, shown=answers["shown"],
                leave_out=answers.get("leave_out", False),
            )  # fmt: skip
        except Stale:
            form = _save_form(request, lines, again=True)
            form.refuse("Something changed since you looked at these lines. Nothing is saved. Look again, then save.")
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{_asked_words(lines)} The governor’s delegate decides about all of them.")
            return redirect("schemes:take_over_batch", request.prison.code, batch.token)
    viewed(by=request.actor, prison=request.prison.code, subject=file)
    form.cancel_url = reverse("schemes:take_overs", args=[request.prison.code])
    counts = {name: sum(1 for line in lines if getattr(line, name)) for name in ("good", "bad", "left_out")}
    context: dict[str, Any] = {
        "title": "Check the list",
        **counts,
        "already": sum(1 for line in lines if line.already is not None),
        "good_by": day_in_words(file.good_by),
        "until": file.expires_at,
        "form": form,
        "table": _table(request, file, lines),
        "drop_url": _url(request, file, "take_over_drop"),
        "crumbs": _crumbs(request),
    }
    return render(request, "training/take_over_list.html", context)


def _save_form(request: StaffRequest, lines: list[Line], *, again: bool = False) -> SaveListForm:
    bad, good = sum(1 for line in lines if line.bad), sum(1 for line in lines if line.good)
    data = request.POST.dict() if request.method == "POST" else None
    if again and data is not None:
        data["shown"] = seen(lines)
    return SaveListForm(data, bad=bad, good=good, initial={"shown": seen(lines)})


def _asked_words(lines: list[Line]) -> str:
    good = sum(1 for line in lines if line.good)
    left = len(lines) - good
    asked = "1 take-over is asked for" if good == 1 else f"{good} take-overs are asked for"
    return f"{asked}{f', {left} lines left out' if left > 1 else ', 1 line left out' if left else ''}."


def _table(request: StaffRequest, file: TakeOverFile, lines: list[Line]) -> Table:
    return Table(
        caption="Lines of the list",
        first="Line",
        columns=["Prison number", "What it says", "What to mend"],
        status="Check",
        rows=[
            Row(
                text=f"Line {line.number}",
                href="" if line.already else reverse(
                    "training:take_over_line", args=[request.prison.code, file.token, line.number]
                ),
                hidden="" if line.already else ": mend it or leave it out",
                cells=[
                    Cell(text=line.said.get(NUMBER) or "–", note=line.person.full_name if line.person else ""),
                    Cell(text=_said(line), note=_note(line)),
                    " ".join(line.problems) or "–",
                ],
                tag=_tag(line),
            )
            for line in lines
        ],
    )  # fmt: skip


def _said(line: Line) -> str:
    said = [f"{name}: {typed}" for name, typed in line.said.items() if typed and name not in (NUMBER, NAME)]
    return "; ".join(said) or "Nothing"


def _note(line: Line) -> str:
    if line.already is not None:
        return f"Buddy {line.already.reference} has been taken over already. Nothing is doubled."
    if line.entry is None:
        return ""
    practical = [module.code for module in line.entry.modules if module.practical]
    return f"The practical part of {', '.join(practical)} is to be shown again." if practical else ""


def _tag(line: Line) -> Tag:
    if line.already is not None:
        return Tag(text="Taken over already", colour="blue")
    if line.left_out:
        return Tag(text="Left out", colour="grey")
    return Tag(text="To mend", colour="red") if line.problems else Tag(text="Good", colour="green")


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_OVER_ASK)
def line(request: StaffRequest, token: str, number: int) -> HttpResponse:
    """Mend one line where it stands, or leave it out."""
    now = timezone.now()
    today = london_today(now)
    file = _find(request, token, now)
    found = next((each for each in lines_of(file, today) if each.number == number), None)
    if found is None:
        raise Http404("no such line")
    headings = _headings(found, file, today)
    form = MendLineForm(
        request.POST or None, headings=headings, said=dict(found.said), initial={"left_out": found.left_out}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.mend_line(
                by=request.actor, now=now, file=file, number=number, said=form.said,
                left_out=form.cleaned_data["left_out"],
            )  # fmt: skip
        except NotAllowed as error:
            form.refuse(error)
        else:
            after = next(each for each in lines_of(file, today) if each.number == number)
            words = "left out" if after.left_out else "still to mend" if after.problems else "good"
            say = messages.warning if words == "still to mend" else messages.success
            say(request, f"Line {number} is saved: {words}.")
            return redirect(_url(request, file))
    form.cancel_url = _url(request, file)
    context = {
        "title": f"Mend line {number}" if found.problems else f"Line {number} of the list",
        "caption": found.person.full_name if found.person else "",
        "problems": found.problems,
        "form": form,
        "crumbs": _crumbs(request, file),
    }
    return render(request, "training/take_over_line.html", context)


def _headings(found: Line, file: TakeOverFile, today: date) -> list[str]:
    offered = columns(facts_for(file.prison, today, set()))
    # What was typed under a heading that is not offered stays where it can be emptied.
    return offered + [name for name, typed in found.said.items() if typed and name not in offered]


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_OVER_ASK)
def drop(request: StaffRequest, token: str) -> HttpResponse:
    """Throw a list away."""
    now = timezone.now()
    file = _find(request, token, now)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Throw the list away", warning=True)
    if request.method == "POST" and form.is_valid():
        try:
            actions.drop_file(by=request.actor, now=now, file=file)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The list is gone. Nothing was saved from it.")
            return redirect("schemes:take_overs", request.prison.code)
    form.cancel_url = _url(request, file)
    context = {
        "title": "Throw the list away",
        "lead": "Nobody on it has been taken over. The file on your own machine stays.",
        "form": form,
        "crumbs": _crumbs(request, file),
    }
    return render(request, "components/confirm.html", context)
