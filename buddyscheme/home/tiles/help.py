"""People who need help: from a referral to what the council says."""

from __future__ import annotations

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.home.tile import Asked, Late, Tile
from referrals.forms.assessments import CHASE
from referrals.forms.capacity import TO_REVIEW
from referrals.forms.informal_help import TO_LOOK
from referrals.forms.own_wishes import WAITING as WISHES_WAITING
from referrals.forms.tellings import WAITING as WAITING_TO_BE_TOLD
from referrals.queries import (
    assessments,
    capacity,
    informal_help,
    own_wishes,
    reception,
    referrals,
    tellings,
    unmet_needs,
)
from referrals.views.assessments import bodies_of


def _longest_wait(asked: Asked) -> str:
    rows = unmet_needs.open_needs(asked.request.prison).select_related(None).only("known_on", "met_on", "left_on")
    need = rows.order_by("known_on", "id").first()
    count = unmet_needs.days_waiting(need, asked.today) if need is not None else 0
    return f"The longest for {count} {'day' if count == 1 else 'days'}"


TILES: tuple[Tile, ...] = (
    Tile(
        text="Unmet needs for personal care",
        permission=P.UNMET_NEED_VIEW,
        url="referrals:unmet_needs",
        query="?state=open",
        rows=lambda asked: unmet_needs.open_needs(asked.request.prison),
        note=_longest_wait,
        late=Late(lambda asked: unmet_needs.put_to_nobody(asked.request.prison), "put to nobody yet"),
        urgent=True,
    ),
    Tile(
        text="Referrals to screen",
        permission=P.REFERRAL_SCREEN,
        url="referrals:referrals",
        query="?status=RECEIVED",
        rows=lambda asked: referrals.to_screen(asked.request.prison),
        late=Late(lambda asked: referrals.late(asked.request.prison, asked.now), "urgent and past their time"),
        urgent=True,
    ),
    Tile(
        text="People who said something about their help",
        permission=P.OWN_WISH_VIEW,
        url="referrals:own_wishes",
        query=f"?show={WISHES_WAITING}",
        rows=lambda asked: own_wishes.to_look_at(asked.request.prison),
    ),
    Tile(
        text="New arrivals to ask about help",
        permission=P.RECEPTION_ASK,
        url="referrals:reception",
        rows=lambda asked: reception.to_ask_at_reception(asked.request.prison, asked.today),
    ),
    Tile(
        text="People to ask what they want",
        permission=P.WISHES_RECORD,
        url="referrals:people_to_ask",
        rows=lambda asked: referrals.to_ask(asked.request.prison),
    ),
    Tile(
        text="People to tell what came of a referral",
        permission=P.REFERRAL_SCREEN,
        url="referrals:tellings",
        query=f"?show={WAITING_TO_BE_TOLD}",
        rows=lambda asked: tellings.to_tell(asked.request.prison),
    ),
    Tile(
        text="Requests to the council and healthcare without a decision",
        permission=P.ASSESSMENT_VIEW,
        url="referrals:assessments",
        query="?state=open",
        rows=lambda asked: assessments.unanswered(asked.request.prison, bodies_of(asked.request)),
    ),
    Tile(
        text="Requests over their limit, to chase",
        permission=P.ASSESSMENT_CHASE,
        url="referrals:assessments",
        query=f"?state={CHASE}",
        rows=lambda asked: assessments.to_chase(asked.request.prison, bodies_of(asked.request), asked.today),
        urgent=True,
    ),
    Tile(
        text="Best-interests decisions to review",
        permission=P.CAPACITY_RECORD,
        url="referrals:best_interests",
        query=f"?show={TO_REVIEW}",
        rows=lambda asked: capacity.to_review(asked.request.prison, asked.today),
        late=Late(
            lambda asked: capacity.to_review(asked.request.prison, asked.today).filter(review_on__lt=asked.today),
            "overdue",
        ),
    ),
    Tile(
        text="Informal help that nobody has looked at",
        permission=P.INFORMAL_HELP_TURN,
        url="referrals:informal_helps",
        query=f"?show={TO_LOOK}",
        rows=lambda asked: informal_help.not_looked_at(asked.request.prison),
        late=Late(lambda asked: informal_help.late(asked.request.prison, asked.now), "for more than 7 days"),
    ),
)
