"""The ZIP of an extract: three sets as CSV, the data dictionary, and what the reader must know."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from buddyscheme.lib.csv_safe import csv_text
from buddyscheme.lib.fields import day_in_words
from monitoring.disclosure import protect_count
from monitoring.extracts.columns import FILES, KNOWN, SENSITIVE, Column
from monitoring.extracts.ladder import SMALLEST_K, SMALLEST_L, Safe
from monitoring.extracts.rows import LEFT_OUT_WORDS

LADDER_REASON = "LADDER"
LEFT_OUT = {**LEFT_OUT_WORDS, LADDER_REASON: "too few others are like them in what might be known of them"}


@dataclass(frozen=True)
class About:
    """What stands in the README beside what the rows reached."""

    reference: str
    recipient: str
    purpose: str
    ethics_reference: str
    agreement: str
    period: str
    prisons: str
    asked_by: str
    approved_by: str
    made_on: date
    expires_on: date


def left_out_counts(by_reason: Mapping[str, int]) -> dict[str, int | None]:
    """People or rows left out, by reason; None under ten, to the nearest 5 from there on."""
    shown = {reason: protect_count(by_reason.get(reason, 0)).value for reason in LEFT_OUT}
    return {reason: None if value is None else int(value) for reason, value in shown.items()}


def left_out_words(counts: Mapping[str, int | None]) -> list[str]:
    """Each as a line: "fewer than 10: under 18 when help began"."""
    return [
        f"{'fewer than 10' if counts.get(reason) is None else f'about {counts[reason]}'}: {words}"
        for reason, words in LEFT_OUT.items()
    ]


def zipped(about: About, safe: Safe, costs: Sequence[Mapping[str, Any]], left_out: Mapping[str, int | None]) -> bytes:
    """The whole file. Rows go in the order of their pseudonyms, which says nothing."""
    rows = sorted(safe.rows, key=lambda row: str(row["case"]))
    asked = [row for row in rows if any(row.get(column.name) is not None for column in FILES["outcomes.csv"][1:])]
    contents = {
        "README.txt": _readme(about, safe, left_out),
        "operational.csv": _csv(FILES["operational.csv"], rows),
        "outcomes.csv": _csv(FILES["outcomes.csv"], asked),
        "costs.csv": _csv(FILES["costs.csv"], costs),
        "data-dictionary.csv": _dictionary(),
    }
    made = io.BytesIO()
    moment = (about.made_on.year, about.made_on.month, about.made_on.day, 0, 0, 0)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents.items():
            # With a mark at the start, or a spreadsheet takes the letters for those of another alphabet.
            archive.writestr(zipfile.ZipInfo(name, moment), text.encode("utf-8-sig"), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _csv(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> str:
    return csv_text([column.name for column in columns], ([row.get(column.name) for column in columns] for row in rows))


def _dictionary() -> str:
    """One line for each column, and one below it for each of its codes."""
    lines: list[list[str]] = []
    for name, columns in FILES.items():
        for column in columns:
            lines.append([name, column.name, "", column.says, column.use.value])
            lines += [[name, column.name, code, words, ""] for code, words in column.values.items()]
    return csv_text(("file", "column", "code", "what it means", "what it is to the check"), lines)


def _readme(about: About, safe: Safe, left_out: Mapping[str, int | None]) -> str:
    coarser = [f"- {step.words}" for step in safe.steps] or ["- nothing had to be made coarser"]
    lines = [
        f"EVALUATION EXTRACT {about.reference}",
        "OFFICIAL-SENSITIVE: pseudonymous data about people in prison",
        "",
        f"For:                              {about.recipient}",
        f"To find out:                      {about.purpose}",
        f"Ethics or research committee:     {about.ethics_reference}",
        f"Data sharing agreement:           {about.agreement}",
        f"Asked for by:                     {about.asked_by}",
        f"Approved by:                      {about.approved_by}, data protection officer",
        f"Spells of help that began in:     {about.period}",
        f"Prisons:                          {about.prisons}",
        f"Extracted on:                     {day_in_words(about.made_on)}",
        f"Can be downloaded until:          {day_in_words(about.expires_on)}",
        "",
        "WHAT IS IN IT",
        "",
        "operational.csv      one row for each spell of help: what sort of person, from when, how much",
        "outcomes.csv         what people said at the start and later, for spells in which they were asked",
        "costs.csv            what helping cost, by place and quarter",
        "data-dictionary.csv  every column with its meaning and its codes",
        "",
        "A spell of help is one person's plan from the first day with a buddy. Rows of operational.csv and of",
        "outcomes.csv with the same case belong together. An empty cell is not known or was not asked; it is never",
        "nought. A column that was left out, as said below, is empty throughout.",
        "Somebody with several spells has several cases, and nothing says that they are one person's: few people have",
        "spells at two prisons. Nothing in it is about buddies or staff as persons, and nothing about concerns.",
        "",
        "HOW PEOPLE ARE PROTECTED",
        "",
        f"k reached: {safe.k} (at least {SMALLEST_K} people share every combination of {', '.join(KNOWN)})",
        f"l reached: {safe.l} (each such group has at least {SMALLEST_L} different values of every column that must",
        "           not be learnt and was not left out; an empty cell is a value, and groups in which nobody was asked",
        "           are left aside)",
        "Columns that must not be learnt:",
        *(f"- {name}" for name in SENSITIVE),
        "",
        "To reach this:",
        *coarser,
        "",
        "Left out (people; in the last line spells of help; counts by the rule for all figures that leave a prison):",
        *(f"- {line}" for line in left_out_words(left_out)),
        "",
        "Names of cases were made with a key for this extract alone, which was never stored and is gone.",
        "They fit no other extract, and nobody can find a person by them, also not to take a row out afterwards.",
        "",
        "THE LEGAL BASIS",
        "",
        "People are not asked for consent to evaluation, so none is claimed. The basis is a task in the public",
        "interest (UK GDPR Article 6(1)(e)) and research in the public interest with safeguards (Articles 9(2)(j) and",
        "89, Data Protection Act 2018 section 19 and Schedule 1 paragraph 4). It may support no measure or decision",
        "about a person.",
        "",
        "WHOEVER RECEIVES IT",
        "",
        "- keeps it where only the named evaluators reach it, and deletes it as the agreement says",
        "- does not try to find out who anybody is, and does not join it with another extract or with other data",
        "  about the same people",
        "- publishes no count under 10 and rounds the others to 5",
        "",
    ]
    return "\r\n".join(lines)
