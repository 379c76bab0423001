"""An axis of a drawn figure: from values to px, with its ticks."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

from bempeg_kg.pictures.scene import Line, Shape, Words
from bempeg_kg.pictures.style import INK

#: Ticks of a logarithmic axis of ratios.
_RATIOS = (0.05, 0.1, 0.2, 0.25, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4, 5, 10, 20, 50)
GRID = "#e3e6ea"


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear or logarithmic axis from `low` to `high`, drawn from `start` to `end` (px)."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False
    #: Whether ticks stand at whole numbers alone, as years and counts do.
    whole: bool = False

    def at(self, value: float) -> float:
        """Place of a value; one beyond the axis is put at its end.

        >>> Axis(0, 100, 200, 400).at(25), Axis(0.25, 4, 0, 100, log=True).at(1)
        (250.0, 50.0)
        """
        bound = min(max(value, self.low), self.high)
        if self.log:
            share = log10(bound / self.low) / log10(self.high / self.low)
        else:
            share = (bound - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Round values, about one every 40 px.

        >>> Axis(0, 100, 0, 260).ticks(), Axis(0.4, 2.1, 0, 260, log=True).ticks()
        ([0, 20, 40, 60, 80, 100], [0.5, 0.67, 1, 1.5, 2])
        >>> Axis(2018, 2020, 0, 300, whole=True).ticks()
        [2018, 2019, 2020]
        """
        if self.log:
            held = [tick for tick in _RATIOS if self.low <= tick <= self.high]
            return held if len(held) < 7 else [tick for tick in held if tick in (0.1, 0.25, 0.5, 1, 2, 4, 10)]
        step = _step((self.high - self.low) / max(2.0, abs(self.end - self.start) / 40))
        step = max(step, 1) if self.whole else step
        count = floor(self.high / step + 1e-9)
        first = -floor(-self.low / step + 1e-9)
        return [round(step * number, 10) for number in range(first, count + 1)]


def _step(rough: float) -> float:
    size = 10 ** floor(log10(rough))
    step = next(size * part for part in (1, 2, 5, 10) if size * part >= rough - 1e-12)
    return int(step) if step == int(step) else step


def below(axis: Axis, top: float, bottom: float, name: str, size: float) -> list[Shape]:
    """A horizontal axis under a plot from `top` to `bottom` (px): grid, ticks with numbers, and its name."""
    shapes: list[Shape] = []
    for tick in axis.ticks():
        x = axis.at(tick)
        shapes.append(Line([(x, top), (x, bottom)], GRID, 1))
        shapes.append(Line([(x, bottom), (x, bottom + 4)], INK, 1))
        shapes.append(Words(x, bottom + 17, f"{tick:g}", size, INK))
    shapes.append(Line([(axis.start, bottom), (axis.end, bottom)], INK, 1))
    shapes.append(Words((axis.start + axis.end) / 2, bottom + 34, name, size, INK))
    return shapes
