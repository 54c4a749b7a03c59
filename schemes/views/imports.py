"""Bringing a spreadsheet: choose list and file, match the columns, mend what is wrong, save all of it at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, viewed
from buddyscheme.lib.csv_safe import csv_text
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from schemes.actions import imports as actions
from schemes.forms import imports as forms
from schemes.imports.mended import said_in
from schemes.imports.registry import Kind, in_order, kind_of, kinds_for, pages_for
from schemes.models import ImportFile, ImportRow
from schemes.queries import imports as queries
from schemes.rules import imports as rules
from schemes.views import import_words as words

State = ImportFile.State
# How often the page of a running import loads itself again, without script.
LOOK_AGAIN = "2"


def _kinds(request: StaffRequest) -> list[Kind]:
    return kinds_for(request.permissions)


def _kind(request: StaffRequest, code: str) -> Kind:
    found = next((kind for kind in _kinds(request) if kind.code == code.upper().replace("-", "_")), None)
    if found is None:
        raise Http404("no such list")
    return found


def _find(request: StaffRequest, token: str) -> ImportFile:
    found: ImportFile = get_object_or_404(queries.imports_of(request.prison, _kinds(request)), token=token)
    return found


def _url(request: StaffRequest, file: ImportFile, name: str = "import_file") -> str:
    return reverse(f"schemes:{name}", args=[request.prison.code, file.token])


def _posted(request: StaffRequest) -> QueryDict | None:
    """What was posted, were it nothing but a press of the button."""
    return request.POST if request.method == "POST" else None


def _crumbs(request: StaffRequest, file: ImportFile | None = None) -> list[dict[str, str]]:
    found = [{"text": "Imports", "href": reverse("schemes:imports", args=[request.prison.code])}]
    if file is not None:
        found.append({"text": kind_of(file.kind).name, "href": _url(request, file)})
    return found


@require_safe
@requires(P.IMPORT_RUN)
def imports(request: StaffRequest) -> HttpResponse:
    """Every import, newest first."""
    page = page_of(queries.imports_of(request.prison, _kinds(request)), request)
    context = {
        "title": "Imports",
        "lead": "What this prison brought from its spreadsheets.",
        "page": page,
        "noun": "imports",
        "table": words.files_table(request, page),
        "empty": "Nothing has been brought from a spreadsheet yet.",
        "action_href": reverse("schemes:import_new", args=[request.prison.code]),
        "action_text": "Bring a spreadsheet",
    }
    return render(request, "components/list_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.IMPORT_RUN)
def new(request: StaffRequest) -> HttpResponse:
    """Choose which list it is, and the file."""
    kinds = _kinds(request)
    post = request.method == "POST"
    form = forms.ImportForm(request.POST if post else None, request.FILES if post else None, kinds=kinds)
    if post and form.is_valid():
        chosen = form.cleaned_data["file"]
        try:
            file = actions.receive_file(
                by=request.actor, now=timezone.now(), prison=request.prison,
                kind=kind_of(form.cleaned_data["kind"]), name=chosen.name, content=chosen.read(),
            )  # fmt: skip
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect(_url(request, file, "import_columns"))
    form.cancel_url = reverse("schemes:imports", args=[request.prison.code])
    context = {
        "title": "Bring a spreadsheet",
        "form": form,
        "guides": [(kind.name, words.guide_url(request, kind)) for kind in kinds],
        "guides_url": _guides_crumb(request)["href"],
        "pages": [(page, reverse(page.url, args=[request.prison.code])) for page in pages_for(request.permissions)],
        "crumbs": _crumbs(request),
    }
    return render(request, "schemes/import_new.html", context)


def _guides_crumb(request: StaffRequest) -> dict[str, str]:
    href = reverse("schemes:import_guides", args=[request.prison.code])
    return {"text": "Bring a scheme over from spreadsheets", "href": href}


@require_safe
@requires(P.IMPORT_RUN)
def guides(request: StaffRequest) -> HttpResponse:
    """The whole way of a scheme from its spreadsheets into the service, list by list, with what has been brought."""
    saved = queries.saved_by_kind(request.prison)
    context = {
        "title": "Bring a scheme over from spreadsheets",
        "steps": [words.step_of(request, one, saved) for one in in_order(request.permissions)],
        "new_url": reverse("schemes:import_new", args=[request.prison.code]),
        "scheme_url": reverse("schemes:scheme", args=[request.prison.code]) if may(request, P.SCHEME_VIEW) else "",
        "crumbs": _crumbs(request),
    }
    return render(request, "schemes/import_guides.html", context)


@require_safe
@requires(P.IMPORT_RUN)
def guide(request: StaffRequest, list_code: str) -> HttpResponse:
    """What each column of one list means, with an example."""
    kind = _kind(request, list_code)
    new_url = reverse("schemes:import_new", args=[request.prison.code])
    context = {
        "title": f"How to bring {kind.name[:1].lower()}{kind.name[1:]}",
        "kind": kind,
        "table": words.guide_table(kind, london_today(timezone.now())),
        "codes": kind.codes(request.prison, london_today(timezone.now())) if kind.codes is not None else [],
        "template_url": words.guide_url(request, kind, "import_template"),
        "new_url": new_url,
        "crumbs": [*_crumbs(request), _guides_crumb(request)],
    }
    return render(request, "schemes/import_guide.html", context)


@require_safe
@requires(P.IMPORT_RUN)
def template(request: StaffRequest, list_code: str) -> HttpResponse:
    """The file to fill in: headings only."""
    kind = _kind(request, list_code)
    record(Event.EXPORTED, by=request.actor, prison=request.prison.code, what="import template", kind=kind.code, rows=0)
    return _csv(csv_text(list(kind.labels.values()), []), f"{kind.code.lower().replace('_', '-')}.csv")


def _csv(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "POST"])
@requires(P.IMPORT_RUN)
def columns(request: StaffRequest, token: str) -> HttpResponse:
    """Which column of the file holds which field: guessed, and as last time."""
    file = _find(request, token)
    if file.state != State.UPLOADED:
        return redirect(_url(request, file))
    kind = kind_of(file.kind)
    form = forms.ColumnsForm(_posted(request), kind=kind, headings=file.headings, columns=file.columns)
    if request.method == "POST" and form.is_valid():
        try:
            actions.match_columns(by=request.actor, now=timezone.now(), file=file, columns=form.columns)
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect(_url(request, file))
    form.cancel_url = _url(request, file, "import_drop")
    context = {
        "title": "Which column holds what?",
        "caption": file.name,
        "lead": "Check what was guessed from the headings. Columns that are not chosen are not read.",
        "form": form,
        "crumbs": _crumbs(request),
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.IMPORT_RUN)
def import_file(request: StaffRequest, token: str) -> HttpResponse:
    """One import as it stands: on its way, to be looked at, or done."""
    file = _find(request, token)
    if file.state == State.UPLOADED:
        return redirect(_url(request, file, "import_columns"))
    kind = kind_of(file.kind)
    form = forms.SaveForm(_posted(request), bad=file.bad, good=file.good)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_to_save(
                by=request.actor, now=timezone.now(), file=file, leave_out=form.cleaned_data.get("leave_out", False)
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect(_url(request, file))
    if file.state not in ImportFile.AT_WORK:
        # While it is worked on, nothing of its rows is shown, and the page loads itself again and again.
        viewed(by=request.actor, prison=request.prison.code, subject=file)
    page = page_of(queries.to_look_at(file), request) if file.state == State.CHECKED else None
    context: dict[str, Any] = {
        "title": kind.name,
        "file": file,
        "kind": kind,
        "counts": words.counts(file),
        "form": form,
        "page": page,
        "noun": "rows",
        "table": words.rows_table(request, file, kind, page) if page is not None else None,
        "mend_url": _url(request, file, "import_mended"),
        "bad_url": _url(request, file, "import_bad_rows"),
        "drop_url": _url(request, file, "import_drop") if rules.can_drop(file) else "",
        "new_url": reverse("schemes:import_new", args=[request.prison.code]),
        "kept_days": rules.KEPT_AFTER.days,
        "then": words.then_of(request, kind),
        "crumbs": _crumbs(request),
    }
    if file.state in ImportFile.AT_WORK:
        context["progress"] = words.progress(file)
    response = render(request, "schemes/import_file.html", context)
    if file.state in ImportFile.AT_WORK:
        response.headers["Refresh"] = LOOK_AGAIN
    return response


@require_http_methods(["GET", "POST"])
@requires(P.IMPORT_RUN)
def row(request: StaffRequest, token: str, number: int) -> HttpResponse:
    """Mend one row where it stands, or leave it out."""
    file = _find(request, token)
    kind = kind_of(file.kind)
    found = queries.row_of(file, number)
    if found is None:
        raise Http404("no such row")
    form = forms.MendRowForm(
        _posted(request),
        kind=kind,
        said=found.said,
        initial={"left_out": found.left_out_at is not None},
    )
    if request.method == "POST" and form.is_valid():
        try:
            file = actions.mend_rows(
                by=request.actor, now=timezone.now(), file=file, rows={number: form.said},
                left_out=form.cleaned_data["left_out"],
            )  # fmt: skip
        except NotAllowed as error:
            form.refuse(error)
        else:
            _say(request, file, number)
            return redirect(_url(request, file))
    viewed(by=request.actor, prison=request.prison.code, subject=file, row=number)
    form.cancel_url = _url(request, file)
    context = {
        "title": f"Mend row {number}" if found.problems else f"Row {number}",
        "caption": file.name,
        "problems": words.problems_of(kind, found),
        "form": form,
        "crumbs": _crumbs(request, file),
    }
    return render(request, "schemes/import_row.html", context)


def _say(request: StaffRequest, file: ImportFile, number: int) -> None:
    after = queries.row_of(file, number)
    if file.state in ImportFile.AT_WORK:
        messages.success(request, f"Row {number} is kept. All rows are checked again.")
    elif after is None or (after.state == ImportRow.State.BAD and after.left_out_at is None):
        messages.warning(request, f"Row {number} is kept, and still to mend.")
    else:
        messages.success(request, f"Row {number} is kept: {words.state_of(after).text.lower()}.")


@require_safe
@requires(P.IMPORT_RUN)
def bad_rows(request: StaffRequest, token: str) -> HttpResponse:
    """The rows to mend as a file, each with what is wrong; it can be mended and brought into the same import."""
    file = _find(request, token)
    kind = kind_of(file.kind)
    rows = list(queries.bad_rows(file))
    record(
        Event.EXPORTED, by=request.actor, prison=request.prison.code, subject=file, what="rows to mend", rows=len(rows)
    )
    return _csv(csv_text(words.bad_headings(kind), (words.bad_line(kind, each) for each in rows)), "rows-to-mend.csv")


@require_http_methods(["GET", "POST"])
@requires(P.IMPORT_RUN)
def mended(request: StaffRequest, token: str) -> HttpResponse:
    """Bring the mended rows into the same import."""
    file = _find(request, token)
    kind = kind_of(file.kind)
    post = request.method == "POST"
    form = forms.MendedFileForm(request.POST if post else None, request.FILES if post else None)
    if post and form.is_valid():
        try:
            rows = said_in(kind, form.cleaned_data["file"].read())
            actions.mend_rows(by=request.actor, now=timezone.now(), file=file, rows=rows)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{'1 row is' if len(rows) == 1 else f'{len(rows):,} rows are'} read again.")
            return redirect(_url(request, file))
    form.cancel_url = _url(request, file)
    context = {
        "title": "Bring the mended rows",
        "caption": file.name,
        "lead": "Download the rows to mend, put them right in the spreadsheet, and choose that file here. Leave the "
        "column “Row” as it is. Every other row stays as it was.",
        "form": form,
        "crumbs": _crumbs(request, file),
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.IMPORT_RUN)
def drop(request: StaffRequest, token: str) -> HttpResponse:
    """Throw an import away."""
    file = _find(request, token)
    form = ConfirmForm(_posted(request), label="Throw the import away", warning=True)
    if request.method == "POST" and form.is_valid():
        try:
            actions.drop_file(by=request.actor, now=timezone.now(), file=file)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The import is gone. Nothing was saved from it.")
            return redirect("schemes:imports", request.prison.code)
    form.cancel_url = _url(request, file)
    context = {
        "title": "Throw this import away",
        "caption": file.name,
        "lead": "Nothing has been saved from it. The file on your own machine stays.",
        "form": form,
        "crumbs": _crumbs(request, file),
    }
    return render(request, "components/confirm.html", context)
