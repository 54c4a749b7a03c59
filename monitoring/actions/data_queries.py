"""Raising, answering and closing queries about figures. Nothing here changes a figure."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Month, Quarter, london_today, parse_period
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from monitoring.contradictions import findings
from monitoring.models import DataQuery, DataQueryStep
from monitoring.models.quality import ASKED
from monitoring.queries.data_queries import picture_of
from monitoring.rules import data_queries as rules

How, Kind = DataQuery.How, DataQueryStep.Kind


@transaction.atomic
def look_for_queries(*, by: Actor, now: datetime, prison: Prison, period: Month | Quarter) -> int:
    """Look at a period's stored figures by the rules. Returns how many queries are new. Safe to run twice.

    A query is raised once for a rule, measure and period. When the rule no longer fires it closes by itself; one that
    was mended, or had closed by itself, is raised again when it fires again. One that was explained stays closed.
    """
    one_at_a_time(f"queries:{prison.code}:{period.code}")
    found = _findings(prison, period, now)
    standing = {
        (query.rule, query.measure): query
        for query in DataQuery.objects.for_prison(prison).filter(period=period.code).exclude(rule=ASKED)
    }
    new = 0
    for (rule, measure), words in found.items():
        query = standing.get((rule, measure))
        if query is None:
            _raise(by, now, prison, period, rule, measure, words)
        elif query.closed_at is not None and query.how != How.EXPLAINED:
            _raise_again(by, now, query, words)
        else:
            continue
        new += 1
    for key, query in standing.items():
        if key not in found and query.closed_at is None:
            _close(by, now, query, How.NO_LONGER, "")
    return new


def _findings(prison: Prison, period: Month | Quarter, now: datetime) -> dict[tuple[str, str], str]:
    picture = picture_of(prison, period, london_today(now))
    return findings(picture) if picture is not None else {}


def _raise(
    by: Actor, now: datetime, prison: Prison, period: Month | Quarter, rule: str, measure: str, words: str
) -> DataQuery:
    query: DataQuery = DataQuery.objects.create(
        prison=prison,
        period=period.code,
        first_day=period.first,
        rule=rule,
        measure=measure,
        words=words,
        raised_at=now,
        asked_by=by.user,
    )
    _step(query, Kind.RAISED, words, by, now)
    record(Event.DATA_QUERY_RAISED, by=by, prison=prison.code, subject=query, rule=rule, period=period.code)
    return query


def _raise_again(by: Actor, now: datetime, query: DataQuery, words: str) -> None:
    query.closed_at, query.how, query.settled_by = None, "", None
    query.words, query.raised_at = words, now
    query.save(update_fields=["closed_at", "how", "settled_by", "words", "raised_at"])
    _step(query, Kind.AGAIN, words, by, now)
    record(Event.DATA_QUERY_RAISED, by=by, prison=query.prison_id, subject=query, rule=query.rule, period=query.period)


def _step(query: DataQuery, kind: str, words: str, by: Actor, now: datetime) -> None:
    DataQueryStep.objects.create(prison_id=query.prison_id, query=query, kind=kind, words=words, at=now, by=by.user)


def _close(by: Actor, now: datetime, query: DataQuery, how: str, words: str) -> None:
    query.closed_at, query.how, query.settled_by = now, how, by.user
    query.save(update_fields=["closed_at", "how", "settled_by"])
    _step(query, Kind.CLOSED, words, by, now)
    record(Event.DATA_QUERY_CLOSED, by=by, prison=query.prison_id, subject=query, how=how, period=query.period)


@transaction.atomic
def answer_query(*, by: Actor, now: datetime, query: DataQuery, words: str) -> DataQuery:
    """Add an answer. The query stays open until somebody closes it, or it is no longer so."""
    query = _locked(query)
    rules.check_can_answer(query)
    rules.check_answer(words)
    _step(query, Kind.ANSWERED, words.strip(), by, now)
    record(Event.DATA_QUERY_ANSWERED, by=by, prison=query.prison_id, subject=query, period=query.period)
    return query


@transaction.atomic
def close_query(*, by: Actor, now: datetime, query: DataQuery, how: str) -> DataQuery:
    """Close it as mended, which the figures must bear out, or as explained, which needs an answer."""
    query = _locked(query)
    rules.check_can_close(query)
    period = parse_period(query.period)
    assert isinstance(period, Month | Quarter)
    with scoped(DatabaseRole.NATIONAL):
        prison = Prison.objects.get(pk=query.prison_id)
        fires = (query.rule, query.measure) in _findings(prison, period, now)
    answered = query.steps.filter(kind=Kind.ANSWERED).exists()
    rules.check_closing(how=how, answered=answered, fires=fires)
    _close(by, now, query, how, "")
    return query


def _locked(query: DataQuery) -> DataQuery:
    found: DataQuery = DataQuery.objects.select_for_update().get(pk=query.pk)
    return found


@transaction.atomic
def ask_prison(
    *, by: Actor, now: datetime, prison: Prison, period: Month | Quarter, measure: str, words: str
) -> DataQuery:
    """A national lead asks a prison about a period's figures, or about one of them."""
    rules.check_ask(words=words, period=period, today=london_today(now))
    with scoped(DatabaseRole.NATIONAL):
        return _raise(by, now, prison, period, ASKED, measure, words.strip())
