"""Role cards: one for each wing and reader, from the scheme's settings, in English, Welsh and easy read."""

from __future__ import annotations

import html

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from schemes.actions.schemes import set_tasks
from schemes.models import TaskKind
from schemes.role_card_words import CALL, FALL, FORMATS, HEADINGS, LEAD, MOVING, SHARED, TITLE, UNCHECKED, Audience
from tests import cast
from tests.builders import schemes
from tests.builders.buddies import as_owner

pytestmark = pytest.mark.django_db
AUDIENCES = tuple(Audience.values)


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scheme(here, lead, wing, now, at_prison):
    """Open on one wing, with a small catalogue."""
    with as_owner():
        TaskKind.objects.bulk_create(
            [
                TaskKind(code="TST-01", group="Cell", name="Carry meals", name_cy="Cario prydau", kind="PERMITTED",
                         everyday=True, position=1),
                TaskKind(code="TST-02", group="Cell", name="Read letters", name_cy="Darllen llythyrau",
                         kind="PERMITTED", position=2),
                TaskKind(code="TST-03", group="Care", name="Cut nails", name_cy="Torri ewinedd", kind="RESTRICTED",
                         position=3),
                TaskKind(code="TST-04", group="Care", name="Bathe a person", name_cy="Rhoi bath", kind="PROHIBITED",
                         refusal="It is the work of carers.", opens="UNMET_NEED", position=4),
            ],
            ignore_conflicts=True,
        )  # fmt: skip
    with at_prison(here):
        return schemes.open_scheme(here, lead, wing, now)


def url(here, wing, audience="staff", format=""):
    address = reverse("schemes:role_card", args=[here.code, wing.token, audience])
    return f"{address}?format={format}" if format else address


def read(client, address):
    return html.unescape(client.get(address).content.decode())


@pytest.mark.parametrize("who", ["lead", "officer", "trainer", "delegate"])
def test_a_card_says_what_the_scheme_has_settled(request, signed_in, here, scheme, wing, lead, who):
    page = read(signed_in(request.getfixturevalue(who)), url(here, wing))
    for said in (
        "Buddies on A wing: for staff",
        "Carry meals",
        "Read letters",
        "Bathe a person",
        "By day: Wing officer, then healthcare, within 10 minutes.",
        "By night: Night orderly officer, within 15 minutes.",
        f"Social care lead: {lead.name}",
    ):
        assert said in page, said
    assert "Cut nails" not in page


def test_a_task_that_the_scheme_stops_leaves_the_card(signed_in, here, scheme, wing, lead, now, at_prison):
    with at_prison(here):
        allowed = set(TaskKind.objects.filter(kind="PERMITTED").exclude(code="TST-02").values_list("code", flat=True))
        set_tasks(by=cast.acts(lead, here), now=now, scheme=scheme, allowed=allowed, version=scheme.version)
    page = read(signed_in(lead), url(here, wing))
    assert "Carry meals" in page and "Read letters" not in page


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("format", FORMATS)
def test_every_card_is_there_in_every_format_with_the_way_to_the_others(
    signed_in, here, scheme, wing, officer, audience, format
):
    page = read(signed_in(officer), url(here, wing, audience, format))
    place = list(FORMATS).index(format)
    assert TITLE[audience][place].format(wing="A wing") in page
    assert all(line[place] in page for lines in (MOVING, FALL, CALL) for line in lines[audience])
    assert (UNCHECKED in page) == (format == "cy")
    assert ("Cario prydau" in page) == (format == "cy")
    for other, name in FORMATS.items():
        assert (f'<strong class="app-nowrap">{name}</strong>' in page) == (other == format) and name in page


def test_no_sentence_lacks_a_language():
    tables = [*SHARED.values(), *TITLE.values(), *LEAD.values()]
    tables += [words for headings in HEADINGS.values() for words in headings.values()]
    tables += [line for table in (MOVING, FALL, CALL) for lines in table.values() for line in lines]
    assert all(len(words) == 3 and all(words) and words[0] != words[1] for words in tables)


def test_a_scheme_that_has_not_settled_falls_says_so(signed_in, here, wing, lead, now, at_prison):
    from schemes.actions.schemes import set_wings, start_scheme

    with at_prison(here):
        by = cast.acts(lead, here)
        begun = start_scheme(by=by, now=now, prison=here, lead=lead)
        set_wings(by=by, now=now, scheme=begun, wings=[wing], version=begun.version)
    assert "The scheme has not settled who comes" in read(signed_in(lead), url(here, wing))


def test_the_list_links_every_card_and_pages_link_the_list(signed_in, here, scheme, wing, lead):
    client, listed = signed_in(lead), reverse("schemes:role_cards", args=[here.code])
    page = client.get(listed).content.decode()
    assert all(url(here, wing, audience) in page for audience in AUDIENCES)
    for place in ("schemes:scheme", "referrals:unlock_list", "home:prison"):
        assert listed in client.get(reverse(place, args=[here.code])).content.decode(), place


def test_needs_the_permission_and_another_prisons_is_404(
    signed_in, here, elsewhere, scheme, wing, lead, council, outsider
):
    assert signed_in(council).get(url(here, wing)).status_code == 403
    assert signed_in(outsider).get(url(elsewhere, wing)).status_code == 404
    assert signed_in(lead).get(url(here, wing, "governor")).status_code == 404


def test_a_print_is_recorded(signed_in, here, scheme, wing, officer):
    signed_in(officer).get(url(here, wing, "buddy"))
    event = AuditEvent.objects.get(code="printed")
    assert (event.actor_id, event.details) == (officer.pk, {"page": "role card buddy"})
