"""A fresh count of every stored figure, in SQL written apart from the measures.

Nothing here imports a measure: the two ways to a number share only the tables. A difference means that one of
them is wrong, or that a change did not reach the roll-up.
"""

from monitoring.verify.compare import Difference, differences, periods_of

__all__ = ["Difference", "differences", "periods_of"]
