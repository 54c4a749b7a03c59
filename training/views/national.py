"""The national core of modules, for the national lead."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.paging import page_of
from training.actions.catalogue import add_national_module, change_national_module
from training.forms.catalogue import ModuleChangeForm, ModuleForm, words_of
from training.models import Module
from training.queries.catalogue import national_catalogue, tasks_by_module, tasks_of
from training.views.catalogue import module_rows, module_table, version_table


def _url(module: Module, name: str = "module") -> str:
    return reverse(f"national_training:{name}", args=[module.code])


def _crumbs(module: Module | None = None) -> list[dict[str, str]]:
    found = [{"text": "Training modules", "href": reverse("national_training:modules")}]
    return found if module is None else [*found, {"text": module.title, "href": _url(module)}]


@require_safe
@requires(Permission.NATIONAL_MODULES_EDIT)
def modules(request: StaffRequest) -> HttpResponse:
    """Every national module."""
    page = page_of(national_catalogue(), request)
    context = {
        "title": "Training modules",
        "lead": "The national core. Every prison teaches these; a prison may add its own, and takes none away.",
        "page": page,
        "noun": "modules",
        "table": module_table(page, tasks_by_module(page, None), _url),
        "empty": "No modules have been loaded.",
        "action_href": reverse("national_training:add_module"),
        "action_text": "Add a national module",
        "crumbs": [],
    }
    return render(request, "components/list_page.html", context)


@require_safe
@requires(Permission.NATIONAL_MODULES_EDIT)
def module(request: StaffRequest, module_code: str) -> HttpResponse:
    """One national module with its history."""
    found = get_object_or_404(national_catalogue(), code=module_code)
    context = {
        "title": found.title,
        "caption": f"National module {found.code}",
        "crumbs": _crumbs(),
        "rows": module_rows(found, tasks_of(found, None), at_prison=False),
        "versions": version_table(found),
        "edit_url": _url(found, "change_module"),
        "tasks_url": "",
    }
    return render(request, "training/module_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.NATIONAL_MODULES_EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """A new module of the national core."""
    form = ModuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_national_module(by=request.actor, now=timezone.now(), words=form.words)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Module {added.code} added.")
            return redirect(_url(added))
    form.cancel_url = reverse("national_training:modules")
    context = {"title": "Add a national module", "form": form, "crumbs": _crumbs()}
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.NATIONAL_MODULES_EDIT)
def change(request: StaffRequest, module_code: str) -> HttpResponse:
    """Amend or withdraw a national module."""
    found = get_object_or_404(national_catalogue(), code=module_code)
    form = ModuleChangeForm(request.POST or None, initial=words_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_national_module(
                by=request.actor,
                now=timezone.now(),
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
            return redirect(_url(found))
    form.cancel_url = _url(found)
    context = {
        "title": f"Change {found.title}",
        "lead": "A change counts at every prison at once. Results that are recorded keep the day on which they lapse.",
        "form": form,
        "crumbs": _crumbs(found),
    }
    return render(request, "components/form_page.html", context)
