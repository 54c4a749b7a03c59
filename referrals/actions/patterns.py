"""Looking for patterns, deciding about one, and setting the numbers of a rule."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, record_many
from buddyscheme.lib.bulk import insert_missing
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from referrals.drawing import create_with_reference
from referrals.locking import lock_prison
from referrals.models import PatternHit, PatternRow, PatternRule
from referrals.queries import patterns as queries
from referrals.queries.patterns import Finding
from referrals.rules import patterns as rules
from referrals.rules.patterns import Numbers


@transaction.atomic
def find_patterns(*, by: Actor, now: datetime, prison: Prison) -> int:
    """Keep what every rule finds now, with its wording and the rows behind it. Returns how many are new.

    What waits already is left as it stands, and rows that somebody decided about count no more: safe to run twice.
    """
    # One search at a time: the night's and somebody's own would find the same.
    lock_prison(prison)
    standing = queries.rules_now()
    waiting = set(
        PatternHit.objects.for_prison(prison)
        .filter(decision=PatternHit.Decision.WAITING)
        .values_list("rule", "subject")
    )
    found = [one for one in queries.findings(prison, standing, now) if (one.code, one.subject) not in waiting]
    for finding in found:
        _keep(by, now, prison, finding, standing[finding.code])
    if by.user is not None:
        record_many(Event.PATTERNS_LOOKED_FOR, by=by, prison=prison.code, hits=len(found))
    return len(found)


def _keep(by: Actor, now: datetime, prison: Prison, finding: Finding, numbers: Numbers) -> None:
    hit = create_with_reference(
        PatternHit,
        "L",
        prison=prison,
        rule=finding.code,
        wording=rules.words_of(finding.code, numbers),
        found=finding.words,
        subject=finding.subject,
        buddy_id=finding.buddy_id,
        person_id=finding.person_id,
        window_id=finding.window_id,
        staff_id=finding.staff_id,
        found_at=now,
    )
    insert_missing(
        PatternRow,
        [
            {"prison_id": prison.pk, "hit_id": hit.pk, "planned_id": planned, "why": why}
            for planned, why in finding.rows
        ],
    )
    record(
        Event.PATTERN_FOUND,
        by=by,
        prison=prison.code,
        subject=hit,
        person_id=hit.about_id,
        rule=hit.rule,
        rows=len(finding.rows),
    )


@transaction.atomic
def decide_pattern(*, by: Actor, now: datetime, hit: PatternHit, decision: str, words: str) -> PatternHit:
    """Keep what somebody decided, in their words. The rule does not count the rows behind it again."""
    hit = PatternHit.objects.select_for_update(of=("self",)).select_related("buddy").get(pk=hit.pk)
    rules.check_can_decide(hit, decision=decision, words=words, decider_id=by.user.pk if by.user is not None else None)
    hit.decision, hit.words = PatternHit.Decision(decision), words.strip()
    hit.decided_at, hit.decided_by = now, by.user
    hit.save(update_fields=["decision", "words", "decided_at", "decided_by"])
    record(
        Event.PATTERN_DECIDED,
        by=by,
        prison=hit.prison_id,
        subject=hit,
        person_id=hit.about_id,
        rule=hit.rule,
        decision=hit.decision,
    )
    return hit


@transaction.atomic
def change_rule(
    *, by: Actor, now: datetime, code: str, least: int, within: int, active: bool, reason: str, version: int
) -> PatternRule:
    """Set the numbers with which a rule looks from now on, at every prison. Hits keep the wording they fired with."""
    with scoped(DatabaseRole.NATIONAL):
        one_at_a_time(f"pattern rule {code}")
        numbers = Numbers(least, within, active)
        rules.check_numbers(code, numbers, reason=reason, before=queries.rules_now()[code], version=version)
        row = PatternRule.objects.create(
            code=PatternRule.Code(code),
            least=least,
            within=within,
            active=active,
            reason=reason.strip(),
            changed_at=now,
            changed_by=by.user,
        )
    record(Event.PATTERN_RULE_CHANGED, by=by, subject=row, rule=code, least=least, within=within, active=active)
    return row
