"""The OpenAPI 3.1 description, made from the shapes and the addresses that the views serve."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.urls import reverse

from monitoring.api import shapes
from monitoring.api.operations import OPERATIONS, PART_SAYS, REFUSALS, Operation
from monitoring.api.schema import Schema, component, name_of, reference
from monitoring.rules.api_keys import TURNS_OF_A_KEY

ABOUT = (
    "Published figures of buddy schemes in prisons. Counts under 10 are hidden and the rest are rounded to 5, on "
    "pages, in files and here; pounds, medians and means are protected in their own way, which each measure says. A "
    "figure without a value says why: no return, not yet due and too few to show are "
    "different states, and none of them is nought. A release never changes; the words of measures may. "
    f"A key may ask {TURNS_OF_A_KEY} times a minute. Answers carry an ETag: send it back in If-None-Match and an "
    "answer that is still the same comes as 304 without its content. Fields may be added within version 1, so leave "
    "out of account those that you do not know."
)


@cache
def document() -> dict[str, Any]:
    """The whole description. Addresses are from the root of the host that serves it."""
    named = [shapes.Refusal, *(operation.row for operation in OPERATIONS)]
    pages = [shapes.Answer[operation.row] for operation in OPERATIONS]  # type: ignore[name-defined]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Buddy Scheme: published figures", "version": f"{shapes.VERSION}.0.0", "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": {address_of(operation): {"get": _operation(operation)} for operation in OPERATIONS},
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key that the national lead made for one program. Never put it into an address.",
                }
            },
            "schemas": {name_of(shape): component(shape) for shape in (*named, *pages)},
        },
    }


def address_of(operation: Operation) -> str:
    """Its path from the root of the host, with its parts in braces."""
    parts = {part: f"@{part}@" for part in operation.parts}
    address = reverse(f"api:{operation.name}", kwargs=parts)
    for part, stand_in in parts.items():
        address = address.replace(stand_in, f"{{{part}}}")
    return address


def _operation(operation: Operation) -> Schema:
    return {
        "operationId": operation.name,
        "summary": operation.title,
        "description": operation.says,
        "parameters": [*_parts(operation), *_filters(operation), _page()],
        "responses": {
            "200": {
                "description": f"A page of at most {operation.per_page} rows.",
                "headers": {"ETag": {"description": "Names this very answer.", "schema": {"type": "string"}}},
                "content": {"application/json": {"schema": reference(shapes.Answer[operation.row])}},  # type: ignore[name-defined]
            },
            "304": {"description": "The same as the answer whose ETag was sent."},
            **{str(status): _refusal(status) for status in REFUSALS},
        },
    }


def _parts(operation: Operation) -> list[Schema]:
    return [
        {"name": part, "in": "path", "required": True, "description": PART_SAYS[part], "schema": {"type": "string"}}
        for part in operation.parts
    ]


def _filters(operation: Operation) -> list[Schema]:
    return [
        {
            "name": each.name,
            "in": "query",
            "required": False,
            "description": f"{each.says} May be given several times.",
            "schema": {"type": "array", "items": {"type": "string"}},
            "style": "form",
            "explode": True,
            "example": [each.example],
        }
        for each in operation.filters
    ]


def _page() -> Schema:
    return {
        "name": "page",
        "in": "query",
        "required": False,
        "description": "Which page, from 1. Follow “next” rather than count.",
        "schema": {"type": "integer", "minimum": 1, "default": 1},
    }


def _refusal(status: int) -> Schema:
    said = " ".join(f"`{word}`: {words}" for word, words in REFUSALS[status])
    headers = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return {
        "description": said,
        **({"headers": headers} if status == 429 else {}),
        "content": {"application/json": {"schema": reference(shapes.Refusal)}},
    }
