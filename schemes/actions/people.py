"""Adding people, their cells, their leaving, and claims between two prisons about one person.

A prison number that another prison holds is added with what was typed, as a provisional record of its own, and
the other prison is asked. Nothing on the screen of the one who adds tells the two cases apart.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import months_changed, publish
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from schemes.actions.buddies import end_open_record
from schemes.carrying import carry_alerts, carry_keep_apart
from schemes.models import CellMove, Custody, CustodyClaim, Person, Source
from schemes.rules import people as rules

# Upper apps stop plans, matches and visits when somebody leaves.
CUSTODY_ENDED = "custody.ended"
# ... and look again at who may meet whom when somebody lives elsewhere.
CELL_MOVED = "custody.cell_moved"
OPTIONAL = frozenset({"preferred_name", "sex", "ethnicity", "disability", "languages", "release_on"})
DETAILS = ("first_name", "last_name", "preferred_name", "born_on", "sex", "ethnicity", "disability", "languages")


@transaction.atomic
def add_person(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    prison_number: str,
    first_name: str,
    last_name: str,
    born_on: date | None = None,
    wing: Wing | None = None,
    landing: int | None = None,
    cell: str = "",
    arrived_at: datetime | None = None,
    **optional: Any,
) -> Person:
    """Put a person on this prison's list. `arrived_at` is when it happened, where that is known to the minute.

    `optional`: preferred_name, sex, ethnicity, disability, languages, release_on.
    """
    if optional.keys() - OPTIONAL:
        raise TypeError(f"add_person does not know {sorted(optional.keys() - OPTIONAL)}")
    rules.check_place(prison, wing, landing, cell)
    rules.check_born(born_on, london_today(now))
    release_on = optional.pop("release_on", None)
    rules.check_release(release_on, london_today(now))
    typed = {"first_name": first_name.strip(), "last_name": last_name.strip(), "born_on": born_on, **optional}
    with scoped(DatabaseRole.NATIONAL):
        _one_at_a_time(prison_number)
        known = list(Person.objects.filter(prison_number=prison_number, same_as__isnull=True).order_by("pk"))
        running = {
            custody.person_id: custody
            for custody in Custody.objects.filter(person__in=known, ended_at__isnull=True).select_related("prison")
        }
        here = next((p for p in known if p.pk in running and running[p.pk].prison_id == prison.pk), None)
        rules.check_can_add_person(here, prison_number)
        person, holder = _record_for(prison, prison_number, typed, known, running)
        custody = Custody.objects.create(
            prison=prison,
            person=person,
            started_at=arrived_at or now,
            wing=wing,
            landing=landing,
            cell=cell.strip().upper(),
            release_on=release_on,
        )
        if holder is not None and not _asked_already(person):
            claim = CustodyClaim.objects.create(
                prison=holder.prison,
                claimed_by_prison=prison,
                person_id=holder.person_id,
                provisional_person=person,
                claimed_at=now,
                claimed_by=by.user,
            )
            record(Event.CUSTODY_CLAIMED, by=by, prison=holder.prison_id, subject=claim, person_id=holder.person_id)
    record(Event.PERSON_ADDED, by=by, prison=prison.code, subject=custody, person_id=person.pk)
    _figures_changed(person, now)
    if custody.cell:
        # Whoever lives there already has a new cell-mate.
        publish(CELL_MOVED, prison=prison.code, key=prison.code)
    return person


def _record_for(
    prison: Prison, prison_number: str, typed: dict[str, Any], known: list[Person], running: dict[int, Custody]
) -> tuple[Person, Custody | None]:
    """The record to use, and the period that another prison must be asked about, if any."""
    real = next((person for person in known if not person.provisional), None)
    if real is None:
        return Person.objects.create(prison_number=prison_number, **typed), None
    if real.pk not in running and _is_same(real, typed):
        # Nobody holds the person: the record goes on, with what is on this prison's screen.
        return _update(real, typed), None
    asked = running.get(real.pk) or Custody.objects.filter(person=real).order_by("-started_at", "-pk").first()
    own = _own_provisional(prison, known)
    if own is not None:
        return _update(own, typed), asked
    return Person.objects.create(prison_number=prison_number, provisional=True, **typed), asked


def _own_provisional(prison: Prison, known: list[Person]) -> Person | None:
    """A provisional record that this prison made before."""
    ours = Custody.objects.filter(prison=prison, person__in=[p for p in known if p.provisional])
    return next((custody.person for custody in ours.select_related("person")), None)


def _asked_already(person: Person) -> bool:
    return CustodyClaim.objects.filter(provisional_person=person, answered_at__isnull=True).exists()


def _is_same(person: Person, typed: dict[str, Any]) -> bool:
    """A wrongly typed number must not take over the record of somebody who has left prison."""
    return person.last_name.casefold() == str(typed["last_name"]).casefold()


def _update(person: Person, typed: dict[str, Any]) -> Person:
    """Write what was given; keep what was left out."""
    given = {name: value for name, value in typed.items() if value not in (None, "", [])}
    for name, value in given.items():
        setattr(person, name, value)
    person.version += 1
    person.save(update_fields=[*given, "version"])
    return person


def _figures_changed(person: Person, now: datetime) -> None:
    """Groups of figures go by these details: at every prison where the person was, since they came."""
    with scoped(DatabaseRole.NATIONAL):
        stays = list(Custody.objects.filter(person=person).order_by("pk").values_list("prison", "started_at"))
    for prison, started_at in stays:
        months_changed(prison, london_today(started_at), london_today(now))


def _one_at_a_time(prison_number: str) -> None:
    """Two prisons, or two taps, that add one number at once take turns until the commit."""
    one_at_a_time(f"prison number {prison_number}")


@transaction.atomic
def change_person(*, by: Actor, now: datetime, prison: Prison, person: Person, version: int, **details: Any) -> Person:
    """Correct a person's details: any of names, date of birth, sex, ethnicity, disability, languages."""
    if details.keys() - set(DETAILS):
        raise TypeError(f"change_person does not know {sorted(details.keys() - set(DETAILS))}")
    person = Person.objects.select_for_update().get(pk=person.pk)
    rules.check_can_change_person(person, version)
    rules.check_born(details.get("born_on"), london_today(now))
    changed = [name for name, value in details.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, details[name])
    person.version += 1
    person.save(update_fields=[*changed, "version"])
    if changed:
        _figures_changed(person, now)
    record(Event.PERSON_CHANGED, by=by, prison=prison.code, subject=person, person_id=person.pk, fields=sorted(changed))
    return person


