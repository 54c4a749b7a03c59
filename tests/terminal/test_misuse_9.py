"""Misuse case 9, "I never entered that": who entered a visit or a concern is rebuilt from the audit alone."""

from __future__ import annotations

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals.models import TerminalEntry
from tests.terminal.test_log_visit import hidden, tap
from tests.terminal.test_tell_staff import own_address


def rebuilt(code: str) -> dict[str, object]:
    """From the rows of the audit and from nothing else."""
    entered = AuditEvent.objects.get(code=code)
    opened = AuditEvent.objects.get(code="window.opened", subject_id=str(entered.window_id))
    came_in = AuditEvent.objects.filter(
        code__in=("terminal.let_in", "terminal.signed_in"), window_id__in=(entered.window_id, None), id__lt=entered.id
    ).order_by("-id")[0]
    return {
        "kind": entered.actor_kind,
        "who": entered.actor_id,
        "terminal": entered.terminal_id,
        "window": entered.window_id,
        "officer": opened.actor_id,
        "let in before": came_in.at <= entered.at,
        "request": bool(entered.request_id) and entered.request_id != opened.request_id,
        "in UTC": entered.at.utcoffset().total_seconds() == 0,
    }


@pytest.mark.parametrize("code", ["visit.logged", "concern.raised"])
def test_misuse_9_who_entered_it_is_rebuilt_from_the_audit_alone(scene, code) -> None:
    client = scene.inside()
    if code == "visit.logged":
        address = f"/terminal/visit/{scene.planned.token}/"
        client.post(address, hidden(client.get(tap(client, tap(client, address, 0), 0))))
    else:
        client.post(own_address(), {"t": "1", "words": "He is sad.", "key": "k"})
    assert rebuilt(code) == {
        "kind": "person",
        "who": scene.person.pk,
        "terminal": scene.terminal.pk,
        "window": scene.window.pk,
        "officer": scene.officer.pk,
        "let in before": True,
        "request": True,
        "in UTC": True,
    }


def test_misuse_9_two_people_in_one_window_are_told_apart(scene) -> None:
    for person in (scene.person, scene.recipient):
        scene.inside(person).post(own_address(), {"t": "1", "key": "k"})
        TerminalEntry.objects.update(ended_at=scene.now)
    who = AuditEvent.objects.filter(code="concern.raised").order_by("id").values_list("actor_id", flat=True)
    assert list(who) == [scene.person.pk, scene.recipient.pk]
