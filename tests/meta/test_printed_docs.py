"""Pages printed from the code equal what the code prints; every workflow's table has every status."""

from __future__ import annotations

import pytest

from buddyscheme.home.printed import pages
from buddyscheme.home.workflows import WORKFLOWS
from tests.meta.source import ROOT


@pytest.mark.parametrize("name", ["permissions.md", "states.md", "measures.md", "data.md"])
def test_the_page_is_what_the_code_prints(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == pages()[name], "run manage.py print_docs"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda w: w.name)
def test_every_status_is_in_the_table(workflow) -> None:  # type: ignore[no-untyped-def]
    statuses = {value for value, _ in workflow.choices}
    assert set(workflow.transitions) == statuses
    assert {new for following in workflow.transitions.values() for new in following} <= statuses
    reached = set(workflow.starts) | {new for following in workflow.transitions.values() for new in following}
    assert reached == statuses, f"no way leads to {statuses - reached}"
