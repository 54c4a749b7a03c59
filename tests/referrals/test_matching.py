from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.matching import (
    KEEP_APART_WORDS,
    Candidate,
    Check,
    Ended,
    Labels,
    Need,
    Standing,
    TaskNeed,
    Verdict,
    Waiver,
    WaiverKind,
    Weights,
    check_pair,
    suggest,
)

TODAY = date(2026, 11, 23)
LABELS = Labels(
    wings={"A": "A wing", "B": "B wing"},
    modules={"WHEEL": "Wheelchair and stair lift", "SAFE": "Safeguarding"},
    languages={"en": "English", "cy": "Welsh"},
)
NEED = Need(
    wing="A",
    landing=2,
    tasks=(TaskNeed("DOM-01", 90), TaskNeed("MOB-01", 60, frozenset({"WHEEL"}))),
    core_modules=frozenset({"SAFE"}),
    languages=frozenset({"en"}),
)
FIT = Candidate(
    buddy_id=1,
    status="ACTIVE",
    wing="A",
    landing=2,
    wings_cleared=frozenset(),
    live_matches=1,
    capacity=3,
    minutes_planned=300,
    minutes_cap=1200,
    clearance=Standing.IN_DATE,
    clearance_until=date(2027, 6, 1),
    compact=Standing.IN_DATE,
    as_of=TODAY,
    keep_apart_checked_on=TODAY,
    keep_apart=False,
    cellmate_keep_apart=False,
    alerts_as_of=TODAY,
    modules_in_date=frozenset({"WHEEL", "SAFE"}),
    languages=frozenset({"en", "cy"}),
)


def check(candidate: Candidate, code: str, need: Need = NEED) -> Check:
    checks = check_pair(need, candidate, today=TODAY, labels=LABELS)
    return next(check for check in checks if check.code == code)


def order(candidates: Sequence[Candidate], need: Need = NEED) -> list[int]:
    return [found.buddy_id for found in suggest(need, candidates, today=TODAY).suggestions]


def reason(candidate: Candidate, code: str, need: Need = NEED) -> tuple[int, str]:
    (found,) = suggest(need, [candidate], today=TODAY, labels=LABELS).suggestions
    return next((part.weight, part.words) for part in found.reasons if part.code == code)


def test_a_fit_buddy_is_suggested_with_every_check_passed() -> None:
    (found,) = suggest(NEED, [FIT], today=TODAY, labels=LABELS).suggestions
    assert found.suitable
    assert {check.verdict for check in found.checks} == {Verdict.PASS}
    assert found.score == sum(part.weight for part in found.reasons) <= found.most


@pytest.mark.parametrize(
    ("code", "change", "words"),
    [
        ("STATUS", {"status": "SUSPENDED"}, "Not an active buddy at present."),
        ("CLEARANCE", {"clearance": Standing.MISSING}, "Clearance is missing."),
        ("CLEARANCE", {"clearance_until": date(2026, 11, 22)}, "ran out on 22 November 2026."),
        ("COMPACT", {"compact": Standing.MISSING}, "The compact is missing."),
        ("COMPACT", {"compact": Standing.LAPSED}, "The compact ran out."),
        ("TRAINING", {"modules_in_date": frozenset({"SAFE"})}, "stair lift is not passed."),
        ("TRAINING", {"modules_in_date": frozenset({"WHEEL"})}, "Safeguarding is not passed."),
        (
            "TRAINING",
            {"modules_in_date": frozenset({"SAFE"}), "modules_lapsed": frozenset({"WHEEL"})},
            "Wheelchair and stair lift has lapsed.",
        ),
        ("KEEP_APART", {"keep_apart_checked_on": None}, "are not checked yet."),
        (
            "ALERTS",
            {"alert_stops": ("Risk to older people (buddy)",)},
            "stops this match. Risk to older people (buddy).",
        ),
        ("ALERTS", {"alerts_as_of": None}, "Alerts are not checked yet."),
        ("WING", {"wing": "B"}, "Not cleared to go to A wing."),
        ("CAPACITY", {"live_matches": 3}, "Helps 3 people of at most 3."),
        ("CAPACITY", {"live_matches": 0, "capacity": 0}, "Helps 0 people of at most 0."),
        ("HOURS", {"minutes_planned": 1051}, "Would be at 20 h 1 min a week of at most 20 h."),
    ],
)
def test_what_stops_a_match_is_said_in_words(code: str, change: dict[str, object], words: str) -> None:
    candidate = replace(FIT, **change)  # type: ignore[arg-type]
    found = check(candidate, code)
    assert found.verdict is Verdict.STOP
    assert words in found.words
    ranking = suggest(NEED, [candidate], today=TODAY, labels=LABELS)
    assert ranking.suggestions == ()
    assert found in ranking.unsuitable[0].stops
    assert ranking.unsuitable[0].reasons == ()


