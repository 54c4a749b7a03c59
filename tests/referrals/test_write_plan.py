"""Writing the plan's own page, with the boundary guard; making it active; its list, page and paper."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals.actions import plans as actions
from referrals.models import HeldText, Plan
from referrals.queries import plans as queries
from referrals.queries.plan_parts import evacuation_of
from schemes.models import Scheme
from tests.builders import referrals as build
from tests.builders.referrals import goals_in
from tests.builders.schemes import person_in
from tests.cast import acts
from tests.referrals.test_screen_referral import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ANSWERS = {
    "goals": "Eat together with others.",
    "safety_words": ["UNSTEADY", "HARD_OF_HEARING"],
    "review_on": "2027-02-22",
    "evacuation_plan": "yes",
    "falls_risk": "yes",
    "version": 1,
}
RISKS = {"falls_risk": "no", "staff_notes": "Prefers mornings.", "version": 1}
WASH = "Help him wash in the shower every morning."


@pytest.fixture
def plan(here, lead, wing, now, at_prison):
    with at_prison(here):
        build.scheme_open(here, lead, now, wing)
        return build.wishes(here, lead, now, person_in(here, lead, now, wing=wing))


@pytest.fixture
def draft(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.draft_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)


def save(client, at, plan, **changed):
    return client.post(at("plan_edit", plan.token), ANSWERS | changed)


def test_works(signed_in, lead, plan, at):
    answer = save(signed_in(lead), at, plan)
    plan.refresh_from_db()
    assert answer["Location"] == at("plan_tasks", plan.token)
    assert (plan.status, goals_in(plan), plan.review_on) == ("DRAFT", [ANSWERS["goals"]], date(2027, 2, 22))
    assert plan.safety_words == ["UNSTEADY", "HARD_OF_HEARING"] and plan.falls_risk is True
    assert evacuation_of(plan).needs_help and not evacuation_of(plan).is_written


def test_words_of_personal_care_are_held_and_the_rest_is_saved(signed_in, lead, plan, at):
    client = signed_in(lead)
    answer = save(client, at, plan, goals=f"Eat with others.\n{WASH}")
    plan.refresh_from_db()
    held = HeldText.objects.get()
    assert (goals_in(plan), plan.falls_risk) == (["Eat with others.", ""], True)
    assert (held.words, held.decision, held.place, held.written_by) == (WASH, "WAITING", "PLAN_GOALS", lead)
    page = client.get(answer["Location"]).content.decode()
    assert "<mark>" in page and "seem to describe" in page
    assert WASH in client.get(at("plan_edit", plan.token)).content.decode()
    assert WASH not in client.get(at("plan", plan.token)).content.decode()


def test_notes_are_guarded_too(signed_in, lead, plan, at):
    answer = signed_in(lead).post(at("plan_risks", plan.token), RISKS | {"staff_notes": WASH})
    assert answer["Location"] == at("plan_held", plan.token)
    assert HeldText.objects.get().place == "PLAN_NOTES" and Plan.objects.get().staff_notes == ""
    signed_in(lead).post(at("plan_risks", plan.token), RISKS | {"version": 2})
    assert Plan.objects.get().staff_notes == RISKS["staff_notes"] and Plan.objects.get().falls_risk is False


def test_saving_held_words_again_keeps_one_and_other_words_let_them_go(signed_in, lead, plan, at):
    client = signed_in(lead)
    save(client, at, plan, goals=WASH)
    save(client, at, plan, goals=WASH, version=2)
    assert HeldText.objects.count() == 1
    save(client, at, plan, goals="Keep the cell clean.", version=3)
    assert HeldText.objects.get().decision == "REPLACED" and goals_in(plan) == ["Keep the cell clean."]


def test_needs_the_permission(signed_in, officer, plan, at):
    assert save(signed_in(officer), at, plan).status_code == 403
    for name in (
        "plan",
        "plan_edit",
        "plan_activate",
        "plan_end",
        "plan_print",
        "plan_held",
        "plan_review",
        "plan_versions",
        "plan_risks",
        "evacuation",
        "equipment_add",
    ):
        assert signed_in(officer).get(at(name, plan.token)).status_code == 403


def test_another_prisons_is_404(signed_in, lead, elsewhere, now, at_prison, at):
    with at_prison(elsewhere):
        other = build.draft_plan(elsewhere, lead, now)
    for name in ("plan", "plan_edit", "plan_activate", "plan_end", "plan_print", "plan_held", "plan_tasks"):
        assert signed_in(lead).get(at(name, other.token)).status_code == 404


def test_a_closed_plan_is_not_written(signed_in, lead, here, draft, now, at_prison, at):
    with at_prison(here):
        actions.end_plan(by=acts(lead, here), now=now, plan=draft, reason="Released")
    assert "This plan is closed." in save(signed_in(lead), at, draft, version=draft.version).content.decode()


def test_somebody_else_saved_first(signed_in, lead, plan, at):
    Plan.objects.update(version=7)
    page = save(signed_in(lead), at, plan, goals="Typed at length.").content.decode()
    assert "Somebody else changed this plan" in page and "Typed at length." in page
    assert 'name="version" value="7"' in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"goals": ""}, "Enter what the help should achieve"),
        ({"goals": "z " * 5_000}, "Shorten the text by 9349 characters"),
        ({"goals": "One\nTwo\nThree\nFour"}, "Enter at most 3 goals, one on each line"),
        ({"goals": "z" * 201}, "Shorten each goal to 200 characters or fewer"),
        ({"review_on": "2026-11-23"}, "Date of the first review must be on or after 24 November 2026"),
        ({"review_on": "2029-01-01"}, "Date of the first review must be on or before"),
        ({"review_on": "2027-02-30"}, "must be a real date"),
        ({"evacuation_plan": ""}, "Select whether the person needs help to leave in an emergency"),
        ({"safety_words": ["VIOLENT"]}, "Select only from the answers on the page"),
    ],
)
def test_rejects_bad_input(signed_in, lead, plan, at, changed, sentence):
    page = save(signed_in(lead), at, plan, **changed).content.decode()
    assert sentence in page and Plan.objects.get().status == "WISHES"


def test_made_active(signed_in, lead, draft, at):
    assert signed_in(lead).post(at("plan_activate", draft.token), {})["Location"] == at("plan", draft.token)
    draft.refresh_from_db()
    assert (draft.status, draft.activated_by) == ("ACTIVE", lead)
    assert AuditEvent.objects.filter(code="plan.agreed", person_id=draft.person_id).count() == 1


def test_not_made_active_without_a_task(signed_in, lead, plan, at):
    client = signed_in(lead)
    save(client, at, plan)
    assert "Add at least one task" in client.post(at("plan_activate", plan.token), {}).content.decode()
    assert "Add at least one task" in client.get(at("plan", plan.token)).content.decode()


def test_not_made_active_without_review_date_consent_or_open_scheme(signed_in, lead, here, wing, now, at_prison, at):
    with at_prison(here):
        by = acts(lead, here)
        undated = build.draft_plan(here, lead, now, person_in(here, lead, now, wing=wing), review_on=None)
        withdrawn = build.draft_plan(here, lead, now, person_in(here, lead, now, wing=wing))
        actions.withdraw_consent(by=by, now=now, consent=withdrawn.consents.get(scope="SUPPORT"))
    client = signed_in(lead)
    assert "Enter a review date" in client.post(at("plan_activate", undated.token), {}).content.decode()
    assert "does not agree" in client.post(at("plan_activate", withdrawn.token), {}).content.decode()
    Scheme.objects.update(status="CLOSED", closed_at=now, closed_by=lead)
    assert not Plan.objects.filter(status="ACTIVE").exists()


def test_not_active_in_the_database_without_agreement(draft):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=draft.pk).update(status="ACTIVE")


def test_own_words_stand_first_and_staff_notes_stay_off_the_paper(signed_in, lead, here, wing, now, at_prison, at):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, wing=wing, staff_notes="Staff eyes only.")
    client = signed_in(lead)
    page = client.get(at("plan", plan.token)).content.decode()
    assert page.index(plan.own_words) < page.index(goals_in(plan)[0]) and "Staff eyes only." in page
    paper = client.get(at("plan_print", plan.token)).content.decode()
    assert plan.own_words in paper and "Collect meals" in paper and "Staff eyes only." not in paper
    assert AuditEvent.objects.filter(code="printed", person_id=plan.person_id).count() == 1
    assert AuditEvent.objects.filter(code="viewed", person_id=plan.person_id).count() == 1


@pytest.mark.parametrize(("days", "words"), [(-1, "Review overdue"), (0, "Review due"), (14, "Review due"), (15, None)])
def test_one_tag_and_one_query_for_reviews(here, lead, draft, now, at_prison, days, words):
    today = now.date()
    Plan.objects.filter(pk=draft.pk).update(
        status="ACTIVE", activated_at=now, activated_by=lead, review_on=today + timedelta(days=days)
    )
    draft.refresh_from_db()
    tag = queries.review_tag(draft, today)
    assert (tag.text if tag else None) == words
    with at_prison(here):
        assert queries.review_due(here, today).exists() == (words is not None)


def test_work_queues_are_what_the_list_shows(signed_in, lead, here, draft, wing, now, at_prison, at):
    with at_prison(here):
        active = build.agreed_plan(here, lead, now, person_in(here, lead, now, wing=wing))
        assert list(queries.to_write(here)) == [draft] and list(queries.without_buddy(here)) == [active]
    client = signed_in(lead)
    for show, wanted, other in (("write", draft, active), ("buddy", active, draft)):
        page = client.get(at("plans"), {"show": show}).content.decode()
        assert wanted.reference in page and other.reference not in page


def test_ended(signed_in, lead, here, wing, now, at_prison, at):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, wing=wing)
    client = signed_in(lead)
    assert "Enter why the plan ends" in client.post(at("plan_end", plan.token), {"reason": ""}).content.decode()
    client.post(at("plan_end", plan.token), {"reason": "Recovered"})
    plan.refresh_from_db()
    assert (plan.status, plan.end_reason, plan.ended_by) == ("ENDED", "Recovered", lead)
    page = client.post(at("plan_end", plan.token), {"reason": "Again"}).content.decode()
    assert "closed already" in page
    assert AuditEvent.objects.filter(code="plan.ended").count() == 1


def test_lists_do_not_query_per_row(signed_in, lead, here, draft, wing, now, at_prison, at):
    client = signed_in(lead)
    few = queries_of(client, at("plans"))
    with at_prison(here):
        for _ in range(5):
            build.draft_plan(here, lead, now, person_in(here, lead, now, wing=wing))
    assert queries_of(client, at("plans")) == few
    page = client.get(at("person_plans", draft.person.token)).content.decode()
    assert page.count("plan P-") == 1
