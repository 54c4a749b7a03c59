"""Submissions: a form that was answered once is answered the same way again."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Submission(models.Model):
    """One posted form. The actor and the form's own key are unique, so a second post finds the first's answer.

    `actor` is a plain text such as `user:12` or `visitor:<session>`; no keys, because the ground knows no users.
    """

    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=64)
    path = models.CharField(max_length=300)
    location = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="submission_answered_once")]
