"""What a page can show and the months before did not happen to bring: each once, at the busiest prison, this week."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from buddyscheme.demo import recipients, scheme
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_moment, london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.assessments import answer_assessment, chase_assessment, receive_plan
from referrals.actions.capacity import end_capacity
from referrals.actions.cover import tick_staff_task
from referrals.actions.falls import complete_fall, record_fall
from referrals.actions.informal_help import record_help
from referrals.actions.informal_turns import apply_from_help, refer_from_help, worry_from_help
from referrals.actions.interim import make_full
from referrals.actions.matches import ask_for_buddy, end_match, pause_match, propose_match
from referrals.actions.plans import give_consent, withdraw_consent
from referrals.actions.referrals import make_referral, screen_referral
from referrals.actions.schedule import give_cover
from referrals.actions.unmet_needs import answer_unmet_need
from referrals.models import (
    AssessmentChase,
    AssessmentRequest,
    CapacityRecord,
    Consent,
    InformalHelp,
    Match,
    Plan,
    PlannedVisit,
    UnmetNeed,
    UnmetNeedPut,
)
from referrals.queries.matches import waiting_for_buddy
from referrals.queries.schedule import offers_for, open_slots
from referrals.queries.suggestions import facts_for
from schemes.actions.merging import merge_people
from schemes.models import Buddy, TaskKind


def leave_every_state(teller: Teller, now: datetime) -> None:
    """Told after the last night, so that nothing of it goes on; `now` is when the story ends."""
    falls(teller)
    help_that_turned(teller)
    not_taken_on(teller)
    consents(teller)
    answers(teller)
    chosen_and_asked_for(teller)
    matches(teller, now)
    two_numbers(teller)
    come_instead(teller, now)
    done_by_staff(teller, now)


def _yesterday(teller: Teller, hour: int, minute: int = 0) -> datetime:
    return london_moment(teller.today - timedelta(days=1), time(hour, minute))


def falls(teller: Teller) -> None:
    """Help in time; help late after which a prisoner lifted; and one of which nobody is recorded as come."""
    people, by = recipients.helped_people(teller)[2:5], teller.by("OFFICER")
    for nth, person in enumerate(people):
        found = _yesterday(teller, 9 + nth, 10)
        fall = record_fall(
            by=by, now=found + timedelta(minutes=50), prison=teller.prison, person=person, found_at=found,
            alarm_at=found + timedelta(minutes=1), injury="MINOR" if nth else "NONE",
            helped_up=("STAFF", "PRISONER", "NOT_KNOWN")[nth],
        )  # fmt: skip
        if nth == 2:
            return
        came = found + timedelta(minutes=(5, 42)[nth])
        complete_fall(
            by=by, now=found + timedelta(minutes=58), fall=fall, staff_at=came,
            healthcare_at=came + timedelta(minutes=4), no_healthcare=False, up_at=came + timedelta(minutes=6),
            injury=fall.injury, helped_up=fall.helped_up, found_by="BUDDY", place=("CELL", "LANDING")[nth],
            equipment="", version=fall.version,
        )  # fmt: skip


def help_that_turned(teller: Teller) -> None:
    """Help that staff saw: one became a referral, one an application, one a concern."""
    now, lead = _yesterday(teller, 11), teller.by("LEAD")
    for into in ("referral", "application", "concern"):
        entry = record_help(
            by=teller.by("OFFICER"), now=now - timedelta(hours=1), prison=teller.prison,
            person=scheme.arrive(teller, now - timedelta(days=80), older=True), how_known=InformalHelp.HowKnown.SEEN,
            helper=scheme.arrive(teller, now - timedelta(days=90), older=False), kinds=["MEALS"],
            since_on=(now - timedelta(days=20)).date(),
        )  # fmt: skip
        if into == "referral":
            refer_from_help(
                by=lead, now=now, entry=entry, reason="Cannot carry a tray; the man next door does it.",
                urgency="SOON", version=entry.version,
            )  # fmt: skip
        elif into == "application":
            apply_from_help(
                by=lead, now=now, entry=entry, statement="I fetch his meals already and want to learn to do it well.",
                version=entry.version,
            )  # fmt: skip
        else:
            worry_from_help(
                by=lead, now=now, entry=entry, kind="GIFT_OR_DEBT", words="Is paid for it in canteen, he says.",
                version=entry.version,
            )  # fmt: skip


def not_taken_on(teller: Teller) -> None:
    """Somebody was referred and manages alone."""
    now = _yesterday(teller, 12)
    referral = make_referral(
        by=teller.by("OFFICER"), now=now - timedelta(hours=2), prison=teller.prison,
        person=scheme.arrive(teller, now - timedelta(days=70), older=True), source="STAFF", urgency="ROUTINE",
        need_areas=["CELL"], reason="Had a cold and could not sweep the cell.", other_help="NO",
    )  # fmt: skip
    screen_referral(
        by=teller.by("LEAD"), now=now, referral=referral, outcome="NONE", reason="Is well again and manages alone",
        version=referral.version,
    )  # fmt: skip


def _plans_of_others(teller: Teller) -> list[Plan]:
    """Plans with a first buddy, the newest first, without those of the buddy who has most to do: theirs are shown."""
    live = Match.objects.for_prison(teller.prison).filter(status="ACTIVE", part="LEAD").select_related("plan")
    busiest = recipients.helped_people(teller)[:2]
    rows = live.filter(plan__status="ACTIVE", plan__interim_from__isnull=True, plan__answer="AGREES")
    return [match.plan for match in rows.exclude(plan__person__in=busiest).order_by("-plan_id")[:6]]


def consents(teller: Teller) -> None:
    """Sharing taken back; support taken back for a day and given again; and support taken back to this day."""
    by, now, used = teller.by("OFFICER"), _yesterday(teller, 13), list[int]()
    given = Consent.objects.filter(plan__in=_plans_of_others(teller), given=True, withdrawn_at__isnull=True)
    for scope, again in (("SHARING", False), ("SUPPORT", True), ("SUPPORT", False)):
        rows = given.filter(scope=scope).exclude(plan__in=used).select_related("plan", "plan__prison")
        consent = rows.order_by("-plan_id").first()
        if consent is None:
            continue
        plan = consent.plan
        used.append(plan.pk)
        withdraw_consent(by=by, now=now, consent=consent)
        if again:
            give_consent(by=by, now=now + timedelta(hours=2), plan=plan, scope=scope)


def answers(teller: Teller) -> None:
    """The council's plan came; it answered about a need; somebody decides again; interim help is the full plan."""
    lead, now = teller.by("LEAD"), _yesterday(teller, 14)
    today = london_today(now)
    asked = AssessmentRequest.objects.for_prison(teller.prison).filter(body="COUNCIL", closed_on__isnull=True)
    assessment = asked.filter(decided_on__isnull=True).order_by("acknowledged_on", "id").first()
    if assessment is not None:
        if not AssessmentChase.objects.for_prison(teller.prison).exists():
            chase_assessment(by=lead, now=now - timedelta(hours=4), assessment=assessment)
        assessment = answer_assessment(
            by=teller.by("COUNCIL"), now=now, assessment=assessment, decision="ELIGIBLE", answer="",
            acknowledged_on=assessment.acknowledged_on or today, visited_on=today, decided_on=today,
            version=assessment.version,
        )  # fmt: skip
        receive_plan(
            by=lead, now=now + timedelta(hours=2), assessment=assessment, plan_received_on=today,
            version=assessment.version,
        )  # fmt: skip
    puts = UnmetNeedPut.objects.for_prison(teller.prison).filter(need__met_on__isnull=True, need__left_on__isnull=True)
    for plan in _plans_of_others(teller)[:1] if not puts.exists() else ():
        recipients.wait_for_carers(teller, now - timedelta(days=9), plan)
    put = puts.select_related("need").order_by("-id").first()
    if put is not None:
        answer_unmet_need(by=lead, now=now, put=put, answered_on=today, said="An agency begins in two weeks.")
    if not UnmetNeed.objects.for_prison(teller.prison).filter(met_on__isnull=False).exists():
        for plan in _plans_of_others(teller)[1:2]:
            need = recipients.wait_for_carers(teller, now - timedelta(days=12), plan)
            recipients.meet(teller, now, need)
    stands = CapacityRecord.objects.for_prison(teller.prison).filter(ended_at__isnull=True).order_by("id")
    if len(stands) > 1:
        end_capacity(by=lead, now=now, capacity=stands[0], objected=False)
    interim = Plan.objects.for_prison(teller.prison).filter(
        status="ACTIVE", interim_from__isnull=False, made_full_at__isnull=True
    )
    plans = list(interim.order_by("id"))
    if len(plans) > 1:
        make_full(
            by=lead, now=now, plan=plans[0], goals=["Eat hot meals again."], safety_words=[],
            review_on=today + timedelta(days=90), evacuation_plan=False, falls_risk=False, version=plans[0].version,
        )  # fmt: skip


