"""Letterboxes of training."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.scope.transaction import DatabaseRole, scoped
from training.actions.take_over_file import sweep_expired


@shared_task
def sweep_take_over_lists() -> None:
    """Uploaded lists of take-overs do not outlive their day. Runs again and again."""
    with scoped(DatabaseRole.NATIONAL):
        sweep_expired(by=Actor.system(), now=timezone.now())
