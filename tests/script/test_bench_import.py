"""What a run of the import bench comes to."""

from __future__ import annotations

import pytest

from script.support.bench_import import AIM, verdict


@pytest.mark.parametrize(
    ("saved", "clock", "code"), [(10, AIM - 0.1, 0), (10, AIM, 0), (10, AIM + 0.1, 1), (9, 1.0, 1)]
)
def test_a_run_over_the_aim_or_short_of_rows_fails(saved, clock, code, capsys) -> None:
    assert verdict(10, saved, clock) == code
    said = capsys.readouterr().out
    assert "by the clock, aim 60 s" in said and "processors" not in said
    assert ("Over the aim" in said) == (clock > AIM)
