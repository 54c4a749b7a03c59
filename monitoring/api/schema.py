"""From dataclasses to JSON, and to the JSON Schema (2020-12) that describes it. Pure."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]
PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def as_json(value: Any) -> Any:
    """A value made of dataclasses, lists, days and numbers, as `json.dumps` takes it.

    Raises `TypeError` for what has no place in an answer.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: as_json(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        raise TypeError("An answer holds plain numbers: make the Decimal one where the row is made.")
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"An answer cannot hold a {type(value).__name__}.")


def name_of(shape: Any) -> str:
    """The name of a dataclass in the description: `Figure`, `FigureAnswer` for a page of them."""
    inside = "".join(name_of(each) for each in get_args(shape))
    return f"{inside}{(get_origin(shape) or shape).__name__}"


def reference(shape: Any) -> Schema:
    """Where the description has this dataclass."""
    return {"$ref": f"#/components/schemas/{name_of(shape)}"}


def schema_of(hint: Any) -> Schema:
    """The schema of a type hint. Raises `TypeError` for one that answers do not use."""
    if hint in PLAIN:
        return dict(PLAIN[hint])
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, Union):
        return _nullable([schema_of(each) for each in inside if each is not type(None)])
    if origin is list:
        return {"type": "array", "items": schema_of(inside[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(inside[1])}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"type": "string", "enum": [each.value for each in hint]}
    if is_dataclass(origin or hint):
        return reference(hint)
    raise TypeError(f"The description has no words for {hint}.")


def _nullable(schemas: list[Schema]) -> Schema:
    (only,) = schemas
    if "type" in only and "enum" not in only:
        return {**only, "type": [only["type"], "null"]}
    return {"anyOf": [only, {"type": "null"}]}


def described(shape: Any) -> Iterator[tuple[str, str, Any]]:
    """Name, sentence and type hint of each field of a dataclass, with the types of its parameters put in."""
    plain = get_origin(shape) or shape
    given = dict(zip(getattr(plain, "__parameters__", ()), get_args(shape), strict=True))
    hints = get_type_hints(plain, include_extras=True)
    for each in fields(plain):
        hint, words = get_args(hints[each.name])
        yield each.name, words, _filled(hint, given)


def _filled(hint: Any, given: dict[Any, Any]) -> Any:
    if isinstance(hint, TypeVar):
        return given[hint]
    if get_origin(hint) is list:
        return list[_filled(get_args(hint)[0], given)]  # type: ignore[misc]
    return hint


def component(shape: Any) -> Schema:
    """The whole schema of a dataclass. Every field is always there; what is not known is null."""
    properties = {name: {**schema_of(hint), "description": words} for name, words, hint in described(shape)}
    return {
        "type": "object",
        "description": (get_origin(shape) or shape).__doc__.strip().splitlines()[0],
        "properties": properties,
        "required": list(properties),
    }
