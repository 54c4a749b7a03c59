"""A post: a paid job of a wing with its places, its advert and its hours."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User, Wing
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import Access
from buddyscheme.scope.history import tracked
from schemes.models.scheme import Scheme


@tracked()
class Post(PrisonOwned):
    """So many places of one job on one wing. Who fills them is counted from the buddies, not written here."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", "Not advertised yet"
        ADVERTISED = "ADVERTISED", "Advertised"
        CLOSED = "CLOSED", "Closed"

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    wing = models.ForeignKey(Wing, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12)
    title = models.CharField(max_length=60)
    title_cy = models.CharField(max_length=60, blank=True)
    places = models.PositiveSmallIntegerField()
    # Paid hours a week for each buddy, and the pay band from 1 to 10 with the name that the prison gives it.
    weekly_hours = models.PositiveSmallIntegerField()
    pay_band = models.PositiveSmallIntegerField()
    pay_band_name = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    advertised_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    # Whether every place is filled. Kept by the actions, for the terminal: it may not count other people.
    full = models.BooleanField(default=False)
    entered_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    # At a terminal: what stands on the notice board. A draft is nobody's to see.
    access = Access(
        terminal=(
            "id",
            "token",
            "prison_id",
            "wing_id",
            "title",
            "title_cy",
            "weekly_hours",
            "pay_band",
            "pay_band_name",
            "status",
            "advertised_on",
            "closes_on",
            "full",
        ),
        terminal_rows="status <> 'DRAFT'",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "reference"], name="post_reference_once"),
            models.CheckConstraint(condition=Q(places__gte=1, places__lte=50), name="post_has_places"),
            models.CheckConstraint(condition=Q(weekly_hours__gte=1, weekly_hours__lte=60), name="post_hours"),
            models.CheckConstraint(condition=Q(pay_band__gte=1, pay_band__lte=10), name="post_pay_band"),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True, advertised_on__isnull=True) | Q(closes_on__gte=F("advertised_on")),
                name="post_closes_after_advert",
            ),
            models.CheckConstraint(
                condition=~Q(status="ADVERTISED") | Q(advertised_on__isnull=False, closes_on__isnull=False),
                name="post_advertised_dated",
            ),
            both_or_neither("entered_at", "entered_by", "post_entered_pair"),
            both_or_neither("closed_at", "closed_by", "post_closed_pair"),
            models.CheckConstraint(
                condition=(Q(status="CLOSED") & Q(closed_at__isnull=False))
                | (~Q(status="CLOSED") & Q(closed_at__isnull=True)),
                name="post_closed_dated",
            ),
        ]
        indexes = [models.Index(fields=["prison", "wing"], name="post_by_wing")]

    def __str__(self) -> str:
        return self.title
