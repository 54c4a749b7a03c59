"""Sealing the audit, every half minute."""

from __future__ import annotations

from celery import shared_task

from buddyscheme.audit.chain import seal_pending
from buddyscheme.scope.transaction import DatabaseRole, scoped


@shared_task
def seal() -> None:
    """Seal what is waiting."""
    with scoped(DatabaseRole.NATIONAL):
        seal_pending()
