"""Early against later response rates of the signal pairs: a slope chart and a scatter, each pair one line.

Colour and mark say what became of the pair; the programme's own pairs are drawn heavier and named. In an SVG
each pair has a title that shows on hover. The table beside it has the same content.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from bempeg_kg.errors import NoAnswer
from bempeg_kg.evidence.signal_pairs import End, SignalPair, read_pairs
from bempeg_kg.evidence.signal_survey import FAILED
from bempeg_kg.evidence.stats.intervals import wilson
from bempeg_kg.evidence.stats.signal_likelihood import Rate
from bempeg_kg.evidence.stats.signal_model import MINIMUM, fit, predict
from bempeg_kg.graph.graph import Graph
from bempeg_kg.pictures.axis import GRID, Axis, below
from bempeg_kg.pictures.chart import BLUE, GREY, ORANGE, Chart
from bempeg_kg.pictures.forest import NARROW, WIDE
from bempeg_kg.pictures.scene import Area, Disc, Group, Line, Point, Scene, Shape, Words
from bempeg_kg.pictures.style import INK, QUIET
from bempeg_kg.pictures.words import text_width, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE, _LINE = 13.0, 17.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a plot stands (px): the axes, the two ends of the slopes, and the room for their names."""

    up: Axis
    across: Axis
    early: float = 0.0
    later: float = 0.0
    room: float = 0.0


#: Colour, mark and words of an outcome class: failed, confirmed in part, confirmed.
_LOOKS = {
    "failed": (ORANGE, "cross", "endpoint missed, stopped, harm, or response without survival"),
    "partly": (GREY, "diamond", "one primary endpoint met, another not"),
    "met": (BLUE, "disc", "primary endpoint met"),
}
_TITLE = "What became of early response rates"


def signals(kg: Graph, shape: str = "wide") -> Chart:
    """The picture of all pairs with a response rate at both ends. Raises NoAnswer if there is none."""
    if not kg.content.has_shipped:
        raise NoAnswer("nothing to draw: the signal pairs belong to the shipped programme")
    kg = kg.with_signals()
    everything = read_pairs(kg)
    pairs = [pair for pair in everything if pair.has_rates]
    if not pairs:
        raise NoAnswer(
            "nothing to draw: no signal pair has a rate at both ends", cure="Open the graph with --signals."
        )
    own = {pair.iri for pair in everything if _is_own(kg, pair)}
    alone = [pair for pair in everything if pair.iri in own and pair.early and not pair.late]
    narrow = shape == "narrow"
    width = NARROW if narrow else WIDE
    shapes, top = _head(len(pairs), alone, width)
    slopes, scatter = _places(top + 30, narrow=narrow)
    shapes += [*_slopes(pairs, alone, own, slopes), *_scatter(pairs, own, scatter)]
    key, bottom = _legend(max(slopes.up.start, scatter.up.start) + 68, width)
    summary = (
        f"{_TITLE}. {len(pairs)} pairs of an early and a later trial; {_fell(pairs)} had a lower rate later. "
        "The pairs are no random sample of programmes."
    )
    scene = Scene(width, bottom, _TITLE, "", shapes=[*shapes, *key])
    return Chart(scene, _TITLE, summary, kg.ask("signal-changes"))


def _places(top: float, *, narrow: bool) -> tuple[_Place, _Place]:
    """The places of the slopes and the scatter: side by side, or below each other on a phone."""
    if narrow:
        slopes = Axis(0, 102, top + 340, top)
        scatter = Axis(0, 102, top + 810, top + 430)
        return _Place(slopes, Axis(0, 1, 46, 220), 66, 200, 130), _Place(scatter, Axis(0, 102, 46, 342))
    up = Axis(0, 102, top + 425, top)
    return _Place(up, Axis(0, 1, 50, 270), 72, 248, 210), _Place(up, Axis(0, 102, 508, 926))


def _is_own(kg: Graph, pair: SignalPair) -> bool:
    """Whether the early trial belongs to the programme of the graph."""
    return bool(
        kg.query(f"ASK {{ <{pair.early_trial}> kg:programme ?any }}")  # the pairs' trials have none
    )


def _look(pair: SignalPair) -> tuple[str, str, str]:
    if pair.outcome in FAILED:
        return _LOOKS["failed"]
    return _LOOKS["met" if pair.outcome == "endpointMet" else "partly"]


