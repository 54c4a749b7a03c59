"""Taking over many buddies from a list: every line is shown first, bad ones mended or left out, then one save."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import PRISON_NUMBER_SHAPE
from schemes.actions.take_overs import ask_take_over
from schemes.models import Buddy, Clearance, CompactSignature, TakeOver, TakeOverBatch
from schemes.queries.buddies import standing_of
from tests import cast
from tests.builders import buddies as build
from tests.builders import training
from tests.builders.schemes import person_in
from training.actions.take_over_file import mend_line, save_file
from training.models import ModuleResult, PriorLearning, TakeOverFile, TakeOverLine
from training.queries.take_over_file import lines_of
from training.rules.take_over_file import KEPT
from training.take_over_file import day_of, seen
from training.tasks import sweep_take_over_lists

pytestmark = pytest.mark.django_db

HEAD = "Prison number,Name,In role since,Compact signed,Modules passed,Modules passed on"


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture(autouse=True)
def _scheme(here, lead, now, at_prison):
    with at_prison(here):
        build.scheme_ready(here, lead, now)


@pytest.fixture
def people(here, lead, now, wing, at_prison):
    with at_prison(here):
        return [person_in(here, lead, now, wing=wing, last_name=f"Helper{n}") for n in range(3)]


def url(here, name="take_over_file", *args):
    return reverse(f"training:{name}", args=[here.code, *args])


def sent(client, here, *lines, head=HEAD, **answers):
    content = "\r\n".join([head, *lines]).encode()
    values = {
        "file": SimpleUploadedFile("list.csv", content), "good_by": "2027-02-20", "reason": "Have helped for years",
        **answers,
    }  # fmt: skip
    return client.post(url(here), values, follow=True)


def press(client, page, **answers):
    """The button of the list, as it was shown."""
    path = page.request["PATH_INFO"]
    return client.post(path, {"shown": page.context["form"]["shown"].value(), **answers}, follow=True)


def good(people):
    return [f"{person.prison_number},,19/10/2025,no,none," for person in people]


def test_nothing_is_saved_before_the_button_and_then_everybody_at_once(signed_in, here, lead, people):
    client = signed_in(lead)
    page = sent(client, here, *good(people))
    assert page.context["good"] == 3 and not Buddy.objects.exists()
    page = press(client, page)
    batch = TakeOverBatch.objects.get()
    assert page.redirect_chain[-1][0].endswith(f"/take-overs/together/{batch.token}/")
    assert batch.good_by == date(2027, 2, 20) and batch.take_overs.count() == 3
    assert {take_over.good_by for take_over in batch.take_overs.all()} == {batch.good_by}
    assert Buddy.objects.filter(status="CHECKS", source="TAKE_OVER").count() == 3
    assert Clearance.objects.filter(decision="WAITING").count() == 3 * len(Buddy.objects.first().scheme.departments)
    assert not TakeOverFile.objects.exists() and not TakeOverLine.objects.exists()


def test_the_same_list_again_doubles_nobody(signed_in, here, lead, people):
    client = signed_in(lead)
    press(client, sent(client, here, *good(people)))
    again = sent(client, here, *good(people))
    assert again.context["already"] == 3 and again.context["good"] == 0
    assert "has been taken over already" in again.content.decode()
    # Somebody new on the same list is the only one who is asked for.
    more = sent(client, here, *good(people[:1]), f"{people[0].prison_number},,19/10/2025,no,none,")
    assert more.context["good"] == 0
    assert TakeOver.objects.count() == 3 and TakeOverBatch.objects.count() == 1


def test_one_more_on_the_same_list_is_the_only_one_asked_for(signed_in, here, lead, people):
    client = signed_in(lead)
    press(client, sent(client, here, *good(people[:2])))
    press(client, sent(client, here, *good(people)))
    assert sorted(TakeOverBatch.objects.order_by("id").values_list("take_overs__buddy__person", flat=True)) == sorted(
        person.pk for person in people
    )


def test_every_bad_line_says_what_to_mend(signed_in, here, elsewhere, outsider, lead, now, wing, people, at_prison):
    with at_prison(here):
        active = build.active_buddy(here, lead, now, wing=wing)
    with at_prison(elsewhere):
        away = person_in(elsewhere, outsider, now)
    one, two, three = (person.prison_number for person in people)
    lines = [
        f"{one},,19/10/2025,no,none,",
        f"{one},,19/10/2025,no,none,",
        "Z9999ZZ,,19/10/2025,no,none,",
        "nonsense,,19/10/2025,no,none,",
        f"{away.prison_number},,19/10/2025,no,none,",
        f"{active.person.prison_number},,19/10/2025,no,none,",
        f"{two},,31/2/2025,perhaps,T01 T99,",
        f"{three},,1/1/2030,no,none,1/1/2025",
    ]
    page = sent(signed_in(lead), here, *lines)
    found = [cells[2][1].text for _, cells in page.context["table"].lines]
    assert found[0] == "–"
    assert found[1] == "This person is in line 2 already. Leave one of the two out."
    assert (
        found[2] == found[4] == ("Nobody with this prison number is held here now. Check it, or add the person first.")
    )
    assert found[3] == f"“nonsense” is not a prison number. {PRISON_NUMBER_SHAPE}."
    assert active.reference in found[5]
    assert "“31/2/2025” in “In role since” is not a date. Write it like 27/3/2025." in found[6]
    assert "“perhaps” in “Compact signed” is not known." in found[6]
    assert "No module has the code T99." in found[6]
    assert "“Modules passed on” is empty." in found[6]
    assert "must be today or in the past" in found[7]
    assert "no module is named" in found[7]


def test_bad_lines_are_left_out_only_if_the_person_says_so(signed_in, here, lead, people):
    client = signed_in(lead)
    page = sent(client, here, *good(people[:2]), "Z9999ZZ,,19/10/2025,no,none,")
    refused = press(client, page)
    assert "tick the box to leave out" in refused.content.decode()
    assert not TakeOver.objects.exists() and TakeOverFile.objects.exists()
    press(client, page, leave_out="on")
    assert TakeOver.objects.count() == 2


def test_a_line_is_mended_where_it_stands(signed_in, here, lead, people):
    client = signed_in(lead)
    page = sent(client, here, f"{people[0].prison_number},,31/2/2025,no,none,", *good(people[1:]))
    token = TakeOverFile.objects.get().token
    mend = client.get(url(here, "take_over_line", token, 2))
    fields = {key: mend.context["form"][key].value() for key in mend.context["form"].headings}
    since = next(key for key, name in mend.context["form"].headings.items() if name == "In role since")
    assert fields[since] == "31/2/2025", "what was typed is kept"
    answer = client.post(url(here, "take_over_line", token, 2), {**fields, since: "28/2/2025"}, follow=True)
    assert "Line 2 is saved: good." in answer.content.decode()
    press(client, answer)
    assert set(Buddy.objects.values_list("in_role_since", flat=True)) >= {date(2025, 2, 28)}
    assert page.context["bad"] == 1 and TakeOver.objects.count() == 3


def test_a_line_is_left_out_on_its_own(signed_in, here, lead, people):
    client = signed_in(lead)
    sent(client, here, *good(people))
    file = TakeOverFile.objects.get()
    mend = client.get(url(here, "take_over_line", file.token, 3))
    fields = {key: mend.context["form"][key].value() for key in mend.context["form"].headings}
    answer = client.post(url(here, "take_over_line", file.token, 3), {**fields, "left_out": "on"}, follow=True)
    press(client, answer)
    assert TakeOver.objects.count() == 2


def test_compact_and_modules_are_recorded_with_who_decided(signed_in, here, lead, people):
    client = signed_in(lead)
    one, two, three = (person.prison_number for person in people)
    lines = [
        f"{one},,19/10/2025,1 November 2026,all,2026-06-01",
        f"{two},,19/10/2025,no,t01; T02,1.6.2026",
        f"{three},,19/10/2025,no,none,",
    ]
    press(client, sent(client, here, *lines))
    by_number = {t.buddy.person.prison_number: t for t in TakeOver.objects.select_related("buddy__person")}
    assert (by_number[one].lacks_compact, by_number[one].lacks_modules) == (False, False)
    assert (by_number[two].lacks_compact, by_number[two].lacks_modules) == (True, True)
    signature = CompactSignature.objects.get()
    assert signature.buddy == by_number[one].buddy and signature.signed_on == date(2026, 11, 1)
    assert standing_of(by_number[one].buddy, date(2026, 11, 23)).compact == "IN_DATE"
    assert PriorLearning.objects.filter(decided_by=lead, decision="ACCEPTED", passed_on=date(2026, 6, 1)).count() == 5
    result = ModuleResult.objects.filter(buddy=by_number[two].buddy, module="T01").get()
    assert result.outcome == "PASSED" and result.expires_on == date(2027, 6, 1)


def test_a_practical_part_is_to_be_shown_again(signed_in, here, lead, people, practical):
    practical.mandatory = True
    with build.as_owner():
        practical.save(update_fields=["mandatory"])
    client = signed_in(lead)
    page = sent(client, here, f"{people[0].prison_number},,19/10/2025,no,all,1/6/2026")
    assert "The practical part of T09 is to be shown again." in page.content.decode()
    press(client, page)
    assert TakeOver.objects.get().lacks_modules
    assert ModuleResult.objects.get(module="T09").outcome == "NOT_YET"


def test_a_lapsed_module_is_not_taken_over(signed_in, here, lead, people):
    page = sent(signed_in(lead), here, f"{people[0].prison_number},,19/10/2023,no,T01,1/6/2025")
    assert "T01 passed on 1 June 2025 lapsed on 1 June 2026." in page.content.decode()


def test_paper_of_a_department_without_an_account_is_entered(signed_in, here, lead, security, people):
    client = signed_in(lead)
    head = f"{HEAD},Healthcare: paper dated,Healthcare: cleared until,Healthcare: written by"
    number = people[0].prison_number
    press(client, sent(client, here, f"{number},,19/10/2025,no,none,,1/10/2026,1/10/2027,Dr A. Moss", head=head))
    clearance = Clearance.objects.get(department="HEALTHCARE")
    assert (clearance.decision, clearance.source, clearance.paper_by) == ("CLEARED", "PAPER", "Dr A. Moss")
    assert Clearance.objects.get(department="SECURITY").decision == "WAITING"
    # A department with an account signs itself: no list can do it for them.
    head = f"{HEAD},Security: paper dated,Security: cleared until,Security: written by"
    page = sent(client, here, f"{people[1].prison_number},,19/10/2025,no,none,,1/10/2026,1/10/2027,S. Wall", head=head)
    assert "Sid Security signs for Security here." in page.content.decode()
    assert page.context["good"] == 0


def test_paper_with_a_date_that_has_passed_names_the_department(signed_in, here, lead, people):
    head = f"{HEAD},Healthcare: paper dated,Healthcare: cleared until,Healthcare: written by"
    line = f"{people[0].prison_number},,19/10/2025,no,none,,1/10/2024,1/10/2025,Dr A. Moss"
    page = sent(signed_in(lead), here, line, head=head)
    assert "Healthcare: This clearance has already run out." in page.content.decode()


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ("Prison number,In role since", "Missing: Compact signed, Modules passed."),
        (f"{HEAD},Shoe size", "columns that are not known: Shoe size."),
        (f"{HEAD},Prison number", "a column twice: Prison number."),
        (f"{HEAD},Clearance waived", "columns that are not known: Clearance waived."),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_keeps_the_answers(signed_in, here, lead, head, sentence):
    page = sent(signed_in(lead), here, "Z0001ZA,,,,", head=head)
    assert sentence in page.content.decode() and "Have helped for years" in page.content.decode()
    assert not TakeOverFile.objects.exists()


def test_bytes_that_are_no_text_do_not_break_the_page(signed_in, here, lead):
    values = {"good_by": "2027-02-20", "reason": "Years"}
    for content in (b"\x00\xff\xfe", b'"a', b"Prison number\x00,In role since,Compact signed,Modules passed\r\nx,,,"):
        page = signed_in(lead).post(url(here), {"file": SimpleUploadedFile("list.csv", content), **values})
        assert page.status_code == 200 and page.context["form"].errors
    assert not TakeOverFile.objects.exists()


def test_a_day_too_far_away_is_refused_for_everybody(signed_in, here, lead, people):
    page = sent(signed_in(lead), here, *good(people), good_by="2028-02-20")
    assert "must be on or before" in page.content.decode() and not TakeOverFile.objects.exists()


def test_the_template_has_a_column_for_no_department_with_an_account(signed_in, here, lead, security):
    answer = signed_in(lead).get(url(here, "take_over_template"))
    names = next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert names[:6] == HEAD.split(",")
    assert "Healthcare: paper dated" in names and "Security: paper dated" not in names


def test_a_list_is_its_owners_and_ends_by_itself(signed_in, here, lead, deputy, now, people):
    sent(signed_in(lead), here, *good(people))
    file = TakeOverFile.objects.get()
    path = url(here, "take_over_list", file.token)
    assert signed_in(deputy).get(path).status_code == 404
    with time_machine.travel(now + KEPT + timedelta(minutes=1), tick=False):
        assert signed_in(lead).get(path).status_code == 404
        sweep_take_over_lists()
    assert not TakeOverFile.objects.exists() and not TakeOverLine.objects.exists()
    assert AuditEvent.objects.get(code="take_over.file_dropped").actor_kind == "system"


def test_a_list_that_is_still_kept_is_not_swept(signed_in, here, lead, people):
    sent(signed_in(lead), here, *good(people))
    sweep_take_over_lists()
    assert TakeOverLine.objects.count() == 3


def test_no_number_or_name_stands_in_an_address(signed_in, here, lead, people):
    page = sent(signed_in(lead), here, *good(people))
    addresses = (
        page.redirect_chain[-1][0] + page.context["drop_url"] + "".join(row.href for row in page.context["table"].rows)
    )
    assert not any(person.prison_number in addresses or person.last_name in addresses for person in people)


def test_what_changed_meanwhile_is_shown_before_anything_is_saved(signed_in, here, lead, now, people, at_prison):
    client = signed_in(lead)
    page = sent(client, here, *good(people))
    with at_prison(here):
        build.take_over_asked(here, lead, now, person=people[0])
    again = press(client, page)
    assert "Something changed since you looked" in again.content.decode()
    assert TakeOver.objects.count() == 1
    press(client, again)
    assert TakeOver.objects.count() == 3


def test_nothing_is_half_done(here, lead, now, people, at_prison, monkeypatch):
    with at_prison(here):
        file = training.take_over_list(here, lead, now, lines=[training.line_of(person) for person in people])
        shown = seen(lines_of(file, london_today(now)))
        real, calls = ask_take_over, []

        def breaks(**values):
            calls.append(values)
            if len(calls) == 3:
                raise NotAllowed("The third cannot be.")
            return real(**values)

        monkeypatch.setattr("training.actions.take_over_file.ask_take_over", breaks)
        with pytest.raises(NotAllowed):
            save_file(by=cast.acts(lead, here), now=now, file=file, shown=shown)
    assert not TakeOver.objects.exists() and not Buddy.objects.exists() and TakeOverFile.objects.exists()


def test_somebody_elses_list_cannot_be_mended(here, lead, deputy, now, people, at_prison):
    with at_prison(here):
        file = training.take_over_list(here, lead, now, lines=[training.line_of(people[0])])
        with pytest.raises(NotAllowed, match="no longer kept"):
            mend_line(by=cast.acts(deputy, here), now=now, file=file, number=2, said={}, left_out=True)


def test_throwing_the_list_away_leaves_nothing(signed_in, here, lead, people):
    client = signed_in(lead)
    sent(client, here, *good(people))
    client.post(url(here, "take_over_drop", TakeOverFile.objects.get().token))
    assert not TakeOverFile.objects.exists() and not TakeOverLine.objects.exists()
    assert AuditEvent.objects.filter(code="take_over.file_dropped").count() == 1


def test_a_prison_without_a_scheme_is_told_what_to_do_first(signed_in, elsewhere, outsider):
    page = sent(signed_in(outsider), elsewhere, "Z0001ZA,,19/10/2025,no,none,")
    assert "Set up the scheme first" in page.content.decode()


def test_the_permission_is_needed_and_another_prisons_list_is_not_there(
    signed_in, here, trainer, outsider, lead, people
):
    sent(signed_in(lead), here, *good(people))
    path = url(here, "take_over_list", TakeOverFile.objects.get().token)
    assert signed_in(trainer).get(path).status_code == 403
    assert signed_in(outsider).get(path).status_code == 404


def test_the_audit_tells_it(signed_in, here, lead, people):
    client = signed_in(lead)
    press(client, sent(client, here, *good(people)))
    codes = list(AuditEvent.objects.filter(code__startswith="take_over").order_by("id").values_list("code", flat=True))
    assert codes == ["take_over.file_staged", "take_over.batch_asked", *["take_over.asked"] * 3]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("27/3/2025", date(2025, 3, 27)),
        ("27.03.2025", date(2025, 3, 27)),
        ("27 March 2025", date(2025, 3, 27)),
        ("27-Mar-2025", date(2025, 3, 27)),
        ("2025-03-27", date(2025, 3, 27)),
        ("27/3/25", None),
        ("2025-02-30", None),
        ("27 Brumaire 2025", None),
        ("45743", None),
        ("", None),
    ],
)  # fmt: skip
def test_days_are_read_as_spreadsheets_write_them(typed, day):
    assert day_of(typed) == day
