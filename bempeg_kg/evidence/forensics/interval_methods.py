"""Interval methods for a proportion that sources use, those of `stats` and those with continuity correction.

The corrected ones are methods 2 and 4 of Newcombe, Statistics in Medicine 1998;17:857-872; R's ``prop.test``
gives the corrected Wilson interval.
"""

from __future__ import annotations

from bempeg_kg.evidence.stats.intervals import METHODS, normal_quantile, proportion_limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CORRECTED = ("Wald with correction", "Wilson with correction")
ALL_METHODS = (*METHODS, *CORRECTED)


def limits_by(n: int, total: int, level: float, method: str) -> tuple[Any, Any]:
    """Lower and upper limit of n of total as fractions of 1, by one of ALL_METHODS.

    Newcombe's example, 15 of 148 at 95 percent:

    >>> for method in CORRECTED:
    ...     print([round(float(limit), 3) for limit in limits_by(15, 148, 95, method)])
    [0.049, 0.153]
    [0.06, 0.164]
    """
    if method not in CORRECTED:
        return proportion_limits(n, total, level, method)
    z, p = normal_quantile(level), n / total
    if method == CORRECTED[0]:
        half = z * (p * (1 - p) / total) ** 0.5 + 1 / (2 * total)
        return max(p - half, 0.0), min(p + half, 1.0)
    middle, whole = 2 * total * p + z * z, 2 * (total + z * z)
    low = (z * z - 2 - 1 / total + 4 * p * (total * (1 - p) + 1)) ** 0.5 if n else 0.0
    high = (z * z + 2 - 1 / total + 4 * p * (total * (1 - p) - 1)) ** 0.5 if n < total else 0.0
    return (
        max((middle - 1 - z * low) / whole, 0.0) if n else 0.0,
        min((middle + 1 + z * high) / whole, 1.0) if n < total else 1.0,
    )
