"""Buddies: recruiting buddies and looking after them."""

from __future__ import annotations

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.home.counts import Rows
from buddyscheme.home.tile import Asked, Late, Tile
from buddyscheme.lib.fields import day_in_words
from referrals.forms.news import WAITING as NEWS_WAITING
from referrals.forms.standing_down import APPEALS as STAND_DOWN_APPEALS
from referrals.forms.standing_down import REVIEW
from referrals.forms.welfare import TO_DO
from referrals.queries import (
    concerns,
    news,
    welfare,
)
from schemes.forms.buddies import APPLICATIONS, RENEW
from schemes.forms.posts import NOT_FILLED
from schemes.forms.refusals import APPEALS, TO_TELL
from schemes.queries import (
    buddies,
    clearance,
    compacts,
    interviews,
    posts,
    refusals,
    stand_downs,
)
from training.forms.overrides import RUNNING, WAITING
from training.forms.restricted import RENEW as RENEW_RESTRICTED
from training.forms.restricted import WAITING as RESTRICTED_WAITING
from training.queries import overrides, restricted
from training.queries.take_overs import TakeOverList, take_overs_in


def _own_clearances(asked: Asked) -> Rows:
    own = clearance.departments_in(asked.request.memberships, asked.request.prison)
    return clearance.waiting_for(asked.request.prison, own)


def _sign_by(asked: Asked) -> str:
    newest = compacts.text_to_sign()
    return f"By {day_in_words(compacts.Asked(text=newest).until)}" if newest is not None else ""


TILES: tuple[Tile, ...] = (
    Tile(
        text="Buddies to tell something in person",
        permission=P.NEWS_TELL,
        url="referrals:news",
        query=f"?show={NEWS_WAITING}",
        rows=lambda asked: news.to_tell(asked.request.prison),
        urgent=True,
    ),
    Tile(
        text="Welfare checks of buddies to do",
        permission=P.WELFARE_VIEW,
        url="referrals:welfare_checks",
        query=f"?state={TO_DO}",
        rows=lambda asked: welfare.to_do(asked.request.prison),
        late=Late(lambda asked: welfare.late(asked.request.prison, asked.now), "past 72 hours"),
        urgent=True,
    ),
    Tile(
        text="Notes to the lead to answer",
        permission=P.NOTE_ANSWER,
        url="referrals:notes",
        query="?state=open",
        rows=lambda asked: concerns.notes_to_answer(asked.request.prison, asked.request.user),
    ),
    Tile(
        text="Suspensions to review",
        permission=P.BUDDIES_SUSPEND,
        url="referrals:stand_downs",
        query=f"?state={REVIEW}",
        rows=lambda asked: stand_downs.review_due(asked.request.prison, asked.today),
    ),
    Tile(
        text="Appeals of buddies to decide",
        permission=P.STAND_DOWN_APPEAL_DECIDE,
        url="referrals:stand_downs",
        query=f"?state={STAND_DOWN_APPEALS}",
        rows=lambda asked: stand_downs.appeals_waiting(asked.request.prison),
    ),
    Tile(
        text="Applications to act on",
        permission=P.BUDDIES_RECRUIT,
        url="schemes:buddies",
        query=f"?status={APPLICATIONS}",
        rows=lambda asked: buddies.applications_open(asked.request.prison),
    ),
    Tile(
        text="Posts not filled",
        permission=P.BUDDIES_APPOINT,
        url="schemes:posts",
        query=f"?status={NOT_FILLED}",
        rows=lambda asked: posts.not_filled(asked.request.prison),
    ),
    Tile(
        text="People approved and waiting for a place",
        permission=P.BUDDIES_APPOINT,
        url="schemes:pool",
        rows=lambda asked: buddies.approved_pool(asked.request.prison),
    ),
    Tile(
        text="Refusals to tell the person about",
        permission=P.BUDDIES_RECRUIT,
        url="schemes:refusals",
        query=f"?show={TO_TELL}",
        rows=lambda asked: refusals.to_tell(asked.request.prison),
    ),
    Tile(
        text="Appeals against a refusal to decide",
        permission=P.APPEAL_DECIDE,
        url="schemes:refusals",
        query=f"?show={APPEALS}",
        rows=lambda asked: refusals.appeals_for(asked.request.prison, asked.request.user),
    ),
    Tile(
        text="Clearances to sign",
        permission=P.CLEARANCE_SIGN,
        url="schemes:clearances",
        rows=_own_clearances,
    ),
    Tile(
        text="Clearances to renew",
        permission=P.BUDDIES_RECRUIT,
        url="schemes:buddies",
        query=f"?status={RENEW}",
        rows=lambda asked: buddies.clearance_to_renew(asked.request.prison, asked.today, stands=asked.standing),
        anew=True,
    ),
    Tile(
        text="Interviews to score",
        permission=P.INTERVIEW_SCORE,
        url="schemes:interviews",
        rows=lambda asked: interviews.to_score(asked.request.prison, asked.request.user),
    ),
    Tile(
        text="Compacts to sign again",
        permission=P.BUDDIES_RECRUIT,
        url="schemes:compacts",
        rows=lambda asked: compacts.to_sign_again(asked.request.prison),
        note=_sign_by,
    ),
    Tile(
        text="Taken-over buddies past their date",
        permission=P.BUDDIES_APPOINT,
        url="training:board",
        query=f"?state={TakeOverList.PAST}",
        rows=lambda asked: take_overs_in(asked.request.prison, asked.today, TakeOverList.PAST),
        urgent=True,
    ),
    Tile(
        text="Taken-over buddies to make good in 28 days",
        permission=P.BUDDIES_APPOINT,
        url="training:board",
        query=f"?state={TakeOverList.SOON}",
        rows=lambda asked: take_overs_in(asked.request.prison, asked.today, TakeOverList.SOON),
    ),
    Tile(
        text="Take-overs to decide about",
        permission=P.TAKE_OVER_APPROVE,
        url="schemes:take_overs",
        query="?decision=WAITING",
        rows=lambda asked: buddies.take_overs_waiting(asked.request.prison),
    ),
    Tile(
        text="Overrides to decide about",
        permission=P.OVERRIDE_APPROVE,
        url="training:overrides",
        query=f"?state={WAITING}",
        rows=lambda asked: overrides.waiting(asked.request.prison),
    ),
    Tile(
        text="Overrides running",
        permission=P.OVERRIDE_APPROVE,
        url="training:overrides",
        query=f"?state={RUNNING}",
        rows=lambda asked: overrides.running(asked.request.prison, asked.today),
    ),
    Tile(
        text="Overrides that run",
        permission=P.OVERRIDE_ASK,
        url="training:overrides",
        query=f"?state={RUNNING}",
        rows=lambda asked: overrides.running(asked.request.prison, asked.today),
    ),
    Tile(
        text="Restricted tasks to decide about",
        permission=P.RESTRICTED_APPROVE,
        url="training:restricted",
        query=f"?state={RESTRICTED_WAITING}",
        rows=lambda asked: restricted.waiting(asked.request.prison),
    ),
    Tile(
        text="Restricted tasks that end within four weeks",
        permission=P.RESTRICTED_ASK,
        url="training:restricted",
        query=f"?state={RENEW_RESTRICTED}",
        rows=lambda asked: restricted.to_renew(asked.request.prison, asked.today),
    ),
)
