"""Pay of buddies: local rates, periods, what is expected and what the pay system recorded. Nothing is paid here."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.lib.money import MOST
from buddyscheme.scope.access import ADD, CHANGE, Access
from buddyscheme.scope.history import tracked
from schemes.models import Buddy


class Days(Func):
    """`daterange(first_day, last_day, '[]')`: both days inside."""

    function = "DATERANGE"
    output_field = DateRangeField()


class PayRate(PrisonOwned):
    """What one band pays from a day on, in pence. Never changed: a new rate follows it."""

    band = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    session_pence = models.PositiveIntegerField(null=True)
    week_pence = models.PositiveIntegerField(null=True)
    valid_from = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "band", "valid_from"], name="pay_rate_once_a_day"),
            models.CheckConstraint(condition=Q(band__range=(1, 10)), name="pay_rate_band"),
            models.CheckConstraint(
                condition=Q(session_pence__isnull=False) | Q(week_pence__isnull=False), name="pay_rate_says_amount"
            ),
            models.CheckConstraint(
                condition=(Q(session_pence__isnull=True) | Q(session_pence__lte=MOST))
                & (Q(week_pence__isnull=True) | Q(week_pence__lte=MOST)),
                name="pay_rate_amounts",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


@tracked()
class PaySetting(PrisonOwned):
    """How a prison counts pay: by the week or by four weeks, with or without classes; and its yearly review."""

    class Weeks(models.IntegerChoices):
        ONE = 1, "A week, Monday to Sunday"
        FOUR = 4, "Four weeks"

    weeks = models.PositiveSmallIntegerField(choices=Weeks, default=Weeks.ONE)
    classes_count = models.BooleanField(default=False)
    reviewed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison"], name="pay_setting_once"),
            models.CheckConstraint(condition=Q(weeks__in=[1, 4]), name="pay_setting_weeks"),
        ]


class PayBand(PrisonOwned):
    """The band of a buddy who has no post, as the lead said it. The newest counts; none is ever changed."""

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    band = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(band__range=(1, 10)), name="pay_band_number")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


@tracked()
class PayPeriod(PrisonOwned):
    """One pay period, from a Monday to a Sunday, by the settings that stood when it was started."""

    first_day = models.DateField()
    last_day = models.DateField()
    classes_count = models.BooleanField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # When amounts of the pay system were first entered, and by whom.
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="pay_period_no_overlap",
                expressions=[
                    ("prison", RangeOperators.EQUAL),
                    (Days("first_day", "last_day", RangeBoundary(inclusive_upper=True)), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(first_day__iso_week_day=1, last_day__iso_week_day=7, last_day__gt=F("first_day")),
                name="pay_period_whole_weeks",
            ),
            both_or_neither("recorded_at", "recorded_by", "pay_period_recorded_pair"),
        ]


@tracked()
class PayLine(PrisonOwned):
    """One buddy in one period: expected, worked out from visits, beside what the pay system recorded. In pence.

    Recounted when visits, classes, bands or rates change; `version` goes up whenever one of the two amounts changes,
    so that an explanation speaks of the amounts that it was given for.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "Nothing recorded yet"
        AGREES = "AGREES", "Agrees"
        UNDER = "UNDER", "Less than expected"
        OVER = "OVER", "More than expected"
        NOTHING = "NOTHING", "Not in the pay record"
        NO_RATE = "NO_RATE", "Band or rate missing"

    # What somebody has to explain.
    DIFFERS = ("UNDER", "OVER", "NOTHING", "NO_RATE")

    period = models.ForeignKey(PayPeriod, on_delete=models.PROTECT, related_name="lines")
    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    band = models.PositiveSmallIntegerField(null=True)
    sessions = models.PositiveSmallIntegerField(default=0)
    # Of `sessions`, those that were classes.
    class_sessions = models.PositiveSmallIntegerField(default=0)
    suspended_days = models.PositiveSmallIntegerField(default=0)
    # Of `suspended_days`, those without pay.
    unpaid_days = models.PositiveSmallIntegerField(default=0)
    # The rate for a session where it was one and the same on all days of the period.
    session_pence = models.PositiveIntegerField(null=True)
    expected_pence = models.PositiveIntegerField(null=True)
    recorded_pence = models.PositiveIntegerField(null=True)
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    version = models.PositiveIntegerField(default=1)

    access = Access(web=CHANGE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "buddy"], name="pay_line_once"),
            models.CheckConstraint(condition=Q(class_sessions__lte=F("sessions")), name="pay_line_classes"),
            models.CheckConstraint(condition=Q(unpaid_days__lte=F("suspended_days")), name="pay_line_unpaid"),
            models.CheckConstraint(
                condition=Q(recorded_pence__isnull=True) | Q(recorded_pence__lte=MOST), name="pay_line_amount"
            ),
            models.CheckConstraint(
                condition=Q(recorded_pence__isnull=True) | Q(recorded_at__isnull=False), name="pay_line_amount_dated"
            ),
            both_or_neither("recorded_at", "recorded_by", "pay_line_recorded_pair"),
            models.CheckConstraint(
                # What is empty is said to be empty: a comparison with nothing would pass as unknown.
                condition=Q(state="WAITING", recorded_pence__isnull=True)
                | Q(state="NO_RATE", expected_pence__isnull=True)
                | Q(state="NOTHING", recorded_pence__isnull=True, expected_pence__isnull=False, expected_pence__gt=0)
                | Q(state="AGREES", recorded_pence__isnull=True, expected_pence__isnull=False, expected_pence=0)
                | (
                    Q(expected_pence__isnull=False, recorded_pence__isnull=False)
                    & (
                        Q(state="AGREES", recorded_pence=F("expected_pence"))
                        | Q(state="UNDER", recorded_pence__lt=F("expected_pence"))
                        | Q(state="OVER", recorded_pence__gt=F("expected_pence"))
                    )
                ),
                name="pay_line_state_fits",
            ),
        ]
        indexes = [models.Index(fields=["prison", "state"], name="pay_line_by_state")]


