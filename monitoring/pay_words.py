"""Pay in words: one place, so that list, page and paper say the same; and the notice of rates in two languages."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.money import pounds
from buddyscheme.lib.tables import Tag
from monitoring.models import PayLine, PayRate
from schemes.printed_words import ENGLISH, WELSH

NOTHING_PAID = "Nothing is paid here. The prison’s pay system pays; this compares what it recorded with the visits."

COLOURS: dict[str, str] = {
    PayLine.State.WAITING: "grey",
    PayLine.State.AGREES: "green",
    PayLine.State.UNDER: "orange",
    PayLine.State.OVER: "purple",
    PayLine.State.NOTHING: "red",
    PayLine.State.NO_RATE: "yellow",
}
SESSIONS = {"AM": "morning", "PM": "afternoon", "EV": "evening"}


def span(first: date, last: date) -> str:
    """From one day to another; a month or a year that both share is said once."""
    begins = day_in_words(first)
    if first.year == last.year:
        begins = str(first.day) if first.month == last.month else begins.removesuffix(f" {first.year}")
    return f"{begins} to {day_in_words(last)}"


def state_tag(line: PayLine) -> Tag:
    """How the two amounts stand."""
    return Tag(text=line.get_state_display(), colour=COLOURS[line.state])


def amount(pence: int | None, otherwise: str = "–") -> str:
    """Pounds, or words for none."""
    return otherwise if pence is None else pounds(pence)


def difference(line: PayLine) -> str:
    """Recorded less expected: `−£1.60`; a dash where one of them is missing and nothing can be said."""
    pence = difference_pence(line)
    return "–" if pence is None else f"+{pounds(pence)}" if pence > 0 else pounds(pence)


def difference_pence(line: PayLine) -> int | None:
    """Recorded less expected; what is not in the pay record counts as nought."""
    if line.state == PayLine.State.WAITING or line.expected_pence is None:
        return None
    return (line.recorded_pence or 0) - line.expected_pence


def difference_sessions(line: PayLine) -> str:
    """The same in sessions, where it comes to whole ones at the one rate of the period."""
    pence = difference_pence(line)
    if not pence or not line.session_pence or pence % line.session_pence:
        return ""
    count = pence // line.session_pence
    return f"{'+' if count > 0 else '−'}{abs(count)} {'session' if abs(count) == 1 else 'sessions'}"


def sessions(count: int) -> str:
    """`1 session`, `12 sessions`."""
    return "1 session" if count == 1 else f"{count} sessions"


def worked(line: PayLine) -> str:
    """What stands under the number of sessions: classes and suspended days."""
    parts = []
    if line.class_sessions:
        parts.append("1 was a class" if line.class_sessions == 1 else f"{line.class_sessions} were classes")
    if line.suspended_days:
        parts.append(suspended(line.suspended_days, line.unpaid_days))
    return ", ".join(parts).capitalize()


def suspended(days: int, unpaid: int) -> str:
    """`suspended on 3 days`; `suspended on 3 days, without pay on 2`. Of some suspensions nobody said which."""
    pay = "" if not unpaid else ", without pay" if unpaid == days else f", without pay on {unpaid}"
    return f"suspended on {days} {'day' if days == 1 else 'days'}{pay}"


def rate(row: PayRate) -> str:
    """Both amounts of a rate."""
    parts = []
    if row.session_pence is not None:
        parts.append(f"{pounds(row.session_pence)} a session")
    if row.week_pence is not None:
        parts.append(f"{pounds(row.week_pence)} a week")
    return " and ".join(parts)


# What prisoners read. The Welsh waits for a translator.
NOTICE: dict[str, dict[str, str]] = {
    ENGLISH: {
        "title": "What buddies are paid here",
        "lead": "These are the rates of this prison. They are set here, and reviewed every year.",
        "band": "Band",
        "name": "Name",
        "session": "For a session",
        "week": "For a week",
        "since": "From",
        "session_means": "A session is a morning, an afternoon or an evening in which you made at least one visit.",
        "classes": "A class counts as a session.",
        "no_classes": "A class does not count as a session.",
        "coming": "Rates that begin later",
        "ask": "If you think that your pay is wrong, tell the social care lead or use the complaints system.",
        "reviewed": "Last reviewed on",
        "due": "Next review by",
        "none": "No rates have been set yet.",
    },
    WELSH: {
        "title": "Cyflog cyfeillion yma",
        "lead": "Dyma gyfraddau’r carchar hwn. Maent yn cael eu pennu yma, ac yn cael eu hadolygu bob blwyddyn.",
        "band": "Band",
        "name": "Enw",
        "session": "Am sesiwn",
        "week": "Am wythnos",
        "since": "O",
        "session_means": "Sesiwn yw bore, prynhawn neu noson pan wnaethoch o leiaf un ymweliad.",
        "classes": "Mae dosbarth yn cyfrif fel sesiwn.",
        "no_classes": "Nid yw dosbarth yn cyfrif fel sesiwn.",
        "coming": "Cyfraddau sy’n dechrau’n ddiweddarach",
        "ask": "Os credwch fod eich cyflog yn anghywir, dywedwch wrth yr arweinydd gofal cymdeithasol neu "
        "defnyddiwch y system gwynion.",
        "reviewed": "Adolygwyd ddiwethaf ar",
        "due": "Adolygiad nesaf erbyn",
        "none": "Nid oes cyfraddau wedi’u pennu eto.",
    },
}


def facts(line: PayLine) -> list[dict[str, Any]]:
    """Rows for the page of one line."""
    tag = state_tag(line)
    return [
        {"key": "Period", "value": span(line.period.first_day, line.period.last_day)},
        {"key": "Sessions", "value": f"{line.sessions}\n{worked(line)}".strip()},
        {"key": "Band", "value": str(line.band) if line.band else "Not known"},
        {"key": "Expected", "value": amount(line.expected_pence, "Cannot be worked out yet")},
        {"key": "Recorded by the pay system", "value": amount(line.recorded_pence, "Nothing recorded")},
        {"key": "Difference", "value": f"{difference(line)}\n{difference_sessions(line)}".strip()},
        {"key": "State", "value": tag.text, "tag": tag.colour},
    ]
