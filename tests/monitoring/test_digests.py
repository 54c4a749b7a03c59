"""Digests by choice: what changed in a prison's own figures, and in published ones. Made once, named to nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.models import Membership, Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.digests import period_due, since_of, usual
from monitoring.models import Digest, DigestChoice, Figure, FigureCorrection, MonthClose, Release, ReleaseFigure
from monitoring.tasks import make_digests
from tests.builders import quality
from tests.builders.digests import digest_of
from tests.builders.schemes import open_scheme
from tests.cast import make_prison

SignedIn = Callable[[User], Client]
OWN, NATIONAL = "/prisons/ZTA/figures/changes/", "/national/changes/"
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
DECEMBER = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
JANUARY = datetime(2027, 1, 4, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=False):
        yield


def made_at(moment: datetime) -> None:
    """What the clock does each night."""
    with at(moment):
        make_digests()


def digest(reader: User, prison: Prison | None) -> Digest:
    with scoped(DatabaseRole.NATIONAL):
        found = Digest.objects.filter(reader=reader, prison=prison).order_by("-until").first()
    assert found is not None
    return found


def lines(reader: User, prison: Prison | None) -> list[tuple[str, str]]:
    return [(each["title"], each["words"]) for each in digest(reader, prison).entries]


def figure(here: Prison, month: Month, value: int, measure: str = "OP-02") -> Figure:
    """A stored figure, as a roll-up leaves it."""
    with scoped(DatabaseRole.NATIONAL):
        return Figure.objects.create(
            prison=here, period=month.code, first_day=month.first, measure=measure, breakdown="", state="VALUE",
            value=value, numerator=value, n=value, definition_version=1, computed_at=datetime.now(UTC),
        )  # fmt: skip


def corrected(row: Figure, was: int, became: int, when: datetime, version: int = 2) -> None:
    with scoped(DatabaseRole.NATIONAL):
        FigureCorrection.objects.create(
            prison=row.prison, figure=row, version=version, was_state="VALUE", was_value=was, state="VALUE",
            value=became, corrected_at=when,
        )  # fmt: skip


def closed(here: Prison, lead: User, month: Month, when: datetime) -> None:
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        MonthClose.objects.create(prison=here, month=month.first, closed_at=when, closed_by=lead)


def release(national_lead: User, quarter: Quarter, when: datetime, replaces: Release | None = None) -> Release:
    with scoped(DatabaseRole.NATIONAL):
        return Release.objects.create(
            kind="QUARTER", period=quarter.code, first_day=quarter.first, last_day=quarter.last, digest="d",
            published_at=when, published_by=national_lead, replaces=replaces, reason="Late" if replaces else "",
        )  # fmt: skip


def released(found: Release, value: int | None, about: Prison | None = None, period: str = "") -> None:
    with scoped(DatabaseRole.NATIONAL):
        ReleaseFigure.objects.create(
            release=found, about=about, period=period or found.period, measure="OP-02", n=value,
            state="TOO_FEW" if value is None else "VALUE", value=value, definition_version=1,
        )  # fmt: skip


# --- when ----------------------------------------------------------------------------------------


def test_a_digest_is_due_of_the_last_period_that_is_over() -> None:
    today = date(2026, 12, 1)
    assert period_due("QUARTERLY", today) == Quarter(2026, 3)
    assert period_due("MONTHLY", today) == NOVEMBER
    assert period_due("NEVER", today) is None


def test_a_digest_goes_on_where_the_last_one_ended() -> None:
    assert since_of(NOVEMBER, None) == NOVEMBER.starts_at
    assert since_of(NOVEMBER, Quarter(2026, 3).ends_at) == Quarter(2026, 3).ends_at
    assert since_of(Quarter(2026, 4), OCTOBER.ends_at) == OCTOBER.ends_at
    assert since_of(NOVEMBER, Quarter(2025, 4).ends_at) == NOVEMBER.starts_at


# --- a prison's own ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_lead_is_told_each_quarter_what_was_corrected_from_the_first_to_the_last(
    here: Prison, lead: User, now: datetime, signed_in: SignedIn
) -> None:
    row = figure(here, OCTOBER, 6)
    corrected(row, 4, 5, now)
    corrected(row, 5, 6, now + timedelta(hours=1), version=3)
    made_at(JANUARY)
    assert lines(lead, here) == [("Active buddies, October 2026", "Corrected: from 4 to 6.")]
    with at(JANUARY):
        client = signed_in(lead)
        assert "What changed in the figures" in client.get("/prisons/ZTA/").content.decode()
        page = client.get(OWN)
        assert [(row.text, row.tag.text) for row in page.context["table"].rows] == [("October to December 2026", "New")]
        told = client.get(f"{OWN}{digest(lead, here).token}/").content.decode()
    assert "/prisons/ZTA/figures/?period=2026-10" in told
    assert "Corrected: from 4 to 6." in told


@pytest.mark.django_db
def test_a_figure_that_went_back_or_is_not_chosen_is_left_out(here: Prison, lead: User, now: datetime) -> None:
    row = figure(here, OCTOBER, 4)
    corrected(row, 4, 5, now)
    corrected(row, 5, 4, now + timedelta(hours=1), version=3)
    corrected(figure(here, OCTOBER, 9, "OP-14a"), 8, 9, now)
    made_at(JANUARY)
    assert lines(lead, here) == []


@pytest.mark.django_db
def test_a_month_in_which_a_rule_of_the_chart_fired_is_named_with_the_rule_in_words(
    here: Prison, lead: User, now: datetime
) -> None:
    month, months = OCTOBER, [OCTOBER]
    for _ in range(13):
        month = month.previous()
        months.insert(0, month)
    for number, each in enumerate(months):
        figure(here, each, 90 if each == OCTOBER else 10 + number % 3)
    closed(here, lead, OCTOBER, now)
    made_at(JANUARY)
    [(title, words)] = lines(lead, here)
    assert title == "Active buddies, October 2026"
    assert words.startswith("In October 2026 the figure was higher than chance would explain: a point above the upper")


@pytest.mark.django_db
def test_queries_are_told_by_their_rule_and_never_in_anybodys_words(
    here: Prison, lead: User, wing: Wing, national_lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        open_scheme(here, lead, wing, datetime(2026, 9, 7, 9, 0, tzinfo=UTC))
        query = quality.asked(here, national_lead, now, words="Ask Walter why.")
        quality.answered(query, lead, now, words="Walter was ill.")
    made_at(JANUARY)
    assert lines(lead, here) == [
        ("Support hours, October 2026", "Query “Asked by the national team”: raised, answered.")
    ]
    assert "Walter" not in str(digest(lead, here).entries)


@pytest.mark.django_db
def test_a_second_run_makes_nothing_new_and_what_came_later_is_in_the_next_digest(
    here: Prison, lead: User, now: datetime
) -> None:
    row = figure(here, OCTOBER, 6)
    corrected(row, 4, 5, now)
    made_at(JANUARY)
    corrected(row, 5, 6, JANUARY, version=3)
    made_at(JANUARY + timedelta(days=1))
    with scoped(DatabaseRole.NATIONAL):
        assert Digest.objects.filter(reader=lead).count() == 1
    made_at(datetime(2027, 4, 1, 5, 0, tzinfo=UTC))
    assert lines(lead, here) == [("Active buddies, October 2026", "Corrected: from 5 to 6.")]


@pytest.mark.django_db
def test_whoever_holds_no_such_role_any_more_is_told_nothing(here: Prison, lead: User, officer: User) -> None:
    Membership.objects.filter(user=lead).update(ends_on=date(2026, 12, 31))
    made_at(JANUARY)
    with scoped(DatabaseRole.NATIONAL):
        assert not Digest.objects.filter(reader__in=[lead, officer]).exists()


# --- published ones ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_national_reader_is_told_of_releases_and_of_what_is_another_than_in_the_one_before(
    here: Prison, inspector: User, national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    corrected(figure(here, OCTOBER, 6), 4, 6, now)
    released(release(national_lead, Quarter(2026, 2), now - timedelta(days=100)), 120)
    newer = release(national_lead, Quarter(2026, 3), now)
    released(newer, 135)
    made_at(JANUARY)
    assert lines(inspector, None) == [
        ("Release of July to September 2026", "Published on 23 November 2026."),
        ("Active buddies, all prisons, July to September 2026", "135, after 120 in April to June 2026."),
    ]
    with at(JANUARY):
        client = signed_in(inspector)
        assert "Something has changed" in client.get("/national/releases/").content.decode()
        page = client.get(f"{NATIONAL}{digest(inspector, None).token}/").content.decode()
        assert f"/national/releases/{newer.token}/" in page
        assert "Something has changed" not in client.get("/national/releases/").content.decode()


@pytest.mark.django_db
def test_a_correction_is_told_against_the_release_that_it_corrects(
    inspector: User, national_lead: User, now: datetime
) -> None:
    first = release(national_lead, Quarter(2026, 3), now - timedelta(days=60))
    released(first, 135)
    second = release(national_lead, Quarter(2026, 3), now, replaces=first)
    released(second, 150)
    made_at(JANUARY)
    assert lines(inspector, None) == [
        ("Release of July to September 2026", "A correction was published on 23 November 2026."),
        ("Active buddies, all prisons, July to September 2026", "Corrected: from 135 to 150."),
    ]


@pytest.mark.django_db
def test_the_prisons_that_a_reader_chose_are_told_each_and_a_hidden_figure_stays_hidden(
    here: Prison, elsewhere: Prison, inspector: User, national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    older = release(national_lead, Quarter(2026, 2), now - timedelta(days=100))
    newer = release(national_lead, Quarter(2026, 3), now)
    for each, ours, theirs in ((older, 20, 40), (newer, None, 45)):
        released(each, ours, here)
        released(each, theirs, elsewhere)
    chosen = {"how_often": "QUARTERLY", "figures_1": [], "prisons": ["ZTA"]}
    client = signed_in(inspector)
    form = client.get(f"{NATIONAL}choice/").context["form"]
    name = next(name for name in form.of_measures if "OP-02" in dict(form.fields[name].choices))
    assert client.post(f"{NATIONAL}choice/", {**chosen, name: ["OP-02"]}).status_code == 302
    made_at(JANUARY)
    assert lines(inspector, None)[1:] == [
        ("Active buddies, Testwick, July to September 2026", "Too few to show, after 20 in April to June 2026.")
    ]


# --- choosing ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_everybody_begins_with_the_usual_figures_each_quarter(here: Prison, lead: User, signed_in: SignedIn) -> None:
    page = signed_in(lead).get(f"{OWN}choice/").content.decode()
    assert page.count("checked") == len(usual(national=False)) + 1
    assert "You are told every quarter." in signed_in(lead).get(OWN).content.decode()
    assert "prisons" not in signed_in(lead).get(f"{OWN}choice/").context["form"].fields


@pytest.mark.django_db
def test_a_lead_chooses_every_month_and_other_figures_and_the_next_digest_follows(
    here: Prison, lead: User, now: datetime, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    form = client.get(f"{OWN}choice/").context["form"]
    name = next(name for name in form.of_measures if "OP-14a" in dict(form.fields[name].choices))
    assert client.post(f"{OWN}choice/", {"how_often": "MONTHLY", name: ["OP-14a"]}).status_code == 302
    assert "You are told every month." in client.get(OWN).content.decode()
    corrected(figure(here, OCTOBER, 9, "OP-14a"), 8, 9, now)
    made_at(DECEMBER)
    assert digest(lead, here).period == "2026-11"
    assert lines(lead, here) == [("Applications, October 2026", "Corrected: from 8 to 9.")]


@pytest.mark.django_db
def test_whoever_chose_never_gets_none(here: Prison, lead: User, deputy: User, signed_in: SignedIn) -> None:
    assert signed_in(lead).post(f"{OWN}choice/", {"how_often": "NEVER"}).status_code == 302
    made_at(JANUARY)
    with scoped(DatabaseRole.NATIONAL):
        assert list(Digest.objects.values_list("reader_id", flat=True)) == [deputy.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"how_often": ""}, "Select how often"),
        ({"how_often": "MONTHLY"}, "Select at least one figure, or choose never."),
        ({"how_often": "MONTHLY", "figures_1": ["XX-99"]}, "Select only from the answers on the page"),
    ],
)
def test_a_bad_choice_gets_one_sentence_and_is_not_kept(
    said: dict[str, Any], sentence: str, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    assert sentence in signed_in(lead).post(f"{OWN}choice/", said).content.decode()
    assert not DigestChoice.objects.exists()


@pytest.mark.django_db
def test_a_prison_of_no_release_cannot_be_chosen(inspector: User, signed_in: SignedIn) -> None:
    make_prison("ZTZ", "Nowhere")
    form = signed_in(inspector).get(f"{NATIONAL}choice/").context["form"]
    assert "prisons" not in form.fields


# --- whose it is ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_opening_a_digest_marks_it_read_once_and_nothing_else_of_it_changes(
    here: Prison, lead: User, now: datetime, signed_in: SignedIn
) -> None:
    found = digest_of(lead, here, now)
    client = signed_in(lead)
    assert client.get(f"{OWN}?show=unread").context["page"].paginator.count == 1
    client.get(f"{OWN}{found.token}/")
    client.get(f"{OWN}{found.token}/")
    assert client.get(f"{OWN}?show=unread").context["page"].paginator.count == 0
    assert digest(lead, here).read_at == now
    assert AuditEvent.objects.filter(code="digest.read").count() == 1
    for change in ({"count": 2}, {"entries": []}):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Digest.objects.update(**change)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Digest.objects.all().delete()


@pytest.mark.django_db
def test_a_digest_is_its_readers_alone_and_the_database_says_so_too(
    here: Prison, lead: User, deputy: User, inspector: User, national_lead: User, now: datetime, signed_in: SignedIn
) -> None:
    own, national = digest_of(lead, here, now), digest_of(inspector, None, now)
    assert signed_in(deputy).get(f"{OWN}{own.token}/").status_code == 404
    assert signed_in(national_lead).get(f"{NATIONAL}{national.token}/").status_code == 404
    assert signed_in(inspector).get(f"{NATIONAL}{national.token}/").status_code == 200
    with scoped(DatabaseRole.WEB, prisons=["ZTA"], user_id=deputy.pk):
        assert not Digest.objects.exists()
    with scoped(DatabaseRole.WEB, prisons=["ZTA"], user_id=lead.pk):
        assert Digest.objects.get() == own


@pytest.mark.django_db
def test_who_reads_no_figures_has_no_digests(
    here: Prison, officer: User, outsider: User, lead: User, signed_in: SignedIn
) -> None:
    for address in (OWN, f"{OWN}choice/"):
        assert signed_in(officer).get(address).status_code == 403
        assert signed_in(outsider).get(address).status_code == 404
    assert signed_in(lead).get(NATIONAL).status_code == 403


@pytest.mark.django_db
def test_choosing_and_making_leave_their_audit_events(here: Prison, lead: User, signed_in: SignedIn) -> None:
    signed_in(lead).post(f"{OWN}choice/", {"how_often": "NEVER"})
    assert AuditEvent.objects.get(code="digest.chosen").details["how_often"] == "NEVER"
    Membership.objects.filter(user=lead).update(role="GOVERNOR_DELEGATE")
    with scoped(DatabaseRole.WEB, prisons=["ZTA"], user_id=lead.pk):
        DigestChoice.objects.update(how_often="QUARTERLY", measures=["OP-02"])
    made_at(JANUARY)
    event = AuditEvent.objects.get(code="digest.made")
    assert (event.actor_kind, event.details["period"]) == ("system", "2026-Q4")
