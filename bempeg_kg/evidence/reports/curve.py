"""A curve of chances over true rates with marks, as SVG and as bars of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

_WIDTH, _PLOT, _LEFT, _RIGHT, _LINE = 720, 260, 60, 20, 16
_COLOURS = ("#1f6fb2", "#b2571f", "#3b7d3b")
_BARS = 40


@dataclass(slots=True)
class Curve:
    """Lines of (x, y) points by name, and marks at x; x in percent, y from 0 to `top`."""

    title: str
    x_name: str
    y_name: str
    lines: dict[str, list[tuple[float, float]]]
    marks: list[tuple[float, str]] = field(default_factory=list)
    top: float = 1.0
    first: float = 0.0
    last: float = 100.0

    def to_svg(self) -> str:
        """An SVG with a title and a description; the same numbers stand in a table beside it."""
        name = "".join(char for char in self.title.lower() if char.isalnum())
        height = self._foot + _LINE * (len(self.lines) + 2) + 8
        description = f"{self.y_name} against {self.x_name}: {'; '.join(self.lines)}. "
        description += f"Marked: {'; '.join(text for _, text in self.marks)}" if self.marks else ""
        parts = [
            f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="t{name} d{name}" '
            'xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif" font-size="12">',
            f'<title id="t{name}">{escape(self.title)}</title>',
            f'<desc id="d{name}">{escape(description)}</desc>',
            f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
            *self._axes(),
            *self._marks(),
        ]
        for number, (label, points) in enumerate(self.lines.items()):
            colour = _COLOURS[number % len(_COLOURS)]
            visible = [(x, y) for x, y in points if self.first <= x <= self.last]
            path = " ".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in visible)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
            parts.append(self._text(_LEFT, self._foot + _LINE * (number + 3), label, "start", colour))
        return "\n".join([*parts, "</svg>"])

    def _axes(self) -> list[str]:
        parts = []
        tick = self.first
        while tick <= self.last:
            parts.append(self._text(self._x(tick), self._foot + _LINE, f"{tick:g}", "middle"))
            tick += 10
        for step in range(5):
            y = self.top * step / 4
            parts.append(self._line((self.first, y), (self.last, y), "#ddd"))
            parts.append(self._text(_LEFT - 6, self._y(y) + 4, f"{y:.3g}", "end"))
        middle = (_LEFT + _WIDTH - _RIGHT) / 2
        return [*parts, self._text(middle, self._foot + 2 * _LINE, self.x_name, "middle")]

    def _marks(self) -> list[str]:
        """Dashed lines, each with its text on a row of its own above the plot."""
        parts = []
        for row, (x, text) in enumerate(sorted(self.marks)):
            right = x > (self.first + self.last) / 2
            place = self._x(x) + (4 if not right else -4)
            parts.append(self._line((x, 0), (x, self.top), "#888", dashed=True))
            parts.append(self._text(place, _LINE * (row + 1), text, "end" if right else "start"))
        return parts

    @property
    def _head(self) -> int:
        return _LINE * (len(self.marks) + 1)

    @property
    def _foot(self) -> int:
        return self._head + _PLOT

    def to_text(self, step: float = 5.0) -> str:
        """Bars of text of each line, a row every `step` of x."""
        blocks = []
        for name, points in self.lines.items():
            rows = [f"{self.y_name}, {name}"]
            for x, y in points:
                if self.first <= x <= self.last and (x - self.first) % step == 0:
                    rows.append(f"{x:5.1f}  {y:7.4f}  {'#' * round(_BARS * y / self.top)}".rstrip())
            blocks.append("\n".join(rows))
        marks = "\n".join(f"{x:5.1f}  {text}" for x, text in self.marks)
        return "\n\n".join([*blocks, *([f"Marked\n{marks}"] if marks else [])])

    def _x(self, x: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (x - self.first) / (self.last - self.first)

    def _y(self, y: float) -> float:
        return self._foot - _PLOT * y / self.top

    def _line(
        self, start: tuple[float, float], end: tuple[float, float], colour: str, *, dashed: bool = False
    ) -> str:
        dash = ' stroke-dasharray="4 3"' if dashed else ""
        return (
            f'<line x1="{self._x(start[0]):.1f}" y1="{self._y(start[1]):.1f}" x2="{self._x(end[0]):.1f}" '
            f'y2="{self._y(end[1]):.1f}" stroke="{colour}"{dash}/>'
        )

    @staticmethod
    def _text(x: float, y: float, text: str, anchor: str, colour: str = "#222") -> str:
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
