"""A quarter is closed by its lead, from the home page and by links alone, and every page is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.outbox import relay
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import DataQuery, MonthClose, QuarterSign
from monitoring.standards import ITEMS
from tests.browser.conftest import Reader
from tests.browser.hands import choose, follow, send, write
from tests.browser.working_life import Place, a_place
from tests.builders.visits import day_opened, helped, planned_on, visit_of

pytestmark = pytest.mark.browser

OPENED = datetime(2026, 6, 29, 9, 0, tzinfo=UTC)
EVERY_MORNING = (("DOM-03", [0, 1, 2, 3, 4, 5, 6], "AM", 60),)
QUARTER = Quarter(2026, 3)
JULY, AUGUST, SEPTEMBER = QUARTER.months


@pytest.fixture
def place(transactional_db: None, visitor: Callable[..., Reader]) -> Iterator[Place]:
    """A scheme that has helped one person since the end of June. Nobody was unlocked in July."""
    found = a_place(visitor, since=OPENED)
    with found.reach():
        plan, _, _ = helped(found.prison, found.staff["LEAD"], OPENED, wing=found.wing, tasks=EVERY_MORNING)
        found.people.add(plan.person.last_name)
        for day in (date(2026, 7, 6), date(2026, 8, 3), date(2026, 8, 4), date(2026, 9, 7)):
            day_opened(found.prison, day)
            said = {"outcome": "NOT_DONE", "reason": "NOT_UNLOCKED"} if day.month == 7 else {}
            evening = datetime(day.year, day.month, day.day, 17, 0, tzinfo=UTC)
            visit_of(planned_on(plan, day), found.staff["LEAD"], evening, **said)
    the_workers_have_run()
    yield found
    found.closes()


def the_workers_have_run() -> None:
    """Everything that waits in the outbox is handled, as it is within seconds where workers run."""
    with scoped(DatabaseRole.NATIONAL):
        relay.drain()


def by_breadcrumb(window: Reader, words: str) -> None:
    """One page up."""
    with window.page.expect_navigation():
        window.page.locator(".govuk-breadcrumbs").get_by_role("link", name=words, exact=True).click()


def to_the_quarter_from_home(place: Place) -> Reader:
    """Home, figures of the running month, its quarter, all quarters, the one that is over."""
    lead = place.at("LEAD")
    with lead.page.expect_navigation():
        lead.page.get_by_role("navigation").get_by_role("link", name="Figures", exact=True).click()
    follow(lead, "what belongs to its closing")
    by_breadcrumb(lead, "Quarters")
    place.looks_at(lead, "July to September 2026", "To sign")
    follow(lead, str(QUARTER))
    return lead


def cannot_be_signed(lead: Reader, why: str) -> None:
    lead.sees(why)
    assert lead.page.get_by_role("button", name="Sign this quarter").count() == 0


def a_month_is_closed(place: Place, lead: Reader, month: Month) -> None:
    follow(lead, f"Close {month}")
    place.looks_at(lead, f"Figures for {month}", "Not closed yet.")
    follow(lead, "Close this month")
    place.looks_at(lead, "Closing says that everything for this month is in.", "Support hours")
    send(lead, "Close the month")
    place.looks_at(lead, f"{month} is closed.", "Closed by Lena Lead")
    follow(lead, f"{QUARTER}: what belongs to its closing")
    assert MonthClose.objects.filter(prison=place.prison, month=month.first).exists()


def the_costs_are_returned(place: Place, lead: Reader) -> None:
    """With hours of the lead and those of others that the records suggest, and without what one of them costs."""
    follow(lead, "Costs")
    place.looks_at(lead, "These costs have not been returned.")
    follow(lead, "Return")
    place.looks_at(lead)
    write(lead, "Hours of the lead and others with protected time", "-3")
    send(lead, "Return these costs")
    place.looks_at(lead, "There is a problem", "Hours cannot be below nought")
    write(lead, "Hours of the lead and others with protected time", "36")
    write(lead, "Training: outside trainers and materials", "120")
    send(lead, "Return these costs")
    place.looks_at(lead, f"The costs of {QUARTER} are returned.", "£120.00")


def the_missing_rates_are_returned(place: Place, lead: Reader) -> None:
    follow(lead, "Costs")
    follow(lead, "Change")
    write(lead, "Cost of one of these hours", "24.50")
    write(lead, "Cost of one hour of other staff", "20")
    if lead.page.get_by_label("Why do these costs change?").count():
        write(lead, "Why do these costs change?", "The cost of an hour came from finance.")
    place.looks_at(lead)
    send(lead, "Return these costs")
    place.looks_at(lead, f"The costs of {QUARTER} are returned.", "£882.00")


def the_self_assessment_is_finished(place: Place, lead: Reader) -> None:
    follow(lead, "Self-assessment")
    place.looks_at(lead, "has not been started")
    follow(lead, "Start")
    place.looks_at(lead)
    send(lead, "Start")
    place.looks_at(lead, f"0 of {len(ITEMS)} items answered.")
    for item in ITEMS:
        follow(lead, f"Answer {item.code}")
        choose(lead, "Your answer", "Partly")
        write(lead, "Why?", "We began in June and have one person and one buddy.")
        if item == ITEMS[0]:
            place.looks_at(lead)
        send(lead, "Save this answer")
    place.looks_at(lead, f"{len(ITEMS)} of {len(ITEMS)} items answered.")
    follow(lead, "Finish")
    place.looks_at(lead)
    send(lead, "Finish this self-assessment")
    place.looks_at(lead, f"The self-assessment of {QUARTER} is finished.")


def a_query_is_answered(place: Place, lead: Reader, title: str, answer: str, *, blocks: bool) -> None:
    """From the quarter's page, and back to it from the list."""
    follow(lead, "Data queries")
    place.looks_at(lead, title)
    follow(lead, title)
    place.looks_at(lead, *(["The quarter cannot be signed before somebody has answered."] if blocks else []))
    follow(lead, "Answer")
    place.looks_at(lead)
    send(lead, "Save the answer")
    place.looks_at(lead, "There is a problem", "Enter your answer")
    write(lead, "Your answer", answer)
    send(lead, "Save the answer")
    place.looks_at(lead, "The answer is saved.", answer, "by Lena Lead")


