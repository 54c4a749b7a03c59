"""Records as files. The name of a file travels further than the file: it says nothing about the person."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from referrals.pack_file import file_of


def record_file(body: dict[str, Any], check: str, name: str) -> HttpResponse:
    """The record with its checksum, to download as `<name>.json`."""
    response = HttpResponse(file_of(body, check), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def checksum_words(check: str) -> str:
    """The checksum in groups that can be compared by eye."""
    return " ".join(check[start : start + 8] for start in range(0, 32, 8))
