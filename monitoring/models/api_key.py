"""Keys of programs that read published releases, what each of them read, and how often somebody tries."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.lib.references import make_token
from buddyscheme.scope.access import ALL, CHANGE, READ, Access
from monitoring.models.release import Release


class ApiKey(models.Model):
    """One program of one consumer. The key itself is shown once; the table holds its hash and its last letters."""

    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=200)
    contact = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    ends_with = models.CharField(max_length=4)
    expires_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revoke_reason = models.CharField(max_length=200, blank=True)

    access = Access(web=READ, national=CHANGE)

    class Meta:
        constraints = [
            both_or_neither("revoked_at", "revoked_by", "api_key_revoked_pair"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoke_reason="")
                | Q(revoked_at__isnull=False) & ~Q(revoke_reason=""),
                name="api_key_revoked_says_why",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(purpose="") & ~Q(contact=""), name="api_key_says_whose"),
            models.UniqueConstraint(fields=["name"], condition=Q(revoked_at__isnull=True), name="api_key_name_once"),
        ]


class ApiUse(models.Model):
    """What one key read on one day: of one release, or (no release) lists and definitions."""

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="+")
    requests = models.PositiveIntegerField()
    rows = models.PositiveBigIntegerField()

    # Counted while the answer is made, in the role that reads releases.
    access = Access(web=CHANGE, national=READ)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "day", "release"], nulls_distinct=False, name="api_use_once_a_day"),
        ]


class ApiTurn(models.Model):
    """Requests of one key in its running minute, or wrong keys from one address in its running quarter of an hour.

    `who` is `key:12`, or `address:` and a keyed hash: no table holds an address.
    """

    who = models.CharField(max_length=80, unique=True)
    began_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    access = Access(web=ALL, national=ALL)
