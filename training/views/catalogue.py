"""The catalogue at a prison: national modules, its own, and which tasks need which."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from schemes.models import TaskKind
from training.actions.catalogue import add_local_module, change_local_module, set_local_tasks
from training.forms.catalogue import ModuleChangeForm, ModuleForm, ModuleTasksForm, words_of
from training.models import Module
from training.queries.catalogue import TasksOf, askable_tasks, catalogue, tasks_by_module, tasks_of, versions_of
from training.views.board import crumbs
from training.views.words import hours_words, needed_by, refresh_words


def catalogue_crumbs(request: StaffRequest, module: Module | None = None) -> list[dict[str, str]]:
    """Training, modules, and below one module its page."""
    found = crumbs(request, ("Modules", reverse("training:catalogue", args=[request.prison.code])))
    if module is not None:
        found.append({"text": module.title, "href": module_url(request, module)})
    return found


def module_url(request: StaffRequest, module: Module, name: str = "module") -> str:
    """An address of one module."""
    return reverse(f"training:{name}", args=[request.prison.code, module.code])


@require_safe
@requires(Permission.TRAINING_VIEW)
def modules(request: StaffRequest) -> HttpResponse:
    """National modules, then the prison's own."""
    page = page_of(catalogue(request.prison), request)
    tasks = tasks_by_module(page, request.prison)
    context: dict[str, Any] = {
        "title": "Modules",
        "lead": "National modules are kept by the national lead. A prison adds its own.",
        "page": page,
        "noun": "modules",
        "table": module_table(page, tasks, lambda module: module_url(request, module)),
        "empty": "No modules have been loaded. Ask the administrator to load the register.",
        "crumbs": crumbs(request),
    }
    if may(request, Permission.TRAINING_CATALOGUE_EDIT):
        context["action_href"] = reverse("training:add_module", args=[request.prison.code])
        context["action_text"] = "Add a module of this prison"
    return render(request, "components/list_page.html", context)


def module_table(page: Any, tasks: dict[str, TasksOf], address: Any) -> Table:
    """Modules with what each asks for."""
    return Table(
        caption="Modules of the course",
        first="Module",
        columns=["Kept by", "Needed by", "Parts", "Hours", "Lapses"],
        status="State",
        rows=[
            Row(
                text=module.title,
                href=address(module),
                note=module.code,
                cells=[
                    "This prison" if module.local else "National",
                    _needed(module, tasks[module.pk]),
                    "Knowledge and practical" if module.practical else "Knowledge",
                    hours_words(module.hours),
                    refresh_words(module.refresh_months),
                ],
                tag=Tag(text="No longer used", colour="grey")
                if module.withdrawn
                else Tag(text="In use", colour="green"),
            )
            for module in page
        ],
    )


def _needed(module: Module, tasks: TasksOf) -> str:
    if module.mandatory:
        return needed_by(module)
    count = len(tasks.national) + len(tasks.local)
    return f"{count} {'task' if count == 1 else 'tasks'}"


def _find(request: StaffRequest, code: str) -> Module:
    found: Module = get_object_or_404(catalogue(request.prison), code=code)
    return found


@require_safe
@requires(Permission.TRAINING_VIEW)
def module(request: StaffRequest, module_code: str) -> HttpResponse:
    """One module: what it asks for, which tasks need it, and what it said before."""
    found = _find(request, module_code)
    tasks = tasks_of(found, request.prison)
    edits = may(request, Permission.TRAINING_CATALOGUE_EDIT)
    context = {
        "title": found.title,
        "caption": f"{'Module of this prison' if found.local else 'National module'} {found.code}",
        "crumbs": catalogue_crumbs(request),
        "rows": module_rows(found, tasks, at_prison=True),
        "versions": version_table(found),
        "edit_url": module_url(request, found, "change_module") if edits and found.local else "",
        "tasks_url": module_url(request, found, "module_tasks") if edits and not found.mandatory else "",
    }
    return render(request, "training/module_page.html", context)


