"""Disclosure control of everything that leaves a prison. Pure: numbers in, protected numbers out.

The rule is 10-5 (Office for National Statistics): a count under 10 is hidden, nought with the small ones unless it is
structural (it could not have been otherwise); the rest are rounded to the nearest 5, totals from the true totals;
a share or rate is made from the rounded parts and withheld when its denominator is under 10. Rounding alone lets
a hidden part be worked out from its total, so more is hidden until a linear programme over everything published
proves that it cannot be: `withhold_all` for rounded numbers, `suppress` for exact ones. `audit` then looks at whole
releases from the outside, with nothing but what they show.

"Too few to show" is a state of a release, never of a figure kept inside a prison.

    figures    one count, share, rate, median or mean
    whole      amounts to whole numbers that still add up
    tables     tables with margins; 10-5 for a table
    webs       counts and the sums that tie them; what one sum after another tells
    programme  the same by linear programming, for all sums at once
    alike      blocks of a web of which one may have what another has
    proving    that hidden counts can each be many numbers, for many at once
    withhold   rounded counts: hide more until nothing can be worked out
    suppress   exact counts: the cheapest cells to hide
    audit      what releases give away together
    mend       a new release: hide more for the sake of those already out
    anonymity  rows: k and l
"""

from monitoring.disclosure.anonymity import Anonymity, EquivalenceClass, anonymity
from monitoring.disclosure.audit import audit
from monitoring.disclosure.audit_web import Finding, Published, Source
from monitoring.disclosure.figures import (
    MEDIAN_FROM,
    NARROWEST,
    ROUNDED_TO,
    SMALLEST_SHOWN,
    TOO_FEW,
    Protected,
    State,
    median_is_shown,
    midpoint6,
    protect_count,
    protect_mean,
    protect_median,
    protect_rate,
    protect_share,
)
from monitoring.disclosure.mend import GivenAwayAlready, hide_more
from monitoring.disclosure.programme import Contradiction, feasible
from monitoring.disclosure.suppress import Suppression, suppress
from monitoring.disclosure.tables import Table, count_table, ten_five
from monitoring.disclosure.webs import Bounds, Sum
from monitoring.disclosure.withhold import Withheld, withhold, withhold_all, withhold_table

__all__ = [
    "MEDIAN_FROM",
    "NARROWEST",
    "ROUNDED_TO",
    "SMALLEST_SHOWN",
    "TOO_FEW",
    "Anonymity",
    "Bounds",
    "Contradiction",
    "EquivalenceClass",
    "Finding",
    "GivenAwayAlready",
    "Protected",
    "Published",
    "Source",
    "State",
    "Sum",
    "Suppression",
    "Table",
    "Withheld",
    "anonymity",
    "audit",
    "count_table",
    "feasible",
    "hide_more",
    "median_is_shown",
    "midpoint6",
    "protect_count",
    "protect_mean",
    "protect_median",
    "protect_rate",
    "protect_share",
    "suppress",
    "ten_five",
    "withhold",
    "withhold_all",
    "withhold_table",
]