def _slopes(
    pairs: Sequence[SignalPair], alone: Sequence[SignalPair], own: set[str], place: _Place
) -> list[Shape]:
    """Each pair a line from its early to its later rate; `alone` has marks on the left only."""
    shapes = _upright("patients with a response (percent)", place)
    for x, name in ((place.early, "early trial"), (place.later, "later trial")):
        shapes.append(Words(x, place.up.start + 18, name, _SIZE, INK))
    for pair in _own_last(pairs, own):
        mine = pair.iri in own
        colour, mark, _ = _look(pair)
        colour = colour if mine else _pale(colour, 0.55)
        ends = [
            (place.early, place.up.at(_percent(pair.early))),
            (place.later, place.up.at(_percent(pair.late))),
        ]
        parts: list[Shape] = [Line(ends, colour, 2.6 if mine else 1.0)]
        parts += [part for end in ends for part in _mark(mark, end, 5.0 if mine else 3.0, colour)]
        shapes.append(Group(parts, title=_hover(pair), id=_id("slope", pair)))
    shapes += _names([pair for pair in pairs if pair.iri in own], place)
    for pair in alone:
        colour, mark, _ = _look(pair)
        shapes += _mark(mark, (place.early, place.up.at(_percent(pair.early))), 5.0, colour)
    return shapes


def _names(pairs: Sequence[SignalPair], place: _Place) -> list[Shape]:
    """The names of pairs at their later rates, far enough from each other to be read."""
    shapes: list[Shape] = []
    free = 0.0
    for pair in sorted(pairs, key=lambda pair: -_percent(pair.late)):
        lines = wrapped(_name(pair), _SIZE, place.room)
        y = max(place.up.at(_percent(pair.late)) + 4 - 8 * (len(lines) - 1), free)
        for line in lines:
            shapes.append(Words(place.later + 12, y, line, _SIZE, INK, anchor="start"))
            y += 16
        free = y + 2
    return shapes


def _scatter(pairs: Sequence[SignalPair], own: set[str], place: _Place) -> list[Shape]:
    """Each pair a mark at its two rates, with exact intervals where the counts are known."""
    left, top = place.across.start, place.up.end
    shapes = below(place.across, top, place.up.start, "early rate (percent)", _SIZE)
    shapes += _upright("later rate (percent)", place)
    same = [(place.across.at(0), place.up.at(0)), (place.across.at(100), place.up.at(100))]
    shapes.append(Line(same, QUIET, 1.2, (5, 4)))
    named = [("no change", Line([], QUIET, 1.2, (5, 4)))]
    if len(pairs) >= MINIMUM:
        points, control = _fitted(pairs, place)
        shapes.append(Line(points, INK, 1.9, radius=0))
        named.append((f"fitted, over a control of {control:.0f} %", Line([], INK, 1.9)))
    for pair in pairs:
        shapes += _intervals(pair, place)
    for pair in _own_last(pairs, own):
        mine = pair.iri in own
        colour, mark, _ = _look(pair)
        at = (place.across.at(_percent(pair.early)), place.up.at(_percent(pair.late)))
        parts = _mark(mark, at, 6.5 if mine else 4.0, colour, INK if mine else "#ffffff")
        shapes.append(Group(parts, title=_hover(pair), id=_id("dot", pair)))
    for number, (name, line) in enumerate(named):
        y = top + 12 + 18 * number
        line.points = [(left + 12, y - 4), (left + 40, y - 4)]
        shapes += [line, Words(left + 48, y, name, _SIZE, INK, anchor="start")]
    return shapes


def _upright(name: str, place: _Place) -> list[Shape]:
    """A percent axis on the left of a plot: grid, numbers, and its name above."""
    left, right, top = place.across.start, place.across.end, place.up.end
    shapes: list[Shape] = [Words(left - 34, top - 12, name, _SIZE, INK, anchor="start")]
    for tick in range(0, 101, 20):
        shapes.append(Line([(left, place.up.at(tick)), (right, place.up.at(tick))], GRID, 1))
        shapes.append(Words(left - 6, place.up.at(tick) + 4.5, str(tick), _SIZE, INK, anchor="end"))
    return [*shapes, Line([(left, top), (left, place.up.start)], INK, 1)]


