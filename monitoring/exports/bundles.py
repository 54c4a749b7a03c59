"""The files of a release, and of a prison's own figures, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month
from monitoring.exports.archive import archive
from monitoring.exports.dictionary import dictionary_sheet
from monitoring.exports.own_figures import own_sheet
from monitoring.exports.readme import own_notes, release_notes
from monitoring.exports.releases import release_sheet
from monitoring.models import Release
from monitoring.queries.downloads import own_figures, released, worded_measures


@dataclass(frozen=True)
class Bundle:
    """A ZIP without its README, the notes for that, and how many figures it holds."""

    content: bytes
    notes: Sequence[str]
    rows: int


def release_bundle(release: Release, *, now: datetime) -> Bundle:
    """Every figure of a release."""
    measures, notes = worded_measures(), release_notes(release)
    sheet = release_sheet(release, released(release), measures)
    return Bundle(archive(sheet, dictionary_sheet(measures.values()), notes, now=now), notes, len(sheet.rows))


def own_bundle(prison: Prison, months: list[Month], *, now: datetime) -> Bundle:
    """A prison's own figures of these months, oldest first, and of the quarters and years that they belong to."""
    measures, notes = worded_measures(), own_notes(prison, f"{months[0]} to {months[-1]}")
    sheet = own_sheet(prison, *own_figures(prison, months), measures)
    return Bundle(archive(sheet, dictionary_sheet(measures.values()), notes, now=now), notes, len(sheet.rows))
