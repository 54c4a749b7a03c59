"""Whoever is named in a concern finds no trace of it: no page, no list, no tile, no count, no line of the audit.

Two locks: the one query that every reader goes through, and the database's row policy behind it.
"""

from __future__ import annotations

import re

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.concerns import act_on_concern
from referrals.actions.receivers import name_in_concern
from referrals.models import Concern, ConcernAction, ConcernReader, DangerCall, HandOn
from tests.builders.moving import fall_of
from tests.builders.schemes import person_in
from tests.builders.terminal import concern_by, handed_on
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def concern(here, wing, officer, lead, safeguarding, deputy, delegate, now, at_prison) -> Concern:
    """About somebody, with the lead named in it only later, when all that a concern can have is there."""
    with at_prison(here):
        person = person_in(here, lead, now, wing=wing)
        concern = concern_by(officer, here, now, about_person=person, kind="SELF_HARM")
        act_on_concern(by=acts(safeguarding, here), now=now, concern=concern, words="Spoke with him", version=1)
        handed_on(concern, safeguarding, now, chase_on=now.date())
        name_in_concern(by=acts(safeguarding, here), now=now, concern=concern, user=lead)
        return Concern.objects.get(pk=concern.pk)


def pages_of(concern, at) -> list[str]:
    line, hand_on = ConcernReader.objects.filter(ended_at=None)[0], HandOn.objects.get()
    one = ("concern", "concern_told", "concern_close", "concern_grade", "concern_hand_on", "concern_step_in",
           "concern_access", "concern_access_give", "concern_name")  # fmt: skip
    return [
        *(at(name, concern.token) for name in one),
        at("concern_access_end", concern.token, line.token),
        at("hand_on", hand_on.token),
        at("hand_on_answer", hand_on.token),
        at("danger_call", DangerCall.objects.get(concern=concern).token),
    ]


def test_every_page_is_404_and_nothing_is_posted(concern, lead, at, signed_in) -> None:
    browser = signed_in(lead)
    for page in pages_of(concern, at):
        assert browser.get(page).status_code == 404, page
        # The access list is only read: it takes no post at all.
        assert browser.post(page, {"words": "x", "version": "1"}).status_code in (404, 405), page
    assert browser.get(at("concern", "nonsense")).status_code == 404


def test_the_actions_behind_the_pages_refuse_them_too(here, lead, concern, now, at_prison) -> None:
    by, others = acts(lead, here), "for somebody else to handle"
    with at_prison(here):
        with pytest.raises(NotAllowed, match=others):
            act_on_concern(by=by, now=now, concern=concern, words="Nothing", version=concern.version)
        with pytest.raises(NotAllowed, match=others):
            handed_on(concern, lead, now)
        with pytest.raises(NotAllowed, match=others):
            name_in_concern(by=by, now=now, concern=concern, user=lead)
    assert HandOn.objects.count() == 1


def counts(response) -> list[str]:
    return re.findall(r"\d+", re.sub(r"<[^>]+>|\d{2}:\d{2}", " ", response.content.decode()))


def test_no_list_tile_or_count_knows_of_it(here, lead, officer, concern, at, signed_in, now, at_prison) -> None:
    """And each of them does once the name is taken away: nothing else hid it."""
    home = f"/prisons/{here.code}/"
    browser = signed_in(lead)
    paths = [home, at("concerns"), at("notes"), at("concerns_raised"), at("danger")]
    paths += [f"{at('concerns')}?status=ACTED", f"{at('concerns')}?due=chase", f"{at('concerns')}?kind=SELF_HARM"]
    seen = [browser.get(path) for path in paths]
    for path, answer in zip(paths, seen, strict=True):
        assert answer.status_code == 200, path
        assert concern.reference not in answer.content.decode() and concern.token not in answer.content.decode()
        assert "nobody has acknowledged it" not in answer.content.decode()
    assert "No concern has been raised." in seen[1].content.decode()
    Concern.objects.filter(pk=concern.pk).update(hidden_from=[])
    ConcernReader.objects.filter(user=lead).update(ended_at=None, ended_by=None)
    again = browser.get(at("concerns"))
    assert concern.reference in again.content.decode(), "it was hidden by the name alone"
    assert counts(browser.get(home)) != counts(seen[0])


