"""Questions about a file of events."""

from __future__ import annotations

from buddyscheme.lib.fields import FileField
from buddyscheme.lib.forms import GovukForm

# So many are followed while somebody waits for the page; whoever runs the service can read larger files.
MOST_ON_PAGE = 500


class EventFileForm(GovukForm):
    """Which file."""

    submit_label = "Read the file"

    file = FileField(
        label="File of events",
        hint=f"JSON: one list, or one event a line. At most {MOST_ON_PAGE} events.",
        endings=(".json", ".jsonl", ".ndjson", ".txt"),
        most_megabytes=10,
    )
