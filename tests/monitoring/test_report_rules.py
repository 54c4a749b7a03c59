"""What a report concludes from figures, rule by rule: figures in, sentences out."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from buddyscheme.lib.dates import Month, Quarter, Year
from monitoring.measures.catalogue import BY_CODE, RELEASED
from monitoring.measures.definition import Heading, Kind, Measure, Needs
from monitoring.reports import rules
from monitoring.reports.build import build
from monitoring.reports.structure import Given, Report, Section

PRISON = "ZTA"
QUARTER = Quarter(2026, 3)
DELIVERED, SUPERVISED, CONCERNS, ACTIVE = (BY_CODE[code] for code in ("OP-07", "OP-18", "OP-23a", "OP-02"))


def figure(measure: Measure, numerator: int | None = None, denominator: int | None = None, **more: Any) -> Any:
    """As a release stores it: a count from its number, a share or rate from its parts, hidden without either."""
    parts = {"numerator": None, "denominator": None}
    value = None if numerator is None else Decimal(numerator)
    if numerator is not None and denominator is not None:
        parts = {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
        value = Decimal(numerator) * measure.per / Decimal(denominator)
    rest = {"completeness": None, "looked_at_share": None, "late_share": None, "sources": {}, "definition_version": 1}
    state = "TOO_FEW" if value is None else "VALUE"
    return SimpleNamespace(**{"state": state, "value": value, **parts, **rest, **more})


def given(*measures: Measure, own: dict[str, Any], **more: Any) -> Given:
    """A report's figures about so many measures; what is not named is not there."""
    said: dict[str, Any] = {
        "prison_code": PRISON, "prison_name": "Testwick", "prison_words": "training prison, England",
        "period": QUARTER, "published_at": datetime(2026, 10, 12, 8, 30, tzinfo=UTC), "note": "",
        "made_at": datetime(2026, 11, 23, 10, 0, tzinfo=UTC), "measures": measures, "own": own, "nation": {},
        "others": {code: {PRISON: each} for code, each in own.items()}, "before_words": "April to June 2026",
        "before": {}, "months": [], "monthly": {},
    }  # fmt: skip
    return Given(**{**said, **more})


def section_of(report: Report, heading: Heading) -> Section:
    return next(section for section in report.sections if section.heading == heading.value)


def sentences(report: Report) -> list[str]:
    """Everything that the report says by a rule."""
    found = [each.sentence for each in report.said]
    for section in report.sections:
        found += [each.sentence for each in section.said]
        found += [each.sentence for one in section.found for each in one.said]
    return found


def text(report: Report) -> str:
    return " ".join(sentences(report))


def months_of(measure: Measure, values: list[int | None], of: int = 100) -> dict[str, Any]:
    """The months up to September 2026, oldest first, each with its share of `of` or hidden."""
    month, months = Month(2026, 9), []
    for _ in values:
        months.insert(0, month)
        month = month.previous()
    monthly = {
        (measure.code, month.code): figure(measure, value, None if value is None else of)
        for month, value in zip(months, values, strict=True)
    }
    return {"months": months, "monthly": monthly}


def beside(measure: Measure, own: Any, *others: tuple[int, int], nation: tuple[int, int]) -> dict[str, Any]:
    figures = {f"Z{number:02d}": figure(measure, *each) for number, each in enumerate(others)}
    return {
        "own": {measure.code: own},
        "others": {measure.code: {PRISON: own, **figures}},
        "nation": {measure.code: figure(measure, *nation)},
    }


# What is hidden or missing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "rule", "words"),
    [
        ("TOO_FEW", rules.TOO_FEW, "Too few to show: Supervision held of that due. About these nothing can be said"),
        (
            "NOT_RETURNED",
            rules.NO_RETURN,
            "No return: Supervision held of that due. The scheme recorded nothing here: a gap",
        ),
        ("NOT_YET_DUE", rules.NOTHING_DUE, "Nothing was due: Supervision held of that due."),
    ],
)
def test_what_has_no_number_is_said_to_have_none(state: str, rule: int, words: str) -> None:
    report = build(given(SUPERVISED, own={"OP-18": figure(SUPERVISED, state=state)}))
    section = section_of(report, Heading.PEERS)
    assert [each.rule for each in section.said if each.sentence.startswith(words)] == [rule]
    assert section.lines[0].basis == "" and section.lines[0].interval == ""
    assert not section.found and not report.definitions


