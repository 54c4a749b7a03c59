"""Screening prompts of a prison: pages of its administrator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.departments import department_name
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.queries.departments import departments_offered
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.forms import GovukForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from schemes.actions import prompts as actions
from schemes.forms.prompts import AddPromptForm, NationalWordsForm, PromptForm
from schemes.queries.prompts import Prompt, prompts_at
from schemes.rules.prompts import codes_in

LEAD = (
    "What a department may want to look at before it signs clearance. A prompt is never a verdict. "
    "Only the departments that are named see it, beside their decision; no prisoner ever does."
)


@require_safe
@requires(P.PROMPTS_EDIT)
def prompts(request: StaffRequest) -> HttpResponse:
    """Every prompt as it stands here."""
    page = page_of(prompts_at(request.prison), request)
    rows = [
        Row(
            text=prompt.words,
            href=reverse("schemes:prompt", args=[request.prison.code, prompt.key]),
            hidden=", change",
            cells=[
                " ".join(prompt.alert_codes) or "–",
                ", ".join(department_name(code) for code in prompt.departments),
                _origin(prompt),
            ],
            tag=_tag(prompt),
        )
        for prompt in page
    ]
    context = {
        "title": "Screening prompts",
        "lead": LEAD,
        "page": page,
        "noun": "prompts",
        "table": Table(
            caption="Prompts",
            caption_hidden=True,
            first="Look at",
            columns=["Alert codes", "Who sees it", "Where it comes from"],
            rows=rows,
            status="Here",
        ),
        "empty": "No prompts have been loaded. Ask whoever runs the service to load the register.",
        "action_href": reverse("schemes:add_prompt", args=[request.prison.code]),
        "action_text": "Add a prompt",
        "crumbs": [],
    }
    return render(request, "components/list_page.html", context)


def _origin(prompt: Prompt) -> str:
    """In words; the tags of the sources stand in the file that is loaded, and in its README."""
    if prompt.national is None:
        return "This prison"
    codes = bool(prompt.national.alert_codes)
    return "National list, with the prison service’s alert codes" if codes else "National list"


def _tag(prompt: Prompt) -> Tag:
    if not prompt.active:
        return Tag(text="Switched off here", colour="grey")
    if prompt.national is None:
        return Tag(text="Added here", colour="blue")
    return Tag(text="Changed here", colour="yellow") if prompt.changed else Tag(text="National words", colour="green")


@require_http_methods(["GET", "POST"])
@requires(P.PROMPTS_EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """A prompt that only this prison has."""
    form = AddPromptForm(request.POST or None, departments=departments_offered(request.prison))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_prompt(by=request.actor, now=timezone.now(), prison=request.prison, **_answers(form))
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The prompt is added.")
            return redirect("schemes:prompts", request.prison.code)
    form.cancel_url = reverse("schemes:prompts", args=[request.prison.code])
    context = {"title": "Add a screening prompt", "form": form, "lead": LEAD, "crumbs": _crumbs(request)}
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.PROMPTS_EDIT)
def prompt(request: StaffRequest, token: str) -> HttpResponse:
    """Reword one prompt for this prison, or switch it off or on."""
    found = _load(request, token)
    offered = departments_offered(request.prison)
    initial = {
        "words": found.words,
        "alert_codes": " ".join(found.alert_codes),
        "meaning": found.meaning,
        "departments": [code for code in found.departments if code in offered],
        "active": found.active,
        "version": found.version,
    }
    form = PromptForm(request.POST or None, departments=offered, initial=initial)
    if request.method == "POST" and form.is_valid():
        answers = {**_answers(form), "active": form.cleaned_data["active"], "key": token}
        if _saved(request, form, actions.change_prompt, token, **answers):
            messages.success(request, "Saved for this prison.")
            return redirect("schemes:prompts", request.prison.code)
    form.cancel_url = reverse("schemes:prompts", args=[request.prison.code])
    national = found.national
    context: dict[str, Any] = {
        "title": "Screening prompt",
        "form": form,
        "crumbs": _crumbs(request),
        "lead": "Your change counts for this prison only.",
        "rows": [
            {"key": "National words", "value": national.words},
            {"key": "What it may mean", "value": national.meaning},
        ]
        if national is not None and found.changed
        else [],
        "national_href": reverse("schemes:prompt_national", args=[request.prison.code, token]) if found.changed else "",
    }
    return render(request, "schemes/prompt_form.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.PROMPTS_EDIT)
def national_words(request: StaffRequest, token: str) -> HttpResponse:
    """Go back to the national words."""
    found = _load(request, token)
    form = NationalWordsForm(request.POST or None, initial={"version": found.version})
    valid = request.method == "POST" and form.is_valid()
    if valid and _saved(request, form, actions.drop_prompt_change, token, key=token):
        messages.success(request, "The national words count here again.")
        return redirect("schemes:prompts", request.prison.code)
    form.cancel_url = reverse("schemes:prompt", args=[request.prison.code, token])
    national = found.national
    context = {
        "title": "Use the national words again",
        "form": form,
        "crumbs": _crumbs(request),
        "rows": [
            {"key": "Words here", "value": found.words},
            {"key": "National words", "value": national.words if national is not None else "None: it was added here"},
        ],
    }
    return render(request, "components/form_page.html", context)


def _load(request: StaffRequest, token: str) -> Prompt:
    found = next((prompt for prompt in prompts_at(request.prison) if prompt.key == token), None)
    if found is None:
        raise Http404("no such prompt")
    return found


def _answers(form: AddPromptForm) -> dict[str, Any]:
    answers = {name: form.cleaned_data[name] for name in ("words", "meaning", "departments")}
    return answers | {"alert_codes": codes_in(form.cleaned_data["alert_codes"])}


def _saved(request: StaffRequest, form: GovukForm, action: Any, token: str, **answers: Any) -> bool:
    try:
        action(
            by=request.actor,
            now=timezone.now(),
            prison=request.prison,
            version=form.cleaned_data["version"],
            **answers,
        )
    except Stale as error:
        form.stale(error, version=_load(request, token).version)
        return False
    except NotAllowed as error:
        form.refuse(error)
        return False
    return True


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "Screening prompts", "href": reverse("schemes:prompts", args=[request.prison.code])}]
