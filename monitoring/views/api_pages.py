"""The interface for programs, explained for people. Made from what is served, as the description is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import may
from buddyscheme.lib.tables import Column, Row, Table
from monitoring.api import shapes
from monitoring.api.openapi import address_of
from monitoring.api.operations import FIGURES, OPERATIONS, PART_SAYS, REFUSALS, Operation
from monitoring.api.schema import Schema, described, schema_of
from monitoring.disclosure import State
from monitoring.rules.api_keys import TURNS_OF_A_KEY

TYPES = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false"}
SEVERAL = {"string": "texts", "number": "numbers"}
FORMATS = {"date": "day", "date-time": "moment"}


@login_not_required
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """What a programmer needs: the key, the lists, their filters and fields, states, refusals, limits."""
    context = {
        "title": "The interface for programs",
        "version": shapes.VERSION,
        "turns": TURNS_OF_A_KEY,
        "description_url": request.build_absolute_uri(reverse("api:description")),
        "example": request.build_absolute_uri(reverse("api:releases")),
        "lists": [_list(operation) for operation in OPERATIONS],
        "states": _states(),
        "refusals": _refusals(),
        "most": FIGURES.per_page,
        "crumbs": _crumbs(request),
    }
    return render(request, "monitoring/api.html", context)


def _crumbs(request: HttpRequest) -> list[dict[str, str]]:
    """The way back, for who came from the list of keys; whoever is not signed in came from nowhere."""
    if not may(request, P.NATIONAL_KEYS_MANAGE):
        return []
    return [{"text": "Keys for programs", "href": reverse("national:api_keys")}]


def _list(operation: Operation) -> dict[str, Any]:
    asked = [(part, PART_SAYS[part], "in the address") for part in operation.parts]
    asked += [(each.name, each.says, f"filter, like {each.name}={each.example}") for each in operation.filters]
    return {
        "title": operation.title,
        "says": operation.says,
        "address": address_of(operation),
        "per_page": operation.per_page,
        "asked": Table(
            caption=f"{operation.title}: what may be asked",
            first="Name",
            columns=["What it means", "Where"],
            rows=[Row(text=name, cells=[words, where]) for name, words, where in asked],
        ),
        "fields": Table(
            caption=f"{operation.title}: fields of a row",
            first="Field",
            columns=["What it holds", "Type"],
            rows=[
                Row(text=name, cells=[words, _type(schema_of(hint))]) for name, words, hint in described(operation.row)
            ],
        ),
    }


def _type(schema: Schema) -> str:
    """`text`, `number or null`, `one of VALUE, NONE`, `numbers by name`, `list of texts`."""
    if "enum" in schema:
        return f"one of: {', '.join(schema['enum'])}"
    if schema.get("format"):
        return FORMATS[schema["format"]]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "object" in kinds:
        return f"{SEVERAL[schema['additionalProperties']['type']]} by name"
    if "array" in kinds:
        return f"list of {SEVERAL[schema['items']['type']]}"
    return " or ".join("null" if kind == "null" else TYPES[kind] for kind in kinds)


def _states() -> Table:
    return Table(
        caption="States of a figure",
        first="State",
        columns=["In words", "Comes with a value"],
        rows=[
            Row(text=state.value, cells=[state.words, "yes" if state in (State.VALUE, State.NONE) else "no"])
            for state in State
        ],
    )


def _refusals() -> Table:
    return Table(
        caption="Refusals",
        first="Word",
        columns=[Column(text="Status", numeric=True), "What it means"],
        rows=[
            Row(text=word, cells=[str(status), words.replace("`", "")])
            for status, said in REFUSALS.items()
            for word, words in said
        ],
    )
