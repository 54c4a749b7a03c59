"""A prison's own look at its scheme once a quarter: answers, what shows them, and what is to be done."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ADD, READ, Access

MOST_BYTES = 5_000_000


class Answer(models.TextChoices):
    """What an item is answered with. There is no sum of them, and no order of prisons by them."""

    MET = "MET", "Met"
    PARTLY = "PARTLY", "Partly"
    NOT_MET = "NOT_MET", "Not met"
    NOT_KNOWN = "NOT_KNOWN", "Not known"


class SelfAssessment(PrisonOwned):
    """One quarter's self-assessment. Once it is finished nothing of it changes."""

    period = models.CharField(max_length=8)
    first_day = models.DateField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "period"], name="self_assessment_once"),
            both_or_neither("finished_at", "finished_by", "self_assessment_finished_pair"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="self_assessment_finished_after_start",
            ),
        ]


class SelfAnswer(PrisonOwned):
    """One version of the answer to one item. The newest counts; none is ever changed.

    `suggested` is what the records suggested at that moment, empty where they suggested nothing, and `figures` what
    that rested on, in words. `contradicts` says that the answer is another one than the suggested.
    """

    assessment = models.ForeignKey(SelfAssessment, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=5)
    version = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=9, choices=Answer)
    words = models.CharField(max_length=500, blank=True)
    suggested = models.CharField(max_length=9, choices=Answer, blank=True)
    figures = models.CharField(max_length=400, blank=True)
    contradicts = models.BooleanField(default=False)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD, national=READ)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item", "version"], name="self_answer_once"),
            models.CheckConstraint(
                condition=Q(contradicts=False) | (~Q(suggested="") & ~Q(suggested=F("answer"))),
                name="self_answer_contradicts_something",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class SelfEvidence(PrisonOwned):
    """What shows an answer: a page here, something kept elsewhere, or a file. Taken out, its line stays."""

    class Kind(models.TextChoices):
        PAGE = "PAGE", "A page here"
        KEPT = "KEPT", "Kept elsewhere"
        FILE = "FILE", "A file"

    class Media(models.TextChoices):
        PDF = "PDF", "PDF"
        PNG = "PNG", "PNG"
        DOCX = "DOCX", "DOCX"

    answer = models.ForeignKey(SelfAnswer, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=4, choices=Kind)
    shows = models.CharField(max_length=120)
    # The page's own path, or the name of the thing and where it is kept.
    place = models.CharField(max_length=300, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    media = models.CharField(max_length=4, choices=Media, blank=True)
    size = models.PositiveIntegerField(null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_out_at = models.DateTimeField(null=True)
    taken_out_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("taken_out_at", "taken_out_by", "self_evidence_taken_out_pair"),
            models.CheckConstraint(
                condition=(Q(kind="FILE", place="", size__range=(1, MOST_BYTES)) & ~Q(file_name="") & ~Q(media=""))
                | (Q(kind__in=["PAGE", "KEPT"], file_name="", media="", size__isnull=True) & ~Q(place="")),
                name="self_evidence_fits_kind",
            ),
        ]


class SelfFile(PrisonOwned):
    """The file of one piece of evidence, as it came. No role across prisons reads it."""

    evidence = models.OneToOneField(SelfEvidence, on_delete=models.PROTECT, related_name="file")
    content = models.BinaryField()

    access = Access(web="SELECT, INSERT, DELETE", national="")


class SelfAction(PrisonOwned):
    """Something to be done because of an answer, by whoever holds a job, until a day."""

    class State(models.TextChoices):
        OPEN = "OPEN", "Open"
        DONE = "DONE", "Done"
        DROPPED = "DROPPED", "Dropped"

    assessment = models.ForeignKey(SelfAssessment, on_delete=models.PROTECT, related_name="actions")
    item = models.CharField(max_length=5)
    what = models.CharField(max_length=200)
    responsible = models.CharField(max_length=80)
    due_on = models.DateField()
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    came_of = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("done_at", "done_by", "self_action_done_pair"),
            models.CheckConstraint(
                condition=Q(state="OPEN", done_at__isnull=True) | (~Q(state="OPEN") & Q(done_at__isnull=False)),
                name="self_action_ended_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="DROPPED") | ~Q(came_of=""), name="self_action_dropped_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["prison", "due_on"], name="self_action_by_day")]