def test_the_row_policy_hides_it_though_a_query_forgets(here, lead, officer, concern) -> None:
    def found(user) -> list[int]:
        with scoped(DatabaseRole.WEB, prisons=[here.code], user_id=user.pk if user else None):
            events = AuditEvent.objects.filter(subject_type="referrals.concern", subject_id=str(concern.pk))
            models = (Concern, ConcernAction, ConcernReader, HandOn)
            return [*(model.objects.for_prison(here).count() for model in models), events.count()]

    assert found(lead) == [0, 0, 0, 0, 0]
    others = found(officer)
    assert others[0] == 1 and min(others) >= 1 and others == found(None)


def test_an_about_staff_one_is_hidden_by_the_policy_too(here, lead, officer, safeguarding, now, at_prison) -> None:
    with at_prison(here):
        concern_by(officer, here, now, about_staff=lead)
    with scoped(DatabaseRole.WEB, prisons=[here.code], user_id=lead.pk):
        assert not Concern.objects.for_prison(here).exists() and not ConcernReader.objects.for_prison(here).exists()
    with scoped(DatabaseRole.WEB, prisons=[here.code], user_id=safeguarding.pk):
        assert Concern.objects.for_prison(here).count() == 1


def test_the_audit_page_has_no_line_of_it(
    here, dpo, officer, safeguarding, delegate, now, at_prison, signed_in
) -> None:
    with at_prison(here):
        concern_by(officer, here, now, about_staff=dpo)
    page = f"/prisons/{here.code}/audit/"
    text = signed_in(dpo).get(page).content.decode()
    # The filter above the list offers every kind of event.
    rows = text.split("<tbody", 1)[-1]
    assert "raised a concern" not in rows and "let somebody read a concern" not in rows
    with at_prison(here):
        concern_by(officer, here, now)
    rows = signed_in(dpo).get(page).content.decode().split("<tbody", 1)[-1]
    assert rows.count("raised a concern") == 1


def test_whoever_raised_it_and_is_named_later_loses_it_too(
    here, officer, safeguarding, delegate, now, at_prison, at, signed_in
):
    with at_prison(here):
        concern = concern_by(officer, here, now)
    browser = signed_in(officer)
    assert concern.reference in browser.get(at("concerns_raised")).content.decode()
    with at_prison(here):
        name_in_concern(by=acts(safeguarding, here), now=now, concern=concern, user=officer)
    assert "You have raised no concern here." in browser.get(at("concerns_raised")).content.decode()


def test_a_fall_stays_where_its_concern_is_hidden(
    here, wing, lead, officer, safeguarding, delegate, now, at_prison, at, signed_in
):
    with at_prison(here):
        fall = fall_of(person_in(here, lead, now, wing=wing), here, officer, now)
    browser = signed_in(lead)
    assert "Open the concern about this fall" in browser.get(at("fall", fall.token)).content.decode()
    with at_prison(here):
        name_in_concern(by=acts(safeguarding, here), now=now, concern=fall.concern, user=lead)
    answer = browser.get(at("fall", fall.token))
    assert answer.status_code == 200 and "Open the concern about this fall" not in answer.content.decode()


def test_nobody_names_themselves_when_raising_one(officer, at, signed_in) -> None:
    page = signed_in(officer).get(f"{at('concern_add')}?about=staff").content.decode()
    assert officer.token not in page
    answer = {"kind": "WORRY", "words": "I did it.", "happened_on": "2026-11-22", "staff": officer.token}
    response = signed_in(officer).post(f"{at('concern_add')}?about=staff", answer)
    assert response.status_code == 200 and not Concern.objects.exists()