@pytest.mark.parametrize(
    ("code", "change", "words"),
    [
        ("STATUS", {"status": "PROBATION"}, "On probation."),
        ("CLEARANCE", {"clearance_until": date(2026, 12, 1)}, "runs out on 1 December 2026."),
        ("KEEP_APART", {"keep_apart_checked_on": date(2026, 11, 20)}, "on 20 November 2026."),
        ("LANGUAGE", {"languages": frozenset({"cy"})}, "No language in common."),
        ("LANGUAGE", {"languages": frozenset()}, "Language not recorded."),
        ("CELL", {"shares_cell": True}, "They share a cell."),
    ],
)
def test_what_only_warns_does_not_stop(code: str, change: dict[str, object], words: str) -> None:
    candidate = replace(FIT, **change)  # type: ignore[arg-type]
    found = check(candidate, code)
    assert found.verdict is Verdict.WARN
    assert words in found.words
    assert order([candidate]) == [1]


def test_last_days_still_count() -> None:
    assert check(replace(FIT, clearance_until=TODAY), "CLEARANCE").verdict is Verdict.WARN
    assert check(replace(FIT, minutes_planned=1050), "HOURS").verdict is Verdict.WARN
    assert check(replace(FIT, live_matches=2), "CAPACITY").verdict is Verdict.WARN


def test_keep_apart_words_never_tell_which_record_it_is() -> None:
    one = check(replace(FIT, keep_apart=True), "KEEP_APART")
    other = check(replace(FIT, cellmate_keep_apart=True), "KEEP_APART")
    assert one == other
    assert one.words == KEEP_APART_WORDS == "A keep-apart record stops this match."
    assert one.as_of == TODAY


def test_a_refusal_stops_the_match_and_names_nobody() -> None:
    need = replace(NEED, refused=frozenset({1}))
    found = check(FIT, "CHOICE", need)
    assert found.verdict is Verdict.STOP
    assert found.words == "This match was declined. No reason is needed."


def test_nobody_is_their_own_buddy_or_matched_twice() -> None:
    assert check(FIT, "CHOICE", replace(NEED, own_buddy_id=1)).verdict is Verdict.STOP
    assert check(FIT, "CHOICE", replace(NEED, current=frozenset({1}))).verdict is Verdict.STOP


def test_a_waiver_in_force_warns_and_says_until_when() -> None:
    candidate = replace(
        FIT,
        compact=Standing.MISSING,
        modules_in_date=frozenset({"SAFE"}),
        waivers=(
            Waiver("COMPACT", date(2027, 2, 21)),
            Waiver("WHEEL", TODAY, WaiverKind.OVERRIDE),
        ),
    )
    compact, training = check(candidate, "COMPACT"), check(candidate, "TRAINING")
    assert compact.verdict is training.verdict is Verdict.WARN
    assert "To be made good by 21 February 2027 (take-over)." in compact.words
    assert "To be made good by 23 November 2026 (override)." in training.words
    assert reason(candidate, "TRAINING") == (0, "1 module still to be made good")


def test_a_waiver_that_has_ended_stops() -> None:
    yesterday = TODAY - timedelta(days=1)
    waived = replace(FIT, compact=Standing.MISSING, waivers=(Waiver("COMPACT", yesterday),))
    assert check(waived, "COMPACT").verdict is Verdict.STOP
    untrained = replace(FIT, modules_in_date=frozenset(), waivers=(Waiver("WHEEL", TODAY),))
    assert check(untrained, "TRAINING").verdict is Verdict.STOP  # nothing waives Safeguarding


@pytest.mark.parametrize("item", ["CLEARANCE", "KEEP_APART"])
def test_clearance_and_keep_apart_are_never_waived(item: str) -> None:
    with pytest.raises(ValueError, match="never waived"):
        Waiver(item, TODAY)


@pytest.mark.parametrize(
    ("change", "code", "expected"),
    [
        ({}, "LANDINGS", (15, "Same landing")),
        ({"landing": 1}, "LANDINGS", (10, "1 landing away")),
        ({"landing": 4}, "LANDINGS", (5, "2 landings away")),
        ({"landing": 9}, "LANDINGS", (0, "7 landings away")),
        ({"landing": None}, "LANDINGS", (0, "Landing not known")),
        ({}, "SAME_WING", (15, "Same wing")),
        ({"wing": "B", "wings_cleared": frozenset("A")}, "SAME_WING", (0, "Another wing")),
        ({}, "CAPACITY", (10, "Room for 2 people")),
        ({"live_matches": 2}, "CAPACITY", (5, "Room for 1 person")),
        ({}, "LOAD", (7, "5 h planned a week; nobody to compare with")),
        ({}, "LANGUAGE", (15, "Both speak English")),
        ({}, "TRAINING", (10, "Holds every module the tasks need")),
        ({}, "EARLIER", (0, "Not matched before")),
        ({}, "PREFERENCE", (0, "No wish for this buddy recorded")),
    ],
)
def test_reasons(change: dict[str, object], code: str, expected: tuple[int, str]) -> None:
    assert reason(replace(FIT, **change), code) == expected  # type: ignore[arg-type]