def test_a_lead_closes_a_quarter_from_the_home_page_to_the_signature(place: Place) -> None:
    # Given a quarter that is over and of which nothing is closed
    lead = to_the_quarter_from_home(place)
    place.looks_at(lead, "To sign")
    cannot_be_signed(lead, "Close July 2026 first.")

    # When its months are closed one after the other, and the costs are returned without what an hour costs
    for month in (JULY, AUGUST, SEPTEMBER):
        a_month_is_closed(place, lead, month)
    cannot_be_signed(lead, f"Return the costs of {QUARTER} first.")
    the_costs_are_returned(place, lead)

    # Then what July says contradicts itself, and the quarter's page says so
    lead = to_the_quarter_from_home(place)
    cannot_be_signed(
        lead, "Two figures contradict each other. Answer this first: 1 person was helped, and no hour of support"
    )
    a_query_is_answered(
        place, lead, "People helped without hours", "Nobody was unlocked on the day in July.", blocks=True
    )

    # When the signature is open on screen, and another contradiction is noticed meanwhile, then it is refused
    lead = to_the_quarter_from_home(place)
    follow(lead, "Sign this quarter")
    place.looks_at(lead, "Signing says that everything of this quarter is in")
    write(lead, "Note", "July was a month of lock-downs.")
    the_workers_have_run()
    send(lead, "Sign this quarter")
    place.looks_at(
        lead, "There is a problem", "Answer this first: 36 hours of the lead are returned without what an hour costs."
    )
    assert lead.page.get_by_label("Note").input_value() == "July was a month of lock-downs."
    assert not QuarterSign.objects.filter(prison=place.prison).exists()

    # When the costs of an hour are returned, then what was noticed closes by itself; the rest is answered too
    lead = to_the_quarter_from_home(place)
    cannot_be_signed(lead, "36 hours of the lead are returned without what an hour costs.")
    the_missing_rates_are_returned(place, lead)
    the_workers_have_run()
    noticed = DataQuery.objects.filter(prison=place.prison, rule="NO_RATE").order_by("measure")
    assert list(noticed.values_list("measure", "how")) == [("CO-02", "NO_LONGER"), ("CO-03", "NO_LONGER")]
    lead = to_the_quarter_from_home(place)
    a_query_is_answered(
        place, lead, "Population missing", "The figure has been asked for at head office.", blocks=False
    )
    lead = to_the_quarter_from_home(place)
    the_self_assessment_is_finished(place, lead)

    # Then the quarter is signed, and its page says by whom
    lead = to_the_quarter_from_home(place)
    place.looks_at(lead, "Finished", "Returned")
    follow(lead, "Sign this quarter")
    write(lead, "Note", "July was a month of lock-downs.")
    send(lead, "Sign this quarter")
    place.looks_at(lead, f"{QUARTER} is signed.", "by Lena Lead", "July was a month of lock-downs.")
    by_breadcrumb(lead, "Quarters")
    lead.sees("Signed")
    sign = QuarterSign.objects.get(prison=place.prison)
    assert (sign.kind, sign.period, sign.said_by) == ("SIGNED", "2026-Q3", place.staff["LEAD"])
