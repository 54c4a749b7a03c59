"""Answering a posted form once: a double tap, a refresh or a retry after a lost answer changes nothing more.

The first post of a key inserts a row inside the request's transaction. A second one waits on the unique
index until the first has committed, and then gets the same redirect. A post that ends in an error page is
rolled back with its row; one that is refused by the form leaves none, so the mended form may use its key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from buddyscheme.scope.models import Submission

FIELD = "form_key"


class SubmissionMiddleware:
    """Works on any POST that carries `form_key`; views know nothing of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        key = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not key or not connection.in_atomic_block or getattr(view, "own_transactions", False):
            return None
        return answer_once(request, actor_of(request), key, lambda: view(request, *args, **kwargs))


def answer_once(request: HttpRequest, actor: str, key: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Call `answer` unless this actor's key has been answered; then repeat that redirect."""
    submission_id = _claim(actor, key[:64], request.path[:300])
    if submission_id is None:
        first = Submission.objects.get(actor=actor, key=key[:64])
        return HttpResponseRedirect(first.location or request.path)
    try:
        # A savepoint, so that a refusal raised half-way (404, 403) leaves neither its writes nor its key.
        with transaction.atomic():
            response = answer()
    except Exception:
        Submission.objects.filter(id=submission_id).delete()
        raise
    if hasattr(response, "render") and not getattr(response, "is_rendered", True):
        response.render()
    if 300 <= response.status_code < 400:
        Submission.objects.filter(id=submission_id).update(location=response.headers["Location"][:500])
    else:
        Submission.objects.filter(id=submission_id).delete()
    return response


def actor_of(request: HttpRequest) -> str:
    """A plain name for who posts: the signed-in user, else the browser's CSRF cookie."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"visitor:{request.META.get('CSRF_COOKIE', '')[:60]}"


def _claim(actor: str, key: str, path: str) -> int | None:
    """Insert the row, waiting for a twin in flight; None when the twin has committed first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scope_submission (actor, key, path, location) VALUES (%s, %s, %s, '')"
            " ON CONFLICT (actor, key) DO NOTHING RETURNING id",
            [actor, key, path],
        )
        row = cursor.fetchone()
    return row[0] if row else None
