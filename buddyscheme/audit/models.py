"""Audit events and their seals. Plain ids, no keys: an event outlives what it speaks of."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from buddyscheme.scope.access import ADD, PRISONS, Access


class AuditEvent(models.Model):
    """Something a person did, tried or read. Written in the action's own transaction; never changed.

    `details` holds ids, codes and counts only: no field values of the record, no words.
    """

    at = models.DateTimeField(db_default=Now())
    code = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_roles = models.CharField(max_length=200, blank=True)
    prison_code = models.CharField(max_length=6, blank=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    person_id = models.BigIntegerField(null=True)
    terminal_id = models.BigIntegerField(null=True)
    window_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=32, blank=True)
    details = models.JSONField(default=dict)

    access = Access(web=ADD, national=ADD, rows=f"prison_code = ANY (array_append({PRISONS}, ''))")
    append_only = True

    class Meta:
        indexes = [
            models.Index(fields=["prison_code", "id"], name="audit_by_prison"),
            models.Index(
                fields=["person_id", "-id"], name="audit_by_person", condition=models.Q(person_id__isnull=False)
            ),
            models.Index(fields=["subject_type", "subject_id"], name="audit_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor_kind="system") | models.Q(actor_id__isnull=False),
                name="audit_not_anonymous",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Seal(models.Model):
    """One link of a prison's hash chain over its audit events."""

    event_id = models.BigIntegerField(unique=True)
    prison_code = models.CharField(max_length=6, blank=True)
    sequence = models.PositiveBigIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=Now())

    access = Access(web="SELECT", national=ADD)
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prison_code", "sequence"], name="seal_one_chain")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
