"""Amounts to whole numbers that still add up (controlled rounding), so that a sum a reader knows stays one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

import numpy as np
from scipy.optimize import Bounds as Box
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import hstack, identity, lil_array, vstack

KeyT = TypeVar("KeyT")
NEARLY = Decimal("1e-6")
"""What divisions by 60 leave over."""
SLIGHT = 1e-9
WIDER = (0, 1, 2)
"""How far beyond the whole numbers beside an amount is tried: three sums at once can ask for more than those."""


def whole_numbers(
    amounts: Mapping[KeyT, Decimal],
    sums: Sequence[tuple[KeyT, Sequence[KeyT]]],
    fixed: Mapping[KeyT, int] | None = None,
) -> dict[KeyT, int]:
    """Each amount as a whole number beside it, so that every sum of amounts that holds is a sum of whole numbers too.

    `sums` are (total, parts); those that do not hold are left out. `fixed` are whole already. The nearest whole
    numbers are taken where they add up, others one away where not.
    """
    known = dict(fixed or {})
    keys = [key for key in amounts if key not in known]
    nearest = {key: int(amounts[key].to_integral_value(ROUND_HALF_UP)) for key in keys}
    if all(abs(amounts[key] - nearest[key]) < NEARLY for key in keys):
        return {**nearest, **known}
    held = [one for one in sums if _holds(one, amounts)]
    for more in WIDER:
        found = _solved(keys, amounts, held, known, more)
        if found is not None:
            return {**found, **known}
    return {**nearest, **known}


def _holds(one: tuple[KeyT, Sequence[KeyT]], amounts: Mapping[KeyT, Decimal]) -> bool:
    total, parts = one
    if not parts or any(key not in amounts for key in (total, *parts)):
        return False
    return abs(sum((amounts[key] for key in parts), Decimal(0)) - amounts[total]) < NEARLY


def _solved(
    keys: Sequence[KeyT],
    amounts: Mapping[KeyT, Decimal],
    sums: Sequence[tuple[KeyT, Sequence[KeyT]]],
    fixed: Mapping[KeyT, int],
    more: int,
) -> dict[KeyT, int] | None:
    """The whole numbers with the least distance in all, none further than `more` beyond those beside its amount."""
    at, size = {key: number for number, key in enumerate(keys)}, len(keys)
    exact = np.array([float(amounts[key]) for key in keys])
    low = np.maximum(0, np.floor(exact + SLIGHT) - more)
    high = np.ceil(exact - SLIGHT) + more
    # Beside each number stands its distance from the amount, which is least where it is nearest.
    eye = identity(size, format="csr")
    near = LinearConstraint(
        vstack([hstack([eye, -eye]), hstack([-eye, -eye])]), -np.inf, np.concatenate([exact, -exact])
    )
    adds_up = []
    if sums:
        ties = lil_array((len(sums), 2 * size))
        right = np.zeros(len(sums))
        for number, (total, parts) in enumerate(sums):
            for key, sign in (*((part, 1) for part in parts), (total, -1)):
                if key in at:
                    ties[number, at[key]] += sign
                else:
                    right[number] -= sign * fixed[key]
        adds_up = [LinearConstraint(ties.tocsr(), right, right)]
    answer = milp(
        np.concatenate([np.zeros(size), np.ones(size)]),
        integrality=np.concatenate([np.ones(size), np.zeros(size)]),
        bounds=Box(np.concatenate([low, np.zeros(size)]), np.concatenate([high, np.full(size, np.inf)])),
        constraints=[near, *adds_up],
    )
    return None if answer.x is None else {key: round(float(answer.x[number])) for key, number in at.items()}
