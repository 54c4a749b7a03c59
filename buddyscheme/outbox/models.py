"""Messages written in the business transaction and handled after it, once."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from buddyscheme.scope.access import ALL, CHANGE, Access


class Message(models.Model):
    """One thing to do. `payload` holds ids and codes only; messages with one (topic, key) may be done together."""

    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    prison_code = models.CharField(max_length=6, blank=True)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    not_before = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    access = Access(web=CHANGE, national=ALL)

    class Meta:
        indexes = [
            models.Index(fields=["not_before"], name="outbox_waiting", condition=models.Q(handled_at__isnull=True)),
            models.Index(fields=["topic", "key"], name="outbox_twins", condition=models.Q(handled_at__isnull=True)),
        ]
