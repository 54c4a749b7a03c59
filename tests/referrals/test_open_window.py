"""Opening and closing a terminal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.windows import close_window, open_window
from referrals.models import TerminalWindow
from referrals.queries.windows import open_windows
from tests.builders import terminal as builders
from tests.cast import acts


@pytest.fixture
def terminal(here, wing, admin, now, at_prison):
    with at_prison(here):
        return builders.terminal_on(wing, admin, now)[0]


def address(here, terminal, word: str = "open/") -> str:
    return f"/prisons/{here.code}/windows/{terminal.token}/{word}"


def test_works_with_one_post(here, terminal, officer, signed_in) -> None:
    response = signed_in(officer).post(address(here, terminal), {"minutes": "30"}, follow=True)
    assert response.status_code == 200 and "Open until" in response.content.decode()
    window = TerminalWindow.objects.get()
    assert window.opened_by == officer
    assert window.ends_at - window.opened_at == timedelta(minutes=30)


def test_the_page_offers_thirty_minutes(here, terminal, officer, signed_in) -> None:
    page = signed_in(officer).get(f"/prisons/{here.code}/windows/").content.decode()
    assert 'value="30"' in page and "Open the terminal" in page and "Closed." in page


def test_needs_the_permission(here, terminal, trainer, signed_in) -> None:
    assert signed_in(trainer).post(address(here, terminal), {"minutes": "30"}).status_code == 403
    assert signed_in(trainer).get(f"/prisons/{here.code}/windows/").status_code == 403


def test_another_prison_s_is_404(here, terminal, outsider, signed_in) -> None:
    assert signed_in(outsider).post(address(here, terminal), {"minutes": "30"}).status_code == 404


def test_refused_while_open(here, terminal, officer, now, at_prison) -> None:
    with at_prison(here):
        builders.window_at(terminal, officer, now)
        with pytest.raises(NotAllowed, match="already open"):
            open_window(by=acts(officer, here), now=now, terminal=terminal)


def test_one_that_ran_out_is_closed_by_itself(here, terminal, officer, now, at_prison) -> None:
    with at_prison(here):
        first = builders.window_at(terminal, officer, now)
        later = now + timedelta(minutes=31)
        assert not open_windows(here, later)
        builders.window_at(terminal, officer, later)
        first.refresh_from_db()
        assert (first.close_reason, first.closed_at) == ("TIME", first.ends_at)
        assert open_windows(here, later).count() == 1


@pytest.mark.parametrize("minutes", ["0", "61", "x", "", "-5"])
def test_rejects_bad_input(here, terminal, officer, signed_in, minutes) -> None:
    response = signed_in(officer).post(address(here, terminal), {"minutes": minutes}, follow=True)
    assert "There is a problem" in response.content.decode()
    assert f'value="{minutes}"' in response.content.decode() or not minutes, "what was typed stays"
    assert not TerminalWindow.objects.exists()


def test_close_at_once(here, terminal, officer, now, at_prison) -> None:
    with at_prison(here):
        window = builders.window_at(terminal, officer, now)
        close_window(by=acts(officer, here), now=now + timedelta(minutes=1), window=window)
        window.refresh_from_db()
        assert window.closed_by_user == officer
        with pytest.raises(NotAllowed):
            close_window(by=acts(officer, here), now=now, window=window)


def test_leaves_the_audit_event(here, terminal, officer, now, at_prison) -> None:
    with at_prison(here):
        builders.window_at(terminal, officer, now)
    event = AuditEvent.objects.get(code="window.opened")
    assert (event.actor_id, event.details) == (officer.pk, {"minutes": 30})


def test_list_does_not_query_per_row(here, wing, admin, officer, now, at_prison, signed_in) -> None:
    def terminals(n: int) -> int:
        with at_prison(here):
            for i in range(n):
                terminal, _ = builders.terminal_on(wing, admin, now, name=f"T{i}")
                builders.window_at(terminal, officer, now)
        client = signed_in(officer)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/prisons/{here.code}/windows/").status_code == 200
        return len(queries)

    assert terminals(1) == terminals(4)