def test_earlier_matches_and_wishes_count() -> None:
    well = replace(NEED, earlier={1: Ended.WELL}, asked_for=frozenset({1}))
    assert reason(FIT, "EARLIER", well) == (10, "An earlier match ended well")
    assert reason(FIT, "PREFERENCE", well) == (20, "The person asked for this buddy")
    assert reason(FIT, "EARLIER", replace(NEED, earlier={1: Ended.BADLY}))[0] == -10
    assert reason(FIT, "EARLIER", replace(NEED, earlier={1: Ended.NEITHER}))[0] == 0


def test_load_is_compared_with_the_others_at_work() -> None:
    busy = replace(FIT, buddy_id=2, minutes_planned=900)
    suspended = replace(FIT, buddy_id=3, minutes_planned=0, status="SUSPENDED")
    ranking = suggest(NEED, [FIT, busy, suspended], today=TODAY)
    light, heavy = ranking.suggestions
    load = {part.code: part for part in light.reasons}["LOAD"]
    assert (load.weight, load.verdict) == (11, Verdict.PASS)  # 15 · 900/1200
    assert load.words == "5 h planned a week; others have 15 h on average"
    assert {part.code: part for part in heavy.reasons}["LOAD"].verdict is Verdict.WARN


def test_nearer_buddy_comes_first() -> None:
    near, far = replace(FIT, buddy_id=7), replace(FIT, buddy_id=2, landing=4)
    elsewhere = replace(FIT, buddy_id=1, wing="B", wings_cleared=frozenset("A"))
    assert order([elsewhere, far, near]) == [7, 2, 1]


def test_equal_scores_are_ordered_by_warnings_minutes_key_and_id() -> None:
    probation = replace(FIT, buddy_id=1, status="PROBATION")
    twins = [replace(FIT, buddy_id=number) for number in (2, 3, 4)]
    assert order([probation, *twins]) == [2, 3, 4, 1]
    names = {1: "d", 2: "c", 3: "a", 4: "b"}
    ranking = suggest(NEED, twins, today=TODAY, key=lambda candidate: names[candidate.buddy_id])
    assert [found.buddy_id for found in ranking.suggestions] == [3, 4, 2]


def test_a_scheme_may_hold_its_own_weights() -> None:
    weights = Weights(language=90)
    near = replace(FIT, buddy_id=1, languages=frozenset({"cy"}))
    far = replace(FIT, buddy_id=2, landing=4)
    ranking = suggest(NEED, [near, far], today=TODAY, weights=weights)
    assert [found.buddy_id for found in ranking.suggestions] == [2, 1]


def test_nobody_to_suggest_is_an_empty_answer() -> None:
    assert suggest(NEED, [], today=TODAY).suggestions == ()


def test_one_buddy_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        suggest(NEED, [FIT, FIT], today=TODAY)


def test_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="less than none"):
        replace(FIT, live_matches=-1)
    with pytest.raises(ValueError, match="less than no time"):
        TaskNeed("DOM-01", -1)


# --- properties ----------------------------------------------------------------------------------

few_days = st.dates(TODAY - timedelta(days=40), TODAY + timedelta(days=40))
wings = st.sampled_from("AB")
modules = st.frozensets(st.sampled_from(["SAFE", "WHEEL"]))
mostly = st.sampled_from([False, False, False, True])

