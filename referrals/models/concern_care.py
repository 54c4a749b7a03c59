"""Who has a concern, who stands in for them, and where it was handed on to."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import CHANGE, Access
from buddyscheme.scope.history import tracked
from referrals.models.concern import OF_CONCERN, Concern


class Days(Func):
    """The days from a first to a last one as a range, the last one with them."""

    function = "DATERANGE"
    output_field = DateRangeField()


@tracked()
class ConcernReader(PrisonOwned):
    """One line of a concern's access list: whoever is on it may read it, nobody else."""

    class Standing(models.TextChoices):
        RECEIVER = "RECEIVER", "It goes to them"
        GIVEN = "GIVEN", "They were let in"

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="readers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    standing = models.CharField(max_length=8, choices=Standing)
    # Who was away when it came, and for whom this one stands in.
    instead_of = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField()
    # Empty where the rule chose them.
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(web=CHANGE, rows=OF_CONCERN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "user"], condition=Q(ended_at__isnull=True), name="concern_reader_once"
            ),
            models.CheckConstraint(
                condition=Q(standing="RECEIVER") | Q(standing="GIVEN", given_by__isnull=False),
                name="concern_reader_given_by_somebody",
            ),
            both_or_neither("ended_at", "ended_by", "concern_reader_ended_pair"),
        ]


@tracked()
class HandOn(PrisonOwned):
    """A concern was put to somebody else, with their reference, and is chased until they answer."""

    class To(models.TextChoices):
        SAFER_CUSTODY = "SAFER_CUSTODY", "Safer custody"
        INCIDENT = "INCIDENT", "Incident reporting"
        COUNCIL = "COUNCIL", "The council"
        POLICE = "POLICE", "The police"

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="hand_ons")
    to = models.CharField(max_length=13, choices=To)
    their_reference = models.CharField(max_length=40, blank=True)
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    chase_on = models.DateField()
    chased_at = models.DateTimeField(null=True)
    chased_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    access = Access(web=CHANGE, rows=OF_CONCERN)

    class Meta:
        constraints = [
            both_or_neither("chased_at", "chased_by", "hand_on_chased_pair"),
            both_or_neither("answered_at", "answered_by", "hand_on_answered_pair"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, outcome="") | (Q(answered_at__isnull=False) & ~Q(outcome="")),
                name="hand_on_answer_has_words",
            ),
        ]
        indexes = [models.Index(fields=["prison", "chase_on"], name="hand_on_to_chase")]


@tracked()
class ReceiverDeputy(PrisonOwned):
    """Who stands in for somebody who receives concerns, while that person is away."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prison", "user"], condition=Q(ended_at__isnull=True), name="receiver_deputy_once"
            ),
            models.CheckConstraint(condition=~Q(user=F("deputy")), name="receiver_deputy_is_another"),
            both_or_neither("ended_at", "ended_by", "receiver_deputy_ended_pair"),
        ]


@tracked()
class ReceiverLeave(PrisonOwned):
    """The days on which somebody who receives concerns is away."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="receiver_leave_ends_after_start"),
            both_or_neither("cancelled_at", "cancelled_by", "receiver_leave_cancelled_pair"),
            ExclusionConstraint(
                name="receiver_leave_no_overlap",
                expressions=[
                    ("prison", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (Days("first_on", "last_on", RangeBoundary(inclusive_upper=True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at__isnull=True),
            ),
        ]