def chosen_and_asked_for(teller: Teller) -> None:
    """Of plans without a buddy: a buddy is asked for by name, and elsewhere the second suggestion was chosen."""
    lead, now = teller.by("LEAD"), _yesterday(teller, 15)
    waiting = list(waiting_for_buddy(teller.prison).select_related("prison"))
    for plan in waiting[-1:]:
        ranked = facts_for(teller.prison, plan, "LEAD", london_today(now)).ranked().suggestions
        if ranked:
            ask_for_buddy(by=lead, now=now, plan=plan, buddy=Buddy.objects.get(pk=ranked[-1].buddy_id))
    for plan in waiting[:-1]:
        facts = facts_for(teller.prison, plan, "LEAD", london_today(now))
        behind = [one for one in facts.ranked().suggestions if facts.first_instead_of(one.buddy_id) is not None]
        if behind:
            propose_match(
                by=lead, now=now, plan=plan, buddy=facts.buddies[behind[0].buddy_id],
                why="Both go to the same chapel and have talked there.",
            )  # fmt: skip
            return


def matches(teller: Teller, now: datetime) -> None:
    """One match is paused for now, and one ended because the two did not get on: nobody brings a meal today."""
    lead = teller.by("LEAD")
    live = Match.objects.for_prison(teller.prison).filter(status="ACTIVE", part="LEAD").select_related("plan")
    live = live.exclude(plan__person__in=recipients.helped_people(teller)[:2]).order_by("-id")
    meals = _meals_today(teller, now).filter(buddy__isnull=False).values("plan")
    ended = live.filter(plan__in=meals).first()
    if ended is not None:
        end_match(by=lead, now=now, match=ended, reason="It did not work between the two")
    paused = live.filter(plan__in=_plans_of_others(teller)[3:]).first()
    if paused is not None:
        pause_match(by=lead, now=now, match=paused, reason="The buddy has exams this week.")


