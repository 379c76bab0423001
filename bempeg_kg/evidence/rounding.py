"""Numbers of an answer as decimals: rounded once, with the digits that a reader needs."""

from __future__ import annotations

from decimal import Decimal


def percent(value: float | None, decimals: int = 1) -> Decimal | None:
    """A fraction as a percentage with fixed decimals, None where there is none.

    >>> percent(0.36), percent(None)
    (Decimal('36.0'), None)
    """
    return None if value is None else fixed(100 * value, decimals)


def fixed(value: float, decimals: int) -> Decimal:
    """A number with fixed decimals, which the table keeps.

    >>> fixed(0.5, 3), fixed(-0.04, 1)
    (Decimal('0.500'), Decimal('0.0'))
    """
    return Decimal(f"{value:.{decimals}f}") + 0  # a number that rounds to none has no sign


def chance(value: float) -> Decimal:
    """A probability with three digits that count.

    >>> chance(0.012412), chance(0.9571), chance(0.0)
    (Decimal('0.0124'), Decimal('0.957'), Decimal('0.00'))
    """
    rounded = Decimal(f"{value:.2e}")
    return Decimal(f"{rounded:f}")


def written(value: float | Decimal) -> Decimal:
    """A number as it is written, without digits that say nothing.

    >>> written(95.0), written(99.929), written(0.001)
    (Decimal('95'), Decimal('99.929'), Decimal('0.001'))
    """
    return Decimal(f"{value:g}")
