"""Asking for a report of published figures."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.dates import parse_period
from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import GovukForm
from monitoring.models import Release


class AskReportForm(GovukForm):
    """From which release."""

    submit_label = "Make the report"

    release = ChoiceField(label="Release", missing="Select a release")

    def __init__(self, *args: Any, offered: list[Release], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.releases = {release.token: release for release in offered}
        self.fields["release"].offer([(release.token, _words(release)) for release in offered])


def _words(release: Release) -> str:
    return f"{parse_period(release.period)}, published on {release.published_at:%-d %B %Y}"