def _intervals(pair: SignalPair, place: _Place) -> list[Shape]:
    """Wilson intervals of both rates of a pair, as thin lines through its mark."""
    colour = _pale(_look(pair)[0], 0.35)
    x, y = place.across.at(_percent(pair.early)), place.up.at(_percent(pair.late))
    shapes: list[Shape] = []
    for rate, across in ((pair.early, True), (pair.late, False)):
        if rate is not None and rate.total and (rate.n is not None or not across):
            limits = wilson(round(rate.percent / 100 * rate.total), rate.total)
            low, high = 100 * limits.lower, 100 * limits.upper
            ends = [(place.across.at(low), y), (place.across.at(high), y)]
            shapes.append(
                Line(ends if across else [(x, place.up.at(low)), (x, place.up.at(high))], colour, 0.8)
            )
    return shapes


def _fitted(pairs: Sequence[SignalPair], place: _Place) -> tuple[list[Point], float]:
    """The median later rate by early rate, over the median control of the pairs; and that control."""
    model = fit([pair.triple() for pair in pairs])
    control = median(pair.control.percent for pair in pairs if pair.control)
    logit = Rate(control / 100, control, 100.0).logit
    points = []
    for rate in range(4, 97, 4):
        later = predict(model, Rate(rate / 100, rate * 2.0, 200.0), logit).quantile(0.5)
        points.append((place.across.at(rate), place.up.at(100 * later)))
    return points, control


def _head(count: int, alone: Sequence[SignalPair], width: float) -> tuple[list[Shape], float]:
    """The title and what the pairs are; and where they end."""
    shapes: list[Shape] = []
    y = 8.0
    for line in wrapped(_TITLE, 17, width - 28, bold=True):
        y += 21
        shapes.append(Words(14, y, line, 17, INK, bold=True, anchor="start"))
    texts = [f"{count} pairs with a response rate at both ends, known ones: no random sample."]
    for pair in alone:
        early = f"{_percent(pair.early):g} %"
        texts.append(f"{_name(pair)}: early {early}, no later rate was printed (left only).")
    for line in [line for text in texts for line in wrapped(text, _SIZE, width - 28)]:
        y += _LINE + 1
        shapes.append(Words(14, y, line, _SIZE, QUIET, anchor="start"))
    return shapes, y + 14


def _legend(y: float, width: float) -> tuple[list[Shape], float]:
    """The marks and what they mean; and where they end."""
    shapes: list[Shape] = []
    left = 22.0
    for colour, mark, words in _LOOKS.values():
        for number, line in enumerate(wrapped(words, _SIZE, width - 60)):
            if number or left + 20 + text_width(line, _SIZE) > width - 14:
                left, y = 22.0, y + _LINE + 3
            shapes += [] if number else _mark(mark, (left, y - 4), 5.0, colour)
            shapes.append(Words(left + 14, y, line, _SIZE, INK, anchor="start"))
        left += 44 + text_width(words, _SIZE)
    return shapes, y + 20


def _mark(kind: str, at: Point, radius: float, colour: str, edge: str = "none") -> list[Shape]:
    """A cross, a diamond or a disc, outlined in the colour `edge`."""
    x, y = at
    if kind == "disc":
        return [Disc(x, y, radius, colour, edge, 1.0)]
    corners = [(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)]
    if kind == "cross":
        corners = [(0, -0.45), (0.65, -1.1), (1.1, -0.65), (0.45, 0), (1.1, 0.65), (0.65, 1.1)]
        corners += [(-across, -up) for across, up in corners]
    return [Area([(x + radius * across, y + radius * up) for across, up in corners], colour, edge, 1.0)]


def _own_last(pairs: Sequence[SignalPair], own: set[str]) -> list[SignalPair]:
    """The pairs, the programme's own on top of the others."""
    return sorted(pairs, key=lambda pair: pair.iri in own)


def _pale(colour: str, share: float) -> str:
    """A colour mixed with white.

    >>> _pale("#0b5cab", 0.5)
    '#85aed5'
    """
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - share * (255 - part)):02x}" for part in parts)


def _percent(rate: End | None) -> float:
    return float(rate.percent) if rate else 0.0


def _name(pair: SignalPair) -> str:
    return pair.iri.rpartition("/")[2].replace("-", " ")


def _id(view: str, pair: SignalPair) -> str:
    return f"{view}-{pair.iri.rpartition('/')[2]}"


def _hover(pair: SignalPair) -> str:
    assert pair.early is not None and pair.late is not None and pair.control is not None
    return (
        f"{pair.label}: early {pair.early.shown}, later {pair.late.shown} against {pair.control.shown}; "
        f"{_look(pair)[2]}"
    )


def _fell(pairs: Sequence[SignalPair]) -> int:
    return sum((pair.change or 0) < 0 for pair in pairs)
