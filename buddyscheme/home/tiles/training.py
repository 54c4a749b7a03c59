"""Training, supervision and pay: what keeps buddies fit for the role."""

from __future__ import annotations

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.home.tile import Tile
from monitoring.forms.data_queries import TO_ANSWER
from monitoring.forms.self_assessment import OVERDUE
from monitoring.queries.data_queries import to_answer
from monitoring.queries.pay import to_explain
from monitoring.queries.self_assessment import overdue_actions
from schemes.models import Buddy
from schemes.queries import (
    buddies,
)
from training.queries import board, due, sessions, supervision

TILES: tuple[Tile, ...] = (
    Tile(
        text="People in training",
        permission=P.BUDDIES_APPOINT,
        url="schemes:buddies",
        query=f"?status={Buddy.Status.IN_TRAINING}",
        rows=lambda asked: buddies.buddies_of(asked.request.prison).filter(status=Buddy.Status.IN_TRAINING),
    ),
    Tile(
        text="People with modules to pass",
        permission=P.TRAINING_RECORD,
        url="training:board",
        query=f"?state={board.BoardState.DUE}",
        rows=lambda asked: asked.on_board(board.BoardState.DUE),
        anew=True,
    ),
    Tile(
        text="People with lapsed modules",
        permission=P.TRAINING_RECORD,
        url="training:board",
        query=f"?state={board.BoardState.LAPSED}",
        rows=lambda asked: asked.on_board(board.BoardState.LAPSED),
        anew=True,
    ),
    Tile(
        text="Classes to mark",
        permission=P.TRAINING_RECORD,
        url="training:sessions",
        query="?show=mark",
        rows=lambda asked: sessions.to_mark(asked.request.prison, asked.now),
        anew=True,
    ),
    Tile(
        text="Classes this week",
        permission=P.TRAINING_RECORD,
        url="training:sessions",
        query="?show=week",
        rows=lambda asked: sessions.this_week(asked.request.prison, asked.now),
        anew=True,
    ),
    Tile(
        text="Modules that lapse in 28 days",
        permission=P.TRAINING_VIEW,
        url="training:due",
        query="?show=soon",
        rows=lambda asked: due.due_soon(asked.request.prison, asked.today),
    ),
    Tile(
        text="Modules overdue",
        permission=P.TRAINING_VIEW,
        url="training:due",
        query="?show=overdue",
        rows=lambda asked: due.overdue(asked.request.prison, asked.today),
    ),
    Tile(
        text="Supervision due",
        permission=P.SUPERVISION_HOLD,
        url="training:supervision",
        query=f"?show={supervision.Show.TO_DO}",
        rows=lambda asked: supervision.to_do(asked.request.prison, asked.today),
    ),
    Tile(
        text="Pay differences to explain",
        permission=P.PAY_EDIT,
        url="monitoring:pay_differences",
        rows=lambda asked: to_explain(asked.request.prison),
    ),
    Tile(
        text="Actions of the self-assessment overdue",
        permission=P.SELF_ASSESS,
        url="monitoring:self_actions",
        query=f"?show={OVERDUE}",
        rows=lambda asked: overdue_actions(asked.request.prison, asked.today),
    ),
    Tile(
        text="Data queries to answer",
        permission=P.MONTH_CLOSE,
        url="monitoring:data_queries",
        query=f"?show={TO_ANSWER}",
        rows=lambda asked: to_answer(asked.request.prison),
    ),
)
