"""From a function that finds rows to a view that serves them: the gate, the filters, the page, the ETag, the count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt

from buddyscheme.accounts.actor import Actor
from buddyscheme.scope.middleware import own_transactions
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.api_keys import count_use
from monitoring.api import shapes
from monitoring.api.gate import Refused, admit
from monitoring.api.operations import Operation
from monitoring.api.schema import as_json
from monitoring.models import Release

# Kept by whoever asked and by nobody between, and never used without asking whether it is still so.
CACHED = "private, no-cache"
IN_ADDRESS = "Send the key in the Authorization header only. It stands in logs now: have it revoked and a new one made."
Asked = dict[str, list[str]]


@dataclass(frozen=True)
class Found:
    """Rows in their order (a list or a queryset), how each is said, and the release that they are of, if any."""

    rows: Any
    said: Callable[[Any], Any]
    release: Release | None = None


Find = Callable[..., Found]
View = Callable[..., HttpResponse]


def serves(operation: Operation) -> Callable[[Find], View]:
    """Make `find(asked, **parts)` the view of an operation. `asked` has the values of each filter that was given.

    `find` runs in the role of the staff pages with no prison at all: it sees releases and what belongs to nobody.
    """

    def make(find: Find) -> View:
        @wraps(find)
        def view(request: HttpRequest, **parts: str) -> HttpResponse:
            now = timezone.now()
            only_get(request)
            key = admit(header=request.headers.get("Authorization", ""), address=address_of(request), now=now)
            asked, number = understood(operation, request.GET)
            with scoped(DatabaseRole.WEB):
                found = find(asked, **parts)
                answer, sent = _page(request, operation, found, number)
                response = as_answer(request, answer)
                rows = sent if response.status_code == 200 else 0
                count_use(by=Actor.program(key.pk), now=now, key=key, release=found.release, rows=rows)
            return response

        return program(view)

    return make


def program(view: View) -> View:
    """A view for programs: no session, no form, its own transactions, and every refusal as JSON."""

    @wraps(view)
    def answered(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            response = view(request, **parts)
        except Refused as refusal:
            response = refused(refusal)
        patch_vary_headers(response, ["Authorization"])
        return response

    return login_not_required(own_transactions(csrf_exempt(answered)))


def only_get(request: HttpRequest) -> None:
    """Raises `Refused` for every other method."""
    if request.method != "GET":
        raise Refused(405, "method_not_allowed", "Only GET is answered here.")


def address_of(request: HttpRequest) -> str:
    """Where the connection comes from. Headers that anybody can write are not asked."""
    return str(request.META.get("REMOTE_ADDR", ""))


def understood(operation: Operation, query: QueryDict) -> tuple[Asked, int]:
    """The filters that were given, and the page. Raises `Refused` for a name or a number that means nothing here."""
    known = [each.name for each in operation.filters]
    for name in query:
        if name in ("key", "api_key", "access_token", "token"):
            raise Refused(400, "bad_request", IN_ADDRESS)
        if name != "page" and name not in known:
            offered = ", ".join(["page", *known])
            raise Refused(400, "bad_request", f"There is no filter “{name[:40]}” here. There are: {offered}.")
    page = query.get("page", "1")
    if not (page.isascii() and page.isdecimal()) or not 0 < len(page) < 7 or int(page) < 1:
        raise Refused(400, "bad_request", "A page is a whole number from 1.")
    return {name: query.getlist(name) for name in known if name in query}, int(page)


def _page(request: HttpRequest, operation: Operation, found: Found, number: int) -> tuple[Any, int]:
    total = len(found.rows) if isinstance(found.rows, Sequence) else found.rows.count()
    last = max(1, -(-total // operation.per_page))
    if number > last:
        raise Refused(404, "not_found", f"There is no page {number}. The last one is page {last}.")
    begins = (number - 1) * operation.per_page
    rows = [found.said(row) for row in found.rows[begins : begins + operation.per_page]]
    answer = shapes.Answer(
        version=shapes.VERSION,
        total=total,
        next=_address(request, number + 1) if number < last else None,
        rows=rows,
    )
    return answer, len(rows)


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def as_answer(request: HttpRequest, content: Any) -> HttpResponse:
    """JSON with its ETag, or 304 where the asker has this very answer.

    The ETag is the hash of the whole content, so that it is right whatever changed: figures, words, names or fields.
    """
    body = json.dumps(as_json(content), ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    given = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    if etag in given or "*" in given:
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    else:
        response = HttpResponse(body, content_type="application/json")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHED
    return response


def refused(refusal: Refused) -> HttpResponse:
    """The refusal as JSON. It is not kept anywhere."""
    said = shapes.Refusal(version=shapes.VERSION, error=refusal.error, message=refusal.message)
    body = json.dumps(as_json(said), ensure_ascii=False).encode()
    response = HttpResponse(body, status=refusal.status, content_type="application/json")
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Buddy Scheme releases"'
    if refusal.status == 405:
        response.headers["Allow"] = "GET"
    if refusal.wait:
        response.headers["Retry-After"] = str(refusal.wait)
    return response