def _meals_today(teller: Teller, now: datetime) -> QuerySet[Any]:
    essential = list(TaskKind.objects.filter(essential=True).order_by("pk").values_list("pk", flat=True))
    visits: QuerySet[Any] = PlannedVisit.objects.for_prison(teller.prison).filter(
        day=london_today(now), cancelled_at__isnull=True, tasks__overlap=essential
    )
    return visits.order_by("id")


def two_numbers(teller: Teller) -> None:
    """Somebody was brought in under a second number; the two are joined."""
    now = _yesterday(teller, 10)
    old, kept = (scheme.arrive(teller, now - timedelta(days=days), older=True) for days in (60, 6))
    merge_people(by=teller.by("LEAD"), now=now, prison=teller.prison, old=old, kept=kept)


def come_instead(teller: Teller, now: datetime) -> None:
    """Tomorrow somebody comes to a person whose plan has no buddy yet."""
    tomorrow = london_today(now) + timedelta(days=1)
    for plan in waiting_for_buddy(teller.prison).select_related("prison"):
        for slot in open_slots(plan, now, [tomorrow])[:1]:
            for offer in offers_for(plan, *slot, now):
                give_cover(by=teller.by("LEAD"), now=now, plan=plan, slots=[slot], buddy=offer.buddy, agreed=True)
                return


def done_by_staff(teller: Teller, now: datetime) -> None:
    """A meal that nobody could bring was brought by an officer, who ticked it."""
    essential = {task.pk: task for task in TaskKind.objects.filter(essential=True)}
    for planned in _meals_today(teller, now).filter(buddy__isnull=True):
        task = next(essential[code] for code in planned.tasks if code in essential)
        try:
            tick_staff_task(by=teller.by("OFFICER"), now=now, planned=planned, task=task)
        except NotAllowed:
            continue
        return
