"""What kind of data a column holds. Every column of ours stands in exactly one list; a test says so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Privacy:
    """Columns of one table by kind.

    `identifying`: says who somebody is, by itself or as a key to a person. `special`: health, care needs, ethnicity
    and other data that the law protects more, and free text, because people write such things there.
    `operational`: everything else.
    """

    identifying: tuple[str, ...] = ()
    special: tuple[str, ...] = ()
    operational: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every named column."""
        return self.identifying + self.special + self.operational