def module_rows(found: Module, tasks: TasksOf, *, at_prison: bool) -> list[dict[str, Any]]:
    """Everything that is laid down about a module."""
    rows: list[dict[str, Any]] = [
        {"key": "State", "value": "No longer used" if found.withdrawn else "In use"},
        {"key": "Title in Welsh", "value": found.title_cy},
        {"key": "Needed by", "value": needed_by(found)},
        {"key": "Parts", "value": "Knowledge and practical" if found.practical else "Knowledge"},
        {"key": "Hours", "value": hours_words(found.hours)},
        {"key": "Lapses", "value": refresh_words(found.refresh_months)},
        {"key": "Where it comes from", "value": found.source},
        {"key": "Tasks that need it everywhere", "value": _names(tasks.national)},
    ]
    if at_prison:
        rows.append({"key": "Tasks that need it here as well", "value": _names(tasks.local)})
    return rows


def _names(tasks: list[TaskKind]) -> str:
    return "\n".join(task.name for task in tasks) or "None"


def version_table(found: Module) -> Table:
    """What the module said, newest first."""
    return Table(
        caption="History, newest first",
        first="Version",
        columns=["Title", "Needed by", "Parts", "Hours", "Lapses", "Changed by"],
        rows=[
            Row(
                text=str(version.number),
                cells=[
                    version.title,
                    "Nobody any more" if version.withdrawn else "Every buddy" if version.mandatory else "Some tasks",
                    "Knowledge and practical" if version.practical else "Knowledge",
                    hours_words(version.hours),
                    refresh_words(version.refresh_months),
                    f"{version.changed_by.name}, {version.changed_at:%-d %B %Y}"
                    if version.changed_by is not None and version.changed_at is not None
                    else "As first loaded",
                ],
            )
            for version in versions_of(found)
        ],
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAINING_CATALOGUE_EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """A module that this prison teaches on top of the national ones."""
    form = ModuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_local_module(by=request.actor, now=timezone.now(), prison=request.prison, words=form.words)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Module {added.code} added.")
            return redirect(module_url(request, added))
    form.cancel_url = reverse("training:catalogue", args=[request.prison.code])
    context = {"title": "Add a module of this prison", "form": form, "crumbs": catalogue_crumbs(request)}
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAINING_CATALOGUE_EDIT)
def change(request: StaffRequest, module_code: str) -> HttpResponse:
    """Change or withdraw one of this prison's own modules."""
    found = _find(request, module_code)
    if not found.local:
        raise Http404("national modules are changed by the national lead")
    form = ModuleChangeForm(request.POST or None, initial=words_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_local_module(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                module=found,
                words=form.words,
                withdrawn=not form.cleaned_data["in_use"],
                version=form.cleaned_data["version"],
            )
        except Stale as error:
            form.stale(error, version=found.version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Module changed. The old version is kept in its history.")
            return redirect(module_url(request, found))
    form.cancel_url = module_url(request, found)
    context = {"title": f"Change {found.title}", "form": form, "crumbs": catalogue_crumbs(request, found)}
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAINING_CATALOGUE_EDIT)
def tasks(request: StaffRequest, module_code: str) -> HttpResponse:
    """Which tasks need the module here, on top of those that need it everywhere."""
    found = _find(request, module_code)
    known = tasks_of(found, request.prison)
    national = {task.pk for task in known.national}
    offered = [task for task in askable_tasks() if task.pk not in national]
    form = ModuleTasksForm(request.POST or None, offered=offered, initial={"tasks": [task.pk for task in known.local]})
    if request.method == "POST" and form.is_valid():
        try:
            set_local_tasks(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                module=found,
                tasks=form.cleaned_data["tasks"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved. New matches ask for the module from now on.")
            return redirect(module_url(request, found))
    form.cancel_url = module_url(request, found)
    everywhere = ", ".join(task.name for task in known.national)
    context = {
        "title": f"Tasks that need {found.title}",
        "lead": f"Needed at every prison for: {everywhere}. That cannot be taken away here."
        if everywhere
        else "No task needs it at every prison.",
        "form": form,
        "crumbs": catalogue_crumbs(request, found),
    }
    return render(request, "components/form_page.html", context)
