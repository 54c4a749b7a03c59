"""What a report says about itself: the release behind it, its days, suppression, and how its figures came about."""

from __future__ import annotations

from datetime import date, datetime

from buddyscheme.lib.dates import london_time
from monitoring.charts.funnel import ALLOWED_FROM
from monitoring.charts.signals import LEAST
from monitoring.measures.visits import DELIVERED
from monitoring.reports.structure import MARKING, Fact, Given
from monitoring.words import evidence_words


def facts_of(given: Given, *, shown: int) -> tuple[Fact, ...]:
    """At the top: whose report, of which days, from which release, made when."""
    period = given.period
    facts = [
        Fact("Prison", f"{given.prison_name} ({given.prison_code}), {given.prison_words}"),
        Fact("Period", f"{period.first:%-d %B %Y} to {period.last:%-d %B %Y}"),
        Fact("Release", f"Published on {moment_words(given.published_at)}"),
        Fact("Figures taken from the prisons’ records", moment_words(given.published_at)),
        Fact("This report made", moment_words(given.made_at)),
        Fact("Figures with a number to show", f"{shown} of {len(given.measures)}"),
        Fact("Marking", MARKING),
    ]
    if given.note:
        facts.insert(3, Fact("Note of the release", given.note))
    if given.corrects is not None:
        words = f"This release replaces the one published on {_day(given.corrects)}. {given.correction_reason}"
        facts.insert(3, Fact("Correction", words.strip()))
    if given.corrected_on is not None:
        words = f"A release of {_day(given.corrected_on)} replaces this one. The figures here are the earlier ones."
        facts.insert(3, Fact("Replaced", words))
    evidence = evidence_words(given.own.get(DELIVERED.code))
    if evidence:
        facts.append(Fact("Behind the figures about visits", f"{evidence[0].upper()}{evidence[1:]}"))
    return tuple(facts)


def notes_of(given: Given, *, beside: int) -> tuple[Fact, ...]:
    """In the methods section, beside the rules. `beside` is how many figures were held against all prisons."""
    first = f"from {given.months[0]} to {given.months[-1]}" if given.months else ""
    return (
        Fact(
            "Where the figures come from",
            "The report uses the protected figures of published releases alone. Nobody’s record was read for it, and "
            "nobody is named in it.",
        ),
        Fact(
            "Suppression and rounding",
            "Counts under 10 are hidden and the others are rounded to the nearest 5. Where a hidden count could be "
            "worked out from others to a range narrower than 10, another is hidden too. Shares, rates and ratios are "
            "worked out from the rounded counts. Medians and means are shown where about 20 or more stand behind "
            "them. Pounds are rounded to £1,000 and hidden under £2,000. What is about the prison and not about people "
            "is told as it is.",
        ),
        Fact(
            "Completeness",
            "For figures about visits it is the share of planned visits with a record, in steps of 5% or wider, beside "
            "the share that staff looked at. The others come from the scheme’s own records and its quarterly return; "
            "those that were given by hand say so.",
        ),
        Fact(
            "Months",
            f"Months are those of this release and of earlier ones, {first}. Limits need {LEAST} months with a "
            "number; what was published later changes nothing here.",
        ),
        Fact(
            "Chance",
            f"{beside} figures were held against all prisons. Of figures that only chance moves, about one in 20 lies "
            "outside the 95% limits and one in 500 outside the 99.8% limits. Prisons differ in size, kind and the "
            "people they hold; the limits allow for size, and the wider ones that are named from "
            f"{ALLOWED_FROM} prisons on for how much prisons differ anyway.",
        ),
        Fact(
            "Definitions",
            "Every figure has the version of its definition beside its code. The definitions of those with a number "
            "stand at the end, worded as the data dictionary words them.",
        ),
        Fact(
            "Accessibility of the PDF",
            "The file is tagged, with headings, tables and words for every picture. That it conforms to a standard is "
            "not claimed: no full validation was made. The same report is a page of the service.",
        ),
    )


def moment_words(moment: datetime) -> str:
    """`5 October 2026 at 09:30`, by the clock of London."""
    return f"{london_time(moment):%-d %B %Y at %H:%M}"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
