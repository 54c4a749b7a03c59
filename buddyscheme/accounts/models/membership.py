"""Who holds which role where, from when to when."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.departments import LONGEST_NAME
from buddyscheme.accounts.models.prison import Prison
from buddyscheme.accounts.models.user import User
from buddyscheme.accounts.roles import ROLES
from buddyscheme.lib.references import make_token
from buddyscheme.scope.access import Access


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Current ones are asked for on every request."""

    def current(self, on: date) -> MembershipQuerySet:
        """Begun on or before the day and not ended before it."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


class Membership(models.Model):
    """One role of one person, at a prison or (no prison) nationally. Ended, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    prison = models.ForeignKey(Prison, null=True, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    role = models.CharField(max_length=20, choices=[(role.code, role.name) for role in ROLES.values()])
    # For department signatories: which clearance they sign; for officers of one wing: none means any.
    department = models.CharField(max_length=LONGEST_NAME, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects = MembershipQuerySet.as_manager()
    # Read before a request's prison is known, so no row-level security.
    access = Access(rows="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "prison", "role"],
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="membership_open_once",
            ),
        ]
        indexes = [models.Index(fields=["user", "prison"], name="membership_by_user")]

    @property
    def role_name(self) -> str:
        """The role's name on screen."""
        return ROLES[self.role].name
