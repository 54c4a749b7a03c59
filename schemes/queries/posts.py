"""Posts of a prison with how many of their places are filled, always for many at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from buddyscheme.accounts.models import Prison
from schemes.models import Buddy, Post
from schemes.rules.buddies import IN_ROLE


def posts_of(prison: Prison) -> QuerySet[Any]:
    """Every post with its wing, `filled` (places) and `last_start` (day), by wing and title."""
    rows: QuerySet[Any] = Post.objects.for_prison(prison).select_related("wing")
    fills = Buddy.objects.filter(post=OuterRef("pk"), status__in=IN_ROLE).order_by().values("post")
    counted: QuerySet[Any] = rows.annotate(
        filled=Coalesce(Subquery(fills.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        last_start=Subquery(fills.annotate(day=Max("started_on")).values("day")),
    )
    return counted.order_by("wing__code", "title", "id")


def not_filled(prison: Prison) -> QuerySet[Any]:
    """Posts with a free place: what the lead has to fill."""
    return posts_of(prison).exclude(status=Post.Status.CLOSED).filter(filled__lt=F("places"))


def with_a_place(prison: Prison) -> QuerySet[Any]:
    """Posts that somebody can be appointed to."""
    return not_filled(prison)


def advertised(prison: Prison, today: date) -> QuerySet[Any]:
    """Posts whose advert takes applications today."""
    return posts_of(prison).filter(status=Post.Status.ADVERTISED, advertised_on__lte=today, closes_on__gte=today)


def locked_post(post: Post) -> Post:
    """The row as it is now, held until the transaction ends: nobody else takes a place meanwhile."""
    return Post.objects.select_for_update(of=("self",)).select_related("wing").get(pk=post.pk)


def filled_count(post: Post, *, without: Buddy | None = None) -> int:
    """How many are in the role in this post, perhaps leaving one out."""
    rows = Buddy.objects.for_prison(post.prison_id).filter(post=post, status__in=IN_ROLE)
    return (rows.exclude(pk=without.pk) if without is not None else rows).count()


def in_post(post: Post) -> QuerySet[Buddy]:
    """Who fills the post, by the day they started."""
    rows: QuerySet[Buddy] = Buddy.objects.for_prison(post.prison_id).filter(post=post, status__in=IN_ROLE)
    return rows.select_related("person").order_by("started_on", "id")


def answers_to(post: Post) -> QuerySet[Buddy]:
    """Open applications that answer the post, oldest first."""
    waiting = [status for status in Buddy.OPEN if status not in IN_ROLE]
    rows: QuerySet[Buddy] = Buddy.objects.for_prison(post.prison_id).filter(post=post, status__in=waiting)
    return rows.select_related("person").order_by("applied_on", "id")