@transaction.atomic
def move_cell(
    *,
    by: Actor,
    now: datetime,
    custody: Custody,
    wing: Wing | None,
    landing: int | None,
    cell: str,
    moved_at: datetime | None = None,
    source: str = Source.TYPED,
) -> Custody:
    """Record where the person is now. The cell before stays, with the move. `moved_at` is when it happened."""
    custody = Custody.objects.select_for_update(of=("self",)).select_related("prison").get(pk=custody.pk)
    rules.check_can_move(custody)
    rules.check_place(custody.prison, wing, landing, cell)
    before, cell_before = custody.wing_id, custody.cell
    custody.wing, custody.landing, custody.cell = wing, landing, cell.strip().upper()
    custody.save(update_fields=["wing", "landing", "cell"])
    CellMove.objects.create(
        prison_id=custody.prison_id,
        custody=custody,
        from_wing_id=before,
        from_cell=cell_before,
        wing=wing,
        cell=custody.cell,
        source=source,
        moved_at=moved_at or now,
        recorded_at=now,
        recorded_by=by.user,
    )
    record(
        Event.PERSON_MOVED_CELL,
        by=by,
        prison=custody.prison_id,
        subject=custody,
        person_id=custody.person_id,
        wing_before=before,
        wing_after=custody.wing_id,
    )
    publish(CELL_MOVED, prison=custody.prison_id, key=custody.prison_id)
    return custody


@transaction.atomic
def set_release_date(*, by: Actor, now: datetime, custody: Custody, release_on: date | None) -> Custody:
    """Record when the person is to be released, or that this is not known."""
    custody = Custody.objects.select_for_update(of=("self",)).get(pk=custody.pk)
    rules.check_can_set_release(custody, release_on, london_today(now))
    custody.release_on = release_on
    custody.save(update_fields=["release_on"])
    record(
        Event.RELEASE_DATE_SET, by=by, prison=custody.prison_id, subject=custody, person_id=custody.person_id,
        release_on=str(release_on or ""),
    )  # fmt: skip
    return custody