def test_a_figure_that_the_release_does_not_hold_is_said_to_be_missing() -> None:
    report = build(given(SUPERVISED, own={}))
    assert "Not in this release: Supervision held of that due." in text(report)
    assert section_of(report, Heading.PEERS).lines[0].figure == "Not in this release"


@pytest.mark.parametrize("state", ["TOO_FEW", "NOT_RETURNED", "NOT_YET_DUE"])
def test_silence_is_never_shown_as_safety(state: str) -> None:
    said = text(build(given(CONCERNS, own={"OP-23a": figure(CONCERNS, state=state)})))
    assert "it is not shown as safety" in said


def test_none_at_all_of_what_has_to_be_told_is_not_safety_either() -> None:
    none = figure(CONCERNS, 0, state="NONE")
    report = build(given(CONCERNS, own={"OP-23a": none}))
    assert section_of(report, Heading.BOUNDARIES).lines[0].figure == "None"
    assert "None may mean that nothing happened or that nothing was told" in text(report)


def test_many_concerns_are_said_to_mean_two_things() -> None:
    report = build(given(CONCERNS, own={"OP-23a": figure(CONCERNS, 40)}))
    assert "more may mean more harm or more openness" in text(report)


def test_of_a_report_with_nothing_to_show_nothing_is_concluded() -> None:
    report = build(given(SUPERVISED, DELIVERED, own={}))
    assert [each.sentence for each in report.said] == ["None of the 2 figures here can be shown."]


# Completeness ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("completeness", "words"),
    [
        ("0.85", "85% of planned visits have a record. What happened at the others is not known."),
        ("0.90", ""),
        (None, "How many of the planned visits have a record cannot be shown."),
    ],
)
def test_records_that_are_missing_behind_visits_are_said(completeness: str | None, words: str) -> None:
    own = figure(DELIVERED, 80, 100, completeness=None if completeness is None else Decimal(completeness))
    said = [each.sentence for each in section_of(build(given(DELIVERED, own={"OP-07": own})), Heading.QUALITY).said]
    assert [each for each in said if "have a record" in each] == ([words] if words else [])


# Beside all prisons ----------------------------------------------------------------------------------------------


def test_a_prison_outside_the_outer_limits_is_a_question() -> None:
    own = figure(DELIVERED, 60, 100)
    report = build(given(DELIVERED, **beside(DELIVERED, own, (400, 500), (410, 500), nation=(870, 1100))))
    found = section_of(report, Heading.QUALITY).found[0]
    assert found.figure.startswith("60%, 60 of 100")
    assert found.said[0].rule == rules.BESIDE
    assert found.said[0].sentence == (
        "Lower than chance would explain beside all prisons together (79%): outside the 99.8% limits. Higher is "
        "better. This is a question to ask, not a verdict."
    )
    assert report.said[0].sentence == (
        "Outside the 99.8% limits beside all prisons: Planned visits that took place (lower)."
    )


def test_a_prison_between_the_limits_is_said_to_be_near_what_chance_does() -> None:
    own = figure(DELIVERED, 70, 100)
    report = build(given(DELIVERED, **beside(DELIVERED, own, (400, 500), (410, 500), nation=(880, 1100))))
    said = section_of(report, Heading.QUALITY).found[0].said[0].sentence
    assert said.startswith("A little lower than all prisons together (80%): between the 95% and the 99.8% limits")
    assert "Outside" not in report.said[0].sentence


def test_a_prison_inside_the_limits_is_named_once_for_its_section() -> None:
    own = figure(DELIVERED, 80, 100)
    report = build(given(DELIVERED, **beside(DELIVERED, own, (400, 500), (410, 500), nation=(890, 1100))))
    assert "No further from all prisons together than chance would explain: Planned visits that took place." in text(
        report
    )
    assert "Nothing stands out by these rules" in report.said[0].sentence


