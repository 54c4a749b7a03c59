"""Which group a person belongs to, for each breakdown, and the words for it. "Unknown" is a group like any other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from monitoring.measures.definition import By
from schemes.models import Person

UNKNOWN = "unknown"

# The bands of the Ministry of Justice's quarterly statistics, with the youngest and the oldest joined: no prison
# has enough of them for a figure of their own.
AGE_BANDS: tuple[tuple[int, int, str], ...] = (
    (0, 20, "Under 21"),
    (21, 29, "21 to 29"),
    (30, 39, "30 to 39"),
    (40, 49, "40 to 49"),
    (50, 59, "50 to 59"),
    (60, 69, "60 to 69"),
    (70, 200, "70 and over"),
)

BY_WORDS: dict[By, str] = {
    By.WING: "Wing",
    By.AGE: "Age",
    By.SEX: "Sex",
    By.ETHNICITY: "Ethnic group",
    By.DISABILITY: "Disability",
    By.LANGUAGE: "First language",
}
GROUP_WORDS: dict[By, dict[str, str]] = {
    By.AGE: {f"{least}-{most}": words for least, most, words in AGE_BANDS},
    By.SEX: {"female": "Female", "male": "Male"},
    By.ETHNICITY: {each.value.lower(): str(each.label) for each in Person.Ethnicity if each != "UNKNOWN"},
    By.DISABILITY: {"yes": "Disabled", "no": "Not disabled"},
    By.LANGUAGE: {"english": "English", "welsh": "Welsh", "other": "Another language"},
}


@dataclass(frozen=True)
class Traits:
    """What a breakdown needs to know of a person, as of the last day of a span."""

    wing: str
    age: int | None
    sex: str
    ethnicity: str
    disability: str
    first_language: str

    def group(self, by: By) -> str:
        """The code of the person's group; `unknown` where it is not known."""
        match by:
            case By.WING:
                return self.wing or UNKNOWN
            case By.AGE:
                return age_band(self.age)
            case By.SEX:
                return self.sex.lower() or UNKNOWN
            case By.ETHNICITY:
                return self.ethnicity.lower() or UNKNOWN
            case By.DISABILITY:
                return self.disability.lower() or UNKNOWN
            case By.LANGUAGE:
                return _language(self.first_language)


NOBODY_KNOWN = Traits("", None, "", "", "", "")


def age_band(age: int | None) -> str:
    """`50-59`, or `unknown`."""
    for least, most, _ in AGE_BANDS:
        if age is not None and least <= age <= most:
            return f"{least}-{most}"
    return UNKNOWN


def age_on(born_on: date | None, day: date) -> int | None:
    """Whole years on a day."""
    if born_on is None:
        return None
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def breakdown_of(by: By, group: str) -> str:
    """How a group is stored: `age:50-59`."""
    return f"{by.value}:{group}"


def split(breakdown: str) -> tuple[By, str]:
    """What `breakdown_of` was made from."""
    by, _, group = breakdown.partition(":")
    return By(by), group


class _Of(Protocol):
    breakdown: str


OfGroupT = TypeVar("OfGroupT", bound=_Of)


def by_breakdown(figures: Iterable[OfGroupT]) -> dict[str, dict[str, OfGroupT]]:
    """Figures of groups: breakdown (`age`) → group's code → figure."""
    found: dict[str, dict[str, OfGroupT]] = {}
    for figure in figures:
        by, group = split(figure.breakdown)
        found.setdefault(by.value, {})[group] = figure
    return found


def group_words(breakdown: str, wings: dict[str, str] | None = None) -> str:
    """The group in words, from how it is stored; a wing by the name given for its code."""
    by, group = split(breakdown)
    if group == UNKNOWN:
        return "Not known"
    if by is By.WING:
        return (wings or {}).get(group, group)
    return GROUP_WORDS[by].get(group, group)


def named_group(breakdown: str) -> str:
    """The group with what it is a group of: `Age: 50 to 59`."""
    return f"{BY_WORDS[split(breakdown)[0]]}: {group_words(breakdown)}"


def _language(first: str) -> str:
    if not first.strip():
        return UNKNOWN
    spoken = first.strip().lower()
    return spoken if spoken in ("english", "welsh") else "other"
