"""What is known of a prison and quarter from which no records come: typed by hand, with where it comes from."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, Access

COUNTS = ("buddies", "trained", "paid", "helped", "referred", "waiting", "unmet")
"""The numbers of a return, in the order in which they are asked."""
MOST = 9999


class HandReturn(PrisonOwned):
    """One version of one quarter. The newest counts; none is ever changed, and a correction says why.

    An item that is empty was not returned: it is never nought. Counts are of the end of the quarter, but `referred`,
    which is of the whole of it.
    """

    class Sort(models.TextChoices):
        FORMAL = "FORMAL", "Formal scheme"
        INFORMAL = "INFORMAL", "Informal help"
        NONE = "NONE", "None"

    class Help(models.TextChoices):
        YES = "YES", "Yes"
        NO = "NO", "No"
        NOT_ASKED = "NOT_ASKED", "Not asked"

    class Source(models.TextChoices):
        LETTER = "LETTER", "Letter"
        EMAIL = "EMAIL", "E-mail"
        PHONE = "PHONE", "Phone call"
        RECORDS = "RECORDS", "The prison’s own records"

    period = models.CharField(max_length=8)
    first_day = models.DateField()
    version = models.PositiveSmallIntegerField()
    sort = models.CharField(max_length=8, choices=Sort, blank=True)
    help_known = models.CharField(max_length=9, choices=Help, blank=True)
    buddies = models.PositiveSmallIntegerField(null=True)
    trained = models.PositiveSmallIntegerField(null=True)
    paid = models.PositiveSmallIntegerField(null=True)
    helped = models.PositiveSmallIntegerField(null=True)
    referred = models.PositiveSmallIntegerField(null=True)
    waiting = models.PositiveSmallIntegerField(null=True)
    # People known to go without personal care that they need.
    unmet = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=8, choices=Source)
    # The day of the letter, e-mail or call, or on which the records were looked up.
    source_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    returned_at = models.DateTimeField()
    returned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    # A national lead types for prisons where nobody has an account, a prison's lead for their own.
    access = Access(web=ADD, national=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "period", "version"], name="hand_return_once"),
            models.CheckConstraint(
                condition=~Q(sort="")
                | ~Q(help_known="")
                | Q(*[Q(**{f"{name}__isnull": False}) for name in COUNTS], _connector=Q.OR),
                name="hand_return_says_something",
            ),
            models.CheckConstraint(
                condition=Q(version=1, reason="") | (Q(version__gt=1) & ~Q(reason="")),
                name="hand_return_correction_says_why",
            ),
            models.CheckConstraint(
                condition=Q(*[Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": MOST}) for name in COUNTS]),
                name="hand_return_counts",
            ),
            models.CheckConstraint(
                condition=Q(buddies__isnull=True) | Q(trained__isnull=True) | Q(trained__lte=F("buddies")),
                name="hand_return_trained_of_buddies",
            ),
            models.CheckConstraint(
                condition=Q(buddies__isnull=True) | Q(paid__isnull=True) | Q(paid__lte=F("buddies")),
                name="hand_return_paid_of_buddies",
            ),
        ]
        indexes = [models.Index(fields=["period", "prison", "-version"], name="hand_return_newest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