def test_the_same_figure_of_few_is_inside_and_of_many_is_outside() -> None:
    for of, where in ((20, "No further from"), (1000, "Lower than chance would explain")):
        own = figure(DELIVERED, of * 7 // 10, of)
        report = build(given(DELIVERED, **beside(DELIVERED, own, (400, 500), (410, 500), nation=(1600, 2000))))
        assert where in text(report), of


def test_where_prisons_differ_anyway_the_wider_limits_are_named() -> None:
    others = tuple((round(500 * share), 500) for share in (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.6))
    own = figure(DELIVERED, 320, 500)
    report = build(given(DELIVERED, **beside(DELIVERED, own, *others, nation=(3600, 5000))))
    assert "Prisons differ by more than chance anyway; allowing for that it is inside the limits." in text(report)


def test_counts_and_a_prison_alone_are_not_judged() -> None:
    counted = build(given(ACTIVE, own={"OP-02": figure(ACTIVE, 15)}, nation={"OP-02": figure(ACTIVE, 400)}))
    line = section_of(counted, Heading.PEERS).lines[0]
    assert (line.figure, line.nation, line.interval) == ("15", "400", "")
    alone = build(
        given(DELIVERED, own={"OP-07": figure(DELIVERED, 60, 100)}, nation={"OP-07": figure(DELIVERED, 60, 100)})
    )
    for report in (counted, alone):
        assert not [each for each in sentences(report) if "all prisons together" in each]


def test_no_other_prison_is_named() -> None:
    own = figure(DELIVERED, 60, 100)
    report = build(given(DELIVERED, **beside(DELIVERED, own, (400, 500), (410, 500), nation=(870, 1100))))
    assert not re.search(r"\bZ0[01]\b", repr(report))


# Month by month --------------------------------------------------------------------------------------------------


def test_a_month_outside_the_limits_stands_out_when_it_is_of_the_period() -> None:
    steady: list[int | None] = [80, 86, 75, 82, 78, 85, 76, 82, 79, 84, 75, 80]
    for values, stands in (([*steady, 81, 20], True), ([*steady[:6], 20, *steady[6:], 84], False)):
        own = figure(DELIVERED, 200, 300)
        report = build(given(DELIVERED, own={"OP-07": own}, **months_of(DELIVERED, values)))
        assert "lower than chance would explain: a point below the lower limit" in text(report)
        top = " ".join(each.sentence for each in report.said)
        assert ("A rule of the control chart fired in the period: Planned visits" in top) is stands


def test_with_fewer_than_twelve_months_it_is_too_early() -> None:
    own = figure(DELIVERED, 200, 300)
    report = build(given(DELIVERED, own={"OP-07": own}, **months_of(DELIVERED, [80, 82, None, 20])))
    assert "Too early for limits month by month" in text(report)
    assert not section_of(report, Heading.QUALITY).found


def test_quiet_months_are_named_once() -> None:
    own = figure(DELIVERED, 240, 300)
    report = build(given(DELIVERED, own={"OP-07": own}, **months_of(DELIVERED, [80, 82, 79, 81] * 4)))
    assert "Month by month nothing more than chance would explain: Planned visits that took place." in text(report)


# Beside the period before ----------------------------------------------------------------------------------------


def test_a_difference_whose_interval_leaves_out_nought_is_one() -> None:
    own, was = figure(DELIVERED, 300, 500), figure(DELIVERED, 400, 500)
    report = build(given(DELIVERED, own={"OP-07": own}, before={"OP-07": was}))
    said = section_of(report, Heading.QUALITY).found[0].said[0]
    assert said.rule == rules.BEFORE
    # Newcombe: 0.6 (0.5564, 0.6420) less 0.8 (0.7627, 0.8327).
    assert said.sentence == (
        "Lower than 80% in April to June 2026 by more than chance would explain (95% interval of the difference −25 to "
        "−14). Higher is better."
    )
    assert report.said[0].sentence == (
        "More than chance would explain beside April to June 2026: Planned visits that took place (lower)."
    )


def test_a_difference_that_chance_explains_is_none() -> None:
    own, was = figure(DELIVERED, 75, 100), figure(DELIVERED, 80, 100)
    report = build(given(DELIVERED, own={"OP-07": own}, before={"OP-07": was}))
    assert "No more different from April to June 2026 than chance would explain" in text(report)
    assert section_of(report, Heading.QUALITY).lines[0].before == "80%"


def test_counts_are_put_beside_each_other_and_not_judged() -> None:
    report = build(given(ACTIVE, own={"OP-02": figure(ACTIVE, 15)}, before={"OP-02": figure(ACTIVE, 45)}))
    assert section_of(report, Heading.PEERS).lines[0].before == "45"
    assert not [each for each in sentences(report) if "April to June" in each]


# How sure --------------------------------------------------------------------------------------------------------


def test_a_share_has_its_interval_from_the_published_numbers() -> None:
    report = build(given(DELIVERED, own={"OP-07": figure(DELIVERED, 65, 100)}))
    # 65 of 100, Wilson: 0.5525 to 0.7364.
    assert section_of(report, Heading.QUALITY).lines[0].interval == "55% to 74%"


# Pictures --------------------------------------------------------------------------------------------------------


def test_a_section_in_which_nothing_was_found_still_has_one_picture() -> None:
    own = figure(DELIVERED, 80, 100)
    quiet = build(given(DELIVERED, **beside(DELIVERED, own, (400, 500), (410, 500), nation=(890, 1100))))
    found = section_of(quiet, Heading.QUALITY).found
    assert [len(each.drawings) for each in found] == [1]
    assert found[0].drawings[0].description == rules.INSIDE


def test_a_picture_has_its_words_and_its_numbers() -> None:
    own = figure(DELIVERED, 60, 100)
    report = build(given(DELIVERED, **beside(DELIVERED, own, (400, 500), (410, 500), nation=(870, 1100))))
    drawing = section_of(report, Heading.QUALITY).found[0].drawings[0]
    assert "outside the 99.8% limits" in drawing.description
    rows = [(row.text, row.numbers[0]) for row in drawing.numbers.rows]
    # 79.1% and 100 visits: 1.96 and 3.09 times 4.07 percentage points to each side.
    assert rows == [
        ("Testwick", "60%"), ("All prisons together", "79%"), ("95% limits at this size", "71% to 87%"),
        ("99.8% limits at this size", "67% to 92%"),
    ]  # fmt: skip


# The whole -------------------------------------------------------------------------------------------------------

CAUSES = re.compile(
    r"\b(because|due to|owing to|caus\w+|led to|leads to|result(s|ed)? (in|of|from)|thanks to|therefore|so that|"
    r"explains|effect|impact|improv\w+|worse\w*|good|bad|poor|excellent|success\w*|fail\w*)\b",
    re.IGNORECASE,
)


def any_figures(seed: int) -> Given:
    """Figures of every measure, hidden and missing ones among them, for twenty prisons and two years of months."""
    rng = random.Random(seed)

    def one(measure: Measure, size: int) -> Any:
        state = rng.choices(["VALUE", "TOO_FEW", "NOT_RETURNED", "NOT_YET_DUE"], [60, 25, 8, 7])[0]
        more = {"completeness": Decimal(rng.choice(["0.5", "0.95"]))} if measure.needs is Needs.VISITS else {}
        if state != "VALUE":
            return figure(measure, state=state, **more)
        if measure.kind is Kind.COUNT:
            return figure(measure, 5 * rng.randint(2, size), **more)
        whole = 5 * rng.randint(8, 40)
        return figure(measure, 5 * rng.randint(2, whole // 5 - 2), whole, **more)

    codes = [PRISON, *(f"Z{number:02d}" for number in range(19))]
    others = {each.code: {code: one(each, 40) for code in codes} for each in RELEASED}
    month, months = Month(2026, 9), []
    for _ in range(24):
        months.insert(0, month)
        month = month.previous()
    return given(
        *RELEASED,
        own={code: there[PRISON] for code, there in others.items()},
        others=others,
        nation={each.code: one(each, 400) for each in RELEASED},
        before={each.code: one(each, 40) for each in RELEASED},
        months=months,
        monthly={(each.code, one_month.code): one(each, 15) for each in RELEASED for one_month in months},
    )


@pytest.mark.parametrize("seed", range(8))
def test_no_sentence_names_a_cause_praises_or_blames(seed: int) -> None:
    report = build(any_figures(seed))
    titles = sorted((measure.title for measure in RELEASED), key=len, reverse=True)
    for sentence in sentences(report):
        said = sentence
        for title in titles:
            said = said.replace(title, "FIGURE")
        # What a report says of hidden figures, and which way the definition calls good, are no judgement.
        said = said.replace("neither good nor bad", "").replace("Neither way is good by itself", "")
        assert not CAUSES.search(said), sentence


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_stands_once_in_the_order_of_the_headings_with_its_rule_named(seed: int) -> None:
    report = build(any_figures(seed))
    lines = [line for section in report.sections for line in section.lines]
    assert sorted(line.code for line in lines) == sorted(measure.code for measure in RELEASED)
    assert [section.heading for section in report.sections] == [
        heading.value for heading in Heading if any(measure.heading == heading for measure in RELEASED)
    ]
    named = {rule.number for rule in report.rules}
    for each in (*report.said, *(said for section in report.sections for said in section.said)):
        assert each.rule in named
    shown = {line.code for line in lines if line.figure not in ("Too few to show", "No return", "Not yet due")}
    assert {each.code for each in report.definitions} == shown


def test_a_hidden_number_is_nowhere_in_the_report() -> None:
    """What a release hides has no value in it, so the words of a hidden figure hold no digit of it."""
    report = build(given(SUPERVISED, own={"OP-18": figure(SUPERVISED)}))
    line = section_of(report, Heading.PEERS).lines[0]
    assert (line.figure, line.basis, line.interval) == ("Too few to show", "", "")


def test_who_pays_is_no_matter_of_chance() -> None:
    paid = BY_CODE["CO-14a"]
    own, was = figure(paid, 50_000, 80_000), figure(paid, 20_000, 80_000)
    report = build(given(paid, own={paid.code: own}, before={paid.code: was}))
    assert "Paid by the prison" not in text(report)
    assert "chance" not in " ".join(each.sentence for each in section_of(report, Heading.COST).said)


def test_a_figure_given_by_hand_says_so() -> None:
    complaints = BY_CODE["OP-26a"]
    report = build(given(complaints, ACTIVE, own={each.code: figure(each, 15) for each in (complaints, ACTIVE)}))
    [line] = section_of(report, Heading.LEADERSHIP).lines
    assert (line.figure, line.records) == ("15", "Given by hand")
    [other] = section_of(report, Heading.PEERS).lines
    assert other.records == ""


def test_a_report_can_be_of_a_year() -> None:
    own = figure(DELIVERED, 300, 500)
    report = build(given(DELIVERED, own={"OP-07": own}, period=Year(2025), before_words="2024"))
    assert {fact.name for fact in report.facts} > {"Period", "Release"}
    assert report.period == str(Year(2025))


def test_the_methods_name_suppression_days_versions_and_corrections() -> None:
    own = {"OP-07": figure(DELIVERED, 80, 100, sources={"TERMINAL": "0.8", "STAFF": "0.2"}, late_share=Decimal("0.1"))}
    first = given(DELIVERED, own=own, note="First one.", **months_of(DELIVERED, [80]))
    report = build(replace(first, corrects=datetime(2026, 10, 5, tzinfo=UTC).date(), corrected_on=None))
    facts = {fact.name: fact.value for fact in report.facts}
    assert facts["Release"] == "Published on 12 October 2026 at 09:30"
    assert facts["This report made"] == "23 November 2026 at 10:00"
    assert facts["Correction"] == "This release replaces the one published on 5 October 2026."
    assert facts["Figures with a number to show"] == "1 of 1"
    assert facts["Note of the release"] == "First one."
    assert facts["Marking"] == "OFFICIAL"
    assert "80% from buddies at a terminal" in facts["Behind the figures about visits"]
    notes = {note.name: note.value for note in report.notes}
    assert "Counts under 10 are hidden" in notes["Suppression and rounding"]
    assert "not claimed" in notes["Accessibility of the PDF"]
    assert report.definitions[0].version == 1
