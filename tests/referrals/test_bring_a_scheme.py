"""A scheme that lived in a spreadsheet comes over: every list, in the order of the guide, in one go."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from referrals.models import Plan, Visit
from schemes.models import Absence, Alert, Buddy, Custody, ImportFile, KeepApart, RegimeTime, WeeklyActivity
from tests.builders import buddies, directory
from tests.builders.referrals import scheme_open
from tests.schemes.test_import_people import as_csv, brought, press, url, words

pytestmark = pytest.mark.django_db

HELPED, HELPER, GONE = "Z0001ZK", "Z0002ZK", "Z0003ZK"
# What the guide names, in its order: the list, its headings, its rows.
LISTS = {
    "PEOPLE": (
        ("Prison number", "First name", "Last name", "Wing", "Cell"),
        [
            [HELPED, "Ann", "Held", "A", "1-01"],
            [HELPER, "Bo", "Helper", "A", "1-02"],
            [GONE, "Cy", "Gone", "A", "1-03"],
        ],
    ),
    "REGIME": (("Weekday", "Session", "Unlock", "Lock-up"), [["Monday", "Morning", "08:15", "11:15"]]),
    "ALERTS": (("Prison number", "Alert", "Active from"), [[HELPER, "VIP", "1/3/2026"]]),
    "KEEP_APART": (("Prison number", "Kept apart from", "Reason"), [[HELPED, GONE, "Threat"]]),
    "WEEKLY": (
        ("Prison number", "Work or education", "Days", "Session", "First day"),
        [[HELPER, "Work", "Mon to Fri", "Afternoon", "1/10/2026"]],
    ),
    "ABSENCES": (
        ("Prison number", "Where", "First day", "Session"),
        [[HELPED, "Healthcare", "25/11/2026", "Morning"]],
    ),
    "buddies": (
        ("Prison number", "Name", "In role since", "Compact signed", "Modules passed", "Modules passed on"),
        [[HELPER, "", "1/9/2025", "no", "none", ""]],
    ),
    "RECIPIENTS": (
        (
            "Prison number", "Needs", "Why", "Own words", "Agrees", "Share", "Goals", "Review date", "Task 1",
            "Task 1: days", "Task 1: session",
        ),
        [
            [
                HELPED, "Meals", "Cannot carry a tray.", "I want to eat hot food.", "Yes", "No", "Meals eaten hot.",
                "27/3/2027", "DOM-03", "every day", "Morning",
            ]
        ],
    ),
    "PAST_VISITS": (
        ("Date", "Session", "Recipient", "Buddy", "Outcome", "Minutes", "Tasks"),
        [[f"{day}/10/2025", "Morning", HELPED, HELPER, "Done", "20", "DOM-03"] for day in range(1, 31)],
    ),
    "LEFT": (("Prison number", "Left on", "Why", "Moved to"), [[GONE, "23/11/2026", "Moved to another prison", "ZTB"]]),
}  # fmt: skip


def test_every_list_of_the_guide_is_brought_in_its_order(
    signed_in, here, elsewhere, lead, delegate, wing, now, at_prison
):
    directory.alert_kind()
    with at_prison(here):
        scheme_open(here, lead, now, wing)
        buddies.scheme_ready(here, lead, now)
    with time_machine.travel(now, tick=False) as clock:
        browser = signed_in(lead)
        guide = browser.get(url(here, "import_guides"))
        steps = [
            step["href"].rstrip("/").rpartition("/")[2].upper().replace("-", "_") for step in guide.context["steps"]
        ]
        assert [code for code in LISTS if code != "buddies"] == [code for code in steps if code in LISTS]
        assert len(steps) == len(LISTS), "every list that can be brought is brought here"
        for code, (head, rows) in LISTS.items():
            clock.shift(timedelta(minutes=5))
            content = as_csv(rows, head=head)
            if code == "buddies":
                taken_over(browser, signed_in(delegate), here, content)
                browser = signed_in(lead)
                continue
            page = press(browser, brought(browser, here, content, kind=code))
            assert f"{len(rows)} row{'s are' if len(rows) > 1 else ' is'} saved." in words(page), (code, words(page))
            # The same list once more changes nothing.
            brought(browser, here, content, kind=code)
            again = ImportFile.objects.latest("id")
            assert (again.already, again.good, again.bad) == (len(rows), 0, 0), code
        told = words(browser.get(url(here, "import_guides")))
    assert "30 rows saved, last on 23 November 2026" in told and "First check that" in told

    buddy, plan = Buddy.objects.get(), Plan.objects.get()
    assert (buddy.person.prison_number, f"{buddy.in_role_since}") == (HELPER, "2025-09-01")
    assert (plan.person.prison_number, plan.status) == (HELPED, "ACTIVE")
    assert Visit.objects.filter(source="IMPORT", buddy=buddy, person=plan.person).count() == 30
    assert f"{RegimeTime.objects.get(weekday=0, session='AM').unlock_at:%H:%M}" == "08:15"
    assert (Alert.objects.get().kind_id, KeepApart.objects.count(), Absence.objects.get().kind) == (
        "VIP",
        2,
        "HEALTHCARE",
    )
    assert WeeklyActivity.objects.get().weekdays == [0, 1, 2, 3, 4]
    left = Custody.objects.get(ended_at__isnull=False)
    assert (left.person.prison_number, left.end_reason, left.moved_to) == (GONE, "TRANSFER", elsewhere)


def taken_over(browser, approver, here, content) -> None:
    """The list of buddies: asked for by the lead, decided by the governor's delegate."""
    answers = {
        "file": SimpleUploadedFile("buddies.csv", content),
        "good_by": "2027-02-20",
        "reason": "Help since years",
    }
    page = browser.post(reverse("training:take_over_file", args=[here.code]), answers, follow=True)
    page = browser.post(page.request["PATH_INFO"], {"shown": page.context["form"]["shown"].value()}, follow=True)
    assert "approved" in approver.post(page.redirect_chain[-1][0], {}, follow=True).content.decode()
