"""The addresses of the interface: what each gives, by which filters, in which order. URLs, views, the description and
the page for people are made from these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from monitoring.api import shapes
from monitoring.measures.definition import EQUALITY

NATION = "national"
"""What the filter of prisons says for all of them together. No code of a prison is written small."""
WHOLE = "none"
"""What the filter of groups says for figures that are of no group."""
GROUPED_BY = tuple(sorted(by.value for by in EQUALITY))


@dataclass(frozen=True)
class Filter:
    """One filter of a list, given as often as there are values."""

    name: str
    says: str
    example: str


@dataclass(frozen=True)
class Operation:
    """One list. `path` names a part in braces as OpenAPI does."""

    name: str
    path: str
    title: str
    says: str
    row: type[Any]
    per_page: int = 100
    filters: tuple[Filter, ...] = ()

    @property
    def route(self) -> str:
        """The path as Django's router writes it."""
        return re.sub(r"\{(\w+)\}", r"<str:\1>", self.path)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts of the path."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))


MEASURES = Operation(
    "measures",
    "measures",
    "Measures",
    "Every measure with its definition, in the order of the data dictionary.",
    shapes.Measure,
)
RELEASES = Operation(
    "releases",
    "releases",
    "Releases",
    "Every release, the first that was published first, so that new ones come at the end.",
    shapes.Release,
)
PRISONS = Operation(
    "prisons",
    "releases/{release}/prisons",
    "Prisons of a release",
    "The prisons of which the release says something, by code.",
    shapes.Prison,
    per_page=500,
)
FIGURES = Operation(
    "figures",
    "releases/{release}/figures",
    "Figures of a release",
    "The protected figures of a release, always in the same order. Without filters all of them: of all prisons "
    f"together also those of groups of people, which are parts of the whole figure. Add “group={WHOLE}” where you "
    "want whole figures only.",
    shapes.Figure,
    per_page=500,
    filters=(
        Filter("measure", "Only figures of this measure.", "OP-07"),
        Filter("prison", f"Only figures of this prison, or “{NATION}” for all prisons together.", NATION),
        Filter("period", "Only figures of this period: the release’s own, or a month in it.", "2026-Q3"),
        Filter(
            "group",
            f"Only figures of groups by this: {', '.join(GROUPED_BY)}. “{WHOLE}” is for figures of everybody together.",
            WHOLE,
        ),
    ),
)
OPERATIONS = (MEASURES, RELEASES, PRISONS, FIGURES)
PART_SAYS = {"release": "The id of a release, as the list of releases gives it."}
# The words of a refusal for programs, by status.
REFUSALS: dict[int, tuple[tuple[str, str], ...]] = {
    400: (("bad_request", "A filter or a page is not understood; the message says which."),),
    401: (
        ("no_key", "There is no key in the Authorization header."),
        ("unknown_key", "The key is not one of ours."),
        ("key_over", "The key has expired or was revoked."),
    ),
    404: (("not_found", "There is no such address, release or page."),),
    405: (("method_not_allowed", "Only GET is answered."),),
    429: (("too_many_requests", "Wait as many seconds as the Retry-After header says."),),
}