class PayExplanation(PrisonOwned):
    """Why two amounts differ, for the amounts as they stood. Never changed; the newest is shown first."""

    class Reason(models.TextChoices):
        OTHER_PERIOD = "OTHER_PERIOD", "Paid in another period"
        OTHER_WORK = "OTHER_WORK", "Paid for other work or education too"
        LOCAL_RULE = "LOCAL_RULE", "Local pay rule, such as sickness or lock-down"
        DEDUCTION = "DEDUCTION", "Deduction or adjustment"
        VISITS_WRONG = "VISITS_WRONG", "Visits are missing or wrong here"
        PAY_WRONG = "PAY_WRONG", "Wrong in the pay system, correction asked for"
        OTHER = "OTHER", "Other reason"

    line = models.ForeignKey(PayLine, on_delete=models.PROTECT, related_name="explanations")
    line_version = models.PositiveIntegerField()
    expected_pence = models.PositiveIntegerField(null=True)
    recorded_pence = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=12, choices=Reason)
    words = models.CharField(max_length=300, blank=True)
    explained_at = models.DateTimeField()
    explained_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason="OTHER") | ~Q(words=""), name="pay_explanation_other_says_why"),
        ]
        indexes = [models.Index(fields=["line", "line_version"], name="pay_explanation_by_line")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class PayFile(PrisonOwned):
    """A file of the pay system, read and waiting to be confirmed. Its rows are emptied once it is saved or replaced.

    `rows` is a list of [line, prison number, amount as typed].
    """

    period = models.ForeignKey(PayPeriod, on_delete=models.PROTECT, related_name="+")
    rows = models.JSONField(default=list)
    staged_at = models.DateTimeField()
    staged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(web=CHANGE)

    class Meta:
        constraints = [
            both_or_neither("saved_at", "saved_by", "pay_file_saved_pair"),
            models.CheckConstraint(condition=Q(saved_at__isnull=True) | Q(rows=[]), name="pay_file_saved_is_empty"),
        ]