@transaction.atomic
def end_custody(
    *,
    by: Actor,
    now: datetime,
    custody: Custody,
    reason: str,
    moved_to: Prison | None = None,
    left_at: datetime | None = None,
) -> Custody:
    """Record that the person has left this prison. Whoever was a buddy here, or had applied, no longer is.

    What the apps above end because of it (plans, matches) ends in the name of whoever records it here. `left_at` is
    when it happened, where that is known to the minute.
    """
    rows = Custody.objects.select_for_update(of=("self",)).select_related("prison", "person")
    custody = rows.get(pk=custody.pk)
    rules.check_can_end_custody(custody, reason, moved_to, left_at)
    custody.ended_at, custody.end_reason, custody.moved_to = left_at or now, reason, moved_to
    custody.save(update_fields=["ended_at", "end_reason", "moved_to"])
    record(
        Event.CUSTODY_ENDED,
        by=by,
        prison=custody.prison_id,
        subject=custody,
        person_id=custody.person_id,
        reason=reason,
    )
    why = rules.END_WORDS[reason]
    end_open_record(by=by, now=now, prison=custody.prison, person=custody.person, reason=why)
    publish(CUSTODY_ENDED, prison=custody.prison_id, key=f"custody:{custody.pk}", custody=custody.pk, user=by.user.pk)
    return custody


@transaction.atomic
def answer_claim(*, by: Actor, now: datetime, claim: CustodyClaim, answer: str) -> CustodyClaim:
    """Answer for the prison that holds the person: moved, or still here.

    Moved: the period here ends, and the record that the other prison made becomes the person's own. The record
    here is set aside and points to it, so that a prison number is one record again; open keep-apart records go on.
    """
    claim = CustodyClaim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    rules.check_can_answer_claim(claim, answer)
    moved = answer == CustodyClaim.Answer.MOVED
    if moved:
        running = Custody.objects.for_prison(claim.prison_id).filter(person=claim.person_id, ended_at__isnull=True)
        for custody in running:
            end_custody(
                by=by, now=now, custody=custody, reason=Custody.EndReason.TRANSFER, moved_to=claim.claimed_by_prison
            )
        with scoped(DatabaseRole.NATIONAL):
            _hand_over(claim, by=by, now=now)
    claim.answer, claim.answered_at, claim.answered_by = answer, now, by.user
    claim.save(update_fields=["answer", "answered_at", "answered_by"])
    record(
        Event.CUSTODY_CLAIM_ANSWERED,
        by=by,
        prison=claim.prison_id,
        subject=claim,
        person_id=claim.person_id,
        answer=answer,
    )
    return claim


def _hand_over(claim: CustodyClaim, *, by: Actor, now: datetime) -> None:
    """Make the other prison's record the real one. Runs in the national role."""
    pair = (claim.person_id, claim.provisional_person_id)
    rows = {person.pk: person for person in Person.objects.select_for_update().filter(pk__in=pair).order_by("pk")}
    old, new = rows[claim.person_id], rows[claim.provisional_person_id]
    old.provisional, old.same_as = True, new
    old.save(update_fields=["provisional", "same_as"])
    new.provisional = False
    new.save(update_fields=["provisional"])
    carry_keep_apart(old, new, claim.claimed_by_prison_id, by=by, now=now)
    carry_alerts(old, new, claim.claimed_by_prison_id, by=by, now=now)
    # Whoever else has claimed the person is now to be answered by the prison that has them.
    others = CustodyClaim.objects.filter(person=old, answered_at__isnull=True).exclude(pk=claim.pk)
    for other in others:
        other.person, other.prison_id = new, claim.claimed_by_prison_id
        other.save(update_fields=["person", "prison"])
    record(
        Event.PERSON_CHANGED,
        by=by,
        prison=claim.claimed_by_prison_id,
        subject=new,
        person_id=new.pk,
        fields=["provisional"],
        set_aside=old.pk,
    )
