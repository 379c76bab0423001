"""A number as a source prints it: its decimals say how far it was rounded.

A printed 36.0 stands for anything from 35.95 to 36.05, a printed 36 for anything from 35.5 to 36.5. Both ends
count, because sources round ties either way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from bempeg_kg.registry.numbers import readings

# No zero before further digits: "0141" has lost its point, and no reading of it is safe.
_NUMBER = re.compile(r"([<>≤≥]?)=?([-+]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+))(?:e([-+]?\d+))?", re.ASCII)
_P = re.compile(r"p(?:[- ]?values?)?(?=[<>=≤≥.\d])")
_APART = re.compile(r"\d\s+(?!\d{3}(?!\d))\d").search
_LONGEST = 40
# minus sign and en dash for a minus, middle dot for a point
_DASHES = str.maketrans({"\u2212": "-", "\u2013": "-", "\u00b7": "."})


@dataclass(frozen=True, slots=True)
class Printed:
    """The text, and the number as so many units of the last printed place.

    `bound` is "<" or ">" for a one-sided statement.
    """

    text: str
    units: int
    decimals: int
    bound: str = ""

    @property
    def value(self) -> Fraction:
        """The number, exactly."""
        return Fraction(self.units, 10**self.decimals)

    @property
    def half_unit(self) -> Fraction:
        """Half of the last printed place."""
        return Fraction(1, 2 * 10**self.decimals)

    @property
    def low(self) -> Fraction:
        """Smallest value that rounds to the printed one (ties either way)."""
        return Fraction(2 * self.units - 1, 2 * 10**self.decimals)

    @property
    def high(self) -> Fraction:
        """Largest value that rounds to the printed one (ties either way)."""
        return Fraction(2 * self.units + 1, 2 * 10**self.decimals)

    def holds(self, value: float | Fraction, slack: float = 1e-9) -> bool:
        """Whether a value, rounded to the printed decimals, may be printed like this."""
        if self.bound == "<":
            return value <= self.value
        if self.bound == ">":
            return value >= self.value
        return float(self.low) - slack <= float(value) <= float(self.high) + slack


@lru_cache(1 << 16)
def read(text: str) -> Printed | None:
    """The printed number in a text such as "36.0", "27.7%", "<.001", "0,875" or "1·09"; None if it is none.

    A text with two readings (`1,313`) or with a lost point (`-0141`) is not read.

    >>> read("36.0").decimals, read("27.7%").value == Fraction(277, 10), read("<.001").bound
    (1, True, '<')
    >>> [read(text) for text in ("not reached", "11, 12, 14", "1,313", "-0141")]
    [None, None, None, None]
    >>> float(read("-0,083").value), read("2,400,000").units
    (-0.083, 2400000)
    """
    bare = text.translate(_DASHES).replace("%", "").replace(" ", "").lower()
    if len(bare) > _LONGEST or _APART(text):
        return None
    if "," in bare:
        sign = bare[: len(bare) - len(bare.lstrip("<>≤≥="))]
        forms = readings(bare[len(sign) :])
        if len(forms) != 1:
            return None
        bare = sign + forms[0]
    match = _NUMBER.fullmatch(bare)
    if match is None:
        return None
    digits, power = match[2].lstrip("+"), int(match[3] or 0)
    if abs(power) > 300:
        return None
    decimals = len(digits.partition(".")[2]) - power
    units = int(digits.replace(".", "")) * 10 ** max(-decimals, 0)
    bound = {"≤": "<", "≥": ">"}.get(match[1], match[1])
    return Printed(text, units, max(decimals, 0), bound)


def read_p(text: str) -> Printed | None:
    """A p-value as printed, with or without its name: ".90", "P < .001", "p=0,03".

    A comma in a p-value is a decimal point, for it lies between 0 and 1.

    >>> float(read_p("P = 0,030").value), read_p("p<.001").bound, read_p("n.s.") is None
    (0.03, '<', True)
    """
    bare = text.translate(_DASHES).replace(" ", "").lower()
    return read(_P.sub("", bare, count=1).replace(",", "."))


def number(text: str) -> float | None:
    """The number in a printed text; None for a bound such as "<0.001" and for no number such as "NA".

    >>> number("1,234.5"), number("33%"), number("<0.001"), number("NA")
    (1234.5, 33.0, None, None)
    """
    printed = read(text)
    return None if printed is None or printed.bound else float(printed.value)


def usable_level(level: float | None) -> float | None:
    """A confidence level in percent, if it is one from 50 to below 100; a stated level of 5 is a slip.

    >>> usable_level(97.0), usable_level(5.0), usable_level(None)
    (97.0, None, None)
    """
    return level if level is not None and 50 <= level < 100 else None


def find(text: str) -> Printed | None:
    """The one number in a phrase such as "Rash (78.9%)" or "29 mo. follow-up"; None if not exactly one.

    >>> find("Rash (78.9%)").text, find("37 (evaluable)").text, find("11, 12, 14")
    ('78.9', '37', None)
    """
    numbers = re.findall(r"(?<![\w.])\d+(?:[.·]\d+)?(?![\w.·]\d)", text.translate(_DASHES))
    return read(numbers[0]) if len(numbers) == 1 else None


def show(value: float | Fraction, decimals: int = 1) -> str:
    """A number with fixed decimals, ties away from zero as sources print them.

    >>> show(Fraction(10850, 391), 2), show(0.25, 1)
    ('27.75', '0.3')
    """
    exact = Fraction(value) * Fraction(10) ** decimals
    whole = int(abs(exact) + Fraction(1, 2))
    sign = "-" if exact < 0 and whole else ""
    if decimals <= 0:
        return f"{sign}{whole * 10**-decimals}"
    text = str(whole).rjust(decimals + 1, "0")
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}"