candidates = st.builds(
    Candidate,
    buddy_id=st.integers(1, 9),
    status=st.sampled_from(["ACTIVE", "ACTIVE", "PROBATION", "SUSPENDED", "LEFT"]),
    wing=wings,
    landing=st.none() | st.integers(1, 5),
    wings_cleared=st.frozensets(wings),
    live_matches=st.integers(0, 4),
    capacity=st.integers(0, 5),
    minutes_planned=st.integers(0, 1300),
    minutes_cap=st.sampled_from([600, 1200]),
    clearance=st.sampled_from([Standing.IN_DATE, Standing.IN_DATE, Standing.LAPSED]),
    clearance_until=st.none() | few_days,
    compact=st.sampled_from(Standing),
    compact_until=st.none() | few_days,
    as_of=st.just(TODAY),
    keep_apart_checked_on=st.none() | st.just(TODAY),
    keep_apart=mostly,
    cellmate_keep_apart=mostly,
    alert_stops=st.sampled_from([(), (), ("Risk to older people (buddy)",)]),
    alerts_as_of=st.none() | st.just(TODAY),
    modules_in_date=modules,
    modules_lapsed=modules,
    waivers=st.lists(st.builds(Waiver, st.sampled_from(["COMPACT", "SAFE", "WHEEL"]), few_days), max_size=3).map(tuple),
    languages=st.frozensets(st.sampled_from(["en", "cy"])),
    shares_cell=mostly,
)
fit_candidates = st.builds(
    lambda buddy_id, wing, landing, live, minutes, languages: replace(
        FIT,
        buddy_id=buddy_id,
        wing=wing,
        landing=landing,
        wings_cleared=frozenset("AB"),
        live_matches=live,
        capacity=6,
        minutes_planned=minutes,
        languages=languages,
    ),
    st.integers(1, 9),
    wings,
    st.none() | st.integers(1, 4),
    st.integers(0, 4),
    st.integers(0, 900),
    st.frozensets(st.sampled_from(["en", "cy"])),
)
needs = st.builds(
    Need,
    wing=wings,
    landing=st.none() | st.integers(1, 5),
    tasks=st.just(NEED.tasks),
    core_modules=modules,
    languages=st.frozensets(st.sampled_from(["en", "cy"])),
    asked_for=st.frozensets(st.integers(1, 9), max_size=2),
    refused=st.frozensets(st.integers(1, 9), max_size=2),
    current=st.frozensets(st.integers(1, 9), max_size=1),
    earlier=st.dictionaries(st.integers(1, 9), st.sampled_from(Ended), max_size=3),
)


def pools(of: st.SearchStrategy[Candidate]) -> st.SearchStrategy[list[Candidate]]:
    return st.lists(of, max_size=9, unique_by=lambda candidate: candidate.buddy_id)


@given(needs, pools(candidates | fit_candidates), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_the_input(
    need: Need, pool: list[Candidate], random: object
) -> None:
    shuffled = list(pool)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert suggest(need, pool, today=TODAY) == suggest(need, shuffled, today=TODAY)


@given(needs, pools(candidates | fit_candidates))
def test_nobody_with_a_stop_is_suggested_and_nobody_is_lost(need: Need, pool: list[Candidate]) -> None:
    ranking = suggest(need, pool, today=TODAY)
    assert all(found.suitable for found in ranking.suggestions)
    assert all(found.stops and not found.suitable for found in ranking.unsuitable)
    ids = [found.buddy_id for found in ranking.suggestions + ranking.unsuitable]
    assert sorted(ids) == sorted(candidate.buddy_id for candidate in pool)


@given(needs, pools(candidates | fit_candidates))
def test_the_hard_lines_hold_whatever_else_is_true(need: Need, pool: list[Candidate]) -> None:
    suggested = {found.buddy_id for found in suggest(need, pool, today=TODAY).suggestions}
    for candidate in pool:
        if candidate.buddy_id not in suggested:
            continue
        assert not candidate.keep_apart
        assert not candidate.cellmate_keep_apart
        assert candidate.clearance is Standing.IN_DATE
        assert candidate.clearance_until is None or candidate.clearance_until >= TODAY
        assert candidate.live_matches < candidate.capacity
        assert candidate.buddy_id not in need.refused


@given(
    needs,
    pools(fit_candidates).filter(bool),
    st.integers(0, 8),
    st.integers(0, 200),
    st.integers(0, 2),
)
def test_more_load_never_lifts_a_buddy(
    need: Need, pool: list[Candidate], which: int, minutes: int, matches: int
) -> None:
    chosen = pool[which % len(pool)]
    heavier = replace(
        chosen,
        minutes_planned=chosen.minutes_planned + minutes,
        live_matches=chosen.live_matches + matches,
    )
    before = order(pool, need)
    after = order([heavier if one is chosen else one for one in pool], need)
    if chosen.buddy_id in after:
        assert after.index(chosen.buddy_id) >= before.index(chosen.buddy_id)


@given(needs, pools(candidates | fit_candidates))
def test_scores_fall_along_the_list_and_parts_keep_to_their_most(need: Need, pool: list[Candidate]) -> None:
    found = suggest(need, pool, today=TODAY).suggestions
    scores = [suggestion.score for suggestion in found]
    assert scores == sorted(scores, reverse=True)
    assert all(-part.most <= part.weight <= part.most for one in found for part in one.reasons)
